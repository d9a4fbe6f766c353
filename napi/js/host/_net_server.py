"""``net.Server``: waits for connections."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from pathlib import Path
from typing import Any

from napi._native import shim
from napi.js.host._emitter import emitter_class
from napi.js.host._errors import invalid_type, invalid_value, need_text, node_error
from napi.js.host._kit import (
    function,
    is_object,
    klass,
    option,
    resolved,
    super_call,
)
from napi.js.host._net_address import (
    address_object,
    address_of,
    bad_port,
    connect_error,
    need_port,
    plain_error,
    version_of,
)
from napi.js.host._stream_base import call_method, emit
from napi.runtime.builtin import accessor, hidden
from napi.runtime.poller import READ, Watch
from napi.runtime.realm import kept

__all__ = ["release", "server_class"]

_LISTENER = shim.Symbol("kListener")
_BACKLOG = 511


class _Listener:
    """What is under a Server."""

    def __init__(self, options: Any) -> None:
        self.sock: socket.socket | None = None
        self.watch: Watch | None = None
        self.path = ""
        self.referenced = True
        self.starting = False
        self.connections = 0
        self.ended = False  # asked to close, and waits for connections
        self.options = {
            name: shim.to_boolean(option(options, name, False))
            for name in ("allowHalfOpen", "pauseOnConnect", "noDelay", "keepAlive")
        }
        self.delay = option(options, "keepAliveInitialDelay", 0)
        self.high = option(options, "highWaterMark")

    def close(self) -> None:
        if self.watch is not None:
            self.watch.change(0)
        if self.sock is not None:
            self.sock.close()
            if self.path and not self.path.startswith("\0"):
                with contextlib.suppress(OSError):
                    Path(self.path).unlink()
        self.sock = self.watch = None


def _state(this: Any) -> _Listener:
    found: _Listener = shim.get(this, _LISTENER)
    return found


def _init(this: Any, options: Any = None, connectionListener: Any = None) -> None:
    super_call(emitter_class(), this)
    if callable(options):
        options, connectionListener = None, options
    elif options is not None and options is not shim.null and not is_object(options):
        raise invalid_type("options", "object", options)
    if callable(connectionListener):
        call_method(this, "on", "connection", connectionListener)
    state = _Listener(options)
    hidden(this, _LISTENER, state)
    for name in ("allowHalfOpen", "pauseOnConnect", "noDelay", "keepAlive"):
        shim.set(this, name, state.options[name])
    shim.set(this, "_connections", 0)


# === listening ===


def _listen(this: Any, arguments: tuple[Any, ...]) -> Any:
    from napi.js.host._net_connect import normalized

    state = _state(this)
    options, callback = normalized(arguments)
    if state.sock is not None or state.starting:
        text = "Listen method has been called more than once without closing."
        raise node_error("Error", "ERR_SERVER_ALREADY_LISTEN", text)
    if callable(callback):
        call_method(this, "once", "listening", callback)
    backlog = option(options, "backlog", _BACKLOG)
    numbers = [one for one in arguments[1:] if shim.typeof(one) == "number"]
    limit = int(numbers[0] if numbers else backlog)
    fd, path = option(options, "fd"), option(options, "path")
    if shim.typeof(fd) == "number" and fd >= 0:
        _begin(this, lambda: socket.socket(fileno=int(fd)), "", None, limit)
    elif path is not None and option(options, "port") is None:
        _begin_path(this, options, need_text(path, "options.path"), limit)
    else:
        _begin_port(this, options, arguments, limit)
    _watch_signal(this, options)
    return this


def _begin_port(this: Any, options: Any, arguments: Any, limit: int) -> None:
    port = option(options, "port")
    if not shim.has(options, "port") or (
        port is None and not (not arguments or not is_object(arguments[0]))
    ):
        text = 'must have the property "port" or "path"'
        raise invalid_value("options", options, text)
    number = 0
    if port is not None and port is not shim.null:
        if shim.typeof(port) not in ("number", "string"):
            text = 'must have the property "port" or "path"'
            raise invalid_value("options", options, text)
        try:
            number = need_port(port, "options.port")
        except Exception:
            raise bad_port("options.port", port) from None
    host = option(options, "host")
    if host is None or host is shim.null or host == "":
        only = shim.to_boolean(option(options, "ipv6Only", False))
        _begin(this, lambda: _bound("::", number, only), "::", number, limit)
        return
    name = need_text(host, "options.host")
    state = _state(this)
    state.starting = True

    def found(error: Any, address: Any = None, family: Any = None) -> None:
        if not state.starting:
            return
        if error is not shim.null:
            state.starting = False
            emit(this, "error", error)
            return
        place = str(address)
        only = shim.to_boolean(option(options, "ipv6Only", False))
        _begin(this, lambda: _bound(place, number, only), place, number, limit)

    from napi.js.host import dns

    dns.lookup(name, None, found)


def _bound(address: str, port: int, only: bool = False) -> socket.socket:
    anywhere = address == "::"
    family = socket.AF_INET6 if version_of(address) == 6 else socket.AF_INET
    if anywhere and not socket.has_dualstack_ipv6() and not only:
        family, address = socket.AF_INET, "0.0.0.0"
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            dual = anywhere and not only
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(not dual))
        made.bind((address, port))
    except BaseException:
        made.close()
        raise
    return made


def _begin_path(this: Any, options: Any, path: str, limit: int) -> None:
    def bound() -> socket.socket:
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            made.bind(path)
        except BaseException:
            made.close()
            raise
        return made

    _begin(this, bound, path, None, limit)
    if _state(this).sock is not None and not path.startswith("\0"):
        mode = os.stat(path).st_mode  # noqa: PTH116 - no file
        if option(options, "readableAll") is True:
            mode |= 0o444
        if option(options, "writableAll") is True:
            mode |= 0o222
        os.chmod(path, mode & 0o777)  # noqa: PTH101


def _begin(this: Any, make: Any, address: str, port: int | None, limit: int) -> None:
    state = _state(this)
    state.starting = False
    try:
        sock = make()
        sock.listen(limit)
    except OSError as error:
        failure = connect_error(error.errno or errno.EINVAL, "listen", address, port)
        shim.queue_tick(lambda: emit(this, "error", failure))
        return
    sock.setblocking(False)
    state.sock, state.ended = sock, False
    state.path = address if port is None and address else ""
    key = f"{version_of(address)}:{address}:{port}" if port is not None else address
    shim.set(this, "_connectionKey", key)
    watch = state.watch = Watch(sock.fileno(), lambda _: _accept(this, state))
    watch.refer(state.referenced)
    watch.change(READ)

    def say() -> None:
        if state.sock is sock:
            emit(this, "listening")

    shim.queue_tick(say)


def _watch_signal(this: Any, options: Any) -> None:
    signal = option(options, "signal")
    if not is_object(signal):
        return
    if shim.get(signal, "aborted") is True:
        shim.queue_tick(lambda: call_method(this, "close"))
        return
    close = function(lambda *_: call_method(this, "close"), "onAborted")
    call_method(signal, "addEventListener", "abort", close)


# === connections ===


def _accept(this: Any, state: _Listener) -> None:
    assert state.sock is not None
    try:
        sock, _ = state.sock.accept()
    except (BlockingIOError, InterruptedError, ConnectionAbortedError):
        return
    except OSError as error:
        emit(this, "error", plain_error(error.errno or errno.EINVAL, "accept"))
        return
    most = shim.get(this, "maxConnections")
    if shim.typeof(most) == "number" and state.connections >= most:
        _drop(this, sock)
        return
    from napi.js.host._net_socket import adopt

    given: dict[str, Any] = {"allowHalfOpen": shim.get(this, "allowHalfOpen")}
    if state.high is not None:
        given["highWaterMark"] = state.high
    socket_ = adopt(sock, given, this)
    _count(this, state, 1)
    if state.options["noDelay"]:
        call_method(socket_, "setNoDelay", True)
    if state.options["keepAlive"]:
        call_method(socket_, "setKeepAlive", True, state.delay)
    if state.options["pauseOnConnect"]:
        call_method(socket_, "pause")
    else:
        call_method(socket_, "read", 0)
    emit(this, "connection", socket_)


def _drop(this: Any, sock: socket.socket) -> None:
    local, remote = address_of(sock), address_of(sock, True)
    sock.close()
    about = shim.Object()
    for side, place in (("local", local), ("remote", remote)):
        for name in ("address", "port", "family"):
            shim.set(about, side + name.title(), place.get(name))
    emit(this, "drop", about)


def _count(this: Any, state: _Listener, change: int) -> None:
    state.connections += change
    shim.set(this, "_connections", state.connections)


def release(this: Any, socket_: Any) -> None:
    """A connection has ended: a server that waits for the last one is closed."""
    state = _state(this)
    _count(this, state, -1)
    _close_if_drained(this, state)


def _close_if_drained(this: Any, state: _Listener) -> None:
    if not state.ended or state.connections or state.sock is not None:
        return
    state.ended = False
    shim.queue_tick(lambda: emit(this, "close"))


class _Members:
    def listen(this: Any, *arguments: Any) -> Any:
        return _listen(this, arguments)

    def address(this: Any) -> Any:
        state = _state(this)
        if state.path and state.sock is not None:
            return state.path
        return shim.null if state.sock is None else address_object(state.sock)

    def getConnections(this: Any, callback: Any) -> Any:
        count = _state(this).connections
        shim.queue_tick(lambda: shim.call(callback, None, shim.null, count))
        return this

    def close(this: Any, callback: Any = None) -> Any:
        state = _state(this)
        is_open = state.sock is not None or state.starting
        if callable(callback):
            if is_open:
                call_method(this, "once", "close", callback)
            else:

                def late(*_: Any) -> None:
                    text = "Server is not running."
                    error = node_error("Error", "ERR_SERVER_NOT_RUNNING", text)
                    shim.call(callback, this, error)

                call_method(this, "once", "close", function(late, "close"))
        state.starting, state.ended = False, True
        state.close()
        _close_if_drained(this, state)
        return this

    def _emitCloseIfDrained(this: Any) -> None:
        _close_if_drained(this, _state(this))

    def ref(this: Any) -> Any:
        return _refer(this, True)

    def unref(this: Any) -> Any:
        return _refer(this, False)


def _refer(this: Any, referenced: bool) -> Any:
    state = _state(this)
    state.referenced = referenced
    if state.watch is not None:
        state.watch.refer(referenced)
    return this


def _dispose(this: Any) -> Any:
    if _state(this).sock is None:
        return resolved()
    made = shim.Promise()

    def done(error: Any = None, *_: Any) -> None:
        made._reject(error) if is_object(error) else made._resolve(None)

    call_method(this, "close", function(done))
    return made


def server_class() -> Any:
    """The class Server of this realm."""
    return kept("net.Server", _make)


def _make() -> Any:
    parent = emitter_class()
    made = klass("Server", _init, _Members, parent=parent, call=True, length=2)
    prototype = shim.get(made, "prototype")
    accessor(prototype, "listening", lambda this: _state(this).sock is not None)
    dispose = function(_dispose, "[Symbol.asyncDispose]", this=True)
    hidden(prototype, shim.Symbol.asyncDispose, dispose)
    return made
