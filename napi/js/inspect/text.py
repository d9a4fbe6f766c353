"""Texts of primitives: quotes, escapes, separators, widths on a terminal."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from napi._native import shim

__all__ = [
    "bigint_text",
    "key_is_plain",
    "length",
    "number_text",
    "plural",
    "quote",
    "strip_colors",
    "width",
]

_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_ESCAPED = re.compile(r"[\x00-\x1f'\\\x7f-\x9f\ud800-\udfff]")
_PLAIN_KEY = re.compile(r"[a-zA-Z_][a-zA-Z_0-9]*")
_COLORS = re.compile(
    "[\x1b\x9b][\\[\\]()#;?]*"
    "(?:(?:(?:;[-a-zA-Z\\d/#&.:=?%@~_]+)*|[a-zA-Z\\d]+(?:;[-a-zA-Z\\d/#&.:=?%@~_]*)*)?"
    "(?:\x07|\x1b\\\\|\x9c)"
    "|(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PR-TZcf-nq-uy=><~])"
)


def _escape(match: re.Match[str]) -> str:
    letter = match[0]
    short = _SHORT.get(letter)
    if short is not None:
        return short
    if letter in "\\'":
        return "\\" + letter
    code = ord(letter)
    return f"\\x{code:02X}" if code < 256 else f"\\u{code:x}"


def escape(text: str, mark: str) -> str:
    """A text with what cannot be shown escaped.

    Args:
        text: Any text.
        mark: The quotation mark around it; another one's quote stays as it is.
    """
    shown = _ESCAPED.sub(_escape, text)
    return shown if mark == "'" else shown.replace("\\'", "'")


def quote(text: str) -> str:
    """A text as a literal: in single quotes unless others need fewer escapes."""
    mark = "'"
    if "'" in text:
        if '"' not in text:
            mark = '"'
        elif "`" not in text and "${" not in text:
            mark = "`"
    return mark + escape(text, mark) + mark


def escape_key(text: str) -> str:
    """A key in brackets, with control characters escaped and no quotes."""
    return escape(text, "'")


def key_is_plain(key: str) -> bool:
    """Whether a key is shown without quotes."""
    return _PLAIN_KEY.fullmatch(key) is not None


def length(text: str) -> int:
    """UTF-16 units, JavaScript's ``length``."""
    return (
        len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2
    )


def cut(text: str, units: int) -> str:
    """The first UTF-16 units of a text."""
    if text.isascii():
        return text[:units]
    data = text.encode("utf-16-le", "surrogatepass")
    return data[: 2 * units].decode("utf-16-le", "surrogatepass")


def plural(count: int, one: str) -> str:
    """``1 more item``, ``2 more items``."""
    return f"{count} {one}{'s' if count > 1 else ''}"


def strip_colors(text: str) -> str:
    """A text without the escape sequences of terminals (ECMA-48)."""
    return _COLORS.sub("", text)


def width(text: str, colors: bool = False) -> int:
    """How many columns a text takes on a terminal."""
    if colors:
        text = strip_colors(text)
    if text.isascii() and text.isprintable():
        return len(text)
    text = unicodedata.normalize("NFC", strip_colors(text))
    return sum(map(_columns, text))


def _columns(letter: str) -> int:
    if unicodedata.east_asian_width(letter) in "FW":
        return 2
    kind = unicodedata.category(letter)
    if kind in ("Cc", "Mn", "Me", "Cf") and letter != "\xad":
        return 0
    return 1


def _group(digits: str) -> str:
    sign = "-" if digits.startswith("-") else ""
    return f"{sign}{int(digits[len(sign) :]):_}"


def number_text(value: Any, separator: bool = False) -> str:
    """A number, with ``_`` between groups of three digits if asked for."""
    if value == 0 and isinstance(value, float) and math.copysign(1, value) < 0:
        return "-0"
    text: str = shim.to_string(value)
    if not separator or "e" in text or not math.isfinite(value):
        return text
    whole, point, fraction = text.partition(".")
    groups = "_".join(fraction[i : i + 3] for i in range(0, len(fraction), 3))
    if whole == "-0":
        return "-0" + point + groups
    return _group(whole) + point + groups


def bigint_text(value: Any, separator: bool = False) -> str:
    """A bigint as a literal."""
    return (f"{int(value):_}" if separator else f"{int(value)}") + "n"
