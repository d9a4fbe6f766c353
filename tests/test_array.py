"""napi.Array as Python sees it: napi/shim/array.c, array_method.c."""

import copy
import gc
import json
import pickle
import pprint
import sys
import weakref

import pytest

import napi
from napi._native import shim


@pytest.fixture(scope="module")
def m(addon):
    return addon("object", experimental=True)


@pytest.fixture
def holey(m):
    """[hole, 1, hole, hole, 4]"""
    value = m.array_with_length(5)
    m.set_element(value, 1, 1)
    return m.set_element(value, 4, 4)


def holes(m, value):
    return [i for i in range(len(value)) if m.is_hole(value, i)]


def test_array_is_a_list():
    value = napi.Array([1, "a"])
    assert isinstance(value, list)
    assert value == [1, "a"]
    assert json.dumps(value) == '[1, "a"]'
    assert repr(value) == "[1, 'a']"
    assert len(value) == value.length == 2
    assert value[-1] == "a"
    assert list(reversed(value)) == ["a", 1]
    assert napi.Array() == []
    wide = napi.Array(["x" * 30] * 4)
    assert pprint.pformat(wide) == pprint.pformat(list(wide))


def test_list_methods():
    value = napi.Array([3, 1, 2])
    value.sort()
    value.reverse()
    value.append(0)
    value.extend([9, 8])
    value.insert(0, 5)
    assert value == [5, 3, 2, 1, 0, 9, 8]
    value.remove(9)
    assert value.pop() == 8
    assert value.pop(0) == 5
    value.sort(key=lambda x: -x, reverse=True)
    assert value == [0, 1, 2, 3]
    value += [4]
    value *= 2
    assert type(value) is napi.Array
    assert value == [0, 1, 2, 3, 4] * 2
    value[1:9] = [7]
    del value[0]
    value[0] = 6
    assert value == [6, 4]
    value.clear()
    assert value == []


@pytest.mark.parametrize(
    "act",
    [
        lambda value: value[5],
        lambda value: value[-5],
        lambda value: value.__setitem__(5, 1),
        lambda value: value.__delitem__(5),
        lambda value: value.pop(5),
        lambda value: napi.Array().pop(),
    ],
)
def test_out_of_range(act):
    with pytest.raises(IndexError):
        act(napi.Array([1]))


def test_wrong_subscripts():
    value = napi.Array([1])
    for key in (1.5, None, (0,)):
        with pytest.raises(TypeError):
            value[key]
        with pytest.raises(TypeError):
            value[key] = 1
    with pytest.raises(TypeError):
        value["x":]


def test_slices_and_copies_are_arrays(m, holey):
    assert type(holey[1:]) is napi.Array
    assert holey[1:] == [1, None, None, 4]
    assert holes(m, holey[1:]) == [1, 2]
    assert holes(m, holey[::-2]) == [1, 2]
    assert holey[::-1][0] == 4
    assert holes(m, holey.copy()) == [0, 2, 3]
    for twin in (copy.copy(holey), copy.deepcopy(holey)):
        assert type(twin) is napi.Array
        assert twin == holey


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle(protocol):
    value = napi.Array([1, [2]])
    if protocol >= 2:  # the older ones cannot hold a cycle of a list subclass
        value.append(value)
    twin = pickle.loads(pickle.dumps(value, protocol))
    assert type(twin) is napi.Array
    assert twin[:2] == [1, [2]]
    assert len(twin) == 2 or twin[2] is twin


# === holes ===


def test_holes_read_as_none(m, holey):
    assert holey == [None, 1, None, None, 4]
    assert holes(m, holey) == [0, 2, 3]
    assert repr(holey) == "[None, 1, None, None, 4]"


def test_assignment_fills_a_hole(m, holey):
    holey[0] = None
    holey[-2] = "x"
    assert holes(m, holey) == [2]
    m.set_element(holey, 2, None)
    assert holes(m, holey) == []


def test_growth_makes_holes(m):
    value = napi.Array([0])
    m.set_element(value, 4, "x")
    assert value == [0, None, None, None, "x"]
    assert holes(m, value) == [1, 2, 3]
    value.length = 7
    assert holes(m, value) == [1, 2, 3, 5, 6]
    value.length = 2
    assert value == [0, None]
    value.append(None)
    assert holes(m, value) == [1]


def test_pop_from_the_end_keeps_other_holes(m, holey):
    holey.pop()
    assert holes(m, holey) == [0, 2, 3]
    holey.pop()
    holey.append(None)
    assert holes(m, holey) == [0, 2]


@pytest.mark.parametrize(
    "act",
    [
        lambda value: value.insert(0, 1),
        lambda value: value.pop(0),
        lambda value: value.reverse(),
        lambda value: value.remove(1),
        lambda value: value.__delitem__(0),
        lambda value: value.__delitem__(slice(0, 2)),
        lambda value: value.__init__([None] * 5),
        lambda value: value.__imul__(2),
    ],
)
def test_shifting_makes_holes_undefined(m, holey, act):
    act(holey)
    assert holes(m, holey) == []


def test_many_holes(m):
    value = m.array_with_length(100_000)
    for index in range(0, 100_000, 2):
        value[index] = index
    assert m.is_hole(value, 99_999)
    assert not m.is_hole(value, 99_998)
    assert sum(1 for item in value if item is None) == 50_000
    value.length = 10
    assert holes(m, value) == [1, 3, 5, 7, 9]


# === properties ===


def test_named_properties():
    value = napi.Array([1])
    symbol = napi.Symbol("s")
    value.name = "x"
    value["other"] = 2
    value[symbol] = 3
    assert (value.name, value["name"], value.other, value[symbol]) == ("x", "x", 2, 3)
    assert value == [1]
    assert value["length"] == 1
    assert value["0"] == 1
    value["0"] = 5
    assert value == [5]
    del value.name, value["other"], value[symbol]
    assert not hasattr(value, "name")
    with pytest.raises(AttributeError):
        del value.name
    with pytest.raises(KeyError):
        value["other"]
    with pytest.raises(KeyError):
        del value["other"]


def test_list_method_wins_over_data(m):
    value = napi.Array([2, 1])
    value["sort"] = 1
    value.sort()
    assert value == [1, 2]
    value["sort"] = m.receiver
    assert value.sort() is value


def test_length_is_no_own_number():
    value = napi.Array([1])
    for bad in (-1, 1.5, 2**32, "x"):
        with pytest.raises(napi.RangeError, match="Invalid array length"):
            value.length = bad
    assert value == [1]


def test_dir():
    value = napi.Array()
    value.zeta = 1
    assert {"append", "zeta", "__class__"} <= set(dir(value))


def test_python_subclass():
    class Sub(napi.Array):
        def first(self):
            return self[0]

    value = Sub([1, 2])
    assert value.first() == 1
    value.x = 3
    assert value.x == 3
    watch = weakref.ref(value)
    value.append(value)
    del value
    gc.collect()
    assert watch() is None


# === frozen ===

MUTATIONS = {
    "set": lambda value: value.__setitem__(0, 1),
    "set_slice": lambda value: value.__setitem__(slice(0, 1), [1]),
    "delete": lambda value: value.__delitem__(0),
    "delete_slice": lambda value: value.__delitem__(slice(0, 1)),
    "append": lambda value: value.append(1),
    "extend": lambda value: value.extend([1]),
    "insert": lambda value: value.insert(0, 1),
    "pop": lambda value: value.pop(),
    "remove": lambda value: value.remove(1),
    "clear": lambda value: value.clear(),
    "reverse": lambda value: value.reverse(),
    "sort": lambda value: value.sort(),
    "inplace_concat": lambda value: value.__iadd__([1]),
    "inplace_repeat": lambda value: value.__imul__(2),
    "init": lambda value: value.__init__([5]),
    "length": lambda value: setattr(value, "length", 0),
    "name": lambda value: setattr(value, "name", 0),
}


@pytest.mark.parametrize("act", MUTATIONS.values(), ids=MUTATIONS)
def test_frozen_array_refuses(act):
    value = napi.Array([1, 2])
    assert shim.freeze(value)
    with pytest.raises(TypeError, match="Cannot"):
        act(value)
    assert value == [1, 2]


def test_refusals_name_what_v8_names():
    value = napi.Array([1])
    shim.freeze(value)
    texts = {
        "Cannot assign to read only property '0' of object '[object Array]'": lambda: (
            value.__setitem__(0, 2)
        ),
        "Cannot add property 1, object is not extensible": lambda: value.append(2),
        "Cannot delete property '0' of [object Array]": lambda: value.pop(),
        "Cannot add property foo, object is not extensible": lambda: setattr(
            value, "foo", 1
        ),
    }
    for text, act in texts.items():
        with pytest.raises(TypeError) as caught:
            act()
        assert str(caught.value) == text


def test_sealed_array_can_be_changed_in_place():
    value = napi.Array([2, 1])
    shim.seal(value)
    value[0] = 3
    value.sort()
    assert value == [1, 3]
    for act in (value.pop, lambda: value.append(1), lambda: value.__delitem__(0)):
        with pytest.raises(TypeError):
            act()


def test_inextensible_array_can_shrink():
    value = napi.Array([2, 1])
    shim.prevent_extensions(value)
    with pytest.raises(TypeError, match="not extensible"):
        value.append(1)
    assert value.pop() == 1
    assert value == [2]


# === Node-API ===


def test_create_array(m):
    assert m.array() == []
    assert type(m.array()) is napi.Array
    assert m.array_with_length(3) == [None] * 3
    assert holes(m, m.array_with_length(3)) == [0, 1, 2]


@pytest.mark.parametrize("length", [-1, 2**31, 2**32 - 1, 2**32])
def test_length_is_narrowed_as_in_node(m, length):
    assert m.array_with_length(length) == []


def test_array_is_capped(m):
    with pytest.raises(napi.RangeError, match="Invalid array length"):
        m.array_with_length(2**26 + 1)
    value = napi.Array([1])
    with pytest.raises(napi.RangeError, match="Invalid array length"):
        m.set_element(value, 2**26, 1)
    with pytest.raises(napi.RangeError, match="Invalid array length"):
        value.length = 2**32 - 1
    assert value == [1]


@pytest.mark.parametrize("value", [[1, 2], (1, 2), napi.Array([1, 2])], ids=repr)
def test_arrays(m, value):
    assert m.is_array(value)
    assert m.array_length(value) == 2


@pytest.mark.parametrize("value", [{}, "ab", 5, None, napi.Object()], ids=repr)
def test_no_arrays(m, value):
    assert not m.is_array(value)
    assert m.array_length(value) == -8


def test_names(m, holey):
    assert m.names(holey) == ["1", "4"]
    assert m.all_names(holey, 1, 0, 0) == [1, 4, "length"]
    holey.foo = 1
    assert m.all_names(holey, 1, 0, 0) == [1, 4, "length", "foo"]
    shim.freeze(holey)
    assert m.all_names(holey, 1, 1, 0) == [1, 4]


def test_no_references_are_lost(m):
    marker = object()
    before = sys.getrefcount(marker)
    for _ in range(10):
        value = napi.Array([marker])
        value.append(marker)
        m.set_element(value, 5, marker)
        m.set_element(value, 0, marker)
        value[1] = marker
        value.x = marker
        value[::2], value.copy(), value.pop(), value.x
        value.length = 1
        del value
    assert sys.getrefcount(marker) == before
