"""Environments whose names are known only at run time (ECMA-262, chapter 9.1)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.runtime_error import refuse_assignment, refuse_name
from napi.js.runtime_global import declare_function, declare_globals
from napi.js.runtime_operator import is_object
from napi.runtime.error import TypeError

__all__ = [
    "GLOBAL",
    "EvalVariables",
    "declare_eval_function",
    "declare_variables",
    "env_delete",
    "env_find",
    "env_get",
    "env_put",
    "env_this",
    "env_with",
    "new_variables",
]


class With:
    """The object of a ``with`` statement (ECMA-262 9.1.1.2).

    Args:
        target: The object.
    """

    __slots__ = ("target",)

    def __init__(self, target: Any) -> None:
        self.target = target

    def find(self, name: str) -> Any:
        """Itself, if it has the name and does not hide it."""
        if not shim.has(self.target, name):
            return None
        hidden = shim.get(self.target, shim.Symbol.unscopables)
        if is_object(hidden) and shim.js_truth(shim.get(hidden, name)):
            return None
        return self

    def get(self, name: str) -> Any:
        """The value of a name that was found."""
        return shim.get(self.target, name) if shim.has(self.target, name) else None

    def put(self, name: str, value: Any, strict: bool) -> None:
        """Assigns to a name that was found."""
        if not shim.has(self.target, name) and strict:
            refuse_name(name)
        if not shim.set(self.target, name, value) and strict:
            refuse_assignment(self.target, name)

    def delete(self, name: str) -> bool:
        """Deletes a name that was found."""
        return bool(shim.delete(self.target, name))


class EvalVariables(dict[str, Any]):
    """What the direct evals of one call have declared with var."""

    target = None

    def find(self, name: str) -> Any:
        """Itself, if it has the name."""
        return self if name in self else None

    def put(self, name: str, value: Any, strict: bool) -> None:
        """Assigns to a name that was found."""
        self[name] = value

    def delete(self, name: str) -> bool:
        """Deletes a name that was found."""
        del self[name]
        return True

    def declare(self, names: tuple[str, ...], functions: tuple[str, ...]) -> None:
        """Adds variables."""
        for name in names:
            self.setdefault(name)

    def declare_function(self, name: str, value: Any) -> None:
        """Gives a function that is declared to its variable."""
        self[name] = value


class _Global:
    """Where evals of the top of a script declare."""

    def find(self, name: str) -> None:
        """Names of the realm are found without it."""

    def declare(self, names: tuple[str, ...], functions: tuple[str, ...]) -> None:
        """Adds variables that can be deleted."""
        variables = tuple(name for name in names if name not in functions)
        declare_globals((), variables, functions, True)

    def declare_function(self, name: str, value: Any) -> None:
        """Gives a function that is declared to its variable."""
        declare_function(name, value, True)


GLOBAL = _Global()


def env_with(value: Any) -> With:
    """The environment of ``with (value)``."""
    if value is None or value is shim.null:
        raise TypeError("Cannot convert undefined or null to object")
    return With(value if is_object(value) else shim.to_object(value))


def new_variables() -> EvalVariables:
    """A place for what the evals of a call declare."""
    return EvalVariables()


def declare_variables(
    place: Any, names: tuple[str, ...], functions: tuple[str, ...]
) -> None:
    """Begins the text of a direct eval (ECMA-262 19.2.1.3)."""
    place.declare(names, functions)


def declare_eval_function(place: Any, name: str, value: Any) -> None:
    """Gives a function that the text declares to its variable."""
    place.declare_function(name, value)


def env_find(name: str, *environments: Any) -> Any:
    """The first environment that has a name, or None."""
    for one in environments:
        for each in one if type(one) is tuple else (one,):
            found = env_find(name, each) if type(each) is tuple else each.find(name)
            if found is not None:
                return found
    return None


def env_get(environment: Any, name: str) -> Any:
    """The value of a name that an environment has."""
    return environment.get(name)


def env_put(environment: Any, name: str, value: Any, strict: bool) -> Any:
    """Assigns to it; the value."""
    environment.put(name, value, strict)
    return value


def env_delete(environment: Any, name: str) -> bool:
    """``delete name``."""
    gone: bool = environment.delete(name)
    return gone


def env_this(environment: Any) -> Any:
    """The ``this`` of a function that was found there."""
    return None if environment is None else environment.target
