"""Parts of a campaign, for processes and machines of their own.

A shard gets plain data and gives plain data, so it may run anywhere: the corpus so
far goes in; new cases, findings and counts come out. :func:`run` is what a worker of
dask.distributed runs, or a process of this machine; :func:`drive` starts shards over
and over and merges what they give.
"""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from napi.testing.fuzz import finding
from napi.testing.fuzz.corpus import Corpus
from napi.testing.fuzz.total import Total

__all__ = ["ShardError", "drive", "local", "on_dask", "run"]

_SLICE = 15.0
_SENT = 500

Start = Callable[[dict[str, Any]], Any]
Wait = Callable[[list[Any]], tuple[Any, dict[str, Any]]]


class ShardError(Exception):
    """A shard cannot work: the message says why."""


def _files(folder: Path, here: str, there: str) -> dict[str, str]:
    """A finding's files, with the addon's path as the user knows it."""
    return {
        path.name: path.read_text("utf-8", "replace").replace(here, there)
        for path in folder.iterdir()
    }


def run(task: dict[str, Any]) -> dict[str, Any]:
    """Runs one slice of a campaign.

    Args:
        task: ``config``, ``seed``, ``seconds``; ``cases``, how many at most, or
            None; ``corpus``, a list of cases;
            ``known``, keys of findings; ``content``, the addon itself, for machines
            that do not have the file.

    Returns:
        ``data``, the counts; ``corpus`` and ``findings``, what is new; or ``error``.
    """
    from napi.testing.fuzz.campaign import Campaign

    with tempfile.TemporaryDirectory(prefix="napi-shard-") as name:
        folder = Path(name)
        config = dict(task["config"])
        if task["content"] is not None and not Path(config["target"]).is_file():
            config["target"] = str(folder / Path(config["target"]).name)
            Path(config["target"]).write_bytes(task["content"])
        corpus = Corpus(folder / "corpus")
        for case in task["corpus"]:
            corpus.keep(case)
        try:
            campaign = Campaign(config, folder, task["seed"])
            campaign.known.update(task["known"])
            with _interrupts.slice() as part:
                seconds = part * task["seconds"]
                campaign.run(seconds, task["cases"], sweep=not task["corpus"])
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"}
        paths = (config["target"], task["config"]["target"])
        found = [
            {"finding": one, "files": _files(folder / "findings" / one["name"], *paths)}
            for one in campaign.findings
        ]
        fresh = campaign.corpus.cases
        return {"data": campaign.data(), "corpus": fresh, "findings": found}


class _Interrupts:
    """The first interrupt, the terminal's or the parent's, ends the slice that runs.

    Attributes:
        running: Whether a slice does.
        ended: Whether there was an interrupt: no other slice begins.
    """

    def __init__(self) -> None:
        self.running = self.ended = False

    def heed(self) -> None:
        """For this process, which does nothing else."""
        signal.signal(signal.SIGINT, self._end)

    def _end(self, number: int, frame: object) -> None:
        self.ended = True
        if self.running:
            self.running = False
            raise KeyboardInterrupt

    @contextmanager
    def slice(self) -> Iterator[float]:
        """While it lasts, an interrupt ends it; gives how much of its time it has."""
        self.running = True
        try:
            yield 0.0 if self.ended else 1.0
        except KeyboardInterrupt:
            pass  # what there is, is told
        finally:
            self.running = False


_interrupts = _Interrupts()


def _heed() -> None:
    _interrupts.heed()


def _interrupt() -> None:
    """Ends the slices that run on this machine."""
    import multiprocessing

    for child in multiprocessing.active_children():
        if child.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGINT)


@contextmanager
def local(jobs: int) -> Iterator[tuple[Start, Wait]]:
    """Shards as processes of this machine."""
    import multiprocessing
    from concurrent import futures

    context = multiprocessing.get_context("spawn")
    with futures.ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_heed
    ) as pool:

        def start(task: dict[str, Any]) -> Any:
            return pool.submit(run, task)

        def wait(running: list[Any]) -> tuple[Any, dict[str, Any]]:
            done = futures.wait(running, return_when=futures.FIRST_COMPLETED).done
            first = next(iter(done))
            return first, first.result()

        yield start, wait


@contextmanager
def on_dask(address: str) -> Iterator[tuple[Start, Wait]]:
    """Shards as tasks of a scheduler of dask.distributed.

    Raises:
        ShardError: dask.distributed is not there, or the scheduler is not.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise ShardError("--scheduler needs pip install distributed") from None
    try:
        client = distributed.Client(address, timeout=20)
    except OSError as error:
        raise ShardError(f"no scheduler answers at {address}: {error}") from None
    with client:

        def start(task: dict[str, Any]) -> Any:
            return client.submit(run, task, pure=False)

        def wait(running: list[Any]) -> tuple[Any, dict[str, Any]]:
            done = distributed.wait(running, return_when="FIRST_COMPLETED").done
            first = next(iter(done))
            result: dict[str, Any] = first.result()
            return first, result

        yield start, wait


class _Merge:
    """The folder of a campaign whose shards work elsewhere."""

    def __init__(self, config: dict[str, Any], out: Path, seed: int) -> None:
        self.config, self.out, self.seed = config, out, seed
        self.corpus = Corpus(out / "corpus")
        self.corpus.cases += self.corpus.unseen()
        self.digests: set[str] = set()
        self.total = Total()
        self.total.findings = finding.read_all(out / "findings")
        self.started = 0
        path = Path(config["target"])
        self.content = path.read_bytes() if path.is_file() else None

    def task(self, seconds: float, cases: int | None, remote: bool) -> dict[str, Any]:
        self.started += 1
        return {
            "config": self.config,
            "seed": self.seed * 1_000_003 + self.started,
            "seconds": max(min(seconds, _SLICE), 1.0),
            "cases": cases,
            "corpus": self.corpus.cases[-_SENT:] if self.started > 1 else [],
            "known": [one["key"] for one in self.total.findings],
            "content": self.content if remote else None,
        }

    def take(self, answer: dict[str, Any]) -> None:
        if "error" in answer:
            raise ShardError(answer["error"])
        self.total.add(answer["data"])
        for case in answer["corpus"]:
            if self.corpus.keep(case):
                self.corpus.cases.append(case)
        known = {one["key"] for one in self.total.findings}
        for one in answer["findings"]:
            told = one["finding"]
            if told["key"] in known:
                continue
            known.add(told["key"])
            folder = self.out / "findings" / told["name"]
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in one["files"].items():
                (folder / name).write_text(text, "utf-8", "replace")
            self.total.findings.append(told)
        self.total.corpus = len(self.corpus.cases)
        self.total.note()


def drive(
    where: tuple[Start, Wait],
    config: dict[str, Any],
    out: Path,
    *,
    jobs: int,
    seed: int,
    seconds: float,
    cases: int | None = None,
    remote: bool = False,
    progress: Callable[[Total], None] | None = None,
) -> Total:
    """Runs a campaign as shards.

    Args:
        where: What :func:`local` or :func:`on_dask` gives.
        config: See :func:`napi.testing.fuzz.campaign.configure`.
        out: The folder for findings and corpus; both are merged there.
        jobs: How many shards at a time.
        seed: Of all that is drawn; each shard gets one of its own.
        seconds: How long.
        cases: After how many no other shard begins.
        remote: Send the addon along.
        progress: Called after each shard.

    Returns:
        The counts of all shards; after an interrupt, those so far.

    Raises:
        ShardError: A shard cannot load the addon.
    """
    start, wait = where
    merge = _Merge(config, out, seed)
    limit = time.monotonic() + seconds

    def begin(seconds: float) -> None:
        left = None if cases is None else -((merge.total.cases - cases) // jobs)
        if left is None or left > 0:
            running.append(start(merge.task(seconds, left, remote)))

    def take() -> None:
        done, answer = wait(running)
        running.remove(done)
        merge.take(answer)

    running: list[Any] = []
    for _ in range(jobs):
        begin(seconds)
    try:
        while running:
            take()
            left = limit - time.monotonic()
            if left > 1:
                begin(left)
            if progress is not None:
                progress(merge.total)
    except KeyboardInterrupt:
        merge.total.interrupted = True
        _interrupt()
        while running:
            take()
    return merge.total
