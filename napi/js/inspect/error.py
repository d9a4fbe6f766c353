"""Errors: the stack, completed by what it does not say."""

from __future__ import annotations

import re
from typing import Any

from napi._native import shim
from napi.js.inspect.kinds import is_array
from napi.js.inspect.names import prefix_of
from napi.js.inspect.options import Context

__all__ = ["error_text", "stack_of"]

_FRAME = "\n    at"
_START = re.compile(r"([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n\s+at)")
_ALONE = re.compile(r"([a-z_A-Z0-9-]*Error)$")
_PACKAGE = re.compile(r"([/\\]node_modules[/\\])(.+?)(?=[/\\])")


def stack_of(error: Any) -> str:
    """``error.stack``; where it has none, what ``String(error)`` gives."""
    stack = shim.get(error, "stack")
    if isinstance(stack, str):
        if stack:
            return str(stack)
    elif shim.to_boolean(stack):
        return str(shim.to_string(stack))
    to_string = shim.get(shim.get(shim.get_global(), "Error"), "prototype")
    return str(shim.call(shim.get(to_string, "toString"), error))


def _drop_known_keys(context: Context, keys: list[Any], error: Any, stack: str) -> None:
    if context.show_hidden:
        return
    for name in ("name", "message", "stack"):
        if name in keys:
            value = shim.get(error, name)
            if isinstance(value, str) and value in stack:
                keys.remove(name)


def _improve(stack: str, constructor: str | None, name: str, tag: str) -> str:
    """Has the stack begin with the name of the class, where it says less."""
    begins = (
        name.endswith("Error")
        and stack.startswith(name)
        and stack[len(name) : len(name) + 1] in ("", ":", "\n")
    )
    if constructor is not None and not begins:
        return stack
    fallback, size = "Error", len(name)
    if constructor is None:
        found = _START.match(stack) or _ALONE.match(stack)
        size = len(found[1]) if found else 0
        fallback = found[1] if found else "Error"
    prefix = prefix_of(constructor, tag, fallback)[:-1]
    if name == prefix:
        return stack
    if name in prefix:
        return f"{prefix}: {stack}" if size == 0 else f"{prefix}{stack[size:]}"
    return f"{prefix} [{name}]{stack[size:]}"


def _common(frames: list[str], others: list[str]) -> tuple[int, int]:
    """Length and begin of the longest run of frames that is in both."""
    for begin in range(len(frames) - 3):
        if frames[begin] not in others:
            continue
        at = others.index(frames[begin])
        if len(frames) - begin <= len(others) - at or True:
            size = 1
            while (
                begin + size < len(frames)
                and at + size < len(others)
                and frames[begin + size] == others[at + size]
            ):
                size += 1
            if size > 3:
                return size, begin
    return 0, 0


def _frames(context: Context, error: Any, text: str) -> list[str]:
    frames = text.split("\n")
    cause = shim.get(error, "cause")
    if isinstance(cause, BaseException):
        stack = stack_of(cause)
        start = stack.find(_FRAME)
        if start >= 0:
            size, begin = _common(frames, stack[start + 1 :].split("\n"))
            if size > 3:
                skipped = size - 2
                note = f"    ... {skipped} lines matching cause stack trace ..."
                frames[begin + 1 : begin + 1 + skipped] = [
                    context.stylize(note, "undefined")
                ]
    return frames


def _colored(context: Context, line: str) -> str:
    """A frame: grey where it is the host's own, packages underlined."""
    if "node:" in line and "(node:" in line:
        return context.stylize(line, "undefined")
    return _PACKAGE.sub(
        lambda match: match[1] + context.stylize(match[2], "module"), line
    )


def error_text(
    error: Any,
    constructor: str | None,
    tag: str,
    context: Context,
    keys: list[Any],
) -> str:
    """What is shown of an error before its properties.

    Args:
        error: The error.
        constructor: The name of its constructor.
        tag: Its ``Symbol.toStringTag``.
        context: The run.
        keys: The properties to be shown; cause and errors are added, and what the
            stack says is taken away.
    """
    name = shim.get(error, "name")
    shown = "Error" if name is None or name is shim.null else shim.to_string(name)
    stack = stack_of(error)
    _drop_known_keys(context, keys, error, stack)
    cause = shim.own_property(error, "cause")
    has_cause = cause is not None or _has_cause(error)
    if has_cause and "cause" not in keys:
        keys.append("cause")
    if "errors" not in keys and is_array(shim.get(error, "errors")):
        keys.append("errors")
    stack = _improve(stack, constructor, shown, tag)
    message = shim.get(error, "message")
    position = stack.find(message) if isinstance(message, str) and message else -1
    position = position + len(message) if position >= 0 else 0
    start = stack.find(_FRAME, position)
    if start < 0:
        stack = f"[{stack}]"
    else:
        lines = _frames(context, error, stack[start + 1 :])
        if context.colors:
            lines = [_colored(context, line) for line in lines]
        stack = "\n".join((stack[:start], *lines))
    if context.indentation:
        stack = stack.replace("\n", "\n" + " " * context.indentation)
    return stack


def _has_cause(error: Any) -> bool:
    return shim.has(error, "cause") and shim.get(error, "cause") is not None
