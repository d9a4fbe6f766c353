"""Prototypes of ArrayBuffer, typed arrays and DataView (ECMA-262, 23.2 and 25).

The elements are reached through Python's buffer protocol: no copy is made, and a
detached buffer shows as empty.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.array import _ArrayPrototype
from napi.runtime.builtin import constant, hidden, install, trim
from napi.runtime.error import RangeError, TypeError
from napi.runtime.prototype import prototype_for

__all__ = [
    "NAMES",
    "add_arraybuffer_methods",
    "add_dataview_methods",
    "add_sharedarraybuffer_methods",
    "add_typedarray_methods",
    "fill_typed",
]

# name -> (struct letter, bytes)
NAMES = {
    "Int8Array": ("b", 1),
    "Uint8Array": ("B", 1),
    "Uint8ClampedArray": ("B", 1),
    "Int16Array": ("h", 2),
    "Uint16Array": ("H", 2),
    "Int32Array": ("i", 4),
    "Uint32Array": ("I", 4),
    "Float16Array": ("e", 2),
    "Float32Array": ("f", 4),
    "Float64Array": ("d", 8),
    "BigInt64Array": ("q", 8),
    "BigUint64Array": ("Q", 8),
}


def _relative(value: Any, length: int, default: int) -> int:
    if value is None:
        return default
    number: float = shim.to_number(value)
    if number != number:
        return 0
    if abs(number) == math.inf:
        return 0 if number < 0 else length
    index = math.trunc(number)
    return max(length + index, 0) if index < 0 else min(index, length)


def _slice_buffer(this: Any, start: Any, end: Any, make: Callable[[int], Any]) -> Any:
    with memoryview(this) as view, view.cast("B") as data:
        begin = _relative(start, len(data), 0)
        part = data[begin : _relative(end, len(data), len(data))]
        made = make(len(part))
        with memoryview(made) as target, target.cast("B") as written:
            written[:] = part
        part.release()
    return made


class _ArrayBufferPrototype:
    def slice(this: Any, start: Any = None, end: Any = None) -> Any:
        return _slice_buffer(this, start, end, shim.ArrayBuffer)


def add_arraybuffer_methods(prototype: Any) -> None:
    """Fills ArrayBuffer.prototype."""
    install(prototype, _ArrayBufferPrototype)
    hidden(prototype, "constructor", shim.ArrayBuffer)
    constant(prototype, shim.Symbol.toStringTag, "ArrayBuffer")


class _SharedArrayBufferPrototype:
    def slice(this: Any, start: Any = None, end: Any = None) -> Any:
        return _slice_buffer(this, start, end, shim.SharedArrayBuffer)


def add_sharedarraybuffer_methods(prototype: Any) -> None:
    """Fills SharedArrayBuffer.prototype."""
    install(prototype, _SharedArrayBufferPrototype)
    hidden(prototype, "constructor", shim.SharedArrayBuffer)
    constant(prototype, shim.Symbol.toStringTag, "SharedArrayBuffer")


def _elements(this: Any) -> list[Any]:
    return [shim.get(this, str(index)) for index in range(len(this))]


def _same(this: Any, values: list[Any]) -> Any:
    """A new typed array of the kind of ``this``."""
    return type(this)(values)


class _TypedArrayPrototype:
    """What is not as Array.prototype has it: these write, or make typed arrays."""

    def fill(this: Any, value: Any, start: Any = None, end: Any = None) -> Any:
        begin = _relative(start, len(this), 0)
        for index in range(begin, _relative(end, len(this), len(this))):
            shim.set(this, str(index), value)
        return this

    def filter(this: Any, check: Any, receiver: Any = None) -> Any:
        return _same(this, list(_ArrayPrototype.filter(this, check, receiver)))

    def map(this: Any, change: Any, receiver: Any = None) -> Any:
        return _same(this, list(_ArrayPrototype.map(this, change, receiver)))

    def reverse(this: Any) -> Any:
        _TypedArrayPrototype.set(this, _elements(this)[::-1])
        return this

    def set(this: Any, source: Any, offset: Any = None) -> None:
        at = 0 if offset is None else int(shim.to_number(offset))
        length = int(shim.to_number(shim.get(source, "length")))
        if at < 0 or at + length > len(this):
            raise RangeError("offset is out of bounds")
        values = [shim.get(source, str(index)) for index in range(length)]
        for index, value in enumerate(values, at):
            shim.set(this, str(index), value)

    def slice(this: Any, start: Any = None, end: Any = None) -> Any:
        values = _elements(this)
        begin = _relative(start, len(values), 0)
        return _same(this, values[begin : _relative(end, len(values), len(values))])

    def sort(this: Any, order: Any = None) -> Any:
        values = _elements(this)
        if order is None:
            values.sort(key=lambda n: (n != n, n, math.copysign(1, n)))
        else:
            values = list(_ArrayPrototype.toSorted(values, order))
        _TypedArrayPrototype.set(this, values)
        return this

    def subarray(this: Any, start: Any = None, end: Any = None) -> Any:
        begin = _relative(start, len(this), 0)
        length = max(_relative(end, len(this), len(this)) - begin, 0)
        size = shim.get(this, "BYTES_PER_ELEMENT")
        offset = shim.get(this, "byteOffset") + begin * size
        return type(this)(shim.get(this, "buffer"), offset, length)

    def toLocaleString(this: Any) -> Any:
        return _ArrayPrototype.toLocaleString(this)

    def toReversed(this: Any) -> Any:
        return _same(this, _elements(this)[::-1])

    def toSorted(this: Any, order: Any = None) -> Any:
        return _TypedArrayPrototype.sort(_same(this, _elements(this)), order)

    def with_(this: Any, index: Any, value: Any) -> Any:
        made = _same(this, _elements(this))
        position = math.trunc(shim.to_number(index))
        position += len(this) if position < 0 else 0
        if not 0 <= position < len(this):
            raise RangeError("Invalid typed array index")
        shim.set(made, str(position), value)
        return made


_SHARED = (
    "at",
    "entries",
    "every",
    "find",
    "findIndex",
    "findLast",
    "findLastIndex",
    "forEach",
    "includes",
    "indexOf",
    "join",
    "keys",
    "lastIndexOf",
    "reduce",
    "reduceRight",
    "some",
    "toString",
    "values",
)


def add_typedarray_methods(prototype: Any) -> None:
    """Fills %TypedArray%.prototype."""
    for name in _SHARED:
        method = shim.method(trim(vars(_ArrayPrototype)[name], name))
        hidden(prototype, name, method)
    install(prototype, _TypedArrayPrototype)
    hidden(prototype, shim.Symbol.iterator, shim.get(prototype, "values"))


def fill_typed(prototype: Any, name: str) -> None:
    """Fills the prototype of one kind of typed array.

    Args:
        prototype: The object to fill.
        name: ``Uint8Array``, ``Buffer`` ...

    Raises:
        KeyError: There is no such kind.
    """
    if name == "Buffer":
        shim.set_prototype(prototype, prototype_for("typedarray:Uint8Array"))
        hidden(prototype, "constructor", shim.Buffer)
        from napi.runtime import buffer

        buffer.add_buffer_methods(prototype)
        return
    size = NAMES[name][1]
    shim.set_prototype(prototype, prototype_for("typedarray"))
    hidden(prototype, "constructor", getattr(shim, name))
    constant(prototype, "BYTES_PER_ELEMENT", size)
    constant(prototype, shim.Symbol.toStringTag, name)


_FIELDS = {
    "Int8": ("b", 1),
    "Uint8": ("B", 1),
    "Int16": ("h", 2),
    "Uint16": ("H", 2),
    "Int32": ("i", 4),
    "Uint32": ("I", 4),
    "BigInt64": ("q", 8),
    "BigUint64": ("Q", 8),
    "Float16": ("e", 2),
    "Float32": ("f", 4),
    "Float64": ("d", 8),
}


def _place(this: Any, offset: Any, size: int) -> memoryview:
    number = 0 if offset is None else shim.to_number(offset)
    at = math.trunc(number) if math.isfinite(number) else -1 if number == number else 0
    view = memoryview(this).cast("B")
    if not 0 <= at <= len(view) - size:
        raise RangeError("Offset is outside the bounds of the DataView")
    return view[at : at + size]


def _to_field(value: Any, letter: str, size: int) -> Any:
    if letter in "efd":
        return float(shim.to_number(value))
    if letter in "qQ":
        if shim.typeof(value) != "bigint":
            raise TypeError(f"Cannot convert {shim.to_string(value)} to a BigInt")
        number = int(value)
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


def _add_field(prototype: Any, name: str, letter: str, size: int) -> None:
    def get(this: Any, offset: Any = None, little: Any = None, *_: Any) -> Any:
        with _place(this, offset, size) as place:
            order = "<" if shim.to_boolean(little) else ">"
            return _from_field(struct.unpack(order + letter, place)[0], letter)

    def set_(
        this: Any, offset: Any = None, value: Any = None, little: Any = None, *_: Any
    ) -> None:
        field = _to_field(value, letter, size)
        with _place(this, offset, size) as place:
            order = "<" if shim.to_boolean(little) else ">"
            place[:] = _pack(letter, order, field)

    get.__name__, set_.__name__ = f"get{name}", f"set{name}"
    for function in (get, set_):
        hidden(prototype, function.__name__, shim.method(function))


def add_dataview_methods(prototype: Any) -> None:
    """Fills DataView.prototype."""
    for name, (letter, size) in _FIELDS.items():
        _add_field(prototype, name, letter, size)
    hidden(prototype, "constructor", shim.DataView)
    constant(prototype, shim.Symbol.toStringTag, "DataView")
