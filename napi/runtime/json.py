"""JSON with JavaScript's semantics (ECMA-262, chapter 25.5)."""

from __future__ import annotations

import functools
import json as _json
import math
import re
from typing import Any

from napi._native import shim
from napi.runtime.builtin import constant, statics
from napi.runtime.error import SyntaxError, TypeError

__all__ = ["make_json", "parse", "quote", "stringify"]

_MAX_SAFE = 2**53 - 1
_LONE = re.compile("[\ud800-\udfff]")
_PRIMITIVES = ("string", "number", "boolean", "bigint")


def quote(text: str) -> str:
    """The text as a JSON string; a lone surrogate is escaped (well-formed JSON).

    Args:
        text: Any text.
    """
    shown = _json.encoder.encode_basestring(text)
    if text.isascii():
        return shown
    return _LONE.sub(lambda match: f"\\u{ord(match[0]):04x}", shown)


class _Writer:
    """One run of stringify: what is being written, and how."""

    def __init__(self, replacer: Any, gap: str) -> None:
        self.function = replacer if callable(replacer) else None
        self.names: list[str] | None = None
        if isinstance(replacer, (list, tuple)):
            wanted = (getattr(item, "primitive", item) for item in replacer)
            texts = (
                shim.to_string(item)
                for item in wanted
                if shim.typeof(item) in ("string", "number")
            )
            self.names = list(dict.fromkeys(texts))
        self.gap = gap
        self.stack: list[Any] = []

    def value(self, holder: Any, key: str, value: Any) -> str | None:
        """The text of one property's value; ``None`` if it has none."""
        kind = shim.typeof(value)
        if kind in ("object", "function", "bigint"):
            convert = shim.get(value, "toJSON") if value is not shim.null else None
            if callable(convert):
                value = shim.call(convert, value, key)
        if self.function is not None:
            value = shim.call(self.function, holder, key, value)
        value = getattr(value, "primitive", value)
        kind = shim.typeof(value)
        if kind in ("undefined", "symbol", "function"):
            return None
        if value is shim.null:
            return "null"
        if kind == "boolean":
            return "true" if value else "false"
        if kind == "string":
            return quote(value)
        if kind == "number":
            return shim.to_string(value) if math.isfinite(value) else "null"
        if kind == "bigint":
            raise TypeError("Do not know how to serialize a BigInt")
        return self.container(value)

    def container(self, value: Any) -> str:
        if any(value is outer for outer in self.stack):
            raise TypeError("Converting circular structure to JSON")
        self.stack.append(value)
        try:
            if isinstance(value, (list, tuple)):
                parts = [
                    self.value(value, str(index), item) or "null"
                    for index, item in enumerate(value)
                ]
                return self.wrap("[", parts, "]")
            return self.wrap("{", self.members(value), "}")
        finally:
            self.stack.pop()

    def members(self, value: Any) -> list[str]:
        colon = ": " if self.gap else ":"
        parts = []
        for key in shim.keys(value) if self.names is None else self.names:
            text = self.value(value, key, shim.get(value, key))
            if text is not None:
                parts.append(f"{quote(key)}{colon}{text}")
        return parts

    def wrap(self, opening: str, parts: list[str], closing: str) -> str:
        if not parts or not self.gap:
            return opening + ",".join(parts) + closing
        outer = "\n" + self.gap * (len(self.stack) - 1)
        inner = outer + self.gap
        return opening + inner + f",{inner}".join(parts) + outer + closing


def _gap(indent: Any) -> str:
    indent = getattr(indent, "primitive", indent)
    if isinstance(indent, str):
        return indent[:10]
    if shim.typeof(indent) == "number" and indent == indent:
        return " " * int(max(0, min(indent, 10)))
    return ""


def stringify(value: Any = None, replacer: Any = None, indent: Any = None) -> Any:
    """JSON.stringify (ECMA-262 25.5.2).

    Args:
        value: Any JavaScript value.
        replacer: A function of key and value, or an array of names.
        indent: A number of spaces up to 10, or the text to indent with.

    Returns:
        A ``str``, or ``None`` (undefined) for what has no JSON text.

    Raises:
        napi.TypeError: There is a cycle or a bigint.
    """
    holder = shim.Object()
    shim.set(holder, "", value)
    return _Writer(replacer, _gap(indent)).value(holder, "", value)


def _number(text: str) -> Any:
    from napi.runtime.number import canonical

    return canonical(float(text))


def _integer(text: str) -> Any:
    if text == "-0":
        return -0.0
    value = int(text) if len(text) < 17 else 2**60
    return value if abs(value) <= _MAX_SAFE else _number(text)


def _no_constant(text: str) -> Any:
    raise ValueError(text)


def _object(pairs: list[tuple[str, Any]]) -> Any:
    made = shim.Object()
    for key, value in pairs:
        shim.set(made, key, _adopt(value))
    return made


def _adopt(value: Any) -> Any:
    """Python's json gives None and list where JavaScript has null and arrays."""
    if value is None:
        return shim.null
    if type(value) is list:
        return shim.Array(map(_adopt, value))
    return value


@functools.cache
def _decoder() -> _json.JSONDecoder:
    return _json.JSONDecoder(
        object_pairs_hook=_object,
        parse_int=_integer,
        parse_float=_number,
        parse_constant=_no_constant,
    )


def _complaint(text: str, error: ValueError) -> SyntaxError:
    position = getattr(error, "pos", None)
    if position is None:  # NaN or Infinity
        position = max(text.find("NaN"), text.find("Infinity"))
    if position >= len(text):
        return SyntaxError("Unexpected end of JSON input")
    return SyntaxError(
        f"Unexpected token '{text[position]}', "
        f"{_excerpt(text, position)} is not valid JSON"
    )


def _excerpt(text: str, position: int) -> str:
    if len(text) <= 40:
        return f'"{text}"'
    begin, end = max(position - 10, 0), position + 10
    before = "..." if begin else ""
    after = "..." if end < len(text) else ""
    return f'{before}"{text[begin:end]}"{after}'


def _revive(holder: Any, key: str, reviver: Any) -> Any:
    value = shim.get(holder, key)
    if shim.typeof(value) == "object" and value is not shim.null:
        for name in shim.keys(value):
            new = _revive(value, name, reviver)
            if new is None:
                shim.delete(value, name)
            else:
                shim.set(value, name, new)
    return shim.call(reviver, holder, key, value)


def parse(text: Any = None, reviver: Any = None) -> Any:
    """JSON.parse (ECMA-262 25.5.1).

    Args:
        text: The JSON text; anything else is converted to a string first.
        reviver: A function of key and value that may replace each value.

    Raises:
        napi.SyntaxError: The text is not JSON.
    """
    source = shim.to_string(text)
    try:
        value = _adopt(_decoder().decode(source))
    except ValueError as error:
        raise _complaint(source, error) from None
    if not callable(reviver):
        return value
    holder = shim.Object()
    shim.set(holder, "", value)
    return _revive(holder, "", reviver)


class _JSON:
    @staticmethod
    def parse(text: Any = None, reviver: Any = None) -> Any:
        return parse(text, reviver)

    @staticmethod
    def stringify(value: Any = None, replacer: Any = None, indent: Any = None) -> Any:
        return stringify(value, replacer, indent)


def make_json() -> Any:
    """Makes the object JSON."""
    made = shim.Object()
    statics(made, _JSON)
    constant(made, shim.Symbol.toStringTag, "JSON")
    return made
