"""Array.fromAsync (ECMA-262 2026, chapter 23.1.2.1)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from napi._native import shim
from napi.runtime.coerce import is_constructor, is_nullish, length_of, need_callable
from napi.runtime.descriptor import create_data
from napi.runtime.error import TypeError
from napi.runtime.iterate import not_iterable

__all__ = ["from_async", "run"]


def run(steps: Generator[Any, Any, Any]) -> Any:
    """Runs a generator that yields what it awaits; a promise of its result.

    Args:
        steps: Each value it yields is awaited as ``await`` does.
    """
    made = shim.Promise()

    def resume(advance: Any, value: Any) -> None:
        try:
            waited = advance(value)
        except StopIteration as stop:
            made._resolve(stop.value)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            made._reject(getattr(error, "value", error) if _thrown(error) else error)
        else:
            _await(waited, on_value, on_reason)

    def on_value(value: Any = None, *_: Any) -> None:
        resume(steps.send, value)

    def on_reason(reason: Any = None, *_: Any) -> None:
        from napi.runtime.error import Thrown

        error = reason if isinstance(reason, BaseException) else Thrown(reason)
        resume(steps.throw, error)

    resume(steps.send, None)
    return made


def _thrown(error: BaseException) -> bool:
    from napi.runtime.error import Thrown

    return isinstance(error, Thrown)


def _await(value: Any, on_value: Any, on_reason: Any) -> None:
    from napi.runtime.promise import resolved

    resolved(value).then(on_value, on_reason)


def _iterate(record: Any) -> Generator[Any, Any, tuple[bool, Any]]:
    iterator, advance = record
    found = yield shim.call(advance, iterator)
    if shim.typeof(found) not in ("object", "function") or found is shim.null:
        raise TypeError(f"Iterator result {shim.to_string(found)} is not an object")
    if shim.to_boolean(shim.get(found, "done")):
        return True, None
    return False, shim.get(found, "value")


def _close(iterator: Any) -> Generator[Any, Any, None]:
    leave = shim.get(iterator, "return")
    if not is_nullish(leave):
        yield shim.call(leave, iterator)


def _fill(
    this: Any, source: Any, change: Any, receiver: Any
) -> Generator[Any, Any, Any]:
    if change is not None:
        need_callable(change)
    if is_nullish(source):
        raise not_iterable(source)
    method = shim.get(source, shim.Symbol.asyncIterator)
    is_async = not is_nullish(method)
    if not is_async:
        method = shim.get(source, shim.Symbol.iterator)
    if is_nullish(method):
        return (yield from _fill_like(this, source, change, receiver))
    made = shim.construct(this) if is_constructor(this) else shim.Array()
    iterator = shim.call(method, source)
    advance, index = shim.get(iterator, "next"), 0
    while True:
        done, value = yield from _step(iterator, advance, is_async)
        if done:
            break
        try:
            if not is_async:
                value = yield value
            if change is not None:
                value = yield shim.call(change, receiver, value, index)
            create_data(made, str(index), value)
        except BaseException:
            yield from _close(iterator)
            raise
        index += 1
    shim.put(made, "length", index)
    return made


def _step(
    iterator: Any, advance: Any, is_async: bool
) -> Generator[Any, Any, tuple[bool, Any]]:
    if is_async:
        return (yield from _iterate((iterator, advance)))
    found = shim.call(advance, iterator)
    done = bool(shim.to_boolean(shim.get(found, "done")))
    return done, None if done else shim.get(found, "value")


def _fill_like(
    this: Any, source: Any, change: Any, receiver: Any
) -> Generator[Any, Any, Any]:
    like = shim.to_object(source)
    length = length_of(like)
    made = shim.construct(this, length) if is_constructor(this) else shim.Array()
    for index in range(length):
        value = yield shim.get(like, str(index))
        if change is not None:
            value = yield shim.call(change, receiver, value, index)
        create_data(made, str(index), value)
    shim.put(made, "length", length)
    return made


def from_async(this: Any, source: Any, change: Any, receiver: Any) -> Any:
    """Array.fromAsync: a promise of an array.

    Args:
        this: The constructor of the result.
        source: An async iterable, an iterable or an array-like object.
        change: A function for each value, or undefined.
        receiver: Its ``this``.
    """
    return run(_fill(this, source, change, receiver))
