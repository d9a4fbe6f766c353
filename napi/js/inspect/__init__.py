"""``util.inspect``: any value as a text, laid out as Node lays it out.

Source: "util.inspect" of Node's manual; the layout follows version 20.
"""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.inspect.options import COLORS, CUSTOM, DEFAULTS, STYLES, context_of
from napi.js.inspect.value import show

__all__ = ["CUSTOM", "DEFAULTS", "inspect", "inspect_function"]


def inspect(value: Any = None, options: Any = None, *legacy: Any) -> str:
    """The text of a value.

    Args:
        value: Any value.
        options: An object with options; a boolean for ``showHidden``.
        *legacy: ``depth`` and ``colors``, in the old form of the call.
    """
    return show(value, context_of(options, legacy))


_made: list[Any] = []


def inspect_function() -> Any:
    """The function ``util.inspect`` of JavaScript; always the same one."""
    if not _made:
        from napi.runtime.builtin import hidden, trim

        function = trim(inspect, "inspect")
        _made.append(function)
        shim.set(function, "custom", CUSTOM)
        colors = shim.Object()
        for name, codes in COLORS.items():
            shim.set(colors, name, shim.Array(codes))
        shim.set(function, "colors", colors)
        styles = shim.Object()
        for name, style in STYLES.items():
            shim.set(styles, name, style)
        shim.set(function, "styles", styles)
        hidden(function, "defaultOptions", _default_options())
    return _made[0]


def _default_options() -> Any:
    made = shim.Object()
    for name in DEFAULTS:

        def get(name: str = name) -> Any:
            return DEFAULTS[name]

        def set_(value: Any = None, *_: Any, name: str = name) -> None:
            DEFAULTS[name] = value

        shim.define(
            made,
            name,
            get=lambda *_, get=get: get(),
            set=set_,
            enumerable=True,
            configurable=False,
        )
    return made
