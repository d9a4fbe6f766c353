"""Two streams out of one.

Source: WHATWG Streams, chapter 4.9.1 (ReadableStreamTee and its two kinds).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from napi._native import shim
from napi.js.host._kit import thrown_value
from napi.js.host._web_bytes import ByteController, view_parts
from napi.js.host._web_kit import bare, later_promise, react, resolved_with
from napi.js.host._web_source import (
    Reader,
    Request,
    Stream,
    nothing,
    simple_stream,
)

__all__ = ["tee"]


class _Branches:
    """What both branches share."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.reader = Reader(stream)
        self.reading = False
        self.again = [False, False]
        self.cancelled = [False, False]
        self.reasons: list[Any] = [None, None]
        self.ended = later_promise()
        self.controllers: list[Any] = []

    def cancel(self, index: int, reason: Any) -> Any:
        """A branch is given up; the source is when both are."""
        self.cancelled[index], self.reasons[index] = True, reason
        if all(self.cancelled):
            self.ended._resolve(self.stream.cancel(shim.Array(self.reasons)))
        return self.ended

    def forward(self, reader: Reader) -> None:
        """An error of the source is one of both branches."""

        def failed(reason: Any = None) -> None:
            if reader is not self.reader:
                return
            for controller in self.controllers:
                controller.fail(reason)
            if not all(self.cancelled):
                self.ended._resolve(None)

        react(reader.closed, None, failed)


def tee(stream: Stream) -> tuple[Stream, Stream]:
    """Splits a stream; it is locked from then on.

    Raises:
        napi.TypeError: It is locked.
    """
    if isinstance(stream.controller, ByteController):
        return _tee_bytes(stream)
    return _tee_chunks(stream)


def _tee_chunks(stream: Stream) -> tuple[Stream, Stream]:
    both = _Branches(stream)

    def pull() -> Any:
        if both.reading:
            both.again[0] = True
            return None
        both.reading = True
        both.reader.read(request)
        return None

    def chunk(value: Any) -> None:
        def give() -> None:
            both.again[0] = False
            for index, controller in enumerate(both.controllers):
                if not both.cancelled[index]:
                    controller.enqueue(value)
            both.reading = False
            if both.again[0]:
                pull()

        shim.queue_microtask(give)

    def close(value: Any = None) -> None:
        both.reading = False
        for index, controller in enumerate(both.controllers):
            if not both.cancelled[index]:
                controller.close()
        if not all(both.cancelled):
            both.ended._resolve(None)

    def error(reason: Any) -> None:
        both.reading = False

    request = Request(chunk, close, error)
    made = [simple_stream(nothing, pull, partial(both.cancel, i)) for i in (0, 1)]
    both.controllers = [controller for _, controller in made]
    both.forward(both.reader)
    return made[0][0], made[1][0]


class _ByteBranches(_Branches):
    """Branches of a byte stream: each may read into buffers."""

    def switch(self, byob: bool) -> None:
        """Has the reader of the kind that is needed."""
        if self.reader.byob != byob:
            self.reader.release()
            self.reader = Reader(self.stream, byob)
            self.forward(self.reader)

    def pull(self, index: int) -> Any:
        """A branch wants bytes."""
        if self.reading:
            self.again[index] = True
            return resolved_with()
        self.reading = True
        request = self.controllers[index].byob_request()
        if request is shim.null:
            self.switch(False)
            self.reader.read(self._default_request())
        else:
            self._pull_into(request.__state__.view, index)
        return resolved_with()

    def _go_on(self) -> None:
        self.reading = False
        for index in (0, 1):
            if self.again[index]:
                self.pull(index)
                return

    def _fail(self, error: Any) -> None:
        for controller in self.controllers:
            controller.fail(error)
        self.ended._resolve(self.stream.cancel(error))

    def _default_request(self) -> Request:
        def give(value: Any) -> None:
            self.again = [False, False]
            second = value
            if not any(self.cancelled):
                try:
                    second = _copy_of(value)
                except Exception as error:
                    self._fail(thrown_value(error))
                    return
            for index, one in enumerate((value, second)):
                if not self.cancelled[index]:
                    self.controllers[index].enqueue(one)
            self._go_on()

        def chunk(value: Any) -> None:
            shim.queue_microtask(lambda: give(value))

        def close(value: Any = None) -> None:
            self.reading = False
            for index, controller in enumerate(self.controllers):
                if not self.cancelled[index]:
                    controller.close()
                if controller.pending:
                    controller.respond(0)
            if not all(self.cancelled):
                self.ended._resolve(None)

        def error(reason: Any) -> None:
            self.reading = False

        return Request(chunk, close, error)

    def _pull_into(self, view: Any, index: int) -> None:
        from napi.js.host._web_readable import read_into

        self.switch(True)
        own, other = self.controllers[index], self.controllers[1 - index]

        def give(value: Any) -> None:
            self.again = [False, False]
            if not self.cancelled[1 - index]:
                try:
                    copied = _copy_of(value)
                except Exception as error:
                    self._fail(thrown_value(error))
                    return
                if not self.cancelled[index]:
                    own.respond_with(value)
                other.enqueue(copied)
            elif not self.cancelled[index]:
                own.respond_with(value)
            self._go_on()

        def chunk(value: Any) -> None:
            shim.queue_microtask(lambda: give(value))

        def close(value: Any = None) -> None:
            self.reading = False
            gone, other_gone = self.cancelled[index], self.cancelled[1 - index]
            if not gone:
                own.close()
            if not other_gone:
                other.close()
            if value is not None:
                if not gone:
                    own.respond_with(value)
                if not other_gone and other.pending:
                    other.respond(0)
            if not (gone and other_gone):
                self.ended._resolve(None)

        def error(reason: Any) -> None:
            self.reading = False

        read_into(self.stream, view, 1, Request(chunk, close, error))


def _copy_of(view: Any) -> Any:
    buffer, offset, length = view_parts(view)
    slice_ = shim.get(buffer, "slice")
    return shim.Uint8Array(shim.call(slice_, buffer, offset, offset + length))


def _tee_bytes(stream: Stream) -> tuple[Stream, Stream]:
    from napi.js.host._web_readable import BytesController, Request_

    both = _ByteBranches(stream)
    made = []
    for index in (0, 1):
        branch = Stream()
        controller = ByteController(branch, 0, None)
        bare(BytesController, controller)
        controller.wrap = lambda request: bare(Request_, request)
        controller.on_pull = partial(both.pull, index)
        controller.on_cancel = partial(both.cancel, index)
        both.controllers.append(controller)
        made.append(branch)
    for controller in both.controllers:
        controller.begin(nothing)
    both.forward(both.reader)
    return made[0], made[1]
