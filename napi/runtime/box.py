"""Wrapper objects of primitives: what ToObject makes (ECMA-262 7.1.18)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.builtin import constant
from napi.runtime.prototype import prototype_for

__all__ = ["Box", "make_box", "primitive_of"]

_KINDS = ("string", "number", "boolean", "bigint", "symbol")


class Box(shim.Object):
    """A String, Number, Boolean, BigInt or Symbol object.

    Attributes:
        primitive: The value inside.
    """

    __module__ = "napi"
    __slots__ = ("primitive",)

    primitive: Any

    @staticmethod
    def of(value: Any) -> Any:
        """The wrapper object of a primitive, with the default prototype."""
        return make_box(value)

    def __repr__(self) -> str:
        kind = str(shim.typeof(self.primitive))
        name = "BigInt" if kind == "bigint" else kind.title()
        return f"[{name}: {self.primitive!r}]"


def primitive_of(this: Any, kind: str, what: str) -> Any:
    """The primitive that a method works on.

    Args:
        this: A primitive or its wrapper object.
        kind: What ``typeof`` says of it.
        what: The method's name, for the error.

    Raises:
        napi.TypeError: It is neither.
    """
    if isinstance(this, Box):
        this = this.primitive
    if shim.typeof(this) != kind:
        from napi.runtime.error import TypeError

        name = "BigInt" if kind == "bigint" else kind.title()
        raise TypeError(f"{what} requires that 'this' be a {name}")
    return this


def make_box(value: Any) -> Any:
    """Makes the wrapper object of a primitive.

    Args:
        value: A string, number, boolean, bigint or symbol.

    Returns:
        A new object; ``value`` itself if it is an object already.
    """
    kind = shim.typeof(value)
    if kind not in _KINDS:
        return value
    made = Box()
    made.primitive = value
    shim.set_prototype(made, prototype_for(kind))
    if kind == "string":
        _add_characters(made, value)
    return made


def _add_characters(made: Any, text: str) -> None:
    from napi.runtime.string import units

    parts = units(text)
    for index, part in enumerate(parts):
        shim.define(
            made,
            str(index),
            value=part,
            writable=False,
            enumerable=True,
            configurable=False,
        )
    constant(made, "length", len(parts))
