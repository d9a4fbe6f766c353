"""Streams of Node over those of the web: ``fromWeb``.

Source: Node's manual, chapters Stream and Web Streams.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host import _stream_base as base
from napi.js.host._errors import (
    invalid_type,
    need_boolean,
    need_object,
    node_error,
)
from napi.js.host._kit import function, make, thrown_value
from napi.js.host._stream_base import call_method
from napi.js.host._web_kit import (
    react,
    read,
)
from napi.js.host._web_readable import ReadableStream
from napi.js.host._web_sink import Sink, Writer
from napi.js.host._web_source import (
    Reader,
    Request,
    Stream,
)
from napi.js.host._web_writable import WritableStream

__all__ = [
    "adapted",
    "duplex_from_web",
    "readable_from_web",
    "watch_end",
    "web_state",
    "writable_from_web",
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
        objects = shim.get(self.stream, "writableObjectMode") is True
        if isinstance(chunk, str) and not objects:
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
