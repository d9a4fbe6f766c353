"""``napi stubs``: types for editors and type checkers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

EXAMPLES = """\
  napi stubs @node-rs/xxhash            for `from napi.npm.node_rs import xxhash`
  napi stubs sharp lmdb --out typings   into a directory of the project
  napi stubs ./build/Release/mine.node --print"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument(
        "packages",
        nargs="+",
        metavar="PACKAGE",
        help="a name in node_modules, or the path of a package, a .d.ts or a .node",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        help="where napi-stubs/ is put (default: this Python's site-packages)",
    )
    parser.add_argument(
        "--print", action="store_true", dest="shown", help="print, write nothing"
    )


def run(options: argparse.Namespace) -> int:
    """Writes the stubs, and prints where."""
    from napi import LoadError
    from napi.stubs import StubError, make
    from napi.stubs.place import install

    status = 0
    for package in options.packages:
        try:
            text = make(package)
            if options.shown:
                print(text, end="")
                continue
            out = Path(options.out) if options.out is not None else None
            print(install(_name(package), text, out))
        except (StubError, LoadError) as error:
            print(f"napi stubs: {package}: {error}", file=sys.stderr)
            status = 1
    return status


def _name(package: str) -> str:
    """The name on npm of a package that was named by its path."""
    if not package.startswith((".", "/")) and not Path(package).is_file():
        return package
    path = Path(package).resolve()
    name = path.name.partition(".")[0]
    for folder in (path, *path.parents):
        if (folder / "package.json").is_file() and path.suffix != ".node":
            parts = folder.parts[-2:]
            return "/".join(parts) if parts[0].startswith("@") else parts[-1]
    return name
