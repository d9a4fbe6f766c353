"""``pipe`` and ``unpipe`` of readable streams."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._kit import function, make, option
from napi.js.host._stream_base import call_method, emit, later

__all__ = ["pipe", "unpipe"]


def pipe(this: Any, target: Any, options: Any = None) -> Any:
    """``pipe``: what comes is written, and the target's pace is kept."""
    from napi.js.host._stream_readable import _flow, state_of

    state = state_of(this)
    state.pipes.append(target)
    drained: list[Any] = []

    def on_data(chunk: Any = None, *_: Any) -> None:
        if call_method(target, "write", chunk) is False:
            call_method(this, "pause")
            if not drained:
                drained.append(function(on_drain, "pipeOnDrain"))
                call_method(target, "on", "drain", drained[0])

    def on_drain(*_: Any) -> None:
        if target in state.pipes and call_method(this, "listenerCount", "data"):
            state.flowing = True
            later(lambda: _flow(this, state))

    def on_end(*_: Any) -> None:
        call_method(target, "end")

    def cleanup(*_: Any) -> None:
        for event, listener in (("data", data), ("end", end)):
            call_method(this, "removeListener", event, listener)
        for listener in drained:
            call_method(target, "removeListener", "drain", listener)
        call_method(target, "removeListener", "unpipe", unpiped)

    def on_unpipe(source: Any = None, *_: Any) -> None:
        if source is this:
            cleanup()

    data, end = function(on_data, "ondata"), function(on_end, "onend")
    unpiped = function(on_unpipe, "onunpipe")
    call_method(this, "on", "data", data)
    call_method(target, "on", "unpipe", unpiped)
    standard = shim.get(target, "fd") in (1, 2) and shim.get(target, "isStdio") is True
    if option(options, "end", True) is not False and not standard:
        if state.end_emitted:
            later(lambda: on_end())
        else:
            call_method(this, "once", "end", end)
    emit(target, "pipe", this)
    if not state.flowing:
        call_method(this, "resume")
    return target


def unpipe(this: Any, target: Any = None) -> Any:
    """``unpipe``: one target, or all."""
    from napi.js.host._stream_readable import state_of

    state = state_of(this)
    gone = [one for one in state.pipes if target is None or one is target]
    for one in gone:
        state.pipes.remove(one)
    if gone and not state.pipes:
        call_method(this, "pause")
    for one in gone:
        emit(one, "unpipe", this, make(hasUnpiped=False))
    return this
