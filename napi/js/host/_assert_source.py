"""The source of the call that failed: ``assert(x === 1)``."""

from __future__ import annotations

import linecache
import sys
from types import FrameType

__all__ = ["call_text"]


def _caller() -> FrameType | None:
    """The frame of the program: the first one that is not of this host."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.endswith(".py") and not name.startswith("<frozen"):
            return frame
        frame = frame.f_back
    return None


def _column(frame: FrameType) -> int:
    """Where on its line the call begins; Python knows columns since 3.11."""
    positions = getattr(frame.f_code, "co_positions", None)
    if positions is None:
        return 0
    for index, (line, _, column, _) in enumerate(positions()):
        if 2 * index == frame.f_lasti and line == frame.f_lineno:
            return int(column or 0)
    return 0


def call_text() -> str:
    """The call as the program writes it, where its source is known.

    Returns:
        The text up to the closing bracket; empty if it cannot be found.
    """
    frame = _caller()
    if frame is None:
        return ""
    lines = linecache.getlines(frame.f_code.co_filename)[frame.f_lineno - 1 :]
    text = "".join(lines[:20])
    begin = text.find("assert", _column(frame))
    if begin < 0:
        return ""
    depth, quote, escaped = 0, "", False
    for index in range(begin, len(text)):
        letter = text[index]
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = True
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"`":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
            if not depth:
                return text[begin : index + 1].replace("\n", "\n  ")
    return ""
