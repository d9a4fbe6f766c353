"""What ``fs`` gives and takes: Stats, Dirent, flags, modes, times, constants."""

from __future__ import annotations

import os
import stat as _stat
import time
from typing import Any

from napi._native import shim
from napi.js.host._errors import (
    invalid_type,
    invalid_value,
    need_integer,
    out_of_range,
)
from napi.js.host._kit import is_object, klass, option
from napi.runtime.builtin import hidden
from napi.runtime.date import Date
from napi.runtime.realm import kept

__all__ = [
    "constants",
    "data_bytes",
    "dirent",
    "encoding_of",
    "flags_of",
    "mode_of",
    "seconds",
    "stats",
]

_FLAGS = {
    "r": os.O_RDONLY,
    "rs": os.O_RDONLY | os.O_SYNC,
    "r+": os.O_RDWR,
    "rs+": os.O_RDWR | os.O_SYNC,
    "w": os.O_TRUNC | os.O_CREAT | os.O_WRONLY,
    "wx": os.O_TRUNC | os.O_CREAT | os.O_WRONLY | os.O_EXCL,
    "w+": os.O_TRUNC | os.O_CREAT | os.O_RDWR,
    "wx+": os.O_TRUNC | os.O_CREAT | os.O_RDWR | os.O_EXCL,
    "a": os.O_APPEND | os.O_CREAT | os.O_WRONLY,
    "ax": os.O_APPEND | os.O_CREAT | os.O_WRONLY | os.O_EXCL,
    "as": os.O_APPEND | os.O_CREAT | os.O_WRONLY | os.O_SYNC,
    "a+": os.O_APPEND | os.O_CREAT | os.O_RDWR,
    "ax+": os.O_APPEND | os.O_CREAT | os.O_RDWR | os.O_EXCL,
    "as+": os.O_APPEND | os.O_CREAT | os.O_RDWR | os.O_SYNC,
}
for _first, _second in (("rs", "sr"), ("wx", "xw"), ("ax", "xa"), ("as", "sa")):
    _FLAGS[_second] = _FLAGS[_first]
    _FLAGS[f"{_second}+"] = _FLAGS[f"{_first}+"]


def flags_of(value: Any, default: str = "r") -> int:
    """The flags of ``open(2)`` for ``"r+"`` and the like."""
    if value is None or value is shim.null:
        value = default
    if shim.typeof(value) == "number":
        return int(value)
    if value not in _FLAGS:
        raise invalid_value("flags", value)
    return _FLAGS[value]


def mode_of(value: Any, default: int, name: str = "mode") -> int:
    """A file mode: a number, or a text in octal."""
    if value is None or value is shim.null:
        return default
    if isinstance(value, str):
        try:
            return int(value, 8)
        except ValueError:
            reason = "must be a 32-bit unsigned integer or an octal string"
            raise invalid_value(name, value, reason) from None
    return need_integer(value, name, 0, 2**32 - 1)


def encoding_of(options: Any, default: str | None = None) -> str | None:
    """The encoding that options name; ``None``: a Buffer."""
    if isinstance(options, str):
        found: Any = options
    elif options is None or options is shim.null or callable(options):
        return default
    elif is_object(options):
        found = option(options, "encoding", default)
    else:
        raise invalid_type("options", ["string", "Object"], options)
    if found is None or found is shim.null or found == "buffer":
        return None
    from napi.js.host.buffer import is_encoding

    if not is_encoding(found):
        raise invalid_value("encoding", found, "is invalid encoding")
    return str(found)


def data_bytes(value: Any, encoding: str | None, name: str = "data") -> bytes:
    """The bytes of what is to be written."""
    from napi.runtime import buffer

    if isinstance(value, str):
        return buffer.encode(value, encoding or "utf8")
    if not isinstance(value, (shim.TypedArray, shim.DataView, bytes, bytearray)):
        wanted = ["string", "Buffer", "TypedArray", "DataView"]
        raise invalid_type(name, wanted, value)
    return bytes(memoryview(value).cast("B"))


def seconds(value: Any, name: str) -> float:
    """A time in seconds: a number, a date, or a text with a number."""
    if isinstance(value, Date):
        return float(value.getTime()) / 1000
    number = (
        float(shim.to_number(value))
        if shim.typeof(value) in ("number", "string")
        else None
    )
    if number is None or number != number:
        raise invalid_type(name, ["Date", "Time in seconds"], value)
    return time.time() if number in (float("inf"), float("-inf")) else number


_NUMBERS = (
    "dev",
    "mode",
    "nlink",
    "uid",
    "gid",
    "rdev",
    "blksize",
    "ino",
    "size",
    "blocks",
)
_TIMES = ("atime", "mtime", "ctime", "birthtime")
_KINDS = {
    "isDirectory": _stat.S_IFDIR,
    "isFile": _stat.S_IFREG,
    "isBlockDevice": _stat.S_IFBLK,
    "isCharacterDevice": _stat.S_IFCHR,
    "isSymbolicLink": _stat.S_IFLNK,
    "isFIFO": _stat.S_IFIFO,
    "isSocket": _stat.S_IFSOCK,
}


def _kind_check(kind: int) -> Any:
    return lambda this: _stat.S_IFMT(int(shim.get(this, "mode"))) == kind


def _no_init(this: Any, *_: Any) -> None:
    return None


def class_of(name: str) -> Any:
    """The class Stats, BigIntStats or Dirent of this realm."""
    return kept(f"fs.{name}", lambda: _make(name))


def _make(name: str) -> Any:
    check = _dirent_check if name == "Dirent" else _kind_check
    members = {key: check(kind) for key, kind in _KINDS.items()}
    for key, member in members.items():
        member.__name__ = member.__qualname__ = key
    body = type("Members", (), members)
    is_class = name == "Dirent"  # the others are functions of the old style
    return klass(name, _no_init, body, call=not is_class)


def stats(found: os.stat_result, big: bool = False) -> Any:
    """A Stats object."""
    made = shim.create(
        shim.get(class_of("BigIntStats" if big else "Stats"), "prototype")
    )
    for name in _NUMBERS:
        value = getattr(found, f"st_{name}", 0)
        shim.set(made, name, shim.BigInt(value) if big else value)
    for name in _TIMES:
        ns = getattr(found, f"st_{name}_ns", found.st_ctime_ns)
        if big:
            shim.set(made, f"{name}Ms", shim.BigInt(ns // 1_000_000))
            shim.set(made, f"{name}Ns", shim.BigInt(ns))
        else:
            value = ns / 1_000_000
            shim.set(made, f"{name}Ms", int(value) if value.is_integer() else value)
    for name in _TIMES:
        ns = getattr(found, f"st_{name}_ns", found.st_ctime_ns)
        shim.set(made, name, Date((ns + 500_000) // 1_000_000))
    return made


_TYPE = shim.Symbol("type")


def _dirent_check(kind: int) -> Any:
    return lambda this: shim.get(this, _TYPE) == kind


def dirent(folder: Any, name: Any, kind: int) -> Any:
    """A Dirent: an entry of a folder, with its type."""
    made = shim.create(shim.get(class_of("Dirent"), "prototype"))
    shim.set(made, "name", name)
    shim.set(made, "parentPath", folder)
    hidden(made, _TYPE, kind)
    return made


_OS_CONSTANTS = (
    "O_RDONLY O_WRONLY O_RDWR O_CREAT O_EXCL O_NOCTTY O_TRUNC O_APPEND O_DIRECTORY "
    "O_NOATIME O_NOFOLLOW O_SYNC O_DSYNC O_DIRECT O_NONBLOCK"
)
_STAT_CONSTANTS = (
    "S_IFMT S_IFREG S_IFDIR S_IFCHR S_IFBLK S_IFIFO S_IFLNK S_IFSOCK "
    "S_IRWXU S_IRUSR S_IWUSR S_IXUSR S_IRWXG S_IRGRP S_IWGRP S_IXGRP "
    "S_IRWXO S_IROTH S_IWOTH S_IXOTH"
)
_OWN = {
    "UV_FS_SYMLINK_DIR": 1,
    "UV_FS_SYMLINK_JUNCTION": 2,
    "UV_DIRENT_UNKNOWN": 0,
    "UV_DIRENT_FILE": 1,
    "UV_DIRENT_DIR": 2,
    "UV_DIRENT_LINK": 3,
    "UV_DIRENT_FIFO": 4,
    "UV_DIRENT_SOCKET": 5,
    "UV_DIRENT_CHAR": 6,
    "UV_DIRENT_BLOCK": 7,
    "UV_FS_O_FILEMAP": 0,
    "F_OK": 0,
    "R_OK": 4,
    "W_OK": 2,
    "X_OK": 1,
    "COPYFILE_EXCL": 1,
    "UV_FS_COPYFILE_EXCL": 1,
    "COPYFILE_FICLONE": 2,
    "UV_FS_COPYFILE_FICLONE": 2,
    "COPYFILE_FICLONE_FORCE": 4,
    "UV_FS_COPYFILE_FICLONE_FORCE": 4,
}


def constants() -> Any:
    """``fs.constants``."""
    made = shim.create(shim.null)
    for name in _OS_CONSTANTS.split():
        if hasattr(os, name):
            shim.set(made, name, getattr(os, name))
    for name in _STAT_CONSTANTS.split():
        if name == "S_IFMT":
            shim.set(made, name, 0o170000)
        else:
            shim.set(made, name, getattr(_stat, name))
    for name, value in _OWN.items():
        shim.set(made, name, value)
    return made


def need_descriptor(value: Any) -> int:
    """A file descriptor."""
    return need_integer(value, "fd", 0, 2**31 - 1)


def need_offset(value: Any, most: int, name: str = "offset") -> int:
    """An offset into a buffer."""
    if value is None or value is shim.null:
        return 0
    number = need_integer(value, name)
    if not 0 <= number <= most:
        raise out_of_range(name, f">= 0 && <= {most}", value)
    return number
