"""Decorators for callables that go to addons or come from them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from napi._native import shim

__all__ = ["callback", "options"]

_F = TypeVar("_F", bound=Callable[..., Any])


def _most(function: Callable[..., Any]) -> int | None:
    """How many positional arguments a callable takes; None: any number."""
    count = 0
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            return None
        count += parameter.kind in (
            inspect.Parameter.POSITIONAL_ONLY,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
        )
    return count


def callback(function: _F) -> _F:
    """Makes a callable ignore the arguments it does not name, as JavaScript's do.

    Args:
        function: A Python callable to be passed to an addon.

    Returns:
        A callable that cuts the arguments off at ``function``'s signature.

    Raises:
        ValueError: The signature is not known (some built-in functions).
    """
    most = _most(function)
    if most is None:
        return function

    @functools.wraps(function)
    def trimmed(*arguments: Any) -> Any:
        return function(*arguments[:most])

    return trimmed  # type: ignore[return-value]


def options(function: Callable[..., Any], kwargs: str = "object") -> Callable[..., Any]:
    """Makes an addon's function take keyword arguments.

    Args:
        function: A function of an addon.
        kwargs: What they become; ``"object"``: one object after the other arguments.

    Returns:
        A callable that passes the keyword arguments on in this way.

    Raises:
        ValueError: ``kwargs`` is something else.
    """
    if kwargs != "object":
        raise ValueError(f"kwargs must be 'object', not {kwargs!r}")

    @functools.wraps(function)
    def with_options(*arguments: Any, **named: Any) -> Any:
        if not named:
            return function(*arguments)
        return function(*arguments, shim.Object(**named))

    return with_options
