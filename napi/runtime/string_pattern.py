"""String.prototype's methods that take a pattern (ECMA-262, chapter 22.1.3)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.coerce import is_callable, is_nullish, is_regexp, show, to_integer
from napi.runtime.error import TypeError
from napi.runtime.substitute import substitute
from napi.runtime.utf16 import join, split

__all__ = ["_StringPatterns"]


def _method(this: Any, pattern: Any, name: str, symbol: str) -> Any:
    """What the pattern itself does it with; ``None``: nothing."""
    if this is None or this is shim.null:
        raise TypeError(f"String.prototype.{name} called on null or undefined")
    if type(pattern) is str or is_nullish(pattern):
        return None
    if shim.typeof(pattern) not in ("object", "function"):
        return None
    method = shim.get(pattern, getattr(shim.Symbol, symbol))
    if is_nullish(method):
        return None
    if not is_callable(method):
        raise TypeError(f"{show(method)} is not a function")
    return method


def _need_global(pattern: Any, name: str) -> None:
    if type(pattern) is str or not is_regexp(pattern):
        return
    flags = shim.get(pattern, "flags")
    if is_nullish(flags):
        raise TypeError(
            f"String.prototype.{name} called with a non-global RegExp argument"
        )
    if "g" not in shim.to_string(flags):
        raise TypeError(
            f"String.prototype.{name} called with a non-global RegExp argument"
        )


def _replace(this: Any, pattern: Any, replacement: Any, *, every: bool) -> str:
    text = shim.to_string(this)
    wanted = split(str(shim.to_string(pattern)))
    template = None if is_callable(replacement) else str(shim.to_string(replacement))
    units = text if text.isascii() else split(text)
    at = units.find(wanted)
    if at < 0:
        return str(text)
    pieces, done = [], 0
    while at >= 0:
        end = at + len(wanted)
        if template is None:
            new = shim.to_string(shim.call(replacement, None, join(wanted), at, text))
        elif "$" in template:
            new = substitute(template, units, at, end, [join(wanted)])
        else:
            new = template
        pieces += [units[done:at], new]
        done = end
        if not every:
            break
        at = units.find(wanted, end + (not wanted))
    pieces.append(units[done:])
    return join("".join(pieces))


def _pattern(source: Any, flags: str) -> Any:
    from napi.runtime.regexp import RegExp

    return shim.construct(RegExp, source, flags)


class _StringPatterns:
    def match(this: Any, pattern: Any) -> Any:
        method = _method(this, pattern, "match", "match")
        if method is not None:
            return shim.call(method, pattern, this)
        text, made = shim.to_string(this), _pattern(pattern, "")
        return shim.call(shim.get(made, shim.Symbol.match), made, text)

    def matchAll(this: Any, pattern: Any) -> Any:
        if this is not None and this is not shim.null and not is_nullish(pattern):
            _need_global(pattern, "matchAll")
        method = _method(this, pattern, "matchAll", "matchAll")
        if method is not None:
            return shim.call(method, pattern, this)
        text, made = shim.to_string(this), _pattern(pattern, "g")
        return shim.call(shim.get(made, shim.Symbol.matchAll), made, text)

    def replace(this: Any, pattern: Any, replacement: Any) -> Any:
        method = _method(this, pattern, "replace", "replace")
        if method is not None:
            return shim.call(method, pattern, this, replacement)
        return _replace(this, pattern, replacement, every=False)

    def replaceAll(this: Any, pattern: Any, replacement: Any) -> Any:
        if this is not None and this is not shim.null and not is_nullish(pattern):
            _need_global(pattern, "replaceAll")
        method = _method(this, pattern, "replaceAll", "replace")
        if method is not None:
            return shim.call(method, pattern, this, replacement)
        return _replace(this, pattern, replacement, every=True)

    def search(this: Any, pattern: Any) -> Any:
        method = _method(this, pattern, "search", "search")
        if method is not None:
            return shim.call(method, pattern, this)
        text, made = shim.to_string(this), _pattern(pattern, "")
        return shim.call(shim.get(made, shim.Symbol.search), made, text)

    def split(this: Any, separator: Any, limit: Any) -> Any:
        method = _method(this, separator, "split", "split")
        if method is not None:
            return shim.call(method, separator, this, limit)
        text = shim.to_string(this)
        most = 2**32 - 1
        if limit is not None:
            number = to_integer(limit)
            most = int(number) & 0xFFFFFFFF if abs(number) != float("inf") else 0
        mark = split(str(shim.to_string(separator)))
        if not most:
            return shim.Array()
        if separator is None:
            return shim.Array((text,))
        units = split(text)
        parts = units.split(mark) if mark else list(units)
        if units is text and mark:
            return shim.Array(parts[:most])
        return shim.Array([join(part) for part in parts[:most]])
