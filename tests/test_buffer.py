"""Buffer: value_buffer.c, view*.c, and its methods in napi/runtime/buffer.py."""

import array
import gc
import weakref

import pytest
from answers import (
    GENERIC_FAILURE,
    INVALID,
    INVALID_ARG,
    NO_OUT,
    NO_RESULT,
    NO_VALUE,
    OK,
    PENDING,
    PENDING_ERROR,
    POISON,
    RAISE,
    REFUSED,
    answer,
)
from hypothesis import example, given
from hypothesis import strategies as st

import napi
from napi import ArrayBuffer, Buffer, SharedArrayBuffer
from napi._native import shim


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
    napi.Object(length=8),
    napi.Array([1]),
    [1],
    lambda: None,
    Buffer,
    ArrayBuffer(8),
    SharedArrayBuffer(8),
]

# === made by an addon ===


@pytest.mark.parametrize("length", [0, 1, 8, 4095, 4096, 4097, 100_000])
def test_created_buffer_is_zero_and_shared(m, length):
    status, last, error, made, given_data = m.create_buffer(length, 0, 0)
    assert (status, last, error, given_data) == (OK, OK, None, True)
    assert type(made) is Buffer
    assert (len(made), made.byteLength, made.length) == (length, length, length)
    assert bytes(made) == bytes(length)
    assert bytes(m.create_buffer(length, 7, 0)[3]) == b"\x07" * length
    if length:
        m.write_byte(made, length - 1, 200)
        assert made[length - 1] == made[-1] == 200
        assert bytes(made.buffer)[made.byteOffset :][length - 1] == 200
        memoryview(made)[0] = 99
        assert m.buffer_info(made, 0)[3:] == [length, 99]


@pytest.mark.usefixtures("recorded_reports")
def test_creation_checks_its_arguments(m):
    assert answer(m.create_buffer(8, 7, NO_RESULT)) == INVALID
    assert answer(m.create_buffer(8, 7, RAISE)) == REFUSED
    assert answer(m.create_buffer(8, 7, RAISE | NO_RESULT)) == REFUSED
    found = answer(m.create_buffer(8, 7, NO_OUT))
    assert found[:3] == [OK, OK, None]
    assert found[4] is False


@pytest.mark.parametrize("length", [2.0**41, 2.0**53, 2.0**62])
def test_too_large_is_an_error(m, length):
    status, last, error = answer(m.create_buffer(length, 0, 0))
    assert (status, last) == (GENERIC_FAILURE, GENERIC_FAILURE)
    assert error[:2] == ("Error", "ERR_BUFFER_TOO_LARGE")
    assert error[2] == "Cannot create a Buffer larger than 0x10000000000 bytes"


@given(st.text(st.characters(max_codepoint=255), max_size=99))
def test_copy_has_the_bytes(m, text):
    found = m.buffer_copy(text, 0)
    assert answer(found)[:3] == [OK, OK, None]
    assert type(found[3]) is Buffer
    assert bytes(found[3]) == text.encode("latin-1")
    assert found[4] is True


@pytest.mark.usefixtures("recorded_reports")
def test_copy_checks_its_arguments(m):
    assert answer(m.buffer_copy("abc", NO_RESULT)) == [*INVALID, napi.null, False]
    assert answer(m.buffer_copy("abc", RAISE)) == [*REFUSED, napi.null, False]
    found = m.buffer_copy("abc", NO_OUT)
    assert (found[0], bytes(found[3]), found[4]) == (OK, b"abc", False)


OUT_OF_RANGE = (
    "RangeError",
    "ERR_OUT_OF_RANGE",
    "The byte offset + length is out of range",
)


@given(size=st.integers(0, 32), length=st.integers(0, 40), offset=st.integers(0, 40))
@example(8, 8, 0)
@example(8, 9, 0)
@example(8, 0, 8)
@example(8, 0, 9)
def test_range_over_an_array_buffer_is_checked(m, size, length, offset):
    """The exception is Node's; its status is napi_ok, with no result. Here not."""
    storage = ArrayBuffer(size)
    found = answer(m.buffer_over(storage, length, offset, 0))
    if offset + length > size:
        assert found == [PENDING, PENDING, OUT_OF_RANGE, napi.null]
        return
    made = found[3]
    assert found[:3] == [OK, OK, None]
    assert type(made) is Buffer
    assert (len(made), made.byteOffset) == (length, offset)
    assert made.buffer is storage


@pytest.mark.parametrize("length", [2.0**53, 2.0**62, -1.0])
def test_range_does_not_overflow(m, length):
    expected = [PENDING, PENDING, OUT_OF_RANGE, napi.null]
    assert answer(m.buffer_over(ArrayBuffer(8), length, 1, 0)) == expected
    assert answer(m.buffer_over(ArrayBuffer(8), 1, length, 0)) == expected


@pytest.mark.parametrize(
    "value",
    [*OTHERS[:-2], SharedArrayBuffer(8), b"bytes", bytearray(8), Buffer(8)],
    ids=repr,
)
def test_only_plain_array_buffers_can_be_a_buffer(m, value):
    """Node leaves the last error as it was."""
    assert answer(m.buffer_over(value, 0, 0, 0)) == [
        *[INVALID_ARG, OK, None],
        napi.null,
    ]


@pytest.mark.usefixtures("recorded_reports")
def test_buffer_over_checks_its_arguments(m):
    storage = ArrayBuffer(8)
    assert answer(m.buffer_over(storage, 8, 0, NO_VALUE)) == [*INVALID, napi.null]
    assert answer(m.buffer_over(storage, 8, 0, NO_RESULT)) == [*INVALID, napi.null]
    assert answer(m.buffer_over(storage, 8, 0, RAISE)) == [*REFUSED, napi.null]


# === questions ===


@pytest.mark.parametrize("value", OTHERS, ids=repr)
def test_other_values_are_none(m, value):
    assert answer(m.is_buffer(value, 0)) == [OK, OK, None, False]
    assert answer(m.buffer_info(value, 0)) == [*INVALID, POISON, -2]


@pytest.mark.parametrize(
    ("value", "length", "first"),
    [
        (Buffer(b"abc"), 3, 97),
        (Buffer(0), 0, -1),
        (napi.Uint8Array([5, 6]), 2, 5),
        (napi.Uint16Array([5, 6]), 4, 5),
        (napi.Float64Array(3), 24, 0),
        (napi.DataView(ArrayBuffer(8), 2, 3), 3, 0),
        (b"abc", 3, 97),
        (bytearray(b"abc"), 3, 97),
        (memoryview(b"abc")[1:], 2, 98),
        (array.array("i", [5, 6]), 8, 5),
        (b"", 0, -1),
    ],
    ids=repr,
)
def test_each_view_is_one(m, value, length, first):
    assert answer(m.is_buffer(value, 0)) == [OK, OK, None, True]
    assert answer(m.buffer_info(value, 0)) == [OK, OK, None, length, first]


@pytest.mark.usefixtures("recorded_reports")
def test_questions_check_their_arguments(m):
    made = Buffer(b"abc")
    assert answer(m.is_buffer(made, NO_VALUE)) == [*INVALID, False]
    assert answer(m.is_buffer(made, NO_RESULT)) == [*INVALID, False]
    assert answer(m.is_buffer(made, RAISE)) == [OK, OK, PENDING_ERROR, True]
    assert answer(m.buffer_info(made, NO_VALUE)) == [*INVALID, POISON, -2]
    assert answer(m.buffer_info(made, NO_RESULT)) == [OK, OK, None, POISON, 97]
    assert answer(m.buffer_info(made, NO_OUT)) == [OK, OK, None, 3, -2]
    assert answer(m.buffer_info(made, RAISE)) == [OK, OK, PENDING_ERROR, 3, 97]


# === a Buffer is a Uint8Array ===


def test_it_is_a_typed_array(m):
    made = Buffer(b"abc")
    assert isinstance(made, napi.Uint8Array)
    assert m.is_typedarray(made, 0)[3] is True
    kind, length, offset, distance, storage = m.typed_info(made, 0)[3:]
    assert (kind, length, offset - distance) == (1, 3, 0)
    assert type(storage) is ArrayBuffer
    assert bytes(storage)[offset : offset + 3] == b"abc"


@pytest.mark.parametrize("length", [4, 5000])
def test_its_array_buffer_stays_the_same(m, length):
    """While somebody has it; the bytes stay where they are in any case."""
    made = m.create_buffer(length, 7, 0)[3]
    storage = made.buffer
    assert made.buffer is storage
    assert m.typed_info(made, 0)[7] is storage
    memoryview(storage)[0] = 1
    del storage
    gc.collect()
    assert made[0] == 1
    memoryview(made.buffer)[1] = 2
    assert list(made[:3]) == [1, 2, 7]


@pytest.mark.parametrize("length", [4, 5000])
@pytest.mark.parametrize(
    "ask",
    [
        lambda m, made: made.buffer,
        lambda m, made: m.typed_info(made, 0)[7],
        lambda m, made: made[1:3].buffer,
        lambda m, made: napi.Uint8Array(made.buffer, made.byteOffset).buffer,
    ],
)
def test_nobody_keeps_a_buffer_that_was_asked_for(m, length, ask):
    made = m.create_buffer(length, 7, 0)[3]
    dead = [weakref.ref(made), weakref.ref(ask(m, made))]
    del made
    gc.collect()
    assert [one() for one in dead] == [None, None]


def test_array_buffer_that_goes_is_not_found_again(m):
    """Its Buffer points at it, and lives on."""
    made = m.create_buffer(4, 7, 0)[3]
    found = []
    first = made.buffer
    watcher = weakref.ref(first, lambda _: found.append(made.buffer))
    del first
    gc.collect()
    assert watcher() is None
    assert bytes(found[0]) == b"\x07" * 4
    assert made.buffer is found[0]


@pytest.mark.parametrize("length", [4, 5000])
def test_array_buffer_keeps_the_bytes(m, length):
    storage = m.create_buffer(length, 7, 0)[3].buffer
    gc.collect()
    assert bytes(storage) == b"\x07" * length
    view = memoryview(m.create_buffer(length, 9, 0)[3].buffer)
    gc.collect()
    assert bytes(view) == b"\x09" * length


@pytest.mark.parametrize("length", [4, 5000])
def test_exported_buffer_is_not_detached(m, length):
    made = m.create_buffer(length, 7, 0)[3]
    before = memoryview(made)
    assert answer(m.detach(made.buffer, 0))[0] == 20
    storage = made.buffer
    after = memoryview(made)
    before.release()
    assert answer(m.detach(storage, 0))[0] == 20
    after.release()
    assert answer(m.detach(storage, 0))[0] == OK
    assert len(made) == 0


@given(
    data=st.binary(max_size=20),
    start=st.none() | st.integers(-25, 25),
    stop=st.none() | st.integers(-25, 25),
)
def test_parts_share_the_memory(data, start, stop):
    made = Buffer(data)
    for part in (made[start:stop], made.subarray(start, stop), made.slice(start, stop)):
        assert type(part) is Buffer
        assert bytes(part) == data[start:stop]
        if len(part):
            part[0] = part[0] ^ 255
            assert bytes(made) != data
            part[0] = part[0] ^ 255


def test_size_is_a_number_and_a_function():
    made = Buffer(b"abc")
    assert made.byteLength == 3
    assert Buffer.byteLength("é") == 2
    assert Buffer.byteLength(made) == 3


class Sub(Buffer):
    pass


def test_subclass_is_one(m):
    made = Sub(b"abc")
    assert made.byteLength == 3
    assert Buffer.isBuffer(made)
    assert m.buffer_info(made, 0)[3:] == [3, 97]


# === its methods ===


@pytest.mark.parametrize(
    ("encoding", "text", "data"),
    [
        ("utf8", "é€😀", "é€😀".encode()),
        ("latin1", "é", b"\xe9"),
        ("binary", "\u20ac", b"\xac"),
        ("ascii", "a", b"a"),
        ("utf16le", "aé", "aé".encode("utf-16-le")),
        ("ucs2", "a", b"a\0"),
        ("hex", "00ff10", b"\x00\xff\x10"),
        ("base64", "AP8Q", b"\x00\xff\x10"),
        ("base64url", "-_8", b"\xfb\xff"),
    ],
)
def test_encodings_go_both_ways(encoding, text, data):
    assert bytes(Buffer.from_(text, encoding)) == data
    if encoding != "binary":
        assert Buffer(data).toString(encoding) == text
    assert Buffer.byteLength(text, encoding) == len(data)


@given(st.binary(max_size=40))
def test_texts_of_bytes_give_the_bytes(data):
    made = Buffer(data)
    for encoding in ("hex", "base64", "base64url", "latin1"):
        assert bytes(Buffer.from_(made.toString(encoding), encoding)) == data
    assert made.toString() == data.decode("utf-8", "replace")
    assert made.toJSON()["data"] == list(data)
    assert made.equals(Buffer(data))
    assert bytes(Buffer.concat([made, made])) == data * 2


def test_from_takes_bytes_and_lies_over_buffers():
    source = bytearray(b"abc")
    copy = Buffer.from_(source)
    source[0] = 0
    assert bytes(copy) == b"abc"
    storage = ArrayBuffer(8)
    over = Buffer.from_(storage, 2, 3)
    over[0] = 5
    assert bytes(storage) == b"\0\0\x05" + bytes(5)
    assert bytes(Buffer.alloc(4, "ab")) == b"abab"


@pytest.mark.parametrize(
    ("name", "value", "data"),
    [
        ("UInt8", 255, b"\xff"),
        ("Int8", -1, b"\xff"),
        ("UInt16LE", 0x1234, b"\x34\x12"),
        ("UInt16BE", 0x1234, b"\x12\x34"),
        ("Int32LE", -2, b"\xfe\xff\xff\xff"),
        ("Int32BE", -2, b"\xff\xff\xff\xfe"),
        ("DoubleLE", 1.5, bytes(6) + b"\xf8\x3f"),
        ("FloatBE", 1.5, b"\x3f\xc0\0\0"),
        ("BigInt64LE", napi.BigInt(-1), b"\xff" * 8),
        ("BigUInt64BE", napi.BigInt(1), bytes(7) + b"\x01"),
    ],
)
def test_numbers_are_written_and_read(name, value, data):
    made = Buffer(len(data) + 1)
    assert getattr(made, f"write{name}")(value, 1) == len(data) + 1
    assert bytes(made) == b"\0" + data
    assert getattr(made, f"read{name}")(1) == value
    with pytest.raises(napi.RangeError):
        getattr(made, f"read{name}")(2)


@pytest.mark.parametrize("data", [b"abcd", bytearray(b"abcd")])
def test_bytes_of_python_are_buffers(data):
    assert napi.Buffer.isBuffer(data)
    assert shim.get_prototype(data) is shim.get_prototype(napi.Buffer(1))
    text = shim.call(shim.get(data, "toString"), data, "hex")
    assert text == "61626364"
    memory = shim.get(data, "buffer")
    assert isinstance(memory, napi.ArrayBuffer)
    assert bytes(memory) == b"abcd"
    part = shim.call(shim.get(data, "subarray"), data, 1, 3)
    assert bytes(part) == b"bc"
    memoryview(memory)[0] = 0
    assert data[0] == (97 if isinstance(data, bytes) else 0)
