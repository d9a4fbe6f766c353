"""``process.stdin``, ``process.stdout``, ``process.stderr`` as streams."""

from __future__ import annotations

import atexit
import shutil
import sys
from typing import Any

from napi._native import shim
from napi.js.host._kit import function, make
from napi.js.host._reader import Reader
from napi.js.host._stream_base import call_method
from napi.js.host._stream_readable import readable_class
from napi.js.host._stream_readable import state_of as readable_state
from napi.js.host._stream_writable import writable_class
from napi.js.host._terminal import add_terminal
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

    add_terminal(made)

    def window() -> Any:
        return shim.Array([size.columns, size.lines])

    hidden(made, "getWindowSize", function(window, "getWindowSize"))


def _output(name: str, descriptor: int) -> Any:
    worker = shim.slots().get("worker")
    if worker is not None and name in worker.streams:
        from napi.js.host._worker_stdio import make_output

        return make_output(worker, name, descriptor)
    return _writer(name, descriptor)


def make_stdout() -> Any:
    """``process.stdout``."""
    return _output("stdout", 1)


def make_stderr() -> Any:
    """``process.stderr``."""
    return _output("stderr", 2)


def make_stdin() -> Any:
    """``process.stdin``: read while somebody wants it."""
    worker = shim.slots().get("worker")
    if worker is not None:
        from napi.js.host._worker_stdio import worker_input

        return worker_input(worker)
    made = shim.construct(readable_class(), make(highWaterMark=65536))
    reader = Reader(made, 0)

    def is_paused() -> bool:
        waits = call_method(made, "listenerCount", "readable")
        return readable_state(made).flowing is False and not waits

    def fetch(this: Any, n: Any = None) -> None:
        if is_paused():  # it reads ahead: resume() will ask again
            readable_state(made).reading = False
        else:
            reader.start()

    hidden(made, "_read", function(fetch, "_read", this=True))
    shim.set(made, "fd", 0)
    if _is_terminal("stdin"):
        _add_raw_mode(made)

    def paused() -> None:
        """A program that listens no more may end."""
        if is_paused():
            reader.stop()
            readable_state(made).reading = False

    def refer(this: Any, referenced: bool) -> Any:
        reader.refer(referenced)
        return this

    call_method(made, "on", "pause", function(lambda *_: shim.queue_tick(paused)))
    for name, value in (("ref", True), ("unref", False)):
        act = function(lambda this, value=value: refer(this, value), name, this=True)
        hidden(made, name, act)
    return made


def _add_raw_mode(made: Any) -> None:
    saved: list[Any] = []

    def set_mode(this: Any, mode: Any) -> Any:
        import termios
        import tty

        raw = bool(shim.to_boolean(mode))
        if raw and not saved:
            saved.append(termios.tcgetattr(0))
            tty.setraw(0, termios.TCSANOW)
        elif not raw and saved:
            termios.tcsetattr(0, termios.TCSANOW, saved.pop())
        shim.set(this, "isRaw", raw)
        return this

    shim.set(made, "isTTY", True)
    shim.set(made, "isRaw", False)
    hidden(made, "setRawMode", function(set_mode, "setRawMode", this=True))
    atexit.register(lambda: set_mode(made, False))
