"""globalThis: every name is made when it is first asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module
from typing import Any

from napi._native import shim
from napi.runtime.builtin import builtin, constant, hidden, lazy, trim
from napi.runtime.names import NATIVE
from napi.runtime.prototype import prototype_for

__all__ = ["make_global", "make_shared"]

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
_WEAK = ("FinalizationRegistry", "WeakMap", "WeakRef", "WeakSet")
# Classes that are constructors themselves: name -> file
_WEB = {
    "AbortController": "abort",
    "AbortSignal": "abort",
    "AsyncDisposableStack": "disposable",
    "CustomEvent": "events",
    "DOMException": "domexception",
    "DisposableStack": "disposable",
    "Event": "events",
    "EventTarget": "events",
    "SuppressedError": "disposable",
    "TextDecoder": "encoding",
    "TextEncoder": "encoding",
    "URL": "url",
    "URLSearchParams": "urlparams",
}
# Constructors over a prototype: name -> (file, factory, kind of prototype)
_CONSTRUCTORS = {
    "Array": ("array_static", "make_array", "array"),
    "BigInt": ("bigint", "make_bigint", "bigint"),
    "Boolean": ("boolean", "make_boolean", "boolean"),
    "Function": ("function", "make_function", "function"),
    "Iterator": ("iterator", "make_iterator", "iterator"),
    "Number": ("number", "make_number", "number"),
    "Object": ("object", "make_object", "object"),
    "Promise": ("promise_static", "make_promise", "promise"),
    "String": ("string_static", "make_string", "string"),
    "Symbol": ("boolean", "make_symbol", "symbol"),
}
_NAMESPACES = {
    "JSON": ("json", "make_json"),
    "Math": ("math", "make_math"),
    "Proxy": ("proxy", "make_proxy_constructor"),
    "Reflect": ("reflect", "make_reflect"),
    "console": ("console", "make_console"),
    "Atomics": ("atomics", "make_atomics"),
    "Intl": ("intl", "make_intl"),
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
    "escape": ("text", "escape"),
    "unescape": ("text", "unescape"),
    "decodeURI": ("text", "decode_uri"),
    "decodeURIComponent": ("text", "decode_uri_component"),
}
# What the web's interfaces add to the global object is enumerable.
_LISTED = frozenset(
    [
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
    ]
)
_BUFFERS = ("ArrayBuffer", "DataView", "SharedArrayBuffer")


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


def _construct_buffers(made: Any, prototype: Any) -> None:
    from napi.runtime.buffer_from import constructed

    def make(_: Any, *given: Any) -> Any:
        return constructed(*given[:3])

    made.prototype = prototype
    made.__napi_call__ = made.__napi_construct__ = builtin(make, "Buffer")


def _native(name: str) -> Callable[[], Any]:
    """A type of the C half; its prototype becomes the one of its instances."""

    def make() -> Any:
        kind = name.lower() if name in _BUFFERS else f"typedarray:{name}"
        made = getattr(shim, name)
        prototype = prototype_for(kind)
        if name == "Buffer":
            _construct_buffers(made, prototype)
        return made

    return make


def _make_performance() -> Any:
    from napi.js.host._performance import make_performance

    return make_performance()


def _makers() -> dict[str, Callable[[], Any]]:
    makers: dict[str, Callable[[], Any]] = {
        "Date": _getter("date", "Date"),
        "RegExp": _getter("regexp", "RegExp"),
    }
    makers.update((name, _getter("error", name)) for name in _ERRORS)
    makers.update((name, _getter("map", name)) for name in _COLLECTIONS)
    makers.update((name, _getter("weak", name)) for name in _WEAK)
    makers.update((name, _getter(home, name)) for name, home in _WEB.items())
    makers.update((name, _constructor(*how)) for name, how in _CONSTRUCTORS.items())
    makers.update((name, _caller(*how)) for name, how in _NAMESPACES.items())
    makers.update((name, _function(name, *how)) for name, how in _FUNCTIONS.items())
    makers.update((name, _native(name)) for name in NATIVE)
    return makers


# Each realm has its own; all others are the same everywhere.
_OWN = frozenset(("console", "process"))
_shared: dict[str, Any] = {}


def _share(name: str, make: Callable[[], Any]) -> Callable[[], Any]:
    def get() -> Any:
        if name not in _shared:
            _shared[name] = make()
        return _shared[name]

    return get


def make_shared() -> None:
    """Makes what realms have in common, before two threads may do so at once."""
    from napi.runtime.prototype import make_prototypes

    make_prototypes()
    for name, make in _makers().items():
        if name not in _OWN:
            _share(name, make)()


def make_global() -> Any:
    """Makes the global object of a realm; the C half asks for it once."""
    made = shim.Object()
    for name, make in _makers().items():
        maker = make if name in _OWN else _share(name, make)
        lazy(made, name, maker, listed=name in _LISTED)
    hidden(made, "globalThis", made)
    hidden(made, "global", made)
    constant(made, "undefined", None)
    constant(made, "NaN", math.nan)
    constant(made, "Infinity", math.inf)
    return made
