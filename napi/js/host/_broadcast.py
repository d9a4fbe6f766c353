"""BroadcastChannel: one sends, all others of the name are told, on every thread.

Source: "Class: BroadcastChannel" of Node's manual; HTML, chapter 9.5.
"""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._port import Port, attach_running, clone_message
from napi.runtime.builtin import getter, install, tag
from napi.runtime.constructor import allocate, publish
from napi.runtime.event_handler import event_handlers
from napi.runtime.events import EventTarget

__all__ = ["BroadcastChannel"]

# Of all threads: name -> the ports that listen.
_listening: dict[str, list[Port]] = {}


class BroadcastChannel(EventTarget):
    """JavaScript's ``BroadcastChannel``."""

    __module__ = "napi"
    __slots__ = ("__handlers__", "__port__")
    __port__: Port
    __handlers__: dict[str, Any]

    def __new__(cls, *_: Any) -> BroadcastChannel:
        """Makes one without a name."""
        made = super().__new__(cls)
        assert isinstance(made, BroadcastChannel)
        made.__port__ = Port()
        made.__handlers__ = {"name": ""}
        return made

    def __changed__(self) -> None:
        """Listeners have no say in how long the program runs."""


def _need(this: Any) -> BroadcastChannel:
    if not isinstance(this, BroadcastChannel):
        raise invalid_type("this", "BroadcastChannel", this)
    return this


def _handlers(this: Any) -> dict[str, Any]:
    return _need(this).__handlers__


class _Prototype:
    @getter
    def name(this: Any) -> str:
        return str(_need(this).__handlers__["name"])

    def close(this: Any) -> None:
        face = _need(this)
        named = _listening.get(face.__handlers__["name"], [])
        if face.__port__ in named:
            named.remove(face.__port__)
        face.__port__.closed = True
        face.__port__.queue.clear()
        face.__port__.refer(False)

    def postMessage(this: Any, message: Any) -> None:
        face = _need(this)
        if face.__port__.closed:
            raise _closed()
        clone_message(message, [], None)  # also where nobody listens
        named = _listening[face.__handlers__["name"]]
        for port in list(named):
            if port is not face.__port__:
                port.queue.append(clone_message(message, [], None))
                if not port.wake():
                    named.remove(port)  # its thread has ended

    def ref(this: Any) -> Any:
        _need(this).__port__.refer(True)
        return this

    def unref(this: Any) -> Any:
        _need(this).__port__.refer(False)
        return this


def _closed() -> Any:
    from napi.runtime.domexception import DOMException

    return shim.construct(
        DOMException, "BroadcastChannel is closed.", "InvalidStateError"
    )


def _construct(new_target: Any, *name: Any) -> Any:
    if not name:
        text = 'The "name" argument must be specified'
        raise node_error("TypeError", "ERR_MISSING_ARGS", text)
    made = allocate(BroadcastChannel, new_target)
    port = made.__port__
    made.__handlers__["name"] = str(shim.to_string(name[0]))
    port.adopt(made)
    port.started = True
    port.refer(True)
    _listening.setdefault(made.__handlers__["name"], []).append(port)
    attach_running()
    return made


def _publish() -> None:
    prototype = shim.create(shim.get(EventTarget, "prototype"))
    install(prototype, _Prototype, listed=True)
    handlers = event_handlers(_handlers, "message", "messageerror")
    install(prototype, handlers, listed=True)
    tag(prototype, "BroadcastChannel")
    publish(
        BroadcastChannel,
        length=1,
        construct=_construct,
        prototype=prototype,
        is_class=True,
    )


_publish()
