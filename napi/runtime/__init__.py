"""What JavaScript code would find in its realm, in Python.

The C half asks this module for names (``state_lookup``); each is imported from
its file when it is first asked for, and stays here as a plain attribute.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["napi_version", "node_version"]

node_version = (26, 10, 0, "node")
"""The Node whose behaviour this host has: what napi_get_node_version answers."""
napi_version = 10
"""The newest stable version of Node-API that the host implements."""

_HOMES = {
    "error": (
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
        "error_stack",
        "report_uncaught",
        "report_unhandled",
    ),
    "coerce": ("describe_object",),
    "date": ("Date",),
    "map": ("JSIterator", "Map", "Set"),
    "weak": ("WeakMap", "WeakRef", "WeakSet"),
    "object_root": ("make_object_prototype",),
    "prototype": ("made_prototypes", "prototype_for"),
    "bigint": ("element_as_bigint",),
    "proxy": (
        "proxy_call",
        "proxy_close",
        "proxy_construct",
        "proxy_define_full",
        "proxy_delete",
        "proxy_get",
        "proxy_get_prototype",
        "proxy_has",
        "proxy_is_extensible",
        "proxy_own",
        "proxy_own_keys",
        "proxy_set",
        "proxy_set_prototype",
    ),
    "box": ("Box", "make_box"),
    "native": ("native_instance",),
    "promise": (
        "await_pending",
        "await_settled",
        "promise_future",
        "wait_for",
    ),
    "globals": ("make_global",),
    "timers": ("expire_timers",),
}
# Taken now: importing the file globals.py will hide the built-in of that name.
_namespace = globals()
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "globalThis":
        from napi._native import shim

        # Not kept here: the C half owns it and may be closed and opened again.
        return shim.get_global()
    if name == "attach_loop":
        from napi.loop import attach

        return attach
    if name == "open_libuv":
        from napi.libuv import open_libuv

        return open_libuv
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{module}"), name)
    _namespace[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*_namespace, *_MODULE_OF})
