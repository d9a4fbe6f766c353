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
    from napi.js.host import _performance

    shim.set(made, "Performance", _performance.Performance)
    shim.set(made, "PerformanceEntry", _performance.Entry)
    shim.set(made, "PerformanceMark", _performance.Mark)
    shim.set(made, "PerformanceMeasure", _performance.Measure)
    shim.set(made, "PerformanceResourceTiming", _performance.Resource)
    names = "PerformanceObserver monitorEventLoopDelay createHistogram"
    absent(made, "perf_hooks", names)
    return made
