"""EventTargets that also have the methods of EventEmitter (Node.js, Events).

Source: "Class: NodeEventTarget" of Node's manual.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.builtin import hidden, install, sized
from napi.runtime.events import CustomEvent, EventTarget, dispatch, set_up

__all__ = ["node_target"]


class _Style:
    """A listener that is given the value of an event, and not the event."""

    def __init__(self, target: Any, callback: Any) -> None:
        self.target, self.callback = target, callback

    def __call__(self, event: Any = None, *_: Any) -> None:
        state = event.__event__
        value = state.get("fields", {}).get("data", event)  # of a MessageEvent
        if state.get("emitted"):
            value = state["detail"]
        shim.call(self.callback, self.target, value)


def _same(known: Any, callback: Any) -> bool:
    return known is callback or (
        isinstance(known, _Style) and known.callback is callback
    )


def _list(this: Any, kind: Any) -> list[Any]:
    return list(this.__listeners__.get(shim.to_string(kind), ()))


def _add(this: Any, kind: Any, callback: Any, once: bool) -> Any:
    base = shim.get(EventTarget, "prototype")
    if callable(callback):
        callback = _Style(this, callback)
    options = shim.Object()
    shim.set(options, "once", once)
    shim.call(shim.get(base, "addEventListener"), this, kind, callback, options)
    return this


def _remove(this: Any, kind: Any, callback: Any) -> None:
    name = shim.to_string(kind)
    for one in _list(this, name):
        if _same(one.callback, callback):
            one.removed = True
            this.__listeners__[name].remove(one)
            return


def _members(changed: Callable[[Any], None]) -> type:
    class Members:
        def setMaxListeners(this: Any, n: Any) -> None:
            shim.to_number(n)

        def getMaxListeners(this: Any) -> int:
            return 10

        def eventNames(this: Any) -> Any:
            found = this.__listeners__
            return shim.Array([name for name, listed in found.items() if listed])

        def listenerCount(this: Any, type: Any) -> int:
            return len(_list(this, type))

        def off(this: Any, type: Any, listener: Any, options: Any = None) -> Any:
            _remove(this, type, listener)
            changed(this)
            return this

        def on(this: Any, type: Any, listener: Any) -> Any:
            _add(this, type, listener, False)
            changed(this)
            return this

        def emit(this: Any, type: Any, *arg: Any) -> bool:
            name = shim.to_string(type)
            found = bool(_list(this, name))
            event = CustomEvent.__new__(CustomEvent)
            set_up(event, name, None)
            event.__event__.update(detail=arg[0] if arg else None, emitted=True)
            dispatch(this, event)
            changed(this)
            return found

        def once(this: Any, type: Any, listener: Any) -> Any:
            _add(this, type, listener, True)
            changed(this)
            return this

        @sized(0)
        def removeAllListeners(this: Any, *type: Any) -> Any:
            names = [shim.to_string(type[0])] if type else list(this.__listeners__)
            for name in names:
                for one in this.__listeners__.pop(name, ()):
                    one.removed = True
            changed(this)
            return this

        @sized(2)
        def addEventListener(this: Any, *given: Any) -> None:
            base = shim.get(EventTarget, "prototype")
            shim.call(shim.get(base, "addEventListener"), this, *given)
            changed(this)

        @sized(2)
        def removeEventListener(this: Any, *given: Any) -> None:
            base = shim.get(EventTarget, "prototype")
            shim.call(shim.get(base, "removeEventListener"), this, *given)
            if len(given) > 1:
                _remove(this, given[0], given[1])
            changed(this)

    return Members


def node_target(changed: Callable[[Any], None]) -> Any:
    """A prototype over that of EventTarget.

    Args:
        changed: Called with the target after listeners were added or taken away.
    """
    made = shim.create(shim.get(EventTarget, "prototype"))
    install(made, _members(changed), listed=True)
    for alias, name in (("addListener", "on"), ("removeListener", "off")):
        hidden(made, alias, shim.get(made, name))
    return made
