"""``fs/promises``: the operations of fs as promises, and FileHandle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host import _fs_values as values
from napi.js.host._emitter import emitter_class
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
    try:
        operation = OPERATIONS[name](*arguments)
    except Exception as error:
        return rejected(thrown_value(error))
    return _settled(operation, name, change)


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


def _handle(fd: int) -> Any:
    return shim.construct(handle_class(), fd)


def handle_class() -> Any:
    """The class FileHandle of this realm."""
    return kept("fs.FileHandle", _make)


def _make() -> Any:
    return klass("FileHandle", _init_handle, _Handle, parent=emitter_class())


def exports() -> Any:
    """The module."""
    made = shim.Object()
    for name, operation in OPERATIONS.items():
        if name not in _OF_HANDLES:
            change = _handle if name == "open" else None
            shim.set(made, name, _promised(name, operation, change))
    shim.set(made, "constants", values.constants())
    absent(made, "fs.promises", "watch glob lchmod")
    shim.set(made, "opendir", function(_opendir, "opendir"))
    return made


def _opendir(path: Any, options: Any = None) -> Any:
    from napi.js.host._fs_folder import open_folder
    from napi.js.host._kit import resolved

    try:
        return resolved(open_folder(path, options))
    except Exception as error:
        return rejected(thrown_value(error))
