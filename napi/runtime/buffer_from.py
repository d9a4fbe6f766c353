"""``Buffer.from``: of texts, bytes, numbers, memory and what looks like them."""

from __future__ import annotations

import math
from typing import Any

from napi._native import shim
from napi.runtime.buffer_text import encode

__all__ = ["from_", "of_numbers"]

_BUFFERS = (shim.ArrayBuffer, shim.SharedArrayBuffer)


def _errors() -> Any:
    from napi.js.host import _errors as module

    return module


def from_(data: Any = None, encoding: Any = None, length: Any = None) -> Any:
    """Makes a Buffer: of a text, of bytes (copied), or over an ArrayBuffer.

    Args:
        data: A ``str``, a bytes-like object, numbers, or an ArrayBuffer.
        encoding: The encoding of a text; the byte offset into an ArrayBuffer.
        length: The length over an ArrayBuffer, in bytes.

    Raises:
        napi.TypeError: ``data`` is something else.
    """
    if isinstance(data, str):
        is_named = isinstance(encoding, str) and encoding
        return shim.Buffer(encode(data, encoding if is_named else "utf8"))
    if isinstance(data, _BUFFERS):
        return _over(data, encoding, length)
    if isinstance(data, (bytes, bytearray, memoryview)):
        return shim.Buffer(data)
    if isinstance(data, shim.TypedArray):
        return of_numbers(data)
    if shim.typeof(data) in ("object", "function") and data is not shim.null:
        made = _of_object(data, encoding, length)
        if made is not None:
            return made
    wanted = ["string", "Buffer", "ArrayBuffer", "Array", "Array-like Object"]
    error = _errors().invalid_type("first argument", wanted, data)
    text = (
        "The first argument must be of type string or an instance of Buffer, "
        "ArrayBuffer, or Array or an Array-like Object."
    )
    error.message = text + _errors().described(data)
    raise error


def constructed(data: Any = None, encoding: Any = None, length: Any = None) -> Any:
    """What ``Buffer(...)`` and ``new Buffer(...)`` give: deprecated, and in use.

    Args:
        data: A number: how many zeros; else as :func:`from_` takes it.
        encoding: As :func:`from_` takes it.
        length: As :func:`from_` takes it.
    """
    if shim.typeof(data) != "number":
        return from_(data, encoding, length)
    if isinstance(encoding, str):
        raise _errors().invalid_type("string", "string", data)
    from napi.runtime.buffer import alloc

    return alloc(data)


def _over(data: Any, offset: Any, length: Any) -> Any:
    begin = 0 if offset is None else shim.to_number(offset)
    begin = int(begin) if begin == begin and not math.isinf(begin) else 0
    errors = _errors()
    if begin < 0 or begin > len(data):
        text = '"offset" is outside of buffer bounds'
        raise errors.node_error("RangeError", "ERR_BUFFER_OUT_OF_BOUNDS", text)
    if length is None:
        return shim.Buffer(data, begin)
    size = shim.to_number(length)
    size = int(size) if size == size and size > 0 else 0
    if begin + size > len(data):
        text = '"length" is outside of buffer bounds'
        raise errors.node_error("RangeError", "ERR_BUFFER_OUT_OF_BOUNDS", text)
    return shim.Buffer(data, begin, size)


def of_numbers(values: Any) -> Any:
    """A Buffer of numbers, each cut to a byte."""
    if isinstance(values, shim.TypedArray):
        with memoryview(values) as view:
            if view.format == "B":
                return shim.Buffer(view)
    made = shim.Buffer(len(values))
    for index, value in enumerate(values):
        shim.set(made, str(index), value)
    return made


def _of_object(data: Any, encoding: Any, length: Any) -> Any:
    """From an array, a boxed text, ``toJSON``'s form; None: it is none of them."""
    if isinstance(data, (list, tuple)) and not isinstance(data, shim.Object):
        return of_numbers(data)
    value_of = shim.get(data, "valueOf")
    if callable(value_of):
        inner = shim.call(value_of, data)
        usable = isinstance(inner, str) or shim.typeof(inner) == "object"
        if usable and inner is not shim.null and inner is not data:
            return from_(inner, encoding, length)
    size = shim.get(data, "length")
    if size is not None:
        if shim.typeof(size) != "number":
            return shim.Buffer(0)
        return of_numbers([shim.get(data, str(i)) or 0 for i in range(int(size))])
    inner = shim.get(data, "data")
    if shim.get(data, "type") == "Buffer" and isinstance(inner, (list, tuple)):
        return of_numbers(inner)
    convert = shim.get(data, shim.Symbol.toPrimitive)
    if callable(convert):
        primitive = shim.call(convert, data, "string")
        if isinstance(primitive, str):
            return from_(primitive, encoding)
    return None
