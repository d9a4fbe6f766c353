"""Proxy: its traps and their invariants (ECMA-262, chapters 10.5 and 28.2)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.builtin import builtin, hidden
from napi.runtime.coerce import is_callable, is_constructor, is_object, same_value, show
from napi.runtime.descriptor import define, is_compatible, own, read
from napi.runtime.error import TypeError

__all__ = [
    "make_proxy_constructor",
    "proxy_call",
    "proxy_close",
    "proxy_construct",
    "proxy_define",
    "proxy_define_full",
    "proxy_delete",
    "proxy_get",
    "proxy_get_prototype",
    "proxy_has",
    "proxy_is_extensible",
    "proxy_own",
    "proxy_own_keys",
    "proxy_set",
    "proxy_set_prototype",
]


def _trap(proxy: Any, name: str) -> tuple[Any, Any, Any]:
    """Target, handler and the trap (``None`` where the handler has none)."""
    handler = proxy.__handler__
    if handler is None:
        raise TypeError(f"Cannot perform '{name}' on a proxy that has been revoked")
    trap = shim.get(handler, name)
    if trap is shim.null:
        trap = None
    if trap is not None and not is_callable(trap):
        raise TypeError(
            f"'{show(trap)}' returned for property '{name}' of object "
            f"'{show(handler)}' is not a function"
        )
    return proxy.__target__, handler, trap


def proxy_get(proxy: Any, key: Any, receiver: Any) -> Any:
    """[[Get]] (10.5.8)."""
    target, handler, trap = _trap(proxy, "get")
    if trap is None:
        return shim.get(target, key, receiver)
    value = shim.call(trap, handler, target, key, receiver)
    found = own(target, key)
    if found is None or found["configurable"]:
        return value
    begin = f"'get' on proxy: property '{show(key)}' is a"
    if "value" in found:
        if not found["writable"] and not same_value(value, found["value"]):
            raise TypeError(
                f"{begin} read-only and non-configurable data property on the proxy "
                "target but the proxy did not return its actual value (expected "
                f"'{show(found['value'])}' but got '{show(value)}')"
            )
    elif found["get"] is None and value is not None:
        raise TypeError(
            f"{begin} non-configurable accessor property on the proxy target and does "
            "not have a getter function, but the trap did not return 'undefined' (got "
            f"'{show(value)}')"
        )
    return value


def proxy_set(proxy: Any, key: Any, value: Any, receiver: Any) -> bool:
    """[[Set]] (10.5.9)."""
    target, handler, trap = _trap(proxy, "set")
    if trap is None:
        from napi.runtime.reflect import ordinary_set

        return ordinary_set(target, key, value, receiver)
    if not shim.to_boolean(shim.call(trap, handler, target, key, value, receiver)):
        return False
    found = own(target, key)
    if found is None or found["configurable"]:
        return True
    begin = f"'set' on proxy: trap returned truish for property '{show(key)}' which"
    if "value" in found:
        if not found["writable"] and not same_value(value, found["value"]):
            raise TypeError(
                f"{begin} exists in the proxy target as a non-configurable and "
                "non-writable data property with a different value"
            )
    elif found["set"] is None:
        raise TypeError(
            f"{begin} exists in the proxy target as a non-configurable and "
            "non-writable accessor property without a setter"
        )
    return True


def proxy_has(proxy: Any, key: Any) -> bool:
    """[[HasProperty]] (10.5.7)."""
    target, handler, trap = _trap(proxy, "has")
    if trap is None:
        return bool(shim.has(target, key))
    if shim.to_boolean(shim.call(trap, handler, target, key)):
        return True
    found = own(target, key)
    if found is not None:
        begin = f"'has' on proxy: trap returned falsish for property '{show(key)}'"
        if not found["configurable"]:
            raise TypeError(
                f"{begin} which exists in the proxy target as non-configurable"
            )
        if not shim.is_extensible(target):
            raise TypeError(f"{begin} but the proxy target is not extensible")
    return False


def proxy_delete(proxy: Any, key: Any) -> bool:
    """[[Delete]] (10.5.10)."""
    target, handler, trap = _trap(proxy, "deleteProperty")
    if trap is None:
        return bool(shim.delete(target, key))
    if not shim.to_boolean(shim.call(trap, handler, target, key)):
        return False
    found = own(target, key)
    if found is not None:
        begin = "'deleteProperty' on proxy: trap returned truish for property "
        begin += f"'{show(key)}'"
        if not found["configurable"]:
            raise TypeError(f"{begin} which is non-configurable in the proxy target")
        if not shim.is_extensible(target):
            raise TypeError(f"{begin} but the proxy target is non-extensible")
    return True


def _own(proxy: Any, key: Any) -> dict[str, Any] | None:
    """[[GetOwnProperty]] (10.5.5)."""
    target, handler, trap = _trap(proxy, "getOwnPropertyDescriptor")
    if trap is None:
        return own(target, key)
    answer = shim.call(trap, handler, target, key)
    begin = "'getOwnPropertyDescriptor' on proxy: trap"
    shown = show(key)
    if answer is not None and not is_object(answer):
        raise TypeError(
            f"{begin} returned neither object nor undefined for property '{shown}'"
        )
    found = own(target, key)
    if answer is None:
        if found is None:
            return None
        if not found["configurable"]:
            raise TypeError(
                f"{begin} returned undefined for property '{shown}' which is "
                "non-configurable in the proxy target"
            )
        if not shim.is_extensible(target):
            raise TypeError(
                f"{begin} returned undefined for property '{shown}' which exists in "
                "the non-extensible proxy target"
            )
        return None
    extensible = bool(shim.is_extensible(target))
    return _completed(begin, shown, read(answer), found, extensible)


def _completed(
    begin: str,
    shown: str,
    given: dict[str, Any],
    found: dict[str, Any] | None,
    extensible: bool,
) -> dict[str, Any]:
    defaults: dict[str, Any] = (
        {"get": None, "set": None}
        if "get" in given or "set" in given
        else {"value": None, "writable": False}
    )
    full = {**defaults, "enumerable": False, "configurable": False, **given}
    if not is_compatible(extensible, full, found):
        raise TypeError(
            f"{begin} returned descriptor for property '{shown}' that is incompatible "
            "with the existing property in the proxy target"
        )
    if not full["configurable"] and (found is None or found["configurable"]):
        raise TypeError(
            f"{begin} reported non-configurability for property '{shown}' which is "
            "either non-existent or configurable in the proxy target"
        )
    fixed_ = not full["configurable"] and full.get("writable") is False
    if fixed_ and found is not None and found.get("writable"):
        raise TypeError(
            f"{begin} reported non-configurable and writable for property '{shown}' "
            "which is non-configurable, non-writable in the proxy target"
        )
    return full


def proxy_own(proxy: Any, key: Any) -> tuple[Any, ...] | None:
    """[[GetOwnProperty]] for the C half: is data, value, getter, setter, bits."""
    found = _own(proxy, key)
    if found is None:
        return None
    bits = (found.get("writable", False) and 1) | (found["enumerable"] and 2)
    bits |= found["configurable"] and 4
    is_data = "value" in found
    value = found.get("value")
    return is_data, value, found.get("get"), found.get("set"), int(bits)


def proxy_define(proxy: Any, key: Any, given: dict[str, Any]) -> bool:
    """[[DefineOwnProperty]] (10.5.6)."""
    target, handler, trap = _trap(proxy, "defineProperty")
    if trap is None:
        return define(target, key, given)
    if not shim.to_boolean(shim.call(trap, handler, target, key, from_dict_any(given))):
        return False
    found = own(target, key)
    begin = "'defineProperty' on proxy: trap returned truish for"
    shown = show(key)
    settled = given.get("configurable") is False
    if found is None:
        if not shim.is_extensible(target):
            raise TypeError(
                f"{begin} adding property '{shown}'  to the non-extensible proxy target"
            )
        if settled:
            raise TypeError(
                f"{begin} defining non-configurable property '{shown}' which is either "
                "non-existent or configurable in the proxy target"
            )
        return True
    if not is_compatible(bool(shim.is_extensible(target)), given, found):
        raise TypeError(
            f"{begin} adding property '{shown}'  that is incompatible with the "
            "existing property in the proxy target"
        )
    if settled and found["configurable"]:
        raise TypeError(
            f"{begin} defining non-configurable property '{shown}' which is either "
            "non-existent or configurable in the proxy target"
        )
    is_fixed = not found["configurable"] and found.get("writable")
    if is_fixed and given.get("writable") is False:
        raise TypeError(
            f"{begin} defining non-configurable property '{shown}' which cannot be "
            "non-writable"
        )
    return True


def from_dict_any(given: dict[str, Any]) -> Any:
    """FromPropertyDescriptor of fields that may be incomplete."""
    result = shim.Object()
    for name in ("value", "writable", "get", "set", "enumerable", "configurable"):
        if name in given:
            shim.set(result, name, given[name])
    return result


def proxy_define_full(proxy: Any, key: Any, property_: Any) -> bool:
    """[[DefineOwnProperty]] for the C half, with all fields."""
    given = {name: getattr(property_, name) for name in ("enumerable", "configurable")}
    if property_.get is not None or property_.set is not None:
        given |= {"get": property_.get, "set": property_.set}
    else:
        given |= {"value": property_.value, "writable": property_.writable}
    return proxy_define(proxy, key, given)


def proxy_own_keys(proxy: Any) -> list[Any]:
    """[[OwnPropertyKeys]] (10.5.11)."""
    target, handler, trap = _trap(proxy, "ownKeys")
    if trap is None:
        return list(shim.own_keys(target))
    answer = shim.call(trap, handler, target)
    if not is_object(answer):
        raise TypeError("CreateListFromArrayLike called on non-object")
    from napi.runtime.coerce import list_from

    keys = list_from(answer)
    for key in keys:
        if not isinstance(key, (str, shim.Symbol)):
            raise TypeError(f"{show(key)} is not a valid property name")
    if len(set(keys)) != len(keys):
        raise TypeError("'ownKeys' on proxy: trap returned duplicate entries")
    extensible = shim.is_extensible(target)
    rest = set(keys)
    for key in shim.own_keys(target):
        found = own(target, key)
        needed = not extensible or (found is not None and not found["configurable"])
        if needed and key not in rest:
            raise TypeError(
                f"'ownKeys' on proxy: trap result did not include '{show(key)}'"
            )
        if not extensible:
            rest.discard(key)
    if not extensible and rest:
        raise TypeError(
            "'ownKeys' on proxy: trap returned extra keys but proxy target is "
            "non-extensible"
        )
    return keys


def proxy_get_prototype(proxy: Any) -> Any:
    """[[GetPrototypeOf]] (10.5.1)."""
    target, handler, trap = _trap(proxy, "getPrototypeOf")
    if trap is None:
        return shim.get_prototype(target)
    answer = shim.call(trap, handler, target)
    if not is_object(answer) and answer is not shim.null:
        raise TypeError(
            "'getPrototypeOf' on proxy: trap returned neither object nor null"
        )
    if not shim.is_extensible(target) and answer is not shim.get_prototype(target):
        raise TypeError(
            "'getPrototypeOf' on proxy: proxy target is non-extensible but the trap "
            "did not return its actual prototype"
        )
    return answer


def proxy_set_prototype(proxy: Any, prototype: Any) -> bool:
    """[[SetPrototypeOf]] (10.5.2)."""
    target, handler, trap = _trap(proxy, "setPrototypeOf")
    if trap is None:
        return bool(shim.set_prototype(target, prototype))
    if not shim.to_boolean(shim.call(trap, handler, target, prototype)):
        return False
    if not shim.is_extensible(target) and prototype is not shim.get_prototype(target):
        raise TypeError(
            "'setPrototypeOf' on proxy: trap returned truish for setting a new "
            "prototype on the non-extensible proxy target"
        )
    return True


def proxy_is_extensible(proxy: Any) -> bool:
    """[[IsExtensible]] (10.5.3)."""
    target, handler, trap = _trap(proxy, "isExtensible")
    real = bool(shim.is_extensible(target))
    if trap is None:
        return real
    answer = bool(shim.to_boolean(shim.call(trap, handler, target)))
    if answer != real:
        raise TypeError(
            "'isExtensible' on proxy: trap result does not reflect extensibility of "
            f"proxy target (which is '{str(real).lower()}')"
        )
    return answer


def _prevent(proxy: Any) -> bool:
    """[[PreventExtensions]] (10.5.4)."""
    target, handler, trap = _trap(proxy, "preventExtensions")
    if trap is None:
        return bool(shim.prevent_extensions(target))
    if not shim.to_boolean(shim.call(trap, handler, target)):
        return False
    if shim.is_extensible(target):
        raise TypeError(
            "'preventExtensions' on proxy: trap returned truish but the proxy target "
            "is extensible"
        )
    return True


def proxy_close(proxy: Any, how: str) -> bool:
    """SetIntegrityLevel (7.3.15), or only preventing extensions."""
    if not _prevent(proxy):
        return False
    if how == "closed":
        return True
    for key in proxy_own_keys(proxy):
        given: dict[str, Any] = {"configurable": False}
        if how == "frozen":
            found = _own(proxy, key)
            if found is None:
                continue
            if "value" in found:
                given["writable"] = False
        if not proxy_define(proxy, key, given):
            raise TypeError(
                "'defineProperty' on proxy: trap returned falsish for property "
                f"'{show(key)}'"
            )
    return True


def proxy_call(proxy: Any, this: Any, arguments: tuple[Any, ...]) -> Any:
    """[[Call]] (10.5.12)."""
    target, handler, trap = _trap(proxy, "apply")
    if trap is None:
        return shim.call(target, this, *arguments)
    return shim.call(trap, handler, target, this, shim.Array(arguments))


def proxy_construct(proxy: Any, arguments: tuple[Any, ...], new_target: Any) -> Any:
    """[[Construct]] (10.5.13)."""
    if not is_constructor(proxy):
        raise TypeError(f"{show(proxy)} is not a constructor")
    target, handler, trap = _trap(proxy, "construct")
    if trap is None:
        return shim.construct(target, *arguments, new_target=new_target)
    made = shim.call(trap, handler, target, shim.Array(arguments), new_target)
    if not is_object(made):
        raise TypeError("proxy [[Construct]] must return an object")
    return made


def _make(target: Any, handler: Any) -> Any:
    if not is_object(target) or not is_object(handler):
        raise TypeError("Cannot create proxy with a non-object as target or handler")
    return shim.make_proxy(target, handler)


def make_proxy_constructor() -> Any:
    """Makes the constructor Proxy, which has no prototype."""

    def call(this: Any, target: Any, handler: Any) -> Any:
        raise TypeError("Constructor Proxy requires 'new'")

    def construct(new_target: Any, target: Any, handler: Any) -> Any:
        return _make(target, handler)

    def revocable(target: Any, handler: Any) -> Any:
        proxy = _make(target, handler)
        held = [proxy]

        def revoke() -> None:
            if held:
                shim.revoke_proxy(held.pop())

        return shim.Object(proxy=proxy, revoke=builtin(revoke, "", this=False))

    made = builtin(call, "Proxy", construct=construct)
    hidden(made, "revocable", builtin(revocable, this=False))
    return made
