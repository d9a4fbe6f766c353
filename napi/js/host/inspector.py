"""``inspector``: no debugger is attached, and none can be."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._kit import absent, exports_of

__all__ = ["exports"]


class _Module:
    @staticmethod
    def url() -> None:
        return None

    @staticmethod
    def close() -> None:
        return None


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)
    shim.set(made, "console", shim.get(shim.get_global(), "console"))
    absent(made, "inspector", "open waitForDebugger Session Network")
    return made
