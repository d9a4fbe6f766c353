"""Properties of any value: napi/shim/property.c and its parts, property_value.c."""

import collections
import gc
import types
import weakref
from types import MappingProxyType

import pytest

import napi
from napi._native import shim

WRITABLE, ENUMERABLE, CONFIGURABLE = 1, 2, 4
PLAIN = WRITABLE | ENUMERABLE | CONFIGURABLE
OK, INVALID_ARG, OBJECT_EXPECTED, NAME_EXPECTED = 0, 1, 2, 4
GENERIC_FAILURE, PENDING = 9, 10


@pytest.fixture(scope="module")
def m(addon):
    return addon("property")


class Point:
    kind = "point"

    def __init__(self, x=1):
        self.x = x

    @property
    def double(self):
        return self.x * 2

    @property
    def absent(self):
        raise AttributeError("not now")

    @property
    def failing(self):
        raise KeyError("failing")

    def norm(self):
        return abs(self.x)


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a = 1


def accessor(target, key="x", **fields):
    shim.define(
        target,
        key,
        get=napi.method(lambda this: this),
        enumerable=True,
        configurable=True,
        **fields,
    )
    return target


# === reading ===


@pytest.mark.parametrize(
    ("value", "key", "expected"),
    [
        (napi.Object(a=1), "a", 1),
        (napi.Object(a=None), "a", None),
        ({"a": 1}, "a", 1),
        ({1: "int"}, "1", "int"),
        ({1: "int"}, 1, "int"),
        ({"1": "str", 1: "int"}, 1, "str"),
        ({True: "bool"}, "1", None),
        ({"01": 1, 1: 2}, "01", 1),
        (MappingProxyType({"a": 1, 2: "two"}), "a", 1),
        (MappingProxyType({"a": 1, 2: "two"}), "2", "two"),
        ([1, 2], 1, 2),
        ([1, 2], "1", 2),
        ([1, 2], "01", None),
        ([1, 2], "-1", None),
        ([1, 2], 2, None),
        ([1, 2], "length", 2),
        ((1, 2), "length", 2),
        (napi.Array([1, 2]), 0, 1),
        (napi.Array([1, 2]), "length", 2),
        ("aé", 1, "é"),
        ("a😀", "length", 3),
        ("a😀", 1, "\ud83d"),
        ("a😀", 2, "\ude00"),
        ("a😀", 3, None),
        (b"ab", 1, 98),
        (b"ab", "length", 2),
        (bytearray(b"abc"), "byteLength", 3),
        (b"ab", 2, None),
        (Point(), "x", 1),
        (Point(), "kind", "point"),
        (Point(), "double", 2),
        (Point(), "absent", None),
        (Point(), "missing", None),
        (Point(), "__class__", None),
        (Point(), "constructor", Point),
        (Slotted(), "a", 1),
        (Slotted(), "b", None),
        (Point, "name", "Point"),
        (Point, "kind", "point"),
        (Point, "mro", None),
        (len, "name", "len"),
        (lambda a, b, c=1: 0, "length", 2),
        (Point().norm, "length", 0),
        (ValueError("text"), "message", "text"),
        (ValueError("text"), "name", "ValueError"),
        (ValueError("text"), "code", None),
        (ValueError(), "message", ""),
        (KeyError("k"), "message", "k"),
        (OSError(2, "gone"), "message", "[Errno 2] gone"),
        (napi.TypeError("text"), "message", "text"),
        (napi.TypeError("text"), "name", "TypeError"),
        (collections, "OrderedDict", collections.OrderedDict),
        (1, "a", None),
        (True, "a", None),
        (napi.BigInt(1), "a", None),
        (napi.Symbol("s"), "a", None),
    ],
    ids=repr,
)
def test_get(m, value, key, expected):
    assert m.get(value, key) == expected
    assert shim.get(value, key) == expected
    if isinstance(key, str):
        assert m.get_named(value, key) == expected
    else:
        assert m.get_element(value, key) == expected


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (napi.Object(), "toString"),
        ({}, "hasOwnProperty"),
        (types.SimpleNamespace(), "valueOf"),
        ([], "map"),
        ((), "join"),
        ("", "slice"),
        (1, "toFixed"),
        (1.5, "toFixed"),
        (True, "valueOf"),
        (napi.BigInt(1), "toString"),
        (napi.Symbol("s"), "toString"),
        (napi.Map(), "forEach"),
        (napi.Set(), "has"),
        (len, "call"),
        (Point, "apply"),
        (ValueError("x"), "toString"),
    ],
    ids=repr,
)
def test_get_inherited_method(m, value, name):
    assert callable(m.get_named(value, name))
    assert m.has_named(value, name) is True
    assert m.has_own(value, name) is False


def test_inherited_methods_get_their_receiver(m):
    assert shim.call(m.get({"a": 1}, "hasOwnProperty"), {"a": 1}, "a") is True
    error = KeyError("k")
    assert shim.call(m.get(error, "toString"), error) == "KeyError: 'k'"
    point = Point(-3)
    assert m.get(point, "norm")() == 3
    prototype = shim.get_prototype(point)
    assert shim.call(m.get(prototype, "norm"), point) == 3


def test_get_raises_what_the_getter_raises(m):
    with pytest.raises(KeyError, match="failing"):
        m.get(Point(), "failing")
    target = napi.Object()
    shim.define(target, "x", get=lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        m.get_named(target, "x")


def test_getter_sees_the_receiver_not_the_holder(m):
    holder = accessor(napi.Object())
    heir = shim.create(shim.create(holder))
    assert m.get(heir, "x") is heir
    assert shim.get(holder, "x", heir) is heir


def test_defaultdict_makes_nothing_when_read(m):
    counts = collections.defaultdict(int)
    assert m.get(counts, "a") is None
    assert counts == {}


def test_dict_that_looks_up_in_its_own_way(m):
    class Folded(dict):
        def __getitem__(self, key):
            return super().__getitem__(key.lower())

    assert m.get(Folded(a=1), "A") == 1
    assert m.get(Folded(a=1), "toString") is not None


def test_symbol_keys(m):
    symbol = napi.Symbol("s")
    for target in (napi.Object(), {}, napi.Array(), Point(), Point, len, ValueError()):
        if target is len:
            m.set(target, symbol, None)
            assert m.delete_key(target, symbol) is True
            continue
        m.set(target, symbol, 1)
        assert m.get(target, symbol) == 1
        assert m.has_own(target, symbol) is True
        assert m.delete_key(target, symbol) is True
        assert m.has(target, symbol) is False


@pytest.mark.parametrize(
    ("key", "name"),
    [(1.5, "1.5"), (None, "undefined"), (True, "true"), (napi.null, "null"),
     (napi.BigInt(7), "7"), ([1, 2], "1,2"), (float("nan"), "NaN")],
    ids=repr,
)  # fmt: skip
def test_other_keys_become_strings(m, key, name):
    target = m.set(napi.Object(), key, "v")
    assert list(target) == [name]
    assert m.get(target, key) == "v"
    assert m.has(target, key) is True


def test_items_of_a_map_are_no_properties(m):
    value = napi.Map([("a", 1)])
    assert m.get(value, "a") is None
    assert m.get(value, "size") == 1
    m.set(value, "b", 2)
    assert (value.size, value.b) == (1, 2)
    assert shim.own_keys(value) == ["b"]


# === writing ===


@pytest.mark.parametrize(
    ("target", "key", "after"),
    [
        (napi.Object(), "a", {"a": 9}),
        (napi.Object(a=1), "a", {"a": 9}),
        (napi.Object(), "_a", {"_a": 9}),
        (napi.Object(), 3, {"3": 9}),
        ({1: 0}, "1", {1: 9}),
        ({"1": 0}, 1, {"1": 9}),
        ({}, 1, {"1": 9}),
        ({True: 0}, 1, {True: 0, "1": 9}),
        ([1], 0, [9]),
        ([1], 3, [1, None, None, 9]),
        (napi.Array([1]), 2, [1, None, 9]),
        (bytearray(b"ab"), 1, bytearray(b"a\t")),
        (bytearray(b"ab"), 2, bytearray(b"ab")),
        (b"ab", 0, b"ab"),
        ((1,), 0, (1,)),
        ("ab", 0, "ab"),
        (5, 0, 5),
    ],
    ids=repr,
)
def test_set(m, target, key, after):
    m.set(target, key, 9)
    assert target == after


def test_set_length(m):
    target = [1, 2, 3]
    m.set_named(target, "length", 1)
    assert target == [1]
    m.set_named(target, "length", 2)
    assert target == [1, None]
    array = napi.Array([1, 2, 3])
    m.set_named(array, "length", 5)
    assert len(array) == 5
    assert m.has_element(array, 4) is False
    for bad in (-1, 1.5, "x", 2**32):
        with pytest.raises(napi.RangeError, match="Invalid array length"):
            m.set_named(array, "length", bad)


def test_set_attributes_of_python_objects(m):
    point = Point()
    m.set(point, "y", 2)
    assert point.y == 2
    m.set(point, "double", 5)
    assert point.double == 2
    m.set(point, "__class__", Slotted)
    assert type(point) is Point
    slotted = Slotted()
    m.set(slotted, "b", 3)
    m.set(slotted, "c", 3)
    assert slotted.b == 3
    assert not hasattr(slotted, "c")
    error = ValueError("x")
    m.set(error, "code", "E")
    m.set(error, "message", "other")
    assert (error.code, m.get(error, "message")) == ("E", "other")
    m.set(int, "x", 1)
    assert not hasattr(int, "x")


def test_set_named_property_of_list_names_the_remedy(m):
    with pytest.raises(TypeError, match=r"napi\.Array"):
        m.set([], "name", 1)
    array = napi.Array()
    m.set(array, "name", 1)
    assert (array.name, array["name"], list(array)) == (1, 1, [])


def test_setter_gets_receiver_and_value(m):
    holder = napi.Object()
    assert m.define(holder, "x", "both", ENUMERABLE) == OK
    heir = shim.create(holder)
    m.set_named(heir, "x", 7)
    assert heir == {"seen": 7}
    assert "seen" not in holder


def test_setter_that_raises(m):
    def refuse(value):
        raise LookupError(value)

    target = napi.Object()
    shim.define(target, "x", set=refuse)
    with pytest.raises(LookupError, match="7"):
        m.set(target, "x", 7)


def test_refused_writes_are_silent(m):
    frozen = napi.Object(a=1)
    assert m.freeze(frozen) == OK
    getter_only = accessor(napi.Object())
    read_only = napi.Object()
    assert m.define(read_only, "x", "value", ENUMERABLE, 1) == OK
    heir = shim.create(read_only)
    for target, key in [
        (frozen, "a"),
        (frozen, "b"),
        (getter_only, "x"),
        (read_only, "x"),
        (heir, "x"),
    ]:
        before = dict(target)
        m.set(target, key, 5)
        assert dict(target) == before
        assert shim.set(target, key, 5) is False


def test_python_code_is_told_of_refusals(m):
    frozen = napi.Object(a=1)
    m.freeze(frozen)
    with pytest.raises(TypeError, match="Cannot assign to read only property 'a'"):
        frozen["a"] = 2
    with pytest.raises(TypeError, match="object is not extensible"):
        frozen["b"] = 2
    with pytest.raises(TypeError, match="which has only a getter"):
        accessor(napi.Object())["x"] = 1


def test_proto_is_the_prototype(m):
    parent = napi.Object(a=1)
    child = napi.Object()
    m.set_named(child, "__proto__", parent)
    assert list(child) == []
    assert m.get(child, "a") == 1
    assert m.get_named(child, "__proto__") is parent


# === asking and deleting ===


@pytest.mark.parametrize(
    "make",
    [
        lambda: napi.Object(a=1),
        lambda: accessor(napi.Object(), "a"),
        lambda: {"a": 1},
        lambda: collections.UserDict(a=1),
        lambda: types.SimpleNamespace(a=1),
        Slotted,
    ],
)
def test_delete(m, make):
    target = make()
    assert m.has_own(target, "a") is True
    assert m.has_named(target, "a") is True
    assert m.delete_key(target, "a") is True
    assert m.has_own(target, "a") is False
    assert m.has(target, "a") is False
    assert m.delete_key(target, "a") is True


def test_delete_element_leaves_a_hole(m):
    array = napi.Array([1, 2])
    assert m.delete_element(array, 1) is True
    assert len(array) == 2
    assert m.has_element(array, 1) is False
    assert m.has_element(array, 0) is True
    native = [1, 2]
    assert m.delete_element(native, 1) is True
    assert native == [1, None]
    assert m.delete_element((1,), 0) is False
    assert m.delete_element(b"a", 0) is False
    assert m.delete_element(b"a", 5) is True


def test_delete_of_fixed_property(m):
    target = napi.Object()
    m.define(target, "x", "value", 0, 1)
    assert m.delete_key(target, "x") is False
    assert m.delete_key([], "length") is False
    assert m.delete_key("abc", "0") is False
    assert m.delete_key(Point(), "norm") is True


def test_has_own_wants_a_name(m):
    assert m.has_own(napi.Object(), 1) == NAME_EXPECTED
    assert m.has({"1": 1}, 1) is True


# === statuses ===


def test_missing_arguments(m):
    statuses = m.missing_arguments()
    assert statuses[-1] == NAME_EXPECTED
    assert set(statuses[:-1]) == {INVALID_ARG}


@pytest.mark.parametrize("value", [None, napi.null], ids=repr)
def test_nothing_has_no_properties(m, value):
    assert set(m.on(value)) == {OBJECT_EXPECTED}
    with pytest.raises(
        napi.TypeError, match="Cannot convert undefined or null to object"
    ):
        m.get(value, "a")


@pytest.mark.parametrize(
    "value", [5, 1.5, "text", True, napi.BigInt(1), napi.Symbol()], ids=repr
)
def test_primitives_are_boxed(m, value):
    assert set(m.on(value)) == {OK}


def test_while_pending(m, recorded_reports):
    assert set(m.while_pending()) == {PENDING}


# === leaks ===


def test_leaks_nothing(m):
    class Thing:
        pass

    def run():
        target = accessor(napi.Object())
        m.set(target, "o", Thing())
        m.get(target, "x")
        m.get(target, "missing")
        m.define(target, "p", "both", 0)
        m.define(target, "q", "method", 0)
        m.freeze(target)
        m.set_prototype(napi.Object(), target)
        m.get(Thing(), "missing")
        m.get(Thing, "prototype")
        m.set({}, "1", Thing())
        return [weakref.ref(target), weakref.ref(target["o"])]

    references = [one for _ in range(5) for one in run()]
    gc.collect()
    assert [one() for one in references] == [None] * len(references)


VIEWS = {
    "Uint8Array": [(300, 44), (-1, 255), (1.9, 1), ("7", 7), ("a", 0), (None, 0)],
    "Uint8ClampedArray": [(300, 255), (-1, 0), ("7", 7)],
    "Float64Array": [(1.5, 1.5), ("1e3", 1000), (True, 1)],
    "BigInt64Array": [(napi.BigInt(-1), -1), ("12", 12), (True, 1)],
}
ELEMENTS = [(kind, *pair) for kind, pairs in VIEWS.items() for pair in pairs]


@pytest.mark.parametrize(("kind", "value", "stored"), ELEMENTS)
def test_element_of_a_view_is_converted(m, kind, value, stored):
    view = getattr(napi, kind)(2)
    m.set_element(view, 1, value)
    assert list(view) == [0, stored]
    for key in ("-0", "-1", "1.5", "NaN", 5):
        m.set(view, key, value)
        assert not m.has(view, key)


def test_element_of_an_array_of_bigints_is_no_number(m):
    with pytest.raises(napi.TypeError, match="Cannot convert 1 to a BigInt"):
        m.set_element(napi.BigInt64Array(1), 0, 1.0)
    with pytest.raises(napi.SyntaxError, match="Cannot convert a to a BigInt"):
        m.set_element(napi.BigInt64Array(1), 0, "a")


def test_element_of_a_bytearray_is_set(m):
    data = bytearray(2)
    m.set_element(data, 1, 7)
    assert data == b"\0\7"


def test_function_without_a_dict_keeps_its_properties(m):
    for function in (napi.method(lambda this: this), len):
        m.set(function, "note", 5)
        assert m.get(function, "note") == 5
        assert m.delete_key(function, "note")
        assert not m.has(function, "note")


def test_name_and_length_of_a_python_function_are_read_only(m):
    def function(a, b):
        pass

    for value in (function, type("K", (), {})):
        for key in ("name", "length"):
            before = m.get(value, key)
            m.set(value, key, "other")
            assert m.get(value, key) == before
    function.length = 9
    m.set(function, "length", 10)
    assert function.length == 10


def test_frozen_function_says_so(m):
    from napi._native import shim

    def function():
        pass

    assert m.freeze(function) == 0
    assert shim.is_frozen(function)
    assert not shim.own_property(function, "name")["configurable"]
