"""Objects of the web in globalThis that show what their accessors answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.inspect.kinds import is_class
from napi.js.inspect.options import Context

__all__ = ["show_host"]

# Class -> the accessors that are shown.
_SHOWN = {
    "AbortController": ("signal",),
    "AbortSignal": ("aborted",),
    "Event": ("type", "defaultPrevented", "cancelable", "timeStamp"),
    "EventTarget": (),
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
    "URLSearchParams": (),
}

_BRACKETED = ("AbortSignal", "TextDecoder", "TextEncoder")  # where nested too deep


def _maker_of(prototype: Any) -> Any:
    found = shim.own_property(prototype, "constructor")
    maker = None if found is None else found.get("value")
    return maker if callable(maker) else None


def _class_of(value: Any) -> str | None:
    """The class here that an object is of, itself or by classes of a program."""
    prototype = shim.get_prototype(value)
    while shim.typeof(prototype) == "object" and prototype is not shim.null:
        maker = _maker_of(prototype)
        if maker is None:
            return None
        if not is_class(maker):
            name = shim.get(maker, "name")
            known = name in _SHOWN and maker is shim.get(shim.get_global(), name)
            return str(name) if known else None
        prototype = shim.get_prototype(prototype)
    return None


def _parameters(value: Any, name: str, context: Context, level: int) -> str:
    from napi.js.inspect.layout import join
    from napi.js.inspect.value import show_primitive

    pairs: list[Any] = []
    each = shim.get(value, "forEach")
    shim.call(each, value, lambda one=None, key=None, *_: pairs.append((key, one)))
    if not pairs:
        return f"{name} {{}}"
    parts = [
        f"{show_primitive(key, context)} => {show_primitive(one, context)}"
        for key, one in pairs
    ]
    return join(context, parts, "", (f"{name} {{", "}"), level, False, False)


def _too_deep(kind: str, constructor: str, context: Context) -> str | None:
    """What Node shows of an object that is nested too deep."""
    if kind in ("URL", "AbortController"):
        return None  # as of any other object
    if kind == "URLSearchParams":
        return context.stylize("[Object]", "special")
    return constructor


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
    kind = _class_of(value)
    if kind is None or constructor is None:
        return None
    if level > context.depth and kind not in _BRACKETED:
        return _too_deep(kind, constructor, context)
    if kind == "URLSearchParams":
        return _parameters(value, constructor, context, level)
    plain = shim.Object()
    for name in _SHOWN[kind]:
        shim.set(plain, name, shim.get(value, name))
    shown = show(plain, context, level)
    if shown == "[Object]":
        return context.stylize(f"[{constructor}]", "special")
    # Node gives TextEncoder no name.
    return shown if kind == "TextEncoder" else f"{constructor} {shown}"
