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
    ),
    "date": ("Date",),
    "map": ("JSIterator", "Map", "Set", "WeakMap", "WeakRef", "WeakSet"),
    "object": ("make_object_prototype",),
    "prototype": ("prototype_for",),
    "box": ("Box", "box"),
    "native": ("native_instance",),
    "promise": ("promise_future",),
    "globals": ("globalThis", "make_global"),
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULE_OF})
