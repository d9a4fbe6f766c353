"""``path/win32``."""

from __future__ import annotations

from typing import Any

from napi.js.host.path import _both

__all__ = ["exports"]


def exports() -> Any:
    """The module."""
    return _both()[1]
