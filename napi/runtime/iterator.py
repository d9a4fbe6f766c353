"""Iterator, its prototype and its helpers (ECMA-262, chapter 27.1)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from napi._native import shim
from napi.runtime.builtin import accessor, install, symbol, tag
from napi.runtime.coerce import is_object, need_callable, show, to_integer
from napi.runtime.constructor import adopt, constructor
from napi.runtime.error import RangeError, TypeError
from napi.runtime.iterate import DONE, Record, iterate, open_iterator, result

__all__ = ["add_iterator_methods", "iterate", "make_iterator"]


def _of(this: Any, name: str) -> Record:
    if not is_object(this):
        raise TypeError(f"Iterator.prototype.{name} called on non-object")
    return Record(this)


def _checked(this: Any, function: Any, name: str) -> Record:
    """The receiver as a record; an argument that will not do closes it."""
    if not is_object(this):
        raise TypeError(f"Iterator.prototype.{name} called on non-object")
    try:
        need_callable(function)
    except BaseException:
        Record(this, None).abandon()
        raise
    return Record(this)


class _Helper(shim.Host):
    """What map, filter, take, drop, flatMap and concat return (27.1.2.1)."""

    __slots__ = ("_record", "_running", "_started", "_steps")
    __module__ = "napi"
    __napi_closed__ = True
    prototype: Any

    def __iter__(self) -> Iterator[Any]:
        return iter(self._steps)


def _helper(record: Record | None, steps: Iterator[Any]) -> Any:
    _prepare()
    made = _Helper()
    made._record = record
    made._steps = steps
    made._running = made._started = False
    return made


def _helper_next(this: Any) -> Any:
    if not isinstance(this, _Helper):
        raise TypeError(
            "Method Iterator Helper.prototype.next called on incompatible receiver "
            + show(this)
        )
    if this._running:
        raise TypeError("Generator is already running")
    this._running = this._started = True
    try:
        for value in this._steps:
            return result(value, False)
        return result(None, True)
    finally:
        this._running = False


def _helper_return(this: Any) -> Any:
    if not isinstance(this, _Helper):
        raise TypeError(
            "Method Iterator Helper.prototype.return called on incompatible receiver "
            + show(this)
        )
    if this._running:
        raise TypeError("Generator is already running")
    started, this._started = this._started, True
    this._running = True
    try:
        if not started:
            this._steps.close()
            this._steps = iter(())
            if this._record is not None:
                this._record.close()
        elif hasattr(this._steps, "close"):
            this._steps.close()
    finally:
        this._running = False
    return result(None, True)


class _HelperPrototype:
    def next(this: Any) -> Any:
        return _helper_next(this)

    def return_(this: Any) -> Any:
        return _helper_return(this)


class _WrapPrototype:
    def next(this: Any) -> Any:
        if not isinstance(this, _Wrap):
            raise TypeError("receiver is not a wrapped iterator")
        return shim.call(this._record.advance, this._record.iterator)

    def return_(this: Any) -> Any:
        if not isinstance(this, _Wrap):
            raise TypeError("receiver is not a wrapped iterator")
        iterator = this._record.iterator
        leave = shim.get(iterator, "return")
        if leave is None or leave is shim.null:
            return result(None, True)
        return shim.call(leave, iterator)


class _Wrap(shim.Host):
    """What Iterator.from makes of an iterator that does not inherit (27.1.3.2)."""

    __slots__ = ("_record",)
    __module__ = "napi"
    __napi_closed__ = True
    prototype: Any


def _prepare() -> None:
    from napi.runtime.prototype import prototype_for

    if "prototype" in vars(_Helper):
        return
    for cls, members in ((_Helper, _HelperPrototype), (_Wrap, _WrapPrototype)):
        prototype = shim.create(prototype_for("iterator"))
        install(prototype, members)
        cls.prototype = prototype
    tag(_Helper.prototype, "Iterator Helper")


def _guarded(record: Record, act: Callable[..., Any], *given: Any) -> Any:
    try:
        return shim.call(act, None, *given)
    except BaseException:
        record.abandon()
        raise


def _map(record: Record, change: Any) -> Iterator[Any]:
    index = 0
    while (value := record.step()) is not DONE:
        new = _guarded(record, change, value, index)
        try:
            yield new
        except GeneratorExit:
            record.close()
            return
        index += 1


def _filter(record: Record, check: Any) -> Iterator[Any]:
    index = 0
    while (value := record.step()) is not DONE:
        if shim.to_boolean(_guarded(record, check, value, index)):
            try:
                yield value
            except GeneratorExit:
                record.close()
                return
        index += 1


def _take(record: Record, left: float) -> Iterator[Any]:
    while left > 0:
        value = record.step()
        if value is DONE:
            return
        left -= 1
        try:
            yield value
        except GeneratorExit:
            break
    record.close()


def _drop(record: Record, left: float) -> Iterator[Any]:
    while left > 0:
        if record.step() is DONE:
            return
        left -= 1
    while (value := record.step()) is not DONE:
        try:
            yield value
        except GeneratorExit:
            record.close()
            return


def flattenable(value: Any, *, strings: bool) -> Record:
    """GetIteratorFlattenable (7.4.5)."""
    if not is_object(value) and not (strings and isinstance(value, str)):
        raise TypeError(f"{show(value)} is not an object")
    method = shim.get(value, shim.Symbol.iterator)
    if method is None or method is shim.null:
        return Record(value)
    iterator = shim.call(need_callable(method), value)
    if not is_object(iterator):
        raise TypeError(f"{show(iterator)} is not an object")
    return Record(iterator)


def _flat_map(record: Record, change: Any) -> Iterator[Any]:
    index = 0
    while (value := record.step()) is not DONE:
        mapped = _guarded(record, change, value, index)
        try:
            inner = flattenable(mapped, strings=False)
        except BaseException:
            record.abandon()
            raise
        while True:
            try:
                new = inner.step()
            except BaseException:
                record.abandon()
                raise
            if new is DONE:
                break
            try:
                yield new
            except GeneratorExit:
                _close_both(inner, record)
                return
        index += 1


def _close_both(inner: Record, outer: Record) -> None:
    try:
        inner.close()
    except BaseException:
        outer.abandon()
        raise
    outer.close()


def _limit(this: Any, count: Any, name: str) -> tuple[Record, float]:
    if not is_object(this):
        raise TypeError(f"Iterator.prototype.{name} called on non-object")
    try:
        number = shim.to_number(count)
        if number != number:
            raise RangeError(f"{show(count)} must be positive")
        limit = to_integer(number)
        if limit < 0:
            raise RangeError(f"{show(count)} must be positive")
    except BaseException:
        Record(this, None).abandon()
        raise
    return Record(this), math.inf if limit == math.inf else limit


class _IteratorPrototype:
    def reduce(this: Any, combine: Any, *initial: Any) -> Any:
        record = _checked(this, combine, "reduce")
        index = 0
        if initial:
            value = initial[0]
        else:
            value, index = record.step(), 1
            if value is DONE:
                raise TypeError("Reduce of a done iterator with no initial value")
        while (one := record.step()) is not DONE:
            value = _guarded(record, combine, value, one, index)
            index += 1
        return value

    def toArray(this: Any) -> Any:
        record = _of(this, "toArray")
        values = shim.Array()
        while (one := record.step()) is not DONE:
            values.append(one)
        return values

    def forEach(this: Any, act: Any) -> None:
        record, index = _checked(this, act, "forEach"), 0
        while (one := record.step()) is not DONE:
            _guarded(record, act, one, index)
            index += 1

    def some(this: Any, check: Any) -> bool:
        record = _checked(this, check, "some")
        return _search(record, check) is not DONE

    def every(this: Any, check: Any) -> bool:
        record, index = _checked(this, check, "every"), 0
        while (one := record.step()) is not DONE:
            if not shim.to_boolean(_guarded(record, check, one, index)):
                record.close()
                return False
            index += 1
        return True

    def find(this: Any, check: Any) -> Any:
        found = _search(_checked(this, check, "find"), check)
        return None if found is DONE else found

    def filter(this: Any, check: Any) -> Any:
        record = _checked(this, check, "filter")
        return _helper(record, _filter(record, check))

    def map(this: Any, change: Any) -> Any:
        record = _checked(this, change, "map")
        return _helper(record, _map(record, change))

    def take(this: Any, count: Any) -> Any:
        record, limit = _limit(this, count, "take")
        return _helper(record, _take(record, limit))

    def drop(this: Any, count: Any) -> Any:
        record, limit = _limit(this, count, "drop")
        return _helper(record, _drop(record, limit))

    def flatMap(this: Any, change: Any) -> Any:
        record = _checked(this, change, "flatMap")
        return _helper(record, _flat_map(record, change))

    @symbol("iterator")
    def iterator(this: Any) -> Any:
        return this

    @symbol("dispose")
    def dispose(this: Any) -> None:
        leave = shim.get(this, "return")
        if leave is not None and leave is not shim.null:
            shim.call(leave, this)


def _search(record: Record, check: Any) -> Any:
    index = 0
    while (one := record.step()) is not DONE:
        if shim.to_boolean(_guarded(record, check, one, index)):
            record.close()
            return one
        index += 1
    return DONE


def _weird(prototype: Any, key: Any, value: Any) -> None:
    """An accessor that behaves as a data property nearly always does (27.1.4.1)."""

    def get(this: Any) -> Any:
        return value() if callable(value) else value

    def set_(this: Any, new: Any) -> None:
        if not is_object(this):
            raise TypeError("Iterator.prototype setter called on non-object")
        if this is prototype:
            raise TypeError("Cannot assign to this property")
        if shim.has_own(this, key):
            shim.put(this, key, new)
        else:
            shim.define(
                this, key, value=new, writable=True, enumerable=True, configurable=True
            )

    name = key if isinstance(key, str) else f"[{key.description}]"
    accessor(prototype, key, get, set_, name)


def add_iterator_methods(prototype: Any) -> None:
    """Fills Iterator.prototype."""
    install(prototype, _IteratorPrototype)
    _weird(prototype, shim.Symbol.toStringTag, "Iterator")
    _weird(prototype, "constructor", lambda: shim.get(shim.get_global(), "Iterator"))


def _concat(sources: list[tuple[Any, Any]]) -> Iterator[Any]:
    for source, method in sources:
        record = open_iterator(source, method)
        while (value := record.step()) is not DONE:
            try:
                yield value
            except GeneratorExit:
                record.close()
                return


class _Iterator:
    @staticmethod
    def from_(source: Any) -> Any:
        record = flattenable(source, strings=True)
        base = shim.get(shim.get(shim.get_global(), "Iterator"), "prototype")
        holder = shim.get_prototype(record.iterator)
        while holder is not shim.null:
            if holder is base:
                return record.iterator
            holder = shim.get_prototype(holder)
        _prepare()
        made = _Wrap()
        made._record = record
        return made

    @staticmethod
    def concat(*sources: Any) -> Any:
        opened = []
        for source in sources:
            if not is_object(source):
                raise TypeError(f"{show(source)} is not an object")
            method = shim.get(source, shim.Symbol.iterator)
            if not callable(method):
                raise TypeError(f"{show(source)} is not iterable")
            opened.append((source, method))
        return _helper(None, _concat(opened))


def make_iterator(prototype: Any) -> Any:
    """Makes the constructor Iterator."""

    def construct(new_target: Any) -> Any:
        if new_target is made or new_target is None:
            raise TypeError("Abstract class Iterator not directly constructable")
        return adopt(shim.Object(), new_target)

    kept: Any = shim.own_property(prototype, "constructor")
    made = constructor("Iterator", prototype, construct, members=_Iterator, length=0)
    shim.define(
        prototype,
        "constructor",
        get=kept["get"],
        set=kept["set"],
        enumerable=False,
        configurable=True,
    )
    return made
