"""napi.Map, Set, WeakMap, WeakSet and WeakRef."""

import gc
import math
from collections.abc import MutableMapping, MutableSet

import pytest
from hypothesis import given
from hypothesis import strategies as st

import napi

LIST = [1]
KEYS = [
    1,
    1.5,
    True,
    False,
    0,
    "1",
    "",
    None,
    napi.null,
    math.nan,
    napi.BigInt(1),
    2**60,
    LIST,
    (1,),
    (1, 2),
    {},
    napi.Object(),
    b"1",
]


def test_keys_are_told_apart():
    m = napi.Map()
    for number, key in enumerate(KEYS):
        m.set(key, number)
    assert m.size == len(KEYS)
    assert [m.get(key) for key in KEYS] == list(range(len(KEYS)))


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        (1, 1.0),
        (0, -0.0),
        (math.nan, float("nan")),
        (napi.BigInt(5), napi.BigInt(5)),
        (2**60, napi.BigInt(2**60)),
        ("a" * 3, "aaa"),
    ],
)
def test_same_value_zero(stored, asked):
    m = napi.Map([(stored, "found")])
    assert m.get(asked) == "found"
    assert m.has(asked)
    assert m.delete(asked)
    assert m.size == 0


@pytest.mark.parametrize(
    ("stored", "asked"), [(1, True), (1, "1"), ([1], [1]), ({}, {}), (2**53, 2.0**53)]
)
def test_not_the_same(stored, asked):
    assert napi.Map([(stored, 0)]).get(asked, "missing") == "missing"


def test_minus_zero_is_stored_as_zero():
    key = next(iter(napi.Map([(-0.0, 1)])))
    assert math.copysign(1, key) == 1


def test_iterators_see_changes():
    m = napi.Map([("a", 1), ("b", 2), ("c", 3)])
    seen = []
    for key in m:
        seen.append(key)
        if key == "a":
            m.delete("a")
            m.delete("b")
            m.set("d", 4)
    assert seen == ["a", "c", "d"]


def test_an_iterator_survives_clear():
    s = napi.Set([1, 2, 3])
    iterator = s.values()
    next(iterator)
    s.clear()
    s.add(9)
    assert list(iterator) == [9]


def test_iterators_have_next():
    step = napi.Map([("k", "v")]).entries()
    first, second = step.next(), step.next()
    assert first["value"] == ["k", "v"]
    assert (first["done"], second["done"]) == (False, True)


def test_python_protocols():
    m = napi.Map({"a": 1})
    assert isinstance(m, MutableMapping)
    m["b"] = 2
    del m["a"]
    assert (len(m), "b" in m, m["b"], dict(m.items())) == (1, True, 2, {"b": 2})
    with pytest.raises(KeyError):
        m["zz"]
    assert m.pop("b") == 2
    assert m.pop("b", None) is None
    s = napi.Set("aab")
    assert isinstance(s, MutableSet)
    assert (len(s), "a" in s, list(s)) == (2, True, ["a", "b"])


def test_for_each_and_group_by():
    seen = []
    napi.Map([(1, 2)]).forEach(lambda value, key, m: seen.append((key, value)))
    napi.Set([3]).forEach(lambda value, again, s: seen.append((value, again)))
    assert seen == [(1, 2), (3, 3)]
    groups = napi.Map.groupBy([1, 2, 3], lambda value, index: value % 2)
    assert list(groups.items()) == [(1, [1, 3]), (0, [2])]


def test_entries_must_be_objects():
    with pytest.raises(napi.TypeError, match="not an entry object"):
        napi.Map([5])


@given(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9)))
def test_set_algebra(left, right):
    a, b = napi.Set(left), napi.Set(right)
    x, y = set(left), set(right)
    assert set(a.union(b)) == x | y
    assert set(a.intersection(b)) == x & y
    assert set(a.difference(b)) == x - y
    assert set(a.symmetricDifference(b)) == x ^ y
    assert a.isSubsetOf(b) == (x <= y)
    assert a.isSupersetOf(b) == (x >= y)
    assert a.isDisjointFrom(b) == x.isdisjoint(y)


@given(
    st.lists(
        st.tuples(st.sampled_from(["set", "delete", "clear"]), st.integers(0, 5)),
        max_size=40,
    )
)
def test_map_against_dict(steps):
    m, model = napi.Map(), {}
    for verb, key in steps:
        if verb == "set":
            m.set(key, verb)
            model[key] = verb
        elif verb == "delete":
            assert m.delete(key) == (model.pop(key, None) is not None)
        else:
            m.clear()
            model.clear()
        assert list(m.items()) == list(model.items())


class Thing:
    pass


def test_weak_map_forgets_dead_keys():
    m, s, thing = napi.WeakMap(), napi.WeakSet(), Thing()
    m.set(thing, 1)
    s.add(thing)
    reference = napi.WeakRef(thing)
    assert (m.get(thing), m.has(thing), s.has(thing)) == (1, True, True)
    assert reference.deref() is thing
    del thing
    gc.collect()
    assert reference.deref() is None
    assert not m.__weakmap__.entries
    assert not s.__weakset__.entries


def test_weak_map_holds_what_cannot_die_weakly():
    m, key = napi.WeakMap(), [1]
    assert m.set(key, 1) is m
    assert m.get(key) == 1
    assert m.delete(key)
    assert not m.has(key)


@pytest.mark.parametrize("key", [1, "s", None, napi.null, True])
def test_weak_keys_are_objects(key):
    with pytest.raises(napi.TypeError, match="Invalid value used as weak map key"):
        napi.WeakMap().set(key, 1)
    with pytest.raises(napi.TypeError, match="Invalid value used in weak set"):
        napi.WeakSet().add(key)
    with pytest.raises(napi.TypeError, match="WeakRef: invalid target"):
        napi.WeakRef(key)
    assert not napi.WeakMap().has(key)
