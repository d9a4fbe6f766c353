"""The patterns of a replacement text (ECMA-262, chapter 22.1.3.19.1)."""

from __future__ import annotations

from typing import Any

from napi._native import shim

__all__ = ["substitute"]


def substitute(
    template: str,
    units: str,
    begin: int,
    end: int,
    captures: list[Any],
    groups: Any = None,
) -> str:
    """GetSubstitution.

    Args:
        template: The replacement text.
        units: The text that is searched, one character per UTF-16 unit.
        begin: Where the match begins.
        end: Where it ends.
        captures: The match and its groups; ``None`` for one that took no part.
        groups: The object of the named groups, or undefined.
    """
    shown, at = [], 0
    while True:
        sign = template.find("$", at)
        if sign < 0 or sign + 1 >= len(template):
            shown.append(template[at:])
            return "".join(shown)
        shown.append(template[at:sign])
        kind = template[sign + 1]
        at = sign + 2
        if kind == "$":
            shown.append("$")
        elif kind == "&":
            shown.append(captures[0])
        elif kind == "`":
            shown.append(units[:begin])
        elif kind == "'":
            shown.append(units[end:])
        elif kind in "0123456789":
            text, at = _numbered(template, sign, captures)
            shown.append(text)
        elif kind == "<" and groups is not None and ">" in template[at:]:
            close = template.index(">", at)
            value = shim.get(groups, template[at:close])
            shown.append("" if value is None else shim.to_string(value))
            at = close + 1
        else:
            shown.append("$")
            at = sign + 1


def _numbered(template: str, sign: int, captures: list[Any]) -> tuple[str, int]:
    two = template[sign + 1 : sign + 3]
    for digits in (two, two[:1]):
        if digits.isascii() and digits.isdigit() and 0 < int(digits) < len(captures):
            return captures[int(digits)] or "", sign + 1 + len(digits)
    return "$", sign + 1
