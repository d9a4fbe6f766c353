"""The child process of a campaign: loads the addon, runs cases, tells what happened.

``python -m napi.testing.fuzz.worker FD`` with a socket as descriptor FD. It may
crash, hang and be killed at any time: that is what it is for.
"""

from __future__ import annotations

import gc
import os
import resource
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from napi.testing import process
from napi.testing.fuzz import wire
from napi.testing.fuzz.case import Case, Step, statement, title
from napi.testing.fuzz.change import without
from napi.testing.fuzz.values import HELPERS
from napi.testing.transcript import describe

__all__ = ["main"]

_PACKAGE = str(Path(__file__).resolve().parents[2]) + os.sep
_SETTLE = 1.0
_DRAIN = 0.2
_REPEAT = 6
_QUIET = 3
_PENDING = "ERR_NAPI_PROMISE_PENDING"  # nothing is left that could settle it
_NUMBERS = 64


class Worker:
    """The addon, and what is counted while its cases run."""

    def __init__(self, config: dict[str, Any]) -> None:
        import napi
        from napi._native import is_strict, shim
        from napi.testing.fuzz import play, target

        self.napi, self.shim = napi, shim
        self.config = config
        if is_strict():
            shim.reports(keep=True)
        self.native = _watch(config)
        self.told: set[int] = set()
        self.seen: dict[tuple[str, int], int] = {}
        self.place = os.open("step", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        module, self.env = target.load(config["target"])
        self.exports = getattr(module, "__exports__", module)
        self.native.begin(target.base(config["target"]))
        self.names: dict[str, Any] = {name: getattr(play, name) for name in HELPERS}
        self.names |= {"napi": napi, "addon": self.exports, "new": shim.construct}
        gc.collect()
        gc.freeze()

    def shape(self) -> list[dict[str, Any]]:
        """What there is to call."""
        from napi.testing.fuzz.shape import describe

        return describe(self.exports)

    # === one case ===

    def run(self, case: Case, leaks: bool) -> dict[str, Any]:
        """Runs a case.

        Returns:
            ``steps``, ``reports`` of the strict build, ``host`` errors, ``edges`` and
            ``compared`` numbers; ``leak``, where each run leaves more behind.
        """
        self.native.begin(None)
        before = self._counters()
        answer = self._once(case)
        answer["edges"] = self.native.edges()
        answer["compared"] = self._compared()
        answer["reports"] = self.shim.reports()
        answer["calls"] = self._calls()
        if leaks and self.config["leaks"] and before and self._grown(before):
            answer["leak"] = self._leak(case, _REPEAT)
            answer["guilty"] = self._guilty(case) if answer["leak"] else []
        return answer

    def _once(self, case: Case) -> dict[str, Any]:
        names = dict(self.names)
        self.transcript: list[str] = []
        steps: list[list[str]] = []
        host: list[str] = []
        for index, step in enumerate(case):
            names[f"v{index}"] = None
            steps.append(self._step(step, index, names, host))
        self._drain(host)
        names.clear()
        gc.collect()
        return {"steps": steps, "host": host, "transcript": self.transcript}

    def _step(
        self, step: Step, index: int, names: dict[str, Any], host: list[str]
    ) -> list[str]:
        os.pwrite(self.place, b"%8d" % index, 0)  # read by the parent, after a death
        try:
            exec(compile(statement(step, index), "<case>", "exec"), names)
            value = names[f"v{index}"]
            if isinstance(value, self.napi.Promise):
                names[f"v{index}"] = None
                names[f"v{index}"] = value = value.result(_SETTLE)
                self._tell("settles as", value)
                return ["settled", *self._kind(value)]
            self._tell("gives", value)
            return ["done", *self._kind(value)]
        except TimeoutError:
            self._tell("waits")
            return ["waiting"]
        except Exception as error:
            if getattr(error, "code", None) == _PENDING:
                self._tell("waits")
                return ["waiting"]
            self._tell("throws", error)
            return self._thrown(error, host)

    def _tell(self, how: str, *values: Any) -> None:
        """A line for the oracle."""
        if self.config["transcript"]:
            self.transcript.append(" ".join([how, *map(describe, values)]))

    def _thrown(self, error: BaseException, host: list[str]) -> list[str]:
        found = _blame(error, self.napi)
        if found:
            host.append(found)
        name = type(error).__name__
        try:
            return ["thrown", name, str(error)[:200]]
        except Exception as second:  # of a __str__ that calls the addon
            return ["thrown", name, type(second).__name__]

    def _kind(self, value: Any) -> list[str]:
        """The type of a result, and the methods that it has."""
        kind = self.shim.typeof(value)
        if kind not in ("object", "function") or value is self.napi.null:
            return ["null" if value is self.napi.null else kind]
        try:
            return [type(value).__name__, *_methods(value, self.shim)]
        except Exception as error:  # a proxy, a getter
            return [type(value).__name__, type(error).__name__]

    def _drain(self, host: list[str]) -> None:
        for _ in range(20):
            try:
                self.napi.run(_DRAIN)
                return
            except Exception as error:  # what a callback left uncaught
                self._thrown(error, host)

    def _compared(self) -> list[int]:
        """The numbers that the addon compared, those that were not told yet."""
        fresh = sorted(self.native.compared() - self.told)[:_NUMBERS]
        self.told.update(fresh)
        return fresh

    # === what is left ===

    def _counters(self) -> dict[str, int]:
        of_env = self.shim.counters(self.env) if self.env is not None else {}
        return {**of_env, **process.counts()}

    def _calls(self) -> list[list[Any]]:
        """Functions of Node-API with their statuses, those seen twice as often now."""
        ask: Callable[[], Any] | None = getattr(self.shim, "watch_coverage", None)
        told = []
        for key, count in ask().items() if ask is not None else ():
            if count >= 2 * self.seen.get(key, 0):
                self.seen[key] = count
                told.append([*key, count])
        return told

    def _grown(self, before: dict[str, int]) -> dict[str, int]:
        after = self._counters()
        return {
            name: after[name] - before.get(name, 0)
            for name in after
            if after[name] > before.get(name, 0) and not name.startswith("high")
        }

    def _guilty(self, case: Case) -> list[str]:
        """The steps without which nothing is left, in few words."""
        for place in range(len(case) - 1, -1, -1):
            smaller = without(case, place)
            if smaller and self._leak(smaller, _REPEAT // 2):
                case = smaller
        return [title(step) for step in case]

    def _leak(self, case: Case, times: int) -> dict[str, int]:
        """What grows by each of several more runs: caches fill up once."""
        rounds = []
        for _ in range(times):
            before = self._counters()
            self._once(case)
            rounds.append(self._grown(before))
        return {
            name: count
            for name, count in rounds[-1].items()
            if all(name in one for one in rounds)
        }


def _methods(value: Any, shim: Any) -> list[str]:
    found: list[str] = []
    for _ in range(_QUIET):
        if value is None or shim.typeof(value) not in ("object", "function"):
            break
        if value in (shim.get_prototype(shim.Object()), shim.null):
            break
        for key in shim.own_keys(value):
            if not isinstance(key, str) or key == "constructor" or key.isdigit():
                continue
            held = shim.own_property(value, key) or {}
            if callable(held.get("value")):
                found.append(key)
        value = shim.get_prototype(value)
    return found[:40]


def _blame(error: BaseException, napi: Any) -> str:
    """A text for an exception that no JavaScript program would see; else empty."""
    if isinstance(error, napi.StrictError):
        return ""
    expected = (napi.Error, napi.Thrown, TypeError, RecursionError, MemoryError)
    if isinstance(error, expected):
        return ""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [one for one in frames if one.filename.startswith(_PACKAGE)]
    inside = [one for one in inside if f"testing{os.sep}fuzz" not in one.filename]
    if not inside and not isinstance(error, SystemError):
        return ""
    place = inside[-1] if inside else frames[-1]
    where = f"{place.filename.removeprefix(_PACKAGE)}:{place.lineno}"
    return f"{type(error).__name__} at {where}: {error}"


def _watch(config: dict[str, Any]) -> Any:
    """The native half: callbacks for coverage, the stack of a crash."""
    import faulthandler

    from napi.testing.fuzz import _native
    from napi.testing.fuzz.play import load_callbacks

    load_callbacks()
    if not config["sanitizer"]:  # a sanitizer writes a better one
        faulthandler.enable()
        _native.watch(2)
    return _native


def _limit(config: dict[str, Any]) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    size = config["memory"] << 20
    if size and not config["sanitizer"]:  # whose shadow is larger than all memory
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def main() -> int:
    """Serves one campaign until it closes the socket."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    try:
        config = wire.receive(channel)
        _limit(config)
        try:
            worker = Worker(config)
            wire.send(channel, {"shape": worker.shape()})
        except Exception as error:
            name = type(error).__name__
            wire.send(channel, {"error": f"{name}: {error}"})
            return 1
        while True:
            wire.send(channel, worker.run(*wire.receive(channel)))
    except wire.Closed:
        return 0


if __name__ == "__main__":
    sys.exit(main())
