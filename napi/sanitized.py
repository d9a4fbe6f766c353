"""Refuses an addon that was built for a sanitizer whose runtime is not here.

The runtime of AddressSanitizer ends a process into which it comes late, and that of
ThreadSanitizer finds no room there. Both are seen in the file before it is loaded.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from napi.binary import Binary, find_library, inspect
from napi.errors import LoadError

__all__ = ["check"]


class _Kind(NamedTuple):
    """A sanitizer: a symbol that its runtime has, and what to do."""

    title: str
    symbol: str
    library: str
    option: str  # of napi test


# In this order: a file for the second to last may name the last one, too.
_KINDS = (
    _Kind("AddressSanitizer", "__asan_init", "asan", "--asan"),
    _Kind("HWAddressSanitizer", "__hwasan_init", "hwasan", ""),
    _Kind("ThreadSanitizer", "__tsan_init", "tsan", "--tsan"),
    _Kind("MemorySanitizer", "__msan_init", "msan", ""),
    _Kind("LeakSanitizer", "__lsan_init", "lsan", ""),
)
_UBSAN = _Kind("UndefinedBehaviorSanitizer", "", "ubsan", "--ubsan")
_LIBRARY = re.compile(r"lib(?:clang_rt\.)?(asan|hwasan|tsan|lsan|msan)\b.*\.so\b")


def check(binary: Binary, path: str) -> None:
    """Refuses what would end the process, or could not be loaded.

    Libraries that lie beside the addon are looked at as well.

    Args:
        binary: What ``inspect`` found.
        path: The file, for the message.

    Raises:
        LoadError: It says how to run such an addon.
    """
    if binary.format != "elf":
        return
    _check_one(binary, path, path)
    if not binary.rpath and not binary.runpath:
        return
    for name in binary.needed:
        found = find_library(name, binary)
        if found is None or "/" not in found or found.startswith(("/lib", "/usr/")):
            continue  # a library of the system is for everybody
        try:
            library = inspect(found)
        except (LoadError, OSError):
            continue  # the linker says what is wrong with it
        _check_one(library, path, found)


def _check_one(binary: Binary, path: str, whose: str) -> None:
    names = {match[1] for name in binary.needed if (match := _LIBRARY.match(name))}
    for kind in _KINDS:
        if kind.library in names or kind.symbol in binary.undefined:
            if not _is_here(kind.symbol):
                raise _error(kind, binary, path, whose)
            return
    handler = next((n for n in binary.undefined if n.startswith("__ubsan_")), None)
    brings = any("ubsan" in name for name in binary.needed)  # and that may come late
    if handler is not None and not brings and not _is_here(handler):
        raise _error(_UBSAN, binary, path, whose)


def _is_here(symbol: str) -> bool:
    """Whether the process has a symbol."""
    import ctypes

    return hasattr(ctypes.CDLL(None), symbol)


def _error(kind: _Kind, binary: Binary, path: str, whose: str) -> LoadError:
    file = repr(path) if whose == path else f"{path!r} needs {whose!r}, which"
    text = f"{file} was built with {kind.title}, whose runtime this process lacks: "
    named = [name for name in binary.needed if f"{kind.library}" in name]
    clang = not named or "clang_rt" in named[0]
    library = named[0].partition(".so")[0] if named else f"lib{kind.library}"
    ask = f"$({'clang' if named and clang else 'cc'} -print-file-name={library}.so)"
    if kind.library == "msan":
        text += (
            "it would want a Python that was built with it as well. Build the addon "
            "without -fsanitize=memory; `napi test --valgrind` finds what it finds"
        )
    else:
        run = (
            f"run its tests with `napi test {kind.option}`, or " if kind.option else ""
        )
        text += f"{run}start Python with LD_PRELOAD={ask}"
        if kind.option == "--asan":
            text += " ASAN_OPTIONS=detect_leaks=0"
    symbols = [kind.symbol] if kind.symbol else []
    return LoadError(text, path=path, symbols=symbols)
