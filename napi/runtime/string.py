"""String and its prototype (ECMA-262, chapter 22.1).

Positions and lengths count UTF-16 units. A text with a character beyond U+FFFF is
taken apart into its halves first, and put together again at the end.
"""

from __future__ import annotations

import math
import unicodedata
from typing import Any

from napi._native import shim
from napi.runtime.builtin import hidden, install
from napi.runtime.constructor import Constructor, constructor
from napi.runtime.error import RangeError, TypeError

__all__ = ["add_string_methods", "join", "make_string", "split", "units"]

_WIDE = "\uffff"
_SPACE = "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007" + (
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)


def split(text: str) -> str:
    """The text with each UTF-16 unit as a character of its own.

    Args:
        text: Any text.
    """
    if not text or max(text) <= _WIDE:
        return text
    data = text.encode("utf-16-le", "surrogatepass")
    return "".join(map(chr, memoryview(data).cast("H")))


def join(text: str) -> str:
    """The opposite of :func:`split`: adjacent halves become one character.

    Args:
        text: A text that may have surrogates.
    """
    if text.isascii() or not any("\ud800" <= unit <= "\udfff" for unit in text):
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


def _this(this: Any, name: str) -> str:
    if this is None or this is shim.null:
        raise TypeError(f"String.prototype.{name} called on null or undefined")
    if isinstance(this, str):
        return split(this)
    return split(shim.to_string(getattr(this, "primitive", this)))


def _index(value: Any, default: float = 0) -> float:
    if value is None:
        return default
    number: float = shim.to_number(value)
    if number != number:
        return 0
    return number if abs(number) == math.inf else math.trunc(number)


def _clamp(value: Any, length: int, default: float) -> int:
    return int(min(max(_index(value, default), 0), length))


def _relative(value: Any, length: int, default: float) -> int:
    number = _index(value, default)
    return int(max(length + number, 0) if number < 0 else min(number, length))


def _pad(this: Any, width: Any, fill: Any, name: str) -> tuple[str, str]:
    text = _this(this, name)
    filler = " " if fill is None else split(shim.to_string(fill))
    missing = int(min(_index(width), 2**29)) - len(text)
    if missing <= 0 or not filler:
        return text, ""
    return text, (filler * (missing // len(filler) + 1))[:missing]


def _delegate(pattern: Any, symbol: str, *arguments: Any) -> tuple[bool, Any]:
    """Lets a pattern object (a regular expression) do the work itself."""
    if pattern is None or pattern is shim.null or isinstance(pattern, str):
        return False, None
    method = shim.get(pattern, getattr(shim.Symbol, symbol))
    if not callable(method):
        return False, None
    return True, shim.call(method, pattern, *arguments)


def _expand(template: str, text: str, at: int, found: str) -> str:
    """GetSubstitution for a pattern without groups (ECMA-262 22.1.3.19.1)."""
    parts = {"$": "$", "&": found, "`": text[:at], "'": text[at + len(found) :]}
    result, index = "", 0
    while index < len(template):
        letter = template[index]
        if letter == "$" and template[index + 1 : index + 2] in parts:
            result += parts[template[index + 1 : index + 2] or "$"]
            index += 2
        else:
            result += letter
            index += 1
    return result


def _replace(this: Any, pattern: Any, replacement: Any, *, every: bool) -> Any:
    delegated, result = _delegate(pattern, "replace", this, replacement)
    if delegated:
        return result
    text = _this(this, "replaceAll" if every else "replace")
    wanted = split(shim.to_string(pattern))
    template = None if callable(replacement) else split(shim.to_string(replacement))
    pieces, done, at = [], 0, text.find(wanted)
    while at >= 0:
        if template is None:
            value = shim.call(replacement, None, join(wanted), at, join(text))
            new = split(shim.to_string(value))
        else:
            new = _expand(template, text, at, wanted)
        pieces += [text[done:at], new]
        done = at + len(wanted)
        if not every:
            break
        at = text.find(wanted, done + (not wanted))
    return join("".join(pieces) + text[done:])


class _StringPrototype:
    def at(this: Any, index: Any) -> Any:
        text = _this(this, "at")
        position = _index(index)
        position += len(text) if position < 0 else 0
        return text[int(position)] if 0 <= position < len(text) else None

    def charAt(this: Any, index: Any = None) -> str:
        text, position = _this(this, "charAt"), _index(index)
        return text[int(position)] if 0 <= position < len(text) else ""

    def charCodeAt(this: Any, index: Any = None) -> Any:
        text, position = _this(this, "charCodeAt"), _index(index)
        return ord(text[int(position)]) if 0 <= position < len(text) else math.nan

    def codePointAt(this: Any, index: Any = None) -> Any:
        text, position = _this(this, "codePointAt"), _index(index)
        if not 0 <= position < len(text):
            return None
        return ord(join(text[int(position) : int(position) + 2])[0])

    def concat(this: Any, *others: Any) -> str:
        return join(_this(this, "concat") + "".join(map(shim.to_string, others)))

    def endsWith(this: Any, wanted: Any, end: Any = None) -> bool:
        text = _this(this, "endsWith")
        stop = _clamp(end, len(text), len(text))
        return text[:stop].endswith(split(shim.to_string(wanted)))

    def includes(this: Any, wanted: Any, start: Any = None) -> bool:
        text = _this(this, "includes")
        begin = _clamp(start, len(text), 0)
        return text.find(split(shim.to_string(wanted)), begin) >= 0

    def indexOf(this: Any, wanted: Any, start: Any = None) -> int:
        text = _this(this, "indexOf")
        begin = _clamp(start, len(text), 0)
        return text.find(split(shim.to_string(wanted)), begin)

    def isWellFormed(this: Any) -> bool:
        text = join(_this(this, "isWellFormed"))
        return not any("\ud800" <= unit <= "\udfff" for unit in text)

    def lastIndexOf(this: Any, wanted: Any, start: Any = None) -> int:
        text, part = _this(this, "lastIndexOf"), split(shim.to_string(wanted))
        number = math.inf if start is None else shim.to_number(start)
        begin = len(text) if number != number else _clamp(number, len(text), 0)
        return text.rfind(part, 0, begin + len(part))

    def localeCompare(this: Any, other: Any) -> int:
        mine = unicodedata.normalize("NFD", join(_this(this, "localeCompare")))
        theirs = unicodedata.normalize("NFD", shim.to_string(other))
        # Letters first, then lower before upper case: a coarse root collation.
        a = (mine.casefold(), mine.swapcase())
        b = (theirs.casefold(), theirs.swapcase())
        return (a > b) - (a < b)

    def match(this: Any, pattern: Any) -> Any:
        return _need_pattern(this, pattern, "match")

    def matchAll(this: Any, pattern: Any) -> Any:
        return _need_pattern(this, pattern, "matchAll")

    def normalize(this: Any, form: Any = None) -> str:
        wanted: Any = "NFC" if form is None else shim.to_string(form)
        if wanted not in ("NFC", "NFD", "NFKC", "NFKD"):
            raise RangeError(
                "The normalization form should be one of NFC, NFD, NFKC, NFKD."
            )
        return unicodedata.normalize(wanted, join(_this(this, "normalize")))

    def padEnd(this: Any, width: Any, fill: Any = None) -> str:
        text, filling = _pad(this, width, fill, "padEnd")
        return join(text + filling)

    def padStart(this: Any, width: Any, fill: Any = None) -> str:
        text, filling = _pad(this, width, fill, "padStart")
        return join(filling + text)

    def repeat(this: Any, count: Any = None) -> str:
        text, times = _this(this, "repeat"), _index(count)
        if times < 0 or times == math.inf:
            raise RangeError(f"Invalid count value: {shim.to_string(count)}")
        if len(text) * times > 2**29 - 24:
            raise RangeError("Invalid string length")
        return join(text * int(times))

    def replace(this: Any, pattern: Any, replacement: Any) -> Any:
        return _replace(this, pattern, replacement, every=False)

    def replaceAll(this: Any, pattern: Any, replacement: Any) -> Any:
        return _replace(this, pattern, replacement, every=True)

    def search(this: Any, pattern: Any) -> Any:
        return _need_pattern(this, pattern, "search")

    def slice(this: Any, start: Any = None, end: Any = None) -> str:
        text = _this(this, "slice")
        begin = _relative(start, len(text), 0)
        return join(text[begin : _relative(end, len(text), len(text))])

    def split(this: Any, separator: Any = None, limit: Any = None) -> Any:
        delegated, result = _delegate(separator, "split", this, limit)
        if delegated:
            return result
        text = _this(this, "split")
        count = None if limit is None else int(_index(limit)) & 0xFFFFFFFF
        if separator is None:
            parts = [text]
        else:
            mark = split(shim.to_string(separator))
            parts = text.split(mark) if mark else list(text)
        return shim.Array(map(join, parts[:count]))

    def startsWith(this: Any, wanted: Any, start: Any = None) -> bool:
        text = _this(this, "startsWith")
        begin = _clamp(start, len(text), 0)
        return text.startswith(split(shim.to_string(wanted)), begin)

    def substr(this: Any, start: Any = None, length: Any = None) -> str:
        text = _this(this, "substr")
        begin = _relative(start, len(text), 0)
        count = _clamp(length, len(text) - begin, len(text) - begin)
        return join(text[begin : begin + count])

    def substring(this: Any, start: Any = None, end: Any = None) -> str:
        text = _this(this, "substring")
        a, b = _clamp(start, len(text), 0), _clamp(end, len(text), len(text))
        return join(text[min(a, b) : max(a, b)])

    def toLowerCase(this: Any) -> str:
        return join(_this(this, "toLowerCase")).lower()

    def toUpperCase(this: Any) -> str:
        return join(_this(this, "toUpperCase")).upper()

    toLocaleLowerCase = toLowerCase
    toLocaleUpperCase = toUpperCase

    def toString(this: Any) -> str:
        value = getattr(this, "primitive", this)
        if not isinstance(value, str):
            raise TypeError(
                "String.prototype.toString requires that 'this' be a String"
            )
        return value

    valueOf = toString

    def toWellFormed(this: Any) -> str:
        text = join(_this(this, "toWellFormed"))
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)

    def trim(this: Any) -> str:
        return join(_this(this, "trim").strip(_SPACE))

    def trimEnd(this: Any) -> str:
        return join(_this(this, "trimEnd").rstrip(_SPACE))

    def trimStart(this: Any) -> str:
        return join(_this(this, "trimStart").lstrip(_SPACE))


def _need_pattern(this: Any, pattern: Any, name: str) -> Any:
    delegated, result = _delegate(pattern, name, this)
    if not delegated:
        raise TypeError(
            f"String.prototype.{name} needs a pattern object: there are no regular "
            "expressions without a JavaScript engine"
        )
    return result


def _iterate(this: Any, *_: Any) -> Any:
    from napi.runtime.map import JSIterator

    return JSIterator(iter(join(_this(this, "[Symbol.iterator]"))), "String Iterator")


_iterate.__name__ = "[Symbol.iterator]"


def add_string_methods(prototype: Any) -> None:
    """Fills String.prototype."""
    install(prototype, _StringPrototype)
    hidden(prototype, shim.Symbol.iterator, shim.method(_iterate))


class _String:
    @staticmethod
    def fromCharCode(*codes: Any) -> str:
        numbers = (shim.to_number(code) for code in codes)
        return join(
            "".join(
                chr(math.trunc(n) & 0xFFFF if math.isfinite(n) else 0) for n in numbers
            )
        )

    @staticmethod
    def fromCodePoint(*codes: Any) -> str:
        text = ""
        for code in codes:
            number = shim.to_number(code)
            if not (0 <= number <= 0x10FFFF and float(number).is_integer()):
                raise RangeError(f"Invalid code point {shim.to_string(code)}")
            text += chr(int(number))
        return join(text)

    @staticmethod
    def raw(strings: Any, *values: Any) -> str:
        parts = shim.get(strings, "raw")
        length = int(shim.to_number(shim.get(parts, "length")))
        text = ""
        for index in range(length):
            text += shim.to_string(shim.get(parts, str(index)))
            if index + 1 < length and index < len(values):
                text += shim.to_string(values[index])
        return text


def make_string(prototype: Any) -> Constructor:
    """Makes the constructor String."""

    def make(*arguments: Any) -> Any:
        if not arguments:
            return ""
        value = arguments[0]
        if shim.typeof(value) == "symbol":
            return f"Symbol({value.description or ''})"
        return shim.to_string(value)

    return constructor("String", make, prototype, _String)
