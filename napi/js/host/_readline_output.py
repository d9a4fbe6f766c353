"""What moves the cursor of a terminal, and how wide texts are there."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_value, need_function, node_error
from napi.js.host._kit import klass
from napi.js.host._stream_base import call_method
from napi.runtime.builtin import hidden

__all__ = ["CLEAR_DOWN", "Functions", "move", "place", "readline_class", "to"]

CLEAR_DOWN = "\x1b[0J"
_LINES = shim.Symbol("kTodo")


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and value != value


def to(x: Any, y: Any = None) -> str:
    """The sequence that puts the cursor somewhere.

    Raises:
        napi.TypeError: A coordinate is no number (``ERR_INVALID_CURSOR_POS``).
    """
    for name, value in (("x", x), ("y", y)):
        if _is_nan(value):
            raise invalid_value(name, value)
    if shim.typeof(x) != "number":
        text = "Cannot set cursor row without setting its column"
        raise node_error("TypeError", "ERR_INVALID_CURSOR_POS", text)
    if shim.typeof(y) != "number":
        return f"\x1b[{int(x) + 1}G"
    return f"\x1b[{int(y) + 1};{int(x) + 1}H"


def move(dx: Any, dy: Any) -> str:
    """The sequence that moves the cursor."""
    x, y = int(dx or 0), int(dy or 0)
    text = f"\x1b[{-x}D" if x < 0 else f"\x1b[{x}C" if x > 0 else ""
    return text + (f"\x1b[{-y}A" if y < 0 else f"\x1b[{y}B" if y > 0 else "")


def line(direction: Any) -> str:
    """The sequence that clears a line, or a part of it."""
    number = shim.to_number(direction)
    return "\x1b[1K" if number < 0 else "\x1b[0K" if number > 0 else "\x1b[2K"


def _write(stream: Any, text: str, callback: Any) -> bool:
    if callback is not None:
        need_function(callback, "callback")
    if stream is None or stream is shim.null or not text:
        if callable(callback):
            shim.queue_tick(lambda: shim.call(callback, None, shim.null))
        return True
    return call_method(stream, "write", text, callback) is not False


class Functions:
    """The functions of the module."""

    @staticmethod
    def clearLine(stream: Any, dir: Any, callback: Any = None) -> bool:
        return _write(stream, line(dir), callback)

    @staticmethod
    def clearScreenDown(stream: Any, callback: Any = None) -> bool:
        return _write(stream, CLEAR_DOWN, callback)

    @staticmethod
    def cursorTo(stream: Any, x: Any, y: Any = None, callback: Any = None) -> bool:
        if callable(y):
            y, callback = None, y
        if callback is not None:
            need_function(callback, "callback")
        known = all(shim.typeof(one) != "number" for one in (x, y))
        if stream is None or known:
            return _write(None, "", callback)
        return _write(stream, to(x, y), callback)

    @staticmethod
    def moveCursor(stream: Any, dx: Any, dy: Any, callback: Any = None) -> bool:
        return _write(stream, move(dx, dy), callback)

    @staticmethod
    def emitKeypressEvents(stream: Any, iface: Any = None) -> None:
        from napi.js.host._readline_keys import emit_keypress_events

        emit_keypress_events(stream, iface)


class _Readline:
    def clearLine(this: Any, dir: Any) -> Any:
        return _add(this, line(dir))

    def clearScreenDown(this: Any) -> Any:
        return _add(this, CLEAR_DOWN)

    def cursorTo(this: Any, x: Any, y: Any = None) -> Any:
        return _add(this, to(x, y))

    def moveCursor(this: Any, dx: Any, dy: Any) -> Any:
        return _add(this, move(dx, dy))

    def commit(this: Any) -> Any:
        state, made = shim.get(this, _LINES), shim.Promise()
        text, state["text"] = state["text"], ""

        def done(*_: Any) -> None:
            made._resolve(None)

        from napi.js.host._kit import function

        call_method(state["stream"], "write", text, function(done))
        return made

    def rollback(this: Any) -> Any:
        shim.get(this, _LINES)["text"] = ""
        return this


def _add(this: Any, text: str) -> Any:
    state = shim.get(this, _LINES)
    if state["commits"]:
        shim.queue_tick(lambda: call_method(state["stream"], "write", text))
    else:
        state["text"] += text
    return this


def readline_class() -> Any:
    """``readline/promises.Readline``: sequences that are written together."""

    def init(this: Any, stream: Any, options: Any = None) -> None:
        from napi.js.host._errors import invalid_type
        from napi.js.host._kit import option

        if not callable(shim.get(stream, "write")):
            raise invalid_type("stream", "Writable", stream)
        commits = option(options, "autoCommit", False) is True
        hidden(this, _LINES, {"stream": stream, "text": "", "commits": commits})

    return klass("Readline", init, _Readline)


def place(text: str, columns: float, tab: int = 8) -> tuple[int, int]:
    """Where the cursor is after a text: row and column.

    Args:
        text: What is shown from the begin of a line.
        columns: How wide the terminal is.
        tab: How wide a tab is.
    """
    from napi.js.inspect.text import strip_colors
    from napi.js.inspect.text import width as width_of

    rows, offset = 0, 0
    for letter in strip_colors(text):
        if letter == "\n":
            rows += int(-(-offset // columns)) or 1
            offset = 0
            continue
        if letter == "\t":
            offset += tab - offset % tab
            continue
        width = width_of(letter)
        if width == 2 and offset % columns + 1 == columns:
            offset += 1
        offset += width
    rows += int(offset // columns)
    return rows, int(offset % columns)
