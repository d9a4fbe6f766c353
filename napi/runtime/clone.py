"""structuredClone (HTML, chapter 2.7): a deep copy that keeps cycles."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.box import Box, make_box
from napi.runtime.date import Date
from napi.runtime.error import Error
from napi.runtime.iterate import iterate
from napi.runtime.map import Map, Set
from napi.runtime.weak import WeakSet

__all__ = ["clone", "is_marked", "mark", "refusal", "structured_clone"]


_marks: dict[str, WeakSet] = {"uncloneable": WeakSet(), "untransferable": WeakSet()}


def mark(value: Any, kind: str) -> None:
    """From now on a value cannot be copied, or cannot be transferred.

    Args:
        value: The value; what is no object cannot be marked.
        kind: ``uncloneable`` or ``untransferable``.
    """
    if shim.typeof(value) in ("object", "function") and value is not shim.null:
        _marks[kind].add(value)


def is_marked(value: Any, kind: str) -> bool:
    """Whether a value was marked."""
    is_object = shim.typeof(value) in ("object", "function")
    return is_object and value is not shim.null and _marks[kind].has(value)


def refusal(text: str) -> Any:
    """The DataCloneError with a message."""
    from napi.runtime.domexception import DOMException

    return shim.construct(DOMException, text, "DataCloneError")


def _refuse(value: Any) -> Any:
    from napi.runtime.coerce import show

    return refusal(f"{show(value)} could not be cloned.")


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
    if isinstance(value, shim.SharedArrayBuffer):
        return value  # the memory is what is shared
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
    copy = getattr(type(value), "__napi_clone__", None)
    if copy is not None:
        return copy(value)
    if isinstance(value, shim.Host) or shim.is_proxy(value):
        if hasattr(type(value), "__port__"):
            raise refusal(
                "Object that needs transfer was found in message but not listed in "
                "transferList"
            )
        raise _refuse(value)
    return shim.Object()


class _Cloner:
    def __init__(self, moved: list[tuple[Any, Any]]) -> None:
        self.known: dict[int, tuple[Any, Any]] = {id(one[0]): one for one in moved}
        self.waiting: list[tuple[Any, Any]] = []

    def copy(self, value: Any) -> Any:
        kind = shim.typeof(value)
        if kind in ("function", "symbol", "external"):
            raise _refuse(value)
        if kind != "object" or value is shim.null:
            return value
        found = self.known.get(id(value))
        if found is None:
            if is_marked(value, "uncloneable"):
                raise _refuse(value)
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


def _listed(options: Any) -> list[Any]:
    if options is None or options is shim.null:
        return []
    listed = shim.get(options, "transfer")
    return [] if listed is None else list(iterate(listed))


def clone(value: Any, buffers: list[Any], moved: list[tuple[Any, Any]]) -> Any:
    """Copies a value deeply.

    Args:
        value: Anything but functions and symbols.
        buffers: The array buffers that the copy takes over; they are detached.
        moved: Other objects that it takes over, and what is there in their place.

    Raises:
        napi.Error: Something cannot be cloned or transferred (``DataCloneError``).
    """
    for one in buffers:
        if (
            not isinstance(one, shim.ArrayBuffer)
            or not shim.is_transferable(one)
            or is_marked(one, "untransferable")
        ):
            raise _refuse(one)
    if len({id(one) for one in buffers}) < len(buffers):
        raise refusal("Transfer list contains duplicate ArrayBuffer")
    cloner = _Cloner(moved)
    made = cloner.copy(value)
    while cloner.waiting:
        cloner.fill(*cloner.waiting.pop())
    for one in buffers:
        shim.detach_buffer(one)
    return made


_NOTHING = object()  # undefined can be cloned


def structured_clone(value: Any = _NOTHING, options: Any = None, *_: Any) -> Any:
    """Copies a value deeply.

    Args:
        value: Anything but functions and symbols.
        options: ``transfer``: the array buffers and message ports that the copy
            takes over; they are detached.

    Raises:
        napi.Error: Something in it cannot be cloned (``DataCloneError``).
        napi.TypeError: There is no value.
    """
    if value is _NOTHING:
        from napi.runtime.events import missing

        raise missing("value")
    transferred = _listed(options)
    if all(isinstance(one, shim.ArrayBuffer) for one in transferred):
        return clone(value, transferred, [])
    from napi.js.host._port import MessagePort, clone_message

    if not any(isinstance(one, MessagePort) for one in transferred):
        return clone(value, transferred, [])
    return clone_message(value, transferred, None).open()
