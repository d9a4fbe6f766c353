"""What a dying process wrote, as a stack: frames, and a name for the place.

Two findings are the same when they died in the same place. Frames of the C library
and of the process's own machinery are no place, and below the interpreter there is
nothing of interest.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from napi.testing.sites import line_of

__all__ = ["Stack", "read"]

_OURS = re.compile(
    r"\nnapi fuzz: signal (\d+) at (\S+)\n(.*?)(?:napi fuzz: end of the stack|\Z)",
    re.DOTALL,
)
_FRAME = re.compile(r"^(?P<file>[^\s(\[]+)\((?P<symbol>[^)]*)\)", re.MULTILINE)
_SANITIZER = re.compile(
    r"(?:ERROR: |WARNING: |SUMMARY: )(\w+Sanitizer): ([\w-]+(?: race)?)"
)
_UNDEFINED = re.compile(r"([^\s:]+:\d+):\d+: runtime error: (.*)")
_SANITIZED = re.compile(
    r"^\s+#(\d+) 0x[0-9a-f]+\s+(?:in (?P<function>\S+)\s*)?(?P<place>.*)$",
    re.MULTILINE,
)
_LINE = re.compile(r"(?:\S*/)?([^\s/]+:\d+)(?::\d+)? (\S+)$")
_SAID = (
    re.compile(r"panicked at ([^\n]+)"),
    re.compile(r"(terminate called[^\n]*)"),
    re.compile(
        r"(FATAL ERROR[^\n]*|Fatal Python error: (?!Segm|Abo|Ill|Bus|Flo)[^\n]*)"
    ),
    re.compile(r"((?:malloc|free|munmap_chunk|corrupted|double free)[^\n]{0,80})"),
    re.compile(r"(memory allocation of \d+ bytes failed)"),
    re.compile(r"([^\n]*Assertion [^\n]*failed[^\n]*)"),
)
_LIBRARIES = re.compile(
    r"(?:^|/)(?:_native\.|libc[.-]|ld-linux|libpthread|libstdc\+\+|libgcc_s|libm[.-]"
    r"|lib\w+san\.|linux-vdso)"
)
_PYTHON = re.compile(r"(?:^|/)(?:libpython|python)[\d.]*\w*(?:\.so[\d.]*)?$")
_HOST = "/_shim"
_DEPTH = 3
_OFTEN = 8


class Stack(NamedTuple):
    """Where a process died.

    Attributes:
        said: What it wrote last: a panic, an assertion, a report; empty for none.
        frames: The innermost first, as ``file(symbol+0x10)``.
        key: What is the same for each death at this place.
        where: ``function at file.c:12`` of the addon, where that is known.
    """

    said: str
    frames: list[str]
    key: str
    where: str = ""


def _line(file: str, symbol: str) -> str:
    """`` at function in file.c:12`` of an addon with debug information; else empty."""
    offset = re.fullmatch(r"\+0x([0-9a-f]+)", symbol)
    if offset is None or _LIBRARIES.search(file) or _PYTHON.search(file):
        return ""
    line = line_of(file, int(offset[1], 16) - 1)
    return f" {line}" if line is not None else ""


def _place(frames: list[str]) -> list[str]:
    """The frames that tell where: not those of the C library and of Python."""
    found: list[str] = []
    for frame in frames:
        file, _, symbol = frame.partition("(")
        if _PYTHON.search(file) or (found and _HOST in file):
            break  # the addon was called from here
        if not _LIBRARIES.search(file):
            found.append(f"{file.rpartition('/')[2]}({symbol}")
    return found[:_DEPTH]


def _said(text: str) -> str:
    for pattern in _SAID:
        if found := pattern.search(text):
            return found[1].strip()
    return ""


def plain(text: str) -> str:
    """A text without what differs from run to run: addresses, numbers."""
    text = re.sub(r"0x[0-9a-f]+", "0x..", text)
    return re.sub(r"\d+", "N", text)


def _sanitized(text: str) -> Stack | None:
    undefined = _UNDEFINED.search(text)
    found = _SANITIZER.search(text)
    if found is None:
        if undefined is None:
            return None
        said = f"{undefined[1]}: {undefined[2]}"
        return Stack(said, [], f"undefined {undefined[1]} {plain(undefined[2])}")
    frames: list[str] = []
    for frame in _SANITIZED.finditer(text, found.start()):
        if frame[1] == "0" and frames:
            break  # the stacks of the allocation and of the release follow
        function = frame["function"] or ""
        frames.append(f"{frame['place'].strip()} {function}".strip())
    own = [
        one
        for one in frames
        if not re.search(r"/lib\w+san\.|/libc\.|/libsanitizer/|sanitizer_common", one)
    ]
    said = f"{found[1]}: {found[2]}"
    where = _LINE.match(own[0]) if own else None
    told = f"{said} in {where[2]} at {where[1]}" if where else said
    place = [re.sub(r"\(BuildId: \w+\)", "", one) for one in own[:_DEPTH]]
    return Stack(told, frames, " ".join([said, *place]))


def read(text: str) -> Stack:
    """The stack in what a process wrote to standard error."""
    sanitized = _sanitized(text)
    if sanitized is not None:
        return sanitized
    said = _said(text)
    found = _OURS.search(text)
    frames: list[str] = []
    if found is not None:
        for frame in _FRAME.finditer(found[3]):
            line = _line(frame["file"], frame["symbol"])
            frames.append(f"{frame['file']}({frame['symbol']}){line}")
    place = _place(frames)
    repeated = [frame for frame, count in Counter(frames).items() if count >= _OFTEN]
    if repeated and not said:  # which frame was the last is a matter of chance
        said = "stack overflow"
        place = sorted(_place(repeated))[:_DEPTH]
    lines = [one.partition(") ")[2] for one in place]
    where = next(filter(None, lines), "")
    return Stack(said, frames, " ".join([plain(said), *place]).strip(), where)
