"""JavaScript's patterns in Python's dialect (ECMA-262, chapter 22.2.1).

A pattern is read once: what is wrong with it becomes V8's SyntaxError, and what is
right is written down for :mod:`re` as it goes. Where the two engines would not
agree (captures that a repetition resets, lookbehind that is not of one width,
properties, set operations), the result says so, and another engine takes over.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from napi.runtime.utf16 import join

__all__ = ["Bad", "Pattern", "parse"]

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
class _Part:
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


class _Reader:
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

    # === reading ===

    def peek(self, size: int = 1) -> str:
        return self.source[self.at : self.at + size]

    def take(self, text: str) -> bool:
        if self.source.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def whole(self) -> Pattern:
        part = self.disjunction()
        if self.at < len(self.source):
            raise Bad("Unmatched ')'")
        for name in self.references:
            if name not in self.pattern.names:
                raise Bad("Invalid named capture referenced")
        self.pattern.text = part.text
        self.pattern.groups = self.total
        return self.pattern

    def disjunction(self) -> _Part:
        outer, names = self.scope, set(self.scope)
        parts = []
        while True:
            self.scope = set(outer)
            parts.append(self.alternative())
            names |= self.scope
            if not self.take("|"):
                break
        self.scope = names
        if len(parts) == 1:
            return parts[0]
        captures = any(part.captures for part in parts)
        return _Part(
            "|".join(part.text for part in parts),
            any(part.nullable for part in parts),
            captures,
            captures,
        )

    def alternative(self) -> _Part:
        parts: list[_Part] = []
        while self.at < len(self.source) and self.peek() not in ("|", ")"):
            parts.append(self.term())
        return _Part(
            "".join(part.text for part in parts),
            all(part.nullable for part in parts),
            any(part.captures for part in parts),
            any(part.skips for part in parts),
        )

    def term(self) -> _Part:
        unit = self.peek()
        self.at += 1
        if unit == "^":
            self.pattern.context = True
            text = rf"(?:\A|(?<=[{_LINE}]))" if self.multiline else r"\A"
            return self.unrepeated(_Part(text, True, repeatable=False))
        if unit == "$":
            text = rf"(?:\Z|(?=[{_LINE}]))" if self.multiline else r"\Z"
            return self.unrepeated(_Part(text, True, repeatable=False))
        if unit == "(":
            return self.group()
        if unit == ".":
            text = "(?s:.)" if self.dotall else f"[^{_LINE}]"
            return self.repeated(_Part(text))
        if unit == "[":
            return self.repeated(self.char_class())
        if unit == "\\":
            return self.escape()
        if unit in "*+?":
            raise Bad("Nothing to repeat")
        if unit == "{":
            if self.unicode:
                raise Bad("Nothing to repeat")
            self.at -= 1
            if self.braces() is not None:
                raise Bad("Nothing to repeat")
            self.at += 1
        elif unit in "}]" and self.unicode:
            raise Bad("Lone quantifier brackets")
        return self.repeated(_Part(self.literal(unit)))

    def literal(self, unit: str) -> str:
        if self.ignore and not unit.isascii():
            self.pattern.wide = True
        return _literal(unit)

    # === quantifiers ===

    def braces(self) -> tuple[int, int | None] | None:
        """``{2,3}`` from here on; ``None``: these are no quantifier."""
        begin = self.at
        self.at += 1
        low = self.digits()
        high: str | None = low
        if low and self.take(","):
            high = self.digits() or None
        if not low or not self.take("}"):
            self.at = begin
            return None
        top = None if high is None else int(high)
        if top is not None and int(low) > top:
            raise Bad("numbers out of order in {} quantifier")
        return int(low), top

    def digits(self) -> str:
        begin = self.at
        while self.peek() and self.peek() in "0123456789":
            self.at += 1
        return self.source[begin : self.at]

    def quantifier(self) -> tuple[int, int | None, str] | None:
        unit = self.peek()
        found: tuple[int, int | None] | None
        if unit and unit in "*+?":
            self.at += 1
            found = {"*": (0, None), "+": (1, None), "?": (0, 1)}[unit]
        elif unit == "{":
            found = self.braces()
            if found is None:
                if self.unicode:
                    raise Bad("Incomplete quantifier")
                return None
        else:
            return None
        return (*found, "?" if self.take("?") else "")

    def unrepeated(self, part: _Part) -> _Part:
        if self.quantifier() is not None:
            raise Bad("Nothing to repeat")
        return part

    def repeated(self, part: _Part, *, single: bool = True) -> _Part:
        found = self.quantifier()
        if found is None:
            return part
        low, high, lazy = found
        many = high is None or high > 1
        if not part.repeatable or (many and part.nullable) or (many and part.skips):
            self.pattern.exact = False
        if part.nullable and part.captures:
            self.pattern.exact = False
        if low > _MAX_REPEAT or (high is not None and high > _MAX_REPEAT):
            low, high = min(low, _MAX_REPEAT), None
        marks = {(0, None): "*", (1, None): "+", (0, 1): "?"}
        mark = marks.get((low, high))
        if mark is None:
            if high == low:
                mark, lazy = f"{{{low}}}", ""
            else:
                mark = f"{{{low},{'' if high is None else high}}}"
        text = part.text if single else f"(?:{part.text})"
        return _Part(
            text + mark + lazy,
            part.nullable or low == 0,
            part.captures,
            part.skips or (part.captures and low == 0),
        )

    # === groups ===

    def group(self) -> _Part:
        if not self.take("?"):
            return self.repeated(self.capture(None))
        if self.take(":"):
            inner = self.closed_group()
            return self.repeated(_wrapped("(?:", inner))
        if self.take("="):
            return self.look("(?=", True)
        if self.take("!"):
            return self.look("(?!", True)
        if self.take("<="):
            return self.look("(?<=", False)
        if self.take("<!"):
            return self.look("(?<!", False)
        if self.take("<"):
            return self.repeated(self.capture(self.name()))
        return self.repeated(self.modified())

    def closed_group(self) -> _Part:
        inner = self.disjunction()
        if not self.take(")"):
            raise Bad("Unterminated group")
        return inner

    def capture(self, name: str | None) -> _Part:
        self.pattern.groups += 1
        number = self.pattern.groups
        if name is not None:
            if name in self.scope:
                raise Bad("Duplicate capture group name")
            self.scope.add(name)
            self.pattern.names.setdefault(name, []).append(number)
        if self.behind:
            self.pattern.exact = False
        inner = self.closed_group()
        self.closed.add(number)
        return _Part(f"({inner.text})", inner.nullable, True, inner.skips)

    def look(self, opening: str, ahead: bool) -> _Part:
        self.behind += not ahead
        if not ahead:
            self.pattern.context = True
        inner = self.closed_group()
        self.behind -= not ahead
        if inner.captures and "!" in opening:
            self.pattern.exact = False
        part = _Part(
            f"{opening}{inner.text})", True, inner.captures, inner.captures, False
        )
        if ahead and not self.unicode:
            return self.repeated(part)
        return self.unrepeated(part)

    def modified(self) -> _Part:
        """``(?ims-ims:...)`` (ES2025)."""
        begin = self.at
        while self.peek() and self.peek() in "ims-":
            self.at += 1
        added, minus, removed = self.source[begin : self.at].partition("-")
        both = added + removed
        if not self.take(":"):
            raise Bad("Invalid group")
        if "-" in removed or len(set(both)) != len(both) or (minus and not both):
            raise Bad("Invalid flags" if both else "Invalid flag group")
        kept = self.ignore, self.multiline, self.dotall
        self.ignore = "i" in added or (self.ignore and "i" not in removed)
        self.multiline = "m" in added or (self.multiline and "m" not in removed)
        self.dotall = "s" in added or (self.dotall and "s" not in removed)
        inner = self.closed_group()
        mark = "(?i:" if "i" in added else "(?-i:" if "i" in removed else "(?:"
        self.ignore, self.multiline, self.dotall = kept
        return _wrapped(mark, inner)

    def name(self) -> str:
        end = self.source.find(">", self.at)
        if end < 0:
            raise Bad("Invalid capture group name")
        raw = self.source[self.at : end]
        self.at = end + 1
        name = join(_unescaped(raw))
        if (
            not name.replace("$", "_")
            .replace("\u200c", "_")
            .replace("\u200d", "_")
            .isidentifier()
        ):
            raise Bad("Invalid capture group name")
        return name

    # === escapes ===

    def escape(self) -> _Part:
        unit = self.peek()
        if not unit:
            raise Bad("\\ at end of pattern")
        self.at += 1
        if unit in "bB":
            return self.unrepeated(self.boundary(unit))
        if unit.lower() in "dws":
            return self.repeated(_Part(self.shorthand(unit)))
        if unit in "123456789":
            self.at -= 1
            part = self.decimal()
            if part is not None:
                return self.repeated(part)
            unit = self.peek()
            self.at += 1
        if unit == "k" and (self.unicode or self.named):
            return self.repeated(self.named_reference())
        if unit in "pP" and self.unicode:
            self.property()
            return self.repeated(_Part("."))
        return self.repeated(_Part(self.literal(self.character(unit, False))))

    def boundary(self, unit: str) -> _Part:
        self.pattern.context = True
        if not self.pattern.wide and not self.ignore:
            text = r"\b" if unit == "b" else r"(?!\b)"
        else:
            inside, outside = f"[{_WORD}]", f"[^{_WORD}]"
            text = f"(?:(?<!{inside})(?={inside})|(?<={inside})(?!{inside}))"
            if unit == "B":
                text = f"(?!{text})"
            del outside
        return _Part(text, True, repeatable=False)

    def shorthand(self, unit: str) -> str:
        mark = "^" if unit.isupper() else ""
        return f"[{mark}{_CLASSES[unit.lower()]}]"

    def decimal(self) -> _Part | None:
        """A back reference; ``None``: it is an octal escape or a digit."""
        begin = self.at
        number = int(self.digits())
        if number <= self.total:
            return self.reference([number])
        if self.unicode:
            raise Bad("Invalid escape")
        self.at = begin
        if self.peek() in "89":
            return None
        return _Part(self.literal(self.octal()))

    def octal(self) -> str:
        text = ""
        while len(text) < 3 and self.peek() and self.peek() in "01234567":
            if int(text + self.peek(), 8) > 255:
                break
            text += self.peek()
            self.at += 1
        return chr(int(text, 8))

    def reference(self, numbers: list[int]) -> _Part:
        if self.behind or any(number not in self.closed for number in numbers):
            self.pattern.exact = False
            return _Part("", True)
        if self.ignore:
            self.pattern.wide = True
        text = "".join(f"(?({number})\\{number}|)" for number in numbers)
        return _Part(f"(?:{text})", True)

    def named_reference(self) -> _Part:
        if not self.take("<"):
            raise Bad("Invalid named reference")
        try:
            name = self.name()
        except Bad:
            raise Bad("Invalid named reference") from None
        self.references.append(name)
        numbers = self.pattern.names.get(name)
        return self.reference(numbers if numbers else [-1])

    def property(self) -> None:
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
        text = self.peek(size)
        if len(text) == size and _is_hex(text):
            self.at += size
            return chr(int(text, 16))
        if self.unicode:
            raise Bad("Invalid Unicode escape" if unit == "u" else "Invalid escape")
        return unit

    def unicode_escape(self) -> str:
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

    # === classes ===

    def char_class(self) -> _Part:
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
            return _Part("(?s:.)" if negated else "(?!)")
        return _Part(f"[{'^' if negated else ''}{inside}]")

    def class_range(self, items: list[str], low: str, high: str) -> None:
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

    def set_class(self) -> _Part:
        """A class of the flag v: the other engine knows what is in it."""
        self.pattern.exact = False
        depth = 1
        while depth:
            unit = self.peek()
            if not unit:
                raise Bad("Unterminated character class")
            self.at += 2 if unit == "\\" else 1
            depth += (unit == "[") - (unit == "]")
        return _Part("(?s:.)")


def _wrapped(opening: str, inner: _Part) -> _Part:
    return _Part(f"{opening}{inner.text})", inner.nullable, inner.captures, inner.skips)


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


def _unescaped(raw: str) -> str:
    r"""A group name without its ``\\u`` escapes."""
    if "\\" not in raw:
        return raw
    reader = _Reader("", "u")
    reader.source = raw
    name = ""
    while reader.at < len(raw):
        unit = raw[reader.at]
        reader.at += 1
        if unit == "\\":
            if not reader.take("u"):
                raise Bad("Invalid Unicode escape")
            unit = reader.unicode_escape()
        name += unit
    return name


def parse(source: str, flags: str) -> Pattern:
    """Reads a pattern.

    Args:
        source: Its text; without the flags u and v, one character per UTF-16 unit.
        flags: Its flags.

    Raises:
        Bad: It is not valid.
    """
    return _Reader(source, flags).whole()
