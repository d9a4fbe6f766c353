"""The monotonic clock of events and of ``performance`` (High Resolution Time 4)."""

from __future__ import annotations

import time

__all__ = ["ORIGIN", "now"]

_START = time.perf_counter()
ORIGIN = time.time() * 1000  # milliseconds since 1970 UTC


def now() -> float:
    """Milliseconds since the time origin."""
    return (time.perf_counter() - _START) * 1000
