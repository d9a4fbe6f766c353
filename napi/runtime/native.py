"""Which native Python objects are instances of which JavaScript constructors."""

from __future__ import annotations

import builtins
import datetime
from collections.abc import Awaitable, Callable, Set
from typing import Any

from napi._native import shim

__all__ = ["format_of", "native_instance"]

_PRIMITIVES = ("undefined", "null", "boolean", "number", "string", "symbol", "bigint")
_ERRORS: dict[str, type[BaseException]] = {
    "Error": BaseException,
    "TypeError": builtins.TypeError,
    "RangeError": ValueError,
    "SyntaxError": builtins.SyntaxError,
    "ReferenceError": NameError,
}
_FORMATS = {
    "Int8Array": "b",
    "Uint8Array": "Bc",
    "Int16Array": "h",
    "Uint16Array": "H",
    "Int32Array": "i",
    "Uint32Array": "I",
    "BigInt64Array": "lq",
    "BigUint64Array": "LQ",
    "Float16Array": "e",
    "Float32Array": "f",
    "Float64Array": "d",
}
# They have a class of their own: one of Python's formats says nothing about them.
_OWN = (shim.ArrayBuffer, shim.TypedArray, shim.DataView)


def _is_view(name: str, value: Any) -> bool:
    if isinstance(value, _OWN):
        return False
    if isinstance(value, (bytes, bytearray)):
        return name in ("Uint8Array", "Buffer")
    try:
        view = memoryview(value)
    except builtins.TypeError:
        return False
    if view.ndim != 1 or not view.contiguous:
        return False
    kind = view.format.lstrip("@=<")
    return kind in _FORMATS.get(name, "") or (name == "Buffer" and kind in "Bc")


def format_of(value: Any) -> str:
    """The kind of typed array that a buffer of Python acts as."""
    if isinstance(value, (bytes, bytearray)):
        return "Uint8Array"
    with memoryview(value) as view:
        kind = view.format.lstrip("@=<")
    names = (name for name, letters in _FORMATS.items() if kind in letters)
    return next(names, "Uint8Array")


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "Function": callable,
    "Array": lambda value: isinstance(value, (list, tuple)),
    "Date": lambda value: isinstance(value, datetime.datetime),
    "Set": lambda value: isinstance(value, Set),
    "Promise": lambda value: isinstance(value, Awaitable),
}


def _inherits(value: Any, prototype: Any) -> bool:
    while value is not shim.null:
        value = shim.get_prototype(value)
        if value is prototype:
            return True
    return False


def native_instance(constructor: Any, value: Any) -> bool:
    """Answers ``value instanceof constructor`` for what Python made.

    Lists and tuples are arrays, ``datetime`` is a Date, sets are Sets, awaitables
    Promises, exceptions Errors, callables Functions, native buffers typed arrays,
    and everything that is not a primitive an Object.

    Args:
        constructor: A constructor of globalThis.
        value: Any Python object.
    """
    name = getattr(constructor, "__name__", "")
    if name == "Object":
        return shim.typeof(value) not in _PRIMITIVES and _inherits(
            value, constructor.prototype
        )
    if name in _ERRORS:
        return isinstance(value, _ERRORS[name])
    check = _CHECKS.get(name)
    if check is not None:
        return check(value)
    return (name in _FORMATS or name == "Buffer") and _is_view(name, value)
