"""Uint8Array's base64 and hex (ECMA-262 2026, chapter 23.3)."""

from __future__ import annotations

import base64 as _base64
from typing import Any

from napi._native import shim
from napi.runtime.builtin import sized
from napi.runtime.coerce import is_object, show
from napi.runtime.error import SyntaxError, TypeError

__all__ = ["_Uint8Statics"]

_SPACE = "\t\n\f\r "
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}


def _bytes(this: Any) -> Any:
    if not isinstance(this, shim.Uint8Array):
        raise TypeError(f"Receiver should be a Uint8Array, not {show(this)}")
    if getattr(shim.get(this, "buffer"), "detached", False):
        raise TypeError("Cannot perform the method on a detached ArrayBuffer")
    return this


def _options(options: Any) -> Any:
    if options is not None and not is_object(options):
        raise TypeError("options is not an object")
    return options


def _choice(options: Any, name: str, choices: tuple[str, ...]) -> str:
    value = None if options is None else shim.get(options, name)
    if value is None:
        return choices[0]
    if value not in choices:
        raise TypeError(f"Invalid {name} option")
    return str(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("input argument must be a string")
    return value


def _decode(
    text: str, alphabet: str, last: str, limit: float
) -> tuple[int, bytearray, Any]:
    """FromBase64 (10.4.1): how much was read, the bytes, and an error or ``None``."""
    found, chunk, read, at = bytearray(), "", 0, 0
    while True:
        while at < len(text) and text[at] in _SPACE:
            at += 1
        if at == len(text):
            break
        letter = text[at]
        at += 1
        if letter == "=":
            return _padded(text, at, chunk, last, found, read)
        if alphabet == "base64url":
            letter = (
                {"-": "+", "_": "/"}.get(letter, "?") if letter in "-_+/" else letter
            )
        if letter not in _VALUES:
            return read, found, SyntaxError("The base64 string has invalid characters")
        left = limit - len(found)
        if (left == 1 and len(chunk) == 2) or (left == 2 and len(chunk) == 3):
            return read, found, None
        chunk += letter
        if len(chunk) == 4:
            found += _full(chunk)
            chunk, read = "", at
            if len(found) == limit:
                return read, found, None
    if chunk:
        if last == "stop-before-partial":
            return read, found, None
        if last == "strict" or len(chunk) == 1:
            return read, found, SyntaxError("The base64 string is incomplete")
        found += _partial(chunk)
    return len(text), found, None


def _full(chunk: str) -> bytes:
    return _base64.b64decode(chunk)


def _partial(chunk: str) -> bytes:
    return _base64.b64decode(chunk + "=" * (4 - len(chunk)))


def _padded(
    text: str, at: int, chunk: str, last: str, found: bytearray, read: int
) -> tuple[int, bytearray, Any]:
    bad = SyntaxError("The base64 string has invalid padding")
    if len(chunk) < 2:
        return read, found, bad
    rest = text[at:].lstrip(_SPACE)
    if len(chunk) == 2:
        if not rest:
            if last == "stop-before-partial":
                return read, found, None
            return read, found, bad
        if rest[0] != "=":
            return read, found, bad
        rest = rest[1:].lstrip(_SPACE)
    if rest:
        return read, found, bad
    bits = _VALUES[chunk[-1]] & (15 if len(chunk) == 2 else 3)
    if last == "strict" and bits:
        return read, found, SyntaxError("The base64 string has extra bits")
    found += _partial(chunk)
    return len(text), found, None


def _unhex(text: str, limit: float) -> tuple[int, bytearray, Any]:
    found, at = bytearray(), 0
    if len(text) % 2:
        return (
            0,
            found,
            SyntaxError("Input string must contain hex characters in even length"),
        )
    while at < len(text) and len(found) < limit:
        pair = text[at : at + 2]
        if any(one not in "0123456789abcdefABCDEF" for one in pair):
            return (
                at,
                found,
                SyntaxError("Input string must contain hex characters in even length"),
            )
        found.append(int(pair, 16))
        at += 2
    return at, found, None


def _write(this: Any, read: int, found: bytearray, error: Any) -> Any:
    with memoryview(this) as view:
        view[: len(found)] = found
    if error is not None:
        raise error
    return shim.Object(read=read, written=len(found))


_LAST = ("loose", "strict", "stop-before-partial")
_ALPHABETS = ("base64", "base64url")


class _Uint8Methods:
    @sized(1)
    def setFromBase64(this: Any, text: Any = None, options: Any = None) -> Any:
        if not isinstance(this, shim.Uint8Array):
            _bytes(this)
        source, given = _text(text), _options(options)
        alphabet = _choice(given, "alphabet", _ALPHABETS)
        last = _choice(given, "lastChunkHandling", _LAST)
        limit = len(_bytes(this))
        if not limit:
            return shim.Object(read=0, written=0)
        return _write(this, *_decode(source, alphabet, last, limit))

    def setFromHex(this: Any, text: Any) -> Any:
        if not isinstance(this, shim.Uint8Array):
            _bytes(this)
        source = _text(text)
        return _write(this, *_unhex(source, len(_bytes(this))))

    @sized(0)
    def toBase64(this: Any, options: Any = None) -> str:
        if not isinstance(this, shim.Uint8Array):
            _bytes(this)
        given = _options(options)
        alphabet = _choice(given, "alphabet", _ALPHABETS)
        bare = given is not None and shim.to_boolean(shim.get(given, "omitPadding"))
        data = bytes(_bytes(this))
        encode = (
            _base64.b64encode if alphabet == "base64" else _base64.urlsafe_b64encode
        )
        shown = encode(data).decode()
        return shown.rstrip("=") if bare else shown

    def toHex(this: Any) -> str:
        return bytes(_bytes(this)).hex()


class _Uint8Statics:
    @sized(1)
    def fromBase64(text: Any, options: Any = None) -> Any:
        source, given = _text(text), _options(options)
        alphabet = _choice(given, "alphabet", _ALPHABETS)
        last = _choice(given, "lastChunkHandling", _LAST)
        _, found, error = _decode(source, alphabet, last, float("inf"))
        if error is not None:
            raise error
        return shim.Uint8Array(bytes(found))

    def fromHex(text: Any) -> Any:
        _, found, error = _unhex(_text(text), float("inf"))
        if error is not None:
            raise error
        return shim.Uint8Array(bytes(found))
