"""``assert/strict``: assert, whose loose checks are strict."""

from __future__ import annotations

from typing import Any

from napi.js.host._assert import assert_function

__all__ = ["exports"]


def exports() -> Any:
    """The module: the function assert, with the others as its properties."""
    return assert_function(strict=True)
