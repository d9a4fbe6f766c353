"""Reads what sanitizers and valgrind write, and tells the addon's from the rest.

Source: the output of gcc's and clang's run-time libraries with the
``stack_trace_format`` of napi.testing.sanitize; "XML output" of valgrind's
documentation, protocol 4.
"""

from __future__ import annotations

import functools
import itertools
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from napi.testing.sites import line_of

__all__ = ["Frame", "Log", "Report", "Stack", "read", "summary"]

_HEADER = re.compile(
    r"""^(?:
        ==\d+==(?:ERROR:\ )?(?P<asan>AddressSanitizer:\ .*)
        | WARNING:\ (?P<tsan>ThreadSanitizer:\ .*)
        | (?P<fatal>ThreadSanitizer:\ (?!reported).*)
        | ==\d+==ERROR:\ (?P<signal>\w+Sanitizer:\ .*)
        | (?P<ubsan>\S.*:\ runtime\ error:\ .*)
        | (?P<leak>(?:Direct|Indirect)\ leak\ of\ .*)
    )$""",
    re.VERBOSE,
)
_FRAME = re.compile(
    r"^\s+#\d+ (?P<function>.*?) ?(?P<source>\S*) "
    r"\[(?P<module>.*?)( (?P<offset>0x[0-9a-f]+))?\]$"
)
_ENDS = ("Shadow bytes around", "SUMMARY: ", "Thread stack is", "AddressSanitizer can")
_IGNORED = re.compile(r"^(=+|==\d+==.*|\s*)$")
_POINTS = re.compile(r" (?:at|on)(?: unknown)? address (0x\w+).*| \(pid=\d+\)")
# What is called by everybody and is at fault for nothing.
_COMMON = re.compile(
    r"(lib(a|t|ub|l)san|libclang_rt|libc|libm|libpthread|ld-linux.*|libstdc\+\+"
    r"|libc\+\+(abi)?|libgcc_s|libdl|librt|vgpreload_.*)(-[\d.]+)?(\.so.*)?"
)
_EXTENSION = re.compile(r"\.(cpython-.*|abi3)\.so$")


class Frame(NamedTuple):
    """One call of a stack."""

    function: str
    source: str
    module: str

    @property
    def owner(self) -> str:
        """``common``, ``python``, ``napi`` or ``addon``: whose code it is."""
        if not self.module:
            return "common"
        name = os.path.basename(self.module)  # noqa: PTH119
        if name.startswith("_shim") and f"{os.sep}napi{os.sep}" in self.module:
            return "napi"
        if self.module.endswith(".node"):
            return "addon"
        if _COMMON.fullmatch(name):
            return "common"
        if name.startswith("libpython") or _EXTENSION.search(name):
            return "python"
        return "python" if self.module == _interpreter() else "addon"

    @property
    def is_unnamed(self) -> bool:
        """There is no name of the function."""
        return self.function in ("", "<null>")

    def __str__(self) -> str:
        function = self.function.replace("<null>", "") or "?"
        source = self.source.replace("<null>", "")
        place = source or os.path.basename(self.module)  # noqa: PTH119
        if f"{os.sep}..{os.sep}" in f"/{self.source}" and self.owner == "addon":
            place = _from_here(self.source, self.module)
        return f"{function} ({place})" if place else function


def _from_here(source: str, module: str) -> str:
    """A source as the compiler saw it, from the directory of what it made."""
    name, colon, line = source.partition(":")
    path = os.path.realpath(Path(module).parent / name)
    if not os.path.exists(path):  # noqa: PTH110
        return source
    near = os.path.relpath(path)
    return (path if near.startswith("../..") else near) + colon + line


@functools.cache
def _interpreter() -> str:
    return os.path.realpath(sys.executable)


class Stack(NamedTuple):
    """Calls, innermost first, and the words before them."""

    words: Sequence[str]
    frames: Sequence[Frame]

    @property
    def owner(self) -> str:
        """Whose code the innermost call is that is not in a common library."""
        for frame in self.frames:
            if frame.owner != "common":
                return frame.owner
        return "common"


class Report(NamedTuple):
    """One finding."""

    tool: str
    title: str
    stacks: Sequence[Stack]

    @property
    def is_leak(self) -> bool:
        """Memory that was lost; known only when the process ends."""
        return "Leak" in self.tool or self.title.startswith("Leak")

    @property
    def counts(self) -> bool:
        """Whether it is about the addon.

        The interpreter is not free of what valgrind dislikes, and leaves some memory
        when it ends; what the other tools report is always wrong.
        """
        owners = {stack.owner for stack in self.stacks}
        if self.is_leak:  # indirect: it goes with what holds it
            return "addon" in owners and not self.title.startswith("Indirect")
        return self.tool != "valgrind" or not owners.isdisjoint(("addon", "napi"))

    @property
    def key(self) -> tuple[str, ...]:
        """Equal for reports of one cause: what it is, and where."""
        first = self.stacks[0].frames[:5] if self.stacks else ()
        kind = _POINTS.sub("", self.title)
        return (self.tool, kind, *(f"{at.function} {at.source}" for at in first))

    def __str__(self) -> str:
        lines = [f"{self.tool}: {self.title}"]
        for stack in self.stacks:
            lines += [f"  {word}" for word in stack.words]
            lines += [f"    {line}" for line in _folded(stack.frames)]
        return "\n".join(lines)


def _folded(frames: Sequence[Frame]) -> Iterator[str]:
    """The frames; those of the interpreter in a row are one line."""
    hidden = 0
    lines: list[str] = []
    for frame in (*filter(_tells, frames), None):
        if frame is not None and frame.owner == "python":
            hidden += 1
            continue
        if hidden:
            lines.append(f"... {hidden} of Python")
            hidden = 0
        if frame is not None:
            lines.append(str(frame))
    for line, group in itertools.groupby(lines):
        count = len(list(group))
        yield line
        if count > 1:  # a function that calls itself
            yield f"... {count - 1} of the same"


def _tells(frame: Frame) -> bool:
    """What every program begins with, and what has no name, tells nothing."""
    if frame.is_unnamed:
        return frame.owner == "addon"
    return not frame.function.startswith(("__libc_start", "_start", "(below main)"))


def read(text: str) -> list[Report]:
    """The reports in a log, or in a part of one.

    Args:
        text: What a sanitizer wrote, or valgrind's XML.
    """
    if "<error>" in text:
        return [_from_xml(one) for one in re.findall(r"(?s)<error>.*?</error>", text)]
    return list(_from_text(text.splitlines()))


def _from_text(lines: Sequence[str]) -> Iterator[Report]:
    starts = [place for place, line in enumerate(lines) if _HEADER.match(line)]
    for start, end in itertools.pairwise([*starts, len(lines)]):
        found = _HEADER.match(lines[start])
        assert found is not None
        tool, _, title = next(filter(None, found.groups())).partition(": ")
        if found["ubsan"]:
            tool, title = "UndefinedBehaviorSanitizer", found["ubsan"]
        elif found["leak"]:
            tool, title = "LeakSanitizer", found["leak"].rstrip(":")
        stacks = list(_stacks(lines[start + 1 : end]))
        if found["ubsan"] and stacks:  # which say where, too
            title = title.partition("runtime error: ")[2]
        if tool != "LeakSanitizer" or stacks:  # "detected memory leaks" is a heading
            yield Report(tool, title, stacks)


def _stacks(lines: Sequence[str]) -> Iterator[Stack]:
    words: list[str] = []
    frames: list[Frame] = []
    for line in lines:
        found = _FRAME.match(line)
        if found is not None:
            frames.append(_frame(found))
            continue
        if frames:
            yield Stack(words, frames)
            words, frames = [], []
        if line.startswith(_ENDS):
            break
        if not _IGNORED.match(line):
            words.append(line.strip())
    if frames or words:
        yield Stack(words, frames)


def _frame(found: re.Match[str]) -> Frame:
    """A frame; libbacktrace knows nothing of what was loaded after the first report."""
    frame = Frame(found["function"], found["source"], found["module"])
    if found["offset"] and frame.is_unnamed and frame.owner == "addon":
        line = line_of(frame.module, int(found["offset"], 16))
        function, at, source = (line or "").partition(" at ")
        if at:
            return Frame(function, source, frame.module)
    return frame


def _from_xml(text: str) -> Report:
    error = ElementTree.fromstring(text)
    stacks: list[Stack] = []
    words: list[str] = []
    for child in error:
        if child.tag == "auxwhat":
            words.append(child.text or "")
        elif child.tag == "xauxwhat":
            words.append(child.findtext("text", ""))
        elif child.tag == "stack":
            stacks.append(Stack(words, [_xml_frame(one) for one in child]))
            words = []
    what = error.findtext("what") or error.findtext("xwhat/text") or ""
    kind = error.findtext("kind", "")
    return Report("valgrind", f"{kind}: {what}", stacks)


def _xml_frame(frame: ElementTree.Element) -> Frame:
    source = frame.findtext("file", "")
    if source and frame.findtext("line"):
        source = f"{source}:{frame.findtext('line')}"
    return Frame(frame.findtext("fn", ""), source, frame.findtext("obj", ""))


def summary(reports: Sequence[Report]) -> str:
    """The text for a human: what is there several times is there once."""
    counts = Counter(report.key for report in reports)
    first = {report.key: report for report in reversed(reports)}
    texts = []
    for key, count in counts.items():
        more = f"\n  ({count} times)" if count > 1 else ""
        texts.append(f"{first[key]}{more}")
    return "\n\n".join(texts)


class Log:
    """The files of one run, read as they grow.

    Args:
        folder: The directory; each process writes a file of its own.
        offsets: How far each of them was read by another Log.
    """

    def __init__(self, folder: Path, offsets: dict[str, int] | None = None) -> None:
        self.folder = folder
        self.offsets = dict(offsets or {})

    def fresh(self, process: int | None = None) -> list[Report]:
        """The reports since the last call that count; of one process only."""
        pattern = "log.*" if process is None else f"log.{process}"
        found: list[Report] = []
        for path in sorted(self.folder.glob(pattern)):
            found += self._grown(path)
        return [report for report in found if report.counts]

    def _is_xml(self, path: Path) -> bool:
        with path.open("rb") as file:
            return file.read(5) == b"<?xml"

    def _grown(self, path: Path) -> list[Report]:
        start = self.offsets.get(path.name, 0)
        if path.stat().st_size <= start:
            return []
        with path.open("rb") as file:
            file.seek(start)
            new = file.read()
        if self._is_xml(path):  # an error may be half written
            _, end, rest = new.rpartition(b"</error>")
            new = new[: len(new) - len(rest)] if end else b""
        self.offsets[path.name] = start + len(new)
        return read(new.decode("utf-8", "replace")) if new else []
