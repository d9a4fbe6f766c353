"""``timers/promises``: timers that are awaited."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._kit import exports_of, function, make, option, put, resolved
from napi.runtime.timers import clear_timeout, set_immediate, set_interval, set_timeout

__all__ = ["exports"]


def _abort(made: Any, options: Any, stop: Any) -> bool:
    """Has a signal reject the promise; whether it has done so already."""
    from napi.js.host.events import _abort_error

    signal = option(options, "signal")
    if signal is None:
        return False

    def aborted(*_: Any) -> None:
        stop()
        made._reject(_abort_error(signal))

    if shim.get(signal, "aborted") is True:
        aborted()
        return True
    listen = shim.get(signal, "addEventListener")
    shim.call(listen, signal, "abort", function(aborted), make(once=True))
    return False


def _wait(start: Any, value: Any, options: Any) -> Any:
    made = shim.Promise()
    timers: list[Any] = []

    def stop() -> None:
        for timer in timers:
            timer.close() if hasattr(timer, "close") else timer._end()

    if not _abort(made, options, stop):
        timers.append(start(lambda *_: made._resolve(value)))
        if option(options, "ref", True) is False:
            timers[0].unref()
    return made


class _Module:
    @staticmethod
    def setTimeout(delay: Any = None, value: Any = None, options: Any = None) -> Any:
        return _wait(lambda act: set_timeout(act, delay), value, options)

    @staticmethod
    def setImmediate(value: Any = None, options: Any = None) -> Any:
        return _wait(set_immediate, value, options)

    @staticmethod
    def setInterval(delay: Any = None, value: Any = None, options: Any = None) -> Any:
        return _interval(delay, value)


def _interval(delay: Any, value: Any) -> Any:
    due = [0]
    waiting: list[Any] = []

    def tick(*_: Any) -> None:
        if waiting:
            waiting.pop(0)._resolve(make(value=value, done=False))
        else:
            due[0] += 1

    timer = set_interval(tick, delay)

    def advance(*_: Any) -> Any:
        if due[0]:
            due[0] -= 1
            return resolved(make(value=value, done=False))
        made = shim.Promise()
        waiting.append(made)
        return made

    def stop(*_: Any) -> Any:
        clear_timeout(timer)
        return resolved(make(value=None, done=True))

    made = put(shim.Object(), next=function(advance, "next"))
    shim.set(made, "return", function(stop, "return"))
    shim.set(made, shim.Symbol.asyncIterator, function(lambda *_: made, "iterator"))
    return made


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)

    def wait(delay: Any = None, options: Any = None) -> Any:
        return _Module.setTimeout(delay, None, options)

    def give_way() -> Any:
        return _Module.setImmediate()

    scheduler = make(wait=function(wait), **{"yield": function(give_way, "yield")})
    shim.set(made, "scheduler", scheduler)
    return made
