"""The errors of Node's modules: classes, codes and words (Node.js, Errors)."""

from __future__ import annotations

import errno as _errno
import os
from collections.abc import Sequence
from typing import Any

from napi._native import shim
from napi.runtime import error as _error

__all__ = [
    "described",
    "invalid_type",
    "invalid_value",
    "missing_member",
    "missing_module",
    "need_boolean",
    "need_function",
    "need_integer",
    "need_number",
    "need_object",
    "need_text",
    "node_error",
    "out_of_range",
    "system_error",
    "with_code",
]

_PRIMITIVES = ("string", "function", "number", "object", "boolean", "bigint", "symbol")


def node_error(kind: str, code: str, message: str, **properties: Any) -> Any:
    """An error with a code, to be raised.

    Args:
        kind: ``Error``, ``TypeError`` ...
        code: ``ERR_...``
        message: What happened.
        **properties: Further own properties.
    """
    made = getattr(_error, kind)(message)
    shim.set(made, "code", code)
    for key, value in properties.items():
        shim.set(made, key, value)
    return with_code(made)


def with_code(error: Any) -> Any:
    """Has the stack of an error begin with its name and code, as Node's do.

    Args:
        error: A new error, with its code.

    Returns:
        The error.
    """
    from napi.runtime.stack import remember, stack_of

    remember(error)
    stack, name = stack_of(error), str(shim.to_string(shim.get(error, "name")))
    if isinstance(stack, str) and stack.startswith(name):
        code = shim.get(error, "code")
        shim.define(
            error,
            "stack",
            value=f"{name} [{code}]{stack[len(name) :]}",
            writable=True,
            enumerable=False,
            configurable=True,
        )
    return error


def described(value: Any) -> str:
    """`` Received ...``: a value as such messages name it."""
    from napi.js.inspect import inspect

    if value is None or value is shim.null:
        return f" Received {shim.to_string(value)}"
    kind = shim.typeof(value)
    if kind == "function":
        name = shim.get(value, "name")
        return f" Received function {name}" if name else " Received function "
    if kind in ("object", "external"):
        maker = shim.get(value, "constructor")
        name = shim.get(maker, "name") if callable(maker) else None
        if name:
            return f" Received an instance of {name}"
        return f" Received {inspect(value, shim.Object(depth=-1))}"
    shown = inspect(value, shim.Object(colors=False))
    if len(shown) > 28:
        shown = shown[:25] + "..."
    return f" Received type {kind} ({shown})"


def _listed(words: Sequence[str]) -> str:
    if len(words) > 2:
        return ", ".join(words[:-1]) + f", or {words[-1]}"
    return " or ".join(words)


def _expectation(expected: Sequence[str]) -> str:
    types = [one.lower() for one in expected if one.lower() in _PRIMITIVES]
    classes = [
        one for one in expected if one.lower() not in _PRIMITIVES and one[:1].isupper()
    ]
    others = [one for one in expected if one.lower() not in _PRIMITIVES]
    others = [one for one in others if one not in classes]
    if "object" in types and classes:
        types.remove("object")
        classes.append("Object")
    parts = []
    if types:
        word = "one of type" if len(types) > 1 else "of type"
        parts.append(f"{word} {_listed(types)}")
    if classes:
        parts.append(f"an instance of {_listed(classes)}")
    if others:
        many = len(others) > 1
        text = f"one of {_listed(others)}" if many else others[0]
        parts.append(text if many or others[0] == others[0].lower() else f"an {text}")
    return " or ".join(parts)


def invalid_type(name: str, expected: str | Sequence[str], value: Any) -> Any:
    """``ERR_INVALID_ARG_TYPE``.

    Args:
        name: The argument or property.
        expected: The types and classes that it may have.
        value: What it is.
    """
    wanted = [expected] if isinstance(expected, str) else list(expected)
    if name.endswith(" argument"):
        subject = f"The {name}"
    else:
        subject = f'The "{name}" {"property" if "." in name else "argument"}'
    text = f"{subject} must be {_expectation(wanted)}.{described(value)}"
    return node_error("TypeError", "ERR_INVALID_ARG_TYPE", text)


def invalid_value(name: str, value: Any, reason: str = "is invalid") -> Any:
    """``ERR_INVALID_ARG_VALUE``."""
    from napi.js.inspect import inspect

    shown = inspect(value)
    if len(shown) > 128:
        shown = shown[:128] + "..."
    subject = "property" if "." in name else "argument"
    text = f"The {subject} '{name}' {reason}. Received {shown}"
    return node_error("TypeError", "ERR_INVALID_ARG_VALUE", text)


def _with_separators(value: Any) -> str:
    from napi.js.inspect import inspect
    from napi.js.inspect.text import bigint_text

    kind = shim.typeof(value)
    if kind == "bigint":
        text = bigint_text(value, abs(int(value)) > 2**32)
        return text
    if kind == "number" and float(value).is_integer() and abs(value) > 2**32:
        return f"{int(value):_}"
    return inspect(value)


def out_of_range(name: str, limits: str, value: Any) -> Any:
    """``ERR_OUT_OF_RANGE``.

    Args:
        name: The argument.
        limits: What it must be: ``>= 0 && <= 9``.
        value: What it is.
    """
    text = (
        f'The value of "{name}" is out of range. It must be {limits}. '
        f"Received {_with_separators(value)}"
    )
    return node_error("RangeError", "ERR_OUT_OF_RANGE", text)


def need_text(value: Any, name: str) -> str:
    """The value, a string."""
    if shim.typeof(value) != "string":
        raise invalid_type(name, "string", value)
    return str(value)


def need_function(value: Any, name: str) -> Any:
    """The value, a function."""
    if not callable(value):
        raise invalid_type(name, "function", value)
    return value


def need_object(value: Any, name: str) -> Any:
    """The value, an object and no array or function."""
    if shim.typeof(value) != "object" or value is shim.null:
        raise invalid_type(name, "object", value)
    return value


def need_boolean(value: Any, name: str) -> bool:
    """The value, a boolean."""
    if not isinstance(value, bool):
        raise invalid_type(name, "boolean", value)
    return value


def need_number(value: Any, name: str) -> float:
    """The value, a number."""
    if shim.typeof(value) != "number":
        raise invalid_type(name, "number", value)
    return value


def need_integer(
    value: Any, name: str, least: int = -(2**53) + 1, most: int = 2**53 - 1
) -> int:
    """The value, a whole number within limits."""
    number = need_number(value, name)
    if isinstance(number, float) and not number.is_integer():
        raise out_of_range(name, "an integer", value)
    if not least <= number <= most:
        raise out_of_range(name, f">= {least} && <= {most}", value)
    return int(number)


# The words of libuv, which differ from the C library's in case and more.
_WORDS = {
    "E2BIG": "argument list too long",
    "EACCES": "permission denied",
    "EADDRINUSE": "address already in use",
    "EAGAIN": "resource temporarily unavailable",
    "EBADF": "bad file descriptor",
    "EBUSY": "resource busy or locked",
    "ECONNREFUSED": "connection refused",
    "EEXIST": "file already exists",
    "EFAULT": "bad address in system call argument",
    "EFBIG": "file too large",
    "EINTR": "interrupted system call",
    "EINVAL": "invalid argument",
    "EIO": "i/o error",
    "EISDIR": "illegal operation on a directory",
    "ELOOP": "too many symbolic links encountered",
    "EMFILE": "too many open files",
    "ENAMETOOLONG": "name too long",
    "ENFILE": "file table overflow",
    "ENODEV": "no such device",
    "ENOENT": "no such file or directory",
    "ENOMEM": "not enough memory",
    "ENOSPC": "no space left on device",
    "ENOSYS": "function not implemented",
    "ENOTDIR": "not a directory",
    "ENOTEMPTY": "directory not empty",
    "ENOTSUP": "operation not supported on socket",
    "ENXIO": "no such device or address",
    "EPERM": "operation not permitted",
    "EPIPE": "broken pipe",
    "ERANGE": "result too large",
    "EROFS": "read-only file system",
    "ESPIPE": "invalid seek",
    "ESRCH": "no such process",
    "ETIMEDOUT": "connection timed out",
    "ETXTBSY": "text file is busy",
    "EXDEV": "cross-device link not permitted",
}


def errno_words(number: int) -> tuple[str, str]:
    """Code and words of an error number of the system."""
    code = _errno.errorcode.get(number, f"Unknown system error {-number}")
    return code, _WORDS.get(code, os.strerror(number).lower())


def system_error(number: int, syscall: str, path: Any = None, dest: Any = None) -> Any:
    """An error of the operating system, as Node words it.

    Args:
        number: The error number, positive.
        syscall: What was called.
        path: What it was called for.
        dest: A second path.
    """
    code, words = errno_words(number)
    text = f"{code}: {words}, {syscall}"
    if path is not None:
        text += f" '{path}'"
    if dest is not None:
        text += f" -> '{dest}'"
    made = _error.Error(text)
    shim.set(made, "errno", -number)
    shim.set(made, "code", code)
    shim.set(made, "syscall", syscall)
    if path is not None:
        shim.set(made, "path", path)
    if dest is not None:
        shim.set(made, "dest", dest)
    return made


def missing_module(name: str) -> Any:
    """For a module of Node that this host does not have."""
    text = f"The module '{name}' of Node is not available in this host"
    return node_error("Error", "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM", text)


def missing_member(module: str, name: str) -> Any:
    """For a member of a module that this host does not have."""
    text = f"{module}.{name} is not available in this host"
    return node_error("Error", "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM", text)
