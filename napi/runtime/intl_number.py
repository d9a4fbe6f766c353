"""Numbers for people, in English (ECMA-402, chapter 16), as far as it goes."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from napi._native import shim
from napi.runtime.coerce import is_nullish
from napi.runtime.error import RangeError, TypeError
from napi.runtime.intl_option import choice
from napi.runtime.intl_unit import with_unit

__all__ = ["NumberOptions", "format_number", "format_with", "number_options"]

_WIDE = Context(prec=1500, rounding=ROUND_HALF_UP)
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "CNY": "CN¥"}
_WHOLE = ("JPY", "KRW", "VND", "CLP")
_COMPACT = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K"))
NumberOptions = dict[str, Any]
_STYLES = ("decimal", "percent", "currency", "unit")


def _count(options: Any, name: str, low: int, high: int, default: Any) -> Any:
    value = shim.get(options, name)
    if value is None:
        return default
    number = shim.to_number(value)
    if not low <= number <= high:
        raise RangeError(f"{name} value is out of range.")
    return int(number)


def number_options(options: Any) -> NumberOptions:
    """What the options of Intl.NumberFormat say.

    Args:
        options: An object, or undefined.

    Raises:
        napi.RangeError: An option has a value that it cannot have.
    """
    given = shim.Object() if is_nullish(options) else shim.to_object(options)
    style = choice(given, "style", _STYLES, "NumberFormat")
    currency = shim.get(given, "currency")
    if style == "currency" and currency is None:
        raise TypeError("Currency code is required with currency style.")
    code = None if currency is None else str(shim.to_string(currency)).upper()
    notation = choice(
        given,
        "notation",
        ("standard", "scientific", "engineering", "compact"),
        "NumberFormat",
    )
    places = 2 if style == "currency" and code not in _WHOLE else 0
    most = {"currency": places, "percent": 0}.get(style, 3)
    if notation == "compact":
        most = 0
    low = _count(given, "minimumFractionDigits", 0, 100, None)
    high = _count(given, "maximumFractionDigits", 0, 100, None)
    if low is not None and high is not None and low > high:
        raise RangeError("maximumFractionDigits value is out of range.")
    least = min(places, high) if low is None and high is not None else low
    grouping = shim.get(given, "useGrouping")
    return {
        "style": style,
        "currency": code,
        "notation": notation,
        "minimum": places if least is None else least,
        "maximum": max(most, low or 0) if high is None else high,
        "explicit": low is not None or high is not None,
        "integer": _count(given, "minimumIntegerDigits", 1, 21, 1),
        "least": _count(given, "minimumSignificantDigits", 1, 21, None),
        "significant": _count(given, "maximumSignificantDigits", 1, 21, None),
        "grouping": grouping is None or bool(shim.to_boolean(grouping)),
        "sign": choice(
            given,
            "signDisplay",
            ("auto", "never", "always", "exceptZero", "negative"),
            "NumberFormat",
        ),
        "unit": shim.get(given, "unit"),
        "unitDisplay": shim.get(given, "unitDisplay") or "short",
    }


def _digits(number: Decimal, options: NumberOptions) -> str:
    """Rounded, with as many places as the options want."""
    significant = options["significant"]
    if significant is None and options["least"] is not None:
        significant = 21
    if significant is not None:
        if number:
            quantum = Decimal(1).scaleb(number.adjusted() - significant + 1)
            number = _WIDE.quantize(number, quantum)
        text = f"{number.normalize():f}" if number else "0"
        whole, _, fraction = text.partition(".")
        shown = len((whole.lstrip("0") + fraction).lstrip("0")) or 1
        return f"{whole}.{fraction + '0' * max((options['least'] or 1) - shown, 0)}"
    quantum = Decimal(1).scaleb(-options["maximum"])
    whole, _, fraction = f"{_WIDE.quantize(number, quantum):f}".partition(".")
    fraction = fraction.rstrip("0").ljust(options["minimum"], "0")
    return f"{whole}.{fraction}"


def _grouped(whole: str) -> str:
    return f"{int(whole):,}".rjust(len(whole), "0")


def format_with(number: Any, options: NumberOptions) -> str:
    """A number with options that :func:`number_options` has read.

    Args:
        number: A number or bigint.
        options: The options.
    """
    is_bigint = shim.typeof(number) == "bigint"
    if not is_bigint and number != number:
        return _decorated("NaN", False, options, "")
    negative = number < 0 or (
        not is_bigint and number == 0 and math.copysign(1, number) < 0
    )
    if not is_bigint and abs(number) == math.inf:
        return _decorated("∞", negative, options, "")
    exact = Decimal(int(number)) if is_bigint else Decimal(repr(float(number)))
    exact = abs(exact)
    if options["style"] == "percent":
        exact = _WIDE.multiply(exact, Decimal(100))
    suffix = ""
    if options["notation"] == "compact":
        exact, suffix, options = _compact(exact, options)
    whole, _, fraction = _digits(exact, options).partition(".")
    whole = whole.rjust(options["integer"], "0")
    if options["grouping"]:
        plain = len(whole) > (4 if suffix or options["notation"] == "compact" else 3)
        whole = _grouped(whole) if plain and whole[0] != "0" else _by_threes(whole)
    text = f"{whole}.{fraction}" if fraction else whole
    return _decorated(text, negative, options, suffix)


def _by_threes(whole: str) -> str:
    head = len(whole) % 3
    groups = [whole[i : i + 3] for i in range(head, len(whole), 3)]
    return ",".join([whole[:head], *groups] if head else groups)


def _compact(exact: Decimal, options: NumberOptions) -> tuple[Decimal, str, Any]:
    suffix = ""
    for size, letter in _COMPACT:
        if exact >= size:
            exact, suffix = exact / size, letter
            break
    if not options["explicit"] and options["significant"] is None and exact < 100:
        options = {**options, "significant": 2}
    return exact, suffix, options


def _decorated(text: str, negative: bool, options: NumberOptions, suffix: str) -> str:
    text += suffix
    style = options["style"]
    if style == "percent":
        text += "%"
    elif style == "currency":
        code = options["currency"]
        text = _SYMBOLS.get(code, code + "\xa0") + text
    elif style == "unit" and options["unit"] is not None:
        text = with_unit(text, options["unit"], options["unitDisplay"])
    sign, zero = options["sign"], not any(one in "123456789∞" for one in text)
    if (
        negative
        and sign != "never"
        and not (zero and sign in ("exceptZero", "negative"))
    ):
        return "-" + text
    if not negative and (sign == "always" or (sign == "exceptZero" and not zero)):
        return "+" + text
    return text


def format_number(number: Any, locales: Any, options: Any) -> str:
    """Number.prototype.toLocaleString.

    Args:
        number: A number or bigint.
        locales: Ignored: all is English.
        options: As of Intl.NumberFormat.
    """
    return format_with(number, number_options(options))
