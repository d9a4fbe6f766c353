"""Exceptions that nobody can catch any more: who is told of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

__all__ = ["on_uncaught_exception", "take"]

Handler = Callable[[BaseException], Any]
_handlers: list[Handler] = []


def on_uncaught_exception(handler: Handler) -> Callable[[], None]:
    """Has a callable told of exceptions that callbacks of addons leave uncaught.

    Without a handler such an exception goes to the exception handler of the
    asyncio loop that runs; in a program without one it is raised by what runs the
    callbacks: :func:`napi.run`, :func:`napi.run_once` or ``promise.result()``.

    Source: "Error handling" of the Node-API manual, Node's ``uncaughtException``.

    Args:
        handler: Called with the exception, on the thread of the callback. All
            handlers are called, in the order in which they were added.

    Returns:
        A function without arguments that takes the handler away again.

    Raises:
        TypeError: ``handler`` is no callable.
    """
    if not callable(handler):
        raise TypeError("on_uncaught_exception() needs a callable")
    _handlers.append(handler)

    def remove() -> None:
        if handler in _handlers:
            _handlers.remove(handler)

    return remove


def take(exception: BaseException, text: str, handlers: bool = True) -> bool:
    """Gives an exception to whoever listens.

    Args:
        exception: What nobody caught.
        text: What happened, for the exception handler of asyncio.
        handlers: Whether the handlers of this module are asked.

    Returns:
        Whether somebody took it.
    """
    if handlers and _handlers:
        for handler in tuple(_handlers):
            handler(exception)
        return True
    events = sys.modules.get("asyncio.events")
    loop = events._get_running_loop() if events else None
    if loop is None:
        return False
    loop.call_exception_handler({"message": text, "exception": exception})
    return True
