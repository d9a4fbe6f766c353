"""``string_decoder``: bytes in pieces, text without torn characters."""

from __future__ import annotations

import base64
from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import getter, klass, make
from napi.runtime import buffer as _buffer

__all__ = ["Decoder", "exports"]

_NAMES = {
    "utf8": "utf8",
    "utf-8": "utf8",
    "ucs2": "utf16le",
    "ucs-2": "utf16le",
    "utf16le": "utf16le",
    "utf-16le": "utf16le",
    "latin1": "latin1",
    "binary": "latin1",
    "base64": "base64",
    "base64url": "base64url",
    "ascii": "ascii",
    "hex": "hex",
}


class Decoder:
    """Decodes pieces; what a piece leaves incomplete waits for the next one."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.rest = b""

    def _complete(self, data: bytes) -> int:
        """How many of the bytes can be decoded now."""
        if self.encoding == "utf8":
            return _whole_utf8(data)
        if self.encoding == "utf16le":
            size = len(data) & ~1
            high = size and 0xD8 <= data[size - 1] <= 0xDB
            return size - 2 if high else size
        if self.encoding.startswith("base64"):
            return len(data) - len(data) % 3
        return len(data)

    def write(self, data: bytes) -> str:
        """The text of what is complete."""
        data = self.rest + data
        size = self._complete(data)
        self.rest = data[size:]
        return _buffer.decode(data[:size], self.encoding)

    def end(self, data: bytes = b"") -> str:
        """The text of all; a torn character at the end becomes U+FFFD."""
        text = self.write(data)
        rest, self.rest = self.rest, b""
        if rest and self.encoding == "base64url":
            return text + base64.urlsafe_b64encode(rest).decode().rstrip("=")
        return text + _buffer.decode(rest, self.encoding) if rest else text


def _whole_utf8(data: bytes) -> int:
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte < 0x80:
            return len(data)
        if byte >= 0xC0:
            need = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            if byte > 0xF4 or back >= need:
                return len(data)
            try:
                (data[-back:] + b"\x80" * (need - back)).decode()
            except UnicodeDecodeError:
                low = data[-back:] + b"\xbf" * (need - back)
                try:
                    low.decode()
                except UnicodeDecodeError:
                    return len(data)
            return len(data) - back
    return len(data)


_DECODER = shim.Symbol("kNativeDecoder")


def _init(this: Any, encoding: Any = None) -> None:
    wanted = "utf8" if encoding in (None, shim.null, "") else encoding
    name = _NAMES.get(str(shim.to_string(wanted)).lower())
    if name is None:
        text = f"Unknown encoding: {shim.to_string(encoding)}"
        raise node_error("TypeError", "ERR_UNKNOWN_ENCODING", text)
    shim.set(this, "encoding", name)
    # The state is kept where JavaScript cannot see it, as in Node.
    shim.define(this, _DECODER, value=Decoder(name), writable=True)


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return str(value).encode("utf-8", "replace")
    if not isinstance(value, (shim.TypedArray, shim.DataView)):
        raise invalid_type("buf", ["Buffer", "TypedArray", "DataView"], value)
    return bytes(memoryview(value).cast("B"))


class _Members:
    def write(this: Any, buf: Any) -> str:
        if isinstance(buf, str):
            return buf
        text: str = shim.get(this, _DECODER).write(_bytes(buf))
        return text

    def end(this: Any, buf: Any = None) -> str:
        data = b"" if buf is None else _bytes(buf)
        text: str = shim.get(this, _DECODER).end(data)
        return text


def exports() -> Any:
    """The module."""
    made = klass("StringDecoder", _init, _Members, call=True)
    prototype = shim.get(made, "prototype")
    getter(prototype, "lastNeed", lambda this: _torn(this)[0])
    getter(prototype, "lastTotal", lambda this: _torn(this)[1])
    return make(StringDecoder=made)


def _torn(this: Any) -> tuple[int, int]:
    """How many bytes a character lacks that is incomplete, of how many."""
    decoder = shim.get(this, _DECODER)
    rest = decoder.rest
    if not rest:
        return 0, 0
    if decoder.encoding == "utf8":
        total = 2 + (rest[0] >= 0xE0) + (rest[0] >= 0xF0)
    elif decoder.encoding == "utf16le":
        total = 2 if len(rest) < 2 else 4
    else:
        total = 3
    return total - len(rest), total
