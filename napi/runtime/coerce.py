"""The abstract operations that many built-ins share (ECMA-262, chapter 7)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.error import RangeError, TypeError

__all__ = [
    "MAX_SAFE",
    "call_site",
    "clamp",
    "copied",
    "describe_object",
    "is_callable",
    "is_constructor",
    "is_nullish",
    "is_object",
    "is_regexp",
    "length_of",
    "list_from",
    "need_callable",
    "need_object",
    "relative",
    "same_value",
    "same_value_zero",
    "show",
    "species",
    "to_index",
    "to_integer",
    "to_length",
]

MAX_SAFE = 2**53 - 1
_MOST = 2**26  # what an array can hold here
_OBJECTS = frozenset(("object", "function", "external"))


def is_object(value: Any) -> bool:
    """Tells whether a value is an object (a function is one too)."""
    return shim.typeof(value) in _OBJECTS and value is not shim.null


def is_nullish(value: Any) -> bool:
    """Tells whether a value is undefined or null."""
    return value is None or value is shim.null


def is_callable(value: Any) -> bool:
    """IsCallable (7.2.3)."""
    return shim.typeof(value) == "function"


def is_constructor(value: Any) -> bool:
    """IsConstructor (7.2.4)."""
    return bool(shim.is_constructor(value))


def show(value: Any) -> str:
    """A value as V8 puts it into the texts of its TypeErrors.

    Args:
        value: Any value.
    """
    kind = shim.typeof(value)
    if kind == "string":
        return str(value)
    if kind == "symbol":
        return f"Symbol({value.description or ''})"
    if kind in ("function", "object") and value is not shim.null:
        return describe_object(value)
    return str(shim.to_string(value))


def _show_function(value: Any) -> str:
    from napi.runtime.function import source_of

    return source_of(value)


def call_site(value: Any) -> str:
    """A value as V8 names it where a built-in tried to call it or to iterate.

    Args:
        value: Any value.
    """
    kind = str(shim.typeof(value))
    if kind == "string":
        return f'string "{value}"'
    if value is shim.null or kind in ("boolean", "number"):
        return f"{kind if value is not shim.null else 'object'} {show(value)}"
    return kind


def need_object(value: Any, what: str) -> Any:
    """The value, if it is an object.

    Raises:
        napi.TypeError: "<what> called on non-object".
    """
    if not is_object(value):
        raise TypeError(f"{what} called on non-object")
    return value


def need_callable(function: Any) -> Any:
    """The value, if it is a function.

    Raises:
        napi.TypeError: "x is not a function".
    """
    if shim.typeof(function) != "function":
        raise TypeError(f"{call_site(function)} is not a function")
    return function


def to_integer(value: Any) -> Any:
    """ToIntegerOrInfinity (7.1.5).

    Returns:
        An ``int``, or a ``float`` infinity.
    """
    if type(value) is int and -MAX_SAFE <= value <= MAX_SAFE:
        return value
    if value is None:
        return 0
    number = shim.to_number(value)
    if number != number:
        return 0
    return number if number in (math.inf, -math.inf) else math.trunc(number)


def to_length(value: Any) -> int:
    """ToLength (7.1.20)."""
    number = to_integer(value)
    return 0 if number <= 0 else int(min(number, MAX_SAFE))


def to_index(value: Any, message: str = "Invalid index") -> int:
    """ToIndex (7.1.22).

    Raises:
        napi.RangeError: It is negative or too large.
    """
    number = to_integer(value)
    if not 0 <= number <= MAX_SAFE:
        raise RangeError(message)
    return int(number)


def length_of(target: Any) -> int:
    """LengthOfArrayLike (7.3.18)."""
    if isinstance(target, (list, tuple, shim.TypedArray)):
        return len(target)
    return to_length(shim.get(target, "length"))


def relative(value: Any, length: int, default: int) -> int:
    """An index that may count from the end, between 0 and ``length``."""
    if value is None:
        return default
    number = to_integer(value)
    return int(max(length + number, 0) if number < 0 else min(number, length))


def clamp(value: Any, length: int, default: int = 0) -> int:
    """An index between 0 and ``length``."""
    if value is None:
        return default
    return int(min(max(to_integer(value), 0), length))


def list_from(source: Any) -> list[Any]:
    """CreateListFromArrayLike (7.3.19).

    Raises:
        napi.TypeError: It is no object.
        napi.RangeError: It is longer than an array can be.
    """
    if isinstance(source, (list, tuple)):
        return list(source)
    if not is_object(source):
        raise TypeError("CreateListFromArrayLike called on non-object")
    count = length_of(source)
    if count > _MOST:
        raise RangeError("Invalid array length")
    return [shim.get(source, str(index)) for index in range(count)]


def same_value(a: Any, b: Any) -> bool:
    """SameValue (7.2.10)."""
    if a is b:
        return True
    if isinstance(a, float) or isinstance(b, float):
        if a != a and b != b:
            return isinstance(a, float) and isinstance(b, float)
        if a == 0 and b == 0 and shim.typeof(a) == shim.typeof(b) == "number":
            return math.copysign(1, a) == math.copysign(1, b)
    return bool(shim.strict_equals(a, b))


def same_value_zero(a: Any, b: Any) -> bool:
    """SameValueZero (7.2.11)."""
    if a is b:
        return True
    if isinstance(a, float) and isinstance(b, float) and a != a and b != b:
        return True
    return bool(shim.strict_equals(a, b))


def species(target: Any, default: Any) -> Any:
    """SpeciesConstructor (7.3.22).

    Raises:
        napi.TypeError: What the object names is no constructor.
    """
    maker = shim.get(target, "constructor")
    if maker is default or maker is None:
        if maker is None:
            return default
    elif not is_object(maker):
        raise TypeError("The .constructor property is not an object")
    found = shim.get(maker, shim.Symbol.species)
    if found is None or found is shim.null or found is default:
        return default
    if not is_constructor(found):
        raise TypeError("object.constructor[Symbol.species] is not a constructor")
    return found


def is_regexp(value: Any) -> bool:
    """IsRegExp (7.2.8)."""
    if isinstance(value, str) or not is_object(value):
        return False
    matcher = shim.get(value, shim.Symbol.match)
    if matcher is not None:
        return bool(shim.to_boolean(matcher))
    from napi.runtime.regexp import RegExp

    return isinstance(value, RegExp)


def copied(function: Callable[..., Any]) -> Callable[..., Any]:
    """A copy of a function, for a member that two classes share."""
    import types

    made = types.FunctionType(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    made.__dict__.update(function.__dict__)
    return made


def describe_object(value: Any) -> str:
    """An object as V8 names it where it must not run its ``toString``.

    Args:
        value: An object or a function.

    Returns:
        The source of a function, ``#<Point>`` for what has the ``toString`` of
        ``Object.prototype``, else ``[object Array]`` and the like.
    """
    if isinstance(value, BaseException):
        from napi.runtime.error import describe_error

        return describe_error(value)
    if shim.typeof(value) == "function":
        return _show_function(value)
    if shim.is_proxy(value):
        return "#<Object>"
    plain = shim.get(shim.get(shim.get_global(), "Object"), "prototype")
    standard = shim.get(plain, "toString")
    if shim.get(value, "toString") is not standard:
        return str(shim.call(standard, value))
    maker = _data(value, "constructor")
    name = shim.get(maker, "name") if is_callable(maker) else None
    if isinstance(name, str) and name:
        return f"#<{name}>"
    return str(shim.call(standard, value))


def _data(value: Any, key: str) -> Any:
    """A property whose getter must not run."""
    while value is not shim.null and value is not None:
        found = shim.own_property(value, key)
        if found is not None:
            return found.get("value")
        value = shim.get_prototype(value)
    return None
