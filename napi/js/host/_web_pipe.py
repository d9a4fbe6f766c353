"""From a readable stream into a writable one.

Source: WHATWG Streams, chapter 4.9.1 (ReadableStreamPipeTo).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._kit import function, make
from napi.js.host._web_kit import (
    invalid_state,
    later_promise,
    promised,
    quiet,
    react,
    resolved_with,
)
from napi.js.host._web_sink import Sink, Writer
from napi.js.host._web_source import Reader, Request, Stream

__all__ = ["pipe_to"]


class _Pipe:
    def __init__(
        self, source: Stream, target: Sink, abort: bool, cancel: bool, close: bool
    ) -> None:
        self.source, self.target = source, target
        self.prevent_abort, self.prevent_cancel = abort, cancel
        self.prevent_close = close
        self.reader, self.writer = Reader(source), Writer(target)
        source.disturbed = True
        self.ending = False
        self.promise = later_promise()
        self.last: Any = resolved_with()
        self.signal: Any = None
        self.on_abort: Any = None

    def watch(self, signal: Any) -> bool:
        """Ends when a signal says so; false: it has said so already."""
        if signal is None:
            return True
        self.signal = signal
        if shim.get(signal, "aborted"):
            self.aborted()
            return False
        self.on_abort = function(lambda *_: self.aborted(), "abort")
        add = shim.get(signal, "addEventListener")
        shim.call(add, signal, "abort", self.on_abort, make(once=True))
        return True

    def aborted(self) -> None:
        """The signal came: both ends are told."""
        reason = shim.get(self.signal, "reason")
        target, source = self.target, self.source

        def act() -> Any:
            acts = []
            if not self.prevent_abort and target.state == "writable":
                acts.append(target.abort(reason))
            if not self.prevent_cancel and source.state == "readable":
                acts.append(source.cancel(reason))
            return _all(acts)

        self.end(act, True, reason)

    def check(self) -> bool:
        """Whether one of the ends has closed or failed; then the pipe ends."""
        source, target = self.source, self.target
        if source.state == "errored":
            act = None if self.prevent_abort else lambda: target.abort(source.stored)
            self.end(act, True, source.stored)
        elif target.state in ("erroring", "errored"):
            if target.state == "erroring":
                return False
            act = None if self.prevent_cancel else lambda: source.cancel(target.stored)
            self.end(act, True, target.stored)
        elif source.state == "closed":
            self.end(None if self.prevent_close else self.writer.close_once)
        elif target.closing or target.state == "closed":
            error = invalid_state("Destination WritableStream is closed")
            act = None if self.prevent_cancel else lambda: source.cancel(error)
            self.end(act, True, error)
        else:
            return False
        return True

    def end(
        self, act: Callable[[], Any] | None, failed: bool = False, error: Any = None
    ) -> None:
        """Shuts down, once, after what was read has been written."""
        if self.ending:
            return
        self.ending = True

        def finish(value: Any = None) -> None:
            self.finish(failed, error)

        def go(value: Any = None) -> None:
            if act is None:
                finish()
            else:
                react(
                    promised(act), finish, lambda reason=None: self.finish(True, reason)
                )

        target = self.target
        if target.state == "writable" and not target.closing:
            self._written(go)
        else:
            go()

    def _written(self, go: Callable[..., Any]) -> None:
        last = self.last

        def again(value: Any = None) -> None:
            self._written(go) if last is not self.last else go()

        react(last, again, again)

    def finish(self, failed: bool, error: Any) -> None:
        """Lets both streams go and settles the promise."""
        self.writer.release()
        self.reader.release()
        if self.on_abort is not None:
            remove = shim.get(self.signal, "removeEventListener")
            shim.call(remove, self.signal, "abort", self.on_abort)
        self.promise._reject(error) if failed else self.promise._resolve(None)

    def run(self) -> None:
        """Waits for room, then reads one chunk."""
        if self.ending or self.check():
            return
        react(self.writer.ready, self._read, lambda reason=None: None)

    def _read(self, value: Any = None) -> None:
        if self.ending or self.check():
            return

        def chunk(value: Any) -> None:
            def write() -> None:
                self.last = quiet(self.writer.write(value))
                self.run()

            shim.queue_microtask(write)

        def ended(value: Any = None) -> None:
            return None

        self.reader.read(Request(chunk, ended, ended))


def _all(promises: list[Any]) -> Any:
    made = shim.get(shim.get_global(), "Promise")
    return shim.call(shim.get(made, "all"), made, shim.Array(promises))


def pipe_to(
    source: Stream,
    target: Sink,
    abort: bool = False,
    cancel: bool = False,
    close: bool = False,
    signal: Any = None,
) -> Any:
    """Pipes; a promise of the end.

    Args:
        source: Where chunks come from.
        target: Where they go.
        abort: An error of the source does not abort the target.
        cancel: An error of the target does not cancel the source.
        close: The end of the source does not close the target.
        signal: Ends the pipe.
    """
    pipe = _Pipe(source, target, abort, cancel, close)
    if not pipe.watch(signal):
        return pipe.promise
    if pipe.check():
        return pipe.promise

    def changed(value: Any = None) -> None:
        if not pipe.ending:
            pipe.check()

    react(pipe.reader.closed, changed, changed)
    react(pipe.writer.closed, changed, changed)
    pipe.run()
    return pipe.promise
