"""``punycode``: names of hosts in ASCII (RFC 3492)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._kit import exports_of, make

__all__ = ["exports"]

_DOTS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61", "."))


def _encode(text: str) -> str:
    return text.encode("punycode").decode("ascii")


def _decode(text: str) -> str:
    try:
        return text.encode("ascii").decode("punycode")
    except UnicodeError:
        from napi.runtime.error import RangeError

        raise RangeError("Invalid input") from None


def _labels(domain: Any, change: Callable[[str], str]) -> str:
    name, at, host = str(shim.to_string(domain)).rpartition("@")
    return name + at + ".".join(map(change, host.translate(_DOTS).split(".")))


class _Module:
    @staticmethod
    def decode(string: Any) -> str:
        return _decode(shim.to_string(string))

    @staticmethod
    def encode(string: Any) -> str:
        return _encode(shim.to_string(string))

    @staticmethod
    def toASCII(domain: Any) -> str:
        return _labels(
            domain, lambda one: one if one.isascii() else f"xn--{_encode(one)}"
        )

    @staticmethod
    def toUnicode(domain: Any) -> str:
        def change(label: str) -> str:
            return _decode(label[4:].lower()) if label.startswith("xn--") else label

        return _labels(domain, change)


class _Ucs2:
    @staticmethod
    def decode(string: Any) -> Any:
        return shim.Array([ord(letter) for letter in shim.to_string(string)])

    @staticmethod
    def encode(codePoints: Any) -> str:
        return "".join(map(chr, codePoints))


def exports() -> Any:
    """The module."""
    made = make(version="2.1.0", ucs2=exports_of(_Ucs2))
    return exports_of(_Module, made)
