"""Number, BigInt, Boolean and Symbol (ECMA-262, chapters 19 to 21)."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from napi._native import shim
from napi.runtime.builtin import constant, install
from napi.runtime.constructor import Constructor, constructor
from napi.runtime.error import RangeError, SyntaxError, TypeError

__all__ = [
    "add_bigint_methods",
    "add_boolean_methods",
    "add_number_methods",
    "add_symbol_methods",
    "canonical",
    "element_as_bigint",
    "is_finite",
    "is_nan",
    "make_bigint",
    "make_boolean",
    "make_number",
    "make_symbol",
    "parse_float",
    "parse_int",
]

_MAX_SAFE = 2**53 - 1
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# Wide enough for every double with 100 places.
_EXACT = Context(prec=1500, rounding=ROUND_HALF_UP)
_DECIMAL = re.compile(r"[+-]?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")


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


def parse_int(text: Any = None, radix: Any = None) -> Any:
    """The function parseInt (ECMA-262 19.2.5)."""
    source = shim.to_string(text).strip()
    base = int(_integer(radix)) if radix is not None else 0
    sign = -1 if source[:1] == "-" else 1
    source = source[1:] if source[:1] in "+-" and source else source
    if base in (0, 16) and source[:2].lower() == "0x":
        source, base = source[2:], 16
    base = base or 10
    if not 2 <= base <= 36:
        return math.nan
    known = _DIGITS[:base]
    end = 0
    while end < len(source) and source[end].lower() in known:
        end += 1
    return canonical(sign * float(int(source[:end], base))) if end else math.nan


def parse_float(text: Any = None) -> Any:
    """The function parseFloat (ECMA-262 19.2.4)."""
    match = _DECIMAL.match(shim.to_string(text).strip())
    if match is None:
        return math.nan
    return canonical(float(match[0].replace("Infinity", "inf")))


def is_nan(value: Any = None) -> bool:
    """The function isNaN (ECMA-262 19.2.3)."""
    number = shim.to_number(value)
    return bool(number != number)


def is_finite(value: Any = None) -> bool:
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

    @staticmethod
    def parseFloat(text: Any) -> Any:
        return parse_float(text)

    @staticmethod
    def parseInt(text: Any, radix: Any = None) -> Any:
        return parse_int(text, radix)


def _primitive(this: Any, kind: str, what: str) -> Any:
    value = getattr(this, "primitive", this)
    if shim.typeof(value) != kind:
        raise TypeError(f"{what} requires that 'this' be a {kind.title()}")
    return value


def _digits(value: Any, low: int, what: str) -> int:
    count = _integer(value)
    if not low <= count <= 100:
        raise RangeError(f"{what} argument must be between {low} and 100")
    return int(count)


def _in_radix(number: float, radix: int) -> str:
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
    def toString(this: Any, radix: Any = None) -> str:
        number = _primitive(this, "number", "Number.prototype.toString")
        base = 10 if radix is None else _integer(radix)
        if not 2 <= base <= 36:
            raise RangeError("toString() radix must be between 2 and 36")
        if base == 10 or not math.isfinite(number):
            return str(shim.to_string(number))
        return _in_radix(number, int(base))

    def toLocaleString(this: Any) -> str:
        number = _primitive(this, "number", "Number.prototype.toLocaleString")
        if not math.isfinite(number):
            return str(shim.to_string(number))
        whole, _, fraction = f"{number:,.3f}".partition(".")
        fraction = fraction.rstrip("0")
        return f"{whole}.{fraction}" if fraction else whole

    def toFixed(this: Any, digits: Any = None) -> str:
        number = _primitive(this, "number", "Number.prototype.toFixed")
        count = _digits(digits, 0, "toFixed() digits")
        if not math.isfinite(number) or abs(number) >= 1e21:
            return str(shim.to_string(number))
        quantum = Decimal(1).scaleb(-count)
        exact = _EXACT.quantize(Decimal(float(number)), quantum)
        return f"{exact if number else abs(exact):f}"

    def toExponential(this: Any, digits: Any = None) -> str:
        number = _primitive(this, "number", "Number.prototype.toExponential")
        if not math.isfinite(number):
            return str(shim.to_string(number))
        count = None if digits is None else _digits(digits, 0, "toExponential()")
        return _exponential(number, count)

    def toPrecision(this: Any, precision: Any = None) -> str:
        number = _primitive(this, "number", "Number.prototype.toPrecision")
        if precision is None or not math.isfinite(number):
            return str(shim.to_string(number))
        count = _digits(precision, 1, "toPrecision()")
        shown = _exponential(number, count - 1)
        exponent = int(shown.split("e")[1])
        if exponent < -6 or exponent >= count:
            return shown
        places = Decimal(1).scaleb(exponent - count + 1)
        return f"{_EXACT.quantize(Decimal(float(number) or 0.0), places):f}"

    def valueOf(this: Any) -> Any:
        return _primitive(this, "number", "Number.prototype.valueOf")


def add_number_methods(prototype: Any) -> None:
    """Fills Number.prototype (ECMA-262 21.1.3)."""
    install(prototype, _NumberPrototype)


def make_number(prototype: Any) -> Constructor:
    """Makes the constructor Number."""

    def make(*arguments: Any) -> Any:
        if not arguments:
            return 0
        value = shim.to_primitive(arguments[0], "number")
        if shim.typeof(value) == "bigint":
            return canonical(float(value))
        return shim.to_number(value)

    made = constructor("Number", make, prototype, _Number)
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
        setattr(made, name, value)
    return made


class _BigInt:
    @staticmethod
    def asIntN(bits: Any, value: Any) -> Any:
        width = int(_integer(bits))
        number = int(value) & ((1 << width) - 1)
        if width and number >> (width - 1):
            number -= 1 << width
        return shim.BigInt(number)

    @staticmethod
    def asUintN(bits: Any, value: Any) -> Any:
        return shim.BigInt(int(value) & ((1 << int(_integer(bits))) - 1))


class _BigIntPrototype:
    def toString(this: Any, radix: Any = None) -> str:
        number = int(_primitive(this, "bigint", "BigInt.prototype.toString"))
        base = 10 if radix is None else _integer(radix)
        if not 2 <= base <= 36:
            raise RangeError("toString() radix must be between 2 and 36")
        sign = "-" if number < 0 else ""
        return sign + _whole_in_radix(abs(number), int(base))

    def toLocaleString(this: Any) -> str:
        return f"{int(_primitive(this, 'bigint', 'BigInt.prototype.toLocaleString')):,}"

    def valueOf(this: Any) -> Any:
        return _primitive(this, "bigint", "BigInt.prototype.valueOf")


def add_bigint_methods(prototype: Any) -> None:
    """Fills BigInt.prototype (ECMA-262 21.2.3)."""
    install(prototype, _BigIntPrototype)
    constant(prototype, shim.Symbol.toStringTag, "BigInt")


def element_as_bigint(value: Any) -> Any:
    """What becomes of a value in an array of bigints; no number is one.

    Raises:
        napi.TypeError: It is a number, or nothing that can be converted.
        napi.SyntaxError: It is a string of something else.
    """
    value = shim.to_primitive(value, "number")
    if shim.typeof(value) == "number":
        raise TypeError(f"Cannot convert {shim.to_string(value)} to a BigInt")
    return _to_bigint(value)


def _to_bigint(value: Any = None, *_: Any) -> Any:
    value = shim.to_primitive(value, "number")
    kind = shim.typeof(value)
    if kind in ("bigint", "boolean"):
        return shim.BigInt(int(value))
    if kind == "number":
        if not float(value).is_integer():
            shown = shim.to_string(value)
            raise RangeError(
                f"The number {shown} cannot be converted to a BigInt because it is "
                "not an integer"
            )
        return shim.BigInt(int(value))
    if kind == "string":
        text = value.strip().lower()
        bases = {"0x": 16, "0o": 8, "0b": 2}
        try:
            return shim.BigInt(int(text or "0", bases.get(text[:2], 10)))
        except ValueError:
            raise SyntaxError(f"Cannot convert {value} to a BigInt") from None
    raise TypeError(f"Cannot convert {_shown(value)} to a BigInt")


def _shown(value: Any) -> str:
    if value is None:
        return "undefined"
    if shim.typeof(value) == "symbol":
        return repr(value)
    return str(shim.to_string(value))


def make_bigint(prototype: Any) -> Constructor:
    """Makes the function BigInt."""
    return constructor("BigInt", _to_bigint, prototype, _BigInt)


class _BooleanPrototype:
    def toString(this: Any) -> str:
        value = _primitive(this, "boolean", "Boolean.prototype.toString")
        return "true" if value else "false"

    def valueOf(this: Any) -> Any:
        return _primitive(this, "boolean", "Boolean.prototype.valueOf")


def add_boolean_methods(prototype: Any) -> None:
    """Fills Boolean.prototype (ECMA-262 20.3.3)."""
    install(prototype, _BooleanPrototype)


def make_boolean(prototype: Any) -> Constructor:
    """Makes the constructor Boolean."""

    def make(value: Any = None, *_: Any) -> Any:
        return shim.to_boolean(value)

    return constructor("Boolean", make, prototype)


WELL_KNOWN = (
    "asyncIterator",
    "hasInstance",
    "isConcatSpreadable",
    "iterator",
    "match",
    "matchAll",
    "replace",
    "search",
    "species",
    "split",
    "toPrimitive",
    "toStringTag",
    "unscopables",
)


def _description(this: Any) -> Any:
    return getattr(this, "primitive", this).description


def _symbol_to_primitive(this: Any, *_: Any) -> Any:
    return _primitive(this, "symbol", "Symbol.prototype [ @@toPrimitive ]")


_symbol_to_primitive.__name__ = "[Symbol.toPrimitive]"


class _SymbolPrototype:
    def toString(this: Any) -> str:
        value = _primitive(this, "symbol", "Symbol.prototype.toString")
        return f"Symbol({value.description or ''})"

    def valueOf(this: Any) -> Any:
        return _primitive(this, "symbol", "Symbol.prototype.valueOf")


def add_symbol_methods(prototype: Any) -> None:
    """Fills Symbol.prototype (ECMA-262 20.4.3)."""
    install(prototype, _SymbolPrototype)
    shim.define(
        prototype,
        "description",
        get=shim.method(_description),
        enumerable=False,
        configurable=True,
    )
    shim.define(
        prototype,
        shim.Symbol.toPrimitive,
        value=shim.method(_symbol_to_primitive),
        writable=False,
        enumerable=False,
        configurable=True,
    )
    constant(prototype, shim.Symbol.toStringTag, "Symbol")


class _Symbol:
    @staticmethod
    def for_(key: Any) -> Any:
        return shim.Symbol.for_(shim.to_string(key))

    @staticmethod
    def keyFor(symbol: Any) -> Any:
        if shim.typeof(symbol) != "symbol":
            raise TypeError(f"{_shown(symbol)} is not a symbol")
        description = symbol.description
        if description is None or shim.Symbol.for_(description) is not symbol:
            return None
        return description


def make_symbol(prototype: Any) -> Constructor:
    """Makes the function Symbol."""

    def make(description: Any = None, *_: Any) -> Any:
        if description is None:
            return shim.Symbol()
        return shim.Symbol(shim.to_string(description))

    made = constructor("Symbol", make, prototype, _Symbol)
    for name in WELL_KNOWN:
        setattr(made, name, getattr(shim.Symbol, name))
    return made
