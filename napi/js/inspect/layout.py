"""How the parts of a container are laid out: on one line, in columns, or in lines."""

from __future__ import annotations

import math

from napi.js.inspect.options import Context
from napi.js.inspect.text import length, strip_colors, width

__all__ = ["join"]

_FEW = 6  # up to so many elements of an array are never put in columns
_MOST_COLUMNS = 15
_RATIO = 2.5  # a letter is so many times as high as wide


def _fits(context: Context, parts: list[str], start: int, base: str) -> bool:
    total = len(parts) + start
    if total + len(parts) > context.width:
        return False
    for part in parts:
        total += length(strip_colors(part) if context.colors else part)
        if total > context.width:
            return False
    return "\n" not in base


def _columns(context: Context, parts: list[str], numeric: bool) -> list[str]:
    """Lines of cells, about as wide as high; the parts where that is no gain."""
    count = len(parts) - (context.longest_array < len(parts))
    widths = [width(part, context.colors) for part in parts[:count]]
    widest = max(widths) + 2
    total = sum(widths) + 2 * count
    if widest * 3 + context.indentation >= context.width or not (
        total / widest > 5 or widest <= 8
    ):
        return parts
    usual = max(widest - 3 - math.sqrt(widest - total / len(parts)), 1)
    columns = int(
        min(
            math.floor(math.sqrt(_RATIO * usual * count) / usual + 0.5),
            (context.width - context.indentation) // widest,
            context.compact * 4,
            _MOST_COLUMNS,
        )
    )
    if columns <= 1:
        return parts
    places = [max(widths[i::columns], default=0) + 2 for i in range(columns)]
    lines = []
    for begin in range(0, count, columns):
        row = range(begin, min(begin + columns, count))
        line = "".join(
            _pad(f"{parts[i]}, ", places[i - begin] - widths[i] - 2, numeric)
            for i in row[:-1]
        )
        last = row[-1]
        gap = places[last - begin] - widths[last] - 2 if numeric else 0
        lines.append(line + _pad(parts[last], gap, numeric))
    return lines + parts[count:]


def _pad(text: str, gap: int, left: bool) -> str:
    return " " * gap + text if left else text + " " * gap


def join(
    context: Context,
    parts: list[str],
    base: str,
    braces: tuple[str, str],
    level: int,
    columns: bool,
    numeric: bool,
) -> str:
    """The text of a container.

    Args:
        context: The run.
        parts: The texts of its elements and properties.
        base: What comes before the braces.
        braces: The opening brace, with the prefix, and the closing one.
        level: How deep the parts are.
        columns: Whether many parts may be put in columns.
        numeric: Whether the cells are numbers, aligned at the right.
    """
    if context.compact == -1:
        return _join_compactly(context, parts, base, braces)
    lead = f"{base} {braces[0]}" if base else braces[0]
    if context.compact >= 1:
        whole = parts
        if columns and len(parts) > _FEW:
            parts = _columns(context, parts, numeric)
        if context.reached - level < context.compact and parts is whole:
            start = (
                len(parts) + context.indentation + length(braces[0]) + length(base) + 10
            )
            if _fits(context, parts, start, base):
                line = ", ".join(parts)
                if "\n" not in line:
                    return f"{lead} {line} {braces[1]}"
    gap = "\n" + " " * context.indentation
    return f"{lead}{gap}  " + f",{gap}  ".join(parts) + f"{gap}{braces[1]}"


def _join_compactly(
    context: Context, parts: list[str], base: str, braces: tuple[str, str]
) -> str:
    if _fits(context, parts, 0, base):
        lead = f"{braces[0]} {base}" if base else braces[0]
        return f"{lead} {', '.join(parts)} {braces[1]}"
    gap = "\n" + " " * context.indentation
    if not base and len(braces[0]) == 1:
        lead = " "
    else:
        lead = f"{' ' + base if base else ''}{gap}  "
    return f"{braces[0]}{lead}" + f",{gap}  ".join(parts) + f" {braces[1]}"
