"""Characters, escapes and classes of JavaScript's patterns (ECMA-262 22.2.1).

:mod:`napi.runtime.regexp_parse` is the other half: terms, groups, quantifiers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Bad", "Part", "Pattern", "Scanner"]

_DIGIT, _WORD = "0-9", "0-9A-Za-z_"
_SPACE = r"\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_LINE = r"\n\r\u2028\u2029"
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CONTROLS = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
_SPECIAL = frozenset("^$\\.*+?()[]{}|-&~#")
_MAX_REPEAT = 2**32 - 2


class Bad(Exception):
    """The pattern is not valid; the text is V8's reason."""


@dataclass
class Pattern:
    """What a pattern means.

    Attributes:
        text: The pattern for :mod:`re`; meaningless where ``exact`` is false.
        exact: :mod:`re` finds what JavaScript would.
        groups: The number of capture groups.
        names: Each group name and the groups that have it.
        context: A match depends on more than the text from its start on.
        wide: It needs case folding beyond ASCII.
    """

    text: str = ""
    exact: bool = True
    groups: int = 0
    names: dict[str, list[int]] = field(default_factory=dict)
    context: bool = False
    wide: bool = False


@dataclass
class Part:
    """A piece of the result: its text, and what a repetition has to know."""

    text: str
    nullable: bool = False
    captures: bool = False
    skips: bool = False  # it has captures that a pass may leave alone
    repeatable: bool = True


def _literal(unit: str) -> str:
    return "\\" + unit if unit in _SPECIAL else unit


def _in_class(unit: str) -> str:
    if unit.isalnum() and unit.isascii():
        return unit
    code = ord(unit)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class Scanner:
    """A pattern, and how far it was read."""

    def __init__(self, source: str, flags: str) -> None:
        self.source = source
        self.at = 0
        self.flags = flags
        self.unicode = "u" in flags or "v" in flags
        self.sets = "v" in flags
        self.ignore = "i" in flags
        self.multiline = "m" in flags
        self.dotall = "s" in flags
        self.pattern = Pattern()
        self.scope: set[str] = set()
        self.total, self.named = self._count()
        self.closed: set[int] = set()
        self.references: list[str] = []
        self.behind = 0

    def _count(self) -> tuple[int, bool]:
        """Capture groups there will be, and whether one has a name."""
        count, named, at, in_class = 0, False, 0, False
        source = self.source
        while at < len(source):
            unit = source[at]
            if unit == "\\":
                at += 1
            elif in_class:
                in_class = unit != "]"
            elif unit == "[":
                in_class = True
            elif unit == "(":
                if source[at + 1 : at + 2] != "?":
                    count += 1
                elif source[at + 2 : at + 3] == "<" and (
                    source[at + 3 : at + 4] not in ("=", "!")
                ):
                    count += 1
                    named = True
            at += 1
        return count, named

    def peek(self, size: int = 1) -> str:
        """The next characters."""
        return self.source[self.at : self.at + size]

    def take(self, text: str) -> bool:
        """Takes a text if it comes next."""
        if self.source.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def literal(self, unit: str) -> str:
        """A character as it stands for itself."""
        if self.ignore and not unit.isascii():
            self.pattern.wide = True
        return _literal(unit)

    def digits(self) -> str:
        """Takes decimal digits."""
        begin = self.at
        while self.peek() and self.peek() in "0123456789":
            self.at += 1
        return self.source[begin : self.at]

    def shorthand(self, unit: str) -> str:
        r"""``\d`` and its like, as a class."""
        mark = "^" if unit.isupper() else ""
        return f"[{mark}{_CLASSES[unit.lower()]}]"

    def octal(self) -> str:
        """Takes an octal escape of annex B."""
        text = ""
        while len(text) < 3 and self.peek() and self.peek() in "01234567":
            if int(text + self.peek(), 8) > 255:
                break
            text += self.peek()
            self.at += 1
        return chr(int(text, 8))

    def property(self) -> None:
        """Takes the name of a Unicode property; the other engine knows it."""
        self.pattern.exact = False
        end = self.source.find("}", self.at)
        if not self.take("{") or end < 0:
            raise Bad("Invalid property name")
        self.at = end + 1

    def character(self, unit: str, in_class: bool) -> str:
        """The character that an escape stands for; ``unit`` was taken."""
        if unit in _CONTROLS:
            return _CONTROLS[unit]
        if unit == "c":
            return self.control(in_class)
        if unit == "0" and not (self.peek() and self.peek() in "0123456789"):
            return "\0"
        if unit in "01234567" and not self.unicode:
            self.at -= 1
            return self.octal()
        if unit == "x":
            return self.hexadecimal(2, unit)
        if unit == "u":
            return self.unicode_escape()
        if self.unicode:
            if unit in _SYNTAX or (in_class and unit == "-"):
                return unit
            if in_class and self.sets and unit in "&!#%,:;<=>@`~":
                return unit
            raise Bad(
                "Invalid class escape"
                if in_class and unit in "0123456789"
                else "Invalid decimal escape"
                if unit in "0123456789"
                else "Invalid escape"
            )
        if unit == "k" and self.named:
            raise Bad("Invalid named reference")
        return unit

    def control(self, in_class: bool) -> str:
        r"""Takes what follows ``\c``."""
        letter = self.peek()
        if letter and letter.isascii() and letter.isalpha():
            self.at += 1
            return chr(ord(letter) % 32)
        if self.unicode:
            raise Bad(
                "Invalid unicode escape" if not in_class else "Invalid class escape"
            )
        if in_class and letter and letter in "0123456789_":
            self.at += 1
            return chr(ord(letter) % 32)
        self.at -= 1  # the "c" is a character of its own
        return "\\"

    def hexadecimal(self, size: int, unit: str) -> str:
        """Takes an escape of so many hexadecimal digits."""
        text = self.peek(size)
        if len(text) == size and _is_hex(text):
            self.at += size
            return chr(int(text, 16))
        if self.unicode:
            raise Bad("Invalid Unicode escape" if unit == "u" else "Invalid escape")
        return unit

    def unicode_escape(self) -> str:
        r"""Takes what follows ``\u``."""
        if self.unicode and self.take("{"):
            end = self.source.find("}", self.at)
            text = self.source[self.at : max(end, self.at)]
            if not text or not _is_hex(text) or int(text, 16) > 0x10FFFF:
                raise Bad("Invalid Unicode escape")
            self.at = end + 1
            return chr(int(text, 16))
        high = self.hexadecimal(4, "u")
        if self.unicode and "\ud800" <= high <= "\udbff" and self.peek(2) == "\\u":
            begin = self.at
            self.at += 2
            text = self.peek(4)
            if len(text) == 4 and _is_hex(text) and 0xDC00 <= int(text, 16) <= 0xDFFF:
                self.at += 4
                code = (ord(high) - 0xD800) * 0x400 + int(text, 16) - 0xDC00
                return chr(0x10000 + code)
            self.at = begin
        return high

    def char_class(self) -> Part:
        """Takes what follows ``[``."""
        if self.sets:
            return self.set_class()
        negated = self.take("^")
        items: list[str] = []
        while not self.take("]"):
            if self.at >= len(self.source):
                raise Bad("Unterminated character class")
            low = self.class_atom()
            if self.peek() == "-" and self.peek(2) not in ("-", "-]"):
                self.at += 1
                self.class_range(items, low, self.class_atom())
            else:
                items.append(_in_class(low) if len(low) == 1 else low)
        inside = "".join(items)
        if not inside:
            return Part("(?s:.)" if negated else "(?!)")
        return Part(f"[{'^' if negated else ''}{inside}]")

    def class_range(self, items: list[str], low: str, high: str) -> None:
        """Adds a range of a class."""
        if len(low) == len(high) == 1:
            if ord(low) > ord(high):
                raise Bad("Range out of order in character class")
            items.append(f"{_in_class(low)}-{_in_class(high)}")
            return
        if self.unicode:
            raise Bad("Invalid character class")
        for one in (low, "-", high):
            items.append(_in_class(one) if len(one) == 1 else one)

    def class_atom(self) -> str:
        """One character, or the inside of a class (longer than that)."""
        unit = self.peek()
        if not unit:
            raise Bad("Unterminated character class")
        self.at += 1
        if unit != "\\":
            if self.ignore and not unit.isascii():
                self.pattern.wide = True
            return unit
        unit = self.peek()
        if not unit:
            raise Bad("\\ at end of pattern")
        self.at += 1
        if unit == "b":
            return "\b"
        if unit in "dws":
            return _CLASSES[unit]
        if unit in "DWS":
            return _complement(unit.lower())
        if unit in "pP" and self.unicode:
            self.property()
            return "\\n\\n"
        found = self.character(unit, True)
        if self.ignore and not found.isascii():
            self.pattern.wide = True
        return found

    def set_class(self) -> Part:
        """A class of the flag v: the other engine knows what is in it."""
        self.pattern.exact = False
        depth = 1
        while depth:
            unit = self.peek()
            if not unit:
                raise Bad("Unterminated character class")
            self.at += 2 if unit == "\\" else 1
            depth += (unit == "[") - (unit == "]")
        return Part("(?s:.)")


def _complement(kind: str) -> str:
    ranges = {
        "d": r"\x00-/:-\U0010ffff",
        "w": r"\x00-/:-@\[-\^`{-\U0010ffff",
        "s": r"\x00-\x08\x0e-\x1f!-\x9f\xa1-\u167f\u1681-\u1fff\u200b-\u2027"
        r"\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\U0010ffff",
    }
    return ranges[kind]


def _is_hex(text: str) -> bool:
    return all(unit in "0123456789abcdefABCDEF" for unit in text)
