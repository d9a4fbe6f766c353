"""The ends of streams: ``finished`` and ``pipeline``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host import _stream_base as base
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import function, is_object, make, option
from napi.js.host._stream_base import COMMON, call_method, later

__all__ = ["end_of_stream", "pipeline"]


def _side(this: Any, which: str) -> Any:
    if which == "readable":
        from napi.js.host._stream_readable import STATE
    else:
        from napi.js.host._stream_writable import STATE
    return shim.get(this, STATE) if shim.has_own(this, STATE) else None


def _premature() -> Any:
    return node_error("Error", "ERR_STREAM_PREMATURE_CLOSE", "Premature close")


def end_of_stream(
    stream: Any, options: Any, callback: Callable[..., Any]
) -> Callable[[], None]:
    """Calls back once, when a stream has ended, finished or failed.

    Args:
        stream: A stream.
        options: ``readable`` and ``writable``, which sides to wait for; ``error``.
        callback: Called without arguments, or with the error.

    Returns:
        What stops listening.
    """
    if isinstance(stream, shim.Host):
        from napi.js.host._node_from_web import watch_end, web_state

        web = web_state(stream)
        if web is not None:
            watch_end(web, callback)
            return lambda: None
    readable, writable = _side(stream, "readable"), _side(stream, "writable")
    if not callable(shim.get(stream, "on")):
        raise invalid_type(
            "stream", ["ReadableStream", "WritableStream", "Stream"], stream
        )
    legacy = readable is None and writable is None
    waits = {
        "end": option(options, "readable", True) is not False
        and (readable is not None or (legacy and bool(shim.get(stream, "readable")))),
        "finish": option(options, "writable", True) is not False
        and (writable is not None or (legacy and bool(shim.get(stream, "writable")))),
    }
    called = False

    def finish(*arguments: Any) -> None:
        nonlocal called
        if not called:
            called = True
            callback(*arguments)

    def ended(name: str) -> Callable[..., None]:
        def act(*_: Any) -> None:
            waits[name] = False
            if not any(waits.values()):
                finish()

        return act

    def failed(error: Any = None, *_: Any) -> None:
        finish(error)

    def closed(*_: Any) -> None:
        common = shim.get(stream, COMMON)
        if common is not None and common.errored is not None:
            finish(common.errored)
        elif any(waits.values()) and not _is_done(readable, writable, waits):
            finish(_premature())
        else:
            finish()

    listeners = [
        ("end", function(ended("end"), "onend")),
        ("finish", function(ended("finish"), "onfinish")),
        ("close", function(closed, "onclose")),
    ]
    if option(options, "error", True) is not False:
        listeners.append(("error", function(failed, "onerror")))
    for event, listener in listeners:
        call_method(stream, "on", event, listener)
    common = shim.get(stream, COMMON)
    if common is not None and common.closed:
        later(closed)
    elif common is not None and _is_done(readable, writable, waits):
        later(finish)

    def stop() -> None:
        nonlocal called
        called = True
        for event, listener in listeners:
            call_method(stream, "removeListener", event, listener)

    return stop


def _is_done(readable: Any, writable: Any, waits: dict[str, bool]) -> bool:
    if readable is None and writable is None:
        return False
    read = readable is None or readable.end_emitted or not waits["end"]
    written = writable is None or writable.finished or not waits["finish"]
    return read and written


def _as_stream(value: Any, previous: Any) -> Any:
    """A stream of what may stand in a pipeline: an iterable or a function."""
    from napi.js.host._stream_iterate import from_iterable, is_iterable

    if callable(value) and not callable(shim.get(value, "pipe")):
        result = (
            shim.call(value, None)
            if previous is None
            else shim.call(value, None, previous)
        )
        return from_iterable(result) if is_iterable(result) else result
    if callable(shim.get(value, "on")):
        return value
    if is_iterable(value):
        return from_iterable(value)
    raise invalid_type("streams", ["Stream", "Iterable", "AsyncIterable"], value)


def pipeline(streams: list[Any], callback: Callable[..., Any], options: Any) -> Any:
    """Pipes streams one into the other; errors destroy them all.

    Args:
        streams: Streams, iterables, or functions that make them.
        callback: Called once, without arguments or with the error.
        options: ``end``: whether the last one is ended.

    Returns:
        The last stream.
    """
    if len(streams) == 1 and isinstance(streams[0], list):
        streams = list(streams[0])
    if len(streams) < 2:
        text = 'The "streams" argument must be specified'
        raise node_error("TypeError", "ERR_MISSING_ARGS", text)
    if any(isinstance(one, shim.Host) for one in streams):
        from napi.js.host._node_from_web import adapted

        streams = [adapted(one) for one in streams]
    waiting, failure = len(streams), None
    if callable(streams[-1]) and not callable(shim.get(streams[-1], "pipe")):
        waiting += 1  # what it yields goes into a stream of its own
    made: list[Any] = []

    def done(error: Any = None, *_: Any) -> None:
        nonlocal waiting, failure
        waiting -= 1
        if is_object(error) and (
            failure is None or shim.get(failure, "code") == "ERR_STREAM_PREMATURE_CLOSE"
        ):
            failure = error
        if failure is not None:
            for one in made:
                if _side(one, "readable") or _side(one, "writable"):
                    base.destroy(one, failure)
        if not waiting:
            callback(failure) if failure is not None else callback()

    previous: Any = None
    for index, value in enumerate(streams):
        stream = _as_stream(value, previous)
        if is_object(stream) and not callable(shim.get(stream, "on")):
            waiting -= len(streams) - index
            _settle(stream, done)
            return stream
        made.append(stream)
        last, first = index == len(streams) - 1, index == 0
        if last and not first and callable(value) and stream is not value:
            return _pumped(stream, made, done)
        wanted = make(readable=not last, writable=not first)
        end_of_stream(stream, wanted, done)
        if previous is not None and not callable(value):
            if last and option(options, "end", True) is False:
                call_method(previous, "pipe", stream, make(end=False))
            else:
                call_method(previous, "pipe", stream)
        previous = stream
    return previous


def _pumped(stream: Any, made: list[Any], done: Callable[..., Any]) -> Any:
    """What the last function of a pipeline yields, as a stream that can be read."""
    from napi.js.host import load

    target = shim.construct(
        shim.get(load("stream"), "PassThrough"), make(objectMode=True)
    )
    made.append(target)
    end_of_stream(stream, make(writable=False), done)
    end_of_stream(target, make(readable=False), done)
    call_method(stream, "pipe", target)
    return target


def _settle(promise: Any, done: Callable[..., Any]) -> None:
    then = shim.get(promise, "then")
    if callable(then):
        shim.call(then, promise, function(lambda *_: done()), function(done))
    else:
        done()
