"""Environment variables with which a child runs under a sanitizer."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

__all__ = ["SanitizerError", "variables"]

_RUNTIMES = {"asan": "libasan.so", "ubsan": "libubsan.so", "tsan": "libtsan.so"}
_OPTIONS = {
    # Python itself keeps memory until its end: what is left then is no finding.
    "asan": ("ASAN_OPTIONS", "detect_leaks=0:exitcode=99:handle_abort=1"),
    "ubsan": ("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1:exitcode=99"),
    "tsan": ("TSAN_OPTIONS", "halt_on_error=1:exitcode=99"),
}


class SanitizerError(Exception):
    """The sanitizer cannot be used: the message says why."""


@cache
def _runtime(kind: str) -> str:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise SanitizerError(
            f"--{kind} needs the runtime of a compiler: neither cc, gcc nor clang is "
            "there (Debian: apt install gcc)"
        )
    found = subprocess.run(
        [compiler, f"-print-file-name={_RUNTIMES[kind]}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    if not Path(found).is_absolute():
        raise SanitizerError(f"{compiler} comes without {_RUNTIMES[kind]}")
    return found


def variables(kind: str) -> dict[str, str]:
    """What to add to the environment.

    Args:
        kind: ``asan``, ``ubsan``, ``tsan``, or empty for none.

    Raises:
        SanitizerError: Its runtime is not there.
    """
    if not kind:
        return {}
    name, options = _OPTIONS[kind]
    return {
        "LD_PRELOAD": _runtime(kind),
        # Memory of Python's own allocator is not looked at otherwise.
        "PYTHONMALLOC": "malloc",
        name: options,
    }
