"""Object and its prototype (ECMA-262, chapter 20.1)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.box import Box
from napi.runtime.builtin import sized
from napi.runtime.coerce import (
    is_nullish,
    is_object,
    need_object,
    same_value,
    show,
)
from napi.runtime.constructor import Constructor, adopt, constructor
from napi.runtime.descriptor import create_data, define_or_throw, describe, own, read
from napi.runtime.error import TypeError
from napi.runtime.iterate import DONE, not_iterable, open_iterator

__all__ = ["describe", "make_object"]


def _to_object(value: Any) -> Any:
    if value is None or value is shim.null:
        raise TypeError("Cannot convert undefined or null to object")
    return shim.to_object(value)


def _need_prototype(prototype: Any) -> None:
    if prototype is not shim.null and not is_object(prototype):
        raise TypeError(
            f"Object prototype may only be an Object or null: {show(prototype)}"
        )


def _define_all(target: Any, properties: Any) -> Any:
    source = _to_object(properties)
    wanted = []
    for key in shim.own_keys(source):
        found = own(source, key)
        if found is not None and found["enumerable"]:
            wanted.append((key, read(shim.get(source, key))))
    for key, given in wanted:
        define_or_throw(target, key, given)
    return target


_MISSING = object()


def _entries(target: Any) -> Any:
    target = _to_object(target)
    is_plain = type(target) is shim.Object
    if type(target) is dict:
        return [(key, shim.get(target, key)) for key in shim.keys(target)]
    found = []
    for key in shim.own_keys(target, False):
        about = own(target, key)
        if about is not None and about["enumerable"]:
            value = about["value"] if is_plain and "value" in about else _MISSING
            value = shim.get(target, key) if value is _MISSING else value
            found.append((key, value))
    return found


class _Object:
    """The statics of Object (ECMA-262 20.1.2)."""

    @sized(2)
    def assign(target: Any, *sources: Any) -> Any:
        target = _to_object(target)
        for one in sources:
            if is_nullish(one):
                continue
            one = shim.to_object(one)
            for key in shim.own_keys(one):
                found = own(one, key)
                if found is not None and found["enumerable"]:
                    shim.put(target, key, shim.get(one, key))
        return target

    def getOwnPropertyDescriptor(target: Any, key: Any) -> Any:
        return describe(_to_object(target), key)

    def getOwnPropertyDescriptors(target: Any) -> Any:
        made, target = shim.Object(), _to_object(target)
        for key in shim.own_keys(target):
            found = describe(target, key)
            if found is not None:
                create_data(made, key, found)
        return made

    def getOwnPropertyNames(target: Any) -> Any:
        keys = shim.own_keys(_to_object(target))
        return shim.Array(key for key in keys if isinstance(key, str))

    def getOwnPropertySymbols(target: Any) -> Any:
        keys = shim.own_keys(_to_object(target))
        return shim.Array(key for key in keys if not isinstance(key, str))

    def hasOwn(target: Any, key: Any) -> bool:
        return bool(shim.has_own(_to_object(target), key))

    def is_(a: Any, b: Any) -> bool:
        return same_value(a, b)

    def preventExtensions(target: Any) -> Any:
        if is_object(target) and not shim.prevent_extensions(target):
            raise TypeError("'preventExtensions' on proxy: trap returned falsish")
        return target

    def seal(target: Any) -> Any:
        if is_object(target) and not shim.seal(target):
            raise TypeError("'preventExtensions' on proxy: trap returned falsish")
        return target

    def create(prototype: Any, properties: Any) -> Any:
        _need_prototype(prototype)
        made = shim.create(prototype)
        return made if properties is None else _define_all(made, properties)

    def defineProperties(target: Any, properties: Any) -> Any:
        need_object(target, "Object.defineProperties")
        return _define_all(target, properties)

    def defineProperty(target: Any, key: Any, descriptor: Any) -> Any:
        need_object(target, "Object.defineProperty")
        key = _key(key)
        define_or_throw(target, key, read(descriptor))
        return target

    def freeze(target: Any) -> Any:
        if is_object(target) and not shim.freeze(target):
            raise TypeError("'preventExtensions' on proxy: trap returned falsish")
        return target

    def getPrototypeOf(target: Any) -> Any:
        return shim.get_prototype(_to_object(target))

    def setPrototypeOf(target: Any, prototype: Any) -> Any:
        if is_nullish(target):
            raise TypeError("Object.setPrototypeOf called on null or undefined")
        _need_prototype(prototype)
        _set_prototype(target, prototype)
        return target

    def isExtensible(target: Any) -> bool:
        return is_object(target) and bool(shim.is_extensible(target))

    def isFrozen(target: Any) -> bool:
        return not is_object(target) or bool(shim.is_frozen(target))

    def isSealed(target: Any) -> bool:
        return not is_object(target) or bool(shim.is_sealed(target))

    def keys(target: Any) -> Any:
        return shim.Array(shim.keys(_to_object(target)))

    def entries(target: Any) -> Any:
        return shim.Array([shim.Array(pair) for pair in _entries(target)])

    def fromEntries(entries: Any) -> Any:
        if is_nullish(entries):
            raise not_iterable(entries)
        made, record = shim.Object(), open_iterator(entries)
        while (entry := record.step()) is not DONE:
            try:
                if not is_object(entry):
                    raise TypeError(
                        f"Iterator value {show(entry)} is not an entry object"
                    )
                create_data(made, _key(shim.get(entry, "0")), shim.get(entry, "1"))
            except BaseException:
                record.abandon()
                raise
        return made

    def values(target: Any) -> Any:
        return shim.Array([value for _, value in _entries(target)])

    def groupBy(items: Any, callback: Any) -> Any:
        from napi.runtime.map_prototype import group

        groups: dict[Any, Any] = {}

        def add(key: Any, value: Any) -> None:
            groups.setdefault(_key(key), shim.Array()).append(value)

        group(items, callback, add)
        made = shim.create(shim.null)
        for key, values in groups.items():
            create_data(made, key, values)
        return made


def _key(value: Any) -> Any:
    """ToPropertyKey (ECMA-262 7.1.19)."""
    if type(value) is str or isinstance(value, shim.Symbol):
        return value
    primitive = shim.to_primitive(value, "string")
    return (
        primitive if isinstance(primitive, shim.Symbol) else shim.to_string(primitive)
    )


def _set_prototype(target: Any, prototype: Any) -> None:
    if not is_object(target) or shim.set_prototype(target, prototype):
        return
    if shim.is_proxy(target):
        raise TypeError(
            "'setPrototypeOf' on proxy: trap returned falsish for property 'undefined'"
        )
    if target is shim.get(shim.get(shim.get_global(), "Object"), "prototype"):
        raise TypeError(
            "Immutable prototype object 'Object.prototype' cannot have their "
            "prototype set"
        )
    if shim.is_extensible(target):
        raise TypeError("Cyclic __proto__ value")
    raise TypeError(f"{show(target)} is not extensible")


_TAGS = {"string": "String", "number": "Number", "boolean": "Boolean"}


def is_array(value: Any) -> bool:
    """IsArray (ECMA-262 7.2.2).

    Raises:
        napi.TypeError: A revoked proxy.
    """
    while shim.is_proxy(value):
        if value.__handler__ is None:
            raise TypeError("Cannot perform 'IsArray' on a proxy that has been revoked")
        value = value.__target__
    return isinstance(value, (list, tuple))


def _builtin_tag(this: Any) -> str:
    if is_array(this):
        return "Array"
    kind = shim.typeof(this)
    if kind == "function":
        return "Function"
    if kind in _TAGS:
        return _TAGS[kind]
    if isinstance(this, BaseException):
        return "Error"
    if isinstance(this, Box):
        return _TAGS.get(shim.typeof(this.primitive), "Object")
    if isinstance(this, (shim.Object, list)):
        return getattr(this, "__napi_tag__", "Object")
    from napi.runtime.date import Date
    from napi.runtime.regexp import RegExp

    if isinstance(this, Date):
        return "Date"
    return "RegExp" if isinstance(this, RegExp) else "Object"


def _tag(this: Any) -> str:
    if this is None:
        return "Undefined"
    if this is shim.null:
        return "Null"
    fallback = _builtin_tag(this)
    own_tag = shim.get(this, shim.Symbol.toStringTag)
    return own_tag if isinstance(own_tag, str) else fallback


def make_object(prototype: Any) -> Constructor:
    """Makes the constructor Object.

    Args:
        prototype: Object.prototype.
    """

    def call(this: Any, value: Any = None) -> Any:
        return shim.Object() if is_nullish(value) else shim.to_object(value)

    def construct(new_target: Any, value: Any = None) -> Any:
        if new_target is not None and new_target is not made:
            return adopt(shim.Object(), new_target)
        return call(None, value)

    made = constructor("Object", prototype, construct, call=call, members=_Object)
    return made
