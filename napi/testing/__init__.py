"""What authors of addons get: leak checks, the strict build and its reports."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = [
    "Coverage",
    "Leak",
    "LeakError",
    "Site",
    "build",
    "check_calls",
    "counters",
    "coverage",
    "exhaust",
    "faults",
    "host",
    "leakcheck",
    "memory_faults",
    "no_external_buffers",
    "queue_full",
    "recording",
    "replay",
    "reports",
    "settle",
    "shuffled",
    "shutdown",
    "strict",
    "tracing",
]
# What is imported when somebody asks for it: name -> module.
_LAZY = {
    "Coverage": "cover",
    "Leak": "leaks",
    "LeakError": "leaks",
    "Site": "sites",
    "check_calls": "leaks",
    "counters": "leaks",
    "coverage": "cover",
    "exhaust": "exhaustive",
    "faults": "fault",
    "host": "hosts",
    "leakcheck": "leaks",
    "memory_faults": "fault",
    "no_external_buffers": "fault",
    "queue_full": "fault",
    "recording": "record",
    "replay": "replaying",
    "settle": "leaks",
    "shuffled": "fault",
    "shutdown": "fault",
    "tracing": "trace",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)


def build(source: Any = ".", /, *, target: str | None = None, **options: Any) -> Path:
    """Compiles an addon for a test; what is up to date is not compiled again.

    Args:
        source: A directory with a ``binding.gyp``, or C and C++ files.
        target: Which of its addons, by name, where there are several.
        options: What ``napi.build.build`` takes: ``debug=True``, ``out=``,
            ``name=``, ``defines=``, ``headers=`` and more.

    Returns:
        The path of the addon, for ``napi.load``.

    Raises:
        napi.build.BuildError: It does not compile, or there are several addons and
            none of them was named.
        FileNotFoundError: A source is not there.
    """
    from napi.build import BuildError
    from napi.build import build as make
    from napi.testing import sanitize

    if sanitize.active():
        # What was built for a sanitizer cannot be loaded without it.
        is_folder = isinstance(source, str | os.PathLike) and Path(source).is_dir()
        out = options.get("out") or Path(source if is_folder else ".", "build")
        options["out"] = Path(out, sanitize.active())
    wanted: Sequence[str] = () if target is None else (target,)
    made = make(source, targets=wanted, **options)
    if len(made) != 1:
        names = ", ".join(path.stem for path in made)
        raise BuildError(f"there are several addons: name one of {names} with target=")
    return made[0]


def strict(*, record: bool = False) -> None:
    """Chooses the strict build, in which misuse of Node-API is reported.

    Call it before the first addon is loaded; ``NAPI_STRICT=1`` in the
    environment does the same.

    Args:
        record: Keep reports for ``reports()`` instead of raising
            ``napi.StrictError`` from the call that caused them.

    Raises:
        RuntimeError: The release build is in use already.
    """
    from napi import _native

    _native.use_strict()
    _native.shim.reports(keep=record)


def reports() -> list[str]:
    """Takes the reports of the strict build that have not been raised.

    Returns:
        One text a report: what was wrong, where Python called, which addon.
        Always empty in the release build.
    """
    from napi._native import shim

    return list(shim.reports())
