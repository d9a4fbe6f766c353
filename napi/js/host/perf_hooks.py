"""``perf_hooks``: the clock of globalThis, and histograms' absence."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._kit import absent, exports_of, make

__all__ = ["exports"]


class _Module:
    @staticmethod
    def eventLoopUtilization(*_: Any) -> Any:
        return make(idle=0, active=0, utilization=0)


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)
    shim.set(made, "performance", shim.get(shim.get_global(), "performance"))
    shim.set(made, "constants", make(NODE_PERFORMANCE_GC_MAJOR=4))
    names = "PerformanceObserver PerformanceEntry monitorEventLoopDelay createHistogram"
    absent(made, "perf_hooks", names)
    return made
