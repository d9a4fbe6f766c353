"""Boolean and Symbol (ECMA-262, chapters 20.3 and 20.4)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.box import Box, primitive_of
from napi.runtime.builtin import accessor, builtin, constant, fixed, install, tag
from napi.runtime.coerce import show
from napi.runtime.constructor import adopt, constructor
from napi.runtime.error import TypeError

__all__ = [
    "WELL_KNOWN",
    "add_boolean_methods",
    "add_symbol_methods",
    "make_boolean",
    "make_symbol",
]


class _BooleanPrototype:
    def toString(this: Any) -> str:
        value = primitive_of(this, "boolean", "Boolean.prototype.toString")
        return "true" if value else "false"

    def valueOf(this: Any) -> Any:
        return primitive_of(this, "boolean", "Boolean.prototype.valueOf")


def add_boolean_methods(prototype: Any) -> None:
    """Fills Boolean.prototype (ECMA-262 20.3.3)."""
    install(prototype, _BooleanPrototype)


def make_boolean(prototype: Any) -> Any:
    """Makes the constructor Boolean."""

    def call(this: Any, value: Any) -> Any:
        return shim.to_boolean(value)

    def construct(new_target: Any, value: Any) -> Any:
        return adopt(Box.of(shim.to_boolean(value)), new_target, made)

    made = constructor("Boolean", prototype, construct, call=call)
    return made


WELL_KNOWN = (
    "asyncIterator",
    "hasInstance",
    "isConcatSpreadable",
    "iterator",
    "match",
    "matchAll",
    "replace",
    "search",
    "species",
    "split",
    "toPrimitive",
    "toStringTag",
    "unscopables",
    "dispose",
    "asyncDispose",
)


def _description(this: Any) -> Any:
    return primitive_of(this, "symbol", "Symbol.prototype.description").description


def _to_primitive(this: Any, hint: Any) -> Any:
    return primitive_of(this, "symbol", "Symbol.prototype [ @@toPrimitive ]")


class _SymbolPrototype:
    def toString(this: Any) -> str:
        return show(primitive_of(this, "symbol", "Symbol.prototype.toString"))

    def valueOf(this: Any) -> Any:
        return primitive_of(this, "symbol", "Symbol.prototype.valueOf")


def add_symbol_methods(prototype: Any) -> None:
    """Fills Symbol.prototype (ECMA-262 20.4.3)."""
    install(prototype, _SymbolPrototype)
    accessor(prototype, "description", _description)
    convert = builtin(_to_primitive, "[Symbol.toPrimitive]")
    fixed(prototype, shim.Symbol.toPrimitive, convert)
    tag(prototype, "Symbol")


class _Symbol:
    def for_(key: Any) -> Any:
        return shim.Symbol.for_(shim.to_string(key))

    def keyFor(symbol: Any) -> Any:
        if shim.typeof(symbol) != "symbol":
            raise TypeError(f"{show(symbol)} is not a symbol")
        description = symbol.description
        if description is None or shim.Symbol.for_(description) is not symbol:
            return None
        return description


def make_symbol(prototype: Any) -> Any:
    """Makes the function Symbol."""

    def call(this: Any, description: Any = None) -> Any:
        if description is None:
            return shim.Symbol()
        return shim.Symbol(shim.to_string(description))

    def construct(new_target: Any, *_: Any) -> Any:
        raise TypeError("Symbol is not a constructor")

    made = constructor(
        "Symbol", prototype, construct, call=call, members=_Symbol, length=0
    )
    for name in WELL_KNOWN:
        constant(made, name, getattr(shim.Symbol, name))
    return made
