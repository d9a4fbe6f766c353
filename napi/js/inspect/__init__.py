"""``util.inspect``: any value as a text, laid out as Node lays it out.

Source: "util.inspect" of Node's manual; the layout follows version 20.
"""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.inspect.options import (
    COLORS,
    CUSTOM,
    DEFAULTS,
    STYLES,
    context_of,
    default_options,
)
from napi.js.inspect.value import show
from napi.runtime.realm import kept

__all__ = ["CUSTOM", "DEFAULTS", "inspect", "inspect_function"]


def inspect(value: Any = None, options: Any = None, *legacy: Any) -> str:
    """The text of a value.

    Args:
        value: Any value.
        options: An object with options; a boolean for ``showHidden``.
        *legacy: ``depth`` and ``colors``, in the old form of the call.
    """
    return show(value, context_of(options, legacy))


def _get_defaults(_: Any) -> Any:
    return default_options()


def _set_defaults(_: Any, options: Any = None) -> None:
    if shim.typeof(options) != "object" or options is shim.null:
        from napi.js.host._errors import invalid_type

        raise invalid_type("options", "Object", options)
    for key in shim.keys(options):
        if key in DEFAULTS:
            shim.set(default_options(), key, shim.get(options, key))


def inspect_function() -> Any:
    """The function ``util.inspect`` of JavaScript; the same one in all of a realm."""
    return kept("inspect", _make)


def _make() -> Any:
    from napi.runtime.builtin import accessor, trim

    function = trim(inspect, "inspect")
    shim.set(function, "custom", CUSTOM)
    colors = shim.Object()
    for name, codes in COLORS.items():
        shim.set(colors, name, shim.Array(codes))
    shim.set(function, "colors", colors)
    styles = shim.Object()
    for name, style in STYLES.items():
        shim.set(styles, name, style)
    shim.set(function, "styles", styles)
    accessor(function, "defaultOptions", _get_defaults, _set_defaults)
    return function
