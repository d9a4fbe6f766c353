"""Specifiers, ranges against what npm's own semver answered, the version to pick."""

import json
from pathlib import Path

import pytest

from napi import platform
from napi.package import errors, spec

#: versions, and for each range whether it is one and which of them it has
SEMVER = json.loads(Path(__file__).with_name("semver.json").read_text())


@pytest.mark.parametrize("row", SEMVER["ranges"], ids=lambda row: repr(row[0]))
def test_ranges_are_npms(row):
    text, valid, wanted = row
    assert (spec._range(text) is not None) == valid
    if valid:
        found = [v for v in SEMVER["versions"] if spec._range(text).test(v)]
        assert found == wanted


PARSED = {
    "a": ("a", "a", "range", ""),
    "@s/a": ("@s/a", "@s/a", "range", ""),
    " a@^1 ": ("a", "a", "range", "^1"),
    "@s/a@1.2.3": ("@s/a", "@s/a", "version", "1.2.3"),
    "a@v1.2.3": ("a", "a", "version", "v1.2.3"),
    "a@1.2": ("a", "a", "range", "1.2"),
    "a@>=1 <2 || 3": ("a", "a", "range", ">=1 <2 || 3"),
    "a@next": ("a", "a", "tag", "next"),
    "a@*": ("a", "a", "range", "*"),
    "a@npm:b": ("a", "b", "range", ""),
    "a@npm:@s/b@^2": ("a", "@s/b", "range", "^2"),
    "a@npm:b@next": ("a", "b", "tag", "next"),
    "CamelCase": ("CamelCase", "CamelCase", "range", ""),
}


@pytest.mark.parametrize("text", PARSED)
def test_what_can_be_asked_for(text):
    assert spec.parse(text)[:4] == PARSED[text]


@pytest.mark.parametrize(
    "text",
    ["./a", "../a", "/a", "~/a", "file:a", "a@file:../a", "a@./b", "git+ssh://h/a.git",
     "git@h:a.git", "user/repository", "github:user/repository", "https://h/a.tgz",
     "a@https://h/a.tgz", "a@user/repo", "a@npm:../x", "a@link:x", "a@workspace:*"],
)  # fmt: skip
def test_what_no_registry_has_is_told_so(text):
    with pytest.raises(errors.SpecError, match="not supported, only packages of a"):
        spec.parse(text)


NO_NAMES = ["", "@", "a@", "a b", "@s", "a\0", "é", ".a", "_a", "node_modules"]


@pytest.mark.parametrize("text", [*NO_NAMES, "x" * 215], ids=range(11))
def test_what_is_no_name(text):
    with pytest.raises(errors.SpecError):
        spec.parse(text)


DOCUMENT = {
    "dist-tags": {"latest": "1.5.0", "next": "2.0.0-rc.1", "gone": "9.0.0"},
    "versions": {
        "1.4.0": {}, "1.5.0": {}, "1.6.0": {}, "1.7.0": {"deprecated": "no"},
        "2.0.0-rc.1": {}, "0.9.0": {"deprecated": "old"}, "not a version": {},
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("a", "1.5.0"), ("a@*", "1.5.0"), ("a@^1.4", "1.5.0"), ("a@>1.5", "1.6.0"),
     ("a@1.7", "1.7.0"), ("a@0", "0.9.0"), ("a@next", "2.0.0-rc.1"),
     ("a@>=2.0.0-0", "2.0.0-rc.1"), ("a@v1.4.0", "1.4.0"), ("a@=1.4.0", "1.4.0")],
)  # fmt: skip
def test_the_version_to_take(wanted, found):
    assert spec.pick(spec.parse(wanted), DOCUMENT) == found


@pytest.mark.parametrize("wanted", ["a@2", "a@3.0.0", "a@nosuch", "a@gone"])
def test_a_version_that_is_not_there(wanted):
    with pytest.raises(errors.NotFoundError, match="^a has no "):
        spec.pick(spec.parse(wanted), DOCUMENT)


@pytest.mark.parametrize("row", SEMVER["carets"], ids=lambda row: "-".join(row[:2]))
def test_a_range_that_covers_a_caret_is_written_as_one(row):
    """npm's subset() is exact; ours may say no where a range is written oddly."""
    wanted, version, subset = row
    assert spec.covers(wanted, version) <= subset
    if wanted.isdigit() or (wanted.startswith(("^", ">=")) and " " not in wanted):
        assert spec.covers(wanted, version) == subset


@pytest.mark.parametrize(
    ("wanted", "value", "fits"),
    [(None, "linux", True), ([], "linux", True), (["linux"], "linux", True),
     ("linux", "linux", True), (["darwin", "linux"], "linux", True),
     (["darwin"], "linux", False), (["!linux"], "linux", False),
     (["!win32"], "linux", True), (["!win32", "!aix"], "linux", True),
     (["any"], "linux", True), (["darwin", "!linux"], "linux", False),
     (["!win32", "darwin"], "linux", False), (["glibc"], "", False)],
)  # fmt: skip
def test_machines_by_npms_rules(wanted, value, fits):
    assert platform.fits(wanted, value) == fits
