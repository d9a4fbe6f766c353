"""The pytest plugin of ``napi test``: a report of the sanitizer fails its test.

It is loaded by the command alone (``-p napi.testing.sanitize_plugin``).

Source: the chapter "API Reference", "Hooks", of pytest's documentation.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from napi.testing import sanitize
from napi.testing.sanitize_reports import Log, Report, summary

__all__ = ["Notes"]


class Notes:
    """What the plugin and the command tell each other, in the directory of the logs.

    Args:
        folder: The directory.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running = folder / "running"
        self.done = folder / "done"
        self.outside = folder / "outside"
        self.failed = folder / "failed"
        self.status = folder / "status"

    def offsets(self) -> dict[str, int]:
        """How far the logs were read, by all processes that read some."""
        found: dict[str, int] = {}
        for path in self.folder.glob("offsets.*"):
            for name, offset in json.loads(path.read_text("utf-8")).items():
                found[name] = max(offset, found.get(name, 0))
        return found

    def remember(self, offsets: dict[str, int]) -> None:
        """Keeps what this process read."""
        path = self.folder / f"offsets.{os.getpid()}"
        path.write_text(json.dumps(offsets), "utf-8")

    def skipped(self) -> set[str]:
        """The tests that need not run again: they passed, or ended the process."""
        return set(self.done.read_text("utf-8").split("\n")) - {""}

    def add(self, path: Path, text: str) -> None:
        """Appends a line."""
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")


class _Watch:
    """Compares the logs before and after each phase of a test."""

    def __init__(self, folder: Path, is_worker: bool, has_workers: bool) -> None:
        self.notes = Notes(folder)
        self.log = Log(folder, self.notes.offsets())
        # Another worker's reports are not of the test that runs here.
        self.process = os.getpid() if is_worker else None
        self.is_worker = is_worker
        self.has_workers = has_workers
        self.has_failed = False
        self.is_patient = False

    def fresh(self) -> list[Report]:
        found = self.log.fresh(self.process)
        self.notes.remember(self.log.offsets)
        return found

    def drain(self) -> None:
        """What came outside of tests: from imports, from other tests' threads."""
        if self.has_workers:  # they say themselves what is theirs
            return
        for report in self.fresh():
            self.notes.add(self.notes.outside, f"{report}\n")

    def pytest_pycollect_makemodule(self, module_path: Path) -> None:
        """Before hypothesis looks at its settings; it is not imported for nothing."""
        if not self.is_patient and b"hypothesis" in module_path.read_bytes():
            self.is_patient = True
            _wait_longer()

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """After a crash: what passed is left out, what failed shall say why."""
        if not self.notes.done.exists():
            return
        skipped = self.notes.skipped()
        gone = [item for item in items if item.nodeid in skipped]
        if gone:
            config.hook.pytest_deselected(items=gone)
            items[:] = [item for item in items if item.nodeid not in skipped]

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        if not self.is_worker and not self.has_workers:
            self.drain()
            self.notes.running.write_text(nodeid, "utf-8")
            self.has_failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.has_failed |= report.failed

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        if not self.is_worker:
            if not self.has_failed:
                self.notes.add(self.notes.done, nodeid)
            self.notes.running.unlink(missing_ok=True)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, Any, None]:
        outcome = yield
        made = outcome.get_result()
        found = self.fresh()
        if not found:
            return
        for report in found:
            self.notes.add(self.notes.failed, f"{made.nodeid}\t{report.key}")
        text = summary(found)
        if made.failed:
            made.sections.append(("the sanitizer's reports", text))
        else:
            made.outcome, made.longrepr = "failed", text

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if not self.is_worker:
            self.drain()
            self.notes.status.write_text(str(int(exitstatus)), "utf-8")


def _wait_longer() -> None:
    """Everything takes longer here: hypothesis shall not fail a test for that."""
    try:
        from hypothesis import HealthCheck, settings
    except ImportError:
        return
    current = settings()
    ignored = {*current.suppress_health_check, HealthCheck.too_slow}
    settings.register_profile(
        "napi-test", current, deadline=None, suppress_health_check=list(ignored)
    )
    settings.load_profile("napi-test")


def _watch_calls() -> None:
    """Takes the strict build, which tells AddressSanitizer what the host will use.

    What it reports itself is asked for with --napi-strict. NAPI_STRICT=0: no.
    """
    if "NAPI_STRICT" in os.environ:
        return
    from napi import testing

    testing.strict(record=True)
    del os.environ["NAPI_STRICT"]  # processes that tests start choose themselves


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Begins to watch."""
    folder = os.environ.get(sanitize.FOLDER)
    if folder is None:
        raise pytest.UsageError("napi.testing.sanitize_plugin is for `napi test`")
    if "address" in sanitize.active().split("+"):
        _watch_calls()
    # Read already in this process. Compilers and shells that tests start leak.
    if "ASAN_OPTIONS" in os.environ:
        os.environ["ASAN_OPTIONS"] += ":detect_leaks=0"
    has_workers = config.getoption("dist", "no") != "no"
    watch = _Watch(Path(folder), hasattr(config, "workerinput"), has_workers)
    config.pluginmanager.register(watch, "napi-sanitize")
