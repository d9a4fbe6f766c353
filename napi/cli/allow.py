"""``napi allow``: which addons may be loaded in this project."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from napi import policy
from napi.cli import told
from napi.errors import LoadError
from napi.package.find import find, search_folders

__all__ = ["EXAMPLES", "arguments", "run"]

EXAMPLES = """\
  napi allow bcrypt @node-rs/crc32     pin what these packages load, as it is now
  napi allow ./build/Release/a.node    pin a file
  napi allow --package '@node-rs/*'    trust a publisher, whatever it ships
  napi allow                           say what may be loaded, and what has changed
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "target", nargs="*", metavar="PACKAGE|FILE", help="what may be loaded"
    )
    parser.add_argument(
        "--package",
        action="append",
        default=[],
        metavar="PATTERN",
        help="let all binaries of these packages be loaded: name, name@1.2.3, @scope/*",
    )
    parser.add_argument(
        "--policy",
        metavar="FILE",
        help=f"the policy file; else the next {policy.FILE} upwards, or a new one here",
    )


def run(options: argparse.Namespace) -> int:
    """Adds to the policy, or shows it.

    Returns:
        0, or 1 where something is not there, or has changed.
    """
    file = options.policy or _policy_file()
    try:
        if not options.target and not options.package:
            return _show(file)
        paths = [_path(target) for target in options.target]
        for addon in policy.allow(file, paths, options.package):
            print(f"{file}: {addon.key} {addon.integrity}")
        for pattern in options.package:
            print(f"{file}: every binary of {pattern}")
    except LoadError as error:
        print(f"napi allow: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"napi allow: {told(error)}", file=sys.stderr)
        return 1
    return 0


def _policy_file() -> str:
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / policy.FILE).is_file():
            return str(folder / policy.FILE)
    return str(here / policy.FILE)


def _path(target: str) -> str:
    if Path(target).is_file():
        return target
    return find(target, start=Path.cwd()).path


def _show(file: str) -> int:
    if not Path(file).is_file():
        print(f"there is no {policy.FILE} here or above: everything may be loaded")
        return 0
    allowed = policy.read(file)
    print(f"{file}:")
    for pattern in allowed.packages:
        print(f"  {pattern}: every binary")
    status = 0
    for key, listed in allowed.binaries.items():
        state = _state(file, key, listed)
        status = status or int(state.startswith("changed"))
        print(f"  {key}: {state}")
    return status


def _state(file: str, key: str, listed: tuple[str, ...]) -> str:
    """Whether a binary is there, as the policy knows it."""
    root = Path(file).resolve().parent
    parts = re.fullmatch(r"(@?[^@]+)@([^/]*)/(.+)", key)
    paths = [root / key] if parts is None else []
    if parts is not None:
        paths = [Path(it, parts[1], parts[3]) for it in search_folders(str(root))]
    for path in paths:
        if path.is_file():
            addon = policy.identify(str(path), str(root))
            if addon.integrity in listed:
                return "as pinned"
            if addon.key == key:
                return f"changed: it is {addon.integrity}"
            return f"changed: it is of {addon.package} now"
    return "not there"
