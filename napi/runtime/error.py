"""JavaScript's error classes as Python exceptions (ECMA-262, chapter 20.5).

An error is made with one positional argument and without running Python code:
``args`` holds what the constructor was given, and the JavaScript faces
(``message``, ``cause``, ``stack``) are read from it when they are asked for.
"""

from __future__ import annotations

import builtins
import types
from collections.abc import Mapping
from typing import Any, ClassVar

__all__ = [
    "AggregateError",
    "Error",
    "EvalError",
    "RangeError",
    "ReferenceError",
    "StrictError",
    "SyntaxError",
    "Thrown",
    "TypeError",
    "URIError",
    "WrongThreadError",
    "describe_error",
    "error_stack",
    "report_uncaught",
    "report_unhandled",
]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    from napi._native import shim

    return shim.to_string(value)


class Error(Exception):
    """A JavaScript ``Error`` (ECMA-262 20.5.1); every addon error is one.

    Properties that JavaScript code or an addon sets on the error, ``code`` for
    one, are attributes of the instance.

    Args:
        message: The message; ``None`` for none.
        options: A mapping whose ``cause`` entry becomes :attr:`cause`.
    """

    __module__ = "napi"

    name: str = "Error"
    """The name shown before the message; a subclass of JavaScript sets its own."""
    code: Any = None
    """The code an addon gave the error, a ``str``; ``None`` where there is none."""
    stackTraceLimit: ClassVar[int] = 10
    """The number of frames that :attr:`stack` shows."""

    def __str__(self) -> str:
        return _text(self.message)

    @property
    def message(self) -> Any:
        """The message, a ``str`` unless something else was assigned."""
        args = self.args
        return _text(args[0]) if args else ""

    @message.setter
    def message(self, value: Any) -> None:
        self.args = (value, *self.args[1:])

    @message.deleter
    def message(self) -> None:
        self.args = ()

    @property
    def cause(self) -> Any:
        """What led to this error: ``options.cause``, or ``__cause__``."""
        return _cause(self, self.args[-1] if len(self.args) > 1 else None)

    @cause.setter
    def cause(self, value: Any) -> None:
        self.__dict__["cause"] = value
        if isinstance(value, BaseException):
            self.__cause__ = value

    @property
    def stack(self) -> Any:
        """The header and the frames, as V8 lays them out."""
        own = self.__dict__
        return own["__stack__"] if "__stack__" in own else error_stack(self)

    @stack.setter
    def stack(self, value: Any) -> None:
        self.__dict__["__stack__"] = value

    @stack.deleter
    def stack(self) -> None:
        self.__dict__["__stack__"] = None

    def toString(self) -> str:
        """``name: message``, or the one that is not empty (ECMA-262 20.5.3.4)."""
        return _header(self)

    @staticmethod
    def captureStackTrace(target: Any, below: Any = None) -> None:
        """Gives ``target`` a ``stack`` that shows the callers (V8's extension).

        Args:
            target: Any object.
            below: Ignored: where V8 would hide the frames above this function.
        """
        from napi.runtime.stack import capture

        capture(target, below)


def _cause(error: Any, options: Any) -> Any:
    own = error.__dict__
    if "cause" in own:
        return own["cause"]
    if "__cause_given__" in own:
        return own["__cause_given__"]
    if isinstance(options, Mapping) and "cause" in options:
        return options["cause"]
    return error.__cause__


class TypeError(Error, builtins.TypeError):
    """JavaScript's ``TypeError``; also Python's."""

    __module__ = "napi"
    name: str = "TypeError"


class RangeError(Error, ValueError):
    """JavaScript's ``RangeError``; also Python's ``ValueError``."""

    __module__ = "napi"
    name: str = "RangeError"


class SyntaxError(Error, builtins.SyntaxError):
    """JavaScript's ``SyntaxError``; also Python's."""

    __module__ = "napi"
    name: str = "SyntaxError"


class ReferenceError(Error, NameError):
    """JavaScript's ``ReferenceError``; also Python's ``NameError``."""

    __module__ = "napi"
    name: str = "ReferenceError"


class EvalError(Error):
    """JavaScript's ``EvalError``."""

    __module__ = "napi"
    name: str = "EvalError"


class URIError(Error, ValueError):
    """JavaScript's ``URIError``; also Python's ``ValueError``."""

    __module__ = "napi"
    name: str = "URIError"


class AggregateError(Error):
    """Several errors in one: what ``Promise.any`` rejects with.

    Args:
        errors: An iterable of errors.
        message: The message.
        options: As for :class:`Error`.
    """

    __module__ = "napi"
    name: str = "AggregateError"

    @property
    def errors(self) -> list[Any]:
        """The errors, a ``list``."""
        args = self.args
        return list(args[0]) if args and args[0] is not None else []

    @property
    def message(self) -> Any:
        """The message: here the second argument."""
        args = self.args
        return _text(args[1]) if len(args) > 1 else ""

    @message.setter
    def message(self, value: Any) -> None:
        errors = self.args[0] if self.args else ()
        self.args = (errors, value, *self.args[2:])

    @property
    def cause(self) -> Any:
        """As :attr:`Error.cause`; the options are the third argument."""
        return _cause(self, self.args[2] if len(self.args) > 2 else None)

    @cause.setter
    def cause(self, value: Any) -> None:
        self.__dict__["cause"] = value


class Thrown(Exception):
    """Something that is not an error was thrown: ``throw 42``.

    Attributes:
        value: What was thrown.
    """

    __module__ = "napi"

    @property
    def value(self) -> Any:
        """What was thrown."""
        return self.args[0] if self.args else None

    def __str__(self) -> str:
        from napi._native import shim

        value = self.value
        if isinstance(value, str):
            return value
        if value is None:
            return "undefined"
        if isinstance(value, (bool, int, float)) or value is shim.null:
            return shim.to_string(value)
        return repr(value)


class WrongThreadError(RuntimeError):
    """An addon's function was called on a thread that did not load the addon."""

    __module__ = "napi"


class StrictError(AssertionError):
    """The strict build saw an addon misuse Node-API; the message is the report."""

    __module__ = "napi"


def _name_and_message(error: Any) -> tuple[str, str]:
    if isinstance(error, Error):
        return _text(error.name), _text(error.message)
    if isinstance(error, BaseException):
        return type(error).__name__, str(error)
    from napi._native import shim

    name, message = shim.get(error, "name"), shim.get(error, "message")
    return ("Error" if name is None else _text(name)), _text(message)


def _header(error: Any) -> str:
    name, message = _name_and_message(error)
    return f"{name}: {message}" if name and message else name or message


def error_stack(error: BaseException) -> str:
    """The ``stack`` of an exception: header, then the frames it passed through.

    Args:
        error: Any exception, of Python or of JavaScript.

    Returns:
        Lines in V8's layout; only the header before the exception was raised.
    """
    from napi.runtime.stack import stack_of

    text: str = stack_of(error)
    return text


def describe_error(error: Any) -> str:
    """``name: message``, or the one that is not empty (ECMA-262 20.5.3.4)."""
    return _header(error)


def report_uncaught(error: Any) -> None:
    """Hands on an error that nobody can catch any more, as Node's uncaughtException.

    The handlers of :func:`napi.on_uncaught_exception` take it; without one, the
    exception handler of the asyncio loop that runs on this thread.

    Args:
        error: An exception, or any other thrown value.

    Raises:
        BaseException: Nobody took it: this error.
    """
    from napi._native import shim
    from napi.uncaught import take

    exception = error if isinstance(error, BaseException) else Thrown(error)
    if shim.is_worker():
        from napi.js.uncaught import handle

        handle(exception)
    elif not take(exception, "Uncaught exception in a Node-API callback"):
        raise exception


def report_unhandled(reason: Any, place: str | None) -> None:
    """Reports the rejection of a promise that died without an observer.

    Args:
        reason: What the promise was rejected with.
        place: ``file:line`` of the Python code that ran then.
    """
    import sys
    import traceback

    from napi.uncaught import take

    exception = reason if isinstance(reason, BaseException) else Thrown(reason)
    text = "A promise was rejected and nobody looked at it"
    if place is not None:
        text += f" (rejected at {place})"
    if take(exception, text, handlers=False):
        return
    if sys.unraisablehook is not sys.__unraisablehook__:
        sys.unraisablehook(
            types.SimpleNamespace(
                exc_type=type(exception),
                exc_value=exception,
                exc_traceback=exception.__traceback__,
                err_msg=text,
                object=None,
            )
        )
    elif sys.stderr is not None:
        # Python's own hook takes only what Python itself has made.
        lines = traceback.format_exception(
            type(exception), exception, exception.__traceback__
        )
        sys.stderr.write(f"{text}:\n{''.join(lines)}")


def _publish() -> None:
    from napi.runtime.error_static import publish_errors

    publish_errors()


_publish()
