"""Runs a folder of JavaScript test files under ``napi run`` and writes a table.

    python tests/conformance/run.py FOLDER [-k TEXT] [--table FILE] [--timeout SECONDS]

A file passes when its program ends with status 0. The addons that the files load
must have been built beside them (``build/Release/*.node``). A line ``// Flags: ...``
at the top of a file is honoured. A file that says it skips itself (it prints
``1..0 # Skipped: why``) is listed with its reason.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FLAGS = re.compile(r"^//\s*Flags:\s*(.*)$", re.M)
SKIPPED = re.compile(r"^1\.\.0 # Skipped: (.*)$", re.M)
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Result:
    """How one file ended.

    Attributes:
        name: The file, in the folder.
        outcome: ``pass``, ``fail``, ``skip``, ``timeout`` or ``crash``.
        reason: The last line of what it said, or the signal.
        seconds: How long it took.
        output: All it said.
    """

    name: str
    outcome: str
    reason: str
    seconds: float
    output: str


def scripts(folder: Path, text: str) -> Iterator[Path]:
    """The test files: ``test*.js`` and ``test*.mjs``, in every folder."""
    for path in sorted(folder.rglob("test*.*js")):
        inner = path.relative_to(folder).parts
        if "node_modules" not in inner and "build" not in inner and text in str(path):
            yield path


def flags_of(path: Path) -> list[str]:
    """The options of Node that a file asks for."""
    head = path.read_text(encoding="utf-8", errors="replace")[:2000]
    return [word for line in FLAGS.findall(head) for word in line.split()]


def _reason(text: str) -> str:
    """What went wrong, in one line: the error that the output names."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in lines:
        if re.match(r"(\w*Error|AssertionError)\b.*", line) or "[ERR_" in line:
            return line[:160]
    return lines[-1][:160] if lines else "no output"


def run(path: Path, folder: Path, timeout: float) -> Result:
    """Runs one file in a process of its own, and ends that with its children.

    Args:
        path: The file.
        folder: What its name is relative to.
        timeout: Seconds.
    """
    command = [sys.executable, "-m", "napi", "run", *flags_of(path), str(path)]
    begun = time.monotonic()
    child = subprocess.Popen(
        command,
        cwd=path.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
        start_new_session=True,
    )
    name = str(path.relative_to(folder))
    try:
        raw = child.communicate(timeout=timeout)[0]
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        text = child.communicate()[0].decode("utf-8", "replace")
        return Result(name, "timeout", f"{timeout:g} s", timeout, text)
    text, seconds = raw.decode("utf-8", "replace"), time.monotonic() - begun
    if child.returncode < 0:
        reason = signal.Signals(-child.returncode).name
        return Result(name, "crash", reason, seconds, text)
    if child.returncode:
        return Result(name, "fail", _reason(text), seconds, text)
    skipped = SKIPPED.search(text)
    if skipped:
        return Result(name, "skip", skipped[1], seconds, text)
    return Result(name, "pass", "", seconds, text)


def table(results: list[Result]) -> str:
    """The results as a table of Markdown."""
    lines = ["| file | outcome | why |", "|---|---|---|"]
    for one in results:
        why = one.reason.replace("|", "\\|")
        lines.append(f"| {one.name} | {one.outcome} | {why} |")
    counts = {kind: 0 for kind in ("pass", "fail", "skip", "timeout", "crash")}
    for one in results:
        counts[one.outcome] += 1
    said = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return "\n".join([*lines, "", f"{len(results)} files: {said}"]) + "\n"


def main(words: list[str] | None = None) -> int:
    """Runs the files; 1 if one failed, timed out or crashed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-k", default="", help="only files whose path has this text")
    parser.add_argument("-v", action="store_true", help="show what failing files say")
    parser.add_argument("--table", type=Path, help="write the table to this file")
    parser.add_argument("--timeout", type=float, default=60)
    options = parser.parse_args(words)
    folder = options.folder.resolve()
    results = []
    for path in scripts(folder, options.k):
        result = run(path, folder, options.timeout)
        results.append(result)
        print(f"{result.outcome:8}{result.name}  {result.reason}", flush=True)
        if options.v and result.outcome not in ("pass", "skip"):
            print(result.output)
    text = table(results)
    if options.table is not None:
        options.table.write_text(text)
    print(text.rpartition("\n\n")[2], end="")
    return int(any(one.outcome not in ("pass", "skip") for one in results))


if __name__ == "__main__":
    sys.exit(main())
