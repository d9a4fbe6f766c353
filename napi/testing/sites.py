"""Where something happened: in Python, and in the addon, with source lines.

The strict build keeps return addresses; here they become names. Lines need an addon
with debug information (``-g``) and ``addr2line`` of binutils on the path; without
them there are symbols and offsets.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["Frame", "NativeFrame", "Site", "line_of", "report_texts"]

_HEADERS = re.compile(r" at \S*(?:/napi(?:-inl[\w.]*)?\.h|/include/c\+\+/\S*):\d+$")
_LIBRARIES = re.compile(r"(?:libc|libpthread|libstdc\+\+|libc\+\+)\.so")
_BRACKETS = re.compile(r"\([^()<>]*\)|<[^()<>]*>")
# Frames of these are how a test was called, not what it did.
_RUNNERS = ("_pytest", "pluggy", "pytest", "runpy.py", "<frozen runpy>")


@dataclass(frozen=True)
class Frame:
    """A frame of Python code.

    Attributes:
        file: The source file.
        line: Its line.
        name: Of the function.
    """

    file: str
    line: int
    name: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.name}"


@dataclass(frozen=True)
class NativeFrame:
    """A frame of an addon.

    Attributes:
        file: The addon, or a library of it.
        address: Where in the file, as disassemblers number it.
        symbol: The exported symbol before it, or None.
        offset: From that symbol, or from the file's start.
    """

    file: str
    address: int
    symbol: str | None
    offset: int

    @property
    def line(self) -> str | None:
        """``function at file.c:12``, or None where there is no debug information."""
        return line_of(self.file, self.address)

    @property
    def is_wrapper(self) -> bool:
        """It is of node-addon-api, C++ or the C library, and not the addon's own."""
        library = _LIBRARIES.match(Path(self.file).name)
        return library is not None or _HEADERS.search(self.line or "") is not None

    def __str__(self) -> str:
        line = self.line
        if line is None:
            return f"{self.symbol or Path(self.file).name}+{self.offset:#x}"
        if self.symbol is None or self.symbol.startswith("_Z"):  # said in the line
            return f"{line} ({Path(self.file).name}+{self.address:#x})"
        return f"{line} ({self.symbol}+{self.offset:#x})"


@dataclass(frozen=True)
class Site:
    """A place in the course of a program.

    Attributes:
        function: The function of Node-API that the addon called, where known.
        python: The Python frames, innermost first.
        native: The addon's frames, innermost first.
    """

    function: str | None
    python: tuple[Frame, ...]
    native: tuple[NativeFrame, ...]

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Site:
        """Makes one of what the extension answers."""
        return cls(
            found["function"],
            tuple(Frame(*frame) for frame in found["python"]),
            tuple(
                NativeFrame(file, address - 1 - base, symbol, offset)
                for address, file, base, symbol, offset in found["native"]
            ),
        )

    def text(self, indent: str = "", frames: int = 3) -> str:
        """One line a frame; of Python the innermost ones that a test wrote."""
        lines = [f"in {self.function}"] if self.function else []
        lines += [f"by {frame}" for frame in _telling(self.native, frames)]
        own = [frame for frame in self.python if not _is_runner(frame.file)]
        lines += [f"from {frame}" for frame in own[:frames]]
        return "\n".join(indent + line for line in lines or ["at an unknown place"])


def _telling(native: Sequence[NativeFrame], most: int) -> list[NativeFrame]:
    """The innermost frames; of wrappers in a row the first, if others follow."""
    found: list[NativeFrame] = []
    for frame in native:
        if len(found) == most:
            break
        if not found or not frame.is_wrapper:
            found.append(frame)
    return found if len(found) > 1 else list(native[:most])


def report_texts(reports: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the strict build has recorded, one text a report."""
    return [_report_text(report) for report in reports]


def _report_text(report: Mapping[str, Any]) -> str:
    here = Site.of(report["here"])
    function = report["function"] or here.function
    lines = [f"{report['id']}: {function or 'the addon'}: {report['what']}"]
    lines += [replace(here, function=None).text("    ", frames=4)]
    lines += [f"    in the addon {report['addon']}"]
    for when, site in (("made", report["born"]), ("ended", report["died"])):
        if site is not None:
            lines += [f"  {when}:", Site.of(site).text("    ")]
    return "\n".join(lines)


def _is_runner(file: str) -> bool:
    return any(part in _RUNNERS for part in file.replace("\\", "/").split("/"))


def line_of(file: str, address: int) -> str | None:
    """``function at file.c:12``, or None where there is no debug information.

    Args:
        file: The addon, or a library of it.
        address: Where in the file, as disassemblers number it.
    """
    return _lines(file, (address,))[0]


@lru_cache(maxsize=4096)
def _lines(file: str, addresses: Iterable[int]) -> tuple[str | None, ...]:
    """What addr2line says of addresses in a file: ``name at file:line`` or None."""
    tool = shutil.which("addr2line")
    asked = [f"{address:#x}" for address in addresses]
    if tool is None or not Path(file).is_file():
        return (None,) * len(asked)
    done = subprocess.run(
        [tool, "-f", "-C", "-e", file, *asked], capture_output=True, text=True
    )
    answers = done.stdout.splitlines()
    if len(answers) != 2 * len(asked):
        return (None,) * len(asked)
    return tuple(
        None if place.startswith("??") else f"{_plain(name)} at {_source(place)}"
        for name, place in zip(answers[::2], answers[1::2], strict=True)
    )


def _plain(name: str) -> str:
    """A name of C++ without its parameters, and those of its templates."""
    before = ""
    while before != name:  # from the innermost brackets on
        before, name = name, _BRACKETS.sub("", name)
    return name.replace(" const", "").strip() or before


def _source(place: str) -> str:
    """The file itself, where the build's own directory has a link to it."""
    name, colon, line = place.partition(" ")[0].rpartition(":")
    return (os.path.realpath(name) if "/../" in name else name) + colon + line
