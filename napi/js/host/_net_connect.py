"""Connecting: what a Socket is told to go to, and the ways it tries."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING, Any

from napi._native import shim
from napi.js.host._errors import (
    invalid_type,
    need_function,
    need_text,
    node_error,
)
from napi.js.host._kit import function, is_object, option
from napi.js.host._net_address import connect_error, need_port, version_of
from napi.js.host._stream_base import call_method, common_of, emit
from napi.runtime.poller import WRITE, Watch

if TYPE_CHECKING:
    from napi.js.host._net_link import Link

__all__ = ["connect", "normalized"]


def normalized(arguments: tuple[Any, ...]) -> tuple[Any, Any]:
    """Options and callback of ``connect`` and ``listen``, however they are given.

    Args:
        arguments: ``(options)``, ``(port, host)``, ``(path)``, each with a callback.
    """
    given = list(arguments)
    if not given:
        return shim.Object(), shim.null
    first = given[0]
    if is_object(first) and not callable(first):
        options = first
    elif _is_pipe(first):
        options = shim.Object(path=first)
    else:
        options = shim.Object(port=first)
        if len(given) > 1 and isinstance(given[1], str):
            shim.set(options, "host", given[1])
    last = given[-1]
    return options, last if callable(last) else shim.null


def _is_pipe(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    number = shim.to_number(value)
    return not (number == number and number >= 0)


def connect(this: Any, arguments: tuple[Any, ...]) -> Any:
    """``socket.connect``.

    Args:
        this: The Socket.
        arguments: As :func:`normalized` takes them.

    Returns:
        The Socket.
    """
    from napi.js.host._net_link import link_of

    if len(arguments) == 1 and isinstance(arguments[0], list):
        arguments = tuple(arguments[0])  # of net.connect
    options, callback = normalized(arguments)
    link = link_of(this)
    path = option(options, "path")
    if path is None and option(options, "port") is None:
        text = 'The "options" or "port" or "path" argument must be specified'
        raise node_error("TypeError", "ERR_MISSING_ARGS", text)
    if path is not None:
        need_text(path, "options.path")
    common = common_of(this)
    if common.destroyed:
        common.destroyed = common.closed = common.error_emitted = False
        common.close_emitted, common.errored = False, None
    if callable(callback):
        call_method(this, "once", "connect", callback)
    shim.set(this, "connecting", True)
    link.connecting = True
    if path is not None:
        _attempt(this, link, [(str(path), 0)], None, options, [])
    else:
        _look_up(this, link, options)
    return this


def _look_up(this: Any, link: Link, options: Any) -> None:
    from napi.js.host import dns

    host = option(options, "host", "localhost")
    if shim.typeof(host) != "string":
        raise invalid_type("options.host", "string", host)
    port = need_port(option(options, "port"))
    local = option(options, "localAddress")
    if not shim.to_boolean(local):  # null and "" are none
        local = None
    elif not version_of(local):
        text = f"Invalid IP address: {shim.to_string(local)}"
        raise node_error("TypeError", "ERR_INVALID_IP_ADDRESS", text)
    shim.set(this, "_host", host)
    _apply(this, options)
    if version_of(host):
        places = [(str(host), version_of(host))]
        shim.queue_tick(lambda: _attempt(this, link, places, port, options, []))
        return
    custom = option(options, "lookup")
    question = shim.Object(
        family=option(options, "family", 0), hints=option(options, "hints", 0), all=True
    )

    def found(error: Any, places: Any = None, family: Any = None) -> None:
        if error is not shim.null and error is not None:
            emit(this, "lookup", error, None, None, host)
            if not common_of(this).destroyed:
                shim.queue_tick(lambda: call_method(this, "destroy", error))
            return
        if not isinstance(places, list):
            places = [shim.Object(address=places, family=family)]
        pairs = [(str(shim.get(p, "address")), shim.get(p, "family")) for p in places]
        for address, number in pairs:
            emit(this, "lookup", shim.null, address, number, host)
        if not common_of(this).destroyed:
            _attempt(this, link, pairs, port, options, [])

    if custom is not None:
        need_function(custom, "options.lookup")
        shim.call(custom, None, host, question, function(found))
    else:
        dns.lookup(host, question, found)


def _apply(this: Any, options: Any) -> None:
    """Options that are methods, too."""
    if shim.to_boolean(option(options, "noDelay", False)):
        call_method(this, "setNoDelay", True)
    if shim.to_boolean(option(options, "keepAlive", False)):
        delay = option(options, "keepAliveInitialDelay", 0)
        call_method(this, "setKeepAlive", True, delay)


def _attempt(
    this: Any,
    link: Link,
    places: list[tuple[str, Any]],
    port: int | None,
    options: Any,
    errors: list[Any],
) -> None:
    """Tries one address after the other."""
    if common_of(this).destroyed:
        return
    if not places:
        _failed(this, errors)
        return
    (address, version), rest = places[0], places[1:]
    family = {0: socket.AF_UNIX, 4: socket.AF_INET}.get(version, socket.AF_INET6)
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setblocking(False)
    link.sock = sock
    place: Any = address if port is None else (address, port)
    if port is not None:
        link.attempts.append(f"{address}:{port}")
    status = _start(sock, place, options)

    def finish(status: int) -> None:
        if status:
            sock.close()
            link.sock = None
            errors.append(connect_error(status, "connect", address, port))
            _attempt(this, link, rest, port, options, errors)
        else:
            _connected(this, link, sock)

    if status != errno.EINPROGRESS:
        shim.queue_tick(lambda: None if common_of(this).destroyed else finish(status))
        return

    def ready(_: int) -> None:
        watch.change(0)
        link.watch = None
        finish(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))

    watch = link.watch = Watch(sock.fileno(), ready)
    watch.refer(link.referenced)
    watch.change(WRITE)


def _start(sock: socket.socket, place: Any, options: Any) -> int:
    try:
        local, port = option(options, "localAddress"), option(options, "localPort")
        if local is not None or port:
            anywhere = "::" if sock.family == socket.AF_INET6 else "0.0.0.0"
            sock.bind((str(local or anywhere), int(port or 0)))
        return sock.connect_ex(place)
    except OSError as error:
        return error.errno or errno.EINVAL


def _failed(this: Any, errors: list[Any]) -> None:
    if len(errors) == 1:
        call_method(this, "destroy", errors[0])
        return
    made = shim.construct(
        shim.get(shim.get_global(), "AggregateError"), shim.Array(errors)
    )
    shim.set(made, "code", shim.get(errors[0], "code"))
    call_method(this, "destroy", made)


def _connected(this: Any, link: Link, sock: socket.socket) -> None:
    link.open(sock)
    shim.set(this, "connecting", False)
    link.touch()
    waiting, link.waiting = link.waiting, []
    for act in waiting:
        act()
    emit(this, "connect")
    emit(this, "ready")
    if link.sock is sock and shim.get(this, "readable") is True:
        paused = call_method(this, "isPaused")
        if not paused:
            call_method(this, "read", 0)
