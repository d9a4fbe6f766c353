"""``worker_threads``: threads that run JavaScript, and the ports between them.

Source: "Worker threads" of Node's manual.
"""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._broadcast import BroadcastChannel
from napi.js.host._kit import absent, exports_of, lazy
from napi.js.host._port import MessageChannel, MessagePort, receive

__all__ = ["exports"]


class _Module:
    @staticmethod
    def markAsUncloneable(object: Any) -> None:
        from napi.runtime.clone import mark

        mark(object, "uncloneable")

    @staticmethod
    def markAsUntransferable(object: Any) -> None:
        from napi.runtime.clone import mark

        mark(object, "untransferable")

    @staticmethod
    def isMarkedAsUntransferable(object: Any) -> bool:
        from napi.runtime.clone import is_marked

        return is_marked(object, "untransferable")

    @staticmethod
    def receiveMessageOnPort(port: Any) -> Any:
        return receive(port)

    @staticmethod
    def setEnvironmentData(key: Any, value: Any = None) -> None:
        from napi.js.worker import environment_data

        data = environment_data()
        shim.call(shim.get(data, "delete"), data, key)
        if value is not None:
            shim.call(shim.get(data, "set"), data, key, value)

    @staticmethod
    def getEnvironmentData(key: Any) -> Any:
        from napi.js.worker import environment_data

        data = environment_data()
        return shim.call(shim.get(data, "get"), data, key)


def exports() -> Any:
    """The module, as the thread that asks sees it."""
    from napi.js.host._worker import worker_class
    from napi.js.worker import current

    worker = current()
    made = shim.Object()
    for name, value in (
        ("isInternalThread", False),
        ("isMainThread", worker is None),
        ("MessagePort", MessagePort),
        ("MessageChannel", MessageChannel),
        ("BroadcastChannel", BroadcastChannel),
        ("resourceLimits", shim.Object()),
        ("threadId", 0 if worker is None else worker.number),
        ("threadName", "" if worker is None else worker.name),
        ("SHARE_ENV", shim.Symbol.for_("nodejs.worker_threads.SHARE_ENV")),
        ("parentPort", shim.null if worker is None else worker.open_port()),
        ("workerData", shim.null if worker is None else worker.open_data()),
    ):
        shim.set(made, name, value)
    exports_of(_Module, made)
    lazy(made, "Worker", worker_class)
    absent(made, "worker_threads", "moveMessagePortToContext postMessageToThread")
    return made
