"""``http.IncomingMessage``: what has come, a request or a response."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._http_parser import Head, pairs, text
from napi.js.host._kit import klass, super_call
from napi.js.host._stream_base import call_method, common_of, emit
from napi.js.host._stream_readable import readable_class
from napi.runtime.builtin import accessor, hidden
from napi.runtime.realm import kept

__all__ = ["abort", "deliver", "end", "fill", "incoming_class"]

_STATE = shim.Symbol("kHeaders")
# Of these the first counts; of all others all do.
_ONCE = frozenset(
    b"age authorization content-length content-type etag expires from host "
    b"if-modified-since if-unmodified-since last-modified location max-forwards "
    b"proxy-authorization referer retry-after server user-agent".split()
)


class _State:
    def __init__(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.trailers: list[tuple[bytes, bytes]] = []
        self.made: dict[str, Any] = {}
        self.paused = False


def _state(this: Any) -> _State:
    found: _State = shim.get(this, _STATE)
    return found


def _init(this: Any, socket: Any = None) -> None:
    super_call(readable_class(), this, shim.Object())
    hidden(this, _STATE, _State())
    for name, value in (
        ("socket", socket),
        ("httpVersionMajor", shim.null),
        ("httpVersionMinor", shim.null),
        ("httpVersion", shim.null),
        ("complete", False),
        ("rawHeaders", shim.Array()),
        ("rawTrailers", shim.Array()),
        ("joinDuplicateHeaders", False),
        ("aborted", False),
        ("upgrade", shim.null),
        ("url", ""),
        ("method", shim.null),
        ("statusCode", shim.null),
        ("statusMessage", shim.null),
        ("client", socket),
    ):
        shim.set(this, name, value)


def fill(this: Any, head: Head) -> None:
    """Says what the head of a message says."""
    _state(this).headers = head.headers
    major, _, minor = head.version.partition(".")
    shim.set(this, "httpVersion", head.version)
    shim.set(this, "httpVersionMajor", int(major or 1))
    shim.set(this, "httpVersionMinor", int(minor or 1))
    shim.set(this, "rawHeaders", pairs(head.headers))
    shim.set(this, "upgrade", head.upgrade)
    if head.code:
        shim.set(this, "statusCode", head.code)
        shim.set(this, "statusMessage", text(head.status))
    else:
        shim.set(this, "method", head.method)
        shim.set(this, "url", text(head.url))


def deliver(this: Any, data: bytes) -> None:
    """A part of the body; the socket waits while nobody takes it."""
    if common_of(this).destroyed:
        return
    if not call_method(this, "push", shim.Buffer(data)):
        _state(this).paused = True
        call_method(shim.get(this, "socket"), "pause")


def end(this: Any, head: Head) -> None:
    """The message has come completely."""
    state = _state(this)
    state.trailers = head.trailers
    state.made.pop("trailers", None)
    shim.set(this, "rawTrailers", pairs(head.trailers))
    shim.set(this, "complete", True)
    if not common_of(this).destroyed:
        call_method(this, "push", shim.null)


def abort(this: Any, error: Any) -> None:
    """The connection was lost before the end."""
    if shim.get(this, "complete") is True or common_of(this).destroyed:
        return
    shim.set(this, "aborted", True)
    emit(this, "aborted")
    call_method(this, "destroy", error)


def _merged(headers: list[tuple[bytes, bytes]]) -> Any:
    found: dict[bytes, Any] = {}
    for raw, value in headers:
        name = raw.lower()
        if name == b"set-cookie":
            found.setdefault(name, []).append(text(value))
        elif name not in found:
            found[name] = text(value)
        elif name not in _ONCE:
            glue = "; " if name == b"cookie" else ", "
            found[name] += glue + text(value)
    made = shim.Object()
    for name, value in found.items():
        one = shim.Array(value) if isinstance(value, list) else value
        shim.set(made, text(name), one)
    return made


def _distinct(headers: list[tuple[bytes, bytes]]) -> Any:
    made = shim.create(shim.null)
    for raw, value in headers:
        name = text(raw.lower())
        if shim.get(made, name) is None:
            shim.set(made, name, shim.Array())
        shim.get(made, name).append(text(value))
    return made


def _cached(this: Any, name: str, make: Any, headers: Any) -> Any:
    made = _state(this).made
    if name not in made:
        made[name] = make(headers)
    return made[name]


_GETTERS = {
    "headers": lambda this: _cached(this, "headers", _merged, _state(this).headers),
    "headersDistinct": lambda this: _cached(
        this, "distinct", _distinct, _state(this).headers
    ),
    "trailers": lambda this: _cached(this, "trailers", _merged, _state(this).trailers),
    "trailersDistinct": lambda this: _distinct(_state(this).trailers),
}


class _Members:
    def setTimeout(this: Any, msecs: Any, callback: Any = None) -> Any:
        if callable(callback):
            call_method(this, "on", "timeout", callback)
        call_method(shim.get(this, "socket"), "setTimeout", msecs)
        return this

    def _read(this: Any, n: Any = None) -> None:
        state, socket = _state(this), shim.get(this, "socket")
        if state.paused and socket is not None and socket is not shim.null:
            state.paused = False
            call_method(socket, "resume")

    def _destroy(this: Any, error: Any, callback: Any) -> None:
        if shim.get(this, "readableEnded") is not True:
            shim.set(this, "aborted", True)
        socket = shim.get(this, "socket")
        alive = socket not in (None, shim.null)
        if alive and shim.get(this, "complete") is not True:
            call_method(socket, "destroy", error)
        shim.call(callback, None, error)

    def _dump(this: Any) -> None:
        call_method(this, "resume")


def _replace(name: str) -> Any:
    def change(this: Any, value: Any = None) -> None:
        _state(this).made[name] = value

    return change


def incoming_class() -> Any:
    """The class IncomingMessage of this realm."""
    return kept("http.IncomingMessage", _make)


def _make() -> Any:
    made = klass(
        "IncomingMessage", _init, _Members, parent=readable_class(), call=True, length=1
    )
    prototype = shim.get(made, "prototype")
    for name, get in _GETTERS.items():
        accessor(prototype, name, get, _replace(name))
    accessor(
        prototype,
        "connection",
        lambda this: shim.get(this, "socket"),
        lambda this, value=None: shim.set(this, "socket", value),
    )
    return made
