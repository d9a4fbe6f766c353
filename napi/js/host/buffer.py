"""``buffer``: Buffer, Blob, File, transcoding, and the limits."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import exports_of, lazy, make
from napi.runtime.buffer import INSPECTED, decode, encode
from napi.runtime.buffer_text import is_encoding, known_encoding
from napi.runtime.builtin import trim

__all__ = ["exports", "is_encoding"]

_LENGTH = 2**53 - 1
_STRING = 2**29 - 24
_CODES = ("utf8", "ascii", "latin1", "utf16le")


def _transcode(source: Any, old: Any, new: Any) -> Any:
    if not isinstance(source, shim.TypedArray):
        raise invalid_type("source", ["Buffer", "Uint8Array"], source)
    names = [known_encoding(one) if is_encoding(one) else "" for one in (old, new)]
    if any(name not in _CODES for name in names):
        text = "Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]"
        raise node_error("Error", "U_ILLEGAL_ARGUMENT_ERROR", text, errno=1)
    text = decode(bytes(source), names[0])
    if names[1] in ("ascii", "latin1"):
        codec = names[1].replace("latin1", "latin-1")
        return shim.Buffer(text.encode(codec, "replace"))
    return shim.Buffer(encode(text, names[1]))


def _raw(value: Any) -> bytes:
    return bytes(memoryview(value).cast("B"))


class _Module:
    @staticmethod
    def transcode(source: Any, fromEnc: Any, toEnc: Any) -> Any:
        return _transcode(source, fromEnc, toEnc)

    @staticmethod
    def isUtf8(input: Any) -> bool:
        try:
            _raw(input).decode()
        except UnicodeDecodeError:
            return False
        return True

    @staticmethod
    def isAscii(input: Any) -> bool:
        return _raw(input).isascii()


def _resolve_url(id: Any) -> Any:
    from napi.js.host._web_blob import find_url

    return find_url(id)


def _lazily(name: str) -> Any:
    def make() -> Any:
        from napi.js.host import _web_blob

        return getattr(_web_blob, name)

    return make


def _slow_buffer(length: Any) -> Any:
    return shim.Buffer(int(shim.to_number(length)))


def exports() -> Any:
    """The module."""
    made = shim.Object()
    realm = shim.get_global()
    shim.set(made, "Buffer", shim.get(realm, "Buffer"))
    exports_of(_Module, made)
    shim.set(made, "SlowBuffer", trim(_slow_buffer, "SlowBuffer"))
    for name in ("atob", "btoa"):
        shim.set(made, name, shim.get(realm, name))
    for name in ("Blob", "File"):
        lazy(made, name, _lazily(name))
    shim.set(made, "resolveObjectURL", trim(_resolve_url, "resolveObjectURL"))
    shim.set(made, "kMaxLength", _LENGTH)
    shim.set(made, "kStringMaxLength", _STRING)
    limits = make(MAX_LENGTH=_LENGTH, MAX_STRING_LENGTH=_STRING)
    shim.set(made, "constants", limits)

    def set_limit(value: Any = None, *_: Any) -> None:
        INSPECTED[0] = int(shim.to_number(value))

    shim.define(
        made,
        "INSPECT_MAX_BYTES",
        get=lambda *_: INSPECTED[0],
        set=set_limit,
        enumerable=True,
        configurable=True,
    )
    return made
