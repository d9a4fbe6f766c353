"""``fs.createReadStream`` and ``fs.createWriteStream``."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._fs_ops import OPERATIONS, Operation
from napi.js.host._kit import add_method, klass, make, option
from napi.js.host._stream_base import call_method, common_of, emit
from napi.js.host._stream_readable import readable_class
from napi.js.host._stream_writable import writable_class
from napi.js.host.path import path_text
from napi.runtime.realm import kept

__all__ = ["read_stream", "write_stream"]


def _do(operation: Operation, done: Any) -> None:
    from napi.js.host.fs import settle

    settle(operation, done, True)


def _options(options: Any) -> Any:
    if isinstance(options, str):
        return make(encoding=options)
    return shim.Object() if options is None or options is shim.null else options


def _prepare(this: Any, path: Any, given: Any, flags: str) -> None:
    fd = option(given, "fd")
    shim.set(this, "fd", shim.null if fd is None else fd)
    shim.set(this, "path", path_text(path) if fd is None else path)
    shim.set(this, "flags", option(given, "flags", flags))
    shim.set(this, "mode", option(given, "mode", 0o666))
    shim.set(this, "start", option(given, "start"))
    shim.set(this, "pos", option(given, "start"))
    shim.set(this, "autoClose", option(given, "autoClose", True))


def _init_read(this: Any, path: Any = None, options: Any = None) -> None:
    given = _options(options)
    _prepare(this, path, given, "r")
    shim.set(this, "end", option(given, "end", float("inf")))
    shim.set(this, "bytesRead", 0)
    settings = make(highWaterMark=option(given, "highWaterMark", 64 * 1024))
    for name in ("encoding", "autoDestroy", "emitClose", "signal"):
        if option(given, name) is not None:
            shim.set(settings, name, option(given, name))
    shim.call(readable_class(), this, settings)


def _init_write(this: Any, path: Any = None, options: Any = None) -> None:
    given = _options(options)
    _prepare(this, path, given, "w")
    shim.set(this, "bytesWritten", 0)
    settings = make(decodeStrings=True)
    for name in ("highWaterMark", "autoDestroy", "emitClose", "signal"):
        if option(given, name) is not None:
            shim.set(settings, name, option(given, name))
    if option(given, "encoding") is not None:
        shim.set(settings, "defaultEncoding", option(given, "encoding"))
    shim.call(writable_class(), this, settings)


def _construct(this: Any, callback: Any) -> None:
    if shim.typeof(shim.get(this, "fd")) == "number":
        shim.call(callback, None)
        return
    names = ("path", "flags", "mode")
    operation = OPERATIONS["open"](*(shim.get(this, name) for name in names))

    def opened(error: Any, fd: Any) -> None:
        if error is not None:
            shim.call(callback, None, error)
            return
        shim.set(this, "fd", fd)
        shim.call(callback, None)
        emit(this, "open", fd)
        emit(this, "ready")

    _do(operation, opened)


def _read(this: Any, n: Any = None) -> None:
    place, size = shim.get(this, "pos"), int(n)
    if place is not None:
        size = int(min(shim.get(this, "end") - place + 1, size))
    else:
        rest = shim.get(this, "end") - shim.get(this, "bytesRead") + 1
        size = int(min(rest, size))
    if size <= 0:
        call_method(this, "push", shim.null)
        return
    target = shim.Buffer(size)
    operation = OPERATIONS["read"](shim.get(this, "fd"), target, 0, size, place)

    def done(error: Any, count: Any) -> None:
        if error is not None:
            call_method(this, "destroy", error)
            return
        if common_of(this).destroyed:
            return
        if place is not None:
            shim.set(this, "pos", place + count)
        shim.set(this, "bytesRead", shim.get(this, "bytesRead") + count)
        call_method(this, "push", target[:count] if count else shim.null)

    _do(operation, done)


def _write(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
    def step(rest: Any) -> None:
        place = shim.get(this, "pos")
        operation = OPERATIONS["write"](shim.get(this, "fd"), rest, 0, len(rest), place)

        def done(error: Any, count: Any) -> None:
            if error is not None:
                shim.call(callback, None, error)
                return
            shim.set(this, "bytesWritten", shim.get(this, "bytesWritten") + count)
            if place is not None:
                shim.set(this, "pos", place + count)
            if count < len(rest):
                step(rest[count:])
            else:
                shim.call(callback, None)

        _do(operation, done)

    step(chunk)


def _destroy(this: Any, error: Any, callback: Any) -> None:
    fd = shim.get(this, "fd")
    if shim.typeof(fd) != "number" or shim.get(this, "autoClose") is False:
        shim.call(callback, None, error)
        return
    shim.set(this, "fd", shim.null)

    def done(failure: Any, _: Any) -> None:
        shim.call(callback, None, error if error is not shim.null else failure)

    _do(OPERATIONS["close"](fd), done)


def _close(this: Any, callback: Any = None) -> None:
    if callable(callback):
        call_method(this, "once", "close", callback)
    ends = callable(shim.get(this, "write"))
    call_method(this, "end" if ends else "destroy")


def _make(name: str) -> Any:
    reads = name == "ReadStream"
    parent = readable_class() if reads else writable_class()
    init = _init_read if reads else _init_write
    made = klass(name, init, parent=parent, call=True, length=2)
    prototype = shim.get(made, "prototype")
    members: dict[str, Any] = {"_construct": _construct, "_destroy": _destroy}
    members["close"] = _close
    members["_read" if reads else "_write"] = _read if reads else _write
    for key, member in members.items():
        add_method(prototype, key, member)
    return made


def read_stream() -> Any:
    """The class ReadStream of this realm."""
    return kept("fs.ReadStream", lambda: _make("ReadStream"))


def write_stream() -> Any:
    """The class WriteStream of this realm."""
    return kept("fs.WriteStream", lambda: _make("WriteStream"))
