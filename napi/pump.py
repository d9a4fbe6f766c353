"""The event loop of programs without one: it runs while somebody waits."""

from __future__ import annotations

import time
from builtins import TimeoutError
from typing import Any

from napi._native import shim
from napi.runtime.error import Error

__all__ = ["run", "run_once", "wait_for"]


def _has_running_loop() -> bool:
    import sys

    events = sys.modules.get("asyncio.events")
    return events is not None and events._get_running_loop() is not None


def _refuse_running(name: str) -> None:
    if _has_running_loop():
        raise RuntimeError(
            f"napi.{name}() cannot run while an asyncio loop does: the loop runs the "
            "callbacks of addons; await what you wait for"
        )


def _pump(promise: Any, limit: float | None) -> str:
    """Turns until something is to be said; see ``_shim.pump``."""
    while True:
        left = None if limit is None else max(limit - time.monotonic(), 0)
        outcome: str = shim.pump(promise, left)
        if outcome != "awaitables":
            return outcome
        from napi import loop

        outcome = loop.run_awaitables(promise, left)
        if outcome != "idle":
            return outcome


def wait_for(promise: Any, timeout: float | None) -> None:
    """Runs turns until a promise is settled.

    Args:
        promise: A pending promise.
        timeout: The longest wait in seconds; None: no limit.

    Raises:
        TimeoutError: It is not settled in time.
        napi.Error: Nothing is left that could settle it.
    """
    limit = None if timeout is None else time.monotonic() + timeout
    outcome = _pump(promise, limit)
    if outcome == "timeout":
        raise TimeoutError(f"the promise is still pending after {timeout} s")
    if outcome == "idle":
        text = "the promise is still pending, and nothing is left that could settle it"
        if shim.is_forked():
            text += "; what threads of the parent process were doing is lost to a child"
        if _has_running_loop():
            text += " but the asyncio loop that runs here: await the promise"
        error = Error(text)
        error.code = "ERR_NAPI_PROMISE_PENDING"
        raise error


def run(timeout: float | None = None) -> bool:
    """Runs the callbacks of addons until nothing is left to wait for.

    What keeps it going is what keeps Node going: queued work, referenced
    threadsafe functions, timers, immediates, Python awaitables given to addons.

    Args:
        timeout: The longest wait in seconds; None: no limit.

    Returns:
        Whether nothing is left; False after the timeout.

    Raises:
        RuntimeError: An asyncio loop runs on this thread.
        Exception: What a callback left uncaught, where no handler of
            :func:`napi.on_uncaught_exception` took it.
    """
    _refuse_running("run")
    limit = None if timeout is None else time.monotonic() + timeout
    return _pump(None, limit) == "idle"


def run_once() -> None:
    """Runs the callbacks that are due now, and does not wait.

    Raises:
        RuntimeError: An asyncio loop runs on this thread.
        Exception: What a callback left uncaught, as :func:`run` does.
    """
    _refuse_running("run_once")
    shim.pump(None, 0, True)
