"""Property descriptors (ECMA-262, chapters 6.2.6 and 10.1.6)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.coerce import is_callable, is_object, same_value, show
from napi.runtime.error import TypeError

__all__ = ["FLAGS", "define", "define_or_throw", "describe", "is_compatible", "read"]

FLAGS = ("writable", "enumerable", "configurable")
_FIELDS = ("enumerable", "configurable", "value", "writable", "get", "set")


def own(target: Any, key: Any) -> dict[str, Any] | None:
    """An own property as a dict; what is made lazily is made."""
    found: dict[str, Any] | None = shim.own_property(target, key)
    if found is not None and getattr(found.get("get"), "__napi_lazy__", False):
        shim.get(target, key)
        return own(target, key)
    return found


def from_dict(found: dict[str, Any]) -> Any:
    """FromPropertyDescriptor (6.2.6.4): a new object."""
    result = shim.Object()
    names = ("value", "writable") if "value" in found else ("get", "set")
    for name in (*names, "enumerable", "configurable"):
        if name in found:
            shim.set(result, name, found[name])
    return result


def describe(target: Any, key: Any) -> Any:
    """The property descriptor of an own property.

    Args:
        target: The object.
        key: A property key of any kind.

    Returns:
        A new object, or ``None`` (undefined) where there is no such property.
    """
    found = own(target, key)
    return None if found is None else from_dict(found)


def read(descriptor: Any) -> dict[str, Any]:
    """ToPropertyDescriptor (6.2.6.5): the fields that are there.

    Raises:
        napi.TypeError: It is no object, or contradicts itself.
    """
    if not is_object(descriptor):
        raise TypeError(f"Property description must be an object: {show(descriptor)}")
    given: dict[str, Any] = {}
    for name in _FIELDS:
        if not shim.has(descriptor, name):
            continue
        value = shim.get(descriptor, name)
        if name in FLAGS:
            value = bool(shim.to_boolean(value))
        elif name in ("get", "set") and value is not None and not is_callable(value):
            kind = "Getter" if name == "get" else "Setter"
            raise TypeError(f"{kind} must be a function: {show(value)}")
        given[name] = value
    if ("get" in given or "set" in given) and ("value" in given or "writable" in given):
        raise TypeError(
            "Invalid property descriptor. Cannot both specify accessors and a "
            f"value or writable attribute, {show(descriptor)}"
        )
    return given


def define(target: Any, key: Any, given: dict[str, Any]) -> bool:
    """[[DefineOwnProperty]]: what is not given stays as it is."""
    if shim.is_proxy(target):
        from napi.runtime.proxy import proxy_define

        return proxy_define(target, key, given)
    known = shim.own_property(target, key)
    if known is not None and getattr(known.get("get"), "__napi_lazy__", False):
        shim.get(target, key)
        known = shim.own_property(target, key)
    if known is not None and not known["configurable"]:
        if not is_compatible(True, given, known):
            return False
        if not given:
            return True
    full = dict(given)
    is_accessor = "get" in given or "set" in given
    if is_accessor:
        if known is None or "get" not in known:
            full.setdefault("get", None)
            full.setdefault("set", None)
    elif known is None or (
        "get" in known and ("value" in given or "writable" in given)
    ):
        full.setdefault("value", None)
        full.setdefault("writable", False)
    if known is None:
        full.setdefault("enumerable", False)
        full.setdefault("configurable", False)
    return bool(shim.define(target, key, **full))


def define_or_throw(target: Any, key: Any, given: dict[str, Any]) -> None:
    """DefinePropertyOrThrow, with V8's texts."""
    if define(target, key, given):
        return
    shown = show(key)
    if shim.is_proxy(target):
        raise TypeError(
            f"'defineProperty' on proxy: trap returned falsish for property '{shown}'"
        )
    if shim.has_own(target, key):
        raise TypeError(f"Cannot redefine property: {shown}")
    raise TypeError(f"Cannot define property {shown}, object is not extensible")


def create_data(target: Any, key: Any, value: Any) -> None:
    """CreateDataPropertyOrThrow (7.3.7)."""
    define_or_throw(
        target,
        key,
        {"value": value, "writable": True, "enumerable": True, "configurable": True},
    )


def is_compatible(
    extensible: bool, given: dict[str, Any], known: dict[str, Any] | None
) -> bool:
    """IsCompatiblePropertyDescriptor (10.1.6.2).

    Args:
        extensible: Whether the object is.
        given: The fields of the new descriptor.
        known: The property that is there, all its fields; ``None``: none.
    """
    if known is None:
        return extensible
    if known["configurable"] or not given:
        return True
    if given.get("configurable") or (
        "enumerable" in given and given["enumerable"] != known["enumerable"]
    ):
        return False
    is_accessor = "get" in given or "set" in given
    is_data = "value" in given or "writable" in given
    if not is_accessor and not is_data:
        return True
    if is_accessor != ("get" in known):
        return False
    if is_accessor:
        return all(given.get(one, known[one]) is known[one] for one in ("get", "set"))
    if known["writable"]:
        return True
    return not given.get("writable") and (
        "value" not in given or same_value(given["value"], known["value"])
    )
