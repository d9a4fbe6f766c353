"""``stream``: Readable, Writable, Duplex, Transform, pipeline, finished."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from napi._native import shim
from napi.js.host import _stream_base as base
from napi.js.host import _stream_readable as readable
from napi.js.host import _stream_writable as writable
from napi.js.host._kit import (
    add_method,
    exports_of,
    function,
    is_object,
    klass,
    lazy,
    option,
)
from napi.js.host._stream_base import call_method, common_of
from napi.js.host._stream_end import end_of_stream, pipeline
from napi.runtime.builtin import hidden

__all__ = ["exports"]

_CALLBACK = shim.Symbol("kCallback")


def _init_duplex(this: Any, options: Any = None) -> None:
    readable.init(this, options, True)
    writable.init(this, options, True)
    half = option(options, "allowHalfOpen", True) is not False
    shim.set(this, "allowHalfOpen", half)
    for name, key in (("readable", readable), ("writable", writable)):
        if option(options, name, True) is False:
            if key is readable:
                state = readable.state_of(this)
                state.ended = state.end_emitted = True
            else:
                found = writable.state_of(this)
                found.ending = found.ended = found.finished = True


def _init_transform(this: Any, options: Any = None) -> None:
    _init_duplex(this, options)
    names = {"transform": "_transform", "flush": "_flush"}
    base.take_methods(this, options, names)
    readable.state_of(this).wants_readable = True


def _flush(this: Any, callback: Any) -> None:
    flush = shim.get(this, "_flush")
    if not callable(flush) or common_of(this).destroyed:
        call_method(this, "push", shim.null)
        shim.call(callback, None)
        return

    def done(error: Any = None, data: Any = None, *_: Any) -> None:
        if is_object(error):
            shim.call(callback, None, error)
            return
        if data is not None and data is not shim.null:
            call_method(this, "push", data)
        call_method(this, "push", shim.null)
        shim.call(callback, None)

    shim.call(flush, this, function(done))


class _Transform:
    def _transform(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
        raise base.missing_method("_transform()")

    def _write(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
        state, before = readable.state_of(this), readable.state_of(this).length
        written = writable.state_of(this)

        def done(error: Any = None, value: Any = None, *_: Any) -> None:
            if is_object(error):
                shim.call(callback, None, error)
                return
            if value is not None and value is not shim.null:
                call_method(this, "push", value)
            room = state.length < state.high
            if written.ended or before == state.length or room:
                shim.call(callback, None)
            else:
                hidden(this, _CALLBACK, callback)

        call_method(this, "_transform", chunk, encoding, function(done))

    def _read(this: Any, n: Any = None) -> None:
        callback = shim.get(this, _CALLBACK)
        if callable(callback):
            hidden(this, _CALLBACK, None)
            shim.call(callback, None)

    def _final(this: Any, callback: Any) -> None:
        _flush(this, callback)


class _PassThrough:
    def _transform(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
        shim.call(callback, None, shim.null, chunk)


def _own_members(prototype: Any, source: type) -> None:
    for name, member in vars(source).items():
        if not name.startswith("__"):
            add_method(prototype, name, member)


def _ended(stream: Any, callback: Any) -> Any:
    if not callable(callback):
        return None
    return lambda *arguments: shim.call(callback, stream, *arguments)


def _web(stream: Any) -> Any:
    """The state of a stream of the web; None for all else."""
    if not isinstance(stream, shim.Host):
        return None
    from napi.js.host._node_from_web import web_state

    return web_state(stream)


class _Module:
    @staticmethod
    def finished(stream: Any, options: Any = None, callback: Any = None) -> Any:
        if callable(options):
            options, callback = None, options
        stop = end_of_stream(stream, options, _ended(stream, callback))
        return function(lambda *_: stop(), "cleanup")

    @staticmethod
    def pipeline(*streams: Any) -> Any:
        given = list(streams)
        callback = given.pop() if given else None
        if not callable(callback) or callable(shim.get(callback, "pipe")):
            from napi.js.host._errors import invalid_type

            raise invalid_type("streams[stream.length - 1]", "function", callback)
        return pipeline(given, _ended(None, callback), None)

    @staticmethod
    def destroy(stream: Any, error: Any = None) -> Any:
        return base.destroy(stream, error)

    @staticmethod
    def addAbortSignal(signal: Any, stream: Any) -> Any:
        def abort(*_: Any) -> None:
            from napi.js.host.events import _abort_error

            base.destroy(stream, _abort_error(signal))

        if shim.get(signal, "aborted") is True:
            abort()
        else:
            call_method(signal, "addEventListener", "abort", function(abort))
        return stream

    @staticmethod
    def isReadable(stream: Any) -> Any:
        web = _web(stream)
        if web is not None:
            return web.state == "readable"
        return None if not is_object(stream) else shim.get(stream, "readable") is True

    @staticmethod
    def isWritable(stream: Any) -> Any:
        web = _web(stream)
        if web is not None:
            return web.state == "writable"
        return None if not is_object(stream) else shim.get(stream, "writable") is True

    @staticmethod
    def isErrored(stream: Any) -> bool:
        web = _web(stream)
        if web is not None:
            return bool(web.state == "errored")
        return is_object(stream) and common_of(stream).errored is not None

    @staticmethod
    def isDisturbed(stream: Any) -> bool:
        web = _web(stream)
        if web is not None:
            return bool(getattr(web, "disturbed", False))
        if not is_object(stream) or not shim.has_own(stream, readable.STATE):
            return False
        state = readable.state_of(stream)
        return state.read_before or state.end_emitted

    @staticmethod
    def isDestroyed(stream: Any) -> bool:
        return common_of(stream).destroyed

    @staticmethod
    def getDefaultHighWaterMark(objectMode: Any) -> int:
        return 16 if shim.to_boolean(objectMode) else readable._HIGH

    @staticmethod
    def setDefaultHighWaterMark(objectMode: Any, value: Any) -> None:
        if not shim.to_boolean(objectMode):
            readable._HIGH = writable._HIGH = int(shim.to_number(value))

    @staticmethod
    def compose(*streams: Any) -> Any:
        from napi.js.host._stream_duplex import compose

        return compose(*streams)


def _duplex_from(body: Any = None) -> Any:
    from napi.js.host._stream_duplex import duplex_from

    return duplex_from(body)


def _compose(this: Any, stream: Any, options: Any = None) -> Any:
    """``Readable.prototype.compose``: what a stream makes of this one."""
    made = _Module.compose(this, stream)
    signal = option(options, "signal")
    return made if signal is None else _Module.addAbortSignal(signal, made)


def _adapter(module: str, name: str) -> Any:
    """``toWeb`` or ``fromWeb``; the streams of the web come with the first call."""

    def adapt(stream: Any, options: Any = None) -> Any:
        found = import_module(f"napi.js.host.{module}")
        return getattr(found, name)(stream, options)

    return adapt


def _add_adapters(target: Any, kind: str) -> None:
    from_web = _adapter("_node_from_web", f"{kind}_from_web")
    hidden(target, "fromWeb", function(from_web, "fromWeb"))
    to_web = _adapter("_web_from_node", f"{kind}_to_web")
    hidden(target, "toWeb", function(to_web, "toWeb"))


def exports() -> Any:
    """The module: Stream itself, with the other classes as its statics."""
    made = base.base_class()
    reader, writer = readable.readable_class(), writable.writable_class()
    duplex = klass("Duplex", _init_duplex, parent=reader, call=True, length=1)
    writable.fill(shim.get(duplex, "prototype"))
    hidden(duplex, "from", function(_duplex_from, "from"))
    add_method(shim.get(reader, "prototype"), "compose", _compose)
    transform = klass("Transform", _init_transform, parent=duplex, call=True, length=1)
    _own_members(shim.get(transform, "prototype"), _Transform)
    passing = klass(
        "PassThrough", _init_transform, parent=transform, call=True, length=1
    )
    _own_members(shim.get(passing, "prototype"), _PassThrough)
    exports_of(_Module, made)
    names = ("Readable", "Writable", "Duplex", "Transform", "PassThrough")
    for name, one in zip(
        names, (reader, writer, duplex, transform, passing), strict=True
    ):
        shim.set(made, name, one)
    for kind, one in (("readable", reader), ("writable", writer), ("duplex", duplex)):
        _add_adapters(one, kind)
    shim.set(made, "Stream", made)
    lazy(made, "promises", _promises)
    return made


def _promises() -> Any:
    from napi.js.host import load

    return load("stream/promises")
