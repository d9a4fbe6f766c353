"""Every operation of the object model with every kind of value: no crash."""

CODE = """
import collections, datetime, decimal, fractions, io, re, sys, types
import faulthandler
faulthandler.enable()
import napi
from napi._native import shim
values = [
    None, napi.null, True, 1, 2**60, 1.5, float("nan"), "s", "\\ud800", "x" * 100,
    b"x", bytearray(2), memoryview(b"ab"), [1], (1,), {1: 2, True: 3, "a": 1}, {1},
    frozenset(), object(), int, dict, napi.Object, napi.Object(a=1),
    napi.Array([1, None]), napi.Symbol("x"), napi.BigInt(5), napi.Buffer.alloc(3),
    napi.ArrayBuffer(4), napi.SharedArrayBuffer(4), napi.DataView(napi.ArrayBuffer(4)),
    napi.Float16Array([1.5]), lambda: 1, len, ValueError("x"), napi.Error("e"),
    datetime.datetime.now(), decimal.Decimal(1), fractions.Fraction(1, 2),
    types.SimpleNamespace(a=1), io.StringIO(), collections.OrderedDict(a=1),
    collections.ChainMap({}), re.compile("x"), napi.Promise(), napi.Map(), napi.Set(),
    napi.Date(0), range(3), slice(1), iter([]), types.MappingProxyType({"a": 1}),
    napi.globalThis, napi.WeakMap(), NotImplemented, Ellipsis, 1j,
]
changes = {"set", "delete", "set_prototype", "define", "freeze", "seal"}
one = ["typeof", "own_keys", "keys", "get_prototype", "to_string", "to_number",
       "to_boolean", "to_object", "to_primitive", "is_frozen", "is_extensible",
       "create", "freeze", "seal"]
two = ["get", "has", "has_own", "own_property", "delete", "strict_equals",
       "instanceof", "set_prototype", "set", "define"]
def call(name, value, *rest):
    if name in changes and isinstance(value, type):
        return
    more = {"set": (1,)}.get(name, ())
    words = {"define": {"value": 1, "enumerable": True}}.get(name, {})
    try:
        getattr(shim, name)(value, *rest, *more, **words)
    except (Exception, napi.Thrown):
        pass
for name in two:
    for value in values:
        for key in values:
            call(name, value, key)
for name in one:
    for value in values:
        call(name, value)
print("survived")
"""


def test_every_operation_with_every_kind_of_value(child):
    assert child(CODE, timeout=120).stdout == "survived\n"
