"""``util.types``: what a value is by its inside, not by its prototype."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._kit import function
from napi.js.inspect.container import typed_name
from napi.js.inspect.kinds import (
    function_source,
    is_object,
    kind_of,
    primitive_of,
    proxy_parts,
)
from napi.js.inspect.names import _function_kind
from napi.runtime.realm import kept

__all__ = ["exports"]

_BUFFERS = ("arraybuffer", "sharedarraybuffer")
_TYPED = (
    "Uint8Array",
    "Uint8ClampedArray",
    "Uint16Array",
    "Uint32Array",
    "Int8Array",
    "Int16Array",
    "Int32Array",
    "Float16Array",
    "Float32Array",
    "Float64Array",
    "BigInt64Array",
    "BigUint64Array",
)
_KINDS = {
    "isAnyArrayBuffer": _BUFFERS,
    "isArrayBuffer": ("arraybuffer",),
    "isArrayBufferView": ("typedarray", "dataview"),
    "isArgumentsObject": ("arguments",),
    "isDataView": ("dataview",),
    "isDate": ("date",),
    "isExternal": ("external",),
    "isGeneratorObject": ("generator",),
    "isMap": ("map",),
    "isMapIterator": ("mapiterator",),
    "isModuleNamespaceObject": ("module",),
    "isNativeError": ("error",),
    "isPromise": ("promise",),
    "isRegExp": ("regexp",),
    "isSet": ("set",),
    "isSetIterator": ("setiterator",),
    "isSharedArrayBuffer": ("sharedarraybuffer",),
    "isTypedArray": ("typedarray",),
    "isWeakMap": ("weakmap",),
    "isWeakSet": ("weakset",),
    "isBoxedPrimitive": ("boxed",),
}
_BOXES = ("Number", "String", "Boolean", "BigInt", "Symbol")


def _kind(value: Any) -> str:
    return kind_of(value) if is_object(value) and not proxy_parts(value) else ""


def _of_kinds(kinds: tuple[str, ...]) -> Callable[..., bool]:
    return lambda value=None: _kind(value) in kinds


def _of_typed(name: str) -> Callable[..., bool]:
    return lambda value=None: _kind(value) == "typedarray" and typed_name(value) == name


def _of_box(name: str) -> Callable[..., bool]:
    kind = name.lower()

    def check(value: Any = None) -> bool:
        boxed = _kind(value) == "boxed"
        return boxed and shim.typeof(primitive_of(value)) == kind

    return check


def _source_kind(value: Any) -> str:
    if not callable(value) or proxy_parts(value):
        return ""
    return _function_kind(function_source(value))


def _is_async(value: Any = None) -> bool:
    return _source_kind(value).startswith("Async")


def _is_generator(value: Any = None) -> bool:
    return "Generator" in _source_kind(value)


def _is_proxy(value: Any = None) -> bool:
    return is_object(value) and proxy_parts(value) is not None


def _never(value: Any = None) -> bool:
    return False


def exports() -> Any:
    """The module."""
    return kept("util.types", _make)


def _make() -> Any:
    checks: dict[str, Callable[..., bool]] = {
        name: _of_kinds(kinds) for name, kinds in _KINDS.items()
    }
    checks.update((f"is{name}", _of_typed(name)) for name in _TYPED)
    checks.update((f"is{name}Object", _of_box(name)) for name in _BOXES)
    checks["isAsyncFunction"] = _is_async
    checks["isGeneratorFunction"] = _is_generator
    checks["isProxy"] = _is_proxy
    for name in ("isCryptoKey", "isKeyObject", "isEventTarget"):
        checks[name] = _never
    made = shim.Object()
    for name, check in checks.items():
        shim.set(made, name, function(check, name))
    return made
