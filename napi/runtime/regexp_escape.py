"""RegExp.escape (ECMA-262 2025, chapter 22.2.5.1)."""

from __future__ import annotations

from napi.runtime.utf16 import lone_surrogate

__all__ = ["escape"]

_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
_CONTROLS = {"\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r"}
_OTHERS = frozenset(",-=<>#&!%:;@~'`\"")
_SPACE = frozenset(
    " \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)


def _coded(letter: str) -> str:
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _encode(letter: str) -> str:
    if letter in _SYNTAX:
        return "\\" + letter
    if letter in _CONTROLS:
        return _CONTROLS[letter]
    if letter in _OTHERS or letter in _SPACE or lone_surrogate.match(letter):
        return _coded(letter)
    return letter


def escape(text: str) -> str:
    """A text as a pattern that matches just it.

    Args:
        text: Any text.
    """
    first = text[:1]
    if first.isascii() and first.isalnum():
        return _coded(first) + "".join(map(_encode, text[1:]))
    return "".join(map(_encode, text))
