"""Limits for scripts that may not end: a deadline, and a number of steps.

Both raise an exception that ``catch`` does not see; ``finally`` blocks run, and are
interrupted in their turn.
"""

from __future__ import annotations

import ctypes
import sys
import threading
import time
import types
from collections.abc import Callable
from typing import Any

__all__ = ["Interrupted", "limited"]

_AGAIN = 0.05


class Interrupted(BaseException):
    """Ends a script; becomes a TimeoutError where the script was started."""


class _Watch:
    """A thread that interrupts another one from a moment on, until it is ended."""

    def __init__(self, seconds: float) -> None:
        self.target = threading.get_ident()
        self.ended = threading.Event()
        self.lock = threading.Lock()
        self.fired = False
        self.thread = threading.Thread(
            target=self._run, args=(seconds,), name="napi.js deadline", daemon=True
        )
        self.thread.start()

    def _run(self, seconds: float) -> None:
        left = seconds
        while not self.ended.wait(left):
            with self.lock:
                if self.ended.is_set():
                    return
                self.fired = True
                _raise_in(self.target, Interrupted)
            left = _AGAIN

    def end(self) -> None:
        """No exception comes after this: one that is on its way is taken."""
        while not self.ended.is_set():
            try:
                with self.lock:
                    self.ended.set()
            except Interrupted:
                continue
        while self.thread.is_alive() or self.fired:
            try:
                self.thread.join()
                if self.fired:
                    self.fired = False
                    time.sleep(0)
            except Interrupted:
                continue


def _raise_in(thread: int, kind: type[BaseException]) -> None:
    # It is never taken back with NULL: CPython 3.11 then never stops looking for it.
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), ctypes.py_object(kind)
    )


class _Steps:
    """Counts the instructions that compiled code runs."""

    def __init__(self, limit: int) -> None:
        self.left = limit
        self.watch: _Watch | None = None

    def trace(self, frame: types.FrameType, event: str, _: Any) -> Any:
        """For sys.settrace."""
        if frame.f_globals.get("__name__") != "<javascript>":
            return None
        if event == "call":
            # Of instructions, as an empty loop is never on another line.
            frame.f_trace_opcodes = True
            return self.trace
        self.left -= 1
        if self.left < 0:
            # Tracing ends with the exception: a finally block that goes on and on is
            # left to the watch.
            if self.watch is None:
                self.watch = _Watch(_AGAIN)
            raise Interrupted
        return self.trace


def limited(act: Callable[[], Any], deadline: float | None, steps: int | None) -> Any:
    """Calls a function under limits.

    Args:
        act: The function.
        deadline: Seconds that it may take; ``None``: any time.
        steps: Instructions of Python that compiled JavaScript may run; ``None``: any
            number.

    Raises:
        TimeoutError: A limit was reached.
    """
    watch = _Watch(deadline) if deadline is not None else None
    counter = _Steps(steps) if steps is not None else None
    old = sys.gettrace()
    begun = time.monotonic()
    try:
        try:
            if counter is not None:
                sys.settrace(counter.trace)
            return act()
        finally:
            if counter is not None:
                sys.settrace(old)
                if counter.watch is not None:
                    counter.watch.end()
            if watch is not None:
                watch.end()
    except Interrupted:
        if counter is not None and counter.left < 0:
            raise TimeoutError(f"the script ran for more than {steps} steps") from None
        taken = time.monotonic() - begun
        raise TimeoutError(
            f"the script ran for more than {deadline} seconds ({taken:.1f} s)"
        ) from None
