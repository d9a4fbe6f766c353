"""Writable streams within: states, the writer and the controller.

Source: WHATWG Streams, chapters 5.4 and 5.5.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._kit import rejected, thrown_value
from napi.js.host._web_kit import (
    invalid_state,
    later_promise,
    promised,
    quiet,
    react,
    rejected_quietly,
    resolved_with,
)
from napi.js.host._web_source import Queue, nothing

__all__ = ["Controller", "Sink", "Writer"]

_CLOSE = object()  # the mark in the queue that stands for the end


class _Abort:
    def __init__(self, reason: Any, was_erroring: bool) -> None:
        self.promise = later_promise()
        self.reason, self.was_erroring = reason, was_erroring


class Sink:
    """The state of a WritableStream."""

    def __init__(self) -> None:
        self.js: Any = None
        self.state = "writable"
        self.stored: Any = None
        self.writer: Writer | None = None
        self.controller: Any = None
        self.backpressure = False
        self.close_request: Any = None
        self.in_flight_close: Any = None
        self.in_flight_write: Any = None
        self.pending_abort: _Abort | None = None
        self.requests: deque[Any] = deque()
        self.watchers: list[Callable[[], Any]] = []

    @property
    def locked(self) -> bool:
        """Whether it has a writer."""
        return self.writer is not None

    @property
    def closing(self) -> bool:
        """Whether the end was asked for."""
        return self.close_request is not None or self.in_flight_close is not None

    def wanted(self) -> float | None:
        """The desired size; None after an error."""
        if self.state in ("errored", "erroring"):
            return None
        return 0 if self.state == "closed" else float(self.controller.wanted())

    def changed(self) -> None:
        """Tells those who watch that the state is another."""
        watchers, self.watchers = self.watchers, []
        for act in watchers:
            act()

    def abort(self, reason: Any) -> Any:
        """Gives up what was not written; a promise."""
        from napi.runtime.abort import abort

        if self.state in ("closed", "errored"):
            return resolved_with()
        abort(shim.get(self.controller.aborter(), "signal"), reason)
        if self.state in ("closed", "errored"):
            return resolved_with()
        if self.pending_abort is not None:
            return self.pending_abort.promise
        was_erroring = self.state == "erroring"
        made = _Abort(None if was_erroring else reason, was_erroring)
        self.pending_abort = made
        if not was_erroring:
            self.start_erroring(reason)
        return made.promise

    def close(self) -> Any:
        """The end, after what is queued; a promise."""
        if self.state in ("closed", "errored"):
            return rejected(invalid_state("WritableStream is closed"))
        made = self.close_request = later_promise()
        writer = self.writer
        if writer is not None and self.backpressure and self.state == "writable":
            writer.ready._resolve(None)
        self.controller.close()
        return made

    def start_erroring(self, reason: Any) -> None:
        """The first step to an error: what is in flight is waited for."""
        self.state, self.stored = "erroring", reason
        if self.writer is not None:
            self.writer.reject_ready(reason)
        in_flight = self.in_flight_write is not None or self.in_flight_close is not None
        if not in_flight and self.controller.started:
            self.finish_erroring()
        self.changed()

    def finish_erroring(self) -> None:
        """The second step: requests fail, the sink is told."""
        self.state = "errored"
        self.controller.queue.reset()
        waiting, self.requests = self.requests, deque()
        for request in waiting:
            request._reject(self.stored)
        pending, self.pending_abort = self.pending_abort, None
        if pending is None:
            self.reject_closed()
        elif pending.was_erroring:
            pending.promise._reject(self.stored)
            self.reject_closed()
        else:
            self._run_abort(pending)
        self.changed()

    def _run_abort(self, pending: _Abort) -> None:
        def done(value: Any = None) -> None:
            pending.promise._resolve(None)
            self.reject_closed()

        def failed(reason: Any = None) -> None:
            pending.promise._reject(reason)
            self.reject_closed()

        react(self.controller.abort_steps(pending.reason), done, failed)

    def reject_closed(self) -> None:
        """Rejects those who wait for the end."""
        if self.close_request is not None:
            self.close_request._reject(self.stored)
            self.close_request = None
        if self.writer is not None:
            quiet(self.writer.closed)._reject(self.stored)

    def deal_with(self, error: Any) -> None:
        """Something that was done for the stream failed."""
        if self.state == "writable":
            self.start_erroring(error)
        else:
            self.finish_erroring()

    def wrote(self) -> None:
        """The write in flight is done."""
        self.in_flight_write._resolve(None)
        self.in_flight_write = None

    def write_failed(self, error: Any) -> None:
        """The write in flight failed."""
        self.in_flight_write._reject(error)
        self.in_flight_write = None
        self.deal_with(error)

    def closed(self) -> None:
        """The sink has ended."""
        self.in_flight_close._resolve(None)
        self.in_flight_close = None
        if self.state == "erroring":
            self.stored = None
            if self.pending_abort is not None:
                self.pending_abort.promise._resolve(None)
                self.pending_abort = None
        self.state = "closed"
        if self.writer is not None:
            self.writer.closed._resolve(None)
        self.changed()

    def close_failed(self, error: Any) -> None:
        """The sink could not end."""
        self.in_flight_close._reject(error)
        self.in_flight_close = None
        if self.pending_abort is not None:
            self.pending_abort.promise._reject(error)
            self.pending_abort = None
        self.deal_with(error)

    def press(self, backpressure: bool) -> None:
        """The queue became full, or has room again."""
        writer = self.writer
        if writer is not None and backpressure != self.backpressure:
            if backpressure:
                writer.ready = later_promise()
            else:
                writer.ready._resolve(None)
        self.backpressure = backpressure


class Writer:
    """The state of a writer."""

    def __init__(self, stream: Sink) -> None:
        if stream.writer is not None:
            raise invalid_state("WritableStream is locked")
        self.js: Any = None
        self.stream: Sink | None = stream
        stream.writer = self
        state = stream.state
        if state == "writable":
            waits = not stream.closing and stream.backpressure
            self.ready = later_promise() if waits else resolved_with()
            self.closed = later_promise()
        elif state == "erroring":
            self.ready = rejected_quietly(stream.stored)
            self.closed = later_promise()
        elif state == "closed":
            self.ready, self.closed = resolved_with(), resolved_with()
        else:
            self.ready = rejected_quietly(stream.stored)
            self.closed = rejected_quietly(stream.stored)

    def reject_ready(self, error: Any) -> None:
        """Nothing can be written any more."""
        if self.ready.state == "pending":
            quiet(self.ready)._reject(error)
        else:
            self.ready = rejected_quietly(error)

    def release(self) -> None:
        """Takes the writer off its stream."""
        stream = self.stream
        if stream is None:
            return
        error = invalid_state("Writer has been released")
        self.reject_ready(error)
        if self.closed.state == "pending":
            quiet(self.closed)._reject(error)
        else:
            self.closed = rejected_quietly(error)
        stream.writer = self.stream = None

    def write(self, chunk: Any) -> Any:
        """A chunk for the sink; a promise."""
        stream = self.stream
        assert stream is not None
        size = stream.controller.measure(chunk)
        if stream is not self.stream:
            raise invalid_state("Mismatched WritableStreams")
        if stream.state == "errored":
            return rejected(stream.stored)
        if stream.closing or stream.state == "closed":
            raise invalid_state("WritableStream is closed")
        if stream.state == "erroring":
            return rejected(stream.stored)
        made = later_promise()
        stream.requests.append(made)
        stream.controller.write(chunk, size)
        return made

    def close_once(self) -> Any:
        """Closes the stream, unless it is closed or closing; a promise."""
        stream = self.stream
        assert stream is not None
        if stream.closing or stream.state == "closed":
            return resolved_with()
        if stream.state == "errored":
            return rejected(stream.stored)
        return stream.close()


class Controller:
    """The state of a WritableStreamDefaultController."""

    def __init__(self, stream: Sink, high: float, size: Callable[[Any], Any]) -> None:
        self.js: Any = None
        self.stream, self.high, self.size = stream, high, size
        self.queue, self.started = Queue(), False
        self.on_write: Callable[[Any], Any] = nothing
        self.on_close: Callable[[], Any] = nothing
        self.on_abort: Callable[[Any], Any] = nothing
        self._aborter: Any = None
        stream.controller = self

    def aborter(self) -> Any:
        """The AbortController whose signal the sink sees."""
        if self._aborter is None:
            from napi.runtime.abort import AbortController

            self._aborter = shim.construct(AbortController)
        return self._aborter

    def begin(self, start: Callable[[], Any]) -> None:
        """Starts the sink.

        Raises:
            napi.Error: What ``start`` throws.
        """
        self.stream.press(self.full())
        result = start()

        def started(value: Any = None) -> None:
            self.started = True
            self.advance()

        def failed(reason: Any = None) -> None:
            self.started = True
            self.stream.deal_with(reason)

        begun = later_promise()  # a new one, whatever start returns
        begun._resolve(result)
        react(begun, started, failed)

    def wanted(self) -> Any:
        """The desired size."""
        return self.high - self.queue.total

    def full(self) -> bool:
        """Whether writers should wait."""
        return bool(self.wanted() <= 0)

    def clear(self) -> None:
        """Lets go of the algorithms."""
        self.on_write = self.on_close = self.on_abort = nothing
        self.size = lambda chunk: 1

    def measure(self, chunk: Any) -> Any:
        """The size of a chunk; what fails errors the stream."""
        try:
            return self.size(chunk)
        except Exception as error:
            if self.stream.state == "writable":
                self.fail(thrown_value(error))
            return 1

    def write(self, chunk: Any, size: Any) -> None:
        """Queues a chunk."""
        stream = self.stream
        try:
            self.queue.push(chunk, size)
        except Exception as error:
            if stream.state == "writable":
                self.fail(thrown_value(error))
            return
        if not stream.closing and stream.state == "writable":
            stream.press(self.full())
        self.advance()

    def close(self) -> None:
        """Queues the end."""
        self.queue.push(_CLOSE, 0)
        self.advance()

    def fail(self, error: Any) -> None:
        """Errors the stream."""
        self.clear()
        self.stream.start_erroring(error)

    def abort_steps(self, reason: Any) -> Any:
        """Tells the sink; a promise."""
        abort = self.on_abort
        self.clear()
        return promised(lambda: abort(reason))

    def advance(self) -> None:
        """Gives the sink the next chunk, if it is not at work."""
        stream = self.stream
        if not self.started or stream.in_flight_write is not None:
            return
        if stream.state == "erroring":
            stream.finish_erroring()
            return
        if self.queue.items and stream.state == "writable":
            chunk = self.queue.items[0][0]
            self._close() if chunk is _CLOSE else self._write(chunk)

    def _close(self) -> None:
        stream = self.stream
        stream.in_flight_close, stream.close_request = stream.close_request, None
        self.queue.take()
        close = self.on_close
        self.clear()
        react(promised(close), lambda value=None: stream.closed(), stream.close_failed)

    def _write(self, chunk: Any) -> None:
        stream = self.stream
        stream.in_flight_write = stream.requests.popleft()

        def done(value: Any = None) -> None:
            stream.wrote()
            self.queue.take()
            if not stream.closing and stream.state == "writable":
                stream.press(self.full())
            self.advance()

        def failed(reason: Any = None) -> None:
            if stream.state == "writable":
                self.clear()
            stream.write_failed(reason)

        react(promised(lambda: self.on_write(chunk)), done, failed)
