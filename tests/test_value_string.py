"""Strings in and out of C: value_string.c, _get.c and _utf8.c of napi/shim."""

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import napi

LATIN1, UTF8, UTF16 = ENCODINGS = range(3)
STRING_EXPECTED = 3
FILL = 0x5A

# Any code points, lone and adjacent surrogates often among them.
POINTS = st.one_of(
    st.integers(0, 0x7F),
    st.integers(0x80, 0xFF),
    st.integers(0x100, 0xFFFF),
    st.integers(0xD800, 0xDFFF),
    st.sampled_from([0xD83D, 0xDE00]),
    st.integers(0x10000, 0x10FFFF),
)
TEXTS = st.one_of(
    st.text(st.characters(max_codepoint=0x7F), max_size=40),
    st.text(st.characters(max_codepoint=0xFF), max_size=40),
    st.lists(POINTS, max_size=30).map(lambda points: "".join(map(chr, points))),
)


@pytest.fixture(scope="module")
def m(addon):
    return addon("value_string", 10)


def units_of(text):
    raw = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(raw[i : i + 2], "little") for i in range(0, len(raw), 2)]


def normal(text):
    """Adjacent halves as the code point they spell."""
    return text.encode("utf-16-le", "surrogatepass").decode(
        "utf-16-le", "surrogatepass"
    )


def pieces(text, encoding):
    """What may not be split, as bytes."""
    if encoding == LATIN1:
        return [bytes([unit & 0xFF]) for unit in units_of(text)]
    if encoding == UTF16:
        return [unit.to_bytes(2, "little") for unit in units_of(text)]
    return [
        "\ufffd".encode() if 0xD800 <= ord(c) <= 0xDFFF else c.encode()
        for c in normal(text)
    ]


def expected_copy(text, encoding, bufsize):
    """The result and the whole buffer, two units longer than it was said to be."""
    unit = 2 if encoding == UTF16 else 1
    whole = bytes([FILL]) * ((bufsize + 2) * unit)
    if bufsize == 0:
        return 0, whole
    room = (bufsize - 1) * unit
    copied = b""
    for piece in pieces(text, encoding):
        if len(copied) + len(piece) > room:
            break
        copied += piece
    end = copied + bytes(unit)
    return len(copied) // unit, end + whole[len(end) :]


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=TEXTS)
@example(text="é€😀")
@example(text="\ud83d\ude00")
@example(text="\ud83d😀\ude00")
@example(text="\ud83d\ud83d\ude00\ude00")
@example(text="a\0b")
@example(text="")
def test_every_truncation(m, encoding, text):
    whole = b"".join(pieces(text, encoding))
    length = len(whole) // (2 if encoding == UTF16 else 1)
    assert m.measure(encoding, text) == length
    for bufsize in range(length + 3):
        result, raw = m.copy(encoding, text, bufsize)
        assert (result, bytes.fromhex(raw)) == expected_copy(text, encoding, bufsize)


class Text(str):
    pass


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", ["ascii", "é", "€", "😀", "\ud800", ""])
def test_subclass_of_str_is_a_string(m, encoding, text):
    assert m.measure(encoding, Text(text)) == m.measure(encoding, text)
    assert m.copy(encoding, Text(text), 9) == m.copy(encoding, text, 9)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "value", [1, None, napi.null, b"x", True, ["x"], napi.Symbol("x")], ids=repr
)
def test_other_values_are_no_strings(m, encoding, value):
    assert m.copy(encoding, value, 8) == STRING_EXPECTED
    assert m.measure(encoding, value) == -STRING_EXPECTED


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_result_may_be_missing_only_beside_a_buffer(m, encoding):
    assert list(m.without_result(encoding, "abcdef")) == [0, 1]


@pytest.mark.parametrize("is_key", [False, True])
@pytest.mark.parametrize("automatic", [False, True])
@given(units=st.lists(st.integers(1, 0xFFFF) | st.integers(0xD800, 0xDFFF)))
@example(units=[0xD83D, 0xDE00])
@example(units=[0xD83D])
@example(units=[0xDE00, 0xD83D])
@example(units=[0x61, 0xE9])
@example(units=[0x61, 0xD83D, 0xDE00, 0xDE00])
def test_created_from_utf16(m, is_key, automatic, units):
    raw = b"".join(unit.to_bytes(2, "little") for unit in units)
    made = m.create(UTF16, raw.hex(), is_key, automatic)
    assert made == raw.decode("utf-16-le", "surrogatepass")
    check(made)


@pytest.mark.parametrize("is_key", [False, True])
@given(raw=st.binary(max_size=60))
def test_created_from_latin1(m, is_key, raw):
    made = m.create(LATIN1, raw.hex(), is_key, False)
    assert made == raw.decode("latin-1")
    check(made)


def whatwg(raw):
    """UTF-8 decode by the state machine of the WHATWG, byte by byte."""
    out, point, needed, lower, upper, i = [], 0, 0, 0x80, 0xBF, 0
    while i < len(raw):
        byte = raw[i]
        i += 1
        if needed == 0:
            lower, upper = 0x80, 0xBF
            if byte < 0x80:
                out.append(chr(byte))
            elif 0xC2 <= byte <= 0xDF:
                needed, point = 1, byte & 0x1F
            elif 0xE0 <= byte <= 0xEF:
                lower = 0xA0 if byte == 0xE0 else lower
                upper = 0x9F if byte == 0xED else upper
                needed, point = 2, byte & 0xF
            elif 0xF0 <= byte <= 0xF4:
                lower = 0x90 if byte == 0xF0 else lower
                upper = 0x8F if byte == 0xF4 else upper
                needed, point = 3, byte & 0x7
            else:
                out.append("\ufffd")
        elif not lower <= byte <= upper:
            out.append("\ufffd")
            needed = 0
            i -= 1
        else:
            lower, upper = 0x80, 0xBF
            point = point << 6 | byte & 0x3F
            needed -= 1
            if needed == 0:
                out.append(chr(point))
    return "".join(out) + ("\ufffd" if needed else "")


# Bytes that are nearly UTF-8: leads, continuations and their limits.
NEARLY = st.lists(
    st.sampled_from(
        list(bytes.fromhex("00417f808f909fa0bfc0c1c2dfe0e2edeff0f1f4f5ff"))
    ),
    max_size=24,
).map(bytes)


@pytest.mark.parametrize("is_key", [False, True])
@given(
    raw=st.one_of(
        st.binary(max_size=60),
        NEARLY,
        TEXTS.map(lambda t: t.encode("utf-8", "surrogatepass")),
    )
)
@example(raw=b"\xff\xe2\x82z")
@example(raw=b"\xf0\x9f\x98")
@example(raw=b"\xed\xa0\xbd\xed\xb8\x80")
@example(raw="naïve €".encode())
@example(raw="ÿ".encode())
@example(raw="Āß😀".encode())
def test_created_from_utf8(m, is_key, raw):
    made = m.create(UTF8, raw.hex(), is_key, False)
    assert made == whatwg(raw)
    check(made)


@pytest.mark.parametrize("text", ["", "plain", "naïve", "日本", "😀"])
@pytest.mark.parametrize("encoding", [UTF8, UTF16])
def test_automatic_length_ends_at_the_nul(m, encoding, text):
    raw = text.encode("utf-8" if encoding == UTF8 else "utf-16-le")
    rest = b"\0x\0" if encoding == UTF8 else b"\0\0x\0"
    assert m.create(encoding, raw.hex(), False, True) == text
    assert m.create(encoding, (raw + rest).hex(), False, True) == text


def check(text):
    """The string is as CPython itself would have made it."""
    again = "".join([text, "x"])[:-1]
    assert sys.getsizeof(again) == sys.getsizeof(text)
    assert hash(again) == hash(text)
    assert text.isascii() == all(ord(c) < 128 for c in text)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("is_key", [False, True])
def test_argument_rules(m, encoding, is_key):
    assert list(m.refuse(encoding, is_key)) == [0, 1, 1, 1, 1]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_property_key_is_interned(m, encoding):
    raw = b"key_of_test" if encoding != UTF16 else "key_of_test".encode("utf-16-le")
    made = m.create(encoding, raw.hex(), True, False)
    assert made is sys.intern("".join(["key", "_of_test"]))


WIDE = {True: "u€😀", False: "latin1 é"}


@pytest.mark.parametrize("pending", [True, False])
@pytest.mark.parametrize("wide", [True, False])
def test_external_string_keeps_its_memory_until_the_call_is_over(m, wide, pending):
    made = m.external(wide, False, pending)
    assert list(made) == [WIDE[wide], False, 0, False, pending]
    assert list(m.released()) == [1, True]


def test_exception_of_a_release_is_unraisable(m, monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda info: seen.append(info.exc_value))
    assert list(m.external(True, True, False)) == [WIDE[True], False, 0, False, False]
    assert list(m.released()) == [1, True]
    assert [str(error) for error in seen] == ["from the finalizer"]


def test_external_string_without_finalizer(m):
    assert m.external_plain() == "plain"


@given(st.lists(st.text("abé😀", max_size=6), min_size=2, max_size=2))
@example(["ab", "abc"])
@example(["abc", "ab"])
@example(["same", "same"])
def test_names_in_one_buffer_are_told_apart(m, names):
    assert dict(m.reused_name({}, *names)) == {name: name for name in names}
