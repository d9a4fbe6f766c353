"""Operators on any values (ECMA-262, chapters 7.1, 7.2, 13.5 to 13.15)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.error import RangeError, TypeError

__all__ = [
    "add",
    "bit_and",
    "bit_not",
    "bit_or",
    "bit_xor",
    "contains",
    "decrement",
    "divide",
    "equal",
    "greater",
    "greater_equal",
    "increment",
    "instanceof",
    "less",
    "less_equal",
    "multiply",
    "negate",
    "plus",
    "power",
    "remainder",
    "shift_left",
    "shift_right",
    "shift_unsigned",
    "subtract",
    "to_numeric",
    "unequal",
]

_SAFE = 2**53 - 1
_MIXED = "Cannot mix BigInt and other types, use explicit conversions"


def canonical(value: float) -> Any:
    """A number as it is kept: an int where it is a safe one."""
    if type(value) is int:
        return value if -_SAFE <= value <= _SAFE else float(value)
    if value == value and abs(value) <= _SAFE and value == int(value):
        return int(value) if value or math.copysign(1, value) > 0 else value
    return value


def to_numeric(value: Any) -> Any:
    """ToNumeric: a number or a bigint (ECMA-262 7.1.3)."""
    if shim.typeof(value) == "bigint":
        return value
    primitive = shim.to_primitive(value, "number")
    if shim.typeof(primitive) == "bigint":
        return primitive
    return canonical(shim.to_number(primitive))


def _numeric(
    left: Any,
    right: Any,
    numbers: Callable[[Any, Any], Any],
    bigints: Callable[[int, int], int],
) -> Any:
    a, b = to_numeric(left), to_numeric(right)
    is_big = shim.typeof(a) == "bigint"
    if is_big != (shim.typeof(b) == "bigint"):
        raise TypeError(_MIXED)
    if is_big:
        return shim.BigInt(bigints(int(a), int(b)))
    return numbers(a, b)


def add(left: Any, right: Any) -> Any:
    """``+`` (ECMA-262 13.15.3)."""
    a = shim.to_primitive(left, "default")
    b = shim.to_primitive(right, "default")
    if isinstance(a, str) or isinstance(b, str):
        return _join(shim.to_string(a), shim.to_string(b))
    return _numeric(a, b, lambda x, y: canonical(float(x) + y), lambda x, y: x + y)


def _join(a: str, b: str) -> str:
    if a and b and "\ud800" <= a[-1] <= "\udbff" and "\udc00" <= b[0] <= "\udfff":
        pair = (a[-1] + b[0]).encode("utf-16-le", "surrogatepass")
        return a[:-1] + pair.decode("utf-16-le") + b[1:]
    return a + b


def subtract(left: Any, right: Any) -> Any:
    """``-``."""
    return _numeric(
        left, right, lambda x, y: canonical(float(x) - y), lambda x, y: x - y
    )


def multiply(left: Any, right: Any) -> Any:
    """``*``."""
    return _numeric(
        left, right, lambda x, y: canonical(float(x) * y), lambda x, y: x * y
    )


def _divide(x: float, y: float) -> Any:
    x, y = float(x), float(y)
    if y:
        return canonical(x / y)
    if x != x or y != y or not x:
        return math.nan
    return math.copysign(math.inf, x) * math.copysign(1, y)


def _divide_bigints(x: int, y: int) -> int:
    if not y:
        raise RangeError("Division by zero")
    quotient = abs(x) // abs(y)
    return quotient if (x < 0) == (y < 0) else -quotient


def divide(left: Any, right: Any) -> Any:
    """``/``."""
    return _numeric(left, right, _divide, _divide_bigints)


def _remainder(x: float, y: float) -> Any:
    x, y = float(x), float(y)
    if x != x or y != y or abs(x) == math.inf or not y:
        return math.nan
    return canonical(math.fmod(x, y))


def _remainder_bigints(x: int, y: int) -> int:
    if not y:
        raise RangeError("Division by zero")
    return int(math.copysign(1, x)) * (abs(x) % abs(y)) if x else 0


def remainder(left: Any, right: Any) -> Any:
    """``%``."""
    return _numeric(left, right, _remainder, _remainder_bigints)


def number_power(x: float, y: float) -> Any:
    """Number::exponentiate (ECMA-262 6.1.6.1.3)."""
    if y != y:
        return math.nan
    if y == 0:
        return 1
    if abs(x) == 1 and abs(y) == math.inf:
        return math.nan
    if type(x) is int and type(y) is int and 0 <= y <= 64:
        made = x**y
        return made if -_SAFE <= made <= _SAFE else float(made)
    try:
        return canonical(math.pow(x, y))
    except OverflowError:
        odd = y == math.floor(y) and y % 2 == 1
        return -math.inf if x < 0 and odd else math.inf
    except ValueError:
        if x == 0 and y < 0:
            odd = y == math.floor(y) and y % 2 == 1
            return math.copysign(math.inf, x) if odd else math.inf
        return math.nan


def _power_bigints(x: int, y: int) -> int:
    if y < 0:
        raise RangeError("Exponent must be positive")
    if y * max(x.bit_length(), 1) > 2**30 and abs(x) > 1:
        raise RangeError("Maximum BigInt size exceeded")
    return int(x**y)


def power(left: Any, right: Any) -> Any:
    """``**``."""
    return _numeric(left, right, number_power, _power_bigints)


# === 32 bits ===


def _int32(value: float) -> int:
    if value != value or abs(value) == math.inf:
        return 0
    bits = int(value) & 0xFFFFFFFF
    return bits - 0x100000000 if bits & 0x80000000 else bits


def bit_and(left: Any, right: Any) -> Any:
    """``&``."""
    return _numeric(left, right, lambda x, y: _int32(x) & _int32(y), lambda x, y: x & y)


def bit_or(left: Any, right: Any) -> Any:
    """``|``."""
    return _numeric(left, right, lambda x, y: _int32(x) | _int32(y), lambda x, y: x | y)


def bit_xor(left: Any, right: Any) -> Any:
    """``^``."""
    return _numeric(left, right, lambda x, y: _int32(x) ^ _int32(y), lambda x, y: x ^ y)


def _shift_bigint(x: int, y: int) -> int:
    if y > 2**30:
        raise RangeError("Maximum BigInt size exceeded")
    return x << y if y >= 0 else x >> min(-y, 2**40)


def shift_left(left: Any, right: Any) -> Any:
    """``<<``."""
    return _numeric(
        left, right, lambda x, y: _int32(_int32(x) << (_int32(y) & 31)), _shift_bigint
    )


def shift_right(left: Any, right: Any) -> Any:
    """``>>``."""
    return _numeric(
        left,
        right,
        lambda x, y: _int32(x) >> (_int32(y) & 31),
        lambda x, y: _shift_bigint(x, -y),
    )


def _refuse_unsigned(x: int, y: int) -> int:
    raise TypeError("BigInts have no unsigned right shift, use >> instead")


def shift_unsigned(left: Any, right: Any) -> Any:
    """``>>>``."""
    return _numeric(
        left,
        right,
        lambda x, y: (_int32(x) & 0xFFFFFFFF) >> (_int32(y) & 31),
        _refuse_unsigned,
    )


# === one operand ===


def negate(value: Any) -> Any:
    """``-x``."""
    number = to_numeric(value)
    if shim.typeof(number) == "bigint":
        return shim.BigInt(-int(number))
    return canonical(-float(number))


def plus(value: Any) -> Any:
    """``+x``: ToNumber."""
    if type(value) is int and -_SAFE <= value <= _SAFE:
        return value
    return canonical(shim.to_number(value))


def increment(value: Any) -> Any:
    """``x + 1``."""
    number = to_numeric(value)
    if shim.typeof(number) == "bigint":
        return shim.BigInt(int(number) + 1)
    return canonical(float(number) + 1)


def decrement(value: Any) -> Any:
    """``x - 1``."""
    number = to_numeric(value)
    if shim.typeof(number) == "bigint":
        return shim.BigInt(int(number) - 1)
    return canonical(float(number) - 1)


def bit_not(value: Any) -> Any:
    """``~x``."""
    number = to_numeric(value)
    if shim.typeof(number) == "bigint":
        return shim.BigInt(~int(number))
    return ~_int32(number)


# === comparisons ===


def _to_bigint(text: str) -> int | None:
    """StringToBigInt; ``None`` where it is none."""
    text = text.strip()
    if not text:
        return 0
    try:
        if text[:2].lower() in ("0x", "0o", "0b"):
            return int(text, 0) if "_" not in text else None
        digits = text[1:] if text[0] in "+-" else text
        return int(text) if digits.isascii() and digits.isdigit() else None
    except ValueError:
        return None


def _order(left: Any, right: Any, *, left_first: bool = True) -> int | None:
    """-1, 0 or 1 as the left is less, equal or greater; ``None``: no order."""
    if left_first:
        a = shim.to_primitive(left, "number")
        b = shim.to_primitive(right, "number")
    else:
        b = shim.to_primitive(right, "number")
        a = shim.to_primitive(left, "number")
    if isinstance(a, str) and isinstance(b, str):
        x: Any = a.encode("utf-16-be", "surrogatepass")
        y: Any = b.encode("utf-16-be", "surrogatepass")
        return int(x > y) - int(x < y)
    kinds = shim.typeof(a), shim.typeof(b)
    if "bigint" in kinds and "string" in kinds:
        if kinds[0] == "string":
            a = _to_bigint(a)
        else:
            b = _to_bigint(b)
        if a is None or b is None:
            return None
        x, y = int(a), int(b)
    else:
        x = int(a) if kinds[0] == "bigint" else shim.to_number(a)
        y = int(b) if kinds[1] == "bigint" else shim.to_number(b)
    if x != x or y != y:
        return None
    return int(x > y) - int(x < y)


def less(left: Any, right: Any) -> bool:
    """``<`` (ECMA-262 7.2.12)."""
    return _order(left, right) == -1


def greater(left: Any, right: Any) -> bool:
    """``>``."""
    return _order(left, right) == 1


def less_equal(left: Any, right: Any) -> bool:
    """``<=``."""
    return _order(left, right) in (-1, 0)


def greater_equal(left: Any, right: Any) -> bool:
    """``>=``."""
    return _order(left, right) in (1, 0)


def equal(left: Any, right: Any) -> bool:
    """``==`` (ECMA-262 7.2.14)."""
    if left is None or left is shim.null:
        return right is None or right is shim.null
    if right is None or right is shim.null:
        return False
    kinds = shim.typeof(left), shim.typeof(right)
    if kinds[0] == kinds[1]:
        return bool(shim.strict_equals(left, right))
    objects = ("object", "function")
    if kinds[0] in objects and kinds[1] in objects:
        return left is right
    if kinds[0] == "boolean":
        return equal(int(left), right)
    if kinds[1] == "boolean":
        return equal(left, int(right))
    if kinds[0] in objects:
        return equal(shim.to_primitive(left, "default"), right)
    if kinds[1] in objects:
        return equal(left, shim.to_primitive(right, "default"))
    if "symbol" in kinds:
        return False
    if "bigint" in kinds:
        a = _to_bigint(left) if kinds[0] == "string" else left
        b = _to_bigint(right) if kinds[1] == "string" else right
        if a is None or b is None:
            return False
        return bool(_plain(a) == _plain(b))
    return bool(shim.to_number(left) == shim.to_number(right))


def _plain(value: Any) -> Any:
    return value if isinstance(value, float) else int(value)


def unequal(left: Any, right: Any) -> bool:
    """``!=``."""
    return not equal(left, right)


def is_object(value: Any) -> bool:
    """Whether a value is an object in the sense of the specification."""
    return value is not shim.null and shim.typeof(value) in ("object", "function")


def contains(key: Any, target: Any) -> bool:
    """``key in target`` (ECMA-262 13.10.1)."""
    if not is_object(target):
        shown = show_value(key)
        raise TypeError(
            f"Cannot use 'in' operator to search for '{shown}' in {show_value(target)}"
        )
    return bool(shim.has(target, key))


def show_value(value: Any) -> str:
    """A value in a message."""
    if isinstance(value, shim.Symbol):
        return f"Symbol({value.description or ''})"
    if is_object(value):
        from napi.runtime.coerce import describe_object

        return describe_object(value)
    return str(shim.to_string(value))


def instanceof(value: Any, constructor: Any) -> bool:
    """``value instanceof constructor`` (ECMA-262 13.10.2)."""
    if not is_object(constructor):
        raise TypeError("Right-hand side of 'instanceof' is not an object")
    if not callable(constructor):
        method = shim.get(constructor, shim.Symbol.hasInstance)
        if method is None or method is shim.null:
            raise TypeError("Right-hand side of 'instanceof' is not callable")
    return bool(shim.instanceof(value, constructor))
