"""The strict build's reports: identifiers, pages, texts (napi/shim/strict*.c)."""

import csv
import re
from pathlib import Path

import pytest

import napi
from napi import testing
from napi.testing import sites

ROOT = Path(__file__).resolve().parent.parent.parent
SHIM = ROOT / "napi" / "shim"
PAGE = (ROOT / "docs" / "reference" / "strict.md").read_text()
SECTIONS = dict(re.findall(r"^## ([\w-]+)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))
CALLS = re.compile(
    r"(?:strict_report\w*|strict_guard|refuse_gone|track_report)\((?:[^;\"]*?)\"([a-z]+-[a-z-]+)\""
)


def identifiers():
    """What the sources report."""
    found = set()
    for path in SHIM.glob("*.c"):
        found.update(CALLS.findall(path.read_text()))
    return found


def test_each_report_has_a_page_and_each_page_a_report():
    assert set(SECTIONS) == identifiers()


@pytest.mark.parametrize("name", SECTIONS)
def test_a_page_has_an_example_and_a_cure(name):
    assert "```" in SECTIONS[name]
    assert "*Cure:*" in SECTIONS[name]


@pytest.mark.parametrize("name", SECTIONS)
def test_a_planted_bug_shows_it(name):
    planted = (ROOT / "tests" / "planted").glob("*.c")
    assert any(f" * finds: {name}" in path.read_text() for path in planted)


def test_versions_are_those_of_the_ledger():
    rows = re.findall(r'\{"(\w+)", (\w+)\}', (SHIM / "strict_version.c").read_text())
    assert rows == sorted(rows)
    with (ROOT / "napi" / "symbols.csv").open(newline="") as file:
        ledger = {
            row["name"].strip(): row["since"].strip() for row in csv.DictReader(file)
        }
    wanted = {
        name: "INT32_MAX" if since == "experimental" else since
        for name, since in ledger.items()
        if since != "1"
    }
    assert dict(rows) == wanted


def test_a_report_tells_the_whole_story(addon, strict_only, recorded_reports):
    m = addon("reference", version=10)
    m.use_deleted(napi.Object())
    (report,) = testing.reports()
    first, *lines = report.splitlines()
    assert first == (
        "reference-deleted: napi_get_reference_value: a deleted reference was used"
    )
    made, ended = lines.index("  made:"), lines.index("  ended:")
    here, made, ended = lines[:made], lines[made:ended], lines[ended:]
    assert re.search(r"by use_deleted at .*reference\.c:\d+", here[0])
    assert any("test_strict.py" in line and "whole_story" in line for line in here)
    assert made[1] == "    in napi_create_reference"
    assert ended[1] == "    in napi_delete_reference"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("start", "start"),
        ("Made(Napi::CallbackInfo const&)", "Made"),
        ("Job<int, std::pair<A, B> >::run(void (*)(int)) const", "Job::run"),
        (
            "start(X const&)::{lambda(int)#1}::operator()() const",
            "start::{lambda#1}::operator",
        ),
    ],
)
def test_a_name_of_cpp_is_told_without_its_parameters(name, plain):
    assert sites._plain(name) == plain


def test_wrappers_of_cpp_give_way_to_the_addon(monkeypatch):
    """Else three frames of headers hide the line that is to be repaired."""
    lines = {
        1: "Napi::Number::New at /x/node-addon-api/napi-inl.h:10",
        2: "Napi::Value::From at /x/node-addon-api/napi.h:20",
        3: "made at /x/addon.cc:30",
        4: "std::invoke at /usr/include/c++/12/invoke.h:60",
        5: "outer at /x/addon.cc:50",
    }
    monkeypatch.setattr(sites, "line_of", lambda file, address: lines[address])
    frames = [sites.NativeFrame("/x/addon.node", at, None, at) for at in lines]
    told = sites.Site(None, (), tuple(frames)).text().splitlines()
    assert [line.split()[1] for line in told] == ["Napi::Number::New", "made", "outer"]
    told = sites.Site(None, (), tuple(frames[:2])).text().splitlines()
    assert [line.split()[1] for line in told] == [
        "Napi::Number::New",
        "Napi::Value::From",
    ]


def test_reports_are_taken_once(addon, strict_only, recorded_reports):
    m = addon("reference", version=10)
    m.use_deleted(napi.Object())
    m.use_deleted(napi.Object())
    assert len(testing.reports()) == 2
    assert testing.reports() == []


def test_an_error_of_the_call_gives_way_to_the_report(addon, strict_only):
    with pytest.raises(napi.StrictError, match="exception-pending"):
        addon("scope").call_while_pending(napi.Object())
