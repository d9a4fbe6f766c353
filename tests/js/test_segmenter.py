"""Intl.Segmenter: what Node 26 (ICU 78, Unicode 17) cuts where."""

import subprocess
import sys

import pytest

from napi._native import shim

pytest.importorskip("uniseg", reason="Intl.Segmenter needs napi[js]")

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
CUT = [
    ("grapheme", "e\u0301a\r\nb", ["e\u0301", "a", "\r\n", "b"]),
    (
        "grapheme",
        f"{FAMILY}x\U0001f1e9\U0001f1ea",
        [FAMILY, "x", "\U0001f1e9\U0001f1ea"],
    ),
    ("grapheme", "\u0915\u094d\u0937\u093f", ["\u0915\u094d\u0937\u093f"]),
    ("grapheme", "\u1112\u1161\u11ab", ["\u1112\u1161\u11ab"]),
    ("word", "Hello, it's 3.14!", ["Hello", ",", " ", "it's", " ", "3.14", "!"]),
    ("word", "a_b x:y foo-bar", ["a_b", " ", "x:y", " ", "foo", "-", "bar"]),
    ("word", "\uac00\ub098abc \ub2e4", ["\uac00\ub098", "abc", " ", "\ub2e4"]),
    (
        "word",
        '\u30ab\u30bf \u05e9\u05dc"\u05dd',
        ["\u30ab\u30bf", " ", '\u05e9\u05dc"\u05dd'],
    ),
    ("sentence", "Hi there. (Really?) Yes.", ["Hi there. ", "(Really?) ", "Yes."]),
    (
        "sentence",
        "Use cables, e.g. these. 3.5 ends\nhere",
        ["Use cables, e.g. these. ", "3.5 ends\n", "here"],
    ),
    ("sentence", "etc. (and so on)", ["etc. (and so on)"]),
    ("sentence", "", []),
]


def segmenter(kind, locale="en"):
    made = shim.get(shim.get(shim.get_global(), "Intl"), "Segmenter")
    return shim.construct(made, locale, shim.Object(granularity=kind))


def segment(kind, text):
    one = segmenter(kind)
    return shim.call(shim.get(one, "segment"), one, text)


def listed(segments):
    made = shim.get(segments, shim.Symbol.iterator)
    return list(shim.call(made, segments))


@pytest.mark.parametrize(("kind", "text", "parts"), CUT)
def test_parts_are_those_of_node(kind, text, parts):
    found = listed(segment(kind, text))
    assert [shim.get(one, "segment") for one in found] == parts


@pytest.mark.parametrize(("kind", "text", "parts"), CUT)
def test_each_index_is_in_the_part_that_contains_it(kind, text, parts):
    segments = segment(kind, text)
    containing = shim.get(segments, "containing")
    place = 0
    for part in parts:
        size = len(part.encode("utf-16-le")) // 2
        for index in range(place, place + size):
            found = shim.call(containing, segments, index)
            assert shim.get(found, "segment") == part
            assert shim.get(found, "index") == place
            assert shim.get(found, "input") == text
        place += size
    assert shim.call(containing, segments, place) is None
    assert shim.call(containing, segments, -1) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a", True), ("7", True), (" ", False), (".", False), ("\u6587", True),
     ("\U0001f600", False), ("_", False), ("__", True), ("\uac00", True)],
)  # fmt: skip
def test_words_are_told_from_what_is_between_them(text, expected):
    (found,) = listed(segment("word", text))
    assert shim.get(found, "isWordLike") is expected


def test_only_words_say_whether_they_are():
    (found,) = listed(segment("grapheme", "a"))
    assert not shim.has(found, "isWordLike")


REFUSED = [
    ("Intl.Segmenter()", "TypeError: Constructor Intl.Segmenter requires 'new'"),
    ("new Intl.Segmenter('en', null)", "TypeError: invalid_argument"),
    ("new Intl.Segmenter('en', { granularity: 'line' })",
     "RangeError: Value line out of range for Intl.Segmenter options property "
     "granularity"),
    ("new Intl.Segmenter('x_')", "RangeError: Invalid language tag: x_"),
    ("Intl.Segmenter.prototype.segment.call({}, 'a')",
     "TypeError: Method Intl.Segmenter.prototype.segment called on incompatible "
     "receiver #<Object>"),
    ("new Intl.Segmenter().segment('a')[Symbol.iterator]().next.call({})",
     "TypeError: Method %SegmentIterator.prototype%.next called on incompatible "
     "receiver #<Object>"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "message"), REFUSED)
def test_what_is_wrong_is_refused_as_node_does(run, source, message):
    pytest.importorskip("esprima", reason="JavaScript needs napi[js]")
    assert run(f"try {{ {source}; 'no' }} catch (e) {{ String(e) }}") == message


def test_the_library_is_imported_when_a_text_is_cut():
    code = (
        "import sys; from napi._native import shim\n"
        "made = shim.get(shim.get(shim.get_global(), 'Intl'), 'Segmenter')\n"
        "one = shim.construct(made)\n"
        "assert 'uniseg' not in sys.modules\n"
        "sys.modules['uniseg'] = None\n"
        "try:\n"
        "    found = shim.call(shim.get(one, 'segment'), one, '\\u00e9')\n"
        "    shim.call(shim.get(found, 'containing'), found, 0)\n"
        "except Exception as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60
    )
    assert "pip install napi[js]" in done.stdout, done.stderr
