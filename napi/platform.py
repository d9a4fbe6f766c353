"""This machine as npm names it: ``linux-x64-gnu``, ``darwin-arm64``."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Sequence
from functools import cache

__all__ = ["fits", "glibc_version", "libc", "machine", "name", "system"]

_MACHINES = {
    "x86_64": "x64",
    "amd64": "x64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "i386": "ia32",
    "i686": "ia32",
    "armv7l": "arm",
    "ppc64le": "ppc64",
    "s390x": "s390x",
    "riscv64": "riscv64",
    "loongarch64": "loong64",
}
_NARROW = {"x64": "ia32", "arm64": "arm"}  # a 32-bit Python on such a kernel


@cache
def machine() -> str:
    """The processor of this process, as npm names it: ``x64``."""
    kernel = os.uname().machine.lower()
    found = _MACHINES.get(kernel, kernel)
    return _NARROW.get(found, found) if struct.calcsize("P") == 4 else found


def system() -> str:
    """The operating system, as npm names it: ``linux``, ``darwin``."""
    return sys.platform


@cache
def glibc_version() -> tuple[int, ...] | None:
    """The version of the GNU C library of this process; None on another one."""
    try:
        text = os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (AttributeError, OSError, ValueError):
        return None
    family, _, version = text.partition(" ")
    if family != "glibc":
        return None
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def libc() -> str:
    """The C library of this process: ``glibc``, ``musl``; empty off Linux."""
    if system() != "linux":
        return ""
    return "musl" if glibc_version() is None else "glibc"


def name() -> str:
    """The whole name, as the packages of prebuilt addons have it."""
    suffix = {"glibc": "-gnu", "musl": "-musl"}.get(libc(), "")
    return f"{system()}-{machine()}{suffix}"


def fits(wanted: str | Sequence[str] | None, value: str) -> bool:
    """Whether a package is for an ``os``, ``cpu`` or ``libc``, by npm's rules.

    Args:
        wanted: what its package.json lists: names, ``!name``, ``any``; None for all.
        value: the one in question; empty if this machine has none.
    """
    names = [wanted] if isinstance(wanted, str) else list(wanted or ())
    if not names or names == ["any"]:
        return True
    refused = {each[1:] for each in names if each.startswith("!")}
    if value in refused:
        return False
    return value in names or all(each.startswith("!") for each in names)
