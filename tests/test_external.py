"""Externals: napi/shim/external.c."""

import gc
import pickle
import sys
import weakref

import pytest

import napi


@pytest.fixture
def m(addon):
    module = addon("external", fresh=True)
    module.set_up()
    return module


@pytest.mark.parametrize("number", [0, 1, 15])
def test_carries_a_pointer(m, number):
    external = m.create(number, False)
    assert type(external) is napi.External
    assert m.type_of(external) == 8
    assert m.value(external) == number
    assert "napi.External" in repr(external)


@pytest.mark.parametrize(
    "value", [None, 0, "x", {}, [], len, napi.Object(), napi.null], ids=repr
)
def test_other_values_are_no_externals(m, value):
    assert m.value(value) == -1


def test_is_equal_to_itself_only(m):
    a, b = m.create(1, False), m.create(1, False)
    assert m.same(a, a) is True
    assert m.same(a, b) is False
    assert a != b
    assert len({a, b, a}) == 2


def test_finalizer_runs_once_with_data_and_hint(m):
    external = m.create(3, True)
    assert m.count(3) == 0
    del external
    gc.collect()
    assert m.count(3) == 10
    gc.collect()
    assert m.count(3) == 10


def test_finalizers_of_many(m):
    externals = [m.create(i % 16, True) for i in range(160)]
    del externals
    assert [m.count(i) for i in range(16)] == [100] * 16


def test_finalizer_waits_for_the_last_reference(m):
    external = m.create(2, True)
    cycle = [external]
    cycle.append(cycle)
    del external
    assert m.count(2) == 0
    del cycle
    gc.collect()
    assert m.count(2) == 10


def test_can_be_watched(m):
    external = m.create(4, True)
    watch = weakref.ref(external)
    assert watch() is external
    del external
    assert watch() is None


def test_does_not_leak(m):
    m.create(5, True)
    before = sys.getrefcount(napi.External)
    for _ in range(100):
        m.create(5, True)
    after = sys.getrefcount(napi.External)
    assert after == before


def test_python_cannot_make_copy_or_derive_one(m):
    with pytest.raises(TypeError):
        napi.External()
    with pytest.raises(TypeError):
        type("Sub", (napi.External,), {})
    with pytest.raises((TypeError, pickle.PicklingError)):
        pickle.dumps(m.create(1, False))


def test_finalizer_at_exit(child, addon_path):
    done = child(
        "import sys, napi\n"
        "m = napi.load(sys.argv[1])\n"
        "m.set_up()\n"
        "kept = m.create(6, True)\n",
        addon_path("external"),
    )
    assert done.stderr == ""
