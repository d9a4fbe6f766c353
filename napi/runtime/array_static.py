"""The constructor Array and how its prototype is put together (ECMA-262 23.1)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.array import _ArrayMethods
from napi.runtime.array_change import _ArrayChanges
from napi.runtime.builtin import accessor, fixed, hidden, install, sized
from napi.runtime.coerce import (
    is_callable,
    is_constructor,
    is_nullish,
    length_of,
    need_callable,
    show,
)
from napi.runtime.constructor import Constructor, adopt, constructor
from napi.runtime.descriptor import create_data
from napi.runtime.error import RangeError, TypeError
from napi.runtime.iterate import DONE, iterate, not_iterable, open_iterator
from napi.runtime.jsiterator import iterator_prototype
from napi.runtime.object import is_array

__all__ = ["add_array_methods", "intrinsics", "make_array"]

intrinsics: dict[str, Any] = {}
"""What iterating over arrays depends on: values, iterator (its prototype), next."""
_UNSCOPABLES = [
    "at",
    "copyWithin",
    "entries",
    "fill",
    "find",
    "findIndex",
    "findLast",
    "findLastIndex",
    "flat",
    "flatMap",
    "includes",
    "keys",
    "toReversed",
    "toSorted",
    "toSpliced",
    "values",
]


def add_array_methods(prototype: Any) -> None:
    """Fills Array.prototype (ECMA-262 23.1.3)."""
    install(prototype, _ArrayMethods)
    install(prototype, _ArrayChanges)
    values = shim.get(prototype, "values")
    hidden(prototype, shim.Symbol.iterator, values)
    names = shim.create(shim.null)
    for name in _UNSCOPABLES:
        shim.set(names, name, True)
    fixed(prototype, shim.Symbol.unscopables, names)
    intrinsics["values"] = values
    intrinsics["iterator"] = iterator_prototype("Array Iterator")
    intrinsics["next"] = shim.get(intrinsics["iterator"], "next")


def _from_iterable(this: Any, source: Any, method: Any, change: Any, self: Any) -> Any:
    if is_constructor(this):
        plain = this is shim.get(shim.get_global(), "Array")
        made = shim.Array() if plain else shim.construct(this)
    else:
        made, plain = shim.Array(), True
    if plain and change is None and type(source) in (list, tuple, shim.Array):
        made.extend(iterate(source))
        return made
    record, index = open_iterator(source, method), 0
    while (value := record.step()) is not DONE:
        try:
            if change is not None:
                value = shim.call(change, self, value, index)
            if plain:
                made.append(value)
            else:
                create_data(made, str(index), value)
        except BaseException:
            record.abandon()
            raise
        index += 1
    if not plain:
        shim.put(made, "length", index)
    return made


class _Array:
    def from_(this: Any, source: Any, change: Any = None, receiver: Any = None) -> Any:
        if change is not None:
            need_callable(change)
        if is_nullish(source):
            raise not_iterable(source)
        method = shim.get(source, shim.Symbol.iterator)
        if method is not None and method is not shim.null:
            if not is_callable(method):
                raise TypeError(f"{show(source)} is not iterable")
            return _from_iterable(this, source, method, change, receiver)
        native = not isinstance(source, (dict, shim.Object, shim.Host))
        if native and hasattr(type(source), "__iter__"):
            return _from_iterable(this, source, DONE, change, receiver)
        like = shim.to_object(source)
        length = length_of(like)
        made = shim.construct(this, length) if is_constructor(this) else shim.Array()
        usual = this is shim.get(shim.get_global(), "Array")
        plain = usual and type(made) is shim.Array
        if plain:
            made.clear()
        for index in range(length):
            value = shim.get(like, str(index))
            if change is not None:
                value = shim.call(change, receiver, value, index)
            if plain:
                made.append(value)
            else:
                create_data(made, str(index), value)
        shim.put(made, "length", length)
        return made

    def fromAsync(
        this: Any, source: Any, change: Any = None, receiver: Any = None
    ) -> Any:
        from napi.runtime.array_async import from_async

        return from_async(this, source, change, receiver)

    def isArray(value: Any) -> bool:
        return is_array(value)

    @sized(0)
    def of(this: Any, *values: Any) -> Any:
        if not is_constructor(this) or this is shim.get(shim.get_global(), "Array"):
            return shim.Array(values)
        made = shim.construct(this, len(values))
        for index, value in enumerate(values):
            create_data(made, str(index), value)
        shim.put(made, "length", len(values))
        return made


def make_array(prototype: Any) -> Constructor:
    """Makes the constructor Array."""

    def fill(arguments: tuple[Any, ...]) -> Any:
        if len(arguments) != 1 or shim.typeof(arguments[0]) != "number":
            return shim.Array(arguments)
        length = arguments[0]
        if not (0 <= length < 2**32 and float(length).is_integer()):
            raise RangeError("Invalid array length")
        result = shim.Array()
        shim.set(result, "length", int(length))
        return result

    def call(this: Any, *arguments: Any) -> Any:
        return fill(arguments)

    def construct(new_target: Any, *arguments: Any) -> Any:
        return adopt(fill(arguments), new_target, made)

    made = constructor("Array", prototype, construct, call=call, members=_Array)
    accessor(made, shim.Symbol.species, lambda this: this, None, "[Symbol.species]")
    return made
