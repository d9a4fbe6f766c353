"""The values of AsyncLocalStorage; callbacks keep those of their maker."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator
from typing import Any

from napi._native import shim
from napi.js.host._kit import function

__all__ = ["bind", "change", "current", "entered", "run_in"]

# id of a storage -> the storage and its value; never changed in place.
_Values = dict[int, tuple[Any, Any]]
_values: contextvars.ContextVar[_Values] = contextvars.ContextVar("napi-js-context")
_hooked = [False]


def current() -> _Values:
    """What holds now."""
    return _values.get({})


def change(values: _Values) -> None:
    """Has other values hold from now on."""
    _hook()
    _values.set(values)


@contextlib.contextmanager
def entered(values: _Values) -> Iterator[None]:
    """Has other values hold for a while."""
    _hook()
    token = _values.set(values)
    try:
        yield
    finally:
        _values.reset(token)


def run_in(values: _Values, target: Any, this: Any, *arguments: Any) -> Any:
    """Calls a function with other values."""
    with entered(values):
        return shim.call(target, this, *arguments)


def bind(target: Any) -> Any:
    """A function that keeps the values of now."""
    values = current()

    def bound(this: Any, *arguments: Any) -> Any:
        return run_in(values, target, this, *arguments)

    return function(bound, shim.get(target, "name") or "bound", this=True)


_QUEUES = ("queue_tick", "queue_microtask", "queue_immediate")


def _hook() -> None:
    """From the first use on, timers and ticks keep the values of their maker."""
    if _hooked[0]:
        return
    _hooked[0] = True
    from napi.runtime import timers

    plain = timers._bind

    def bound(callback: Any, arguments: tuple[Any, ...]) -> Any:
        act, values = plain(callback, arguments), current()
        if not values:
            return act

        def run() -> Any:
            with entered(values):
                return act()

        return run

    timers._bind = bound
