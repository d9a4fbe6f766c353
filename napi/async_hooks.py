"""Observes the asynchronous operations of addons, as Node's module async_hooks.

Source: "Custom asynchronous operations" of the Node-API manual.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim

__all__ = ["AsyncHook", "create_hook", "execution_async_id", "trigger_async_id"]

_enabled: list[AsyncHook] = []


def _tell(
    moment: str, async_id: float, kind: str, trigger: float, resource: Any
) -> None:
    for hook in tuple(_enabled):
        callback = hook._callbacks.get(moment)
        if callback is None:
            continue
        if moment == "init":
            callback(int(async_id), kind, int(trigger), resource)
        else:
            callback(int(async_id))


class AsyncHook:
    """Callbacks that are told of async works, threadsafe functions and contexts."""

    def __init__(self, callbacks: dict[str, Callable[..., Any] | None]) -> None:
        self._callbacks = callbacks

    def enable(self) -> AsyncHook:
        """Begins to call the callbacks; returns the hook."""
        if self not in _enabled:
            _enabled.append(self)
        shim.set_async_hook(_tell)
        return self

    def disable(self) -> AsyncHook:
        """Ends it; returns the hook."""
        if self in _enabled:
            _enabled.remove(self)
        if not _enabled:
            shim.set_async_hook(None)
        return self


def create_hook(
    *,
    init: Callable[[int, str, int, Any], Any] | None = None,
    before: Callable[[int], Any] | None = None,
    after: Callable[[int], Any] | None = None,
    destroy: Callable[[int], Any] | None = None,
) -> AsyncHook:
    """Makes a hook; it is idle until it is enabled.

    Args:
        init: Called with async id, type, trigger id and resource as an operation
            is made.
        before: Called with the async id before a callback of the operation.
        after: Called with the async id after it.
        destroy: Called with the async id when the operation is gone.
    """
    return AsyncHook(
        {"init": init, "before": before, "after": after, "destroy": destroy}
    )


def execution_async_id() -> int:
    """The id of the operation whose callback runs; 0: none."""
    return int(shim.async_ids()[0])


def trigger_async_id() -> int:
    """The id of the operation that made the running one; 0: none."""
    return int(shim.async_ids()[1])
