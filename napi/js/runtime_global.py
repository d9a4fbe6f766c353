"""Global names (ECMA-262, chapter 9.1.1.4): of scripts and of globalThis."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.error import ReferenceError, SyntaxError, TypeError
from napi.runtime.realm import kept

__all__ = [
    "Globals",
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


def _is_possible(world: Any, name: str, is_function: bool) -> bool:
    """CanDeclareGlobalVar and CanDeclareGlobalFunction (ECMA-262 9.1.1.4)."""
    found = shim.own_property(world, name)
    if found is None:
        return bool(shim.is_extensible(world))
    if not is_function or found["configurable"]:
        return True
    return bool(found.get("writable") and found["enumerable"])


class Constant(list[Any]):
    """The value of a const."""


class Globals:
    """The global scope of scripts: an object, and what let, const and class declare.

    That of the realm; other global scopes answer ``target`` and ``cells`` otherwise.
    """

    @property
    def target(self) -> Any:
        """The object."""
        return shim.get_global()

    @property
    def cells(self) -> dict[str, list[Any]]:
        """The other names."""
        return lexical()

    def declare_globals(
        self,
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
        world, cells = self.target, self.cells
        for name in names:
            found = shim.own_property(world, name)
            if name in cells or (found is not None and not found["configurable"]):
                raise SyntaxError(f"Identifier '{name}' has already been declared")
        for name in (*variables, *functions):
            if name in cells:
                raise SyntaxError(f"Identifier '{name}' has already been declared")
        for name in (*variables, *functions):
            if not _is_possible(world, name, name in functions):
                raise TypeError(f"Cannot redefine property: {name}")
        for name in names:
            cells[name] = []
        for name in (*functions, *variables):
            if not shim.has_own(world, name):
                self.define(name, None, deletable)

    def define(self, name: str, value: Any, deletable: bool) -> None:
        """A new property of the global object."""
        shim.define(
            self.target,
            name,
            value=value,
            writable=True,
            enumerable=True,
            configurable=deletable,
        )

    def declare_function(self, name: str, value: Any, deletable: bool = False) -> None:
        """Declares a function of a script, or of an eval: that can be deleted."""
        found = shim.own_property(self.target, name)
        if found is None or found["configurable"]:
            self.define(name, value, deletable)
        else:
            shim.set(self.target, name, value)

    def begin_lexical(self, name: str, value: Any, is_constant: bool = False) -> Any:
        """Gives a let, const or class its first value."""
        self.cells[name] = Constant((value,)) if is_constant else [value]
        return value

    def has(self, name: str) -> bool:
        """Whether the object has a name."""
        return bool(shim.has(self.target, name))

    def value_of(self, name: str) -> Any:
        """The value that the object has for a name, or undefined."""
        return shim.get(self.target, name)

    def set_global(self, name: str, value: Any, strict: bool) -> Any:
        """Assigns to a global name."""
        cell = self.cells.get(name)
        if cell is not None:
            if not cell:
                raise ReferenceError(f"Cannot access '{name}' before initialization")
            if type(cell) is Constant:
                raise TypeError("Assignment to constant variable.")
            cell[0] = value
            return value
        if strict and not self.has(name):
            raise ReferenceError(f"{name} is not defined")
        if not shim.set(self.target, name, value) and strict:
            raise TypeError(
                f"Cannot assign to read only property '{name}' of object '#<Object>'"
            )
        return value

    def typeof_global(self, name: str) -> str:
        """``typeof name``: a name that means nothing is undefined."""
        cell = self.cells.get(name)
        if cell is not None:
            if not cell:
                raise ReferenceError(f"Cannot access '{name}' before initialization")
            return shim.typeof(cell[0])
        return str(shim.js_typeof(self.value_of(name)))

    def delete_global(self, name: str) -> bool:
        """``delete name`` of sloppy code."""
        if name in self.cells:
            return False
        return not self.has(name) or bool(shim.delete(self.target, name))


_realm = Globals()
declare_globals = _realm.declare_globals
declare_function = _realm.declare_function
begin_lexical = _realm.begin_lexical
set_global = _realm.set_global
typeof_global = _realm.typeof_global
delete_global = _realm.delete_global
