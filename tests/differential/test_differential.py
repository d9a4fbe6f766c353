"""The fixtures answer here what they answered under Node, line by line.

What docs/limits.md lists is left out: as the pair of lines, or as a pattern of
steps, with the fixture before it.
"""

import re
from fnmatch import fnmatchcase

import fixtures
import pytest
import steps

LIMITS = fixtures.ROOT / "docs" / "limits.md"
SECTION = "## Known differences of the fixtures"
PAIR = re.compile(r"^- Node `(.*)`, here `(.*)`: \S.*$", re.MULTILINE)
PATTERN = re.compile(r"^- Steps? (`[^`]+`(?:, `[^`]+`)*): \S", re.MULTILINE)


def section():
    text = LIMITS.read_text(encoding="utf-8")
    return text.partition(SECTION)[2].partition("\n## ")[0]


PAIRS = dict(PAIR.findall(section()))
PATTERNS = [
    pattern
    for patterns in PATTERN.findall(section())
    for pattern in re.findall(r"`([^`]+)`", patterns)
]
_outcomes = {}


def is_listed(fixture, text):
    step = f"{fixture}: {text}"
    return [pattern for pattern in PATTERNS if fnmatchcase(step, pattern)]


def outcome(fixture):
    """(step, Node's line, ours) of all the lines of a fixture; run once."""
    if fixture not in _outcomes:
        texts = [step["text"] for step in steps.steps(fixture)]
        theirs, ours = fixtures.recorded(fixture), fixtures.run_here(fixture)
        # What is printed at exit comes after the steps.
        texts += ["at exit"] * (len(theirs) - len(texts))
        assert len(theirs) == len(ours)
        _outcomes[fixture] = list(zip(texts, theirs, ours, strict=True))
    return _outcomes[fixture]


@pytest.mark.parametrize("fixture", fixtures.FIXTURES)
def test_fixture_answers_what_it_answers_under_node(fixture):
    different = [
        (PAIRS.get(theirs, theirs), ours)
        for text, theirs, ours in outcome(fixture)
        if PAIRS.get(theirs, theirs) != ours and not is_listed(fixture, text)
    ]
    assert not different


REFUSAL = re.compile(r"a Python (dict|list) cannot ")
# They show what became of a refusal, or of a hole: a list has None there.
AFTERWARDS = re.compile(r"on\(|(set|delete)_element\(\[")


@pytest.mark.parametrize("fixture", fixtures.FIXTURES)
def test_dicts_and_lists_do_the_same_or_refuse(fixture):
    native = fixtures.run_here(fixture, "native")
    lines = [ours for _, _, ours in outcome(fixture)]
    different = [
        (ours, line)
        for ours, line in zip(lines, native, strict=True)
        if ours != line and not REFUSAL.search(line) and not AFTERWARDS.match(line)
    ]
    assert not different


@pytest.mark.parametrize("fixture", fixtures.FIXTURES)
def test_record_is_of_the_present_steps(fixture):
    texts = [step["text"] for step in steps.steps(fixture)]
    lines = fixtures.recorded(fixture)[: len(texts)]
    wrong = [
        (text, line)
        for text, line in zip(texts, lines, strict=True)
        if not line.startswith(text)
    ]
    assert not wrong


def test_each_fixture_is_recorded_and_has_steps_enough():
    addons = {path.stem for path in (fixtures.ROOT / "tests/addons").glob("*.c")}
    assert addons == {*fixtures.FIXTURES, *steps.NOT_COMPARED}
    for fixture in fixtures.FIXTURES:
        assert len(steps.steps(fixture)) >= 25


def exports_of(fixture):
    source = (fixtures.ROOT / "tests" / "addons" / f"{fixture}.c").read_text("utf-8")
    return set(re.findall(r"EXPORT\((\w+)\)", source))


@pytest.mark.parametrize("fixture", fixtures.FIXTURES)
def test_each_export_is_called_or_has_a_reason_not_to_be(fixture):
    called = {step["path"][0] for step in steps.steps(fixture) if step["path"]}
    left_out = {
        name.partition(".")[2]
        for name in steps.LEFT_OUT
        if name.startswith(f"{fixture}.")
    }
    assert exports_of(fixture) - called <= left_out


def test_every_listed_pair_is_recorded():
    lines = {line for name in fixtures.FIXTURES for line in fixtures.recorded(name)}
    assert set(PAIRS) <= lines


def test_every_listed_pattern_has_a_difference():
    seen = {
        pattern
        for fixture in fixtures.FIXTURES
        for text, theirs, ours in outcome(fixture)
        if theirs != ours
        for pattern in is_listed(fixture, text)
    }
    assert seen == set(PATTERNS)
