"""The constructors of typed arrays (ECMA-262, chapters 23.2.1 and 23.2.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.builtin import accessor, constant
from napi.runtime.coerce import (
    is_callable,
    is_constructor,
    is_nullish,
    is_object,
    length_of,
    need_callable,
    show,
    to_index,
)
from napi.runtime.constructor import adopt, install_statics, publish
from napi.runtime.error import RangeError, TypeError
from napi.runtime.iterate import DONE, not_iterable, open_iterator
from napi.runtime.typed import _BIG, is_detached, is_typed, kind_of, validate, values_of

__all__ = ["make_typedarray", "publish_kind"]

_BUFFERS = (shim.ArrayBuffer, shim.SharedArrayBuffer)


def _collect(source: Any, method: Any) -> list[Any]:
    record, values = open_iterator(source, method), []
    while (value := record.step()) is not DONE:
        values.append(value)
    return values


def _create(maker: Any, length: int) -> Any:
    """TypedArrayCreateFromCtor (23.2.4.2)."""
    if not is_constructor(maker):
        raise TypeError(f"{show(maker)} is not a constructor")
    made = validate(shim.construct(maker, length), "from")
    if len(made) < length:
        raise TypeError(
            "Derived TypedArray constructor created an array which was too small"
        )
    return made


class _Statics:
    def of(this: Any, *values: Any) -> Any:
        made = _create(this, len(values))
        for index, value in enumerate(values):
            shim.put(made, str(index), value)
        return made

    def from_(this: Any, source: Any, change: Any = None, receiver: Any = None) -> Any:
        if not is_constructor(this):
            raise TypeError(f"{show(this)} is not a constructor")
        if change is not None:
            need_callable(change)
        if is_nullish(source):
            raise not_iterable(source)
        method = shim.get(source, shim.Symbol.iterator)
        if not is_nullish(method) and not is_callable(method):
            raise TypeError(f"{show(method)} is not a function")
        values: Any
        if not is_nullish(method):
            values = _collect(source, method)
            made = _create(this, len(values))
        else:
            like = shim.to_object(source)
            length = length_of(like)
            made = _create(this, length)
            values = (shim.get(like, str(index)) for index in range(length))
        for index, value in enumerate(values):
            if change is not None:
                value = shim.call(change, receiver, value, index)
            shim.put(made, str(index), value)
        return made


def _abstract(*_: Any) -> Any:
    raise TypeError("Abstract class TypedArray not directly constructable")


def make_typedarray() -> Any:
    """%TypedArray%, which all kinds inherit from."""
    from napi.runtime.prototype import prototype_for

    made = shim.TypedArray
    if "__napi_closed__" not in vars(made):
        prototype = prototype_for("typedarray")
        publish(made, call=_abstract, construct=_abstract, prototype=prototype)
        install_statics(made, _Statics)
        accessor(made, shim.Symbol.species, _self, None, "[Symbol.species]")
        root = prototype_for("function")
        shim.set_prototype(made, root)
    return made


def _self(this: Any) -> Any:
    return this


def _over_buffer(cls: Any, size: int, buffer: Any, offset: Any, length: Any) -> Any:
    """InitializeTypedArrayFromArrayBuffer (23.2.5.1.3)."""
    begin = to_index(offset, "Start offset is too large:")
    if begin % size:
        raise RangeError(
            f"start offset of {cls.__name__} should be a multiple of {size}"
        )
    count = (
        None
        if length is None
        else to_index(length, f"Invalid typed array length: {show(length)}")
    )
    if getattr(buffer, "detached", False):
        raise TypeError("Cannot perform Construct on a detached ArrayBuffer")
    total = shim.get(buffer, "byteLength")
    if count is None:
        if total % size:
            raise RangeError(
                f"byte length of {cls.__name__} should be a multiple of {size}"
            )
        if begin > total:
            raise RangeError(
                f"Start offset {begin} is outside the bounds of the buffer"
            )
        return cls(buffer, begin)
    if begin + count * size > total:
        raise RangeError(f"Invalid typed array length: {count}")
    return cls(buffer, begin, count)


def _from_object(cls: Any, source: Any) -> Any:
    if is_typed(source):
        if is_detached(source):
            raise TypeError("Cannot perform Construct on a detached ArrayBuffer")
        if (kind_of(source) in _BIG) != (cls.__name__ in _BIG):
            raise TypeError(
                "Cannot mix BigInt and other types, use explicit conversions"
            )
        if kind_of(source) == cls.__name__:
            made = cls(len(source))
            with (
                memoryview(source) as view,
                memoryview(made) as out,
                out.cast("B") as data,
            ):
                data[:] = bytes(view)
            return made
        return cls(values_of(source))
    method = shim.get(source, shim.Symbol.iterator)
    if not is_nullish(method):
        if not is_callable(method):
            raise TypeError(f"{show(method)} is not a function")
        values = _collect(source, method)
    else:
        count = length_of(source)
        made = cls(count)  # or a RangeError, before anything is read
        for index in range(count):
            shim.put(made, str(index), shim.get(source, str(index)))
        return made
    made = cls(len(values))
    for index, value in enumerate(values):
        shim.put(made, str(index), value)
    return made


def _constructor(cls: Any, size: int) -> Callable[..., Any]:
    def construct(new_target: Any, *given: Any) -> Any:
        first = given[0] if given else None
        if is_object(first):
            if isinstance(first, _BUFFERS):
                offset = given[1] if len(given) > 1 else None
                length = given[2] if len(given) > 2 else None
                made = _over_buffer(cls, size, first, offset, length)
            else:
                made = _from_object(cls, first)
        else:
            text = f"Invalid typed array length: {show(first)}"
            made = cls(to_index(first, text))
        return adopt(made, new_target, cls)

    return construct


def publish_kind(name: str, prototype: Any, size: int) -> None:
    """Makes a typed array's class the constructor of its kind.

    Args:
        name: ``Uint8Array`` and so on.
        prototype: The prototype of its instances.
        size: The bytes of an element.
    """
    cls = getattr(shim, name)
    construct = _constructor(cls, size)
    publish(cls, length=3, construct=construct, prototype=prototype)
    constant(cls, "BYTES_PER_ELEMENT", size)
    shim.set_prototype(cls, make_typedarray())
    if name == "Uint8Array":
        from napi.runtime.base64 import _Uint8Statics

        install_statics(cls, _Uint8Statics)
