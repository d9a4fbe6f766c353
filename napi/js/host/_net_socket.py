"""``net.Socket``: a connection as a stream, on the turns of the loop."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host import _net_connect
from napi.js.host._errors import need_function, need_number, node_error, out_of_range
from napi.js.host._kit import (
    call_later,
    function,
    is_object,
    klass,
    option,
    super_call,
)
from napi.js.host._net_address import address_object, plain_error
from napi.js.host._net_link import Link, link_of
from napi.js.host._stream_base import call_method, common_of, emit
from napi.runtime.builtin import accessor
from napi.runtime.poller import READ
from napi.runtime.realm import kept

__all__ = ["adopt", "socket_class"]

_LONGEST = 2**31 - 1

# === construction ===


def _duplex() -> Any:
    from napi.js.host import load

    return shim.get(load("stream"), "Duplex")


_PASSED = ("readable", "writable", "signal", "highWaterMark", "objectMode")


def _init(this: Any, options: Any = None) -> None:
    given = options
    if shim.typeof(options) == "number":
        given = shim.Object(fd=options)
    if option(given, "objectMode") is True:
        text = "The property 'options.objectMode' is not supported. Received true"
        raise node_error("TypeError", "ERR_INVALID_ARG_VALUE", text)
    half = option(given, "allowHalfOpen", False) is True
    settings = shim.Object(allowHalfOpen=half, emitClose=False, autoDestroy=True)
    for name in ("highWaterMark", "signal"):
        if option(given, name) is not None:
            shim.set(settings, name, option(given, name))
    if option(given, "fd") is not None:
        for name in ("readable", "writable"):
            shim.set(settings, name, option(given, name, True))
    super_call(_duplex(), this, settings)
    link = link_of(this)
    for name, value in (
        ("connecting", False),
        ("_hadError", False),
        ("_parent", shim.null),
        ("_host", shim.null),
        ("_sockname", shim.null),
        ("_pendingData", shim.null),
        ("_pendingEncoding", ""),
        ("server", shim.null),
        ("_server", shim.null),
    ):
        shim.set(this, name, value)
    call_method(this, "on", "end", function(_ended, "onReadableStreamEnd", this=True))
    signal = option(settings, "signal")
    if is_object(signal):
        from napi.js.host.stream import _Module

        _Module.addAbortSignal(signal, this)
    fd = option(given, "fd")
    if fd is not None:
        _open_descriptor(this, link, int(fd))


def _open_descriptor(this: Any, link: Link, fd: int) -> None:
    try:
        sock = socket.socket(fileno=fd)
    except OSError as error:
        if error.errno not in (errno.ENOTSOCK, errno.EBADF):
            raise
        text = f"Unsupported fd type: {_kind(fd)}"
        raise node_error("TypeError", "ERR_INVALID_FD_TYPE", text) from None
    link.open(sock)


def _kind(fd: int) -> str:
    import stat

    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        return "UNKNOWN"
    return "FILE" if stat.S_ISREG(mode) else "PIPE" if stat.S_ISFIFO(mode) else "TTY"


def adopt(sock: socket.socket, options: dict[str, Any], server: Any = None) -> Any:
    """A Socket over a connection that is there.

    Args:
        sock: It.
        options: For the constructor.
        server: The server that it came to.
    """
    made = shim.construct(socket_class(), shim.Object(**options))
    link = link_of(made)
    link.open(sock)
    if server is not None:
        link.server = server
        shim.set(made, "server", server)
        shim.set(made, "_server", server)
    return made


def _ended(this: Any) -> None:
    if shim.get(this, "allowHalfOpen") is False:
        shim.set(this, "write", function(_write_after_end, "write", this=True))


def _write_after_end(
    this: Any, chunk: Any = None, encoding: Any = None, cb: Any = None
) -> bool:
    text = "This socket has been ended by the other party"
    error = node_error("Error", "EPIPE", text)
    callback = encoding if callable(encoding) else cb
    if callable(callback):
        call_later(callback, error)
    call_method(this, "destroy", error)
    return False


# === the stream's methods ===


class _Stream:
    def _read(this: Any, n: Any = None) -> None:
        link = link_of(this)
        if shim.get(this, "connecting") is True or link.sock is None:
            link.waiting.append(lambda: link.want(add=READ))
        else:
            link.want(add=READ)

    def _write(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
        _send(this, memoryview(chunk).cast("B"), callback)

    def _writev(this: Any, chunks: Any, callback: Any) -> None:
        parts = [bytes(memoryview(shim.get(one, "chunk"))) for one in chunks]
        _send(this, memoryview(b"".join(parts)), callback)

    def _final(this: Any, callback: Any) -> None:
        link = link_of(this)
        if shim.get(this, "connecting") is True:
            link.waiting.append(lambda: call_method(this, "_final", callback))
            return
        if link.sock is None:
            shim.call(callback, None)
            return
        try:
            link.sock.shutdown(socket.SHUT_WR)
        except OSError as error:
            if error.errno != errno.ENOTCONN:
                shim.call(callback, None, plain_error(error.errno or 5, "shutdown"))
                return
        shim.call(callback, None)

    def _destroy(this: Any, exception: Any, callback: Any) -> None:
        link, failed = link_of(this), is_object(exception)
        had = link.sock is not None or link.connecting
        shim.set(this, "connecting", False)
        link.close()
        link.waiting.clear()
        unsent, link.unsent = link.unsent, None
        if unsent is not None and failed:
            shim.call(unsent[1], None, exception)

        def closed(*_: Any) -> None:
            common_of(this).close_emitted = True
            emit(this, "close", failed)

        if had:
            call_later(closed)
        shim.call(callback, None, exception)
        if not had:
            common_of(this).close_emitted = True
            shim.queue_tick(lambda: emit(this, "close"))
        server = link.server
        if server is not None:
            link.server = None
            from napi.js.host._net_server import release

            release(server, this)


def _send(this: Any, data: memoryview, callback: Any) -> None:
    link = link_of(this)
    if shim.get(this, "connecting") is True:
        link.waiting.append(lambda: _send(this, data, callback))
        return
    if link.sock is None:
        text = "Socket is closed"
        error = node_error("Error", "ERR_SOCKET_CLOSED", text)
        shim.call(callback, None, error)
        return
    link.write(data, callback)


# === the socket's own methods ===


class _Members:
    def connect(this: Any, *arguments: Any) -> Any:
        return _net_connect.connect(this, arguments)

    def setTimeout(this: Any, msecs: Any, callback: Any = None) -> Any:
        delay = need_number(msecs, "msecs")
        if not 0 <= delay < float("inf"):
            raise out_of_range("msecs", "a non-negative finite number", msecs)
        if callback is not None:
            need_function(callback, "callback")
        link_of(this).limit(min(delay, _LONGEST))
        shim.set(this, "timeout", delay)
        if callable(callback):
            name = "once" if delay else "removeListener"
            call_method(this, name, "timeout", callback)
        return this

    def _onTimeout(this: Any) -> None:
        emit(this, "timeout")

    def _unrefTimer(this: Any) -> None:
        link_of(this).touch()

    def setNoDelay(this: Any, enable: Any = None) -> Any:
        on = enable is None or shim.to_boolean(enable)
        _set_option(this, socket.IPPROTO_TCP, socket.TCP_NODELAY, int(on))
        return this

    def setKeepAlive(this: Any, enable: Any = None, initialDelay: Any = None) -> Any:
        on = int(shim.to_boolean(enable))
        _set_option(this, socket.SOL_SOCKET, socket.SO_KEEPALIVE, on)
        seconds = int((shim.to_number(initialDelay or 0)) // 1000)
        if on and seconds > 0 and hasattr(socket, "TCP_KEEPIDLE"):
            _set_option(this, socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, seconds)
        return this

    def address(this: Any) -> Any:
        return address_object(link_of(this).sock)

    def ref(this: Any) -> Any:
        return _refer(this, True)

    def unref(this: Any) -> Any:
        return _refer(this, False)

    def destroySoon(this: Any) -> None:
        if shim.get(this, "writable") is True:
            call_method(this, "end")
        if shim.get(this, "writableFinished") is True:
            call_method(this, "destroy")
        else:
            destroy = function(lambda *_: call_method(this, "destroy"), "destroy")
            call_method(this, "once", "finish", destroy)

    def resetAndDestroy(this: Any) -> Any:
        link = link_of(this)
        if link.sock is None and shim.get(this, "connecting") is not True:
            text = "Socket is closed"
            error = node_error("Error", "ERR_SOCKET_CLOSED", text)
            return call_method(this, "destroy", error)
        link.reset = True
        if shim.get(this, "connecting") is True:
            link.waiting.append(lambda: call_method(this, "destroy"))
            return this
        return call_method(this, "destroy")


def _set_option(this: Any, level: int, name: int, value: int) -> None:
    link = link_of(this)

    def act() -> None:
        if link.sock is not None and link.sock.family != socket.AF_UNIX:
            with contextlib.suppress(OSError):
                link.sock.setsockopt(level, name, value)

    if link.sock is None or link.connecting:
        link.waiting.append(act)
    else:
        act()


def _refer(this: Any, referenced: bool) -> Any:
    link = link_of(this)
    link.referenced = referenced
    if link.watch is not None:
        link.watch.refer(referenced)
    return this


def _ready_state(this: Any) -> str:
    if shim.get(this, "connecting") is True:
        return "opening"
    reads = shim.get(this, "readable") is True
    writes = shim.get(this, "writable") is True
    if reads and writes:
        return "open"
    return "readOnly" if reads else "writeOnly" if writes else "closed"


def _bytes_written(this: Any) -> int:
    link, waiting = link_of(this), shim.get(this, "writableLength")
    unsent = len(link.unsent[0]) if link.unsent is not None else 0
    if link.connecting or shim.get(this, "connecting") is True:
        return int(waiting)
    sent_of_unsent = int(waiting) if link.unsent is None else 0
    return link.written_bytes + unsent + (sent_of_unsent if link.sock else 0)


def _handle(this: Any) -> Any:
    """What looks at the descriptor finds it; null where there is none."""
    link = link_of(this)
    if link.sock is None:
        return shim.null
    return shim.Object(fd=link.sock.fileno(), reading=bool(link.watch))


_GETTERS: dict[str, Callable[[Any], Any]] = {
    "_connecting": lambda this: shim.get(this, "connecting"),
    "pending": lambda this: (
        link_of(this).sock is None or shim.get(this, "connecting") is True
    ),
    "readyState": _ready_state,
    "bufferSize": lambda this: (
        shim.get(this, "writableLength") if link_of(this).sock else None
    ),
    "bytesRead": lambda this: link_of(this).read_bytes,
    "bytesWritten": _bytes_written,
    "_bytesDispatched": _bytes_written,
    "remoteAddress": lambda this: link_of(this).ends[1].get("address"),
    "remoteFamily": lambda this: link_of(this).ends[1].get("family"),
    "remotePort": lambda this: link_of(this).ends[1].get("port"),
    "localAddress": lambda this: link_of(this).ends[0].get("address"),
    "localFamily": lambda this: link_of(this).ends[0].get("family"),
    "localPort": lambda this: link_of(this).ends[0].get("port"),
    "_handle": _handle,
}


def socket_class() -> Any:
    """The class Socket of this realm."""
    return kept("net.Socket", _make)


def _make() -> Any:
    members = type("members", (), {**vars(_Members), **vars(_Stream)})
    made = klass("Socket", _init, members, parent=_duplex(), call=True, length=1)
    prototype = shim.get(made, "prototype")
    for name, get in _GETTERS.items():
        accessor(prototype, name, get)
    return made
