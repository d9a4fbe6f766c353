"""WritableStream, its writer and controller.

Source: WHATWG Streams, chapter 5.
"""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type
from napi.js.host._kit import make
from napi.js.host._web_kit import (
    bare,
    guarded,
    high_water_mark,
    interface,
    invalid_state,
    method_of,
    need,
    options_of,
    range_value,
    read,
    size_of,
)
from napi.js.host._web_sink import Controller as _State
from napi.js.host._web_sink import Sink, Writer
from napi.js.host._web_source import nothing
from napi.runtime.builtin import getter, sized

__all__ = ["Controller", "DefaultWriter", "WritableStream", "wrapped"]


def _init_stream(this: Any, sink: Any = None, strategy: Any = None) -> None:
    if sink is shim.null:
        raise invalid_type("sink", "object", sink)
    sink, strategy = options_of(sink, "sink"), options_of(strategy, "strategy")
    kind = read(sink, "type")
    if kind is not None:
        raise range_value("type", kind)
    size, high = read(strategy, "size"), read(strategy, "highWaterMark")
    measure = size_of(size)
    stream = Sink()
    this.__state__, stream.js = stream, this
    controller = _State(stream, high_water_mark(high, 1), measure)
    bare(Controller, controller)
    start = method_of(sink, "start", "sink.start")
    write = method_of(sink, "write", "sink.write")
    controller.on_close = method_of(sink, "close", "sink.close") or nothing
    controller.on_abort = method_of(sink, "abort", "sink.abort") or nothing
    if write is not None:
        controller.on_write = lambda chunk: write(chunk, controller.js)
    controller.begin((lambda: start(controller.js)) if start else nothing)


def wrapped(stream: Sink) -> Any:
    """The object of a stream that the host made."""
    if stream.controller is not None and stream.controller.js is None:
        bare(Controller, stream.controller)
    return bare(WritableStream, stream)


class _Stream:
    @getter
    def locked(this: Any) -> bool:
        return bool(need(this, WritableStream).locked)

    @guarded
    def abort(this: Any, reason: Any = None) -> Any:
        stream = need(this, WritableStream)
        if stream.locked:
            raise invalid_state("WritableStream is locked")
        return stream.abort(reason)

    @guarded
    def close(this: Any) -> Any:
        stream = need(this, WritableStream)
        if stream.locked:
            raise invalid_state("WritableStream is locked")
        if stream.closing:
            raise invalid_state("Failure closing WritableStream")
        return stream.close()

    def getWriter(this: Any) -> Any:
        return bare(DefaultWriter, Writer(need(this, WritableStream)))


def _init_writer(this: Any, stream: Any = None) -> None:
    if not isinstance(stream, WritableStream):
        raise invalid_type("stream", "WritableStream", stream)
    this.__state__ = Writer(stream.__state__)
    this.__state__.js = this


def _attached(writer: Writer) -> Sink:
    if writer.stream is None:
        raise invalid_state("Writer is not bound to a WritableStream")
    return writer.stream


class _Writer:
    @guarded
    @getter
    def closed(this: Any) -> Any:
        return need(this, DefaultWriter).closed

    @getter
    def desiredSize(this: Any) -> Any:
        found = _attached(need(this, DefaultWriter)).wanted()
        return shim.null if found is None else found

    @guarded
    @getter
    def ready(this: Any) -> Any:
        return need(this, DefaultWriter).ready

    @guarded
    def abort(this: Any, reason: Any = None) -> Any:
        return _attached(need(this, DefaultWriter)).abort(reason)

    @guarded
    def close(this: Any) -> Any:
        stream = _attached(need(this, DefaultWriter))
        if stream.closing:
            raise invalid_state("Failure to close WritableStream")
        return stream.close()

    def releaseLock(this: Any) -> None:
        need(this, DefaultWriter).release()

    @guarded
    def write(this: Any, chunk: Any = None) -> Any:
        writer = need(this, DefaultWriter)
        _attached(writer)
        return writer.write(chunk)


class _Controller:
    @getter
    def signal(this: Any) -> Any:
        return shim.get(need(this, Controller).aborter(), "signal")

    @sized(0)
    def error(this: Any, error: Any = None) -> None:
        controller = need(this, Controller)
        if controller.stream.state == "writable":
            controller.fail(error)


def _shown_writer(writer: Writer) -> Any:
    stream = writer.stream
    made = make(stream=None if stream is None else stream.js)
    shim.set(made, "close", writer.closed)
    shim.set(made, "ready", writer.ready)
    wanted = _attached(writer).wanted()
    shim.set(made, "desiredSize", shim.null if wanted is None else wanted)
    return made


WritableStream = interface(
    "WritableStream",
    _Stream,
    _init_stream,
    shown=lambda stream: make(locked=stream.locked, state=stream.state),
)
DefaultWriter = interface(
    "WritableStreamDefaultWriter", _Writer, _init_writer, shown=_shown_writer, length=1
)
Controller = interface(
    "WritableStreamDefaultController",
    _Controller,
    shown=lambda controller: make(stream=controller.stream.js),
)
