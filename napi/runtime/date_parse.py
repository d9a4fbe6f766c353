"""Texts of dates: the format of ECMA-262 (21.4.1.32), and what V8 reads beside it.

V8 takes the numbers of any other text for month, day and year in the order that they
allow, reads clocks, names of months and zones, and passes over words before them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Parsed", "parse"]


class Parsed(NamedTuple):
    """Year, month from 0, day, hours, minutes, seconds, milliseconds; the zone.

    ``offset`` is that of the zone in milliseconds, ``None`` for local time.
    """

    fields: list[float]
    offset: int | None


_ISO = re.compile(
    r"([+-]\d{6}|\d{4})(?:-(\d\d)(?:-(\d\d))?)?"
    r"(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d:?\d\d)?)?"
)
_YEAR = re.compile(r"(?!-000000)[+-]\d{6}(?!\d)")
_TOKEN = re.compile(r"(\d+)|([A-Za-z]+)|(\s+)|(.)", re.S)
_MONTHS: tuple[str, ...] = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
)
_MONTHS += ("oct", "nov", "dec")
_ZONES = {"ut": 0, "utc": 0, "z": 0, "gmt": 0, "edt": -4, "est": -5, "cdt": -5}
_ZONES |= {"cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8}
_NOON = {"am": 0, "pm": 12}
_LIMITS = (23, 59, 59, 999)
_HOUR, _MINUTE = 3_600_000, 60_000


def parse(text: str) -> Parsed | None:
    """Reads a date.

    Args:
        text: Any text.

    Returns:
        What it means; ``None``: it is no date.
    """
    match = _ISO.fullmatch(text)
    return _Reader(text).read() if match is None else _iso(match)


def _milliseconds(digits: str | None) -> int:
    return int(f"{digits or '0':0<3}"[:3])


def _iso(match: re.Match[str]) -> Parsed | None:
    year, month, day, hours, minutes, seconds, fraction, zone = match.groups()
    clock = [int(hours or 0), int(minutes or 0), int(seconds or 0)]
    clock.append(_milliseconds(fraction))
    dated = [int(year), int(month or 1) - 1, int(day or 1)]
    # V8 lets 30 February be 1 or 2 March.
    is_date = year != "-000000" and 0 <= dated[1] <= 11 and 1 <= dated[2] <= 31
    if not is_date or not _is_clock(clock):
        return None
    offset = None
    if hours is None or zone == "Z":
        offset = 0  # a date alone is UTC, one with a time is local
    elif zone is not None:
        offset = int(zone[1:3]) * _HOUR + int(zone[-2:]) * _MINUTE
        offset = -offset if zone[0] == "-" else offset
    return Parsed([*dated, *clock], offset)


def _is_clock(clock: list[int]) -> bool:
    if clock[0] == 24:
        return not any(clock[1:])
    return all(0 <= one <= most for one, most in zip(clock, _LIMITS, strict=True))


class _Reader:
    """Reads what is not in the format of ECMA-262."""

    def __init__(self, text: str) -> None:
        self.tokens = [match.group() for match in _TOKEN.finditer(text)] + [""]
        self.at = 0
        self.day: list[int] = []
        self.clock: list[int] = []
        self.month: int | None = None
        self.noon: int | None = None
        self.sign = 0
        self.zone: list[int | None] = [None, None]
        self.has_number = False

        if year := _YEAR.match(text):
            self.day, self.has_number, self.at = [int(year.group())], True, 2
            self.skip("-")

    def read(self) -> Parsed | None:
        while token := self.next():
            if token[0] in "0123456789":
                done = self.number(token)
            elif token[0].isascii() and token[0].isalpha():
                done = self.word(token.lower())
            else:
                done = self.symbol(token)
            if not done:
                return None
        return self.result()

    def next(self) -> str:
        token = self.tokens[self.at]
        self.at += bool(token)
        return token

    def skip(self, symbol: str) -> bool:
        found = self.tokens[self.at] == symbol
        self.at += found
        return found

    def peek(self) -> str:
        return self.tokens[self.at]

    def expects(self, number: int) -> bool:
        """Whether a number is the clock's next part."""
        index = len(self.clock)
        return 0 < index < 4 and 0 <= number <= _LIMITS[index]

    def number(self, token: str) -> bool:
        value = int(token.lstrip("0")[:9] or "0")
        self.has_number = True
        if self.skip(":"):
            return self.clock_part(value)
        if self.peek() == "." and self.expects(value):
            self.next()
            self.clock.append(value)
            digits = self.next()
            self.clock += [0] * (3 - len(self.clock))
            self.clock.append(_milliseconds(digits if digits.isdecimal() else "0"))
            return digits.isdecimal()
        self.skip(".")
        if self.zone[0] is not None and self.zone[1] is None and value <= 59:
            self.zone[1] = value
            return True
        if self.expects(value):
            self.clock.append(value)
            self.clock += [0] * (4 - len(self.clock))
            after = self.peek()
            return not after or after.isspace() or after in ("+", "-", "z", "Z")
        self.day.append(value)
        self.skip("-")
        return len(self.day) <= 3

    def clock_part(self, value: int) -> bool:
        if self.skip(":"):
            if self.clock:
                return False
            self.clock = [value, 0]
            return True
        self.clock.append(value)
        self.skip(".")
        return len(self.clock) <= 4

    def word(self, word: str) -> bool:
        if word[:3] in _MONTHS:
            self.month = _MONTHS.index(word[:3])
            self.skip("-")
        elif word in _NOON and self.clock:
            self.noon = _NOON[word]
        elif word in _ZONES and self.has_number:
            self.sign = -1 if _ZONES[word] < 0 else 1
            self.zone = [abs(_ZONES[word]), 0]
        else:  # no word may follow a number, none may touch one
            return not self.has_number and not self.peek()[:1].isdecimal()
        return True

    def symbol(self, token: str) -> bool:
        if token in "+-" and (self.zone == [0, 0] or self.clock):
            return self.offset(1 if token == "+" else -1)
        if token in "+-)" and self.has_number:
            return False
        if token == "(":
            self.parentheses()
        return True

    def parentheses(self) -> None:
        open_ = 1
        while open_ and (token := self.next()):
            open_ += (token == "(") - (token == ")")

    def offset(self, sign: int) -> bool:
        self.sign, self.has_number = sign, True
        digits = self.next() if self.peek()[:1].isdecimal() else ""
        value = int(digits or "0")
        if self.peek() == ":":
            self.zone = [value, None]
        elif len(digits) in (1, 2):
            self.zone = [value, 0]
        elif len(digits) in (3, 4):
            self.zone = list(divmod(value, 100))
        return self.peek() == ":" or 0 < len(digits) < 5

    def result(self) -> Parsed | None:
        dated = self.dated()
        clock = self.clock + [0] * (4 - len(self.clock))
        if self.noon is not None:
            if clock[0] > 12:
                return None
            clock[0] = clock[0] % 12 + self.noon
        if dated is None or not _is_clock(clock):
            return None
        offset = None
        if self.sign:
            hours, minutes = (one or 0 for one in self.zone)
            offset = self.sign * (hours * _HOUR + minutes * _MINUTE)
        return Parsed([*dated, *clock], offset)

    def dated(self) -> list[int] | None:
        """The date that the numbers allow; what is missing is 1."""
        if not self.day:
            return None
        first, second, third = (*self.day, 1, 1)[:3]
        is_day = 1 <= first <= 31
        if self.month is not None:
            month = self.month
            day, year = (first, second) if is_day else (second, first)
        elif is_day:
            month, day, year = first - 1, second, third
        else:
            year, month, day = first, second - 1, third
        if 0 <= year <= 99:
            year += 2000 if year <= 49 else 1900
        is_date = 0 <= month <= 11 and 1 <= day <= 31
        return [year, month, day] if is_date else None
