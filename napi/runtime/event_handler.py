"""Event handler attributes (HTML 8.1.8.1): ``onabort``, ``onmessage`` and the like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.builtin import builtin, getter, setter
from napi.runtime.coerce import is_callable, is_object

__all__ = ["event_handlers"]

_Find = Callable[[Any], dict[str, Any]]


def _listen(handlers: dict[str, Any], target: Any, kind: str) -> None:
    """A handler keeps the place that the first one got among the listeners."""

    def call(this: Any, event: Any) -> Any:
        handler = handlers[kind]
        return shim.call(handler, this, event) if is_callable(handler) else None

    listener = builtin(call, f"on{kind}")
    shim.call(shim.get(target, "addEventListener"), target, kind, listener)


def _attribute(kind: str, find: _Find) -> tuple[Any, Any]:
    def read(this: Any) -> Any:
        return find(this).get(kind, shim.null)

    def write(this: Any, value: Any) -> None:
        handlers = find(this)
        listens = kind in handlers
        handlers[kind] = value if is_object(value) else shim.null
        if not listens:
            _listen(handlers, this, kind)

    read.__name__, write.__name__ = f"on{kind}", f"set_on{kind}"
    return getter(read), setter(write)


def event_handlers(find: _Find, *kinds: str) -> type:
    """A class body for ``install()``: an accessor ``on<kind>`` for each kind.

    Args:
        find: Answers the handlers of a receiver, by their kinds; it raises a
            TypeError where the receiver is none.
        kinds: The types of events.
    """
    members: dict[str, Any] = {}
    for kind in kinds:
        members[f"on{kind}"], members[f"set_on{kind}"] = _attribute(kind, find)
    return type("members", (), members)
