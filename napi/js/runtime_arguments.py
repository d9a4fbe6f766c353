"""The arguments object, and parameters that are its elements (ECMA-262 10.4.4)."""

from __future__ import annotations

from typing import Any

from napi._native import shim

__all__ = [
    "Arguments",
    "make_arguments",
    "map_arguments",
    "mapped_get",
    "mapped_set",
]


class Arguments(shim.Object):
    """The arguments object (ECMA-262 10.4.4)."""

    __slots__ = ()
    __module__ = "napi"
    __napi_kind__ = "arguments"
    __napi_tag__ = "Arguments"


_HIDDEN = {"writable": True, "enumerable": False, "configurable": True}
_intrinsics: list[Any] = []


def make_arguments(given: tuple[Any, ...], callee: Any) -> Any:
    """The arguments object of a call.

    Args:
        given: The arguments.
        callee: The function, where it is sloppy.
    """
    if not _intrinsics:
        from napi.runtime.function import throw_type_error
        from napi.runtime.prototype import prototype_for

        values = shim.get(prototype_for("array"), "values")
        _intrinsics.extend((prototype_for("object"), values, throw_type_error()))
    prototype, values, thrower = _intrinsics
    made = Arguments((str(index), one) for index, one in enumerate(given))
    shim.set_prototype(made, prototype)
    shim.define(made, "length", value=len(given), **_HIDDEN)
    if callee is not None:
        shim.define(made, "callee", value=callee, **_HIDDEN)
    else:
        fixed = {"enumerable": False, "configurable": False}
        shim.define(made, "callee", get=thrower, set=thrower, **fixed)
    shim.define(made, shim.Symbol.iterator, value=values, **_HIDDEN)
    return made


_NONE = object()


class Mapped:
    """The parameters of a sloppy function whose arguments object follows them.

    A value is where the arguments object has it, as long as it is a plain property
    there; a parameter that it has let go of lives here.

    Args:
        target: The arguments object.
        given: The arguments.
        keys: The index of each parameter, as a key; None: an earlier one of its name.
    """

    __slots__ = ("keys", "target", "values")

    def __init__(
        self, target: Any, given: tuple[Any, ...], keys: tuple[str | None, ...]
    ) -> None:
        count = len(given)
        self.target = target
        self.values = [*given[: len(keys)], *(None,) * (len(keys) - count)]
        self.keys = [key if index < count else None for index, key in enumerate(keys)]

    def look(self, index: int, key: str) -> Any:
        """The value of an element that is not, or no longer, plain data."""
        found = shim.own_property(self.target, key)
        if found is not None and "value" in found:
            self.values[index] = found["value"]
            if found["writable"]:
                return found["value"]
        self.keys[index] = None
        return self.values[index]


def map_arguments(
    target: Any, given: tuple[Any, ...], keys: tuple[str | None, ...]
) -> Mapped:
    """Begins a call whose parameters are elements of its arguments object."""
    return Mapped(target, given, keys)


def mapped_get(mapped: Mapped, index: int) -> Any:
    """The value of such a parameter."""
    key = mapped.keys[index]
    if key is None:
        return mapped.values[index]
    value = dict.get(mapped.target, key, _NONE)
    if value is _NONE:
        return mapped.look(index, key)
    mapped.values[index] = value
    return value


def mapped_set(mapped: Mapped, index: int, value: Any) -> Any:
    """Assigns to such a parameter; the value."""
    key = mapped.keys[index]
    if key is not None:
        found = shim.own_property(mapped.target, key)
        if found is not None and found.get("writable"):
            shim.set(mapped.target, key, value)
        else:
            mapped.keys[index] = None
    mapped.values[index] = value
    return value
