"""What a value is, whatever its prototype says (internal slots of ECMA-262)."""

from __future__ import annotations

import datetime
from collections.abc import Set as AbstractSet
from importlib import import_module
from typing import Any

from napi._native import shim

__all__ = [
    "function_source",
    "is_array",
    "is_bytes",
    "is_class",
    "is_object",
    "kind_of",
    "primitive_of",
    "proxy_parts",
    "span",
]

_TYPED = shim.TypedArray


def is_object(value: Any) -> bool:
    """Whether a value is an object or a function, and not a primitive."""
    kind = shim.typeof(value)
    return kind in ("object", "function", "external") and value is not shim.null


def is_array(value: Any) -> bool:
    """``Array.isArray``, with the lists of Python."""
    return isinstance(value, (list, tuple)) and not isinstance(value, shim.Object)


def is_bytes(value: Any) -> bool:
    """Whether a value is one of Python's buffers, that Node would have as Buffer."""
    return isinstance(value, (bytes, bytearray, memoryview))


def _runtime(module: str, name: str) -> Any:
    """A class of the runtime; ``()``, which is the type of nothing, without it."""
    try:
        return getattr(import_module(f"napi.runtime.{module}"), name, ())
    except ModuleNotFoundError:
        return ()


def primitive_of(value: Any) -> Any:
    """The primitive inside of a wrapper object (``Object(1)``); None for others."""
    box = _runtime("box", "Box")
    return getattr(value, "primitive", None) if box and isinstance(value, box) else None


def proxy_parts(value: Any) -> tuple[Any, Any] | None:
    """Target and handler of a proxy, null where it is revoked; None: it is none."""
    return (value.__target__, value.__handler__) if shim.is_proxy(value) else None


# In the order of the questions: (kind, file of napi.runtime, class).
_CLASSES = (
    ("map", "map", "Map"),
    ("set", "map", "Set"),
    ("date", "date", "Date"),
    ("regexp", "regexp", "RegExp"),
    ("weakmap", "weak", "WeakMap"),
    ("weakset", "weak", "WeakSet"),
    ("weakref", "weak", "WeakRef"),
    ("finalizationregistry", "weak", "FinalizationRegistry"),
)


def _tag_of(value: Any) -> str:
    tag = shim.get(value, shim.Symbol.toStringTag)
    return tag if isinstance(tag, str) else ""


def _iterator_kind(value: Any) -> str:
    """``mapiterator`` and the like for the iterators of the collections."""
    tag = getattr(value, "__tag__", "")
    if tag in ("Map Iterator", "Map Entries"):
        return "mapiterator"
    return "setiterator" if tag in ("Set Iterator", "Set Entries") else ""


def kind_of(value: Any) -> str:
    """The kind of an object, in one word.

    Returns:
        ``array``, ``function``, ``error``, ``buffer``, ``typedarray``, ``arraybuffer``,
        ``sharedarraybuffer``, ``dataview``, ``promise``, ``boxed``, ``external``,
        ``map``, ``set``, ``date``, ``regexp``, ``weakmap``, ``weakset``, ``weakref``,
        ``mapiterator``, ``setiterator``, ``generator``, ``arguments``, ``module``,
        ``object``.
    """
    if is_array(value):
        return "array"
    if callable(value):
        return "function"
    if isinstance(value, BaseException):
        return "error"
    found = _kind_of_native(value)
    if found:
        return found
    for kind, module, name in _CLASSES:
        if isinstance(value, _runtime(module, name)):
            return kind
    return _iterator_kind(value) or _kind_by_mark(value)


def _kind_of_native(value: Any) -> str:
    if isinstance(value, _TYPED):
        return "typedarray"
    if isinstance(value, shim.SharedArrayBuffer):
        return "sharedarraybuffer"
    if isinstance(value, shim.ArrayBuffer):
        return "arraybuffer"
    if isinstance(value, shim.DataView):
        return "dataview"
    if isinstance(value, shim.Promise):
        return "promise"
    if isinstance(value, shim.External):
        return "external"
    if is_bytes(value):
        return "typedarray"
    if primitive_of(value) is not None:
        return "boxed"
    if isinstance(value, datetime.datetime):
        return "date"
    return "set" if isinstance(value, AbstractSet) else ""


def _kind_by_mark(value: Any) -> str:
    mark = getattr(type(value), "__napi_kind__", None)
    if isinstance(mark, str):
        return mark
    if _instance_of_error(value):
        return "error"
    if type(value) is not shim.Object:
        return "object"
    tag = shim.own_property(value, shim.Symbol.toStringTag)
    if tag is None or tag["enumerable"]:
        return "object"
    return "module" if _is_namespace(value, tag) else "object"


def _instance_of_error(value: Any) -> bool:
    """Whether an object that is no exception inherits from Error.prototype."""
    prototype = shim.get_prototype(value)
    error = None
    while prototype is not shim.null:
        if error is None:
            error = shim.get(shim.get(shim.get_global(), "Error"), "prototype")
        if prototype is error:
            return True
        prototype = shim.get_prototype(prototype)
    return False


def _is_namespace(value: Any, tag: dict[str, Any]) -> bool:
    """Whether an object is the namespace of an ECMAScript module."""
    return (
        tag.get("value") == "Module"
        and shim.get_prototype(value) is shim.null
        and not shim.is_extensible(value)
    )


def function_source(function: Any) -> str:
    """What ``Function.prototype.toString`` answers."""
    prototype = shim.get(shim.get(shim.get_global(), "Function"), "prototype")
    text = shim.call(shim.get(prototype, "toString"), function)
    return text if isinstance(text, str) else ""


def is_class(function: Any) -> bool:
    """Whether a function was written as a class."""
    source = function_source(function)
    return source.startswith("class") and source[5:6] in (" ", "{", "\n", "\t", "")


def span(value: Any) -> int:
    """The number of elements of an array or typed array."""
    return len(value)
