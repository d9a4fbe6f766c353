"""Uncaught exceptions and unhandled rejections of a JavaScript program.

Source: the events ``uncaughtException`` and ``unhandledRejection`` of process in
Node's manual.
"""

from __future__ import annotations

import linecache
import sys
from itertools import islice
from typing import Any

from napi._native import shim

__all__ = ["handle", "print_error", "watch"]

_CODE = 1  # the exit status after an uncaught exception
_HANDLER_CODE = 7  # ... that the handler itself threw


def _process() -> Any:
    return shim.get(shim.get_global(), "process")


def _listens(event: str) -> bool:
    process = _process()
    return bool(shim.call(shim.get(process, "listenerCount"), process, event))


def _emit(event: str, *arguments: Any) -> Any:
    process = _process()
    return shim.call(shim.get(process, "emit"), process, event, *arguments)


def handle(error: BaseException, origin: str = "uncaughtException") -> None:
    """Gives an exception that nobody caught to the program, or ends it.

    Args:
        error: The exception.
        origin: ``uncaughtException`` or ``unhandledRejection``.

    Raises:
        SystemExit: Nobody took it; it has been printed.
    """
    from napi.js.host._kit import thrown_value
    from napi.runtime.process import Exit, capture_callback

    if isinstance(error, (KeyboardInterrupt, SystemExit)):
        raise error
    value = thrown_value(error)
    capture = capture_callback()
    code = _CODE
    try:
        if "domain" in shim.slots():
            from napi.js.host.domain import take

            if take(error):
                return
        if capture is not None:
            shim.call(capture, None, value)
            return
        _emit("uncaughtExceptionMonitor", value, origin)
        if _listens("uncaughtException"):
            _emit("uncaughtException", value, origin)
            return
    except Exception as second:
        error, code = second, _HANDLER_CODE
    worker = shim.slots().get("worker")
    if worker is not None:
        worker.fail(error)
        code = _leave(code)
    else:
        code = _leave(code)  # Node tells of the error last
        print_error(error)
    raise Exit(code)


def _leave(code: int) -> int:
    """Emits ``exit``; the exit status that its listeners leave."""
    process = _process()
    if shim.get(process, "_exiting") is True:
        return code
    shim.set(process, "_exiting", True)
    shim.set(process, "exitCode", code)
    try:
        shim.run_main(lambda: _emit("exit", code))  # no job runs any more
    except Exception as second:
        print_error(second)
    found = shim.get(process, "exitCode")
    return int(found) if shim.typeof(found) == "number" else code


def _place(error: BaseException) -> str:
    """File, line and a mark under the column, as Node shows them first."""
    from napi.runtime.error import SyntaxError as JSSyntaxError

    if isinstance(error, JSSyntaxError) and error.filename and error.lineno:
        text = (error.text or "").rstrip("\n")
        end = error.end_offset
        size = 1 if end is None else max(end - (error.offset or 1), 0)
        mark = " " * max((error.offset or 1) - 1, 0) + "^" * size
        return f"{error.filename}:{error.lineno}\n{text}\n{mark}\n\n"
    found = None
    traceback = error.__traceback__
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if not name.endswith(".py") and not name.startswith("<frozen"):
            found = traceback
        traceback = traceback.tb_next
    if found is None:
        return _made_at(error)
    code, line = found.tb_frame.f_code, found.tb_lineno
    text = _line(code.co_filename, line)
    return _marked(code.co_filename, line, text, _column(found, text))


def _line(filename: str, line: int) -> str:
    return linecache.getline(filename, line).rstrip("\n")


def _marked(filename: str, line: int, text: str, column: int) -> str:
    return f"{filename}:{line}\n{text}\n{' ' * column}^\n\n"


def _made_at(error: BaseException) -> str:
    """Where an error was made that was not thrown."""
    sites = getattr(error, "__dict__", {}).get("__frames__")
    if not sites:
        return ""
    line, filename = sites[0].line, sites[0].code.co_filename
    return _marked(sites[0].file, line, _line(filename, line), sites[0].column - 1)


def _column(traceback: Any, text: str) -> int:
    """Where on the line it was thrown: Python counts columns since 3.11."""
    positions = getattr(traceback.tb_frame.f_code, "co_positions", None)
    if positions is not None:
        code, at = traceback.tb_frame.f_code, traceback.tb_lasti // 2
        line, _, start, end = next(islice(positions(), at, None), (None,) * 4)
        if line is not None and line == traceback.tb_lineno and start is not None:
            from napi.js.code import column_in

            return column_in(code.co_filename, line, start, end)
    return len(text) - len(text.lstrip())


def print_error(error: BaseException) -> None:
    """Prints an exception as Node does when it ends the program.

    Args:
        error: The exception; a :class:`napi.Thrown` for what is no error.
    """
    from napi.runtime.error import Thrown
    from napi.runtime.process_info import version_text

    place = _place(error)
    if isinstance(error, Thrown):
        text = _thrown_text(error.value, place.rstrip("\n"))
    else:
        text = _error_text(error, place)
    sys.stdout.flush()
    sys.stderr.write(f"{text}\n\nNode.js {version_text()}\n")
    sys.stderr.flush()


def _thrown_text(value: Any, place: str) -> str:
    from napi.js.host._kit import is_object
    from napi.js.inspect import inspect

    if is_object(value):
        return f"\n{place}\n{inspect(value)}"
    shown = "" if isinstance(value, shim.Symbol) else str(shim.to_string(value))
    hint = "(Use `node --trace-uncaught ...` to show where the exception was thrown)"
    return f"\n{place}\n{shown}\n{hint}"


def _error_text(error: BaseException, place: str) -> str:
    """The error after its place, which the stack of a SyntaxError begins with."""
    from napi.js.inspect import inspect

    shown = inspect(error)
    if place and shown.startswith(place):
        return shown
    if shown.startswith("["):  # one without a stack stands in brackets
        head, more, tail = shown.partition("] {\n")
        shown = f"{head[1:]} {{\n{tail}" if more else shown[1:].removesuffix("]")
    return f"{place}{shown}"


# === rejections ===


def _mode() -> str:
    flags = list(shim.get(_process(), "execArgv") or ())
    for index, flag in enumerate(flags):
        name, equals, value = str(flag).partition("=")
        if name == "--unhandled-rejections":
            return value if equals else str(flags[index + 1])
    return "throw"


def _rejection_error(reason: Any) -> BaseException:
    """What is thrown for a rejection that nobody handled."""
    if isinstance(reason, BaseException):
        return reason
    from napi.runtime.builtin import hidden
    from napi.runtime.coerce import show
    from napi.runtime.error import Error

    text = (
        "This error originated either by throwing inside of an async function without "
        "a catch block, or by rejecting a promise which was not handled with .catch(). "
        f'The promise rejected with the reason "{show(reason)}".'
    )
    error = Error(text)
    hidden(error, "name", "UnhandledPromiseRejection")
    hidden(error, "stack", f"UnhandledPromiseRejection: {text}")
    shim.set(error, "code", "ERR_UNHANDLED_REJECTION")
    return error


def _unhandled(promise: Any, reason: Any, is_new: bool) -> None:
    """What the program does about a rejection once the microtasks are done.

    Args:
        promise: What was rejected.
        reason: Why.
        is_new: Nobody observes it; False: somebody does since it was told of.
    """
    if not is_new:
        _emit("rejectionHandled", promise)
        return
    mode = _mode()
    if mode == "strict":
        handle(_rejection_error(reason), "unhandledRejection")
    if _emit("unhandledRejection", reason, promise):
        return
    if mode in ("none", "strict"):
        return
    error = _rejection_error(reason)
    if mode in ("warn", "warn-with-error-code"):
        process = _process()
        shim.call(shim.get(process, "emitWarning"), process, error)
        if mode == "warn-with-error-code":
            shim.set(process, "exitCode", 1)
        return
    handle(error, "unhandledRejection")


def watch_worker() -> None:
    """From now on those of a Worker are looked after here, on its thread."""
    shim.set_rejection_tracker(_unhandled)


def watch() -> None:
    """From now on both are looked after here."""
    from napi.uncaught import on_uncaught_exception

    on_uncaught_exception(handle)
    shim.set_rejection_tracker(_unhandled)
