"""``util.getCallSites``: the frames of the program that are running now."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from napi._native import shim
from napi.js.host._errors import need_integer
from napi.js.host._kit import make

__all__ = ["call_sites"]


def _column(frame: FrameType) -> int:
    positions = getattr(frame.f_code, "co_positions", None)
    if positions is not None:
        for index, (line, _, column, _) in enumerate(positions()):
            if 2 * index == frame.f_lasti and line == frame.f_lineno:
                return int(column or 0) + 1
    return 1


def _name(frame: FrameType) -> str:
    name = frame.f_code.co_name.partition("@")[0]
    return "" if name in ("<anonymous>", "main") else name


def call_sites(count: Any) -> Any:
    """The frames of JavaScript, the innermost first.

    Args:
        count: How many at most; an object of options means eight.
    """
    limit = 8 if shim.typeof(count) == "object" else need_integer(count, "n", 1, 200)
    made = shim.Array()
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and len(made) < limit:
        name = frame.f_code.co_filename
        if not name.endswith(".py") and not name.startswith("<frozen"):
            column = _column(frame)
            site = make(functionName=_name(frame), scriptId="0", scriptName=name)
            shim.set(site, "lineNumber", frame.f_lineno)
            shim.set(site, "columnNumber", column)
            shim.set(site, "column", column)
            made.append(site)
        frame = frame.f_back
    return made
