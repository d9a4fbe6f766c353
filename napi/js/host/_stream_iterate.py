"""Readable streams and iteration: ``for await``, ``toArray``, ``Readable.from``."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host import _stream_base as base
from napi.js.host._errors import node_error
from napi.js.host._kit import function, is_object, make, put
from napi.js.host._stream_base import call_method
from napi.js.host._stream_end import end_of_stream
from napi.runtime.builtin import hidden

__all__ = ["collect", "from_iterable", "is_iterable", "iterate"]


def push(this: Any, chunk: Any) -> None:
    """``this.push(chunk)``."""
    call_method(this, "push", chunk)


def iterate(this: Any) -> Any:
    """The async iterator of the chunks."""
    waiting: list[Any] = []
    ended: list[Any] = []

    def settle(*_: Any) -> None:
        while waiting:
            chunk = call_method(this, "read")
            if chunk is not shim.null:
                waiting.pop(0)._resolve(make(value=chunk, done=False))
            elif ended:
                promise = waiting.pop(0)
                if ended[0] is not None:
                    promise._reject(ended[0])
                    ended[0] = None
                else:
                    promise._resolve(make(value=None, done=True))
            else:
                return

    def finish(error: Any = None, *_: Any) -> None:
        if not ended:
            ended.append(error if is_object(error) else None)
        settle()

    def advance(*_: Any) -> Any:
        made = shim.Promise()
        waiting.append(made)
        settle()
        return made

    def stop(value: Any = None, *_: Any) -> Any:
        base.destroy(this)
        finish()
        made = shim.Promise()
        made._resolve(make(value=value, done=True))
        return made

    call_method(this, "on", "readable", function(settle, "next"))
    end_of_stream(this, make(writable=False), finish)
    found = put(shim.Object(), next=function(advance, "next"))
    shim.set(found, "return", function(stop, "return"))
    shim.set(found, shim.Symbol.asyncIterator, function(lambda *_: found, "iterator"))
    return found


def collect(this: Any) -> Any:
    """A promise of all chunks."""
    if not callable(shim.get(this, "on")):
        this = from_iterable(this)
    made, chunks = shim.Promise(), shim.Array()

    def finish(error: Any = None, *_: Any) -> None:
        made._reject(error) if is_object(error) else made._resolve(chunks)

    call_method(this, "on", "data", function(lambda chunk=None: chunks.append(chunk)))
    end_of_stream(this, make(writable=False), finish)
    return made


def is_iterable(value: Any) -> bool:
    """Whether a stream can be made of what a value gives."""
    if isinstance(value, (str, list, tuple)):
        return True
    if not is_object(value):
        return False
    keys = (shim.Symbol.asyncIterator, shim.Symbol.iterator)
    return any(callable(shim.get(value, key)) for key in keys)


def from_iterable(source: Any, options: Any = None, kind: Any = None) -> Any:
    """``Readable.from``.

    Args:
        source: An iterable.
        options: Those of the stream.
        kind: Its class; ``None``: Readable.
    """
    given = make(objectMode=True, highWaterMark=1)
    if is_object(options):
        for key in shim.keys(options):
            shim.set(given, key, shim.get(options, key))
    if kind is None:
        from napi.js.host._stream_readable import readable_class

        kind = readable_class()
    made = shim.construct(kind, given)
    if isinstance(source, (str, shim.Buffer)):

        def once(this: Any, n: Any = None) -> None:
            push(this, source)
            push(this, shim.null)

        hidden(made, "_read", function(once, "read", this=True))
        return made
    method = shim.get(source, shim.Symbol.asyncIterator)
    if not callable(method):
        method = shim.get(source, shim.Symbol.iterator)
    iterator = shim.call(method, source)

    def advance(this: Any, n: Any = None) -> None:
        _step(this, iterator)

    hidden(made, "_read", function(advance, "read", this=True))
    return made


def _step(this: Any, iterator: Any) -> None:
    def failed(error: Any = None, *_: Any) -> None:
        base.destroy(this, error)

    def got(value: Any = None, *_: Any) -> None:
        if value is shim.null:
            text = "May not write null values to stream"
            failed(node_error("TypeError", "ERR_STREAM_NULL_VALUES", text))
        else:
            push(this, value)

    def step(result: Any = None, *_: Any) -> None:
        if shim.to_boolean(shim.get(result, "done")):
            push(this, shim.null)
            return
        _await(shim.get(result, "value"), got, failed)

    try:
        result = call_method(iterator, "next")
    except Exception as error:
        from napi.js.host._kit import thrown_value

        failed(thrown_value(error))
        return
    _await(result, step, failed)


def _await(value: Any, done: Any, failed: Any) -> None:
    then = shim.get(value, "then") if is_object(value) else None
    if callable(then):
        shim.call(then, value, function(done), function(failed))
    else:
        done(value)
