"""MessageEvent: what a port gives to its listeners (HTML, chapter 9.1)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.builtin import getter, install, tag
from napi.runtime.coerce import is_nullish
from napi.runtime.constructor import allocate, publish
from napi.runtime.error import TypeError
from napi.runtime.events import Event, coded, set_up
from napi.runtime.iterate import iterate

__all__ = ["MessageEvent", "message_event"]

_NULL = ("data", "source")


class MessageEvent(Event):
    """JavaScript's ``MessageEvent``: an event with ``data`` and ``ports``."""

    __module__ = "napi"
    __slots__ = ()


def _state(this: Any) -> dict[str, Any]:
    if not isinstance(this, MessageEvent):
        raise coded(
            TypeError,
            "ERR_INVALID_THIS",
            'Value of "this" must be of type MessageEvent',
        )
    return this.__event__


class _Prototype:
    @getter
    def data(this: Any) -> Any:
        return _state(this)["data"]

    @getter
    def origin(this: Any) -> Any:
        return _state(this)["origin"]

    @getter
    def lastEventId(this: Any) -> Any:
        return _state(this)["lastEventId"]

    @getter
    def source(this: Any) -> Any:
        return _state(this)["source"]

    @getter
    def ports(this: Any) -> Any:
        return _state(this)["ports"]


def _fill(made: Any, options: Any) -> None:
    given = shim.Object() if is_nullish(options) else options
    for name in _NULL:
        found = shim.get(given, name)
        made.__event__[name] = shim.null if found is None else found
    for name in ("origin", "lastEventId"):
        found = shim.get(given, name)
        made.__event__[name] = "" if found is None else shim.to_string(found)
    ports = shim.get(given, "ports")
    made.__event__["ports"] = shim.Array([] if ports is None else list(iterate(ports)))


def message_event(kind: str, data: Any, ports: list[Any]) -> Any:
    """A new event for a message.

    Args:
        kind: ``message`` or ``messageerror``.
        data: What was sent.
        ports: The ports that came with it.
    """
    made = MessageEvent.__new__(MessageEvent)
    set_up(made, kind, None)
    _fill(made, None)
    made.__event__["data"] = data
    made.__event__["ports"] = shim.Array(ports)
    return made


def _publish() -> None:
    prototype = shim.create(Event.prototype)  # type: ignore[attr-defined]
    install(prototype, _Prototype, listed=True)
    tag(prototype, "MessageEvent")

    def construct(new_target: Any, kind: Any, options: Any = None) -> Any:
        made = allocate(MessageEvent, new_target)
        set_up(made, shim.to_string(kind), options)
        _fill(made, options)
        return made

    publish(MessageEvent, length=1, construct=construct, prototype=prototype)
    shim.set_prototype(MessageEvent, Event)


_publish()
