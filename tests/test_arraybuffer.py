"""Array buffers, shared and external ones, and detaching: value_arraybuffer.c."""

import gc
import pickle
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
    REFUSED,
    answer,
)
from hypothesis import given
from hypothesis import strategies as st

import napi
from napi import ArrayBuffer, SharedArrayBuffer

ARRAYBUFFER_EXPECTED, NOT_DETACHABLE = 19, 20


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
    [1],
    b"bytes",
    bytearray(b"bytes"),
    memoryview(b"bytes"),
    lambda: None,
    ArrayBuffer,
    napi.Uint8Array(8),
    napi.DataView(ArrayBuffer(8)),
    napi.Buffer(8),
]

# === made by an addon ===

MAKERS = {"create": ArrayBuffer, "create_shared": SharedArrayBuffer}


@pytest.mark.parametrize("length", [0, 1, 7, 8, 4095, 4096, 4097, 100_000])
@pytest.mark.parametrize("name", MAKERS)
def test_created_memory_is_shared_with_python(m, name, length):
    status, last, error, made, has_data = getattr(m, name)(length, 7, 0)
    assert (status, last, error, has_data) == (OK, OK, None, True)
    assert type(made) is MAKERS[name]
    assert made.byteLength == len(made) == length
    assert bytes(made) == b"\x07" * length
    with memoryview(made) as view:
        assert not view.readonly
        assert (view.format, view.itemsize, view.nbytes) == ("B", 1, length)
        if length:
            m.write_byte(made, length - 1, 200)
            assert view[-1] == 200
            view[0] = 99
            assert m.info(made, 0)[4] == 99


@pytest.mark.parametrize("name", MAKERS)
def test_created_memory_is_zero(m, name):
    assert bytes(getattr(m, name)(5000, 0, 0)[3]) == bytes(5000)


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.usefixtures("recorded_reports")
def test_creation_needs_a_result_and_no_data(m, name):
    create = getattr(m, name)
    assert answer(create(8, 7, NO_RESULT)) == INVALID
    assert answer(create(8, 7, RAISE)) == REFUSED
    assert answer(create(8, 7, RAISE | NO_RESULT)) == REFUSED
    status, last, error, made, has_data = create(8, 7, NO_OUT)
    assert (status, last, error, has_data) == (OK, OK, None, False)
    assert bytes(made) == bytes(8)


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("length", [2.0**62, 2.0**55])
def test_too_much_memory_is_a_range_error(m, name, length):
    refusal = ("RangeError", None, "Array buffer allocation failed")
    found = answer(getattr(m, name)(length, 0, 0))
    assert found == [PENDING, PENDING, refusal]


# === made in Python ===


@pytest.mark.parametrize("kind", [ArrayBuffer, SharedArrayBuffer])
def test_python_makes_them(m, kind):
    made = kind(5000)
    assert bytes(made) == bytes(5000)
    assert len(kind()) == 0
    assert repr(made).endswith("of 5000 bytes>")
    assert m.info(made, 0)[3:] == [5000, 0]
    with pytest.raises(napi.RangeError, match="allocation failed"):
        kind(-1)
    for wrong in ("8", 1.5, None):
        with pytest.raises(TypeError):
            kind(wrong)


def test_length_cannot_be_assigned():
    made = ArrayBuffer(8)
    for name in ("byteLength", "detached"):
        with pytest.raises(TypeError, match=name):
            setattr(made, name, 5)
    assert made.byteLength == 8


def test_slice_copies():
    made = ArrayBuffer(8)
    memoryview(made)[:] = b"abcdefgh"
    part = made.slice(2, -2)
    assert (type(part), bytes(part)) == (ArrayBuffer, b"cdef")
    memoryview(part)[0] = 0
    assert bytes(made) == b"abcdefgh"


def test_shared_and_plain_are_different_types(m):
    assert not issubclass(SharedArrayBuffer, ArrayBuffer)
    assert m.is_arraybuffer(SharedArrayBuffer(1), 0)[3] is False
    assert m.is_shared(ArrayBuffer(1), 0)[3] is False
    assert not hasattr(type("Sub", (ArrayBuffer,), {})(4), "shared")


class Sub(ArrayBuffer):
    pass


class SubShared(SharedArrayBuffer):
    pass


def test_subclasses_are_what_they_derive_from(m):
    assert m.is_arraybuffer(Sub(4), 0)[3] is True
    assert m.is_shared(SubShared(4), 0)[3] is True
    assert m.info(Sub(4), 0)[3] == 4
    assert answer(m.detach(SubShared(4), 0))[0] == ARRAYBUFFER_EXPECTED
    kept = Sub(4)
    assert m.typed_info(napi.Uint8Array(kept), 0)[7] is kept


# === questions ===

QUESTIONS = ["is_arraybuffer", "is_shared", "is_detached"]


@pytest.mark.parametrize("value", OTHERS, ids=repr)
def test_other_values_are_none(m, value):
    for name in QUESTIONS:
        assert answer(getattr(m, name)(value, 0)) == [OK, OK, None, False]
    assert answer(m.info(value, 0)) == [*INVALID, POISON, -2]
    expected = [ARRAYBUFFER_EXPECTED, ARRAYBUFFER_EXPECTED, None]
    assert answer(m.detach(value, 0)) == expected


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.usefixtures("recorded_reports")
def test_questions_check_their_arguments(m, name):
    ask = getattr(m, name)
    assert answer(ask(ArrayBuffer(1), NO_VALUE)) == [*INVALID, False]
    assert answer(ask(ArrayBuffer(1), NO_RESULT)) == [*INVALID, False]
    expected = [OK, OK, PENDING_ERROR, name == "is_arraybuffer"]
    assert answer(ask(ArrayBuffer(1), RAISE)) == expected


@pytest.mark.usefixtures("recorded_reports")
def test_info_of_each_kind(m):
    for kind in (ArrayBuffer, SharedArrayBuffer):
        made = kind(3)
        memoryview(made)[0] = 9
        assert answer(m.info(made, 0)) == [OK, OK, None, 3, 9]
        assert answer(m.info(made, RAISE)) == [OK, OK, PENDING_ERROR, 3, 9]
        assert answer(m.info(made, NO_VALUE)) == [*INVALID, POISON, -2]
        assert answer(m.info(made, NO_RESULT)) == [OK, OK, None, POISON, 9]
        assert answer(m.info(made, NO_OUT)) == [OK, OK, None, 3, -2]
        both = NO_OUT | NO_RESULT
        assert answer(m.info(made, both)) == [OK, OK, None, POISON, -2]
        assert answer(m.info(kind(0), 0)) == [OK, OK, None, 0, -1]


# === detaching ===


def test_detached_buffer_is_empty(m):
    made = ArrayBuffer(8)
    memoryview(made)[0] = 5
    assert answer(m.is_detached(made, 0)) == [OK, OK, None, False]
    for _ in range(2):  # a second time is no error
        assert answer(m.detach(made, 0)) == [OK, OK, None]
        assert answer(m.is_detached(made, 0)) == [OK, OK, None, True]
        assert answer(m.info(made, 0)) == [OK, OK, None, 0, -1]
    assert (made.byteLength, len(made), made.detached) == (0, 0, True)
    assert m.is_arraybuffer(made, 0)[3] is True
    assert "detached" in repr(made)
    with pytest.raises(BufferError, match="detached"):
        memoryview(made)


@pytest.mark.usefixtures("recorded_reports")
def test_detach_checks_its_argument(m):
    assert answer(m.detach(ArrayBuffer(8), NO_VALUE)) == INVALID
    made = ArrayBuffer(8)
    assert answer(m.detach(made, RAISE)) == [OK, OK, PENDING_ERROR]
    assert made.detached
    shared = SharedArrayBuffer(8)
    expected = [ARRAYBUFFER_EXPECTED, ARRAYBUFFER_EXPECTED, None]
    assert answer(m.detach(shared, 0)) == expected
    assert shared.byteLength == 8


def exports_of(buffer):
    """What holds the memory, each in a way of its own."""
    yield memoryview(buffer)
    yield memoryview(buffer)[2:4]
    yield memoryview(napi.Uint8Array(buffer))
    yield memoryview(napi.Float64Array(buffer))
    yield memoryview(napi.DataView(buffer, 2, 4))
    yield memoryview(napi.Uint8Array(buffer)[1:3])


@pytest.mark.parametrize("number", range(6))
def test_exported_memory_is_not_detached(m, number):
    """As a refused resize of a bytearray: the pointer may be in use."""
    made = ArrayBuffer(8)
    view = list(exports_of(made))[number]
    gc.collect()
    expected = [NOT_DETACHABLE, NOT_DETACHABLE, None]
    assert answer(m.detach(made, 0)) == expected
    assert made.byteLength == 8
    view.release()
    assert answer(m.detach(made, 0)) == [OK, OK, None]


def test_each_view_sees_the_detach(m):
    made = ArrayBuffer(16)
    views = [
        napi.Uint8Array(made, 2),
        napi.Float64Array(made, 8),
        napi.DataView(made, 4),
        napi.Buffer.from_(made, 1, 3),
        m.typed(made, 5, 2, 4, 0)[3],
    ]
    m.detach(made, 0)
    for view in views:
        assert len(view) == 0
        for getter in ("byteLength", "byteOffset"):
            if isinstance(view, napi.DataView):
                with pytest.raises(napi.TypeError, match=f"{getter} on a detached"):
                    getattr(view, getter)
            else:
                assert getattr(view, getter) == 0
        assert view.buffer is made
        assert m.buffer_info(view, 0)[3:] == [0, -1]
        assert bytes(view) == b""
        with pytest.raises(IndexError):
            view[0]
        with pytest.raises(IndexError):
            view[0] = 1
        assert m.element(view, 0) is None


@pytest.mark.parametrize("length", [8, 5000])
def test_detached_storage_of_a_buffer_stays_away(m, length):
    """Even where the bytes were in the Buffer, and nobody keeps the ArrayBuffer."""
    made = m.create_buffer(length, 7, 0)[3]
    assert answer(m.detach(made.buffer, 0)) == [OK, OK, None]
    gc.collect()
    assert len(made) == 0
    assert m.buffer_info(made, 0)[3:] == [0, -1]
    assert made.buffer.detached


def test_detached_storage_outlives_its_buffer(m):
    made = m.create_buffer(8, 7, 0)[3]
    storage = made.buffer
    m.detach(storage, 0)
    del made
    gc.collect()
    assert storage.detached
    assert answer(m.info(storage, 0)) == [OK, OK, None, 0, -1]


RANGE = {
    "typed": (9, "ERR_NAPI_INVALID_TYPEDARRAY_LENGTH", "Invalid typed array length"),
    "dataview": (
        10,
        "ERR_NAPI_INVALID_DATAVIEW_ARGS",
        "byte_offset + byte_length should be less than or equal to the size in bytes "
        "of the array passed in",
    ),
    "buffer_over": (10, "ERR_OUT_OF_RANGE", "The byte offset + length is out of range"),
}


@pytest.mark.parametrize("name", RANGE)
def test_views_of_a_detached_buffer_are_empty(m, name):
    made = ArrayBuffer(8)
    m.detach(made, 0)
    extra = [1] if name == "typed" else []
    status, code, text = RANGE[name]
    for length, offset in [(1, 0), (0, 1), (8, 0)]:
        found = answer(getattr(m, name)(made, *extra, length, offset, 0))
        assert found[:3] == [status, status, ("RangeError", code, text)]
    found = getattr(m, name)(made, *extra, 0, 0, 0)
    assert answer(found)[:3] == [OK, OK, None]
    assert len(found[3]) == 0


# === external memory ===

PLAIN, SHARED, BUFFER = 0, 1, 2
KINDS = {PLAIN: ArrayBuffer, SHARED: SharedArrayBuffer, BUFFER: napi.Buffer}
LEFT_OUT = 99  # NULL memory


@pytest.fixture
def fresh(addon):
    module = addon("view", fresh=True)
    module.set_up()
    return module


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [0, 1, 64])
def test_external_memory_is_not_copied(fresh, kind, length):
    status, last, error, made = fresh.external(kind, 3, length, 1, 0)
    assert (status, last, error) == (OK, OK, None)
    assert type(made) is KINDS[kind]
    assert made.byteLength == length
    if length:
        memoryview(made)[0] = 42
        assert bytes(fresh.memory(3))[:2] == b"\x2a\x00"[: max(length, 2)]


@pytest.mark.parametrize("kind", KINDS)
def test_finalizer_runs_once_when_the_last_owner_goes(fresh, kind):
    made = fresh.external(kind, 3, 8, 1, 0)[3]
    view = memoryview(made)
    element = napi.Uint8Array(getattr(made, "buffer", made))
    del made
    gc.collect()
    assert fresh.finalized(3) == 0
    view.release()
    gc.collect()
    assert fresh.finalized(3) == 0
    del element
    gc.collect()
    assert fresh.finalized(3) == 1
    gc.collect()
    assert fresh.finalized(3) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_memory_outlives_its_object_in_a_memoryview(fresh, kind):
    view = memoryview(fresh.external(kind, 3, 8, 1, 0)[3])
    gc.collect()
    assert fresh.finalized(3) == 0
    view[7] = 1
    assert bytes(fresh.memory(3))[:8] == bytes(7) + b"\x01"
    view.release()
    del view
    gc.collect()
    assert fresh.finalized(3) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_finalizer_may_be_left_out(fresh, kind):
    made = fresh.external(kind, 3, 8, 0, 0)[3]
    assert made.byteLength == 8
    del made
    gc.collect()
    assert fresh.finalized(3) == 0


def test_finalizers_are_called_each_with_its_memory(fresh):
    made = [fresh.external(index % 3, index, 8, 1, 0)[3] for index in range(16)]
    while made:
        made.pop(len(made) // 2)
        gc.collect()
    assert [fresh.finalized(index) for index in range(16)] == [1] * 16


def test_detached_external_is_finalized_once(fresh):
    made = fresh.external(PLAIN, 3, 8, 1, 0)[3]
    assert answer(fresh.detach(made, 0)) == [OK, OK, None]
    assert fresh.info(made, 0)[3:] == [0, -1]
    del made
    gc.collect()
    assert fresh.finalized(3) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("recorded_reports")
def test_refused_creation_has_no_finalizer(fresh, kind):
    assert answer(fresh.external(kind, 3, 8, 1, RAISE)) == [*REFUSED, napi.null]
    gc.collect()
    assert fresh.finalized(3) == 0


@pytest.mark.parametrize("kind", [SHARED, BUFFER])
def test_external_needs_a_result(fresh, kind):
    assert answer(fresh.external(kind, 3, 8, 1, NO_RESULT)) == [*INVALID, napi.null]
    gc.collect()
    assert fresh.finalized(3) == 0


def test_external_arraybuffer_needs_none(fresh):
    """Node does not look at the result before it has made a Buffer."""
    assert answer(fresh.external(PLAIN, 3, 8, 1, NO_RESULT)) == [
        *[OK, OK, None],
        napi.null,
    ]
    gc.collect()
    assert fresh.finalized(3) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_no_memory_is_an_empty_buffer(fresh, kind):
    status, last, error, made = fresh.external(kind, LEFT_OUT, 0, 1, 0)
    assert (status, last, error) == (OK, OK, None)
    assert made.byteLength == 0
    if kind == PLAIN:
        assert fresh.is_detached(made, 0)[3] is True
    del made
    gc.collect()
    assert fresh.finalized(0) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_living_externals_are_finalized_at_the_end(child, addon_path, kind):
    done = child(
        "import sys, napi\n"
        "m = napi.load(sys.argv[1])\n"
        "m.set_up(True)\n"
        "kept = m.external(int(sys.argv[2]), 3, 8, 1, 0)[3]\n"
        "assert m.finalized(3) == 0\n",
        addon_path("view"),
        kind,
    )
    assert done.stdout == "finalized 1\n"


# === memory is memory ===


@given(data=st.binary(max_size=64), start=st.integers(0, 64), new=st.binary(max_size=9))
def test_python_and_c_read_the_same_bytes(m, data, start, new):
    made = ArrayBuffer(len(data))
    memoryview(made)[:] = data
    model = bytearray(data)
    for index, byte in enumerate(new, start):
        assert m.write_byte(made, index, byte) is (index < len(model))
        if index < len(model):
            model[index] = byte
    assert bytes(made) == bytes(model)
    assert bytes(made.slice(start)) == bytes(model[start:])


def test_struct_writes_into_it(m):
    made = m.create(16, 0, 0)[3]
    struct.pack_into("<d", made, 8, 1.5)
    assert struct.unpack_from("<d", made, 8) == (1.5,)
    assert m.typed(made, 8, 1, 8, 0)[3][0] == 1.5


def test_numpy_shares_it(m):
    numpy = pytest.importorskip("numpy", reason="NumPy is no requirement")
    made = m.create(16, 0, 0)[3]
    array = numpy.frombuffer(made, dtype="<f8")
    array[1] = 1.5
    assert m.typed(made, 8, 2, 0, 0)[3][1] == 1.5
    assert answer(m.detach(made, 0))[0] == NOT_DETACHABLE
    del array
    assert answer(m.detach(made, 0))[0] == OK


def test_buffer_without_a_holder_is_collected(m):
    import weakref

    made = ArrayBuffer(8)
    dead = weakref.ref(made)
    view = napi.Uint8Array(made)
    made.own = [view]
    view.back = made
    del made, view
    gc.collect()
    assert dead() is None


def test_pickle_is_refused():
    with pytest.raises((TypeError, pickle.PicklingError)):
        pickle.dumps(ArrayBuffer(8))
