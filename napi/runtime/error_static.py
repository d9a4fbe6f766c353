"""Error and its relatives as JavaScript sees them (ECMA-262, chapter 20.5)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.builtin import builtin, hidden
from napi.runtime.constructor import allocate, publish

__all__ = ["publish_error", "publish_errors"]


def _show_error(this: Any) -> str:
    """Error.prototype.toString (20.5.3.4)."""
    from napi.runtime.coerce import is_object, show
    from napi.runtime.error import Error, TypeError, describe_error

    if not is_object(this):
        raise TypeError(
            "Method Error.prototype.toString called on incompatible receiver "
            + show(this)
        )
    if isinstance(this, BaseException) and not isinstance(this, Error):
        return describe_error(this)
    name, message = shim.get(this, "name"), shim.get(this, "message")
    name = "Error" if name is None else shim.to_string(name)
    message = "" if message is None else shim.to_string(message)
    return f"{name}: {message}" if name and message else name or message


def _set_up(made: Any, new_target: Any, message: Any, options: Any) -> None:
    if message is not None:
        made.args = (shim.to_string(message),)
        made.__dict__["__message__"] = True
    else:
        made.args = ()
    _take_cause(made, options)


def _take_cause(made: Any, options: Any) -> None:
    """InstallErrorCause (20.5.8.1)."""
    if shim.typeof(options) not in ("object", "function") or options is shim.null:
        return
    if shim.has(options, "cause"):
        value = shim.get(options, "cause")
        made.__dict__["__cause_given__"] = value
        hidden(made, "cause", value)


def _finish(made: Any, new_target: Any, cls: Any) -> Any:
    """The constructors of classes over Error are no part of the stack."""
    from napi.runtime.stack import remember

    remember(made, None if new_target is cls else new_target)
    return made


def _publish(cls: Any, parent: Any) -> None:
    prototype = shim.create(parent)

    def construct(new_target: Any, message: Any = None, options: Any = None) -> Any:
        made = allocate(cls, new_target)
        _set_up(made, new_target, message, options)
        return _finish(made, new_target, cls)

    def call(this: Any, message: Any = None, options: Any = None) -> Any:
        return construct(cls, message, options)

    publish(cls, length=1, call=call, construct=construct, prototype=prototype)
    hidden(prototype, "name", cls.__name__)
    hidden(prototype, "message", "")


def _publish_aggregate(cls: Any, parent: Any) -> None:
    prototype = shim.create(parent)

    def construct(
        new_target: Any, errors: Any, message: Any, options: Any = None
    ) -> Any:
        made = allocate(cls, new_target)
        text = None if message is None else shim.to_string(message)
        made.args = (None, text) if text is not None else (None,)
        _take_cause(made, options)
        from napi.runtime.iterate import iterate

        values = shim.Array(list(iterate(errors)))
        made.args = (values, *made.args[1:])
        hidden(made, "errors", values)
        return _finish(made, new_target, cls)

    def call(this: Any, errors: Any, message: Any, options: Any = None) -> Any:
        return construct(cls, errors, message, options)

    publish(cls, length=2, call=call, construct=construct, prototype=prototype)
    hidden(prototype, "name", cls.__name__)
    hidden(prototype, "message", "")


def publish_error(cls: Any) -> None:
    """Makes a class over Error a constructor of JavaScript."""
    from napi.runtime import error

    _publish(cls, error.Error.prototype)  # type: ignore[attr-defined]


class _Statics:
    def captureStackTrace(target: Any, below: Any) -> None:
        from napi.runtime.coerce import is_object
        from napi.runtime.error import TypeError
        from napi.runtime.stack import capture

        if not is_object(target):
            raise TypeError("invalid_argument")
        capture(target, below)

    def isError(value: Any) -> bool:
        return isinstance(value, BaseException)


def publish_errors() -> None:
    """Makes the classes of :mod:`napi.runtime.error` constructors of JavaScript."""
    from napi.runtime import error
    from napi.runtime.builtin import statics
    from napi.runtime.object_root import root

    _publish(error.Error, root())
    base = error.Error.prototype  # type: ignore[attr-defined]
    hidden(base, "toString", builtin(_show_error, "toString"))
    statics(error.Error, _Statics)
    shim.define(
        error.Error,
        "stackTraceLimit",
        value=10,
        writable=True,
        enumerable=True,
        configurable=True,
    )
    for cls in (
        error.TypeError,
        error.RangeError,
        error.SyntaxError,
        error.ReferenceError,
        error.EvalError,
        error.URIError,
    ):
        _publish(cls, base)
    _publish_aggregate(error.AggregateError, base)
