"""String.prototype (ECMA-262, chapter 22.1.3).

Positions and lengths count UTF-16 units. A text with a character beyond U+FFFF is
taken apart into its halves first, and put together again at the end.
"""

from __future__ import annotations

import math
import unicodedata
from typing import Any

from napi._native import shim
from napi.runtime.box import Box
from napi.runtime.builtin import hidden, install, sized, symbol
from napi.runtime.coerce import is_regexp, to_integer
from napi.runtime.error import RangeError, TypeError
from napi.runtime.jsiterator import JSIterator
from napi.runtime.number import strip
from napi.runtime.string_pattern import _StringPatterns
from napi.runtime.utf16 import join, lone_surrogate, split, units

__all__ = ["add_string_methods", "join", "split", "units"]

_SPACE = "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007" + (
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_LONGEST = 2**29 - 24


def whole(this: Any, name: str) -> str:
    """The receiver of a method as a text."""
    if type(this) is str:
        return this
    if this is None or this is shim.null:
        raise TypeError(f"String.prototype.{name} called on null or undefined")
    return str(shim.to_string(this))


def parts(this: Any, name: str) -> str:
    """The same, one character per UTF-16 unit."""
    text = this if type(this) is str else whole(this, name)
    return text if text.isascii() else split(text)


def _index(value: Any) -> Any:
    return value if type(value) is int else to_integer(value)


def _clamp(value: Any, length: int, default: int) -> int:
    if value is None:
        return default
    return int(min(max(_index(value), 0), length))


def _relative(value: Any, length: int, default: int) -> int:
    if value is None:
        return default
    number = _index(value)
    return int(max(length + number, 0) if number < 0 else min(number, length))


def _pad(this: Any, width: Any, fill: Any, name: str) -> tuple[str, str]:
    text = parts(this, name)
    number = to_integer(width)
    if number <= len(text):
        return text, ""
    filler = " " if fill is None else split(str(shim.to_string(fill)))
    if not filler:
        return text, ""
    if number > _LONGEST:
        raise RangeError("Invalid string length")
    missing = int(number) - len(text)
    return text, (filler * (missing // len(filler) + 1))[:missing]


def _plain(wanted: Any, name: str) -> str:
    """A text to search for: no RegExp."""
    if type(wanted) is str:
        return wanted if wanted.isascii() else split(wanted)
    if is_regexp(wanted):
        raise TypeError(
            f"First argument to String.prototype.{name} must not be a regular "
            "expression"
        )
    return split(str(shim.to_string(wanted)))


def _text(this: Any, what: str) -> str:
    value = this.primitive if isinstance(this, Box) else this
    if not isinstance(value, str):
        raise TypeError(f"String.prototype.{what} requires that 'this' be a String")
    return value


class _StringPrototype:
    def at(this: Any, index: Any) -> Any:
        text, position = parts(this, "at"), to_integer(index)
        position += len(text) if position < 0 else 0
        return text[int(position)] if 0 <= position < len(text) else None

    def charAt(this: Any, index: Any) -> str:
        text, position = parts(this, "charAt"), _index(index)
        return text[int(position)] if 0 <= position < len(text) else ""

    def charCodeAt(this: Any, index: Any) -> Any:
        text, position = parts(this, "charCodeAt"), _index(index)
        return ord(text[int(position)]) if 0 <= position < len(text) else math.nan

    def codePointAt(this: Any, index: Any) -> Any:
        text, position = parts(this, "codePointAt"), _index(index)
        if not 0 <= position < len(text):
            return None
        return ord(join(text[int(position) : int(position) + 2])[0])

    @sized(1)
    def concat(this: Any, *others: Any) -> str:
        return join(whole(this, "concat") + "".join(map(shim.to_string, others)))

    def endsWith(this: Any, wanted: Any, end: Any = None) -> bool:
        text = parts(this, "endsWith")
        part = _plain(wanted, "endsWith")
        return text.endswith(part, 0, _clamp(end, len(text), len(text)))

    def includes(this: Any, wanted: Any, start: Any = None) -> bool:
        text = parts(this, "includes")
        part = _plain(wanted, "includes")
        return text.find(part, _clamp(start, len(text), 0)) >= 0

    def indexOf(this: Any, wanted: Any, start: Any = None) -> int:
        text = parts(this, "indexOf")
        part = split(shim.to_string(wanted))
        return text.find(part, _clamp(start, len(text), 0))

    def isWellFormed(this: Any) -> bool:
        return lone_surrogate.search(join(whole(this, "isWellFormed"))) is None

    def lastIndexOf(this: Any, wanted: Any, start: Any = None) -> int:
        text = parts(this, "lastIndexOf")
        part = split(shim.to_string(wanted))
        number = shim.to_number(start) if start is not None else math.nan
        begin = len(text) if number != number else _clamp(number, len(text), 0)
        return text.rfind(part, 0, begin + len(part))

    def localeCompare(
        this: Any, other: Any, locales: Any = None, options: Any = None
    ) -> int:
        text = whole(this, "localeCompare")
        from napi.runtime.intl_collator import compare

        against = str(shim.to_string(other))
        if locales is None and options is None:
            return compare(text, against)
        from napi.runtime.intl import compare_with

        return compare_with(text, against, locales, options)

    @sized(0)
    def normalize(this: Any, form: Any = None) -> str:
        text = join(whole(this, "normalize"))
        wanted: Any = "NFC" if form is None else shim.to_string(form)
        if wanted not in ("NFC", "NFD", "NFKC", "NFKD"):
            raise RangeError(
                "The normalization form should be one of NFC, NFD, NFKC, NFKD."
            )
        return text if text.isascii() else unicodedata.normalize(wanted, text)

    @sized(1)
    def padEnd(this: Any, width: Any, fill: Any = None) -> str:
        text, filling = _pad(this, width, fill, "padEnd")
        return join(text + filling)

    @sized(1)
    def padStart(this: Any, width: Any, fill: Any = None) -> str:
        text, filling = _pad(this, width, fill, "padStart")
        return join(filling + text)

    def repeat(this: Any, count: Any) -> str:
        text, times = whole(this, "repeat"), to_integer(count)
        if times < 0 or times == math.inf:
            raise RangeError(f"Invalid count value: {shim.to_string(count)}")
        if len(text) * times > _LONGEST:
            raise RangeError("Invalid string length")
        return join(text * int(times)) if text else ""

    def slice(this: Any, start: Any, end: Any) -> str:
        text = parts(this, "slice")
        begin = _relative(start, len(text), 0)
        return join(text[begin : _relative(end, len(text), len(text))])

    def startsWith(this: Any, wanted: Any, start: Any = None) -> bool:
        text = parts(this, "startsWith")
        part = _plain(wanted, "startsWith")
        return text.startswith(part, _clamp(start, len(text), 0))

    def substr(this: Any, start: Any, length: Any) -> str:
        text = parts(this, "substr")
        begin = _relative(start, len(text), 0)
        count = _clamp(length, len(text) - begin, len(text) - begin)
        return join(text[begin : begin + count])

    def substring(this: Any, start: Any, end: Any) -> str:
        text = parts(this, "substring")
        a, b = _clamp(start, len(text), 0), _clamp(end, len(text), len(text))
        return join(text[min(a, b) : max(a, b)])

    @sized(0)
    def toLocaleLowerCase(this: Any, locales: Any = None) -> str:
        return join(whole(this, "toLocaleLowerCase")).lower()

    @sized(0)
    def toLocaleUpperCase(this: Any, locales: Any = None) -> str:
        return join(whole(this, "toLocaleUpperCase")).upper()

    def toLowerCase(this: Any) -> str:
        return join(whole(this, "toLowerCase")).lower()

    def toString(this: Any) -> str:
        return _text(this, "toString")

    def toUpperCase(this: Any) -> str:
        return join(whole(this, "toUpperCase")).upper()

    def toWellFormed(this: Any) -> str:
        return lone_surrogate.sub("\ufffd", join(whole(this, "toWellFormed")))

    def trim(this: Any) -> str:
        return strip(whole(this, "trim"))

    def trimEnd(this: Any) -> str:
        return whole(this, "trimEnd").rstrip(_SPACE)

    def trimStart(this: Any) -> str:
        return whole(this, "trimStart").lstrip(_SPACE)

    def valueOf(this: Any) -> str:
        return _text(this, "valueOf")

    @symbol("iterator")
    def iterator(this: Any) -> Any:
        text = join(whole(this, "[Symbol.iterator]"))
        return JSIterator(iter(text), "String Iterator")


def _html(name: str, tag: str, attribute: str) -> Any:
    """CreateHTML (ECMA-262 B.2.2.2.1)."""

    def plain(this: Any) -> str:
        return f"<{tag}>{whole(this, name)}</{tag}>"

    def with_attribute(this: Any, value: Any) -> str:
        text = whole(this, name)
        quoted = str(shim.to_string(value)).replace('"', "&quot;")
        return f'<{tag} {attribute}="{quoted}">{text}</{tag}>'

    return with_attribute if attribute else plain


_HTML = {
    "anchor": ("a", "name"),
    "big": ("big", ""),
    "blink": ("blink", ""),
    "bold": ("b", ""),
    "fixed": ("tt", ""),
    "fontcolor": ("font", "color"),
    "fontsize": ("font", "size"),
    "italics": ("i", ""),
    "link": ("a", "href"),
    "small": ("small", ""),
    "strike": ("strike", ""),
    "sub": ("sub", ""),
    "sup": ("sup", ""),
}


def add_string_methods(prototype: Any) -> None:
    """Fills String.prototype."""
    from napi.runtime.builtin import builtin

    install(prototype, _StringPrototype)
    install(prototype, _StringPatterns)
    for name, (tag, attribute) in _HTML.items():
        hidden(prototype, name, builtin(_html(name, tag, attribute), name))
    hidden(prototype, "trimLeft", shim.get(prototype, "trimStart"))
    hidden(prototype, "trimRight", shim.get(prototype, "trimEnd"))
