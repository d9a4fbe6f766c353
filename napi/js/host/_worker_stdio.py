"""Standard streams between a Worker and its parent."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._kit import function, make
from napi.js.host._stream_base import call_method
from napi.js.host._stream_readable import readable_class
from napi.js.host._stream_writable import writable_class
from napi.runtime.builtin import hidden

__all__ = ["make_input", "make_output", "worker_input"]


def _bytes(chunk: Any, encoding: Any) -> bytes:
    if isinstance(chunk, str):
        from napi.runtime.buffer import encode

        return bytes(encode(chunk, str(encoding or "utf8")))
    return bytes(memoryview(chunk))


class _Input:
    """What was written to a Worker's stdin, and is still to be read there."""

    def __init__(self) -> None:
        self.chunks: list[bytes | None] = []
        self.stream: Any = None
        self.held = False

    def refer(self, held: bool) -> None:
        if held != self.held:
            self.held = held
            shim.hold(1 if held else -1, 1 if held else -1)

    def give(self) -> None:
        """A turn of the Worker's: what has come is pushed."""
        while self.stream is not None and self.chunks:
            chunk = self.chunks.pop(0)
            data = shim.null if chunk is None else shim.Buffer(chunk)
            call_method(self.stream, "push", data)
            if chunk is None:
                self.refer(False)


def make_input(worker: Any) -> Any:
    """``worker.stdin`` of a parent: a stream to be written.

    Args:
        worker: The Worker.
    """
    held = worker.streams_in = _Input()
    made = shim.construct(writable_class(), make(decodeStrings=True))

    def give(chunk: bytes | None) -> None:
        held.chunks.append(chunk)
        if worker.agent is not None:
            shim.post(worker.agent, held.give)

    def send(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
        give(_bytes(chunk, encoding))
        shim.call(callback, None)

    def end(this: Any, callback: Any) -> None:
        give(None)
        shim.call(callback, None)

    hidden(made, "_write", function(send, "_write", this=True))
    hidden(made, "_final", function(end, "_final", this=True))
    return made


def worker_input(worker: Any) -> Any:
    """``process.stdin`` of a Worker: ended, where the parent gives nothing.

    Args:
        worker: The Worker.
    """
    made = shim.construct(readable_class(), make())
    held = worker.streams_in

    def fetch(this: Any, n: Any = None) -> None:
        if held is None:
            call_method(this, "push", shim.null)
            return
        held.stream = this
        held.refer(True)
        held.give()

    hidden(made, "_read", function(fetch, "_read", this=True))
    shim.set(made, "fd", 0)
    return made


def make_output(worker: Any, name: str, descriptor: int) -> Any:
    """``process.stdout`` of a Worker whose parent wants to read it.

    Args:
        worker: The Worker.
        name: ``stdout`` or ``stderr``.
        descriptor: What its ``fd`` is.
    """
    made = shim.construct(writable_class(), make(decodeStrings=False))

    def send(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
        worker.write(name, _bytes(chunk, encoding))
        shim.call(callback, None)

    hidden(made, "_write", function(send, "_write", this=True))
    shim.set(made, "fd", descriptor)
    return made
