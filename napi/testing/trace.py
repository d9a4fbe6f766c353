"""Every call that addons make, as lines of JSON, and what they tell together.

``napi trace SCRIPT`` runs a program with it; in a program, ``tracing(path)`` does.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from napi.testing.fault import statuses, watch

__all__ = ["chrome", "read", "run_traced", "summary", "tracing"]

Event = dict[str, Any]


@contextmanager
def tracing(path: str | os.PathLike[str]) -> Iterator[None]:
    """Adds a line of JSON to a file for each call of Node-API.

    Each line is written at once: after a crash the file ends with the last call that
    came back. ``call`` is the function, ``begin`` and ``ns`` are nanoseconds of the
    monotonic clock, ``at`` is where the addon goes on, ``status`` a number; a value
    is shown as its handle and a digest. ``callback`` stands for the addon's code.

    Args:
        path: The file; lines are added at its end.

    Raises:
        RuntimeError: The strict build is not in use.
        OSError: The file cannot be written.
    """
    shim = watch("napi.testing.tracing")
    shim.watch_trace(os.fspath(path))
    try:
        yield
    finally:
        shim.watch_trace(None)


def read(path: str | os.PathLike[str]) -> list[Event]:
    """The events of a trace, in the order in which they began.

    Source: the lines that ``tracing`` writes; one that a crash cut off is left out.

    Raises:
        OSError: The file cannot be read.
    """
    events = []
    with Path(path).open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict):
                events.append(event)
    return sorted(events, key=lambda event: event.get("begin", 0))


def _calls(events: Iterable[Event]) -> list[Event]:
    return [one for one in events if one.get("call", "callback") != "callback"]


def summary(events: Sequence[Event], *, most: int = 10) -> dict[str, Any]:
    """What a trace comes to.

    Args:
        events: What ``read`` gave.
        most: So many of the slowest calls and of the errors.

    Returns:
        ``calls``, ``callbacks`` and ``ns`` (of the outermost calls); ``functions``:
        name, count, total and slowest ns, errors; ``slowest``; ``errors``: function,
        status, count, place; ``reports`` of the strict build.
    """
    calls = _calls(events)
    table: dict[str, dict[str, int]] = {}
    errors: Counter[tuple[str, int, str]] = Counter()
    for call in calls:
        row = table.setdefault(
            call["call"], {"count": 0, "ns": 0, "slowest": 0, "errors": 0}
        )
        row["count"] += 1
        row["ns"] += call["ns"]
        row["slowest"] = max(row["slowest"], call["ns"])
        if call["status"]:
            row["errors"] += 1
            errors[call["call"], call["status"], str(call["at"])] += 1
    names = list(statuses())
    rank = sorted(table.items(), key=lambda item: (-item[1]["ns"], item[0]))
    return {
        "calls": len(calls),
        "callbacks": sum(one.get("call") == "callback" for one in events),
        "ns": sum(call["ns"] for call in calls if call["depth"] == 0),
        "functions": [{"function": name, **row} for name, row in rank],
        "slowest": sorted(calls, key=lambda call: -int(call["ns"]))[:most],
        "errors": [
            {"function": name, "status": names[status], "count": count, "at": at}
            for (name, status, at), count in errors.most_common(most)
        ],
        "reports": [one["report"] for one in events if "report" in one],
    }


def chrome(events: Iterable[Event]) -> dict[str, Any]:
    """The same for the viewers of Chrome's trace format: chrome://tracing, Perfetto.

    Source: the "Trace Event Format" document, complete events.
    """
    made = []
    for event in events:
        if "call" not in event:
            continue
        made.append(
            {
                "name": event["call"],
                "cat": "addon" if event["call"] == "callback" else "napi",
                "ph": "X",
                "ts": event["begin"] / 1000,
                "dur": event["ns"] / 1000,
                "pid": 1,
                "tid": event["thread"],
                "args": {
                    "status": event["status"],
                    "at": event["at"],
                    "env": event["env"],
                    **event.get("arguments", {}),
                },
            }
        )
    return {"traceEvents": made, "displayTimeUnit": "ns"}


def run_program(kind: str, arguments: Sequence[str]) -> int:
    """Runs a Python or JavaScript program as if it had been started alone.

    Args:
        kind: ``file``, ``module`` or ``text``.
        arguments: The program, then its arguments.

    Returns:
        The exit status; Python programs that end with an exception raise it.
    """
    program, *rest = arguments
    if kind == "file" and program.endswith((".js", ".cjs", ".mjs")):
        from napi.cli import main

        return main(["run", program, *rest])
    sys.argv[:] = [program if kind != "text" else "-c", *rest]
    if kind == "file":
        sys.path[0:0] = [str(Path(program).resolve().parent)]
        runpy.run_path(program, run_name="__main__")
    elif kind == "module":
        sys.path[0:0] = [str(Path.cwd())]
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    else:
        sys.path[0:0] = [""]
        exec(compile(program, "<string>", "exec"), {"__name__": "__main__"})
    return 0


def run_traced(path: str, kind: str, arguments: Sequence[str]) -> int:
    """Runs a program in this process with a trace of all its addons.

    Reports of the strict build go into the trace and stop nothing.

    Args:
        path: Of the trace.
        kind: See ``run_program``.
        arguments: The program, then its arguments.

    Returns:
        The exit status.
    """
    import atexit

    from napi.testing import reports, strict

    strict(record=True)

    def end() -> None:
        with Path(path).open("a", encoding="utf-8") as file:
            for report in reports():
                print(json.dumps({"report": report}), file=file)

    watch("napi trace").watch_trace(path)
    atexit.register(end)
    return run_program(kind, arguments)


if __name__ == "__main__":
    sys.exit(run_traced(sys.argv[1], sys.argv[2], sys.argv[3:]))
