"""What is under a ``net.Socket``: the descriptor, its bytes, its time out."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._net_address import address_of, plain_error
from napi.js.host._stream_base import call_method, emit
from napi.runtime.builtin import hidden
from napi.runtime.poller import READ, WRITE, Watch
from napi.runtime.timers import Timeout, set_timeout

__all__ = ["Link", "link_of"]

LINK = shim.Symbol("kLink")
_PIECE = 65536


class Link:
    """What is under a Socket.

    Attributes:
        sock: The system's socket; None: there is none yet, or no longer.
        connecting: Whether it is on its way to the other end.
        waiting: What is done once it is connected.
    """

    def __init__(self, this: Any) -> None:
        self.this = this
        self.sock: socket.socket | None = None
        self.watch: Watch | None = None
        self.connecting = self.referenced = False
        self.referenced = True
        self.read_bytes = self.written_bytes = 0
        self.unsent: tuple[memoryview, Any] | None = None
        self.waiting: list[Callable[[], Any]] = []
        self.attempts: list[str] = []
        self.timer: Timeout | None = None
        self.timeout: float = 0
        self.server: Any = None
        self.reset = False
        # Both ends are asked for while they are there.
        self.ends: tuple[dict[str, Any], dict[str, Any]] = ({}, {})

    # === the descriptor ===

    def open(self, sock: socket.socket) -> None:
        """Takes a connected socket over."""
        sock.setblocking(False)
        self.sock, self.connecting = sock, False
        self.ends = (address_of(sock), address_of(sock, True))
        self.watch = Watch(sock.fileno(), self.ready)
        self.watch.refer(self.referenced)

    def want(self, add: int = 0, drop: int = 0) -> None:
        """Changes what is waited for."""
        if self.watch is not None:
            self.watch.change((self.watch.mask | add) & ~drop)

    def ready(self, mask: int) -> None:
        """Reads and writes what can be."""
        if mask & WRITE:
            self.send()
        if mask & READ and self.sock is not None:
            self.receive()

    def close(self) -> None:
        """Gives the descriptor back."""
        self.want(drop=READ | WRITE)
        sock, self.sock, self.watch = self.sock, None, None
        self.connecting = False
        if self.timer is not None:
            self.timer.close()
            self.timer = None
        if sock is not None:
            if self.reset:
                with contextlib.suppress(OSError):
                    linger = (1).to_bytes(4, "little") + bytes(4)
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            sock.close()

    # === bytes ===

    def receive(self) -> None:
        """Takes in one piece; the end of the stream where there is none."""
        assert self.sock is not None
        try:
            data = self.sock.recv(_PIECE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self.want(drop=READ)
            call_method(self.this, "destroy", plain_error(error.errno or 5, "read"))
            return
        self.touch()
        if not data:
            self.want(drop=READ)
            call_method(self.this, "push", shim.null)
            call_method(self.this, "read", 0)
            return
        self.read_bytes += len(data)
        if not call_method(self.this, "push", shim.Buffer(data)):
            self.want(drop=READ)

    def write(self, data: memoryview, callback: Any) -> None:
        """Sends bytes; calls back when the system has them all."""
        self.unsent = (data, callback)
        self.send()

    def send(self) -> None:
        """Goes on with what is not sent yet."""
        if self.unsent is None or self.sock is None:
            self.want(drop=WRITE)
            return
        data, callback = self.unsent
        try:
            while data:
                count = self.sock.send(data)
                self.written_bytes += count
                data = data[count:]
        except (BlockingIOError, InterruptedError):
            self.unsent = (data, callback)
            self.want(add=WRITE)
            return
        except OSError as error:
            self.unsent = None
            self.want(drop=WRITE)
            shim.call(callback, None, plain_error(error.errno or 32, "write"))
            return
        self.touch()
        self.unsent = None
        self.want(drop=WRITE)
        shim.call(callback, None)

    # === time ===

    def touch(self) -> None:
        """Something happened: the time out begins anew."""
        if self.timer is not None:
            self.timer.refresh()

    def limit(self, milliseconds: float) -> None:
        """Has the socket say when nothing has happened for some time."""
        if self.timer is not None:
            self.timer.close()
            self.timer = None
        self.timeout = milliseconds
        if milliseconds:
            timer = set_timeout(self.expired, milliseconds)
            timer.unref()
            self.timer = timer

    def expired(self) -> None:
        """The event ``timeout``; the time begins anew with the next activity."""
        self.timer = None
        emit(self.this, "timeout")
        if self.sock is not None and self.timer is None and self.timeout:
            self.limit(self.timeout)


def link_of(this: Any) -> Link:
    """What is under a Socket."""
    found = shim.get(this, LINK) if shim.has_own(this, LINK) else None
    if found is None:
        found = Link(this)
        hidden(this, LINK, found)
    made: Link = found
    return made
