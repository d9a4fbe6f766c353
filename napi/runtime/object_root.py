"""Object.prototype, the end of nearly every prototype chain (ECMA-262 20.1.3).

All built-ins inherit from it, also those that its methods need: they are imported
when a method is called.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from napi._native import shim
from napi.runtime.builtin import accessor, builtin, hidden, install, lazy

__all__ = ["make_object_prototype", "root"]

_made: list[Any] = []


def root() -> Any:
    """Object.prototype, filled or not."""
    if not _made:
        made = shim.Object()
        _made.append(made)
        shim.set_prototype(made, shim.null)
        _fill(made)
    return _made[0]


def make_object_prototype() -> Any:
    """Object.prototype, for the C half."""
    return root()


def _object() -> Any:
    return import_module("napi.runtime.object")


def _descriptor() -> Any:
    return import_module("napi.runtime.descriptor")


def _coerce() -> Any:
    return import_module("napi.runtime.coerce")


def _error(message: str) -> Any:
    from napi.runtime.error import TypeError

    return TypeError(message)


class _ObjectPrototype:
    """The methods of Object.prototype (ECMA-262 20.1.3)."""

    def __defineGetter__(this: Any, key: Any, getter: Any) -> None:
        _define_accessor(this, key, "get", getter)

    def __defineSetter__(this: Any, key: Any, setter: Any) -> None:
        _define_accessor(this, key, "set", setter)

    def hasOwnProperty(this: Any, key: Any) -> bool:
        if type(key) is str and isinstance(this, shim.Object):
            return bool(shim.has_own(this, key))
        key = _object()._key(key)
        return bool(shim.has_own(_object()._to_object(this), key))

    def __lookupGetter__(this: Any, key: Any) -> Any:
        return _look_up(this, key, "get")

    def __lookupSetter__(this: Any, key: Any) -> Any:
        return _look_up(this, key, "set")

    def isPrototypeOf(this: Any, value: Any) -> bool:
        if not _coerce().is_object(value):
            return False
        this = _object()._to_object(this)
        while value is not shim.null:
            value = shim.get_prototype(value)
            if value is this:
                return True
        return False

    def propertyIsEnumerable(this: Any, key: Any) -> bool:
        key = _object()._key(key)
        found = _descriptor().own(_object()._to_object(this), key)
        return found is not None and bool(found["enumerable"])

    def toString(this: Any) -> str:
        return f"[object {_object()._tag(this)}]"

    def valueOf(this: Any) -> Any:
        return _object()._to_object(this)

    def toLocaleString(this: Any) -> Any:
        return shim.call(_coerce().need_callable(shim.get(this, "toString")), this)


def _define_accessor(this: Any, key: Any, kind: str, function: Any) -> None:
    target = _object()._to_object(this)
    if not _coerce().is_callable(function):
        name = "__defineGetter__" if kind == "get" else "__defineSetter__"
        raise _error(f"Object.prototype.{name}: Expecting function")
    given = {kind: function, "enumerable": True, "configurable": True}
    _descriptor().define_or_throw(target, _object()._key(key), given)


def _look_up(this: Any, key: Any, kind: str) -> Any:
    target, key = _object()._to_object(this), _object()._key(key)
    while target is not shim.null:
        found = _descriptor().own(target, key)
        if found is not None:
            return found.get(kind)
        target = shim.get_prototype(target)
    return None


def _get_proto(this: Any) -> Any:
    return shim.get_prototype(_object()._to_object(this))


def _set_proto(this: Any, prototype: Any) -> None:
    if _coerce().is_nullish(this):
        raise _error("Object.prototype.__proto__ called on null or undefined")
    is_object = _coerce().is_object
    if is_object(this) and (prototype is shim.null or is_object(prototype)):
        _object()._set_prototype(this, prototype)


def _fill(made: Any) -> None:
    install(made, _ObjectPrototype)
    for name, member in vars(_ObjectPrototype).items():
        if name.startswith(("__define", "__lookup")):
            hidden(made, name, builtin(member, name))
    accessor(made, "__proto__", _get_proto, _set_proto)
    lazy(made, "constructor", lambda: shim.get(shim.get_global(), "Object"))
