"""What went into addons and came out, as lines of JSON that can be played again.

``napi record SCRIPT`` writes them, ``napi replay`` needs neither the program nor its
data: a report of a bug that can be sent. Needs the strict build.
"""

from __future__ import annotations

import base64
import json
import math
import os
import sys
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import BuiltinFunctionType, FunctionType
from typing import Any, TextIO

from napi.testing.fault import watch

__all__ = ["VERSION", "Names", "Recorder", "encode", "recording"]

VERSION = 1
_SAFE = 2**53
_DEEPEST = 20


class Names:
    """Numbers for the objects that go back and forth, as long as they live."""

    def __init__(self, dropped: Callable[[int], None] = lambda number: None) -> None:
        self._numbers: dict[int, int] = {}
        self._guards: dict[int, weakref.ref[Any]] = {}
        self._dropped = dropped
        self._last = 0

    def of(self, value: Any) -> int | None:
        """The number of an object that has one."""
        return self._numbers.get(id(value))

    def give(self, value: Any) -> int:
        """A new number; 0 for what cannot be followed: it has no identity."""
        address = id(value)

        def forget(_: object) -> None:
            self._guards.pop(address, None)
            number = self._numbers.pop(address, 0)
            if number:
                self._dropped(number)

        try:
            self._guards[address] = weakref.ref(value, forget)
        except TypeError:
            return 0
        self._last += 1
        self._numbers[address] = self._last
        return self._last


def encode(value: Any, names: Names, depth: int = 0) -> Any:
    """A value as JSON. No code of the value runs.

    Source: the table of values of the README.

    Args:
        value: What was passed.
        names: Of the objects that are known already.
        depth: Of the containers around it.

    Returns:
        What ``json.dumps`` takes: numbers, texts, booleans and None as they are, all
        else as a dict that says what it is.
    """
    kind = type(value)
    if value is None or kind is bool or (kind is int and abs(value) < _SAFE):
        return value
    if kind is str:
        return str(value)
    if kind is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    return _encode_object(value, kind, names, depth)


def _encode_object(value: Any, kind: type, names: Names, depth: int) -> Any:
    from napi._native import shim

    if value is shim.null:
        return {"null": True}
    # Asking isinstance() would ask the value for its __class__.
    if issubclass(kind, int):
        return {"int": int.__repr__(value), "type": kind.__name__}
    known = names.of(value)
    if issubclass(kind, dict) and depth < _DEEPEST:
        made = {"object": _items(value, names, depth), "type": kind.__name__}
    elif issubclass(kind, list | tuple) and depth < _DEEPEST:
        base: Any = tuple if issubclass(kind, tuple) else list
        listed = [encode(item, names, depth + 1) for item in base.__iter__(value)]
        made = {"array": listed, "type": kind.__name__}
    elif issubclass(kind, bytes | bytearray | memoryview) or _is_buffer(value):
        data = base64.b64encode(memoryview(value).tobytes()).decode()
        made = {"bytes": data, "type": kind.__name__}
    elif known is not None:
        return {"ref": known}
    elif issubclass(kind, BaseException):
        text = BaseException.__str__(value)
        made = {"error": kind.__name__, "message": text}
    elif callable(value):
        named = kind in (FunctionType, BuiltinFunctionType)
        made = {"function": value.__name__ if named else kind.__name__}
    else:
        made = {"thing": kind.__name__}
    number = known or names.give(value)
    return {**made, "id": number} if number else made


def _items(value: Any, names: Names, depth: int) -> list[Any]:
    return [
        [key, encode(item, names, depth + 1)]
        for key, item in dict.items(value)
        if isinstance(key, str)
    ]


def _is_buffer(value: Any) -> bool:
    """Whether it is of a type of ours, or of numpy, that has bytes."""
    try:
        return type(value).__module__ != "builtins" and memoryview(value).c_contiguous
    except (TypeError, ValueError, BufferError):
        return False


class Recorder:
    """Writes what the extension tells; see ``watch_record``."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._names = Names(lambda number: self._put({"event": "drop", "id": number}))
        self._put({"napi": VERSION, "python": sys.version.split()[0]})

    def _put(self, line: dict[str, Any]) -> None:
        if not self._file.closed:
            # One write a line: a crash comes after it.
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()

    def _encode(self, value: Any) -> Any:
        return encode(value, self._names)

    def __call__(self, kind: str, *arguments: Any) -> None:
        """One event; what is told is in napi/shim/watch_record.c."""
        line: dict[str, Any] = {"event": kind}
        if kind == "made":
            (function,) = arguments
            line["id"] = self._names.give(function)
            line["name"] = function.__name__
        elif kind in ("call", "construct"):
            function, this, given = arguments
            line["id"] = self._names.of(function) or 0
            line["name"] = function.__name__
            line["this"] = self._encode(this) if kind == "call" else None
            line["arguments"] = [self._encode(value) for value in given]
        elif kind == "host":
            function, given = arguments
            line["function"] = self._encode(function)
            line["arguments"] = [self._encode(value) for value in given]
        else:
            result, error = arguments
            line["error" if error is not None else "value"] = self._encode(
                result if error is None else error
            )
        self._put(line)

    def load(
        self, path: str, make: Callable[[str], tuple[Any, int, Any]]
    ) -> tuple[Any, int, Any]:
        """Loads an addon between its two events."""
        self._put({"event": "load", "path": path})
        try:
            made = make(path)
        except BaseException as error:
            self._put({"event": "loaded", "error": self._encode(error)})
            raise
        self._put({"event": "loaded", "value": self._encode(made[0])})
        return made


@contextmanager
def recording(path: str | os.PathLike[str]) -> Iterator[None]:
    """Writes what goes into addons and comes out while the block runs.

    Addons that were loaded before cannot be played again: load them in the block.

    Args:
        path: The file, which is written anew.

    Raises:
        RuntimeError: The strict build is not in use.
        OSError: The file cannot be written.
    """
    shim = watch("napi.testing.recording")
    from napi import loader

    usual = loader._open
    with Path(path).open("w", encoding="utf-8") as file:
        recorder = Recorder(file)
        loader._open = lambda path: recorder.load(path, usual)
        shim.watch_record(recorder)
        try:
            yield
        finally:
            shim.watch_record(None)
            loader._open = usual


def run_recorded(path: str, kind: str, arguments: Sequence[str]) -> int:
    """Runs a program in this process and records what its addons do.

    Args:
        path: Of the record.
        kind: See ``napi.testing.trace.run_program``.
        arguments: The program, then its arguments.

    Returns:
        The exit status.
    """
    from napi.testing import strict
    from napi.testing.trace import run_program

    strict(record=True)
    with recording(path):
        return run_program(kind, arguments)


if __name__ == "__main__":
    sys.exit(run_recorded(sys.argv[1], sys.argv[2], sys.argv[3:]))
