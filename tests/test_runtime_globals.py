"""napi.globalThis: what addons look up in the realm."""

import io
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import napi
from napi import runtime
from napi._native import shim

NAMES = [
    "AggregateError",
    "Array",
    "ArrayBuffer",
    "BigInt",
    "BigInt64Array",
    "BigUint64Array",
    "Boolean",
    "Buffer",
    "DataView",
    "Date",
    "Error",
    "EvalError",
    "Float32Array",
    "Float64Array",
    "Function",
    "Infinity",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "Iterator",
    "JSON",
    "Map",
    "Math",
    "NaN",
    "Number",
    "Object",
    "Promise",
    "RangeError",
    "ReferenceError",
    "Reflect",
    "Set",
    "SharedArrayBuffer",
    "String",
    "Symbol",
    "SyntaxError",
    "TextDecoder",
    "TextEncoder",
    "TypeError",
    "URIError",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "WeakMap",
    "WeakRef",
    "WeakSet",
    "atob",
    "btoa",
    "clearTimeout",
    "console",
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
    "globalThis",
    "isFinite",
    "isNaN",
    "parseFloat",
    "parseInt",
    "performance",
    "process",
    "queueMicrotask",
    "setImmediate",
    "setInterval",
    "setTimeout",
    "structuredClone",
]


@pytest.fixture(scope="module")
def realm():
    return napi.globalThis


def invoke(target, name, *arguments):
    """target[name](...arguments) as JavaScript does it."""
    return shim.call(shim.get(target, name), target, *arguments)


# What the web's interfaces add is enumerable, in Node too.
LISTED = {
    "atob",
    "btoa",
    "clearImmediate",
    "clearInterval",
    "clearTimeout",
    "performance",
    "queueMicrotask",
    "setImmediate",
    "setInterval",
    "setTimeout",
    "structuredClone",
}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_there_and_settle(realm, name):
    assert shim.has(realm, name)
    first = shim.get(realm, name)
    assert first is not None
    assert shim.get(realm, name) is first
    assert "get" not in shim.own_property(realm, name)
    assert shim.own_property(realm, name)["enumerable"] == (name in LISTED)


def test_global_object(realm):
    assert realm is napi.globalThis
    assert shim.get(realm, "globalThis") is realm
    assert shim.get(realm, "global") is realm
    assert shim.get(realm, "undefined") is None
    assert set(shim.keys(realm)) == LISTED
    assert shim.get(realm, "nonsense") is None


def test_a_name_can_be_replaced(realm):
    kept = shim.get(realm, "structuredClone")
    shim.set(realm, "structuredClone", 5)
    assert shim.get(realm, "structuredClone") == 5
    shim.set(realm, "structuredClone", kept)


def test_unknown_runtime_name():
    with pytest.raises(AttributeError):
        runtime.nonsense  # noqa: B018


def test_object_statics(realm):
    o = shim.get(realm, "Object")
    made = invoke(o, "assign", napi.Object(a=1), napi.null, {"b": 2})
    assert made == {"a": 1, "b": 2}
    assert invoke(o, "keys", made) == ["a", "b"]
    assert invoke(o, "values", made) == [1, 2]
    assert invoke(o, "entries", made) == [["a", 1], ["b", 2]]
    assert invoke(o, "fromEntries", [["x", 1]]) == {"x": 1}
    assert invoke(o, "hasOwn", made, "a") is True
    assert invoke(o, "is", math.nan, math.nan) is True
    assert invoke(o, "is", 0, -0.0) is False
    assert invoke(o, "isFrozen", invoke(o, "freeze", made)) is True
    assert invoke(o, "isExtensible", made) is False
    bare = invoke(o, "create", napi.null)
    assert invoke(o, "getPrototypeOf", bare) is napi.null
    assert invoke(o, "getPrototypeOf", napi.Object()) is shim.get(o, "prototype")


def test_descriptors(realm):
    o, reflect = shim.get(realm, "Object"), shim.get(realm, "Reflect")
    made = napi.Object()
    invoke(o, "defineProperty", made, "x", {"value": 1})
    described = invoke(reflect, "getOwnPropertyDescriptor", made, "x")
    assert described == {
        "value": 1,
        "writable": False,
        "enumerable": False,
        "configurable": False,
    }
    invoke(o, "defineProperty", made, "y", {"get": lambda *_: 7, "configurable": True})
    assert shim.get(made, "y") == 7
    described = invoke(reflect, "getOwnPropertyDescriptor", made, "y")
    assert set(described) == {"get", "set", "enumerable", "configurable"}
    assert invoke(reflect, "getOwnPropertyDescriptor", made, "missing") is None
    with pytest.raises(napi.TypeError, match="Cannot redefine property: x"):
        invoke(o, "defineProperty", made, "x", {"value": 2})
    assert invoke(reflect, "defineProperty", made, "x", {"value": 2}) is False
    with pytest.raises(napi.TypeError, match="Property description must be"):
        invoke(o, "defineProperty", made, "z", 1)


def test_a_partial_descriptor_keeps_the_rest(realm):
    o = shim.get(realm, "Object")
    made = napi.Object(x=1)
    invoke(o, "defineProperty", made, "x", {"enumerable": False})
    assert shim.own_property(made, "x")["value"] == 1
    assert shim.own_property(made, "x")["writable"] is True
    assert shim.keys(made) == []


def test_reflect(realm):
    reflect = shim.get(realm, "Reflect")
    made = napi.Object(a=1)
    assert invoke(reflect, "has", made, "toString") is True
    assert invoke(reflect, "ownKeys", made) == ["a"]
    assert invoke(reflect, "set", made, "b", 2) is True
    assert invoke(reflect, "deleteProperty", made, "a") is True
    assert made == {"b": 2}
    assert invoke(reflect, "apply", lambda *a: a, None, [1, 2]) == (1, 2)
    assert isinstance(invoke(reflect, "construct", napi.Date, [0]), napi.Date)
    with pytest.raises(napi.TypeError, match=r"Reflect\.get called on non-object"):
        invoke(reflect, "get", 5, "x")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (napi.Object(), "[object Object]"),
        (napi.Array(), "[object Array]"),
        (None, "[object Undefined]"),
        (napi.null, "[object Null]"),
        (napi.Error("x"), "[object Error]"),
        (napi.Date(0), "[object Date]"),
        (len, "[object Function]"),
    ],
)
def test_object_to_string(realm, value, text):
    prototype = shim.get(shim.get(realm, "Object"), "prototype")
    assert shim.call(shim.get(prototype, "toString"), value) == text


@pytest.mark.parametrize(
    ("value", "method", "arguments", "result"),
    [
        ("abc", "toUpperCase", (), "ABC"),
        ("a-b", "split", ("-",), ["a", "b"]),
        ("\U0001f600", "charCodeAt", (0,), 0xD83D),
        ("\U0001f600", "codePointAt", (0,), 0x1F600),
        ("abc", "slice", (-2,), "bc"),
        ("ab", "padStart", (5, "xy"), "xyxab"),
        ("aXbX", "replace", ("X", "[$&]"), "a[X]bX"),
        ("aXbX", "replaceAll", ("X", "$$"), "a$b$"),
        (255, "toString", (16,), "ff"),
        (0.5, "toString", (2,), "0.1"),
        (1.005, "toFixed", (2,), "1.00"),
        (-1.5, "toFixed", (0,), "-2"),
        (1e21, "toFixed", (2,), "1e+21"),
        (123.456, "toPrecision", (4,), "123.5"),
        (0.000001, "toExponential", (), "1e-6"),
        (True, "toString", (), "true"),
        (napi.BigInt(255), "toString", (36,), "73"),
        ([3, 1, 2], "indexOf", (1,), 1),
        ((1, 2), "join", ("+",), "1+2"),
        ([1, [2, [3]]], "flat", (math.inf,), [1, 2, 3]),
        ([1, 2, 3], "slice", (1,), [2, 3]),
        ([1, math.nan], "includes", (math.nan,), True),
        ([10, 9, 1, None], "toSorted", (), [1, 10, 9, None]),
        ([1, 2], "with", (0, 5), [5, 2]),
    ],
)
def test_methods_of_native_values(value, method, arguments, result):
    assert invoke(value, method, *arguments) == result


def test_array_methods_change_lists():
    values = [1, 2, 3]
    assert invoke(values, "push", 4, 5) == 5
    assert invoke(values, "shift") == 1
    assert invoke(values, "splice", 1, 2, "x") == [3, 4]
    assert invoke(values, "reverse") is values
    assert values == [5, "x", 2]
    assert invoke(values, "map", lambda value, index, _: index) == [0, 1, 2]
    assert invoke(values, "reduce", lambda a, b, *_: f"{a}{b}") == "5x2"


def test_holes_are_passed_over():
    holes = shim.construct(shim.get(napi.globalThis, "Array"), 3)
    holes[1] = "x"
    seen = []
    invoke(holes, "forEach", lambda value, index, _: seen.append((value, index)))
    assert seen == [("x", 1)]


def test_array_statics(realm):
    array = shim.get(realm, "Array")
    assert invoke(array, "isArray", [1]) is True
    assert invoke(array, "isArray", "x") is False
    assert invoke(array, "from", "ab") == ["a", "b"]
    assert invoke(array, "from", {"length": 2, "0": "x"}) == ["x", None]
    assert invoke(array, "of", 7) == [7]
    with pytest.raises(napi.RangeError, match="Invalid array length"):
        array(-1)


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("round", (2.5,), 3),
        ("round", (-2.5,), -2),
        ("max", (), -math.inf),
        ("max", (1, 3, 2), 3),
        ("pow", (2, 10), 1024),
        ("hypot", (3, 4), 5),
        ("clz32", (1,), 31),
        ("imul", (0xFFFFFFFF, 5), -5),
        ("trunc", (-0.5,), -0.0),
        ("sign", (-3,), -1),
        ("cbrt", (27,), 3),
        ("log", (0,), -math.inf),
        ("exp", (1000,), math.inf),
        ("fround", (5.05,), 5.050000190734863),
    ],
)
def test_math(realm, name, arguments, result):
    found = invoke(shim.get(realm, "Math"), name, *arguments)
    assert found == result
    assert math.copysign(1, found) == math.copysign(1, result)


def test_math_is_nan_where_it_is(realm):
    m = shim.get(realm, "Math")
    for name, arguments in (("log", (-1,)), ("pow", (1, math.inf)), ("acos", (2,))):
        assert math.isnan(invoke(m, name, *arguments))


def test_numbers(realm):
    assert shim.get(realm, "parseInt")("12px") == 12
    assert shim.get(realm, "parseInt")("0x1f") == 31
    assert shim.get(realm, "parseFloat")("1.5e3x") == 1500
    assert math.isnan(shim.get(realm, "parseInt")("x"))
    assert shim.get(realm, "Number")("0x10") == 16
    assert shim.get(realm, "Number").MAX_SAFE_INTEGER == 2**53 - 1
    assert shim.get(realm, "BigInt")("0xff") == 255
    with pytest.raises(napi.RangeError):
        shim.get(realm, "BigInt")(1.5)


def test_process(realm):
    process = shim.get(realm, "process")
    versions = shim.get(process, "versions")
    major, minor, patch, name = runtime.node_version
    assert shim.get(versions, "node") == f"{major}.{minor}.{patch}"
    assert shim.get(process, "version") == f"v{major}.{minor}.{patch}"
    assert shim.get(shim.get(process, "release"), "name") == name == "node"
    assert shim.get(versions, "napi") == str(runtime.napi_version)
    assert shim.get(versions, "electron") is None
    assert re.fullmatch(r"\d+\.\d+\.\w+", shim.get(versions, "openssl"))
    assert shim.get(process, "pid") == os.getpid()
    assert invoke(process, "cwd") == str(Path.cwd())
    seconds, nanoseconds = invoke(process, "hrtime")
    assert 0 <= nanoseconds < 10**9
    assert seconds >= 0
    assert invoke(process, "memoryUsage")["rss"] > 0
    with pytest.raises(SystemExit) as caught:
        invoke(process, "exit", 3)
    assert caught.value.code == 3


def test_environment_is_live(realm, monkeypatch):
    env = shim.get(shim.get(realm, "process"), "env")
    monkeypatch.setenv("NAPI_TEST_VARIABLE", "one")
    assert shim.get(env, "NAPI_TEST_VARIABLE") == "one"
    shim.set(env, "NAPI_TEST_VARIABLE", 2)
    assert os.environ["NAPI_TEST_VARIABLE"] == "2"
    shim.delete(env, "NAPI_TEST_VARIABLE")
    assert "NAPI_TEST_VARIABLE" not in os.environ
    assert shim.get(env, "NAPI_TEST_VARIABLE") is None


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("a", 1, None, napi.null, True), "a 1 undefined null true"),
        (("%s is %d%%", "x", 5), "x is 5%"),
        (({"a": {"b": {"c": {"d": 1}}}},), "{ a: { b: { c: [Object] } } }"),
        (([1, "it's"],), '[ 1, "it\'s" ]'),
        ((napi.Map([("k", 1)]), napi.Set([1])), "Map(1) { 'k' => 1 } Set(1) { 1 }"),
        ((napi.BigInt(3), -0.0, napi.Symbol("s")), "3n -0 Symbol(s)"),
        ((napi.Date(0),), "1970-01-01T00:00:00.000Z"),
        (([],), "[]"),
    ],
)
def test_console(realm, monkeypatch, arguments, text):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    invoke(shim.get(realm, "console"), "log", *arguments)
    assert out.getvalue() == text + "\n"


def test_console_shows_cycles(realm, monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    cycle = napi.Object(a=1)
    cycle["self"] = cycle
    invoke(shim.get(realm, "console"), "log", cycle)
    assert out.getvalue() == "<ref *1> { a: 1, self: [Circular *1] }\n"


@pytest.mark.parametrize("name", ["setTimeout", "setInterval", "setImmediate"])
def test_timers_need_a_function(realm, name):
    with pytest.raises(napi.TypeError, match="callback") as error:
        shim.get(realm, name)(5, 1)
    assert error.value.code == "ERR_INVALID_ARG_TYPE"


def test_microtasks(realm):
    seen = []
    shim.get(realm, "queueMicrotask")(lambda *_: seen.append(1))
    shim.drain()
    assert seen == [1]
    with pytest.raises(napi.TypeError):
        shim.get(realm, "queueMicrotask")(5)


def test_promise_statics(realm):
    promise = shim.get(realm, "Promise")
    both = invoke(promise, "all", [1, invoke(promise, "resolve", 2)])
    settled = invoke(promise, "allSettled", [invoke(promise, "reject", "r"), 1])
    first = invoke(promise, "race", [invoke(promise, "resolve", "a"), 2])
    some = invoke(promise, "any", [invoke(promise, "reject", 1), 5])
    shim.drain()
    assert both.result() == [1, 2]
    assert settled.result() == [
        {"status": "rejected", "reason": "r"},
        {"status": "fulfilled", "value": 1},
    ]
    assert first.result() == "a"
    assert some.result() == 5
    with pytest.raises(napi.TypeError, match="is not a function"):
        promise(1)


def test_texts(realm):
    encoder = shim.get(realm, "TextEncoder")()
    assert bytes(encoder.encode("é\ud800")) == b"\xc3\xa9\xef\xbf\xbd"
    target = napi.Uint8Array(3)
    assert encoder.encodeInto("aé€", target) == {"read": 2, "written": 3}
    decoder = shim.get(realm, "TextDecoder")()
    assert decoder.decode(b"\xef\xbb\xbfa\xff") == "a\ufffd"
    assert decoder.decode(b"\xc3", {"stream": True}) + decoder.decode(b"\xa9") == "é"
    with pytest.raises(napi.TypeError):
        shim.get(realm, "TextDecoder")("utf-8", {"fatal": True}).decode(b"\xff")
    assert shim.get(realm, "btoa")("hi") == "aGk="
    assert shim.get(realm, "atob")("aGk") == "hi"
    assert shim.get(realm, "encodeURIComponent")("a b&é") == "a%20b%26%C3%A9"
    assert shim.get(realm, "decodeURI")("%26%20") == "%26 "
    with pytest.raises(napi.URIError):
        shim.get(realm, "decodeURIComponent")("%zz")


def test_structured_clone(realm):
    clone = shim.get(realm, "structuredClone")
    value = napi.Object(a=napi.Array([1]), m=napi.Map([(1, {})]), d=napi.Date(5))
    value["self"] = value
    made = clone(value)
    assert made is not value
    assert made["self"] is made
    assert made["a"] == [1]
    assert made["m"].get(1) == {}
    assert made["d"].getTime() == 5
    with pytest.raises(napi.Error, match="could not be cloned"):
        clone(len)


def test_boxes(realm):
    made = runtime.make_box("hé")
    assert shim.typeof(made) == "object"
    assert shim.get(made, "length") == 2
    assert shim.get(made, "1") == "é"
    assert invoke(made, "toUpperCase") == "HÉ"
    assert invoke(runtime.make_box(5), "valueOf") == 5
    assert shim.to_string(runtime.make_box(True)) == "true"
    assert runtime.make_box([1]) == [1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Array", [1]),
        ("Array", (1,)),
        ("Object", {}),
        ("Object", [1]),
        ("Function", len),
        ("Error", KeyError("k")),
        ("TypeError", TypeError("t")),
        ("Set", {1}),
        ("Uint8Array", b"x"),
        ("Uint8Array", bytearray(1)),
        ("Float64Array", memoryview(bytearray(8)).cast("d")),
    ],
)
def test_native_values_are_instances(realm, name, value):
    assert shim.instanceof(value, shim.get(realm, name))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Object", 5),
        ("Object", "s"),
        ("Object", napi.null),
        ("Array", {}),
        ("Error", "e"),
        ("TypeError", ValueError()),
        ("Int8Array", b"x"),
        ("Set", [1]),
    ],
)
def test_other_values_are_not(realm, name, value):
    assert not shim.instanceof(value, shim.get(realm, name))


def test_importing_napi_is_cheap():
    code = (
        "import sys; import napi; "
        "print(sorted({'asyncio', 'cffi', 'ctypes', 'napi._shim'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_public_names():
    assert sorted(napi.__all__) == napi.__all__
    assert set(napi.__all__) <= set(dir(napi))
    for name in napi.__all__:
        assert getattr(napi, name) is not None
    with pytest.raises(AttributeError, match="nonsense"):
        napi.nonsense  # noqa: B018


def test_callback_and_options():
    assert napi.callback(lambda a, b: (a, b))(1, 2, 3) == (1, 2)
    seen = napi.options(lambda *a: a)(1, flag=True)
    assert seen == (1, {"flag": True})
    assert type(seen[1]) is napi.Object
    assert napi.options(lambda *a: a)(1) == (1,)
    with pytest.raises(ValueError, match="kwargs must be"):
        napi.options(len, kwargs="dict")
