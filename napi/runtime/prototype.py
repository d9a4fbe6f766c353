"""The prototype objects of what is not an instance of a Python class of ours.

A native string, number, list, callable or promise finds its JavaScript methods
here; each prototype is made and filled when it is first needed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from napi._native import shim
from napi.runtime.builtin import constant, lazy

__all__ = ["made_prototypes", "make_prototypes", "prototype_for"]

made_prototypes: dict[str, Any] = {}
"""By kind; the shim looks here first."""

# The constructors that the prototypes name, where that is not their fillers' work.
_CONSTRUCTORS = {
    "string": "String",
    "number": "Number",
    "boolean": "Boolean",
    "bigint": "BigInt",
    "symbol": "Symbol",
    "array": "Array",
    "function": "Function",
    "promise": "Promise",
}
# kind -> (file, function that fills the prototype)
_FILLERS = {
    "string": ("string", "add_string_methods"),
    "number": ("number", "add_number_methods"),
    "boolean": ("boolean", "add_boolean_methods"),
    "bigint": ("bigint", "add_bigint_methods"),
    "symbol": ("boolean", "add_symbol_methods"),
    "array": ("array_static", "add_array_methods"),
    "function": ("function", "add_function_methods"),
    "iterator": ("iterator", "add_iterator_methods"),
    "promise": ("promise_static", "add_promise_methods"),
    "arraybuffer": ("arraybuffer", "add_arraybuffer_methods"),
    "sharedarraybuffer": ("arraybuffer", "add_sharedarraybuffer_methods"),
    "typedarray": ("typed", "add_typedarray_methods"),
    "generator": ("napi.js.runtime_generator", "add_generator_methods"),
    "generatorfunction": (
        "napi.js.runtime_generator",
        "add_generator_function_methods",
    ),
    "asyncfunction": ("napi.js.runtime_generator", "add_async_function_methods"),
    "asyncgeneratorfunction": (
        "napi.js.runtime_generator",
        "add_async_generator_function_methods",
    ),
    "asynciterator": ("napi.js.runtime_async", "add_async_iterator_methods"),
    "asyncgenerator": ("napi.js.runtime_async", "add_async_generator_methods"),
    "dataview": ("dataview", "add_dataview_methods"),
}


def _filler(kind: str) -> Callable[[Any], None]:
    module, name = _FILLERS[kind]
    path = module if "." in module else f"napi.runtime.{module}"
    found: Callable[[Any], None] = getattr(import_module(path), name)
    return found


def prototype_for(kind: str) -> Any:
    """The prototype of all values of a kind; always the same object.

    Args:
        kind: ``string``, ``number``, ``boolean``, ``bigint``, ``symbol``, ``array``,
            ``function``, ``object``, ``error``, ``promise``, ``arraybuffer``,
            ``sharedarraybuffer``, ``dataview``, ``typedarray`` (of all of them), or
            ``typedarray:Uint8Array``, ``typedarray:Buffer`` and so on.

    Raises:
        KeyError: There is no such kind.
    """
    found = made_prototypes.get(kind)
    if found is not None:
        return found
    if kind == "object":
        return shim.get_prototype(shim.Object())
    if kind == "error":
        from napi.runtime.error import Error

        return shim.get(Error, "prototype")
    made = _make(kind)
    # Remembered before it is filled: fillers look prototypes up themselves.
    made_prototypes[kind] = made
    if type(made) is not shim.Object:  # else it would be its own prototype
        shim.set_prototype(made, shim.get_prototype(shim.Object()))
    try:
        _fill(made, kind)
    except BaseException:
        del made_prototypes[kind]  # else it would stay half filled
        raise
    return made


def make_prototypes() -> None:
    """Makes the prototypes of all kinds, and of all iterators."""
    from napi.runtime.jsiterator import kind_of

    for kind in _FILLERS:
        prototype_for(kind)
    for name in ("Array", "Map", "Set", "String", "RegExp String", "URLSearchParams"):
        kind_of(f"{name} Iterator")


def _make(kind: str) -> Any:
    """An empty prototype; some are values of their kind themselves."""
    if kind == "function":
        from napi.runtime.function import make_function_prototype

        return make_function_prototype()
    if kind == "array":
        return shim.Array()
    if kind in _BOXED:
        from napi.runtime.box import Box

        made = Box()
        made.primitive = _BOXED[kind]
        if kind == "string":
            constant(made, "length", 0)
        return made
    return shim.Object()


_BOXED: dict[str, Any] = {"string": "", "number": 0, "boolean": False}


def _fill(made: Any, kind: str) -> None:
    if kind.startswith("typedarray:"):
        from napi.runtime.typed import fill_typed

        fill_typed(made, kind.partition(":")[2])
        return
    _filler(kind)(made)
    name = _CONSTRUCTORS.get(kind)
    if name is not None:
        lazy(made, "constructor", lambda: shim.get(shim.get_global(), name))
