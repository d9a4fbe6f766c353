"""``fs``: files, at once (``...Sync``), with callbacks, and with promises."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host import _fs_values as values
from napi.js.host._errors import invalid_type, need_function, need_text
from napi.js.host._fs_ops import OPERATIONS, Operation, perform
from napi.js.host._kit import (
    absent,
    call_later,
    exports_of,
    function,
    lazy,
    option,
    thrown_value,
    work,
)
from napi.js.host.path import path_text

__all__ = ["exports", "glob"]

_QUICK_LIMIT = 1 << 20
# What may wait for another process: a pipe, a terminal, a lock.
_SLOW = ("read", "readv", "write", "writev", "readFile", "open", "fsync", "cp", "rm")
# What a callback is given besides error and result.
_WITH_BUFFER = ("read", "write", "readv", "writev")


def _limits(operation: Callable[..., Operation]) -> int:
    return operation.__code__.co_argcount


def _sync(name: str, operation: Callable[..., Operation]) -> Any:
    count = _limits(operation)

    def call(*arguments: Any) -> Any:
        given = arguments[:count]
        needed = count - len(operation.__defaults__ or ())
        given += (None,) * (needed - len(given))
        return perform(operation(*given))

    return function(call, f"{name}Sync")


def settle(operation: Operation, done: Callable[[Any, Any], None], slow: bool) -> None:
    """Does an operation and then calls ``done(error, value)`` in a later turn."""

    def finish(error: BaseException | None, result: Any) -> None:
        if error is not None:
            done(operation.error(error), None)
            return
        try:
            value = operation.finish(result)
        except Exception as failed:
            done(thrown_value(failed), None)
            return
        done(None, value)

    if slow:
        work(operation.act, finish)
        return

    def act() -> None:
        try:
            result = operation.act()
        except OSError as error:
            finish(error, None)
        else:
            finish(None, result)

    call_later(lambda *_: act())


def _async(name: str, operation: Callable[..., Operation]) -> Any:
    count = _limits(operation)
    needed = count - len(operation.__defaults__ or ())

    def call(*arguments: Any) -> None:
        callback = next((one for one in reversed(arguments) if callable(one)), None)
        if callback is None:
            last = arguments[-1] if len(arguments) > needed else None
            raise invalid_type("cb", "function", last)
        given = tuple(one for one in arguments[: arguments.index(callback)][:count])
        given += (None,) * (needed - len(given))
        made = operation(*given)

        def done(error: Any, value: Any) -> None:
            if error is not None:
                shim.call(callback, None, error)
            elif name in _WITH_BUFFER:
                shim.call(callback, None, shim.null, value, made.buffer)  # type: ignore[attr-defined]
            elif value is None:
                shim.call(callback, None, shim.null)
            else:
                shim.call(callback, None, shim.null, value)

        settle(made, done, name in _SLOW)

    return function(call, name)


class _Module:
    @staticmethod
    def existsSync(path: Any) -> bool:
        try:
            return os.path.exists(path_text(path))  # noqa: PTH110
        except Exception:
            return False

    @staticmethod
    def exists(path: Any, callback: Any) -> None:
        found = _Module.existsSync(path)
        call_later(callback, found)

    @staticmethod
    def opendirSync(path: Any, options: Any = None) -> Any:
        from napi.js.host._fs_folder import open_folder

        return open_folder(path, options)

    @staticmethod
    def opendir(path: Any, options: Any = None, callback: Any = None) -> None:
        _call_back(_Module.opendirSync, path, options, callback)

    @staticmethod
    def globSync(pattern: Any, options: Any = None) -> Any:
        return shim.Array(glob(pattern, options))

    @staticmethod
    def glob(pattern: Any, options: Any = None, callback: Any = None) -> None:
        _call_back(_Module.globSync, pattern, options, callback)

    @staticmethod
    def openAsBlob(path: Any, options: Any = None) -> Any:
        from napi.js.host._kit import rejected, resolved
        from napi.js.host._web_blob import blob_of

        try:
            data = perform(OPERATIONS["readFile"](path))
        except Exception as error:
            return rejected(thrown_value(error))
        return resolved(blob_of([bytes(data)], str(option(options, "type", ""))))

    @staticmethod
    def createReadStream(path: Any, options: Any = None) -> Any:
        from napi.js.host._fs_streams import read_stream

        return shim.construct(read_stream(), path, options)

    @staticmethod
    def createWriteStream(path: Any, options: Any = None) -> Any:
        from napi.js.host._fs_streams import write_stream

        return shim.construct(write_stream(), path, options)

    @staticmethod
    def _toUnixTimestamp(time: Any) -> float:
        return values.seconds(time, "time")


def _call_back(act: Any, first: Any, options: Any, callback: Any) -> None:
    """The form of a synchronous function that calls back."""
    if callable(options):
        options, callback = None, options
    need_function(callback, "callback")

    def later(*_: Any) -> None:
        try:
            found = act(first, options)
        except Exception as error:
            shim.call(callback, None, thrown_value(error))
        else:
            shim.call(callback, None, shim.null, found)

    call_later(later)


def glob(pattern: Any, options: Any) -> list[Any]:
    """``fs.glob``: the paths that patterns mean; with their kinds, if asked for."""
    from napi.js.host._glob import matches, walk

    given = pattern if isinstance(pattern, list) else [pattern]
    patterns = [need_text(one, "pattern") for one in given]
    cwd = option(options, "cwd")
    folder = os.getcwd() if cwd is None else path_text(cwd)  # noqa: PTH109
    skipped = option(options, "exclude")
    found: list[Any] = []
    for path in walk(patterns, folder):
        if callable(skipped):
            if shim.to_boolean(shim.call(skipped, None, path)):
                continue
        elif isinstance(skipped, list) and any(matches(path, one) for one in skipped):
            continue
        found.append(path)
    if option(options, "withFileTypes") is True:
        return [_entry(folder, path) for path in found]
    return found


def _entry(folder: str, path: str) -> Any:
    whole = os.path.join(folder, path)  # noqa: PTH118
    parent, name = os.path.split(whole)
    kind = stat.S_IFMT(os.lstat(whole).st_mode)
    return values.dirent(parent, name, kind)


def _add_watching(made: Any) -> None:
    def watch(filename: Any, options: Any = None, listener: Any = None) -> Any:
        from napi.js.host import _fs_watch

        return _fs_watch.watch(filename, options, listener)

    def watch_file(filename: Any, options: Any = None, listener: Any = None) -> Any:
        from napi.js.host import _fs_watch

        return _fs_watch.watch_file(filename, options, listener)

    def unwatch_file(filename: Any, listener: Any = None) -> None:
        from napi.js.host import _fs_watch

        _fs_watch.unwatch_file(filename, listener)

    shim.set(made, "watch", function(watch, "watch"))
    shim.set(made, "watchFile", function(watch_file, "watchFile"))
    shim.set(made, "unwatchFile", function(unwatch_file, "unwatchFile"))


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)
    for name, operation in OPERATIONS.items():
        shim.set(made, name, _async(name, operation))
        shim.set(made, f"{name}Sync", _sync(name, operation))
    for name in ("realpath", "realpathSync"):
        plain = shim.get(made, name)
        shim.set(plain, "native", plain)
    for name in ("read", "write"):
        from napi.js.host.util import ARGUMENT_NAMES

        names = ("bytesRead" if name == "read" else "bytesWritten", "buffer")
        shim.define(shim.get(made, name), ARGUMENT_NAMES, value=shim.Array(names))
    _promisify_exists(made)
    _add_watching(made)
    absent(made, "fs", "lchmod lchmodSync")
    shim.set(made, "constants", values.constants())
    for name in ("F_OK", "R_OK", "W_OK", "X_OK"):
        shim.set(made, name, shim.get(shim.get(made, "constants"), name))
    for name in ("Stats", "Dirent"):
        shim.set(made, name, values.class_of(name))
    lazy(made, "ReadStream", lambda: _streams().read_stream())
    lazy(made, "WriteStream", lambda: _streams().write_stream())
    lazy(made, "Dir", _folder_class)
    lazy(made, "promises", _promises)
    return made


def _promisify_exists(made: Any) -> None:
    from napi.js.host.util import CUSTOM_PROMISIFY

    def promised(path: Any) -> Any:
        from napi.js.host._kit import resolved

        return resolved(_Module.existsSync(path))

    exists = shim.get(made, "exists")
    shim.define(exists, CUSTOM_PROMISIFY, value=function(promised, "exists"))


def _streams() -> Any:
    from napi.js.host import _fs_streams

    return _fs_streams


def _folder_class() -> Any:
    from napi.js.host._fs_folder import folder_class

    return folder_class()


def _promises() -> Any:
    from napi.js.host import load

    return load("fs/promises")
