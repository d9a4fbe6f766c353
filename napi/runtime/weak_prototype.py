"""WeakMap, WeakSet, WeakRef and FinalizationRegistry as JavaScript sees them."""

from __future__ import annotations

import weakref
from typing import Any

from napi._native import shim
from napi.runtime.builtin import install, sized, tag
from napi.runtime.coerce import is_callable, is_nullish, need_callable, show
from napi.runtime.constructor import allocate, publish
from napi.runtime.error import TypeError
from napi.runtime.iterate import DONE, open_iterator

__all__ = ["publish_weak"]


def _can_be_held(value: Any) -> bool:
    from napi.runtime import weak

    return weak._can_be_held(value)


def _table(this: Any, kind: str, name: str) -> Any:
    try:
        return getattr(this, f"__{kind.lower()}__")
    except AttributeError:
        raise TypeError(
            f"Method {kind}.prototype.{name} called on incompatible receiver "
            + show(this)
        ) from None


class _WeakMapPrototype:
    def delete(this: Any, key: Any) -> bool:
        return bool(_table(this, "WeakMap", "delete").drop(key))

    def get(this: Any, key: Any) -> Any:
        found = _table(this, "WeakMap", "get").find(key)
        return None if found is None else found[1]

    def set(this: Any, key: Any, value: Any) -> Any:
        table = _table(this, "WeakMap", "set")
        try:
            table.put(key, value, "as weak map key")
        except TypeError:
            raise TypeError("Invalid value used as weak map key") from None
        return this

    def has(this: Any, key: Any) -> bool:
        return _table(this, "WeakMap", "has").find(key) is not None

    def getOrInsert(this: Any, key: Any, value: Any) -> Any:
        table = _table(this, "WeakMap", "getOrInsert")
        found = table.find(key)
        if found is None:
            table.put(key, value, "as weak map key")
            return value
        return found[1]

    def getOrInsertComputed(this: Any, key: Any, callback: Any) -> Any:
        table = _table(this, "WeakMap", "getOrInsertComputed")
        if not _can_be_held(key):
            raise TypeError("Invalid value used as weak map key")
        need_callable(callback)
        found = table.find(key)
        if found is not None:
            return found[1]
        value = shim.call(callback, None, key)
        table.put(key, value, "as weak map key")
        return value


class _WeakSetPrototype:
    def delete(this: Any, value: Any) -> bool:
        return bool(_table(this, "WeakSet", "delete").drop(value))

    def has(this: Any, value: Any) -> bool:
        return _table(this, "WeakSet", "has").find(value) is not None

    def add(this: Any, value: Any) -> Any:
        _table(this, "WeakSet", "add").put(value, True, "in weak set")
        return this


class _WeakRefPrototype:
    def deref(this: Any) -> Any:
        try:
            find = this.__find__
        except AttributeError:
            raise TypeError(
                "Method WeakRef.prototype.deref called on incompatible receiver "
                + show(this)
            ) from None
        return _keep(find())


_kept: list[Any] = []


def _keep(target: Any) -> Any:
    """KeepDuringJob (ECMA-262 9.12): it lives on until the job has ended."""
    if target is not None:
        if not _kept:
            shim.queue_tick(_kept.clear)
        _kept.append(target)
    return target


def _registry(this: Any, name: str) -> Any:
    try:
        this.__cells__  # noqa: B018  # there or not
    except AttributeError:
        raise TypeError(
            f"Method FinalizationRegistry.prototype.{name} called on incompatible "
            f"receiver {show(this)}"
        ) from None
    return this


class _RegistryPrototype:
    @sized(2)
    def register(this: Any, target: Any, held: Any, token: Any = None) -> None:
        from napi.runtime.coerce import same_value

        registry = _registry(this, "register")
        if not _can_be_held(target):
            raise TypeError("FinalizationRegistry.prototype.register: invalid target")
        if same_value(target, held):
            raise TypeError(
                "FinalizationRegistry.prototype.register: target and holdings must "
                "not be same"
            )
        if token is not None and not _can_be_held(token):
            raise TypeError(f"Invalid unregisterToken ('{show(token)}')")
        registry._watch(target, held, None if token is None else _weakly(token))

    def unregister(this: Any, token: Any) -> bool:
        registry = _registry(this, "unregister")
        if not _can_be_held(token):
            raise TypeError(f"Invalid unregisterToken ('{show(token)}')")
        return bool(registry._forget(token))


def _weakly(value: Any) -> Any:
    try:
        return weakref.ref(value)
    except Exception:
        return lambda: value


def _fill(made: Any, source: Any, name: str, pairs: bool) -> None:
    if is_nullish(source):
        return
    adder = shim.get(made, name)
    if not is_callable(adder):
        raise TypeError(
            f"'{show(adder)}' returned for property '{name}' of object "
            f"'#<{type(made).__name__}>' is not a function"
        )
    if pairs:
        from napi.runtime.map_prototype import fill_from

        fill_from(made, source, adder)
        return
    record = open_iterator(source)
    while (value := record.step()) is not DONE:
        try:
            shim.call(adder, made, value)
        except BaseException:
            record.abandon()
            raise


def publish_weak(map_: Any, set_: Any, ref: Any, registry: Any) -> None:
    """Makes the four classes constructors of JavaScript."""

    def construct_map(new_target: Any, entries: Any = None) -> Any:
        made = allocate(map_, new_target)
        _fill(made, entries, "set", True)
        return made

    def construct_set(new_target: Any, values: Any = None) -> Any:
        made = allocate(set_, new_target)
        _fill(made, values, "add", False)
        return made

    def construct_ref(new_target: Any, target: Any) -> Any:
        made = allocate(ref, new_target)
        made._refer(target)
        _keep(target)
        return made

    def construct_registry(new_target: Any, cleanup: Any) -> Any:
        if not is_callable(cleanup):
            raise TypeError("FinalizationRegistry: cleanup must be callable")
        made = allocate(registry, new_target)
        made.__cleanup__, made.__cells__ = cleanup, {}
        return made

    for cls, members, construct, length in (
        (map_, _WeakMapPrototype, construct_map, 0),
        (set_, _WeakSetPrototype, construct_set, 0),
        (ref, _WeakRefPrototype, construct_ref, 1),
        (registry, _RegistryPrototype, construct_registry, 1),
    ):
        prototype = shim.Object()
        install(prototype, members)
        tag(prototype, cls.__name__)
        publish(cls, length=length, construct=construct, prototype=prototype)
