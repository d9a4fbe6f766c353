"""``process.stdin``, ``process.stdout``, ``process.stderr`` as streams."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any

from napi._native import shim
from napi.js.host._kit import function, make, work
from napi.js.host._stream_base import call_method
from napi.js.host._stream_readable import readable_class
from napi.js.host._stream_writable import writable_class
from napi.runtime.builtin import hidden

__all__ = ["make_stderr", "make_stdin", "make_stdout", "write"]


def write(name: str, data: str | bytes) -> None:
    """Writes to one of Python's streams, and does not keep it back.

    Args:
        name: ``stdout`` or ``stderr``.
        data: A text, or bytes.
    """
    stream = getattr(sys, name)
    if isinstance(data, str):
        try:
            stream.write(data)
        except UnicodeEncodeError:
            stream.write(data.encode("utf-8", "replace").decode())
    else:
        stream.flush()
        binary = getattr(stream, "buffer", None)
        if binary is None:
            stream.write(data.decode("utf-8", "replace"))
        else:
            binary.write(data)
    stream.flush()


def _is_terminal(name: str) -> bool:
    try:
        return bool(getattr(sys, name).isatty())
    except (AttributeError, ValueError):
        return False


def _writer(name: str, descriptor: int) -> Any:
    made = shim.construct(writable_class(), make(decodeStrings=False))

    def send(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
        if isinstance(chunk, str) and encoding not in ("utf8", "utf-8", None):
            from napi.runtime.buffer import encode

            chunk = encode(chunk, str(encoding))
        data = str(chunk) if isinstance(chunk, str) else bytes(memoryview(chunk))
        try:
            write(name, data)
        except BrokenPipeError as error:
            from napi.js.host._errors import system_error

            shim.call(callback, None, system_error(error.errno or 32, "write"))
            return
        shim.call(callback, None)

    def keep_open(this: Any, error: Any, callback: Any) -> None:
        shim.call(callback, None, error)

    hidden(made, "_write", function(send, "_write", this=True))
    hidden(made, "_destroy", function(keep_open, "_destroy", this=True))
    shim.set(made, "fd", descriptor)
    hidden(made, "_isStdio", True)
    hidden(made, "isStdio", True)
    hidden(made, "_type", "tty" if _is_terminal(name) else "pipe")
    if _is_terminal(name):
        _add_terminal(made)
    return made


def _add_terminal(made: Any) -> None:
    size = shutil.get_terminal_size()
    shim.set(made, "isTTY", True)
    shim.set(made, "columns", size.columns)
    shim.set(made, "rows", size.lines)

    def depth(env: Any = None) -> int:
        if os.environ.get("NO_COLOR"):
            return 1
        colors = os.environ.get("COLORTERM") in ("truecolor", "24bit")
        return 24 if colors else 8 if "256" in os.environ.get("TERM", "") else 4

    def has_colors(count: Any = None, env: Any = None) -> bool:
        wanted = count if isinstance(count, int) else 16
        return bool(wanted <= 2 ** depth())

    def window() -> Any:
        return shim.Array([size.columns, size.lines])

    for name, act in (
        ("getColorDepth", depth),
        ("hasColors", has_colors),
        ("getWindowSize", window),
    ):
        hidden(made, name, function(act, name))


def make_stdout() -> Any:
    """``process.stdout``."""
    return _writer("stdout", 1)


def make_stderr() -> Any:
    """``process.stderr``."""
    return _writer("stderr", 2)


def make_stdin() -> Any:
    """``process.stdin``: read on a thread, when somebody wants it."""
    made = shim.construct(readable_class(), make(highWaterMark=65536))

    def fetch(this: Any, n: Any = None) -> None:
        def done(error: Any, data: Any) -> None:
            if error is not None or not data:
                call_method(this, "push", shim.null)
            else:
                call_method(this, "push", shim.Buffer(data))

        work(lambda: os.read(0, 65536), done)

    hidden(made, "_read", function(fetch, "_read", this=True))
    shim.set(made, "fd", 0)
    if _is_terminal("stdin"):
        shim.set(made, "isTTY", True)

        def raw(this: Any, mode: Any) -> Any:
            import termios
            import tty

            if shim.to_boolean(mode):
                tty.setraw(0, termios.TCSANOW)
            shim.set(this, "isRaw", shim.to_boolean(mode))
            return this

        hidden(made, "setRawMode", function(raw, "setRawMode", this=True))
    for name in ("ref", "unref"):
        hidden(made, name, function(lambda this: this, name, this=True))
    return made
