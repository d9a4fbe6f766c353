"""Strings, numbers and bigints against a Python model: value_*.c."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import napi

TEXT = st.text(st.characters(exclude_categories=()), max_size=12)
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="session")
def m(addon):
    return addon("value")


def units(text):
    return text.encode("utf-16-le", "surrogatepass")


def truncate(data, size):
    """The longest prefix of whole code points in size bytes."""
    end = min(size, len(data))
    while end < len(data) and end > 0 and data[end] & 0xC0 == 0x80:
        end -= 1
    return data[:end]


@QUIET
@given(TEXT)
def test_utf8_at_every_size(m, text):
    whole = "".join(
        c if not 0xD800 <= ord(c) < 0xE000 else "\ufffd"
        for c in units(text).decode("utf-16-le", "surrogatepass")
    ).encode()
    assert bytes(m.utf8(text, 0)) == b""
    for size in range(1, len(whole) + 3):
        assert bytes(m.utf8(text, size)) == truncate(whole, size - 1)


@QUIET
@given(TEXT)
def test_utf16_at_every_size(m, text):
    whole = units(text)
    for size in range(1, len(whole) // 2 + 3):
        assert bytes(m.utf16(text, size)) == whole[: 2 * (size - 1)]


@QUIET
@given(st.binary(max_size=16))
def test_invalid_utf8_becomes_replacement_characters(m, data):
    assert m.from_utf8(data) == data.decode("utf-8", "replace")


@QUIET
@given(TEXT)
def test_utf16_round_trip(m, text):
    assert units(m.from_utf16(units(text))) == units(text)


def wrap(value, bits, signed):
    if not math.isfinite(value):
        return 0
    rest = math.trunc(value) % 2**bits
    return rest - 2**bits if signed and rest >= 2 ** (bits - 1) else rest


def saturate(value):
    if not math.isfinite(value):
        return 0
    return max(-(2**63), min(2**63 - 1, math.trunc(value)))


NUMBERS = st.floats() | st.integers(-(2**53) + 1, 2**53 - 1)


@QUIET
@given(NUMBERS)
def test_conversions_to_integers(m, value):
    number = float(value)
    assert m.ints(value) == [
        wrap(number, 32, True),
        wrap(number, 32, False),
        saturate(number),
    ]


@QUIET
@given(st.integers(-(2**2000), 2**2000))
def test_bigint_words(m, value):
    result = m.words(napi.BigInt(value))
    assert result == value
    assert type(result) is napi.BigInt
