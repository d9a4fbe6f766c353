"""Readable streams and iteration: ``values()`` and ``ReadableStream.from``.

Source: WHATWG Streams, chapters 4.2.4 and 4.9.1 (ReadableStreamFromIterable).
"""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._errors import node_error
from napi.js.host._kit import is_object, make, rejected
from napi.js.host._web_kit import (
    invalid_state,
    later_promise,
    promised,
    react,
    resolved_with,
)
from napi.js.host._web_source import (
    Reader,
    Request,
    Stream,
    nothing,
    simple_stream,
)
from napi.runtime.builtin import install
from napi.runtime.prototype import prototype_for

__all__ = ["from_iterable", "iterate"]


class _Iteration:
    """The state of an async iterator: its reader and the step that is under way."""

    def __init__(self, stream: Stream, keep: bool) -> None:
        self.reader, self.keep = Reader(stream), keep
        self.current: Any = None
        self.done = False

    def chain(self, step: Any) -> Any:
        """Runs a step after the one under way."""
        if self.current is None:
            self.current = step()
        else:
            again = lambda value=None: step()  # noqa: E731
            self.current = react(self.current, again, again)
        return self.current

    def next(self) -> Any:
        """Reads one chunk; a promise."""
        if self.done:
            return resolved_with(make(done=True, value=None))
        reader = self.reader
        if reader.stream is None:
            text = "The reader is not bound to a ReadableStream"
            return rejected(invalid_state(text))
        made = later_promise()

        def chunk(value: Any) -> None:
            self.current = None
            made._resolve(make(done=False, value=value))

        def close(value: Any = None) -> None:
            self.current, self.done = None, True
            reader.release()
            made._resolve(make(done=True, value=None))

        def error(reason: Any) -> None:
            self.current, self.done = None, True
            reader.release()
            made._reject(reason)

        reader.read(Request(chunk, close, error))
        return made

    def stop(self, value: Any) -> Any:
        """Gives the stream up; a promise."""
        result = make(done=True, value=value)
        if self.done:
            return resolved_with(result)
        self.done = True
        if self.reader.stream is None:
            text = "The reader is not bound to a ReadableStream"
            return rejected(invalid_state(text))
        if self.keep:
            self.reader.release()
            return resolved_with(result)
        cancelled = self.reader.cancel(value)
        self.reader.release()
        return react(cancelled, lambda _=None: result)


def iterate(stream: Stream, keep: bool) -> Any:
    """The async iterator of the chunks.

    Args:
        stream: The stream.
        keep: Whether leaving the loop does not cancel it.
    """
    state = _Iteration(stream, keep)
    made = shim.create(prototype_for("asynciterator"))

    class members:
        def next(this: Any) -> Any:
            return state.chain(state.next)

        def return_(this: Any, value: Any = None) -> Any:
            return state.chain(lambda: state.stop(value))

    install(made, members, listed=True)
    return made


def _iterator_of(iterable: Any) -> Any:
    if iterable is None or iterable is shim.null:
        raise _not_iterable(iterable)
    method = shim.get(iterable, shim.Symbol.asyncIterator)
    if method is None or method is shim.null:
        method = shim.get(iterable, shim.Symbol.iterator)
    if not callable(method):
        raise _not_iterable(iterable)
    iterator = shim.call(method, iterable)
    if not is_object(iterator):
        text = "The iterator method must return an object"
        raise invalid_state(text)
    return iterator


def _not_iterable(value: Any) -> Any:
    from napi.js.inspect import inspect

    text = f"{inspect(value)} must be iterable"
    return node_error("TypeError", "ERR_ARG_NOT_ITERABLE", text)


def from_iterable(iterable: Any) -> Stream:
    """A stream of what an iterable gives.

    Raises:
        napi.TypeError: It is none (``ERR_ARG_NOT_ITERABLE``).
    """
    iterator = _iterator_of(iterable)
    advance = shim.get(iterator, "next")

    def pull() -> Any:
        step = promised(lambda: shim.call(advance, iterator))

        def got(result: Any = None) -> Any:
            if not is_object(result):
                text = "The promise returned by the iterator.next() method must "
                raise invalid_state(text + "fulfill with an object")
            if shim.to_boolean(shim.get(result, "done")):
                controller.close()
                return None
            value = shim.get(result, "value")
            if not is_object(value):
                controller.enqueue(value)
                return None
            return react(resolved_with(value), controller.enqueue)

        return react(step, got)

    def cancel(reason: Any) -> Any:
        leave = shim.get(iterator, "return")
        if leave is None or leave is shim.null:
            return None

        def left(result: Any = None) -> None:
            if not is_object(result):
                text = "The promise returned by the iterator.return() method must "
                raise invalid_state(text + "fulfill with an object")

        return react(promised(lambda: shim.call(leave, iterator, reason)), left)

    stream, controller = simple_stream(nothing, pull, cancel, 0)
    return stream
