"""Base64 (HTML, chapter 8.3) and URI escapes (ECMA-262, 19.2.6 and B.2.1)."""

from __future__ import annotations

import base64
import builtins
import re
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from napi._native import shim
from napi.runtime.error import URIError
from napi.runtime.utf16 import join, split

__all__ = [
    "atob",
    "btoa",
    "decode_uri",
    "decode_uri_component",
    "encode_uri",
    "encode_uri_component",
    "escape",
    "unescape",
]


def _invalid(message: str) -> Any:
    from napi.runtime.domexception import DOMException

    return shim.construct(DOMException, message, "InvalidCharacterError")


_NO_BASE64 = re.compile("[^A-Za-z0-9+/]")


def atob(text: Any) -> str:
    """The function atob: base64 to a text of bytes.

    Raises:
        napi.Error: It is no base64 (``InvalidCharacterError``).
    """
    source = re.sub("[\t\n\f\r ]", "", shim.to_string(text))
    try:
        if len(source) % 4 == 0:
            source = source[:-2] if source.endswith("==") else source.removesuffix("=")
        if not source.isascii() or "=" in source or _NO_BASE64.search(source):
            raise _invalid("Invalid character")
        if len(source) % 4 == 1:
            raise ValueError
        padded = source + "=" * (-len(source) % 4)
        return base64.b64decode(padded, validate=True).decode("latin-1")
    except ValueError:
        raise _invalid("The string to be decoded is not correctly encoded.") from None


def btoa(text: Any) -> str:
    """The function btoa: a text of bytes to base64.

    Raises:
        napi.Error: It has characters beyond U+00FF (``InvalidCharacterError``).
    """
    try:
        return base64.b64encode(shim.to_string(text).encode("latin-1")).decode()
    except UnicodeEncodeError:
        raise _invalid("Invalid character") from None


_PLAIN = re.compile(r"[^A-Za-z0-9@*_+\-./]")
_ESCAPED = re.compile(r"%u([0-9A-Fa-f]{4})|%([0-9A-Fa-f]{2})")


def escape(text: Any) -> str:
    """The function escape (B.2.1.1)."""

    def encode(found: re.Match[str]) -> str:
        code = ord(found[0])
        return f"%{code:02X}" if code < 256 else f"%u{code:04X}"

    return _PLAIN.sub(encode, split(shim.to_string(text)))


def unescape(text: Any) -> str:
    """The function unescape (B.2.1.2)."""
    source = _ESCAPED.sub(lambda m: chr(int(m[1] or m[2], 16)), shim.to_string(text))
    return join(source)


_UNRESERVED = "-_.!~*'()"
_RESERVED = ";/?:@&=+$,#"


def _encode(text: Any, safe: str) -> str:
    try:
        return quote(shim.to_string(text), safe=safe)
    except UnicodeEncodeError:
        raise URIError("URI malformed") from None


def encode_uri(text: Any) -> str:
    """The function encodeURI (ECMA-262 19.2.6.3)."""
    return _encode(text, _UNRESERVED + _RESERVED)


def encode_uri_component(text: Any) -> str:
    """The function encodeURIComponent (ECMA-262 19.2.6.4)."""
    return _encode(text, _UNRESERVED)


def _decode(text: Any, keep: str) -> str:
    source = shim.to_string(text)
    pieces = source.split("%")
    if any(len(p) < 2 or not _is_hex(p[:2]) for p in pieces[1:]):
        raise URIError("URI malformed")
    for letter in keep:
        escape = f"%{ord(letter):02X}"
        source = source.replace(escape, "%25" + escape[1:])
        source = source.replace(escape.lower(), "%25" + escape[1:].lower())
    try:
        return unquote_to_bytes(source).decode("utf-8")
    except builtins.ValueError:
        raise URIError("URI malformed") from None


def _is_hex(text: str) -> bool:
    return all(letter in "0123456789abcdefABCDEF" for letter in text)


def decode_uri(text: Any) -> str:
    """The function decodeURI (ECMA-262 19.2.6.1)."""
    return _decode(text, _RESERVED)


def decode_uri_component(text: Any) -> str:
    """The function decodeURIComponent (ECMA-262 19.2.6.2)."""
    return _decode(text, "")
