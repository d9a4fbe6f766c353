"""JSON with JavaScript's semantics (ECMA-262, chapter 25.5)."""

from __future__ import annotations

import functools
import json as _json
import math
import re
from typing import Any

from napi._native import shim
from napi.runtime.box import Box
from napi.runtime.builtin import builtin, hidden, statics, tag
from napi.runtime.coerce import is_callable, is_object, length_of, to_integer
from napi.runtime.descriptor import define
from napi.runtime.error import SyntaxError, TypeError
from napi.runtime.json_source import Leaf, sources
from napi.runtime.object import is_array
from napi.runtime.utf16 import join, split

__all__ = ["make_json", "parse", "quote", "stringify"]

_MAX_SAFE = 2**53 - 1
_LONE = re.compile("[\ud800-\udfff]")


def quote(text: str) -> str:
    """The text as a JSON string; a lone surrogate is escaped (well-formed JSON).

    Args:
        text: Any text.
    """
    shown = _json.encoder.encode_basestring(text)
    if text.isascii():
        return shown
    return _LONE.sub(lambda match: f"\\u{ord(match[0]):04x}", shown)


class RawJSON(shim.Object):
    """What JSON.rawJSON makes: text that goes into the result as it is."""

    __module__ = "napi"
    __slots__ = ("__raw__",)
    __raw__: str


class _Writer:
    """One run of stringify: what is being written, and how."""

    def __init__(self, replacer: Any, gap: str) -> None:
        self.function = replacer if is_callable(replacer) else None
        self.names: list[str] | None = None
        if self.function is None and is_array(replacer):
            self.names = _names(replacer)
        self.gap = gap
        self.stack: list[Any] = []
        self.keys: list[str] = []

    def value(self, holder: Any, key: str, value: Any) -> str | None:
        """SerializeJSONProperty (25.5.2.2); ``None``: undefined."""
        kind = type(value)
        if kind is str and self.function is None:
            return quote(value)
        if kind is int and self.function is None and -_MAX_SAFE <= value <= _MAX_SAFE:
            return str(value)
        value = self.converted(holder, key, value)
        if isinstance(value, Box):
            value = _unboxed(value)
        elif isinstance(value, RawJSON):
            return value.__raw__
        shown = shim.typeof(value)
        if shown in ("undefined", "symbol", "function"):
            return None
        if value is shim.null:
            return "null"
        if shown == "boolean":
            return "true" if value else "false"
        if shown == "string":
            return quote(value)
        if shown == "number":
            return str(shim.to_string(value)) if math.isfinite(value) else "null"
        if shown == "bigint":
            raise TypeError("Do not know how to serialize a BigInt")
        return self.container(key, value)

    def converted(self, holder: Any, key: str, value: Any) -> Any:
        """What ``toJSON`` and the replacer make of a value."""
        if value is not shim.null and shim.typeof(value) in _ASKED:
            convert = shim.get(value, "toJSON")
            if is_callable(convert):
                value = shim.call(convert, value, key)
        if self.function is not None:
            if holder is None:
                holder = shim.Object()
                shim.set(holder, key, value)
            value = shim.call(self.function, holder, key, value)
        return value

    def container(self, key: str, value: Any) -> str:
        for index, outer in enumerate(self.stack):
            if value is outer:
                raise TypeError(self.circle(index, key))
        self.stack.append(value)
        self.keys.append(key)
        try:
            if is_array(value):
                return self.wrap("[", self.elements(value), "]")
            return self.wrap("{", self.members(value), "}")
        finally:
            self.stack.pop()
            self.keys.pop()

    def elements(self, value: Any) -> list[str]:
        if type(value) in (list, tuple):
            return [self.value(value, str(i), v) or "null" for i, v in enumerate(value)]
        parts, index = [], 0
        length = length_of(value)
        while index < length:
            key = str(index)
            parts.append(self.value(value, key, shim.get(value, key)) or "null")
            index += 1
        return parts

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

    def circle(self, begin: int, key: str) -> str:
        """V8's message for a cycle: where it starts, how it goes on and closes."""
        path = [*zip(self.keys[begin + 1 :], self.stack[begin + 1 :], strict=True)]
        holders = self.stack[begin:]
        lines = [
            "Converting circular structure to JSON",
            f"    --> starting at object with constructor {_maker(holders[0])}",
        ]
        steps = [
            f"    |     {_step(holder, name)} -> object with constructor "
            f"{_maker(inner)}"
            for holder, (name, inner) in zip(holders, path, strict=False)
        ]
        if len(steps) > 2:
            steps = [steps[0], "    |     ...", steps[-1]]
        lines += steps
        lines.append(f"    --- {_step(holders[-1], key)} closes the circle")
        return "\n".join(lines)


_ASKED = frozenset(("object", "function", "bigint"))


def _step(holder: Any, name: str) -> str:
    return f"index {name}" if is_array(holder) else f"property '{name}'"


def _maker(value: Any) -> str:
    maker = shim.get(value, "constructor")
    name = shim.get(maker, "name") if is_callable(maker) else "Object"
    return f"'{name}'"


def _names(replacer: Any) -> list[str]:
    names: dict[str, None] = {}
    for index in range(length_of(replacer)):
        item = shim.get(replacer, str(index))
        plain = item.primitive if isinstance(item, Box) else item
        if shim.typeof(plain) in ("string", "number"):
            names[str(shim.to_string(item))] = None
    return list(names)


def _unboxed(value: Any) -> Any:
    kind = shim.typeof(value.primitive)
    if kind == "number":
        return shim.to_number(value)
    if kind == "string":
        return shim.to_string(value)
    return value.primitive if kind in ("boolean", "bigint") else value


def _gap(indent: Any) -> str:
    if isinstance(indent, Box):
        indent = _unboxed(indent)
    if isinstance(indent, str):
        return join(split(indent)[:10])
    if shim.typeof(indent) == "number" and indent == indent:
        return " " * int(max(0, min(to_integer(indent), 10)))
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
    writer = _Writer(replacer, _gap(indent))
    holder = None
    if writer.function is not None:
        holder = shim.Object()
        shim.set(holder, "", value)
    return writer.value(holder, "", value)


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
        if key == "__proto__":  # a property like any other
            define(made, key, {"value": _adopt(value), **_OPEN})
        else:
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


def _inner(found: Any, value: Any) -> dict[str, Any]:
    """The texts of what is in an object or array, unless it is another one now."""
    if type(found) is list and is_array(value):
        return {str(index): one for index, one in enumerate(found)}
    return found if type(found) is dict and not is_array(value) else {}


def _revive(holder: Any, key: str, reviver: Any, found: Any) -> Any:
    """InternalizeJSONProperty (25.5.1.1)."""
    value = shim.get(holder, key)
    context = shim.Object()
    if not is_object(value):
        if isinstance(found, Leaf) and found.is_still(value):
            shim.set(context, "source", found.source)
    else:
        if is_array(value):
            names: Any = (str(index) for index in range(length_of(value)))
        else:
            names = shim.keys(value)
        known = _inner(found, value)
        for name in names:
            new = _revive(value, name, reviver, known.get(name))
            if new is None:
                shim.delete(value, name)
            else:
                define(value, name, {"value": new, **_OPEN})
    # A function of Python takes a key and a value.
    more = (context,) if isinstance(reviver, shim.Function) else ()
    return shim.call(reviver, holder, key, value, *more)


_OPEN = {"writable": True, "enumerable": True, "configurable": True}


def parse(text: Any = None, reviver: Any = None) -> Any:
    """JSON.parse (ECMA-262 25.5.1).

    Args:
        text: The JSON text; anything else is converted to a string first.
        reviver: A function of key, value and an object with the value's ``source``;
            it may replace each value.

    Raises:
        napi.SyntaxError: The text is not JSON.
    """
    source = shim.to_string(text)
    try:
        value = _adopt(_decoder().decode(source))
    except ValueError:
        from napi.runtime.json_error import complaint

        raise SyntaxError(complaint(source)) from None
    if not callable(reviver):
        return value
    holder = shim.Object()
    shim.set(holder, "", value)
    return _revive(holder, "", reviver, sources(source, _integer, _number))


class _JSON:
    def parse(text: Any, reviver: Any) -> Any:
        return parse(text, reviver)

    def stringify(value: Any, replacer: Any, indent: Any) -> Any:
        return stringify(value, replacer, indent)


def _raw_json(text: Any) -> Any:
    """JSON.rawJSON (the proposal JSON.parse source text access)."""
    source = str(shim.to_string(text))
    if not source or source[0] in "\t\n\r [{" or source[-1] in "\t\n\r ":
        raise SyntaxError("Invalid value for JSON.rawJSON")
    parse(source)
    made = RawJSON()
    made.__raw__ = source
    shim.set_prototype(made, shim.null)
    shim.set(made, "rawJSON", source)
    shim.freeze(made)
    return made


def make_json() -> Any:
    """Makes the object JSON."""
    made = shim.Object()
    statics(made, _JSON)
    hidden(made, "rawJSON", builtin(_raw_json, "rawJSON", this=False))
    check = builtin(lambda value: isinstance(value, RawJSON), "isRawJSON", this=False)
    hidden(made, "isRawJSON", check)
    tag(made, "JSON")
    return made
