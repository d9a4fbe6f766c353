"""Reading a descriptor that is no file of a disk: a terminal, a pipe, a socket."""

from __future__ import annotations

import os
from typing import Any

from napi._native import shim
from napi.js.host._errors import system_error
from napi.js.host._kit import work
from napi.js.host._stream_base import call_method
from napi.runtime.poller import READ, Watch

__all__ = ["Reader"]

_PIECE = 65536


class Reader:
    """Pushes what comes into a readable stream, while it wants more.

    Args:
        this: The stream.
        descriptor: It; the stream closes it.
    """

    def __init__(self, this: Any, descriptor: int) -> None:
        self.this, self.descriptor = this, descriptor
        self.watch: Watch | None = Watch(descriptor, self._ready)
        self.closed = False

    def start(self) -> None:
        """Waits for bytes; a file of a disk is read at once, on a thread."""
        if self.closed:
            return
        if self.watch is not None:
            try:
                self.watch.change(READ)
                return
            except PermissionError:  # of epoll: such a descriptor is always ready
                self.watch = None
        work(lambda: os.read(self.descriptor, _PIECE), self._have)

    def stop(self) -> None:
        """Waits no longer: the program may end."""
        if self.watch is not None:
            self.watch.change(0)

    def refer(self, referenced: bool) -> None:
        """Whether waiting keeps the program going."""
        if self.watch is not None:
            self.watch.refer(referenced)

    def close(self) -> None:
        """Forgets the descriptor."""
        self.stop()
        self.closed = True

    def _ready(self, _: int) -> None:
        try:
            data = os.read(self.descriptor, _PIECE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._have(error, b"")
        else:
            self._have(None, data)

    def _have(self, error: Any, data: Any) -> None:
        if self.closed:
            return
        if isinstance(error, OSError):
            self.stop()
            call_method(self.this, "destroy", system_error(error.errno or 5, "read"))
        elif not data:
            self.stop()
            call_method(self.this, "push", shim.null)
        elif not call_method(self.this, "push", shim.Buffer(data)):
            self.stop()
