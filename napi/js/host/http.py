"""``http``, which this host does not have."""

from __future__ import annotations

from typing import Any

from napi.js.host._closed import closed

__all__ = ["exports"]


def exports() -> Any:
    """The module: its members say that they are missing."""
    return closed("http")
