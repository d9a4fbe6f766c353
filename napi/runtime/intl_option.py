"""Options of Intl's services (ECMA-402 9.2.12)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.error import RangeError

__all__ = ["choice"]


def choice(options: Any, name: str, values: tuple[str, ...], service: str) -> str:
    """GetOption: a text that is one of some.

    Args:
        options: The object.
        name: The property.
        values: What it may be; the first is meant where it is undefined.
        service: The class, for the message.

    Raises:
        napi.RangeError: It is something else.
    """
    found = shim.get(options, name)
    if found is None:
        return values[0]
    text = str(shim.to_string(found))
    if text not in values:
        raise RangeError(
            f"Value {text} out of range for Intl.{service} options property {name}"
        )
    return text
