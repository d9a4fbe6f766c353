"""Timers of globalThis, on the turns of the event loop (HTML, chapter 8.6)."""

from __future__ import annotations

import heapq
import sys
import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from napi._native import shim

__all__ = [
    "clear_immediate",
    "clear_timeout",
    "expire_timers",
    "queue_microtask",
    "set_immediate",
    "set_interval",
    "set_timeout",
]

_LONGEST = 2**31 - 1  # milliseconds: more becomes one, as in Node
_ids = count(1)


def _need_callable(callback: Any) -> None:
    if not callable(callback):
        from napi.js.host._errors import invalid_type

        raise invalid_type("callback", "function", callback)


def queue_microtask(callback: Any = None, *_: Any) -> None:
    """The function queueMicrotask: runs a callable when native code has returned.

    Raises:
        napi.TypeError: ``callback`` is no callable.
    """
    _need_callable(callback)
    shim.queue_microtask(callback)


class _Timers(threading.local):
    """The timers of one thread, the first one due at the front."""

    def __init__(self) -> None:
        self.heap: list[tuple[float, int, Timeout]] = []
        self.by_id: dict[int, Timeout] = {}


_timers = _Timers()


class _Referenced:
    """What keeps ``napi.run()`` going until it has run or was cleared."""

    __module__ = "napi"

    def __init__(self) -> None:
        self._active = True
        self._referenced = True
        shim.hold(1, 1)

    def _end(self) -> None:
        if self._active:
            self._active = False
            shim.hold(-int(self._referenced), -1)

    def _refer(self, referenced: bool) -> Any:
        if self._active and referenced != self._referenced:
            shim.hold(1 if referenced else -1, 0)
        self._referenced = referenced
        return self

    def ref(self) -> Any:
        """Keeps ``napi.run()`` going (the default)."""
        return self._refer(True)

    def unref(self) -> Any:
        """Lets ``napi.run()`` end before this has run."""
        return self._refer(False)

    def hasRef(self) -> bool:
        """Whether it keeps ``napi.run()`` going."""
        return self._referenced


class Timeout(_Referenced):
    """What setTimeout and setInterval give back."""

    __module__ = "napi"

    def __init__(self, call: Callable[[], Any], delay: float, repeats: bool) -> None:
        super().__init__()
        self._call, self._delay, self._repeats = call, delay, repeats
        self._id = next(_ids)
        _timers.by_id[self._id] = self
        self._arm()

    def _arm(self) -> None:
        due = time.monotonic() + self._delay / 1000
        heapq.heappush(_timers.heap, (due, next(_ids), self))
        _announce()

    def close(self) -> Any:
        """Cancels the timer."""
        self._end()
        _timers.by_id.pop(self._id, None)
        return self

    def refresh(self) -> Any:
        """Starts the delay anew."""
        if self._active:
            entries = [one for one in _timers.heap if one[2] is not self]
            heapq.heapify(entries)
            _timers.heap = entries
            self._arm()
        return self

    def _expire(self) -> None:
        if self._repeats:
            self._arm()
        else:
            self.close()
        self._call()


class Immediate(_Referenced):
    """What setImmediate gives back."""

    __module__ = "napi"

    def __init__(self, call: Callable[[], Any]) -> None:
        super().__init__()
        self._call = call
        shim.queue_immediate(self._run)
        _announce()

    def _run(self) -> None:
        if self._active:
            self._end()
            self._call()


def _announce() -> None:
    """Tells the loop when the first timer is due."""
    heap = _timers.heap
    while heap and not heap[0][2]._active:
        heapq.heappop(heap)
    shim.set_deadline(heap[0][0] if heap else 0)
    if "asyncio.events" in sys.modules:
        from napi import loop

        loop.arm()


def expire_timers() -> None:
    """Runs the timers that are due, each with its microtasks."""
    now = time.monotonic()
    due = []
    while _timers.heap and _timers.heap[0][0] <= now:
        due.append(heapq.heappop(_timers.heap)[2])
    try:
        while due:
            timer = due.pop(0)
            if timer._active:
                shim.run_macrotask(timer._expire)
    finally:
        for timer in due:
            heapq.heappush(_timers.heap, (now, next(_ids), timer))
        _announce()


def _bind(callback: Any, arguments: tuple[Any, ...]) -> Callable[[], Any]:
    _need_callable(callback)
    return lambda: shim.call(callback, None, *arguments)


def _delay(value: Any) -> float:
    number = float(shim.to_number(value))
    return number if 1 <= number <= _LONGEST else 1


def set_timeout(callback: Any = None, delay: Any = None, *arguments: Any) -> Timeout:
    """The function setTimeout; ``delay`` in milliseconds.

    Raises:
        napi.TypeError: ``callback`` is no callable.
    """
    return Timeout(_bind(callback, arguments), _delay(delay), False)


def set_interval(callback: Any = None, delay: Any = None, *arguments: Any) -> Timeout:
    """The function setInterval; ``delay`` in milliseconds.

    Raises:
        napi.TypeError: ``callback`` is no callable.
    """
    return Timeout(_bind(callback, arguments), _delay(delay), True)


def set_immediate(callback: Any = None, *arguments: Any) -> Immediate:
    """The function setImmediate: at the end of this turn.

    Raises:
        napi.TypeError: ``callback`` is no callable.
    """
    return Immediate(_bind(callback, arguments))


def clear_timeout(timer: Any = None, *_: Any) -> None:
    """The functions clearTimeout and clearInterval; anything else is ignored."""
    if isinstance(timer, (int, float, str)) and not isinstance(timer, bool):
        timer = _timers.by_id.get(int(float(shim.to_number(timer))))
    if isinstance(timer, Timeout):
        timer.close()


def clear_immediate(immediate: Any = None, *_: Any) -> None:
    """The function clearImmediate; anything else is ignored."""
    if isinstance(immediate, Immediate):
        immediate._end()
