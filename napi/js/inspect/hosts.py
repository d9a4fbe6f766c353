"""Objects of the web in globalThis that show what their accessors answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.inspect.options import Context

__all__ = ["show_host"]

# Class -> the accessors that are shown.
_SHOWN = {
    "AbortController": ("signal",),
    "AbortSignal": ("aborted",),
    "Event": ("type", "defaultPrevented", "cancelable", "timeStamp"),
    "CustomEvent": ("type", "defaultPrevented", "cancelable", "timeStamp"),
    "CloseEvent": ("type", "defaultPrevented", "cancelable", "timeStamp"),
    "ErrorEvent": ("type", "defaultPrevented", "cancelable", "timeStamp"),
    "MessageEvent": ("type", "defaultPrevented", "cancelable", "timeStamp"),
    "TextDecoder": ("encoding", "fatal", "ignoreBOM"),
    "TextEncoder": ("encoding",),
    "URL": (
        "href",
        "origin",
        "protocol",
        "username",
        "password",
        "host",
        "hostname",
        "port",
        "pathname",
        "search",
        "searchParams",
        "hash",
    ),
}


def _is_of(value: Any, name: str) -> bool:
    """Whether a value is of a class of globalThis, by its first constructor."""
    prototype = shim.get_prototype(value)
    if prototype is shim.null or shim.typeof(prototype) != "object":
        return False
    found = shim.own_property(prototype, "constructor")
    maker = None if found is None else found.get("value")
    return callable(maker) and maker is shim.get(shim.get_global(), name)


def _parameters(value: Any, context: Context, level: int) -> str:
    from napi.js.inspect.layout import join
    from napi.js.inspect.value import show_primitive

    pairs: list[Any] = []
    each = shim.get(value, "forEach")
    shim.call(each, value, lambda one=None, key=None, *_: pairs.append((key, one)))
    if not pairs:
        return "URLSearchParams {}"
    parts = [
        f"{show_primitive(key, context)} => {show_primitive(one, context)}"
        for key, one in pairs
    ]
    return join(context, parts, "", ("URLSearchParams {", "}"), level, False, False)


def show_host(
    value: Any,
    constructor: str | None,
    context: Context,
    level: int,
    show: Callable[..., str],
) -> str | None:
    """The text of such an object; None for all others.

    Args:
        value: An object.
        constructor: The name of its constructor.
        context: The run.
        level: How many containers are around it.
        show: What shows any value.
    """
    if constructor == "URLSearchParams" and _is_of(value, constructor):
        return _parameters(value, context, level)
    names = _SHOWN.get(constructor or "")
    if names is None or not _is_of(value, constructor or ""):
        return None
    plain = shim.Object()
    for name in names:
        shim.set(plain, name, shim.get(value, name))
    shown = show(plain, context, level)
    if shown == "[Object]":
        return context.stylize(f"[{constructor}]", "special")
    # Node gives TextEncoder no name.
    return shown if constructor == "TextEncoder" else f"{constructor} {shown}"
