"""Map and Set as JavaScript sees them (ECMA-262, chapters 24.1 and 24.2)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.builtin import getter, hidden, install, tag
from napi.runtime.coerce import is_nullish, is_object, need_callable, show, to_integer
from napi.runtime.constructor import allocate, publish
from napi.runtime.error import RangeError, TypeError
from napi.runtime.iterate import DONE, Record, not_iterable, open_iterator
from napi.runtime.jsiterator import JSIterator
from napi.runtime.table import key_of

__all__ = ["group", "publish_map", "publish_set"]


def _refuse(kind: str, name: str, this: Any) -> Any:
    where = "get " if name == "size" else ""
    return TypeError(
        f"Method {where}{kind}.prototype.{name} called on incompatible receiver "
        + show(this)
    )


def _map(this: Any, name: str) -> Any:
    try:
        return this.__map__
    except AttributeError:
        raise _refuse("Map", name, this) from None


def _set(this: Any, name: str) -> Any:
    try:
        return this.__items__
    except AttributeError:
        raise _refuse("Set", name, this) from None


class _MapPrototype:
    def get(this: Any, key: Any) -> Any:
        try:
            index = this.__map__.index
        except AttributeError:
            raise _refuse("Map", "get", this) from None
        node = index.get(key if type(key) is str else key_of(key))
        return None if node is None else node.value

    def set(this: Any, key: Any, value: Any) -> Any:
        try:
            this.__map__.put(key, value)
        except AttributeError:
            raise _refuse("Map", "set", this) from None
        return this

    def has(this: Any, key: Any) -> bool:
        try:
            index = this.__map__.index
        except AttributeError:
            raise _refuse("Map", "has", this) from None
        return (key if type(key) is str else key_of(key)) in index

    def delete(this: Any, key: Any) -> Any:
        return _map(this, "delete").drop(key)

    def clear(this: Any) -> None:
        _map(this, "clear").clear()

    def entries(this: Any) -> Any:
        walk = _map(this, "entries").walk()
        return JSIterator((shim.Array((n.key, n.value)) for n in walk), "Map Iterator")

    def getOrInsert(this: Any, key: Any, value: Any) -> Any:
        table = _map(this, "getOrInsert")
        found = table.find(key)
        if found is not None:
            return found.value
        table.put(key, value)
        return value

    def getOrInsertComputed(this: Any, key: Any, callback: Any) -> Any:
        table = _map(this, "getOrInsertComputed")
        need_callable(callback)
        found = table.find(key)
        if found is not None:
            return found.value
        key = 0 if type(key) is float and key == 0.0 else key
        value = shim.call(callback, None, key)
        table.put(key, value)
        return value

    def forEach(this: Any, callback: Any, receiver: Any = None) -> None:
        table = _map(this, "forEach")
        need_callable(callback)
        for node in table.walk():
            shim.call(callback, receiver, node.value, node.key, this)

    def keys(this: Any) -> Any:
        walk = _map(this, "keys").walk()
        return JSIterator((node.key for node in walk), "Map Iterator")

    @getter
    def size(this: Any) -> int:
        return len(_map(this, "size").index)

    def values(this: Any) -> Any:
        walk = _map(this, "values").walk()
        return JSIterator((node.value for node in walk), "Map Iterator")


def _species(target: Any) -> None:
    from napi.runtime.builtin import accessor

    accessor(target, shim.Symbol.species, lambda this: this, None, "[Symbol.species]")


def group(items: Any, callback: Any, add: Any) -> None:
    """GroupBy (ECMA-262 7.3.35): calls ``add(key, value)`` for each item."""
    if is_nullish(items):
        raise not_iterable(items)
    if shim.typeof(callback) != "function":
        raise TypeError(f"{show(callback)} is not a function")
    record, index = open_iterator(items), 0
    while (value := record.step()) is not DONE:
        try:
            add(shim.call(callback, None, value, index), value)
        except BaseException:
            record.abandon()
            raise
        index += 1


class _MapStatics:
    def groupBy(items: Any, callback: Any) -> Any:
        from napi.runtime.map import Map

        groups = Map()

        def add(key: Any, value: Any) -> None:
            found = groups.__map__.find(key)
            if found is None:
                groups.__map__.put(key, shim.Array((value,)))
            else:
                found.value.append(value)

        group(items, callback, add)
        return groups


def fill_from(made: Any, entries: Any, adder: Any) -> None:
    """AddEntriesFromIterable (ECMA-262 24.1.1.2)."""
    record = open_iterator(entries)
    while (item := record.step()) is not DONE:
        try:
            if not is_object(item):
                raise TypeError(f"Iterator value {show(item)} is not an entry object")
            shim.call(adder, made, shim.get(item, "0"), shim.get(item, "1"))
        except BaseException:
            record.abandon()
            raise


def publish_map(cls: Any) -> None:
    """Makes the class the constructor Map."""
    prototype = shim.Object()

    def construct(new_target: Any, entries: Any = None) -> Any:
        made = allocate(cls, new_target)
        if not is_nullish(entries):
            adder = shim.get(made, "set")
            if shim.typeof(adder) != "function":
                raise TypeError(
                    f"'{show(adder)}' returned for property 'set' of object "
                    "'#<Map>' is not a function"
                )
            if type(entries) is cls and adder is put:
                for node in entries.__map__.walk():
                    made.__map__.put(node.key, node.value)
            else:
                fill_from(made, entries, adder)
        return made

    install(prototype, _MapPrototype)
    put = shim.get(prototype, "set")
    hidden(prototype, shim.Symbol.iterator, shim.get(prototype, "entries"))
    tag(prototype, "Map")
    publish(cls, construct=construct, prototype=prototype, members=_MapStatics)
    _species(cls)


class _Other:
    """What the methods of Set take: a set-like object (ECMA-262 24.2.1.2)."""

    __slots__ = ("_has", "_keys", "size", "source")

    def __init__(self, source: Any, method: str) -> None:
        from napi.runtime.map import Set

        if type(source) in (set, frozenset):
            source = Set(source)
        if not is_object(source):
            raise TypeError(f"Set.prototype.{method} argument must be an object")
        number = shim.to_number(shim.get(source, "size"))
        if number != number:
            raise TypeError("The .size property is NaN")
        self.source = source
        self.size = to_integer(number)
        if self.size < 0:
            raise RangeError(f"'{show(number)}' is an invalid size")
        self._has = shim.get(source, "has")
        if shim.typeof(self._has) != "function":
            raise TypeError("The 'has' property must be a function")
        self._keys = shim.get(source, "keys")
        if shim.typeof(self._keys) != "function":
            raise TypeError("The 'keys' property must be a function")

    def has(self, value: Any) -> bool:
        return bool(shim.to_boolean(shim.call(self._has, self.source, value)))

    def keys(self) -> Record:
        iterator = shim.call(self._keys, self.source)
        if not is_object(iterator):
            raise TypeError(f"{show(iterator)} is not an object")
        return Record(iterator)


def _both(this: Any, other: Any, name: str) -> tuple[Any, _Other]:
    return _set(this, name), _Other(other, name)


def _copy(table: Any) -> Any:
    from napi.runtime.map import Set

    made = Set()
    for node in table.walk():
        made.__items__.put(node.key, node.key)
    return made


class _SetMethods:
    """The methods of ES2025 (ECMA-262 24.2.4)."""

    def union(this: Any, other: Any) -> Any:
        table, others = _both(this, other, "union")
        record, made = others.keys(), _copy(table)
        while (value := record.step()) is not DONE:
            made.__items__.put(value, value)
        return made

    def intersection(this: Any, other: Any) -> Any:
        from napi.runtime.map import Set

        table, others = _both(this, other, "intersection")
        made = Set()
        if len(table.index) <= others.size:
            for node in table.walk():
                if others.has(node.key):
                    made.__items__.put(node.key, node.key)
            return made
        record = others.keys()
        while (value := record.step()) is not DONE:
            if table.find(value) is not None:
                made.__items__.put(value, value)
        return made

    def difference(this: Any, other: Any) -> Any:
        table, others = _both(this, other, "difference")
        made = _copy(table)
        if len(table.index) <= others.size:
            for node in table.walk():
                if others.has(node.key):
                    made.__items__.drop(node.key)
            return made
        record = others.keys()
        while (value := record.step()) is not DONE:
            made.__items__.drop(value)
        return made

    def symmetricDifference(this: Any, other: Any) -> Any:
        table, others = _both(this, other, "symmetricDifference")
        record, made = others.keys(), _copy(table)
        while (value := record.step()) is not DONE:
            if table.find(value) is not None:
                made.__items__.drop(value)
            else:
                made.__items__.put(value, value)
        return made

    def isSubsetOf(this: Any, other: Any) -> bool:
        table, others = _both(this, other, "isSubsetOf")
        if len(table.index) > others.size:
            return False
        return all(others.has(node.key) for node in table.walk())

    def isSupersetOf(this: Any, other: Any) -> bool:
        table, others = _both(this, other, "isSupersetOf")
        if len(table.index) < others.size:
            return False
        record = others.keys()
        while (value := record.step()) is not DONE:
            if table.find(value) is None:
                record.close()
                return False
        return True

    def isDisjointFrom(this: Any, other: Any) -> bool:
        table, others = _both(this, other, "isDisjointFrom")
        if len(table.index) <= others.size:
            return not any(others.has(node.key) for node in table.walk())
        record = others.keys()
        while (value := record.step()) is not DONE:
            if table.find(value) is not None:
                record.close()
                return False
        return True


class _SetPrototype:
    def has(this: Any, value: Any) -> bool:
        try:
            index = this.__items__.index
        except AttributeError:
            raise _refuse("Set", "has", this) from None
        return (value if type(value) is str else key_of(value)) in index

    def add(this: Any, value: Any) -> Any:
        try:
            this.__items__.put(value, value)
        except AttributeError:
            raise _refuse("Set", "add", this) from None
        return this

    def delete(this: Any, value: Any) -> Any:
        return _set(this, "delete").drop(value)

    def clear(this: Any) -> None:
        _set(this, "clear").clear()

    def entries(this: Any) -> Any:
        walk = _set(this, "entries").walk()
        return JSIterator((shim.Array((n.key, n.key)) for n in walk), "Set Iterator")

    def forEach(this: Any, callback: Any, receiver: Any = None) -> None:
        table = _set(this, "forEach")
        need_callable(callback)
        for node in table.walk():
            shim.call(callback, receiver, node.key, node.key, this)

    @getter
    def size(this: Any) -> int:
        return len(_set(this, "size").index)

    def values(this: Any) -> Any:
        walk = _set(this, "values").walk()
        return JSIterator((node.key for node in walk), "Set Iterator")


def publish_set(cls: Any) -> None:
    """Makes the class the constructor Set."""
    prototype = shim.Object()

    def construct(new_target: Any, values: Any = None) -> Any:
        made = allocate(cls, new_target)
        if is_nullish(values):
            return made
        adder = shim.get(made, "add")
        if shim.typeof(adder) != "function":
            raise TypeError(
                f"'{show(adder)}' returned for property 'add' of object "
                "'#<Set>' is not a function"
            )
        record = open_iterator(values)
        while (value := record.step()) is not DONE:
            if adder is put:
                made.__items__.put(value, value)
                continue
            try:
                shim.call(adder, made, value)
            except BaseException:
                record.abandon()
                raise
        return made

    install(prototype, _SetPrototype)
    install(prototype, _SetMethods)
    put = shim.get(prototype, "add")
    values_ = shim.get(prototype, "values")
    hidden(prototype, "keys", values_)
    hidden(prototype, shim.Symbol.iterator, values_)
    tag(prototype, "Set")
    publish(cls, construct=construct, prototype=prototype)
    _species(cls)
