"""Bigints in and out of C: napi/shim/value_bigint.c."""

import copy
import pickle
import sys

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import napi

BIGINT_EXPECTED = 17
UNTOUCHED = 0x5A5A5A5A5A5A5A5A
SAFE = 2**53 - 1


@pytest.fixture(scope="module")
def m(addon):
    return addon("value_bigint")


EDGES = [0, 1, -1, 2**30, 2**60, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 2**90, 2**128]
INTEGERS = (
    st.integers()
    | st.integers(-(2**300), 2**300)
    | st.sampled_from(EDGES).flatmap(lambda n: st.sampled_from([n, -n, n - 1, -n - 1]))
)


def words_of(value):
    value = abs(value)
    words = []
    while value:
        words.append(value % 2**64)
        value >>= 64
    return words


@given(INTEGERS)
@example(-(2**63))
@example(-(2**63) - 1)
@example(2**63)
def test_int64_wraps_and_says_so(m, value):
    low = value % 2**64
    expected = low - 2**64 if low >= 2**63 else low
    made, lossless = m.int64(napi.BigInt(value))
    assert type(made) is napi.BigInt
    assert made == expected
    assert lossless is (expected == value)


@given(INTEGERS)
@example(-1)
@example(2**64)
def test_uint64_wraps_and_says_so(m, value):
    made, lossless = m.uint64(napi.BigInt(value))
    assert type(made) is napi.BigInt
    assert made == value % 2**64
    assert lossless is (0 <= value < 2**64)


@given(INTEGERS, st.integers(0, 3))
def test_words_of_any_bigint(m, value, zeros):
    words = words_of(value)
    given = [napi.BigInt(word) for word in words] + [napi.BigInt(0)] * zeros
    made = m.from_words(int(value < 0), given)
    assert type(made) is napi.BigInt
    assert made == value
    assert hash(made) == hash(value)
    assert made + 1 == value + 1


@given(INTEGERS, st.integers(0, 8))
@example(2**64, 2)
@example(2**128, 1)
@example(0, 0)
def test_words_that_fit_are_copied(m, value, given):
    words = words_of(value)
    needed, sign, *found = m.to_words(napi.BigInt(value), given)
    kept = words[:given]
    assert needed == len(words) == m.query(napi.BigInt(value))
    assert sign == int(value < 0)
    assert found == kept + [UNTOUCHED] * (given + 1 - len(kept))


@given(st.lists(st.integers(0, 2**64 - 1), max_size=6), st.integers(-3, 3))
def test_words_make_the_bigint(m, words, sign):
    magnitude = sum(word << 64 * i for i, word in enumerate(words))
    made = m.from_words(sign, [napi.BigInt(word) for word in words])
    assert made == (-magnitude if sign else magnitude)


def test_half_a_query_is_refused(m):
    assert list(m.half_query(napi.BigInt(5))) == [1, 1]


def test_more_words_than_int_max_are_refused(m):
    assert m.refuse(0) == 1


def test_more_words_than_v8_holds_is_a_range_error(m):
    with pytest.raises(napi.RangeError, match="^Maximum BigInt size exceeded$"):
        m.refuse(1)


@given(st.integers(SAFE + 1, 2**64) | st.integers(-(2**64), -SAFE - 1))
def test_unsafe_int_is_a_bigint(m, value):
    made, lossless = m.int64(value)
    assert (made == value) is lossless


@pytest.mark.parametrize("value", [np.int64(2**60), np.uint64(2**63)], ids=repr)
def test_unsafe_numpy_integer_is_a_bigint(m, value):
    made, lossless = m.uint64(value)
    assert made == int(value)
    assert lossless is True


@pytest.mark.parametrize(
    "value",
    [5, SAFE, -SAFE, 1.5, 1e300, True, "5", None, napi.null, [], {}, np.int64(5)],
    ids=repr,
)
def test_other_values_are_no_bigints(m, value):
    assert m.int64(value) == BIGINT_EXPECTED
    assert m.uint64(value) == BIGINT_EXPECTED
    assert m.to_words(value, 1) == BIGINT_EXPECTED


def test_it_is_an_int_with_an_own_repr():
    value = napi.BigInt(123)
    assert isinstance(value, int)
    assert (repr(value), str(value), f"{value}") == ("123n", "123", "123")
    assert repr(napi.BigInt(-5)) == "-5n"
    assert value == 123
    assert {123: "x"}[value] == "x"
    assert type(value + 1) is int
    assert napi.BigInt("0x10", 16) == 16
    assert not napi.BigInt()


def test_text_of_any_length():
    digits = "1234567890" * 1000
    value = napi.BigInt(0)
    limit = sys.get_int_max_str_digits() if sys.version_info >= (3, 11) else 0
    for part in range(0, len(digits), 500):
        value = value * 10**500 + int(digits[part : part + 500])
    value = napi.BigInt(value)
    assert str(value) == digits
    assert repr(napi.BigInt(-value)) == f"-{digits}n"
    assert str(napi.BigInt(10**5000)) == "1" + "0" * 5000
    if sys.version_info >= (3, 11):
        assert sys.get_int_max_str_digits() == limit


@given(INTEGERS | st.integers(0, 9000).map(lambda n: 10**n - 1))
def test_digits_are_those_of_the_int(value):
    text = str(napi.BigInt(value))
    high, low = divmod(abs(value), 10**600)
    expected = "-" if value < 0 else ""
    parts = [low]
    while high:
        high, low = divmod(high, 10**600)
        parts.append(low)
    expected += str(parts.pop()) + "".join(f"{part:0600d}" for part in parts[::-1])
    assert text == expected


class Derived(napi.BigInt):
    pass


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("kind", [napi.BigInt, Derived])
def test_it_pickles(kind, protocol):
    for number in (0, -5, 2**200):
        value = kind(number)
        again = pickle.loads(pickle.dumps(value, protocol))
        assert type(again) is kind
        assert again == number


def test_it_can_be_copied():
    value = napi.BigInt(2**100)
    assert copy.copy(value) == copy.deepcopy(value) == value
    assert type(copy.deepcopy([value])[0]) is napi.BigInt


def test_subclass_is_a_bigint_and_dies_well(m):
    value = Derived(2**70)
    value.note = "kept"
    assert m.int64(value)[0] == 0
    assert value.note == "kept"
    before = sys.getrefcount(napi.BigInt)
    values = [Derived(i) for i in range(100)] + [napi.BigInt(i) for i in range(100)]
    made = [m.int64(value)[0] for value in values]
    during = sys.getrefcount(napi.BigInt)
    del value, values, made
    after = sys.getrefcount(napi.BigInt)
    assert during > before
    assert after == before
