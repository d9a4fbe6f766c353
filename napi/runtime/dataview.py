"""DataView (ECMA-262, chapter 25.3)."""

from __future__ import annotations

import math
import struct
from typing import Any

from napi._native import shim
from napi.runtime.builtin import builtin, getter, hidden, install, tag
from napi.runtime.coerce import show, to_index
from napi.runtime.constructor import adopt, publish
from napi.runtime.error import RangeError, TypeError
from napi.runtime.prototype import prototype_for

__all__ = ["add_dataview_methods"]

_FIELDS = {
    "Int8": ("b", 1),
    "Uint8": ("B", 1),
    "Int16": ("h", 2),
    "Uint16": ("H", 2),
    "Int32": ("i", 4),
    "Uint32": ("I", 4),
    "Float16": ("e", 2),
    "Float32": ("f", 4),
    "Float64": ("d", 8),
    "BigInt64": ("q", 8),
    "BigUint64": ("Q", 8),
}
_OUTSIDE = "Offset is outside the bounds of the DataView"


def _need(this: Any, name: str) -> Any:
    if not isinstance(this, shim.DataView):
        raise TypeError(
            f"Method DataView.prototype.{name} called on incompatible receiver "
            + show(this)
        )
    return this


def _attached(this: Any, name: str) -> None:
    if getattr(shim.get(this, "buffer"), "detached", False):
        raise TypeError(
            f"Cannot perform DataView.prototype.{name} on a detached ArrayBuffer"
        )


class _DataViewPrototype:
    @getter
    def buffer(this: Any) -> Any:
        return shim.get(_need(this, "buffer"), "buffer")

    @getter
    def byteLength(this: Any) -> Any:
        return shim.get(_need(this, "byteLength"), "byteLength")

    @getter
    def byteOffset(this: Any) -> Any:
        return shim.get(_need(this, "byteOffset"), "byteOffset")


def _in_bounds(this: Any, name: str) -> None:
    if shim.is_out_of_bounds(this):
        raise TypeError(f"Invalid DataView accessor {name}: out of bounds")


def _place(this: Any, at: int, size: int, name: str) -> memoryview:
    _attached(this, name)
    _in_bounds(this, name)
    view = memoryview(this).cast("B")
    if at > len(view) - size:
        raise RangeError(_OUTSIDE)
    return view[at : at + size]


def _to_field(value: Any, letter: str, size: int) -> Any:
    if letter in "efd":
        return float(shim.to_number(value))
    if letter in "qQ":
        from napi.runtime.bigint import element_as_bigint

        number = int(element_as_bigint(value))
    else:
        converted = shim.to_number(value)
        number = math.trunc(converted) if math.isfinite(converted) else 0
    number &= (1 << 8 * size) - 1
    if letter.islower() and number >> (8 * size - 1):
        number -= 1 << 8 * size
    return number


def _from_field(value: Any, letter: str) -> Any:
    from napi.runtime.number import canonical

    if letter in "qQ":
        return shim.BigInt(value)
    return canonical(value) if letter in "efd" else value


def _pack(letter: str, order: str, value: Any) -> bytes:
    try:
        return struct.pack(order + letter, value)
    except OverflowError:  # beyond what a smaller float holds
        return struct.pack(order + letter, math.copysign(math.inf, value))


def _add_field(prototype: Any, field: str, letter: str, size: int) -> None:
    def get(this: Any, offset: Any, little: Any = None) -> Any:
        _need(this, f"get{field}")
        at = to_index(offset, _OUTSIDE)
        order = "<" if shim.to_boolean(little) else ">"
        with _place(this, at, size, f"get{field}") as place:
            return _from_field(struct.unpack(order + letter, place)[0], letter)

    def set_(this: Any, offset: Any, value: Any, little: Any = None) -> None:
        _need(this, f"set{field}")
        at = to_index(offset, _OUTSIDE)
        number = _to_field(value, letter, size)
        order = "<" if shim.to_boolean(little) else ">"
        with _place(this, at, size, f"set{field}") as place:
            place[:] = _pack(letter, order, number)

    hidden(prototype, f"get{field}", builtin(get, f"get{field}"))
    hidden(prototype, f"set{field}", builtin(set_, f"set{field}"))


def _construct(
    new_target: Any, buffer: Any, offset: Any = None, length: Any = None
) -> Any:
    if not isinstance(buffer, (shim.ArrayBuffer, shim.SharedArrayBuffer)):
        raise TypeError("First argument to DataView constructor must be an ArrayBuffer")
    begin = to_index(
        offset, f"Start offset {show(offset)} is outside the bounds of the buffer"
    )
    if getattr(buffer, "detached", False):
        raise TypeError("Cannot perform DataView on a detached ArrayBuffer")
    total = shim.get(buffer, "byteLength")
    if begin > total:
        raise RangeError(f"Start offset {begin} is outside the bounds of the buffer")
    if length is None:
        return adopt(shim.DataView(buffer, begin), new_target, shim.DataView)
    size = to_index(length, f"Invalid DataView length {show(length)}")
    if begin + size > total:
        raise RangeError(f"Invalid DataView length {size}")
    return adopt(shim.DataView(buffer, begin, size), new_target, shim.DataView)


def add_dataview_methods(prototype: Any) -> None:
    """Fills DataView.prototype."""
    install(prototype, _DataViewPrototype)
    for name, (letter, size) in _FIELDS.items():
        _add_field(prototype, name, letter, size)
    tag(prototype, "DataView")
    publish(shim.DataView, length=1, construct=_construct, prototype=prototype)
    shim.set_prototype(shim.DataView, prototype_for("function"))
