"""Iteration (ECMA-262, chapters 7.4 and 14.7.5).

A loop of Python walks over whatever ``iterate`` returns. Arrays, strings and Python's
own iterables are walked as they are; an iterator of JavaScript is told when the loop is
left early.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Generator, Iterator
from typing import Any, NoReturn

from napi._native import shim
from napi.js.runtime_operator import is_object
from napi.runtime.error import TypeError

__all__ = [
    "Steps",
    "advance",
    "close",
    "closing",
    "goes_on",
    "is_done",
    "is_open",
    "item_of",
    "iterate",
    "iterate_async",
    "keys",
    "quit_iterator",
    "remember_arrays",
    "spread",
    "spread_call",
]

_ITERATOR = shim.Symbol.iterator
_ASYNC = shim.Symbol.asyncIterator
Array = shim.Array


class Steps:
    """An iterator of JavaScript as one of Python.

    Args:
        iterator: The object with ``next``.
    """

    __slots__ = ("done", "iterator", "step")

    def __init__(self, iterator: Any) -> None:
        if not is_object(iterator):
            raise TypeError("Result of the Symbol.iterator method is not an object")
        self.iterator = iterator
        self.step = shim.get(iterator, "next")
        self.done = False

    def __iter__(self) -> Steps:
        return self

    def __next__(self) -> Any:
        if self.done:
            raise StopIteration
        self.done = True  # also where next() throws
        result = shim.js_call_this(self.step, self.iterator)
        if not is_object(result):
            raise TypeError(
                f"Iterator result {shim.to_string(result)} is not an object"
            )
        if shim.js_truth(shim.get(result, "done")):
            raise StopIteration
        value = shim.get(result, "value")
        self.done = False
        return value


def _values_of_arrays() -> Any:
    return shim.get(shim.get_prototype(Array()), _ITERATOR)


_usual: list[Any] = []


def remember_arrays() -> None:
    """Keeps what arrays iterate with before a script can change it."""
    if not _usual:
        from napi.runtime.prototype import prototype_for

        generators = prototype_for("generator")
        _usual.append(_values_of_arrays())
        _usual.append(shim.get(generators, _ITERATOR))
        _usual.append(shim.get(generators, "next"))


def _generator() -> Any:
    from napi.js.runtime_generator import GeneratorObject

    return GeneratorObject


def _is_usual(value: Any) -> bool:
    """Whether an array iterates as arrays do."""
    return shim.get(value, _ITERATOR) is _usual[0]


def iterate(value: Any, depth: int = 3, is_pattern: bool = False) -> Iterator[Any]:
    """An iterator of Python over any iterable.

    Args:
        value: An iterable of either world.
        depth: How far away the frame is that has the source.
        is_pattern: Whether an array is taken apart.

    Raises:
        napi.TypeError: It cannot be iterated over.
    """
    if isinstance(value, list) and _is_usual(value):
        return iter(value)
    if isinstance(value, str):
        return iter(value)
    if value is None or value is shim.null:
        _refuse(value, depth, is_pattern=is_pattern)
    method = shim.get(value, _ITERATOR)
    if (
        type(value) is _generator()
        and method is _usual[1]
        and shim.get(value, "next") is _usual[2]
        and value.__begin__()
    ):
        return value.__source__
    if callable(method):
        return Steps(shim.js_call_this(method, value))
    if method is None and _is_foreign(value):
        return iter(value)
    _refuse(value, depth, is_pattern=is_pattern)


def _is_foreign(value: Any) -> bool:
    """Whether it is an iterable that only Python knows."""
    return not isinstance(value, (dict, list, str)) and hasattr(value, "__iter__")


_COMPUTED = (
    "MemberExpression",
    "BinaryExpression",
    "LogicalExpression",
    "ChainExpression",
)


def _refuse(
    value: Any, depth: int = 3, what: str = "iterable", is_pattern: bool = False
) -> NoReturn:
    from napi.js.runtime_error import callee_text, shown_source

    text = callee_text(depth)
    kind, shown = shown_source(text)
    if kind in ("CallExpression", "NewExpression"):
        raise TypeError(f"{shown} is not a function or its return value is not {what}")
    if not text or (is_pattern and kind.endswith(_COMPUTED)):
        from napi.runtime.iterate import not_iterable

        raise not_iterable(value)
    raise TypeError(f"{shown} is not {what}")


def goes_on() -> bool:
    """Whether the generator is left by the program, not by Python's collector."""
    return sys.exc_info()[0] is not GeneratorExit


def close(iterator: Any) -> None:
    """Tells an iterator that the loop was left (ECMA-262 7.4.11)."""
    if type(iterator) is types.GeneratorType:
        if not goes_on():
            return
        if "@def" in iterator.gi_code.co_name:
            _end_generator(iterator)
    elif type(iterator) is Steps and not iterator.done:
        iterator.done = True
        method = shim.get(iterator.iterator, "return")
        if method is not None and method is not shim.null:
            result = shim.js_call_this(method, iterator.iterator)
            if not is_object(result):
                raise TypeError(
                    f"Iterator result {shim.to_string(result)} is not an object"
                )


def _end_generator(source: Any) -> None:
    """What ``return()`` of a generator does, for the generator of Python below it."""
    from napi.js.runtime_generator import Return

    end = Return(None)
    try:
        source.throw(end)
    except StopIteration:
        return
    except Return as caught:
        if caught is not end:
            raise


def quit_iterator(iterator: Any) -> None:
    """The same after an exception: that one goes on, whatever the iterator says."""
    try:
        if goes_on():
            close(iterator)
        elif type(iterator) is Steps:
            iterator.done = True
    except Exception:
        if type(iterator) is Steps:
            iterator.done = True


def spread(value: Any) -> Any:
    """What ``...value`` stands for in a call or an array."""
    if isinstance(value, list) and _is_usual(value):
        return value
    return list(iterate(value, 4))


def spread_call(value: Any) -> Any:
    """The same in the arguments of a call."""
    if isinstance(value, list) and _is_usual(value):
        return value
    if value is not None and value is not shim.null and not isinstance(value, str):
        method = shim.get(value, _ITERATOR)
        if not callable(method) and not _is_foreign(value):
            raise TypeError(
                "Spread syntax requires ...iterable[Symbol.iterator] to be a function"
            )
    return list(iterate(value, 4))


def keys(target: Any) -> Iterator[Any]:
    """What ``for in`` visits (ECMA-262 14.7.5.9)."""
    if target is None or target is shim.null:
        return
    holder = target if is_object(target) else shim.to_object(target)
    seen = set()
    while holder is not shim.null:
        for key in list(shim.own_keys(holder, False)):
            if key in seen:
                continue
            found = shim.own_property(holder, key)
            if found is None:
                continue  # deleted meanwhile
            seen.add(key)
            if found["enumerable"]:
                yield key
        holder = shim.get_prototype(holder)


# === for await ===


class AsyncSteps:
    """The iterator of a ``for await`` loop.

    Args:
        iterator: The object with ``next``.
    """

    __slots__ = ("done", "iterator", "step")

    def __init__(self, iterator: Any) -> None:
        if not is_object(iterator):
            text = "Result of the Symbol.asyncIterator method is not an object"
            raise TypeError(text)
        self.iterator = iterator
        self.step = shim.get(iterator, "next")
        self.done = False


def iterate_async(value: Any) -> AsyncSteps:
    """The asynchronous iterator of a value."""
    if value is None or value is shim.null:
        _refuse(value, 3, "async iterable")
    method = shim.get(value, _ASYNC)
    if method is not None and method is not shim.null:
        return AsyncSteps(shim.js_call_this(method, value))
    if hasattr(value, "__aiter__"):
        from napi.js.runtime_async import wrap_async_iterator

        return AsyncSteps(wrap_async_iterator(value))
    from napi.js.runtime_async_sync import AsyncFromSync

    method = shim.get(value, _ITERATOR)
    if callable(method):
        steps = Steps(shim.js_call_this(method, value))
        return AsyncSteps(AsyncFromSync(steps.iterator, steps.step))
    if not _is_foreign(value):
        _refuse(value, 3, "async iterable")
    source = iter(value)

    def step(*_: Any) -> Any:
        for one in source:
            return shim.js_object("value", one, "done", False)
        return shim.js_object("value", None, "done", True)

    return AsyncSteps(AsyncFromSync(shim.js_object(), step))


def advance(steps: AsyncSteps, *received: Any) -> Any:
    """The promise of the next result."""
    steps.done = True
    return shim.js_call_this(steps.step, steps.iterator, *received)


def is_done(steps: AsyncSteps, result: Any) -> bool:
    """Whether that was the last result."""
    if not is_object(result):
        shown = shim.to_string(result)
        raise TypeError(f"Iterator result {shown} is not an object")
    return bool(shim.js_truth(shim.get(result, "done")))


def item_of(steps: AsyncSteps, result: Any) -> Any:
    """The value of a result; from then on the iterator may have to be closed."""
    value = shim.get(result, "value")
    steps.done = False
    return value


def is_open(steps: AsyncSteps) -> bool:
    """Whether the loop was left before the end."""
    return not steps.done and goes_on()


def closing(steps: AsyncSteps) -> Generator[Any, Any, None]:
    """Tells the iterator, and awaits its answer (ECMA-262 7.4.13)."""
    if steps.done:
        return
    steps.done = True
    method = shim.get(steps.iterator, "return")
    if method is None or method is shim.null:
        return
    result = yield shim.js_call_this(method, steps.iterator)
    if not is_object(result):
        shown = shim.to_string(result)
        raise TypeError(f"Iterator result {shown} is not an object")
