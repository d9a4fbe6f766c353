"""Readable streams: pushed in, read, flowing, piped, iterated (Node.js, Stream)."""

from __future__ import annotations

from collections import deque
from typing import Any

from napi._native import shim
from napi.js.host import _stream_base as base
from napi.js.host._errors import node_error
from napi.js.host._kit import add_method, function, klass, make, option
from napi.js.host._stream_base import call_method, common_of, emit, later
from napi.js.host._stream_iterate import collect, from_iterable, iterate
from napi.js.host._stream_operators import add_operators
from napi.js.host._stream_pipe import pipe, unpipe
from napi.js.host.string_decoder import _NAMES, Decoder
from napi.runtime.builtin import accessor, hidden
from napi.runtime.realm import kept

__all__ = ["readable_class"]

STATE = shim.Symbol("kReadable")
_HIGH = 64 * 1024


class State:
    """What is known of the readable side of a stream."""

    def __init__(self, options: Any, is_duplex: bool) -> None:
        names = ("readableObjectMode", "objectMode") if is_duplex else ("objectMode",)
        self.objects = any(option(options, name) is True for name in names)
        default = 16 if self.objects else _HIGH
        high = option(options, "readableHighWaterMark") if is_duplex else None
        high = option(options, "highWaterMark", default) if high is None else high
        self.high = int(high)
        self.queue: deque[Any] = deque()
        self.length = 0
        self.flowing: bool | None = None
        self.ended = self.end_emitted = self.reading = False
        self.wants_readable = self.emitted_readable = self.resume_scheduled = False
        self.decoder: Decoder | None = None
        self.encoding: str | None = None
        self.pipes: list[Any] = []
        self.read_before = False
        self.more_scheduled = False

    def size(self, chunk: Any) -> int:
        return 1 if self.objects else len(chunk)


def state_of(this: Any, options: Any = None, is_duplex: bool = False) -> State:
    """The state of a stream."""
    found = shim.get(this, STATE) if shim.has_own(this, STATE) else None
    if found is None:
        found = State(options, is_duplex)
        hidden(this, STATE, found)
    return found


def init(this: Any, options: Any = None, is_duplex: bool = False) -> None:
    """The constructor of Readable."""
    base._init(this, options)
    common_of(this, options)
    state = state_of(this, options, is_duplex)
    names = {"read": "_read", "destroy": "_destroy", "construct": "_construct"}
    base.take_methods(this, options, names)
    encoding = option(options, "encoding")
    if encoding is not None and encoding is not shim.null:
        set_encoding(state, encoding)
    if not is_duplex:
        base.begin(this, common_of(this))


def set_encoding(state: State, encoding: Any) -> None:
    """Has the chunks come as texts from now on."""
    name = _NAMES.get(str(shim.to_string(encoding)).lower(), "utf8")
    state.decoder, state.encoding = Decoder(name), name
    if state.queue:
        text = "".join(state.decoder.write(bytes(one)) for one in state.queue)
        state.queue = deque([text] if text else [])
        state.length = len(text)


def push(this: Any, chunk: Any, encoding: Any = None, front: bool = False) -> bool:
    """Takes a chunk in; whether more is wanted. Null ends the stream."""
    state = state_of(this)
    if chunk is shim.null:
        state.reading = False
        _end_of_chunks(this, state)
        return False
    if not state.objects:
        try:
            chunk = _as_chunk(state, chunk, encoding)
        except Exception as error:
            base.fail(this, error)
            return False
    elif chunk is None:
        state.reading = False
        return _wants_more(state)
    if front:
        _add(this, state, chunk, True)
    elif state.ended:
        text = "stream.push() after EOF"
        base.fail(this, node_error("Error", "ERR_STREAM_PUSH_AFTER_EOF", text))
        return False
    elif common_of(this).destroyed or common_of(this).errored:
        return False
    else:
        state.reading = False
        if state.decoder is not None and not isinstance(chunk, str):
            chunk = state.decoder.write(bytes(chunk))
        if state.objects or len(chunk):
            _add(this, state, chunk, False)
        else:
            _more(this, state)
    return _wants_more(state)


def _as_chunk(state: State, chunk: Any, encoding: Any) -> Any:
    if isinstance(chunk, str) and state.encoding is not None:
        same = encoding is None or _NAMES.get(str(encoding)) == state.encoding
        if same and state.encoding == "utf8":
            return chunk
    return base.chunk_of(chunk, encoding)


def _wants_more(state: State) -> bool:
    return not state.ended and (state.length < state.high or state.length == 0)


def _add(this: Any, state: State, chunk: Any, front: bool) -> None:
    if state.flowing and not state.length and not front and _listens(this, "data"):
        emit(this, "data", chunk)
    else:
        state.length += state.size(chunk)
        state.queue.appendleft(chunk) if front else state.queue.append(chunk)
        if state.wants_readable:
            _announce_readable(this, state)
    _more(this, state)


def _listens(this: Any, event: str) -> bool:
    return bool(call_method(this, "listenerCount", event))


def _end_of_chunks(this: Any, state: State) -> None:
    if state.ended:
        return
    if state.decoder is not None:
        rest = state.decoder.end()
        if rest:
            state.queue.append(rest)
            state.length += state.size(rest)
    state.ended = True
    _announce_readable(this, state)
    if state.flowing and not state.length:
        _end(this, state)


def _announce_readable(this: Any, state: State) -> None:
    state.wants_readable = False
    if state.emitted_readable:
        return
    state.emitted_readable = True

    def act() -> None:
        common = common_of(this)
        gone = common.destroyed or common.errored
        if not gone and (state.length or state.ended):
            emit(this, "readable")
            state.emitted_readable = False
        state.wants_readable = (
            not state.flowing and not state.ended and state.length <= state.high
        )
        _flow(this, state)

    later(act)


def _more(this: Any, state: State) -> None:
    """Reads ahead, when the program has returned."""
    if state.more_scheduled:
        return
    state.more_scheduled = True

    def act() -> None:
        state.more_scheduled = False
        before = -1
        while (
            not state.reading
            and not state.ended
            and (state.length < state.high or (state.flowing and not state.length))
            and state.length != before
            and not common_of(this).destroyed
        ):
            before = state.length
            call_method(this, "read", 0)

    later(act)


def _take(state: State, count: int | None) -> Any:
    """What ``read(count)`` gives: the first chunk, or all the text; or null."""
    if not state.length:
        return shim.null
    if state.objects:
        state.length -= 1
        return state.queue.popleft()
    if count is None and (state.decoder is None or state.flowing):
        head = state.queue.popleft()
        state.length -= len(head)
        return head
    if count is None or count >= state.length:
        if count is not None and count > state.length and not state.ended:
            return shim.null
        parts = list(state.queue)
        state.queue.clear()
        state.length = 0
        return parts[0] if len(parts) == 1 else _joined(state, parts)
    parts, need = [], count
    while need:
        head = state.queue[0]
        if len(head) <= need:
            parts.append(state.queue.popleft())
            need -= len(head)
        else:
            parts.append(head[:need])
            state.queue[0] = head[need:]
            need = 0
    state.length -= count
    return parts[0] if len(parts) == 1 else _joined(state, parts)


def _joined(state: State, parts: list[Any]) -> Any:
    if isinstance(parts[0], str):
        return "".join(parts)
    return shim.Buffer(b"".join(bytes(part) for part in parts))


def read(this: Any, count: Any = None) -> Any:
    """``read``: what is there, or null; it has more fetched."""
    state, common = state_of(this), common_of(this)
    wanted = None if count is None else int(shim.to_number(count))
    if wanted != 0:
        state.emitted_readable = False
    if (
        wanted == 0
        and state.wants_readable
        and (state.length >= state.high or state.ended)
    ):
        if not state.length and state.ended:
            _end(this, state)
        else:
            _announce_readable(this, state)
        return shim.null
    if state.ended and not state.length:
        _end(this, state)
        return shim.null
    if (
        not state.ended
        and not state.reading
        and not common.destroyed
        and not common.errored
        and (not state.length or state.length - (wanted or 0) < state.high)
    ):
        _fetch(this, state)
    found = shim.null if wanted == 0 else _take(state, wanted)
    if found is shim.null:
        state.wants_readable = state.wants_readable or state.length <= state.high
    if not state.length:
        if not state.ended:
            state.wants_readable = True
        if state.ended and wanted != 0:
            _end(this, state)
    if found is not shim.null and not common.errored:
        emit(this, "data", found)
    return found


def _fetch(this: Any, state: State) -> None:
    common = common_of(this)
    if not common.constructed:
        common.waiting.append(lambda: call_method(this, "read", 0))
        return
    state.reading = True
    if not state.length:
        state.wants_readable = True
    try:
        call_method(this, "_read", state.high)
    except Exception as error:
        from napi.js.host._kit import thrown_value

        base.fail(this, thrown_value(error))


def _end(this: Any, state: State) -> None:
    if state.end_emitted or not state.ended:
        return

    def act() -> None:
        common = common_of(this)
        if state.end_emitted or state.length or common.errored or common.closed:
            return
        state.end_emitted = True
        emit(this, "end")
        from napi.js.host._stream_writable import STATE as WRITABLE

        writable = shim.get(this, WRITABLE) if shim.has_own(this, WRITABLE) else None
        open_ = writable is not None and not writable.ending
        if open_ and shim.get(this, "allowHalfOpen") is False:
            call_method(this, "end")
        elif common.auto_destroy and (writable is None or writable.finished):
            base.destroy(this)

    later(act)


def _flow(this: Any, state: State) -> None:
    while state.flowing and call_method(this, "read") is not shim.null:
        pass


def resume(this: Any) -> Any:
    """``resume``: chunks come as ``data`` events."""
    state = state_of(this)
    if not state.flowing:
        state.flowing = not _listens(this, "readable")
        if not state.resume_scheduled:
            state.resume_scheduled = True
            later(lambda: _resume(this, state))
    return this


def _resume(this: Any, state: State) -> None:
    if not state.reading:
        call_method(this, "read", 0)
    state.resume_scheduled = False
    emit(this, "resume")
    _flow(this, state)
    if state.flowing and not state.reading:
        call_method(this, "read", 0)


def pause(this: Any) -> Any:
    """``pause``."""
    state = state_of(this)
    if state.flowing is not False:
        state.flowing = False
        emit(this, "pause")
    return this


def listen(this: Any, event: Any, listener: Any) -> Any:
    """``on``: a listener of ``data`` has the stream flow."""
    from napi.js.host._emitter import on

    result = on(this, event, listener)
    state = state_of(this)
    if event == "data":
        if state.flowing is not False:
            call_method(this, "resume")
    elif event == "readable" and not state.end_emitted:
        state.flowing = False
        state.emitted_readable = False
        state.wants_readable = True
        if state.length:
            _announce_readable(this, state)
        elif not state.reading:
            later(lambda: call_method(this, "read", 0))
    return result


class Members(base.DestroyMembers):
    """The methods of Readable.prototype."""

    def push(this: Any, chunk: Any, encoding: Any = None) -> bool:
        return push(this, chunk, encoding)

    def unshift(this: Any, chunk: Any, encoding: Any = None) -> bool:
        return push(this, chunk, encoding, True)

    def read(this: Any, n: Any = None) -> Any:
        return read(this, n)

    def _read(this: Any, n: Any = None) -> None:
        raise base.missing_method("_read()")

    def isPaused(this: Any) -> bool:
        return state_of(this).flowing is False

    def setEncoding(this: Any, encoding: Any) -> Any:
        set_encoding(state_of(this), encoding)
        return this

    def resume(this: Any) -> Any:
        return resume(this)

    def pause(this: Any) -> Any:
        return pause(this)

    def on(this: Any, event: Any, listener: Any) -> Any:
        return listen(this, event, listener)

    def addListener(this: Any, event: Any, listener: Any) -> Any:
        return listen(this, event, listener)

    def pipe(this: Any, dest: Any, options: Any = None) -> Any:
        return pipe(this, dest, options)

    def unpipe(this: Any, dest: Any = None) -> Any:
        return unpipe(this, dest)

    def iterator(this: Any, options: Any = None) -> Any:
        return iterate(this)

    def toArray(this: Any, options: Any = None) -> Any:
        return collect(this)


def _view(this: Any) -> Any:
    """``_readableState``, as far as programs look at it."""
    state, common = state_of(this), common_of(this)
    return make(
        objectMode=state.objects,
        highWaterMark=state.high,
        buffer=shim.Array(state.queue),
        length=state.length,
        pipes=shim.Array(state.pipes),
        flowing=shim.null if state.flowing is None else state.flowing,
        ended=state.ended,
        endEmitted=state.end_emitted,
        reading=state.reading,
        destroyed=common.destroyed,
        errored=shim.null if common.errored is None else common.errored,
        closed=common.closed,
    )


def _is_readable(this: Any) -> bool:
    state, common = state_of(this), common_of(this)
    return not (common.destroyed or common.errored or state.end_emitted)


def _or_null(value: Any) -> Any:
    return shim.null if value is None else value


ACCESSORS = {
    "_readableState": _view,
    "readable": _is_readable,
    "readableFlowing": lambda this: _or_null(state_of(this).flowing),
    "readableLength": lambda this: state_of(this).length,
    "readableHighWaterMark": lambda this: state_of(this).high,
    "readableObjectMode": lambda this: state_of(this).objects,
    "readableEncoding": lambda this: _or_null(state_of(this).encoding),
    "readableEnded": lambda this: state_of(this).end_emitted,
    "readableAborted": lambda this: (
        common_of(this).destroyed and not state_of(this).end_emitted
    ),
    "destroyed": lambda this: common_of(this).destroyed,
    "closed": lambda this: common_of(this).closed,
    "errored": lambda this: _or_null(common_of(this).errored),
}


def readable_class() -> Any:
    """The class Readable of this realm."""
    return kept("stream.Readable", _make)


def _make() -> Any:
    made = klass("Readable", init, parent=base.base_class(), call=True, length=1)
    fill(shim.get(made, "prototype"))
    add_operators(shim.get(made, "prototype"))
    shim.set(made, "from", function(from_iterable, "from"))
    return made


def fill(prototype: Any) -> None:
    """Gives a prototype the members of Readable."""
    for name in dir(Members):
        member = getattr(Members, name)
        if not name.startswith("__") and callable(member):
            add_method(prototype, name, member)
    for name, get in ACCESSORS.items():
        if name == "readable":
            accessor(prototype, name, get, _replace_readable)
        else:
            accessor(prototype, name, get)
    iterator = function(iterate, "[Symbol.asyncIterator]", this=True)
    hidden(prototype, shim.Symbol.asyncIterator, iterator)


def _replace_readable(this: Any, value: Any = None) -> None:
    shim.define(
        this, "readable", value=value, writable=True, enumerable=True, configurable=True
    )
