"""TransformStream and its controller.

Source: WHATWG Streams, chapter 6.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type
from napi.js.host._kit import make, thrown_value
from napi.js.host._web_kit import (
    bare,
    high_water_mark,
    interface,
    invalid_state,
    later_promise,
    method_of,
    need,
    options_of,
    promised,
    quiet,
    raise_value,
    range_value,
    react,
    read,
    size_of,
)
from napi.js.host._web_sink import Controller as SinkController
from napi.js.host._web_sink import Sink
from napi.js.host._web_source import DefaultController, Stream, nothing
from napi.runtime.builtin import getter, sized

__all__ = ["Controller", "Transform", "TransformStream"]

_Measure = Callable[[Any], Any]


class Transform:
    """The state of a TransformStream and of its controller."""

    def __init__(
        self,
        sink: tuple[float, _Measure] = (1, lambda chunk: 1),
        source: tuple[float, _Measure] = (0, lambda chunk: 1),
    ) -> None:
        self.js: Any = None
        self.controller = _Controller(self)
        self.backpressure: bool | None = None
        self.changed: Any = None
        self.finish: Any = None
        self.on_transform: Callable[[Any], Any] = self.enqueue
        self.on_flush: Callable[[], Any] = nothing
        self.on_cancel: Callable[[Any], Any] = nothing
        self.started = later_promise()
        self.sink, self.source = Sink(), Stream()
        self._connect_sink(SinkController(self.sink, *sink))
        out = DefaultController(self.source, *source)
        out.on_pull, out.on_cancel = self._pull, self._cancel_source
        out.begin(lambda: self.started)
        self.out = out
        self.press(True)

    def _connect_sink(self, controller: SinkController) -> None:
        controller.on_write, controller.on_close = self._write, self._close
        controller.on_abort = self._abort
        controller.begin(lambda: self.started)

    def begin(self, start: Callable[[], Any] = nothing) -> None:
        """Starts the transformer.

        Raises:
            napi.Error: What ``start`` throws.
        """
        self.started._resolve(start())

    def clear(self) -> None:
        """Lets go of the algorithms."""
        self.on_transform = self.on_flush = self.on_cancel = nothing

    def press(self, backpressure: bool) -> None:
        """The readable side is full, or wants more."""
        if self.changed is not None:
            self.changed._resolve(None)
        self.changed = later_promise()
        self.backpressure = backpressure

    def enqueue(self, chunk: Any) -> None:
        """A chunk for the readable side.

        Raises:
            napi.Error: It takes none any more.
        """
        if not self.out.can_close():
            raise invalid_state("Unable to enqueue")
        try:
            self.out.enqueue(chunk)
        except Exception as error:
            self.fail_writable(thrown_value(error))
            raise_value(self.source.stored)
        full = not self.out.should_pull()
        if full != self.backpressure:
            self.press(True)

    def fail(self, error: Any) -> None:
        """Errors both sides."""
        self.out.fail(error)
        self.fail_writable(error)

    def fail_writable(self, error: Any) -> None:
        """Errors the writable side and lets its writer go on."""
        self.clear()
        if self.sink.state == "writable":
            self.sink.controller.fail(error)
        self.unblock()

    def unblock(self) -> None:
        """Nobody has to wait for room any more."""
        if self.backpressure:
            self.press(False)

    def terminate(self) -> None:
        """Closes the readable side and errors the writable one."""
        self.out.close()
        self.fail_writable(invalid_state("TransformStream has been terminated"))

    def _transformed(self, chunk: Any) -> Any:
        def failed(reason: Any = None) -> Any:
            self.fail(reason)
            raise_value(reason)

        return react(promised(lambda: self.on_transform(chunk)), None, failed)

    def _write(self, chunk: Any) -> Any:
        if not self.backpressure:
            return self._transformed(chunk)

        def go(value: Any = None) -> Any:
            if self.sink.state == "erroring":
                raise_value(self.sink.stored)
            return self._transformed(chunk)

        return react(self.changed, go)

    def _pull(self) -> Any:
        self.press(False)
        return self.changed

    def _settle(
        self,
        act: Callable[[], Any],
        done: Callable[[], Any],
        failed: Callable[[Any], Any],
    ) -> Any:
        if self.finish is not None:
            return self.finish
        finish = self.finish = later_promise()
        result = promised(act)
        self.clear()

        def well(value: Any = None) -> None:
            done()

        def badly(reason: Any = None) -> None:
            failed(reason)
            quiet(finish)._reject(reason)

        react(result, well, badly)
        return finish

    def _abort(self, reason: Any) -> Any:
        cancel = self.on_cancel

        def done() -> None:
            if self.source.state == "errored":
                self.finish._reject(self.source.stored)
            else:
                self.out.fail(reason)
                self.finish._resolve(None)

        return self._settle(lambda: cancel(reason), done, self.out.fail)

    def _close(self) -> Any:
        flush = self.on_flush

        def done() -> None:
            if self.source.state == "errored":
                self.finish._reject(self.source.stored)
            else:
                self.out.close()
                self.finish._resolve(None)

        return self._settle(flush, done, self.out.fail)

    def _cancel_source(self, reason: Any) -> Any:
        cancel = self.on_cancel

        def done() -> None:
            if self.sink.state == "errored":
                self.finish._reject(self.sink.stored)
            else:
                self._fail_sink(reason)
                self.unblock()
                self.finish._resolve(None)

        def failed(error: Any) -> None:
            self._fail_sink(error)
            self.unblock()

        return self._settle(lambda: cancel(reason), done, failed)

    def _fail_sink(self, error: Any) -> None:
        if self.sink.state == "writable":
            self.sink.controller.fail(error)

    def wrapped(self) -> Any:
        """The stream object of a transformer of the host."""
        from napi.js.host._web_readable import wrapped as readable
        from napi.js.host._web_writable import wrapped as writable

        readable(self.source)
        writable(self.sink)
        bare(Controller, self.controller)
        return self


class _Controller:
    def __init__(self, transform: Transform) -> None:
        self.js: Any = None
        self.transform = transform


def _init(
    this: Any, transformer: Any = None, writable: Any = None, readable: Any = None
) -> None:
    if transformer is shim.null:
        raise invalid_type("transformer", "object", transformer)
    given = options_of(transformer, "transformer")
    into = options_of(writable, "writableStrategy")
    out = options_of(readable, "readableStrategy")
    for name in ("readableType", "writableType"):
        if read(given, name) is not None:
            raise range_value(f"transformer.{name}", read(given, name))
    high_out = high_water_mark(read(out, "highWaterMark"), 0)
    size_out = size_of(read(out, "size"))
    high_in = high_water_mark(read(into, "highWaterMark"), 1)
    size_in = size_of(read(into, "size"))
    start = method_of(given, "start", "transformer.start")
    transform = method_of(given, "transform", "transformer.transform")
    flush = method_of(given, "flush", "transformer.flush")
    cancel = method_of(given, "cancel", "transformer.cancel")
    state = Transform((high_in, size_in), (high_out, size_out)).wrapped()
    this.__state__, state.js = state, this
    controller = state.controller.js
    if transform is not None:
        state.on_transform = lambda chunk: transform(chunk, controller)
    if flush is not None:
        state.on_flush = lambda: flush(controller)
    state.on_cancel = cancel or nothing
    state.begin((lambda: start(controller)) if start else nothing)


class _Stream:
    @getter
    def readable(this: Any) -> Any:
        return need(this, TransformStream).source.js

    @getter
    def writable(this: Any) -> Any:
        return need(this, TransformStream).sink.js


class _ControllerMembers:
    @getter
    def desiredSize(this: Any) -> Any:
        found = need(this, Controller).transform.out.wanted()
        return shim.null if found is None else found

    @sized(0)
    def enqueue(this: Any, chunk: Any = None) -> None:
        need(this, Controller).transform.enqueue(chunk)

    @sized(0)
    def error(this: Any, reason: Any = None) -> None:
        need(this, Controller).transform.fail(reason)

    def terminate(this: Any) -> None:
        need(this, Controller).transform.terminate()


def _shown(state: Transform) -> Any:
    made = make(readable=state.source.js, writable=state.sink.js)
    shim.set(made, "backpressure", state.backpressure)
    return made


TransformStream = interface("TransformStream", _Stream, _init, shown=_shown)
Controller = interface(
    "TransformStreamDefaultController",
    _ControllerMembers,
    shown=lambda state: make(stream=state.transform.js),
)
