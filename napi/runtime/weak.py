"""WeakMap, WeakSet and WeakRef (ECMA-262, chapters 24.3, 24.4 and 26.1)."""

from __future__ import annotations

import builtins
import weakref
from collections.abc import Callable
from typing import Any

from napi.runtime.map import entry

__all__ = ["WeakMap", "WeakRef", "WeakSet"]


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
    from napi._native import shim

    if value is shim.null:
        return False
    return shim.typeof(value) in ("object", "function", "external", "symbol")


class WeakMap:
    """JavaScript's ``WeakMap`` (ECMA-262 24.3): keys do not stay alive for it.

    Args:
        entries: ``None`` or an iterable of pairs.
    """

    __module__ = "napi"

    def __init__(self, entries: Any = None) -> None:
        from napi._native import shim

        self.__table__ = _WeakTable()
        if entries is not None and entries is not shim.null:
            for item in entries:
                self.set(*entry(item))

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of ``key``, or ``default`` (undefined)."""
        entry = self.__table__.find(key)
        return default if entry is None else entry[1]

    def set(self, key: Any, value: Any = None) -> WeakMap:
        """Adds or replaces an entry; returns the map.

        Raises:
            napi.TypeError: The key is not an object or symbol.
        """
        self.__table__.put(key, value, "as weak map key")
        return self

    def has(self, key: Any) -> bool:
        """Tells whether there is an entry for ``key``."""
        return self.__table__.find(key) is not None

    def delete(self, key: Any) -> bool:
        """Removes an entry; ``True`` if there was one."""
        return self.__table__.drop(key)


class WeakSet:
    """JavaScript's ``WeakSet`` (ECMA-262 24.4).

    Args:
        values: ``None`` or an iterable of objects.
    """

    __module__ = "napi"

    def __init__(self, values: Any = None) -> None:
        from napi._native import shim

        self.__table__ = _WeakTable()
        if values is not None and values is not shim.null:
            for value in values:
                self.add(value)

    def add(self, value: Any) -> WeakSet:
        """Adds an object; returns the set.

        Raises:
            napi.TypeError: The value is not an object or symbol.
        """
        self.__table__.put(value, True, "in weak set")
        return self

    def has(self, value: Any) -> bool:
        """Tells whether ``value`` is in the set."""
        return self.__table__.find(value) is not None

    def delete(self, value: Any) -> bool:
        """Removes a value; ``True`` if it was there."""
        return self.__table__.drop(value)


class WeakRef:
    """JavaScript's ``WeakRef`` (ECMA-262 26.1).

    Args:
        target: The object; one that Python cannot refer to weakly stays alive.

    Raises:
        napi.TypeError: ``target`` is not an object or symbol.
    """

    __module__ = "napi"

    def __init__(self, target: Any) -> None:
        if not _can_be_held(target):
            from napi.runtime.error import TypeError

            raise TypeError("WeakRef: target must be an object")
        self.__find__: Callable[[], Any]
        try:
            self.__find__ = weakref.ref(target)
        except builtins.TypeError:
            self.__find__ = lambda: target

    def deref(self) -> Any:
        """The object, or ``None`` (undefined) once it is gone."""
        return self.__find__()
