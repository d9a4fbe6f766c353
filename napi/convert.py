"""Plain Python data out of JavaScript values."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.date import Date
from napi.runtime.map import Map, Set

__all__ = ["to_python"]

_LEAVES = frozenset((str, int, float, bool, type(None)))


class _Converter:
    """One conversion. A work list takes the place of recursion: depth is free."""

    def __init__(self) -> None:
        # Source and result by the source's identity; the source stays alive.
        self.known: dict[int, tuple[Any, Any]] = {}
        self.waiting: list[tuple[Any, Any]] = []

    def convert(self, value: Any) -> Any:
        """The plain value; a container is filled later, from the work list."""
        if type(value) in _LEAVES:
            return value
        if value is shim.null:
            return None
        found = self.known.get(id(value))
        if found is None:
            found = (value, self.start(value))
            self.known[id(value)] = found
        return found[1]

    def start(self, value: Any) -> Any:
        """The result for a value, empty where it is a container."""
        if isinstance(value, shim.BigInt):
            return int(value)
        made: Any
        if isinstance(value, shim.Object) and hasattr(value, "primitive"):
            return self.convert(value.primitive)
        if isinstance(value, (dict, Map)):
            made = {}
        elif isinstance(value, (list, tuple)):
            made = []
        elif isinstance(value, Set):
            made = set()
        else:
            return _flat(value)
        self.waiting.append((value, made))
        return made

    def fill(self, source: Any, target: Any) -> None:
        """Converts the members of a container."""
        if isinstance(source, shim.Object):
            for key in shim.keys(source):
                target[key] = self.convert(shim.get(source, key))
        elif isinstance(source, (dict, Map)):
            for key, value in source.items():
                target[self.convert(key)] = self.convert(value)
        elif isinstance(source, Set):
            target.update(map(self.convert, source))
        else:
            target.extend(map(self.convert, source))


def _flat(value: Any) -> Any:
    if isinstance(value, Date):
        return None if value.getTime() != value.getTime() else value.datetime()
    if isinstance(value, (shim.ArrayBuffer, shim.SharedArrayBuffer, shim.DataView)):
        return bytes(memoryview(value).cast("B"))
    if isinstance(value, shim.Buffer):
        return bytes(value)
    if isinstance(value, shim.TypedArray):
        with memoryview(value) as view:
            return view.tolist()
    return value


def to_python(value: Any) -> Any:
    """Converts a JavaScript value to plain Python data, deeply.

    ``napi.null`` and undefined become ``None``, objects and maps ``dict``, arrays
    ``list``, sets ``set``, dates ``datetime`` (an invalid one ``None``), bigints
    ``int``, buffers ``bytes``, typed arrays lists of numbers. Cycles and shared
    parts stay what they are; functions, classes, class instances, symbols, errors
    and promises come back as they are.

    Args:
        value: Any value an addon gave.

    Returns:
        The plain value.

    Raises:
        TypeError: The key of a map or a member of a set is an object that Python
            cannot hash, such as an array.
        ValueError: A date is outside of the years 1 to 9999.
    """
    converter = _Converter()
    made = converter.convert(value)
    while converter.waiting:
        converter.fill(*converter.waiting.pop())
    return made
