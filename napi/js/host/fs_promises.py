"""``fs/promises``: the operations of fs as promises, and FileHandle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host import _fs_values as values
from napi.js.host._emitter import emitter_class
from napi.js.host._errors import node_error
from napi.js.host._fs_ops import OPERATIONS, Operation
from napi.js.host._kit import (
    absent,
    function,
    klass,
    make,
    rejected,
    super_call,
    thrown_value,
)
from napi.js.host._stream_base import call_method
from napi.runtime.builtin import hidden
from napi.runtime.realm import kept

__all__ = ["exports"]

# Those that are about a descriptor are methods of FileHandle.
_OF_HANDLES = (
    "close",
    "fchmod",
    "fchown",
    "fdatasync",
    "fstat",
    "fsync",
    "ftruncate",
    "futimes",
    "read",
    "readv",
    "write",
    "writev",
)


def _settled(operation: Operation, name: str, change: Any = None) -> Any:
    from napi.js.host.fs import _SLOW, settle

    made = shim.Promise()

    def done(error: Any, value: Any) -> None:
        if error is not None:
            made._reject(error)
        else:
            made._resolve(value if change is None else change(value))

    settle(operation, done, name in _SLOW)
    return made


def _promised(
    name: str, operation: Callable[..., Operation], change: Any = None
) -> Any:
    count = operation.__code__.co_argcount
    needed = count - len(operation.__defaults__ or ())

    def call(*arguments: Any) -> Any:
        given = arguments[:count] + (None,) * (needed - len(arguments))
        try:
            made = operation(*given)
        except Exception as error:
            return rejected(thrown_value(error))
        return _settled(made, name, change)

    return function(call, name)


def _init_handle(this: Any, fd: Any = None, *_: Any) -> None:
    super_call(emitter_class(), this)
    hidden(this, "fd", fd)


def _on_handle(name: str, *arguments: Any, change: Any = None) -> Any:
    if arguments[0] == -1:
        error = node_error("Error", "EBADF", "file closed")
        shim.set(error, "syscall", name.removeprefix("f"))
        return rejected(error)
    try:
        operation = OPERATIONS[name](*arguments)
    except Exception as error:
        return rejected(thrown_value(error))
    return _settled(operation, name, change)


def _with_buffers(name: str, counted: str, this: Any, buffers: Any, at: Any) -> Any:
    def change(count: Any) -> Any:
        return make(**{counted: count, "buffers": buffers})

    return _on_handle(name, shim.get(this, "fd"), buffers, at, change=change)


class _Handle:
    def close(this: Any) -> Any:
        fd = shim.get(this, "fd")
        hidden(this, "fd", -1)
        if fd == -1:
            from napi.js.host._kit import resolved

            return resolved()

        def closed(_: Any) -> None:
            shim.call(shim.get(this, "emit"), this, "close")

        return _on_handle("close", fd, change=closed)

    def stat(this: Any, options: Any = None) -> Any:
        return _on_handle("fstat", shim.get(this, "fd"), options)

    def chmod(this: Any, mode: Any) -> Any:
        return _on_handle("fchmod", shim.get(this, "fd"), mode)

    def chown(this: Any, uid: Any, gid: Any) -> Any:
        return _on_handle("fchown", shim.get(this, "fd"), uid, gid)

    def sync(this: Any) -> Any:
        return _on_handle("fsync", shim.get(this, "fd"))

    def datasync(this: Any) -> Any:
        return _on_handle("fdatasync", shim.get(this, "fd"))

    def truncate(this: Any, len: Any = None) -> Any:
        return _on_handle("ftruncate", shim.get(this, "fd"), len)

    def utimes(this: Any, atime: Any, mtime: Any) -> Any:
        return _on_handle("futimes", shim.get(this, "fd"), atime, mtime)

    def readFile(this: Any, options: Any = None) -> Any:
        return _on_handle("readFile", shim.get(this, "fd"), options)

    def writeFile(this: Any, data: Any, options: Any = None) -> Any:
        return _on_handle("writeFile", shim.get(this, "fd"), data, options)

    def appendFile(this: Any, data: Any, options: Any = None) -> Any:
        return _on_handle("appendFile", shim.get(this, "fd"), data, options)

    def readv(this: Any, buffers: Any, position: Any = None) -> Any:
        return _with_buffers("readv", "bytesRead", this, buffers, position)

    def writev(this: Any, buffers: Any, position: Any = None) -> Any:
        return _with_buffers("writev", "bytesWritten", this, buffers, position)

    def createReadStream(this: Any, options: Any = None) -> Any:
        return _stream(this, "read_stream", options)

    def createWriteStream(this: Any, options: Any = None) -> Any:
        return _stream(this, "write_stream", options)

    def readableWebStream(this: Any, options: Any = None) -> Any:
        from napi.js.host._web_from_node import readable_to_web

        return readable_to_web(_stream(this, "read_stream", options), None)

    def readLines(this: Any, options: Any = None) -> Any:
        from napi.js.host import load

        given = make(input=_stream(this, "read_stream", options))
        shim.set(given, "crlfDelay", float("inf"))
        create = shim.get(load("readline"), "createInterface")
        return shim.call(create, None, given)

    def read(
        this: Any,
        buffer: Any = None,
        offset: Any = None,
        length: Any = None,
        position: Any = None,
    ) -> Any:
        from napi.js.host._kit import is_object, option

        if not isinstance(buffer, (shim.TypedArray, shim.DataView)):
            given = buffer if is_object(buffer) else None
            buffer, offset = option(given, "buffer", shim.Buffer(16384)), given
        return _on_handle(
            "read",
            shim.get(this, "fd"),
            buffer,
            offset,
            length,
            position,
            change=lambda count: make(bytesRead=count, buffer=buffer),
        )

    def write(
        this: Any,
        buffer: Any,
        offset: Any = None,
        length: Any = None,
        position: Any = None,
    ) -> Any:
        return _on_handle(
            "write",
            shim.get(this, "fd"),
            buffer,
            offset,
            length,
            position,
            change=lambda count: make(bytesWritten=count, buffer=buffer),
        )


def _stream(this: Any, kind: str, options: Any) -> Any:
    """A stream over a handle, which is closed with it."""
    from napi.js.host import _fs_streams
    from napi.js.host._kit import is_object

    given = make(fd=shim.get(this, "fd"))
    for key in shim.keys(options) if is_object(options) else ():
        shim.set(given, key, shim.get(options, key))
    made = shim.construct(getattr(_fs_streams, kind)(), shim.null, given)
    if shim.get(made, "autoClose") is not False:
        forget = function(lambda *_: hidden(this, "fd", -1))
        for event in ("end", "close"):
            call_method(made, "on", event, forget)
    return made


def _handle(fd: int) -> Any:
    return shim.construct(handle_class(), fd)


def handle_class() -> Any:
    """The class FileHandle of this realm."""
    return kept("fs.FileHandle", _make)


def _make() -> Any:
    made = klass("FileHandle", _init_handle, _Handle, parent=emitter_class())
    prototype = shim.get(made, "prototype")
    close = shim.get(prototype, "close")
    hidden(prototype, shim.Symbol.asyncDispose, close)
    return made


def exports() -> Any:
    """The module."""
    made = shim.Object()
    for name, operation in OPERATIONS.items():
        if name not in _OF_HANDLES:
            change = _handle if name == "open" else None
            shim.set(made, name, _promised(name, operation, change))
    shim.set(made, "constants", values.constants())
    absent(made, "fs.promises", "lchmod")
    shim.set(made, "watch", function(_watch, "watch"))
    shim.set(made, "glob", function(_glob, "glob"))
    shim.set(made, "opendir", function(_opendir, "opendir"))
    return made


def _watch(filename: Any, options: Any = None) -> Any:
    from napi.js.host._fs_watch import iterate

    return iterate(filename, options)


def _glob(pattern: Any, options: Any = None) -> Any:
    from napi.js.host.fs import glob

    found = shim.Array(glob(pattern, options))
    symbol = shim.Symbol.asyncIterator
    steps = shim.call(shim.get(found, "values"), found)

    def advance(*_: Any) -> Any:
        from napi.js.host._kit import resolved

        return resolved(call_method(steps, "next"))

    made = shim.Object()
    shim.set(made, "next", function(advance, "next"))
    shim.set(made, symbol, function(lambda *_: made, "[Symbol.asyncIterator]"))
    return made


def _opendir(path: Any, options: Any = None) -> Any:
    from napi.js.host._fs_folder import open_folder
    from napi.js.host._kit import resolved

    try:
        return resolved(open_folder(path, options))
    except Exception as error:
        return rejected(thrown_value(error))
