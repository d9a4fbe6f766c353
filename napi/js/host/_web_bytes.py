"""Readable byte streams within: the controller that fills given buffers.

Source: WHATWG Streams, chapters 4.7 and 4.9.5.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_value
from napi.js.host._kit import thrown_value
from napi.js.host._web_kit import invalid_state, promised, range_value
from napi.js.host._web_source import Controller, Request, Stream

__all__ = ["ByteController", "PullInto", "view_parts"]


def view_parts(view: Any) -> tuple[Any, int, int]:
    """Buffer, offset and length in bytes of a view."""
    get = shim.get
    return (
        get(view, "buffer"),
        int(get(view, "byteOffset")),
        int(get(view, "byteLength")),
    )


def transfer(buffer: Any) -> Any:
    """The bytes of a buffer in a new one; the old one is detached."""
    return shim.call(shim.get(buffer, "transfer"), buffer)


def _copy(target: Any, at: int, source: Any, start: int, count: int) -> None:
    if count:
        with memoryview(target) as into, memoryview(source) as data:
            into[at : at + count] = data[start : start + count]


class PullInto:
    """A buffer that waits to be filled."""

    def __init__(
        self, buffer: Any, offset: int, length: int, least: int, view: str, reader: str
    ) -> None:
        self.buffer, self.offset, self.length = buffer, offset, length
        self.buffer_length = int(shim.get(buffer, "byteLength"))
        self.filled, self.least = 0, least
        self.view, self.reader = view, reader
        self.size = 1
        if view != "DataView":
            self.size = int(shim.get(getattr(shim, view), "BYTES_PER_ELEMENT"))

    def converted(self) -> Any:
        """A view of what is filled, over a buffer of its own."""
        buffer = transfer(self.buffer)
        kind = getattr(shim, self.view)
        return kind(buffer, self.offset, self.filled // self.size)


class ByobRequest:
    """The state of a ReadableStreamBYOBRequest."""

    def __init__(self, controller: Any, view: Any) -> None:
        self.js: Any = None
        self.controller, self.view = controller, view


class ByteController(Controller):
    """The state of a ReadableByteStreamController."""

    def __init__(self, stream: Stream, high: float, allocate: int | None) -> None:
        super().__init__(stream, high)
        self.allocate = allocate
        self.queue: deque[tuple[Any, int, int]] = deque()
        self.size = 0
        self.pending: deque[PullInto] = deque()
        self.request: ByobRequest | None = None
        self.wrap: Callable[[ByobRequest], Any] = lambda request: None

    def total(self) -> Any:
        """The number of queued bytes."""
        return self.size

    def should_pull(self) -> bool:
        """Whether the source has to be asked."""
        stream = self.stream
        if stream.state != "readable" or self.close_requested or not self.started:
            return False
        wanted = self.wanted()
        waiting = stream.waiting() or stream.waiting(True)
        return bool(waiting) or (wanted is not None and wanted > 0)

    def reset(self) -> None:
        """Forgets the queued bytes."""
        self.queue.clear()
        self.size = 0

    def invalidate(self) -> None:
        """The request that the program holds is of no use any more."""
        if self.request is not None:
            self.request.controller = None
            self.request.view = shim.null
            self.request = None

    def byob_request(self) -> Any:
        """The request of the buffer that waits longest; null: there is none."""
        if self.request is None and self.pending:
            first = self.pending[0]
            at, count = first.offset + first.filled, first.length - first.filled
            view = shim.Uint8Array(first.buffer, at, count)
            self.request = ByobRequest(self, view)
            self.wrap(self.request)
        return shim.null if self.request is None else self.request.js

    def close(self) -> None:
        """The end comes after what is queued."""
        if self.close_requested or self.stream.state != "readable":
            return
        if self.size > 0:
            self.close_requested = True
            return
        if self.pending and self.pending[0].filled % self.pending[0].size:
            error = invalid_state("Partial read")
            self.fail(error)
            raise error
        self.clear()
        self.stream.close()

    def fail(self, error: Any = None) -> None:
        """Errors the stream."""
        if self.stream.state == "readable":
            self.invalidate()
            self.pending.clear()
            self.reset()
            self.clear()
            self.stream.fail(error)

    def push(self, buffer: Any, offset: int, length: int) -> None:
        """Queues bytes."""
        self.queue.append((buffer, offset, length))
        self.size += length

    def push_copy(self, buffer: Any, offset: int, length: int) -> None:
        """Queues a copy of bytes; what fails errors the stream."""
        try:
            copied = shim.call(
                shim.get(buffer, "slice"), buffer, offset, offset + length
            )
        except Exception as error:
            self.fail(thrown_value(error))
            raise
        self.push(copied, 0, length)

    def enqueue(self, chunk: Any) -> None:
        """A chunk of bytes, to who waits or to the queue."""
        stream = self.stream
        if self.close_requested or stream.state != "readable":
            return
        buffer, offset, length = view_parts(chunk)
        moved = transfer(buffer)
        if self.pending:
            first = self.pending[0]
            if shim.get(first.buffer, "detached"):
                text = "Destination ArrayBuffer is detached"
                raise invalid_state(text)
            self.invalidate()
            first.buffer = transfer(first.buffer)
            if first.reader == "none":
                self.requeue_detached(first)
        reader = stream.reader
        if reader is not None and not reader.byob:
            while reader.requests and self.size:
                self.fill_from_queue(reader.requests.popleft())
            if not reader.requests:
                self.push(moved, offset, length)
            else:
                if self.pending:
                    self.pending.popleft()
                stream.fulfill(shim.Uint8Array(moved, offset, length), False)
        elif reader is not None:
            self.push(moved, offset, length)
            for one in self.filled_from_queue():
                self.commit(one)
        else:
            self.push(moved, offset, length)
        self.call_pull()

    def requeue_detached(self, first: PullInto) -> None:
        """The reader of a buffer left: what it holds goes to the queue."""
        if first.filled > 0:
            self.push_copy(first.buffer, first.offset, first.filled)
        self.pending.popleft()

    def fill_from_queue(self, request: Request) -> None:
        """Serves a read with the first queued piece."""
        buffer, offset, length = self.queue.popleft()
        self.size -= length
        self.drained()
        request.chunk(shim.Uint8Array(buffer, offset, length))

    def drained(self) -> None:
        """Ends the stream when the last byte was read, or asks for more."""
        if self.size == 0 and self.close_requested:
            self.clear()
            self.stream.close()
        else:
            self.call_pull()

    def fill(self, into: PullInto) -> bool:
        """Fills a buffer with queued bytes; whether it has enough."""
        most = min(self.size, into.length - into.filled)
        full = into.filled + most
        aligned = full - full % into.size
        left, ready = most, False
        if aligned >= into.least:
            left, ready = aligned - into.filled, True
        while left > 0:
            buffer, offset, length = self.queue[0]
            count = min(left, length)
            _copy(into.buffer, into.offset + into.filled, buffer, offset, count)
            if count == length:
                self.queue.popleft()
            else:
                self.queue[0] = (buffer, offset + count, length - count)
            self.size -= count
            into.filled += count
            left -= count
        return ready

    def filled_from_queue(self) -> list[PullInto]:
        """The waiting buffers that the queue can fill."""
        done = []
        while self.pending and self.size:
            if not self.fill(self.pending[0]):
                break
            done.append(self.pending.popleft())
        return done

    def commit(self, into: PullInto) -> None:
        """Gives a filled buffer to who waits for it."""
        stream = self.stream
        done = stream.state == "closed"
        made = into.converted()
        stream.fulfill(made, done)

    def pull_steps(self, request: Request) -> None:
        """Serves a read of a default reader."""
        if self.size > 0:
            self.fill_from_queue(request)
            return
        if self.allocate is not None:
            try:
                buffer = shim.ArrayBuffer(self.allocate)
            except Exception as error:
                request.error(thrown_value(error))
                return
            into = PullInto(buffer, 0, self.allocate, 1, "Uint8Array", "default")
            self.pending.append(into)
        assert self.stream.reader is not None
        self.stream.reader.requests.append(request)
        self.call_pull()

    def pull_into(self, view: Any, least: int, request: Request) -> None:
        """Serves a read of a BYOB reader.

        Args:
            view: What it gave to be filled; its buffer is detached.
            least: How many elements it needs.
            request: Gets the filled view.
        """
        stream = self.stream
        name = "DataView"
        if isinstance(view, shim.TypedArray):
            name = str(shim.get(view, shim.Symbol.toStringTag))
            if isinstance(view, shim.Buffer):
                name = "Buffer"
        buffer, offset, length = view_parts(view)
        try:
            moved = transfer(buffer)
        except Exception as error:
            request.error(thrown_value(error))
            return
        into = PullInto(moved, offset, length, 0, name, "byob")
        into.least = least * into.size
        assert stream.reader is not None
        waiting = stream.reader.requests
        if self.pending:
            self.pending.append(into)
            waiting.append(request)
        elif stream.state == "closed":
            kind = getattr(shim, name)
            request.close(kind(into.buffer, into.offset, 0))
        elif self.size > 0 and self.fill(into):
            filled = into.converted()
            self.drained()
            request.chunk(filled)
        elif self.close_requested:
            reason = invalid_state("ReadableStream closed")
            self.fail(reason)
            request.error(reason)
        else:
            self.pending.append(into)
            waiting.append(request)
            self.call_pull()

    def respond(self, written: int) -> None:
        """The program filled bytes of the requested view.

        Raises:
            napi.Error: There are not so many, or none in an open stream.
        """
        first, state = self.pending[0], self.stream.state
        if state == "closed":
            if written != 0:
                raise invalid_value("bytesWritten", written)
        else:
            if written == 0:
                raise invalid_value("bytesWritten", written)
            if first.filled + written > first.length:
                raise range_value("bytesWritten", written)
        first.buffer = transfer(first.buffer)
        self.responded(written)

    def respond_with(self, view: Any) -> None:
        """The program filled another view of the same memory.

        Raises:
            napi.Error: It does not fit the request.
        """
        first, state = self.pending[0], self.stream.state
        buffer, offset, length = view_parts(view)
        if state == "closed":
            if length != 0:
                raise invalid_state("View is not zero-length")
        elif length == 0:
            raise invalid_state("View is zero-length")
        at_end = first.offset + first.filled == offset
        whole = first.buffer_length == int(shim.get(buffer, "byteLength"))
        if not at_end or not whole or first.filled + length > first.length:
            raise range_value("view", view)
        first.buffer = transfer(buffer)
        self.responded(length)

    def responded(self, written: int) -> None:
        """Goes on after a buffer was filled by the program."""
        first = self.pending[0]
        self.invalidate()
        if self.stream.state == "closed":
            self._respond_closed(first)
        else:
            self._respond_readable(written, first)
        self.call_pull()

    def _respond_closed(self, first: PullInto) -> None:
        if first.reader == "none":
            self.pending.popleft()
        if self.stream.reader is not None and self.stream.reader.byob:
            count = self.stream.waiting(True)
            filled = [self.pending.popleft() for _ in range(count)]
            for one in filled:
                self.commit(one)

    def _respond_readable(self, written: int, first: PullInto) -> None:
        first.filled += written
        if first.reader == "none":
            self.requeue_detached(first)
            for one in self.filled_from_queue():
                self.commit(one)
            return
        if first.filled < first.least:
            return
        self.pending.popleft()
        rest = first.filled % first.size
        if rest:
            end = first.offset + first.filled
            self.push_copy(first.buffer, end - rest, rest)
        first.filled -= rest
        filled = self.filled_from_queue()
        self.commit(first)
        for one in filled:
            self.commit(one)

    def cancel_steps(self, reason: Any) -> Any:
        """Cancels the source; a promise."""
        self.invalidate()
        self.pending.clear()
        self.reset()
        cancel = self.on_cancel
        self.clear()
        return promised(lambda: cancel(reason))

    def release_steps(self) -> None:
        """A reader leaves: its buffer is filled for the next one."""
        if self.pending:
            first = self.pending[0]
            first.reader = "none"
            self.pending = deque([first])
