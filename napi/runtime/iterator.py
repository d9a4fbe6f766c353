"""Iterator and its prototype (ECMA-262, chapter 27.1)."""

from __future__ import annotations

import builtins
import itertools
from collections.abc import Iterator
from typing import Any

from napi._native import shim
from napi.runtime.builtin import hidden, install
from napi.runtime.constructor import Constructor, constructor
from napi.runtime.error import TypeError
from napi.runtime.map import JSIterator

__all__ = ["add_iterator_methods", "iterate", "make_iterator"]


def _steps(iterator: Any) -> Iterator[Any]:
    advance = shim.get(iterator, "next")
    while True:
        result = shim.call(advance, iterator)
        if shim.to_boolean(shim.get(result, "done")):
            return
        yield shim.get(result, "value")


def iterate(source: Any) -> Iterator[Any]:
    """Iterates over any iterable of either world.

    Args:
        source: A Python iterable, or an object with ``Symbol.iterator``.

    Raises:
        napi.TypeError: It is neither.
    """
    if source is None or source is shim.null:
        raise TypeError(f"{shim.to_string(source)} is not iterable")
    if isinstance(source, (str, list, tuple)):
        return iter(source)
    method = shim.get(source, shim.Symbol.iterator)
    if callable(method):
        return _steps(shim.call(method, source))
    if isinstance(source, dict):
        raise TypeError("object is not iterable")
    try:
        return iter(source)
    except builtins.TypeError:
        raise TypeError(f"{shim.typeof(source)} is not iterable") from None


def _of(this: Any) -> Iterator[Any]:
    if isinstance(this, JSIterator):
        return iter(this)
    return _steps(this)


class _IteratorPrototype:
    def drop(this: Any, count: Any) -> Any:
        return JSIterator(itertools.islice(_of(this), int(shim.to_number(count)), None))

    def every(this: Any, check: Any) -> bool:
        return all(shim.to_boolean(shim.call(check, None, one)) for one in _of(this))

    def filter(this: Any, check: Any) -> Any:
        kept = (o for o in _of(this) if shim.to_boolean(shim.call(check, None, o)))
        return JSIterator(kept)

    def find(this: Any, check: Any) -> Any:
        for one in _of(this):
            if shim.to_boolean(shim.call(check, None, one)):
                return one
        return None

    def forEach(this: Any, act: Any) -> None:
        for index, one in enumerate(_of(this)):
            shim.call(act, None, one, index)

    def map(this: Any, change: Any) -> Any:
        source = enumerate(_of(this))
        return JSIterator(shim.call(change, None, one, i) for i, one in source)

    def reduce(this: Any, combine: Any, *initial: Any) -> Any:
        source = _of(this)
        if initial:
            value = initial[0]
        else:
            try:
                value = next(source)
            except StopIteration:
                raise TypeError(
                    "Reduce of a done iterator with no initial value"
                ) from None
        for one in source:
            value = shim.call(combine, None, value, one)
        return value

    def some(this: Any, check: Any) -> bool:
        return any(shim.to_boolean(shim.call(check, None, one)) for one in _of(this))

    def take(this: Any, count: Any) -> Any:
        return JSIterator(itertools.islice(_of(this), int(shim.to_number(count))))

    def toArray(this: Any) -> Any:
        return shim.Array(_of(this))


def add_iterator_methods(prototype: Any) -> None:
    """Fills Iterator.prototype."""
    install(prototype, _IteratorPrototype)
    hidden(prototype, shim.Symbol.iterator, shim.method(lambda this, *_: this))


class _Iterator:
    @staticmethod
    def from_(source: Any) -> Any:
        return JSIterator(iterate(source))


def make_iterator(prototype: Any) -> Constructor:
    """Makes the constructor Iterator."""

    def make(*_: Any) -> Any:
        raise TypeError("Abstract class Iterator not directly constructable")

    return constructor("Iterator", make, prototype, _Iterator)
