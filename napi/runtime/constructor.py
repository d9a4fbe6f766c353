"""Constructors of globalThis whose instances are not of a Python class of their own.

``globalThis.Object`` cannot be ``napi.Object`` itself: that is a dict, and its
``keys`` is Python's. So each of these constructors is a Python class of its own
that makes the right thing when called and has the statics JavaScript expects.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.builtin import _members, hidden, trim

__all__ = ["Constructor", "constructor"]


class Constructor(type):
    """The type of such constructors: ``isinstance`` asks as ``instanceof`` does."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return bool(shim.instanceof(instance, cls))


def constructor(
    name: str,
    make: Callable[..., Any],
    prototype: Any,
    members: type | None = None,
) -> Constructor:
    """Makes a constructor.

    Args:
        name: Its JavaScript name.
        make: Called with the arguments; what it returns is the new value.
        prototype: Its ``prototype``, which also learns its ``constructor``.
        members: A class body whose functions become the statics.
    """

    def new(cls: type, *arguments: Any) -> Any:
        return make(*arguments)

    namespace: dict[str, Any] = {
        "__new__": new,
        "__module__": "napi",
        "__slots__": (),
        "__doc__": f"JavaScript's {name}.",
        "prototype": prototype,
    }
    if members is not None:
        for key, member in _members(members):
            namespace[key] = staticmethod(trim(member, key))
    made = Constructor(name, (), namespace)
    hidden(prototype, "constructor", made)
    return made
