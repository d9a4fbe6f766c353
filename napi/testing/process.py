"""What a process has besides memory: open files and threads.

Source: "proc(5)" of Linux' manual pages. Where there is no ``/proc``, nothing is told.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

__all__ = ["counts", "files", "threads"]

_FILES, _THREADS = Path("/proc/self/fd"), Path("/proc/self/task")


def counts() -> dict[str, int]:
    """How many ``files`` are open and ``threads`` run; without ``/proc`` neither."""
    try:
        # The directory that is read here is one of the files, in each count.
        return {
            "files": len(os.listdir(_FILES)),  # noqa: PTH208
            "threads": len(os.listdir(_THREADS)),  # noqa: PTH208
        }
    except OSError:
        return {}


def files() -> Counter[str]:
    """What is open, by its name: a path, ``socket:``, ``pipe:``."""
    found: Counter[str] = Counter()
    for path in _FILES.iterdir() if _FILES.is_dir() else ():
        try:
            name = str(path.readlink())
        except OSError:  # that of the directory itself
            continue
        found[name if name.startswith("/") else name.partition("[")[0]] += 1
    return found


def threads() -> Counter[str]:
    """The threads by their names."""
    found: Counter[str] = Counter()
    for path in _THREADS.iterdir() if _THREADS.is_dir() else ():
        try:
            found[(path / "comm").read_text().strip()] += 1
        except OSError:  # it has ended
            continue
    return found
