"""The checks of ``assert``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._assert_error import error_class, fail
from napi.js.host._assert_throws import (
    does_not_reject,
    does_not_throw,
    rejects,
    throws,
)
from napi.js.host._equal import deep_equal, loose_equal, same_value
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import exports_of, function, is_object
from napi.runtime.realm import kept

__all__ = ["assert_function"]


def _need_two(arguments: tuple[Any, ...]) -> None:
    if len(arguments) < 2:
        text = 'The "actual" and "expected" arguments must be specified'
        raise node_error("TypeError", "ERR_MISSING_ARGS", text)


def _comparison(
    operator: str, check: Callable[[Any, Any], bool]
) -> Callable[..., None]:
    def compare(*arguments: Any) -> None:
        _need_two(arguments)
        actual, expected = arguments[:2]
        if not check(actual, expected):
            message = arguments[2] if len(arguments) > 2 else None
            fail(actual, expected, message, operator)

    return compare


_CHECKS: dict[str, Callable[[Any, Any], bool]] = {
    "equal": loose_equal,
    "notEqual": lambda a, b: not loose_equal(a, b),
    "deepEqual": lambda a, b: deep_equal(a, b, False),
    "notDeepEqual": lambda a, b: not deep_equal(a, b, False),
    "strictEqual": same_value,
    "notStrictEqual": lambda a, b: not same_value(a, b),
    "deepStrictEqual": deep_equal,
    "notDeepStrictEqual": lambda a, b: not deep_equal(a, b),
    "partialDeepStrictEqual": lambda a, b: _contains(a, b),
}
_OPERATORS = {"equal": "==", "notEqual": "!="}
_STRICT = {
    "equal": "strictEqual",
    "notEqual": "notStrictEqual",
    "deepEqual": "deepStrictEqual",
    "notDeepEqual": "notDeepStrictEqual",
}


def _contains(actual: Any, expected: Any) -> bool:
    """Whether all that is in ``expected`` is in ``actual``, too."""
    if not is_object(expected) or not is_object(actual):
        return deep_equal(actual, expected)
    if isinstance(expected, list):
        rest = list(actual) if isinstance(actual, list) else []
        for wanted in expected:
            found = next((i for i, o in enumerate(rest) if _contains(o, wanted)), -1)
            if found < 0:
                return False
            rest = rest[found + 1 :]
        return True
    keys = shim.own_keys(expected, True, True)
    if not keys:
        return deep_equal(actual, expected) or shim.typeof(expected) == "object"
    return all(
        shim.has(actual, key)
        and _contains(shim.get(actual, key), shim.get(expected, key))
        for key in keys
    )


def _truth(arguments: tuple[Any, ...], operator: str) -> None:
    if not arguments:
        text = "No value argument passed to `assert.ok()`"
        raise _no_value(text)
    if shim.to_boolean(arguments[0]):
        return
    message = arguments[1] if len(arguments) > 1 else None
    generated = message is None
    if generated:
        message = "The expression evaluated to a falsy value"
        from napi.js.host._assert_source import call_text

        source = call_text()
        if source:
            message += f":\n\n  {source}\n"
    fail(arguments[0], True, message, "==", generated=generated)


def _no_value(text: str) -> Any:
    made = shim.Object()
    for key, value in (("message", text), ("actual", None), ("expected", True)):
        shim.set(made, key, value)
    shim.set(made, "operator", "==")
    error = shim.construct(error_class(), made)
    shim.set(error, "generatedMessage", True)
    return error


def _if_error(value: Any = None) -> None:
    if value is None or value is shim.null:
        return
    from napi.js.inspect import inspect

    message = "ifError got unwanted exception: "
    found = shim.get(value, "message") if is_object(value) else None
    if isinstance(found, str):
        if not found and callable(shim.get(value, "constructor")):
            message += str(shim.get(shim.get(value, "constructor"), "name"))
        else:
            message += found
    else:
        message += inspect(value)
    fail(value, shim.null, message, "ifError")


def _match(string: Any, regexp: Any, message: Any, wanted: bool) -> None:
    from napi.js.inspect import inspect
    from napi.js.inspect.kinds import kind_of

    name = "match" if wanted else "doesNotMatch"
    if not is_object(regexp) or kind_of(regexp) != "regexp":
        raise invalid_type("regexp", "RegExp", regexp)
    is_text = isinstance(string, str)
    if is_text:
        found = shim.call(shim.get(regexp, "exec"), regexp, string) is not shim.null
        if found == wanted:
            return
    if isinstance(message, BaseException):
        raise message
    generated = message is None
    if generated:
        shown = inspect(regexp)
        if not is_text:
            kind = shim.typeof(string)
            message = (
                'The "string" argument must be of type string. '
                f"Received type {kind} ({inspect(string)})"
            )
        else:
            verb = "did not match" if wanted else "was expected to not match"
            message = f"The input {verb} the regular expression {shown}. Input:\n\n"
            message += f"{inspect(string)}\n"
    fail(string, regexp, message, name, generated=generated)


def _failure(*arguments: Any) -> None:
    message = arguments[0] if arguments else None
    if isinstance(message, BaseException):
        raise message
    generated = message is None
    text = "Failed" if generated else message
    fail(None, None, text, "fail", generated=generated)


class _Module:
    @staticmethod
    def fail(message: Any = None) -> None:
        _failure(*(() if message is None else (message,)))

    @staticmethod
    def ok(*args: Any) -> None:
        _truth(args, "ok")

    @staticmethod
    def throws(fn: Any, *args: Any) -> None:
        throws(fn, args)

    @staticmethod
    def doesNotThrow(fn: Any, *args: Any) -> None:
        does_not_throw(fn, args)

    @staticmethod
    def rejects(promiseFn: Any, *args: Any) -> Any:
        return rejects(promiseFn, args)

    @staticmethod
    def doesNotReject(fn: Any, *args: Any) -> Any:
        return does_not_reject(fn, args)

    @staticmethod
    def ifError(err: Any = None) -> None:
        _if_error(err)

    @staticmethod
    def match(string: Any, regexp: Any, message: Any = None) -> None:
        _match(string, regexp, message, True)

    @staticmethod
    def doesNotMatch(string: Any, regexp: Any, message: Any = None) -> None:
        _match(string, regexp, message, False)


def assert_function(strict: bool) -> Any:
    """The function ``assert`` of this realm.

    Args:
        strict: Whether its loose checks are the strict ones.
    """
    return kept("assert", _make)[strict]


def _make() -> tuple[Any, Any]:
    """The loose one and the strict one."""

    def ok(*arguments: Any) -> None:
        _truth(arguments, "ok")

    loose, exact = function(ok, "ok"), function(ok, "strict")
    exports_of(_Module, loose)
    for name, check in _CHECKS.items():
        operator = _OPERATORS.get(name, name)
        shim.set(loose, name, function(_comparison(operator, check), name))
    shim.set(loose, "AssertionError", error_class())
    for key in shim.keys(loose):
        shim.set(exact, key, shim.get(loose, _STRICT.get(key, key)))
    for made in (loose, exact):
        shim.set(made, "strict", exact)
    return loose, exact
