"""``Duplex.from`` and ``compose``: one duplex out of others, or of functions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from napi._native import shim
from napi.js.host import _stream_base as base
from napi.js.host._errors import invalid_type, invalid_value, node_error
from napi.js.host._kit import function, is_object, klass, make, put
from napi.js.host._stream_base import call_method, later
from napi.js.host._stream_end import end_of_stream, pipeline
from napi.js.host._stream_iterate import from_iterable, is_iterable
from napi.runtime.builtin import hidden
from napi.runtime.realm import kept

__all__ = ["compose", "duplex_from"]


def _load(name: str) -> Any:
    from napi.js.host import load

    return shim.get(load("stream"), name)


def _duplexify() -> Any:
    """The class of what is made here."""

    def build() -> Any:
        parent = _load("Duplex")

        def init(this: Any, options: Any = None) -> None:
            shim.call(parent, this, options)

        return klass("Duplexify", init, parent=parent, length=1)

    return kept("stream.Duplexify", build)


def _aborted() -> Any:
    error = node_error("Error", "ABORT_ERR", "The operation was aborted")
    error.name = "AbortError"
    return error


def _is_stream(value: Any) -> bool:
    return is_object(value) and callable(shim.get(value, "on"))


def _has(stream: Any, side: str) -> bool:
    """Whether a stream can be read, or written to."""
    return _is_stream(stream) and shim.get(stream, side) is True


def _leave(value: Any = None, *_: Any) -> Any:
    made = shim.Promise()
    made._resolve(make(value=value, done=True))
    return made


class _Feed:
    """What is written to a stream, as the iterator that a function is given."""

    def __init__(self) -> None:
        self.waiting: Any = None
        self.item: tuple[Any, bool, Any] | None = None
        self.error: Any = None

    def iterator(self) -> Any:
        found = put(shim.Object(), next=function(lambda *_: self.next(), "next"))
        shim.set(found, "return", function(_leave, "return"))
        itself = function(lambda *_: found, "[Symbol.asyncIterator]")
        shim.set(found, shim.Symbol.asyncIterator, itself)
        return found

    def next(self) -> Any:
        self.waiting = made = shim.Promise()
        self.settle()
        return made

    def settle(self) -> None:
        if self.waiting is None:
            return
        if self.error is not None:
            waiting, self.waiting = self.waiting, None
            waiting._reject(self.error)
        elif self.item is not None:
            waiting, self.waiting = self.waiting, None
            (chunk, done, callback), self.item = self.item, None
            later(callback)
            waiting._resolve(make(value=None if done else chunk, done=done))

    def options(self) -> Any:
        """Those of the stream that is written to."""

        def write(chunk: Any, encoding: Any, callback: Any) -> None:
            self.item = (chunk, False, lambda: shim.call(callback, None))
            self.settle()

        def final(callback: Any) -> None:
            self.item = (None, True, lambda: shim.call(callback, None))
            self.settle()

        def destroy(error: Any, callback: Any) -> None:
            self.error = error if is_object(error) else _aborted()
            self.settle()
            shim.call(callback, None, error)

        return make(
            objectMode=True,
            write=function(write),
            final=function(final),
            destroy=function(destroy),
        )


def _of_function(body: Any) -> Any:
    feed = _Feed()
    value = shim.call(body, None, feed.iterator(), make())
    if is_iterable(value):
        return from_iterable(value, feed.options(), _duplexify())
    if not is_object(value) or not callable(shim.get(value, "then")):
        kinds = ["Iterable", "AsyncIterable", "AsyncFunction"]
        raise node_error(
            "TypeError",
            "ERR_INVALID_RETURN_VALUE",
            f"Expected {', '.join(kinds[:2])} or {kinds[2]} to be returned from the "
            f'"body" function but got {shim.typeof(value)}.',
        )
    options = feed.options()
    final = shim.get(options, "final")
    outcome: list[Any] = []

    def done(result: Any = None, *_: Any) -> None:
        if result is not None and result is not shim.null:
            text = 'Expected nully to be returned from the "body" function'
            failed(node_error("TypeError", "ERR_INVALID_RETURN_VALUE", text))
            return
        outcome.append(None)

    def failed(error: Any = None, *_: Any) -> None:
        outcome.append(error)
        base.destroy(made, error)

    settled = call_method(value, "then", function(done), function(failed))

    def finish(callback: Any) -> None:
        def wait(*_: Any) -> None:
            after = function(lambda *_: shim.call(callback, None, *outcome[:1]))
            call_method(settled, "then", after)

        shim.call(final, None, function(wait))

    put(options, readable=False, final=function(finish))
    made = shim.construct(_duplexify(), options)
    return made


def _of_promise(promise: Any) -> Any:
    given = make(objectMode=True, writable=False, read=function(lambda *_: None))
    made = shim.construct(_duplexify(), given)

    def done(value: Any = None, *_: Any) -> None:
        if value is not None and value is not shim.null:
            call_method(made, "push", value)
        call_method(made, "push", shim.null)

    def failed(error: Any = None, *_: Any) -> None:
        base.destroy(made, error)

    call_method(promise, "then", function(done), function(failed))
    return made


class _Pair:
    """A stream that is written to and one that is read, as one.

    Args:
        reader: What is read; None: nothing.
        writer: What is written to; None: nothing.
        made: Their duplex.
    """

    def __init__(self, reader: Any, writer: Any, made: Any) -> None:
        self.reader, self.writer, self.made = reader, writer, made
        self.open = {"readable": reader is not None, "writable": writer is not None}
        self.waits: dict[str, Any] = {}
        self.closing: Callable[..., Any] | None = None
        self.is_closed = False
        hidden(
            made, "_destroy", function(lambda error, done: self.destroy(error, done))
        )
        if writer is not None:
            self.connect_writer(writer)
        if reader is not None:
            self.connect_reader(reader)

    def on(self, stream: Any, event: str, act: Callable[[], Any]) -> None:
        call_method(stream, "on", event, function(lambda *_: act(), event))

    def resume(self, name: str) -> None:
        callback = self.waits.pop(name, None)
        if callback is not None:
            callback()

    def watch(self, stream: Any, side: str) -> None:
        def ended(error: Any = None, *_: Any) -> None:
            self.open[side] = False
            if is_object(error) and self.reader is not None:
                base.destroy(self.reader, error)
            self.finished(error)

        other = "writable" if side == "readable" else "readable"
        options = make()
        shim.set(options, other, False)
        end_of_stream(stream, options, ended)

    def connect_writer(self, writer: Any) -> None:
        def write(chunk: Any, encoding: Any, callback: Any) -> None:
            if call_method(writer, "write", chunk, encoding) is False:
                self.waits["drain"] = lambda: shim.call(callback, None)
            else:
                shim.call(callback, None)

        def final(callback: Any) -> None:
            call_method(writer, "end")
            self.waits["finish"] = lambda: shim.call(callback, None)

        self.watch(writer, "writable")
        hidden(self.made, "_write", function(write))
        hidden(self.made, "_final", function(final))
        for event in ("drain", "finish"):
            self.on(writer, event, partial(self.resume, event))

    def connect_reader(self, reader: Any) -> None:
        def read(*_: Any) -> None:
            while True:
                chunk = call_method(reader, "read")
                if chunk is shim.null:
                    self.waits["readable"] = read
                    return
                if not call_method(self.made, "push", chunk):
                    return

        self.watch(reader, "readable")
        hidden(self.made, "_read", function(read))
        self.on(reader, "readable", lambda: self.resume("readable"))
        self.on(reader, "end", lambda: call_method(self.made, "push", shim.null))

    def finished(self, error: Any) -> None:
        callback, self.closing = self.closing, None
        if callback is not None:
            self.is_closed = True
            callback(error)
        elif is_object(error):
            self.is_closed = True
            base.destroy(self.made, error)

    def destroy(self, error: Any, callback: Any) -> None:
        self.waits.clear()
        if self.is_closed or not any(self.open.values()):
            shim.call(callback, None, error)
            return
        if not is_object(error):
            error = _aborted()

        def close(found: Any = None) -> None:
            shim.call(callback, None, found if is_object(found) else error)

        self.closing = close
        for stream in (self.writer, self.reader):
            if stream is not None:
                base.destroy(stream, error)


def _pair(reader: Any, writer: Any, kind: Any = None) -> Any:
    def mode(stream: Any, name: str) -> bool:
        return stream is not None and shim.get(stream, name) is True

    options = make(
        readableObjectMode=mode(reader, "readableObjectMode"),
        writableObjectMode=mode(writer, "writableObjectMode"),
        readable=reader is not None,
        writable=writer is not None,
    )
    made = shim.construct(_duplexify() if kind is None else kind, options)
    _Pair(reader, writer, made)
    return made


def _adapted(value: Any) -> Any:
    from napi.js.host._node_from_web import adapted

    return adapted(value) if isinstance(value, shim.Host) else value


def duplex_from(body: Any = None) -> Any:
    """``Duplex.from``.

    Args:
        body: A stream, an iterable, a promise, a function, or a pair of streams.

    Raises:
        napi.TypeError: None of them.
    """
    if isinstance(body, shim.Host):
        if callable(shim.get(body, "arrayBuffer")):
            return duplex_from(call_method(body, "arrayBuffer"))
        body = _adapted(body)
    if _is_stream(body):
        reads, writes = _has(body, "readable"), _has(body, "writable")
        if reads and writes:
            return body
        return _pair(body if reads else None, body if writes else None)
    if callable(body):
        return _of_function(body)
    if is_iterable(body):
        return from_iterable(body, make(objectMode=True, writable=False), _duplexify())
    if is_object(body):
        found = [_adapted(shim.get(body, key)) for key in ("readable", "writable")]
        sides = [
            None if one is None else one if _is_stream(one) else duplex_from(one)
            for one in found
        ]
        if any(one is not None for one in sides):
            return _pair(*sides)
        if callable(shim.get(body, "then")):
            return _of_promise(body)
    kinds = ["Blob", "ReadableStream", "WritableStream", "Stream", "Iterable"]
    kinds += ["AsyncIterable", "Function", "{ readable, writable } pair", "Promise"]
    raise invalid_type("body", kinds, body)


def compose(*streams: Any) -> Any:
    """``stream.compose``: a duplex that writes to the first and reads the last.

    Raises:
        napi.TypeError: One of them is no stream, or cannot be where it is.
    """
    if not streams:
        text = 'The "streams" argument must be specified'
        raise node_error("TypeError", "ERR_MISSING_ARGS", text)
    if len(streams) == 1:
        return duplex_from(streams[0])
    given = [_adapted(one) for one in streams]
    for index in (0, len(given) - 1):
        if not _is_stream(given[index]):
            given[index] = duplex_from(given[index])
    for index, one in enumerate(given):
        if not _is_stream(one):
            continue
        if index < len(given) - 1 and not _has(one, "readable"):
            raise invalid_value(f"streams[{index}]", streams[index], "must be readable")
        if index and not _has(one, "writable"):
            raise invalid_value(f"streams[{index}]", streams[index], "must be writable")
    head, tail = given[0], given[-1]
    made = _pair(
        tail if _has(tail, "readable") else None,
        head if _has(head, "writable") else None,
        _load("Duplex"),
    )

    def done(error: Any = None, *_: Any) -> None:
        if is_object(error):
            base.destroy(made, error)

    pipeline(given, done, None)
    return made
