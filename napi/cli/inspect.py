"""``napi inspect``: what an addon says about itself, without loading it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from napi.errors import LoadError
from napi.inspect_report import Library, Report, ledger, report
from napi.package.find import FindError, find

__all__ = ["EXAMPLES", "arguments", "run"]

EXAMPLES = """\
  napi inspect bcrypt                      the build of an installed package
  napi inspect ./build/Release/a.node      a file, of any platform
  napi inspect a.node --load               load it, too, and list what it exports
  napi inspect a.node --json | jq .verdict
"""
_WIDEST = 12  # names in a cell; --all shows the others


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "target", nargs="+", metavar="FILE|PACKAGE", help="a .node file, or a package"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--load",
        action="store_true",
        help="load it in a child process and list what it exports; this runs its code",
    )
    parser.add_argument("--all", action="store_true", help="show all names, not a few")


def run(options: argparse.Namespace) -> int:
    """Prints what each target says about itself.

    Returns:
        0, or 1 where one of them cannot be read or cannot be loaded here.
    """
    found: list[dict[str, Any]] = []
    status = 0
    for index, target in enumerate(options.target):
        try:
            what = _look(target, options.load)
        except (LoadError, OSError) as error:
            print(f"napi inspect: {_safe(_words(target, error))}", file=sys.stderr)
            found.append({"path": target, "error": _words(target, error)})
            status = 1
            continue
        status = status or int(not what.loadable)
        found.append(what.as_dict())
        if not options.json:
            if index:
                print()
            _print(what, options.all)
    if options.json:
        json.dump(found[0] if len(found) == 1 else found, sys.stdout, indent=2)
        print()
    return status


def _words(target: str, error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{target}: {error.strerror}"
    return str(error)


def _look(target: str, load: bool) -> Report:
    if Path(target).is_file():
        return report(target, load=load)
    try:
        return report(find(target, start=Path.cwd()), load=load)
    except FindError as error:
        # The best of the builds that were refused still can be looked at.
        if not error.candidates:
            raise
        return report(error.candidates[0].path, load=load)


def _names(names: Any, everything: bool) -> str:
    listed = list(names)
    shown = listed if everything else listed[:_WIDEST]
    rest = len(listed) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def _rows(what: Report, everything: bool) -> Iterator[tuple[str, str]]:
    machines = " + ".join(what.machines)
    yield "file", what.path
    yield "size", f"{what.size:,} bytes"
    yield "built for", f"{what.system} {machines} ({what.format}, {what.bits} bits)"
    yield "C library", _floor(what)
    yield "made with", "; ".join(what.made_with)
    yield "registration", what.registration
    yield "Node-API", _version(what.api_version)
    yield "functions", _functions(what.functions, everything)
    yield "may look up", _names(what.by_name, everything)
    yield "unknown here", _names(what.unknown, True)
    yield "libuv", _names(what.libuv, everything)
    yield "V8", _names(what.v8, everything)
    yield "libraries", ", ".join(_library(it, what.here) for it in what.libraries)
    yield "siblings", _names(what.siblings, everything)
    for item in what.exports or ():
        yield f"  {_safe(item.name)}", f"{item.kind}  {item.detail}".rstrip()


def _floor(what: Report) -> str:
    needs = [f"{name} {version}" for name, version in what.floors.items()]
    return ", ".join([f"{what.libc} or newer" if what.libc else "not said", *needs])


def _version(version: int | None) -> str:
    if version is None:
        return "no version declared, which means 8"
    return "experimental" if version > 1 << 30 else f"version {version}"


def _functions(functions: Mapping[str, str], everything: bool) -> str:
    if not functions:
        return "none imported"
    # "experimental" comes after every number.
    newest = max(functions.values(), key=lambda since: (not since.isdigit(), since))
    numbers = [int(since) for since in functions.values() if since.isdigit()]
    if newest.isdigit():
        newest = str(max(numbers))
    text = f"{len(functions)} of {len(ledger())}, the newest since {newest}"
    return f"{text}: {', '.join(functions)}" if everything else text


def _library(library: Library, here: bool) -> str:
    return f"{library.name} (not found)" if here and not library.found else library.name


def _safe(text: str) -> str:
    """What a hostile file says must not steer the terminal."""
    return "".join(it if it.isprintable() else ascii(it)[1:-1] for it in text)


def _print(what: Report, everything: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    rows = [(label, _safe(text)) for label, text in _rows(what, everything) if text]
    if console.is_terminal:
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for label, text in rows:
            table.add_row(label, Text(text))
        console.print(table)
    else:  # one line a row, for grep
        width = max(len(label) for label, _ in rows)
        print("\n".join(f"{label:{width}}  {text}" for label, text in rows))
    style = "bold green" if what.loadable else "bold red"
    console.print(Text(f"verdict: {_safe(what.verdict)}", style=style), soft_wrap=True)
