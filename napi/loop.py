"""Promises, awaitables and asyncio: the only file that knows an event loop."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from napi._native import shim
from napi.runtime.error import Thrown

__all__ = ["attach", "future_of", "run_awaitables", "settle_with"]


class _Thread(threading.local):
    """What waits for an asyncio loop on one thread."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.waiting: list[tuple[Awaitable[Any], Any, Any]] = []
        # The loop refers to its tasks weakly only.
        self.running: set[asyncio.Future[Any]] = set()
        self.timer: asyncio.TimerHandle | None = None
        self.deadline = 0.0


_thread = _Thread()


def attach() -> None:
    """Has the running loop call back addons on this thread.

    Called by itself where an addon is called, or a promise awaited, while a loop
    runs; call it where addons only ever call back.

    Raises:
        RuntimeError: No event loop is running in this thread.
        NotImplementedError: The loop cannot watch descriptors.
    """
    loop = asyncio._get_running_loop()
    if loop is None:
        raise RuntimeError(
            "no asyncio loop is running on this thread: addons are awaited under "
            "asyncio or uvloop; promise.result() waits without a loop"
        )
    descriptors = shim.attach(loop)
    # libuv's timers are not ours: each of its turns may change the next one.
    turn = shim.turn if len(descriptors) < 2 else _turn
    for descriptor in descriptors:
        loop.add_reader(descriptor, turn)
    if descriptors:
        schedule(shim.deadline())


def arm() -> None:
    """Has the running loop, where there is one, run the turns that timers need."""
    loop = asyncio._get_running_loop()
    if loop is not None:
        attach()
        schedule(shim.deadline())
        if shim.has_immediates():
            loop.call_soon(shim.turn)


def schedule(deadline: float) -> None:
    """Has the attached loop run a turn when a timer is due.

    Args:
        deadline: Seconds on :func:`time.monotonic`; 0: there is no timer.
    """
    if _thread.timer is not None:
        if deadline == _thread.deadline:
            return
        _thread.timer.cancel()
        _thread.timer = None
    loop = asyncio._get_running_loop()
    if loop is not None and deadline:
        delay = max(deadline - time.monotonic(), 0)
        _thread.timer = loop.call_later(delay, _run_timers)
        _thread.deadline = deadline


def _run_timers() -> None:
    _thread.timer = None
    _turn()


def _turn() -> None:
    try:
        shim.turn()
    finally:
        schedule(shim.deadline())


def future_of(promise: Any) -> asyncio.Future[None]:
    """A future of the running loop that is done once a promise is settled.

    The outcome is the promise's to give: the future's own result is ``None``.

    Args:
        promise: A promise.

    Raises:
        RuntimeError: No event loop is running in this thread.
    """
    attach()
    loop = asyncio.get_running_loop()
    future: asyncio.Future[None] = loop.create_future()

    def finish() -> None:
        if not future.done():
            future.set_result(None)

    def settle(_: Any = None) -> None:
        if asyncio._get_running_loop() is loop:
            finish()
            return
        # The addon's thread settles it, or a pump on the loop's own.
        with suppress(RuntimeError):  # a closed loop: nobody waits any more
            loop.call_soon_threadsafe(finish)

    promise.then(settle, settle)
    return future


def _start(awaitable: Awaitable[Any], resolve: Any, reject: Any) -> None:
    future = asyncio.ensure_future(awaitable)
    running = _thread.running
    for left in [one for one in running if one.get_loop().is_closed()]:
        running.discard(left)

    def settle(done: asyncio.Future[Any]) -> None:
        running.discard(done)
        error = asyncio.CancelledError() if done.cancelled() else done.exception()
        if error is None:
            resolve(done.result())
        else:
            reject(error.value if isinstance(error, Thrown) else error)
        shim.drain()

    running.add(future)
    future.add_done_callback(settle)


def settle_with(
    awaitable: Awaitable[Any],
    resolve: Callable[[Any], Any],
    reject: Callable[[Any], Any],
) -> None:
    """Settles a promise as an awaitable turns out.

    Args:
        awaitable: A coroutine, future or task; it runs on the running loop, or
            where there is none on a private one while somebody waits for the
            outcome: ``promise.result()``, ``napi.run()``.
        resolve: Called with the result.
        reject: Called with the exception, or with what was thrown.
    """
    if asyncio._get_running_loop() is None:
        _thread.waiting.append((awaitable, resolve, reject))
        shim.hold(1, 1, 1)
    else:
        _start(awaitable, resolve, reject)


def _running_on(loop: asyncio.AbstractEventLoop) -> set[asyncio.Future[Any]]:
    """What a loop can still finish; what another loop left is nobody's to wait for."""
    return {one for one in _thread.running if one.get_loop() is loop}


async def _drive(promise: Any, timeout: float | None) -> str:
    attach()
    waiting, _thread.waiting = _thread.waiting, []
    shim.hold(-len(waiting), -len(waiting), -len(waiting))
    for one in waiting:
        _start(*one)
    settled = None if promise is None else future_of(promise)
    loop = asyncio.get_running_loop()
    end = None if timeout is None else loop.time() + timeout
    while (running := _running_on(loop)) and not (settled and settled.done()):
        left = None if end is None else end - loop.time()
        if left is not None and left <= 0:
            return "timeout"
        watched = {*running, settled} if settled else running
        await asyncio.wait(watched, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(0)
    return "settled" if promise is not None and promise.state != "pending" else "idle"


def run_awaitables(promise: Any, timeout: float | None) -> str:
    """Runs the Python awaitables that wait for a loop, on a private one.

    Args:
        promise: Stop when this one is settled; None: when all awaitables are done.
        timeout: The longest wait in seconds; None: no limit.

    Returns:
        ``"settled"``, ``"timeout"`` or ``"idle"``: all awaitables are done.
    """
    if _thread.loop is None or _thread.loop.is_closed():
        _thread.loop = asyncio.new_event_loop()
    return _thread.loop.run_until_complete(_drive(promise, timeout))
