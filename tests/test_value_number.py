"""Numbers in and out of C: napi/shim/value_number.c."""

import decimal
import enum
import fractions
import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import napi

SAFE = 2**53 - 1
NUMBER_EXPECTED = 6


@pytest.fixture(scope="module")
def m(addon):
    return addon("value_number")


def wrap(number, bits, signed):
    """ToInt32 and ToUint32 of ECMA-262 7.1.6 in exact arithmetic."""
    if not math.isfinite(number):
        return 0
    value = math.trunc(fractions.Fraction(number)) % 2**bits
    return value - 2**bits if signed and value >= 2 ** (bits - 1) else value


def saturate(number):
    if not math.isfinite(number):
        return 0
    return max(-(2**63), min(2**63 - 1, math.trunc(fractions.Fraction(number))))


def canonical(number):
    """What Python sees of a double."""
    number = float(number)
    if number.is_integer() and abs(number) <= SAFE:
        return number if number == 0 and math.copysign(1, number) < 0 else int(number)
    return number


def same(actual, expected):
    assert type(actual) is type(expected)
    assert repr(actual) == repr(expected)


DOUBLES = st.floats() | st.integers(-(2**70), 2**70).map(float)


@given(DOUBLES)
@example(-0.0)
@example(2.0**31)
@example(-(2.0**31) - 1)
@example(4294967295.5)
@example(2.0**63)
@example(-(2.0**63))
@example(math.nextafter(2.0**63, 0))
@example(-1.9)
@example(1e300)
@example(math.nan)
@example(-math.inf)
def test_double_converts_as_ecma_262_says(m, number):
    real, narrow, natural, wide = m.convert(number)
    same(real, canonical(number))
    assert narrow == wrap(number, 32, True)
    assert natural == wrap(number, 32, False)
    assert int(wide) == saturate(number)


@given(st.integers(-SAFE, SAFE))
@example(SAFE)
@example(-SAFE)
@example(2**30)
@example(-(2**30))
@example(2**30 - 1)
@example(0)
def test_safe_int_converts_exactly(m, number):
    real, narrow, natural, wide = m.convert(number)
    same(real, number)
    assert narrow == wrap(number, 32, True)
    assert natural == wrap(number, 32, False)
    assert int(wide) == number


@given(st.integers(SAFE + 1) | st.integers(max_value=-SAFE - 1))
@example(2**53)
@example(-(2**53))
@example(2**60)
@example(2**64)
@example(10**400)
def test_unsafe_int_is_no_number(m, number):
    assert m.convert(number) == NUMBER_EXPECTED


@given(DOUBLES)
@example(-0.0)
@example(float(SAFE))
@example(float(SAFE) + 1)
def test_created_double_is_canonical(m, number):
    same(m.create_double(number), canonical(number))


@given(st.integers(-(2**31), 2**31 - 1))
@example(-5)
@example(256)
@example(257)
def test_created_int32_is_an_int(m, number):
    same(m.create_int32(number), number)


@given(st.integers(0, 2**32 - 1))
@example(2**32 - 1)
def test_created_uint32_is_an_int(m, number):
    same(m.create_uint32(number), number)


@given(st.integers(-(2**63), 2**63 - 1))
@example(SAFE)
@example(SAFE + 1)
@example(-SAFE - 1)
@example(2**63 - 1)
@example(-(2**63))
@example(2**53 + 1)
def test_created_int64_beyond_the_safe_range_is_the_nearest_double(m, number):
    expected = number if abs(number) <= SAFE else float(number)
    same(m.create_int64(napi.BigInt(number)), expected)


class Colour(enum.IntEnum):
    RED = 3


class Integer(int):
    pass


class Real(float):
    pass


FOREIGN = [
    (np.int8(-3), -3),
    (np.uint8(200), 200),
    (np.int64(SAFE), SAFE),
    (np.uint64(7), 7),
    (np.float16(0.5), 0.5),
    (np.float32(1.5), 1.5),
    (np.float64(2.5), 2.5),
    (np.longdouble(0.25), 0.25),
    (decimal.Decimal("1.5"), 1.5),
    (fractions.Fraction(1, 4), 0.25),
    (Colour.RED, 3),
    (Integer(9), 9),
    (Real(9.5), 9.5),
]


@pytest.mark.parametrize(("value", "expected"), FOREIGN, ids=repr)
def test_numbers_of_foreign_make(m, value, expected):
    real, narrow, _, wide = m.convert(value)
    same(real, expected)
    assert narrow == wrap(expected, 32, True)
    assert int(wide) == int(expected)


class OnlyConverts:
    def __float__(self):
        return 1.0


class Fails:
    def __add__(self, other):
        return self

    def __float__(self):
        raise ValueError("no")


class Sized(float):
    __hash__ = None

    def __eq__(self, other):
        raise AssertionError("nobody compares")


OTHERS = [
    None,
    napi.null,
    True,
    False,
    "1",
    b"1",
    bytearray(b"1"),
    1j,
    napi.BigInt(1),
    napi.Symbol("1"),
    [1],
    (1,),
    {},
    napi.Object(),
    napi.Date(5),
    object(),
    len,
    np.array(5),
    np.array([5]),
    np.bool_(True),
    np.complex64(1),
    np.int64(2**60),
    np.uint64(2**63),
    np.datetime64("2020-01-01"),
    OnlyConverts(),
    Fails(),
]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", OTHERS, ids=repr)
def test_other_values_are_no_numbers(m, value):
    assert m.convert(value) == NUMBER_EXPECTED


def test_subclass_of_float_is_read_without_its_python_code(m):
    same(m.convert(Sized(1.5))[0], 1.5)


def test_interrupt_in_a_conversion_is_not_lost(m):
    class Interrupts(OnlyConverts):
        def __add__(self, other):
            return self

        def __float__(self):
            raise KeyboardInterrupt

    def attempt():
        assert m.convert(Interrupts()) == NUMBER_EXPECTED
        for _ in range(1000):
            pass

    with pytest.raises(KeyboardInterrupt):
        attempt()
