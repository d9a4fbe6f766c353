"""The units that ECMA-402 sanctions, in American English (chapter 6.6)."""

from __future__ import annotations

__all__ = ["with_unit"]

# Unit: what follows a number that is short (of one, of others), and what is narrow.
_SHORT = {
    "acre": (" ac", " ac", "ac"),
    "bit": (" bit", " bit", "bit"),
    "byte": (" byte", " byte", "B"),
    "celsius": ("°C", "°C", "°C"),
    "centimeter": (" cm", " cm", "cm"),
    "day": (" day", " days", "d"),
    "degree": (" deg", " deg", "°"),
    "fahrenheit": ("°F", "°F", "°"),
    "fluid-ounce": (" fl oz", " fl oz", "fl oz"),
    "foot": (" ft", " ft", "\u2032"),
    "gallon": (" gal", " gal", "gal"),
    "gigabit": (" Gb", " Gb", "Gb"),
    "gigabyte": (" GB", " GB", "GB"),
    "gram": (" g", " g", "g"),
    "hectare": (" ha", " ha", "ha"),
    "hour": (" hr", " hr", "h"),
    "inch": (" in", " in", "\u2033"),
    "kilobit": (" kb", " kb", "kb"),
    "kilobyte": (" kB", " kB", "kB"),
    "kilogram": (" kg", " kg", "kg"),
    "kilometer": (" km", " km", "km"),
    "liter": (" L", " L", "L"),
    "megabit": (" Mb", " Mb", "Mb"),
    "megabyte": (" MB", " MB", "MB"),
    "meter": (" m", " m", "m"),
    "microsecond": (" μs", " μs", "μs"),
    "mile": (" mi", " mi", "mi"),
    "milliliter": (" mL", " mL", "mL"),
    "millimeter": (" mm", " mm", "mm"),
    "millisecond": (" ms", " ms", "ms"),
    "minute": (" min", " min", "m"),
    "month": (" mth", " mths", "m"),
    "nanosecond": (" ns", " ns", "ns"),
    "ounce": (" oz", " oz", "oz"),
    "percent": ("%", "%", "%"),
    "petabyte": (" PB", " PB", "PB"),
    "pound": (" lb", " lb", "#"),
    "second": (" sec", " sec", "s"),
    "stone": (" st", " st", "st"),
    "terabit": (" Tb", " Tb", "Tb"),
    "terabyte": (" TB", " TB", "TB"),
    "week": (" wk", " wks", "w"),
    "yard": (" yd", " yd", "yd"),
    "year": (" yr", " yrs", "y"),
}
_LONG = {
    "celsius": ("degree Celsius", "degrees Celsius"),
    "fahrenheit": ("degree Fahrenheit", "degrees Fahrenheit"),
    "fluid-ounce": ("fluid ounce", "fluid ounces"),
    "foot": ("foot", "feet"),
    "inch": ("inch", "inches"),
    "percent": ("percent", "percent"),
    "stone": ("stone", "stones"),
}
# Rates that have a sign of their own.
_RATES = {
    "kilometer-per-hour": (" km/h", "km/h"),
    "mile-per-hour": (" mph", "mph"),
    "mile-per-gallon": (" mpg", "mpg"),
}
_PER = {"hour": "h", "second": "s", "minute": "min", "day": "d", "month": "m"}


def _long(name: str, is_one: bool) -> str:
    words = _LONG.get(name, (name, f"{name}s"))
    return words[0 if is_one else 1]


def _one(text: str, name: str, display: str) -> str:
    is_one = text.lstrip("-+") == "1"
    if display == "long":
        return f"{text} {_long(name, is_one)}"
    short = _SHORT[name]
    return text + (short[2] if display == "narrow" else short[0 if is_one else 1])


def with_unit(text: str, unit: str, display: str) -> str:
    """A number with its unit.

    Args:
        text: The number.
        unit: A unit, or ``unit-per-unit``.
        display: ``short``, ``narrow`` or ``long``.

    Raises:
        napi.RangeError: There is no such unit.
    """
    name, _, per = unit.partition("-per-")
    if name not in _SHORT or (per and per not in _SHORT):
        from napi.runtime.error import RangeError

        raise RangeError(f"Invalid unit argument for Intl.NumberFormat() '{unit}'")
    if not per:
        return _one(text, name, display)
    if display == "long":
        return f"{_one(text, name, display)} per {_long(per, True)}"
    if unit in _RATES:
        return text + _RATES[unit][1 if display == "narrow" else 0]
    below = _PER.get(per, _SHORT[per][0].strip())
    return f"{_one(text, name, display)}/{below}"
