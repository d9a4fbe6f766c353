"""BigInt (ECMA-262, chapter 21.2)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.box import primitive_of
from napi.runtime.builtin import install, tag
from napi.runtime.coerce import show, to_index, to_integer
from napi.runtime.constructor import constructor
from napi.runtime.error import RangeError, SyntaxError, TypeError
from napi.runtime.number import strip

__all__ = [
    "add_bigint_methods",
    "element_as_bigint",
    "in_radix",
    "make_bigint",
    "to_bigint",
]

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def in_radix(number: int, radix: int) -> str:
    """An integer of any size with the digits of a radix.

    Args:
        number: The integer.
        radix: 2 to 36.
    """
    sign, number = ("-", -number) if number < 0 else ("", number)
    if radix == 16:
        return f"{sign}{number:x}"
    if radix == 2:
        return f"{sign}{number:b}"
    if radix == 8:
        return f"{sign}{number:o}"
    if radix == 10 and number.bit_length() < 10000:
        return f"{sign}{number}"
    return sign + _split(number, radix).lstrip("0") if number else "0"


def _split(number: int, radix: int) -> str:
    """By halves: Python limits decimal conversion, and digit by digit is slow."""
    powers, size = [radix**32], 32
    while powers[-1] ** 2 <= number:
        powers.append(powers[-1] ** 2)

    def digits(value: int, level: int) -> str:
        if level < 0:
            shown = ""
            for _ in range(size):
                value, digit = divmod(value, radix)
                shown = _DIGITS[digit] + shown
            return shown
        high, low = divmod(value, powers[level])
        return digits(high, level - 1) + digits(low, level - 1)

    return digits(number, len(powers) - 1)


class _BigInt:
    def asUintN(bits: Any, value: Any) -> Any:
        width = to_index(bits, "Invalid value: not (convertible to) a safe integer")
        return shim.BigInt(int(element_as_bigint(value)) & _mask(width))

    def asIntN(bits: Any, value: Any) -> Any:
        width = to_index(bits, "Invalid value: not (convertible to) a safe integer")
        number = int(element_as_bigint(value)) & _mask(width)
        if width and number >> (width - 1):
            number -= 1 << width
        return shim.BigInt(number)


def _mask(width: int) -> int:
    return (1 << min(width, 2**30)) - 1


class _BigIntPrototype:
    def toLocaleString(this: Any, locales: Any = None, options: Any = None) -> str:
        number = primitive_of(this, "bigint", "BigInt.prototype.toLocaleString")
        from napi.runtime.intl_number import format_number

        return format_number(number, locales, options)

    def toString(this: Any, radix: Any = None) -> str:
        number = int(primitive_of(this, "bigint", "BigInt.prototype.toString"))
        base = 10 if radix is None else to_integer(radix)
        if not 2 <= base <= 36:
            raise RangeError("toString() radix argument must be between 2 and 36")
        return in_radix(number, int(base))

    def valueOf(this: Any) -> Any:
        return primitive_of(this, "bigint", "BigInt.prototype.valueOf")


def add_bigint_methods(prototype: Any) -> None:
    """Fills BigInt.prototype (ECMA-262 21.2.3)."""
    install(prototype, _BigIntPrototype)
    tag(prototype, "BigInt")


def element_as_bigint(value: Any) -> Any:
    """What becomes of a value in an array of bigints; no number is one.

    Raises:
        napi.TypeError: It is a number, or nothing that can be converted.
        napi.SyntaxError: It is a string of something else.
    """
    value = shim.to_primitive(value, "number")
    if shim.typeof(value) == "number":
        raise TypeError(f"Cannot convert {shim.to_string(value)} to a BigInt")
    return to_bigint(value)


def to_bigint(value: Any) -> Any:
    """ToBigInt, and of a number its exact value (21.2.1.1)."""
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
        text = strip(value)
        base = {"0x": 16, "0o": 8, "0b": 2}.get(text[:2].lower(), 10)
        digits = text[2:] if base != 10 else text.removeprefix("-").removeprefix("+")
        if base == 10 and not text:
            return shim.BigInt(0)
        known = "0123456789abcdef"[:base]
        if not digits or any(one not in known for one in digits.lower()):
            raise SyntaxError(f"Cannot convert {value} to a BigInt")
        if base == 10 and len(text) - len(digits) > 1:
            raise SyntaxError(f"Cannot convert {value} to a BigInt")
        return shim.BigInt(parse_digits(text if base == 10 else digits, base))
    raise TypeError(f"Cannot convert {show(value)} to a BigInt")


def parse_digits(digits: str, base: int) -> int:
    """``int(digits, base)`` of any length: Python limits it for base 10."""
    if len(digits) < 4000 or base != 10:
        return int(digits, base)
    sign = -1 if digits[0] == "-" else 1
    digits = digits.lstrip("+-")
    half = len(digits) // 2
    high, low = parse_digits(digits[:half], 10), parse_digits(digits[half:], 10)
    tens: int = 10 ** (len(digits) - half)
    return sign * (high * tens + low)


def make_bigint(prototype: Any) -> Any:
    """Makes the function BigInt."""

    def call(this: Any, value: Any) -> Any:
        return to_bigint(value)

    def construct(new_target: Any, *_: Any) -> Any:
        raise TypeError("BigInt is not a constructor")

    return constructor("BigInt", prototype, construct, call=call, members=_BigInt)
