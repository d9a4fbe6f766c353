"""A record is played again: the same calls, the same values, the same order.

What the addon answers is compared with what it answered then. Functions of the
program are played by stand-ins that return what the functions returned.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import time
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from napi.testing.fault import watch
from napi.testing.record import VERSION, Names, encode

__all__ = ["Replay", "read_record", "replay"]

_INSIDE = ("made", "drop")
_BEGIN = ("call", "construct", "host", "load")
_END = ("return", "back", "loaded")
_SECONDS = 5.0


def read_record(path: str | os.PathLike[str]) -> list[dict[str, Any]]:
    """The events of a record; a last line that a crash cut off is left out.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no record, or one of another version.
    """
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    try:
        head = json.loads(lines[0])
        if head["napi"] != VERSION:
            raise ValueError(f"{path}: a record of version {head['napi']}")
    except (IndexError, KeyError, TypeError, json.JSONDecodeError):
        raise ValueError(f"{path} is no record of napi") from None
    events = []
    for number, line in enumerate(lines[1:], 2):
        try:
            events.append(json.loads(line))
        except json.JSONDecodeError:
            if number < len(lines):
                raise ValueError(f"{path}: line {number} is damaged") from None
    return events


def replay(
    path: str | os.PathLike[str], addon: str | os.PathLike[str] | None = None
) -> list[str]:
    """Plays a record in this process.

    Args:
        path: The record.
        addon: The addon that stands in for the recorded one, or for the one of the
            same file name where there are several.

    Returns:
        What was different, in words; empty where all was the same.

    Raises:
        RuntimeError: The strict build is not in use.
        OSError: A file cannot be read.
        ValueError: It is no record, or the addon is none of those in it.
        LoadError: An addon cannot be loaded, and could be then.
    """
    return Replay(read_record(path), addon).run()


class Replay:
    """One performance of a record.

    Attributes:
        differences: What was different until now.
    """

    def __init__(
        self,
        events: list[dict[str, Any]],
        addon: str | os.PathLike[str] | None = None,
        progress: int | None = None,
    ) -> None:
        self.differences: list[str] = []
        self._events = events
        self._paths = _choose(events, addon)
        self._progress = progress
        self._at = 0
        self._inside = 0  # calls of the addon that are being played
        self._limit = 0  # the end of the innermost
        self._done: set[int] = set()  # events that were played before their turn
        self._objects: dict[int, Any] = {}
        self._made: list[weakref.ref[Any]] = []
        self._shim = watch("napi.testing.replay")

    def run(self) -> list[str]:
        """Plays all; gives the differences."""
        self._shim.watch_record(self._hear)
        try:
            while self._at < len(self._events):
                if self._at in self._done:
                    self._at += 1
                else:
                    self._play()
            self._objects.clear()
        finally:
            self._shim.watch_record(None)
        return self.differences

    def _hear(self, kind: str, *arguments: Any) -> None:
        if kind == "made":
            self._made.append(weakref.ref(arguments[0]))

    def _differ(self, index: int, text: str) -> None:
        self.differences.append(f"event {index + 1}: {text}")

    def _play(self) -> None:
        """The event at the cursor, with all that belongs to it."""
        event = self._events[self._at]
        kind = event["event"]
        if kind in _INSIDE:
            self._pass(event)
        elif kind == "load":
            self._load(event)
        elif kind in ("call", "construct"):
            self._call(event)
        elif kind == "host":
            self._wait()
        else:
            self._at += 1

    def _pass(self, event: dict[str, Any]) -> None:
        if event["event"] == "drop":
            self._objects.pop(event["id"], None)
        self._at += 1

    def _tell(self, text: str) -> None:
        if self._progress is not None:
            os.pwrite(self._progress, f"{text[:200]:200}".encode()[:200], 0)

    def _load(self, event: dict[str, Any]) -> None:
        from napi import loader

        start, self._at = self._at, self._at + 1
        self._tell(f"event {start + 1}: load {event['path']}")
        path = self._paths[event["path"]]
        value, error = self._run(start, lambda: loader._open(path)[0])
        self._finish("load", start, value, error)

    def _call(self, event: dict[str, Any]) -> None:
        start, self._at = self._at, self._at + 1
        name = event["name"]
        self._tell(f"event {start + 1}: {name}({json.dumps(event['arguments'])[1:-1]})")
        function = self._find(event["id"])
        if function is None:
            self._differ(start, f"the addon has made no {name} this time")
            self._skip(start)
            return
        arguments = [self._decode(value) for value in event["arguments"]]
        if event["event"] == "construct":
            function = function if isinstance(function, type) else function.new
        elif event["this"] is not None:
            arguments.insert(0, self._decode(event["this"]))
            function = function.call
        value, error = self._run(start, lambda: function(*arguments))
        self._finish(name, start, value, error)

    def _run(self, start: int, act: Callable[[], Any]) -> tuple[Any, Any]:
        """What the addon answers, or raises."""
        outer, self._limit = self._limit, self._end(start)
        self._inside += 1
        try:
            return act(), None
        except Exception as error:
            return None, error
        finally:
            self._inside -= 1
            self._limit = outer

    def _find(self, number: int) -> Any:
        """A function or class of the addon: by the order in which it made them."""
        made = [one["id"] for one in self._events if one["event"] == "made"]
        index = made.index(number) if number in made else len(self._made)
        return self._made[index]() if index < len(self._made) else None

    def _finish(self, name: str, start: int, value: Any, error: Any) -> None:
        """The addon is back: so it should be in the record."""
        index = self._end(start)
        while self._at < min(index, len(self._events)):
            # What the addon's functions did among themselves went by unseen.
            if self._event["event"] == "host" and self._at not in self._done:
                self._differ(self._at, f"{name} did not call the program this time")
                self._skip(self._at)
            else:
                self._pass(self._event)
        if index >= len(self._events):
            self._differ(start, f"{name} did not come back then: it does now")
            return
        event, self._at = self._events[index], index + 1
        then = event.get("error", event.get("value"))
        now = error if error is not None else value
        if ("error" in event) != (error is not None):
            was = "raised" if "error" in event else "returned"
            is_ = "raised" if error is not None else "returned"
            self._differ(index, f"{name} {was} {_short(then)}, and now {is_} {now!r}")
        else:
            self._match(then, now, index, name)

    @property
    def _event(self) -> dict[str, Any]:
        return self._events[self._at]

    def _end(self, start: int) -> int:
        """Where what began at ``start`` ends: behind all, if it never did."""
        depth = 0
        for index in range(start, len(self._events)):
            kind = self._events[index]["event"]
            depth += kind in _BEGIN
            depth -= kind in _END
            if depth == 0:
                return index
        return len(self._events)

    def _skip(self, start: int) -> None:
        """To behind the end of what began at ``start``."""
        self._at = self._end(start) + 1

    def _wait(self) -> None:
        """The program was called later, from the event loop: turns it until then."""
        start, end = self._at, time.monotonic() + _SECONDS
        self._tell(f"event {start + 1}: waiting for a callback")
        while start not in self._done and time.monotonic() < end:
            self._shim.turn()
            time.sleep(0.001)
        if start not in self._done:
            self._differ(start, "the program was not called back this time")
            self._at = start
            self._skip(start)

    def _stand_in(self, number: int, name: str) -> Any:
        def function(*arguments: Any) -> Any:
            return self._called(number, name, arguments)

        function.__name__ = name
        return function

    def _called(self, number: int, name: str, arguments: Sequence[Any]) -> Any:
        """The addon calls a function of the program."""
        resume = self._at
        while self._at < len(self._events) and self._event["event"] in _INSIDE:
            self._pass(self._event)
        start = self._seek(number)
        if start is None:
            self._differ(resume, f"{name} was not called here then")
            return None
        self._at = start + 1
        event = self._events[start]
        if len(event["arguments"]) != len(arguments):
            self._differ(start, f"{name} was called with other arguments")
        for then, now in zip(event["arguments"], arguments, strict=False):
            self._match(then, now, start, f"an argument of {name}")
        end = self._end(start)
        while self._at < min(end, len(self._events)):
            self._play()
        self._at = end
        back = self._events[end] if end < len(self._events) else {"value": None}
        self._done.update(range(start, self._at + 1))
        self._at = self._at + 1 if self._inside or start == resume else resume
        while self._at in self._done:
            self._at += 1
        if "error" in back:
            raise self._error(back["error"])
        return self._decode(back["value"])

    def _seek(self, number: int) -> int | None:
        """Where the call is: here, or, from the event loop, further down."""
        index, depth = self._at, 0
        while index < len(self._events):
            event = self._events[index]
            kind = event["event"]
            found = kind == "host" and index not in self._done
            if found and (depth == 0 or self._inside):
                function = event["function"]
                if number in (function.get("id"), function.get("ref")):
                    return index
            depth += kind in _BEGIN
            depth -= kind in _END
            if depth < 0 and self._inside and index >= self._limit:
                return None
            index += 1
        return None

    def _match(self, then: Any, now: Any, index: int, what: str) -> None:
        """Compares, and learns which objects are which."""
        if isinstance(then, dict) and ("id" in then or "ref" in then):
            number = int(then.get("id") or then["ref"])
            if self._objects.setdefault(number, now) is not now and "ref" in then:
                self._differ(index, f"{what} is another object than then")
            if "ref" in then:
                return
        if isinstance(then, dict) and isinstance(now, dict) and "object" in then:
            keys = [key for key, _ in then["object"]]
            if keys != [key for key in dict.keys(now) if isinstance(key, str)]:
                self._differ(index, f"{what} has other properties than {keys}")
                return
            for key, value in then["object"]:
                self._match(value, dict.__getitem__(now, key), index, f"{what}.{key}")
        elif (
            isinstance(then, dict)
            and isinstance(now, list | tuple)
            and (len(now) == len(then.get("array", ())))
        ):
            for place, (old, new) in enumerate(zip(then["array"], now, strict=True)):
                self._match(old, new, index, f"{what}[{place}]")
        elif _plain(then) != (shown := _plain(encode(now, Names()))):
            self._differ(
                index, f"{what} was {_short(_plain(then))}, is {_short(shown)}"
            )

    def _decode(self, value: Any) -> Any:
        """A value of the program, made again."""
        if not isinstance(value, dict):
            return value
        if "ref" in value:
            found = self._objects.get(value["ref"])
            return self._find(value["ref"]) if found is None else found
        number = value.get("id", 0)
        made = self._make(value, self._objects.get(number))
        if number:
            self._objects[number] = made
        return made

    def _make(self, value: dict[str, Any], known: Any) -> Any:
        from napi._native import shim

        if "null" in value:
            return shim.null
        if "float" in value:
            return float(value["float"])
        if "int" in value:
            big = value["type"] == "BigInt"
            return shim.BigInt(value["int"]) if big else int(value["int"])
        if "object" in value:
            plain = {} if value["type"] == "dict" else shim.Object()
            made = plain if known is None else known
            dict.clear(made)
            for key, item in value["object"]:
                made[key] = self._decode(item)
            return made
        if "array" in value:
            items = [self._decode(item) for item in value["array"]]
            if known is None:
                known = shim.Array() if value["type"] == "Array" else []
            list.__setitem__(known, slice(None), items)
            return known
        if known is None:
            return self._make_new(value)
        if "bytes" in value:
            data = base64.b64decode(value["bytes"])
            with suppress(TypeError, ValueError, BufferError):  # detached
                view = memoryview(known).cast("B")
                if not view.readonly and view.nbytes == len(data):
                    view[:] = data  # the program may have written into it
        return known

    def _make_new(self, value: dict[str, Any]) -> Any:
        from napi._native import shim

        if "bytes" in value:
            data = base64.b64decode(value["bytes"])
            kind = getattr(shim, value["type"], None)
            if value["type"] == "bytearray":
                return bytearray(data)
            if kind is None:
                return data
            buffer = shim.ArrayBuffer(len(data))
            memoryview(buffer)[:] = data
            return buffer if value["type"] == "ArrayBuffer" else kind(buffer)
        if "error" in value:
            return self._error(value)
        if "function" in value:
            return self._stand_in(value.get("id", 0), value["function"])
        return shim.Object()

    def _error(self, value: Any) -> BaseException:
        import builtins

        import napi

        if isinstance(value, dict) and "error" in value:
            kind = getattr(napi, value["error"], None)
            kind = kind or getattr(builtins, value["error"], None)
            if isinstance(kind, type) and issubclass(kind, BaseException):
                return kind(value["message"])
            return napi.Error(value["message"])
        return napi.Thrown(self._decode(value))


def _choose(
    events: list[dict[str, Any]], addon: str | os.PathLike[str] | None
) -> dict[str, str]:
    """Recorded path -> the path that is loaded."""
    paths = {one["path"]: one["path"] for one in events if one["event"] == "load"}
    if addon is None:
        return paths
    name = Path(addon).name
    same = [path for path in paths if Path(path).name == name]
    chosen = same or (list(paths) if len(paths) == 1 else [])
    if not chosen:
        listed = ", ".join(Path(path).name for path in paths) or "no addon"
        raise ValueError(f"the record has {listed}, and none is called {name}")
    return {**paths, **dict.fromkeys(chosen, os.path.realpath(addon))}


def _plain(value: Any) -> Any:
    """What is compared: without numbers of objects."""
    if isinstance(value, dict):
        if "ref" in value:
            return "an object"
        if {"function", "thing"} & set(value):
            return "an object"
        return {key: _plain(item) for key, item in value.items() if key != "id"}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 120 else text[:117] + "..."


def _main(path: str, addon: str, progress: str) -> int:
    """In a child: plays, prints what differs."""
    from napi.testing import reports, strict

    strict(record=True)
    with Path(progress).open("wb") as file:
        play = Replay(read_record(path), addon or None, file.fileno())
        differences = play.run()
    for line in [*differences, *(f"strict build: {text}" for text in reports())]:
        print(line)
    return int(bool(differences))


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:4]))
