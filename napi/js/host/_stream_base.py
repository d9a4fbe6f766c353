"""What readable and writable streams share: the base class, and being destroyed."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host import _emitter
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import function, get, is_object, klass, option
from napi.runtime.builtin import hidden
from napi.runtime.realm import kept

__all__ = [
    "Common",
    "base_class",
    "call_method",
    "chunk_of",
    "destroy",
    "emit",
    "later",
]

COMMON = shim.Symbol("kState")


def emit(this: Any, event: str, *arguments: Any) -> Any:
    """``this.emit(event, ...)``, which a program may have replaced."""
    return shim.call(shim.get(this, "emit"), this, event, *arguments)


def call_method(this: Any, name: str, *arguments: Any) -> Any:
    """``this[name](...)``."""
    return shim.call(shim.get(this, name), this, *arguments)


def later(act: Any) -> None:
    """Runs something when the program has returned: ``process.nextTick``."""
    shim.queue_tick(act)


class Common:
    """What is known of a stream, whichever way it flows."""

    def __init__(self, options: Any) -> None:
        self.destroyed = self.closed = self.close_emitted = False
        self.errored: Any = None
        self.error_emitted = False
        self.auto_destroy = option(options, "autoDestroy", True) is not False
        self.emit_close = option(options, "emitClose", True) is not False
        self.constructed = True
        self.waiting: list[Any] = []


def common_of(this: Any, options: Any = None) -> Common:
    """The common state of a stream; made when it is first asked for."""
    found = shim.get(this, COMMON) if shim.has_own(this, COMMON) else None
    if found is None:
        found = Common(options)
        hidden(this, COMMON, found)
    return found


def take_methods(this: Any, options: Any, names: dict[str, str]) -> None:
    """Methods that were given as options: ``{ read() {} }``."""
    for name, method in names.items():
        found = option(options, name)
        if callable(found):
            shim.set(this, method, found)


def begin(this: Any, common: Common) -> None:
    """Runs ``_construct``, where the stream has one."""
    construct = shim.get(this, "_construct")
    if not callable(construct):
        return
    common.constructed = False

    def done(error: Any = None, *_: Any) -> None:
        common.constructed = True
        if is_object(error):
            destroy(this, error)
            return
        waiting, common.waiting = common.waiting, []
        for act in waiting:
            act()

    later(lambda: shim.call(construct, this, function(done)))


def destroy(this: Any, error: Any = None, callback: Any = None) -> Any:
    """Ends a stream at once: ``_destroy``, then ``error`` and ``close``."""
    common = common_of(this)
    if common.destroyed:
        if callable(callback):
            callback()
        return this
    common.destroyed = True
    reason = error if is_object(error) else None
    if reason is not None:
        common.errored = reason

    def closed(failure: Any = None, *_: Any) -> None:
        final = failure if is_object(failure) else reason
        if final is not None:
            common.errored = final
        common.closed = True
        if callable(callback):
            callback(final)
        later(lambda: _announce(this, common, final))

    act = shim.get(this, "_destroy")
    given = shim.null if reason is None else reason
    if callable(act):
        try:
            shim.call(act, this, given, function(closed))
        except Exception as failure:
            from napi.js.host._kit import thrown_value

            closed(thrown_value(failure))
    else:
        closed(reason)
    return this


def _announce(this: Any, common: Common, error: Any) -> None:
    try:
        if error is not None and not common.error_emitted:
            common.error_emitted = True
            emit(this, "error", error)
    finally:
        if common.emit_close and not common.close_emitted:
            common.close_emitted = True
            emit(this, "close")


def fail(this: Any, error: Any) -> None:
    """An error of the stream's own: it is destroyed, or only says so."""
    common = common_of(this)
    if common.auto_destroy:
        destroy(this, error)
    elif not common.error_emitted:
        common.errored, common.error_emitted = error, True
        later(lambda: emit(this, "error", error))


def chunk_of(chunk: Any, encoding: Any, decode_texts: bool = True) -> Any:
    """A chunk of a stream of bytes: texts become Buffers.

    Raises:
        napi.TypeError: It is neither a text nor bytes.
    """
    if isinstance(chunk, str):
        if not decode_texts:
            return chunk
        from napi.runtime.buffer import from_

        return from_(chunk, encoding if isinstance(encoding, str) else "utf8")
    if isinstance(chunk, shim.Buffer):
        return chunk
    if isinstance(chunk, shim.TypedArray):
        offset, size = shim.get(chunk, "byteOffset"), shim.get(chunk, "byteLength")
        return shim.Buffer(shim.get(chunk, "buffer"), offset, size)
    if isinstance(chunk, (bytes, bytearray)):
        return shim.Buffer(chunk)
    wanted = ["string", "Buffer", "TypedArray", "DataView"]
    raise invalid_type("chunk", wanted, chunk)


def missing_method(name: str) -> Any:
    """``ERR_METHOD_NOT_IMPLEMENTED``."""
    text = f"The {name} method is not implemented"
    return node_error("Error", "ERR_METHOD_NOT_IMPLEMENTED", text)


def _legacy_pipe(this: Any, dest: Any, options: Any = None) -> Any:
    def on_data(chunk: Any = None, *_: Any) -> None:
        if call_method(dest, "write", chunk) is False and callable(get(this, "pause")):
            call_method(this, "pause")

    def on_drain(*_: Any) -> None:
        if shim.to_boolean(get(this, "readable")) and callable(get(this, "resume")):
            call_method(this, "resume")

    def on_end(*_: Any) -> None:
        call_method(dest, "end")

    call_method(this, "on", "data", function(on_data, "ondata"))
    call_method(dest, "on", "drain", function(on_drain, "ondrain"))
    if option(options, "end", True) is not False:
        call_method(this, "on", "end", function(on_end, "onend"))
    emit(dest, "pipe", this)
    return dest


def _init(this: Any, options: Any = None) -> None:
    _emitter.init(this, options)


class _Members:
    def pipe(this: Any, dest: Any, options: Any = None) -> Any:
        return _legacy_pipe(this, dest, options)


def base_class() -> Any:
    """The class Stream of this realm."""
    return kept("stream.Stream", _make)


def _make() -> Any:
    parent = _emitter.emitter_class()
    return klass("Stream", _init, _Members, parent=parent, call=True)


class DestroyMembers:
    """The methods that all streams have."""

    def destroy(this: Any, error: Any = None, cb: Any = None) -> Any:
        return destroy(this, error, cb)

    def _destroy(this: Any, error: Any, callback: Any) -> None:
        shim.call(callback, this, error)
