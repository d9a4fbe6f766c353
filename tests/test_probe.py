"""The probe prints here what Node printed, but for what docs/limits.md lists."""

import difflib
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
LIMITS = ROOT / "docs" / "limits.md"
VERSIONS = ("8", "10", "experimental")

RUN = """
import sys
sys.path.insert(0, sys.argv[2])
import evaluator
import napi

napi.set_script_evaluator(evaluator.evaluate)
from napi._native import shim
shim.reports(keep=True)  # the probe misuses on purpose
napi.load(sys.argv[1]).run()
"""


def known_differences():
    """Pairs (Node's line, ours) that limits.md lists as code."""
    text = LIMITS.read_text(encoding="utf-8")
    section = text.partition("## Known differences of the probe")[2].partition("\n## ")[
        0
    ]
    found = re.findall(r"^- Node `(.*)`, here `(.*)`: \S.*$", section, re.MULTILINE)
    return dict(found)


def lines_of(child, addon_path, version):
    number = None if version == "experimental" else int(version)
    path = addon_path("probe", number, version == "experimental")
    return child(RUN, path, TESTS).stdout.splitlines()


@pytest.mark.parametrize("version", VERSIONS)
def test_probe_prints_what_node_prints(child, addon_path, version):
    recorded = TESTS / "differential" / f"probe-{version}.txt"
    expected = recorded.read_text(encoding="utf-8").splitlines()
    known = known_differences()
    expected = [known.get(line, line) for line in expected]
    actual = lines_of(child, addon_path, version)
    difference = difflib.unified_diff(
        expected, actual, "node", "napi", n=0, lineterm=""
    )
    assert not list(difference)


def test_every_listed_difference_exists():
    texts = [
        (TESTS / "differential" / f"probe-{version}.txt").read_text(encoding="utf-8")
        for version in VERSIONS
    ]
    printed = {line for text in texts for line in text.splitlines()}
    assert set(known_differences()) <= printed
