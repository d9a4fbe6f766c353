"""Timers of globalThis: they need an event loop, and say so where there is none."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.error import Error, TypeError

__all__ = ["missing", "queue_microtask"]


def missing(name: str) -> Any:
    """A function that raises what it would need.

    Args:
        name: Its name in globalThis.
    """

    def refuse(*_: Any) -> Any:
        raise Error(f"{name} needs an event loop, and napi drives none yet")

    refuse.__name__ = refuse.__qualname__ = name
    return refuse


def queue_microtask(callback: Any = None, *_: Any) -> None:
    """The function queueMicrotask: runs a callable when native code has returned.

    Raises:
        napi.TypeError: ``callback`` is no callable.
    """
    if not callable(callback):
        error = TypeError('The "callback" argument must be of type function.')
        error.code = "ERR_INVALID_ARG_TYPE"
        raise error
    shim.queue_microtask(callback)
