"""Node-API itself under test: any order of legal calls, against a small model.

The calls are made by an addon in C, ``napi/testing/machine``, which knows what is
legal: which handles are alive, which scope is the innermost, which references,
deferreds, works and threadsafe functions were not spent. Here it gets turns of the
loop, and when a batch is over the counts of the environment are compared. Whatever
the host answers, it may not crash; the strict build may not report a legal call;
what finalizers and hooks are to free is freed, once.

A batch is repeatable: each step is drawn from the seed and its own number, so that a
part of the steps can be run again without the others. Only what threads do depends
on the threads.
"""

from __future__ import annotations

import argparse
import array
import contextlib
import ctypes
import faulthandler
import gc
import json
import os
import signal
import sys
import time
from functools import cache
from importlib import import_module
from pathlib import Path

__all__ = ["MachineError", "main", "run"]

# Objects may stay: a call may have put one into a class of the language.
_RETURNED = (
    "handles",
    "scopes",
    "callback_scopes",
    "strong",
    "weak",
    "deferreds",
    "threadsafe_functions",
    "async_works",
    "queued_works",
    "async_contexts",
)
_ROUND = 250
_LIMIT = 60.0
_LONG, _AGAIN = 30.0, 3.0


_memory: list[object] = []


class MachineError(Exception):
    """A call did what no legal call may do: the message says which."""


class _TooLongError(Exception):
    """A call takes its time: one that joins what says to have 2^32 elements, say."""


def _interrupt(number: int, frame: object) -> None:
    raise _TooLongError


class _Told(ctypes.Structure):
    """The beginning of ``struct machine``: see machine.h."""

    _fields_ = (
        ("calls", ctypes.c_int64),
        ("alive", ctypes.c_int64),
        ("pending", ctypes.c_int64),
        ("failure", ctypes.c_char * 256),
    )


@cache
def _path() -> Path:
    from napi.testing import __path__ as places

    for place in places:
        for path in sorted(Path(place).glob("_machine*.so")):
            return path
    raise MachineError("napi was built without napi.testing._machine")


class _Batch:
    """One environment, and the machine in it."""

    def __init__(self, seed: int, tell: bool) -> None:
        import napi
        from napi._native import shim

        self.shim = shim
        self.module = napi.load(_path(), fresh=True)
        self.addon = self.module.__exports__
        self.env = object.__getattribute__(self.module, "__env__")
        # Environments that a failure leaves open have it to the end of the process.
        self.memory = ctypes.create_string_buffer(int(self.addon.size()))
        _memory.append(self.memory)
        self.place = ctypes.addressof(self.memory)
        self.told = _Told.from_buffer(self.memory)
        self.before = shim.counters(self.env)
        self.addon.begin(self.place, seed, int(tell))

    def turn(self) -> None:
        """One turn of the loop; what addons throw there is no error of ours."""
        import napi

        with contextlib.suppress(napi.Error, napi.Thrown):
            self.shim.pump(None, 0, True)

    def steps(self, numbers: list[int]) -> None:
        """Makes the steps of these numbers."""
        before = signal.signal(signal.SIGALRM, _interrupt)
        signal.setitimer(signal.ITIMER_REAL, _LONG, _AGAIN)
        try:
            for start in range(0, len(numbers), _ROUND):
                some = array.array("I", numbers[start : start + _ROUND])
                self.addon.steps(self.place, some.buffer_info()[0], len(some))
                self.turn()
                self.check()
        except _TooLongError:
            pass  # not within a call, where it is an exception as any other
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def check(self) -> None:
        """Raises what the machine has found."""
        if self.told.failure:
            raise MachineError(self.told.failure.decode("utf-8", "replace"))

    def end(self) -> None:
        """Lets go of all, waits for what runs, and ends the environment."""
        self.addon.end(self.place)
        limit = time.monotonic() + _LIMIT
        while self.told.pending:
            self.turn()
            if time.monotonic() > limit:
                raise MachineError(f"{self.told.pending} works or threads do not end")
        self.addon.join(self.place)
        for _ in range(3):  # what a finalizer lets go of has one, too
            gc.collect()
            self.turn()
            self.shim.drain()
        self.check()
        if reports := self.shim.reports():
            raise MachineError(f"the strict build reports a legal call: {reports[0]}")
        after = self.shim.counters(self.env)
        for name in _RETURNED:
            if after.get(name, 0) > self.before.get(name, 0):
                was = self.before.get(name, 0)
                raise MachineError(f"{name}: {was} before, {after[name]} after")
        self.shim.close(self.env)
        self.check()

    def left(self) -> None:
        """When the objects are gone, what their finalizers free is gone, too."""
        del self.module, self.addon
        gc.collect()
        self.shim.drain()
        if self.told.alive:
            raise MachineError(f"finalizers and hooks left {self.told.alive} blocks")
        _memory.remove(self.memory)


def run(seed: int, numbers: list[int], tell: bool = False, leave: bool = False) -> int:
    """Runs a batch of calls.

    Args:
        seed: Of the batch.
        numbers: Which of its steps.
        tell: Whether each call is written to standard output before it is made.
        leave: Whether a reference is left behind, to see that it is found.

    Returns:
        How many calls there were; some steps are not legal when their turn comes.

    Raises:
        MachineError: Something was wrong: the message says what.
    """
    from napi._native import shim

    gc.freeze()  # what was there before is not looked through each time
    gc.set_threshold(5000, 10, 10)
    shim.reports(keep=True)
    shim.set_rejection_tracker(lambda *_: None)  # nobody looks at its promises
    batch = _Batch(seed, tell)
    batch.steps(numbers)
    if leave:
        batch.addon.leave()
    batch.end()
    batch.left()
    return int(batch.told.calls)


def _watch() -> None:
    """Tells where the process dies."""
    faulthandler.enable()
    if not any(name.endswith("SAN_OPTIONS") for name in os.environ):
        import_module("napi.testing.fuzz._native").watch(2)


def main() -> int:
    """``python -m napi.testing.fuzz.machine SEED STEPS``: runs batches of one seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("steps", type=int, help="of a batch")
    parser.add_argument("--batches", type=int, default=1, help="seeds from there on")
    parser.add_argument("--only", type=Path, help="JSON: the numbers of the steps")
    parser.add_argument("--trace", action="store_true", help="tell each call")
    parser.add_argument("--watch", action="store_true", help="tell where it dies")
    options = parser.parse_args()
    if options.watch:
        _watch()
    numbers = list(range(options.steps))
    if options.only is not None:
        numbers = json.loads(options.only.read_text())
    calls = 0
    for seed in range(options.seed, options.seed + options.batches):
        try:
            calls += run(seed, numbers, options.trace)
        except MachineError as error:
            print(json.dumps({"seed": seed, "calls": calls, "error": str(error)}))
            return 1
        print(json.dumps({"seed": seed, "calls": calls}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
