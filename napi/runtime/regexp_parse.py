"""JavaScript's patterns in Python's dialect (ECMA-262, chapter 22.2.1).

A pattern is read once: what is wrong with it becomes V8's SyntaxError, and what is
right is written down for :mod:`re` as it goes. Where the two engines would not
agree (captures that a repetition resets, lookbehind that is not of one width,
properties, set operations), the result says so, and another engine takes over.
"""

from __future__ import annotations

from napi.runtime.regexp_scan import Bad, Part, Pattern, Scanner
from napi.runtime.utf16 import join

__all__ = ["Bad", "Pattern", "parse"]

_LINE = r"\n\r\u2028\u2029"
_WORD = "0-9A-Za-z_"
_MAX_REPEAT = 2**32 - 2


class _Reader(Scanner):
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

    def disjunction(self) -> Part:
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
        return Part(
            "|".join(part.text for part in parts),
            any(part.nullable for part in parts),
            captures,
            captures,
        )

    def alternative(self) -> Part:
        parts: list[Part] = []
        while self.at < len(self.source) and self.peek() not in ("|", ")"):
            parts.append(self.term())
        return Part(
            "".join(part.text for part in parts),
            all(part.nullable for part in parts),
            any(part.captures for part in parts),
            any(part.skips for part in parts),
        )

    def term(self) -> Part:
        unit = self.peek()
        self.at += 1
        if unit == "^":
            self.pattern.context = True
            text = rf"(?:\A|(?<=[{_LINE}]))" if self.multiline else r"\A"
            return self.unrepeated(Part(text, True, repeatable=False))
        if unit == "$":
            text = rf"(?:\Z|(?=[{_LINE}]))" if self.multiline else r"\Z"
            return self.unrepeated(Part(text, True, repeatable=False))
        if unit == "(":
            return self.group()
        if unit == ".":
            text = "(?s:.)" if self.dotall else f"[^{_LINE}]"
            return self.repeated(Part(text))
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
        return self.repeated(Part(self.literal(unit)))

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

    def unrepeated(self, part: Part) -> Part:
        if self.quantifier() is not None:
            raise Bad("Nothing to repeat")
        return part

    def repeated(self, part: Part, *, single: bool = True) -> Part:
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
        return Part(
            text + mark + lazy,
            part.nullable or low == 0,
            part.captures,
            part.skips or (part.captures and low == 0),
        )

    # === groups ===

    def group(self) -> Part:
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

    def closed_group(self) -> Part:
        inner = self.disjunction()
        if not self.take(")"):
            raise Bad("Unterminated group")
        return inner

    def capture(self, name: str | None) -> Part:
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
        return Part(f"({inner.text})", inner.nullable, True, inner.skips)

    def look(self, opening: str, ahead: bool) -> Part:
        self.behind += not ahead
        if not ahead:
            self.pattern.context = True
        inner = self.closed_group()
        self.behind -= not ahead
        if inner.captures and "!" in opening:
            self.pattern.exact = False
        part = Part(
            f"{opening}{inner.text})", True, inner.captures, inner.captures, False
        )
        if ahead and not self.unicode:
            return self.repeated(part)
        if self.quantifier() is not None:
            raise Bad("Invalid quantifier")
        return part

    def modified(self) -> Part:
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

    def escape(self) -> Part:
        unit = self.peek()
        if not unit:
            raise Bad("\\ at end of pattern")
        self.at += 1
        if unit in "bB":
            return self.unrepeated(self.boundary(unit))
        if unit.lower() in "dws":
            return self.repeated(Part(self.shorthand(unit)))
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
            return self.repeated(Part("."))
        return self.repeated(Part(self.literal(self.character(unit, False))))

    def boundary(self, unit: str) -> Part:
        self.pattern.context = True
        if not self.pattern.wide and not self.ignore:
            text = r"\b" if unit == "b" else r"(?!\b)"
        else:
            inside, outside = f"[{_WORD}]", f"[^{_WORD}]"
            text = f"(?:(?<!{inside})(?={inside})|(?<={inside})(?!{inside}))"
            if unit == "B":
                text = f"(?!{text})"
            del outside
        return Part(text, True, repeatable=False)

    def decimal(self) -> Part | None:
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
        return Part(self.literal(self.octal()))

    def reference(self, numbers: list[int]) -> Part:
        if self.behind or any(number not in self.closed for number in numbers):
            self.pattern.exact = False
            return Part("", True)
        if self.ignore:
            self.pattern.wide = True
        text = "".join(f"(?({number})\\{number}|)" for number in numbers)
        return Part(f"(?:{text})", True)

    def named_reference(self) -> Part:
        if not self.take("<"):
            raise Bad("Invalid named reference")
        try:
            name = self.name()
        except Bad:
            raise Bad("Invalid named reference") from None
        self.references.append(name)
        numbers = self.pattern.names.get(name)
        return self.reference(numbers if numbers else [-1])


def _wrapped(opening: str, inner: Part) -> Part:
    return Part(f"{opening}{inner.text})", inner.nullable, inner.captures, inner.skips)


def _unescaped(raw: str) -> str:
    """A group name without its Unicode escapes."""
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
