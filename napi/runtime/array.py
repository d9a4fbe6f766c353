"""Array and its prototype (ECMA-262, chapter 23.1).

The methods work on ``napi.Array``, ``list`` and ``tuple`` directly, and on any
other array-like object through its ``length``. Holes read as undefined.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from typing import Any

from napi._native import shim
from napi.runtime.builtin import hidden, install
from napi.runtime.constructor import Constructor, constructor
from napi.runtime.error import RangeError, TypeError
from napi.runtime.iterator import iterate
from napi.runtime.map import JSIterator

__all__ = ["add_array_methods", "make_array"]


def _length(this: Any) -> int:
    if isinstance(this, (list, tuple)):
        return len(this)
    if this is None or this is shim.null:
        raise TypeError("Cannot convert undefined or null to object")
    number = shim.to_number(shim.get(this, "length"))
    if number != number or number <= 0:
        return 0
    return int(min(number, 2**53 - 1))


def _at(this: Any, index: int) -> Any:
    if isinstance(this, (list, tuple)):
        return this[index] if index < len(this) else None
    return shim.get(this, str(index))


def _items(this: Any) -> Iterator[tuple[int, Any]]:
    """Index and value of what is there: holes are passed over."""
    for index in range(_length(this)):
        if shim.has(this, str(index)):
            yield index, _at(this, index)


def _values(this: Any) -> list[Any]:
    if isinstance(this, (list, tuple)):
        return list(this)
    return [_at(this, index) for index in range(_length(this))]


def _relative(value: Any, length: int, default: int) -> int:
    if value is None:
        return default
    number: float = shim.to_number(value)
    if number != number:
        return 0
    if abs(number) == math.inf:
        return 0 if number < 0 else length
    index = math.trunc(number)
    return max(length + index, 0) if index < 0 else min(index, length)


def _replace(this: Any, values: list[Any]) -> None:
    """Gives ``this`` other elements."""
    if isinstance(this, list):
        if shim.is_frozen(this):
            raise TypeError("Cannot assign to read only property '0' of object")
        this[:] = values
        return
    if isinstance(this, tuple):
        raise TypeError("Cannot add property 0, object is not extensible")
    length = _length(this)
    for index, value in enumerate(values):
        shim.set(this, str(index), value)
    for index in range(len(values), length):
        shim.delete(this, str(index))
    shim.set(this, "length", len(values))


def _callable(function: Any) -> Any:
    if not callable(function):
        raise TypeError(f"{shim.to_string(function)} is not a function")
    return function


def _test(this: Any, check: Any, receiver: Any) -> Iterator[tuple[int, Any, bool]]:
    _callable(check)
    for index, value in _items(this):
        result = shim.call(check, receiver, value, index, this)
        yield index, value, shim.to_boolean(result)


def _search(this: Any, check: Any, receiver: Any, *, last: bool) -> tuple[int, Any]:
    _callable(check)
    indices = range(_length(this))
    for index in reversed(indices) if last else indices:
        value = _at(this, index)
        if shim.to_boolean(shim.call(check, receiver, value, index, this)):
            return index, value
    return -1, None


def _same_value_zero(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float) and a != a and b != b:
        return True
    return bool(shim.strict_equals(a, b))


def _flatten(values: list[Any], depth: float) -> list[Any]:
    result: list[Any] = []
    for value in values:
        if depth >= 1 and isinstance(value, (list, tuple)):
            result += _flatten(list(value), depth - 1)
        else:
            result.append(value)
    return result


def _compare(order: Any, a: Any, b: Any) -> int:
    # undefined goes last, whatever the order says
    if a is None or b is None:
        return (a is None) - (b is None)
    if order is None:
        left = shim.to_string(a).encode("utf-16-be", "surrogatepass")
        right = shim.to_string(b).encode("utf-16-be", "surrogatepass")
        return (left > right) - (left < right)
    number: float = shim.to_number(shim.call(order, None, a, b))
    return (number > 0) - (number < 0)


def _sorted(this: Any, order: Any) -> list[Any]:
    if order is not None:
        _callable(order)
    return sorted(
        _values(this), key=functools.cmp_to_key(functools.partial(_compare, order))
    )


def _spliced(this: Any, given: tuple[Any, ...]) -> tuple[list[Any], list[Any]]:
    """The elements after a splice, and those that it took out."""
    values = _values(this)
    if not given:
        return values, []
    begin = _relative(given[0], len(values), 0)
    count = len(values) - begin
    if len(given) > 1:
        number = shim.to_number(given[1])
        count = 0 if number != number else int(min(max(number, 0), count))
    removed = values[begin : begin + count]
    values[begin : begin + count] = given[2:]
    return values, removed


_joining: list[int] = []


class _ArrayPrototype:
    def at(this: Any, index: Any) -> Any:
        length, number = _length(this), shim.to_number(index)
        position = math.trunc(number) if math.isfinite(number) else 0
        position += length if position < 0 else 0
        return _at(this, position) if 0 <= position < length else None

    def concat(this: Any, *others: Any) -> Any:
        values: list[Any] = []
        for part in (this, *others):
            if isinstance(part, (list, tuple)):
                values += part
            else:
                values.append(part)
        return shim.Array(values)

    def copyWithin(this: Any, target: Any, start: Any, end: Any = None) -> Any:
        values = _values(this)
        to = _relative(target, len(values), 0)
        begin = _relative(start, len(values), 0)
        part = values[begin : _relative(end, len(values), len(values))]
        part = part[: len(values) - to]
        values[to : to + len(part)] = part
        _replace(this, values)
        return this

    def entries(this: Any) -> Any:
        pairs = (shim.Array((i, _at(this, i))) for i in _live(this))
        return JSIterator(pairs, "Array Iterator")

    def every(this: Any, check: Any, receiver: Any = None) -> bool:
        return all(passed for _, _, passed in _test(this, check, receiver))

    def fill(this: Any, value: Any, start: Any = None, end: Any = None) -> Any:
        values = _values(this)
        begin = _relative(start, len(values), 0)
        stop = max(_relative(end, len(values), len(values)), begin)
        values[begin:stop] = [value] * (stop - begin)
        _replace(this, values)
        return this

    def filter(this: Any, check: Any, receiver: Any = None) -> Any:
        return shim.Array(v for _, v, passed in _test(this, check, receiver) if passed)

    def find(this: Any, check: Any, receiver: Any = None) -> Any:
        return _search(this, check, receiver, last=False)[1]

    def findIndex(this: Any, check: Any, receiver: Any = None) -> int:
        return _search(this, check, receiver, last=False)[0]

    def findLast(this: Any, check: Any, receiver: Any = None) -> Any:
        return _search(this, check, receiver, last=True)[1]

    def findLastIndex(this: Any, check: Any, receiver: Any = None) -> int:
        return _search(this, check, receiver, last=True)[0]

    def flat(this: Any, depth: Any = None) -> Any:
        levels = 1 if depth is None else shim.to_number(depth)
        return shim.Array(_flatten(_values(this), levels))

    def flatMap(this: Any, change: Any, receiver: Any = None) -> Any:
        mapped = _ArrayPrototype.map(this, change, receiver)
        return shim.Array(_flatten(list(mapped), 1))

    def forEach(this: Any, act: Any, receiver: Any = None) -> None:
        _callable(act)
        for index, value in _items(this):
            shim.call(act, receiver, value, index, this)

    def includes(this: Any, wanted: Any, start: Any = None) -> bool:
        begin = _relative(start, _length(this), 0)
        return any(_same_value_zero(v, wanted) for v in _values(this)[begin:])

    def indexOf(this: Any, wanted: Any, start: Any = None) -> int:
        begin = _relative(start, _length(this), 0)
        for index, value in _items(this):
            if index >= begin and shim.strict_equals(value, wanted):
                return index
        return -1

    def join(this: Any, separator: Any = None) -> str:
        mark = "," if separator is None else shim.to_string(separator)
        if id(this) in _joining:
            return ""  # a cycle shows as nothing
        _joining.append(id(this))
        try:
            return mark.join(
                "" if v is None or v is shim.null else shim.to_string(v)
                for v in _values(this)
            )
        finally:
            _joining.pop()

    def keys(this: Any) -> Any:
        return JSIterator(_live(this), "Array Iterator")

    def lastIndexOf(this: Any, wanted: Any, *start: Any) -> int:
        length = _length(this)
        number: float = shim.to_number(start[0]) if start else length - 1
        last = length + number if number < 0 else number
        pairs: list[tuple[int, Any]] = list(_items(this))
        for index, value in pairs[::-1]:
            if index <= last and shim.strict_equals(value, wanted):
                return index
        return -1

    def map(this: Any, change: Any, receiver: Any = None) -> Any:
        _callable(change)
        result = shim.Array()
        shim.set(result, "length", _length(this))
        for index, value in _items(this):
            new = shim.call(change, receiver, value, index, this)
            shim.set(result, str(index), new)
        return result

    def pop(this: Any) -> Any:
        values = _values(this)
        last = values.pop() if values else None
        _replace(this, values)
        return last

    def push(this: Any, *added: Any) -> int:
        if isinstance(this, list) and not shim.is_frozen(this):
            this.extend(added)
            return len(this)
        _replace(this, _values(this) + list(added))
        return _length(this)

    def reduce(this: Any, combine: Any, *initial: Any) -> Any:
        return _fold(this, combine, initial, list(_items(this)))

    def reduceRight(this: Any, combine: Any, *initial: Any) -> Any:
        return _fold(this, combine, initial, list(_items(this))[::-1])

    def reverse(this: Any) -> Any:
        _replace(this, _values(this)[::-1])
        return this

    def shift(this: Any) -> Any:
        values = _values(this)
        first = values.pop(0) if values else None
        _replace(this, values)
        return first

    def slice(this: Any, start: Any = None, end: Any = None) -> Any:
        values = _values(this)
        begin = _relative(start, len(values), 0)
        return shim.Array(values[begin : _relative(end, len(values), len(values))])

    def some(this: Any, check: Any, receiver: Any = None) -> bool:
        return any(passed for _, _, passed in _test(this, check, receiver))

    def sort(this: Any, order: Any = None) -> Any:
        _replace(this, _sorted(this, order))
        return this

    def splice(this: Any, *given: Any) -> Any:
        values, removed = _spliced(this, given)
        _replace(this, values)
        return shim.Array(removed)

    def toLocaleString(this: Any) -> str:
        return ",".join(
            "" if v is None or v is shim.null else _localized(v) for v in _values(this)
        )

    def toReversed(this: Any) -> Any:
        return shim.Array(_values(this)[::-1])

    def toSorted(this: Any, order: Any = None) -> Any:
        return shim.Array(_sorted(this, order))

    def toSpliced(this: Any, *given: Any) -> Any:
        return shim.Array(_spliced(this, given)[0])

    def toString(this: Any) -> Any:
        joiner = shim.get(this, "join")
        if callable(joiner) and not isinstance(this, (list, tuple)):
            return shim.call(joiner, this)
        return _ArrayPrototype.join(this)

    def unshift(this: Any, *added: Any) -> int:
        _replace(this, [*added, *_values(this)])
        return _length(this)

    def values(this: Any) -> Any:
        return JSIterator((_at(this, i) for i in _live(this)), "Array Iterator")

    def with_(this: Any, index: Any, value: Any) -> Any:
        values = _values(this)
        position: int = math.trunc(shim.to_number(index))
        if not -len(values) <= position < len(values):
            raise RangeError("Invalid index : " + shim.to_string(index))
        values[position] = value
        return shim.Array(values)


def _live(this: Any) -> Iterator[int]:
    """Indices, as far as the length goes when each is reached."""
    index = 0
    while index < _length(this):
        yield index
        index += 1


def _localized(value: Any) -> str:
    text: str = shim.to_string(shim.call(shim.get(value, "toLocaleString"), value))
    return text


def _fold(
    this: Any, combine: Any, initial: tuple[Any, ...], items: list[tuple[int, Any]]
) -> Any:
    _callable(combine)
    if initial:
        result = initial[0]
    elif items:
        result = items.pop(0)[1]
    else:
        raise TypeError("Reduce of empty array with no initial value")
    for index, value in items:
        result = shim.call(combine, None, result, value, index, this)
    return result


def add_array_methods(prototype: Any) -> None:
    """Fills Array.prototype (ECMA-262 23.1.3)."""
    install(prototype, _ArrayPrototype)
    hidden(prototype, shim.Symbol.iterator, shim.get(prototype, "values"))


class _Array:
    @staticmethod
    def from_(source: Any, change: Any = None, receiver: Any = None) -> Any:
        if source is None or source is shim.null:
            raise TypeError(f"{shim.to_string(source)} is not iterable")
        try:
            values = list(iterate(source))
        except TypeError:
            values = _values(source)
        if change is None:
            return shim.Array(values)
        _callable(change)
        return shim.Array(
            shim.call(change, receiver, value, index)
            for index, value in enumerate(values)
        )

    @staticmethod
    def isArray(value: Any) -> bool:
        return isinstance(value, (list, tuple))

    @staticmethod
    def of(*values: Any) -> Any:
        return shim.Array(values)


def make_array(prototype: Any) -> Constructor:
    """Makes the constructor Array."""

    def make(*arguments: Any) -> Any:
        if len(arguments) != 1 or shim.typeof(arguments[0]) != "number":
            return shim.Array(arguments)
        length = arguments[0]
        if not (0 <= length < 2**32 and float(length).is_integer()):
            raise RangeError("Invalid array length")
        result = shim.Array()
        shim.set(result, "length", int(length))
        return result

    return constructor("Array", make, prototype, _Array)
