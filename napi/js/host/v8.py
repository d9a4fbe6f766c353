"""``v8``: what of the engine's figures this host can answer."""

from __future__ import annotations

import gc
from typing import Any

from napi._native import shim
from napi.js.host._kit import absent, exports_of, make

__all__ = ["exports"]

_NAMES = (
    "total_heap_size total_heap_size_executable total_physical_size "
    "total_available_size used_heap_size heap_size_limit malloced_memory "
    "peak_malloced_memory does_zap_garbage number_of_native_contexts "
    "number_of_detached_contexts total_global_handles_size "
    "used_global_handles_size external_memory"
)


class _Module:
    @staticmethod
    def getHeapStatistics() -> Any:
        from napi.runtime.process_info import resident

        size = resident()
        made = make(**dict.fromkeys(_NAMES.split(), 0))
        for name in ("total_heap_size", "total_physical_size", "used_heap_size"):
            shim.set(made, name, size)
        shim.set(made, "heap_size_limit", 2**42)
        shim.set(made, "number_of_native_contexts", 1)
        return made

    @staticmethod
    def getHeapSpaceStatistics() -> Any:
        return shim.Array()

    @staticmethod
    def cachedDataVersionTag() -> int:
        return 0

    @staticmethod
    def setFlagsFromString(flags: Any) -> None:
        if str(flags).replace("_", "-").lstrip("-") == "expose-gc":
            expose_gc()


def expose_gc() -> None:
    """Defines the global function ``gc``."""
    from napi.js.host._kit import function
    from napi.runtime.builtin import hidden

    def collect(options: Any = None) -> Any:
        gc.collect()
        shim.run_basic_finalizers()
        if (
            shim.typeof(options) == "object"
            and shim.get(options, "execution") == "async"
        ):
            from napi.js.host._kit import resolved

            return resolved()
        return None

    hidden(shim.get_global(), "gc", function(collect, "gc"))


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)
    names = "serialize deserialize Serializer Deserializer writeHeapSnapshot"
    absent(made, "v8", f"{names} getHeapSnapshot takeCoverage stopCoverage")
    return made
