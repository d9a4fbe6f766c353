"""Number and the functions of numbers (ECMA-262, chapters 19.2 and 21.1)."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from napi._native import shim
from napi.runtime.box import Box, primitive_of
from napi.runtime.builtin import constant, hidden, install, sized
from napi.runtime.constructor import adopt, constructor
from napi.runtime.error import RangeError

__all__ = [
    "add_number_methods",
    "canonical",
    "in_radix",
    "is_finite",
    "is_nan",
    "make_number",
    "parse_float",
    "parse_int",
    "strip",
]

_MAX_SAFE = 2**53 - 1
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# Wide enough for every double with 100 places.
_EXACT = Context(prec=1500, rounding=ROUND_HALF_UP)
_DECIMAL = re.compile(
    r"[+-]?(?:Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
)


def canonical(value: float) -> Any:
    """A JavaScript number as napi gives it to Python.

    Args:
        value: Any double or int.

    Returns:
        An ``int`` where the value is integral, safe and not -0, else a ``float``.
    """
    number = float(value)
    if number.is_integer() and abs(number) <= _MAX_SAFE:
        return int(number) if number or math.copysign(1, number) > 0 else number
    return number


def _integer(value: Any, default: int = 0) -> float:
    """ToIntegerOrInfinity."""
    if value is None:
        return default
    number: float = shim.to_number(value)
    if number != number:
        return 0
    return number if abs(number) == math.inf else math.trunc(number)


_SPACE = "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007" + (
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)


def strip(text: str) -> str:
    """A text without the white space that JavaScript knows at its ends."""
    return text.strip(_SPACE)


def parse_int(text: Any, radix: Any) -> Any:
    """The function parseInt (ECMA-262 19.2.5)."""
    if type(text) is int and radix is None:
        return text
    source = shim.to_string(text).lstrip(_SPACE)
    number = _integer(radix)
    base = int(number) & 0xFFFFFFFF if math.isfinite(number) else 0
    sign = -1 if source[:1] == "-" else 1
    source = source[1:] if source[:1] in ("+", "-") else source
    if base in (0, 16) and source[:2].lower() == "0x":
        source, base = source[2:], 16
    base = base or 10
    if not 2 <= base <= 36:
        return math.nan
    known = _DIGITS[:base] + _DIGITS[:base].upper()
    end = 0
    while end < len(source) and source[end] in known:
        end += 1
    if not end:
        return math.nan
    whole = int(source[:end], base)
    try:
        value = float(whole)
    except OverflowError:
        value = math.inf
    return canonical(sign * value) if whole or sign > 0 else -0.0


def parse_float(text: Any) -> Any:
    """The function parseFloat (ECMA-262 19.2.4)."""
    if type(text) in (int, float):
        return text or 0
    match = _DECIMAL.match(shim.to_string(text).lstrip(_SPACE))
    if match is None:
        return math.nan
    return canonical(float(match[0].replace("Infinity", "inf")))


def is_nan(value: Any) -> bool:
    """The function isNaN (ECMA-262 19.2.3)."""
    number = shim.to_number(value)
    return bool(number != number)


def is_finite(value: Any) -> bool:
    """The function isFinite (ECMA-262 19.2.2)."""
    return math.isfinite(shim.to_number(value))


def _is_number(value: Any) -> bool:
    return bool(shim.typeof(value) == "number")


class _Number:
    @staticmethod
    def isFinite(value: Any) -> bool:
        return _is_number(value) and math.isfinite(value)

    @staticmethod
    def isInteger(value: Any) -> bool:
        return _is_number(value) and float(value).is_integer()

    @staticmethod
    def isNaN(value: Any) -> bool:
        return _is_number(value) and value != value

    @staticmethod
    def isSafeInteger(value: Any) -> bool:
        return _Number.isInteger(value) and abs(value) <= _MAX_SAFE


def _digits(value: Any, low: int, what: str) -> int:
    count = _integer(value)
    if not low <= count <= 100:
        raise RangeError(f"{what} argument must be between {low} and 100")
    return int(count)


def in_radix(number: float, radix: int) -> str:
    """A finite number with the digits of a radix, as V8 chooses them."""
    sign, number = ("-", -number) if number < 0 else ("", number)
    # Beyond 2**56 V8 divides the double itself, and shows zeros for what is lost.
    zeros = ""
    while number >= 2**56:
        number /= radix
        zeros += "0"
    fraction = 0.0 if zeros else number - int(number)
    shown = _double_in_radix(float(int(number)), radix) + zeros
    if fraction:
        shown += "."
        # Digits until the double is told apart from its neighbours, as V8 does.
        delta = max(0.5 * math.ulp(number), 5e-324)
        while fraction >= delta:
            fraction *= radix
            delta *= radix
            digit = int(fraction)
            fraction -= digit
            if (fraction > 0.5 or (fraction == 0.5 and digit & 1)) and (
                fraction + delta > 1
            ):
                shown = _carry(shown + _DIGITS[digit], radix)
                break
            shown += _DIGITS[digit]
    return sign + shown


def _carry(shown: str, radix: int) -> str:
    """Adds one unit in the last place."""
    text = list(shown)
    index = len(text) - 1
    while index >= 0:
        if text[index] != ".":
            digit = _DIGITS.index(text[index]) + 1
            if digit < radix:
                text[index] = _DIGITS[digit]
                return "".join(text[: index + 1] if "." in text[:index] else text)
            text[index] = "0"
        index -= 1
    return "1" + "".join(text).split(".")[0]


def _double_in_radix(whole: float, radix: int) -> str:
    """As V8: what a step loses is lost, for the digits are those of doubles."""
    shown = ""
    while True:
        digit = math.fmod(whole, radix)
        shown = _DIGITS[int(digit)] + shown
        whole = (whole - digit) / radix
        if whole <= 0:
            return shown


def _whole_in_radix(whole: int, radix: int) -> str:
    if not whole:
        return "0"
    shown = ""
    while whole:
        whole, digit = divmod(whole, radix)
        shown = _DIGITS[digit] + shown
    return shown


def _exponential(number: Any, digits: int | None) -> str:
    if digits is None:
        shortest = Decimal(repr(float(number) or 0.0)).normalize()
        mantissa, exponent = f"{shortest:e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    else:
        rounded = Decimal(float(number) or 0.0)
        exact = rounded.adjusted() if rounded else 0
        quantum = Decimal(1).scaleb(exact - digits)
        rounded = _EXACT.quantize(rounded, quantum)
        if rounded and rounded.adjusted() > exact:
            rounded = _EXACT.quantize(rounded, quantum.scaleb(1))
        mantissa, exponent = f"{rounded:.{digits}e}".split("e")
    return f"{mantissa}e{int(exponent):+d}"


class _NumberPrototype:
    @sized(1)
    def toString(this: Any, radix: Any = None) -> str:
        number = primitive_of(this, "number", "Number.prototype.toString")
        base = 10 if radix is None else _integer(radix)
        if not 2 <= base <= 36:
            raise RangeError("toString() radix argument must be between 2 and 36")
        if base == 10 or not math.isfinite(number):
            return str(shim.to_string(number))
        return in_radix(number, int(base))

    def toLocaleString(this: Any, locales: Any = None, options: Any = None) -> str:
        number = primitive_of(this, "number", "Number.prototype.toLocaleString")
        from napi.runtime.intl_number import format_number

        return format_number(number, locales, options)

    def toFixed(this: Any, digits: Any) -> str:
        number = primitive_of(this, "number", "Number.prototype.toFixed")
        count = _digits(digits, 0, "toFixed() digits")
        if not math.isfinite(number) or abs(number) >= 1e21:
            return str(shim.to_string(number))
        quantum = Decimal(1).scaleb(-count)
        exact = _EXACT.quantize(Decimal(float(number)), quantum)
        return f"{exact if number else abs(exact):f}"

    def toExponential(this: Any, digits: Any) -> str:
        number = primitive_of(this, "number", "Number.prototype.toExponential")
        count = _integer(digits)
        if not math.isfinite(number):
            return str(shim.to_string(number))
        if not 0 <= count <= 100:
            raise RangeError("toExponential() argument must be between 0 and 100")
        return _exponential(number, None if digits is None else int(count))

    def toPrecision(this: Any, precision: Any) -> str:
        number = primitive_of(this, "number", "Number.prototype.toPrecision")
        if precision is None:
            return str(shim.to_string(number))
        shim.to_number(precision)
        if not math.isfinite(number):
            return str(shim.to_string(number))
        count = _digits(precision, 1, "toPrecision()")
        shown = _exponential(number, count - 1)
        exponent = int(shown.split("e")[1])
        if exponent < -6 or exponent >= count:
            return shown
        places = Decimal(1).scaleb(exponent - count + 1)
        return f"{_EXACT.quantize(Decimal(float(number) or 0.0), places):f}"

    def valueOf(this: Any) -> Any:
        return primitive_of(this, "number", "Number.prototype.valueOf")


def add_number_methods(prototype: Any) -> None:
    """Fills Number.prototype (ECMA-262 21.1.3)."""
    install(prototype, _NumberPrototype)


def _convert(*arguments: Any) -> Any:
    if not arguments:
        return 0
    value = shim.to_primitive(arguments[0], "number")
    if shim.typeof(value) == "bigint":
        try:
            return canonical(float(value))
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    return shim.to_number(value)


def make_number(prototype: Any) -> Any:
    """Makes the constructor Number."""

    def call(this: Any, *arguments: Any) -> Any:
        return _convert(*arguments)

    def construct(new_target: Any, *arguments: Any) -> Any:
        return adopt(Box.of(_convert(*arguments)), new_target, made)

    made = constructor("Number", prototype, construct, call=call, members=_Number)
    for name, value in (
        ("MAX_SAFE_INTEGER", _MAX_SAFE),
        ("MIN_SAFE_INTEGER", -_MAX_SAFE),
        ("MAX_VALUE", 1.7976931348623157e308),
        ("MIN_VALUE", 5e-324),
        ("EPSILON", 2.0**-52),
        ("POSITIVE_INFINITY", math.inf),
        ("NEGATIVE_INFINITY", -math.inf),
        ("NaN", math.nan),
    ):
        constant(made, name, value)
    for name in ("parseInt", "parseFloat"):
        hidden(made, name, shim.get(shim.get_global(), name))
    return made
