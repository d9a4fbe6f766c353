"""``napi trace``: what addons ask of Node-API while a program runs."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

__all__ = ["EXAMPLES", "arguments", "program", "run", "start"]

EXAMPLES = """\
  napi trace script.py input.txt       counts, times, errors, when it is over
  napi trace -m pytest tests           of a module
  napi trace -c 'import napi; ...'     of a text
  napi trace --chrome t.json app.js    for chrome://tracing and ui.perfetto.dev
  napi trace --keep calls.jsonl app.py every call, a line of JSON each
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--chrome", metavar="FILE", help="write Chrome's trace format")
    parser.add_argument("--keep", metavar="FILE", help="write the calls, one a line")
    parser.add_argument(
        "--most", metavar="N", type=int, default=10, help="show so many of each"
    )
    program(parser)


def program(parser: argparse.ArgumentParser) -> None:
    """What is to be run: the same for all commands that run a program."""
    parser.add_argument(
        "-m", dest="kind", action="store_const", const="module", help="run a module"
    )
    parser.add_argument(
        "-c", dest="kind", action="store_const", const="text", help="run a text"
    )
    parser.add_argument("program", help="a Python or JavaScript file")
    parser.add_argument(
        "rest", nargs=argparse.REMAINDER, metavar="...", help="its own arguments"
    )


def start(module: str, path: str, options: argparse.Namespace) -> int:
    """Runs the program in a child, so that a crash of it does not end this.

    Args:
        module: What runs it: its arguments are the path, the kind, the program.
        path: What the child writes.
        options: What ``program`` has added.

    Returns:
        The exit status, 128 and the signal's number for one that was killed.
    """
    kind = options.kind or "file"
    command = [sys.executable, "-m", module, path, kind, options.program]
    environment = dict(os.environ, NAPI_STRICT="1")
    with subprocess.Popen([*command, *options.rest], env=environment) as child:
        while True:
            try:
                status = child.wait()
                break
            except KeyboardInterrupt:
                # It has got one, too: what it makes of that is its affair.
                continue
    return 128 - status if status < 0 else status


def run(options: argparse.Namespace) -> int:
    """Runs the program and prints what was seen.

    Returns:
        The program's exit status.
    """
    from napi.testing.trace import chrome, read, summary

    if not options.kind and not Path(options.program).is_file():
        print(f"napi trace: {options.program}: no such file", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "calls.jsonl"))
        if options.keep:
            path = os.path.abspath(options.keep)  # noqa: PTH100
            Path(path).write_bytes(b"")
        else:
            Path(path).touch()
        status = start("napi.testing.trace", path, options)
        events = read(path)
    if options.chrome:
        with Path(options.chrome).open("w", encoding="utf-8") as file:
            json.dump(chrome(events), file)
    found = summary(events, most=options.most)
    if options.json:
        json.dump(found, sys.stdout, indent=1)
        print()
    else:
        print_summary(found, options.most)
    if status > 128:
        name = signal.Signals(status - 128).name
        last = max(
            (one for one in events if "call" in one),
            key=lambda one: one["begin"] + one["ns"],
            default=None,
        )
        text = f"; the last call that came back: {last['call']}" if last else ""
        print(f"napi trace: the program died of {name}{text}", file=sys.stderr)
    return status


def print_summary(found: dict[str, Any], most: int) -> None:
    """The tables, on standard error: standard output is the program's."""

    def say(*parts: object) -> None:
        print(*parts, file=sys.stderr)

    say(
        f"{found['calls']} calls of Node-API in {_time(found['ns'])}, "
        f"{found['callbacks']} callbacks of addons"
    )
    rows = found["functions"]
    if rows:
        say(f"\n{'calls':>9} {'total':>9} {'slowest':>9} {'errors':>7}  function")
    for row in rows[:most]:
        say(
            f"{row['count']:>9} {_time(row['ns']):>9} {_time(row['slowest']):>9} "
            f"{row['errors'] or '':>7}  {row['function']}"
        )
    if len(rows) > most:
        say(f"{'':>38} {len(rows) - most} more: --most {len(rows)}")
    if found["slowest"]:
        say("\nslowest calls")
    for call in found["slowest"][:most]:
        say(f"{_time(call['ns']):>9}  {call['call']}  from {call['at']}")
    if found["errors"]:
        say("\ncalls that failed")
    for row in found["errors"]:
        say(f"{row['count']:>9}  {row['function']}: {row['status']}  from {row['at']}")
    if found["reports"]:
        say("\nreports of the strict build")
    for report in found["reports"]:
        say(f"  {report}")


def _time(ns: float) -> str:
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if ns >= size:
            return f"{ns / size:.1f} {unit}"
    return f"{ns:.0f} ns"
