"""``napi test``: pytest, with the addons under a sanitizer or valgrind."""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from napi.testing import sanitize
from napi.testing.sanitize_reports import Log, Report, summary

__all__ = ["EXAMPLES", "arguments", "run"]

EXAMPLES = """\
  napi test                         pytest, as it is
  napi test --asan                  overflows, use after free, leaked memory
  napi test --asan --ubsan tests -k parser -x
  napi test --tsan                  data races between the addon's threads
  napi test --valgrind              memory that is read before it is written, too

Addons that the tests build are compiled for the sanitizer, into build/address and so
on. --asan and --valgrind also watch addons that came compiled, by their calls of
malloc and free. All words that are not known here are pytest's."""
_PLUGIN = "napi.testing.sanitize_plugin"
_NOTHING_COLLECTED = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command; other words are pytest's to read."""
    parser.usage = (
        "napi test [--asan] [--ubsan] [--tsan] [--valgrind] [PYTEST ARGUMENT ...]"
    )
    parser.allow_abbrev = False
    for option, text in (
        ("asan", "AddressSanitizer: overflows, use after free, leaks"),
        ("ubsan", "UndefinedBehaviorSanitizer: overflow of ints, bad shifts, NULL"),
        ("tsan", "ThreadSanitizer: data races, locks in bad order"),
        ("valgrind", "memcheck: also memory read before it was written; slow"),
    ):
        parser.add_argument(f"--{option}", action="store_true", help=text)
    parser.add_argument(
        "--no-leaks", action="store_true", help="no search for leaked memory"
    )
    parser.add_argument(
        "--suppressions",
        metavar="FILE",
        action="append",
        default=[],
        help="reports to leave out, in the tool's own format",
    )
    parser.add_argument(
        "--logs", metavar="DIR", help="keep there what the tool wrote, as it was"
    )
    parse = parser.parse_known_args

    def take(words: Any = None, namespace: Any = None) -> Any:
        made, rest = parse(words, namespace)
        made.words = rest
        return made, []

    parser.parse_known_args = take  # type: ignore[method-assign, assignment]


def run(options: argparse.Namespace) -> int:
    """Runs the tests; the status of pytest, or 1 where a tool found something."""
    if importlib.util.find_spec("pytest") is None:
        return _fail("there is no pytest here: pip install pytest")
    kinds = [kind for kind in sanitize.KINDS.values() if getattr(options, kind.option)]
    names = {kind.option for kind in kinds}
    if len(names) > 1 and names != {"asan", "ubsan"}:
        return _fail("only --asan and --ubsan work together")
    if not kinds:
        return _plain(options.words)
    files = [Path(name).resolve() for name in options.suppressions]
    for path in files:
        if not path.is_file():
            return _fail(f"--suppressions {path}: no such file")
    with tempfile.TemporaryDirectory(prefix="napi-test-") as folder:
        try:
            return _Session(kinds, Path(folder), files, options).run()
        except sanitize.MissingToolError as error:
            return _fail(str(error))
        finally:
            if options.logs:
                shutil.copytree(folder, options.logs, dirs_exist_ok=True)


def _plain(words: Sequence[str]) -> int:
    """Runs pytest as it is; it gets an interrupt too, and says where it was."""
    with subprocess.Popen([sys.executable, "-m", "pytest", *words]) as running:
        try:
            return running.wait()
        except KeyboardInterrupt:
            running.wait()
            raise


def _fail(message: str) -> int:
    print(f"napi test: {message}", file=sys.stderr)
    return 2


class _Session:
    """One run of all tests: more processes than one where tests crash."""

    def __init__(
        self,
        kinds: Sequence[sanitize.Kind],
        folder: Path,
        suppressions: Sequence[Path],
        options: argparse.Namespace,
    ) -> None:
        from napi.testing.sanitize_plugin import Notes

        self.kinds, self.folder = kinds, folder
        self.notes = Notes(folder)
        self.words: list[str] = options.words
        self.leaks = not options.no_leaks
        self.environment = sanitize.environment(kinds, folder, suppressions)
        before = sanitize.command(kinds, folder, suppressions)
        if not self.leaks:
            if "ASAN_OPTIONS" in self.environment:
                self.environment["ASAN_OPTIONS"] += ":detect_leaks=0"
            before = [word for word in before if not word.startswith("--leak-check")]
        self.command = [*before, sys.executable, "-m", "pytest", "-p", _PLUGIN]
        self.crashed: dict[str, list[Report]] = {}
        self.late: list[Report] = []

    def run(self) -> int:
        status = self._once()
        while status is None and not {"-x", "--exitfirst"} & set(self.words):
            again = self._once()
            status = 1 if again in (0, _NOTHING_COLLECTED) else again
        self._print()
        if status is None:
            return 1
        return status or int(bool(self.late or self.notes.outside.exists()))

    def _once(self) -> int | None:
        """One process; its status, None where it did not come to the end."""
        self.notes.status.unlink(missing_ok=True)
        with sanitize.fixed_addresses(self.kinds):
            running = subprocess.Popen(
                [*self.command, *self.words], env=self.environment
            )
        try:
            code = running.wait()
        except KeyboardInterrupt:  # pytest got it too, and says where it was
            running.wait()
            raise
        late = self._read_late()
        if self.notes.running.exists() and not self.notes.status.exists():
            self._remember_crash(late)
            return None
        self.late += late
        if self.notes.status.exists():
            return int(self.notes.status.read_text("utf-8"))
        # Before the first test: wrong usage, or the tool cannot start.
        self._print_logs()
        if code < 0:
            name = signal.Signals(-code).name
            print(f"napi test: pytest was ended by {name}", file=sys.stderr)
        return abs(code) or 1

    def _print_logs(self) -> None:
        for path in sorted(self.folder.glob("log.*")):
            text = path.read_text("utf-8", "replace")
            if not text.startswith("<?xml"):
                print(text, file=sys.stderr)

    def _read_late(self) -> list[Report]:
        """What was written after the last test, or by the one that crashed."""
        log = Log(self.folder, self.notes.offsets())
        found = {report.key: report for report in log.fresh()}
        self.notes.remember(log.offsets)
        return list(found.values())

    def _remember_crash(self, reports: list[Report]) -> None:
        name = self.notes.running.read_text("utf-8")
        self.notes.running.unlink()
        self.crashed[name] = reports
        self.notes.add(self.notes.done, name)

    def _print(self) -> None:
        title = " and ".join(kind.title for kind in self.kinds)
        for name, reports in self.crashed.items():
            print(f"\n{title}: {name} ended the process")
            print(f"\n{summary(reports)}" if reports else "")
        if self.late:
            print(f"\n{summary(self.late)}")
        outside = ""
        if self.notes.outside.exists():
            outside = self.notes.outside.read_text("utf-8").strip()
            print(f"\nOutside of tests:\n\n{outside}")
        failed = 0
        if self.notes.failed.exists():
            failed = len(set(self.notes.failed.read_text("utf-8").splitlines()))
        leaks = sum(report.is_leak for report in self.late)
        parts = [
            f"{failed} in tests",
            f"{len(self.crashed)} crashed",
            f"{len(self.late) - leaks + bool(outside)} outside of tests",
            f"{leaks} leaked" if self.leaks else "leaks not searched",
        ]
        print(f"\n{title}: {', '.join(parts)}", flush=True)
