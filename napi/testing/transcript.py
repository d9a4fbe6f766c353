"""What a call gave, in the words that ``oracle.cjs`` uses for it under Node."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["describe"]

_DEPTH = 3
_ITEMS = 40
_BYTES = 64
_LONG = 1000


def describe(value: Any, depth: int = 0) -> str:
    """A value of JavaScript in one line.

    Args:
        value: Of any kind, exceptions included.
        depth: How many containers it is in; those too deep become ``...``.
    """
    import napi
    from napi._native import shim

    if isinstance(value, napi.Thrown):
        return describe(value.value, depth)
    kind = shim.typeof(value)
    if kind == "bigint":
        return f"{shim.to_string(value)}n"
    if kind == "string":
        return json.dumps(str(value), ensure_ascii=False)[:_LONG]
    if kind == "number" and value == 0 and str(value).startswith("-"):
        return "-0"
    if kind in ("function", "external"):
        return kind
    if kind == "symbol":
        return f"Symbol({value.description or ''})"
    if kind != "object" or value is napi.null:
        return str(shim.to_string(value))
    try:
        return _object(value, depth)
    except Exception as error:
        return f"unreadable: {shim.to_string(error)}"


def _object(value: Any, depth: int) -> str:
    import napi
    from napi._native import shim

    if isinstance(value, BaseException):
        code = shim.get(value, "code")
        said = "" if code is None else f" code={describe(code, depth + 1)}"
        return f"{shim.get(value, 'name')}: {shim.get(value, 'message')}{said}"
    if isinstance(value, napi.Promise):
        return "Promise"
    if isinstance(value, napi.Date):
        return f"Date {shim.to_string(value.getTime())}"
    buffers = (napi.ArrayBuffer, napi.SharedArrayBuffer, napi.TypedArray)
    if isinstance(value, (*buffers, napi.DataView, bytes, bytearray)):
        return _bytes(value)
    if isinstance(value, (napi.Map, napi.Set)):
        return f"{type(value).__name__}({shim.get(value, 'size')})"
    if depth >= _DEPTH:
        return "..."
    if isinstance(value, (list, tuple)):
        inside = [describe(shim.get(value, str(i)), depth + 1) for i in _indexes(value)]
        return f"[{', '.join(inside)}]"
    pairs = [
        f"{json.dumps(key, ensure_ascii=False)}: "
        f"{describe(shim.get(value, key), depth + 1)}"
        for key in shim.keys(value)[:_ITEMS]
    ]
    return f"{{{', '.join(pairs)}}}"


def _indexes(value: Any) -> range:
    return range(min(len(value), _ITEMS))


def _bytes(value: Any) -> str:
    kind = type(value).__name__
    kind = "Buffer" if kind in ("bytes", "bytearray") else kind
    try:
        data = bytes(memoryview(value).cast("B"))
    except (TypeError, ValueError, BufferError):  # its memory was taken away
        data = b""
    return f"{kind}({len(data)}) {data[:_BYTES].hex()}"
