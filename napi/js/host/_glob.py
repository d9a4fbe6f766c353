"""Patterns of file names: ``path.matchesGlob``, ``fs.glob``."""

from __future__ import annotations

import functools
import itertools
import os
import re
from collections.abc import Iterator

__all__ = ["expand", "matches", "walk"]


def _alternatives(text: str) -> tuple[str, list[str], str] | None:
    """What is before, within and after the first braces that have a comma."""
    depth, begin, cuts = 0, -1, []
    for index, letter in enumerate(text):
        if letter == "{":
            depth += 1
            if depth == 1:
                begin, cuts = index, [index]
        elif letter == "," and depth == 1:
            cuts.append(index)
        elif letter == "}" and depth:
            depth -= 1
            if not depth and len(cuts) > 1:
                cuts.append(index)
                pairs = itertools.pairwise(cuts)
                parts = [text[a + 1 : b] for a, b in pairs]
                return text[:begin], parts, text[index + 1 :]
    return None


def expand(pattern: str) -> list[str]:
    """A pattern without braces for each of their alternatives."""
    found = _alternatives(pattern)
    if found is None:
        return [pattern]
    before, parts, after = found
    return [one for part in parts for one in expand(f"{before}{part}{after}")]


def _set(text: str, at: int) -> tuple[str, int]:
    """A set of letters as an expression, and where it ends."""
    end = text.find("]", at + 2)
    if end < 0:
        return r"\[", at + 1
    body = text[at + 1 : end].replace("\\", r"\\")
    if body[0] in "!^":
        body = "^" + body[1:]
    return f"[{body}]", end + 1


def _segment(text: str) -> str:
    """The expression of what stands between two slashes."""
    found, at = "(?=[^/])" if text.startswith(".") else r"(?=[^/.])", 0
    while at < len(text):
        letter = text[at]
        if letter == "*":
            found += "[^/]*"
        elif letter == "?":
            found += "[^/]"
        elif letter == "[":
            part, at = _set(text, at)
            found += part
            continue
        else:
            found += re.escape(letter)
        at += 1
    return found


@functools.lru_cache(256)
def _expression(pattern: str) -> re.Pattern[str]:
    parts = []
    segments = pattern.split("/")
    for index, one in enumerate(segments):
        last = index == len(segments) - 1
        if one == "**":
            inner = r"(?!\.)[^/]+"
            parts.append(rf"(?:{inner}/)*(?:{inner})?" if last else rf"(?:{inner}/)*")
        else:
            parts.append(_segment(one) + ("" if last else "/"))
    return re.compile("".join(parts), re.DOTALL)


def matches(path: str, pattern: str) -> bool:
    """Whether a path is what a pattern means.

    Args:
        path: With slashes.
        pattern: With ``*``, ``**``, ``?``, ``[a-z]`` and ``{a,b}``.
    """
    path = path.rstrip("/") or path
    return any(_expression(one).fullmatch(path) is not None for one in expand(pattern))


def _within(folder: str, base: str) -> Iterator[str]:
    """All that a folder has, relative to the base."""
    try:
        entries = sorted(os.scandir(folder), key=lambda one: one.name)
    except OSError:
        return
    for entry in entries:
        shown = os.path.relpath(entry.path, base) if base else entry.path
        yield shown
        if entry.is_dir(follow_symlinks=False):
            yield from _within(entry.path, base)


def walk(patterns: list[str], folder: str) -> Iterator[str]:
    """The files and folders that patterns mean, each once.

    Args:
        patterns: Relative to the folder, or absolute.
        folder: Where the search begins.
    """
    seen: set[str] = set()
    for pattern in patterns:
        for one in expand(pattern):
            for path in _found(one.removeprefix("./"), folder):
                if path not in seen:
                    seen.add(path)
                    yield path


def _found(pattern: str, folder: str) -> Iterator[str]:
    segments = pattern.split("/")
    fixed = []
    while len(segments) > 1 and not re.search(r"[*?\[]", segments[0]):
        fixed.append(segments.pop(0))
    head = "/".join(fixed)
    is_absolute = pattern.startswith("/")
    start = (head or "/") if is_absolute else os.path.join(folder, head)  # noqa: PTH118
    if len(segments) == 1 and not re.search(r"[*?\[]", segments[0]):
        if os.path.lexists(os.path.join(start, segments[0])):  # noqa: PTH118
            yield pattern
        return
    expression = _expression("/".join(segments))
    if expression.fullmatch("") is not None:
        yield head or "."
    for path in _within(start, start):
        if expression.fullmatch(path) is not None:
            yield f"{head}/{path}" if head or is_absolute else path
