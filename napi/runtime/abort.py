"""AbortController and AbortSignal (DOM, chapter 3)."""

from __future__ import annotations

import weakref
from typing import Any

from napi._native import shim
from napi.runtime.builtin import getter, install, statics, tag
from napi.runtime.constructor import allocate, publish
from napi.runtime.domexception import DOMException
from napi.runtime.error import Thrown, TypeError
from napi.runtime.event_handler import event_handlers
from napi.runtime.events import Event, EventTarget, coded, dispatch, set_up
from napi.runtime.iterate import iterate

__all__ = ["AbortController", "AbortSignal", "abort"]


class AbortSignal(EventTarget):
    """JavaScript's ``AbortSignal``."""

    __module__ = "napi"
    __slots__ = ("__abort__",)
    __abort__: dict[str, Any]


class AbortController(shim.Host):
    """JavaScript's ``AbortController``."""

    __module__ = "napi"
    __slots__ = ("__signal__",)
    __signal__: Any


def _signal() -> Any:
    made = AbortSignal.__new__(AbortSignal)
    made.__abort__ = {
        "aborted": False,
        "reason": None,
        "handlers": {},
        "dependants": [],
    }
    return made


def _need(this: Any, cls: Any) -> Any:
    if not isinstance(this, cls):
        raise coded(
            TypeError,
            "ERR_INVALID_THIS",
            f'Value of "this" must be of type {cls.__name__}',
        )
    return this


def _error(message: str, name: str) -> Any:
    return shim.construct(DOMException, message, name)


def abort(signal: Any, reason: Any) -> None:
    """Signals an abort; once.

    Args:
        signal: The signal.
        reason: Why; undefined: an ``AbortError``.
    """
    state = signal.__abort__
    if state["aborted"]:
        return
    state["aborted"] = True
    state["reason"] = (
        _error("This operation was aborted", "AbortError") if reason is None else reason
    )
    event = Event.__new__(Event)
    set_up(event, "abort", None)
    event.__event__["trusted"] = True
    dispatch(signal, event)
    for reference in state["dependants"]:
        dependant = reference()
        if dependant is not None:
            abort(dependant, state["reason"])


def _raise(reason: Any) -> Any:
    raise reason if isinstance(reason, BaseException) else Thrown(reason)


def _handlers(this: Any) -> dict[str, Any]:
    return _need(this, AbortSignal).__abort__["handlers"]  # type: ignore[no-any-return]


class _SignalPrototype:
    @getter
    def aborted(this: Any) -> bool:
        return bool(_need(this, AbortSignal).__abort__["aborted"])


class _SignalHidden:
    """What Node has not made enumerable."""

    @getter
    def reason(this: Any) -> Any:
        return _need(this, AbortSignal).__abort__["reason"]

    def throwIfAborted(this: Any) -> None:
        state = _need(this, AbortSignal).__abort__
        if state["aborted"]:
            _raise(state["reason"])


class _SignalStatics:
    def abort(reason: Any = None) -> Any:
        made = _signal()
        state = made.__abort__
        state["aborted"] = True
        state["reason"] = (
            _error("This operation was aborted", "AbortError")
            if reason is None
            else reason
        )
        return made

    def timeout(delay: Any) -> Any:
        from napi.runtime.timers import set_timeout

        made = _signal()
        reason = _error("The operation was aborted due to timeout", "TimeoutError")
        timer = set_timeout(lambda *_: abort(made, reason), shim.to_number(delay))
        unref = getattr(timer, "unref", None)
        if callable(unref):
            unref()
        return made

    def any(signals: Any) -> Any:
        made, sources = _signal(), list(iterate(signals))
        for source in sources:
            if _need(source, AbortSignal).__abort__["aborted"]:
                made.__abort__["aborted"] = True
                made.__abort__["reason"] = source.__abort__["reason"]
                return made
        for source in sources:
            source.__abort__["dependants"].append(weakref.ref(made))
            made.__abort__.setdefault("sources", []).append(source)
        return made


class _ControllerPrototype:
    @getter
    def signal(this: Any) -> Any:
        return _need(this, AbortController).__signal__

    def abort(this: Any, reason: Any = None) -> None:
        abort(_need(this, AbortController).__signal__, reason)


def _publish() -> None:
    prototype = shim.create(EventTarget.prototype)  # type: ignore[attr-defined]
    install(prototype, _SignalPrototype, listed=True)
    handlers = event_handlers(_handlers, "abort")
    install(prototype, handlers, listed=True)
    install(prototype, _SignalHidden)
    tag(prototype, "AbortSignal")

    def refuse(new_target: Any, *_: Any) -> Any:
        raise coded(TypeError, "ERR_ILLEGAL_CONSTRUCTOR", "Illegal constructor")

    publish(AbortSignal, construct=refuse, prototype=prototype, is_class=True)
    statics(AbortSignal, _SignalStatics)
    controllers = shim.Object()
    install(controllers, _ControllerPrototype, listed=True)
    tag(controllers, "AbortController")

    def construct(new_target: Any) -> Any:
        made = allocate(AbortController, new_target)
        made.__signal__ = _signal()
        return made

    publish(AbortController, construct=construct, prototype=controllers, is_class=True)


_publish()
