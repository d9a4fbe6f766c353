"""Comparing texts as people do (ECMA-402, chapter 11), by a coarse root collation."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from napi.runtime.utf16 import join

__all__ = ["compare", "sort_key"]

_NUMBERS = re.compile(r"(\d+)")
# The order of ASCII punctuation in the root collation; digits and letters follow.
_ORDER = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_RANKS = {letter: index for index, letter in enumerate(_ORDER)}


def _primary(letter: str) -> tuple[int, Any]:
    if letter.isspace():
        return (0, letter)
    if letter in _RANKS:
        return (1, _RANKS[letter])
    if unicodedata.category(letter)[0] in "PS":
        return (2, letter)
    if letter.isdigit():
        return (3, unicodedata.digit(letter, 0))
    return (4, letter.casefold())


def sort_key(text: str, *, numeric: bool = False) -> tuple[Any, ...]:
    """What texts are ordered by: letters, then accents, then case.

    Args:
        text: The text.
        numeric: Whether runs of digits count as numbers.
    """
    plain = unicodedata.normalize("NFD", join(text))
    bases = [one for one in plain if not unicodedata.combining(one)]
    primary: list[Any] = [_primary(one) for one in bases]
    if numeric:
        pieces = _NUMBERS.split("".join(bases))
        primary = []
        for index, piece in enumerate(pieces):
            if index % 2:
                primary.append((3, int(piece)))
            else:
                primary += [_primary(one) for one in piece]
    accents = [one for one in plain if unicodedata.combining(one)]
    positions = [(i, one) for i, one in enumerate(plain) if unicodedata.combining(one)]
    case = [one.isupper() for one in bases]
    return primary, bool(accents), [(-i, one) for i, one in positions], case


def compare(
    a: str, b: str, *, numeric: bool = False, sensitivity: str = "variant"
) -> int:
    """-1, 0 or 1.

    Args:
        a: A text.
        b: Another.
        numeric: Whether runs of digits count as numbers.
        sensitivity: ``base``, ``accent``, ``case`` or ``variant``.
    """
    left, right = sort_key(a, numeric=numeric), sort_key(b, numeric=numeric)
    depth = {"base": (0,), "accent": (0, 1, 2), "case": (0, 3)}.get(
        sensitivity, (0, 1, 2, 3)
    )
    x, y = [left[i] for i in depth], [right[i] for i in depth]
    return (x > y) - (x < y)
