"""Promise's constructor and prototype (ECMA-262, chapter 27.2) over napi.Promise."""

from __future__ import annotations

import builtins
import weakref
from collections.abc import Callable, Generator
from typing import Any

from napi._native import shim
from napi.runtime.builtin import constant, install
from napi.runtime.constructor import Constructor, constructor
from napi.runtime.error import AggregateError, TypeError
from napi.runtime.iterator import iterate
from napi.runtime.weak import WeakMap

__all__ = [
    "add_promise_methods",
    "await_pending",
    "await_settled",
    "make_promise",
    "promise_future",
    "wait_for",
]


# The promises that stand for awaitables: an awaitable can be awaited once.
_adopted = WeakMap()


def _adopt(awaitable: Any) -> Any:
    """The promise of a Python awaitable, the same for the same awaitable."""
    made = _adopted.get(awaitable)
    if made is None:
        from napi import loop

        made = shim.Promise()
        _adopted.set(awaitable, made)
        loop.settle_with(awaitable, made._resolve, made._reject)
        try:
            weakref.ref(awaitable)
        except builtins.TypeError:  # it would stay for ever
            made.then(*[lambda _: _adopted.delete(awaitable)] * 2)
    return made


def _promise(this: Any) -> Any:
    if isinstance(this, shim.Promise):
        return this
    if not hasattr(type(this), "__await__"):
        raise TypeError("receiver is not a Promise")
    return _adopt(this)


class _PromisePrototype:
    def then(this: Any, fulfilled: Any = None, rejected: Any = None) -> Any:
        return _promise(this).then(fulfilled, rejected)

    def catch(this: Any, rejected: Any = None) -> Any:
        return shim.call(shim.get(this, "then"), this, None, rejected)

    def finally_(this: Any, act: Any = None) -> Any:
        return _promise(this).finally_(act)


def add_promise_methods(prototype: Any) -> None:
    """Fills Promise.prototype (ECMA-262 27.2.5)."""
    install(prototype, _PromisePrototype)
    constant(prototype, shim.Symbol.toStringTag, "Promise")


def _resolved(value: Any) -> Any:
    if isinstance(value, shim.Promise):
        return value
    made = shim.Promise()
    made._resolve(value)
    return made


def _gather(
    values: Any,
    on_value: Callable[[int, Any], Any] | None,
    on_reason: Callable[[int, Any], Any] | None,
    finish: Callable[[Any, list[Any]], None],
) -> Any:
    """Waits for all; a missing handler settles the result at once."""
    made = shim.Promise()
    sources = [_resolved(value) for value in iterate(values)]
    results: list[Any] = [None] * len(sources)
    left = len(sources)

    def keep(index: int, handler: Callable[[int, Any], Any]) -> Callable[..., None]:
        def settle(value: Any = None, *_: Any) -> None:
            nonlocal left
            results[index] = handler(index, value)
            left -= 1
            if not left:
                finish(made, results)

        return settle

    for index, source in enumerate(sources):
        source.then(
            made._resolve if on_value is None else keep(index, on_value),
            made._reject if on_reason is None else keep(index, on_reason),
        )
    if not sources:
        finish(made, results)
    return made


def _keep(_: int, value: Any) -> Any:
    return value


def _fulfil(made: Any, results: list[Any]) -> None:
    made._resolve(shim.Array(results))


def _fail(made: Any, results: list[Any]) -> None:
    made._reject(AggregateError(results, "All promises were rejected"))


class _Promise:
    @staticmethod
    def all(values: Any) -> Any:
        return _gather(values, _keep, None, _fulfil)

    @staticmethod
    def allSettled(values: Any) -> Any:
        def value(_: int, one: Any) -> Any:
            return shim.Object(status="fulfilled", value=one)

        def reason(_: int, one: Any) -> Any:
            return shim.Object(status="rejected", reason=one)

        return _gather(values, value, reason, _fulfil)

    @staticmethod
    def any(values: Any) -> Any:
        return _gather(values, None, _keep, _fail)

    @staticmethod
    def race(values: Any) -> Any:
        made = shim.Promise()
        for value in iterate(values):
            _resolved(value).then(made._resolve, made._reject)
        return made

    @staticmethod
    def reject(reason: Any = None) -> Any:
        made = shim.Promise()
        made._reject(reason)
        return made

    @staticmethod
    def resolve(value: Any = None) -> Any:
        return _resolved(value)

    @staticmethod
    def try_(function: Any, *arguments: Any) -> Any:
        return shim.Promise(
            lambda resolve, _: resolve(shim.call(function, None, *arguments))
        )

    @staticmethod
    def withResolvers() -> Any:
        made = shim.Promise()
        return shim.Object(promise=made, resolve=made._resolve, reject=made._reject)


def make_promise(prototype: Any) -> Constructor:
    """Makes the constructor Promise."""

    def make(executor: Any = None, *_: Any) -> Any:
        if not callable(executor):
            shown = shim.to_string(executor)
            raise TypeError(f"Promise resolver {shown} is not a function")
        return shim.Promise(executor)

    return constructor("Promise", make, prototype, _Promise)


def promise_future(promise: Any) -> Any:
    """A future of the running loop that settles as a promise does.

    Args:
        promise: A promise.

    Raises:
        RuntimeError: No event loop is running.
    """
    from napi import loop

    return loop.future_of(promise)


def await_settled(promise: Any) -> Generator[Any, None, Any]:
    """What ``await`` iterates over when the promise is settled: nothing.

    Args:
        promise: A promise that is not pending.
    """
    return promise.result()
    yield


def await_pending(promise: Any) -> Generator[Any, None, Any]:
    """What ``await`` iterates over when the promise is pending.

    Args:
        promise: A pending promise.

    Raises:
        RuntimeError: No event loop is running.
    """
    yield from promise_future(promise).__await__()
    return promise.result()


def wait_for(promise: Any, timeout: float | None) -> None:
    """Runs the event loop until a promise is settled.

    Args:
        promise: A pending promise.
        timeout: The longest wait in seconds; None: no limit.

    Raises:
        TimeoutError: It is not settled in time.
        napi.Error: Nothing is left that could settle it.
    """
    from napi import pump

    pump.wait_for(promise, timeout)
