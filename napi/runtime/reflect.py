"""Reflect (ECMA-262, chapter 28.1)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.builtin import sized, statics, tag
from napi.runtime.coerce import (
    is_constructor,
    is_object,
    list_from,
    need_object,
    show,
)
from napi.runtime.descriptor import define, describe, own, read
from napi.runtime.error import TypeError
from napi.runtime.object import _key

__all__ = ["make_reflect", "ordinary_set"]


def ordinary_set(target: Any, key: Any, value: Any, receiver: Any) -> bool:
    """OrdinarySet (10.1.9) where the receiver is another object.

    Args:
        target: Where the search for the property begins.
        key: A string or symbol.
        value: The value.
        receiver: What gets the property, or is the ``this`` of a setter.
    """
    if receiver is target and not shim.is_proxy(target):
        return bool(shim.set(target, key, value))
    if shim.is_proxy(target):
        from napi.runtime.proxy import proxy_set

        return proxy_set(target, key, value, receiver)
    found = own(target, key)
    if found is None:
        parent = shim.get_prototype(target)
        if parent is not shim.null:
            return ordinary_set(parent, key, value, receiver)
        found = {"value": None, "writable": True}
    if "get" in found:
        if found["set"] is None:
            return False
        shim.call(found["set"], receiver, value)
        return True
    if not found["writable"] or not is_object(receiver):
        return False
    known = own(receiver, key)
    if known is None:
        flags = dict.fromkeys(("writable", "enumerable", "configurable"), True)
        return define(receiver, key, {"value": value, **flags})
    if "get" in known or not known["writable"]:
        return False
    return define(receiver, key, {"value": value})


class _Reflect:
    """The functions of Reflect (ECMA-262 28.1)."""

    def defineProperty(target: Any, key: Any, descriptor: Any) -> bool:
        need_object(target, "Reflect.defineProperty")
        key = _key(key)
        return define(target, key, read(descriptor))

    def deleteProperty(target: Any, key: Any) -> bool:
        return bool(shim.delete(need_object(target, "Reflect.deleteProperty"), key))

    def apply(function: Any, this: Any, arguments: Any) -> Any:
        if shim.typeof(function) != "function":
            raise TypeError(
                f"Function.prototype.apply was called on {show(function)}, which is "
                f"{_article(function)} and not a function"
            )
        return shim.call(function, this, *list_from(arguments))

    def construct(target: Any, arguments: Any, *new_target: Any) -> Any:
        if not is_constructor(target):
            raise TypeError(f"{show(target)} is not a constructor")
        if new_target and not is_constructor(new_target[0]):
            raise TypeError(f"{show(new_target[0])} is not a constructor")
        chosen = new_target[0] if new_target else target
        return shim.construct(target, *list_from(arguments), new_target=chosen)

    @sized(2)
    def get(target: Any, key: Any, *receiver: Any) -> Any:
        need_object(target, "Reflect.get")
        key = _key(key)
        return shim.get(target, key, receiver[0] if receiver else target)

    def getOwnPropertyDescriptor(target: Any, key: Any) -> Any:
        return describe(need_object(target, "Reflect.getOwnPropertyDescriptor"), key)

    def getPrototypeOf(target: Any) -> Any:
        return shim.get_prototype(need_object(target, "Reflect.getPrototypeOf"))

    def has(target: Any, key: Any) -> bool:
        return bool(shim.has(need_object(target, "Reflect.has"), key))

    def isExtensible(target: Any) -> bool:
        return bool(shim.is_extensible(need_object(target, "Reflect.isExtensible")))

    def ownKeys(target: Any) -> Any:
        return shim.Array(shim.own_keys(need_object(target, "Reflect.ownKeys")))

    def preventExtensions(target: Any) -> bool:
        target = need_object(target, "Reflect.preventExtensions")
        return bool(shim.prevent_extensions(target))

    @sized(3)
    def set(target: Any, key: Any, value: Any, *receiver: Any) -> bool:
        need_object(target, "Reflect.set")
        key = _key(key)
        return ordinary_set(target, key, value, receiver[0] if receiver else target)

    def setPrototypeOf(target: Any, prototype: Any) -> bool:
        target = need_object(target, "Reflect.setPrototypeOf")
        if prototype is not shim.null and not is_object(prototype):
            raise TypeError(
                f"Object prototype may only be an Object or null: {show(prototype)}"
            )
        return bool(shim.set_prototype(target, prototype))


def _article(value: Any) -> str:
    kind = shim.typeof(value)
    if value is None or value is shim.null:
        return str(shim.to_string(value))
    return f"an {kind}" if kind == "object" else f"a {kind}"


def make_reflect() -> Any:
    """Makes the object Reflect."""
    made = shim.Object()
    statics(made, _Reflect)
    tag(made, "Reflect")
    return made
