"""Runs ninja over a configured build, and says clearly what the compiler said.

ninja compiles in parallel and only what changed: it keeps the commands and, from
the compiler's dependency files, the headers of each object.

Source: the manual of ninja, chapters "Running Ninja" and "C/C++ header
dependencies".
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from napi.build.errors import BuildError

__all__ = ["compile", "outputs"]

_STEP = re.compile(r"\[\d+/\d+\] .*")
_PLACE = re.compile(r"(?P<lead>\b(?:from )|^)(?P<path>\.\./[^:\s]+)(?=:)")
_NOISE = ("ninja: Entering directory", "ninja: no work to do", "ninja: build stopped")
_MISSING = re.compile(r"fatal error: ([^:\n]+): No such file or directory")
_V8_HEADERS = frozenset(
    ("nan.h", "node.h", "node_buffer.h", "node_object_wrap.h", "v8.h")
)


def _ninja() -> str:
    """The program: of the package on PyPI, or the system's.

    Raises:
        BuildError: There is none.
    """
    try:
        folder = import_module("ninja").BIN_DIR
    except (ImportError, AttributeError):
        folder = None
    found = shutil.which("ninja", path=folder) if folder else None
    found = found or shutil.which("ninja") or shutil.which("ninja-build")
    if found is None:
        raise BuildError("there is no ninja: pip install napi[build]")
    return found


def _query(directory: Path, surroundings: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [_ninja(), "-C", str(directory), "-t", *arguments],
        env=dict(surroundings),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BuildError(f"ninja: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def outputs(directory: Path, surroundings: Mapping[str, str]) -> list[Path]:
    """The addons that a configured build makes, by name."""
    found = []
    for line in _query(directory, surroundings, "targets", "all").splitlines():
        name, _, rule = line.rpartition(": ")
        if name.endswith(".node") and rule.startswith("solink"):
            found.append(directory / name)
    return sorted(found)


def compile(
    directory: Path,
    surroundings: Mapping[str, str],
    *,
    targets: Sequence[str] = (),
    jobs: int | None = None,
    verbose: bool = False,
    progress: Callable[[str], None] | None = None,
) -> None:
    """Brings a configured build up to date.

    Args:
        directory: Where ``build.ninja`` is.
        surroundings: The environment of the commands.
        targets: What to make; all without them.
        jobs: How many commands run at once; ninja chooses without it.
        verbose: Report whole commands.
        progress: Called with each line about what is done.

    Raises:
        BuildError: A command failed; ``output`` is what it printed.
    """
    command = [_ninja(), "-C", str(directory)]
    if jobs is not None:
        command += ["-j", str(jobs)]
    if verbose:
        command.append("-v")
    surroundings = {**surroundings, "NINJA_STATUS": "[%f/%t] "}
    with subprocess.Popen(
        [*command, *targets],
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as running:
        assert running.stdout is not None
        printed = list(_follow(running.stdout, progress))
    if running.returncode:
        said = _readable(printed, directory)
        raise BuildError(_explain(said), said)
    if progress is not None:
        for line in _readable(printed, directory).splitlines():  # warnings
            progress(line)


def _follow(
    lines: Iterable[str], progress: Callable[[str], None] | None
) -> Iterator[str]:
    """Reports the steps; gives back what else was printed."""
    for line in lines:
        if _STEP.fullmatch(line.rstrip()) is None:
            yield line.rstrip("\n")
        elif progress is not None:
            progress(line.rstrip())


def _shorten(line: str, directory: Path) -> str:
    """A line of the compiler with the path as the user would write it."""

    def make(found: re.Match[str]) -> str:
        path = os.path.realpath(directory / found["path"])
        near = os.path.relpath(path)
        return found["lead"] + (path if near.startswith("../..") else near)

    return _PLACE.sub(make, line)


def _readable(lines: Sequence[str], directory: Path) -> str:
    """What the commands that failed printed, without ninja's own lines."""
    kept, hidden = [], 0
    for line in lines:
        if line.startswith("FAILED: "):
            hidden = 1  # the command follows
        elif hidden:
            hidden -= 1
        elif not line.startswith(_NOISE):
            kept.append(_shorten(line, directory))
    return "\n".join(kept).strip()


def _explain(said: str) -> str:
    """The message: what to do where that is known, then the compiler's words."""
    advice = ""
    missing = _MISSING.search(said)
    if missing is not None:
        name = missing[1].rpartition("/")[2]
        if name in _V8_HEADERS:
            advice = (
                f"the addon is not made for Node-API alone: it includes <{name}>, "
                "which is of the C++ API of Node and V8; only Node has that"
            )
        elif missing[1].startswith("uv"):
            advice = (
                "libuv's headers are not there: install them (Debian: libuv1-dev, "
                "Fedora: libuv-devel), or name their directory with --headers"
            )
        elif name in ("napi.h", "napi-inl.h"):
            advice = (
                "node-addon-api is not among the include_dirs: `napi add "
                "node-addon-api` brings it"
            )
    if not advice and ("cc1plus" in said or "c++: not found" in said):
        advice = "there is no C++ compiler (Debian: g++); CXX names another"
    count = len(re.findall(r"(?m)^\S[^\n]*?\b(?:fatal )?error: ", said))
    plain = (
        f"the compiler found {count} error{'s' * (count != 1)}"
        if count
        else ("the build failed")
    )
    return f"{advice or plain}\n{said}" if said else advice or plain
