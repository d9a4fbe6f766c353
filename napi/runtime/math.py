"""Math (ECMA-262, chapter 21.3)."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.builtin import builtin, constant, hidden, sized, statics, tag
from napi.runtime.number import canonical

__all__ = ["make_math"]


def _guard(function: Callable[..., float], *arguments: Any) -> Any:
    try:
        return canonical(function(*arguments))
    except ValueError:
        return math.nan
    except OverflowError:
        return math.inf


def _numbers(values: tuple[Any, ...]) -> list[Any]:
    return [shim.to_number(value) for value in values]


def _pow(base: float, exponent: float) -> float:
    if exponent != exponent or (abs(base) == 1 and abs(exponent) == math.inf):
        return math.nan
    try:
        return math.pow(base, exponent)
    except ValueError:
        if base:
            return math.nan
        odd = float(exponent).is_integer() and exponent % 2
        return math.copysign(math.inf, base if odd else 1.0)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 else math.inf


def _log(function: Callable[[float], float]) -> Callable[[float], float]:
    def logarithm(number: float) -> float:
        return -math.inf if number == 0 else function(number)

    return logarithm


def _log1p(number: float) -> float:
    return -math.inf if number == -1 else math.log1p(number)


def _round(number: float) -> float:
    if not math.isfinite(number) or float(number).is_integer():
        return number
    whole = math.floor(number)
    rounded = whole + (number - whole >= 0.5)
    return math.copysign(float(rounded), number)


def _sign(number: float) -> float:
    return math.copysign(1, number) if number and number == number else number


def _whole(function: Callable[[float], int]) -> Callable[[float], float]:
    def act(number: float) -> float:
        if not math.isfinite(number):
            return number
        return math.copysign(float(function(number)), number)

    return act


def _floor(number: float) -> float:
    return number if not math.isfinite(number) or not number else math.floor(number)


def _sinh(number: float) -> float:
    try:
        return math.sinh(number)
    except OverflowError:
        return math.copysign(math.inf, number)


def _cbrt(number: float) -> float:
    if not math.isfinite(number):
        return number
    from fractions import Fraction

    root = abs(number) ** (1 / 3)
    if root:  # one step of Newton's, exactly: the power is a few units off
        near = Fraction(root)
        root = float((2 * near + Fraction(abs(number)) / (near * near)) / 3)
    return math.copysign(root, number)


def _atanh(number: float) -> float:
    return math.copysign(math.inf, number) if abs(number) == 1 else math.atanh(number)


def _narrow(letter: str) -> Callable[[float], float]:
    def narrow(number: float) -> float:
        import struct

        try:
            return float(struct.unpack(letter, struct.pack(letter, number))[0])
        except OverflowError:
            return math.copysign(math.inf, number)

    return narrow


def _expm1(number: float) -> float:
    return math.expm1(number) if number < 710 else math.exp(number)


_UNARY: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "acos": math.acos,
    "acosh": math.acosh,
    "asin": math.asin,
    "asinh": math.asinh,
    "atan": math.atan,
    "atanh": _atanh,
    "cbrt": _cbrt,
    "ceil": _whole(math.ceil),
    "cos": math.cos,
    "cosh": math.cosh,
    "exp": math.exp,
    "expm1": _expm1,
    "floor": _floor,
    "f16round": _narrow("e"),
    "fround": _narrow("f"),
    "log": _log(math.log),
    "log10": _log(math.log10),
    "log1p": _log1p,
    "log2": _log(math.log2),
    "round": _round,
    "sign": _sign,
    "sin": math.sin,
    "sinh": _sinh,
    "sqrt": math.sqrt,
    "tan": math.tan,
    "tanh": math.tanh,
    "trunc": _whole(math.trunc),
}


_INTEGERS = frozenset(("ceil", "floor", "round", "trunc"))


def _unary(name: str, function: Callable[[float], float]) -> Any:
    stays = name in _INTEGERS

    def act(value: Any) -> Any:
        if stays and type(value) is int:
            return value
        return _guard(function, float(shim.to_number(value)))

    return builtin(act, name, this=False)


def _order(number: float) -> tuple[float, float]:
    """0 is greater than -0."""
    return number, math.copysign(1, number)


class _Math:
    def atan2(y: Any, x: Any) -> Any:
        return _guard(math.atan2, *_numbers((y, x)))

    def clz32(value: Any) -> int:
        return 32 - _uint32(value).bit_length()

    @sized(2)
    def hypot(*values: Any) -> Any:
        return _guard(math.hypot, *_numbers(values)) if values else 0

    def imul(a: Any, b: Any) -> int:
        product = (_uint32(a) * _uint32(b)) & 0xFFFFFFFF
        return product - (1 << 32) if product >> 31 else product

    @sized(2)
    def max(*values: Any) -> Any:
        if len(values) == 2 and type(values[0]) is int is type(values[1]):
            return values[0] if values[0] > values[1] else values[1]
        numbers = _numbers(values)
        if any(number != number for number in numbers):
            return math.nan
        return max(numbers, key=_order) if numbers else -math.inf

    @sized(2)
    def min(*values: Any) -> Any:
        if len(values) == 2 and type(values[0]) is int is type(values[1]):
            return values[0] if values[0] < values[1] else values[1]
        numbers = _numbers(values)
        if any(number != number for number in numbers):
            return math.nan
        return min(numbers, key=_order) if numbers else math.inf

    def pow(base: Any, exponent: Any) -> Any:
        return canonical(_pow(*_numbers((base, exponent))))

    @staticmethod
    def random() -> float:
        return random.random()


def _uint32(value: Any) -> int:
    number = shim.to_number(value)
    return math.trunc(number) & 0xFFFFFFFF if math.isfinite(number) else 0


def make_math() -> Any:
    """Makes the object Math (ECMA-262 21.3)."""
    made = shim.Object()
    statics(made, _Math)
    for name, function in _UNARY.items():
        hidden(made, name, _unary(name, function))
    for name, value in (
        ("E", math.e),
        ("LN10", math.log(10)),
        ("LN2", math.log(2)),
        ("LOG10E", 0.4342944819032518),
        ("LOG2E", 1.4426950408889634),
        ("PI", math.pi),
        ("SQRT1_2", math.sqrt(0.5)),
        ("SQRT2", math.sqrt(2)),
    ):
        constant(made, name, value)
    tag(made, "Math")
    return made
