"""Streams of the web over those of Node: ``toWeb``.

Source: Node's manual, chapters Stream and Web Streams.
"""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._errors import (
    invalid_type,
    invalid_value,
    need_object,
    node_error,
)
from napi.js.host._kit import function, is_object, make, option
from napi.js.host._stream_base import call_method
from napi.js.host._stream_end import end_of_stream
from napi.js.host._web_bytes import ByteController
from napi.js.host._web_kit import (
    high_water_mark,
    later_promise,
    read,
    size_of,
)
from napi.js.host._web_readable import wrapped as wrapped_readable
from napi.js.host._web_sink import Controller as SinkController
from napi.js.host._web_sink import Sink
from napi.js.host._web_source import (
    DefaultController,
    Stream,
    nothing,
)
from napi.js.host._web_writable import wrapped as wrapped_writable

__all__ = [
    "duplex_to_web",
    "readable_to_web",
    "writable_to_web",
]


def _aborted(error: Any) -> Any:
    """What the web says for an end that came too early."""
    if not is_object(error):
        return error
    code = shim.get(error, "code")
    if code == "ERR_STREAM_PREMATURE_CLOSE":
        return _abort_error(error)
    if isinstance(code, str) and code in _ZLIB:
        made = node_error("TypeError", code, "")
        shim.set(made, "cause", error)
        return made
    return error


_ZLIB = ("Z_DATA_ERROR", "Z_BUF_ERROR", "Z_STREAM_ERROR", "Z_NEED_DICT", "Z_MEM_ERROR")


def _abort_error(cause: Any = None) -> Any:
    made = node_error("Error", "ABORT_ERR", "The operation was aborted")
    shim.set(made, "name", "AbortError")
    if cause is not None:
        shim.define(made, "cause", value=cause, writable=True, configurable=True)
    return made


def _bytes_size(chunk: Any) -> Any:
    return shim.get(chunk, "byteLength")


def _source(stream: Any, given: Any, high: Any, byob: bool) -> tuple[Stream, Any]:
    web = Stream()
    if byob:
        return web, ByteController(web, high_water_mark(high, 0), None)
    strategy = read(given, "strategy")
    if strategy is not None and high is not None:
        limit = high_water_mark(read(strategy, "highWaterMark"), 1)
        return web, DefaultController(web, limit, size_of(read(strategy, "size")))
    objects = shim.get(stream, "readableObjectMode") is True
    measure = size_of(None) if objects or high is None else _bytes_size
    return web, DefaultController(web, high_water_mark(high, 1), measure)


def readable_to_web(stream: Any, options: Any = None) -> Any:
    """``Readable.toWeb``.

    Args:
        stream: A readable stream.
        options: ``strategy``, and ``type``: ``bytes`` for a stream of bytes.

    Raises:
        napi.TypeError: It is no readable stream.
    """
    state = shim.get(stream, "_readableState") if is_object(stream) else None
    if not is_object(state):
        raise invalid_type("streamReadable", "stream.Readable", stream)
    given = None if options is None else need_object(options, "options")
    kind = read(given, "type")
    if kind not in (None, "bytes"):
        reason = "must be one of: 'bytes', undefined"
        raise invalid_value("options.type", kind, reason)
    byob = kind == "bytes"
    alive = shim.get(stream, "readable") is True
    high = shim.get(stream, "readableHighWaterMark") if alive else None
    web, controller = _source(stream, given, high, byob)
    over = [False]

    def cancel(reason: Any) -> None:
        over[0] = True
        call_method(stream, "destroy", reason)

    def ended(error: Any = None, *_: Any) -> None:
        call_method(stream, "on", "error", function(nothing, "noop"))
        if over[0]:
            return
        over[0] = True
        error = _aborted(error)
        if error is not None and error is not shim.null:
            controller.fail(error)
            return
        controller.close()
        if byob and controller.pending:
            controller.respond(0)

    def data(chunk: Any = None, *_: Any) -> None:
        if over[0]:
            return
        if isinstance(chunk, shim.Buffer) and not objects:
            chunk = shim.Uint8Array(bytes(chunk))
        controller.enqueue(chunk)
        if (controller.wanted() or 0) <= 0:
            call_method(stream, "pause")

    objects = shim.get(stream, "readableObjectMode") is True
    if alive:
        controller.on_pull = lambda: call_method(stream, "resume")
    controller.on_cancel = cancel
    made = wrapped_readable(web)
    controller.begin(nothing)
    end_of_stream(stream, make(writable=False), ended)
    if alive:
        call_method(stream, "pause")
        call_method(stream, "on", "data", function(data, "onData"))
    return made


def _chunk_size(chunk: Any) -> Any:
    if is_object(chunk) or isinstance(chunk, str):
        for name in ("byteLength", "length"):
            found = shim.get(chunk, name)
            if found is not None:
                return found
    return 1


class _Bridge:
    """What a WritableStream over a writable stream of Node does."""

    def __init__(self, stream: Any, sink: Sink, controller: SinkController) -> None:
        self.stream, self.sink, self.controller = stream, sink, controller
        self.room: Any = None
        self.closing: Any = None
        controller.on_write, controller.on_close = self.write, self.close
        controller.on_abort = lambda reason: call_method(stream, "destroy", reason)
        end_of_stream(stream, make(readable=False), self.ended)
        call_method(stream, "on", "drain", function(self.drained, "onDrain"))

    def drained(self, *_: Any) -> None:
        """There is room again."""
        if self.room is not None:
            self.room._resolve(None)
            self.room = None

    def write(self, chunk: Any) -> Any:
        """Writes; a promise where there is no room."""
        if shim.get(self.stream, "writableNeedDrain") is not True and call_method(
            self.stream, "write", chunk
        ):
            return None
        self.room = later_promise()
        return self.room

    def close(self) -> Any:
        """Ends it; a promise."""
        if self.closing is None and shim.get(self.stream, "writableEnded") is not True:
            self.closing = later_promise()
        call_method(self.stream, "end")
        return self.closing

    def ended(self, error: Any = None, *_: Any) -> None:
        """The stream of Node is over."""
        call_method(self.stream, "on", "error", function(nothing, "noop"))
        error = _aborted(error)
        if error is not None and error is not shim.null:
            for waiting in (self.room, self.closing):
                if waiting is not None:
                    waiting._reject(error)
            self.fail(error)
        elif self.closing is not None:
            self.closing._resolve(None)
        else:
            self.fail(_abort_error())
        self.closing = None

    def fail(self, error: Any) -> None:
        """Errors the stream of the web, if it is open."""
        if self.sink.state == "writable":
            self.controller.fail(error)


def writable_to_web(stream: Any, options: Any = None) -> Any:
    """``Writable.toWeb``.

    Raises:
        napi.TypeError: It is no writable stream.
    """
    is_stream = is_object(stream) and callable(shim.get(stream, "write"))
    if not is_stream or not callable(shim.get(stream, "on")):
        raise invalid_type("streamWritable", "stream.Writable", stream)
    sink = Sink()
    high = shim.get(stream, "writableHighWaterMark")
    objects = shim.get(stream, "writableObjectMode") is True
    measure = size_of(None) if objects else _chunk_size
    controller = SinkController(sink, high_water_mark(high, 1), measure)
    made = wrapped_writable(sink)
    if shim.get(stream, "writable") is not True:
        controller.begin(nothing)
        sink.close()
        return made
    _Bridge(stream, sink, controller)
    controller.begin(nothing)
    return made


def duplex_to_web(stream: Any, options: Any = None) -> Any:
    """``Duplex.toWeb``: two streams of the web out of one of Node."""
    if not is_object(stream) or not is_object(shim.get(stream, "_readableState")):
        raise invalid_type("duplex", "stream.Duplex", stream)
    kind = option(options, "readableType", option(options, "type"))
    writable = writable_to_web(stream)
    readable = readable_to_web(stream, make() if kind is None else make(type=kind))
    return make(writable=writable, readable=readable)
