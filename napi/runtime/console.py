"""The object console (WHATWG Console; Node.js, Console)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.builtin import hidden, trim
from napi.runtime.console_table import table_text

__all__ = ["format_values", "inspect", "make_console"]


def inspect(value: Any, depth: float = 2) -> str:
    """Shows a value as Node's ``util.inspect`` does.

    Args:
        value: Any value.
        depth: How many levels of nested objects are shown.
    """
    from napi.js.inspect import inspect as show

    return show(value, shim.Object(depth=depth))


def format_values(values: tuple[Any, ...]) -> str:
    """Formats values as ``console.log`` does: ``%s``, ``%d`` ..., then the rest.

    Args:
        values: The arguments of the call.
    """
    from napi.js.inspect.format import format_values as format_all

    return format_all(values)


class _Output:
    """Where a console writes to, in which form, and what it remembers."""

    def __init__(
        self, out: Callable[[str], Any] | None, err: Callable[[str], Any] | None
    ) -> None:
        self.out, self.err = out, err
        self.indent = ""
        self.step = 2
        self.colors: Any = "auto"
        self.options: Any = None
        self.counts: dict[str, int] = {}
        self.timers: dict[str, float] = {}

    def write(self, to_error: bool, text: str) -> None:
        if self.indent:
            text = self.indent + text.replace("\n", "\n" + self.indent)
        given = self.err if to_error else self.out
        if given is None:
            given = _captured(to_error)
        if given is not None:
            given(text + "\n")
            return
        stream = sys.stderr if to_error else sys.stdout
        try:
            stream.write(text + "\n")
        except UnicodeEncodeError:
            stream.write((text + "\n").encode("utf-8", "replace").decode())
        stream.flush()

    def is_colored(self, to_error: bool) -> bool:
        if self.colors != "auto":
            return bool(shim.to_boolean(self.colors))
        if (self.err if to_error else self.out) is not None:
            return False
        import os

        stream = sys.stderr if to_error else sys.stdout
        wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        try:
            return bool(wanted and stream.isatty())
        except (AttributeError, ValueError):
            return False

    def print(self, to_error: bool, values: tuple[Any, ...]) -> None:
        if len(values) == 1 and isinstance(values[0], str):
            self.write(to_error, values[0])
            return
        from napi.js.inspect.format import format_values as format_all
        from napi.js.inspect.format import format_with_options

        if self.options is not None:
            self.write(to_error, format_with_options(self.options, *values))
        else:
            self.write(to_error, format_all(values, self.is_colored(to_error)))


def _captured(to_error: bool) -> Callable[[str], Any] | None:
    """What takes the output of a Worker whose parent wants to read it."""
    worker = shim.slots().get("worker")
    name = "stderr" if to_error else "stdout"
    if worker is None or name not in worker.streams:
        return None
    return lambda text: worker.write(name, text.encode("utf-8", "replace"))


def _label(value: Any) -> str:
    return "default" if value is None else str(shim.to_string(value))


def _elapsed(milliseconds: float) -> str:
    """A time as Node writes it: ``1.5ms``, ``2.345s``, ``1:02.300 (m:ss.mmm)``."""
    seconds, minutes, hours = milliseconds / 1000, 0, 0
    if seconds >= 3600:
        hours, seconds = int(seconds // 3600), seconds % 3600
    if seconds >= 60 or hours:
        minutes, seconds = int(seconds // 60), seconds % 60
    if hours:
        return f"{hours}:{minutes:02d}:{int(seconds):02d} (h:mm:ss)"
    if minutes:
        return f"{minutes}:{seconds:06.3f} (m:ss.mmm)"
    if milliseconds >= 1000:
        return f"{seconds:.3f}s"
    return f"{float(f'{milliseconds:.3f}'):g}ms"


def _warn(text: str) -> None:
    process = shim.get(shim.get_global(), "process")
    shim.call(shim.get(process, "emitWarning"), process, text)


def _printers(state: _Output) -> dict[str, Callable[..., Any]]:
    """What prints its arguments."""

    def log(*data: Any) -> None:
        state.print(False, data)

    def warn(*data: Any) -> None:
        state.print(True, data)

    def trace(*data: Any) -> None:
        from napi.runtime.error import Error

        error = Error("")
        Error.captureStackTrace(error)
        frames = str(error.stack).partition("\n")[2]
        text = format_values(data)
        head = f"Trace: {text}" if text else "Trace"
        state.write(True, f"{head}\n{frames}" if frames else head)

    def dir_(item: Any = None, options: Any = None) -> None:
        from napi.js.inspect import inspect as show

        settings = shim.Object(customInspect=False)
        if not state.options:
            settings["colors"] = state.is_colored(False)
        if shim.typeof(options) == "object" and options is not shim.null:
            for key in shim.keys(options):
                shim.set(settings, key, shim.get(options, key))
        state.write(False, show(item, settings))

    def assert_(*data: Any) -> None:
        if data and shim.to_boolean(data[0]):
            return
        rest = data[1:]
        if rest and isinstance(rest[0], str):
            state.print(True, (f"Assertion failed: {rest[0]}", *rest[1:]))
        else:
            head = "Assertion failed:" if rest else "Assertion failed"
            state.print(True, (head, *rest))

    def table(tabularData: Any = None, properties: Any = None) -> None:
        text = table_text(tabularData, properties)
        if text is None:
            state.print(False, (tabularData,))
        else:
            state.write(False, text)

    return {
        "log": log,
        "warn": warn,
        "dir": dir_,
        "trace": trace,
        "assert": assert_,
        "table": table,
        "debug": log,
        "info": log,
        "dirxml": log,
        "error": warn,
    }


def _timers(state: _Output) -> dict[str, Callable[..., Any]]:
    def took(name: str, label: Any) -> str | None:
        begun = state.timers.get(_label(label))
        if begun is None:
            _warn(f"No such label '{_label(label)}' for console.{name}()")
            return None
        return f"{_label(label)}: {_elapsed((time.perf_counter() - begun) * 1000)}"

    def start(label: Any = None) -> None:
        if _label(label) in state.timers:
            text = f"Label '{_label(label)}' already exists for console.time()"
            _warn(text)
            return
        state.timers[_label(label)] = time.perf_counter()

    def end(label: Any = None) -> None:
        shown = took("timeEnd", label)
        if shown is not None:
            state.print(False, (shown,))
            del state.timers[_label(label)]

    def show(label: Any = None, *data: Any) -> None:
        shown = took("timeLog", label)
        if shown is not None:
            state.print(False, ("%s", shown, *data))

    return {"time": start, "timeEnd": end, "timeLog": show}


def _counters(state: _Output) -> dict[str, Callable[..., Any]]:
    def count(label: Any = None) -> None:
        name = _label(label)
        state.counts[name] = state.counts.get(name, 0) + 1
        state.print(False, (f"{name}: {state.counts[name]}",))

    def reset(label: Any = None) -> None:
        if state.counts.pop(_label(label), None) is None:
            _warn(f"Count for '{_label(label)}' does not exist")

    def group(*data: Any) -> None:
        if data:
            state.print(False, data)
        state.indent += " " * state.step

    def leave() -> None:
        state.indent = state.indent[: len(state.indent) - state.step]

    def clear() -> None:
        if state.out is None and sys.stdout.isatty():
            sys.stdout.write("\x1b[1;1H\x1b[0J")

    return {
        "clear": clear,
        "count": count,
        "countReset": reset,
        "group": group,
        "groupCollapsed": group,
        "groupEnd": leave,
    }


def _nothing(*_: Any) -> None:
    """For what only a debugger would show."""


_SILENT = ("profile", "profileEnd", "timeStamp", "context")


def _fill(made: Any, state: _Output) -> Any:
    functions = {**_printers(state), **_timers(state), **_counters(state)}
    for name, function in functions.items():
        shim.set(made, name, trim(function, name))
    for name in _SILENT:
        shim.set(made, name, trim(_nothing, name))
    return made


def _stream_writer(stream: Any) -> Callable[[str], Any]:
    return lambda text: shim.call(shim.get(stream, "write"), stream, text)


def _init(this: Any, *arguments: Any) -> None:
    """The constructor Console: ``(stdout, stderr)`` or an object with options."""
    from napi.js.host._errors import node_error

    options = arguments[0] if arguments else None
    if callable(shim.get(options, "write")) if options else False:
        out, err = options, arguments[1] if len(arguments) > 1 else None
        options = None
    else:
        out = shim.get(options, "stdout") if options is not None else None
        err = shim.get(options, "stderr") if options is not None else None
    if out is None or not callable(shim.get(out, "write")):
        text = "Console expects a writable stream instance for stdout"
        raise node_error("TypeError", "ERR_CONSOLE_WRITABLE_STREAM", text)
    error_stream = out if err is None else err
    state = _Output(_stream_writer(out), _stream_writer(error_stream))
    if options is not None:
        state.options = shim.get(options, "inspectOptions")
        step = shim.get(options, "groupIndentation")
        state.step = 2 if step is None else int(step)
        state.colors = shim.get(options, "colorMode") or "auto"
    _fill(this, state)


def _console_class() -> Any:
    from napi.js.host._kit import klass

    return klass("Console", _init, call=True, length=1)


def make_console() -> Any:
    """Makes the object console; it writes to sys.stdout and sys.stderr."""
    made = shim.create(shim.create(shim.get_prototype(shim.Object())))
    _fill(made, _Output(None, None))
    from napi.runtime.builtin import lazy

    lazy(made, "Console", _console_class, listed=True)
    hidden(made, shim.Symbol.toStringTag, "console")
    return made
