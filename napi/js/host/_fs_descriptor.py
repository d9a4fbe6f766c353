"""The operations of ``fs`` on descriptors: open, read, write, sync, close."""

from __future__ import annotations

import os
from typing import Any

from napi._native import shim
from napi.js.host import _fs_values as values
from napi.js.host._errors import invalid_type, need_integer
from napi.js.host._fs_operation import Operation
from napi.js.host._kit import is_object, option
from napi.js.host.path import path_text

__all__ = [
    "close",
    "fdatasync",
    "fsync",
    "open_",
    "read",
    "readv",
    "statfs",
    "write",
    "writev",
]


def open_(path: Any, flags: Any = None, mode: Any = None) -> Operation:
    """Open."""
    name, how = path_text(path), values.flags_of(flags)
    rights = values.mode_of(mode, 0o666)
    act = lambda: os.open(name, how | os.O_CLOEXEC, rights)  # noqa: E731
    return Operation("open", act, None, name)


def close(fd: Any) -> Operation:
    """Close."""
    number = values.need_descriptor(fd)
    return Operation("close", lambda: os.close(number))


def fsync(fd: Any) -> Operation:
    """Fsync."""
    number = values.need_descriptor(fd)
    return Operation("fsync", lambda: os.fsync(number))


def fdatasync(fd: Any) -> Operation:
    """Fdatasync."""
    number = values.need_descriptor(fd)
    return Operation("fdatasync", lambda: os.fdatasync(number))


def _position(value: Any) -> int | None:
    if value is None or value is shim.null:
        return None
    number = (
        int(value)
        if shim.typeof(value) == "bigint"
        else need_integer(value, "position")
    )
    return None if number < 0 else number


def _range(buffer: Any, offset: Any, length: Any) -> tuple[memoryview, int, int]:
    if not isinstance(buffer, (shim.TypedArray, shim.DataView)):
        raise invalid_type("buffer", ["Buffer", "TypedArray", "DataView"], buffer)
    view = memoryview(buffer).cast("B")
    begin = values.need_offset(offset, len(view))
    size = len(view) - begin
    if length is not None and length is not shim.null:
        size = values.need_offset(length, size, "length")
    return view, begin, size


def _unpack(offset: Any, length: Any, position: Any) -> tuple[Any, Any, Any]:
    """The three, or an object with them in place of the first."""
    if is_object(offset):
        return tuple(shim.get(offset, k) for k in ("offset", "length", "position"))
    return offset, length, position


def read(
    fd: Any, buffer: Any, offset: Any = None, length: Any = None, position: Any = None
) -> Operation:
    """Read."""
    number = values.need_descriptor(fd)
    if is_object(buffer) and not isinstance(buffer, (shim.TypedArray, shim.DataView)):
        buffer, offset = option(buffer, "buffer", shim.Buffer(16384)), buffer
    offset, length, position = _unpack(offset, length, position)
    view, begin, size = _range(buffer, offset, length)
    place = _position(position)

    def act() -> bytes:
        if place is None:
            return os.read(number, size)
        return os.pread(number, size, place)

    def wrap(data: bytes) -> int:
        view[begin : begin + len(data)] = data
        return len(data)

    made = Operation("read", act, wrap)
    made.buffer = buffer  # type: ignore[attr-defined]
    return made


def write(
    fd: Any, buffer: Any, offset: Any = None, length: Any = None, position: Any = None
) -> Operation:
    """Write."""
    number = values.need_descriptor(fd)
    if isinstance(buffer, str):
        data = values.data_bytes(buffer, length if isinstance(length, str) else "utf8")
        place = _position(offset)
    else:
        offset, length, position = _unpack(offset, length, position)
        view, begin, size = _range(buffer, offset, length)
        data, place = bytes(view[begin : begin + size]), _position(position)

    def act() -> int:
        return (
            os.write(number, data) if place is None else os.pwrite(number, data, place)
        )

    made = Operation("write", act)
    made.buffer = buffer  # type: ignore[attr-defined]
    return made


def readv(fd: Any, buffers: Any, position: Any = None) -> Operation:
    """Readv."""
    number, views = (
        values.need_descriptor(fd),
        [memoryview(b).cast("B") for b in buffers],
    )
    place = _position(position)

    def act() -> int:
        return (
            os.readv(number, views)
            if place is None
            else os.preadv(number, views, place)
        )

    made = Operation("readv", act)
    made.buffer = buffers  # type: ignore[attr-defined]
    return made


def writev(fd: Any, buffers: Any, position: Any = None) -> Operation:
    """Writev."""
    number, views = (
        values.need_descriptor(fd),
        [memoryview(b).cast("B") for b in buffers],
    )
    place = _position(position)

    def act() -> int:
        if place is None:
            return os.writev(number, views)
        return os.pwritev(number, views, place)

    made = Operation("writev", act)
    made.buffer = buffers  # type: ignore[attr-defined]
    return made


def statfs(path: Any, options: Any = None) -> Operation:
    """Statfs."""
    name = path_text(path)

    def wrap(found: os.statvfs_result) -> Any:
        made = shim.Object()
        names = ("type", "bsize", "blocks", "bfree", "bavail", "files", "ffree")
        for key in names:
            shim.set(made, key, getattr(found, f"f_{key}", 0))
        return made

    return Operation("statfs", lambda: os.statvfs(name), wrap, name)
