"""DataView: value_typedarray.c, view*.c, and its methods in napi/runtime/typed.py."""

import math
import struct

import pytest
from answers import (
    INVALID,
    NO_OUT,
    NO_RESULT,
    NO_VALUE,
    OK,
    PENDING,
    PENDING_ERROR,
    POISON,
    RAISE,
    answer,
)
from hypothesis import example, given
from hypothesis import strategies as st

import napi
from napi import ArrayBuffer, DataView, SharedArrayBuffer

OUT_OF_RANGE = (
    "RangeError",
    "ERR_NAPI_INVALID_DATAVIEW_ARGS",
    "byte_offset + byte_length should be less than or equal to the size in bytes of "
    "the array passed in",
)


@pytest.fixture(scope="module")
def m(view):
    return view


OTHERS = [
    None,
    napi.null,
    5,
    "text",
    True,
    napi.Symbol("s"),
    napi.BigInt(5),
    napi.Object(byteLength=8),
    napi.Array([1]),
    b"bytes",
    bytearray(8),
    memoryview(b"bytes"),
    lambda: None,
    DataView,
    napi.Uint8Array(8),
    napi.Buffer(8),
]

# === made by an addon ===


@given(
    size=st.integers(0, 32),
    length=st.integers(0, 40),
    offset=st.integers(0, 40),
    shared=st.booleans(),
)
@example(8, 8, 0, False)
@example(8, 9, 0, False)
@example(8, 0, 8, False)
@example(8, 0, 9, True)
@example(8, 1, 8, True)
def test_range_is_checked_as_by_node(m, size, length, offset, shared):
    storage = (SharedArrayBuffer if shared else ArrayBuffer)(size)
    found = answer(m.dataview(storage, length, offset, 0))
    if offset + length > size:
        assert found == [PENDING, PENDING, OUT_OF_RANGE, napi.null]
        return
    made = found[3]
    assert found[:3] == [OK, OK, None]
    assert type(made) is DataView
    assert (made.byteLength, made.byteOffset) == (length, offset)
    info = [OK, OK, None, length, offset, offset, storage]
    assert answer(m.dataview_info(made, 0)) == info
    assert m.dataview_info(made, 0)[6] is made.buffer is storage


@pytest.mark.parametrize("length", [2.0**53, 2.0**62, -1.0])
@pytest.mark.parametrize("offset", [0, 1, 8])
def test_range_does_not_overflow(m, length, offset):
    expected = [PENDING, PENDING, OUT_OF_RANGE, napi.null]
    assert answer(m.dataview(ArrayBuffer(8), length, offset, 0)) == expected
    assert answer(m.dataview(ArrayBuffer(8), offset, length, 0)) == expected


@pytest.mark.parametrize("value", [*OTHERS, DataView(ArrayBuffer(8))], ids=repr)
def test_only_array_buffers_can_be_viewed(m, value):
    assert answer(m.dataview(value, 0, 0, 0)) == [*INVALID, napi.null]


@pytest.mark.usefixtures("recorded_reports")
def test_creation_checks_its_arguments(m):
    storage = ArrayBuffer(8)
    assert answer(m.dataview(storage, 8, 0, NO_VALUE)) == [*INVALID, napi.null]
    assert answer(m.dataview(storage, 8, 0, NO_RESULT)) == [*INVALID, napi.null]
    expected = [PENDING, PENDING, PENDING_ERROR, napi.null]
    assert answer(m.dataview(storage, 8, 0, RAISE)) == expected
    assert answer(m.dataview(storage, 9, 0, RAISE)) == expected


# === questions ===


@pytest.mark.usefixtures("recorded_reports")
def test_information(m):
    storage = ArrayBuffer(32)
    made = DataView(storage, 8, 3)
    assert answer(m.is_dataview(made, 0)) == [OK, OK, None, True]
    assert answer(m.is_dataview(made, RAISE)) == [OK, OK, PENDING_ERROR, True]
    assert answer(m.is_dataview(made, NO_VALUE)) == [*INVALID, False]
    assert answer(m.is_dataview(made, NO_RESULT)) == [*INVALID, False]
    every = [3, 8, 8, storage]
    assert answer(m.dataview_info(made, 0)) == [OK, OK, None, *every]
    assert answer(m.dataview_info(made, RAISE)) == [OK, OK, PENDING_ERROR, *every]
    assert answer(m.dataview_info(made, NO_VALUE)) == INVALID
    some = [POISON, POISON, 8, storage]
    assert answer(m.dataview_info(made, NO_RESULT)) == [OK, OK, None, *some]
    assert answer(m.dataview_info(made, NO_OUT)) == [OK, OK, None, 3, 8, -2]


@pytest.mark.parametrize("value", OTHERS, ids=repr)
def test_other_values_are_none(m, value):
    assert answer(m.is_dataview(value, 0)) == [OK, OK, None, False]
    assert answer(m.dataview_info(value, 0)) == INVALID


def test_it_is_a_buffer_and_no_typed_array(m):
    made = DataView(ArrayBuffer(8), 2, 3)
    memoryview(made.buffer)[2] = 9
    assert answer(m.is_typedarray(made, 0)) == [OK, OK, None, False]
    assert answer(m.typed_info(made, 0)) == INVALID
    assert answer(m.is_buffer(made, 0)) == [OK, OK, None, True]
    assert answer(m.buffer_info(made, 0)) == [OK, OK, None, 3, 9]
    assert answer(m.is_arraybuffer(made, 0)) == [OK, OK, None, False]
    assert not isinstance(made, napi.TypedArray)


class Sub(DataView):
    pass


def test_subclass_is_one(m):
    assert m.is_dataview(Sub(ArrayBuffer(4)), 0)[3] is True


# === in Python ===


@given(
    size=st.integers(0, 20),
    offset=st.integers(-2, 25),
    length=st.none() | st.integers(-2, 25),
)
def test_constructor_checks_the_range(size, offset, length):
    count = size - offset if length is None else length
    if 0 <= offset <= size and 0 <= count <= size - offset:
        assert DataView(ArrayBuffer(size), offset, length).byteLength == count
    else:
        with pytest.raises(napi.RangeError):
            DataView(ArrayBuffer(size), offset, length)


@pytest.mark.parametrize("value", [None, 8, b"bytes", [1], napi.Uint8Array(8)])
def test_constructor_needs_an_array_buffer(value):
    with pytest.raises(TypeError, match="ArrayBuffer"):
        DataView(value)


def test_memory_is_shared():
    storage = ArrayBuffer(8)
    made = DataView(storage, 2, 4)
    with memoryview(made) as view:
        assert (view.format, view.nbytes, view.readonly) == ("B", 4, False)
        view[0] = 9
    assert bytes(storage) == b"\0\0\x09" + bytes(5)
    assert bytes(made) == b"\x09" + bytes(3)


def test_it_has_no_elements(m):
    made = DataView(ArrayBuffer(8))
    with pytest.raises(IndexError):
        made[0]
    with pytest.raises(IndexError):
        made[0] = 5
    assert answer(m.set_element(made, 0, 5)) == [OK, OK, None]
    assert m.element(made, 0) == 5  # a property like any other
    assert bytes(made) == bytes(8)


# name of the methods, struct letter, bytes
FIELDS = [
    ("Int8", "b", 1),
    ("Uint8", "B", 1),
    ("Int16", "h", 2),
    ("Uint16", "H", 2),
    ("Int32", "i", 4),
    ("Uint32", "I", 4),
    ("BigInt64", "q", 8),
    ("BigUint64", "Q", 8),
    ("Float16", "e", 2),
    ("Float32", "f", 4),
    ("Float64", "d", 8),
]


def stored(letter, width, value):
    """The number that a field holds after value was stored in it."""
    if letter in "efd":
        try:
            return struct.unpack(letter, struct.pack(letter, float(value)))[0]
        except OverflowError:
            return math.copysign(math.inf, value)
    number = math.trunc(value) if math.isfinite(value) else 0
    number &= (1 << 8 * width) - 1
    signed = letter.islower() and number >> (8 * width - 1)
    return number - (1 << 8 * width) if signed else number


@pytest.mark.parametrize(("name", "letter", "width"), FIELDS)
@given(
    value=st.floats() | st.floats(-70000, 70000) | st.integers(1 - 2**53, 2**53 - 1),
    offset=st.integers(0, 10),
    little=st.booleans(),
)
@example(value=-1, offset=0, little=True)
@example(value=65520.0, offset=1, little=False)
@example(value=2.0**70, offset=1, little=False)
def test_fields_are_written_and_read(name, letter, width, value, offset, little):
    if letter in "qQ":
        value = napi.BigInt(int(value) if math.isfinite(value) else 0)
    storage = ArrayBuffer(12)
    made = DataView(storage, 1, 10)
    write, read = getattr(made, f"set{name}"), getattr(made, f"get{name}")
    if offset + width > 10:
        with pytest.raises(napi.RangeError, match="bounds"):
            write(offset, value, little)
        with pytest.raises(napi.RangeError, match="bounds"):
            read(offset, little)
        assert bytes(storage) == bytes(12)
        return
    expected = stored(letter, width, value)
    write(offset, value, little)
    order = "<" if little else ">"
    packed = struct.pack(order + letter, expected)
    found = read(offset, little)
    assert found == expected or (found != found and expected != expected)
    assert math.copysign(1, found) == math.copysign(1, expected) or found != found
    if found == found:
        after = bytes(11 - offset - width)
        assert bytes(storage) == bytes(1 + offset) + packed + after


def test_fields_are_big_endian_where_nothing_is_said():
    made = DataView(ArrayBuffer(8))
    made.setUint16(0, 0x1234)
    assert bytes(made)[:2] == b"\x12\x34"
    assert (made.getUint16(0), made.getUint16(0, True)) == (0x1234, 0x3412)


@pytest.mark.parametrize("name", ["Int8", "Uint32", "BigInt64", "Float64"])
def test_fields_of_detached_memory_are_refused(m, name):
    made = DataView(ArrayBuffer(8))
    m.detach(made.buffer, 0)
    with pytest.raises((TypeError, napi.RangeError)):
        getattr(made, f"get{name}")(0)


@pytest.mark.parametrize("value", [5.0, 1.5, None, napi.Symbol("q")], ids=repr)
def test_bigint_fields_take_no_numbers(value):
    made = DataView(ArrayBuffer(8))
    with pytest.raises(TypeError):
        made.setBigInt64(0, value)
    assert bytes(made) == bytes(8)
