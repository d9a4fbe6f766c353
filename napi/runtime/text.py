"""TextEncoder and TextDecoder (WHATWG Encoding), base64, and URI escapes."""

from __future__ import annotations

import base64
import builtins
import codecs
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from napi._native import shim
from napi.runtime.error import Error, RangeError, TypeError, URIError

__all__ = [
    "TextDecoder",
    "TextEncoder",
    "atob",
    "btoa",
    "decode_uri",
    "decode_uri_component",
    "encode_uri",
    "encode_uri_component",
]

_LABELS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf-16le": "utf-16-le",
    "utf-16": "utf-16-le",
    "ucs-2": "utf-16-le",
    "utf-16be": "utf-16-be",
    "latin1": "cp1252",
    "iso-8859-1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "windows-1252": "cp1252",
}
_NAMES = {"cp1252": "windows-1252", "utf-16-le": "utf-16le", "utf-16-be": "utf-16be"}


def _well_formed(text: str) -> str:
    data = text.encode("utf-16-le", "surrogatepass")
    return data.decode("utf-16-le", "replace")


class TextEncoder:
    """Encodes texts to UTF-8."""

    __module__ = "napi"
    encoding = "utf-8"

    def __init__(self, *_: Any) -> None:
        pass

    def encode(self, text: Any = None, *_: Any) -> Any:
        """The UTF-8 bytes of a text, as a new ``Uint8Array``."""
        source = "" if text is None else _well_formed(shim.to_string(text))
        return shim.Uint8Array(source.encode())

    def encodeInto(self, text: Any, target: Any, *_: Any) -> Any:
        """Writes UTF-8 into a ``Uint8Array``; whole characters only.

        Returns:
            An object with ``read`` (UTF-16 units) and ``written`` (bytes).
        """
        view = memoryview(target).cast("B")
        read = written = 0
        for letter in _well_formed(shim.to_string(text)):
            data = letter.encode()
            if written + len(data) > len(view):
                break
            view[written : written + len(data)] = data
            written += len(data)
            read += 1 + (letter > "\uffff")
        return shim.Object(read=read, written=written)


class TextDecoder:
    """Decodes bytes; UTF-8, UTF-16 and windows-1252 are known.

    Args:
        label: The name of the encoding.
        options: An object with ``fatal`` and ``ignoreBOM``.

    Raises:
        napi.RangeError: The encoding is not known.
    """

    __module__ = "napi"

    def __init__(self, label: Any = None, options: Any = None, *_: Any) -> None:
        name = "utf-8" if label is None else shim.to_string(label).strip().lower()
        if name not in _LABELS:
            raise RangeError(f'The "{name}" encoding is not supported')
        self.__codec__ = _LABELS[name]
        self.encoding = _NAMES.get(self.__codec__, self.__codec__)
        self.fatal = _option(options, "fatal")
        self.ignoreBOM = _option(options, "ignoreBOM")
        self.__decoder__: codecs.IncrementalDecoder | None = None

    def decode(self, data: Any = None, options: Any = None, *_: Any) -> str:
        """The text of some bytes.

        Args:
            data: A buffer of any kind.
            options: An object; with ``stream`` true, more bytes are to follow.

        Raises:
            napi.TypeError: The bytes are not valid, and the decoder is fatal.
        """
        fresh = self.__decoder__ is None
        decoder = self.__decoder__ or codecs.getincrementaldecoder(self.__codec__)(
            "strict" if self.fatal else "replace"
        )
        more = _option(options, "stream")
        raw = b"" if data is None else bytes(memoryview(data))
        try:
            text = decoder.decode(raw, not more)
        except UnicodeDecodeError:
            self.__decoder__ = None
            error = TypeError(
                f"The encoded data was not valid for encoding {self.encoding}"
            )
            error.code = "ERR_ENCODING_INVALID_ENCODED_DATA"
            raise error from None
        self.__decoder__ = decoder if more else None
        if fresh and not self.ignoreBOM and text.startswith("\ufeff"):
            return text[1:]
        return text


def _option(options: Any, name: str) -> bool:
    if options is None or options is shim.null:
        return False
    return bool(shim.to_boolean(shim.get(options, name)))


def atob(text: Any = None, *_: Any) -> str:
    """The function atob: base64 to a text of bytes."""
    source = "".join(shim.to_string(text).split())
    try:
        source = source[:-2] if source.endswith("==") else source.removesuffix("=")
        if len(source) % 4 == 1:
            raise ValueError
        padded = source + "=" * (-len(source) % 4)
        return base64.b64decode(padded, validate=True).decode("latin-1")
    except ValueError:
        error = Error("The string to be decoded is not correctly encoded.")
        error.name = "InvalidCharacterError"
        raise error from None


def btoa(text: Any = None, *_: Any) -> str:
    """The function btoa: a text of bytes to base64."""
    try:
        return base64.b64encode(shim.to_string(text).encode("latin-1")).decode()
    except UnicodeEncodeError:
        error = Error("Invalid character")
        error.name = "InvalidCharacterError"
        raise error from None


_UNRESERVED = "-_.!~*'()"
_RESERVED = ";/?:@&=+$,#"


def _encode(text: Any, safe: str) -> str:
    try:
        return quote(shim.to_string(text), safe=safe)
    except UnicodeEncodeError:
        raise URIError("URI malformed") from None


def encode_uri(text: Any = None, *_: Any) -> str:
    """The function encodeURI (ECMA-262 19.2.6.3)."""
    return _encode(text, _UNRESERVED + _RESERVED)


def encode_uri_component(text: Any = None, *_: Any) -> str:
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


def decode_uri(text: Any = None, *_: Any) -> str:
    """The function decodeURI (ECMA-262 19.2.6.1)."""
    return _decode(text, _RESERVED)


def decode_uri_component(text: Any = None, *_: Any) -> str:
    """The function decodeURIComponent (ECMA-262 19.2.6.2)."""
    return _decode(text, "")
