"""Classes at run time (ECMA-262, chapter 15.7.14)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.error import TypeError

__all__ = ["call_type", "class_fields", "is_result", "make_class", "super_call"]


def call_type(kind: Any, this: Any, arguments: tuple[Any, ...]) -> Any:
    """A call of a class or constructor without ``new``."""
    return shim.call(kind, this, *arguments)


def is_result(value: Any) -> bool:
    """Whether what a derived constructor returns replaces ``this``."""
    if value is None:
        return False
    from napi.js.runtime_operator import is_object

    if is_object(value):
        return True
    raise TypeError("Derived constructors may only return object or undefined")


def make_class(*_: Any) -> Any:
    """Makes a class."""
    raise NotImplementedError


def super_call(*_: Any) -> Any:
    """``super(...)``."""
    raise NotImplementedError


def class_fields(*_: Any) -> Any:
    """Fields."""
    raise NotImplementedError
