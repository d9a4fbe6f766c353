"""The same calls under Node: where the two differ, one of them is wrong.

A real Node is the judge, where there is one: the program named by ``NAPI_NODE``, or
``node`` on ``PATH``. :func:`compare` runs one list of calls on both sides,
:func:`search` draws lists until it finds differences and shrinks each.

What differs from run to run - addresses, time, chance - is not compared: each list
runs twice under Node, and only what was the same both times counts.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from napi.testing.fuzz.case import Case

__all__ = ["Difference", "Node", "OracleError", "ask", "compare", "find_node", "search"]

_SCRIPT = Path(__file__).with_name("oracle.cjs")
_START = 60.0
_CASE = 20.0
_ROUND = 100
# What the engine says of the call itself; Python has words of its own for it.
_OF_THE_CALL = re.compile(
    r"throws TypeError: (?:Cannot (?:read|set) properties of |.* is not a "
    r"(?:function|constructor)$)"
)


class OracleError(Exception):
    """The calls cannot be run under Node: the message says why."""


class Difference(NamedTuple):
    """A list of calls that does not do the same on both sides.

    Attributes:
        case: The calls, see :mod:`napi.testing.fuzz.case`.
        step: The number of the first one that differs.
        node: What Node says.
        napi: What napi says.
    """

    case: Case
    step: int
    node: str
    napi: str

    def __str__(self) -> str:
        from napi.testing.fuzz.case import in_javascript

        calls = [f"v[{i}] = {in_javascript(one)}" for i, one in enumerate(self.case)]
        listed = "\n    ".join(calls[: self.step + 1])
        return f"    {listed}\nNode {self.node}\nnapi {self.napi}"


def find_node() -> Path | None:
    """The Node to ask: ``NAPI_NODE``, or the one on ``PATH``; None without one."""
    named = os.environ.get("NAPI_NODE")
    found = named if named is not None else shutil.which("node")
    return Path(found) if found and Path(found).is_file() else None


class Node:
    """A Node process with an addon in it; it is started again when it dies.

    Args:
        addon: The ``.node`` file.
        node: Which Node; else :func:`find_node`.

    Raises:
        OracleError: There is no Node.
    """

    def __init__(self, addon: str | Path, node: Path | None = None) -> None:
        found = node if node is not None else find_node()
        if found is None:
            raise OracleError(
                "there is no Node to compare with: put node on PATH, or its path "
                "into NAPI_NODE"
            )
        self.node, self.addon = found, str(Path(addon).resolve())
        self.process: subprocess.Popen[bytes] | None = None
        self.answers = -1
        self.rest = b""

    def run(self, case: Case) -> list[str]:
        """What each step gives. A death is the last line: ``dies of SIGSEGV``.

        Raises:
            OracleError: Node cannot load the addon.
        """
        from napi.testing.fuzz.case import in_javascript

        process = self._started()
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(list(map(in_javascript, case))).encode())
            process.stdin.write(b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            return [self._died()]
        line = self._line(_CASE)
        answer: list[str] = json.loads(line) if line else [self._died()]
        return answer

    def close(self) -> None:
        """Ends the process."""
        if self.process is None:
            return
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.kill()
        self.process.wait()
        os.close(self.answers)
        self.process, self.rest = None, b""

    def _started(self) -> subprocess.Popen[bytes]:
        if self.process is not None and self.process.poll() is None:
            return self.process
        self.close()
        self.answers, theirs = os.pipe()
        self.process = subprocess.Popen(
            [str(self.node), str(_SCRIPT), self.addon, str(theirs)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[theirs],
        )
        os.close(theirs)
        if self._line(_START) != b"ready":
            assert self.process.stderr is not None
            self.process.kill()
            said = self.process.stderr.read().decode("utf-8", "replace").strip()
            self.close()
            raise OracleError(f"Node does not load {self.addon}: {said[-600:]}")
        return self.process

    def _line(self, seconds: float) -> bytes:
        """One line of the answers; empty when the process is gone, or too slow."""
        limit = time.monotonic() + seconds
        while b"\n" not in self.rest:
            left = limit - time.monotonic()
            if left <= 0 or not select.select([self.answers], [], [], left)[0]:
                return b""
            part = os.read(self.answers, 1 << 16)
            if not part:
                return b""
            self.rest += part
        line, _, self.rest = self.rest.partition(b"\n")
        return line

    def _died(self) -> str:
        assert self.process is not None
        try:
            status = self.process.wait(1)
        except subprocess.TimeoutExpired:
            self.close()
            return "hangs"
        self.close()
        return _death(status)


def _death(status: int) -> str:
    return f"dies of {signal.Signals(-status).name}" if status < 0 else f"exit {status}"


class _Both:
    """Both sides with one addon."""

    def __init__(self, addon: str | Path, node: Path | None) -> None:
        from napi.testing.fuzz.campaign import configure
        from napi.testing.fuzz.child import Child

        target = str(Path(addon).resolve(strict=True))
        self.node = Node(target, node)
        self.config = configure(target, strict=False, leaks=False, transcript=True)
        self.child: Child | None = Child(self.config)
        self.shape = self.child.greet()
        self.classes = [one["path"] for one in self.shape if one["kind"] == "class"]

    def napi(self, case: Case) -> list[str]:
        from napi.testing.fuzz.child import Child

        self.child = self.child or Child(self.config)
        outcome = self.child.run(case)
        if outcome.answer:
            told: list[str] = outcome.answer["transcript"]
            return told
        self.child = None
        if outcome.kind == "hang":
            return ["hangs"]
        if outcome.kind == "exit":
            return [_death(int(outcome.key.split()[1]))]
        return [f"dies of {outcome.summary}"]

    def compare(self, case: Case) -> Difference | None:
        case = _common(case, self.classes)
        first, ours = self.node.run(case), self.napi(case)
        if _first_difference(first, ours) is None:
            return None
        # Its own words may differ from run to run.
        known = [
            one if one == two else None
            for one, two in zip(first, self.node.run(case), strict=False)
        ]
        for step, (told, other) in enumerate(zip(known, ours, strict=False)):
            if told is not None and told != other and not _OF_THE_CALL.match(told):
                if told.startswith("dies of") and other.startswith("dies of"):
                    return None
                return Difference(case, step, told, other)
        return None

    def close(self) -> None:
        self.node.close()
        if self.child is not None:
            self.child.close()


def _first_difference(node: list[str], ours: list[str]) -> int | None:
    for step, (one, two) in enumerate(zip(node, ours, strict=False)):
        if one != two:
            return step
    return None


def _common(case: Case, classes: list[list[str]]) -> Case:
    """The case in what both sides know.

    ``bytes`` become a ``Buffer``. Python calls a class where JavaScript writes new.
    """
    import copy

    from napi.testing.fuzz.values import walk

    made = copy.deepcopy(case)
    for step in made:
        if step["do"] == "call" and step["on"] < 0 and step["path"] in classes:
            step["do"] = "new"
        for value in step["args"]:
            for part in walk(value):
                if part[0] == "bytes":
                    part[:] = ["view", "Buffer", part[1]]
    return made


def ask(path: str | Path, *, seconds: float = 20.0) -> str:
    """How a program ends under Node: ``exit 0``, ``dies of SIGSEGV``, ``hangs``.

    Args:
        path: The program, JavaScript.
        seconds: When it hangs.

    Returns:
        How it ends; empty where there is no Node.
    """
    node, path = find_node(), Path(path).resolve()
    if node is None:
        return ""
    try:
        done = subprocess.run(
            [str(node), str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            cwd=path.parent,
        )
    except subprocess.TimeoutExpired:
        return "hangs"
    return _death(done.returncode)


def compare(
    addon: str | Path, cases: Sequence[Case], *, node: Path | None = None
) -> list[Difference]:
    """Runs lists of calls on both sides.

    Args:
        addon: The ``.node`` file.
        cases: The lists, see :mod:`napi.testing.fuzz.case`.
        node: Which Node; else :func:`find_node`.

    Returns:
        Where they differ, at most one for each list.

    Raises:
        OracleError: There is no Node, or it cannot load the addon.
        napi.testing.fuzz.child.ChildError: napi cannot.
        FileNotFoundError: There is no such file.
    """
    both = _Both(addon, node)
    try:
        return [found for case in cases if (found := both.compare(case)) is not None]
    finally:
        both.close()


def search(
    addon: str | Path,
    *,
    seconds: float = 60.0,
    seed: int = 0,
    exports: Sequence[str] = (),
    most: int = 20,
    node: Path | None = None,
) -> list[Difference]:
    """Draws calls until they differ; hypothesis shrinks each difference.

    Args:
        addon: The ``.node`` file.
        seconds: How long.
        seed: Of all that is drawn.
        exports: Only these; else all.
        most: Stop after so many differences.
        node: Which Node; else :func:`find_node`.

    Returns:
        One difference for each pair of export and kind of answer.

    Raises:
        OracleError: There is no Node, or it cannot load the addon.
        napi.testing.fuzz.child.ChildError: napi cannot.
        FileNotFoundError: There is no such file.
    """
    from napi.testing.fuzz.strategies import Grammar

    both = _Both(addon, node)
    try:
        listed = [
            one for one in both.shape if not exports or ".".join(one["path"]) in exports
        ]
        grammar = Grammar(listed, length=3)
        found: dict[str, Difference] = {}
        limit = time.monotonic() + seconds
        number = 0
        while time.monotonic() < limit and len(found) < most:
            number += 1
            _round(both, grammar, found, limit, f"{seed}.{number}")
        return list(found.values())
    finally:
        both.close()


def _key(one: Difference) -> str:
    from napi.testing.fuzz.case import title
    from napi.testing.fuzz.stack import plain

    def short(text: str) -> str:
        words = 3 if text.startswith("throws") else 1
        return plain(" ".join(text.split()[:words]))

    return f"{title(one.case[one.step])} {short(one.node)} {short(one.napi)}"


class _Differs(Exception):
    """The two sides differ, in the way that this round is about."""


def _round(
    both: _Both,
    grammar: Any,
    found: dict[str, Difference],
    limit: float,
    seed: str,
) -> None:
    """Draws cases; the first new difference is shrunk."""
    import hypothesis
    from hypothesis import HealthCheck, Phase, Verbosity

    aim: list[tuple[str, Difference]] = []

    def attempt(case: Case) -> None:
        late = time.monotonic() > limit + (15 if aim else 0)
        one = None if late or not case else both.compare(case)
        if one is None or _key(one) in found:
            return
        if not aim or aim[-1][0] == _key(one):
            aim.append((_key(one), one))
            raise _Differs

    chosen = hypothesis.settings(
        max_examples=_ROUND,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    given: Callable[..., Any] = hypothesis.given(grammar.cases())
    seeded: Any = hypothesis.seed(seed)
    with contextlib.suppress(_Differs, hypothesis.errors.HypothesisException):
        seeded(chosen(given(attempt)))()
    if aim:
        found[aim[-1][0]] = aim[-1][1]
