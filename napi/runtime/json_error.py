"""Where and why a text is no JSON, in V8's words."""

from __future__ import annotations

import re

__all__ = ["complaint"]

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_LITERALS = ("true", "false", "null")
_SHORT = 40
_AROUND = 10
_SPECIAL = ("undefined", "NaN", "Infinity", "[object Object]")


class _Found(Exception):
    """The first error: its text, or None for an unexpected token, and its place."""

    def __init__(self, text: str | None, at: int) -> None:
        super().__init__(text)
        self.text, self.at = text, at


class _Scanner:
    """Reads as V8's parser does, and stops where that one would."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self) -> str:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found is not None else self.at
        return self.text[self.at : self.at + 1]

    def whole(self) -> None:
        self.value()
        if self.peek():
            raise _Found("Unexpected non-whitespace character after JSON", self.at)

    def value(self) -> None:
        # A work list of what closes: depth does not matter.
        closing: list[str] = []
        while True:
            opened = self.begin()
            if opened:
                closing.append(opened)
                continue
            while closing:
                if not self.after(closing):
                    break
            else:
                return

    def begin(self) -> str:
        """One scalar, or the opening of a container that is not empty."""
        letter = self.peek()
        if letter == "[":
            self.at += 1
            if self.peek() == "]":
                self.at += 1
                return ""
            return "]"
        if letter == "{":
            self.at += 1
            if self.peek() == "}":
                self.at += 1
                return ""
            self.name("Expected property name or '}' in JSON")
            return "}"
        self.scalar(letter)
        return ""

    def after(self, closing: list[str]) -> bool:
        """What follows a member: False: another one."""
        letter = self.peek()
        if letter == closing[-1]:
            self.at += 1
            closing.pop()
            return True
        if letter != ",":
            kind = "array element" if closing[-1] == "]" else "property value"
            raise _Found(
                f"Expected ',' or '{closing[-1]}' after {kind} in JSON", self.at
            )
        self.at += 1
        if closing[-1] == "}":
            self.peek()
            self.name("Expected double-quoted property name in JSON")
        return False

    def name(self, text: str) -> None:
        if self.peek() != '"':
            raise _Found(text, self.at)
        self.string()
        if self.peek() != ":":
            raise _Found("Expected ':' after property name in JSON", self.at)
        self.at += 1

    def scalar(self, letter: str) -> None:
        if letter == '"':
            self.string()
        elif letter and (letter == "-" or letter in "0123456789"):
            self.number()
        else:
            for literal in _LITERALS:
                if letter == literal[0]:
                    self.literal(literal)
                    return
            raise _Found(None, self.at)

    def literal(self, literal: str) -> None:
        for letter in literal:
            if self.text[self.at : self.at + 1] != letter:
                raise _Found(None, self.at)
            self.at += 1

    def number(self) -> None:
        found = _NUMBER.match(self.text, self.at)
        if found is None:
            raise _Found("No number after minus sign in JSON", self.at + 1)
        self.at = found.end()
        letter = self.text[self.at : self.at + 1]
        if found[0].endswith("0") and found[0] in ("0", "-0") and letter.isdigit():
            raise _Found("Unexpected number in JSON", self.at)
        if letter == ".":
            self.at += 1
            self.digits("Unterminated fractional number in JSON")
            letter = self.text[self.at : self.at + 1]
        if letter and letter in "eE":
            self.at += 1
            if self.text[self.at : self.at + 1] in ("+", "-"):
                self.at += 1
            self.digits("Exponent part is missing a number in JSON")

    def digits(self, text: str) -> None:
        begin = self.at
        while self.text[self.at : self.at + 1] in tuple("0123456789"):
            self.at += 1
        if begin == self.at:
            raise _Found(text, self.at)

    def string(self) -> None:
        self.at += 1
        while True:
            letter = self.text[self.at : self.at + 1]
            if not letter:
                raise _Found("Unterminated string in JSON", self.at)
            if letter == '"':
                self.at += 1
                return
            if letter < " ":
                raise _Found("Bad control character in string literal in JSON", self.at)
            self.at += 1
            if letter == "\\":
                self.escape()

    def escape(self) -> None:
        letter = self.text[self.at : self.at + 1]
        if not letter:
            raise _Found("Unterminated string in JSON", self.at)
        if letter == "u":
            for _ in range(4):
                self.at += 1
                digit = self.text[self.at : self.at + 1]
                if not digit or digit not in "0123456789abcdefABCDEF":
                    raise _Found("Bad Unicode escape in JSON", self.at)
        elif letter not in '"\\/bfnrt':
            raise _Found("Bad escaped character in JSON", self.at)
        self.at += 1


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return f" at position {at} (line {line} column {column})"


def _token(text: str, at: int) -> str:
    if at >= len(text):
        return "Unexpected end of JSON input"
    if text in _SPECIAL:
        return f'"{text}" is not valid JSON'
    if text[at] == '"':
        return "Unexpected string in JSON" + _place(text, at)
    shown = f'"{text}"'
    if len(text) > _SHORT:
        begin, end = max(at - _AROUND, 0), min(at + _AROUND, len(text))
        before = "..." if begin else ""
        after = "..." if end < len(text) else ""
        shown = f'{before}"{text[begin:end]}"{after}'
    return f"Unexpected token '{text[at]}', {shown} is not valid JSON"


def complaint(text: str) -> str:
    """The message of the SyntaxError of a text that is no JSON.

    Args:
        text: The text.
    """
    try:
        _Scanner(text).whole()
    except _Found as found:
        if found.text is None:
            return _token(text, found.at)
        return found.text + _place(text, found.at)
    return _token(text, len(text))
