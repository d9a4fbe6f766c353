"""Strategies for arguments from declarations in TypeScript."""

from __future__ import annotations

from typing import Any

__all__ = ["read"]


def read(config: dict[str, Any]) -> dict[str, Any]:
    """By the title of an export, a strategy for its arguments."""
    return {}
