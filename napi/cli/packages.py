"""What ``napi add``, ``remove`` and ``list`` share: options, errors, progress."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import told

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from ..package.install import Result

__all__ = ["Terminal", "common", "directory", "guarded", "settings"]


def directory(parser: argparse.ArgumentParser) -> None:
    """The option for the project's folder."""
    parser.add_argument(
        "-C",
        "--directory",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="a folder in the project; the working directory without it",
    )


def common(parser: argparse.ArgumentParser) -> None:
    """The options of all that change a project."""
    directory(parser)
    parser.add_argument(
        "--offline", action="store_true", help="only what is in the cache"
    )
    parser.add_argument(
        "--registry", metavar="URL", help="instead of the one in npm's configuration"
    )
    for name, example in (("os", "darwin"), ("cpu", "arm64"), ("libc", "musl")):
        parser.add_argument(
            f"--{name}", metavar="NAME", help=f"for another machine: {example}"
        )
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="say nothing but errors"
    )


def settings(options: argparse.Namespace) -> dict[str, str]:
    """What the options put above npm's configuration."""
    names = ("registry", "os", "cpu", "libc")
    return {n: getattr(options, n) for n in names if getattr(options, n)}


def guarded(options: argparse.Namespace, work: Callable[[Terminal], None]) -> int:
    """Run a command; what goes wrong becomes one line and status 1."""
    from ..package.errors import PackageError

    try:
        if not options.directory.is_dir():
            raise NotADirectoryError(0, "no such folder", str(options.directory))
        from .. import package

        package.check()
        with Terminal(quiet=getattr(options, "quiet", False)) as terminal:
            work(terminal)
    except PackageError as error:
        print(f"napi: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        print(f"napi: {told(error)}", file=sys.stderr)
        return 1
    return 0


class Terminal:
    """Tells what happens: on stderr, with a bar and colours on a terminal only."""

    def __init__(self, quiet: bool = False) -> None:
        from rich.console import Console

        self.quiet = quiet
        self._out: Console = Console(highlight=False, soft_wrap=True)
        self._err: Console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._bytes = 0

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *details: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def note(self, text: str) -> None:
        """Something that the user should know."""
        if not self.quiet:
            from rich.markup import escape

            self._err.print(f"[yellow]note:[/] {escape(text)}")

    def start(self, count: int) -> None:
        """So many packages will be downloaded and unpacked."""
        if self.quiet or not count or not self._err.is_terminal:
            return
        from rich import progress

        columns: Sequence[Any] = (
            progress.TextColumn("{task.completed:.0f}/{task.total:.0f} packages"),
            progress.BarColumn(),
            progress.TextColumn("{task.fields[size]}"),
            progress.TextColumn("{task.fields[title]}", style="dim"),
        )
        self._progress = progress.Progress(*columns, console=self._err, transient=True)
        self._task = self._progress.add_task("", total=count, size="", title="")
        self._progress.start()

    def received(self, count: int) -> None:
        """So many bytes came."""
        self._bytes += count
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, size=f"{self._bytes / 1e6:.1f} MB")

    def done(self, title: str) -> None:
        """A package is ready."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, advance=1, title=title)

    def summary(self, result: Result) -> None:
        """What was done, in a few lines."""
        self.__exit__()
        self._progress = None
        if self.quiet:
            return
        from rich.markup import escape

        for node in result.nodes:
            shown = f"{escape(node.name)}@[cyan]{escape(node.version)}[/]"
            self._out.print(f"[green]+[/] {shown}")
        words = [
            f"{len(items)} {verb}"
            for items, verb in ((result.added, "added"), (result.removed, "removed"))
            if items
        ]
        text = ", ".join(words) or "nothing to do"
        self._out.print(f"{text} in {escape(str(result.project))}")

    def tree(self, tree: object) -> None:
        """A tree, on stdout."""
        self._out.print(tree)
