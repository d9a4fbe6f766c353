"""Keyed collections (ECMA-262, chapter 24): Map and Set.

Keys are compared by SameValueZero: numbers by value (NaN equals itself, -0 is 0),
booleans apart from numbers, bigints apart from both, everything that is an object
by identity. Entries keep the order of insertion, and iterators see what is added
or removed while they run: the entries are a linked list for that reason.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, MutableMapping, MutableSet
from typing import Any, Generic, TypeVar

__all__ = ["JSIterator", "Map", "Set", "entry"]

_MAX_SAFE = 2**53 - 1
_T = TypeVar("_T")


def _key(value: Any) -> Any:
    """What stands for ``value`` in a dict: equal exactly for the same JS value."""
    kind = type(value)
    if kind is str:
        return value
    if kind is int:
        return value if -_MAX_SAFE <= value <= _MAX_SAFE else ("bigint", value)
    if kind is float:
        return value if value == value else ("nan",)
    if kind is bool:
        return ("boolean", value)
    return _slow_key(value)


def _slow_key(value: Any) -> Any:
    from napi._native import shim

    kind = shim.typeof(value)
    if kind == "string":
        return str(value)
    if kind == "bigint":
        return ("bigint", int(value))
    if kind == "number":
        return _key(shim.to_number(value))
    return ("object", id(value))


class JSIterator(Generic[_T]):
    """An iterator of both worlds: ``next()`` for JavaScript, ``next(it)`` for Python.

    Args:
        source: The Python iterator that gives the values.
        tag: What ``Object.prototype.toString`` shows: ``Map Iterator``.
    """

    def __init__(self, source: Iterator[_T], tag: str = "Iterator") -> None:
        self.__source__ = source
        self.__tag__ = tag

    def __iter__(self) -> JSIterator[_T]:
        return self

    def __next__(self) -> _T:
        return builtins.next(self.__source__)

    def next(self) -> Any:
        """The next result: an object with ``value`` and ``done``."""
        from napi._native import shim

        for value in self.__source__:
            return shim.Object(value=value, done=False)
        return shim.Object(value=None, done=True)

    def __repr__(self) -> str:
        return f"[{self.__tag__}]"


class _Node:
    """One entry; a removed one still leads iterators back into the list."""

    __slots__ = ("following", "key", "preceding", "removed", "value")

    def __init__(self, key: Any, value: Any) -> None:
        self.key = key
        self.value = value
        self.removed = False
        self.preceding: _Node = self
        self.following: _Node | None = None


class _Table:
    """The list of entries and the index into it."""

    def __init__(self) -> None:
        self.head = self.tail = _Node(None, None)
        self.index: dict[Any, _Node] = {}

    def find(self, key: Any) -> _Node | None:
        return self.index.get(_key(key))

    def put(self, key: Any, value: Any) -> None:
        stand_in = _key(key)
        node = self.index.get(stand_in)
        if node is not None:
            node.value = value
            return
        if type(key) is float and key == 0.0:
            key = 0
        node = _Node(key, value)
        node.preceding = self.tail
        self.tail.following = node
        self.tail = node
        self.index[stand_in] = node

    def drop(self, key: Any) -> bool:
        node = self.index.pop(_key(key), None)
        if node is None:
            return False
        node.removed = True
        node.preceding.following = node.following
        if node.following is None:
            self.tail = node.preceding
        else:
            node.following.preceding = node.preceding
        return True

    def clear(self) -> None:
        node = self.head.following
        while node is not None:
            node.removed = True
            node.preceding = self.head
            node = node.following
        self.head.following = None
        self.tail = self.head
        self.index.clear()

    def walk(self) -> Iterator[_Node]:
        node = self.head
        while True:
            while node.removed:
                node = node.preceding
            if node.following is None:
                return
            node = node.following
            yield node


def _pair(key: Any, value: Any) -> Any:
    from napi._native import shim

    return shim.Array((key, value))


def entry(item: Any) -> tuple[Any, Any]:
    """Key and value of what a Map is made from.

    Args:
        item: A pair of any kind.

    Raises:
        napi.TypeError: It is a primitive.
    """
    from napi._native import shim

    if shim.typeof(item) not in ("object", "function"):
        from napi.runtime.error import TypeError

        raise TypeError(f"Iterator value {shim.to_string(item)} is not an entry object")
    return shim.get(item, "0"), shim.get(item, "1")


class Map:
    """JavaScript's ``Map`` (ECMA-262 24.1), also a Python mutable mapping.

    Python's protocols see the keys (``for key in m``, ``m[key]``, ``key in m``,
    ``len(m)``); JavaScript's methods are there under their names.

    Args:
        entries: ``None``, a Python mapping, or an iterable of pairs.
    """

    __module__ = "napi"

    def __init__(self, entries: Any = None) -> None:
        self.__table__ = _Table()
        self._fill(entries)

    def _fill(self, entries: Any) -> None:
        from napi._native import shim

        if entries is None or entries is shim.null:
            return
        if isinstance(entries, (dict, Map)):
            for key, value in entries.items():
                self.__table__.put(key, value)
            return
        for item in entries:
            self.__table__.put(*entry(item))

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of ``key``, or ``default`` (undefined)."""
        node = self.__table__.find(key)
        return default if node is None else node.value

    def set(self, key: Any, value: Any = None) -> Map:
        """Adds or replaces an entry; returns the map."""
        self.__table__.put(key, value)
        return self

    def has(self, key: Any) -> bool:
        """Tells whether there is an entry for ``key``."""
        return self.__table__.find(key) is not None

    def delete(self, key: Any) -> bool:
        """Removes an entry; ``True`` if there was one."""
        return self.__table__.drop(key)

    def clear(self) -> None:
        """Removes all entries."""
        self.__table__.clear()

    @property
    def size(self) -> int:
        """The number of entries."""
        return len(self.__table__.index)

    def keys(self) -> JSIterator[Any]:
        """An iterator of the keys, in the order of insertion."""
        return JSIterator((node.key for node in self.__table__.walk()), "Map Iterator")

    def values(self) -> JSIterator[Any]:
        """An iterator of the values."""
        return JSIterator(
            (node.value for node in self.__table__.walk()), "Map Iterator"
        )

    def entries(self) -> JSIterator[Any]:
        """An iterator of ``[key, value]`` arrays."""
        nodes = self.__table__.walk()
        return JSIterator((_pair(n.key, n.value) for n in nodes), "Map Iterator")

    def items(self) -> JSIterator[tuple[Any, Any]]:
        """An iterator of ``(key, value)`` tuples, for Python."""
        nodes = self.__table__.walk()
        return JSIterator(((node.key, node.value) for node in nodes), "Map Iterator")

    def forEach(self, callback: Any, receiver: Any = None) -> None:
        """Calls ``callback(value, key, map)`` for each entry."""
        from napi._native import shim

        for node in self.__table__.walk():
            shim.call(callback, receiver, node.value, node.key, self)

    @staticmethod
    def groupBy(items: Iterable[Any], callback: Any) -> Map:
        """A map from ``callback(item, index)`` to the array of such items."""
        from napi._native import shim

        groups = Map()
        for index, item in enumerate(items):
            key = shim.call(callback, None, item, index)
            if not groups.has(key):
                groups.set(key, shim.Array())
            groups.get(key).append(item)
        return groups

    def pop(self, key: Any, *default: Any) -> Any:
        """Removes an entry and returns its value, as ``dict.pop`` does."""
        node = self.__table__.find(key)
        if node is None:
            if default:
                return default[0]
            raise KeyError(key)
        self.__table__.drop(key)
        return node.value

    def update(self, entries: Any) -> None:
        """Adds the entries of a mapping or of an iterable of pairs."""
        self._fill(entries)

    def __len__(self) -> int:
        return len(self.__table__.index)

    def __contains__(self, key: object) -> bool:
        return self.has(key)

    def __iter__(self) -> Iterator[Any]:
        return self.keys()

    def __getitem__(self, key: Any) -> Any:
        node = self.__table__.find(key)
        if node is None:
            raise KeyError(key)
        return node.value

    def __setitem__(self, key: Any, value: Any) -> None:
        self.__table__.put(key, value)

    def __delitem__(self, key: Any) -> None:
        if not self.__table__.drop(key):
            raise KeyError(key)

    def __repr__(self) -> str:
        inner = ", ".join(f"{key!r} => {value!r}" for key, value in self.items())
        return f"Map({self.size}) {{{inner}}}"


MutableMapping.register(Map)


class Set:
    """JavaScript's ``Set`` (ECMA-262 24.2), also a Python mutable set.

    Args:
        values: ``None`` or an iterable.
    """

    __module__ = "napi"

    def __init__(self, values: Any = None) -> None:
        from napi._native import shim

        self.__table__ = _Table()
        if values is not None and values is not shim.null:
            for value in values:
                self.__table__.put(value, value)

    def add(self, value: Any = None) -> Set:
        """Adds a value; returns the set."""
        self.__table__.put(value, value)
        return self

    def has(self, value: Any) -> bool:
        """Tells whether ``value`` is in the set."""
        return self.__table__.find(value) is not None

    def delete(self, value: Any) -> bool:
        """Removes a value; ``True`` if it was there."""
        return self.__table__.drop(value)

    def clear(self) -> None:
        """Removes all values."""
        self.__table__.clear()

    @property
    def size(self) -> int:
        """The number of values."""
        return len(self.__table__.index)

    def values(self) -> JSIterator[Any]:
        """An iterator of the values, in the order of insertion."""
        return JSIterator((node.key for node in self.__table__.walk()), "Set Iterator")

    keys = values

    def entries(self) -> JSIterator[Any]:
        """An iterator of ``[value, value]`` arrays."""
        nodes = self.__table__.walk()
        return JSIterator((_pair(node.key, node.key) for node in nodes), "Set Iterator")

    def forEach(self, callback: Any, receiver: Any = None) -> None:
        """Calls ``callback(value, value, set)`` for each value."""
        from napi._native import shim

        for node in self.__table__.walk():
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
        self.__table__.drop(value)

    def __len__(self) -> int:
        return len(self.__table__.index)

    def __contains__(self, value: object) -> bool:
        return self.has(value)

    def __iter__(self) -> Iterator[Any]:
        return self.values()

    def __repr__(self) -> str:
        return f"Set({self.size}) {{{', '.join(map(repr, self))}}}"


MutableSet.register(Set)


def _add_symbols() -> None:
    """What Python's classes cannot say: members whose names are symbols."""
    from napi._native import shim
    from napi.runtime.builtin import constant, hidden

    for cls, name in ((Map, "entries"), (Set, "values")):
        prototype = shim.get(cls, "prototype")
        hidden(prototype, shim.Symbol.iterator, shim.method(getattr(cls, name)))
        constant(prototype, shim.Symbol.toStringTag, cls.__name__)
    prototype = shim.get(JSIterator, "prototype")
    hidden(prototype, shim.Symbol.iterator, shim.method(lambda this, *_: this))


_add_symbols()
