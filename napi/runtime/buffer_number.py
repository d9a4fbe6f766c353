"""Numbers in a Buffer: readInt16LE, writeDoubleBE and the like (Node.js, Buffer)."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

from napi._native import shim

__all__ = ["need_bytes", "number_members"]

_LAYOUTS = {
    "Int8": "b",
    "UInt8": "B",
    "Int16LE": "<h",
    "Int16BE": ">h",
    "UInt16LE": "<H",
    "UInt16BE": ">H",
    "Int32LE": "<i",
    "Int32BE": ">i",
    "UInt32LE": "<I",
    "UInt32BE": ">I",
    "BigInt64LE": "<q",
    "BigInt64BE": ">q",
    "BigUInt64LE": "<Q",
    "BigUInt64BE": ">Q",
    "FloatLE": "<f",
    "FloatBE": ">f",
    "DoubleLE": "<d",
    "DoubleBE": ">d",
}


_BYTES = (shim.TypedArray, bytes, bytearray, memoryview)


def need_bytes(this: Any) -> Any:
    """A receiver that has bytes.

    Raises:
        napi.TypeError: It is no typed array.
    """
    if not isinstance(this, _BYTES):
        from napi.js.host._errors import node_error

        text = "argument must be a buffer"
        raise node_error("TypeError", "ERR_INVALID_ARG_TYPE", text)
    return this


def _place(this: Any, offset: Any, size: int) -> int:
    """The offset of a number, checked."""
    from napi.js.host._errors import invalid_type, node_error, out_of_range

    need_bytes(this)
    if offset is None:
        offset = 0
    if shim.typeof(offset) != "number":
        raise invalid_type("offset", "number", offset)
    last = len(this) - size
    if isinstance(offset, float) and not offset.is_integer():
        raise out_of_range("offset", "an integer", offset)
    if last < 0:
        text = "Attempt to access memory outside buffer bounds"
        raise node_error("RangeError", "ERR_BUFFER_OUT_OF_BOUNDS", text)
    if not 0 <= offset <= last:
        raise out_of_range("offset", f">= 0 and <= {last}", offset)
    return int(offset)


def _reader(layout: str, name: str) -> Callable[..., Any]:
    size = struct.calcsize(layout)

    def read(this: Any, offset: Any = None) -> Any:
        value = struct.unpack_from(layout, this, _place(this, offset, size))[0]
        if "Big" in name:
            return shim.BigInt(value)
        if isinstance(value, float):
            from napi.runtime.number import canonical

            return canonical(value)
        return value

    return read


def _limits(bits: int, signed: bool, mark: str) -> str:
    """``>= 0 and <= 255``, as Node words the limits of a size."""
    if bits > 32 or mark:
        if signed:
            return (
                f">= -(2{mark} ** {bits - 1}{mark}) and < 2{mark} ** {bits - 1}{mark}"
            )
        return f">= 0{mark} and < 2{mark} ** {bits}{mark}"
    if signed:
        return f">= {-(1 << bits - 1)} and <= {(1 << bits - 1) - 1}"
    return f">= 0 and <= {(1 << bits) - 1}"


def _whole(value: Any, bits: int, signed: bool) -> int:
    """A number that fits; NaN is 0 and fractions are cut."""
    from napi.js.host._errors import out_of_range

    number = shim.to_number(value)
    low = -(1 << bits - 1) if signed else 0
    high = (1 << (bits - signed)) - 1
    if number != number:
        return 0
    if not low <= number <= high:
        raise out_of_range("value", _limits(bits, signed, ""), number)
    whole: int = math.trunc(number)
    return whole


def _need_big(value: Any, signed: bool) -> None:
    """Node compares first: what is no bigint may be out of range, too."""
    from napi.js.host._errors import out_of_range

    is_big = shim.typeof(value) == "bigint"
    number = int(value) if is_big else shim.to_number(value)
    low, high = (-(1 << 63), (1 << 63) - 1) if signed else (0, (1 << 64) - 1)
    if number < low or number > high:
        raise out_of_range("value", _limits(64, signed, "n"), value)


def _big(value: Any) -> int:
    if shim.typeof(value) != "bigint":
        from napi.runtime.error import TypeError

        raise TypeError("Cannot mix BigInt and other types, use explicit conversions")
    return int(value)


def _writer(layout: str, name: str) -> Callable[..., Any]:
    size = struct.calcsize(layout)
    signed = not name.startswith(("U", "BigU"))

    def write(this: Any, value: Any = None, offset: Any = None) -> Any:
        if layout[-1] in "fd":
            at = _place(this, offset, size)
            try:
                struct.pack_into(layout, this, at, float(shim.to_number(value)))
            except OverflowError:  # beyond what a smaller float holds
                infinite = math.copysign(math.inf, shim.to_number(value))
                struct.pack_into(layout, this, at, infinite)
            return at + size
        is_big = "Big" in name
        if is_big:
            _need_big(value, signed)
        number = 0 if is_big else _whole(value, 8 * size, signed)
        at = _place(this, offset, size)
        struct.pack_into(layout, this, at, _big(value) if is_big else number)
        return at + size

    return write


def _width(value: Any) -> int:
    from napi.js.host._errors import invalid_type, need_integer, out_of_range

    if value is None:
        raise invalid_type("byteLength", "number", value)
    size = need_integer(value, "byteLength")
    if not 1 <= size <= 6:
        raise out_of_range("byteLength", ">= 1 and <= 6", value)
    return size


def _wide_reader(signed: bool, order: str) -> Callable[..., Any]:
    def read(this: Any, offset: Any = None, byteLength: Any = None) -> Any:
        from napi.js.host._errors import invalid_type

        size = _width(byteLength)
        if offset is None:
            raise invalid_type("offset", "number", offset)
        at = _place(this, offset, size)
        data = bytes(memoryview(this)[at : at + size])
        return int.from_bytes(data, order, signed=signed)  # type: ignore[arg-type]

    return read


def _wide_writer(signed: bool, order: str) -> Callable[..., Any]:
    def write(
        this: Any, value: Any = None, offset: Any = None, byteLength: Any = None
    ) -> Any:
        size = _width(byteLength)
        number = _whole(value, 8 * size, signed)
        at = _place(this, offset, size)
        data = number.to_bytes(size, order, signed=signed)  # type: ignore[arg-type]
        memoryview(this)[at : at + size] = data
        return at + size

    return write


def number_members() -> dict[str, Callable[..., Any]]:
    """The methods for numbers; ``Uint`` is another word for ``UInt``."""
    members: dict[str, Callable[..., Any]] = {}
    for name, layout in _LAYOUTS.items():
        members[f"read{name}"] = _reader(layout, name)
        members[f"write{name}"] = _writer(layout, name)
    for prefix, signed in (("Int", True), ("UInt", False)):
        for suffix, order in (("LE", "little"), ("BE", "big")):
            members[f"read{prefix}{suffix}"] = _wide_reader(signed, order)
            members[f"write{prefix}{suffix}"] = _wide_writer(signed, order)
    for name, function in members.items():
        function.__name__ = function.__qualname__ = name
    for name in [name for name in members if "UInt" in name]:
        members[name.replace("UInt", "Uint")] = members[name]
    return members
