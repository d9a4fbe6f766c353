"""Object, its prototype, and Reflect (ECMA-262, chapters 20.1 and 28.1)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.builtin import accessor, install, lazy, statics
from napi.runtime.constructor import Constructor, constructor
from napi.runtime.error import TypeError

__all__ = ["describe", "make_object", "make_object_prototype", "make_reflect"]

_FLAGS = ("writable", "enumerable", "configurable")


def _is_object(value: Any) -> bool:
    return value is not shim.null and shim.typeof(value) in (
        "object",
        "function",
        "external",
    )


def _is_nullish(value: Any) -> bool:
    return value is None or value is shim.null


def _need_object(value: Any, what: str) -> Any:
    if not _is_object(value):
        raise TypeError(f"{what} called on non-object")
    return value


def describe(target: Any, key: Any) -> Any:
    """The property descriptor of an own property (ECMA-262 6.2.6.4).

    Args:
        target: The object.
        key: A property key of any kind.

    Returns:
        A new object, or ``None`` (undefined) where there is no such property.
    """
    found = shim.own_property(target, key)
    if found is None:
        return None
    result = shim.Object()
    for name in ("value", "writable") if "value" in found else ("get", "set"):
        shim.set(result, name, found.get(name))
    for name in _FLAGS[1:]:
        shim.set(result, name, found[name])
    return result


def _define(target: Any, key: Any, descriptor: Any) -> bool:
    """[[DefineOwnProperty]]: what the descriptor does not say stays as it is."""
    if not _is_object(descriptor):
        shown = shim.to_string(descriptor)
        raise TypeError(f"Property description must be an object: {shown}")
    given = {
        name: shim.get(descriptor, name)
        for name in ("value", "get", "set", *_FLAGS)
        if shim.has(descriptor, name)
    }
    for name in _FLAGS:
        if name in given:
            given[name] = shim.to_boolean(given[name])
    for name in ("get", "set"):
        accessor_ = given.get(name)
        if accessor_ is not None and not callable(accessor_):
            shown = "Getter" if name == "get" else "Setter"
            raise TypeError(f"{shown} must be a function: {shim.to_string(accessor_)}")
    is_accessor = "get" in given or "set" in given
    if is_accessor and ("value" in given or "writable" in given):
        raise TypeError(
            "Invalid property descriptor. Cannot both specify accessors and a "
            "value or writable attribute"
        )
    known = shim.own_property(target, key) or {}
    if is_accessor:
        names = ("get", "set", "enumerable", "configurable")
    elif "value" in given or "writable" in given or "get" not in known:
        names = ("value", *_FLAGS)
    else:
        names = ("get", "set", "enumerable", "configurable")
    full: dict[str, Any] = {
        name: given.get(name, known.get(name, False if name in _FLAGS else None))
        for name in names
    }
    return bool(shim.define(target, key, **full))


def _define_or_throw(target: Any, key: Any, descriptor: Any) -> None:
    if not _define(target, key, descriptor):
        shown = key if isinstance(key, str) else shim.to_string(key)
        if shim.has_own(target, key):
            raise TypeError(f"Cannot redefine property: {shown}")
        raise TypeError(f"Cannot define property {shown}, object is not extensible")


def _own_values(target: Any) -> list[tuple[str, Any]]:
    if _is_nullish(target):
        raise TypeError("Cannot convert undefined or null to object")
    return [(key, shim.get(target, key)) for key in shim.keys(target)]


class _Object:
    """The statics of Object (ECMA-262 20.1.2)."""

    @staticmethod
    def assign(target: Any, *sources: Any) -> Any:
        target = shim.to_object(target)
        for source in sources:
            if _is_nullish(source):
                continue
            for key in shim.own_keys(source):
                found = shim.own_property(source, key)
                if found is not None and found["enumerable"]:
                    shim.set(target, key, shim.get(source, key))
        return target

    @staticmethod
    def create(prototype: Any, properties: Any = None) -> Any:
        if prototype is not shim.null and not _is_object(prototype):
            shown = shim.to_string(prototype)
            raise TypeError(f"Object prototype may only be an Object or null: {shown}")
        made = shim.Object()
        shim.set_prototype(made, prototype)
        return (
            made if properties is None else _Object.defineProperties(made, properties)
        )

    @staticmethod
    def defineProperty(target: Any, key: Any, descriptor: Any) -> Any:
        _define_or_throw(_need_object(target, "Object.defineProperty"), key, descriptor)
        return target

    @staticmethod
    def defineProperties(target: Any, properties: Any) -> Any:
        _need_object(target, "Object.defineProperties")
        for key in shim.own_keys(properties):
            found = shim.own_property(properties, key)
            if found is not None and found["enumerable"]:
                _define_or_throw(target, key, shim.get(properties, key))
        return target

    @staticmethod
    def entries(target: Any) -> Any:
        return shim.Array(shim.Array(pair) for pair in _own_values(target))

    @staticmethod
    def freeze(target: Any) -> Any:
        if _is_object(target) and not shim.freeze(target):
            raise TypeError("Cannot freeze")
        return target

    @staticmethod
    def fromEntries(entries: Any) -> Any:
        made = shim.Object()
        for entry in entries:
            shim.set(made, shim.get(entry, "0"), shim.get(entry, "1"))
        return made

    @staticmethod
    def getOwnPropertyDescriptor(target: Any, key: Any) -> Any:
        return describe(shim.to_object(target), key)

    @staticmethod
    def getOwnPropertyDescriptors(target: Any) -> Any:
        made = shim.Object()
        for key in shim.own_keys(shim.to_object(target)):
            shim.set(made, key, describe(target, key))
        return made

    @staticmethod
    def getOwnPropertyNames(target: Any) -> Any:
        keys = shim.own_keys(shim.to_object(target))
        return shim.Array(key for key in keys if isinstance(key, str))

    @staticmethod
    def getOwnPropertySymbols(target: Any) -> Any:
        keys = shim.own_keys(shim.to_object(target))
        return shim.Array(key for key in keys if not isinstance(key, str))

    @staticmethod
    def getPrototypeOf(target: Any) -> Any:
        return shim.get_prototype(shim.to_object(target))

    @staticmethod
    def groupBy(items: Any, callback: Any) -> Any:
        made = shim.Object()
        shim.set_prototype(made, shim.null)
        for index, item in enumerate(items):
            key = shim.call(callback, None, item, index)
            if not shim.has_own(made, key):
                shim.set(made, key, shim.Array())
            shim.get(made, key).append(item)
        return made

    @staticmethod
    def hasOwn(target: Any, key: Any) -> bool:
        return bool(shim.has_own(shim.to_object(target), key))

    @staticmethod
    def is_(a: Any, b: Any) -> bool:
        return _same_value(a, b)

    @staticmethod
    def isExtensible(target: Any) -> bool:
        return _is_object(target) and bool(shim.is_extensible(target))

    @staticmethod
    def isFrozen(target: Any) -> bool:
        return _is_fixed(target, frozen=True)

    @staticmethod
    def isSealed(target: Any) -> bool:
        return _is_fixed(target, frozen=False)

    @staticmethod
    def keys(target: Any) -> Any:
        return shim.Array(key for key, _ in _own_values(target))

    @staticmethod
    def preventExtensions(target: Any) -> Any:
        if _is_object(target):
            shim.prevent_extensions(target)
        return target

    @staticmethod
    def seal(target: Any) -> Any:
        if _is_object(target):
            shim.seal(target)
        return target

    @staticmethod
    def setPrototypeOf(target: Any, prototype: Any) -> Any:
        if _is_nullish(target):
            raise TypeError("Object.setPrototypeOf called on null or undefined")
        if prototype is not shim.null and not _is_object(prototype):
            shown = shim.to_string(prototype)
            raise TypeError(f"Object prototype may only be an Object or null: {shown}")
        if _is_object(target) and not shim.set_prototype(target, prototype):
            raise TypeError("#<Object> is not extensible")
        return target

    @staticmethod
    def values(target: Any) -> Any:
        return shim.Array(value for _, value in _own_values(target))


def _same_value(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return (a != a and b != b) or (
            a == b and str(a).startswith("-") == str(b).startswith("-")
        )
    if 0 in (a, b) and (isinstance(a, float) or isinstance(b, float)):
        return False  # -0 is the only float that is zero
    return bool(shim.strict_equals(a, b))


def _is_fixed(target: Any, *, frozen: bool) -> bool:
    if not _is_object(target):
        return True
    if shim.is_extensible(target):
        return False
    found = (shim.own_property(target, key) or {} for key in shim.own_keys(target))
    return not any(
        one.get("configurable") or (frozen and one.get("writable")) for one in found
    )


_TAGS = {"string": "String", "number": "Number", "boolean": "Boolean"}


def _tag(this: Any) -> str:
    if this is None:
        return "Undefined"
    if this is shim.null:
        return "Null"
    own = shim.get(this, shim.Symbol.toStringTag)
    if isinstance(own, str):
        return own
    kind = shim.typeof(this)
    if kind == "function":
        return "Function"
    if kind in _TAGS:
        return _TAGS[kind]
    if isinstance(this, (list, tuple)):
        return "Array"
    if isinstance(this, BaseException):
        return "Error"
    from napi.runtime.date import Date

    return "Date" if isinstance(this, Date) else "Object"


class _ObjectPrototype:
    """The methods of Object.prototype (ECMA-262 20.1.3)."""

    def hasOwnProperty(this: Any, key: Any) -> bool:
        return bool(shim.has_own(shim.to_object(this), key))

    def isPrototypeOf(this: Any, value: Any) -> bool:
        while _is_object(value):
            value = shim.get_prototype(value)
            if value is this:
                return True
        return False

    def propertyIsEnumerable(this: Any, key: Any) -> bool:
        found = shim.own_property(shim.to_object(this), key)
        return found is not None and bool(found["enumerable"])

    def toLocaleString(this: Any) -> Any:
        return shim.call(shim.get(this, "toString"), this)

    def toString(this: Any) -> str:
        return f"[object {_tag(this)}]"

    def valueOf(this: Any) -> Any:
        return shim.to_object(this)


def _get_proto(this: Any) -> Any:
    return shim.get_prototype(shim.to_object(this))


def _set_proto(this: Any, prototype: Any = None, *_: Any) -> None:
    if _is_object(this) and (prototype is shim.null or _is_object(prototype)):
        _Object.setPrototypeOf(this, prototype)


def make_object_prototype() -> Any:
    """Makes Object.prototype, the end of nearly every prototype chain."""
    made = shim.Object()
    shim.set_prototype(made, shim.null)
    install(made, _ObjectPrototype)
    accessor(made, "__proto__", _get_proto, _set_proto)
    lazy(made, "constructor", lambda: shim.get(shim.get_global(), "Object"))
    return made


def make_object(prototype: Any) -> Constructor:
    """Makes the constructor Object.

    Args:
        prototype: Object.prototype.
    """

    def make(value: Any = None, *_: Any) -> Any:
        return shim.Object() if _is_nullish(value) else shim.to_object(value)

    return constructor("Object", make, prototype, _Object)


class _Reflect:
    """The functions of Reflect (ECMA-262 28.1)."""

    @staticmethod
    def apply(function: Any, this: Any, arguments: Any) -> Any:
        return shim.call(function, this, *_items(arguments))

    @staticmethod
    def construct(target: Any, arguments: Any, new_target: Any = None) -> Any:
        return shim.construct(
            target, *_items(arguments), new_target=new_target or target
        )

    @staticmethod
    def defineProperty(target: Any, key: Any, descriptor: Any) -> bool:
        return _define(_need_object(target, "Reflect.defineProperty"), key, descriptor)

    @staticmethod
    def deleteProperty(target: Any, key: Any) -> bool:
        target = _need_object(target, "Reflect.deleteProperty")
        return bool(shim.delete(target, key))

    @staticmethod
    def get(target: Any, key: Any) -> Any:
        return shim.get(_need_object(target, "Reflect.get"), key)

    @staticmethod
    def getOwnPropertyDescriptor(target: Any, key: Any) -> Any:
        return describe(_need_object(target, "Reflect.getOwnPropertyDescriptor"), key)

    @staticmethod
    def getPrototypeOf(target: Any) -> Any:
        return shim.get_prototype(_need_object(target, "Reflect.getPrototypeOf"))

    @staticmethod
    def has(target: Any, key: Any) -> bool:
        return bool(shim.has(_need_object(target, "Reflect.has"), key))

    @staticmethod
    def isExtensible(target: Any) -> bool:
        return bool(shim.is_extensible(_need_object(target, "Reflect.isExtensible")))

    @staticmethod
    def ownKeys(target: Any) -> Any:
        return shim.Array(shim.own_keys(_need_object(target, "Reflect.ownKeys")))

    @staticmethod
    def preventExtensions(target: Any) -> bool:
        target = _need_object(target, "Reflect.preventExtensions")
        return bool(shim.prevent_extensions(target))

    @staticmethod
    def set(target: Any, key: Any, value: Any) -> bool:
        return bool(shim.set(_need_object(target, "Reflect.set"), key, value))

    @staticmethod
    def setPrototypeOf(target: Any, prototype: Any) -> bool:
        target = _need_object(target, "Reflect.setPrototypeOf")
        return bool(shim.set_prototype(target, prototype))


def _items(arguments: Any) -> list[Any]:
    if isinstance(arguments, (list, tuple)):
        return list(arguments)
    _need_object(arguments, "CreateListFromArrayLike")
    length = int(shim.to_number(shim.get(arguments, "length")))
    return [shim.get(arguments, str(index)) for index in range(length)]


def make_reflect() -> Any:
    """Makes the object Reflect."""
    made = shim.Object()
    statics(made, _Reflect)
    return made
