"""The iterators that built-ins give out (ECMA-262, chapters 22 to 24).

Each kind has a class of its own, because each has a prototype of its own.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import Any

from napi._native import shim
from napi.runtime.builtin import builtin, hidden, tag
from napi.runtime.error import TypeError
from napi.runtime.iterate import result

__all__ = ["JSIterator", "iterator_prototype"]


class JSIterator(shim.Host):
    """An iterator of both worlds: ``next()`` for JavaScript, ``next(it)`` for Python.

    Args:
        source: The Python iterator that gives the values.
        tag: What ``Object.prototype.toString`` shows: ``Map Iterator``.
    """

    __module__ = "napi"
    __slots__ = ("__source__",)
    __source__: Iterator[Any] | None
    __tag__ = "Iterator"

    def __new__(
        cls, source: Iterator[Any] | None = None, tag: str | None = None
    ) -> JSIterator:
        """Makes one of the class that goes with the tag."""
        if tag is not None:
            cls = kind_of(tag)
        made = super().__new__(cls)
        made.__source__ = source
        return made

    def __iter__(self) -> JSIterator:
        return self

    def __next__(self) -> Any:
        if self.__source__ is None:
            raise StopIteration
        return builtins.next(self.__source__)

    def next(self) -> Any:
        """The next result: an object with ``value`` and ``done``."""
        return advance(self)

    def __repr__(self) -> str:
        return f"[{self.__tag__}]"


def advance(this: Any) -> Any:
    """What ``next`` of all of them does."""
    source = this.__source__
    if source is not None:
        for value in source:
            return result(value, False)
        this.__source__ = None
    return result(None, True)


_kinds: dict[str, type[JSIterator]] = {}


def iterator_prototype(name: str) -> Any:
    """The prototype of one kind of iterator.

    Args:
        name: ``Array Iterator`` and so on.
    """
    return shim.get_prototype(JSIterator(iter(()), name))


def kind_of(name: str, shown: str | None = None) -> type[JSIterator]:
    """The class of one kind of iterator, made at first use.

    Args:
        name: What ``Object.prototype.toString`` shows.
        shown: The prototype as errors name it; by default ``<name>.prototype``.
    """
    found = _kinds.get(name)
    if found is not None:
        return found
    from napi.runtime.prototype import prototype_for

    prototype = shim.Object()
    shim.set_prototype(prototype, prototype_for("iterator"))
    members = {
        "__slots__": (),
        "__module__": "napi",
        "__tag__": name,
        "prototype": prototype,
        "__napi_closed__": True,
    }
    made: type[JSIterator] = type("JSIterator", (JSIterator,), members)
    _kinds[name] = made

    def next(this: Any) -> Any:
        if not isinstance(this, made):
            from napi.runtime.coerce import show

            owner = shown or f"{name}.prototype"
            raise TypeError(
                f"Method {owner}.next called on incompatible receiver {show(this)}"
            )
        return advance(this)

    hidden(prototype, "next", builtin(next))
    tag(prototype, name)
    return made
