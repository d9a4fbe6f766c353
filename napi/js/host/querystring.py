"""``querystring``: ``a=1&b=2`` and objects."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from napi._native import shim
from napi.js.host._kit import exports_of, function, is_object, option

__all__ = ["exports"]


def escape(text: Any) -> str:
    """Percent-escapes of all but letters, digits and ``-_.!~*'()``."""
    return quote(shim.to_string(text), safe="-_.!~*'()", errors="replace")


def unescape(text: Any) -> str:
    """The text without percent-escapes."""
    return unquote_to_bytes(shim.to_string(text)).decode("utf-8", "replace")


def _word(value: Any) -> str:
    kind = shim.typeof(value)
    if kind == "number":
        return str(shim.to_string(value)) if math.isfinite(value) else ""
    return str(shim.to_string(value)) if kind in ("string", "bigint", "boolean") else ""


def _parse(text: str, separator: str, equals: str, most: float, decode: Any) -> Any:
    made = shim.create(shim.null)
    pieces = [piece for piece in text.split(separator)]
    if most > 0:
        pieces = pieces[: int(most)]
    for piece in pieces:
        if not piece:
            continue
        key, _, value = piece.replace("+", " ").partition(equals)
        key, value = shim.call(decode, None, key), shim.call(decode, None, value)
        if not shim.has_own(made, key):
            shim.set(made, key, value)
            continue
        known = shim.get(made, key)
        if isinstance(known, list):
            known.append(value)
        else:
            shim.set(made, key, shim.Array([known, value]))
    return made


class _Module:
    @staticmethod
    def escape(text: Any) -> str:
        return escape(text)

    @staticmethod
    def unescape(text: Any) -> str:
        return unescape(text)

    def stringify(
        this: Any, given: Any, sep: Any = None, eq: Any = None, options: Any = None
    ) -> str:
        separator = "&" if sep in (None, shim.null, "") else sep
        equals = "=" if eq in (None, shim.null, "") else eq
        own = shim.get(this, "escape") if is_object(this) else None
        encode = option(options, "encodeURIComponent", own) or escape
        if not is_object(given):
            return ""
        parts = []
        for key in shim.keys(given):
            value = shim.get(given, key)
            many = value if isinstance(value, (list, tuple)) else [value]
            name = shim.call(encode, None, key)
            parts += [
                f"{name}{equals}{shim.call(encode, None, _word(one))}" for one in many
            ]
        return str(separator).join(parts)

    def parse(
        this: Any, text: Any, sep: Any = None, eq: Any = None, options: Any = None
    ) -> Any:
        if not isinstance(text, str) or not text:
            return shim.create(shim.null)
        separator = "&" if sep in (None, shim.null, "") else shim.to_string(sep)
        equals = "=" if eq in (None, shim.null, "") else shim.to_string(eq)
        own = shim.get(this, "unescape") if is_object(this) else None
        decode = option(options, "decodeURIComponent", own) or unescape
        most = float(shim.to_number(option(options, "maxKeys", 1000)))
        return _parse(text, separator, equals, most, decode)


def _unescape_buffer(s: Any, decodeSpaces: Any = None) -> Any:
    text = str(shim.to_string(s))
    return shim.Buffer(
        unquote_to_bytes(text.replace("+", " ") if decodeSpaces else text)
    )


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)
    shim.set(made, "unescapeBuffer", function(_unescape_buffer, "unescapeBuffer"))
    shim.set(made, "encode", shim.get(made, "stringify"))
    shim.set(made, "decode", shim.get(made, "parse"))
    return made
