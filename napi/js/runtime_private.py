"""Private members, super and delete (ECMA-262, chapters 7.3.28, 13.3.7, 13.5.1)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.runtime_error import refuse_assignment, refuse_get, refuse_put, show_key
from napi.runtime.error import TypeError

__all__ = [
    "delete",
    "get_private",
    "has_private",
    "set_private",
    "super_get",
    "super_put",
]


def delete(target: Any, key: Any, strict: bool) -> bool:
    """``delete target[key]``."""
    if target is None or target is shim.null:
        raise TypeError("Cannot convert undefined or null to object")
    done = bool(shim.delete(target, key))
    if not done and strict and shim.is_proxy(target):
        raise TypeError(
            "'deleteProperty' on proxy: trap returned falsish for property "
            f"'{show_key(key)}'"
        )
    if not done and strict:
        raise TypeError(f"Cannot delete property '{show_key(key)}' of {_show(target)}")
    return done


def _show(target: Any) -> str:
    return "[object Array]" if isinstance(target, list) else "#<Object>"


def get_private(target: Any, name: Any) -> Any:
    """``target.#name``."""
    return name.get(target)


def set_private(target: Any, name: Any, value: Any) -> Any:
    """``target.#name = value``."""
    name.set(target, value)
    return value


def has_private(target: Any, name: Any) -> bool:
    """``#name in target``."""
    return bool(name.has(target))


def _home(function: Any) -> Any:
    info = shim.js_info(function)
    home = None if info is None else info[2]
    return shim.get_prototype(home) if home is not None else None


def super_get(function: Any, this: Any, key: Any) -> Any:
    """``super[key]``."""
    parent = _home(function)
    if parent is None or parent is shim.null:
        refuse_get(shim.null, key)
    return shim.get(parent, key, this)


def super_put(function: Any, this: Any, key: Any, value: Any) -> Any:
    """``super[key] = value``: a setter of the parent, else a property of ``this``."""
    holder = _home(function)
    if holder is None or holder is shim.null:
        refuse_put(shim.null, key)
    while holder is not None and holder is not shim.null:
        found = shim.own_property(holder, key)
        if found is not None:
            if "value" not in found:
                if found["set"] is None:
                    refuse_assignment(this, key)
                shim.call(found["set"], this, value)
                return value
            break
        holder = shim.get_prototype(holder)
    if not shim.set(this, key, value):
        refuse_assignment(this, key)
    return value
