"""``napi repl``: the prompt for JavaScript."""

from __future__ import annotations

import argparse

__all__ = ["EXAMPLES", "arguments", "run"]

EXAMPLES = """\
  napi repl
  napi repl --require ./setup.js"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument(
        "-r",
        "--require",
        action="append",
        default=[],
        metavar="MODULE",
        help="a module to load first; may be repeated",
    )


def run(options: argparse.Namespace) -> int:
    """Runs the prompt until it is left; its exit status."""
    from napi.js.program import Program
    from napi.js.prompt import run_prompt

    return run_prompt(Program(settings={"--require": options.require}))
