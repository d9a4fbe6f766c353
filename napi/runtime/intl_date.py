"""Dates for people, in American English (ECMA-402, chapter 11), as far as it goes."""

from __future__ import annotations

import datetime
from typing import Any

from napi._native import shim
from napi.runtime.coerce import is_nullish
from napi.runtime.error import RangeError, TypeError

__all__ = ["DateOptions", "date_options", "format_date", "format_parts"]

_DATE = ("weekday", "year", "month", "day")
_TIME = ("hour", "minute", "second", "dayPeriod", "fractionalSecondDigits")
_WIDTHS = {
    "weekday": ("narrow", "short", "long"),
    "era": ("narrow", "short", "long"),
    "year": ("2-digit", "numeric"),
    "month": ("2-digit", "numeric", "narrow", "short", "long"),
    "day": ("2-digit", "numeric"),
    "dayPeriod": ("narrow", "short", "long"),
    "hour": ("2-digit", "numeric"),
    "minute": ("2-digit", "numeric"),
    "second": ("2-digit", "numeric"),
    "timeZoneName": (
        "short",
        "long",
        "shortOffset",
        "longOffset",
        "shortGeneric",
        "longGeneric",
    ),
    "dateStyle": ("full", "long", "medium", "short"),
    "timeStyle": ("full", "long", "medium", "short"),
}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
_DATE_STYLES: dict[str, dict[str, str]] = {
    "full": {"weekday": "long", "month": "long", "day": "numeric", "year": "numeric"},
    "long": {"month": "long", "day": "numeric", "year": "numeric"},
    "medium": {"month": "short", "day": "numeric", "year": "numeric"},
    "short": {"month": "numeric", "day": "numeric", "year": "2-digit"},
}
_TIME_STYLES: dict[str, dict[str, str]] = {
    "full": {
        "hour": "numeric",
        "minute": "2-digit",
        "second": "2-digit",
        "timeZoneName": "long",
    },
    "long": {
        "hour": "numeric",
        "minute": "2-digit",
        "second": "2-digit",
        "timeZoneName": "short",
    },
    "medium": {"hour": "numeric", "minute": "2-digit", "second": "2-digit"},
    "short": {"hour": "numeric", "minute": "2-digit"},
}
DateOptions = dict[str, Any]


def date_options(options: Any, required: str, defaults: str) -> DateOptions:
    """What the options of Intl.DateTimeFormat say, with the defaults filled in.

    Args:
        options: An object, or undefined.
        required: ``date``, ``time`` or ``any``: what must be given to need no default.
        defaults: ``date``, ``time`` or ``all``.

    Raises:
        napi.RangeError: An option has a value that it cannot have.
    """
    given = shim.Object() if is_nullish(options) else shim.to_object(options)
    found: DateOptions = {}
    for name, widths in _WIDTHS.items():
        value = shim.get(given, name)
        if value is None:
            continue
        text = str(shim.to_string(value))
        if text not in widths:
            raise RangeError(
                f"Value {text} out of range for Intl.DateTimeFormat options property "
                f"{name}"
            )
        found[name] = text
    digits = shim.get(given, "fractionalSecondDigits")
    if digits is not None:
        number = shim.to_number(digits)
        if not 1 <= number <= 3:
            raise RangeError("fractionalSecondDigits value is out of range.")
        found["fractionalSecondDigits"] = int(number)
    found["timeZone"] = _zone(shim.get(given, "timeZone"))
    twelve = shim.get(given, "hour12")
    cycle = shim.get(given, "hourCycle")
    found["hour12"] = (
        bool(shim.to_boolean(twelve))
        if twelve is not None
        else cycle not in ("h23", "h24")
    )
    if "dateStyle" in found or "timeStyle" in found:
        if any(name in found for name in (*_DATE, *_TIME)):
            raise TypeError("Can't set option when dateStyle or timeStyle is used")
        found |= _DATE_STYLES.get(found.get("dateStyle", ""), {})
        found |= _TIME_STYLES.get(found.get("timeStyle", ""), {})
        return found
    needs = True
    if required in ("date", "any") and any(name in found for name in _DATE):
        needs = False
    if required in ("time", "any") and any(name in found for name in _TIME):
        needs = False
    if needs and defaults in ("date", "all"):
        found |= dict.fromkeys(("year", "month", "day"), "numeric")
    if needs and defaults in ("time", "all"):
        found |= {"hour": "numeric", "minute": "2-digit", "second": "2-digit"}
    return found


def _zone(value: Any) -> Any:
    """A time zone: ``None`` for the local one."""
    if value is None:
        return None
    name = str(shim.to_string(value))
    if name.upper() in ("UTC", "GMT", "ETC/UTC", "ETC/GMT"):
        return datetime.timezone.utc
    import zoneinfo

    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        raise RangeError(f"Invalid time zone specified: {name}") from None


def _moment(value: float, zone: Any) -> datetime.datetime:
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    try:
        moment = epoch + datetime.timedelta(milliseconds=int(value))
        return moment.astimezone(zone)
    except (OverflowError, ValueError, OSError):
        raise RangeError("the date is outside of the years 1 to 9999") from None


def _number(value: int, width: str) -> str:
    return f"{value:02d}" if width == "2-digit" else str(value)


def _month(month: int, width: str) -> str:
    name = _MONTHS[month - 1]
    return {"long": name, "short": name[:3], "narrow": name[0]}.get(width, "")


def _day_name(moment: datetime.datetime, width: str) -> str:
    name = _DAYS[moment.isoweekday() % 7]
    return {"long": name, "short": name[:3]}.get(width, name[0])


def _date_parts(
    moment: datetime.datetime, options: DateOptions
) -> list[tuple[str, str]]:
    year = None
    if "year" in options:
        short = options["year"] == "2-digit"
        year = f"{moment.year % 100:02d}" if short else str(moment.year)
    day = _number(moment.day, options["day"]) if "day" in options else None
    width = options.get("month")
    named = width in ("long", "short", "narrow")
    parts: list[tuple[str, str]] = []

    def add(kind: str, text: str | None, before: str) -> None:
        if text is not None:
            if parts:
                parts.append(("literal", before))
            parts.append((kind, text))

    if "weekday" in options:
        add("weekday", _day_name(moment, options["weekday"]), ", ")
    if width is not None:
        text = _month(moment.month, width) if named else _number(moment.month, width)
        add("month", text, ", ")
    add("day", day, (" " if named else "/") if width is not None else " ")
    joint = "/" if width is not None and not named else ", "
    if named and day is None:
        joint = " "
    add("year", year, joint)
    return parts


def _time_parts(
    moment: datetime.datetime, options: DateOptions
) -> list[tuple[str, str]]:
    parts: list[tuple[str, str]] = []
    if "hour" in options:
        hour = moment.hour
        if options["hour12"]:
            hour = (hour + 11) % 12 + 1
        wide = options["hour"] == "2-digit" or not options["hour12"]
        parts.append(("hour", f"{hour:02d}" if wide else str(hour)))
    for name, value in (("minute", moment.minute), ("second", moment.second)):
        if name in options:
            alone = not parts and not ("minute" in options and "second" in options)
            if parts:
                parts.append(("literal", ":"))
            parts.append((name, str(value) if alone else f"{value:02d}"))
    digits = options.get("fractionalSecondDigits")
    if digits:
        if parts:
            parts.append(("literal", "."))
        shown = f"{moment.microsecond // 1000:03d}"[:digits]
        parts.append(("fractionalSecond", shown))
    if "hour" in options and options["hour12"]:
        parts.append(("literal", " "))
        parts.append(("dayPeriod", "AM" if moment.hour < 12 else "PM"))
    return parts


def _zone_name(moment: datetime.datetime, width: str) -> str:
    name = moment.tzname() or "UTC"
    if name == "UTC":
        return "Coordinated Universal Time" if width == "long" else "UTC"
    zone = getattr(moment.tzinfo, "key", None)
    if width == "long" or zone is None or zone.startswith(("US/", "America/")):
        return name
    # What American English has no name for is an offset.
    minutes = int((moment.utcoffset() or datetime.timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    shown = f"{sign}{hours}{f':{rest:02}' if rest else ''}" if minutes else ""
    return f"GMT{shown}"


def format_parts(value: float, options: DateOptions) -> list[tuple[str, str]]:
    """A time value as kinds and texts.

    Args:
        value: The time value; finite.
        options: What :func:`date_options` has read.
    """
    moment = _moment(value, options["timeZone"])
    dated, timed = _date_parts(moment, options), _time_parts(moment, options)
    parts = dated
    if dated and timed:
        long = options.get("dateStyle") in ("full", "long")
        parts = [*dated, ("literal", " at " if long else ", "), *timed]
    elif timed:
        parts = timed
    if "timeZoneName" in options:
        name = _zone_name(moment, options["timeZoneName"])
        parts = [*parts, ("literal", " " if timed else ", "), ("timeZoneName", name)]
    return parts


def format_date(value: float, options: Any, required: str, defaults: str) -> str:
    """Date.prototype.toLocaleString and its relatives.

    Args:
        value: The time value.
        options: As of Intl.DateTimeFormat.
        required: As of :func:`date_options`.
        defaults: As of :func:`date_options`.
    """
    read = date_options(options, required, defaults)
    if value != value:
        return "Invalid Date"
    return "".join(text for _, text in format_parts(value, read))
