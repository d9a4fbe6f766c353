"""The command line: ``napi COMMAND ...``, one module a command.

A command is ``napi/cli/<name>.py`` with ``EXAMPLES`` (shown by ``--help``),
``arguments(parser)`` and ``run(options) -> int``. Only the module of the command
that runs is imported.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module

__all__ = ["COMMANDS", "main", "told"]

#: Every command with its line in ``napi --help``.
COMMANDS: dict[str, str] = {
    "add": "bring packages of the npm registry into a project",
    "list": "show the packages of a project",
    "remove": "take packages out of a project",
    "allow": "which addons may be loaded in this project",
    "call": "call a function of an addon, from the shell",
    "doctor": "what this machine can load, and why not",
    "inspect": "what an addon says about itself, without loading it",
    "build": "compile an addon without Node and node-gyp",
    "test": "run pytest with the addons under a sanitizer or valgrind",
    "stubs": "write types for editors and type checkers",
    "repl": "a prompt for JavaScript",
    "fuzz": "call an addon with all sorts of values until something breaks",
    "trace": "what addons ask of Node-API while a program runs",
    "record": "write down what goes into addons and comes out",
    "replay": "play a record again, without its program",
    "run": "run a JavaScript file or text, as Node would",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the arguments after the program's name; ``sys.argv`` without them.

    Returns:
        The exit status: 0, 1 for a failure that was reported, 2 for wrong usage,
        130 after Ctrl-C.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = _parser(arguments)
    options, left = parser.parse_known_args(arguments)
    if left:
        _put_back(options, left, parser)
    if not hasattr(options, "run"):
        parser.print_help()
        return 2
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        if argv is None:
            _end(128 + signal.SIGINT)
        return 128 + signal.SIGINT
    except BrokenPipeError:  # `napi list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    return status


def told(error: OSError) -> str:
    """What the system refused, as a message says it: the file, and why."""
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"


def _end(status: int) -> None:
    """Ends this program at once: threads of addons, which nothing stops, may run."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


def _put_back(
    options: argparse.Namespace, left: list[str], parser: argparse.ArgumentParser
) -> None:
    """``add a --dev b``: argparse gives a list only the words before an option."""
    listed = getattr(options, "packages", None)
    if not isinstance(listed, list) or any(word.startswith("-") for word in left):
        parser.error(f"unrecognized arguments: {' '.join(left)}")
    options.packages = [*listed, *left]


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    from importlib.metadata import PackageNotFoundError, version

    try:
        release = version("napi")
    except PackageNotFoundError:
        release = "(not installed)"
    parser = argparse.ArgumentParser(
        prog="napi", description="Native npm packages in Python, without Node."
    )
    parser.add_argument("--version", action="version", version=f"napi {release}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    wanted = next((word for word in arguments if not word.startswith("-")), None)
    for name, line in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=line,
            description=line,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == wanted:
            module = import_module(f"napi.cli.{name}")
            command.epilog = f"examples:\n{module.EXAMPLES}"
            module.arguments(command)
            command.set_defaults(run=module.run)
    return parser
