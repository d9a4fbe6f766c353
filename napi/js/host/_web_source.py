"""Readable streams within: states, requests and the default controller.

Source: WHATWG Streams, chapters 4.5 (default controllers) and 4.9 (operations).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._kit import make, thrown_value
from napi.js.host._web_kit import (
    invalid_state,
    later_promise,
    promised,
    quiet,
    react,
    rejected_quietly,
    resolved_with,
)

__all__ = [
    "DefaultController",
    "Queue",
    "Reader",
    "Request",
    "Stream",
    "promise_request",
]


def nothing(*_: Any) -> None:
    """An algorithm that does nothing."""


class Request:
    """What waits for a chunk: functions for each outcome."""

    __slots__ = ("chunk", "close", "error")

    def __init__(
        self,
        chunk: Callable[[Any], Any],
        close: Callable[..., Any],
        error: Callable[[Any], Any],
    ) -> None:
        self.chunk, self.close, self.error = chunk, close, error


def promise_request() -> tuple[Request, Any]:
    """A request that settles a promise of ``{ value, done }``."""
    made = later_promise()

    def chunk(value: Any) -> None:
        made._resolve(make(done=False, value=value))

    def close(value: Any = None) -> None:
        made._resolve(make(done=True, value=value))

    return Request(chunk, close, made._reject), made


class Reader:
    """The state of a reader: its stream and those who wait for a chunk."""

    def __init__(self, stream: Stream, byob: bool = False) -> None:
        if stream.reader is not None:
            raise invalid_state("ReadableStream is locked")
        self.js: Any = None
        self.byob = byob
        self.stream: Stream | None = stream
        self.requests: deque[Request] = deque()
        self.closed: Any = None
        stream.reader = self
        if stream.state == "readable":
            self.closed = later_promise()
        elif stream.state == "closed":
            self.closed = resolved_with()
        else:
            self.closed = rejected_quietly(stream.stored)

    def read(self, request: Request) -> None:
        """Asks for the next chunk (a default reader)."""
        stream = self.stream
        assert stream is not None
        stream.disturbed = True
        if stream.state == "closed":
            request.close()
        elif stream.state == "errored":
            request.error(stream.stored)
        else:
            stream.controller.pull_steps(request)

    def cancel(self, reason: Any) -> Any:
        """Cancels its stream."""
        assert self.stream is not None
        return self.stream.cancel(reason)

    def detach(self) -> None:
        """Takes the reader off its stream (ReadableStreamReaderGenericRelease)."""
        stream = self.stream
        assert stream is not None
        error = invalid_state("Reader released")
        if stream.state == "readable":
            quiet(self.closed)._reject(error)
        else:
            self.closed = rejected_quietly(error)
        stream.controller.release_steps()
        stream.reader = self.stream = None

    def release(self) -> None:
        """Detaches it and fails what waits."""
        if self.stream is None:
            return
        self.detach()
        waiting, self.requests = self.requests, deque()
        error = invalid_state("Releasing reader")
        for request in waiting:
            request.error(error)


class Stream:
    """The state of a ReadableStream."""

    def __init__(self) -> None:
        self.js: Any = None
        self.state = "readable"
        self.reader: Reader | None = None
        self.stored: Any = None
        self.disturbed = False
        self.controller: Any = None
        self.watchers: list[Callable[[], Any]] = []

    @property
    def locked(self) -> bool:
        """Whether it has a reader."""
        return self.reader is not None

    def waiting(self, byob: bool = False) -> int:
        """How many requests its reader has, if it is of that kind."""
        reader = self.reader
        return len(reader.requests) if reader and reader.byob == byob else 0

    def fulfill(self, value: Any, done: bool) -> None:
        """Gives a chunk to who waits longest."""
        assert self.reader is not None
        request = self.reader.requests.popleft()
        request.close(value) if done else request.chunk(value)

    def close(self) -> None:
        """Ends it."""
        self.state = "closed"
        reader = self.reader
        if reader is not None:
            reader.closed._resolve(None)
            if not reader.byob:
                waiting, reader.requests = reader.requests, deque()
                for request in waiting:
                    request.close()
        self._changed()

    def fail(self, error: Any) -> None:
        """Ends it with an error."""
        self.state, self.stored = "errored", error
        reader = self.reader
        if reader is not None:
            quiet(reader.closed)._reject(error)
            waiting, reader.requests = reader.requests, deque()
            for request in waiting:
                request.error(error)
        self._changed()

    def _changed(self) -> None:
        watchers, self.watchers = self.watchers, []
        for act in watchers:
            act()

    def cancel(self, reason: Any) -> Any:
        """Tells the source that nobody wants more; a promise."""
        self.disturbed = True
        if self.state == "closed":
            return resolved_with()
        if self.state == "errored":
            return rejected_quiet_free(self.stored)
        self.close()
        reader = self.reader
        if reader is not None and reader.byob:
            waiting, reader.requests = reader.requests, deque()
            for request in waiting:
                request.close()
        return react(self.controller.cancel_steps(reason), nothing)


def rejected_quiet_free(reason: Any) -> Any:
    """A rejected promise that somebody has to handle."""
    made = later_promise()
    made._reject(reason)
    return made


class Queue:
    """Chunks with their sizes (Streams 8.1)."""

    def __init__(self) -> None:
        self.items: deque[tuple[Any, Any]] = deque()
        self.total: Any = 0

    def push(self, value: Any, size: Any) -> None:
        """Adds a chunk.

        Raises:
            napi.RangeError: The size is no size.
        """
        number = shim.to_number(size)
        if not 0 <= number < float("inf"):
            from napi.js.host._web_kit import range_value

            raise range_value("size", size)
        self.items.append((value, number))
        self.total += number

    def take(self) -> Any:
        """Takes the first chunk off."""
        value, size = self.items.popleft()
        self.total = max(0, self.total - size)
        return value

    def reset(self) -> None:
        """Forgets everything."""
        self.items.clear()
        self.total = 0


class Controller:
    """What both kinds of controllers do: asking the source for more."""

    stream: Stream
    js: Any

    def __init__(self, stream: Stream, high: float) -> None:
        self.js = None
        self.stream, self.high = stream, high
        self.started = self.close_requested = False
        self.pull_again = self.pulling = False
        self.on_pull: Callable[[], Any] = nothing
        self.on_cancel: Callable[[Any], Any] = nothing
        stream.controller = self

    def begin(self, start: Callable[[], Any]) -> None:
        """Starts the source.

        Raises:
            napi.Error: What ``start`` throws.
        """

        def started(value: Any = None) -> None:
            self.started = True
            self.call_pull()

        begun = later_promise()  # a new one, whatever start returns
        begun._resolve(start())
        react(begun, started, self.fail)

    def wanted(self) -> float | None:
        """The desired size; None after an error."""
        if self.stream.state == "errored":
            return None
        return 0 if self.stream.state == "closed" else self.high - self.total()

    def total(self) -> Any:
        """The size of what is queued."""
        raise NotImplementedError

    def should_pull(self) -> bool:
        """Whether the source has to be asked."""
        raise NotImplementedError

    def clear(self) -> None:
        """Lets go of the algorithms."""
        self.on_pull = self.on_cancel = nothing

    def fail(self, error: Any = None) -> None:
        """Errors the stream."""
        raise NotImplementedError

    def call_pull(self) -> None:
        """Asks the source, unless it is being asked."""
        if not self.should_pull():
            return
        if self.pulling:
            self.pull_again = True
            return
        self.pulling = True

        def pulled(value: Any = None) -> None:
            self.pulling = False
            if self.pull_again:
                self.pull_again = False
                self.call_pull()

        react(promised(self.on_pull), pulled, self.fail)


class DefaultController(Controller):
    """The state of a ReadableStreamDefaultController."""

    def __init__(self, stream: Stream, high: float, size: Callable[[Any], Any]) -> None:
        super().__init__(stream, high)
        self.queue, self.size = Queue(), size

    def total(self) -> Any:
        """The size of what is queued."""
        return self.queue.total

    def can_close(self) -> bool:
        """Whether chunks or the end may still come."""
        return not self.close_requested and self.stream.state == "readable"

    def should_pull(self) -> bool:
        """Whether the source has to be asked."""
        if not self.can_close() or not self.started:
            return False
        wanted = self.wanted()
        return self.stream.waiting() > 0 or (wanted is not None and wanted > 0)

    def close(self) -> None:
        """The end comes after what is queued."""
        if not self.can_close():
            return
        self.close_requested = True
        if not self.queue.items:
            self.clear()
            self.stream.close()

    def enqueue(self, chunk: Any) -> None:
        """A chunk, to who waits or to the queue."""
        if not self.can_close():
            return
        if self.stream.waiting() > 0:
            self.stream.fulfill(chunk, False)
        else:
            try:
                self.queue.push(chunk, self.size(chunk))
            except Exception as error:
                self.fail(thrown_value(error))
                raise
        self.call_pull()

    def fail(self, error: Any = None) -> None:
        """Errors the stream."""
        if self.stream.state == "readable":
            self.queue.reset()
            self.clear()
            self.stream.fail(error)

    def cancel_steps(self, reason: Any) -> Any:
        """Cancels the source; a promise."""
        self.queue.reset()
        cancel = self.on_cancel
        self.clear()
        return promised(lambda: cancel(reason))

    def pull_steps(self, request: Request) -> None:
        """Serves a read."""
        if not self.queue.items:
            assert self.stream.reader is not None
            self.stream.reader.requests.append(request)
            self.call_pull()
            return
        chunk = self.queue.take()
        if self.close_requested and not self.queue.items:
            self.clear()
            self.stream.close()
        else:
            self.call_pull()
        request.chunk(chunk)

    def release_steps(self) -> None:
        """A reader leaves: nothing to do."""


def simple_stream(
    start: Callable[[], Any],
    pull: Callable[[], Any],
    cancel: Callable[[Any], Any],
    high: float = 1,
    size: Callable[[Any], Any] | None = None,
) -> tuple[Stream, DefaultController]:
    """A stream whose algorithms are functions of Python (CreateReadableStream)."""
    stream = Stream()
    controller = DefaultController(stream, high, size or (lambda chunk: 1))
    controller.on_pull, controller.on_cancel = pull, cancel
    controller.begin(start)
    return stream, controller
