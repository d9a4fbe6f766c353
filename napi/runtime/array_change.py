"""Array.prototype: the methods that change the array, and their ES2023 twins."""

from __future__ import annotations

import functools
from typing import Any

from napi._native import shim
from napi.runtime.array import at, check_length, elements, species_create, target
from napi.runtime.builtin import native, sized
from napi.runtime.coerce import (
    MAX_SAFE,
    length_of,
    relative,
    show,
    to_integer,
)
from napi.runtime.descriptor import create_data
from napi.runtime.error import RangeError, TypeError

__all__ = ["compare", "sort_values", "splice_count"]


def _is_open(this: Any) -> bool:
    """A list that can be changed at once."""
    return type(this) is list or (
        type(this) is shim.Array and None not in this and bool(shim.is_extensible(this))
    )


def _too_long(count: int) -> Any:
    return TypeError(
        f"Pushing {count} elements on an array-like of length {MAX_SAFE} is "
        "disallowed by ECMA-262"
    )


def _by_text(values: list[Any]) -> list[Any]:
    pairs = [(str(shim.to_string(value)), value) for value in values]
    if all(text.isascii() for text, _ in pairs):
        pairs.sort(key=lambda pair: pair[0])
    else:
        pairs.sort(key=lambda pair: pair[0].encode("utf-16-be", "surrogatepass"))
    return [value for _, value in pairs]


def compare(order: Any) -> Any:
    """A sort key of a comparison function."""
    call, number_of = shim.call, shim.to_number

    def ask(a: Any, b: Any) -> Any:
        answer = call(order, None, a, b)
        if type(answer) is int:
            return answer
        number = number_of(answer)
        return (number > 0) - (number < 0)

    return functools.cmp_to_key(ask)


def sort_values(values: list[Any], order: Any) -> list[Any]:
    """SortIndexedProperties' order (23.1.3.30): undefined goes last."""
    known = [value for value in values if value is not None]
    if order is None:
        known = _by_text(known)
    else:
        known.sort(key=compare(order))
    return known + [None] * (len(values) - len(known))


def need_order(order: Any) -> None:
    """A comparison function, or undefined."""
    if order is not None and shim.typeof(order) != "function":
        raise TypeError(
            "The comparison function must be either a function or undefined: "
            + show(order)
        )


def splice_count(given: tuple[Any, ...], length: int) -> tuple[int, int]:
    """Where a splice begins, and how many elements it takes out."""
    begin = relative(given[0], length, 0) if given else 0
    if not given:
        return 0, 0
    if len(given) == 1:
        return begin, length - begin
    return begin, int(min(max(to_integer(given[1]), 0), length - begin))


def _move(this: Any, source: int, to: int) -> None:
    key = str(source)
    if shim.has(this, key):
        shim.put(this, str(to), shim.get(this, key))
    else:
        shim.remove(this, str(to))


def _splice_slowly(
    this: Any, length: int, begin: int, count: int, items: tuple[Any, ...]
) -> None:
    added = len(items)
    if added < count:
        for index in range(begin, length - count):
            _move(this, index + count, index + added)
        for index in range(length - 1, length - count + added - 1, -1):
            shim.remove(this, str(index))
    elif added > count:
        for index in range(length - count - 1, begin - 1, -1):
            _move(this, index + count, index + added)
    for offset, item in enumerate(items):
        shim.put(this, str(begin + offset), item)
    shim.put(this, "length", length - count + added)


class _ArrayChanges:
    def copyWithin(this: Any, to: Any, start: Any, end: Any = None) -> Any:
        this = target(this, "copyWithin")
        length = length_of(this)
        at_, begin = relative(to, length, 0), relative(start, length, 0)
        stop = relative(end, length, length)
        count = min(stop - begin, length - at_)
        indices = range(count)
        if begin < at_ < begin + count:
            indices = indices[::-1]
        for index in indices:
            _move(this, begin + index, at_ + index)
        return this

    def fill(this: Any, value: Any, start: Any = None, end: Any = None) -> Any:
        this = target(this, "fill")
        length = length_of(this)
        begin, stop = relative(start, length, 0), relative(end, length, length)
        whole = isinstance(this, shim.Array) and stop == length == len(this)
        if whole and begin == 0 and shim.is_extensible(this):
            this[:] = [value] * length
            return this
        for index in range(begin, stop):
            shim.put(this, str(index), value)
        return this

    @native(shim.array_pop)
    def pop(this: Any) -> Any:
        this = target(this, "pop")
        length = length_of(this)
        if not length:
            shim.put(this, "length", 0)
            return None
        key = str(length - 1)
        value = shim.get(this, key)
        shim.remove(this, key)
        shim.put(this, "length", length - 1)
        return value

    @sized(1)
    @native(shim.array_push)
    def push(this: Any, *added: Any) -> int:
        this = target(this, "push")
        length = length_of(this)
        if length + len(added) > MAX_SAFE:
            raise _too_long(len(added))
        for offset, value in enumerate(added):
            shim.put(this, str(length + offset), value)
        shim.put(this, "length", length + len(added))
        return length + len(added)

    def reverse(this: Any) -> Any:
        this = target(this, "reverse")
        if _is_open(this):
            this.reverse()
            return this
        length = length_of(this)
        for low in range(length // 2):
            a, b = str(low), str(length - 1 - low)
            has_a = shim.has(this, a)
            value_a = shim.get(this, a) if has_a else None
            has_b = shim.has(this, b)
            value_b = shim.get(this, b) if has_b else None
            for key, there, value in ((a, has_b, value_b), (b, has_a, value_a)):
                if there:
                    shim.put(this, key, value)
                elif has_a or has_b:
                    shim.remove(this, key)
        return this

    def shift(this: Any) -> Any:
        this = target(this, "shift")
        if this and _is_open(this):
            return this.pop(0)
        length = length_of(this)
        if not length:
            shim.put(this, "length", 0)
            return None
        first = shim.get(this, "0")
        for index in range(1, length):
            _move(this, index, index - 1)
        shim.remove(this, str(length - 1))
        shim.put(this, "length", length - 1)
        return first

    @sized(1)
    def unshift(this: Any, *added: Any) -> int:
        this = target(this, "unshift")
        if _is_open(this) and added:
            this[0:0] = added
            return len(this)
        length = length_of(this)
        if added:
            if length + len(added) > MAX_SAFE:
                raise _too_long(len(added))
            for index in range(length - 1, -1, -1):
                _move(this, index, index + len(added))
            for index, value in enumerate(added):
                shim.put(this, str(index), value)
        shim.put(this, "length", length + len(added))
        return length + len(added)

    def sort(this: Any, order: Any) -> Any:
        need_order(order)
        this = target(this, "sort")
        length = length_of(this)
        values = sort_values([value for _, value in elements(this, length)], order)
        whole = type(this) in (list, shim.Array) and len(values) == length
        if whole and len(this) == length and shim.is_extensible(this):
            this[:] = values
            return this
        for index, value in enumerate(values):
            shim.put(this, str(index), value)
        for index in range(len(values), length):
            if shim.has(this, str(index)):
                shim.remove(this, str(index))
        return this

    @sized(2)
    def splice(this: Any, *given: Any) -> Any:
        this = target(this, "splice")
        length = length_of(this)
        begin, count = splice_count(given, length)
        items = given[2:]
        if length - count + len(items) > MAX_SAFE:
            raise _too_long(len(items))
        removed = species_create(this, count)
        if removed is None and _is_open(this) and len(this) == length:
            removed = shim.Array(this[begin : begin + count])
            this[begin : begin + count] = items
            return removed
        if removed is None:
            check_length(count)
            removed = shim.Array()
        for index in range(count):
            key = str(begin + index)
            if shim.has(this, key):
                create_data(removed, str(index), shim.get(this, key))
        shim.put(removed, "length", count)
        _splice_slowly(this, length, begin, count, items)
        return removed

    def toReversed(this: Any) -> Any:
        this = target(this, "toReversed")
        length = length_of(this)
        check_length(length)
        return shim.Array([at(this, index) for index in range(length - 1, -1, -1)])

    def toSorted(this: Any, order: Any) -> Any:
        need_order(order)
        this = target(this, "toSorted")
        length = length_of(this)
        check_length(length)
        values = [at(this, index) for index in range(length)]
        return shim.Array(sort_values(values, order))

    @sized(2)
    def toSpliced(this: Any, *given: Any) -> Any:
        this = target(this, "toSpliced")
        length = length_of(this)
        begin, count = splice_count(given, length)
        new = length - count + len(given[2:])
        if new > MAX_SAFE:
            raise _too_long(len(given[2:]))
        check_length(new)
        head = [at(this, index) for index in range(begin)]
        tail = [at(this, index) for index in range(begin + count, length)]
        return shim.Array([*head, *given[2:], *tail])

    def with_(this: Any, index: Any, value: Any) -> Any:
        this = target(this, "with")
        length, position = length_of(this), to_integer(index)
        position += length if position < 0 else 0
        if not 0 <= position < length:
            raise RangeError(f"Invalid index : {show(index)}")
        check_length(length)
        values = [at(this, one) for one in range(length) if one != position]
        values.insert(int(position), value)
        return shim.Array(values)
