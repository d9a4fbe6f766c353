"""Reflection from Python: napi/shim/reflect.c, reflect_value.c."""

import collections
import types

import pytest

import napi
from napi._native import shim


@pytest.fixture(scope="module")
def m(addon):
    return addon("property")


class Point:
    def __init__(self, x=1):
        self.x = x

    def norm(self):
        return abs(self.x)


@pytest.mark.parametrize(
    "call",
    [
        lambda: shim.get({}),
        lambda: shim.get(None, "a"),
        lambda: shim.set({}, "a"),
        lambda: shim.has({}),
        lambda: shim.define({}, "a", wrong=1),
        lambda: shim.define(napi.Object(), "a", get=1),
        lambda: shim.define(napi.Object(), "a", get=len, value=1),
        lambda: shim.own_property(napi.null, "a"),
        lambda: shim.own_keys(None),
        lambda: shim.set_prototype(napi.Object(), 5),
        lambda: shim.create("text"),
        lambda: shim.freeze(None),
        lambda: shim.construct(5),
        lambda: shim.construct(Point, wrong=1),
        lambda: shim.queue_microtask(5),
        lambda: shim.strict_equals(1),
        lambda: shim.instanceof(1),
    ],
)
def test_reflection_says_what_is_wrong(call):
    with pytest.raises(TypeError) as info:
        call()
    names = call.__code__.co_names
    assert f"{names[-1] if names[-1] != 'null' else 'own_property'}(" in str(
        info.value
    ) or any(f"{name}(" in str(info.value) for name in names)


@pytest.mark.parametrize(("value", "name"), [(5, "int"), (None, "undefined")])
def test_a_call_of_what_is_no_function_names_it(value, name):
    with pytest.raises(TypeError, match=f"^{name} is not a function$"):
        shim.call(value, None)


def test_own_keys_and_keys():
    symbol = napi.Symbol("s")
    target = napi.Object(b=1)
    shim.define(target, "hidden", value=1)
    shim.set(target, 2, 1)
    shim.set(target, symbol, 1)
    assert shim.own_keys(target) == ["2", "b", "hidden", symbol]
    assert shim.own_keys(target, include_symbols=False) == ["2", "b", "hidden"]
    assert shim.own_keys(target, only_enumerable=True) == ["2", "b", symbol]
    assert shim.keys(target) == ["2", "b"]


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        (lambda f: shim.get(f, "prototype"), ["length", "name", "prototype"]),
        (lambda f: shim.define(f, "name", value="x"), ["length", "name", "prototype"]),
        (lambda f: shim.set(f, "y", 1), ["length", "name", "prototype", "y"]),
    ],
)
def test_own_keys_of_functions_name_each_once(addon, change, keys):
    function = addon("property", fresh=True).nothing
    change(function)
    assert shim.own_keys(function) == keys


def test_own_keys_of_native_values():
    error = napi.Error("text")
    error.stack = "somewhere"
    error.code = "E"
    assert shim.own_keys(error) == ["stack", "message", "code"]
    proxy = types.MappingProxyType({"b": 1, 2: 1, "1": 1, 1: 1, (): 1})
    assert shim.own_keys(proxy) == ["1", "2", "b"]
    assert shim.own_keys(collections.UserDict(a=1)) == ["a"]


def test_reflection_of_values():
    values = (None, napi.null, 1, "", True, len, {})
    kinds = "undefined null number string boolean function object"
    assert [shim.typeof(value) for value in values] == kinds.split()
    assert shim.strict_equals(1, 1.0) is True
    assert shim.strict_equals(float("nan"), float("nan")) is False
    assert shim.instanceof(ValueError(), ValueError) is True
    assert shim.to_string(1.5) == "1.5"
    assert shim.to_number("0x10") == 16
    assert shim.to_boolean("") is False
    assert shim.to_primitive([1, 2], "string") == "1,2"
    with pytest.raises(ValueError, match="hint"):
        shim.to_primitive({}, "wrong")
    assert shim.construct(Point, 5).x == 5
    assert shim.call(lambda *a: a, None, 1, 2) == (1, 2)


def test_microtasks_run_when_nothing_native_is_left(m):
    seen = []
    shim.queue_microtask(lambda: seen.append(1))
    m.get({}, "a")
    assert seen == [1]
