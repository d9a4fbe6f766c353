"""Patterns find what they found under Node.

``regexps.json`` holds generated patterns: source, flags, text, ``lastIndex``, what
``exec`` gave (the index and all groups, null, or the message of the SyntaxError) and
``lastIndex`` afterwards.
"""

import json
from pathlib import Path

import pytest

import napi
from napi._native import shim

CASES = json.loads(Path(__file__).with_name("regexps.json").read_text())
GROUPS = [CASES[start : start + 30] for start in range(0, len(CASES), 30)]


def construct(source, flags=None):
    return shim.construct(shim.get(shim.get_global(), "RegExp"), source, flags)


def method(target, name, *arguments):
    return shim.call(shim.get(target, name), target, *arguments)


def found(source, flags, text, last):
    try:
        pattern = construct(source, flags)
    except napi.SyntaxError as error:
        return str(error), 0
    shim.set(pattern, "lastIndex", last)
    match = method(pattern, "exec", text)
    result = None if match is shim.null else [shim.get(match, "index"), *match]
    return result, shim.get(pattern, "lastIndex")


@pytest.mark.parametrize("cases", GROUPS, ids=range(len(GROUPS)))
def test_patterns_find_what_they_find_under_node(cases):
    pytest.importorskip("regress", reason="the extra napi[js] is not installed")
    wrong = []
    for source, flags, text, last, expected, after in cases:
        if found(source, flags, text, last) != (expected, after):
            wrong.append((source, flags, text, last))
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("(", "Unterminated group"),
        (")", "Unmatched ')'"),
        ("[a", "Unterminated character class"),
        ("a**", "Nothing to repeat"),
        ("a{2,1}", "numbers out of order in {} quantifier"),
        ("[b-a]", "Range out of order in character class"),
        ("\\", "\\ at end of pattern"),
        ("(?<n>a)(?<n>b)", "Duplicate capture group name"),
        ("(?<1>a)", "Invalid capture group name"),
        ("(?<n>a)\\k<m>", "Invalid named capture referenced"),
        ("(?a)", "Invalid group"),
    ],
)
def test_a_pattern_that_is_not_valid_says_why(source, message):
    with pytest.raises(napi.SyntaxError) as caught:
        construct(source)
    assert str(caught.value) == f"Invalid regular expression: /{source}/: {message}"


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "replacement", "expected"),
    [
        ("abcabc", "b", "", "X", "aXcabc"),
        ("abcabc", "b", "g", "$`|$&|$'", "aa|b|cabccaabca|b|cc"),
        ("2020-01", r"(?<y>\d+)-(?<m>\d+)", "", "$<m>/$<y>$3$$", "01/2020$3$"),
        ("aaa", "", "g", "-", "-a-a-a-"),
        ("\U0001f600", "", "gu", "-", "-\U0001f600-"),
        ("x", "(x)(y)?", "", "[$1$2]", "[x]"),
    ],
)
def test_replace_puts_the_parts_together(text, pattern, flags, replacement, expected):
    assert method(text, "replace", construct(pattern, flags), replacement) == expected


def test_replace_calls_a_function_with_groups_position_and_text():
    seen = []
    act = napi.callback(lambda *given: seen.append(given) or "-")
    pattern = construct("(?<first>b)(x)?")
    assert method("abc", "replace", pattern, act) == "a-c"
    ((whole, first, second, position, text, groups),) = seen
    assert (whole, first, second, position, text) == ("b", "b", None, 1, "abc")
    assert shim.get(groups, "first") == "b"


@pytest.mark.parametrize(
    ("text", "pattern", "limit", "expected"),
    [
        ("a1b2c", r"\d", None, ["a", "b", "c"]),
        ("a1b2c", r"(\d)", None, ["a", "1", "b", "2", "c"]),
        ("abc", "", 2, ["a", "b"]),
        ("", "x", None, [""]),
        ("", "", None, []),
        ("ab", "(?:)", None, ["a", "b"]),
    ],
)
def test_split_by_a_pattern(text, pattern, limit, expected):
    assert method(text, "split", construct(pattern), limit) == expected
