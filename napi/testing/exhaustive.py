"""A test is run again and again, with another call of Node-API failing each time.

What an addon does when a call fails is code that no test ever reaches. Here each call
of a run gets its turn, in a process of its own: a crash ends one attempt, not the
search.
"""

from __future__ import annotations

import gc
import os
import pickle
import re
import select
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from napi.testing.fault import status_number, statuses, watch
from napi.testing.sites import NativeFrame, Site

__all__ = ["Outcome", "Report", "exhaust"]

#: They report errors themselves, or have no way to fail but a wrong argument.
SPARED = frozenset(
    (
        "napi_close_escapable_handle_scope",
        "napi_close_handle_scope",
        "napi_create_error",
        "napi_create_range_error",
        "napi_create_type_error",
        "napi_async_destroy",
        "napi_delete_async_work",
        "napi_delete_reference",
        "napi_get_and_clear_last_exception",
        "napi_get_boolean",
        "napi_get_cb_info",
        "napi_get_global",
        "napi_get_instance_data",
        "napi_get_last_error_info",
        "napi_get_new_target",
        "napi_get_node_version",
        "napi_get_null",
        "napi_get_undefined",
        "napi_get_version",
        "napi_is_exception_pending",
        "napi_throw",
        "napi_throw_error",
        "napi_throw_range_error",
        "napi_throw_type_error",
        "node_api_create_syntax_error",
        "node_api_throw_syntax_error",
    )
)
#: With what the others fail in life, where it is not the usual status.
USUAL = {
    "napi_call_threadsafe_function": "napi_queue_full",
    "napi_create_external_arraybuffer": "napi_no_external_buffers_allowed",
    "napi_create_external_buffer": "napi_no_external_buffers_allowed",
    "node_api_create_external_sharedarraybuffer": "napi_no_external_buffers_allowed",
}
#: What is wrong with an addon that ends so.
FAULTY = ("crash", "hang", "misuse", "leak", "lost")
_ADDRESS = re.compile(r"0x[0-9a-f]+")


@dataclass
class Outcome:
    """What one run came to.

    Attributes:
        nth: Which call failed, counted from 1; 0 in the run where none did.
        function: Its name.
        status: What it answered; ``no memory`` where a request for memory failed.
        kind: ``raised`` (the caller learns of it) and ``recovered`` (the result is
            the same) are good; ``crash``, ``hang``, ``misuse`` (a report of the
            strict build), ``leak`` and ``lost`` (no exception, another result) are
            not.
        detail: The signal, the exception, the report, what was left.
        place: Where the addon makes the call, where that is known.
    """

    nth: int
    function: str
    status: str
    kind: str
    detail: str
    place: NativeFrame | None = None

    def __str__(self) -> str:
        call = f"call {self.nth}, {self.function} -> {self.status}"
        by = f"\n    called by {self.place}" if self.place else ""
        return f"{call}: {self.kind}: {self.detail}{by}"


@dataclass
class Report:
    """What ``exhaust`` found.

    Attributes:
        calls: The functions that the test calls, in order.
        outcomes: One a run.
    """

    calls: list[str]
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def findings(self) -> list[Outcome]:
        """The outcomes that are faults of the addon."""
        return [one for one in self.outcomes if one.kind in FAULTY]

    def __str__(self) -> str:
        runs, found = len(self.outcomes), self.findings
        head = f"{len(self.calls)} calls, {runs} runs, {len(found)} findings"
        return "\n".join([head, *(f"  {one}" for one in found)])

    def check(self) -> None:
        """Fails a test where something was found.

        Raises:
            AssertionError: With the findings as its text.
        """
        if self.findings:
            raise AssertionError(str(self))


@dataclass
class _Trial:
    """What a child process tells."""

    calls: list[str]
    kind: str
    detail: str
    left: dict[str, tuple[int, str]]  # kind -> count, and in words
    memory: tuple[int, int, str | None]
    places: list[NativeFrame | None]  # of the calls; of the run where none failed


def exhaust(
    test: Callable[[], Any],
    *,
    only: Collection[str] = (),
    skip: Collection[str] = SPARED,
    status: str | int | None = None,
    memory: bool = False,
    most: int = 2000,
    seconds: float = 10,
) -> Report:
    """Runs a test once as it is, and once for each of its calls, which fails then.

    Each run is a fork of this process: addons are loaded already, and what the test
    changes is gone afterwards.

    Args:
        test: It returns what can be compared by its ``repr``; exceptions are welcome.
        only: Which functions fail; none: all.
        skip: And which do not.
        status: With which status they fail; else with the one that they have in
            life: an exception where JavaScript may run, ``napi_queue_full``,
            ``napi_no_external_buffers_allowed``, ``napi_generic_failure``.
        memory: Then requests for memory within the calls fail instead, one by one.
        most: At most so many runs.
        seconds: A run that takes longer hangs.

    Returns:
        The report; ``report.check()`` fails a test that has findings.

    Raises:
        RuntimeError: The strict build is not in use, this system has no ``fork``, or
            the test does not work without any fault.
    """
    watch("napi.testing.exhaust")
    if not hasattr(os, "fork"):
        raise RuntimeError("napi.testing.exhaust needs a system with fork()")
    if status is not None:
        status_number(status)
    gc.collect()
    clean = _run(test, None, seconds)
    if isinstance(clean, Outcome) or clean.kind == "misuse":
        raise RuntimeError(f"the test fails without any fault: {clean.detail}")
    report = Report(clean.calls)
    plan = _memory_plan() if memory else _plan(clean.calls, only, skip, status)
    for fault in plan:
        if len(report.outcomes) >= most:
            break
        trial = _run(test, fault, seconds)
        if memory and isinstance(trial, _Trial) and trial.memory[1] == 0:
            break
        outcome = _judge(fault, trial, clean)
        if outcome.kind == "lost":
            # A clock or chance may be part of the result.
            again = _run(test, None, seconds)
            if isinstance(again, Outcome) or again.detail != clean.detail:
                outcome.kind, outcome.detail = "recovered", "the results vary"
        report.outcomes.append(outcome)
    return report


@dataclass
class _Fault:
    nth: int
    function: str
    status: int  # 0: memory


def _memory_plan() -> Iterable[_Fault]:
    nth = 0
    while True:
        nth += 1
        yield _Fault(nth, "memory", 0)


def _plan(
    calls: list[str],
    only: Collection[str],
    skip: Collection[str],
    status: str | int | None,
) -> Iterable[_Fault]:
    from napi.testing.fault import _ledger

    runs = {row["name"] for row in _ledger() if row["may_throw"] != "no"}
    for nth, name in enumerate(calls, 1):
        if name in skip or (only and name not in only):
            continue
        usual = "napi_pending_exception" if name in runs else "napi_generic_failure"
        wanted = USUAL.get(name, usual) if status is None else status
        yield _Fault(nth, name, status_number(wanted))


def _judge(fault: _Fault, trial: _Trial | Outcome, clean: _Trial) -> Outcome:
    names = {number: name for name, number in statuses().items()}
    status = names[fault.status] if fault.status else "no memory"
    name = fault.function
    place = None
    if fault.status and fault.nth <= len(clean.places):
        place = clean.places[fault.nth - 1]
    if isinstance(trial, Outcome):
        return Outcome(fault.nth, name, status, trial.kind, trial.detail, place)
    if not fault.status:
        name = trial.memory[2] or name
    elif fault.nth <= len(trial.calls):
        name = trial.calls[fault.nth - 1]
    kind, detail = trial.kind, trial.detail
    left = [
        words
        for key, (count, words) in trial.left.items()
        if count > clean.left.get(key, (0, ""))[0]
    ]
    if kind != "misuse" and left:
        kind, detail = "leak", ", ".join(left)
    elif kind == "returned":
        same = clean.kind == "returned" and detail == clean.detail
        kind = "recovered" if same else "lost"
        detail = f"the result is {detail}" + ("" if same else f", not {clean.detail}")
    return Outcome(fault.nth, name, status, kind, detail, place)


def _run(
    test: Callable[[], Any], fault: _Fault | None, seconds: float
) -> _Trial | Outcome:
    """One run in a child; an Outcome where it did not come to its end."""
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    with tempfile.TemporaryFile() as errors:
        with warnings.catch_warnings():
            # The child does what this thread did, and then ends.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            os.close(reading)
            _be_child(test, fault, writing, errors.fileno())
        os.close(writing)
        data, hangs = _read(reading, seconds)
        os.close(reading)
        if hangs:
            os.kill(child, signal.SIGKILL)
        _, how = os.waitpid(child, 0)
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace").strip()
    if hangs:
        return Outcome(0, "", "", "hang", f"it ran for more than {seconds:g} seconds")
    if os.WIFSIGNALED(how):
        name = signal.Signals(os.WTERMSIG(how)).name
        return Outcome(0, "", "", "crash", ", ".join(filter(None, [name, said[:500]])))
    if not data:
        code = os.WEXITSTATUS(how)
        return Outcome(0, "", "", "crash", f"it ended the process with {code}")
    made = pickle.loads(data)
    assert isinstance(made, _Trial)
    return made


def _read(descriptor: int, seconds: float) -> tuple[bytes, bool]:
    """What the child writes, and whether it took too long."""
    end, parts = time.monotonic() + seconds, list[bytes]()
    while True:
        left = end - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            return b"", True
        part = os.read(descriptor, 65536)
        if not part:
            return b"".join(parts), False
        parts.append(part)


def _be_child(
    test: Callable[[], Any], fault: _Fault | None, writing: int, errors: int
) -> None:
    """Never returns."""
    import faulthandler
    import resource

    try:
        faulthandler.disable()
        gc.freeze()  # collections look at what is made from here on
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE):
            signal.signal(number, signal.SIG_DFL)
        os.dup2(errors, 1)
        os.dup2(errors, 2)
        data = pickle.dumps(_try(test, fault))
        with open(writing, "wb") as file:
            file.write(data)
        os._exit(0)
    finally:
        os._exit(70)


def _set(shim: Any, fault: _Fault | None) -> None:
    if fault is None:
        return
    if fault.status == 0:
        shim.watch_memory(fault.nth)
        return
    exception = None
    if fault.status == statuses()["napi_pending_exception"]:
        from napi.runtime import Error

        exception = Error("injected by napi.testing.exhaust")
    shim.watch_fault(None, fault.nth, fault.status, exception)


def _try(test: Callable[[], Any], fault: _Fault | None) -> _Trial:
    from napi.testing.leaks import _Snapshot

    shim = watch("napi.testing.exhaust")
    shim.watch_clear()
    shim.reports(keep=True)
    before = _Snapshot(None)
    shim.watch_sequence(True)
    _set(shim, fault)
    kind = "returned"
    try:
        detail = _ADDRESS.sub("0x", repr(test()))
    except BaseException as error:
        kind = "raised"
        detail = _ADDRESS.sub("0x", f"{type(error).__name__}: {error}")
    memory = shim.watch_memory(0)
    shim.watch_clear()
    # The others call it from where this one does.
    places = [] if fault else [_place(one) for one in shim.watch_places()]
    calls = shim.watch_sequence(False)
    reports = shim.reports()
    if reports:
        kind, detail = "misuse", "; ".join(reports)
    left = {}
    for leak in before.leaks(()):
        words = leak.what
        for site, _ in leak.sites[:1]:
            lines = site.text("      ").splitlines()
            ours = [line for line in lines if __file__ not in line]
            words = "\n".join([f"{words} made", *ours])
        left[f"{leak.addon} {leak.kind}"] = leak.count, words
    return _Trial(calls, kind, detail, left, memory, places)


def _place(found: dict[str, Any]) -> NativeFrame | None:
    return next(iter(Site.of(found).native), None)
