"""Going over iterables of both worlds (ECMA-262, chapter 7.4).

A :class:`Record` is the iterator record of the specification; :func:`iterate`
makes a Python iterator of one, which tells the JavaScript iterator (``return``)
when it is left early. Arrays, strings, maps and sets whose iterators nobody has
replaced are gone over directly.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from typing import Any

from napi._native import shim
from napi.runtime.error import TypeError

__all__ = ["DONE", "Record", "iterate", "live", "open_iterator", "result"]

DONE = object()
"""What :meth:`Record.step` gives at the end."""
_iterator = shim.Symbol.iterator


def result(value: Any, done: bool) -> Any:
    """CreateIterResultObject (7.4.12)."""
    return shim.Object(value=value, done=done)


class Record:
    """An iterator and its ``next`` (ECMA-262 7.4.1)."""

    __slots__ = ("advance", "iterator")

    def __init__(self, iterator: Any, advance: Any = DONE) -> None:
        self.iterator = iterator
        self.advance = shim.get(iterator, "next") if advance is DONE else advance

    def step(self) -> Any:
        """The next value, or :data:`DONE`."""
        found = shim.call(self.advance, self.iterator)
        if shim.typeof(found) not in ("object", "function") or found is shim.null:
            from napi.runtime.coerce import show

            raise TypeError(f"Iterator result {show(found)} is not an object")
        if shim.to_boolean(shim.get(found, "done")):
            return DONE
        return shim.get(found, "value")

    def close(self) -> None:
        """IteratorClose with a normal completion."""
        leave = shim.get(self.iterator, "return")
        if leave is None or leave is shim.null:
            return
        answer = shim.call(leave, self.iterator)
        if shim.typeof(answer) not in ("object", "function") or answer is shim.null:
            from napi.runtime.coerce import show

            raise TypeError(f"{show(answer)} is not an object")

    def abandon(self) -> None:
        """IteratorClose with a throw completion: what ``return`` throws is lost."""
        try:
            leave = shim.get(self.iterator, "return")
            if leave is not None and leave is not shim.null:
                shim.call(leave, self.iterator)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:
            return


def not_iterable(source: Any) -> Any:
    """The TypeError of a value that is not iterable."""
    from napi.runtime.coerce import call_site

    return TypeError(
        f"{call_site(source)} is not iterable "
        "(cannot read property Symbol(Symbol.iterator))"
    )


def open_iterator(source: Any, method: Any = DONE) -> Record:
    """GetIterator (7.4.3), of JavaScript's iterables and of Python's.

    Raises:
        napi.TypeError: It is not iterable.
    """
    if method is DONE:
        if source is None or source is shim.null:
            raise not_iterable(source)
        method = shim.get(source, _iterator)
    if shim.typeof(method) != "function":
        found = _of_python(source) if method is None else None
        if found is None:
            raise not_iterable(source)
        from napi.runtime.jsiterator import JSIterator

        return Record(JSIterator(found))
    iterator = shim.call(method, source)
    if shim.typeof(iterator) not in ("object", "function") or iterator is shim.null:
        raise TypeError("Result of the Symbol.iterator method is not an object")
    return Record(iterator)


def _of_python(source: Any) -> Iterator[Any] | None:
    if isinstance(source, (dict, shim.Host, shim.Instance)) or shim.is_proxy(source):
        return None
    if not hasattr(type(source), "__iter__"):
        return None
    try:
        made: Iterator[Any] = iter(source)
        return made
    except builtins.TypeError:
        return None


def live(source: Any) -> Iterator[Any]:
    """The elements of an array, as far as its length goes when each is reached."""
    index = 0
    while index < len(source):
        value = source[index]
        yield shim.get(source, str(index)) if value is None else value
        index += 1


_pristine: dict[type, Callable[[Any], Iterator[Any]]] = {}


def _is_pristine(source: Any) -> Callable[[Any], Iterator[Any]] | None:
    kind = type(source)
    if kind is list or kind is tuple or kind is shim.Array:
        from napi.runtime import array

        if array.is_pristine(source):
            return live
    return None


def _steps(record: Record) -> Iterator[Any]:
    closing = False
    try:
        while (value := record.step()) is not DONE:
            closing = True
            yield value
            closing = False
    except GeneratorExit:
        if closing:
            record.abandon()
        raise


def iterate(source: Any) -> Iterator[Any]:
    """Iterates over any iterable of either world.

    Args:
        source: A Python iterable, or an object with ``Symbol.iterator``.

    Raises:
        napi.TypeError: It is neither.
    """
    direct = _is_pristine(source)
    if direct is not None:
        return direct(source)
    return _steps(open_iterator(source))
