"""``napi build``: compiles an addon without Node and node-gyp."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from napi.cli import told

EXAMPLES = """\
  napi build                          the binding.gyp here, into build/Release
  napi build node_modules/bcrypt --debug
  napi build src/addon.c src/hash.c --name addon --define NAPI_VERSION=8
  napi build . --headers /opt/libuv/include --jobs 2"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument(
        "source",
        nargs="*",
        default=["."],
        metavar="DIR | FILE",
        help="a directory with a binding.gyp, or C and C++ files (default: .)",
    )
    parser.add_argument(
        "--debug", action="store_true", help="no optimisation, symbols; build/Debug"
    )
    parser.add_argument("--out", metavar="DIR", help="the build directory")
    parser.add_argument(
        "--headers", metavar="DIR", help="a directory with uv.h, if the addon wants it"
    )
    parser.add_argument(
        "-D",
        dest="variables",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a variable for the binding.gyp; may be repeated",
    )
    parser.add_argument(
        "--target",
        dest="targets",
        action="append",
        default=[],
        metavar="NAME",
        help="only this target; may be repeated",
    )
    parser.add_argument(
        "-j", "--jobs", type=int, metavar="N", help="compilers at once (default: cores)"
    )
    parser.add_argument("--clean", action="store_true", help="compile all again")
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="print whole commands"
    )
    files = parser.add_argument_group("for a list of files")
    files.add_argument("--name", help="of the addon (default: of the first file)")
    for option, metavar, text in (
        ("define", "NAME[=VALUE]", "a macro"),
        ("flag", "FLAG", "a flag for the compiler: --flag=-O1"),
        ("include", "DIR", "a directory with headers"),
        ("library", "LIBRARY", "what to link: -lz, or a path"),
    ):
        files.add_argument(
            f"--{option}",
            action="append",
            default=[],
            metavar=metavar,
            help=f"{text}; may be repeated",
        )


def run(options: argparse.Namespace) -> int:
    """Builds, and prints the paths of the addons."""
    from napi.build import BuildError, build

    variables = {}
    for given in options.variables:
        name, equals, value = given.partition("=")
        if not equals:
            return _fail(f"-D {given}: it wants NAME=VALUE")
        variables[name] = value
    listed = options.source if len(options.source) > 1 else options.source[0]
    try:
        made = build(
            listed,
            out=options.out,
            debug=options.debug,
            name=options.name,
            defines=options.define,
            flags=options.flag,
            include_dirs=options.include,
            libraries=options.library,
            headers=options.headers,
            variables=variables,
            targets=options.targets,
            jobs=options.jobs,
            clean=options.clean,
            verbose=options.verbose,
            progress=_Progress(options.verbose),
        )
    except OSError as error:
        return _fail(told(error))
    except (BuildError, TypeError) as error:
        return _fail(str(error))
    finally:
        _Progress.end()
    for path in made:
        near = Path(path)
        print(near.relative_to(Path.cwd()) if near.is_relative_to(Path.cwd()) else near)
    return 0


def _fail(message: str) -> int:
    _Progress.end()
    print(f"napi build: {message}", file=sys.stderr)
    return 1


class _Progress:
    """One line on a terminal that is written over; elsewhere a line a step."""

    shown = False

    def __init__(self, verbose: bool) -> None:
        dumb = os.environ.get("TERM") == "dumb"
        self.over = sys.stderr.isatty() and not verbose and not dumb

    def __call__(self, line: str) -> None:
        if self.over and line.startswith("["):
            print(f"\r\x1b[K{line[:78]}", end="", file=sys.stderr, flush=True)
            _Progress.shown = True
        else:
            _Progress.end()
            print(line, file=sys.stderr)

    @staticmethod
    def end() -> None:
        """Leaves the terminal's line clean for what comes."""
        if _Progress.shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            _Progress.shown = False
