"""Typed arrays: value_typedarray.c, and what Python sees of them: view*.c."""

import array
import math
import struct

import pytest
from answers import (
    GENERIC_FAILURE,
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
from napi import ArrayBuffer, SharedArrayBuffer

# in the order of napi_typedarray_type: name, format, bytes
KINDS = [
    ("Int8Array", "b", 1),
    ("Uint8Array", "B", 1),
    ("Uint8ClampedArray", "B", 1),
    ("Int16Array", "h", 2),
    ("Uint16Array", "H", 2),
    ("Int32Array", "i", 4),
    ("Uint32Array", "I", 4),
    ("Float32Array", "f", 4),
    ("Float64Array", "d", 8),
    ("BigInt64Array", "q", 8),
    ("BigUint64Array", "Q", 8),
    ("Float16Array", "e", 2),
]
TYPES = [getattr(napi, name) for name, _, _ in KINDS]
NUMBERS = range(len(KINDS))


def name_of(number):
    return KINDS[number][0]


each_kind = pytest.mark.parametrize("number", NUMBERS, ids=name_of)


@pytest.fixture(scope="module")
def m(view):
    return view


OTHERS = [
    None,
    napi.null,
    5,
    "text",
    False,
    napi.Symbol("s"),
    napi.BigInt(5),
    napi.Object(length=8),
    napi.Array([1]),
    [1],
    (1,),
    lambda: None,
    napi.Uint8Array,
    ArrayBuffer(8),
    SharedArrayBuffer(8),
    napi.DataView(ArrayBuffer(8)),
]

# === over a buffer: the range ===


def expect(kind, size, offset, length):
    """What Node answers for a buffer of so many bytes: status, exception."""
    if not 0 <= kind < len(KINDS):
        return INVALID
    name, _, width = KINDS[kind]
    if offset % width:
        text = f"start offset of {name} should be a multiple of {width}"
        code = "ERR_NAPI_INVALID_TYPEDARRAY_ALIGNMENT"
    elif offset + length * width > size:
        text, code = "Invalid typed array length", "ERR_NAPI_INVALID_TYPEDARRAY_LENGTH"
    else:
        return [OK, OK, None]
    return [GENERIC_FAILURE, GENERIC_FAILURE, ("RangeError", code, text)]


@given(
    kind=st.integers(-1, 13),
    size=st.integers(0, 64),
    offset=st.integers(0, 70),
    length=st.integers(0, 70),
    shared=st.booleans(),
)
@example(5, 8, 2, 1, False)
@example(5, 8, 0, 3, False)
@example(5, 8, 8, 0, False)
@example(5, 8, 12, 0, False)
@example(5, 8, 1, 99, False)
@example(11, 8, 2, 3, True)
@example(12, 8, 1, 99, False)
@example(10, 0, 0, 0, False)
def test_range_is_checked_as_by_node(m, kind, size, offset, length, shared):
    storage = (SharedArrayBuffer if shared else ArrayBuffer)(size)
    expected = expect(kind, size, offset, length)
    found = m.typed(storage, kind, length, offset, 0)
    assert answer(found)[:3] == expected
    if expected[0] != OK:
        assert found[3] is napi.null
        return
    made = found[3]
    assert type(made) is TYPES[kind]
    assert (len(made), made.byteOffset) == (length, offset)
    assert made.byteLength == length * KINDS[kind][2]
    info = [OK, OK, None, kind, length, offset, offset]
    assert answer(m.typed_info(made, 0)) == [*info, storage]
    assert m.typed_info(made, 0)[7] is made.buffer is storage


@each_kind
@pytest.mark.parametrize("length", [2.0**53, 2.0**61, 2.0**62, -1.0])
def test_range_does_not_overflow(m, number, length):
    code = "ERR_NAPI_INVALID_TYPEDARRAY_LENGTH"
    refusal = ("RangeError", code, "Invalid typed array length")
    found = answer(m.typed(ArrayBuffer(8), number, length, 8, 0))
    assert found[:3] == [GENERIC_FAILURE, GENERIC_FAILURE, refusal]


@pytest.mark.parametrize(
    "value",
    [*OTHERS[:-3], b"bytes", bytearray(8), napi.Uint8Array(8), napi.Buffer(8)],
    ids=repr,
)
def test_only_array_buffers_can_be_viewed(m, value):
    assert answer(m.typed(value, 1, 0, 0, 0)) == [*INVALID, napi.null]


@pytest.mark.usefixtures("recorded_reports")
def test_creation_checks_its_arguments(m):
    storage = ArrayBuffer(8)
    assert answer(m.typed(storage, 1, 8, 0, NO_VALUE)) == [*INVALID, napi.null]
    assert answer(m.typed(storage, 1, 8, 0, NO_RESULT)) == [*INVALID, napi.null]
    expected = [PENDING, PENDING, PENDING_ERROR, napi.null]
    assert answer(m.typed(storage, 1, 8, 0, RAISE)) == expected
    assert answer(m.typed(storage, 1, 99, 0, RAISE)) == expected


# === questions ===


@each_kind
@pytest.mark.usefixtures("recorded_reports")
def test_information(m, number):
    storage = ArrayBuffer(32)
    made = TYPES[number](storage, 8, 2)
    assert answer(m.is_typedarray(made, 0)) == [OK, OK, None, True]
    assert m.is_dataview(made, 0)[3] is False
    assert m.is_buffer(made, 0)[3] is True
    assert m.buffer_info(made, 0)[3:] == [2 * KINDS[number][2], 0]
    every = [number, 2, 8, 8, storage]
    assert answer(m.typed_info(made, 0)) == [OK, OK, None, *every]
    assert answer(m.typed_info(made, RAISE)) == [OK, OK, PENDING_ERROR, *every]
    assert answer(m.typed_info(made, NO_VALUE)) == INVALID
    some = [POISON, POISON, POISON, 8, storage]
    assert answer(m.typed_info(made, NO_RESULT)) == [OK, OK, None, *some]
    assert answer(m.typed_info(made, NO_OUT))[3:] == [number, 2, 8, -2]
    assert answer(m.dataview_info(made, 0)) == INVALID


@pytest.mark.usefixtures("recorded_reports")
def test_question_checks_its_arguments(m):
    made = napi.Uint8Array(8)
    assert answer(m.is_typedarray(made, NO_VALUE)) == [*INVALID, False]
    assert answer(m.is_typedarray(made, NO_RESULT)) == [*INVALID, False]
    assert answer(m.is_typedarray(made, RAISE)) == [OK, OK, PENDING_ERROR, True]


@pytest.mark.parametrize("value", OTHERS, ids=repr)
def test_other_values_are_none(m, value):
    assert answer(m.is_typedarray(value, 0)) == [OK, OK, None, False]
    assert answer(m.typed_info(value, 0)) == INVALID


class Sub(napi.Int16Array):
    pass


def test_subclass_is_one(m):
    made = Sub([1, 2])
    assert m.is_typedarray(made, 0)[3] is True
    assert m.typed_info(made, 0)[3:5] == [3, 2]
    assert type(made[:1]) is Sub


# === native memory of Python ===

NATIVE = [
    (b"ab", 1),
    (bytearray(b"ab"), 1),
    (memoryview(b"ab"), 1),
    (memoryview(bytearray(b"ab")).cast("b"), 0),
    *(
        (array.array(code, [1, 2]), kind)
        for code, kind in zip("hHiIfd", range(3, 9), strict=True)
    ),
    (array.array("q", [1, 2]), 9),
    (array.array("Q", [1, 2]), 10),
    (array.array("l", [1, 2]), 9),
    (memoryview(bytearray(8))[2:4], 1),
]


@pytest.mark.parametrize(("value", "kind"), NATIVE, ids=repr)
def test_native_memory_is_a_typed_array(m, value, kind):
    status, last, error, found, length, offset, distance, storage = m.typed_info(
        value, 0
    )
    assert (status, last, error) == (OK, OK, None)
    assert (found, length, offset, distance) == (kind, 2, 0, 0)
    assert storage.byteLength == 2 * KINDS[kind][2]
    assert m.is_typedarray(value, 0)[3] is True
    assert m.is_buffer(value, 0)[3] is True


NOT_NATIVE = [
    memoryview(b"abcd")[::2],
    memoryview(b"abcd").cast("B", [2, 2]),
    memoryview(b"abcd")[::-1],
    array.array("u", "ab"),
    memoryview(struct.pack("d", 1.0)).cast("c").cast("B").cast("P"),
]


@pytest.mark.parametrize("value", NOT_NATIVE, ids=repr)
def test_memory_of_another_shape_is_none(m, value):
    assert m.is_typedarray(value, 0)[3] is False
    assert answer(m.typed_info(value, 0)) == INVALID
    assert answer(m.buffer_info(value, 0)) == [*INVALID, POISON, -2]


def test_writable_memory_is_shared_and_other_is_copied(m, recorded_reports):
    owned, fixed = bytearray(b"ab"), b"ab"
    assert m.write_byte(owned, 0, 99) is True
    assert m.write_byte(fixed, 0, 99) is True
    assert (owned, fixed) == (b"cb", b"ab")
    values = array.array("d", [1.0, 2.0])
    m.write_byte(values, 7, 0x40)
    assert values[0] == struct.unpack("<d", struct.pack("<d", 1.0)[:7] + b"\x40")[0]


# === the buffer protocol ===


@each_kind
def test_memoryview_has_format_and_shape(number):
    _, letter, width = KINDS[number]
    made = TYPES[number](ArrayBuffer(64), 16, 3)
    with memoryview(made) as view:
        assert (view.format, view.itemsize) == (letter, width)
        assert (view.shape, view.strides) == ((3,), (width,))
        assert not view.readonly
        assert view.c_contiguous
        view.cast("B")[width : 2 * width] = struct.pack(f"<{letter}", 5)
    assert made[1] == 5
    assert bytes(made.buffer) == bytes(16) + struct.pack(f"<3{letter}", 0, 5, 0).ljust(
        48, b"\0"
    )


@each_kind
def test_empty_ones_have_empty_memory(m, number):
    for made in (
        TYPES[number](0),
        TYPES[number]([]),
        TYPES[number](ArrayBuffer(0)),
        m.typed(ArrayBuffer(8), number, 0, 8, 0)[3],
    ):
        assert (len(made), made.byteLength, list(made), bytes(made)) == (0, 0, [], b"")
        assert memoryview(made).shape == (0,)
        assert not made[:]


@each_kind
def test_numpy_shares_it(m, number):
    numpy = pytest.importorskip("numpy", reason="NumPy is no requirement")
    _, letter, _ = KINDS[number]
    made = TYPES[number]([1, 2, 3])
    shared = numpy.asarray(made)
    assert shared.dtype == numpy.dtype(letter)
    shared[0] = 7
    assert made[0] == 7
    assert m.typed_info(shared, 0)[4] == 3
    kind = m.typed_info(shared, 0)[3]
    assert kind == (1 if number == 2 else number)
    m.write_byte(shared, 0, 0)
    m.write_byte(shared, 1, 0)
    assert bytes(made)[:1] == b"\0"
    assert numpy.shares_memory(shared, numpy.asarray(made))


# === elements, as JavaScript converts them ===


def wrap(value, bits, signed):
    if not math.isfinite(value):
        return 0
    result = math.trunc(value) & ((1 << bits) - 1)
    return result - (1 << bits) if signed and result >> (bits - 1) else result


def clamp(value):
    """To even where two are equally near, ECMA-262 7.1.12."""
    if not value > 0:
        return 0
    return 255 if value >= 255 else round(value)


def narrow(value, letter):
    try:
        return struct.unpack(letter, struct.pack(letter, value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def convert(number, value):
    """What an element is after value was stored in it."""
    name, letter, width = KINDS[number]
    if name == "Uint8ClampedArray":
        return clamp(value)
    if letter in "efd":
        return narrow(float(value), letter)
    return wrap(value, width * 8, letter.islower())


def same(left, right):
    if left != left:
        return right != right
    return left == right and math.copysign(1, left) == math.copysign(1, right)


ANY_NUMBER = (
    st.floats()
    | st.floats(-70000, 70000)
    | st.integers(1 - 2**53, 2**53 - 1)
    | st.integers(-300, 600).map(lambda n: n / 2)
)


@pytest.mark.parametrize("number", {*NUMBERS} - {9, 10}, ids=name_of)
@given(value=ANY_NUMBER)
@example(0.5)
@example(1.5)
@example(2.5)
@example(254.5)
@example(255.5)
@example(-0.0)
@example(-1)
@example(2**31)
@example(2**32)
@example(-(2**31) - 1)
@example(1e300)
@example(65519.99)
@example(65520)
@example(2.0**-25)
@example(2.0**-24)
@example(1.00048828125)
@example(math.inf)
@example(-math.inf)
@example(math.nan)
def test_stored_number_is_converted(m, number, value):
    expected = convert(number, value)
    made = TYPES[number](1)
    made[0] = value
    assert same(made[0], expected)
    made = TYPES[number](1)
    assert answer(m.set_element(made, 0, value)) == [OK, OK, None]
    assert same(m.element(made, 0), expected)
    assert same(TYPES[number]([value])[0], expected)


@pytest.mark.parametrize("number", [9, 10], ids=name_of)
@given(value=st.integers(-(2**70), 2**70))
@example(2**63)
@example(-(2**63) - 1)
@example(2**64 + 3)
def test_stored_bigint_wraps(m, number, value):
    expected = wrap(value, 64, number == 9) if value.bit_length() < 1000 else 0
    for stored in (value, napi.BigInt(value)):
        made = TYPES[number](1)
        made[0] = stored
        assert made[0] == expected
        assert type(made[0]) is napi.BigInt
    made = TYPES[number](1)
    assert answer(m.set_element(made, 0, napi.BigInt(value))) == [OK, OK, None]
    assert m.element(made, 0) == expected
    assert TYPES[number]([napi.BigInt(value)])[0] == expected


def fail(*_):
    raise napi.Error("v")


NO_NUMBER = ("TypeError", None, "Cannot convert a BigInt value to a number")
NO_SYMBOL = ("TypeError", None, "Cannot convert a Symbol value to a number")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("5", 5),
        (" 0x10 ", 16),
        ("x", 0),
        (True, 1),
        (None, 0),
        (napi.null, 0),
        (300, 44),
        ([7], 7),
        ([7, 8], 0),
        (napi.Object(valueOf=lambda *_: 9), 9),
        (napi.BigInt(5), NO_NUMBER),
        (napi.Symbol("q"), NO_SYMBOL),
        (napi.Object(valueOf=fail), ("Error", None, "v")),
    ],
    ids=repr,
)
def test_other_values_become_numbers(m, value, expected):
    made = napi.Int8Array([3, 3])
    found = answer(m.set_element(made, 0, value))
    if isinstance(expected, int):
        assert (found, list(made)) == ([OK, OK, None], [expected, 3])
        made[1] = value
        assert made[1] == expected
    else:
        assert (found, list(made)) == ([PENDING, PENDING, expected], [3, 3])
        with pytest.raises(napi.Error if expected[0] == "Error" else TypeError):
            made[1] = value
        # also where it would be lost
        assert answer(m.set_element(made, 9, value))[2] == expected


def refused(kind, text):
    return kind, None, f"Cannot convert {text} to a BigInt"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("5", 5),
        ("", 0),
        (" 0xff ", 255),
        (True, 1),
        (napi.BigInt(2**64 + 3), 3),
        (napi.Object(valueOf=lambda *_: napi.BigInt(9)), 9),
        (5.0, refused("TypeError", "5")),
        (1.5, refused("TypeError", "1.5")),
        (math.nan, refused("TypeError", "NaN")),
        (None, refused("TypeError", "undefined")),
        (napi.null, refused("TypeError", "null")),
        (napi.Symbol("q"), refused("TypeError", "Symbol(q)")),
        ("x", refused("SyntaxError", "x")),
        ("1.5", refused("SyntaxError", "1.5")),
        (napi.Object(valueOf=fail), ("Error", None, "v")),
    ],
    ids=repr,
)
def test_other_values_become_bigints(m, value, expected):
    made = napi.BigInt64Array(1)
    found = answer(m.set_element(made, 0, value))
    if isinstance(expected, int):
        assert (found, list(made)) == ([OK, OK, None], [expected])
        assert answer(m.set_element(made, 9, value)) == [OK, OK, None]
    else:
        assert (found, list(made)) == ([PENDING, PENDING, expected], [0])
        assert answer(m.set_element(made, 9, value)) == [PENDING, PENDING, expected]


def test_conversion_may_detach(m):
    """The number is converted first; the store is then lost."""
    made = napi.Int8Array(4)
    big = napi.BigInt64Array(1)

    def detach(view, result):
        return napi.Object(valueOf=lambda *_: (m.detach(view.buffer, 0), result)[1])

    assert answer(m.set_element(made, 0, detach(made, 5))) == [OK, OK, None]
    assert answer(m.set_element(big, 0, detach(big, napi.BigInt(5)))) == [OK, OK, None]
    assert (len(made), len(big)) == (0, 0)


@each_kind
def test_out_of_range_is_lost_for_addons_and_an_error_in_python(m, number):
    made = TYPES[number](2)
    new = napi.BigInt(1) if KINDS[number][1] in "qQ" else 1
    for index in (2, 3, 2**32 - 2):
        assert answer(m.set_element(made, index, new)) == [OK, OK, None]
        assert m.element(made, index) is None
    for index in (2, -3, 2**70):
        with pytest.raises(IndexError):
            made[index]
        with pytest.raises(IndexError):
            made[index] = 1
    with pytest.raises(TypeError):
        del made[0]
    with pytest.raises(TypeError):
        made["0"]
    assert list(made) == [0, 0]


# === slices ===


@each_kind
@given(
    length=st.integers(0, 12),
    start=st.none() | st.integers(-15, 15),
    stop=st.none() | st.integers(-15, 15),
)
def test_slice_is_a_view_of_the_same_memory(number, length, start, stop):
    made = TYPES[number](range(length))
    part = made[start:stop]
    assert type(part) is TYPES[number]
    assert part.buffer is made.buffer
    assert list(part) == list(range(length))[start:stop]
    if len(part):
        part[0] = 99
        first = slice(start, stop).indices(length)[0]
        assert made[first] == 99


def test_slice_has_no_steps():
    with pytest.raises(ValueError, match="steps"):
        napi.Uint8Array(8)[::2]


@each_kind
@given(data=st.data(), length=st.integers(0, 12))
def test_slice_takes_what_a_memoryview_takes(number, data, length):
    made = TYPES[number](range(length))
    bound = st.none() | st.integers(-15, 15)
    chosen = slice(data.draw(bound), data.draw(bound))
    model = list(range(length))
    new = TYPES[number]([7] * len(model[chosen]))
    made[chosen] = new
    model[chosen] = list(new)
    assert list(made) == model
    with pytest.raises(ValueError, match="different structures"):
        made[chosen] = TYPES[number](len(new) + 1)
    with pytest.raises(TypeError):
        made[chosen] = list(new)
    with pytest.raises(TypeError):
        del made[chosen]


# === made in Python ===


@each_kind
def test_constructor_takes_lengths_numbers_and_buffers(number):
    kind, (_, letter, width) = TYPES[number], KINDS[number]
    assert list(kind()) == []
    assert list(kind(3)) == [0, 0, 0]
    assert list(kind([1, 2])) == list(kind((1, 2))) == list(kind(range(1, 3))) == [1, 2]
    source = kind([1, 2, 3])
    copy = kind(source)
    copy[0] = 9
    assert (source[0], copy[0]) == (1, 9)
    storage = ArrayBuffer(width * 4)
    over = kind(storage, width, 2)
    over[0] = 5
    assert bytes(storage) == struct.pack(f"<4{letter}", 0, 5, 0, 0)
    assert len(kind(storage)) == 4
    assert len(kind(storage, width)) == 3
    assert kind.__name__ in repr(over)


@each_kind
@given(
    size=st.integers(0, 40),
    offset=st.integers(-2, 45),
    length=st.none() | st.integers(-2, 45),
)
def test_constructor_checks_the_range(number, size, offset, length):
    kind, width = TYPES[number], KINDS[number][2]
    count = (size - offset) // width if length is None else length
    fits = 0 <= offset <= size and offset % width == 0 and count >= 0
    fits = fits and offset + count * width <= size
    if length is None:
        fits = fits and (size - offset) % width == 0
    if fits:
        assert len(kind(ArrayBuffer(size), offset, length)) == count
    else:
        with pytest.raises(napi.RangeError):
            kind(ArrayBuffer(size), offset, length)


@pytest.mark.parametrize("length", [-1, 2**62, 2**70])
@each_kind
def test_constructor_refuses_lengths(number, length):
    with pytest.raises(napi.RangeError):
        TYPES[number](length)


@pytest.mark.parametrize("value", [1.5, object(), len])
def test_constructor_refuses_other_values(value):
    with pytest.raises(TypeError):
        napi.Uint8Array(value)


def test_abstract_types_are_not_made():
    for argument in (8, [1], ArrayBuffer(8)):
        for kind in (napi.TypedArray, type("Own", (napi.TypedArray,), {})):
            with pytest.raises(napi.TypeError, match="Abstract class"):
                kind(argument)


@each_kind
def test_types_are_one_family(m, number):
    made = TYPES[number](1)
    assert isinstance(made, napi.TypedArray)
    assert not isinstance(made, (napi.DataView, ArrayBuffer))
    assert isinstance(made, napi.Uint8Array) is (number == 1)
    assert KINDS[number][2] == made.BYTES_PER_ELEMENT
