"""The entries of a Map or Set: in the order of insertion, and by key.

Keys are compared by SameValueZero: numbers by value (NaN equals itself, -0 is 0),
booleans apart from numbers, bigints apart from both, everything that is an object
by identity. Entries keep the order of insertion, and iterators see what is added
or removed while they run: the entries are a linked list for that reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from napi._native import shim

__all__ = ["Table", "key_of"]

_MAX_SAFE = 2**53 - 1
_TRUE, _FALSE, _NAN = ("boolean", True), ("boolean", False), ("nan",)
# Types whose values are all objects; cleared before it can grow without end.
_by_identity: set[type] = set()


def key_of(value: Any) -> Any:
    """What stands for ``value`` in a dict: equal exactly for the same JS value."""
    kind = type(value)
    if kind is str:
        return value
    if kind is int:
        return value if -_MAX_SAFE <= value <= _MAX_SAFE else ("bigint", value)
    if kind in _by_identity:
        return ("object", id(value))
    if kind is float:
        return value if value == value else _NAN
    if kind is bool:
        return _TRUE if value else _FALSE
    return _slow_key(value)


def _slow_key(value: Any) -> Any:
    kind = shim.typeof(value)
    if kind == "string":
        return str(value)
    if kind == "bigint":
        return ("bigint", int(value))
    if kind == "number":
        return key_of(shim.to_number(value))
    if len(_by_identity) > 200:
        _by_identity.clear()
    if not isinstance(value, int):
        _by_identity.add(type(value))
    return ("object", id(value))


class _Node:
    """One entry; a removed one still leads iterators back into the list."""

    __slots__ = ("following", "key", "preceding", "removed", "value")

    def __init__(self, key: Any, value: Any) -> None:
        self.key = key
        self.value = value
        self.removed = False
        self.preceding: _Node = self
        self.following: _Node | None = None


class Table:
    """The list of entries and the index into it."""

    def __init__(self) -> None:
        self.head = self.tail = _Node(None, None)
        self.index: dict[Any, _Node] = {}

    def find(self, key: Any) -> _Node | None:
        """The entry of a key, or ``None``."""
        return self.index.get(key_of(key))

    def put(self, key: Any, value: Any) -> None:
        """Adds or replaces an entry."""
        stand_in = key_of(key)
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
        """Removes an entry; whether there was one."""
        node = self.index.pop(key_of(key), None)
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
        """Removes all entries."""
        node = self.head.following
        while node is not None:
            node.removed = True
            node.preceding = self.head
            node = node.following
        self.head.following = None
        self.tail = self.head
        self.index.clear()

    def walk(self) -> Iterator[_Node]:
        """The entries, with those that are added meanwhile."""
        node = self.head
        while True:
            while node.removed:
                node = node.preceding
            if node.following is None:
                return
            node = node.following
            yield node
