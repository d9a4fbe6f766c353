"""Texts as sequences of UTF-16 units, which is how JavaScript counts."""

from __future__ import annotations

import re

__all__ = ["is_narrow", "join", "lone_surrogate", "split", "units"]

lone_surrogate = re.compile("[\ud800-\udfff]")
"""A half that stands alone, in a joined text."""
_halves = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def is_narrow(text: str) -> bool:
    """Whether each character is one UTF-16 unit."""
    if text.isascii():
        return True
    return len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text)


# A loop asks again and again about the same text.
_last = [("", "")]


def split(text: str) -> str:
    """The text with each UTF-16 unit as a character of its own.

    Args:
        text: Any text.
    """
    if text.isascii():
        return text
    last = _last[0]
    if text is not last[0]:
        data = text.encode("utf-16-le", "surrogatepass")
        narrow = len(data) == 2 * len(text)
        units = text if narrow else "".join(map(chr, memoryview(data).cast("H")))
        _last[0] = last = (text, units)
    return last[1]


def join(text: str) -> str:
    """The opposite of :func:`split`: adjacent halves become one character.

    Args:
        text: A text that may have surrogates.
    """
    if text.isascii() or _halves.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode(
        "utf-16-le", "surrogatepass"
    )


def units(text: str) -> list[str]:
    """The UTF-16 units of a text, each as a text of length 1.

    Args:
        text: Any text.
    """
    return list(split(text))
