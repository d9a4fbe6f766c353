"""Function by status: what a run has seen, and how it is shown."""

import html.parser
import json
import subprocess
import sys

import pytest

import napi
from napi import testing
from napi._native import is_strict
from napi.testing.abi import functions
from napi.testing.cover import Coverage

strict_only = pytest.mark.skipif(not is_strict(), reason="the release build has none")

SAMPLE = Coverage(
    {
        ("napi_create_object", 0): 5,
        ("napi_create_object", 9): 1,
        ("napi_get_value_double", 0): 2,
        ("napi_get_value_double", 6): 3,
        ("napi_throw", 0): 1,
    }
)


@pytest.mark.skipif(is_strict(), reason="the strict build has it")
def test_release_build_says_what_is_needed():
    with pytest.raises(RuntimeError, match="NAPI_STRICT=1"):
        testing.coverage()


@strict_only
def test_run_is_covered(addon):
    module = addon("watch")
    before = testing.coverage()
    module.greet("you")
    with pytest.raises(napi.Error):
        module.greet(5)
    grown = testing.coverage() - before
    assert grown.counts["napi_create_object", 0] == 1
    assert grown.counts["napi_get_value_string_utf8", 3] == 1
    assert "napi_create_object" in grown.never_failed
    assert "napi_get_value_string_utf8" not in grown.never_failed


@strict_only
def test_coverage_begins_anew(addon):
    kept = testing.coverage()
    testing.coverage(clear=True)
    addon("watch").greet("you")
    fresh = testing.coverage()
    assert fresh.counts["napi_create_object", 0] == 1
    assert (kept + fresh).counts["napi_create_object", 0] == (
        kept.counts.get(("napi_create_object", 0), 0) + 1
    )


def test_coverages_add_up():
    total = SAMPLE + SAMPLE
    assert total.counts["napi_throw", 0] == 2
    assert total - SAMPLE == SAMPLE
    assert (SAMPLE - total).counts == {}


def test_gaps_are_named():
    assert SAMPLE.used == ["napi_create_object", "napi_get_value_double", "napi_throw"]
    assert SAMPLE.never_failed == ["napi_throw"]
    assert len(SAMPLE.never_called) == 159 - 3
    assert "napi_fatal_error" not in SAMPLE.never_called


def test_text_is_a_table():
    assert SAMPLE.text().splitlines() == [
        "napi_create_object     ok 5  generic_failure 1",
        "napi_get_value_double  ok 2  number_expected 3",
        "napi_throw             ok 1",
        "3 of 159 functions were called",
        "1 of them were never seen to fail:",
        "  napi_throw",
    ]


def test_json_comes_back(tmp_path):
    SAMPLE.save(tmp_path / "cover.json")
    saved = json.loads((tmp_path / "cover.json").read_text(encoding="utf-8"))
    assert saved["functions"]["napi_create_object"] == {
        "napi_ok": 5,
        "napi_generic_failure": 1,
    }
    assert Coverage.load(tmp_path / "cover.json") == SAMPLE


@pytest.mark.parametrize("text", ["[]", "{}", '{"functions": 3}', "no json"])
def test_what_is_no_coverage_is_refused(tmp_path, text):
    (tmp_path / "other.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError):  # noqa: PT011
        Coverage.load(tmp_path / "other.json")


def test_page_has_each_function(tmp_path):
    SAMPLE.save(tmp_path / "cover.html")
    page = (tmp_path / "cover.html").read_text(encoding="utf-8")
    tags = []
    parser = html.parser.HTMLParser()
    parser.handle_starttag = lambda tag, attributes: tags.append(tag)
    parser.feed(page)
    listed = [name for name in functions() if f"<th>{name}</th>" in page]
    assert len(listed) == 159
    assert tags.count("tr") == 159 + 1
    assert "<tr class=half><th>napi_throw</th><td class=o>1</td>" in page


def test_empty_coverage_is_shown():
    assert Coverage().text() == "0 of 159 functions were called"
    assert "0 of 159" in Coverage().html()


def test_module_is_imported_when_it_is_needed():
    code = "import sys, napi, napi.testing; print('napi.testing.cover' in sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
