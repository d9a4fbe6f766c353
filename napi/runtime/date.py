"""Dates (ECMA-262, chapter 21.4): a time value in milliseconds, as a double.

The calendar is computed here and not by :mod:`datetime`, whose years end at 9999
and begin at 1. The local time zone is the process's own, by :func:`time.localtime`.
"""

from __future__ import annotations

import datetime as _datetime
import math
import time
from typing import Any

from napi._native import shim

__all__ = ["Date"]

_DAY = 86_400_000
_LIMIT = 8.64e15
_NAN = math.nan
_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
_EPOCH = _datetime.datetime(1970, 1, 1, tzinfo=_datetime.timezone.utc)


def _clip(value: float) -> float:
    """TimeClip: integral, within 100 million days of the epoch, or NaN."""
    if not abs(value) <= _LIMIT:
        return _NAN
    return float(math.trunc(value)) + 0.0


def _days_of_civil(year: int, month: int) -> int:
    """Days from the epoch to the first day of a month (0 = January)."""
    year += month // 12
    month = month % 12 + 1
    if month <= 2:
        year -= 1
    era_day = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5
    return era_day + 365 * year + year // 4 - year // 100 + year // 400 - 719468


def _civil_of_days(days: int) -> tuple[int, int, int]:
    """Year, month (0 = January) and day of the month of a day number."""
    days += 719468
    era, rest = divmod(days, 146097)
    year = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    rest -= 365 * year + year // 4 - year // 100
    month = (5 * rest + 2) // 153
    day = rest - (153 * month + 2) // 5 + 1
    month = month + 2 if month < 10 else month - 10
    return year + era * 400 + (month <= 1), month, day


def _make(fields: list[float]) -> float:
    """MakeDate of year, month, day, hours, minutes, seconds, milliseconds."""
    if not all(math.isfinite(field) for field in fields):
        return _NAN
    year, month, day, hours, minutes, seconds, ms = map(math.trunc, fields)
    if abs(year) > 400_000 or abs(month) > 5_000_000:
        return _NAN
    days = _days_of_civil(year, month) + day - 1
    return float(
        days * _DAY + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + ms
    )


def _split(value: float) -> list[int]:
    """The seven fields of a time value, and the day of the week."""
    days, rest = divmod(int(value), _DAY)
    year, month, day = _civil_of_days(days)
    seconds, ms = divmod(rest, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return [year, month, day, hours, minutes, seconds, ms, (days + 4) % 7]


def _zone(value: float) -> tuple[int, str]:
    """Offset from UTC in milliseconds and name of the local zone at a UTC time."""
    try:
        local = time.localtime(value // 1000)
    except (OverflowError, OSError, ValueError):
        local = time.localtime(0)
    return local.tm_gmtoff * 1000, local.tm_zone


def _to_utc(local: float) -> float:
    """UTC time value of a local one; in a gap or overlap, the earlier offset."""
    if not math.isfinite(local):
        return local
    before, after = _zone(local - _DAY)[0], _zone(local + _DAY)[0]
    if _zone(local - before)[0] == before:
        return local - before
    return local - (after if _zone(local - after)[0] == after else before)


def _parse(text: str) -> float:
    from napi.runtime.date_parse import parse

    found = parse(text)
    if found is None:
        return _NAN
    value = _make(found.fields)
    return _clip(_to_utc(value) if found.offset is None else value - found.offset)


def _canonical(value: float) -> float:
    """A JavaScript number as napi gives it to Python: an int where it can be."""
    return int(value) if value == value else value


def _number(value: Any) -> float:
    if type(value) is float or type(value) is int:
        return float(value)
    return float(shim.to_number(value))


def _time_of(value: Any) -> float:
    """What ``new Date(value)`` holds."""
    if isinstance(value, Date):
        return value.getTime()
    if isinstance(value, _datetime.datetime):
        return _time_of_datetime(value)
    if type(value) is not float and type(value) is not int:
        value = shim.to_primitive(value)
        if isinstance(value, str):
            return _parse(value)
    return _clip(_number(value))


def _time_of_datetime(moment: _datetime.datetime) -> float:
    if moment.tzinfo is None:
        moment = moment.astimezone()
    return float((moment - _EPOCH) // _datetime.timedelta(milliseconds=1))


def _year_text(year: int) -> str:
    return f"{year:04d}" if year >= 0 else f"-{-year:04d}"


class Date(shim.Host):
    """JavaScript's ``Date`` (ECMA-262 21.4).

    Args:
        *arguments: Nothing (now); milliseconds since 1970 UTC; a text; a
            ``datetime`` (aware, or naive in local time); another date; or year,
            month (0 = January), day, hours, minutes, seconds and milliseconds in
            local time.
    """

    __module__ = "napi"
    __slots__ = ("__time__",)
    __time__: float

    def __new__(cls, *arguments: Any) -> Date:
        """Makes an invalid one."""
        made = super().__new__(cls)
        made.__time__ = _NAN
        return made

    def __init__(self, *arguments: Any) -> None:
        if not arguments:
            self.__time__ = float(time.time_ns() // 1_000_000)
        elif len(arguments) == 1:
            self.__time__ = _time_of(arguments[0])
        else:
            self.__time__ = _clip(_to_utc(_fields(arguments)))

    @staticmethod
    def now() -> int:
        """The time now, in milliseconds since 1970 UTC."""
        return time.time_ns() // 1_000_000

    @staticmethod
    def parse(text: Any) -> float:
        """The time value of a text in ISO 8601, RFC 2822 or Node's own format."""
        return _canonical(_parse(shim.to_string(text)))

    @staticmethod
    def UTC(*fields: Any) -> float:
        """The time value of year, month, day ... in UTC."""
        return _canonical(_clip(_fields(fields)))

    def datetime(self) -> _datetime.datetime:
        """This date as an aware ``datetime`` in UTC.

        Raises:
            ValueError: The date is invalid or outside of the years 1 to 9999.
        """
        if not math.isfinite(self.__time__):
            raise ValueError("an invalid date has no datetime")
        try:
            return _EPOCH + _datetime.timedelta(milliseconds=self.__time__)
        except OverflowError:
            raise ValueError("the date is outside of the years 1 to 9999") from None

    def getTime(self) -> float:
        """Milliseconds since 1970 UTC; NaN for an invalid date."""
        return _canonical(self.__time__)

    def valueOf(self) -> float:
        """Milliseconds since 1970 UTC; NaN for an invalid date."""
        return _canonical(self.__time__)

    def setTime(self, value: Any = _NAN) -> float:
        """Sets and returns the time value."""
        self.__time__ = _clip(_number(value))
        return _canonical(self.__time__)

    def getTimezoneOffset(self) -> float:
        """Minutes from local time to UTC (negative east of Greenwich)."""
        if self.__time__ != self.__time__:
            return _NAN
        return -_zone(self.__time__)[0] // 60_000

    def getYear(self) -> float:
        """The full year in local time less 1900 (ECMA-262, annex B)."""
        return _field(self, 0, local=True) - 1900

    def _iso(self) -> str | None:
        if self.__time__ != self.__time__:
            return None
        year, month, day, hours, minutes, seconds, ms, _ = _split(self.__time__)
        shown = f"{year:04d}" if 0 <= year <= 9999 else f"{year:+07d}"
        return (
            f"{shown}-{month + 1:02d}-{day:02d}"
            f"T{hours:02d}:{minutes:02d}:{seconds:02d}.{ms:03d}Z"
        )

    def toISOString(self) -> str:
        """The date as ``2020-01-31T12:00:00.000Z``.

        Raises:
            napi.RangeError: The date is invalid.
        """
        text = self._iso()
        if text is None:
            from napi.runtime.error import RangeError

            raise RangeError("Invalid time value")
        return text

    def toJSON(self, key: Any = None) -> Any:
        """As :meth:`toISOString`; ``napi.null`` for an invalid date."""
        text = self._iso()
        return shim.null if text is None else text

    def toDateString(self) -> str:
        """The date part of :meth:`toString`."""
        if self.__time__ != self.__time__:
            return "Invalid Date"
        year, month, day, *_, weekday = _split(self.__time__ + _zone(self.__time__)[0])
        return f"{_DAYS[weekday]} {_MONTHS[month]} {day:02d} {_year_text(year)}"

    def toTimeString(self) -> str:
        """The time part of :meth:`toString`."""
        if self.__time__ != self.__time__:
            return "Invalid Date"
        offset, zone = _zone(self.__time__)
        _, _, _, hours, minutes, seconds, _, _ = _split(self.__time__ + offset)
        sign, rest = "-" if offset < 0 else "+", abs(offset) // 60_000
        zone = "Coordinated Universal Time" if zone == "UTC" else zone
        return (
            f"{hours:02d}:{minutes:02d}:{seconds:02d} "
            f"GMT{sign}{rest // 60:02d}{rest % 60:02d} ({zone})"
        )

    def toString(self) -> str:
        """The date in local time, as Node prints it."""
        if self.__time__ != self.__time__:
            return "Invalid Date"
        return f"{self.toDateString()} {self.toTimeString()}"

    def toUTCString(self) -> str:
        """The date as ``Thu, 01 Jan 1970 00:00:00 GMT``."""
        if self.__time__ != self.__time__:
            return "Invalid Date"
        year, month, day, hours, minutes, seconds, _, weekday = _split(self.__time__)
        return (
            f"{_DAYS[weekday]}, {day:02d} {_MONTHS[month]} {_year_text(year)} "
            f"{hours:02d}:{minutes:02d}:{seconds:02d} GMT"
        )

    toGMTString = toUTCString

    def toLocaleDateString(self, *_: Any) -> str:
        """The date as en-US writes it; other locales are not known."""
        if self.__time__ != self.__time__:
            return "Invalid Date"
        year, month, day, *_rest = _split(self.__time__ + _zone(self.__time__)[0])
        # There is no year 0: before the year 1 comes 1 BC, and the era is not shown.
        return f"{month + 1}/{day}/{year if year > 0 else 1 - year}"

    def toLocaleTimeString(self, *_: Any) -> str:
        """The time as en-US writes it; other locales are not known."""
        if self.__time__ != self.__time__:
            return "Invalid Date"
        fields = _split(self.__time__ + _zone(self.__time__)[0])
        hours, half = (fields[3] + 11) % 12 + 1, "AM" if fields[3] < 12 else "PM"
        return f"{hours}:{fields[4]:02d}:{fields[5]:02d} {half}"

    def toLocaleString(self, *_: Any) -> str:
        """Date and time as en-US writes them; other locales are not known."""
        if self.__time__ != self.__time__:
            return "Invalid Date"
        return f"{self.toLocaleDateString()}, {self.toLocaleTimeString()}"

    def __float__(self) -> float:
        return self.__time__

    def __str__(self) -> str:
        return self.toString()

    def __repr__(self) -> str:
        return f"napi.Date({self._iso() or math.nan!r})"


def _fields(given: tuple[Any, ...]) -> float:
    """MakeDate of the arguments that the constructor and ``UTC`` share."""
    fields = [_NAN, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    for index, value in enumerate(given[:7]):
        fields[index] = _number(value)
    if math.isfinite(fields[0]) and 0 <= math.trunc(fields[0]) <= 99:
        fields[0] = 1900.0 + math.trunc(fields[0])
    return _make(fields)


def _field(date: Date, index: int, *, local: bool) -> float:
    value = date.getTime()
    if value != value:
        return _NAN
    return _split(value + (_zone(value)[0] if local else 0))[index]


def _change(date: Date, index: int, values: tuple[Any, ...], *, local: bool) -> float:
    value = date.getTime()
    numbers = [_number(value) for value in values] or [_NAN]
    if value != value:
        if index != 0:
            return _NAN
        value = 0.0  # only a year can make an invalid date valid again
    elif local:
        value += _zone(value)[0]
    fields: list[float] = [float(field) for field in _split(value)[:7]]
    fields[index : index + len(numbers)] = numbers
    value = _make(fields)
    return date.setTime(_to_utc(value) if local else value)


# Which field each name means, and how many further fields its setter takes.
_NAMES = {
    "FullYear": (0, 3),
    "Month": (1, 2),
    "Date": (2, 1),
    "Hours": (3, 4),
    "Minutes": (4, 3),
    "Seconds": (5, 2),
    "Milliseconds": (6, 1),
    "Day": (7, 0),
}


def _add_field(prefix: str, name: str, index: int, count: int, *, local: bool) -> None:
    def get(self: Date) -> float:
        return _field(self, index, local=local)

    def set_(self: Date, *values: Any) -> float:
        return _change(self, index, values[:count], local=local)

    where = "local time" if local else "UTC"
    get.__name__ = f"get{prefix}{name}"
    get.__doc__ = f"The {name} field in {where}; NaN for an invalid date."
    set_.__name__ = f"set{prefix}{name}"
    set_.__doc__ = f"Sets {name} (and what follows it) in {where}."
    for function in (get, set_) if count else (get,):
        function.__qualname__ = f"Date.{function.__name__}"
        setattr(Date, function.__name__, function)


for _name, (_index, _count) in _NAMES.items():
    _add_field("", _name, _index, _count, local=True)
    _add_field("UTC", _name, _index, _count, local=False)


def _publish() -> None:
    from napi.runtime.date_prototype import publish_date

    publish_date(Date)


_publish()
