"""``util.format``: texts with directives, as ``console.log`` takes them."""

from __future__ import annotations

import math
import re
from typing import Any

from napi._native import shim
from napi.js.inspect.kinds import is_object
from napi.js.inspect.options import Context, context_of
from napi.js.inspect.text import bigint_text, number_text
from napi.js.inspect.value import show, symbol_text

__all__ = ["format_values", "format_with_options"]

_DIRECTIVE = re.compile("%([sdifjoOc%])")


def _fresh(context: Context, **changes: Any) -> Context:
    return context.with_options(**changes)


def _has_own_text(value: Any) -> bool:
    """Whether an object says itself how it is written, and is no built-in."""
    if isinstance(value, BaseException):
        return shim.has_own(value, "toString") or _inherits_text(value)
    return _inherits_text(value)


def _inherits_text(value: Any) -> bool:
    if shim.has_own(value, "toString") or shim.has_own(value, shim.Symbol.toPrimitive):
        return True
    holder = shim.get_prototype(value)
    while is_object(holder):
        if shim.has_own(holder, "toString"):
            maker = shim.get(holder, "constructor")
            name = shim.get(maker, "name") if is_object(maker) else None
            return not (isinstance(name, str) and _is_builtin(name, maker))
        holder = shim.get_prototype(holder)
    return False


def _is_builtin(name: str, constructor: Any) -> bool:
    found = shim.get(shim.get_global(), name) if name else None
    return found is constructor


def _as_text(value: Any, context: Context) -> str:
    kind = shim.typeof(value)
    if kind == "number":
        return number_text(value, context.separator)
    if kind == "bigint":
        return bigint_text(value, context.separator)
    if not is_object(value):
        return symbol_text(value) if kind == "symbol" else str(shim.to_string(value))
    if kind == "function" or _has_own_text(value):
        return str(shim.to_string(value))
    return show(value, _fresh(context, depth=0, colors=False, compact=3))


def _number(value: Any, context: Context, letter: str) -> str:
    kind = shim.typeof(value)
    if kind == "symbol":
        return "NaN"
    if kind == "bigint" and letter != "f":
        return bigint_text(value, context.separator)
    if letter == "d":
        if is_object(value) and kind == "object":
            return "NaN"
        return number_text(shim.to_number(value), context.separator)
    realm = shim.get_global()
    if letter == "i":
        if kind == "object":
            return "NaN"
        parsed = shim.call(shim.get(realm, "parseInt"), None, value)
    else:
        parsed = shim.call(shim.get(realm, "parseFloat"), None, value)
    if letter == "i" and isinstance(parsed, float) and math.isfinite(parsed):
        parsed = math.trunc(parsed)
    return number_text(parsed, context.separator)


def _json(value: Any) -> str:
    from napi.runtime.error import TypeError

    json = shim.get(shim.get_global(), "JSON")
    try:
        return str(shim.to_string(shim.call(shim.get(json, "stringify"), json, value)))
    except TypeError as error:
        if "circular structure" in str(error):
            return "[Circular]"
        raise


def _directive(letter: str, value: Any, context: Context) -> str:
    if letter == "s":
        return _as_text(value, context)
    if letter in "dif":
        return _number(value, context, letter)
    if letter == "j":
        return _json(value)
    if letter == "O":
        return show(value, _fresh(context))
    if letter == "o":
        changes = {"showHidden": True, "showProxy": True, "depth": 4}
        return show(value, _fresh(context, **changes))
    return ""


def _format(context: Context, values: tuple[Any, ...]) -> str:
    if not values:
        return ""
    first, rest = values[0], list(values[1:])
    if isinstance(first, str) and rest:

        def replace(match: re.Match[str]) -> str:
            letter = match[1]
            if letter == "%":
                return "%"
            return _directive(letter, rest.pop(0), context) if rest else match[0]

        text = _DIRECTIVE.sub(replace, first)
    elif isinstance(first, str):
        return str(first)
    else:
        text = show(first, _fresh(context))
    for value in rest:
        text += " "
        text += value if isinstance(value, str) else show(value, _fresh(context))
    return text


def format_values(values: tuple[Any, ...], colors: bool = False) -> str:
    """Formats values as ``console.log`` does: ``%s``, ``%d`` ..., then the rest.

    Args:
        values: The arguments of the call.
        colors: Whether the colours of a terminal are used.
    """
    context = context_of(None)
    return _format(context.with_options(colors=colors) if colors else context, values)


def format_with_options(options: Any, *values: Any) -> str:
    """Formats values, with the options of inspect.

    Args:
        options: An object.
        *values: As for :func:`format_values`.

    Raises:
        napi.TypeError: ``options`` is no object.
    """
    if not is_object(options):
        from napi.js.host._errors import invalid_type

        raise invalid_type("inspectOptions", "object", options)
    return _format(context_of(options), values)
