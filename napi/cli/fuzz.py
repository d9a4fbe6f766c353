"""``napi fuzz``: calls an addon with all sorts of values until something breaks."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from napi.testing.fuzz.total import Total

__all__ = ["EXAMPLES", "arguments", "run"]

EXAMPLES = """\
  napi fuzz build/Release/addon.node             one minute, all exports
  napi fuzz addon.node parse Parser              these exports only
  napi fuzz --minutes 10 --jobs 4 --seed 7 addon.node
  napi fuzz --scheduler tcp://host:8786 --jobs 32 --minutes 60 addon.node
  napi fuzz --asan build/Debug/addon.node        an addon built with -fsanitize=address
  napi fuzz --self --minutes 10                  napi's own functions

Each finding is a folder with reproduce.py, the stack and what was written to stderr.
The exit status is 0 without a finding, 1 with one, 2 if it could not be fuzzed, 130
after an interrupt, which leaves the summary of what was done.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "target", metavar="FILE|PACKAGE", nargs="?", help="what to fuzz"
    )
    parser.add_argument(
        "exports", nargs="*", metavar="EXPORT", help="only these, with dots; else all"
    )
    parser.add_argument("--minutes", type=float, default=1.0, help="how long; else 1")
    parser.add_argument(
        "--jobs", type=int, default=1, metavar="N", help="processes, or machines' tasks"
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="run on dask.distributed: tcp://host:8786",
    )
    parser.add_argument("--cases", type=int, help="stop after so many cases")
    parser.add_argument("--seed", type=int, default=0, help="of all that is drawn")
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="else fuzz-<name of the target>"
    )
    parser.add_argument(
        "--self", action="store_true", dest="ourselves", help="fuzz napi's own Node-API"
    )
    parser.add_argument(
        "--skip", action="append", default=[], metavar="EXPORT", help="leave this out"
    )
    parser.add_argument(
        "--types", metavar="FILE", default="", help="a .d.ts; else that of the package"
    )
    parser.add_argument(
        "--timeout", type=float, default=5.0, help="seconds until a case hangs; else 5"
    )
    parser.add_argument(
        "--memory", type=int, default=8192, metavar="MIB", help="of a child; 0: all"
    )
    parser.add_argument(
        "--release", action="store_true", help="without the checks of the strict build"
    )
    parser.add_argument(
        "--no-leaks", action="store_true", help="do not look for what is left behind"
    )
    for kind, title in (
        ("asan", "AddressSanitizer"),
        ("ubsan", "UndefinedBehaviorSanitizer"),
        ("tsan", "ThreadSanitizer"),
    ):
        parser.add_argument(
            f"--{kind}",
            dest="sanitizer",
            action="store_const",
            const=kind,
            default="",
            help=f"with {title}",
        )


def run(options: argparse.Namespace) -> int:
    """Runs a campaign.

    Returns:
        0 without a finding, 1 with one, 2 where there is nothing to fuzz.
    """
    try:
        import hypothesis  # noqa: F401
    except ImportError:
        print("napi fuzz: it needs hypothesis: pip install napi[fuzz]", file=sys.stderr)
        return 2
    if (options.target is None) is not options.ourselves:
        print("napi fuzz: name a file or a package, or say --self", file=sys.stderr)
        return 2
    options.target = options.target or "napi"
    out = options.out or Path(f"fuzz-{_name(options.target)}")
    return _run_ourselves(options, out) if options.ourselves else _run(options, out)


def _run(options: argparse.Namespace, out: Path) -> int:
    """The campaign against an addon."""
    from napi.stubs.parse import StubError
    from napi.testing.fuzz.child import ChildError
    from napi.testing.fuzz.shard import ShardError
    from napi.testing.sanitize import MissingToolError

    refusals = (ChildError, MissingToolError, ShardError, StubError)
    try:
        many = options.jobs > 1 or options.scheduler
        total = _sharded(options, out) if many else _alone(options, out)
    except refusals as error:
        print(f"napi fuzz: {options.target}: {error}", file=sys.stderr)
        return 2
    if total is None:
        print(f"napi fuzz: {options.target} exports no such function", file=sys.stderr)
        return 2
    return _summary(total, _config(options), out)


def _alone(options: argparse.Namespace, out: Path) -> Total | None:
    """The campaign in this process; None where there is nothing to call."""
    from napi.testing.fuzz.campaign import Campaign

    progress = _Progress()
    campaign = Campaign(
        _config(options), out, options.seed, lambda one: progress(one.total())
    )
    if not campaign.shape:
        campaign.close()
        return None
    interrupted = False
    try:
        campaign.run(options.minutes * 60, options.cases)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        progress.end()
    total = campaign.total()
    total.interrupted = interrupted
    return total


def _run_ourselves(options: argparse.Namespace, out: Path) -> int:
    """The machine over our own exports.

    This process does not load the host: it may be built for a sanitizer.
    """
    from napi.testing.fuzz import ourselves
    from napi.testing.sanitize import MissingToolError

    progress = _Progress()
    try:
        total = ourselves.campaign(
            _config(options),
            out,
            seconds=options.minutes * 60,
            seed=options.seed,
            jobs=options.jobs,
            progress=progress,
        )
    except MissingToolError as error:
        print(f"napi fuzz: {error}", file=sys.stderr)
        return 2
    finally:
        progress.end()
    return _summary(total, _config(options), out)


def _sharded(options: argparse.Namespace, out: Path) -> Total:
    """The campaign in several processes, or on several machines."""
    from napi.testing.fuzz import shard

    address = options.scheduler
    progress = _Progress()
    with shard.on_dask(address) if address else shard.local(options.jobs) as where:
        try:
            return shard.drive(
                where,
                _config(options),
                out,
                jobs=options.jobs,
                seed=options.seed,
                seconds=options.minutes * 60,
                cases=options.cases,
                remote=bool(address),
                progress=progress,
            )
        finally:
            progress.end()


def _name(target: str) -> str:
    return target.rpartition("/")[2].removesuffix(".node") or "addon"


def _config(options: argparse.Namespace) -> dict[str, Any]:
    from napi.testing.fuzz.campaign import configure

    path = Path(options.target)
    target = str(path.resolve()) if path.is_file() else f"{options.target}@{Path.cwd()}"
    return configure(
        target,
        strict=not options.release,
        leaks=not options.no_leaks,
        timeout=options.timeout,
        memory=options.memory,
        sanitizer=options.sanitizer,
        exports=options.exports,
        skip=options.skip,
        declarations=options.types,
    )


class _Progress:
    """One line on a terminal, now and then; nothing elsewhere."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()
        self.last = 0.0

    def __call__(self, total: Total) -> None:
        now = time.monotonic()
        if not self.shown or now - self.last < 0.5:
            return
        self.last = now
        spent = now - total.start
        line = (
            f"{spent:5.0f} s  {total.cases} cases ({total.cases / spent:.0f}/s)  "
            f"corpus {total.corpus}  findings {len(total.findings)}"
        )
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leaves the line."""
        if self.shown and self.last:
            print(file=sys.stderr)


def _summary(total: Total, config: dict[str, Any], out: Path) -> int:
    from napi.testing.fuzz import page

    out.mkdir(parents=True, exist_ok=True)
    total.note()
    total.write(out / "campaign.json", config)
    page.write(out / "index.html", total, config, out)
    print(
        f"{total.cases} cases, {total.calls} calls, "
        f"{total.corpus} in the corpus: {out / 'index.html'}"
    )
    for found in total.findings:
        also = f" (under Node it {found['node']})" if found["node"] else ""
        print(f"{found['kind']}: {found['summary']}{also.replace('it exit', 'exit')}")
        print(f"    {out / 'findings' / found['name']}")
    if total.interrupted:
        print("interrupted", file=sys.stderr)
        return 128 + signal.SIGINT
    return int(bool(total.findings))
