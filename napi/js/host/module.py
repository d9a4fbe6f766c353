"""``module``: the class Module."""

from __future__ import annotations

from typing import Any

from napi.js.module_commonjs import module_class

__all__ = ["exports"]


def exports() -> Any:
    """The module."""
    return module_class()
