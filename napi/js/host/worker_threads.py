"""``worker_threads``: this is the main thread, and there are no others."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._kit import absent, exports_of

__all__ = ["exports"]


class _Module:
    @staticmethod
    def getEnvironmentData(key: Any) -> Any:
        return None

    @staticmethod
    def setEnvironmentData(key: Any, value: Any = None) -> None:
        return None

    @staticmethod
    def markAsUntransferable(object: Any) -> None:
        return None

    @staticmethod
    def isMarkedAsUntransferable(object: Any) -> bool:
        return False


def exports() -> Any:
    """The module; ``Worker`` says that there is none."""
    made = exports_of(_Module)
    for name, value in (
        ("isMainThread", True),
        ("isInternalThread", False),
        ("parentPort", shim.null),
        ("workerData", shim.null),
        ("threadId", 0),
        ("threadName", ""),
        ("resourceLimits", shim.Object()),
        ("SHARE_ENV", shim.Symbol.for_("nodejs.worker_threads.SHARE_ENV")),
    ):
        shim.set(made, name, value)
    names = "Worker moveMessagePortToContext receiveMessageOnPort postMessageToThread"
    absent(
        made, "worker_threads", f"{names} MessageChannel MessagePort BroadcastChannel"
    )
    return made
