"""Array patterns (ECMA-262, chapters 8.6.2 and 13.15.5.3)."""

from __future__ import annotations

import sys
from typing import Any

from napi._native import shim
from napi.js.runtime_generator import Return
from napi.js.runtime_iterate import _is_usual, close, iterate, quit_iterator

__all__ = [
    "Taker",
    "take",
    "take_all",
    "take_end",
    "take_next",
    "take_open",
    "take_quit",
    "take_rest",
]

Array = shim.Array


def take(value: Any, count: int) -> list[Any]:
    """The first items, for an array pattern; undefined for what is missing."""
    if isinstance(value, list) and _is_usual(value):
        items = value[:count]
    else:
        iterator = iterate(value, 4, True)
        items = []
        while len(items) < count:
            try:
                items.append(next(iterator))
            except StopIteration:
                break
        close(iterator)
    missing = count - len(items)
    return items + [None] * missing if missing else list(items)


def take_rest(value: Any, count: int) -> list[Any]:
    """The first items and an array of the rest."""
    items = list(iterate(value, 4, True))
    missing = count - len(items)
    if missing > 0:
        items += [None] * missing
    return [*items[:count], Array(items[count:])]


class Taker:
    """An iterator that a pattern takes items from one by one.

    Args:
        iterator: What :func:`iterate` made.
    """

    __slots__ = ("done", "iterator")

    def __init__(self, iterator: Any) -> None:
        self.iterator = iterator
        self.done = False


def take_open(value: Any, guard: list[Taker] | None) -> Taker:
    """Begins a pattern; ``guard`` gets what is to be closed if it fails."""
    made = Taker(iterate(value, 4, True))
    if guard is not None:
        guard.append(made)
    return made


def take_next(taker: Taker) -> Any:
    """The next item; undefined after the last one."""
    if taker.done:
        return None
    taker.done = True  # also where the iterator fails
    for value in taker.iterator:
        taker.done = False
        return value
    return None


def take_all(taker: Taker) -> Any:
    """An array of the items that are left."""
    if taker.done:
        return Array()
    taker.done = True
    return Array(list(taker.iterator))


def take_end(taker: Taker) -> None:
    """Ends a pattern: the iterator is told if it has more."""
    if not taker.done:
        taker.done = True
        close(taker.iterator)


def take_quit(guard: list[Taker]) -> None:
    """Ends the patterns that an exception left, or the end of the generator."""
    error = sys.exc_info()[1]
    if isinstance(error, GeneratorExit):
        return
    second: BaseException | None = None
    for taker in reversed(guard):
        if taker.done:
            continue
        taker.done = True
        if second is not None or not isinstance(error, Return):
            quit_iterator(taker.iterator)
            continue
        try:
            close(taker.iterator)
        except Exception as raised:
            second = raised
    if second is not None:
        raise second
