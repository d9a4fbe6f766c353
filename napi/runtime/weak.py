"""WeakMap, WeakSet and WeakRef (ECMA-262, chapters 24.3, 24.4 and 26.1)."""

from __future__ import annotations

import builtins
import weakref
from typing import Any

from napi._native import shim

__all__ = ["FinalizationRegistry", "WeakMap", "WeakRef", "WeakSet"]


class _WeakTable:
    """Values by the identity of a key that may die.

    Python cannot refer weakly to a dict, list, tuple or str: such keys stay alive
    as long as the table does.
    """

    def __init__(self) -> None:
        self.entries: dict[int, tuple[Any, Any]] = {}

    def _anchor(self, key: Any) -> Any:
        number = id(key)
        entries = self.entries

        def forget(_: Any) -> None:
            entries.pop(number, None)

        try:
            return weakref.ref(key, forget)
        except builtins.TypeError:
            return lambda: key

    def put(self, key: Any, value: Any, what: str) -> None:
        if not _can_be_held(key):
            from napi.runtime.error import TypeError

            raise TypeError(f"Invalid value used {what}")
        known = self.entries.get(id(key))
        anchor = known[0] if known is not None else self._anchor(key)
        self.entries[id(key)] = (anchor, value)

    def find(self, key: Any) -> tuple[Any, Any] | None:
        return self.entries.get(id(key)) if _can_be_held(key) else None

    def drop(self, key: Any) -> bool:
        return _can_be_held(key) and self.entries.pop(id(key), None) is not None


def _can_be_held(value: Any) -> bool:
    if value is shim.null:
        return False
    kind = shim.typeof(value)
    if kind == "symbol":
        return not _is_registered(value)
    return kind in ("object", "function", "external")


def _is_registered(value: Any) -> bool:
    name = value.description
    return name is not None and shim.Symbol.for_(name) is value


class WeakMap(shim.Host):
    """JavaScript's ``WeakMap`` (ECMA-262 24.3): keys do not stay alive for it.

    Args:
        entries: ``None`` or an iterable of pairs.
    """

    __module__ = "napi"
    __slots__ = ("__weakmap__",)
    __weakmap__: _WeakTable

    def __new__(cls, entries: Any = None) -> WeakMap:
        """Makes an empty one."""
        made = super().__new__(cls)
        made.__weakmap__ = _WeakTable()
        return made

    def __init__(self, entries: Any = None) -> None:
        if entries is not None and entries is not shim.null:
            from napi.runtime.map import entry

            for item in entries:
                self.set(*entry(item))

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of ``key``, or ``default`` (undefined)."""
        entry = self.__weakmap__.find(key)
        return default if entry is None else entry[1]

    def set(self, key: Any, value: Any = None) -> WeakMap:
        """Adds or replaces an entry; returns the map.

        Raises:
            napi.TypeError: The key is not an object or symbol.
        """
        self.__weakmap__.put(key, value, "as weak map key")
        return self

    def has(self, key: Any) -> bool:
        """Tells whether there is an entry for ``key``."""
        return self.__weakmap__.find(key) is not None

    def delete(self, key: Any) -> bool:
        """Removes an entry; ``True`` if there was one."""
        return self.__weakmap__.drop(key)


class WeakSet(shim.Host):
    """JavaScript's ``WeakSet`` (ECMA-262 24.4).

    Args:
        values: ``None`` or an iterable of objects.
    """

    __module__ = "napi"
    __slots__ = ("__weakset__",)
    __weakset__: _WeakTable

    def __new__(cls, values: Any = None) -> WeakSet:
        """Makes an empty one."""
        made = super().__new__(cls)
        made.__weakset__ = _WeakTable()
        return made

    def __init__(self, values: Any = None) -> None:
        if values is not None and values is not shim.null:
            for value in values:
                self.add(value)

    def add(self, value: Any) -> WeakSet:
        """Adds an object; returns the set.

        Raises:
            napi.TypeError: The value is not an object or symbol.
        """
        self.__weakset__.put(value, True, "in weak set")
        return self

    def has(self, value: Any) -> bool:
        """Tells whether ``value`` is in the set."""
        return self.__weakset__.find(value) is not None

    def delete(self, value: Any) -> bool:
        """Removes a value; ``True`` if it was there."""
        return self.__weakset__.drop(value)


class WeakRef(shim.Host):
    """JavaScript's ``WeakRef`` (ECMA-262 26.1).

    Args:
        target: The object; one that Python cannot refer to weakly stays alive.

    Raises:
        napi.TypeError: ``target`` is not an object or symbol.
    """

    __module__ = "napi"
    __slots__ = ("__find__",)
    __find__: Any

    def __init__(self, target: Any) -> None:
        self._refer(target)

    def _refer(self, target: Any) -> None:
        if not _can_be_held(target):
            from napi.runtime.error import TypeError

            raise TypeError("WeakRef: invalid target")
        try:
            self.__find__ = weakref.ref(target)
        except builtins.TypeError:
            self.__find__ = lambda: target

    def deref(self) -> Any:
        """The object, or ``None`` (undefined) once it is gone."""
        return self.__find__()


class FinalizationRegistry(shim.Host):
    """JavaScript's ``FinalizationRegistry`` (ECMA-262 26.2).

    Args:
        cleanup: Called with the held value, as a task of its own, some time after
            an object has gone.
    """

    __module__ = "napi"
    __slots__ = ("__cells__", "__cleanup__")
    __cells__: dict[int, tuple[Any, Any]]
    __cleanup__: Any

    def __init__(self, cleanup: Any) -> None:
        self.__cleanup__ = cleanup
        self.__cells__ = {}

    def _watch(self, target: Any, held: Any, token: Any) -> None:
        cells, registry = self.__cells__, weakref.ref(self)
        number = len(cells) and max(cells) + 1

        def gone(_: Any) -> None:
            cell = cells.pop(number, None)
            owner = registry()
            if cell is not None and owner is not None:
                _call_later(owner.__cleanup__, held)

        try:
            anchor: Any = weakref.ref(target, gone)
        except builtins.TypeError:
            anchor = target  # Python cannot tell when it goes: it stays
        cells[number] = (anchor, token)

    def _forget(self, token: Any) -> bool:
        found = [
            number
            for number, (_, known) in self.__cells__.items()
            if known is not None and known() is token
        ]
        for number in found:
            del self.__cells__[number]
        return bool(found)


def _call_later(cleanup: Any, held: Any) -> None:
    from napi.runtime.timers import set_immediate

    set_immediate(lambda *_: shim.call(cleanup, None, held))


def _publish() -> None:
    from napi.runtime.weak_prototype import publish_weak

    publish_weak(WeakMap, WeakSet, WeakRef, FinalizationRegistry)


_publish()
