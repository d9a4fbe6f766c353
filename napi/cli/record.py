"""``napi record``: what goes into addons and comes out, for ``napi replay``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from napi.cli.trace import program, start

__all__ = ["EXAMPLES", "arguments", "run"]

EXAMPLES = """\
  napi record script.py              into addon.record
  napi record -o bug.record -m app   of a module, into a file of that name
  napi replay addon.record           plays it without the program
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "-o", "--output", metavar="FILE", default="addon.record", help="the record"
    )
    program(parser)


def run(options: argparse.Namespace) -> int:
    """Runs the program and writes the record.

    Returns:
        The program's exit status.
    """
    if not options.kind and not Path(options.program).is_file():
        print(f"napi record: {options.program}: no such file", file=sys.stderr)
        return 2
    path = os.path.abspath(options.output)  # noqa: PTH100
    try:
        Path(path).write_bytes(b"")
    except OSError as error:
        print(f"napi record: {options.output}: {error.strerror}", file=sys.stderr)
        return 2
    status = start("napi.testing.record", path, options)
    with Path(path).open("rb") as lines:
        count = sum(b'"event": "call"' in line for line in lines)
    print(f"napi record: {count} calls in {options.output}", file=sys.stderr)
    return status
