"""Generators (ECMA-262, chapter 27.5) over generators of Python."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from napi._native import shim

__all__ = ["delegate", "make_generator_prototype", "start_generator"]

_GENERATOR, _ASYNC, _PRIMED = 16, 32, 256


class Return(BaseException):
    """Thrown into a generator by ``return(value)``."""


def start_generator(function: Any, generator: Any, flags: int) -> Any:
    """What a call of a generator or async function returns."""
    raise NotImplementedError


def make_generator_prototype(function: Any) -> Any:
    """The ``prototype`` of a generator function."""
    raise NotImplementedError


def delegate(value: Any) -> Generator[Any, Any, Any]:
    """``yield* value``."""
    raise NotImplementedError
    yield
