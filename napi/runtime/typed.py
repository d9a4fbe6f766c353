"""%TypedArray%.prototype and its heirs (ECMA-262, chapter 23.2.3)."""

from __future__ import annotations

import math
from typing import Any

from napi._native import shim
from napi.runtime.array import _ArrayMethods, join, localized
from napi.runtime.array_change import compare, need_order
from napi.runtime.builtin import (
    accessor,
    builtin,
    constant,
    getter,
    hidden,
    install,
    sized,
)
from napi.runtime.coerce import (
    is_constructor,
    is_object,
    length_of,
    need_callable,
    relative,
    show,
    to_integer,
)
from napi.runtime.error import RangeError, TypeError
from napi.runtime.prototype import prototype_for

__all__ = ["NAMES", "add_typedarray_methods", "create_like", "fill_typed", "validate"]

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
_BIG = ("BigInt64Array", "BigUint64Array")


def kind_of(array: Any) -> str:
    """The name of the kind of a typed array (a Buffer is a Uint8Array)."""
    for cls in type(array).__mro__:
        if cls.__name__ in NAMES and getattr(shim, cls.__name__) is cls:
            return str(cls.__name__)
    from napi.runtime.native import format_of

    return format_of(array)


def is_typed(value: Any) -> bool:
    """Whether it is a typed array, or a buffer of Python that acts as one."""
    if isinstance(value, shim.TypedArray):
        return True
    return isinstance(value, (bytes, bytearray, memoryview))


def is_detached(array: Any) -> bool:
    """Whether the memory is gone."""
    if not isinstance(array, shim.TypedArray):
        return False
    return bool(shim.is_out_of_bounds(array)) or bool(
        getattr(shim.get(array, "buffer"), "detached", False)
    )


def validate(this: Any, name: str) -> Any:
    """ValidateTypedArray (23.2.4.4).

    Raises:
        napi.TypeError: It is no typed array, or its buffer is detached.
    """
    if not is_typed(this):
        raise TypeError("this is not a typed array.")
    if is_detached(this):
        raise TypeError(
            f"Cannot perform %TypedArray%.prototype.{name} on a detached ArrayBuffer"
        )
    return this


def values_of(this: Any) -> list[Any]:
    """All elements."""
    return [this[index] for index in range(len(this))]


def _maker(this: Any) -> Any:
    """TypedArraySpeciesCreate's constructor (23.2.4.1)."""
    default = getattr(shim, kind_of(this))
    if type(this) is shim.Buffer:
        default = shim.Buffer
    found = shim.get(this, "constructor")
    if found is default or found is None:
        return default
    if not is_object(found):
        raise TypeError("The .constructor property is not an object")
    found = shim.get(found, shim.Symbol.species)
    if found is None or found is shim.null:
        return default
    if not is_constructor(found):
        raise TypeError("object.constructor[Symbol.species] is not a constructor")
    return found


def create_like(this: Any, *arguments: Any) -> Any:
    """TypedArraySpeciesCreate (23.2.4.1)."""
    maker = _maker(this)
    made = shim.construct(maker, *arguments)
    validate(made, "constructor")
    if len(arguments) == 1 and len(made) < arguments[0]:
        raise TypeError(
            "Derived TypedArray constructor created an array which was too small"
        )
    if (kind_of(made) in _BIG) != (kind_of(this) in _BIG):
        raise TypeError("Content type of source and derived typed arrays differ")
    return made


def same_type(this: Any, length: int) -> Any:
    """TypedArrayCreateSameType (23.2.4.3)."""
    return getattr(shim, kind_of(this))(length)


def to_element(this: Any, value: Any) -> Any:
    """A value as an element of the kind: a number or a bigint."""
    if kind_of(this) in _BIG:
        from napi.runtime.bigint import element_as_bigint

        return element_as_bigint(value)
    return shim.to_number(value)


def _put(this: Any, index: int, value: Any) -> None:
    shim.set(this, str(index), value)


def _order(number: Any) -> Any:
    return (number != number, number, math.copysign(1, number))


class _TypedArrayPrototype:
    """What is not as Array.prototype has it: these write, or make typed arrays."""

    @getter
    def buffer(this: Any) -> Any:
        array = _need(this)
        if not isinstance(array, shim.TypedArray):
            # What cannot be written to is copied: an ArrayBuffer can.
            shared = not memoryview(array).readonly
            array = shim.borrow(array) if shared else shim.Uint8Array(array)
        return shim.get(array, "buffer")

    @getter
    def byteLength(this: Any) -> Any:
        return shim.get(_need(this), "byteLength")

    @getter
    def byteOffset(this: Any) -> Any:
        return shim.get(_need(this), "byteOffset")

    @getter
    def length(this: Any) -> Any:
        return shim.get(_need(this), "length")

    def copyWithin(this: Any, target: Any, start: Any, end: Any = None) -> Any:
        length = len(validate(this, "copyWithin"))
        to, begin = relative(target, length, 0), relative(start, length, 0)
        stop = relative(end, length, length)
        count = min(stop - begin, length - to)
        if count > 0:
            validate(this, "copyWithin")
            with memoryview(this) as view:
                part = bytes(view[begin : begin + count])
                with view.cast("B") as data:
                    size = view.itemsize
                    data[to * size : to * size + len(part)] = part
        return this

    def fill(this: Any, value: Any, start: Any = None, end: Any = None) -> Any:
        length = len(validate(this, "fill"))
        element = to_element(this, value)
        begin, stop = relative(start, length, 0), relative(end, length, length)
        validate(this, "fill")
        for index in range(begin, min(stop, len(this))):
            _put(this, index, element)
        return this

    def filter(this: Any, check: Any, receiver: Any = None) -> Any:
        length = len(validate(this, "filter"))
        need_callable(check)
        kept = []
        for index in range(length):
            value = shim.get(this, str(index))
            if shim.to_boolean(shim.call(check, receiver, value, index, this)):
                kept.append(value)
        made = create_like(this, len(kept))
        for index, value in enumerate(kept):
            _put(made, index, value)
        return made

    def map(this: Any, change: Any, receiver: Any = None) -> Any:
        length = len(validate(this, "map"))
        need_callable(change)
        made = create_like(this, length)
        for index in range(length):
            value = shim.get(this, str(index))
            _put(made, index, shim.call(change, receiver, value, index, this))
        return made

    def reverse(this: Any) -> Any:
        values = values_of(validate(this, "reverse"))
        for index, value in enumerate(reversed(values)):
            _put(this, index, value)
        return this

    @sized(1)
    def set(this: Any, source: Any = None, offset: Any = None) -> None:
        if not is_typed(this):
            raise TypeError("this is not a typed array.")
        at = to_integer(offset)
        if at < 0:
            raise RangeError("offset is out of bounds")
        if is_detached(this):
            validate(this, "set")
        if is_typed(source):
            _set_typed(this, validate(source, "set"), at)
            return
        source = shim.to_object(_not_nullish(source))
        length = length_of(source)
        if at + length > len(this):
            raise RangeError("offset is out of bounds")
        for index in range(length):
            _put(this, int(at) + index, shim.get(source, str(index)))

    def slice(this: Any, start: Any, end: Any) -> Any:
        length = len(validate(this, "slice"))
        begin = relative(start, length, 0)
        stop = relative(end, length, length)
        count = max(stop - begin, 0)
        made = create_like(this, count)
        if not count:
            return made
        validate(this, "slice")
        stop = min(stop, len(this))
        if kind_of(made) == kind_of(this):
            _copy_bytes(this, begin, stop, made)
        else:
            for index in range(begin, stop):
                _put(made, index - begin, this[index])
        return made

    def sort(this: Any, order: Any) -> Any:
        need_order(order)
        values = _sorted(validate(this, "sort"), order)
        for index, value in enumerate(values):
            _put(this, index, value)
        return this

    def subarray(this: Any, start: Any, end: Any) -> Any:
        if not is_typed(this):
            raise TypeError("this is not a typed array.")
        buffer = shim.get(this, "buffer")
        length = 0 if is_detached(this) else len(this)
        begin = relative(start, length, 0)
        count = max(relative(end, length, length) - begin, 0)
        offset = shim.get(this, "byteOffset") + begin * NAMES[kind_of(this)][1]
        return create_like(this, buffer, offset, count)

    @sized(0)
    def toLocaleString(this: Any) -> Any:
        return join(validate(this, "toLocaleString"), ",", localized)

    def toReversed(this: Any) -> Any:
        values = values_of(validate(this, "toReversed"))
        return _filled(this, values[::-1])

    def toSorted(this: Any, order: Any) -> Any:
        need_order(order)
        return _filled(this, _sorted(validate(this, "toSorted"), order))

    def with_(this: Any, index: Any, value: Any) -> Any:
        length = len(validate(this, "with"))
        position = to_integer(index)
        position += length if position < 0 else 0
        element = to_element(this, value)
        if not 0 <= position < len(this):
            raise RangeError("Invalid typed array index")
        values = values_of(this)
        values[int(position)] = element
        return _filled(this, values)


def _need(this: Any) -> Any:
    if not is_typed(this):
        raise TypeError(f"Receiver is not a typed array: {show(this)}")
    return this


def _not_nullish(value: Any) -> Any:
    if value is None or value is shim.null:
        raise TypeError("Cannot convert undefined or null to object")
    return value


def _filled(this: Any, values: list[Any]) -> Any:
    made = same_type(this, len(values))
    for index, value in enumerate(values):
        _put(made, index, value)
    return made


def _sorted(this: Any, order: Any) -> list[Any]:
    values = values_of(this)
    if order is None:
        values.sort(key=int if kind_of(this) in _BIG else _order)
    else:
        values.sort(key=compare(order))
    return values


def _copy_bytes(source: Any, begin: int, stop: int, target: Any) -> None:
    with memoryview(source) as view, memoryview(target) as out:
        part = bytes(view[begin:stop])
        with out.cast("B") as data:
            data[: len(part)] = part


def _set_typed(this: Any, source: Any, at: Any) -> None:
    """SetTypedArrayFromTypedArray (23.2.3.26.1)."""
    if at + len(source) > len(this):
        raise RangeError("offset is out of bounds")
    if (kind_of(source) in _BIG) != (kind_of(this) in _BIG):
        raise TypeError("Cannot mix BigInt and other types, use explicit conversions")
    at = int(at)
    if kind_of(source) == kind_of(this):
        with memoryview(source) as view, memoryview(this) as out:
            part = bytes(view)
            with out.cast("B") as data:
                begin = at * view.itemsize
                data[begin : begin + len(part)] = part
        return
    for index, value in enumerate(values_of(source), at):
        _put(this, index, value)


_SHARED = {
    "at": 1,
    "entries": 0,
    "every": 1,
    "find": 1,
    "findIndex": 1,
    "findLast": 1,
    "findLastIndex": 1,
    "forEach": 1,
    "includes": 1,
    "indexOf": 1,
    "join": 1,
    "keys": 0,
    "lastIndexOf": 1,
    "reduce": 1,
    "reduceRight": 1,
    "some": 1,
    "values": 0,
}


def _shared(name: str, length: int) -> Any:
    inner = builtin(vars(_ArrayMethods)[name], name)

    def method(this: Any, *arguments: Any) -> Any:
        return shim.call(inner, validate(this, name), *arguments)

    return builtin(method, name, length=length)


def _tag(this: Any) -> Any:
    return kind_of(this) if is_typed(this) else None


def add_typedarray_methods(prototype: Any) -> None:
    """Fills %TypedArray%.prototype."""
    for name, length in _SHARED.items():
        hidden(prototype, name, _shared(name, length))
    install(prototype, _TypedArrayPrototype)
    hidden(prototype, shim.Symbol.iterator, shim.get(prototype, "values"))
    hidden(prototype, "toString", shim.get(prototype_for("array"), "toString"))
    accessor(prototype, shim.Symbol.toStringTag, _tag, None, "[Symbol.toStringTag]")


def fill_typed(prototype: Any, name: str) -> None:
    """Fills the prototype of one kind of typed array.

    Args:
        prototype: The object to fill.
        name: ``Uint8Array``, ``Buffer`` ...

    Raises:
        KeyError: There is no such kind.
    """
    from napi.runtime.typed_static import publish_kind

    if name == "Buffer":
        shim.set_prototype(prototype, prototype_for("typedarray:Uint8Array"))
        hidden(prototype, "constructor", shim.Buffer)
        from napi.runtime import buffer

        buffer.add_buffer_methods(prototype)
        return
    size = NAMES[name][1]
    shim.set_prototype(prototype, prototype_for("typedarray"))
    constant(prototype, "BYTES_PER_ELEMENT", size)
    publish_kind(name, prototype, size)
    if name == "Uint8Array":
        from napi.runtime.base64 import _Uint8Methods

        install(prototype, _Uint8Methods)
