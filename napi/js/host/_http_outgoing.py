"""``http.OutgoingMessage``: what is sent, its head and its body."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host import _stream_writable as writable
from napi.js.host._errors import node_error
from napi.js.host._kit import is_object, klass, super_call
from napi.js.host._stream_base import call_method, chunk_of, common_of
from napi.js.host._stream_writable import writable_class
from napi.runtime.builtin import accessor, hidden
from napi.runtime.realm import kept

__all__ = ["Out", "attach", "detach", "out_of", "outgoing_class", "set_header"]

_STATE = shim.Symbol("kOutHeaders")
TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_BAD_VALUE = re.compile("[^\t\x20-\x7e\x80-\xff]")


class Out:
    """What is known of a message that is sent.

    Attributes:
        head: Makes the first line, when the head is sent.
        has_body: Whether a body may follow.
        chunks: Whether a body of unknown length is sent in chunks.
        length: Of the body, where it is known before the head is sent.
        keep_alive: Whether the connection shall live on.
        extra: Lines for the end of the head, made when it is sent.
    """

    def __init__(self) -> None:
        self.headers: dict[str, tuple[str, Any]] = {}
        self.trailers: list[tuple[str, str]] = []
        self.head: Callable[[], str] = lambda: ""
        self.extra: Callable[[], list[str]] = list
        self.has_body = self.chunks = self.keep_alive = True
        self.chunked = self.sent = self.removed_length = False
        self.length: int | None = None
        self.pending = b""
        self.queue: list[tuple[bytes, Any]] = []
        self.socket: Any = None


def out_of(this: Any) -> Out:
    """What is known of a message."""
    found: Out = shim.get(this, _STATE)
    return found


def init(this: Any, *_: Any) -> None:
    """The constructor of OutgoingMessage."""
    super_call(writable_class(), this, shim.Object(autoDestroy=False, emitClose=True))
    hidden(this, _STATE, Out())
    for name, value in (
        ("shouldKeepAlive", True),
        ("sendDate", False),
        ("finished", False),
        ("socket", shim.null),
        ("_header", shim.null),
        ("_hasBody", True),
    ):
        shim.set(this, name, value)


# === headers ===


def check_name(name: Any, what: str = "Header name") -> str:
    """The value, the name of a header.

    Raises:
        napi.TypeError: It is none (``ERR_INVALID_HTTP_TOKEN``).
    """
    if not isinstance(name, str) or not TOKEN.fullmatch(name):
        text = f'{what} must be a valid HTTP token ["{shim.to_string(name)}"]'
        raise node_error("TypeError", "ERR_INVALID_HTTP_TOKEN", text)
    return name


def check_value(name: str, value: Any) -> None:
    """Checks the value of a header.

    Raises:
        napi.TypeError: It is undefined or has a character that may not be there.
    """
    if value is None:
        text = f'Invalid value "undefined" for header "{name}"'
        raise node_error("TypeError", "ERR_HTTP_INVALID_HEADER_VALUE", text)
    if _BAD_VALUE.search(str(shim.to_string(value))):
        text = f'Invalid character in header content ["{name}"]'
        raise node_error("TypeError", "ERR_INVALID_CHAR", text)


def set_header(this: Any, name: Any, value: Any) -> None:
    """Sets a header, in the place of one of the same name."""
    out = out_of(this)
    if out.sent:
        text = "Cannot set headers after they are sent to the client"
        raise node_error("Error", "ERR_HTTP_HEADERS_SENT", text)
    check_name(name)
    for one in value if isinstance(value, list) else [value]:
        check_value(name, one)
    out.headers[name.lower()] = (name, value)


def headers_from(this: Any, given: Any) -> None:
    """Sets the headers of an object, or of a list of names and values."""
    if isinstance(given, list):
        flat = list(given)
        if flat and isinstance(flat[0], list):
            flat = [one for pair in flat for one in pair]
        for name, value in zip(flat[::2], flat[1::2], strict=True):
            known = out_of(this).headers.get(str(name).lower())
            call_method(this, "appendHeader" if known else "setHeader", name, value)
    elif is_object(given):
        for name in shim.keys(given):
            set_header(this, name, shim.get(given, name))


def _lines(out: Out) -> list[str]:
    found = []
    for name, value in out.headers.values():
        for one in value if isinstance(value, list) else [value]:
            found.append(f"{name}: {shim.to_string(one)}")
    return found


def send_head(this: Any) -> None:
    """Makes the head, which is sent with the first part of the body."""
    out = out_of(this)
    if out.sent:
        return
    first, lines = out.head(), _lines(out)
    lines += out.extra()
    known = "content-length" in out.headers
    coding = out.headers.get("transfer-encoding")
    if coding is not None:
        out.chunked = "chunked" in str(shim.to_string(coding[1])).lower()
    elif out.has_body and not known:
        if out.length is not None and out.chunks and not out.removed_length:
            lines.append(f"Content-Length: {out.length}")
        elif out.chunks:
            out.chunked = True
            lines.append("Transfer-Encoding: chunked")
        elif shim.get(this, "statusCode") is not None:
            out.keep_alive = False
    head = "\r\n".join([first, *lines]) + "\r\n\r\n"
    out.sent, out.pending = True, head.encode("latin-1", "replace")
    shim.set(this, "_header", head)


# === bytes ===


def raw(this: Any, data: bytes, callback: Any) -> None:
    """Hands bytes to the socket, after what waits for one."""
    out = out_of(this)
    data, out.pending = out.pending + data, b""
    if out.socket is None:
        out.queue.append((data, callback))
    elif shim.get(out.socket, "destroyed") is True:
        shim.call(callback, None)
    elif data:
        call_method(out.socket, "write", shim.Buffer(data), callback)
    else:
        shim.call(callback, None)


def attach(this: Any, socket: Any) -> None:
    """Gives a message the socket that it is sent over."""
    out = out_of(this)
    out.socket = socket
    shim.set(this, "socket", socket)
    queue, out.queue = out.queue, []
    for data, callback in queue:
        call_method(socket, "write", shim.Buffer(data), callback)


def detach(this: Any) -> None:
    """Takes the socket away."""
    out_of(this).socket = None
    shim.set(this, "socket", shim.null)


def _framed(out: Out, data: bytes) -> bytes:
    if not out.chunked:
        return data
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


def _finish(this: Any, chunk: Any, encoding: Any, callback: Any) -> Any:
    out = out_of(this)
    if callable(chunk):
        chunk, callback = None, chunk
    elif callable(encoding):
        encoding, callback = None, encoding
    if chunk is shim.null:
        chunk = None
    if chunk is not None:
        chunk = chunk_of(chunk, encoding)
    if not out.sent and not shim.get(this, "writableEnded"):
        out.length = 0 if chunk is None else len(chunk)
        call_method(this, "_implicitHeader")
    shim.set(this, "finished", True)
    writable.end(this, chunk, None, callback)
    return this


class Members:
    """The methods of the prototype."""

    def _implicitHeader(this: Any) -> None:
        send_head(this)

    def _write(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
        out = out_of(this)
        if not out.sent:
            call_method(this, "_implicitHeader")
        data = bytes(memoryview(chunk)) if out.has_body else b""
        raw(this, _framed(out, data), callback)

    def _final(this: Any, callback: Any) -> None:
        out = out_of(this)
        if not out.sent:
            call_method(this, "_implicitHeader")
        tail = b""
        if out.chunked and out.has_body:
            lines = "".join(f"{name}: {value}\r\n" for name, value in out.trailers)
            tail = b"0\r\n" + lines.encode("latin-1", "replace") + b"\r\n"
        raw(this, tail, callback)

    def end(this: Any, chunk: Any = None, encoding: Any = None, cb: Any = None) -> Any:
        return _finish(this, chunk, encoding, cb)

    def setHeader(this: Any, name: Any, value: Any) -> Any:
        set_header(this, name, value)
        return this

    def setHeaders(this: Any, headers: Any) -> Any:
        from napi.runtime.iterate import iterate

        for pair in iterate(headers):
            set_header(this, pair[0], pair[1])
        return this

    def appendHeader(this: Any, name: Any, value: Any) -> Any:
        known = out_of(this).headers.get(check_name(name).lower())
        values = list(value) if isinstance(value, list) else [value]
        if known is not None:
            old = known[1]
            values = [*(old if isinstance(old, list) else [old]), *values]
            value = shim.Array(values)
        set_header(this, name, value)
        return this

    def getHeader(this: Any, name: Any) -> Any:
        return out_of(this).headers.get(str(name).lower(), (None, None))[1]

    def getHeaders(this: Any) -> Any:
        made = shim.create(shim.null)
        for key, (_, value) in out_of(this).headers.items():
            shim.set(made, key, value)
        return made

    def getHeaderNames(this: Any) -> Any:
        return shim.Array(list(out_of(this).headers))

    def getRawHeaderNames(this: Any) -> Any:
        return shim.Array([name for name, _ in out_of(this).headers.values()])

    def hasHeader(this: Any, name: Any) -> bool:
        return str(name).lower() in out_of(this).headers

    def removeHeader(this: Any, name: Any) -> None:
        out = out_of(this)
        if out.sent:
            text = "Cannot remove headers after they are sent to the client"
            raise node_error("Error", "ERR_HTTP_HEADERS_SENT", text)
        key = str(name).lower()
        out.headers.pop(key, None)
        if key == "content-length":
            out.removed_length = True
        elif key == "date":
            shim.set(this, "sendDate", False)

    def flushHeaders(this: Any) -> None:
        if not out_of(this).sent:
            call_method(this, "_implicitHeader")
        from napi.js.host._kit import function

        raw(this, b"", function(lambda *_: None))

    def addTrailers(this: Any, headers: Any) -> None:
        for name in shim.keys(headers):
            value = shim.get(headers, name)
            check_name(name, "Trailer name")
            check_value(name, value)
            out_of(this).trailers.append((name, str(shim.to_string(value))))

    def setTimeout(this: Any, msecs: Any, callback: Any = None) -> Any:
        if callable(callback):
            call_method(this, "on", "timeout", callback)
        socket = shim.get(this, "socket")
        if is_object(socket):
            call_method(socket, "setTimeout", msecs)
        else:
            from napi.js.host._kit import function

            later = function(
                lambda one=None, *_: call_method(one, "setTimeout", msecs), ""
            )
            call_method(this, "once", "socket", later)
        return this

    def _destroy(this: Any, error: Any, callback: Any) -> None:
        socket = out_of(this).socket
        if is_object(socket):
            call_method(socket, "destroy", error)
        shim.call(callback, None, error)


def outgoing_class() -> Any:
    """The class OutgoingMessage of this realm."""
    return kept("http.OutgoingMessage", _make)


def _make() -> Any:
    made = klass(
        "OutgoingMessage", init, Members, parent=writable_class(), call=True, length=1
    )
    prototype = shim.get(made, "prototype")
    accessor(prototype, "headersSent", lambda this: out_of(this).sent)
    accessor(prototype, "connection", lambda this: shim.get(this, "socket"))
    return made


def close(this: Any) -> None:
    """The event ``close``, once, when all is done."""
    if not common_of(this).destroyed:
        out_of(this).socket = None
        call_method(this, "destroy")
