"""Global names (ECMA-262, chapter 9.1.1.4): of scripts and of globalThis."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.error import ReferenceError, SyntaxError, TypeError
from napi.runtime.realm import kept

__all__ = [
    "begin_lexical",
    "declare_function",
    "declare_globals",
    "delete_global",
    "lexical",
    "set_global",
    "typeof_global",
]


def lexical() -> dict[str, list[Any]]:
    """What scripts have declared with let, const and class: a list of one value each.

    Each realm has its own.
    """
    found: dict[str, list[Any]] = kept("lexical", dict)
    return found


def declare_globals(
    names: tuple[str, ...],
    variables: tuple[str, ...],
    functions: tuple[str, ...],
    deletable: bool = False,
) -> None:
    """Begins a script (ECMA-262 16.1.7).

    Args:
        names: Its let, const and class declarations.
        variables: Its var declarations.
        functions: Its function declarations.
        deletable: Whether they are those of an eval.

    Raises:
        napi.SyntaxError: A name is taken.
        napi.TypeError: The global object refuses one.
    """
    world = shim.get_global()
    for name in names:
        found = shim.own_property(world, name)
        if name in lexical() or (found is not None and not found["configurable"]):
            raise SyntaxError(f"Identifier '{name}' has already been declared")
    for name in (*variables, *functions):
        if name in lexical():
            raise SyntaxError(f"Identifier '{name}' has already been declared")
    for name in (*variables, *functions):
        if not _is_possible(world, name, name in functions):
            raise TypeError(f"Cannot redefine property: {name}")
    for name in names:
        lexical()[name] = []
    for name in variables:
        if not shim.has_own(world, name):
            shim.define(
                world,
                name,
                value=None,
                writable=True,
                enumerable=True,
                configurable=deletable,
            )


def _is_possible(world: Any, name: str, is_function: bool) -> bool:
    """CanDeclareGlobalVar and CanDeclareGlobalFunction (ECMA-262 9.1.1.4)."""
    found = shim.own_property(world, name)
    if found is None:
        return bool(shim.is_extensible(world))
    if not is_function or found["configurable"]:
        return True
    return bool(found.get("writable") and found["enumerable"])


def declare_function(name: str, value: Any, deletable: bool = False) -> None:
    """Declares a function of a script, or of an eval: that can be deleted."""
    world = shim.get_global()
    found = shim.own_property(world, name)
    if found is None or found["configurable"]:
        shim.define(
            world,
            name,
            value=value,
            writable=True,
            enumerable=True,
            configurable=deletable,
        )
    else:
        shim.set(world, name, value)


class Constant(list[Any]):
    """The value of a const."""


def begin_lexical(name: str, value: Any, is_constant: bool = False) -> Any:
    """Gives a let, const or class its first value."""
    lexical()[name] = Constant((value,)) if is_constant else [value]
    return value


def set_global(name: str, value: Any, strict: bool) -> Any:
    """Assigns to a global name."""
    cell = lexical().get(name)
    if cell is not None:
        if not cell:
            raise ReferenceError(f"Cannot access '{name}' before initialization")
        if type(cell) is Constant:
            raise TypeError("Assignment to constant variable.")
        cell[0] = value
        return value
    world = shim.get_global()
    if strict and not shim.has(world, name):
        raise ReferenceError(f"{name} is not defined")
    if not shim.set(world, name, value) and strict:
        raise TypeError(
            f"Cannot assign to read only property '{name}' of object '#<Object>'"
        )
    return value


def typeof_global(name: str) -> str:
    """``typeof name``: a name that means nothing is undefined."""
    cell = lexical().get(name)
    if cell is not None:
        if not cell:
            raise ReferenceError(f"Cannot access '{name}' before initialization")
        return shim.typeof(cell[0])
    return str(shim.js_typeof(shim.get(shim.get_global(), name)))


def delete_global(name: str) -> bool:
    """``delete name`` of sloppy code."""
    if name in lexical():
        return False
    world = shim.get_global()
    return not shim.has(world, name) or bool(shim.delete(world, name))
