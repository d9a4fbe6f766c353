"""napi.Object as Python sees it, and the names of properties.

napi/shim/object*.c, value_object.c, property_keys.c, property_visit.c, side.c
"""

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

OWN, CHAIN = 1, 0
ALL, WRITABLE, ENUMERABLE, CONFIGURABLE, NO_STRINGS, NO_SYMBOLS = 0, 1, 2, 4, 8, 16
NUMBERS, STRINGS = 0, 1


@pytest.fixture(scope="module")
def m(addon):
    return addon("object", experimental=True)


@pytest.fixture
def plain():
    return napi.Object(a=1, b=[1, 2])


@pytest.fixture
def special():
    """A getter, a hidden and a read-only property between plain ones."""
    value = napi.Object(first=1)
    shim.define(
        value,
        "twice",
        get=napi.method(lambda self: self["first"] * 2),
        enumerable=True,
        configurable=True,
    )
    shim.define(value, "hidden", value=3, writable=True, configurable=True)
    shim.define(value, "fixed", value=4, enumerable=True)
    value["last"] = 5
    return value


# === a dict ===


def test_object_is_a_dict(plain):
    assert isinstance(plain, dict)
    assert plain == {"a": 1, "b": [1, 2]}
    assert json.dumps(plain) == '{"a": 1, "b": [1, 2]}'
    assert dict(plain) == {**plain} == plain
    assert repr(plain) == "{'a': 1, 'b': [1, 2]}"
    assert len(plain) == 2
    assert bool(plain)
    assert not napi.Object()


def test_object_made_like_a_dict():
    assert napi.Object({"a": 1}, b=2) == {"a": 1, "b": 2}
    assert napi.Object([("a", 1), ("b", 2)]) == {"a": 1, "b": 2}
    assert napi.Object(napi.Object(a=1)) == {"a": 1}
    assert napi.Object.fromkeys("ab", 0) == {"a": 0, "b": 0}
    assert type(napi.Object.fromkeys("ab")) is napi.Object
    with pytest.raises(TypeError):
        napi.Object({}, {})
    with pytest.raises(ValueError, match="not 3 values"):
        napi.Object(["abc"])
    with pytest.raises(TypeError):
        napi.Object([1])


def test_wide_object_is_laid_out_by_pprint():
    wide = napi.Object({f"key{i}": "x" * 20 for i in range(5)})
    assert pprint.pformat(wide) == pprint.pformat(dict(wide))
    assert pprint.pformat(wide).count("\n") == 4


def test_key_kinds(plain):
    symbol = napi.Symbol("s")
    plain[symbol] = 1
    plain[7] = 2
    assert plain[symbol] == 1
    assert plain["7"] == plain[7] == 2
    assert symbol in plain
    assert 7 in plain
    assert "7" in plain
    assert len(plain) == 3
    del plain[7], plain[symbol]
    assert "7" not in plain
    assert symbol not in plain


@pytest.mark.parametrize("key", [None, True, (1, 2), b"a"], ids=repr)
def test_no_property_key(plain, key):
    assert key not in plain
    assert plain.get(key, 5) == 5
    with pytest.raises(KeyError) as caught:
        plain[key]
    assert caught.value.args == (key,)
    with pytest.raises(KeyError):
        del plain[key]
    with pytest.raises(TypeError, match="property key"):
        plain[key] = 1


def test_missing_key_is_key_error(plain):
    with pytest.raises(KeyError, match="zz"):
        plain["zz"]
    with pytest.raises(KeyError, match="zz"):
        del plain["zz"]
    assert plain.get("zz") is None
    assert plain.get("a") == 1
    assert "toString" not in plain
    for call in (plain.get, plain.setdefault, plain.pop):
        with pytest.raises(TypeError, match="expected 1 or 2 arguments"):
            call()


def test_order_is_that_of_javascript():
    value = napi.Object(b=1)
    value["10"] = 2
    value["9"] = 3
    value["a"] = 4
    value["01"] = 5
    assert list(value) == ["9", "10", "b", "a", "01"]
    assert list(value.keys()) == list(value)
    assert list(value.values()) == [3, 2, 1, 4, 5]
    assert next(iter(value.items())) == ("9", 3)
    assert list(reversed(value)) == ["01", "a", "b", "10", "9"]
    assert list(dict(value)) == list(value)
    assert json.dumps(value).startswith('{"9": 3, "10": 2, "b": 1')
    assert repr(value).startswith("{'9': 3, '10': 2, 'b': 1")
    assert value.popitem() == ("01", 5)


def test_keys_stay_live(plain):
    keys = plain.keys()
    plain["c"] = 3
    assert list(keys) == ["a", "b", "c"]


def test_dict_methods(plain):
    assert plain.setdefault("a", 9) == 1
    assert plain.setdefault("c", 9) == 9
    assert plain.setdefault("d") is None
    assert plain.pop("c") == 9
    assert plain.pop("c", "gone") == "gone"
    with pytest.raises(KeyError):
        plain.pop("c")
    plain.update({"x": 1}, y=2)
    plain.update([("z", 3)])
    assert list(plain) == ["a", "b", "d", "x", "y", "z"]
    assert plain.popitem() == ("z", 3)
    plain.clear()
    assert plain == {}
    with pytest.raises(KeyError):
        plain.popitem()


def test_union(plain):
    both = plain | {"a": 2, "c": 3}
    assert type(both) is napi.Object
    assert both == {"a": 2, "b": [1, 2], "c": 3}
    flipped = {"a": 2, "c": 3} | plain
    assert type(flipped) is napi.Object
    assert flipped == {"a": 1, "c": 3, "b": [1, 2]}
    same = plain
    same |= {"q": 1}
    assert same is plain
    assert plain["q"] == 1
    with pytest.raises(TypeError):
        plain | [("a", 1)]


def test_copies(plain):
    for twin in (plain.copy(), copy.copy(plain), copy.deepcopy(plain)):
        assert type(twin) is napi.Object
        assert twin == plain
        assert twin is not plain
    assert copy.copy(plain)["b"] is plain["b"]
    assert copy.deepcopy(plain)["b"] is not plain["b"]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle(plain, protocol):
    plain["me"] = plain
    twin = pickle.loads(pickle.dumps(plain, protocol))
    assert type(twin) is napi.Object
    assert list(twin) == list(plain)
    assert twin["me"] is twin


def test_copy_of_special_is_plain_data(special):
    symbol = napi.Symbol("s")
    special[symbol] = 6
    twin = special.copy()
    assert twin["twice"] == 2
    assert twin[symbol] == 6
    assert "hidden" not in twin
    twin["fixed"] = 7
    assert twin["fixed"] == 7
    assert pickle.loads(pickle.dumps(napi.Object(a=1) | {"b": 2})) == {"a": 1, "b": 2}


# === special properties ===


def test_special_properties_are_seen(special):
    assert list(special) == ["first", "twice", "fixed", "last"]
    assert len(special) == 4
    assert special["twice"] == 2
    assert special["hidden"] == 3
    assert "hidden" in special
    assert list(special.items()) == [
        ("first", 1),
        ("twice", 2),
        ("fixed", 4),
        ("last", 5),
    ]
    assert dict(special) == {"first": 1, "twice": 2, "fixed": 4, "last": 5}
    assert repr(special) == "{'first': 1, 'twice': <getter>, 'fixed': 4, 'last': 5}"
    assert special.get("twice") == 2


def test_symbol_is_shown():
    value = napi.Object(a=1)
    value[napi.Symbol("s")] = 2
    assert repr(value) == "{'a': 1, Symbol(s): 2}"
    assert len(value) == 1


def test_repr_of_cycle():
    value = napi.Object({"1": 2})
    value["me"] = value
    assert repr(value) == "{'1': 2, 'me': {...}}"


def test_refused_assignments_raise(special):
    with pytest.raises(
        TypeError, match="Cannot assign to read only property 'fixed' of object '#<Obj"
    ):
        special["fixed"] = 1
    with pytest.raises(
        TypeError,
        match="Cannot set property twice of #<Object> which has only a getter",
    ):
        special.twice = 1
    with pytest.raises(TypeError, match="Cannot delete property 'fixed' of #<Object>"):
        del special["fixed"]
    with pytest.raises(TypeError, match="fixed"):
        special.clear()
    assert special["fixed"] == 4


def test_frozen_object_refuses(plain):
    assert shim.freeze(plain)
    for act in (
        lambda: plain.update(a=2),
        lambda: setattr(plain, "a", 2),
        lambda: plain.__setitem__("a", 2),
    ):
        with pytest.raises(TypeError, match="Cannot assign to read only property 'a'"):
            act()
    for act in (
        lambda: plain.pop("a"),
        lambda: plain.__delitem__("a"),
        lambda: plain.__delattr__("a"),
    ):
        with pytest.raises(TypeError, match="Cannot delete property 'a' of #<Object>"):
            act()
    with pytest.raises(TypeError, match="Cannot add property c, object is not ext"):
        plain["c"] = 1
    with pytest.raises(TypeError, match="Cannot add property c, object is not ext"):
        plain.setdefault("c", 1)
    for act in (plain.clear, plain.popitem):
        with pytest.raises(TypeError):
            act()
    assert plain == {"a": 1, "b": [1, 2]}


def test_sealed_and_inextensible(plain):
    shim.prevent_extensions(plain)
    with pytest.raises(TypeError, match="not extensible"):
        plain["c"] = 1
    plain["a"] = 2
    del plain["b"]
    shim.seal(plain)
    plain["a"] = 3
    with pytest.raises(TypeError, match="Cannot delete"):
        del plain["a"]
    assert plain == {"a": 3}


def test_prototype_is_asked(plain):
    base = napi.Object(inherited=1, a=9)
    shim.set_prototype(plain, base)
    assert plain["inherited"] == plain.inherited == 1
    assert "inherited" in plain
    assert plain["a"] == 1
    assert list(plain) == ["a", "b"]
    assert len(plain) == 2


# === attributes ===


def test_attributes_are_properties(plain):
    assert plain.a == 1
    plain.c = 3
    assert plain["c"] == 3
    del plain.c
    assert "c" not in plain
    with pytest.raises(AttributeError, match="'c'"):
        _ = plain.c
    with pytest.raises(AttributeError):
        del plain.c
    assert not hasattr(plain, "_repr_html_")
    assert getattr(plain, "nothing", 5) == 5


def test_dict_method_wins_over_data():
    value = napi.Object(items=1, keys=2)
    assert value["items"] == 1
    assert list(value.items()) == [("items", 1), ("keys", 2)]
    value.items = 3
    assert value["items"] == 3


def test_function_property_wins_and_is_bound(m):
    value = napi.Object(items=m.receiver, other=m.receiver)
    assert value.items() is value
    assert value.other() is value
    assert value["other"] is m.receiver
    assert value["other"]() is not value


def test_python_callables_are_not_bound():
    def function(*args):
        return args

    value = napi.Object(f=function, int=int)
    assert value.f is function
    assert value.int is int


def test_inherited_function_is_bound(m, plain):
    shim.set_prototype(plain, napi.Object(f=m.receiver))
    assert plain.f() is plain


def test_object_prototype_by_attribute(plain):
    assert plain.hasOwnProperty("a") is True
    assert plain.hasOwnProperty("zz") is False
    assert plain.toString() == "[object Object]"


def test_python_protocol_names_are_not_properties(plain):
    plain["__class__"] = 1
    assert plain.__class__ is napi.Object
    with pytest.raises(AttributeError):
        plain.__orig_class__ = 1
    assert "__orig_class__" not in plain


def test_dir(special):
    names = dir(special)
    assert {"first", "twice", "items", "__class__"} <= set(names)
    assert "hidden" not in names


def test_python_subclass():
    class Sub(napi.Object):
        limit = 5

        def method(self):
            return self["a"]

        @property
        def both(self):
            return self.a + self.limit

    value = Sub(a=1)
    assert value.method() == 1
    assert value.both == 6
    value.b = 2
    assert value == {"a": 1, "b": 2}
    with pytest.raises(AttributeError):
        value.both = 1
    assert type(value.copy()) is Sub
    watch = weakref.ref(value)
    value.me = value
    del value
    gc.collect()
    assert watch() is None


# === lifetime ===


def test_cycles_are_collected():
    value = napi.Object()
    value["me"] = value
    shim.define(value, "hidden", value=value)
    shim.set_prototype(value, napi.Object(child=value))
    watch = weakref.ref(value)
    del value
    gc.collect()
    assert watch() is None


def test_deep_nesting_is_freed():
    value = napi.Object()
    for _ in range(100_000):
        value = napi.Object(inner=value)
    del value
    array = napi.Array()
    for _ in range(100_000):
        array = napi.Array([array])
    del array


def test_no_references_are_lost():
    marker = object()
    symbol = napi.Symbol("s")
    before = sys.getrefcount(marker)
    for _ in range(10):
        value = napi.Object(a=marker)
        value.b = marker
        value[symbol] = marker
        value["3"] = marker
        value.get("a"), value.pop("b"), value.a, value[symbol]
        value | {"q": marker}, value.copy(), repr(value), list(value.items())
        value.setdefault("d", marker), value.update(e=marker), value.popitem()
        "zz" in value, value.get("zz", marker), value.pop("zz", marker)
        del value
    assert sys.getrefcount(marker) == before


# === Node-API ===


def test_create_object(m):
    assert type(m.create()) is napi.Object
    assert m.create() == {}


def test_create_object_with_properties(m):
    assert m.create_with(None, [], []) == 1  # undefined is no prototype
    value = m.create_with(napi.null, ["x", "7", "x"], [0, 1, 2])
    assert list(value.items()) == [("7", 1), ("x", 2)]
    assert shim.get_prototype(value) is napi.null
    base = napi.Object(inherited=1)
    value = m.create_with(base, ["x"], [0])
    assert shim.get_prototype(value) is base
    assert value["inherited"] == 1
    symbol = napi.Symbol("s")
    assert m.create_with(base, [symbol], [5])[symbol] == 5
    assert shim.get_prototype(m.create_with()) is napi.null


def test_create_object_with_bad_properties(m):
    assert m.create_with(napi.null, ["x", 1], [0, 1]) == 4
    assert m.create_with(5, ["x"], [0]) == 1


def test_missing_arguments(m):
    assert set(m.missing_arguments()) == {1}


def test_while_pending(m, recorded_reports):
    assert m.while_pending() == [0, 0, 0, 0, 10, 10, 10]


def test_names_of_undefined_and_null(m):
    assert m.names(None) == 2
    assert m.names(napi.null) == 2


def test_names_with_unknown_enumerators(m):
    assert m.all_names({}, 7, 0, 0) == 1
    assert m.all_names({}, 0, 0, 9) == 1
    assert m.all_names({}, OWN, 0xFF, 0) == []


def test_names_of_a_chain(m):
    """The order and the hiding that Node shows."""
    base = napi.Object({"a": 1, "5": 2, "z": 1})
    value = napi.Object()
    shim.set_prototype(value, base)
    shim.define(value, "a", value=1)
    symbol = napi.Symbol("s")
    value["q"] = 1
    value["3"] = 1
    value[symbol] = 2
    assert m.names(value) == ["3", "q", "5", "z"]
    assert m.all_names(value, CHAIN, ENUMERABLE, NUMBERS) == [3, "q", symbol, 5, "z"]
    assert m.all_names(value, CHAIN, ALL, NUMBERS)[:6] == [3, "a", "q", symbol, 5, "z"]
    assert m.all_names(value, CHAIN, NO_STRINGS, NUMBERS)[0] == symbol
    own = {
        ALL: [3, "a", "q", symbol],
        WRITABLE: [3, "q", symbol],
        ENUMERABLE: [3, "q", symbol],
        CONFIGURABLE: [3, "q", symbol],
        NO_STRINGS: [symbol],
        NO_SYMBOLS: [3, "a", "q"],
    }
    for keys, expected in own.items():
        assert m.all_names(value, OWN, keys, NUMBERS) == expected
        expected = ["3" if key == 3 else key for key in expected]
        assert m.all_names(value, OWN, keys, STRINGS) == expected


def test_hidden_index_hides_the_inherited_one(m):
    value = napi.Object()
    shim.set_prototype(value, napi.Object({"a": 1, "5": 2}))
    shim.define(value, "5", value=1)
    assert m.all_names(value, CHAIN, ENUMERABLE, NUMBERS) == ["a"]


def test_accessors_pass_the_filters(m):
    value = napi.Object()
    shim.define(value, "x", get=lambda: 1, enumerable=True, configurable=True)
    value["y"] = 1
    shim.define(value, "ro", value=1, enumerable=True)
    assert m.all_names(value, OWN, CONFIGURABLE, NUMBERS) == ["x", "y"]
    assert m.all_names(value, OWN, WRITABLE, NUMBERS) == ["x", "y"]


def test_redefined_property_keeps_its_place(m):
    value = napi.Object(b=1, a=1)
    shim.define(value, "b", get=lambda: 1, enumerable=True, configurable=True)
    value["c"] = 1
    del value["a"]
    value["a"] = 1
    assert m.all_names(value, OWN, ALL, NUMBERS) == ["b", "c", "a"]
    assert list(value) == ["b", "c", "a"]


def test_frozen_names(m):
    value = napi.Object({"1": 1, "x": 2})
    shim.freeze(value)
    assert m.all_names(value, OWN, WRITABLE, NUMBERS) == [1]
    assert m.all_names(value, OWN, CONFIGURABLE, NUMBERS) == [1]
    assert m.all_names(value, OWN, ENUMERABLE, NUMBERS) == [1, "x"]


def test_index_limit(m):
    value = napi.Object({"4294967294": 1, "4294967295": 1, "b": 1, "1": 1, "-1": 2})
    expected = [1, 4294967294, "4294967295", "b", "-1"]
    assert m.all_names(value, OWN, ALL, NUMBERS) == expected


class Slots:
    __slots__ = ("unset", "x")

    def __init__(self):
        self.x = 1


class Plain:
    shared = 1

    def __init__(self):
        self.b = 1
        self.a = 2

    def method(self):
        return self


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": 1, "a": 2}, ["b", "a"]),
        ({"b": 1, 7: 2, "0": 3, True: 4, 1.5: 5, (1,): 6}, [0, 7, "b"]),
        ([5, 6], [0, 1, "length"]),
        ((5, 6), [0, 1, "length"]),
        ("ab", [0, 1, "length"]),
        ("a\U0001f600", [0, 1, 2, "length"]),
        (bytearray(2), [0, 1]),
        (5, []),
        (True, []),
        (napi.Symbol("s"), []),
        (Plain(), ["b", "a"]),
        (Slots(), ["x"]),
        (napi.Uint8Array(2), [0, 1]),
        (napi.ArrayBuffer(2), []),
        (ValueError("x"), ["stack", "message"]),
    ],
    ids=repr,
)
def test_own_names_of(m, value, expected):
    assert m.all_names(value, OWN, ALL, NUMBERS) == expected


def test_own_names_of_function(m):
    expected = ["length", "name", "prototype"]
    assert m.all_names(m.receiver, OWN, ALL, NUMBERS) == expected


def test_module_names_leave_out_python_protocol(m):
    import types

    module = types.ModuleType("some")
    module.x = 1
    assert m.names(module)[:1] == ["x"]
    assert not [key for key in m.names(json) if key.startswith("__")]


def test_error_names(m):
    error = ValueError("x")
    error.code = "E_X"
    assert m.names(error) == ["code"]
