"""Bytes and texts: the encodings of Node's Buffer (Node.js, Buffer)."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

__all__ = ["decode", "encode", "is_encoding", "known_encoding"]

_NAMES = {
    "utf8": "utf8",
    "utf-8": "utf8",
    "hex": "hex",
    "base64": "base64",
    "base64url": "base64url",
    "latin1": "latin1",
    "binary": "latin1",
    "ascii": "ascii",
    "ucs2": "utf16le",
    "ucs-2": "utf16le",
    "utf16le": "utf16le",
    "utf-16le": "utf16le",
}
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})*")


def is_encoding(name: Any) -> bool:
    """Whether a value is the name of an encoding."""
    return isinstance(name, str) and name.lower() in _NAMES


def known_encoding(name: Any) -> str:
    """The canonical name of an encoding.

    Raises:
        napi.TypeError: It is unknown (``ERR_UNKNOWN_ENCODING``).
    """
    found = _NAMES.get(name.lower()) if isinstance(name, str) else None
    if found is None:
        from napi._native import shim
        from napi.runtime.error import TypeError

        error = TypeError(f"Unknown encoding: {shim.to_string(name)}")
        error.code = "ERR_UNKNOWN_ENCODING"
        raise error
    return found


def _unbase64(text: str) -> bytes:
    kept = text.partition("=")[0].replace("-", "+").replace("_", "/")
    kept = _NOT_BASE64.sub("", kept)
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return base64.b64decode(kept + "=" * (-len(kept) % 4))


def _unhex(text: str) -> bytes:
    found = _HEX.match(text)
    return binascii.unhexlify(found[0]) if found else b""


def encode(text: str, encoding: str = "utf8") -> bytes:
    """The bytes of a text.

    Args:
        text: Any string; lone surrogates become U+FFFD in UTF-8.
        encoding: utf8, hex, base64, base64url, latin1, binary, ascii or utf16le.

    Raises:
        napi.TypeError: The encoding is unknown.
    """
    name = known_encoding(encoding)
    if name == "utf8":
        try:
            return text.encode()
        except UnicodeEncodeError:
            units = text.encode("utf-16-le", "surrogatepass")
            return units.decode("utf-16-le", "replace").encode()
    if name == "hex":
        return _unhex(text)
    if name.startswith("base64"):
        return _unbase64(text)
    units = text.encode("utf-16-le", "surrogatepass")
    return units if name == "utf16le" else units[::2]


def decode(data: bytes, encoding: str = "utf8") -> str:
    """The text of bytes.

    Args:
        data: The bytes; what is not UTF-8 becomes U+FFFD.
        encoding: As for :func:`encode`.

    Raises:
        napi.TypeError: The encoding is unknown.
    """
    name = known_encoding(encoding)
    if name == "utf8":
        return data.decode("utf-8", "replace")
    if name == "hex":
        return data.hex()
    if name == "base64":
        return base64.b64encode(data).decode()
    if name == "base64url":
        return base64.urlsafe_b64encode(data).decode().rstrip("=")
    if name == "latin1":
        return data.decode("latin-1")
    if name == "ascii":
        return bytes(b & 0x7F for b in data).decode("ascii")
    return data[: len(data) & ~1].decode("utf-16-le", "surrogatepass")
