"""``http.Server`` and ``http.ServerResponse``."""

from __future__ import annotations

from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from napi._native import shim
from napi.js.host import _http_incoming as incoming
from napi.js.host import _http_outgoing as outgoing
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._http_outgoing import out_of
from napi.js.host._http_parser import Head, Parser
from napi.js.host._kit import (
    function,
    is_object,
    klass,
    option,
    super_call,
)
from napi.js.host._net_server import server_class as net_server_class
from napi.js.host._stream_base import call_method, emit
from napi.runtime.builtin import hidden
from napi.runtime.realm import kept

__all__ = ["STATUS_CODES", "response_class", "server_class"]

_STATE = shim.Symbol("kConnections")
STATUS_CODES = {int(one): one.phrase for one in HTTPStatus} | {
    103: "Early Hints", 413: "Payload Too Large", 414: "URI Too Long",
    416: "Range Not Satisfiable", 418: "I'm a Teapot", 422: "Unprocessable Entity",
    425: "Too Early", 509: "Bandwidth Limit Exceeded",
}  # fmt: skip
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


# === responses ===


def _init_response(this: Any, req: Any, options: Any = None) -> None:
    super_call(outgoing.outgoing_class(), this)
    out = out_of(this)
    shim.set(this, "req", req)
    shim.set(this, "statusCode", 200)
    shim.set(this, "statusMessage", None)
    shim.set(this, "sendDate", True)
    out.has_body = shim.get(req, "method") != "HEAD"
    old = (
        shim.get(req, "httpVersionMajor") == 1
        and shim.get(req, "httpVersionMinor") == 0
    )
    out.chunks = not old
    out.head = lambda: _status_line(this)
    out.extra = lambda: _last_lines(this, out)


def _status_line(this: Any) -> str:
    code = int(shim.to_number(shim.get(this, "statusCode")))
    words = shim.get(this, "statusMessage")
    if words is None:
        words = STATUS_CODES.get(code, "unknown")
        shim.set(this, "statusMessage", words)
    out = out_of(this)
    if code in (204, 304) or code < 200:
        out.has_body = False
        out.chunks = False
    return f"HTTP/1.1 {code} {words}"


def _last_lines(this: Any, out: outgoing.Out) -> list[str]:
    lines = []
    if shim.get(this, "sendDate") is True and "date" not in out.headers:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    given = out.headers.get("connection")
    if given is not None:
        if "close" in str(shim.to_string(given[1])).lower():
            out.keep_alive = False
        return lines
    unknown = out.length is None and "content-length" not in out.headers
    if shim.get(this, "shouldKeepAlive") is not True or (
        unknown and not out.chunks and out.has_body
    ):
        out.keep_alive = False
    if not out.keep_alive:
        return [*lines, "Connection: close"]
    lines.append("Connection: keep-alive")
    server = shim.get(shim.get(this, "req"), "_server")
    seconds = int((shim.get(server, "keepAliveTimeout") or 0) // 1000) if server else 0
    if seconds:
        lines.append(f"Keep-Alive: timeout={seconds}")
    return lines


class _Response:
    def writeHead(
        this: Any, statusCode: Any, reason: Any = None, obj: Any = None
    ) -> Any:
        if out_of(this).sent:
            text = "Cannot write headers after they are sent to the client"
            raise node_error("Error", "ERR_HTTP_HEADERS_SENT", text)
        code = shim.to_number(statusCode)
        if code != code or not 100 <= code <= 999:
            text = f"Invalid status code: {shim.to_string(statusCode)}"
            raise node_error("RangeError", "ERR_HTTP_INVALID_STATUS_CODE", text)
        if isinstance(reason, str):
            shim.set(this, "statusMessage", reason)
        else:
            obj = reason if obj is None else obj
        shim.set(this, "statusCode", int(code))
        if is_object(obj):
            outgoing.headers_from(this, obj)
        outgoing.send_head(this)
        return this

    def _implicitHeader(this: Any) -> None:
        call_method(this, "writeHead", shim.get(this, "statusCode"))

    def writeContinue(this: Any, cb: Any = None) -> None:
        _interim(this, _CONTINUE, cb)

    def writeProcessing(this: Any, cb: Any = None) -> None:
        _interim(this, b"HTTP/1.1 102 Processing\r\n\r\n", cb)

    def writeEarlyHints(this: Any, hints: Any, cb: Any = None) -> None:
        lines = []
        for name in shim.keys(hints):
            value = shim.get(hints, name)
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            lines.append(f"{name.title()}: {shown}\r\n")
        text = "HTTP/1.1 103 Early Hints\r\n" + "".join(lines) + "\r\n"
        _interim(this, text.encode("latin-1", "replace"), cb)

    def assignSocket(this: Any, socket: Any) -> None:
        outgoing.attach(this, socket)

    def detachSocket(this: Any, socket: Any) -> None:
        outgoing.detach(this)


def _interim(this: Any, data: bytes, callback: Any) -> None:
    done = callback if callable(callback) else function(lambda *_: None)
    outgoing.raw(this, data, done)


# === connections ===


class _Connection:
    """One socket of a server, and the messages on it."""

    def __init__(self, server: Any, socket: Any) -> None:
        self.server, self.socket = server, socket
        self.request: Any = None
        self.responses: list[Any] = []
        self.closing = False
        self.parser = Parser(False, self.on_head, self.on_body, self.on_end)
        self.data = function(lambda chunk=None, *_: self.feed(chunk), "socketOnData")
        for name, act in (
            ("data", self.data),
            ("end", function(lambda *_: self.ended(), "socketOnEnd")),
            ("error", function(lambda error=None, *_: self.failed(error), "")),
            ("close", function(lambda *_: self.closed(), "serverSocketClose")),
            ("timeout", function(lambda *_: self.expired(), "socketOnTimeout")),
        ):
            call_method(socket, "on", name, act)

    @property
    def idle(self) -> bool:
        """Whether no request is being answered or read."""
        return not self.responses and self.parser.idle

    def feed(self, chunk: Any) -> None:
        """Reads what has come."""
        try:
            rest = self.parser.feed(bytes(memoryview(chunk)))
        except Exception as error:
            self.refuse(error)
            return
        if rest is not None:
            self.change(rest)

    def refuse(self, error: Any) -> None:
        """What came is no HTTP."""
        call_method(self.socket, "removeListener", "data", self.data)
        if call_method(self.server, "listenerCount", "clientError"):
            emit(self.server, "clientError", error, self.socket)
            return
        data = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
        if shim.get(self.socket, "writable") is True and not self.responses:
            call_method(self.socket, "write", shim.Buffer(data))
        call_method(self.socket, "destroySoon")

    def change(self, rest: bytes) -> None:
        """The client asks for another protocol."""
        request = self.request
        name = "connect" if shim.get(request, "method") == "CONNECT" else "upgrade"
        call_method(self.socket, "removeListener", "data", self.data)
        if call_method(self.server, "listenerCount", name):
            self.responses.clear()
            emit(self.server, name, request, self.socket, shim.Buffer(rest))
        else:
            call_method(self.socket, "destroy")

    def on_head(self, head: Head) -> bool:
        """A request begins."""
        request = shim.construct(_class(self.server, "IncomingMessage"), self.socket)
        incoming.fill(request, head)
        hidden(request, "_server", self.server)
        self.request = request
        changes = head.method == "CONNECT" or (
            head.upgrade and call_method(self.server, "listenerCount", "upgrade")
        )
        if changes:
            return False
        response = shim.construct(_class(self.server, "ServerResponse"), request)
        shim.set(response, "shouldKeepAlive", head.keep_alive and not self.closing)
        self.responses.append(response)
        call_method(self.socket, "setTimeout", 0)
        if len(self.responses) == 1:
            call_method(response, "assignSocket", self.socket)
        done = function(lambda *_: self.answered(request, response), "resOnFinish")
        call_method(response, "on", "finish", done)
        self.announce(request, response, head)
        return False

    def announce(self, request: Any, response: Any, head: Head) -> None:
        """Tells the program of a request."""
        wanted = {name.lower(): value.lower() for name, value in head.headers}
        if wanted.get(b"expect") == b"100-continue":
            if call_method(self.server, "listenerCount", "checkContinue"):
                emit(self.server, "checkContinue", request, response)
                return
            call_method(response, "writeContinue")
        emit(self.server, "request", request, response)

    def on_body(self, data: bytes) -> None:
        """A part of the request's body."""
        incoming.deliver(self.request, data)

    def on_end(self, head: Head) -> None:
        """The request has come completely."""
        incoming.end(self.request, head)

    def answered(self, request: Any, response: Any) -> None:
        """A response was sent: the next one, or the end."""
        if response in self.responses:
            self.responses.remove(response)
        call_method(response, "detachSocket", self.socket)
        if shim.get(request, "complete") is True:
            call_method(request, "_dump")
        shim.queue_tick(lambda: outgoing.close(response))
        if not out_of(response).keep_alive or self.closing:
            call_method(self.socket, "destroySoon")
        elif self.responses:
            call_method(self.responses[0], "assignSocket", self.socket)
        else:
            timeout = shim.get(self.server, "keepAliveTimeout") or 0
            if timeout:
                call_method(self.socket, "setTimeout", timeout + 1000)

    def ended(self) -> None:
        """The client sends no more."""
        if not self.parser.idle:
            self.lost()
        call_method(self.socket, "end")

    def lost(self) -> None:
        if self.request is not None:
            error = node_error("Error", "ECONNRESET", "aborted")
            incoming.abort(self.request, error)

    def failed(self, error: Any) -> None:
        """The socket has an error."""
        if call_method(self.server, "listenerCount", "clientError"):
            emit(self.server, "clientError", error, self.socket)

    def closed(self) -> None:
        """The socket is closed: so is what was not sent yet."""
        _connections(self.server).discard(self)
        self.lost()
        for response in self.responses:
            outgoing.close(response)
        self.responses.clear()

    def expired(self) -> None:
        """Nothing has happened for some time."""
        told = False
        for one in (self.request if not self.idle else None, *self.responses[:1]):
            told = bool(one is not None and emit(one, "timeout", self.socket)) or told
        told = bool(emit(self.server, "timeout", self.socket)) or told
        if not told:
            call_method(self.socket, "destroy")


def _class(server: Any, name: str) -> Any:
    made = shim.get(server, f"_{name}")
    if made is not None:
        return made
    return incoming.incoming_class() if name == "IncomingMessage" else response_class()


def _connections(server: Any) -> set[_Connection]:
    found: set[_Connection] = shim.get(server, _STATE)
    return found


# === servers ===


def _init_server(this: Any, options: Any = None, requestListener: Any = None) -> None:
    if callable(options):
        options, requestListener = None, options
    elif options is not None and not is_object(options):
        raise invalid_type("options", "object", options)
    given = shim.Object(allowHalfOpen=True, noDelay=option(options, "noDelay", True))
    for name in ("keepAlive", "keepAliveInitialDelay", "highWaterMark"):
        if option(options, name) is not None:
            shim.set(given, name, option(options, name))
    super_call(net_server_class(), this, given)
    hidden(this, _STATE, set())
    for name in ("IncomingMessage", "ServerResponse"):
        hidden(this, f"_{name}", option(options, name))
    if callable(requestListener):
        call_method(this, "on", "request", requestListener)

    def connected(socket: Any = None, *_: Any) -> None:
        _connections(this).add(_Connection(this, socket))
        timeout = shim.get(this, "timeout")
        if timeout:
            call_method(socket, "setTimeout", timeout)

    call_method(this, "on", "connection", function(connected, "connectionListener"))
    for name, value in (
        ("timeout", 0),
        ("maxHeadersCount", shim.null),
        ("maxRequestsPerSocket", 0),
        ("headersTimeout", option(options, "headersTimeout", 60000)),
        ("requestTimeout", option(options, "requestTimeout", 300000)),
        ("keepAliveTimeout", option(options, "keepAliveTimeout", 5000)),
    ):
        shim.set(this, name, value)


class _Server:
    def close(this: Any, cb: Any = None) -> Any:
        call_method(this, "closeIdleConnections")
        for one in _connections(this):
            one.closing = True
        return shim.call(
            shim.get(shim.get(net_server_class(), "prototype"), "close"), this, cb
        )

    def closeAllConnections(this: Any) -> None:
        for one in list(_connections(this)):
            call_method(one.socket, "destroy")

    def closeIdleConnections(this: Any) -> None:
        for one in list(_connections(this)):
            if one.idle:
                call_method(one.socket, "destroy")

    def setTimeout(this: Any, msecs: Any, callback: Any = None) -> Any:
        shim.set(this, "timeout", msecs)
        if callable(callback):
            call_method(this, "on", "timeout", callback)
        return this


def response_class() -> Any:
    """The class ServerResponse of this realm."""
    return kept("http.ServerResponse", _make_response)


def _make_response() -> Any:
    parent = outgoing.outgoing_class()
    return klass(
        "ServerResponse", _init_response, _Response, parent=parent, call=True, length=2
    )


def server_class() -> Any:
    """The class Server of this realm."""
    return kept("http.Server", _make_server)


def _make_server() -> Any:
    parent = net_server_class()
    return klass("Server", _init_server, _Server, parent=parent, call=True, length=2)
