"""Intl.ListFormat and Intl.RelativeTimeFormat (ECMA-402, chapters 13 and 17)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.coerce import is_nullish, is_object, show
from napi.runtime.error import RangeError, TypeError
from napi.runtime.intl_option import choice
from napi.runtime.iterate import iterate

__all__ = ["list_options", "list_parts", "relative_options", "relative_parts"]

Parts = list[tuple[str, str]]
_TYPES = ("conjunction", "disjunction", "unit")
_STYLES = ("long", "short", "narrow")


def _options(options: Any) -> Any:
    if options is None:
        return shim.Object()
    if not is_object(options):
        if is_nullish(options):
            raise TypeError("Cannot convert undefined or null to object")
        raise TypeError("invalid_argument")
    return options


def list_options(options: Any) -> dict[str, Any]:
    """What Intl.ListFormat reads of its options."""
    given = _options(options)
    return {
        "type": choice(given, "type", _TYPES, "ListFormat"),
        "style": choice(given, "style", _STYLES, "ListFormat"),
    }


def _joints(options: dict[str, Any], count: int) -> tuple[str, str]:
    """What stands between items, and before the last one."""
    kind, style = options["type"], options["style"]
    if kind == "unit":
        joint = " " if style == "narrow" else ", "
        return joint, joint
    if kind == "conjunction" and style == "narrow":
        return ", ", ", "
    word = "or" if kind == "disjunction" else "and" if style == "long" else "&"
    return ", ", f" {word} " if count == 2 else f", {word} "


def list_parts(values: Any, options: dict[str, Any]) -> Parts:
    """A list as kinds and texts.

    Raises:
        napi.TypeError: One of the values is no text.
    """
    items = []
    for one in () if values is None else iterate(values):
        if not isinstance(one, str):
            raise TypeError(f"Iterable yielded {show(one)} which is not a string")
        items.append(one)
    joint, last = _joints(options, len(items))
    parts: Parts = []
    for index, one in enumerate(items):
        if index:
            parts.append(("literal", last if index == len(items) - 1 else joint))
        parts.append(("element", str(one)))
    return parts


_SHORT = {
    "second": ("sec.", "sec."),
    "minute": ("min.", "min."),
    "hour": ("hr.", "hr."),
    "day": ("day", "days"),
    "week": ("wk.", "wk."),
    "month": ("mo.", "mo."),
    "quarter": ("qtr.", "qtrs."),
    "year": ("yr.", "yr."),
}
_NARROW = {
    "second": "s",
    "minute": "m",
    "hour": "h",
    "day": "d",
    "week": "w",
    "month": "mo",
    "quarter": "q",
    "year": "y",
}
_AUTO = {
    ("second", 0): "now",
    ("minute", 0): "this minute",
    ("hour", 0): "this hour",
    ("day", -1): "yesterday",
    ("day", 0): "today",
    ("day", 1): "tomorrow",
}
_WORDS = {-1: "last", 0: "this", 1: "next"}


def relative_options(options: Any) -> dict[str, Any]:
    """What Intl.RelativeTimeFormat reads of its options."""
    given = _options(options)
    name = "RelativeTimeFormat"
    return {
        "style": choice(given, "style", _STYLES, name),
        "numeric": choice(given, "numeric", ("always", "auto"), name),
    }


def _auto(value: float, unit: str, style: str) -> str | None:
    """``yesterday`` and the like; None: a number is shown."""
    if value not in (-1, 0, 1):
        return None
    if (unit, int(value)) in _AUTO:
        return _AUTO[(unit, int(value))]
    if unit not in ("week", "month", "quarter", "year"):
        return None
    shown = unit if style == "long" else _SHORT[unit][0]
    return f"{_WORDS[int(value)]} {shown}"


def _named(unit: str, style: str, is_one: bool) -> str:
    if style == "narrow":
        return _NARROW[unit]
    if style == "short":
        return f" {_SHORT[unit][0 if is_one else 1]}"
    return f" {unit if is_one else unit + 's'}"


def relative_parts(value: Any, unit: Any, options: dict[str, Any]) -> Parts:
    """A difference of time as kinds and texts.

    Raises:
        napi.RangeError: The number is not finite, or there is no such unit.
    """
    number = shim.to_number(value)
    name = str(shim.to_string(unit))
    known = name.removesuffix("s")
    if known not in _SHORT:
        raise RangeError(
            f"Invalid unit argument for Intl.RelativeTimeFormat.prototype.format() "
            f"'{show(name)}'"
        )
    if number != number or number in (float("inf"), float("-inf")):
        raise RangeError(
            "Value need to be finite number for Intl.RelativeTimeFormat.prototype"
            ".format()"
        )
    if options["numeric"] == "auto":
        shown = _auto(number, known, options["style"])
        if shown is not None:
            return [("literal", shown)]
    from napi.runtime.intl_number import format_number

    is_past = str(number).startswith("-")
    text = format_number(abs(number), None, None)
    tail = _named(known, options["style"], abs(number) == 1)
    before = [] if is_past else [("literal", "in ")]
    after = f"{tail} ago" if is_past else tail
    return [*before, ("integer", text), ("literal", after)]
