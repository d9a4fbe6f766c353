"""References: napi/shim/reference.c."""

import gc
import sys
import weakref

import pytest

import napi


class Plain:
    pass


WEAKABLE = {
    "object": napi.Object,
    "array": napi.Array,
    "instance": Plain,
    "set": set,
    "function": lambda: lambda: None,
    "buffer": lambda: napi.Uint8Array(3),
    "arraybuffer": lambda: napi.ArrayBuffer(3),
    "symbol": lambda: napi.Symbol("x"),
}
PINNED = {
    "dict": lambda: {"a": 1},
    "list": lambda: [1],
    "bytearray": lambda: bytearray(3),
    "exception": lambda: ValueError("x"),
    "object()": object,
}
PRIMITIVE = {"number": 12345, "str": "text", "none": None, "bool": True}


@pytest.fixture
def m(addon):
    return addon("reference", version=10)


@pytest.mark.parametrize("make", WEAKABLE.values(), ids=WEAKABLE)
def test_weak_reference_sees_the_death(m, make):
    value = make()
    ref = m.create(value, 0)
    assert m.get(ref) is value
    del value
    assert m.get(ref) == "gone"
    assert m.ref(ref) == 0
    m.drop(ref)


@pytest.mark.parametrize("make", PINNED.values(), ids=PINNED)
def test_weak_reference_to_what_python_cannot_weakly_reference(m, make):
    value = make()
    ref = m.create(value, 0)
    assert m.get(ref) is value
    del value
    m.ref(m.create(None, 0))  # any call: the sweep runs as it returns
    assert m.get(ref) == "gone"
    m.drop(ref)


@pytest.mark.parametrize(
    "make", [*WEAKABLE.values(), *PINNED.values()], ids=[*WEAKABLE, *PINNED]
)
def test_strong_reference_keeps_alive_until_unref(m, make):
    value = make()
    address = id(value)
    ref = m.create(value, 1)
    del value
    gc.collect()
    assert id(m.get(ref)) == address
    assert m.ref(ref) == 2
    assert m.unref(ref) == 1
    assert m.unref(ref) == 0
    gc.collect()
    assert m.get(ref) == "gone"
    m.drop(ref)


def test_the_highest_count_stays(m):
    highest = 2**32 - 1
    value = Plain()
    watched = weakref.ref(value)
    ref = m.create(value, highest)
    assert m.ref(ref) == highest
    del value
    assert watched() is not None
    m.drop(ref)
    assert watched() is None


def test_unref_at_zero_fails(m, recorded_reports):
    value = napi.Object()
    ref = m.create(value, 0)
    assert m.unref(ref) == -9
    m.drop(ref)


@pytest.mark.parametrize("value", PRIMITIVE.values(), ids=PRIMITIVE)
def test_primitive_is_let_go_at_zero(m, value):
    ref = m.create(value, 1)
    assert m.get(ref) is value
    assert m.unref(ref) == 0
    assert m.get(ref) == "gone"
    m.drop(ref)


@pytest.mark.parametrize("value", PRIMITIVE.values(), ids=PRIMITIVE)
def test_version_8_refuses_primitives(addon, value):
    assert addon("reference", version=8).create(value, 1) == 1


def test_symbol_is_accepted_by_version_8(addon):
    m = addon("reference", version=8)
    symbol = napi.Symbol("s")
    ref = m.create(symbol, 1)
    assert m.get(ref) is symbol
    m.drop(ref)


def test_weak_reference_to_an_object_in_a_cycle(m):
    value = napi.Object()
    value["self"] = value
    ref = m.create(value, 0)
    watch = weakref.ref(value)
    del value
    gc.collect()
    assert watch() is None
    assert m.get(ref) == "gone"
    m.drop(ref)


def test_a_million_references_grow_nothing(m):
    value = napi.Object()
    m.churn(value, 1000)
    before = sys.getrefcount(value), len(gc.get_objects())
    m.churn(value, 1_000_000)
    assert sys.getrefcount(value) == before[0]
    assert len(gc.get_objects()) <= before[1] + 5


def test_deleted_reference_is_reported(m, strict_only, recorded_reports):
    assert m.use_deleted(napi.Object()) == 1
    assert any("deleted reference" in r for r in recorded_reports())
