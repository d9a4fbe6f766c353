"""Writable streams: written, corked, finished (Node.js, Stream)."""

from __future__ import annotations

from collections import deque
from typing import Any

from napi._native import shim
from napi.js.host import _stream_base as base
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import add_method, function, is_object, klass, make, option
from napi.js.host._stream_base import call_method, common_of, emit, later
from napi.runtime.builtin import accessor, hidden
from napi.runtime.realm import kept

__all__ = ["fill", "init", "writable_class"]

STATE = shim.Symbol("kWritable")
_HIGH = 64 * 1024


class State:
    """What is known of the writable side of a stream."""

    def __init__(self, options: Any, is_duplex: bool) -> None:
        names = ("writableObjectMode", "objectMode") if is_duplex else ("objectMode",)
        self.objects = any(option(options, name) is True for name in names)
        default = 16 if self.objects else _HIGH
        high = option(options, "writableHighWaterMark") if is_duplex else None
        high = option(options, "highWaterMark", default) if high is None else high
        self.high = int(high)
        self.decodes = option(options, "decodeStrings", True) is not False
        self.encoding: Any = option(options, "defaultEncoding", "utf8")
        self.queue: deque[tuple[Any, Any, Any]] = deque()
        self.length = self.corked = 0
        self.writing = self.needs_drain = self.in_call = False
        self.ending = self.ended = self.finished = self.finalizing = False
        self.on_finish: list[Any] = []

    def size(self, chunk: Any) -> int:
        return 1 if self.objects else len(chunk)


def state_of(this: Any, options: Any = None, is_duplex: bool = False) -> State:
    """The state of a stream."""
    found = shim.get(this, STATE) if shim.has_own(this, STATE) else None
    if found is None:
        found = State(options, is_duplex)
        hidden(this, STATE, found)
    return found


_METHODS = {
    "write": "_write",
    "writev": "_writev",
    "destroy": "_destroy",
    "final": "_final",
    "construct": "_construct",
}


def init(this: Any, options: Any = None, is_duplex: bool = False) -> None:
    """The constructor of Writable."""
    if not is_duplex:
        base._init(this, options)
    common_of(this, options)
    state_of(this, options, is_duplex)
    base.take_methods(this, options, _METHODS)
    base.begin(this, common_of(this))


def _refused(this: Any, error: Any, callback: Any) -> Any:
    if callable(callback):
        later(lambda: shim.call(callback, this, error))
    common = common_of(this)
    if shim.get(error, "code") != "ERR_STREAM_DESTROYED" or not common.destroyed:
        base.fail(this, error)
    return error


def _problem(this: Any, state: State) -> Any:
    if state.ending:
        return node_error("Error", "ERR_STREAM_WRITE_AFTER_END", "write after end")
    if common_of(this).destroyed:
        text = "Cannot call write after a stream was destroyed"
        return node_error("Error", "ERR_STREAM_DESTROYED", text)
    return None


def write(this: Any, chunk: Any, encoding: Any = None, callback: Any = None) -> bool:
    """``write``: whether the stream takes more at once."""
    state = state_of(this)
    if callable(encoding):
        encoding, callback = None, encoding
    if encoding is None or encoding is shim.null:
        encoding = state.encoding
    if chunk is shim.null:
        text = "May not write null values to stream"
        raise node_error("TypeError", "ERR_STREAM_NULL_VALUES", text)
    if not state.objects:
        was_text = isinstance(chunk, str)
        chunk = base.chunk_of(chunk, encoding, state.decodes)
        encoding = encoding if was_text and not state.decodes else "buffer"
    problem = _problem(this, state)
    if problem is not None:
        _refused(this, problem, callback)
        return False
    state.length += state.size(chunk)
    fits = state.length < state.high
    if not fits:
        state.needs_drain = True
    if state.writing or state.corked or not common_of(this).constructed:
        state.queue.append((chunk, encoding, callback))
        if not common_of(this).constructed and len(state.queue) == 1:
            common_of(this).waiting.append(lambda: _next(this, state))
    else:
        _write(this, state, [(chunk, encoding, callback)])
    return fits and not common_of(this).errored


def _write(this: Any, state: State, items: list[tuple[Any, Any, Any]]) -> None:
    """Hands chunks to the program's own method, and waits for its answer."""
    state.writing = state.in_call = True
    answered = False

    def done(error: Any = None, *_: Any) -> None:
        nonlocal answered
        if answered:
            text = "Callback called multiple times"
            base.fail(this, node_error("Error", "ERR_MULTIPLE_CALLBACK", text))
            return
        answered = True
        state.length -= sum(state.size(chunk) for chunk, _, _ in items)
        if state.in_call:
            later(lambda: _written(this, state, items, error))
            state.writing = False
        else:
            state.writing = False
            _written(this, state, items, error)

    callback = function(done, "onwrite")
    try:
        if len(items) > 1:
            chunks = shim.Array(
                [make(chunk=c, encoding=e, callback=cb) for c, e, cb in items]
            )
            call_method(this, "_writev", chunks, callback)
        elif not callable(shim.get(this, "_write")):
            chunks = shim.Array([make(chunk=items[0][0], encoding=items[0][1])])
            call_method(this, "_writev", chunks, callback)
        else:
            call_method(this, "_write", items[0][0], items[0][1], callback)
    finally:
        state.in_call = False
    if answered and not common_of(this).errored:
        _next(this, state)


def _written(
    this: Any, state: State, items: list[tuple[Any, Any, Any]], error: Any
) -> None:
    if is_object(error):
        for _, _, callback in items:
            if callable(callback):
                shim.call(callback, this, error)
        base.fail(this, error)
        return
    drained = state.needs_drain and not state.length and not state.ending
    if drained and not common_of(this).destroyed:
        state.needs_drain = False
        emit(this, "drain")
    for _, _, callback in items:
        if callable(callback):
            shim.call(callback, this, shim.null)
    if not state.writing:
        _next(this, state)
    _finish(this, state)


def _next(this: Any, state: State) -> None:
    """Writes what has been waiting."""
    if state.writing or state.corked or common_of(this).destroyed:
        return
    if not state.queue:
        return
    if len(state.queue) > 1 and callable(shim.get(this, "_writev")):
        items = list(state.queue)
        state.queue.clear()
        _write(this, state, items)
    else:
        _write(this, state, [state.queue.popleft()])


def end(
    this: Any, chunk: Any = None, encoding: Any = None, callback: Any = None
) -> Any:
    """``end``: nothing more will be written."""
    state = state_of(this)
    if callable(chunk):
        chunk, callback = None, chunk
    elif callable(encoding):
        encoding, callback = None, encoding
    problem = None
    if chunk is not None and chunk is not shim.null:
        write(this, chunk, encoding)
    if state.corked:
        state.corked = 1
        uncork(this)
    if state.finished:
        text = "Cannot call end after a stream was finished"
        problem = node_error("Error", "ERR_STREAM_ALREADY_FINISHED", text)
    elif common_of(this).destroyed:
        text = "Cannot call end after a stream was destroyed"
        problem = node_error("Error", "ERR_STREAM_DESTROYED", text)
    if callable(callback):
        if problem is not None:
            later(lambda: shim.call(callback, this, problem))
        else:
            state.on_finish.append(callback)
    if not state.ending and problem is None:
        state.ending = True
        _finish(this, state)
        state.ended = True
    return this


def _finish(this: Any, state: State) -> None:
    common = common_of(this)
    if (
        not state.ending
        or state.finished
        or state.finalizing
        or state.length
        or state.queue
        or state.writing
        or common.destroyed
        or common.errored
    ):
        return
    if not common.constructed:
        common.waiting.append(lambda: _finish(this, state))
        return
    state.finalizing = True
    final = shim.get(this, "_final")
    if not callable(final):
        emit(this, "prefinish")
        later(lambda: _finished(this, state))
        return

    def done(error: Any = None, *_: Any) -> None:
        if is_object(error):
            for callback in state.on_finish:
                shim.call(callback, this, error)
            state.on_finish.clear()
            base.fail(this, error)
        else:
            emit(this, "prefinish")
            later(lambda: _finished(this, state))

    try:
        shim.call(final, this, function(done))
    except Exception as error:
        from napi.js.host._kit import thrown_value

        done(thrown_value(error))


def _finished(this: Any, state: State) -> None:
    common = common_of(this)
    if state.finished or common.errored or common.closed:
        return
    state.finished = True
    callbacks, state.on_finish = state.on_finish, []
    for callback in callbacks:
        shim.call(callback, this)
    emit(this, "finish")
    from napi.js.host._stream_readable import STATE as READABLE

    readable = shim.get(this, READABLE) if shim.has_own(this, READABLE) else None
    if common.auto_destroy and (readable is None or readable.end_emitted):
        base.destroy(this)


def uncork(this: Any) -> None:
    """``uncork``."""
    state = state_of(this)
    if state.corked:
        state.corked -= 1
        if not state.writing:
            _next(this, state)


class Members(base.DestroyMembers):
    """The methods of Writable.prototype."""

    def write(this: Any, chunk: Any, encoding: Any = None, cb: Any = None) -> bool:
        return write(this, chunk, encoding, cb)

    def _write(this: Any, chunk: Any, encoding: Any, cb: Any) -> None:
        if callable(shim.get(this, "_writev")):
            chunks = shim.Array([make(chunk=chunk, encoding=encoding)])
            call_method(this, "_writev", chunks, cb)
            return
        raise base.missing_method("_write()")

    def end(this: Any, chunk: Any = None, encoding: Any = None, cb: Any = None) -> Any:
        return end(this, chunk, encoding, cb)

    def cork(this: Any) -> None:
        state_of(this).corked += 1

    def uncork(this: Any) -> None:
        uncork(this)

    def setDefaultEncoding(this: Any, encoding: Any) -> Any:
        from napi.runtime.buffer_text import is_encoding

        if not is_encoding(encoding):
            text = f"Unknown encoding: {shim.to_string(encoding)}"
            raise node_error("TypeError", "ERR_UNKNOWN_ENCODING", text)
        state_of(this).encoding = str(encoding).lower()
        return this


def _no_pipe(this: Any, *_: Any) -> None:
    text = "Cannot pipe, not readable"
    base.fail(this, node_error("Error", "ERR_STREAM_CANNOT_PIPE", text))


def _view(this: Any) -> Any:
    """``_writableState``, as far as programs look at it."""
    state, common = state_of(this), common_of(this)
    return make(
        objectMode=state.objects,
        highWaterMark=state.high,
        length=state.length,
        needDrain=state.needs_drain,
        ending=state.ending,
        ended=state.ended,
        finished=state.finished,
        corked=state.corked,
        decodeStrings=state.decodes,
        defaultEncoding=state.encoding,
        writing=state.writing,
        destroyed=common.destroyed,
        errored=shim.null if common.errored is None else common.errored,
        closed=common.closed,
    )


def _is_writable(this: Any) -> bool:
    state, common = state_of(this), common_of(this)
    return not (common.destroyed or common.errored or state.ending or state.ended)


ACCESSORS = {
    "_writableState": _view,
    "writable": _is_writable,
    "writableFinished": lambda this: state_of(this).finished,
    "writableObjectMode": lambda this: state_of(this).objects,
    "writableEnded": lambda this: state_of(this).ending,
    "writableNeedDrain": lambda this: state_of(this).needs_drain,
    "writableHighWaterMark": lambda this: state_of(this).high,
    "writableCorked": lambda this: state_of(this).corked,
    "writableLength": lambda this: state_of(this).length,
    "destroyed": lambda this: common_of(this).destroyed,
    "closed": lambda this: common_of(this).closed,
    "errored": lambda this: (
        shim.null if common_of(this).errored is None else common_of(this).errored
    ),
}


def writable_class() -> Any:
    """The class Writable of this realm."""
    return kept("stream.Writable", _make)


def _make() -> Any:
    made = klass("Writable", init, parent=base.base_class(), call=True, length=1)
    prototype = shim.get(made, "prototype")
    fill(prototype)
    hidden(prototype, "pipe", function(_no_pipe, "pipe", this=True))
    has_instance = function(_is_instance, "[Symbol.hasInstance]", this=True)
    shim.define(made, shim.Symbol.hasInstance, value=has_instance)
    return made


def _is_instance(this: Any, value: Any = None) -> bool:
    """A Duplex is a Writable, too."""
    if not is_object(value):
        return False
    prototype = shim.get(this, "prototype")
    holder = shim.get_prototype(value)
    while is_object(holder):
        if holder is prototype:
            return True
        holder = shim.get_prototype(holder)
    return this is writable_class() and shim.has_own(value, STATE)


def fill(prototype: Any) -> None:
    """Gives a prototype the members of Writable that it does not have."""
    for name in dir(Members):
        member = getattr(Members, name)
        known = shim.has_own(prototype, name)
        if not name.startswith("__") and callable(member) and not known:
            add_method(prototype, name, member)
    for name, get in ACCESSORS.items():
        if name == "writable":
            accessor(prototype, name, get, _replace_writable)
        elif not shim.has_own(prototype, name):
            accessor(prototype, name, get)


def _replace_writable(this: Any, value: Any = None) -> None:
    shim.define(
        this, "writable", value=value, writable=True, enumerable=True, configurable=True
    )


def need_writable(value: Any) -> None:
    """Checks that a value is a stream that can be written.

    Raises:
        napi.TypeError: It is not.
    """
    if not callable(shim.get(value, "write")):
        raise invalid_type("stream", "Writable", value)
