"""The parent's side of a child process: start, run a case, see how it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from napi.testing.fuzz import stack, wire
from napi.testing.fuzz.case import Case, title

__all__ = ["Child", "ChildError", "Outcome", "environment"]

_START = 120.0
_STOP = 10.0
_TAIL = 200_000
_PACKAGES = Path(__file__).resolve().parents[3]


class ChildError(Exception):
    """The addon cannot be fuzzed: the message says why."""


@dataclass
class Outcome:
    """What became of a case.

    Attributes:
        kind: ``fine``, ``crash``, ``hang``, ``exit``, ``sanitizer``, ``strict``,
            ``leak`` or ``host``.
        key: The same for each finding that is the same; empty when it is fine.
        summary: One line.
        frames: The native stack, the innermost first.
        text: What the child wrote to standard error.
        answer: What the child told: see ``Worker.run``.
        step: The step that was the last one; -1 if it was not in a step.
    """

    kind: str = "fine"
    key: str = ""
    summary: str = ""
    frames: list[str] = field(default_factory=list)
    text: str = ""
    answer: dict[str, Any] = field(default_factory=dict)
    step: int = -1


def environment(config: dict[str, Any]) -> dict[str, str]:
    """The environment variables of a child."""
    from napi.testing.fuzz import sanitizer

    made = dict(os.environ)
    made["NAPI_STRICT"] = "1" if config["strict"] else "0"
    made["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(_PACKAGES), made.get("PYTHONPATH")])
    )
    made["PYTHONSAFEPATH"] = "1"
    made["PYTHONHASHSEED"] = "0"
    made |= sanitizer.variables(config["sanitizer"])
    return made


def _judge(answer: dict[str, Any]) -> Outcome:
    """A case that the child survived: fine, or a report of another kind."""
    if answer["host"]:
        text = answer["host"][0]
        key = f"host {stack.plain(text.partition(': ')[0])}"
        return Outcome("host", key, text, answer=answer)
    if answer["reports"]:
        text = answer["reports"][0]
        first = text.strip().partition("\n")[0]
        key = f"strict {stack.plain(first)}"
        return Outcome("strict", key, first, text="\n".join(answer["reports"]))
    if answer.get("leak"):
        grown = ", ".join(f"{n} {count:+}" for n, count in answer["leak"].items())
        key = f"leak {' '.join([*answer['guilty'], *sorted(answer['leak'])])}"
        return Outcome("leak", key, f"each run leaves {grown}", answer=answer)
    return Outcome(answer=answer)


class Child:
    """A process with the addon in it. Any case may be its last."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config
        self.history: list[Case] = []
        self.folder = tempfile.TemporaryDirectory(
            prefix="napi-fuzz-", ignore_cleanup_errors=True
        )
        self.log = Path(self.folder.name, "stderr.txt")
        ours, theirs = socket.socketpair()
        self.channel = ours
        with theirs, self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.worker", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder.name,
                env=environment(config),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self.channel.settimeout(_START)
        with contextlib.suppress(wire.Closed):  # greet() finds out
            wire.send(self.channel, self.config)
        self.greeted = False

    def greet(self) -> list[dict[str, Any]]:
        """Waits until the addon is loaded; once.

        Returns:
            Its shape, see :func:`napi.testing.fuzz.shape.describe`.

        Raises:
            ChildError: It cannot be loaded.
        """
        self.greeted = True
        try:
            answer = wire.receive(self.channel)
        except (wire.Closed, TimeoutError):
            outcome = self._ended()
            self.close()
            raise ChildError(
                f"it does not survive loading: {outcome.summary}\n{outcome.text}"
            ) from None
        if "error" in answer:
            self.close()
            raise ChildError(answer["error"])
        shape: list[dict[str, Any]] = answer["shape"]
        return shape

    def run(self, case: Case, leaks: bool = True) -> Outcome:
        """Runs a case. After anything but an answer the child is gone.

        Args:
            case: Its calls.
            leaks: Whether to look for what it leaves behind, if the campaign does.
        """
        if not self.greeted:
            self.greet()
        self.history.append(case)
        self.channel.settimeout(self.config["timeout"])
        try:
            wire.send(self.channel, [case, leaks])
            return _judge(wire.receive(self.channel))
        except TimeoutError:
            step = self._step(case)
            outcome = self._hung(case[: step + 1])
        except wire.Closed:
            step = self._step(case)
            outcome = self._ended(case[: step + 1])
        outcome.step = step
        return outcome

    def _step(self, case: Case) -> int:
        """The step that the child was in, as it wrote before."""
        try:
            step = int(Path(self.folder.name, "step").read_bytes())
        except (OSError, ValueError):
            return len(case) - 1
        return min(step, len(case) - 1)

    def leave(self) -> Outcome:
        """Lets the child go as a program does; that, too, may crash."""
        self.channel.close()
        try:
            self.process.wait(_STOP)
        except subprocess.TimeoutExpired:
            outcome = self._hung([])
            outcome.summary = "it does not end: " + outcome.summary
            outcome.key = f"hang at exit {outcome.key}"
            return outcome
        if self.process.returncode == 0:
            self.close()
            return Outcome()
        outcome = self._ended()
        outcome.summary = f"at exit: {outcome.summary}"
        outcome.key = f"at exit {outcome.key}"
        return outcome

    def close(self) -> None:
        """Ends the child and removes its folder."""
        self.channel.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.folder.cleanup()

    def _text(self) -> str:
        data = self.log.read_bytes()[-_TAIL:]
        return data.decode("utf-8", "replace")

    def _hung(self, case: Case) -> Outcome:
        """Asks a hanging child where it is: its handler writes the stack."""
        self.process.send_signal(signal.SIGABRT)
        limit = time.monotonic() + _STOP
        while self.process.poll() is None and time.monotonic() < limit:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.1)
        text = self._text()
        found = stack.read(text)
        self.close()
        name = title(case[-1]) if case else "exit"
        summary = f"no answer within {self.config['timeout']:g} s ({name})"
        return Outcome("hang", f"hang {name}", summary, found.frames, text)

    def _ended(self, case: Case | None = None) -> Outcome:
        try:
            status = self.process.wait(_STOP)
        except subprocess.TimeoutExpired:
            status = 0  # alive, without its end of the socket
        text = self._text()
        self.close()
        found = stack.read(text)
        if found.said.partition(":")[0].endswith("Sanitizer"):
            return Outcome("sanitizer", found.key, found.said, found.frames, text)
        if status < 0:
            try:
                name = signal.Signals(-status).name
            except ValueError:
                name = f"signal {-status}"
            summary = ": ".join(filter(None, [name, found.said or found.key]))
            if found.said and found.where:
                summary += f" in {found.where}"
            return Outcome("crash", f"{name} {found.key}", summary, found.frames, text)
        summary = f"the process ended with status {status}"
        summary = ": ".join(filter(None, [summary, found.said]))
        name = title(case[-1]) if case else ""
        return Outcome("exit", f"exit {status} {name} {found.key}", summary, [], text)
