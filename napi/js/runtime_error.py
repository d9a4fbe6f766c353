"""Errors: what is thrown, what is caught, and V8's words for it."""

from __future__ import annotations

import builtins
import itertools
import re
import types
from typing import Any, NoReturn

from napi._native import shim
from napi.runtime.error import (
    Error,
    RangeError,
    ReferenceError,
    Thrown,
    TypeError,
)

__all__ = [
    "callee_text",
    "caught",
    "check_this",
    "converted",
    "put_primitive",
    "refuse_assignment",
    "refuse_call",
    "refuse_constant",
    "refuse_early",
    "refuse_get",
    "refuse_name",
    "refuse_new",
    "refuse_put",
    "refuse_super_delete",
    "show_key",
    "shown_callee",
    "thrown",
]

_LOCAL = re.compile(r"'([^']*)'")
_THIS = (
    "Must call super constructor in derived class before accessing 'this' or "
    "returning from derived constructor"
)


def thrown(value: Any) -> BaseException:
    """The exception that carries a thrown value.

    Args:
        value: What is thrown; an exception is raised as it is.
    """
    return value if isinstance(value, BaseException) else Thrown(value)


def caught(error: BaseException) -> Any:
    """What ``catch (e)`` gets: the identical exception, or the thrown value.

    Args:
        error: What Python has caught.
    """
    kind = type(error)
    if kind is Thrown:
        return error.value  # type: ignore[attr-defined]
    if isinstance(error, Error):
        return error
    return converted(error)


def _is_compiled(code: types.CodeType) -> bool:
    return (
        "@Exception" in code.co_names
        or code.co_name.find("@def") >= 0
        or (code.co_name == "main")
    )


def _innermost(error: BaseException) -> types.CodeType | None:
    traceback = error.__traceback__
    code = None
    while traceback is not None:
        code = traceback.tb_frame.f_code
        traceback = traceback.tb_next
    return code


def converted(error: BaseException) -> BaseException:
    """JavaScript's error for what Python raises in its place; or the same error.

    Args:
        error: Any exception.
    """
    made: Error
    if isinstance(error, Error):
        return error
    if isinstance(error, RecursionError):
        made = RangeError("Maximum call stack size exceeded")
    elif isinstance(error, NameError):
        code = _innermost(error)
        if code is None or not _is_compiled(code):
            return error
        found = _LOCAL.search(str(error))
        name = found.group(1).split("#")[0] if found is not None else ""
        if name == "this":
            made = ReferenceError(_THIS)
        else:
            made = ReferenceError(f"Cannot access '{name}' before initialization")
    elif type(error) is IndexError:
        code = _innermost(error)
        if code is None or not _is_compiled(code):
            return error
        made = ReferenceError("Cannot access a variable before initialization")
    else:
        return error
    made.__traceback__ = error.__traceback__
    return made


def check_this(is_bound: bool, made: Any) -> Any:
    """``super()`` may be called once.

    Args:
        is_bound: Whether it has been.
        made: The object that it has made.
    """
    if is_bound:
        raise ReferenceError("Super constructor may only be called once")
    return made


# === how the source says it ===


def callee_text(depth: int = 2) -> str:
    """The source text of the callee in the frame of compiled code that runs now."""
    import sys

    frame: types.FrameType | None = sys._getframe(depth)
    if frame is None:
        return ""
    code = frame.f_code
    positions = getattr(code, "co_positions", None)
    if positions is None:
        return ""
    at = frame.f_lasti // 2
    line, _, start, end = next(itertools.islice(positions(), at, at + 1))
    if line is None or start is None or end is None:
        return ""
    from napi.js.code import source_of

    text, _ = source_of(code.co_filename)
    lines = re.split(r"\r\n|[\n\r\u2028\u2029]", text)
    if line > len(lines):
        return ""
    rest = "\n".join(lines[line - 1 :])
    return rest[start:end]


_SIMPLE = re.compile(r"^[\w$.#]+$")


def shown_callee(text: str) -> str:
    """How V8 prints a callee."""
    if _SIMPLE.match(text):
        return text
    from napi.js.print import print_callee

    return print_callee(text)


def shown_source(text: str) -> tuple[str, str]:
    """The kind of node that a text is, and how V8 prints it."""
    from napi.js.print import print_source

    return print_source(text) if text else ("", "")


def refuse_call(value: Any) -> NoReturn:
    """Raises V8's TypeError for a call of what is no function."""
    text = callee_text()
    raise TypeError(
        f"{shown_callee(text) if text else _value(value)} is not a function"
    )


def refuse_new(value: Any) -> NoReturn:
    """Raises V8's TypeError for a construction with what is no constructor."""
    text = callee_text()
    raise TypeError(
        f"{shown_callee(text) if text else _value(value)} is not a constructor"
    )


def _value(value: Any) -> str:
    kind = shim.typeof(value)
    if kind == "string":
        return f'"{value}"'
    return "#<Object>" if kind in ("object", "function") else shim.to_string(value)


def show_key(key: Any) -> str:
    """A property key as a message has it."""
    if isinstance(key, str):
        return key
    if isinstance(key, shim.Symbol):
        return f"Symbol({key.description or ''})"
    try:
        return str(shim.to_string(key))
    except builtins.Exception:
        return "#<Object>"


def _named(verb: str, key: Any) -> str:
    """The end of a message; an object that is the key is not asked for its text."""
    if shim.typeof(key) in ("object", "function") and key is not shim.null:
        return ""
    return f" ({verb} '{show_key(key)}')"


def _nullish(target: Any) -> str:
    return "undefined" if target is None else "null"


def refuse_get(target: Any, key: Any) -> NoReturn:
    """Raises the TypeError for reading a property of undefined or null."""
    if key is shim.Symbol.iterator:
        from napi.runtime.iterate import not_iterable

        raise not_iterable(target)
    raise TypeError(
        f"Cannot read properties of {_nullish(target)}{_named('reading', key)}"
    )


def refuse_put(target: Any, key: Any) -> NoReturn:
    """Raises the TypeError for writing a property of undefined or null."""
    raise TypeError(
        f"Cannot set properties of {_nullish(target)}{_named('setting', key)}"
    )


def _describe(target: Any) -> str:
    from napi.runtime.coerce import describe_object

    return describe_object(target)


def refuse_assignment(target: Any, key: Any) -> NoReturn:
    """Raises the TypeError of strict code for an assignment that was refused."""
    shown = show_key(key)
    if shim.is_proxy(target):
        raise TypeError(f"'set' on proxy: trap returned falsish for property '{shown}'")
    holder = target
    key = key if isinstance(key, shim.Symbol) else shim.to_string(key)
    while holder is not shim.null:
        found = shim.own_property(holder, key)
        if found is not None:
            if "value" in found:
                kind = shim.typeof(target)
                text = shim.to_string(target) if kind != "object" else ""
                raise TypeError(
                    f"Cannot assign to read only property '{shown}' of {kind} "
                    f"'{text or _describe(target)}'"
                )
            raise TypeError(
                f"Cannot set property {shown} of {_describe(target)} which has only "
                "a getter"
            )
        holder = shim.get_prototype(holder)
    kind = shim.typeof(target)
    if kind not in ("object", "function"):
        text = show_key(target)
        raise TypeError(f"Cannot create property '{shown}' on {kind} '{text}'")
    raise TypeError(f"Cannot add property {shown}, object is not extensible")


def put_primitive(target: Any, key: Any, value: Any) -> Any:
    """Assigns to a property of a primitive in strict code: a setter takes it."""
    holder = target
    name = key if isinstance(key, shim.Symbol) else shim.to_string(key)
    while holder is not shim.null:
        found = shim.own_property(holder, name)
        if found is not None:
            if found.get("set") is not None:
                shim.call(found["set"], target, value)
                return value
            break
        holder = shim.get_prototype(holder)
    refuse_assignment(target, key)


def refuse_constant(value: Any, name: str) -> NoReturn:
    """Raises the TypeError for an assignment to a constant."""
    raise TypeError("Assignment to constant variable.")


def refuse_name(name: str, _: Any = None) -> NoReturn:
    """Raises the ReferenceError for a name that means nothing."""
    raise ReferenceError(f"{name} is not defined")


def refuse_early(name: str, _: Any = None) -> NoReturn:
    """Raises the ReferenceError for a name that is used too early."""
    raise ReferenceError(f"Cannot access '{name}' before initialization")


def refuse_super_delete(_: Any) -> NoReturn:
    """Raises the ReferenceError for ``delete super.x``."""
    raise ReferenceError("Unsupported reference to 'super'")
