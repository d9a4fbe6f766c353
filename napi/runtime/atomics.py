"""Atomics (ECMA-262, chapter 25.4).

The interpreter's lock makes each of these operations one step for all threads that
run Python; an addon's own threads use the processor's instructions, not these.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.builtin import builtin, hidden, statics, tag
from napi.runtime.coerce import show, to_index, to_integer
from napi.runtime.error import RangeError, TypeError
from napi.runtime.typed import _BIG, is_detached, kind_of

__all__ = ["make_atomics"]

_KINDS = frozenset(
    [
        "Int8Array",
        "Uint8Array",
        "Int16Array",
        "Uint16Array",
        "Int32Array",
        "Uint32Array",
        "BigInt64Array",
        "BigUint64Array",
    ]
)
_lock = threading.Condition()
_SLICE = 0.02  # seconds between two looks at whether a Worker shall end
_waiters: dict[tuple[int, int], list[list[bool]]] = {}


def _array(array: Any, waits: bool = False) -> Any:
    """ValidateIntegerTypedArray (25.4.3.1)."""
    kinds = ("Int32Array", "BigInt64Array") if waits else _KINDS
    if not isinstance(array, shim.TypedArray) or kind_of(array) not in kinds:
        what = "an int32 or BigInt64" if waits else "an integer"
        shown = "[object Array]" if isinstance(array, list) else show(array)
        raise TypeError(f"{shown} is not {what} typed array.")
    if is_detached(array):
        raise TypeError("Cannot perform Atomics operation on a detached ArrayBuffer")
    return array


def _place(array: Any, index: Any) -> int:
    at = to_index(index, "Invalid atomic access index")
    if at >= len(array):
        raise RangeError("Invalid atomic access index")
    return at


def _value(array: Any, value: Any) -> Any:
    if kind_of(array) in _BIG:
        from napi.runtime.bigint import element_as_bigint

        return element_as_bigint(value)
    number = to_integer(value)
    return number if abs(number) != float("inf") else 0


def _revalidate(array: Any) -> None:
    if is_detached(array):
        raise TypeError("Cannot perform Atomics operation on a detached ArrayBuffer")


def _modify(name: str, act: Callable[[int, int], int]) -> Any:
    def operation(array: Any, index: Any, value: Any) -> Any:
        at = _place(_array(array), index)
        number = _value(array, value)
        _revalidate(array)
        with _lock:
            before = array[at]
            new = act(int(before), int(number))
            shim.set(array, str(at), _wrapped(array, new))
        return before

    return builtin(operation, name, this=False)


def _wrapped(array: Any, number: int) -> Any:
    if kind_of(array) in _BIG:
        return shim.BigInt(number & (2**64 - 1))
    return number & 0xFFFFFFFF


def _buffer_key(array: Any, at: int) -> tuple[int, int]:
    size = 8 if kind_of(array) in _BIG else 4
    offset = shim.get(array, "byteOffset") + at * size
    return id(shim.get(array, "buffer")), offset


def _wait(woken: list[bool], seconds: float | None) -> bool:
    """Waits with the lock until somebody wakes it; a Worker's can be ended."""
    if not shim.is_worker():
        return _lock.wait_for(lambda: woken[0], seconds)
    from napi.js.worker import check_stop

    limit = None if seconds is None else time.monotonic() + seconds
    while not woken[0]:
        check_stop()
        left = _SLICE if limit is None else min(_SLICE, limit - time.monotonic())
        if left <= 0:
            return False
        _lock.wait(left)
    return True


class _Atomics:
    def load(array: Any, index: Any) -> Any:
        at = _place(_array(array), index)
        _revalidate(array)
        return array[at]

    def store(array: Any, index: Any, value: Any) -> Any:
        at = _place(_array(array), index)
        number = _value(array, value)
        _revalidate(array)
        shim.set(array, str(at), _wrapped(array, int(number)))
        return number

    def compareExchange(array: Any, index: Any, expected: Any, value: Any) -> Any:
        at = _place(_array(array), index)
        old, new = _value(array, expected), _value(array, value)
        _revalidate(array)
        scratch = type(array)(1)
        shim.set(scratch, "0", _wrapped(array, int(old)))
        with _lock:
            before = array[at]
            if scratch[0] == before:
                shim.set(array, str(at), _wrapped(array, int(new)))
        return before

    def isLockFree(size: Any) -> bool:
        return to_integer(size) in (1, 2, 4, 8)

    def wait(array: Any, index: Any, value: Any, timeout: Any) -> str:
        _array(array, True)
        if not isinstance(shim.get(array, "buffer"), shim.SharedArrayBuffer):
            raise TypeError(f"{show(array)} is not a shared typed array.")
        at = _place(array, index)
        expected = _value(array, value)
        number = shim.to_number(timeout)
        seconds = (
            None
            if number != number or number == float("inf")
            else max(number, 0) / 1000
        )
        with _lock:
            if array[at] != expected:
                return "not-equal"
            woken = [False]
            waiting = _waiters.setdefault(_buffer_key(array, at), [])
            waiting.append(woken)
            try:
                done = _wait(woken, seconds)
            finally:
                if not woken[0]:
                    waiting.remove(woken)
            return "ok" if done else "timed-out"

    def notify(array: Any, index: Any, count: Any) -> int:
        _array(array, True)
        at = _place(array, index)
        limit = float("inf") if count is None else max(to_integer(count), 0)
        if not isinstance(shim.get(array, "buffer"), shim.SharedArrayBuffer):
            return 0
        with _lock:
            waiting = _waiters.get(_buffer_key(array, at), [])
            woken = 0
            while waiting and woken < limit:
                waiting.pop(0)[0] = True
                woken += 1
            _lock.notify_all()
            return woken

    def pause(count: Any = None) -> None:
        if count is not None and (
            shim.typeof(count) != "number" or to_integer(count) != count
        ):
            raise TypeError("Atomics.pause: the argument is not an integer")


def make_atomics() -> Any:
    """Makes the object Atomics."""
    made = shim.Object()
    statics(made, _Atomics)
    for name, act in (
        ("add", int.__add__),
        ("sub", int.__sub__),
        ("and", int.__and__),
        ("or", int.__or__),
        ("xor", int.__xor__),
        ("exchange", lambda _, new: new),
    ):
        hidden(made, name, _modify(name, act))
    tag(made, "Atomics")
    return made
