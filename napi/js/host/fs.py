"""``fs``: files, at once (``...Sync``), with callbacks, and with promises."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host import _fs_values as values
from napi.js.host._errors import invalid_type
from napi.js.host._fs_ops import OPERATIONS, Operation, perform
from napi.js.host._kit import (
    absent,
    call_later,
    exports_of,
    function,
    lazy,
    thrown_value,
    work,
)
from napi.js.host.path import path_text

__all__ = ["exports"]

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
            last = arguments[-1] if arguments else None
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
    absent(made, "fs", "watch watchFile unwatchFile glob globSync openAsBlob lchmod")
    shim.set(made, "constants", values.constants())
    for name in ("F_OK", "R_OK", "W_OK", "X_OK"):
        shim.set(made, name, shim.get(shim.get(made, "constants"), name))
    for name in ("Stats", "Dirent"):
        shim.set(made, name, values.class_of(name))
    lazy(made, "ReadStream", lambda: _streams().read_stream())
    lazy(made, "WriteStream", lambda: _streams().write_stream())
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


def _promises() -> Any:
    from napi.js.host import load

    return load("fs/promises")
