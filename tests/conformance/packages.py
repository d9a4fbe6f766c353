"""Runs a small script with each of a list of npm packages and writes a table.

    python tests/conformance/packages.py FOLDER [-k TEXT] [--list FILE] [--table FILE]

``FOLDER`` is a project into which the packages were brought (``napi add NAME``). The
list (``packages.txt`` beside this file) has a head line ``=== NAME`` for each package
and below it the script: the body of an async function that may ``require``, with
``assert`` at hand. A package passes when ``napi.require(NAME)`` gives its public API
and the script reaches its end under ``napi run``. Packages that are not in the folder
are left out.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HEAD = re.compile(r"^=== (\S+)\n", re.M)
LOAD = """
import napi, sys
try:
    made = napi.require(sys.argv[1])
except napi.Error as error:  # ES modules that await at their top
    if getattr(error, "code", "") != "ERR_REQUIRE_ASYNC_MODULE":
        raise
    from napi.js.module import import_module

    made = import_module(sys.argv[1]).result()
assert made is not None
"""
BODY = """const assert = require('node:assert');
(async () => {{
{script}
}})().then(() => console.log('reached its end'))
"""
END = "reached its end"


@dataclass
class Result:
    """How a package did.

    Attributes:
        name: The package.
        version: Which one is there.
        outcome: ``pass``, or what went wrong first: ``load``, ``script``.
        reason: The last line of what was said.
        seconds: How long both took.
        output: All that was said.
    """

    name: str
    version: str
    outcome: str
    reason: str
    seconds: float
    output: str


def scripts(text: str) -> dict[str, str]:
    """The scripts of a list.

    Args:
        text: The list.

    Returns:
        Name of each package -> its script.
    """
    parts = HEAD.split(text)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def version_of(folder: Path, name: str) -> str:
    """The version that is there; empty: the package is not."""
    import json

    file = folder / "node_modules" / name / "package.json"
    return str(json.loads(file.read_text())["version"]) if file.exists() else ""


def _child(words: list[str], folder: Path, timeout: float) -> tuple[int, str]:
    """Runs Python in the folder: status, and all that it said."""
    try:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
        )
    except subprocess.TimeoutExpired as error:
        return -1, (error.stdout or b"").decode("utf-8", "replace") + "\ntime is up"
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _reason(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in lines:
        if re.match(r"(napi\.)?\w*Error\b.*", line):
            return line[:160]
    return lines[-1][:160] if lines else "no output"


def check(name: str, script: str, folder: Path, timeout: float) -> Result:
    """Loads a package, then runs its script, each in a process of its own.

    Args:
        name: The package.
        script: The body of an async function.
        folder: The project.
        timeout: Seconds, for each.
    """
    version, begun = version_of(folder, name), time.monotonic()
    status, text = _child(["-c", LOAD, name], folder, timeout)
    outcome = "load"
    if status == 0:
        outcome = "script"
        source = BODY.format(script=script)
        status, text = _child(["-m", "napi", "run", "-e", source], folder, timeout)
        if status == 0 and END in text:
            outcome = "pass"
    reason = "" if outcome == "pass" else _reason(text)
    return Result(name, version, outcome, reason, time.monotonic() - begun, text)


def table(results: list[Result]) -> str:
    """The results as a table of Markdown."""
    lines = ["| package | version | outcome | why |", "|---|---|---|---|"]
    for one in results:
        why = one.reason.replace("|", "\\|")
        lines.append(f"| {one.name} | {one.version} | {one.outcome} | {why} |")
    passed = sum(one.outcome == "pass" for one in results)
    return "\n".join([*lines, "", f"{passed} of {len(results)} packages"]) + "\n"


def main(words: list[str] | None = None) -> int:
    """Checks the packages; 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-k", default="", help="only packages whose name has this text")
    parser.add_argument("-v", action="store_true", help="show what failing ones say")
    parser.add_argument("--list", type=Path, default=HERE / "packages.txt")
    parser.add_argument("--table", type=Path, help="write the table to this file")
    parser.add_argument("--timeout", type=float, default=120)
    options = parser.parse_args(words)
    results = []
    for name, script in scripts(options.list.read_text("utf-8")).items():
        if options.k not in name or not version_of(options.folder, name):
            continue
        result = check(name, script, options.folder.resolve(), options.timeout)
        results.append(result)
        print(f"{result.outcome:8}{name}  {result.reason}", flush=True)
        if options.v and result.outcome != "pass":
            print(result.output)
    text = table(results)
    if options.table is not None:
        options.table.write_text(text)
    print(text.rpartition("\n\n")[2], end="")
    return int(any(one.outcome != "pass" for one in results))


if __name__ == "__main__":
    sys.exit(main())
