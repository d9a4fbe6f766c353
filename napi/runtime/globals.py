"""globalThis: every name is made when it is first asked for."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from napi._native import shim
from napi.runtime.builtin import constant, hidden, lazy, trim
from napi.runtime.prototype import prototype_for

__all__ = ["make_global"]

_ERRORS = (
    "AggregateError",
    "Error",
    "EvalError",
    "RangeError",
    "ReferenceError",
    "SyntaxError",
    "TypeError",
    "URIError",
)
_COLLECTIONS = ("Map", "Set")
_WEAK = ("WeakMap", "WeakRef", "WeakSet")
_TEXTS = ("TextDecoder", "TextEncoder")
# Constructors over a prototype: name -> (file, factory, kind of prototype)
_CONSTRUCTORS = {
    "Array": ("array", "make_array", "array"),
    "BigInt": ("number", "make_bigint", "bigint"),
    "Boolean": ("number", "make_boolean", "boolean"),
    "Function": ("function", "make_function", "function"),
    "Iterator": ("iterator", "make_iterator", "iterator"),
    "Number": ("number", "make_number", "number"),
    "Object": ("object", "make_object", "object"),
    "Promise": ("promise", "make_promise", "promise"),
    "String": ("string", "make_string", "string"),
    "Symbol": ("number", "make_symbol", "symbol"),
}
_NAMESPACES = {
    "JSON": ("json", "make_json"),
    "Math": ("math", "make_math"),
    "Reflect": ("object", "make_reflect"),
    "console": ("console", "make_console"),
    "performance": ("globals", "_make_performance"),
    "process": ("process", "make_process"),
}
_FUNCTIONS = {
    "eval": ("function", "evaluate"),
    "parseInt": ("number", "parse_int"),
    "parseFloat": ("number", "parse_float"),
    "isNaN": ("number", "is_nan"),
    "isFinite": ("number", "is_finite"),
    "queueMicrotask": ("timers", "queue_microtask"),
    "setTimeout": ("timers", "set_timeout"),
    "setInterval": ("timers", "set_interval"),
    "setImmediate": ("timers", "set_immediate"),
    "clearTimeout": ("timers", "clear_timeout"),
    "clearInterval": ("timers", "clear_timeout"),
    "clearImmediate": ("timers", "clear_immediate"),
    "structuredClone": ("clone", "structured_clone"),
    "atob": ("text", "atob"),
    "btoa": ("text", "btoa"),
    "encodeURI": ("text", "encode_uri"),
    "encodeURIComponent": ("text", "encode_uri_component"),
    "decodeURI": ("text", "decode_uri"),
    "decodeURIComponent": ("text", "decode_uri_component"),
}
_BUFFERS = ("ArrayBuffer", "DataView", "SharedArrayBuffer")
_NATIVE = (
    "ArrayBuffer",
    "BigInt64Array",
    "BigUint64Array",
    "Buffer",
    "DataView",
    "Float16Array",
    "Float32Array",
    "Float64Array",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "SharedArrayBuffer",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
    "Uint8ClampedArray",
)


def _find(module: str, name: str) -> Any:
    return getattr(import_module(f"napi.runtime.{module}"), name)


def _getter(module: str, name: str) -> Callable[[], Any]:
    return lambda: _find(module, name)


def _caller(module: str, name: str) -> Callable[[], Any]:
    return lambda: _find(module, name)()


def _constructor(module: str, factory: str, kind: str) -> Callable[[], Any]:
    return lambda: _find(module, factory)(prototype_for(kind))


def _function(name: str, module: str, source: str) -> Callable[[], Any]:
    return lambda: trim(_find(module, source), name)


def _native(name: str) -> Callable[[], Any]:
    """A type of the C half; its prototype becomes the one of its instances."""

    def make() -> Any:
        kind = name.lower() if name in _BUFFERS else f"typedarray:{name}"
        made = getattr(shim, name)
        made.prototype = prototype_for(kind)
        return made

    return make


def _make_performance() -> Any:
    made = shim.Object()

    def now(*_: Any) -> float:
        return time.perf_counter() * 1000

    hidden(made, "now", now)
    hidden(made, "timeOrigin", time.time() * 1000 - now())
    return made


def _makers() -> dict[str, Callable[[], Any]]:
    makers: dict[str, Callable[[], Any]] = {"Date": _getter("date", "Date")}
    makers.update((name, _getter("error", name)) for name in _ERRORS)
    makers.update((name, _getter("map", name)) for name in _COLLECTIONS)
    makers.update((name, _getter("weak", name)) for name in _WEAK)
    makers.update((name, _getter("text", name)) for name in _TEXTS)
    makers.update((name, _constructor(*how)) for name, how in _CONSTRUCTORS.items())
    makers.update((name, _caller(*how)) for name, how in _NAMESPACES.items())
    makers.update((name, _function(name, *how)) for name, how in _FUNCTIONS.items())
    makers.update((name, _native(name)) for name in _NATIVE)
    return makers


def make_global() -> Any:
    """Makes the global object; the C half asks for it once."""
    made = shim.Object()
    for name, make in _makers().items():
        lazy(made, name, make)
    hidden(made, "globalThis", made)
    hidden(made, "global", made)
    constant(made, "undefined", None)
    constant(made, "NaN", math.nan)
    constant(made, "Infinity", math.inf)
    return made
