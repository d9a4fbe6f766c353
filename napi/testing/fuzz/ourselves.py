"""Campaigns against napi itself: batches of the machine in processes of their own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from napi.testing.fuzz import stack
from napi.testing.fuzz.child import environment
from napi.testing.fuzz.total import Total

__all__ = ["Ended", "batch", "campaign", "smallest"]

_STEPS = 10_000
_BATCHES = 20
_LIMIT = 600.0
_STOP = 20.0
_SHRINK = 45.0
_SCRIPT = '''\
"""{summary}"""

from napi.testing.fuzz.machine import run

# The numbers of the steps of one batch; each call is told before it is made.
run({seed}, {numbers}, tell=True)
'''


_alive: set[subprocess.Popen[str]] = set()


@dataclass
class Ended:
    """How a process ended.

    Attributes:
        key: The same for each end of this kind; empty for a good one.
        summary: One line.
        seed: Of the batch.
        calls: How many were made.
        frames: The native stack.
        text: What was written to standard error.
        late: All batches had ended then; the seed is the one after them.
    """

    key: str
    summary: str
    seed: int
    calls: int
    frames: list[str]
    text: str
    late: bool = False


def _environment(config: dict[str, Any]) -> dict[str, str]:
    """Of a process; memory that nobody has at its end is a finding here."""
    made = environment(config)
    options = made.get("ASAN_OPTIONS", "")
    return made | {"ASAN_OPTIONS": options.replace("detect_leaks=0", "detect_leaks=1")}


def batch(
    config: dict[str, Any],
    seed: int,
    *,
    batches: int = 1,
    numbers: list[int] | None = None,
) -> Ended:
    """Runs batches in a process.

    Args:
        config: See :func:`napi.testing.fuzz.campaign.configure`.
        seed: Of the first batch.
        batches: How many, each with the next seed.
        numbers: Only these calls of a batch.
    """
    with tempfile.TemporaryDirectory(prefix="napi-machine-") as folder:
        command = [sys.executable, "-m", f"{__package__}.machine"]
        command += [str(seed), str(_STEPS), "--batches", str(batches), "--watch"]
        if numbers is not None:
            path = Path(folder, "numbers.json")
            path.write_text(json.dumps(numbers))
            command += ["--only", str(path)]
        running = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env=_environment(config),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt is for the campaign
        )
        _alive.add(running)
        with running:
            try:
                out, err = running.communicate(timeout=_LIMIT)
            except subprocess.TimeoutExpired:
                return _hung(running, seed)
            except BaseException:
                running.kill()
                raise
            finally:
                _alive.discard(running)
    done = subprocess.CompletedProcess(command, running.returncode, out, err)
    return _judge(done, seed, batches)


def _hung(running: subprocess.Popen[str], seed: int) -> Ended:
    """Asks a process that does not end where it is: its handler writes the stack."""
    running.send_signal(signal.SIGABRT)
    try:
        out, err = running.communicate(timeout=_STOP)
    except subprocess.TimeoutExpired:
        running.kill()
        out, err = running.communicate()
    told = [json.loads(one) for one in out.splitlines() if one[:1] == "{"]
    following = told[-1]["seed"] + 1 if told else seed
    found = stack.read(err)
    calls = told[-1]["calls"] if told else 0
    summary = "a batch does not end"
    return Ended(f"hang {found.key}", summary, following, calls, found.frames, err)


def _judge(done: subprocess.CompletedProcess[str], seed: int, batches: int) -> Ended:
    told = [json.loads(one) for one in done.stdout.splitlines() if one[:1] == "{"]
    calls = told[-1]["calls"] if told else 0
    last = told[-1] if told else {}
    if "error" in last:
        said = last["error"].partition("\n")[0]
        text = f"{last['error']}\n{done.stderr}"
        found = stack.read(done.stderr)
        key = f"{stack.plain(said)} {found.key}"
        return Ended(key, said, last["seed"], calls, found.frames, text)
    if done.returncode == 0:
        return Ended("", "", seed, calls, [], "")
    found = stack.read(done.stderr)
    name = f"status {done.returncode}"
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
    following = last["seed"] + 1 if last else seed
    key = f"{name} {found.key}"
    summary = f"{name}: {found.said or found.key}"
    late = len(told) == batches
    return Ended(key, summary, following, calls, found.frames, done.stderr, late)


def smallest(config: dict[str, Any], ended: Ended) -> list[int]:
    """The numbers of the calls that a failure needs."""
    numbers = list(range(_STEPS))
    limit = time.monotonic() + _SHRINK
    size = len(numbers) // 2
    while size and time.monotonic() < limit:
        place = 0
        while place < len(numbers) and time.monotonic() < limit:
            fewer = numbers[:place] + numbers[place + size :]
            again = batch(config, ended.seed, numbers=fewer)
            if again.key == ended.key:
                numbers = fewer
            else:
                place += size
        size //= 2
    return numbers


def _locate(config: dict[str, Any], ended: Ended, batches: int) -> None:
    """Finds the seed where the end of the process told of it: lost memory, say."""
    for seed in range(ended.seed - batches, ended.seed):
        if batch(config, seed).key == ended.key:
            ended.seed = seed
            return


def _save(out: Path, config: dict[str, Any], ended: Ended) -> dict[str, Any]:
    if ended.late:
        _locate(config, ended, _BATCHES)
    numbers = list(range(_STEPS))
    alone = batch(config, ended.seed).key == ended.key
    if alone:  # else it needs what batches before it left in the language's classes
        numbers = smallest(config, ended)
    name = f"machine-{ended.seed}"
    folder = out / "findings" / name
    folder.mkdir(parents=True, exist_ok=True)
    summary = ended.summary.replace("\\", "/").replace('"""', "'''")
    text = _SCRIPT.format(summary=summary, seed=ended.seed, numbers=numbers)
    (folder / "reproduce.py").write_text(text)
    (folder / "stderr.txt").write_text(ended.text, "utf-8", "replace")
    found = {
        "name": name,
        "kind": "machine",
        "key": ended.key,
        "summary": ended.summary,
        "seed": ended.seed,
        "numbers": numbers,
        "frames": ended.frames,
        "reproduced": batch(config, ended.seed, numbers=numbers).key == ended.key,
        "script": True,
        "node": "",
        "strict": config["strict"],
        "python": sys.version,
    }
    (folder / "finding.json").write_text(json.dumps(found, indent=1) + "\n")
    return found


def campaign(
    config: dict[str, Any],
    out: Path,
    *,
    seconds: float,
    seed: int = 0,
    jobs: int = 1,
    progress: Callable[[Total], None] | None = None,
) -> Total:
    """Runs batches until the time is over.

    Args:
        config: See :func:`napi.testing.fuzz.campaign.configure`; what counts are
            ``strict`` and ``sanitizer``.
        out: The folder for findings.
        seconds: How long.
        seed: The first batch's; each has the next one.
        jobs: How many processes at a time.
        progress: Called after each process.

    Returns:
        The counts; a case is a batch. After an interrupt, those so far.
    """
    total = Total()
    limit = time.monotonic() + seconds
    known: set[str] = set()
    following = seed * 1_000_003

    def take(ended: Ended) -> None:
        total.cases += _BATCHES
        total.calls += ended.calls
        total.children += 1
        if ended.key and ended.key not in known:
            known.add(ended.key)
            total.findings.append(_save(out, config, ended))
        total.note()
        if progress is not None:
            progress(total)

    with futures.ThreadPoolExecutor(jobs) as pool:
        running: set[futures.Future[Ended]] = set()
        try:
            while running or time.monotonic() < limit:
                while len(running) < jobs and time.monotonic() < limit:
                    running.add(pool.submit(batch, config, following, batches=_BATCHES))
                    following += _BATCHES
                done, running = futures.wait(
                    running, return_when=futures.FIRST_COMPLETED
                )
                for one in done:
                    take(one.result())
        except KeyboardInterrupt:
            total.interrupted = True
            for process in list(_alive):
                process.kill()
    return total
