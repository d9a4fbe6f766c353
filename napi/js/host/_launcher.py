"""``process.execPath``: a program that runs JavaScript files as Node would."""

from __future__ import annotations

import hashlib
import os
import shlex
import sys
import threading
from pathlib import Path

__all__ = ["cache_folder", "launcher", "launcher_text"]


def cache_folder() -> Path:
    """The folder of this user for what can be made again."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "napi"


def launcher_text() -> str:
    """A shell script that is ``napi run``, with this interpreter and this package."""
    root = Path(__file__).resolve().parents[3]
    lines = ["#!/bin/sh"]
    # The child must find this very package, wherever it is.
    quoted = shlex.quote(str(root))
    lines.append(f'PYTHONPATH={quoted}"${{PYTHONPATH:+:$PYTHONPATH}}" PYTHONSAFEPATH=1')
    lines.append("export PYTHONPATH PYTHONSAFEPATH")
    lines.append(f'exec {shlex.quote(sys.executable)} -m napi run "$@"')
    return "\n".join(lines) + "\n"


def launcher() -> str:
    """The path of the launcher, which is written when it is not there.

    Returns:
        A path whose last part is ``node``; the interpreter of Python itself where
        nothing can be written.
    """
    script = launcher_text()
    key = hashlib.sha256(script.encode()).hexdigest()[:16]
    folder = cache_folder() / "bin" / key
    target = folder / "node"
    if target.is_file() and os.access(target, os.X_OK):
        return str(target)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f"node.{os.getpid()}.{threading.get_ident()}.tmp"
        temporary.write_text(script)
        temporary.chmod(0o755)
        temporary.replace(target)
    except OSError:
        return sys.executable
    return str(target)
