"""EventEmitter: its state is in properties of the emitter, as in Node."""

from __future__ import annotations

import math
from typing import Any

from napi._native import shim
from napi.js.host._errors import (
    invalid_type,
    need_boolean,
    node_error,
    out_of_range,
)
from napi.js.host._kit import function, is_object, klass, option
from napi.runtime.realm import kept

__all__ = ["emit", "emitter_class", "listeners_of", "on", "once", "remove"]

CAPTURE = shim.Symbol("kCapture")
SHAPE = shim.Symbol("shapeMode")
ERROR_MONITOR = shim.Symbol("events.errorMonitor")
REJECTION = shim.Symbol.for_("nodejs.rejection")
_DEFAULTS = {"maxListeners": 10, "captureRejections": False}


def _own_events(this: Any) -> Any:
    """The table of listeners; a new one where the emitter has only inherited one."""
    events = shim.get(this, "_events")
    if not is_object(events) or events is shim.get(shim.get_prototype(this), "_events"):
        events = shim.create(shim.null)
        shim.set(this, "_events", events)
        shim.set(this, "_eventsCount", 0)
    return events


def init(this: Any, options: Any = None) -> None:
    """The constructor of EventEmitter."""
    _own_events(this)
    if "domain" in shim.slots():
        from napi.js.host.domain import adopt

        adopt(this)
    if shim.get(this, "_maxListeners") is None:
        shim.set(this, "_maxListeners", None)
    if not shim.has_own(this, SHAPE):
        shim.set(this, SHAPE, False)
    wanted = option(options, "captureRejections", settings()["captureRejections"])
    capture = shim.to_boolean(wanted)
    shim.set(this, CAPTURE, capture)


def listeners_of(this: Any, event: Any) -> list[Any]:
    """The listeners of an event, wrappers of ``once`` among them."""
    events = shim.get(this, "_events")
    found = shim.get(events, event) if is_object(events) else None
    if found is None:
        return []
    return list(found) if isinstance(found, list) else [found]


def _unwrapped(listener: Any) -> Any:
    inner = shim.get(listener, "listener")
    return listener if inner is None else inner


def _count(this: Any, change: int) -> None:
    shim.set(this, "_eventsCount", int(shim.get(this, "_eventsCount") or 0) + change)


def _need_listener(listener: Any) -> None:
    if not callable(listener):
        raise invalid_type("listener", "function", listener)


def _limit_of(this: Any) -> float:
    own = shim.get(this, "_maxListeners")
    limit: float = settings()["maxListeners"] if own is None else own
    return limit


def on(this: Any, event: Any, listener: Any, first: bool = False) -> Any:
    """Adds a listener, at the end or the front."""
    _need_listener(listener)
    events = _own_events(this)
    if shim.get(events, "newListener") is not None:
        emit(this, "newListener", event, _unwrapped(listener))
        events = shim.get(this, "_events")
    known = shim.get(events, event)
    if known is None:
        shim.set(events, event, listener)
        _count(this, 1)
        return this
    if not isinstance(known, list):
        known = shim.Array([known])
        shim.set(events, event, known)
    known.insert(0, listener) if first else known.append(listener)
    _warn_of_leak(this, event, known)
    return this


def _warn_of_leak(this: Any, event: Any, known: Any) -> None:
    limit = _limit_of(this)
    if limit <= 0 or len(known) <= limit or shim.get(known, "warned"):
        return
    shim.set(known, "warned", True)
    from napi.js.inspect import inspect
    from napi.runtime.error import Error

    shown = event if isinstance(event, str) else f"Symbol({event.description or ''})"
    maker = shim.get(shim.get(this, "constructor"), "name")
    text = (
        f"Possible EventEmitter memory leak detected. {len(known)} {shown} listeners "
        f"added to [{maker or inspect(this)}]. MaxListeners is "
        f"{shim.to_string(limit)}. Use emitter.setMaxListeners() to increase limit"
    )
    warning = Error(text)
    warning.name = "MaxListenersExceededWarning"
    for key, value in (("emitter", this), ("type", event), ("count", len(known))):
        shim.set(warning, key, value)
    process = shim.get(shim.get_global(), "process")
    shim.call(shim.get(process, "emitWarning"), process, warning)


def _once_wrapper(this: Any, event: Any, listener: Any) -> Any:
    fired = False

    def wrapper(*arguments: Any) -> Any:
        nonlocal fired
        if fired:
            return None
        fired = True
        remove(this, event, wrapped)
        return shim.call(listener, this, *arguments)

    wrapped = function(wrapper, "bound onceWrapper")
    shim.set(wrapped, "listener", listener)
    return wrapped


def once(this: Any, event: Any, listener: Any, first: bool = False) -> Any:
    """Adds a listener for one time."""
    _need_listener(listener)
    return on(this, event, _once_wrapper(this, event, listener), first)


def remove(this: Any, event: Any, listener: Any) -> Any:
    """Takes the newest addition of a listener away."""
    _need_listener(listener)
    events = shim.get(this, "_events")
    known = shim.get(events, event) if is_object(events) else None
    if known is None:
        return this
    if not isinstance(known, list):
        if known is not listener and shim.get(known, "listener") is not listener:
            return this
        shim.delete(events, event)
        _count(this, -1)
    else:
        index = len(known) - 1
        while index >= 0 and not (
            known[index] is listener or shim.get(known[index], "listener") is listener
        ):
            index -= 1
        if index < 0:
            return this
        # Somebody may be calling the listeners of the old list.
        rest = shim.Array([*known[:index], *known[index + 1 :]])
        if not rest:
            shim.delete(events, event)
            _count(this, -1)
        else:
            shim.set(events, event, rest[0] if len(rest) == 1 else rest)
    if shim.get(events, "removeListener") is not None:
        emit(this, "removeListener", event, listener)
    return this


def _raise_unhandled(this: Any, arguments: tuple[Any, ...]) -> None:
    from napi.js.inspect import inspect

    error = arguments[0] if arguments else None
    if "domain" in shim.slots():
        from napi.js.host.domain import take_emitted

        if take_emitted(this, error):
            return
    if isinstance(error, BaseException):
        raise error
    try:
        shown = inspect(error)
    except Exception:
        shown = shim.to_string(error)
    raise node_error(
        "Error", "ERR_UNHANDLED_ERROR", f"Unhandled error. ({shown})", context=error
    )


def _watch(this: Any, result: Any, event: Any, arguments: tuple[Any, ...]) -> None:
    """An emitter with captureRejections: a rejection becomes an ``error``."""
    then = shim.get(result, "then") if is_object(result) else None
    if not callable(then):
        return

    def failed(error: Any = None, *_: Any) -> None:
        handler = shim.get(this, REJECTION)
        if callable(handler):
            shim.call(handler, this, error, event, *arguments)
        else:
            shim.set(this, CAPTURE, False)
            try:
                emit(this, "error", error)
            finally:
                shim.set(this, CAPTURE, True)

    def later(error: Any = None, *_: Any) -> None:
        shim.queue_tick(lambda: failed(error))

    shim.call(then, result, None, later)


def emit(this: Any, event: Any, *arguments: Any) -> bool:
    """Calls the listeners of an event; whether there were any.

    Raises:
        BaseException: The event is ``error`` and nobody listens: the error.
    """
    events = shim.get(this, "_events")
    if event == "error":
        if is_object(events) and shim.get(events, ERROR_MONITOR) is not None:
            emit(this, ERROR_MONITOR, *arguments)
        if not is_object(events) or shim.get(events, "error") is None:
            _raise_unhandled(this, arguments)
    found = shim.get(events, event) if is_object(events) else None
    if found is None:
        return False
    capture = shim.get(this, CAPTURE) is True
    for listener in list(found) if isinstance(found, list) else [found]:
        result = shim.call(listener, this, *arguments)
        if capture and result is not None:
            _watch(this, result, event, arguments)
    return True


class _Members:
    def setMaxListeners(this: Any, n: Any) -> Any:
        _need_limit(n, "setMaxListeners")
        shim.set(this, "_maxListeners", n)
        return this

    def getMaxListeners(this: Any) -> float:
        return _limit_of(this)

    def emit(this: Any, type: Any, *args: Any) -> bool:
        return emit(this, type, *args)

    def addListener(this: Any, type: Any, listener: Any) -> Any:
        return on(this, type, listener)

    def prependListener(this: Any, type: Any, listener: Any) -> Any:
        return on(this, type, listener, True)

    def once(this: Any, type: Any, listener: Any) -> Any:
        _need_listener(listener)
        wrapped = _once_wrapper(this, type, listener)
        return shim.call(shim.get(this, "on"), this, type, wrapped)

    def prependOnceListener(this: Any, type: Any, listener: Any) -> Any:
        return once(this, type, listener, True)

    def removeListener(this: Any, type: Any, listener: Any) -> Any:
        return remove(this, type, listener)

    def removeAllListeners(this: Any, *types: Any) -> Any:
        return remove_all(this, *types)

    def listeners(this: Any, type: Any) -> Any:
        return shim.Array([_unwrapped(one) for one in listeners_of(this, type)])

    def rawListeners(this: Any, type: Any) -> Any:
        return shim.Array(listeners_of(this, type))

    def listenerCount(this: Any, type: Any, listener: Any = None) -> int:
        found = listeners_of(this, type)
        if listener is not None:
            found = [one for one in found if _unwrapped(one) is listener]
        return len(found)

    def eventNames(this: Any) -> Any:
        events = shim.get(this, "_events")
        return shim.Array(shim.own_keys(events, True) if is_object(events) else [])


def remove_all(this: Any, *types: Any) -> Any:
    """Takes all listeners away, of one event or of all."""
    events = shim.get(this, "_events")
    if not is_object(events):
        return this
    names = list(types[:1]) or shim.own_keys(events, True)
    if shim.get(events, "removeListener") is not None:
        names = [name for name in names if name != "removeListener"]
        for name in names:
            for listener in reversed(listeners_of(this, name)):
                remove(this, name, listener)
        if not types:
            remove_all(this, "removeListener")
        return this
    for name in names:
        if shim.get(events, name) is not None:
            shim.delete(events, name)
            _count(this, -1)
    if not types:
        shim.set(this, "_events", shim.create(shim.null))
        shim.set(this, "_eventsCount", 0)
    return this


def _need_limit(value: Any, name: str) -> None:
    if shim.typeof(value) != "number":
        raise invalid_type(name, "number", value)
    if not value >= 0 or math.isnan(value):
        raise out_of_range(name, "a non-negative number", value)


def emitter_class() -> Any:
    """The constructor EventEmitter of this realm."""
    return kept("events.EventEmitter", _make)


def _make() -> Any:
    from napi.runtime.builtin import accessor

    made = klass("EventEmitter", init, _Members, call=True, length=1)
    prototype = shim.get(made, "prototype")
    shim.set(prototype, "_events", None)
    shim.set(prototype, "_eventsCount", 0)
    shim.set(prototype, "_maxListeners", None)
    for alias, name in (("on", "addListener"), ("off", "removeListener")):
        shim.set(prototype, alias, shim.get(prototype, name))

    def get_default(_: Any) -> Any:
        return settings()["maxListeners"]

    def set_default(_: Any, value: Any = None) -> None:
        _need_limit(value, "defaultMaxListeners")
        settings()["maxListeners"] = value

    def get_captures(_: Any) -> Any:
        return settings()["captureRejections"]

    def set_captures(_: Any, value: Any = None) -> None:
        settings()["captureRejections"] = need_boolean(
            value, "EventEmitter.captureRejections"
        )

    for name, get, set_ in (
        ("captureRejections", get_captures, set_captures),
        ("defaultMaxListeners", get_default, set_default),
    ):
        accessor(made, name, get, set_)
        shim.define(made, name, enumerable=True)
    return made


def new_emitter() -> Any:
    """A new EventEmitter."""
    return shim.construct(emitter_class())


def settings() -> dict[str, Any]:
    """What holds for all emitters of this realm."""
    found: dict[str, Any] = kept("events", _DEFAULTS.copy)
    return found
