"""``tty``: whether a descriptor is a terminal, and streams over one."""

from __future__ import annotations

import os
from typing import Any

from napi._native import shim
from napi.js.host._kit import exports_of, is_object, klass, make
from napi.js.host._reader import Reader
from napi.js.host._stream_base import call_method
from napi.js.host._terminal import add_terminal
from napi.runtime.builtin import hidden

__all__ = ["exports"]

_OPEN = shim.Symbol("kOpen")


class _Module:
    @staticmethod
    def isatty(fd: Any) -> bool:
        return isinstance(fd, int) and 0 <= fd < 2**31 and os.isatty(fd)


def _descriptor(fd: Any) -> int:
    from napi.js.host._errors import node_error

    if not isinstance(fd, int) or fd < 0:
        text = f'"fd" must be a positive integer: {shim.to_string(fd)}'
        raise node_error("RangeError", "ERR_INVALID_FD", text)
    return fd


def _fetch(this: Any, size: Any = None) -> None:
    open_ = shim.get(this, _OPEN)
    if "fd" in open_:
        if "reader" not in open_:
            open_["reader"] = Reader(this, open_["fd"])
        open_["reader"].start()


def _close(this: Any, error: Any, callback: Any) -> None:
    open_ = shim.get(this, _OPEN)
    fd = open_.pop("fd", None)
    if "reader" in open_:
        open_["reader"].close()
    if fd is not None and fd > 2:
        os.close(fd)
    shim.call(callback, None, error)


def _itself(this: Any) -> Any:
    return this


def _set_raw(this: Any, mode: Any) -> Any:
    import termios
    import tty

    fd = int(shim.get(this, "fd"))
    saved = shim.get(this, _OPEN)
    if shim.to_boolean(mode):
        saved.setdefault("mode", termios.tcgetattr(fd))
        tty.setraw(fd, termios.TCSANOW)
    elif "mode" in saved:
        termios.tcsetattr(fd, termios.TCSANOW, saved.pop("mode"))
    shim.set(this, "isRaw", shim.to_boolean(mode))
    return this


def _init(this: Any, fd: int) -> None:
    hidden(this, _OPEN, {"fd": fd})
    shim.set(this, "fd", fd)
    shim.set(this, "isTTY", True)


class _Input:
    """Reading keeps the loop going, whatever ``unref`` says."""

    _destroy = _close
    ref = unref = _itself

    def _read(this: Any, size: Any = None) -> None:
        _fetch(this, size)

    def setRawMode(this: Any, mode: Any) -> Any:
        return _set_raw(this, mode)


class _Output:
    _destroy = _close
    ref = unref = _itself

    def _write(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
        from napi.js.host._errors import system_error

        try:
            data = memoryview(chunk).cast("B")
            while data:
                data = data[os.write(shim.get(this, _OPEN)["fd"], data) :]
        except OSError as error:
            shim.call(callback, None, system_error(error.errno or 5, "write"))
            return
        shim.call(callback, None)

    def getWindowSize(this: Any) -> Any:
        size = os.get_terminal_size(int(shim.get(this, "fd")))
        return shim.Array([size.columns, size.lines])


def _input_class() -> Any:
    from napi.js.host._stream_readable import readable_class

    def init(this: Any, fd: Any = None, options: Any = None) -> None:
        number = _descriptor(fd)
        given = options if is_object(options) else shim.Object()
        shim.call(readable_class(), this, given)
        _init(this, number)
        shim.set(this, "isRaw", False)

    return klass("ReadStream", init, _Input, parent=readable_class(), call=True)


def _output_class() -> Any:
    from napi.js.host._stream_writable import writable_class

    def init(this: Any, fd: Any = None) -> None:
        number = _descriptor(fd)
        shim.call(writable_class(), this, make(decodeStrings=True))
        _init(this, number)
        size = call_method(this, "getWindowSize") if os.isatty(number) else [80, 24]
        shim.set(this, "columns", size[0])
        shim.set(this, "rows", size[1])

    made = klass("WriteStream", init, _Output, parent=writable_class(), call=True)
    add_terminal(shim.get(made, "prototype"))
    return made


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)
    shim.set(made, "ReadStream", _input_class())
    shim.set(made, "WriteStream", _output_class())
    return made
