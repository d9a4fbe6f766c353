"""``assert.throws`` and ``assert.rejects``, and what an error is compared with."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._assert_error import fail
from napi.js.host._equal import deep_equal
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import function, is_object, klass, rejected, thrown_value
from napi.js.inspect import inspect
from napi.js.inspect.kinds import kind_of

__all__ = ["does_not_reject", "does_not_throw", "rejects", "throws"]

_NONE: Any = object()  # nothing was thrown


def _caught(fn: Any) -> Any:
    if not callable(fn):
        raise invalid_type("fn", "function", fn)
    try:
        shim.call(fn, None)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        return thrown_value(error)
    return _NONE


def _split(arguments: tuple[Any, ...], actual: Any) -> tuple[Any, Any]:
    """What is expected, and the message."""
    if not arguments:
        return None, None
    expected = arguments[0]
    message = arguments[1] if len(arguments) > 1 else None
    if not isinstance(expected, str):
        if expected is not None and not is_object(expected):
            wanted = ["Object", "Error", "function", "RegExp"]
            raise invalid_type("error", wanted, expected)
        return expected, message
    if len(arguments) == 2:
        wanted = ["Object", "Error", "function", "RegExp"]
        raise invalid_type("error", wanted, expected)
    said = shim.get(actual, "message") if is_object(actual) else actual
    if actual is not _NONE and said == expected:
        what = "error message" if is_object(actual) else "error"
        text = (
            f'The "error/message" argument is ambiguous. The {what} "{expected}" '
            "is identical to the message."
        )
        raise node_error("TypeError", "ERR_AMBIGUOUS_ARGUMENT", text)
    return None, expected


def _missing(operator: str, expected: Any, message: Any) -> None:
    name = shim.get(expected, "name") if callable(expected) else None
    details = f" ({name})" if name else ""
    details += f": {shim.to_string(message)}" if message is not None else "."
    kind = "rejection" if operator == "rejects" else "exception"
    fail(None, expected, f"Missing expected {kind}{details}", operator)


def _check(actual: Any, expected: Any, message: Any, operator: str) -> None:
    """Compares what was thrown with what is expected.

    Raises:
        napi.Error: It is something else.
    """
    if not callable(expected):
        if kind_of(expected) == "regexp":
            _check_regexp(actual, expected, message, operator)
        else:
            _check_properties(actual, expected, message, operator)
        return
    prototype = shim.get(expected, "prototype")
    if prototype is not None and _instanceof(actual, expected):
        return
    if _is_error_class(expected):
        name, found = shim.get(expected, "name"), _class_name(actual)
        text = f'The error is expected to be an instance of "{name}". Received '
        said = shim.get(actual, "message") if is_object(actual) else None
        text += (
            f'"{found}"'
            if isinstance(actual, BaseException)
            else f'"{inspect(actual)}"'
        )
        if said:
            text += f"\n\nError message:\n\n{said}"
        _fail_with(actual, expected, message, text, operator)
    if shim.call(expected, shim.Object(), actual) is not True:
        name = shim.get(expected, "name")
        shown = f'"{name}" ' if name else ""
        text = f'The {shown}validation function is expected to return "true".'
        text += " Received " + inspect(shim.call(expected, shim.Object(), actual))
        if isinstance(actual, BaseException):
            text += f"\n\nCaught error:\n\n{inspect(actual)}"
        _fail_with(actual, expected, message, text, operator)


def _fail_with(actual: Any, expected: Any, message: Any, text: str, name: str) -> None:
    fail(actual, expected, text if message is None else message, name, message is None)


def _instanceof(value: Any, constructor: Any) -> bool:
    try:
        return shim.instanceof(value, constructor)
    except Exception:
        return False


def _is_error_class(constructor: Any) -> bool:
    error = shim.get(shim.get_global(), "Error")
    while is_object(constructor):
        if constructor is error:
            return True
        constructor = shim.get_prototype(constructor)
    return False


def _class_name(value: Any) -> str:
    maker = shim.get(value, "constructor") if is_object(value) else None
    return str(shim.get(maker, "name")) if callable(maker) else str(shim.typeof(value))


def _check_regexp(actual: Any, expected: Any, message: Any, operator: str) -> None:
    text = shim.to_string(actual)
    if shim.call(shim.get(expected, "exec"), expected, text) is not shim.null:
        return
    words = (
        f"The input did not match the regular expression {inspect(expected)}. "
        f"Input:\n\n{inspect(text)}\n"
    )
    _fail_with(actual, expected, message, words, operator)


def _check_properties(actual: Any, expected: Any, message: Any, operator: str) -> None:
    if not is_object(actual):
        fail(actual, expected, message, "deepStrictEqual")
    keys = list(shim.keys(expected))
    if isinstance(expected, BaseException):
        keys += [name for name in ("name", "message") if name not in keys]
    elif not keys:
        text = "may not be an empty object"
        from napi.js.host._errors import invalid_value

        raise invalid_value("error", expected, text)
    for key in keys:
        wanted, found = shim.get(expected, key), shim.get(actual, key)
        if isinstance(found, str) and is_object(wanted) and kind_of(wanted) == "regexp":
            if shim.call(shim.get(wanted, "exec"), wanted, found) is not shim.null:
                continue
        elif shim.has(actual, key) and deep_equal(found, wanted):
            continue
        _fail_property(actual, expected, keys, message, operator)


def _fail_property(
    actual: Any, expected: Any, keys: list[Any], message: Any, operator: str
) -> None:
    if message is not None:
        fail(actual, expected, message, operator)
    comparison = klass("Comparison", lambda this: None)
    left, right = shim.construct(comparison), shim.construct(comparison)
    for key in keys:
        wanted, found = shim.get(expected, key), shim.get(actual, key)
        if shim.has(actual, key):
            if (
                is_object(wanted)
                and kind_of(wanted) == "regexp"
                and isinstance(found, str)
            ):
                matched = shim.call(shim.get(wanted, "exec"), wanted, found)
                found = wanted if matched is not shim.null else found
            shim.set(left, key, found)
        shim.set(right, key, wanted)
    try:
        fail(left, right, None, "deepStrictEqual")
    except Exception as error:
        for key, value in (
            ("actual", actual),
            ("expected", expected),
            ("operator", operator),
        ):
            shim.set(error, key, value)
        raise


def throws(fn: Any, arguments: tuple[Any, ...]) -> None:
    """``assert.throws``."""
    actual = _caught(fn)
    expected, message = _split(arguments, actual)
    if actual is _NONE:
        _missing("throws", expected, message)
    if expected is not None:
        _check(actual, expected, message, "throws")


def does_not_throw(fn: Any, arguments: tuple[Any, ...]) -> None:
    """``assert.doesNotThrow``."""
    _unwanted(_caught(fn), arguments, "doesNotThrow")


def _unwanted(actual: Any, arguments: tuple[Any, ...], operator: str) -> None:
    if actual is _NONE:
        return
    expected, message = _split(arguments, _NONE)
    if callable(expected) and not _instanceof(actual, expected):
        raise _as_exception(actual)
    kind = "rejection" if operator == "doesNotReject" else "exception"
    details = f": {shim.to_string(message)}" if message is not None else "."
    said = shim.get(actual, "message") if is_object(actual) else None
    text = f'Got unwanted {kind}{details}\nActual message: "{shim.to_string(said)}"'
    fail(actual, expected, text, operator)


def _as_exception(value: Any) -> BaseException:
    from napi.runtime.error import Thrown

    return value if isinstance(value, BaseException) else Thrown(value)


def _promise_of(source: Any) -> Any:
    """The promise to wait for, of a function or as it is given."""
    given = source
    if callable(source):
        source = shim.call(source, None)
        if not _is_thenable(source):
            shown = _class_name(source) if is_object(source) else shim.typeof(source)
            text = (
                "Expected instance of Promise to be returned from the "
                f'"promiseFn" function but got {shown}.'
            )
            raise node_error("TypeError", "ERR_INVALID_RETURN_VALUE", text)
    elif not _is_thenable(source):
        raise invalid_type("promiseFn", ["function", "Promise"], given)
    return source


def _is_thenable(value: Any) -> bool:
    return is_object(value) and callable(shim.get(value, "then"))


def _settled(source: Any, act: Any) -> Any:
    try:
        promise = _promise_of(source)
    except Exception as error:
        return rejected(thrown_value(error))
    made = shim.Promise()

    def run(actual: Any) -> None:
        try:
            act(actual)
        except Exception as error:
            made._reject(thrown_value(error))
        else:
            made._resolve(None)

    fulfilled = function(lambda *_: run(_NONE), "")
    failed = function(lambda reason=None, *_: run(reason), "")
    shim.call(shim.get(promise, "then"), promise, fulfilled, failed)
    return made


def rejects(source: Any, arguments: tuple[Any, ...]) -> Any:
    """``assert.rejects``: a promise."""

    def act(actual: Any) -> None:
        expected, message = _split(arguments, actual)
        if actual is _NONE:
            _missing("rejects", expected, message)
        if expected is not None:
            _check(actual, expected, message, "rejects")

    return _settled(source, act)


def does_not_reject(source: Any, arguments: tuple[Any, ...]) -> Any:
    """``assert.doesNotReject``: a promise."""
    return _settled(
        source, lambda actual: _unwanted(actual, arguments, "doesNotReject")
    )
