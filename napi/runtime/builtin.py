"""How the objects of globalThis are put together.

The members of a built-in are written as the functions of a class body, under their
JavaScript names (a trailing underscore is dropped, for ``for_`` and the like);
what needs ``this`` names it as its first parameter. JavaScript passes as many
arguments as it likes, so each function is trimmed to its own signature here.
"""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable, Iterator
from typing import Any

from napi._native import shim

__all__ = ["accessor", "constant", "hidden", "install", "lazy", "statics", "trim"]

_Callable = Callable[..., Any]


@functools.cache
def _limit(function: _Callable) -> tuple[int, int | None]:
    """How many positional arguments a function needs, and takes (None: any)."""
    needed, taken = 0, 0
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            return needed, None
        if parameter.kind in (
            inspect.Parameter.POSITIONAL_ONLY,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
        ):
            taken += 1
            needed += parameter.default is inspect.Parameter.empty
    return needed, taken


def trim(function: _Callable, name: str | None = None) -> _Callable:
    """Makes a function take any number of arguments, as JavaScript's do.

    Args:
        function: What the trimmed arguments go to; missing ones are undefined.
        name: Its JavaScript name; ``None`` for the function's own.
    """
    needed, taken = _limit(function)
    if taken is None and not needed:
        result = function
    else:

        def result(*arguments: Any) -> Any:
            if len(arguments) < needed:
                arguments += (None,) * (needed - len(arguments))
            return function(*arguments[:taken])

    result.__name__ = result.__qualname__ = name or function.__name__
    result.__doc__ = function.__doc__
    return result


def _members(source: type) -> Iterator[tuple[str, types.FunctionType]]:
    for name, member in vars(source).items():
        if isinstance(member, staticmethod):
            member = member.__func__
        if isinstance(member, types.FunctionType) and not name.startswith("_"):
            yield name.rstrip("_"), member


def install(target: Any, source: type) -> None:
    """Adds the functions of a class body that take ``this`` as methods.

    Args:
        target: A prototype object.
        source: The class; its functions get ``this`` as their first argument.
    """
    for name, member in _members(source):
        hidden(target, name, shim.method(trim(member, name)))


def statics(target: Any, source: type) -> None:
    """Adds the functions of a class body as functions that do not look at ``this``.

    Args:
        target: A constructor or a namespace object.
        source: The class.
    """
    for name, member in _members(source):
        hidden(target, name, trim(member, name))


def hidden(target: Any, key: Any, value: Any) -> None:
    """Defines a property as built-ins have them: writable, configurable, not listed.

    Args:
        target: The object.
        key: A ``str`` or a symbol.
        value: The value.
    """
    shim.define(
        target, key, value=value, writable=True, enumerable=False, configurable=True
    )


def constant(target: Any, key: Any, value: Any) -> None:
    """Defines a property that nothing can change (``Math.PI``).

    Args:
        target: The object.
        key: A ``str`` or a symbol.
        value: The value.
    """
    shim.define(
        target, key, value=value, writable=False, enumerable=False, configurable=False
    )


def accessor(
    target: Any, key: Any, get: _Callable, set: _Callable | None = None
) -> None:
    """Defines an accessor; getter and setter get ``this`` first.

    Args:
        target: The object.
        key: A ``str`` or a symbol.
        get: Called as ``get(this)``.
        set: Called as ``set(this, value)``; ``None`` for a read-only property.
    """
    shim.define(
        target,
        key,
        get=shim.method(get),
        set=None if set is None else shim.method(set),
        enumerable=False,
        configurable=True,
    )


def lazy(
    target: Any, key: Any, make: Callable[[], Any], *, listed: bool = False
) -> None:
    """Defines a property whose value is made when it is first read.

    Args:
        target: The object.
        key: A ``str`` or a symbol.
        make: Makes the value; once, unless the property is written before.
        listed: Whether the property is enumerable.
    """

    def settle(value: Any) -> None:
        shim.define(
            target,
            key,
            value=value,
            writable=True,
            enumerable=listed,
            configurable=True,
        )

    def get(*_: Any) -> Any:
        value = make()
        settle(value)
        return value

    def set_(value: Any = None, *_: Any) -> None:
        settle(value)

    shim.define(target, key, get=get, set=set_, enumerable=listed, configurable=True)
