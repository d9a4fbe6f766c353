"""Array.prototype: the methods that do not change the array (ECMA-262 23.1.3).

The methods work on ``napi.Array``, ``list`` and ``tuple`` directly, and on any
other array-like object through its properties. ``array_change.py`` has the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from napi._native import shim
from napi.runtime.builtin import sized
from napi.runtime.coerce import (
    MAX_SAFE,
    is_constructor,
    is_object,
    length_of,
    need_callable,
    relative,
    same_value_zero,
    to_integer,
)
from napi.runtime.descriptor import create_data
from napi.runtime.error import RangeError, TypeError
from napi.runtime.jsiterator import JSIterator
from napi.runtime.object import is_array
from napi.runtime.realm import kept

__all__ = ["at", "elements", "is_pristine", "species_create", "target"]

_LISTS = (list, tuple)
# V8 names the method in the TypeErrors of these.
_NAMED = frozenset(
    [
        "concat",
        "every",
        "filter",
        "find",
        "findIndex",
        "findLast",
        "findLastIndex",
        "forEach",
        "indexOf",
        "map",
        "reduce",
        "reduceRight",
        "some",
    ]
)
_species = shim.Symbol.species


def target(this: Any, name: str) -> Any:
    """ToObject of the receiver of a method."""
    if isinstance(this, list):
        return this
    if this is None or this is shim.null:
        if name in _NAMED:
            raise TypeError(f"Array.prototype.{name} called on null or undefined")
        raise TypeError("Cannot convert undefined or null to object")
    return shim.to_object(this)


def is_pristine(array: Any) -> bool:
    """Whether iterating over a list gives its elements: nobody replaced anything."""
    from napi.runtime import array_static as home

    return (
        shim.get(array, shim.Symbol.iterator) is home.intrinsics.get("values")
        and shim.get(home.intrinsics["iterator"], "next") is home.intrinsics["next"]
    )


def at(this: Any, index: int) -> Any:
    """An element, or undefined."""
    if isinstance(this, _LISTS) and 0 <= index < len(this):
        value = this[index]
        if value is not None:
            return value
    return shim.get(this, str(index))


def elements(this: Any, length: int | None = None) -> Iterator[tuple[int, Any]]:
    """Index and value of what is there: holes are passed over.

    Args:
        this: The array or the like.
        length: Its length, where it was asked for already.
    """
    # A typed array has no holes: what it has lost meanwhile reads as undefined.
    is_view = isinstance(this, shim.TypedArray)
    for index in range(length_of(this) if length is None else length):
        if isinstance(this, _LISTS) and index < len(this):
            value = this[index]
            if value is not None:
                yield index, value
                continue
        key = str(index)
        if is_view or shim.has(this, key):
            yield index, shim.get(this, key)


def backwards(this: Any, length: int) -> Iterator[tuple[int, Any]]:
    """As :func:`elements`, from the end."""
    is_view = isinstance(this, shim.TypedArray)
    for index in range(length - 1, -1, -1):
        key = str(index)
        if is_view or shim.has(this, key):
            yield index, shim.get(this, key)


def values_of(this: Any, length: int | None = None) -> Iterator[Any]:
    """All values; holes read as undefined."""
    for index in range(length_of(this) if length is None else length):
        yield at(this, index)


def species_create(this: Any, length: int) -> Any:
    """ArraySpeciesCreate (23.1.3.1.1); ``None``: an ordinary array will do."""
    if not is_array(this):
        return None
    maker = shim.get(this, "constructor")
    default = shim.get(shim.get_global(), "Array")
    if is_object(maker):
        maker = shim.get(maker, _species)
        if maker is shim.null:
            maker = None
    if maker is None or maker is default:
        return None
    if not is_constructor(maker):
        raise TypeError("object.constructor[Symbol.species] is not a constructor")
    return shim.construct(maker, length)


def check_length(length: float) -> None:
    """A new array's length.

    Raises:
        napi.RangeError: It is too long.
    """
    if length >= 2**32:
        raise RangeError("Invalid array length")


def _fold(this: Any, pairs: Iterator[tuple[int, Any]], combine: Any, given: Any) -> Any:
    need_callable(combine)
    if given:
        result = given[0]
    else:
        first = next(pairs, None)
        if first is None:
            raise TypeError("Reduce of empty array with no initial value")
        result = first[1]
    for index, value in pairs:
        result = shim.call(combine, None, result, value, index, this)
    return result


def search(this: Any, check: Any, receiver: Any, indices: Any) -> tuple[int, Any]:
    """The first index whose value passes, and the value; -1: none."""
    for index in indices:
        value = at(this, index)
        if shim.to_boolean(shim.call(check, receiver, value, index, this)):
            return index, value
    return -1, None


def _search_first(this: Any, check: Any, receiver: Any, length: int) -> tuple[int, Any]:
    if isinstance(this, list):
        return shim.array_find(this, check, receiver, length)
    return search(this, check, receiver, range(length))


def flatten(result: Any, this: Any, depth: float, start: int = 0) -> int:
    """FlattenIntoArray (23.1.3.13.1); the next index."""
    for _, value in elements(this):
        start = _flatten_one(result, value, depth, start)
    return start


def _flatten_one(result: Any, value: Any, depth: float, start: int) -> int:
    if depth > 0 and is_array(value):
        return flatten(result, value, depth - 1, start)
    create_data(result, str(start), value)
    return start + 1


def _spreadable(value: Any) -> bool:
    """IsConcatSpreadable (23.1.3.2.1)."""
    if not is_object(value):
        return False
    wanted = shim.get(value, shim.Symbol.isConcatSpreadable)
    return is_array(value) if wanted is None else bool(shim.to_boolean(wanted))


def join(this: Any, separator: str, show: Any, length: int | None = None) -> str:
    """The texts of all elements; an array that is being joined shows as nothing."""
    joining: list[Any] = kept("array.joining", list)
    if any(one is this for one in joining):
        return ""
    joining.append(this)
    try:
        if isinstance(this, _LISTS) and all(type(one) is str for one in this):
            return separator.join(this)
        return separator.join(
            "" if one is None or one is shim.null else show(one)
            for one in values_of(this, length)
        )
    finally:
        joining.pop()


def localized(value: Any) -> str:
    """The text of an element for ``toLocaleString``."""
    convert = need_callable(shim.get(value, "toLocaleString"))
    return str(shim.to_string(shim.call(convert, value)))


def live_indices(this: Any) -> Iterator[int]:
    """Indices, as far as the length goes when each is reached."""
    index = 0
    while index < length_of(this):
        yield index
        index += 1


class _ArrayMethods:
    def at(this: Any, index: Any) -> Any:
        this = target(this, "at")
        length, position = length_of(this), to_integer(index)
        position += length if position < 0 else 0
        return at(this, int(position)) if 0 <= position < length else None

    @sized(1)
    def concat(this: Any, *others: Any) -> Any:
        this = target(this, "concat")
        result = species_create(this, 0)
        if result is None and type(this) is shim.Array and not _has_special(others):
            return _concat_plain(this, others)
        result = shim.Array() if result is None else result
        count = 0
        for part in (this, *others):
            if not _spreadable(part):
                create_data(result, str(count), part)
                count += 1
                continue
            length = length_of(part)
            if count + length > MAX_SAFE:
                raise TypeError("Invalid array length")
            for index, value in elements(part):
                create_data(result, str(count + index), value)
            count += length
        shim.put(result, "length", count)
        return result

    def find(this: Any, check: Any, receiver: Any = None) -> Any:
        this = target(this, "find")
        length = length_of(this)
        return _search_first(this, need_callable(check), receiver, length)[1]

    def findIndex(this: Any, check: Any, receiver: Any = None) -> int:
        this = target(this, "findIndex")
        length = length_of(this)
        return _search_first(this, need_callable(check), receiver, length)[0]

    def findLast(this: Any, check: Any, receiver: Any = None) -> Any:
        this = target(this, "findLast")
        indices = range(length_of(this) - 1, -1, -1)
        return search(this, need_callable(check), receiver, indices)[1]

    def findLastIndex(this: Any, check: Any, receiver: Any = None) -> int:
        this = target(this, "findLastIndex")
        indices = range(length_of(this) - 1, -1, -1)
        return search(this, need_callable(check), receiver, indices)[0]

    @sized(1)
    def lastIndexOf(this: Any, wanted: Any = None, *start: Any) -> int:
        this = target(this, "lastIndexOf")
        length = length_of(this)
        number = to_integer(start[0]) if start and length else length - 1
        last = min(number, length - 1) if number >= 0 else length + number
        for index in range(int(max(last, -1)), -1, -1):
            key = str(index)
            if shim.has(this, key) and shim.strict_equals(shim.get(this, key), wanted):
                return index
        return -1

    def slice(this: Any, start: Any, end: Any) -> Any:
        this = target(this, "slice")
        length = length_of(this)
        begin = relative(start, length, 0)
        stop = relative(end, length, length)
        result = species_create(this, max(stop - begin, 0))
        if result is None and isinstance(this, _LISTS) and not _has_holes(this):
            return shim.Array(list(this)[begin:stop])
        if result is None:
            check_length(max(stop - begin, 0))
            result = shim.Array()
        count = max(stop - begin, 0)
        for index in range(begin, stop):
            key = str(index)
            if shim.has(this, key):
                create_data(result, str(index - begin), shim.get(this, key))
        shim.put(result, "length", count)
        return result

    def includes(this: Any, wanted: Any, start: Any = None) -> bool:
        this = target(this, "includes")
        length = length_of(this)
        if not length:
            return False
        begin = relative(start, length, 0)
        if isinstance(this, list):
            return shim.array_includes(this, wanted, begin, length) >= 0
        return any(
            same_value_zero(at(this, index), wanted) for index in range(begin, length)
        )

    def indexOf(this: Any, wanted: Any, start: Any = None) -> int:
        this = target(this, "indexOf")
        length = length_of(this)
        begin = relative(start, length, 0) if length else 0
        if isinstance(this, list):
            return shim.array_index_of(this, wanted, begin, length)
        for index in range(begin, length):
            key = str(index)
            if shim.has(this, key) and shim.strict_equals(shim.get(this, key), wanted):
                return index
        return -1

    def join(this: Any, separator: Any) -> str:
        this = target(this, "join")
        length = length_of(this)
        mark = "," if separator is None else str(shim.to_string(separator))
        return join(this, mark, shim.to_string, length)

    def keys(this: Any) -> Any:
        return JSIterator(live_indices(target(this, "keys")), "Array Iterator")

    def entries(this: Any) -> Any:
        this = target(this, "entries")
        pairs = (shim.Array((i, at(this, i))) for i in live_indices(this))
        return JSIterator(pairs, "Array Iterator")

    def values(this: Any) -> Any:
        this = target(this, "values")
        return JSIterator((at(this, i) for i in live_indices(this)), "Array Iterator")

    def forEach(this: Any, act: Any, receiver: Any = None) -> Any:
        this = target(this, "forEach")
        length = length_of(this)
        need_callable(act)
        if isinstance(this, list):
            return shim.array_for_each(this, act, receiver, length)
        call = shim.call
        for index, value in elements(this, length):
            call(act, receiver, value, index, this)
        return None

    def filter(this: Any, check: Any, receiver: Any = None) -> Any:
        this = target(this, "filter")
        length = length_of(this)
        pairs = elements(this, length)
        need_callable(check)
        result = species_create(this, 0)
        if result is None and isinstance(this, list):
            return shim.array_filter(this, check, receiver, length)
        call, truth = shim.call, shim.to_boolean
        kept = (v for i, v in pairs if truth(call(check, receiver, v, i, this)))
        if result is None:
            return shim.Array(list(kept))
        for index, value in enumerate(kept):
            create_data(result, str(index), value)
        return result

    def flat(this: Any, depth: Any = None) -> Any:
        this = target(this, "flat")
        length_of(this)
        levels = 1 if depth is None else to_integer(depth)
        result = species_create(this, 0)
        result = shim.Array() if result is None else result
        flatten(result, this, levels)
        return result

    def flatMap(this: Any, change: Any, receiver: Any = None) -> Any:
        this = target(this, "flatMap")
        pairs = elements(this, length_of(this))
        need_callable(change)
        result = species_create(this, 0)
        result = shim.Array() if result is None else result
        count = 0
        for index, value in pairs:
            new = shim.call(change, receiver, value, index, this)
            count = _flatten_one(result, new, 1, count)
        return result

    def map(this: Any, change: Any, receiver: Any = None) -> Any:
        this = target(this, "map")
        length, call = length_of(this), shim.call
        need_callable(change)
        result = species_create(this, length)
        if result is None:
            check_length(length)
            if isinstance(this, list):
                return shim.array_map(this, change, receiver, length)
            result = shim.Array()
            shim.put(result, "length", length)
        for index, value in elements(this, length):
            create_data(result, str(index), call(change, receiver, value, index, this))
        return result

    def every(this: Any, check: Any, receiver: Any = None) -> bool:
        this = target(this, "every")
        length = length_of(this)
        pairs, call = elements(this, length), shim.call
        need_callable(check)
        if isinstance(this, list):
            return shim.array_every(this, check, receiver, length)
        return all(shim.to_boolean(call(check, receiver, v, i, this)) for i, v in pairs)

    def some(this: Any, check: Any, receiver: Any = None) -> bool:
        this = target(this, "some")
        length = length_of(this)
        pairs, call = elements(this, length), shim.call
        need_callable(check)
        if isinstance(this, list):
            return shim.array_some(this, check, receiver, length)
        return any(shim.to_boolean(call(check, receiver, v, i, this)) for i, v in pairs)

    def reduce(this: Any, combine: Any, *initial: Any) -> Any:
        this = target(this, "reduce")
        length = length_of(this)
        if isinstance(this, list):
            return shim.array_reduce(this, need_callable(combine), initial, length)
        return _fold(this, elements(this, length), combine, initial)

    def reduceRight(this: Any, combine: Any, *initial: Any) -> Any:
        this = target(this, "reduceRight")
        return _fold(this, backwards(this, length_of(this)), combine, initial)

    def toLocaleString(this: Any) -> str:
        return join(target(this, "toLocaleString"), ",", localized)

    def toString(this: Any) -> Any:
        this = target(this, "toString")
        joiner = shim.get(this, "join")
        if shim.typeof(joiner) == "function":
            return shim.call(joiner, this)
        from napi.runtime.object import _tag

        return f"[object {_tag(this)}]"


def _has_special(parts: tuple[Any, ...]) -> bool:
    return any(
        is_object(one) and type(one) is not shim.Array and type(one) is not shim.Object
        for one in parts
    )


def _has_holes(this: Any) -> bool:
    return type(this) is not list and None in this and isinstance(this, shim.Array)


def _concat_plain(this: Any, others: tuple[Any, ...]) -> Any:
    values: list[Any] = []
    for part in (this, *others):
        if type(part) is shim.Array and not _has_holes(part) and _spreadable(part):
            values += part
        elif is_object(part) and _spreadable(part):
            return _concat_slowly((this, *others))
        else:
            values.append(part)
    return shim.Array(values)


def _concat_slowly(parts: tuple[Any, ...]) -> Any:
    result, count = shim.Array(), 0
    for part in parts:
        if not _spreadable(part):
            create_data(result, str(count), part)
            count += 1
            continue
        length = length_of(part)
        for index, value in elements(part):
            create_data(result, str(count + index), value)
        count += length
    shim.put(result, "length", count)
    return result
