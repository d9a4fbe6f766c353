"""``readline.Interface``: lines of a stream, edited where there is a terminal."""

from __future__ import annotations

import re
import time
from typing import Any

from napi._native import shim
from napi.js.host import _readline_edit as edit
from napi.js.host._emitter import emitter_class
from napi.js.host._errors import (
    invalid_value,
    need_function,
    need_number,
    node_error,
    out_of_range,
)
from napi.js.host._kit import function, is_object, klass, make, option, super_call
from napi.js.host._stream_base import call_method, emit
from napi.js.host.string_decoder import Decoder
from napi.runtime.builtin import accessor, hidden
from napi.runtime.realm import kept

__all__ = ["STATE", "State", "interface_class", "state_of"]

STATE = shim.Symbol("kLine")
_ENDS = re.compile("\r?\n|\r(?!\n)|\u2028|\u2029")


class State:
    """What an Interface remembers besides its properties."""

    def __init__(self) -> None:
        self.prompt = "> "
        self.rest = ""  # of a line that has not ended
        self.returned = 0.0  # when a carriage return ended a text
        self.question: Any = None
        self.old_prompt = "> "
        self.paused = self.closed = False
        self.decoder = Decoder("utf8")
        self.edit: edit.Editing = edit.Editing()
        self.leave: list[Any] = []


def state_of(this: Any) -> State:
    """The state of an Interface."""
    found: State = shim.get(this, STATE)
    return found


def need_open(state: State) -> None:
    """Checks that an Interface is open.

    Raises:
        napi.Error: It is closed (``ERR_USE_AFTER_CLOSE``).
    """
    if state.closed:
        raise node_error("Error", "ERR_USE_AFTER_CLOSE", "readline was closed")


# === construction ===


def _settings(given: tuple[Any, ...]) -> Any:
    """The options; older programs pass them one by one."""
    first = given[0] if given else None
    if is_object(first) and is_object(shim.get(first, "input")):
        return first
    names = ("input", "output", "completer", "terminal")
    made = shim.Object()
    for name, value in zip(names, given, strict=False):
        shim.set(made, name, value)
    if not is_object(first):
        from napi.runtime.error import TypeError

        raise TypeError("Cannot read properties of undefined (reading 'history')")
    return made


def _init(this: Any, *given: Any) -> None:
    options = _settings(given)
    super_call(emitter_class(), this)
    state = State()
    hidden(this, STATE, state)
    source, target = option(options, "input"), option(options, "output")
    completer = option(options, "completer")
    if completer is not None and not callable(completer):
        raise invalid_value("completer", completer)
    size = option(options, "historySize", 30)
    if need_number(size, "historySize") < 0 or size != size:
        raise out_of_range("historySize", ">= 0", size)
    terminal = option(options, "terminal")
    if terminal is None:
        terminal = is_object(target) and shim.get(target, "isTTY") is True
    delay = option(options, "crlfDelay")
    delay = max(100, need_number(delay, "crlfDelay")) if delay else 100
    prompt = option(options, "prompt")
    if prompt is not None:
        state.prompt = str(shim.to_string(prompt))
    history = option(options, "history")
    for name, value in (
        ("isCompletionEnabled", True),
        ("escapeCodeTimeout", option(options, "escapeCodeTimeout", 500)),
        ("tabSize", option(options, "tabSize", 8)),
        ("history", history if isinstance(history, list) else shim.Array()),
        ("historySize", size),
        ("historyIndex", -1),
        ("removeHistoryDuplicates", option(options, "removeHistoryDuplicates", False)),
        ("line", ""),
        ("output", target),
        ("input", source),
        ("crlfDelay", delay),
        ("completer", completer),
        ("terminal", bool(shim.to_boolean(terminal))),
    ):
        shim.set(this, name, value)
    _attach(this, state, source)
    signal = option(options, "signal")
    if is_object(signal):
        _watch(this, signal)
    call_method(source, "resume")


def _attach(this: Any, state: State, source: Any) -> None:
    def on_data(chunk: Any = None, *_: Any) -> None:
        _take(this, state, chunk)

    def on_end(*_: Any) -> None:
        if state.rest:
            rest, state.rest = state.rest, ""
            emit(this, "line", rest)
        call_method(this, "close")

    def on_term_end(*_: Any) -> None:
        line = shim.get(this, "line")
        if isinstance(line, str) and line:
            emit(this, "line", line)
        call_method(this, "close")

    def on_error(error: Any = None, *_: Any) -> None:
        emit(this, "error", error)

    def on_key(letter: Any = None, key: Any = None, *_: Any) -> None:
        edit.press(this, state, letter, key)

    listeners = [("error", function(on_error, "onerror"))]
    if shim.get(this, "terminal") is True:
        from napi.js.host._readline_keys import emit_keypress_events

        emit_keypress_events(source, this)
        listeners.append(("keypress", function(on_key, "onkeypress")))
        listeners.append(("end", function(on_term_end, "ontermend")))
        _set_raw(this, True)
        shim.set(this, "cursor", 0)
        output = shim.get(this, "output")
        if is_object(output):
            resized = function(lambda *_: edit.refresh(this, state), "onresize")
            call_method(output, "on", "resize", resized)
            state.leave.append((output, "resize", resized))
    else:
        listeners.append(("data", function(on_data, "ondata")))
        listeners.append(("end", function(on_end, "onend")))
    for name, listener in listeners:
        call_method(source, "on", name, listener)
        state.leave.append((source, name, listener))


def _watch(this: Any, signal: Any) -> None:
    close = function(lambda *_: call_method(this, "close"), "onAborted")
    if shim.get(signal, "aborted") is True:
        shim.queue_tick(lambda: call_method(this, "close"))
    else:
        call_method(signal, "addEventListener", "abort", close)


def _set_raw(this: Any, mode: bool) -> None:
    source = shim.get(this, "input")
    if callable(shim.get(source, "setRawMode")):
        call_method(source, "setRawMode", mode)


# === lines of plain streams ===


def _take(this: Any, state: State, chunk: Any) -> None:
    text = str(chunk) if isinstance(chunk, str) else state.decoder.write(bytes(chunk))
    if not text:
        return
    delay = shim.get(this, "crlfDelay")
    if state.returned and (time.monotonic() - state.returned) * 1000 <= delay:
        text = text.removeprefix("\n")
    state.returned = time.monotonic() if text.endswith("\r") else 0
    lines = _ENDS.split(state.rest + text)
    state.rest = lines.pop()
    for line in lines:
        on_line(this, state, line)


def on_line(this: Any, state: State, line: str) -> None:
    """A line is there: the answer to a question, or an event."""
    question = state.question
    if question is None:
        emit(this, "line", line)
        return
    state.question = None
    call_method(this, "setPrompt", state.old_prompt)
    shim.call(question, None, line)


# === methods ===


def ask(this: Any, query: Any, callback: Any) -> None:
    """``question``: the next line goes to the callback."""
    state = state_of(this)
    need_open(state)
    if state.question is not None:
        call_method(this, "prompt")
        return
    state.old_prompt = state.prompt
    call_method(this, "setPrompt", query)
    state.question = callback
    call_method(this, "prompt")


def _show(this: Any, text: str) -> None:
    output = shim.get(this, "output")
    if is_object(output):
        call_method(output, "write", text)


class Members:
    """The methods of the prototype."""

    def setPrompt(this: Any, prompt: Any) -> None:
        state_of(this).prompt = str(shim.to_string(prompt))

    def getPrompt(this: Any) -> str:
        return state_of(this).prompt

    def prompt(this: Any, preserveCursor: Any = None) -> None:
        state = state_of(this)
        need_open(state)
        if state.paused:
            call_method(this, "resume")
        if shim.get(this, "terminal") is True:
            if not shim.to_boolean(preserveCursor):
                shim.set(this, "cursor", 0)
            edit.refresh(this, state)
        else:
            _show(this, state.prompt)

    def close(this: Any) -> None:
        state = state_of(this)
        if state.closed:
            return
        call_method(this, "pause")
        if shim.get(this, "terminal") is True:
            _set_raw(this, False)
        state.closed = True
        shim.set(this, "closed", True)
        for target, name, listener in state.leave:
            call_method(target, "removeListener", name, listener)
        emit(this, "close")

    def pause(this: Any) -> Any:
        state = state_of(this)
        need_open(state)
        if not state.paused:
            call_method(shim.get(this, "input"), "pause")
            state.paused = True
            emit(this, "pause")
        return this

    def resume(this: Any) -> Any:
        state = state_of(this)
        need_open(state)
        if state.paused:
            call_method(shim.get(this, "input"), "resume")
            state.paused = False
            emit(this, "resume")
        return this

    def write(this: Any, d: Any, key: Any = None) -> None:
        state = state_of(this)
        need_open(state)
        if state.paused:
            call_method(this, "resume")
        if shim.get(this, "terminal") is True:
            edit.press(this, state, None if d is shim.null else d, key)
        elif isinstance(d, str):
            _take(this, state, d)

    def clearLine(this: Any) -> None:
        state = state_of(this)
        edit.to_end(this, state)
        _show(this, "\r\n")
        shim.set(this, "line", "")
        shim.set(this, "cursor", 0)
        state.edit.row = 0

    def getCursorPos(this: Any) -> Any:
        state = state_of(this)
        row, column = edit.cursor_place(this, state)
        return make(cols=column, rows=row)

    def _onLine(this: Any, line: Any) -> None:
        on_line(this, state_of(this), line)


class _Questions:
    def question(this: Any, query: Any, options: Any = None, cb: Any = None) -> None:
        if callable(options):
            options, cb = None, options
        if cb is None:
            need_open(state_of(this))
        need_function(cb, "cb")
        signal = option(options, "signal")
        if is_object(signal):
            if shim.get(signal, "aborted") is True:
                return
            _forget_when(this, signal)
        ask(this, query, cb)


def _forget_when(this: Any, signal: Any) -> None:
    def abort(*_: Any) -> None:
        forget(this)

    listener = function(abort, "onAbort")
    call_method(signal, "addEventListener", "abort", listener, make(once=True))


def forget(this: Any) -> None:
    """The question is no longer asked."""
    state = state_of(this)
    if state.question is not None:
        state.question = None
        call_method(this, "setPrompt", state.old_prompt)
        call_method(this, "clearLine")


def _iterate(this: Any) -> Any:
    """Lines, as ``for await`` takes them."""
    from napi.js.host.events import _Module

    lines = _Module.on(this, "line", make(close=shim.Array(["close"])))
    made = shim.create(shim.get_prototype(lines))
    promise = shim.get(shim.get_global(), "Promise")

    def unpack(result: Any) -> Any:
        if shim.get(result, "done") is not True:
            shim.set(result, "value", shim.get(result, "value")[0])
        return result

    def advance(*_: Any) -> Any:
        found = call_method(lines, "next")
        return found.then(function(lambda result=None, *_: unpack(result), ""))

    def leave(value: Any = None, *_: Any) -> Any:
        call_method(lines, "return")
        return call_method(promise, "resolve", make(value=value, done=True))

    shim.set(made, "next", function(advance, "next"))
    shim.set(made, "return", function(leave, "return"))
    iterator = function(lambda *_: made, "[Symbol.asyncIterator]")
    hidden(made, shim.Symbol.asyncIterator, iterator)
    return made


def _common() -> Any:
    made = klass(
        "InterfaceConstructor", _init, Members, parent=emitter_class(), call=True
    )
    prototype = shim.get(made, "prototype")
    iterator = function(_iterate, "[Symbol.asyncIterator]", this=True)
    hidden(prototype, shim.Symbol.asyncIterator, iterator)
    close = function(
        lambda this: call_method(this, "close"), "[Symbol.dispose]", this=True
    )
    hidden(prototype, shim.Symbol.dispose, close)
    accessor(prototype, "columns", edit.columns_of)
    return made


def interface_class(promises: bool = False) -> Any:
    """The class Interface of this realm.

    Args:
        promises: That of ``readline/promises``.
    """
    if promises:
        return kept("readline.promises", lambda: _make(_Promised))
    return kept("readline.callbacks", lambda: _make(_Questions))


def _make(members: type) -> Any:
    common = kept("readline.common", _common)

    def init(this: Any, *given: Any) -> None:
        super_call(common, this, *given)

    return klass("Interface", init, members, parent=common, call=True, length=4)


class _Promised:
    def question(this: Any, query: Any, options: Any = None) -> Any:
        from napi.js.host.events import _abort_error

        made, signal = shim.Promise(), option(options, "signal")
        if is_object(signal):
            if shim.get(signal, "aborted") is True:
                made._reject(_abort_error(signal))
                return made

            def abort(*_: Any) -> None:
                forget(this)
                made._reject(_abort_error(signal))

            listener = function(abort, "onAbort")
            call_method(signal, "addEventListener", "abort", listener, make(once=True))
        try:
            ask(this, query, function(lambda line=None, *_: made._resolve(line), ""))
        except Exception as error:
            made._reject(error)
        return made
