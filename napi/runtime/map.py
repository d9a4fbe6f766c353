"""Keyed collections (ECMA-262, chapter 24): Map and Set, and their Python faces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping, MutableSet
from typing import Any

from napi._native import shim
from napi.runtime.jsiterator import JSIterator
from napi.runtime.table import Table

__all__ = ["JSIterator", "Map", "Set", "entry"]


def _pair(key: Any, value: Any) -> Any:
    return shim.Array((key, value))


def entry(item: Any) -> tuple[Any, Any]:
    """Key and value of what a Map is made from.

    Args:
        item: A pair of any kind.

    Raises:
        napi.TypeError: It is a primitive.
    """
    if shim.typeof(item) not in ("object", "function"):
        from napi.runtime.error import TypeError

        raise TypeError(f"Iterator value {shim.to_string(item)} is not an entry object")
    return shim.get(item, "0"), shim.get(item, "1")


class Map(shim.Host):
    """JavaScript's ``Map`` (ECMA-262 24.1), also a Python mutable mapping.

    Python's protocols see the keys (``for key in m``, ``m[key]``, ``key in m``,
    ``len(m)``); JavaScript's methods are there under their names.

    Args:
        entries: ``None``, a Python mapping, or an iterable of pairs.
    """

    __module__ = "napi"
    __slots__ = ("__map__",)
    __map__: Table

    def __new__(cls, entries: Any = None) -> Map:
        """Makes an empty one."""
        made = super().__new__(cls)
        made.__map__ = Table()
        return made

    def __init__(self, entries: Any = None) -> None:
        self._fill(entries)

    def _fill(self, entries: Any) -> None:
        if entries is None or entries is shim.null:
            return
        if isinstance(entries, (dict, Map)):
            for key, value in entries.items():
                self.__map__.put(key, value)
            return
        for item in entries:
            self.__map__.put(*entry(item))

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of ``key``, or ``default`` (undefined)."""
        node = self.__map__.find(key)
        return default if node is None else node.value

    def set(self, key: Any, value: Any = None) -> Map:
        """Adds or replaces an entry; returns the map."""
        self.__map__.put(key, value)
        return self

    def has(self, key: Any) -> bool:
        """Tells whether there is an entry for ``key``."""
        return self.__map__.find(key) is not None

    def delete(self, key: Any) -> bool:
        """Removes an entry; ``True`` if there was one."""
        return self.__map__.drop(key)

    def clear(self) -> None:
        """Removes all entries."""
        self.__map__.clear()

    @property
    def size(self) -> int:
        """The number of entries."""
        return len(self.__map__.index)

    def keys(self) -> JSIterator:
        """An iterator of the keys, in the order of insertion."""
        return JSIterator((node.key for node in self.__map__.walk()), "Map Iterator")

    def values(self) -> JSIterator:
        """An iterator of the values."""
        return JSIterator((node.value for node in self.__map__.walk()), "Map Iterator")

    def entries(self) -> JSIterator:
        """An iterator of ``[key, value]`` arrays."""
        nodes = self.__map__.walk()
        return JSIterator((_pair(n.key, n.value) for n in nodes), "Map Iterator")

    def items(self) -> JSIterator:
        """An iterator of ``(key, value)`` tuples, for Python."""
        nodes = self.__map__.walk()
        return JSIterator(((node.key, node.value) for node in nodes), "Map Iterator")

    def forEach(self, callback: Any, receiver: Any = None) -> None:
        """Calls ``callback(value, key, map)`` for each entry."""
        for node in self.__map__.walk():
            shim.call(callback, receiver, node.value, node.key, self)

    @staticmethod
    def groupBy(items: Iterable[Any], callback: Any) -> Map:
        """A map from ``callback(item, index)`` to the array of such items."""
        groups = Map()
        for index, item in enumerate(items):
            key = shim.call(callback, None, item, index)
            if not groups.has(key):
                groups.set(key, shim.Array())
            groups.get(key).append(item)
        return groups

    def pop(self, key: Any, *default: Any) -> Any:
        """Removes an entry and returns its value, as ``dict.pop`` does."""
        node = self.__map__.find(key)
        if node is None:
            if default:
                return default[0]
            raise KeyError(key)
        self.__map__.drop(key)
        return node.value

    def update(self, entries: Any) -> None:
        """Adds the entries of a mapping or of an iterable of pairs."""
        self._fill(entries)

    def __len__(self) -> int:
        return len(self.__map__.index)

    def __contains__(self, key: object) -> bool:
        return self.has(key)

    def __iter__(self) -> Iterator[Any]:
        return self.keys()

    def __getitem__(self, key: Any) -> Any:
        node = self.__map__.find(key)
        if node is None:
            raise KeyError(key)
        return node.value

    def __setitem__(self, key: Any, value: Any) -> None:
        self.__map__.put(key, value)

    def __delitem__(self, key: Any) -> None:
        if not self.__map__.drop(key):
            raise KeyError(key)

    def __repr__(self) -> str:
        inner = ", ".join(f"{key!r} => {value!r}" for key, value in self.items())
        return f"Map({self.size}) {{{inner}}}"


MutableMapping.register(Map)


class Set(shim.Host):
    """JavaScript's ``Set`` (ECMA-262 24.2), also a Python mutable set.

    Args:
        values: ``None`` or an iterable.
    """

    __module__ = "napi"
    __slots__ = ("__items__",)
    __items__: Table

    def __new__(cls, values: Any = None) -> Set:
        """Makes an empty one."""
        made = super().__new__(cls)
        made.__items__ = Table()
        return made

    def __init__(self, values: Any = None) -> None:
        if values is not None and values is not shim.null:
            for value in values:
                self.__items__.put(value, value)

    def add(self, value: Any = None) -> Set:
        """Adds a value; returns the set."""
        self.__items__.put(value, value)
        return self

    def has(self, value: Any) -> bool:
        """Tells whether ``value`` is in the set."""
        return self.__items__.find(value) is not None

    def delete(self, value: Any) -> bool:
        """Removes a value; ``True`` if it was there."""
        return self.__items__.drop(value)

    def clear(self) -> None:
        """Removes all values."""
        self.__items__.clear()

    @property
    def size(self) -> int:
        """The number of values."""
        return len(self.__items__.index)

    def values(self) -> JSIterator:
        """An iterator of the values, in the order of insertion."""
        return JSIterator((node.key for node in self.__items__.walk()), "Set Iterator")

    keys = values

    def entries(self) -> JSIterator:
        """An iterator of ``[value, value]`` arrays."""
        nodes = self.__items__.walk()
        return JSIterator((_pair(node.key, node.key) for node in nodes), "Set Iterator")

    def forEach(self, callback: Any, receiver: Any = None) -> None:
        """Calls ``callback(value, value, set)`` for each value."""
        for node in self.__items__.walk():
            shim.call(callback, receiver, node.key, node.key, self)

    def union(self, other: Iterable[Any]) -> Set:
        """A new set of the values of both."""
        result = Set(self)
        for value in other:
            result.add(value)
        return result

    def intersection(self, other: Iterable[Any]) -> Set:
        """A new set of the values that both have."""
        known = Set(other)
        return Set(value for value in self if known.has(value))

    def difference(self, other: Iterable[Any]) -> Set:
        """A new set of the values that ``other`` has not."""
        known = Set(other)
        return Set(value for value in self if not known.has(value))

    def symmetricDifference(self, other: Iterable[Any]) -> Set:
        """A new set of the values that exactly one of both has."""
        known = Set(other)
        return self.difference(known).union(known.difference(self))

    def isSubsetOf(self, other: Iterable[Any]) -> bool:
        """Tells whether ``other`` has all values of this set."""
        known = Set(other)
        return all(known.has(value) for value in self)

    def isSupersetOf(self, other: Iterable[Any]) -> bool:
        """Tells whether this set has all values of ``other``."""
        return all(self.has(value) for value in other)

    def isDisjointFrom(self, other: Iterable[Any]) -> bool:
        """Tells whether no value is in both."""
        return not any(self.has(value) for value in other)

    def discard(self, value: Any) -> None:
        """Removes a value if it is there, as ``set.discard`` does."""
        self.__items__.drop(value)

    def __len__(self) -> int:
        return len(self.__items__.index)

    def __contains__(self, value: object) -> bool:
        return self.has(value)

    def __iter__(self) -> Iterator[Any]:
        return self.values()

    def __repr__(self) -> str:
        return f"Set({self.size}) {{{', '.join(map(repr, self))}}}"


MutableSet.register(Set)


def _publish() -> None:
    from napi.runtime.map_prototype import publish_map, publish_set

    publish_map(Map)
    publish_set(Set)


_publish()
