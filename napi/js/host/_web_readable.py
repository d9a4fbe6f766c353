"""ReadableStream, its readers and controllers, as programs see them.

Source: WHATWG Streams, chapter 4.
"""

from __future__ import annotations

import math
from typing import Any

from napi._native import shim
from napi.js.host._errors import (
    invalid_type,
    invalid_value,
    out_of_range,
)
from napi.js.host._kit import is_object, make
from napi.js.host._web_bytes import ByobRequest, ByteController, view_parts
from napi.js.host._web_kit import (
    bare,
    flag,
    guarded,
    high_water_mark,
    interface,
    invalid_state,
    method_of,
    need,
    options_of,
    raise_value,
    range_value,
    read,
    size_of,
)
from napi.js.host._web_source import (
    DefaultController,
    Reader,
    Request,
    Stream,
    nothing,
    promise_request,
)
from napi.runtime.builtin import getter, hidden, sized

__all__ = [
    "ByobReader",
    "BytesController",
    "Controller",
    "DefaultReader",
    "ReadableStream",
    "Request_",
    "wrapped",
]


def _view(value: Any, name: str) -> Any:
    if isinstance(value, (shim.TypedArray, shim.DataView)):
        buffer = shim.get(value, "buffer")
        if isinstance(buffer, shim.SharedArrayBuffer):
            text = "must not be backed by a SharedArrayBuffer"
            raise invalid_value(name, value, text)
        return value
    raise invalid_type(name, ["Buffer", "TypedArray", "DataView"], value)


def _init_stream(this: Any, source: Any = None, strategy: Any = None) -> None:
    if source is shim.null:
        raise invalid_type("source", "object", source)
    source, strategy = options_of(source, "source"), options_of(strategy, "strategy")
    size, high = read(strategy, "size"), read(strategy, "highWaterMark")
    kind = read(source, "type")
    stream = Stream()
    this.__state__, stream.js = stream, this
    if kind is not None and shim.to_string(kind) == "bytes":
        if size is not None:
            raise range_value("strategy.size", size)
        _set_up_bytes(stream, source, high_water_mark(high, 0))
        return
    if kind is not None:
        raise invalid_value("source.type", kind)
    limit = high_water_mark(high, 1)
    controller = DefaultController(stream, limit, size_of(size))
    bare(Controller, controller)
    _connect(controller, source)


def _connect(controller: Any, source: Any) -> None:
    start = method_of(source, "start", "source.start")
    pull = method_of(source, "pull", "source.pull")
    cancel = method_of(source, "cancel", "source.cancel")
    if pull is not None:
        controller.on_pull = lambda: pull(controller.js)
    controller.on_cancel = cancel or nothing
    controller.begin((lambda: start(controller.js)) if start else nothing)


def _set_up_bytes(stream: Stream, source: Any, high: float) -> None:
    allocate = read(source, "autoAllocateChunkSize")
    if allocate is not None:
        allocate = shim.to_number(allocate)
        if allocate == 0 or math.isnan(allocate):
            raise invalid_value("source.autoAllocateChunkSize", allocate)
        allocate = int(allocate)
    controller = ByteController(stream, high, allocate)
    controller.wrap = lambda request: bare(Request_, request)
    bare(BytesController, controller)
    _connect(controller, source)


def wrapped(stream: Stream) -> Any:
    """The object of a stream that the host made."""
    controller = stream.controller
    if controller is not None and controller.js is None:
        is_bytes = isinstance(controller, ByteController)
        bare(BytesController if is_bytes else Controller, controller)
        if is_bytes:
            controller.wrap = lambda request: bare(Request_, request)
    return bare(ReadableStream, stream)


def _pipe_options(stream: Stream, target: Any, options: Any) -> dict[str, Any]:
    from napi.runtime.abort import AbortSignal

    given = options_of(options)
    chosen: dict[str, Any] = {
        name: flag(given, f"prevent{name.title()}")
        for name in ("abort", "cancel", "close")
    }
    signal = read(given, "signal")
    if signal is not None and not isinstance(signal, AbortSignal):
        raise invalid_type("options.signal", "AbortSignal", signal)
    if stream.locked:
        raise invalid_state("The ReadableStream is locked")
    if target.locked:
        raise invalid_state("The WritableStream is locked")
    chosen["signal"] = signal
    return chosen


def _pair(transform: Any) -> tuple[Any, Any]:
    from napi.js.host._web_writable import WritableStream

    out = shim.get(transform, "readable") if is_object(transform) else None
    if not isinstance(out, ReadableStream):
        raise invalid_type("transform.readable", "ReadableStream", out)
    into = shim.get(transform, "writable")
    if not isinstance(into, WritableStream):
        raise invalid_type("transform.writable", "WritableStream", into)
    return out, into


class _Stream:
    @getter
    def locked(this: Any) -> bool:
        return bool(need(this, ReadableStream).locked)

    @guarded
    def cancel(this: Any, reason: Any = None) -> Any:
        stream = need(this, ReadableStream)
        if stream.locked:
            raise invalid_state("ReadableStream is locked")
        return stream.cancel(reason)

    def getReader(this: Any, options: Any = None) -> Any:
        stream = need(this, ReadableStream)
        mode = read(options_of(options), "mode")
        if mode is None:
            return bare(DefaultReader, Reader(stream))
        if shim.to_string(mode) != "byob":
            raise invalid_value("options.mode", mode)
        return bare(ByobReader, _byob(stream))

    def pipeThrough(this: Any, transform: Any, options: Any = None) -> Any:
        from napi.js.host._web_pipe import pipe_to

        stream = need(this, ReadableStream)
        out, into = _pair(transform)
        chosen = _pipe_options(stream, into.__state__, options)
        pipe_to(stream, into.__state__, **chosen).then(None, nothing)
        return out

    @guarded
    def pipeTo(this: Any, destination: Any, options: Any = None) -> Any:
        from napi.js.host._web_pipe import pipe_to
        from napi.js.host._web_writable import WritableStream

        stream = need(this, ReadableStream)
        if not isinstance(destination, WritableStream):
            raise invalid_type("transform.writable", "WritableStream", destination)
        target = destination.__state__
        return pipe_to(stream, target, **_pipe_options(stream, target, options))

    def tee(this: Any) -> Any:
        from napi.js.host._web_tee import tee

        pair = tee(need(this, ReadableStream))
        return shim.Array([wrapped(one) for one in pair])

    def values(this: Any, options: Any = None) -> Any:
        from napi.js.host._web_iterate import iterate

        stream = need(this, ReadableStream)
        return iterate(stream, flag(options_of(options), "preventCancel"))


class _Static:
    def from_(iterable: Any) -> Any:
        from napi.js.host._web_iterate import from_iterable

        return wrapped(from_iterable(iterable))


def _byob(stream: Stream) -> Reader:
    if stream.locked:
        raise invalid_state("ReadableStream is locked")
    if not isinstance(stream.controller, ByteController):
        raise invalid_value("stream", stream.js, "must be a byte stream")
    return Reader(stream, True)


def _shown_stream(stream: Stream) -> Any:
    is_bytes = isinstance(stream.controller, ByteController)
    return make(locked=stream.locked, state=stream.state, supportsBYOB=is_bytes)


def _init_reader(this: Any, stream: Any = None) -> None:
    if not isinstance(stream, ReadableStream):
        raise invalid_type("stream", "ReadableStream", stream)
    this.__state__ = Reader(stream.__state__)
    this.__state__.js = this


def _init_byob(this: Any, stream: Any = None) -> None:
    if not isinstance(stream, ReadableStream):
        raise invalid_type("stream", "ReadableStream", stream)
    this.__state__ = _byob(stream.__state__)
    this.__state__.js = this


def _cancelled(reader: Reader, reason: Any) -> Any:
    if reader.stream is None:
        raise invalid_state("The reader is not attached to a stream")
    return reader.cancel(reason)


class _Reader:
    @guarded
    def read(this: Any) -> Any:
        reader = need(this, DefaultReader)
        if reader.stream is None:
            raise invalid_state("The reader is not attached to a stream")
        request, made = promise_request()
        reader.read(request)
        return made

    def releaseLock(this: Any) -> None:
        need(this, DefaultReader).release()

    @guarded
    @getter
    def closed(this: Any) -> Any:
        return need(this, DefaultReader).closed

    @guarded
    def cancel(this: Any, reason: Any = None) -> Any:
        return _cancelled(need(this, DefaultReader), reason)


def _least(view: Any, options: Any) -> int:
    found = read(options_of(options), "min")
    least = 1 if found is None else shim.to_number(found)
    if least != least or int(least) != least:
        raise invalid_value("options.min", least, "must be an integer")
    if least <= 0:
        raise invalid_value("options.min", least, "must be greater than 0")
    name = "byteLength" if isinstance(view, shim.DataView) else "length"
    if least > shim.get(view, name):
        raise out_of_range("options.min", f"<= view.{name}", least)
    return int(least)


class _ByobReader:
    @sized(1)
    @guarded
    def read(this: Any, view: Any = None, options: Any = None) -> Any:
        reader = need(this, ByobReader)
        _view(view, "view")
        options_of(options)
        buffer, _, length = view_parts(view)
        if length == 0 or shim.get(buffer, "byteLength") == 0:
            raise invalid_state("View or Viewed ArrayBuffer is zero-length or detached")
        least = _least(view, options)
        stream = reader.stream
        if stream is None:
            raise invalid_state("The reader is not attached to a stream")
        request, made = promise_request()
        read_into(stream, view, least, request)
        return made

    def releaseLock(this: Any) -> None:
        need(this, ByobReader).release()

    @guarded
    @getter
    def closed(this: Any) -> Any:
        return need(this, ByobReader).closed

    @guarded
    def cancel(this: Any, reason: Any = None) -> Any:
        return _cancelled(need(this, ByobReader), reason)


def read_into(stream: Stream, view: Any, least: int, request: Request) -> None:
    """Reads into a view (ReadableStreamBYOBReaderRead)."""
    stream.disturbed = True
    if stream.state == "errored":
        request.error(stream.stored)
    else:
        stream.controller.pull_into(view, least, request)


def _shown_reader(name: str) -> Any:
    def shown(reader: Reader) -> Any:
        stream = None if reader.stream is None else reader.stream.js
        made = make(stream=stream)
        shim.set(made, name, len(reader.requests))
        shim.set(made, "close", reader.closed)
        return made

    return shown


def _wanted(controller: Any) -> Any:
    found = controller.wanted()
    return shim.null if found is None else found


class _Controller:
    @getter
    def desiredSize(this: Any) -> Any:
        return _wanted(need(this, Controller))

    def close(this: Any) -> None:
        controller = need(this, Controller)
        if not controller.can_close():
            raise invalid_state("Controller is already closed")
        controller.close()

    @sized(0)
    def enqueue(this: Any, chunk: Any = None) -> None:
        controller = need(this, Controller)
        if not controller.can_close():
            raise invalid_state("Controller is already closed")
        controller.enqueue(chunk)

    @sized(0)
    def error(this: Any, error: Any = None) -> None:
        need(this, Controller).fail(error)


def _need_open(controller: Any) -> None:
    if controller.close_requested:
        raise invalid_state("Controller is already closed")
    if controller.stream.state != "readable":
        raise invalid_state("ReadableStream is already closed")


class _BytesController:
    @getter
    def byobRequest(this: Any) -> Any:
        return need(this, BytesController).byob_request()

    @getter
    def desiredSize(this: Any) -> Any:
        return _wanted(need(this, BytesController))

    def close(this: Any) -> None:
        controller = need(this, BytesController)
        _need_open(controller)
        controller.close()

    def enqueue(this: Any, chunk: Any = None) -> None:
        controller = need(this, BytesController)
        _view(chunk, "chunk")
        buffer, _, length = view_parts(chunk)
        if length == 0 or shim.get(buffer, "byteLength") == 0:
            text = "chunk ArrayBuffer is zero-length or detached"
            raise invalid_state(text)
        _need_open(controller)
        controller.enqueue(chunk)

    @sized(0)
    def error(this: Any, error: Any = None) -> None:
        need(this, BytesController).fail(error)


def _responding(request: ByobRequest) -> Any:
    if request.controller is None:
        raise invalid_state("This BYOB request has been invalidated")
    return request.controller


class _Request:
    @getter
    def view(this: Any) -> Any:
        return need(this, Request_).view

    @sized(1)
    def respond(this: Any, bytesWritten: Any = None) -> None:
        request = need(this, Request_)
        controller = _responding(request)
        if shim.get(shim.get(request.view, "buffer"), "detached"):
            raise invalid_state("Viewed ArrayBuffer is detached")
        number = shim.to_number(bytesWritten)
        if not 0 <= number < float("inf"):
            raise_value(invalid_value("bytesWritten", bytesWritten))
        controller.respond(int(number))

    @sized(1)
    def respondWithNewView(this: Any, view: Any = None) -> None:
        request = need(this, Request_)
        controller = _responding(request)
        _view(view, "view")
        if shim.get(shim.get(view, "buffer"), "detached"):
            raise invalid_state("Viewed ArrayBuffer is detached")
        controller.respond_with(view)


def _shown_request(request: ByobRequest) -> Any:
    found = request.controller
    return make(view=request.view, controller=None if found is None else found.js)


ReadableStream = interface(
    "ReadableStream", _Stream, _init_stream, statics=_Static, shown=_shown_stream
)
DefaultReader = interface(
    "ReadableStreamDefaultReader",
    _Reader,
    _init_reader,
    shown=_shown_reader("readRequests"),
    length=1,
)
ByobReader = interface(
    "ReadableStreamBYOBReader",
    _ByobReader,
    _init_byob,
    shown=_shown_reader("readIntoRequests"),
    length=1,
)
Controller = interface(
    "ReadableStreamDefaultController", _Controller, shown=lambda _: make()
)
BytesController = interface(
    "ReadableByteStreamController", _BytesController, shown=lambda _: make()
)
Request_ = interface("ReadableStreamBYOBRequest", _Request, shown=_shown_request)
hidden(
    ReadableStream.prototype,
    shim.Symbol.asyncIterator,
    shim.get(ReadableStream.prototype, "values"),
)
