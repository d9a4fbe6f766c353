"""``napi doctor``: what this machine can load, and why not."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
from pathlib import Path

from napi.doctor import Finding, examine

__all__ = ["EXAMPLES", "arguments", "run"]

EXAMPLES = """\
  napi doctor                  this machine, and the packages of this project
  napi doctor ../other         those of another project
  napi doctor --json | jq '.[] | select(.good == false)'
"""
_MARKS = {True: ("ok", "32"), False: ("no", "1;31"), None: ("--", "2")}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "folder", nargs="?", default=".", help="the project; else the working directory"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Prints what was found.

    Returns:
        0, or 1 where something is not as it should be.
    """
    start = Path(options.folder).resolve()
    if not start.is_dir():
        print(f"napi doctor: {options.folder}: no such folder", file=sys.stderr)
        return 1
    findings = examine(str(start))
    if options.json:
        listed = list(findings)
        json.dump([item._asdict() for item in listed], sys.stdout, indent=2)
        print()
        return int(any(item.good is False for item in listed))
    status = 0
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") in ("dumb", None)
    colours = sys.stdout.isatty() and not plain
    for topic, group in itertools.groupby(findings, lambda item: item.topic):
        print(f"{topic}:")
        for item in group:
            status = status or int(item.good is False)
            print(_line(item, colours))
    return status


def _line(item: Finding, colours: bool) -> str:
    mark, colour = _MARKS[item.good]
    text = "".join(it if it.isprintable() else ascii(it)[1:-1] for it in item.text)
    shown = f"\x1b[{colour}m{mark}\x1b[0m" if colours else mark
    return f"  {shown}  {item.name}: {text}"
