"""Event, CustomEvent and EventTarget (DOM, chapter 2)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.builtin import getter, install, setter, sized, tag
from napi.runtime.clock import now
from napi.runtime.coerce import is_callable, is_nullish, is_object
from napi.runtime.constructor import allocate, publish
from napi.runtime.error import Error, TypeError

__all__ = ["CustomEvent", "Event", "EventTarget", "dispatch"]


class Event(shim.Host):
    """JavaScript's ``Event``."""

    __module__ = "napi"
    __slots__ = ("__event__",)
    __event__: dict[str, Any]


class CustomEvent(Event):
    """JavaScript's ``CustomEvent``: an event with a ``detail``."""

    __module__ = "napi"
    __slots__ = ()


class EventTarget(shim.Host):
    """JavaScript's ``EventTarget``."""

    __module__ = "napi"
    __slots__ = ("__listeners__",)
    __listeners__: dict[str, list[_Listener]]

    def __new__(cls, *_: Any) -> EventTarget:
        """Makes one without listeners."""
        made = super().__new__(cls)
        made.__listeners__ = {}
        return made


class _Listener:
    __slots__ = ("callback", "capture", "once", "passive", "removed")

    def __init__(self, callback: Any, options: dict[str, Any]) -> None:
        self.callback = callback
        self.capture, self.once = options["capture"], options["once"]
        self.passive, self.removed = options["passive"], False


def coded(kind: Any, code: str, message: str) -> Any:
    """An error of Node: its class, its code and its message."""
    error = kind(message)
    error.code = code
    return error


def _invalid(name: str, expected: str, value: Any) -> Any:
    from napi.js.host._errors import invalid_type

    return invalid_type(name, expected, value)


def missing(*names: str) -> Any:
    """``ERR_MISSING_ARGS``."""
    shown = " and ".join(f'"{name}"' for name in names)
    verb = "arguments must be" if len(names) > 1 else "argument must be"
    return coded(TypeError, "ERR_MISSING_ARGS", f"The {shown} {verb} specified")


def _need(this: Any, cls: Any = Event) -> Any:
    if not isinstance(this, cls):
        raise coded(
            TypeError,
            "ERR_INVALID_THIS",
            f'Value of "this" must be of type {cls.__name__}',
        )
    return this


def _flag(options: Any, name: str) -> bool:
    return bool(shim.to_boolean(shim.get(options, name)))


def set_up(event: Any, kind: str, options: Any) -> None:
    """What the constructor of an event does."""
    if not is_nullish(options) and not is_object(options):
        raise _invalid("options", "object", options)
    given = shim.Object() if is_nullish(options) else options
    event.__event__ = {
        "type": kind,
        "bubbles": _flag(given, "bubbles"),
        "cancelable": _flag(given, "cancelable"),
        "composed": _flag(given, "composed"),
        "detail": shim.null,
        "target": shim.null,
        "current": shim.null,
        "phase": 0,
        "stopped": False,
        "ended": False,
        "prevented": False,
        "passive": False,
        "dispatched": False,
        "trusted": False,
        "time": now(),
    }


class _EventPrototype:
    @sized(1)
    def initEvent(
        this: Any, kind: Any = None, bubbles: Any = None, cancelable: Any = None
    ) -> None:
        state = _need(this).__event__
        if not state["dispatched"]:
            state["type"] = shim.to_string(kind)
            state["bubbles"] = bool(shim.to_boolean(bubbles))
            state["cancelable"] = bool(shim.to_boolean(cancelable))

    def stopImmediatePropagation(this: Any) -> None:
        state = _need(this).__event__
        state["stopped"] = state["ended"] = True

    def preventDefault(this: Any) -> None:
        state = _need(this).__event__
        if state["cancelable"] and not state["passive"]:
            state["prevented"] = True

    @getter
    def target(this: Any) -> Any:
        return _need(this).__event__["target"]

    @getter
    def currentTarget(this: Any) -> Any:
        return _need(this).__event__["current"]

    @getter
    def srcElement(this: Any) -> Any:
        return _need(this).__event__["target"]

    @getter
    def type(this: Any) -> Any:
        return _need(this).__event__["type"]

    @getter
    def cancelable(this: Any) -> Any:
        return _need(this).__event__["cancelable"]

    @getter
    def defaultPrevented(this: Any) -> bool:
        state = _need(this).__event__
        return bool(state["cancelable"] and state["prevented"])

    @getter
    def timeStamp(this: Any) -> Any:
        return _need(this).__event__["time"]

    def composedPath(this: Any) -> Any:
        state = _need(this).__event__
        return shim.Array((state["current"],) if state["phase"] else ())

    @getter
    def returnValue(this: Any) -> bool:
        state = _need(this).__event__
        return not (state["cancelable"] and state["prevented"])

    @setter
    def set_returnValue(this: Any, value: Any) -> None:
        if not shim.to_boolean(value):
            _EventPrototype.preventDefault(this)

    @getter
    def bubbles(this: Any) -> Any:
        return _need(this).__event__["bubbles"]

    @getter
    def composed(this: Any) -> Any:
        return _need(this).__event__["composed"]

    @getter
    def eventPhase(this: Any) -> int:
        return int(_need(this).__event__["phase"])

    @getter
    def cancelBubble(this: Any) -> Any:
        return _need(this).__event__["stopped"]

    @setter
    def set_cancelBubble(this: Any, value: Any) -> None:
        if shim.to_boolean(value):
            _need(this).__event__["stopped"] = True

    def stopPropagation(this: Any) -> None:
        _need(this).__event__["stopped"] = True


def _is_trusted(this: Any) -> Any:
    return _need(this).__event__["trusted"]


class _CustomPrototype:
    @getter
    def detail(this: Any) -> Any:
        return _need(this, CustomEvent).__event__["detail"]


def _options(given: Any) -> dict[str, Any]:
    if not (is_nullish(given) or isinstance(given, bool) or is_object(given)):
        raise _invalid("options", "object", given)
    if is_nullish(given) or isinstance(given, bool):
        return {
            "once": False,
            "passive": False,
            "capture": bool(given is True),
            "signal": None,
        }
    signal = shim.get(given, "signal")
    return {
        "once": _flag(given, "once"),
        "capture": _flag(given, "capture"),
        "passive": _flag(given, "passive"),
        "signal": signal,
    }


class _TargetPrototype:
    @sized(2)
    def addEventListener(this: Any, *given: Any) -> None:
        target = _need(this, EventTarget)
        if len(given) < 2:
            raise missing("type", "listener")
        kind, callback = shim.to_string(given[0]), given[1]
        options = _options(given[2] if len(given) > 2 else None)
        if is_nullish(callback):
            return
        if not is_object(callback):
            raise _invalid("listener", "EventListener", callback)
        signal = options["signal"]
        if signal is not None and shim.to_boolean(shim.get(signal, "aborted")):
            return
        listeners = target.__listeners__.setdefault(kind, [])
        for one in listeners:
            if one.callback is callback and one.capture == options["capture"]:
                return
        listener = _Listener(callback, options)
        listeners.append(listener)
        if signal is not None:
            _TargetPrototype.addEventListener(
                signal, "abort", lambda *_: _drop(target, kind, listener)
            )

    @sized(2)
    def removeEventListener(this: Any, *given: Any) -> None:
        target = _need(this, EventTarget)
        if len(given) < 2:
            raise missing("type", "listener")
        kind = shim.to_string(given[0])
        capture = _options(given[2] if len(given) > 2 else None)["capture"]
        for one in list(target.__listeners__.get(kind, ())):
            if one.callback is given[1] and one.capture == capture:
                _drop(target, kind, one)

    def dispatchEvent(this: Any, event: Any) -> bool:
        target = _need(this, EventTarget)
        if not isinstance(event, Event):
            raise _invalid("event", "Event", event)
        if event.__event__["phase"]:
            raise coded(
                Error,
                "ERR_EVENT_RECURSION",
                f'The event "{event.__event__["type"]}" is already being dispatched',
            )
        dispatch(target, event)
        return not _EventPrototype.defaultPrevented(event)


def _drop(target: Any, kind: str, listener: _Listener) -> None:
    listener.removed = True
    listeners = target.__listeners__.get(kind, [])
    if listener in listeners:
        listeners.remove(listener)


def dispatch(target: Any, event: Any) -> None:
    """Runs the listeners of an event; what one throws is an uncaught exception."""
    state = event.__event__
    state["target"] = state["current"] = target
    state["phase"], state["dispatched"] = 2, True
    for listener in list(target.__listeners__.get(state["type"], ())):
        if listener.removed:
            continue
        if listener.once:
            _drop(target, state["type"], listener)
        state["passive"] = listener.passive
        try:
            _run(listener.callback, target, event)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            _report(error)
        if state["ended"]:
            break
    state["phase"], state["current"], state["passive"] = 0, target, False


def _run(callback: Any, target: Any, event: Any) -> None:
    if is_callable(callback):
        shim.call(callback, target, event)
    else:
        shim.call(shim.get(callback, "handleEvent"), callback, event)


def _report(error: BaseException) -> None:
    def throw() -> None:
        raise error

    shim.queue_tick(throw)


def _publish() -> None:
    prototype = shim.Object()
    install(prototype, _EventPrototype, listed=True)
    tag(prototype, "Event")

    def construct(new_target: Any, *given: Any) -> Any:
        if not given:
            raise missing("type")
        made = allocate(Event, new_target)
        set_up(made, shim.to_string(given[0]), given[1] if len(given) > 1 else None)
        return made

    publish(Event, length=1, construct=construct, prototype=prototype, is_class=True)
    _own_trusted(prototype)
    phases = ("NONE", "CAPTURING_PHASE", "AT_TARGET", "BUBBLING_PHASE")
    for number, name in enumerate(phases):
        shim.define(
            Event,
            name,
            value=number,
            writable=False,
            enumerable=True,
            configurable=False,
        )
    custom = shim.create(prototype)
    install(custom, _CustomPrototype, listed=True)
    tag(custom, "CustomEvent")

    def construct_custom(new_target: Any, *given: Any) -> Any:
        if not given:
            raise missing("type")
        options = given[1] if len(given) > 1 else None
        made = allocate(CustomEvent, new_target)
        set_up(made, shim.to_string(given[0]), options)
        detail = None if is_nullish(options) else shim.get(options, "detail")
        made.__event__["detail"] = shim.null if detail is None else detail
        return made

    publish(
        CustomEvent,
        length=1,
        construct=construct_custom,
        prototype=custom,
        is_class=True,
    )
    targets = shim.Object()
    install(targets, _TargetPrototype, listed=True)
    tag(targets, "EventTarget")

    def construct_target(new_target: Any) -> Any:
        return allocate(EventTarget, new_target)

    publish(EventTarget, construct=construct_target, prototype=targets, is_class=True)


def _own_trusted(made: Any) -> None:
    from napi.runtime.builtin import builtin

    shim.define(
        made,
        "isTrusted",
        get=builtin(_is_trusted, "get isTrusted"),
        set=None,
        enumerable=True,
        configurable=False,
    )


_publish()
