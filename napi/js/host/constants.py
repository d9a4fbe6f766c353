"""``constants``: the constants of os, fs and crypto in one object."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host import load

__all__ = ["exports"]


def exports() -> Any:
    """The module."""
    made = shim.Object()
    os_constants = shim.get(load("os"), "constants")
    sources = [shim.get(os_constants, one) for one in ("dlopen", "errno")]
    sources += [shim.get(os_constants, one) for one in ("priority", "signals")]
    sources.append(shim.get(load("fs"), "constants"))
    for source in sources:
        for key in shim.keys(source):
            shim.set(made, key, shim.get(source, key))
    return made
