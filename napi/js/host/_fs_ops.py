"""The operations of ``fs``: each takes its arguments and says what is to be done.

An operation looks at its arguments at once and gives an :class:`Operation`: ``act``
touches files, maybe on another thread; ``wrap`` makes the JavaScript value.
"""

# ruff: noqa: PTH100, PTH101, PTH102, PTH103, PTH104, PTH106, PTH108, PTH110, PTH112
# ruff: noqa: PTH115, PTH116, PTH120, PTH123, PTH211

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat as _stat
import string
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host import _fs_values as values
from napi.js.host._errors import need_integer
from napi.js.host._fs_descriptor import (
    close,
    fdatasync,
    fsync,
    open_,
    read,
    readv,
    statfs,
    write,
    writev,
)
from napi.js.host._fs_operation import Operation, perform
from napi.js.host._kit import is_object, option
from napi.js.host.path import path_text

__all__ = ["OPERATIONS", "Operation", "perform"]


def _named(error: OSError, syscall: str) -> OSError:
    error.syscall = syscall  # type: ignore[attr-defined]
    return error


def _read_all(target: int | str, flags: int) -> bytes:
    try:
        fd = (
            target if isinstance(target, int) else os.open(target, flags | os.O_CLOEXEC)
        )
    except OSError as error:
        raise _named(error, "open") from None
    try:
        pieces = []
        while piece := os.read(fd, 1 << 20):
            pieces.append(piece)
    except OSError as error:
        failed = _named(error, "read")
        failed.shown = None  # type: ignore[attr-defined]
        raise failed from None
    finally:
        if not isinstance(target, int):
            os.close(fd)
    return b"".join(pieces)


def _target(path: Any) -> int | str:
    if shim.typeof(path) == "number":
        return values.need_descriptor(path)
    if is_object(path) and shim.typeof(shim.get(path, "fd")) == "number":
        return int(shim.get(path, "fd"))
    return path_text(path)


def _shown(target: int | str) -> str | None:
    return target if isinstance(target, str) else None


def _decoder(encoding: str | None) -> Callable[[bytes], Any]:
    from napi.runtime import buffer

    if encoding is None:
        return shim.Buffer
    return lambda data: buffer.decode(data, encoding)


def read_file(path: Any, options: Any = None) -> Operation:
    """ReadFile."""
    encoding = values.encoding_of(options)
    flags = values.flags_of(option(options, "flag") if is_object(options) else None)
    target = _target(path)
    act = lambda: _read_all(target, flags)  # noqa: E731
    return Operation("open", act, _decoder(encoding), _shown(target))


def _write_all(target: int | str, data: bytes, flags: int, mode: int) -> None:
    opened = not isinstance(target, int)
    # Who watches the file shall see one change: nothing comes between the two.
    if isinstance(target, int):
        fd = target
    else:
        fd = os.open(target, flags | os.O_CLOEXEC, mode)
    try:
        done = os.write(fd, data) if data else 0
        while done < len(data):
            done += os.write(fd, memoryview(data)[done:])
    except OSError as error:
        raise _named(error, "write") from None
    finally:
        if opened:
            os.close(fd)


def _writer(path: Any, data: Any, options: Any, default: str) -> Operation:
    encoding = values.encoding_of(options, "utf8")
    own = options if is_object(options) else None
    flags = values.flags_of(option(own, "flag"), default)
    mode = values.mode_of(option(own, "mode"), 0o666)
    target, raw = _target(path), values.data_bytes(data, encoding)
    act = lambda: _write_all(target, raw, flags, mode)  # noqa: E731
    return Operation("open", act, None, _shown(target))


def write_file(path: Any, data: Any, options: Any = None) -> Operation:
    """WriteFile."""
    return _writer(path, data, options, "w")


def append_file(path: Any, data: Any, options: Any = None) -> Operation:
    """AppendFile."""
    return _writer(path, data, options, "a")


def access(path: Any, mode: Any = None) -> Operation:
    """Access."""
    wanted = 0 if mode is None else need_integer(mode, "mode", 0, 7)
    name = path_text(path)

    def act() -> None:
        if not os.access(name, wanted):
            os.stat(name)
            raise OSError(errno.EACCES, "permission denied")

    return Operation("access", act, None, name)


def _stat_operation(name: str, path: Any, options: Any) -> Operation:
    big = shim.to_boolean(option(options, "bigint", False))
    calls: dict[str, Callable[[Any], os.stat_result]] = {
        "stat": os.stat,
        "lstat": os.lstat,
        "fstat": os.fstat,
    }
    target = values.need_descriptor(path) if name == "fstat" else path_text(path)
    quiet = option(options, "throwIfNoEntry", True) is False

    def act() -> Any:
        try:
            return calls[name](target)
        except OSError as error:
            if quiet and error.errno in (errno.ENOENT, errno.ENOTDIR):
                return None
            raise

    def wrap(found: Any) -> Any:
        return None if found is None else values.stats(found, bool(big))

    shown = target if isinstance(target, str) else None
    return Operation(name, act, wrap, shown)


def stat(path: Any, options: Any = None) -> Operation:
    """Stat."""
    return _stat_operation("stat", path, options)


def lstat(path: Any, options: Any = None) -> Operation:
    """Lstat."""
    return _stat_operation("lstat", path, options)


def fstat(fd: Any, options: Any = None) -> Operation:
    """Fstat."""
    return _stat_operation("fstat", fd, options)


def _name_of(encoding: str | None, buffers: bool) -> Callable[[str], Any]:
    if buffers:
        return lambda name: shim.Buffer(os.fsencode(name))
    return lambda name: name


def _entries(name: str, recursive: bool) -> list[tuple[str, str, int]]:
    found: list[tuple[str, str, int]] = []
    waiting = [("", name)]
    while waiting:
        prefix, folder = waiting.pop(0)
        with os.scandir(folder) as entries:
            rows = sorted(entries, key=lambda entry: entry.name)
        for entry in rows:
            try:
                kind = _stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode)
            except OSError:
                kind = 0
            found.append((prefix + entry.name, folder, kind))
            if recursive and kind == _stat.S_IFDIR:
                waiting.append((f"{prefix}{entry.name}/", entry.path))
    return found


def readdir(path: Any, options: Any = None) -> Operation:
    """Readdir."""
    values.encoding_of(options)
    raw = options == "buffer" or option(options, "encoding") == "buffer"
    typed = shim.to_boolean(option(options, "withFileTypes", False))
    recursive = bool(shim.to_boolean(option(options, "recursive", False)))
    name, text = path_text(path), _name_of(None, raw)

    def wrap(found: list[tuple[str, str, int]]) -> Any:
        if not typed:
            return shim.Array([text(one[0]) for one in found])
        return shim.Array(
            [
                values.dirent(folder, text(entry.rpartition("/")[2]), kind)
                for entry, folder, kind in found
            ]
        )

    return Operation("scandir", lambda: _entries(name, recursive), wrap, name)


def _make_folders(name: str, mode: int) -> str | None:
    """Makes a folder and those above it; the first that was missing."""
    missing: list[str] = []
    at = os.path.abspath(name)
    while not os.path.isdir(at):
        if os.path.lexists(at):
            number = errno.EEXIST if at == os.path.abspath(name) else errno.ENOTDIR
            raise OSError(number, "")
        missing.append(at)
        at = os.path.dirname(at)
    for folder in reversed(missing):
        try:
            os.mkdir(folder, mode)
        except FileExistsError:
            if not os.path.isdir(folder):
                raise
    return missing[-1] if missing else None


def mkdir(path: Any, options: Any = None) -> Operation:
    """Mkdir."""
    own = options if is_object(options) else None
    mode = values.mode_of(option(own, "mode") if own is not None else options, 0o777)
    name = path_text(path)
    if shim.to_boolean(option(own, "recursive", False)):
        return Operation("mkdir", lambda: _make_folders(name, mode), None, name)
    return Operation("mkdir", lambda: os.mkdir(name, mode), None, name)


_LETTERS = string.ascii_letters + string.digits


def mkdtemp(prefix: Any, options: Any = None) -> Operation:
    """Mkdtemp."""
    name = path_text(prefix, "prefix")

    def act() -> str:
        for _ in range(100):
            made = name + "".join(secrets.choice(_LETTERS) for _ in range(6))
            try:
                os.mkdir(made, 0o700)
            except FileExistsError:
                continue
            return made
        raise OSError(errno.EEXIST, "")

    return Operation("mkdtemp", act, None, f"{name}XXXXXX")


def _remove(name: str, force: bool, recursive: bool) -> None:
    try:
        is_folder = _stat.S_ISDIR(os.lstat(name).st_mode)
        if is_folder and recursive:
            shutil.rmtree(name)
        elif is_folder:
            raise OSError(errno.EISDIR, "")
        else:
            os.unlink(name)
    except FileNotFoundError as error:
        if not force:
            raise _named(error, "lstat") from None


def rm(path: Any, options: Any = None) -> Operation:
    """Rm."""
    force = bool(shim.to_boolean(option(options, "force", False)))
    recursive = bool(shim.to_boolean(option(options, "recursive", False)))
    name = path_text(path)
    return Operation("rm", lambda: _remove(name, force, recursive), None, name)


def rmdir(path: Any, options: Any = None) -> Operation:
    """Rmdir."""
    name = path_text(path)
    if shim.to_boolean(option(options, "recursive", False)):
        return Operation("rmdir", lambda: shutil.rmtree(name), None, name)
    return Operation("rmdir", lambda: os.rmdir(name), None, name)


def unlink(path: Any) -> Operation:
    """Unlink."""
    name = path_text(path)
    return Operation("unlink", lambda: os.unlink(name), None, name)


def rename(oldPath: Any, newPath: Any) -> Operation:
    """Rename."""
    old, new = path_text(oldPath, "oldPath"), path_text(newPath, "newPath")
    return Operation("rename", lambda: os.rename(old, new), None, old, new)


def copy_file(src: Any, dest: Any, mode: Any = None) -> Operation:
    """CopyFile."""
    source, target = path_text(src, "src"), path_text(dest, "dest")
    exclusive = bool(int(mode or 0) & 1)

    def act() -> None:
        flags = os.O_WRONLY | os.O_CREAT | (os.O_EXCL if exclusive else os.O_TRUNC)
        with open(source, "rb") as reader:
            rights = _stat.S_IMODE(os.fstat(reader.fileno()).st_mode)
            with open(os.open(target, flags, rights), "wb") as writer:
                shutil.copyfileobj(reader, writer)

    return Operation("copyfile", act, None, source, target)


def cp(src: Any, dest: Any, options: Any = None) -> Operation:
    """Cp."""
    source, target = path_text(src, "src"), path_text(dest, "dest")
    recursive = bool(shim.to_boolean(option(options, "recursive", False)))
    force = bool(shim.to_boolean(option(options, "force", True)))

    def act() -> None:
        if os.path.isdir(source):
            if not recursive:
                raise OSError(errno.EISDIR, "")
            shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True)
        elif force or not os.path.exists(target):
            os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
            shutil.copy2(source, target)

    return Operation("cp", act, None, source, target)


def symlink(target: Any, path: Any, type: Any = None) -> Operation:
    """Symlink."""
    to, name = path_text(target, "target"), path_text(path)
    return Operation("symlink", lambda: os.symlink(to, name), None, to, name)


def link(existingPath: Any, newPath: Any) -> Operation:
    """Link."""
    old, new = path_text(existingPath, "existingPath"), path_text(newPath, "newPath")
    return Operation("link", lambda: os.link(old, new), None, old, new)


def readlink(path: Any, options: Any = None) -> Operation:
    """Readlink."""
    name, raw = path_text(path), options == "buffer"
    return Operation("readlink", lambda: os.readlink(name), _name_of(None, raw), name)


def _real(name: str) -> str:
    try:
        return os.path.realpath(name, strict=True)
    except OSError as error:
        raise _named(error, "lstat") from None


def realpath(path: Any, options: Any = None) -> Operation:
    """Realpath."""
    name = path_text(path)
    return Operation("realpath", lambda: _real(name), None, name)


def chmod(path: Any, mode: Any) -> Operation:
    """Chmod."""
    name, rights = path_text(path), values.mode_of(mode, 0)
    return Operation("chmod", lambda: os.chmod(name, rights), None, name)


def fchmod(fd: Any, mode: Any) -> Operation:
    """Fchmod."""
    number, rights = values.need_descriptor(fd), values.mode_of(mode, 0)
    return Operation("fchmod", lambda: os.fchmod(number, rights))


def chown(path: Any, uid: Any, gid: Any) -> Operation:
    """Chown."""
    name = path_text(path)
    user, group = _user(uid, "uid"), _user(gid, "gid")
    return Operation("chown", lambda: os.chown(name, user, group), None, name)


def lchown(path: Any, uid: Any, gid: Any) -> Operation:
    """Lchown."""
    name = path_text(path)
    user, group = _user(uid, "uid"), _user(gid, "gid")
    return Operation("lchown", lambda: os.lchown(name, user, group), None, name)


def fchown(fd: Any, uid: Any, gid: Any) -> Operation:
    """Fchown."""
    number = values.need_descriptor(fd)
    user, group = _user(uid, "uid"), _user(gid, "gid")
    return Operation("fchown", lambda: os.fchown(number, user, group))


def _user(value: Any, name: str) -> int:
    return need_integer(value, name, -1, 2**32 - 1)


def utimes(path: Any, atime: Any, mtime: Any) -> Operation:
    """Utimes."""
    name = path_text(path)
    times = values.seconds(atime, "atime"), values.seconds(mtime, "mtime")
    return Operation("utime", lambda: os.utime(name, times), None, name)


def lutimes(path: Any, atime: Any, mtime: Any) -> Operation:
    """Lutimes."""
    name = path_text(path)
    times = values.seconds(atime, "atime"), values.seconds(mtime, "mtime")
    act = lambda: os.utime(name, times, follow_symlinks=False)  # noqa: E731
    return Operation("lutime", act, None, name)


def futimes(fd: Any, atime: Any, mtime: Any) -> Operation:
    """Futimes."""
    number = values.need_descriptor(fd)
    times = values.seconds(atime, "atime"), values.seconds(mtime, "mtime")
    return Operation("futime", lambda: os.utime(number, times))


def truncate(path: Any, len: Any = None) -> Operation:
    """Truncate."""
    name, size = path_text(path), int(shim.to_number(len or 0))
    return Operation("open", lambda: os.truncate(name, max(size, 0)), None, name)


def ftruncate(fd: Any, len: Any = None) -> Operation:
    """Ftruncate."""
    number, size = values.need_descriptor(fd), int(shim.to_number(len or 0))
    return Operation("ftruncate", lambda: os.ftruncate(number, max(size, 0)))


#: Name in ``fs`` -> operation.
OPERATIONS: dict[str, Callable[..., Operation]] = {
    "access": access,
    "appendFile": append_file,
    "chmod": chmod,
    "chown": chown,
    "close": close,
    "copyFile": copy_file,
    "cp": cp,
    "fchmod": fchmod,
    "fchown": fchown,
    "fdatasync": fdatasync,
    "fstat": fstat,
    "fsync": fsync,
    "ftruncate": ftruncate,
    "futimes": futimes,
    "lchown": lchown,
    "link": link,
    "lstat": lstat,
    "lutimes": lutimes,
    "mkdir": mkdir,
    "mkdtemp": mkdtemp,
    "open": open_,
    "read": read,
    "readFile": read_file,
    "readdir": readdir,
    "readlink": readlink,
    "readv": readv,
    "realpath": realpath,
    "rename": rename,
    "rm": rm,
    "rmdir": rmdir,
    "stat": stat,
    "statfs": statfs,
    "symlink": symlink,
    "truncate": truncate,
    "unlink": unlink,
    "utimes": utimes,
    "write": write,
    "writeFile": write_file,
    "writev": writev,
}
