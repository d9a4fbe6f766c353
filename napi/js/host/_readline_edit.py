"""Editing a line on a terminal, by the keys that Node knows (Readline, TTY keys)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from napi._native import shim
from napi.js.host._kit import function, is_object
from napi.js.host._readline_output import CLEAR_DOWN, move, place, to
from napi.js.host._stream_base import call_method, emit

if TYPE_CHECKING:
    from napi.js.host._readline_line import State

__all__ = ["Editing", "columns_of", "cursor_place", "press", "refresh", "to_end"]

_ENDS = re.compile("\r\n|\n|\r")
_WORD_LEFT = re.compile(r"(?:[^\w\s]+|\w+|)\s*\Z")
_WORD_RIGHT = re.compile(r"(?:\s+|[^\w\s]+|\w+)\s*")


class Editing:
    """What editing remembers.

    Attributes:
        row: The row of the cursor, counted from the prompt's.
        killed: What was cut last.
        undo: Lines and cursors before the changes.
        redo: Those that were taken back.
        stored: The line that was begun before older ones were shown.
        tabs: Whether the last key was a tab.
    """

    def __init__(self) -> None:
        self.row = 0
        self.killed = ""
        self.undo: list[tuple[str, int]] = []
        self.redo: list[tuple[str, int]] = []
        self.stored = ""
        self.tabs = False


# === the terminal ===


def columns_of(this: Any) -> float:
    """How wide the terminal is."""
    output = shim.get(this, "output")
    found = shim.get(output, "columns") if is_object(output) else None
    return found if shim.typeof(found) == "number" and found else float("inf")


def _line(this: Any) -> str:
    return str(shim.get(this, "line") or "")


def _cursor(this: Any) -> int:
    return int(shim.get(this, "cursor") or 0)


def _put(this: Any, line: str, cursor: int) -> None:
    shim.set(this, "line", line)
    shim.set(this, "cursor", cursor)


def _show(this: Any, text: str) -> None:
    output = shim.get(this, "output")
    if is_object(output) and text:
        call_method(output, "write", text)


def _place(this: Any, text: str) -> tuple[int, int]:
    return place(text, columns_of(this), int(shim.get(this, "tabSize") or 8))


def cursor_place(this: Any, state: State) -> tuple[int, int]:
    """Row and column of the cursor, counted from the begin of the prompt."""
    return _place(this, state.prompt + _line(this)[: _cursor(this)])


def refresh(this: Any, state: State) -> None:
    """Shows prompt and line anew."""
    text = state.prompt + _line(this)
    rows, columns = _place(this, text)
    row, column = cursor_place(this, state)
    if state.edit.row > 0:
        _show(this, move(0, -state.edit.row))
    _show(this, to(0))
    _show(this, CLEAR_DOWN)
    _show(this, text)
    if columns == 0:
        _show(this, " ")  # the terminal goes to the next row only then
    _show(this, to(column))
    if rows > row:
        _show(this, move(0, row - rows))
    state.edit.row = row


def _move(this: Any, state: State, cursor: int) -> None:
    cursor = max(0, min(cursor, len(_line(this))))
    before = cursor_place(this, state)
    shim.set(this, "cursor", cursor)
    row, column = cursor_place(this, state)
    if before[0] == row:
        _show(this, move(column - before[1], 0))
    else:
        refresh(this, state)
    state.edit.row = row


def to_end(this: Any, state: State) -> None:
    """Puts the cursor behind the line."""
    _move(this, state, len(_line(this)))


# === changes ===


def _remember(this: Any, state: State) -> None:
    state.edit.undo.append((_line(this), _cursor(this)))
    del state.edit.undo[:-2048]
    state.edit.redo.clear()


def _insert(this: Any, state: State, text: str) -> None:
    _remember(this, state)
    line, cursor = _line(this), _cursor(this)
    _put(this, line[:cursor] + text + line[cursor:], cursor + len(text))
    if cursor < len(line):
        refresh(this, state)
        return
    old = cursor_place(this, state)
    _show(this, text)
    if old[1] == 0:
        refresh(this, state)
    else:
        state.edit.row = old[0]


def _cut(this: Any, state: State, begin: int, end: int, keep: bool = False) -> None:
    line = _line(this)
    begin, end = max(begin, 0), min(end, len(line))
    if begin >= end:
        return
    _remember(this, state)
    if keep:
        state.edit.killed = line[begin:end]
    _put(this, line[:begin] + line[end:], begin)
    refresh(this, state)


def _left_of(this: Any) -> int:
    """Where the word before the cursor begins."""
    before = _line(this)[: _cursor(this)]
    found = _WORD_LEFT.search(before)
    return found.start() if found else 0


def _right_of(this: Any) -> int:
    """Where the word after the cursor has ended."""
    found = _WORD_RIGHT.match(_line(this), _cursor(this))
    return found.end() if found else len(_line(this))


def _exchange(
    this: Any, state: State, source: list[Any], target: list[tuple[str, int]]
) -> None:
    if source:
        target.append((_line(this), _cursor(this)))
        _put(this, *source.pop())
        refresh(this, state)


# === history and lines ===


def _add_history(this: Any) -> str:
    line, history = _line(this), shim.get(this, "history")
    size = shim.get(this, "historySize")
    if not line or not size or not line.strip():
        return line
    if not len(history) or history[0] != line:
        if shim.get(this, "removeHistoryDuplicates") is True:
            for index in [i for i, one in enumerate(history) if one == line][::-1]:
                history.pop(index)
        history.insert(0, line)
        while len(history) > size:
            history.pop()
    shim.set(this, "historyIndex", -1)
    emit(this, "history", history)
    return line


def _finish(this: Any, state: State) -> None:
    from napi.js.host._readline_line import on_line

    line = _add_history(this)
    state.edit.undo.clear()
    state.edit.redo.clear()
    to_end(this, state)
    _show(this, "\r\n")
    _put(this, "", 0)
    state.edit.row = 0
    on_line(this, state, line)


def _older(this: Any, state: State, step: int) -> None:
    history, index = shim.get(this, "history"), int(shim.get(this, "historyIndex"))
    if index < 0:
        state.edit.stored = _line(this)
    wanted = index + step
    start = state.edit.stored
    while 0 <= wanted < len(history) and not str(history[wanted]).startswith(start):
        wanted += step
    while 0 <= wanted < len(history) and history[wanted] == _line(this):
        wanted += step
    if wanted >= len(history) or (step < 0 and index < 0):
        return
    line = state.edit.stored if wanted < 0 else str(history[wanted])
    shim.set(this, "historyIndex", max(wanted, -1))
    _put(this, line, len(line))
    refresh(this, state)


# === completion ===


def _complete(this: Any, state: State, again: bool) -> None:
    completer = shim.get(this, "completer")
    text = _line(this)[: _cursor(this)]

    def found(error: Any = None, result: Any = None, *_: Any) -> None:
        if not is_object(error) and is_object(result) and len(result[0]):
            _propose(this, state, [str(one) for one in result[0]], str(result[1]))
        elif is_object(error):
            _show(this, f"Tab completion error: {shim.to_string(error)}")
            refresh(this, state)

    if shim.get(completer, "length") == 2:
        shim.call(completer, None, text, function(found))
    else:
        result = shim.call(completer, None, text)
        then = shim.get(result, "then")
        if callable(then):
            shim.call(then, result, function(lambda r=None, *_: found(None, r), ""))
        else:
            found(None, result)


def _common_start(words: list[str]) -> str:
    least, most = min(words), max(words)
    size = next((i for i, one in enumerate(least) if one != most[i]), len(least))
    return least[:size]


def _propose(this: Any, state: State, words: list[str], start: str) -> None:
    common = _common_start([one for one in words if one])
    if common.startswith(start) and len(common) > len(start):
        _insert(this, state, common[len(start) :])
        return
    if not state.edit.tabs:
        state.edit.tabs = True
        return
    wide = max(map(len, words)) + 2
    fits = max(int(min(columns_of(this), 10_000) // wide), 1)
    rows = [words[i : i + fits] for i in range(0, len(words), fits)]
    lines = ["".join(one.ljust(wide) for one in row) for row in rows]
    shown = "\r\n".join(lines)
    _show(this, f"\r\n{shown}\r\n\r\n")
    state.edit.row = 0
    refresh(this, state)


# === keys ===


def _interrupt(this: Any, state: State) -> None:
    if call_method(this, "listenerCount", "SIGINT"):
        emit(this, "SIGINT")
    else:
        call_method(this, "close")


def _end_or_delete(this: Any, state: State) -> None:
    if not _line(this):
        call_method(this, "close")
    else:
        _cut(this, state, _cursor(this), _cursor(this) + 1)


def _suspend(this: Any, state: State) -> None:
    import os
    import signal

    if call_method(this, "listenerCount", "SIGTSTP"):
        emit(this, "SIGTSTP")
        return
    source = shim.get(this, "input")
    call_method(source, "setRawMode", False)
    os.kill(os.getpid(), signal.SIGTSTP)
    call_method(source, "setRawMode", True)
    refresh(this, state)


def _clear_screen(this: Any, state: State) -> None:
    _show(this, to(0, 0) + CLEAR_DOWN)
    state.edit.row = 0
    refresh(this, state)


def _before(this: Any) -> int:
    """The place of the letter before the cursor."""
    return _cursor(this) - 1


_Act = Callable[[Any, "State"], Any]
_CONTROL: dict[str, _Act] = {
    "c": _interrupt,
    "d": _end_or_delete,
    "h": lambda t, s: _cut(t, s, _before(t), _cursor(t)),
    "u": lambda t, s: _cut(t, s, 0, _cursor(t), True),
    "k": lambda t, s: _cut(t, s, _cursor(t), len(_line(t)), True),
    "a": lambda t, s: _move(t, s, 0),
    "e": to_end,
    "b": lambda t, s: _move(t, s, _before(t)),
    "f": lambda t, s: _move(t, s, _cursor(t) + 1),
    "l": _clear_screen,
    "n": lambda t, s: _older(t, s, -1),
    "p": lambda t, s: _older(t, s, 1),
    "y": lambda t, s: _insert(t, s, s.edit.killed),
    "z": _suspend,
    "w": lambda t, s: _cut(t, s, _left_of(t), _cursor(t), True),
    "backspace": lambda t, s: _cut(t, s, _left_of(t), _cursor(t), True),
    "delete": lambda t, s: _cut(t, s, _cursor(t), _right_of(t), True),
    "left": lambda t, s: _move(t, s, _left_of(t)),
    "right": lambda t, s: _move(t, s, _right_of(t)),
}
_META: dict[str, _Act] = {
    "b": _CONTROL["left"],
    "f": _CONTROL["right"],
    "d": _CONTROL["delete"],
    "delete": _CONTROL["delete"],
    "backspace": _CONTROL["backspace"],
}
_PLAIN: dict[str, _Act] = {
    "return": _finish,
    "enter": _finish,
    "backspace": _CONTROL["h"],
    "delete": lambda t, s: _cut(t, s, _cursor(t), _cursor(t) + 1),
    "left": _CONTROL["b"],
    "right": _CONTROL["f"],
    "home": _CONTROL["a"],
    "end": _CONTROL["e"],
    "up": _CONTROL["p"],
    "down": _CONTROL["n"],
}


def press(this: Any, state: State, letter: Any, key: Any) -> None:
    """Does what a key stands for.

    Args:
        this: The Interface.
        state: Its state.
        letter: What was typed; None for a key without a letter.
        key: ``{name, ctrl, meta, shift, sequence}``, or undefined.
    """
    held = {name: False for name in ("ctrl", "meta", "shift")}
    name: Any = None
    if is_object(key):
        name = shim.get(key, "name")
        held = {one: shim.get(key, one) is True for one in held}
    tabbed, state.edit.tabs = state.edit.tabs, state.edit.tabs and name == "tab"
    sequence = shim.get(key, "sequence") if is_object(key) else None
    if sequence == "\x1f":
        _exchange(this, state, state.edit.undo, state.edit.redo)
        return
    if sequence == "\x1e":
        _exchange(this, state, state.edit.redo, state.edit.undo)
        return
    if held["ctrl"] and not held["shift"]:
        table = _CONTROL
    elif held["meta"]:
        table = _META
    else:
        table = _PLAIN
    act = table.get(str(name)) if name is not None else None
    if act is not None:
        act(this, state)
        return
    if held["ctrl"] or held["meta"]:
        return
    completes = callable(shim.get(this, "completer"))
    if name == "tab" and completes and shim.get(this, "isCompletionEnabled") is True:
        _complete(this, state, tabbed)
        return
    if isinstance(letter, str) and letter:
        pieces = _ENDS.split(letter)
        for index, piece in enumerate(pieces):
            if index:
                _finish(this, state)
            if piece:
                _insert(this, state, piece)
