"""ArrayBuffer and SharedArrayBuffer (ECMA-262, chapters 25.1 and 25.2)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.builtin import accessor, getter, install, tag
from napi.runtime.coerce import is_object, relative, show, species, to_index
from napi.runtime.constructor import adopt, publish
from napi.runtime.error import RangeError, TypeError

__all__ = ["add_arraybuffer_methods", "add_sharedarraybuffer_methods"]

_NAMES = {False: "ArrayBuffer", True: "SharedArrayBuffer"}


def _type(shared: bool) -> Any:
    return shim.SharedArrayBuffer if shared else shim.ArrayBuffer


def _is(value: Any, shared: bool) -> bool:
    return (
        isinstance(value, shim.SharedArrayBuffer)
        if shared
        else (
            isinstance(value, shim.ArrayBuffer)
            and not isinstance(value, shim.SharedArrayBuffer)
        )
    )


def _need(this: Any, name: str, shared: bool = False) -> Any:
    if not _is(this, shared):
        raise TypeError(
            f"Method {_NAMES[shared]}.prototype.{name} called on incompatible "
            f"receiver {show(this)}"
        )
    return this


def _attached(this: Any, name: str) -> Any:
    if this.detached:
        raise TypeError(
            f"Cannot perform ArrayBuffer.prototype.{name} on a detached ArrayBuffer"
        )
    return this


def _slice(this: Any, start: Any, end: Any, shared: bool) -> Any:
    name = _NAMES[shared]
    _need(this, "slice", shared)
    if not shared:
        _attached(this, "slice")
    length = shim.get(this, "byteLength")
    begin = relative(start, length, 0)
    count = max(relative(end, length, length) - begin, 0)
    made = shim.construct(species(this, _type(shared)), count)
    _need(made, "slice", shared)
    if not shared:
        _attached(made, "slice")
    if made is this:
        raise TypeError(f"{name} subclass returned this from species constructor")
    if shim.get(made, "byteLength") < count:
        raise TypeError(f"Species constructor returned a too small {name}")
    if not shared:
        _attached(this, "slice")
    count = min(count, max(shim.get(this, "byteLength") - begin, 0))
    if count:
        with memoryview(this) as source, memoryview(made) as target:
            target[:count] = source[begin : begin + count]
    return made


def _transfer(this: Any, length: Any, name: str, fixed: bool) -> Any:
    _need(this, name)
    size = (
        shim.get(this, "byteLength")
        if length is None
        else to_index(length, "Invalid array buffer length")
    )
    _attached(this, name)
    most = None if fixed else shim.buffer_limit(this)
    made = shim.ArrayBuffer(size) if most is None else _resizable(size, most)
    count = min(size, shim.get(this, "byteLength"))
    if count:
        with memoryview(this) as source, memoryview(made) as target:
            target[:count] = source[:count]
    shim.detach_buffer(this)
    return made


def _resizable(size: int, most: int, shared: bool = False) -> Any:
    if size > most:
        raise RangeError("Invalid array buffer max length")
    return shim.make_resizable(size, most, shared)


class _ArrayBufferPrototype:
    @getter
    def byteLength(this: Any) -> Any:
        return shim.get(_need(this, "byteLength"), "byteLength")

    def slice(this: Any, start: Any, end: Any) -> Any:
        return _slice(this, start, end, False)

    @getter
    def maxByteLength(this: Any) -> Any:
        _need(this, "maxByteLength")
        if this.detached:
            return 0
        most = shim.buffer_limit(this)
        return shim.get(this, "byteLength") if most is None else most

    @getter
    def resizable(this: Any) -> bool:
        return shim.buffer_limit(_need(this, "resizable")) is not None

    def resize(this: Any, length: Any) -> None:
        most = shim.buffer_limit(_need(this, "resize"))
        if most is None:
            raise TypeError(
                "Method ArrayBuffer.prototype.resize called on incompatible receiver "
                + show(this)
            )
        text = "ArrayBuffer.prototype.resize: Invalid length parameter"
        size = to_index(length, text)
        _attached(this, "resize")
        if size > most:
            raise RangeError(text)
        shim.resize_buffer(this, size)

    def transfer(this: Any, length: Any = None) -> Any:
        return _transfer(this, length, "transfer", False)

    def transferToFixedLength(this: Any, length: Any = None) -> Any:
        return _transfer(this, length, "transferToFixedLength", True)

    @getter
    def detached(this: Any) -> bool:
        return bool(_need(this, "detached").detached)


class _SharedPrototype:
    @getter
    def byteLength(this: Any) -> Any:
        return shim.get(_need(this, "byteLength", True), "byteLength")

    def slice(this: Any, start: Any, end: Any) -> Any:
        return _slice(this, start, end, True)

    @getter
    def maxByteLength(this: Any) -> Any:
        most = shim.buffer_limit(_need(this, "maxByteLength", True))
        return shim.get(this, "byteLength") if most is None else most

    @getter
    def growable(this: Any) -> bool:
        return shim.buffer_limit(_need(this, "growable", True)) is not None

    def grow(this: Any, length: Any) -> None:
        most = shim.buffer_limit(_need(this, "grow", True))
        if most is None:
            raise TypeError(
                "Method SharedArrayBuffer.prototype.grow called on incompatible "
                "receiver " + show(this)
            )
        text = "SharedArrayBuffer.prototype.grow: Invalid length parameter"
        size = to_index(length, text)
        if not shim.get(this, "byteLength") <= size <= most:
            raise RangeError(text)
        shim.resize_buffer(this, size)


class _Statics:
    def isView(value: Any) -> bool:
        from napi.runtime.typed import is_typed

        return isinstance(value, shim.DataView) or is_typed(value)


def _publish(prototype: Any, shared: bool) -> None:
    cls, name = _type(shared), _NAMES[shared]

    def construct(new_target: Any, length: Any, options: Any = None) -> Any:
        size = to_index(length, "Invalid array buffer length")
        most = shim.get(options, "maxByteLength") if is_object(options) else None
        if most is not None:
            limit = to_index(most, "Invalid array buffer max length")
            made = _resizable(size, limit, shared)
        else:
            made = _allocate(cls, size)
        return adopt(made, new_target, cls)

    publish(
        cls,
        length=1,
        construct=construct,
        prototype=prototype,
        members=None if shared else _Statics,
    )
    accessor(cls, shim.Symbol.species, lambda this: this, None, "[Symbol.species]")
    tag(prototype, name)


def _allocate(cls: Any, size: int) -> Any:
    if size > 2**40:
        raise RangeError("Array buffer allocation failed")
    try:
        return cls(size)
    except (MemoryError, OverflowError):
        raise RangeError("Array buffer allocation failed") from None


def add_arraybuffer_methods(prototype: Any) -> None:
    """Fills ArrayBuffer.prototype."""
    install(prototype, _ArrayBufferPrototype)
    _publish(prototype, False)


def add_sharedarraybuffer_methods(prototype: Any) -> None:
    """Fills SharedArrayBuffer.prototype."""
    install(prototype, _SharedPrototype)
    _publish(prototype, True)
