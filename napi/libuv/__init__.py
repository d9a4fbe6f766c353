"""A real libuv for the addons that call it; napi has none of its own.

It is the one that uvloop's wheel carries, or the system's ``libuv.so.1``; the
environment variable ``NAPI_LIBUV`` names another. Nothing else in the process sees
it: each addon gets it in a private group of symbols.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES, PathFinder
from pathlib import Path

from napi._native import shim
from napi.errors import LoadError, NeedsLibuvError
from napi.libuv import group

__all__ = ["group_for", "open_libuv", "provider"]

_SONAME = "libuv.so.1"
_ADVICE = "pip install napi[uv], or name a libuv.so.1 in the variable NAPI_LIBUV"


def _extensions(folder: Path, stem: str) -> Iterator[str]:
    for suffix in EXTENSION_SUFFIXES:
        if (path := folder / f"{stem}{suffix}").is_file():
            yield str(path)


def _of_uvloop() -> str | None:
    """The extension module of uvloop, which is not imported for this."""
    found = PathFinder.find_spec("uvloop")
    places = found.submodule_search_locations if found else None
    for folder in places or ():
        for path in _extensions(Path(folder), "loop"):
            return path
    return None


@cache
def provider() -> str:
    """The library whose libuv addons get, chosen once a process.

    Returns:
        A path, or the name of a library for the dynamic linker to find: that of
        ``NAPI_LIBUV`` where it is set, else uvloop's, else the system's.
    """
    named = os.environ.get("NAPI_LIBUV")
    return os.path.realpath(named) if named else _of_uvloop() or _SONAME


@cache
def _accessors() -> str:
    for path in _extensions(Path(__file__).parent, "_accessors"):
        return path
    raise LoadError("napi was built without napi/libuv/_accessors: build it again")


def open_libuv() -> None:
    """Gives this thread a libuv loop, which turns with its other callbacks.

    Raises:
        NeedsLibuvError: There is no libuv, or what was found is not one.
    """
    if not sys.platform.startswith("linux"):
        raise NeedsLibuvError(f"addons that call libuv do not work on {sys.platform}")
    found = provider()
    try:
        shim.open_libuv(found, _accessors())
    except OSError as error:
        raise NeedsLibuvError(f"no libuv to be had ({error}): {_ADVICE}") from None


@contextmanager
def group_for(path: str) -> Iterator[str]:
    """A library to open first, so that an addon finds libuv.

    Args:
        path: The addon.

    Raises:
        NeedsLibuvError: There is no libuv.
        OSError: No memory file can be made.
    """
    open_libuv()
    with group.opened((_accessors(), provider(), path)) as name:
        yield name
