"""``http.Agent``: which connection a request goes over."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._emitter import emitter_class
from napi.js.host._kit import function, is_object, klass, option, super_call
from napi.js.host._stream_base import call_method, emit
from napi.runtime.realm import kept

__all__ = ["agent_class", "global_agent"]


def _init(this: Any, options: Any = None) -> None:
    super_call(emitter_class(), this)
    settings = shim.create(shim.null)
    if is_object(options):
        for key in shim.keys(options):
            shim.set(settings, key, shim.get(options, key))
    if shim.get(settings, "noDelay") is None:
        shim.set(settings, "noDelay", True)
    shim.set(settings, "path", shim.null)
    infinite = float("inf")
    for name, value in (
        ("options", settings),
        ("defaultPort", 80),
        ("protocol", "http:"),
        ("requests", shim.create(shim.null)),
        ("sockets", shim.create(shim.null)),
        ("freeSockets", shim.create(shim.null)),
        ("keepAliveMsecs", option(options, "keepAliveMsecs", 1000)),
        ("keepAlive", option(options, "keepAlive", False)),
        ("maxSockets", option(options, "maxSockets", infinite)),
        ("maxFreeSockets", option(options, "maxFreeSockets", 256)),
        ("scheduling", option(options, "scheduling", "lifo")),
        ("maxTotalSockets", option(options, "maxTotalSockets", infinite)),
        ("totalSocketCount", 0),
    ):
        shim.set(this, name, value)

    def free(socket: Any, given: Any, *_: Any) -> None:
        _give_back(this, socket, given)

    call_method(this, "on", "free", function(free, ""))


def _list(this: Any, table: str, name: str) -> Any:
    holder = shim.get(this, table)
    found = shim.get(holder, name)
    if found is None:
        found = shim.Array()
        shim.set(holder, name, found)
    return found


def _forget(this: Any, table: str, name: str, one: Any) -> bool:
    holder = shim.get(this, table)
    found = shim.get(holder, name)
    if found is None or one not in found:
        return False
    found.remove(one)
    if not len(found):
        shim.delete(holder, name)
    return True


def _is_open(socket: Any) -> bool:
    return (
        shim.get(socket, "destroyed") is not True
        and shim.get(socket, "writable") is not False
    )


def _give_back(this: Any, socket: Any, given: Any) -> None:
    """A connection is free again: for who waits, or for later."""
    name = call_method(this, "getName", given)
    if not _is_open(socket):
        call_method(socket, "destroy")
        return
    waiting = shim.get(shim.get(this, "requests"), name)
    if waiting is not None and len(waiting):
        request = waiting.pop(0)
        if not len(waiting):
            shim.delete(shim.get(this, "requests"), name)
        call_method(this, "reuseSocket", socket, request)
        call_method(request, "onSocket", socket)
        return
    free = shim.get(shim.get(this, "freeSockets"), name)
    full = free is not None and len(free) >= shim.get(this, "maxFreeSockets")
    if (
        shim.get(this, "keepAlive") is not True
        or full
        or call_method(this, "keepSocketAlive", socket) is False
    ):
        call_method(socket, "destroy")
        return
    _forget(this, "sockets", name, socket)
    _list(this, "freeSockets", name).append(socket)


def _watch(this: Any, socket: Any, given: Any) -> None:
    """Follows a new connection to its end."""
    name = call_method(this, "getName", given)
    _list(this, "sockets", name).append(socket)
    shim.set(this, "totalSocketCount", shim.get(this, "totalSocketCount") + 1)

    def free(*_: Any) -> None:
        emit(this, "free", socket, given)

    def closed(*_: Any) -> None:
        if _forget(this, "sockets", name, socket) or _forget(
            this, "freeSockets", name, socket
        ):
            count = shim.get(this, "totalSocketCount") - 1
            shim.set(this, "totalSocketCount", count)
        waiting = shim.get(shim.get(this, "requests"), name)
        if waiting is not None and len(waiting):
            request = waiting.pop(0)
            if not len(waiting):
                shim.delete(shim.get(this, "requests"), name)
            _create(this, request, given)

    call_method(socket, "on", "free", function(free, "onFree"))
    call_method(socket, "on", "close", function(closed, "onClose"))
    call_method(socket, "on", "agentRemove", function(closed, "onRemove"))


def _create(this: Any, request: Any, given: Any) -> None:
    def made(error: Any = None, socket: Any = None, *_: Any) -> None:
        if is_object(error):
            call_method(request, "onSocket", socket, error)
        else:
            call_method(request, "onSocket", socket)

    call_method(this, "createSocket", request, given, function(made, ""))


class _Members:
    def createConnection(this: Any, options: Any, callback: Any = None) -> Any:
        from napi.js.host import load

        return call_method(load("net"), "createConnection", options)

    def getName(this: Any, options: Any = None) -> str:
        parts = [option(options, "host", "localhost") or "localhost"]
        parts += [option(options, "port", ""), option(options, "localAddress", "")]
        family = option(options, "family")
        if family in (4, 6):
            parts.append(family)
        if option(options, "socketPath"):
            parts.append(option(options, "socketPath"))
        return ":".join(str(shim.to_string(one)) for one in parts)

    def addRequest(
        this: Any, req: Any, options: Any, port: Any = None, localAddress: Any = None
    ) -> None:
        given = _merged(options, shim.get(this, "options"))
        if shim.get(given, "socketPath"):
            shim.set(given, "path", shim.get(given, "socketPath"))
        name = call_method(this, "getName", given)
        free = shim.get(shim.get(this, "freeSockets"), name)
        socket = None
        while free is not None and len(free) and socket is None:
            last = shim.get(this, "scheduling") != "fifo"
            one = free.pop() if last else free.pop(0)
            socket = one if _is_open(one) else None
        if free is not None and not len(free):
            shim.delete(shim.get(this, "freeSockets"), name)
        used = shim.get(shim.get(this, "sockets"), name)
        if socket is not None:
            call_method(this, "reuseSocket", socket, req)
            _list(this, "sockets", name).append(socket)
            call_method(req, "onSocket", socket)
        elif used is None or len(used) < shim.get(this, "maxSockets"):
            _create(this, req, given)
        else:
            _list(this, "requests", name).append(req)

    def createSocket(this: Any, req: Any, options: Any, cb: Any) -> None:
        given = _merged(options, shim.get(this, "options"))
        if shim.get(given, "socketPath"):
            shim.set(given, "path", shim.get(given, "socketPath"))
        called: list[bool] = []

        def created(error: Any = None, socket: Any = None, *_: Any) -> None:
            if called:
                return
            called.append(True)
            if is_object(error):
                shim.call(cb, None, error)
                return
            _watch(this, socket, given)
            shim.call(cb, None, shim.null, socket)

        done = function(created, "oncreate")
        socket = call_method(this, "createConnection", given, done)
        if is_object(socket):
            created(shim.null, socket)

    def removeSocket(this: Any, socket: Any, options: Any) -> None:
        name = call_method(this, "getName", options)
        _forget(this, "sockets", name, socket)
        _forget(this, "freeSockets", name, socket)

    def keepSocketAlive(this: Any, socket: Any) -> bool:
        call_method(socket, "setKeepAlive", True, shim.get(this, "keepAliveMsecs"))
        call_method(socket, "unref")
        timeout = option(shim.get(this, "options"), "timeout")
        if timeout:
            call_method(socket, "setTimeout", timeout)
        return True

    def reuseSocket(this: Any, socket: Any, req: Any) -> None:
        shim.set(req, "reusedSocket", True)
        call_method(socket, "ref")

    def destroy(this: Any) -> None:
        for table in ("freeSockets", "sockets"):
            holder = shim.get(this, table)
            for name in list(shim.keys(holder)):
                for socket in list(shim.get(holder, name)):
                    call_method(socket, "destroy")


def _merged(first: Any, second: Any) -> Any:
    made = shim.create(shim.null)
    for source in (first, second):
        if is_object(source):
            for key in shim.keys(source):
                shim.set(made, key, shim.get(source, key))
    if is_object(first):
        for key in ("path", "timeout"):
            if shim.get(first, key) is not None:
                shim.set(made, key, shim.get(first, key))
    if not shim.get(made, "socketPath"):
        shim.set(made, "path", None)  # of the request, not of a socket
    return made


def agent_class() -> Any:
    """The class Agent of this realm."""
    return kept("http.Agent", _make)


def _make() -> Any:
    return klass("Agent", _init, _Members, parent=emitter_class(), call=True, length=1)


def global_agent() -> Any:
    """The agent of requests that name none."""
    return kept("http.globalAgent", _make_global)


def _make_global() -> Any:
    settings = shim.Object(keepAlive=True, scheduling="lifo", timeout=5000)
    return shim.construct(agent_class(), settings)
