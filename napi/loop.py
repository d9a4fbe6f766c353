"""Promises and asyncio: the only file that knows an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from napi._native import shim
from napi.runtime.error import Error, Thrown

__all__ = ["future_of", "settle_with"]

_running: set[asyncio.Future[Any]] = set()


def future_of(promise: Any) -> asyncio.Future[None]:
    """A future of the running loop that is done once a promise is settled.

    The outcome is the promise's to give: the future's own result is ``None``.

    Args:
        promise: A promise.

    Raises:
        RuntimeError: No event loop is running in this thread.
    """
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def settle(_: Any = None) -> None:
        if not future.done():
            future.set_result(None)

    promise.then(settle, settle)
    return future


def settle_with(
    awaitable: Awaitable[Any],
    resolve: Callable[[Any], Any],
    reject: Callable[[Any], Any],
) -> None:
    """Settles a promise as an awaitable turns out.

    Args:
        awaitable: A coroutine, future or task; it runs on the running loop.
        resolve: Called with the result.
        reject: Called with the exception, or with what was thrown.

    Raises:
        napi.Error: No event loop is running in this thread.
    """
    try:
        future = asyncio.ensure_future(awaitable)
    except RuntimeError:
        if asyncio.iscoroutine(awaitable):
            awaitable.close()
        raise Error(
            "a Python awaitable can only settle a promise while an event loop runs"
        ) from None

    def settle(done: asyncio.Future[Any]) -> None:
        _running.discard(done)
        error = asyncio.CancelledError() if done.cancelled() else done.exception()
        if error is None:
            resolve(done.result())
        else:
            reject(error.value if isinstance(error, Thrown) else error)
        shim.drain()

    # The loop refers to its tasks weakly only.
    _running.add(future)
    future.add_done_callback(settle)
