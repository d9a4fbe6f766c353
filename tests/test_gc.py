"""Cycles that lead through an addon are collected, and when."""

import gc

import pytest

import napi
from napi._native import shim


@pytest.fixture
def m(addon):
    module = addon("gc", fresh=True)
    gc.collect()
    module.count()
    return module


class Plain:
    pass


# Each makes garbage: a cycle with one watched object in it.


def in_itself(m):
    value = m.watch(napi.Object())
    value["self"] = value


def in_an_array(m):
    value = m.watch(napi.Array())
    value.append([value])


def in_a_dict(m):
    value = m.watch(Plain())
    value.attribute = {"value": value}


def in_a_symbol(m):
    value = m.watch(napi.Object())
    shim.set(value, napi.Symbol("s"), value)


def in_an_accessor(m):
    value = m.watch(napi.Object())
    shim.define(value, "x", get=lambda: value, set=lambda v: value)


def in_a_prototype(m):
    value = m.watch(napi.Object())
    value["child"] = shim.create(value)


def in_a_python_closure(m):
    value = m.watch(napi.Object())
    value["closure"] = lambda: value


def in_a_native_closure(m):
    value = m.watch(napi.Object())
    value["closure"] = m.closure()
    shim.set(value["closure"], "owner", value)


def of_a_function(m):
    function = m.watch(m.closure())
    shim.set(function, "self", function)


def of_a_bound_function(m):
    value = m.watch(napi.Object())
    value["bound"] = shim.call(shim.get(m.closure(), "bind"), m.closure(), value)


def of_an_instance(m):
    value = m.watch(m.klass()())
    value.self = value


def of_a_class(m):
    """A class is a cycle by itself: its prototype names its constructor."""
    m.watch(m.klass())


def of_a_class_and_its_instance(m):
    klass = m.klass()
    klass.instance = m.watch(klass())


def of_a_class_and_its_prototype(m):
    klass = m.klass()
    shim.set(shim.get(klass, "prototype"), "value2", m.watch(klass()))


def of_a_python_subclass(m):
    class Derived(m.klass()):
        pass

    Derived.instance = m.watch(Derived())


def of_an_external(m):
    value = napi.Object(external=m.external())
    value["self"] = value


def of_a_promise(m):
    promise = m.watch(napi.Promise())
    promise.then(lambda _: promise)


def of_a_settled_promise(m):
    value = napi.Object()
    value["promise"] = m.watch(napi.Promise(lambda resolve, _: resolve([value])))


def of_a_buffer(m):
    buffer = m.watch(napi.Buffer.alloc(16))
    shim.set(buffer, "self", buffer)


def of_a_map(m):
    value = m.watch(napi.Object())
    value["map"] = shim.construct(napi.globalThis["Map"])
    shim.call(shim.get(value["map"], "set"), value["map"], value, value)


def of_a_weak_map(m):
    """A value that holds its own key does not hold the entry."""
    value = m.watch(napi.Object())
    value["map"] = shim.construct(napi.globalThis["WeakMap"])
    shim.call(shim.get(value["map"], "set"), value["map"], value, napi.Object())


def of_an_exception(m):
    error = napi.Error("x")
    error.error = error
    error.watched = m.watch(napi.Object(error=error))


def of_a_python_class(m):
    class Local:
        pass

    Local.instance = m.watch(Local())


CYCLES = [
    in_itself,
    in_an_array,
    in_a_dict,
    in_a_symbol,
    in_an_accessor,
    in_a_prototype,
    in_a_python_closure,
    in_a_native_closure,
    of_a_function,
    of_a_bound_function,
    of_an_instance,
    of_a_class,
    of_a_class_and_its_instance,
    of_a_class_and_its_prototype,
    of_a_python_subclass,
    of_an_external,
    of_a_promise,
    of_a_settled_promise,
    of_a_buffer,
    of_a_map,
    of_a_weak_map,
    of_an_exception,
    of_a_python_class,
]


@pytest.mark.parametrize("make", CYCLES, ids=lambda make: make.__name__)
def test_cycle_is_collected(m, make):
    for _ in range(3):
        make(m)
    gc.collect()
    assert m.count() == 3
    assert not gc.garbage


@pytest.mark.parametrize("make", CYCLES, ids=lambda make: make.__name__)
def test_cycle_lives_while_somebody_holds_it(m, make):
    """What the collector sees of us is no more than there is."""
    kept = []

    class Watcher:
        def watch(self, value):
            kept.append(m.watch(value))
            return value

        def external(self):
            kept.append(m.external())
            return kept[-1]

        def __getattr__(self, name):
            return getattr(m, name)

    make(Watcher())
    gc.collect()
    assert m.count() == 0
    kept.clear()
    gc.collect()
    assert m.count() == 1


def test_strong_reference_keeps_a_cycle_and_a_weak_one_does_not(m):
    value = m.watch(napi.Object())
    value["self"] = value
    m.hold(0, value, 1)
    del value
    gc.collect()
    assert m.count() == 0
    assert m.unref(0) == 0
    gc.collect()
    assert m.count() == 1
    m.drop(0)


def test_two_objects_that_hold_each_other_strongly_live_until_dropped(m):
    """As in Node: a strong reference of an addon is a root."""
    one, two = m.watch(napi.Object()), m.watch(napi.Object())
    m.hold(0, one, 1)
    m.hold(1, two, 1)
    one["other"], two["other"] = two, one
    del one, two
    gc.collect()
    assert m.count() == 0
    m.drop(0)
    gc.collect()
    assert m.count() == 0, "the other one still holds both"
    m.drop(1)
    gc.collect()
    assert m.count() == 2


def test_reference_made_strong_again_keeps_a_cycle(m):
    value = m.watch(napi.Object())
    value["self"] = value
    m.hold(0, value, 0)
    assert m.ref(0) == 1
    del value
    gc.collect()
    assert m.count() == 0
    m.drop(0)
    gc.collect()
    assert m.count() == 1


def test_unpicked_garbage_waits_for_the_collector(m):
    gc.disable()
    try:
        in_itself(m)
        assert m.count() == 0
    finally:
        gc.enable()
    gc.collect()
    assert m.count() == 1


MEGABYTE = 1 << 20


@pytest.fixture
def collections():
    """How often the collector has run, so far."""
    ran = []

    def watch(phase, info):
        if phase == "stop" and info["generation"] == 2:
            ran.append(info)

    gc.callbacks.append(watch)
    yield lambda: len(ran)
    gc.callbacks.remove(watch)


def test_external_memory_collects_garbage(m, collections):
    """Large things that only look small do not pile up."""
    for _ in range(100):
        in_itself(m)
        m.adjust(MEGABYTE)
    assert collections() >= 1
    assert m.count() >= 60
    m.adjust(-100 * MEGABYTE)


def test_each_further_amount_collects_again(m, collections):
    for _ in range(4):
        before = collections()
        m.adjust(70 * MEGABYTE)
        assert collections() == before + 1
    assert m.adjust(-280 * MEGABYTE) == 0


def test_memory_that_is_given_back_collects_nothing(m, collections):
    for _ in range(1000):
        m.adjust(MEGABYTE)
        m.adjust(-MEGABYTE)
    assert collections() == 0
    assert m.adjust(0) == 0


@pytest.mark.parametrize("level", [0, 1, 2])
def test_changes_around_a_level_collect_once(m, collections, level):
    """A little more and a little less, a thousand times, is no pressure."""
    m.adjust(64 * level * MEGABYTE - 10)
    before = collections()
    for _ in range(1000):
        m.adjust(20)
        m.adjust(-20)
    assert collections() <= before + 1
    assert m.adjust(10 - 64 * level * MEGABYTE) == 0


def test_a_disabled_collector_is_left_alone(m, collections):
    gc.disable()
    try:
        assert m.adjust(200 * MEGABYTE) == 200 * MEGABYTE
    finally:
        gc.enable()
    assert collections() == 0
    assert m.adjust(-200 * MEGABYTE) == 0


def test_objects_of_the_calling_function_survive(m, collections):
    """The collection runs in the middle of a native call."""
    value = m.watch(napi.Object())
    value["self"] = value
    m.adjust(70 * MEGABYTE)
    assert collections() == 1
    assert m.count() == 0
    m.adjust(-70 * MEGABYTE)


def test_sum_is_that_of_the_environment(m, addon):
    other = addon("gc", fresh=True)
    assert m.adjust(5) == 5
    assert other.adjust(7) == 7
    assert m.adjust(-2) == 3
    assert shim.counters(m.__env__)["external_memory"] == 3
    m.adjust(-3)


def test_the_collector_sees_objects_only(child, addon_path):
    """Also once the module has libuv and an environment of JavaScript's own."""
    done = child(
        """
import gc, sys, napi
from napi._native import shim
napi.load(sys.argv[1])
from napi import js
assert js.eval("1 + 1") == 2
print({repr(type(one)) != "" for one in gc.get_referents(shim)})
""",
        addon_path("libuv"),
    )
    assert done.stdout == "{True}\n"
