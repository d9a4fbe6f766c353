"""``http.ClientRequest``: a request, and the response to it."""

from __future__ import annotations

import base64
import re
from typing import Any

from napi._native import shim
from napi.js.host import _http_incoming as incoming
from napi.js.host import _http_outgoing as outgoing
from napi.js.host._errors import described, invalid_type, node_error
from napi.js.host._http_outgoing import TOKEN, out_of
from napi.js.host._http_parser import Head, Parser
from napi.js.host._kit import (
    function,
    is_object,
    klass,
    option,
    super_call,
)
from napi.js.host._stream_base import call_method, common_of, emit
from napi.runtime.builtin import hidden
from napi.runtime.realm import kept

__all__ = ["client_class"]

_STATE = shim.Symbol("kExchange")
_BARE = ("GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT")
_UNESCAPED = re.compile("[^\x21-\u00ff]")


# === what is asked for ===


def _from_url(url: Any) -> Any:
    """The options that a URL stands for."""

    def part(name: str) -> str:
        return str(shim.get(url, name) or "")

    host = part("hostname")
    bare = host[1:-1] if host.startswith("[") else host
    made = shim.Object(
        protocol=part("protocol"),
        hostname=bare,
        path=part("pathname") + part("search"),
    )
    if part("port"):
        shim.set(made, "port", int(part("port")))
    if part("username") or part("password"):
        from urllib.parse import unquote

        auth = f"{unquote(part('username'))}:{unquote(part('password'))}"
        shim.set(made, "auth", auth)
    return made


def _settings(given: tuple[Any, ...]) -> tuple[Any, Any]:
    arguments = [one for one in given if one is not None]
    callback = arguments.pop() if arguments and callable(arguments[-1]) else None
    url_class = shim.get(shim.get_global(), "URL")
    made = shim.Object()
    for one in arguments:
        if isinstance(one, str):
            one = _from_url(shim.construct(url_class, one))
        elif is_object(one) and shim.instanceof(one, url_class):
            one = _from_url(one)
        if is_object(one):
            for key in shim.keys(one):
                shim.set(made, key, shim.get(one, key))
    return made, callback


def _check(options: Any, agent: Any) -> tuple[str, str]:
    """Method and path."""
    protocol = option(options, "protocol") or "http:"
    expected = option(agent, "protocol", "http:") if is_object(agent) else "http:"
    if protocol != expected:
        text = f'Protocol "{protocol}" not supported. Expected "{expected}"'
        raise node_error("TypeError", "ERR_INVALID_PROTOCOL", text)
    path = option(options, "path") or "/"
    path = str(shim.to_string(path))
    if _UNESCAPED.search(path):
        text = "Request path contains unescaped characters"
        raise node_error("TypeError", "ERR_UNESCAPED_CHARACTERS", text)
    method = option(options, "method", "GET")
    if shim.typeof(method) != "string":
        raise invalid_type("options.method", "string", method)
    method = str(method).upper() or "GET"
    if not TOKEN.fullmatch(method):
        text = f'Method must be a valid HTTP token ["{method}"]'
        raise node_error("TypeError", "ERR_INVALID_HTTP_TOKEN", text)
    return method, path


def _agent_of(options: Any) -> Any:
    from napi.js.host._http_agent import agent_class, global_agent

    agent = option(options, "agent")
    if agent is False:
        return shim.construct(agent_class())
    if agent is None or agent is shim.null:
        custom = callable(option(options, "createConnection"))
        return None if custom else global_agent()
    if not callable(shim.get(agent, "addRequest")):
        text = (
            'The "options.agent" property must be one of Agent-like Object, undefined, '
            f"or false.{described(agent)}"
        )
        raise node_error("TypeError", "ERR_INVALID_ARG_TYPE", text)
    return agent


def _init(this: Any, *given: Any) -> None:
    super_call(outgoing.outgoing_class(), this)
    options, callback = _settings(given)
    agent = _agent_of(options)
    method, path = _check(options, agent)
    default = option(options, "defaultPort") or option(agent, "defaultPort", 80)
    port = option(options, "port") or default or 80
    host = option(options, "hostname") or option(options, "host") or "localhost"
    if shim.typeof(host) != "string":
        raise invalid_type("options.host", ["string", "undefined", "null"], host)
    shim.set(options, "host", host)
    shim.set(options, "port", port)
    for name, value in (
        ("agent", agent),
        ("method", method),
        ("path", path),
        ("host", host),
        ("protocol", option(options, "protocol") or "http:"),
        ("aborted", False),
        ("reusedSocket", False),
        ("res", shim.null),
        ("timeout", option(options, "timeout")),
        ("maxHeadersCount", shim.null),
    ):
        shim.set(this, name, value)
    hidden(this, _STATE, _Exchange(this))
    if callable(callback):
        call_method(this, "once", "response", callback)
    out = out_of(this)
    out.chunks = method not in _BARE
    out.head = lambda: f"{method} {shim.get(this, 'path')} HTTP/1.1"
    out.extra = lambda: _connection_line(this, out)
    _set_headers(this, options, host, port, default)
    signal = option(options, "signal")
    if is_object(signal):
        _watch(this, signal)
    shim.queue_tick(lambda: _start(this, agent, options))


def _set_headers(this: Any, options: Any, host: Any, port: Any, default: Any) -> None:
    headers = option(options, "headers")
    if is_object(headers):
        outgoing.headers_from(this, headers)
    out = out_of(this)
    wants = shim.to_boolean(option(options, "setHost", True))
    if wants and "host" not in out.headers:
        shown = f"[{host}]" if ":" in str(host) else str(host)
        if shim.to_number(port) != default:
            shown += f":{shim.to_string(port)}"
        call_method(this, "setHeader", "Host", shown)
    auth = option(options, "auth")
    if auth and "authorization" not in out.headers:
        data = base64.b64encode(str(auth).encode("utf-8")).decode()
        call_method(this, "setHeader", "Authorization", f"Basic {data}")


def _connection_line(this: Any, out: outgoing.Out) -> list[str]:
    given = out.headers.get("connection")
    if given is not None:
        out.keep_alive = "close" not in str(shim.to_string(given[1])).lower()
        return []
    agent = shim.get(this, "agent")
    out.keep_alive = is_object(agent) and (
        shim.get(agent, "keepAlive") is True
        or shim.get(agent, "maxSockets") != float("inf")
    )
    shim.set(this, "shouldKeepAlive", out.keep_alive)
    return ["Connection: keep-alive" if out.keep_alive else "Connection: close"]


def _watch(this: Any, signal: Any) -> None:
    def abort(*_: Any) -> None:
        from napi.js.host.events import _abort_error

        call_method(this, "destroy", _abort_error(signal))

    if shim.get(signal, "aborted") is True:
        shim.queue_tick(abort)
    else:
        call_method(signal, "addEventListener", "abort", function(abort, ""))


def _start(this: Any, agent: Any, options: Any) -> None:
    if common_of(this).destroyed:
        return
    create = option(options, "createConnection")
    if is_object(agent):
        if callable(create) and not shim.has_own(agent, "createConnection"):
            shim.set(options, "createConnection", create)
        call_method(agent, "addRequest", this, options)
        return

    def created(error: Any = None, socket: Any = None, *_: Any) -> None:
        if is_object(error):
            call_method(this, "destroy", error)
        else:
            call_method(this, "onSocket", socket)

    socket = shim.call(create, None, options, function(created, "oncreate"))
    if is_object(socket):
        call_method(this, "onSocket", socket)


# === the exchange ===


class _Exchange:
    """A request on its socket, until the response has been read."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.socket: Any = None
        self.response: Any = None
        self.head: Head | None = None
        self.listeners: list[tuple[str, Any]] = []
        self.parser: Parser | None = None
        self.failed = self.over = False

    def begin(self, socket: Any) -> None:
        """The request has got a socket."""
        self.socket = socket
        self.parser = Parser(True, self.on_head, self.on_body, self.on_end)
        for name, act in (
            ("data", lambda chunk=None, *_: self.feed(chunk)),
            ("end", lambda *_: self.ended()),
            ("error", lambda error=None, *_: self.fail(error)),
            ("close", lambda *_: self.closed()),
            ("timeout", lambda *_: emit(self.request, "timeout")),
        ):
            listener = function(act, f"socket{name.title()}Listener")
            self.listeners.append((name, listener))
            call_method(socket, "on", name, listener)
        timeout = shim.get(self.request, "timeout")
        if timeout:
            call_method(socket, "setTimeout", timeout)
        outgoing.attach(self.request, socket)
        emit(self.request, "socket", socket)

    def leave(self) -> None:
        """Listens to the socket no longer."""
        for name, listener in self.listeners:
            call_method(self.socket, "removeListener", name, listener)
        self.listeners.clear()

    def feed(self, chunk: Any) -> None:
        """Reads what has come."""
        assert self.parser is not None
        try:
            rest = self.parser.feed(bytes(memoryview(chunk)))
        except Exception as error:
            self.fail(error)
            call_method(self.socket, "destroy")
            return
        if rest is not None:
            self.change(rest)

    def on_head(self, head: Head) -> bool:
        """A response begins; whether it has no body."""
        method = shim.get(self.request, "method")
        if head.code == 100:
            emit(self.request, "continue")
            return False
        if head.code // 100 == 1 and head.code != 101:
            about = shim.Object(statusCode=head.code, httpVersion=head.version)
            emit(self.request, "information", about)
            return False
        self.head = head
        made = shim.construct(incoming.incoming_class(), self.socket)
        incoming.fill(made, head)
        self.response = made
        shim.set(made, "req", self.request)
        shim.set(self.request, "res", made)
        if head.upgrade or method == "CONNECT":
            return False
        done = function(lambda *_: self.finish(), "responseOnEnd")
        call_method(made, "on", "end", done)
        if not emit(self.request, "response", made):
            call_method(made, "_dump")
        return method == "HEAD"

    def on_body(self, data: bytes) -> None:
        """A part of the body."""
        incoming.deliver(self.response, data)

    def on_end(self, head: Head) -> None:
        """The response has come completely."""
        if head is self.head and self.response is not None:
            incoming.end(self.response, head)

    def change(self, rest: bytes) -> None:
        """The server speaks another protocol now."""
        request, response = self.request, self.response
        name = "connect" if shim.get(request, "method") == "CONNECT" else "upgrade"
        self.leave()
        emit(self.socket, "agentRemove")
        if call_method(request, "listenerCount", name):
            emit(request, name, response, self.socket, shim.Buffer(rest))
            self.over = True
            outgoing.close(request)
        else:
            call_method(self.socket, "destroy")

    def finish(self) -> None:
        """The response was read: the socket is free, or closed."""
        if self.over:
            return
        request, head = self.request, self.head
        if shim.get(request, "writableFinished") is not True:
            again = function(lambda *_: self.finish(), "requestOnFinish")
            call_method(request, "once", "finish", again)
            return
        self.over = True
        self.leave()
        keeps = out_of(request).keep_alive and head is not None and head.keep_alive
        socket = self.socket
        if keeps and shim.get(socket, "destroyed") is not True:
            if shim.get(request, "timeout"):
                call_method(socket, "setTimeout", 0)
            outgoing.detach(request)
            idle = function(lambda *_: call_method(socket, "destroy"), "onIdle")
            call_method(socket, "removeAllListeners", "error")
            call_method(socket, "once", "error", idle)
            call_method(socket, "removeAllListeners", "timeout")
            call_method(socket, "once", "timeout", idle)
            shim.queue_tick(lambda: emit(socket, "free"))
        else:
            call_method(socket, "destroySoon")
        shim.queue_tick(lambda: outgoing.close(request))

    def ended(self) -> None:
        """The server sends no more."""
        if self.parser is not None and self.parser.finish():
            return
        if self.response is None:
            self.fail(node_error("Error", "ECONNRESET", "socket hang up"))
        call_method(self.socket, "end")

    def fail(self, error: Any) -> None:
        """The socket has an error."""
        if self.failed or self.over:
            return
        self.failed = True
        if self.response is None:
            emit(self.request, "error", error)

    def closed(self) -> None:
        """The socket is closed."""
        request, response = self.request, self.response
        if self.over:
            return
        self.over = True
        if self.parser is not None and response is not None:
            self.parser.finish()
        if response is not None:
            error = node_error("Error", "ECONNRESET", "aborted")
            incoming.abort(response, error)
        elif not self.failed and not common_of(request).errored:
            self.failed = True
            error = node_error("Error", "ECONNRESET", "socket hang up")
            emit(request, "error", error)
        outgoing.close(request)


class _Members:
    def onSocket(this: Any, socket: Any, error: Any = None) -> None:
        def act() -> None:
            exchange = shim.get(this, _STATE)
            if is_object(error):
                call_method(this, "destroy", error)
            elif common_of(this).destroyed:
                call_method(socket, "destroy")
            else:
                exchange.begin(socket)

        shim.queue_tick(act)

    def abort(this: Any) -> None:
        if shim.get(this, "aborted") is not True:
            shim.set(this, "aborted", True)
            shim.queue_tick(lambda: emit(this, "abort"))
            call_method(this, "destroy")

    def _destroy(this: Any, error: Any, callback: Any) -> None:
        exchange = shim.get(this, _STATE)
        done = exchange.over
        exchange.over = True
        if exchange.response is not None and not done:
            aborted = error if is_object(error) else None
            reason = aborted or node_error("Error", "ECONNRESET", "aborted")
            incoming.abort(exchange.response, reason)
        elif not done and not exchange.failed and not is_object(error):
            error = node_error("Error", "ECONNRESET", "socket hang up")
        if exchange.socket is not None and not done:
            exchange.leave()
            quiet = function(lambda *_: None, "")
            call_method(exchange.socket, "on", "error", quiet)
            call_method(exchange.socket, "destroy")
        shim.call(callback, None, shim.null if done else error)

    def setTimeout(this: Any, msecs: Any, callback: Any = None) -> Any:
        if callable(callback):
            call_method(this, "once", "timeout", callback)
        shim.set(this, "timeout", msecs)
        socket = shim.get(this, "socket")
        if is_object(socket):
            call_method(socket, "setTimeout", msecs)
        return this

    def setNoDelay(this: Any, noDelay: Any = None) -> None:
        _with_socket(this, "setNoDelay", noDelay)

    def setSocketKeepAlive(this: Any, enable: Any = None, delay: Any = None) -> None:
        _with_socket(this, "setKeepAlive", enable, delay)


def _with_socket(this: Any, name: str, *arguments: Any) -> None:
    socket = shim.get(this, "socket")
    if is_object(socket):
        call_method(socket, name, *arguments)
        return
    act = function(lambda one=None, *_: call_method(one, name, *arguments), "")
    call_method(this, "once", "socket", act)


def client_class() -> Any:
    """The class ClientRequest of this realm."""
    return kept("http.ClientRequest", _make)


def _make() -> Any:
    parent = outgoing.outgoing_class()
    return klass("ClientRequest", _init, _Members, parent=parent, call=True, length=3)
