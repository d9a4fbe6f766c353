"""Between the streams of Node and those of the web: ``toWeb`` and ``fromWeb``.

Source: Node's manual, chapters Stream and Web Streams.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host import _stream_base as base
from napi.js.host._errors import (
    invalid_type,
    invalid_value,
    need_boolean,
    need_object,
    node_error,
)
from napi.js.host._kit import function, is_object, make, option, thrown_value
from napi.js.host._stream_base import call_method
from napi.js.host._stream_end import end_of_stream
from napi.js.host._web_bytes import ByteController
from napi.js.host._web_kit import (
    high_water_mark,
    later_promise,
    react,
    read,
    size_of,
)
from napi.js.host._web_readable import ReadableStream
from napi.js.host._web_readable import wrapped as wrapped_readable
from napi.js.host._web_sink import Controller as SinkController
from napi.js.host._web_sink import Sink, Writer
from napi.js.host._web_source import (
    DefaultController,
    Reader,
    Request,
    Stream,
    nothing,
)
from napi.js.host._web_writable import WritableStream
from napi.js.host._web_writable import wrapped as wrapped_writable

__all__ = [
    "adapted",
    "duplex_from_web",
    "duplex_to_web",
    "readable_from_web",
    "readable_to_web",
    "watch_end",
    "web_state",
    "writable_from_web",
    "writable_to_web",
]


def web_state(value: Any) -> Any:
    """The state of a stream of the web; None for all else."""
    if isinstance(value, (ReadableStream, WritableStream)):
        return value.__state__
    return None


def watch_end(state: Any, callback: Callable[..., Any]) -> None:
    """Calls back when a stream of the web closes or fails."""

    def check() -> None:
        if state.state == "closed":
            base.later(callback)
        elif state.state == "errored":
            base.later(lambda: callback(state.stored))
        else:
            state.watchers.append(check)

    check()


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


def _class(name: str) -> Any:
    from napi.js.host import load

    return shim.get(load("stream"), name)


def _settings(options: Any, *names: str) -> Any:
    given = None if options is None else need_object(options, "options")
    made = shim.Object()
    for name in names:
        found = read(given, name)
        if found is not None:
            shim.set(made, name, found)
    mode = shim.get(made, "objectMode")
    if mode is not None:
        need_boolean(mode, "options.objectMode")
    return made


def _once_done(callback: Any, error: Any) -> Callable[..., None]:
    def done(value: Any = None) -> None:
        shim.call(callback, None, error)

    return done


class _Source:
    """The web's half of a readable stream of Node."""

    def __init__(self, web: Stream) -> None:
        self.reader, self.closed = Reader(web), False
        self.stream: Any = None

    def watch(self) -> None:
        """An error of the one is one of the other."""

        def ended(value: Any = None) -> None:
            self.closed = True

        def failed(error: Any = None) -> None:
            self.closed = True
            base.destroy(self.stream, error)

        react(self.reader.closed, ended, failed)

    def read(self) -> None:
        """Reads one chunk; it comes in a microtask."""

        def chunk(value: Any) -> None:
            shim.queue_microtask(lambda: call_method(self.stream, "push", value))

        def close(value: Any = None) -> None:
            call_method(self.stream, "push", shim.null)

        def fail(error: Any) -> None:
            base.destroy(self.stream, error)

        self.reader.read(Request(chunk, close, fail))

    def leave(self, error: Any) -> Any:
        """Gives the stream up; a promise, or None: it is over."""
        return None if self.closed else self.reader.cancel(error)


class _Target:
    """The web's half of a writable stream of Node."""

    def __init__(self, web: Sink) -> None:
        self.writer, self.closed = Writer(web), False
        self.stream: Any = None

    def watch(self) -> None:
        """An error of the one is one of the other."""

        def ended(value: Any = None) -> None:
            self.closed = True
            if shim.get(self.stream, "writableEnded") is not True:
                base.destroy(self.stream, _premature())

        def failed(error: Any = None) -> None:
            self.closed = True
            base.destroy(self.stream, error)

        react(self.writer.closed, ended, failed)

    def write(self, chunk: Any, encoding: Any, callback: Any) -> None:
        """Writes one chunk, when there is room."""
        if isinstance(chunk, str) and not objects_of(self.stream):
            from napi.runtime.buffer import encode

            chunk = shim.Buffer(encode(chunk, str(encoding)))

        def failed(error: Any = None) -> None:
            shim.call(callback, None, error)

        def go(value: Any = None) -> None:
            try:
                done = self.writer.write(chunk)
            except Exception as error:
                failed(thrown_value(error))
                return
            react(done, lambda value=None: shim.call(callback, None), failed)

        react(self.writer.ready, go, failed)

    def final(self, callback: Any) -> None:
        """Closes it."""
        if self.closed:
            shim.call(callback, None)
            return

        def failed(error: Any = None) -> None:
            shim.call(callback, None, error)

        done = self.writer.close_once()
        react(done, lambda value=None: shim.call(callback, None), failed)

    def leave(self, error: Any) -> Any:
        """Gives the stream up; a promise, or None: it is over."""
        if self.closed or self.writer.stream is None:
            return None
        if error is not None and error is not shim.null:
            return self.writer.stream.abort(error)
        return self.writer.close_once()


def objects_of(stream: Any) -> bool:
    """Whether it takes any values."""
    return shim.get(stream, "writableObjectMode") is True


def _premature() -> Any:
    return node_error("Error", "ERR_STREAM_PREMATURE_CLOSE", "Premature close")


def _destroyer(*halves: Any) -> Any:
    def destroy(this: Any, error: Any, callback: Any) -> None:
        done = _once_done(callback, error)
        waits = [found for found in (one.leave(error) for one in halves) if found]
        if not waits:
            done()
            return
        promise = shim.get(shim.get_global(), "Promise")
        settled = shim.get(promise, "allSettled")
        react(shim.call(settled, promise, shim.Array(waits)), done, done)

    return function(destroy, "destroy", this=True)


def readable_from_web(stream: Any, options: Any = None) -> Any:
    """``Readable.fromWeb``.

    Args:
        stream: A ReadableStream.
        options: ``encoding``, ``highWaterMark``, ``objectMode``, ``signal``.

    Raises:
        napi.TypeError: It is none, or it is locked.
    """
    if not isinstance(stream, ReadableStream):
        raise invalid_type("readableStream", "ReadableStream", stream)
    given = _settings(options, "highWaterMark", "encoding", "objectMode", "signal")
    half = _Source(stream.__state__)
    shim.set(given, "read", function(lambda n=None: half.read(), "read"))
    shim.set(given, "destroy", _destroyer(half))
    half.stream = shim.construct(_class("Readable"), given)
    half.watch()
    return half.stream


def writable_from_web(stream: Any, options: Any = None) -> Any:
    """``Writable.fromWeb``.

    Args:
        stream: A WritableStream.
        options: ``decodeStrings``, ``highWaterMark``, ``objectMode``, ``signal``.

    Raises:
        napi.TypeError: It is none, or it is locked.
    """
    if not isinstance(stream, WritableStream):
        raise invalid_type("writableStream", "WritableStream", stream)
    given = _settings(options, "highWaterMark", "decodeStrings", "objectMode", "signal")
    half = _Target(stream.__state__)
    _add_target(given, half)
    shim.set(given, "destroy", _destroyer(half))
    half.stream = shim.construct(_class("Writable"), given)
    half.watch()
    return half.stream


def _add_target(given: Any, half: _Target) -> None:
    def write(chunk: Any, encoding: Any, callback: Any) -> None:
        half.write(chunk, encoding, callback)

    def final(callback: Any) -> None:
        half.final(callback)

    shim.set(given, "write", function(write))
    shim.set(given, "final", function(final))


def duplex_from_web(pair: Any, options: Any = None) -> Any:
    """``Duplex.fromWeb``: one stream of Node out of two of the web."""
    need_object(pair, "pair")
    out, into = shim.get(pair, "readable"), shim.get(pair, "writable")
    if not isinstance(out, ReadableStream):
        raise invalid_type("pair.readable", "ReadableStream", out)
    if not isinstance(into, WritableStream):
        raise invalid_type("pair.writable", "WritableStream", into)
    names = ("highWaterMark", "encoding", "objectMode", "signal", "decodeStrings")
    given = _settings(options, *names, "allowHalfOpen")
    target, source = _Target(into.__state__), _Source(out.__state__)
    if shim.get(given, "objectMode") is True:
        shim.set(given, "readableObjectMode", True)
    _add_target(given, target)
    shim.set(given, "read", function(lambda n=None: source.read(), "read"))
    shim.set(given, "destroy", _destroyer(target, source))
    source.stream = target.stream = shim.construct(_class("Duplex"), given)
    target.watch()
    source.watch()
    return source.stream


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
    measure = size_of(None) if objects_of(stream) else _chunk_size
    controller = SinkController(sink, high_water_mark(high, 1), measure)
    made = wrapped_writable(sink)
    if shim.get(stream, "writable") is not True:
        controller.begin(nothing)
        sink.close()
        return made
    _Bridge(stream, sink, controller)
    controller.begin(nothing)
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


def duplex_to_web(stream: Any, options: Any = None) -> Any:
    """``Duplex.toWeb``: two streams of the web out of one of Node."""
    if not is_object(stream) or not is_object(shim.get(stream, "_readableState")):
        raise invalid_type("duplex", "stream.Duplex", stream)
    kind = option(options, "readableType", option(options, "type"))
    writable = writable_to_web(stream)
    readable = readable_to_web(stream, make() if kind is None else make(type=kind))
    return make(writable=writable, readable=readable)


def adapted(value: Any) -> Any:
    """A stream of Node for one of the web, or a pair of them; else the value."""
    if isinstance(value, ReadableStream):
        return readable_from_web(value, make(objectMode=True))
    if isinstance(value, WritableStream):
        return writable_from_web(value, make(objectMode=True))
    out = shim.get(value, "readable") if isinstance(value, shim.Host) else None
    if isinstance(out, ReadableStream):
        return duplex_from_web(value, make(objectMode=True))
    return value
