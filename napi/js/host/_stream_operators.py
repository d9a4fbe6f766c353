"""What readable streams have of iterators: ``map``, ``filter``, ``reduce`` ..."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type, node_error, out_of_range
from napi.js.host._kit import function, is_object, make, option, put
from napi.js.host._stream_base import call_method
from napi.js.runtime_async import start_async
from napi.runtime.builtin import hidden

__all__ = ["add_operators"]

_Steps = Generator[Any, Any, Any]
_NOTHING = object()


def _need(fn: Any, options: Any) -> None:
    if not callable(fn):
        raise invalid_type("fn", "function", fn)
    if options is not None and not is_object(options):
        raise invalid_type("options", "Object", options)


class _Source:
    """The chunks of a stream, one after the other."""

    def __init__(self, stream: Any, options: Any = None) -> None:
        method = shim.get(stream, shim.Symbol.asyncIterator)
        self.iterator = shim.call(method, stream)
        controller = shim.construct(shim.get(shim.get_global(), "AbortController"))
        self.given = make(signal=shim.get(controller, "signal"))
        self.signal = option(options, "signal")

    def next(self) -> _Steps:
        """Awaits the next chunk; ``_NOTHING`` at the end."""
        if self.signal is not None and shim.get(self.signal, "aborted") is True:
            from napi.js.host.events import _abort_error

            yield from self.close()
            raise _abort_error(self.signal)
        result = yield call_method(self.iterator, "next")
        if shim.to_boolean(shim.get(result, "done")):
            return _NOTHING
        return shim.get(result, "value")

    def close(self) -> _Steps:
        """Leaves the stream, which is destroyed."""
        yield call_method(self.iterator, "return")

    def ask(self, fn: Any, value: Any) -> Any:
        """Calls a program's function with a chunk."""
        return shim.call(fn, None, value, self.given)


def _stream_of(step: Callable[[], _Steps], close: Callable[[], _Steps]) -> Any:
    """A readable stream of what a generator returns, until it returns nothing."""

    def finish(found: Any) -> Any:
        ended = found is _NOTHING
        return make(value=None if ended else found, done=ended)

    def steps() -> _Steps:
        return finish((yield from step()))

    def leave() -> _Steps:
        yield from close()
        return make(value=None, done=True)

    made = put(shim.Object(), next=function(lambda *_: start_async(steps()), "next"))
    shim.set(made, "return", function(lambda *_: start_async(leave()), "return"))
    iterator = function(lambda *_: made, "[Symbol.asyncIterator]")
    hidden(made, shim.Symbol.asyncIterator, iterator)
    from napi.js.host._stream_iterate import from_iterable

    return from_iterable(made)


def _map(this: Any, fn: Any, options: Any = None) -> Any:
    _need(fn, options)
    source = _Source(this, options)

    def step() -> _Steps:
        value = yield from source.next()
        return value if value is _NOTHING else (yield source.ask(fn, value))

    return _stream_of(step, source.close)


def _filter(this: Any, fn: Any, options: Any = None) -> Any:
    _need(fn, options)
    source = _Source(this, options)

    def step() -> _Steps:
        while (value := (yield from source.next())) is not _NOTHING:
            if shim.to_boolean((yield source.ask(fn, value))):
                return value
        return _NOTHING

    return _stream_of(step, source.close)


def _flat_map(this: Any, fn: Any, options: Any = None) -> Any:
    _need(fn, options)
    source, inner = _Source(this, options), [shim.null]

    def step() -> _Steps:
        while True:
            if inner[0] is not shim.null:
                result = yield call_method(inner[0], "next")
                if not shim.to_boolean(shim.get(result, "done")):
                    return shim.get(result, "value")
            value = yield from source.next()
            if value is _NOTHING:
                return value
            found = yield source.ask(fn, value)
            method = shim.get(found, shim.Symbol.asyncIterator)
            if not callable(method):
                method = shim.get(found, shim.Symbol.iterator)
            inner[0] = shim.call(method, found)

    return _stream_of(step, source.close)


def _count(number: Any) -> float:
    found = shim.to_number(number)
    if found != found:
        return 0
    if found < 0:
        raise out_of_range("number", ">= 0", found)
    return found


def _take(this: Any, number: Any, options: Any = None) -> Any:
    left, source = [_count(number)], _Source(this, options)

    def step() -> _Steps:
        if left[0] <= 0:
            yield from source.close()
            return _NOTHING
        left[0] -= 1
        return (yield from source.next())

    return _stream_of(step, source.close)


def _drop(this: Any, number: Any, options: Any = None) -> Any:
    left, source = [_count(number)], _Source(this, options)

    def step() -> _Steps:
        while True:
            value = yield from source.next()
            if value is _NOTHING or left[0] <= 0:
                return value
            left[0] -= 1

    return _stream_of(step, source.close)


def _search(this: Any, fn: Any, options: Any, wanted: bool) -> _Steps:
    """The first chunk for which a function answers so."""
    source = _Source(this, options)
    while (value := (yield from source.next())) is not _NOTHING:
        if shim.to_boolean((yield source.ask(fn, value))) is wanted:
            yield from source.close()
            return value
    return _NOTHING


def _terminal(body: Callable[..., _Steps]) -> Callable[..., Any]:
    """A method that returns a promise; what is wrong with its function rejects."""

    def act(this: Any, fn: Any, options: Any = None) -> Any:
        def steps() -> _Steps:
            _need(fn, options)
            return (yield from body(this, fn, options))

        return start_async(steps())

    return act


def _for_each(this: Any, fn: Any, options: Any) -> _Steps:
    source = _Source(this, options)
    while (value := (yield from source.next())) is not _NOTHING:
        yield source.ask(fn, value)


def _some(this: Any, fn: Any, options: Any) -> _Steps:
    return (yield from _search(this, fn, options, True)) is not _NOTHING


def _every(this: Any, fn: Any, options: Any) -> _Steps:
    return (yield from _search(this, fn, options, False)) is _NOTHING


def _find(this: Any, fn: Any, options: Any) -> _Steps:
    found = yield from _search(this, fn, options, True)
    return None if found is _NOTHING else found


def _reduce(this: Any, reducer: Any, *rest: Any) -> Any:
    def steps() -> _Steps:
        options = rest[1] if len(rest) > 1 else None
        _need(reducer, options)
        source = _Source(this, options)
        value = rest[0] if rest else (yield from source.next())
        if value is _NOTHING:
            text = "Reduce of an empty stream requires an initial value"
            raise node_error("TypeError", "ERR_MISSING_ARGS", text)
        while (chunk := (yield from source.next())) is not _NOTHING:
            value = yield shim.call(reducer, None, value, chunk, source.given)
        return value

    return start_async(steps())


_OPERATORS: dict[str, Callable[..., Any]] = {
    "drop": _drop,
    "every": _terminal(_every),
    "filter": _filter,
    "find": _terminal(_find),
    "flatMap": _flat_map,
    "forEach": _terminal(_for_each),
    "map": _map,
    "reduce": _reduce,
    "some": _terminal(_some),
    "take": _take,
}


def add_operators(prototype: Any) -> None:
    """Adds them to Readable.prototype, as its own unlisted methods."""
    for name, act in _OPERATORS.items():
        hidden(prototype, name, function(act, name, this=True))

    def dispose(this: Any) -> Any:
        from napi.js.host._kit import resolved

        call_method(this, "destroy")
        return resolved()

    made = function(dispose, "[Symbol.asyncDispose]", this=True)
    hidden(prototype, shim.Symbol.asyncDispose, made)
