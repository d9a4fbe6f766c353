"""MessageEvent, CloseEvent and ErrorEvent (HTML, chapters 8.1.4, 9.2 and 9.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._kit import is_object, make
from napi.js.host._web_blob import well_formed
from napi.js.host._web_form import need_arguments
from napi.js.host._web_kit import interface
from napi.js.inspect import inspect
from napi.runtime.builtin import getter, sized
from napi.runtime.error import TypeError
from napi.runtime.events import Event, set_up
from napi.runtime.iterate import iterate

__all__ = ["CloseEvent", "ErrorEvent", "MessageEvent", "message_event"]

_Convert = Callable[[Any], Any]
_Fields = dict[str, tuple[Any, _Convert]]


def _same(value: Any) -> Any:
    return value


def _whole(bits: int) -> _Convert:
    def convert(value: Any) -> int:
        number = shim.to_number(value)
        if number != number or number in (float("inf"), float("-inf")):
            return 0
        return int(number) % 2**bits

    return convert


def _boolean(value: Any) -> bool:
    return bool(shim.to_boolean(value))


def _ports(value: Any) -> Any:
    if isinstance(value, tuple):
        return shim.Array()
    return shim.Array(list(iterate(value)))


_MESSAGE: _Fields = {
    "data": (shim.null, _same),
    "origin": ("", well_formed),
    "lastEventId": ("", well_formed),
    "source": (shim.null, _same),
    "ports": ((), _ports),
}
_CLOSE: _Fields = {
    "wasClean": (False, _boolean),
    "code": (0, _whole(16)),
    "reason": ("", well_formed),
}
_ERROR: _Fields = {
    "message": ("", well_formed),
    "filename": ("", well_formed),
    "lineno": (0, _whole(32)),
    "colno": (0, _whole(32)),
    "error": (None, _same),
}


def _values(given: Any, fields: _Fields) -> dict[str, Any]:
    found = {}
    for name, (default, convert) in fields.items():
        value = shim.get(given, name) if is_object(given) else None
        found[name] = convert(default if value is None else value)
    return found


def _starter(name: str, fields: _Fields) -> Callable[..., None]:
    def init(this: Any, *given: Any) -> None:
        need_arguments(given, 1, f"{name} constructor")
        options = given[1] if len(given) > 1 else None
        if options is not None and options is not shim.null and not is_object(options):
            shown = (
                f"Expected {inspect(options)} to be one of: Null, Undefined, Object."
            )
            raise TypeError(f"undefined: {shown}")
        set_up(this, well_formed(given[0]), options)
        this.__event__["fields"] = _values(options, fields)

    return init


def _members(find: Callable[[], Any], fields: _Fields, more: Any = None) -> type:
    def reader(name: str) -> Callable[[Any], Any]:
        def read(this: Any) -> Any:
            if not isinstance(this, find()) or "fields" not in this.__event__:
                raise TypeError("Illegal invocation")
            return this.__event__["fields"][name]

        read.__name__ = name
        return getter(read)

    found: dict[str, Any] = {name: reader(name) for name in fields}
    found.update(more or {})
    return type("members", (), found)


@sized(1)
def initMessageEvent(this: Any, *given: Any) -> Any:
    """The old way to make one: it answers a new event, as undici's does."""
    if not isinstance(this, MessageEvent):
        raise TypeError("Illegal invocation")
    need_arguments(given, 1, "MessageEvent.initMessageEvent")
    options = shim.Object()
    names = ("bubbles", "cancelable", *_MESSAGE)
    for name, value in zip(names, given[1:], strict=False):
        shim.set(options, name, value)
    return shim.construct(MessageEvent, given[0], options)


def _event(name: str, fields: _Fields, more: Any = None) -> Any:
    members = _members(lambda: made, fields, more)
    start = _starter(name, fields)
    made = interface(name, members, start, parent=Event, length=1)
    return made


MessageEvent: Any = _event(
    "MessageEvent", _MESSAGE, {"initMessageEvent": initMessageEvent}
)
CloseEvent: Any = _event("CloseEvent", _CLOSE)
ErrorEvent: Any = _event("ErrorEvent", _ERROR)


def message_event(data: Any, ports: list[Any]) -> Any:
    """A new event ``message``.

    Args:
        data: What was sent.
        ports: The ports that came with it.
    """
    options = make(data=data, ports=shim.Array(ports))
    return shim.construct(MessageEvent, "message", options)
