"""``timers``: the timers of globalThis, and their promises."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._kit import get, lazy

__all__ = ["exports"]

_NAMES = (
    "setTimeout",
    "clearTimeout",
    "setImmediate",
    "clearImmediate",
    "setInterval",
    "clearInterval",
)


def exports() -> Any:
    """The module."""
    from napi.js.host import load
    from napi.js.host.util import CUSTOM_PROMISIFY

    made, realm = shim.Object(), shim.get_global()
    for name in _NAMES:
        shim.set(made, name, shim.get(realm, name))
    promises = load("timers/promises")
    for name in ("setTimeout", "setImmediate"):
        promised = get(promises, name)
        shim.define(
            shim.get(realm, name), CUSTOM_PROMISIFY, value=promised, configurable=True
        )
    lazy(made, "promises", lambda: promises)
    return made
