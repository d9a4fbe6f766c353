"""``napi replay``: plays a record of ``napi record`` without its program."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from napi.cli import told

__all__ = ["EXAMPLES", "arguments", "run"]

EXAMPLES = """\
  napi replay addon.record                    with the addon where it was
  napi replay addon.record build/addon.node   with another build of it
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("record", help="what napi record has written")
    parser.add_argument("addon", nargs="?", default="", help="plays instead")


def run(options: argparse.Namespace) -> int:
    """Plays the record in a child process and prints what was different.

    Returns:
        0 where all was the same, 1 for differences, 128 and the signal's number for
        a crash, 2 for a record that is none.
    """
    from napi.testing.replaying import _choose, read_record

    try:
        events = read_record(options.record)
        paths = _choose(events, options.addon or None)
        for path in paths.values():
            Path(path).open("rb").close()
    except (OSError, ValueError) as error:
        text = told(error) if isinstance(error, OSError) else error
        print(f"napi replay: {text}", file=sys.stderr)
        return 2
    with tempfile.NamedTemporaryFile() as progress:
        module = "napi.testing.replaying"
        command = [sys.executable, "-m", module, options.record, options.addon]
        done = subprocess.run(
            [*command, progress.name],
            env=dict(os.environ, NAPI_STRICT="1"),
            check=False,
        )
        where = progress.read().decode("utf-8", "replace").strip()
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        print(f"napi replay: the addon died of {name} in {where}", file=sys.stderr)
        return 128 - done.returncode
    calls = sum(one["event"] in ("call", "construct") for one in events)
    if done.returncode == 0:
        print(f"napi replay: {calls} calls, all as they were", file=sys.stderr)
    return done.returncode
