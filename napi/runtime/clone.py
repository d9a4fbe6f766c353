"""structuredClone (HTML, chapter 2.7): a deep copy that keeps cycles."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.box import Box, make_box
from napi.runtime.date import Date
from napi.runtime.error import Error
from napi.runtime.iterate import iterate
from napi.runtime.map import Map, Set

__all__ = ["structured_clone"]


def _refuse(value: Any) -> Any:
    from napi.runtime.coerce import show
    from napi.runtime.domexception import DOMException

    text = f"{show(value)} could not be cloned."
    return shim.construct(DOMException, text, "DataCloneError")


def _empty(value: Any) -> Any:
    """An empty object of the same kind, or a complete copy of a flat one."""
    if isinstance(value, (list, tuple)):
        return shim.Array()
    if isinstance(value, (Map, Set)):
        return type(value)()
    if isinstance(value, Date):
        return Date(value.getTime())
    if isinstance(value, Error):
        made = type(value)(value.message)
        made.stack = value.stack
        return made
    if isinstance(value, shim.ArrayBuffer):
        return shim.call(shim.get(value, "slice"), value, 0)
    if isinstance(value, (bytes, bytearray)):
        return shim.Uint8Array(value)
    if isinstance(value, Box):
        return make_box(value.primitive)
    return _pattern(value)


def _pattern(value: Any) -> Any:
    from napi.runtime import regexp

    if isinstance(value, regexp.RegExp):
        return regexp.make(value.__source__, value.__flags__)
    if isinstance(value, shim.Host) or shim.is_proxy(value):
        raise _refuse(value)
    return shim.Object()


class _Cloner:
    def __init__(self) -> None:
        self.known: dict[int, tuple[Any, Any]] = {}
        self.waiting: list[tuple[Any, Any]] = []

    def copy(self, value: Any) -> Any:
        kind = shim.typeof(value)
        if kind in ("function", "symbol", "external"):
            raise _refuse(value)
        if kind != "object" or value is shim.null:
            return value
        found = self.known.get(id(value))
        if found is None:
            is_view = isinstance(value, (shim.TypedArray, shim.DataView))
            found = (value, self.view(value) if is_view else _empty(value))
            self.known[id(value)] = found
            self.waiting.append(found)
        return found[1]

    def view(self, value: Any) -> Any:
        """Views of one buffer are views of one copy."""
        buffer = self.copy(shim.get(value, "buffer"))
        offset = shim.get(value, "byteOffset")
        if isinstance(value, shim.DataView):
            return shim.DataView(buffer, offset, shim.get(value, "byteLength"))
        name = str(shim.get(value, shim.Symbol.toStringTag))
        return getattr(shim, name)(buffer, offset, shim.get(value, "length"))

    def fill(self, source: Any, target: Any) -> None:
        if isinstance(source, Map):
            for key, value in source.items():
                target.set(self.copy(key), self.copy(value))
        elif isinstance(source, Set):
            for value in source:
                target.add(self.copy(value))
        elif isinstance(source, (list, tuple)):
            shim.set(target, "length", len(source))
            self.fill_keys(source, target)
        elif type(target) is shim.Object:
            self.fill_keys(source, target)

    def fill_keys(self, source: Any, target: Any) -> None:
        for key in shim.keys(source):
            shim.set(target, key, self.copy(shim.get(source, key)))


def _transferred(options: Any) -> list[Any]:
    if options is None or options is shim.null:
        return []
    listed = shim.get(options, "transfer")
    found = [] if listed is None else list(iterate(listed))
    for one in found:
        if not isinstance(one, shim.ArrayBuffer) or shim.get(one, "detached"):
            raise _refuse(one)
    return found


def structured_clone(value: Any = None, options: Any = None, *_: Any) -> Any:
    """Copies a value deeply.

    Args:
        value: Anything but functions and symbols.
        options: ``transfer``: the array buffers that the copy takes over; they are
            detached.

    Raises:
        napi.Error: Something in it cannot be cloned (``DataCloneError``).
    """
    transferred = _transferred(options)
    cloner = _Cloner()
    made = cloner.copy(value)
    while cloner.waiting:
        cloner.fill(*cloner.waiting.pop())
    for one in transferred:
        shim.detach_buffer(one)
    return made
