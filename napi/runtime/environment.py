"""The object process.env: texts by their names (Node.js, Process)."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import Any

from napi._native import shim
from napi.runtime.error import TypeError

__all__ = ["make_environment"]


def _need_text(value: Any) -> str:
    if shim.typeof(value) == "symbol":
        raise TypeError("Cannot convert a Symbol value to a string")
    text: str = shim.to_string(value)
    return text


def make_environment(values: MutableMapping[str, str] | None = None) -> Any:
    """A live view of a mapping.

    Args:
        values: The mapping; None: the process's own environment.
    """
    if values is None:
        values = os.environ
    held = values

    class Environment:
        __module__ = "napi"
        __slots__ = ()

        def __getattr__(self, name: str) -> str:
            try:
                return held[name]
            except KeyError:
                raise AttributeError(name) from None

        def __setattr__(self, name: str, value: Any) -> None:
            held[name] = _need_text(value)

        def __delattr__(self, name: str) -> None:
            held.pop(name, None)

        def __dir__(self) -> list[str]:
            return list(held)

        # The C half asks for this when it lists the properties of an object.
        @property
        def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
            return dict(held)

    return Environment()
