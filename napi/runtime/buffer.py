"""The face of Node's Buffer: a Uint8Array that knows encodings (Node.js, Buffer)."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Callable, Iterable
from typing import Any

from napi._native import shim
from napi.runtime.builtin import install

__all__ = [
    "add_buffer_methods",
    "alloc",
    "byte_length",
    "concat",
    "decode",
    "encode",
    "from_",
    "is_buffer",
]

_LATIN1 = ("latin1", "binary")
_UTF16 = ("utf16le", "utf-16le", "ucs2", "ucs-2")


def _unbase64(text: str) -> bytes:
    cleaned = text.replace("-", "+").replace("_", "/")
    kept = "".join(c for c in cleaned.split("=")[0] if c.isalnum() or c in "+/")
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return base64.b64decode(kept + "=" * (-len(kept) % 4))


def _unhex(text: str) -> bytes:
    valid = 0
    while valid < len(text) and text[valid] in "0123456789abcdefABCDEF":
        valid += 1
    return binascii.unhexlify(text[: valid - valid % 2])


def encode(text: str, encoding: str = "utf8") -> bytes:
    """The bytes of a text.

    Args:
        text: Any string; lone surrogates become U+FFFD in UTF-8.
        encoding: utf8, hex, base64, base64url, latin1, binary, ascii or utf16le.

    Raises:
        TypeError: The encoding is unknown.
    """
    name = encoding.lower()
    if name in ("utf8", "utf-8"):
        try:
            return text.encode()
        except UnicodeEncodeError:
            units = text.encode("utf-16-le", "surrogatepass")
            return units.decode("utf-16-le", "replace").encode()
    if name == "hex":
        return _unhex(text)
    if name in ("base64", "base64url"):
        return _unbase64(text)
    units = text.encode("utf-16-le", "surrogatepass")
    if name in _UTF16:
        return units
    if name in (*_LATIN1, "ascii"):
        return units[::2]
    raise TypeError(f"Unknown encoding: {encoding}")


def decode(data: bytes, encoding: str = "utf8") -> str:
    """The text of bytes.

    Args:
        data: The bytes; what is not UTF-8 becomes U+FFFD.
        encoding: As for :func:`encode`.

    Raises:
        TypeError: The encoding is unknown.
    """
    name = encoding.lower()
    if name in ("utf8", "utf-8"):
        return data.decode("utf-8", "replace")
    if name == "hex":
        return data.hex()
    if name == "base64":
        return base64.b64encode(data).decode()
    if name == "base64url":
        return base64.urlsafe_b64encode(data).decode().rstrip("=")
    if name in _LATIN1:
        return data.decode("latin-1")
    if name == "ascii":
        return bytes(b & 0x7F for b in data).decode("ascii")
    if name in _UTF16:
        return data[: len(data) & ~1].decode("utf-16-le", "surrogatepass")
    raise TypeError(f"Unknown encoding: {encoding}")


def from_(data: Any, encoding: Any = None, length: Any = None) -> Any:
    """Makes a Buffer: of a text, of bytes (copied), or over an ArrayBuffer.

    Args:
        data: A ``str``, a bytes-like object, numbers, or an ArrayBuffer.
        encoding: The encoding of a text; the byte offset into an ArrayBuffer.
        length: The length over an ArrayBuffer, in bytes.
    """
    if isinstance(data, str):
        return shim.Buffer(encode(data, encoding or "utf8"))
    if isinstance(data, (shim.ArrayBuffer, shim.SharedArrayBuffer)):
        return shim.Buffer(data, encoding or 0, length)
    return shim.Buffer(data)


def alloc(length: Any, fill: Any = 0, encoding: str = "utf8") -> Any:
    """Makes a Buffer of ``length`` bytes.

    Args:
        length: Bytes.
        fill: A number, a text or bytes to repeat.
        encoding: The encoding of a text.
    """
    made = shim.Buffer(int(length))
    if fill:
        _fill(made, fill, 0, len(made), encoding)
    return made


def concat(buffers: Iterable[Any], length: int | None = None) -> Any:
    """Joins buffers into a new one.

    Args:
        buffers: Bytes-like objects.
        length: Bytes of the result; cut or filled with zeros.
    """
    joined = b"".join(bytes(part) for part in buffers)
    if length is not None:
        joined = joined[:length].ljust(length, b"\0")
    return shim.Buffer(joined)


def is_buffer(value: Any = None) -> bool:
    """Tells whether the value is a Buffer."""
    return isinstance(value, shim.Buffer)


def byte_length(data: Any, encoding: str = "utf8") -> int:
    """The number of bytes of a text in an encoding, or of a bytes-like object."""
    if isinstance(data, str):
        return len(encode(data, encoding))
    return memoryview(data).nbytes


def _fill(this: Any, value: Any, start: int, end: int, encoding: str) -> None:
    if isinstance(value, str):
        pattern = encode(value, encoding)
    elif isinstance(value, (int, float)):
        pattern = bytes([int(value) & 255])
    else:
        pattern = bytes(value)
    if not pattern or end <= start:
        return
    repeated = pattern * ((end - start) // len(pattern) + 1)
    memoryview(this)[start:end] = repeated[: end - start]


def _bounds(this: Any, start: Any, end: Any) -> tuple[int, int]:
    size = len(this)
    first = 0 if start is None else int(start)
    last = size if end is None else int(end)
    first = max(size + first, 0) if first < 0 else min(first, size)
    last = max(size + last, 0) if last < 0 else min(last, size)
    return first, max(first, last)


class _BufferPrototype:
    def toString(
        this: Any, encoding: Any = None, start: Any = None, end: Any = None
    ) -> str:
        first, last = _bounds(this, start, end)
        return decode(bytes(this)[first:last], encoding or "utf8")

    def toJSON(this: Any) -> Any:
        return shim.Object({"type": "Buffer", "data": shim.Array(this)})

    def equals(this: Any, other: Any) -> bool:
        return bytes(this) == bytes(other)

    def compare(this: Any, other: Any) -> int:
        left, right = bytes(this), bytes(other)
        return (left > right) - (left < right)

    def subarray(this: Any, start: Any = None, end: Any = None) -> Any:
        first, last = _bounds(this, start, end)
        return this[first:last]

    def slice(this: Any, start: Any = None, end: Any = None) -> Any:
        first, last = _bounds(this, start, end)
        return this[first:last]

    def copy(
        this: Any, target: Any, at: Any = None, start: Any = None, end: Any = None
    ) -> int:
        first, last = _bounds(this, start, end)
        offset = int(at or 0)
        count = max(min(last - first, memoryview(target).nbytes - offset), 0)
        data = bytes(this)[first : first + count]
        memoryview(target).cast("B")[offset : offset + count] = data
        return count

    def write(
        this: Any, text: str, at: Any = None, length: Any = None, encoding: Any = None
    ) -> int:
        if isinstance(at, str):
            at, encoding = None, at
        elif isinstance(length, str):
            length, encoding = None, length
        offset = int(at or 0)
        room = len(this) - offset
        if length is not None:
            room = min(room, int(length))
        data = encode(text, encoding or "utf8")[: max(room, 0)]
        memoryview(this)[offset : offset + len(data)] = data
        return len(data)

    def fill(
        this: Any, value: Any, start: Any = None, end: Any = None, encoding: Any = None
    ) -> Any:
        if isinstance(start, str):
            start, encoding = None, start
        first, last = _bounds(this, start, end)
        _fill(this, value, first, last, encoding or "utf8")
        return this

    def indexOf(this: Any, value: Any, start: Any = None, encoding: Any = None) -> int:
        if isinstance(value, (int, float)):
            needle = bytes([int(value) & 255])
        elif isinstance(value, str):
            needle = encode(value, encoding or "utf8")
        else:
            needle = bytes(value)
        return bytes(this).find(needle, _bounds(this, start, None)[0])

    def includes(
        this: Any, value: Any, start: Any = None, encoding: Any = None
    ) -> bool:
        return _BufferPrototype.indexOf(this, value, start, encoding) >= 0


_NUMBERS = {
    "Int8": "b",
    "UInt8": "B",
    "Int16LE": "<h",
    "Int16BE": ">h",
    "UInt16LE": "<H",
    "UInt16BE": ">H",
    "Int32LE": "<i",
    "Int32BE": ">i",
    "UInt32LE": "<I",
    "UInt32BE": ">I",
    "BigInt64LE": "<q",
    "BigInt64BE": ">q",
    "BigUInt64LE": "<Q",
    "BigUInt64BE": ">Q",
    "FloatLE": "<f",
    "FloatBE": ">f",
    "DoubleLE": "<d",
    "DoubleBE": ">d",
}


def _reader(layout: str, is_bigint: bool) -> Callable[..., Any]:
    def read(this: Any, offset: Any = 0) -> Any:
        try:
            value = struct.unpack_from(layout, this, int(offset))[0]
        except struct.error as error:
            raise _out_of_range(offset) from error
        return shim.BigInt(value) if is_bigint else value

    return read


def _writer(layout: str) -> Callable[..., Any]:
    def write(this: Any, value: Any, offset: Any = 0) -> Any:
        try:
            struct.pack_into(layout, this, int(offset), value)
        except struct.error as error:
            raise _out_of_range(value) from error
        return int(offset) + struct.calcsize(layout)

    return write


def _out_of_range(value: Any) -> Exception:
    from napi.runtime.error import RangeError

    error = RangeError(f"The value or offset is out of range. Received {value}")
    error.code = "ERR_OUT_OF_RANGE"
    return error


def add_buffer_methods(prototype: Any) -> None:
    """Fills Buffer.prototype."""
    install(prototype, _BufferPrototype)
    members = {}
    for name, layout in _NUMBERS.items():
        members[f"read{name}"] = _reader(layout, "Big" in name)
        members[f"write{name}"] = _writer(layout)
    for name, function in members.items():
        function.__name__ = function.__qualname__ = name
    install(prototype, type("Numbers", (), members))
