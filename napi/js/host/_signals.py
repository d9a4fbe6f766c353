"""Signals as events of process: ``process.on("SIGINT", ...)``."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import Any

from napi._native import shim
from napi.js.host import _emitter
from napi.js.host._kit import function
from napi.runtime.builtin import hidden

__all__ = ["signal_name", "signal_of", "watch"]

_previous: dict[str, Any] = {}


def _known(event: Any) -> bool:
    return isinstance(event, str) and event in signal.Signals.__members__


def _begin(process: Any, name: str) -> None:
    """From now on the signal is an event."""
    if name in _previous or threading.current_thread() is not threading.main_thread():
        return
    number = signal.Signals[name]

    def happened(signum: int, _: Any) -> None:
        _emitter.emit(process, name, name, int(number))

    with contextlib.suppress(OSError, ValueError):  # SIGKILL cannot be taken
        _previous[name] = signal.signal(number, happened)


def _end(name: str) -> None:
    previous = _previous.pop(name, None)
    if previous is not None:
        signal.signal(signal.Signals[name], previous)


def watch(process: Any) -> None:
    """Has signals that somebody listens to come as events.

    Args:
        process: The object process.
    """

    def on(this: Any, event: Any, listener: Any) -> Any:
        result = _emitter.on(this, event, listener)
        if _known(event):
            _begin(this, event)
        return result

    def remove(this: Any, event: Any, listener: Any) -> Any:
        result = _emitter.remove(this, event, listener)
        if _known(event) and not _emitter.listeners_of(this, event):
            _end(event)
        return result

    def remove_all(this: Any, *events: Any) -> Any:
        result = _emitter.remove_all(this, *events)
        for name in [one for one in _previous if not _emitter.listeners_of(this, one)]:
            _end(name)
        return result

    prototype = shim.get_prototype(process)
    for name, act in (
        ("on", on),
        ("addListener", on),
        ("off", remove),
        ("removeListener", remove),
        ("removeAllListeners", remove_all),
    ):
        hidden(prototype, name, function(act, name, this=True))


def signal_of(value: Any, default: int = signal.SIGTERM) -> int:
    """The number of a signal.

    Args:
        value: Its name or number.
        default: What undefined means.
    """
    from napi.runtime.process import _signal_number

    return default if value is None else _signal_number(value)


def signal_name(number: int) -> str:
    """The name of a signal, or its number where it has none.

    Args:
        number: Its number.
    """
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
