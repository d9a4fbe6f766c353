"""``process``: the object of globalThis."""

from __future__ import annotations

from typing import Any

from napi._native import shim

__all__ = ["exports"]


def exports() -> Any:
    """The module."""
    return shim.get(shim.get_global(), "process")
