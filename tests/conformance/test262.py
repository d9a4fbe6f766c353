"""Runs tests of test262, ECMA-262's own suite, and writes a table by area.

    python tests/conformance/test262.py FOLDER [--area language/expressions ...]
        [--without built-ins/Temporal ...] [--sample N] [--jobs N]
        [--table FILE] [--results FILE] [--timeout SECONDS]

``FOLDER`` is a checkout of test262. What is out of scope, and why, is said by
``LEFT_OUT`` of test262_meta.py.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import test262_host
import test262_meta
from test262_host import Outcome

AREAS = ["language", "built-ins"]
KINDS = ("pass", "fail", "timeout", "crash", "left out")


def files_of(options: argparse.Namespace) -> Iterator[Path]:
    """The files that are asked for.

    Args:
        options: Of the command line.
    """
    tests = options.folder / "test"
    without = [tests / name for name in options.without]
    for area in options.area:
        place = tests / area
        found = [place] if place.is_file() else sorted(place.rglob("*.js"))
        yield from [
            path
            for path in found
            if "_FIXTURE" not in path.name
            and not any(path.is_relative_to(one) for one in without)
        ][:: options.sample]


def run_one(path: Path, folder: Path, limit: float) -> tuple[str, Outcome]:
    """Runs one file; its name and how it ended.

    Args:
        path: The file.
        folder: Of test262.
        limit: Seconds for each of its runs.
    """
    name = str(path.relative_to(folder / "test"))
    try:
        meta = test262_meta.read(path)
    except ValueError as error:
        return name, Outcome("left out", str(error))
    if meta.left_out:
        return name, Outcome("left out", meta.left_out)
    return name, test262_host.run_test(meta, folder, limit)


def area_of(name: str) -> str:
    """The line of the table that a test belongs to."""
    return "/".join(Path(name).parts[:2]) if name.count("/") > 1 else "others"


def _line(area: str, count: Counter[str]) -> str:
    ran = sum(count.values()) - count["left out"]
    failed = ran - count["pass"]
    share = f"{100 * count['pass'] / ran:.1f} %" if ran else ""
    return f"| {area} | {count['pass']} | {failed} | {count['left out']} | {share} |"


def table(results: list[tuple[str, Outcome]]) -> str:
    """How many tests of each area passed, as a table of Markdown.

    Args:
        results: Names and outcomes.
    """
    areas: dict[str, Counter[str]] = {}
    for name, outcome in results:
        for area in (f"**{name.partition('/')[0]}**", area_of(name)):
            areas.setdefault(area, Counter())[outcome.kind] += 1
    lines = ["| area | passed | failed | left out | of those that ran |"]
    lines.append("|---|---|---|---|---|")
    lines += [_line(area, count) for area, count in areas.items()]
    return "\n".join(lines) + "\n"


def _results(options: argparse.Namespace) -> Iterator[tuple[str, Outcome]]:
    paths = files_of(options)
    work = partial(run_one, folder=options.folder, limit=options.timeout)
    if options.jobs == 1:
        test262_host.warm()
        yield from map(work, paths)
        return
    context = multiprocessing.get_context("fork")
    with context.Pool(options.jobs, test262_host.warm) as pool:
        yield from pool.imap(work, paths, 8)


def main(words: list[str] | None = None) -> int:
    """Runs the files; 1 if one crashed or did not end."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--area", nargs="*", default=AREAS, help="what below test")
    parser.add_argument("--without", nargs="*", default=[], help="but for this")
    parser.add_argument("--sample", type=int, default=1, help="every n-th file only")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--table", type=Path, help="write the table to this file")
    parser.add_argument("--results", type=Path, help="write a line of JSON per file")
    parser.add_argument("--timeout", type=float, default=20)
    parser.add_argument("-v", action="store_true", help="show what does not pass")
    options = parser.parse_args(words)
    options.folder = options.folder.resolve()
    results = []
    stream = options.results.open("w") if options.results else None
    for name, outcome in _results(options):
        results.append((name, outcome))
        if stream is not None:
            line = [name, outcome.kind, outcome.mode, outcome.reason]
            stream.write(json.dumps(line) + "\n")
            stream.flush()
        if options.v and outcome.kind not in ("pass", "left out"):
            print(f"{outcome.kind:9}{name} ({outcome.mode})  {outcome.reason}")
    text = table(results)
    if options.table is not None:
        options.table.write_text(text)
    print(text, end="")
    return int(any(one.kind in ("timeout", "crash") for _, one in results))


if __name__ == "__main__":
    sys.exit(main())
