"""How Python waits for napi.Promise, and promises for Python's awaitables."""

from __future__ import annotations

import builtins
import weakref
from collections.abc import Generator
from typing import Any

from napi._native import shim
from napi.runtime.weak import WeakMap

__all__ = [
    "adopt_awaitable",
    "await_pending",
    "await_settled",
    "promise_future",
    "resolved",
    "wait_for",
]


# The promises that stand for awaitables: an awaitable can be awaited once.
_adopted = WeakMap()


def adopt_awaitable(awaitable: Any) -> Any:
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


def resolved(value: Any) -> Any:
    """PromiseResolve (27.2.4.7.1) of the built-in Promise."""
    if type(value) is shim.Promise:
        return value
    made = shim.Promise()
    made._resolve(value)
    return made


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
