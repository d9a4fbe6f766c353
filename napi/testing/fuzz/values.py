"""Values as data: what a case passes, as Python text and as JavaScript text.

A value is a list that JSON can carry: its kind, then what the kind needs. Cases are
kept, sent to child processes and to other machines in this form; the text is what
runs, and what a reproducer script shows.

========== ========================================================================
kind       what follows
========== ========================================================================
undefined
null
bool       ``true`` or ``false``
number     text: ``1``, ``-0.0``, ``nan``, ``inf``, ``-inf``
bigint     text
string     the text; lone surrogates stay
symbol     description
bytes      hexadecimal: Python's own ``bytes``
view       ``Buffer`` or a typed array or ``DataView``; hexadecimal
buffer     ``ArrayBuffer`` or ``SharedArrayBuffer``; hexadecimal
detached   ``ArrayBuffer`` or a view; the memory was taken away
array      values
object     pairs of name and value
accessor   name, value: an object whose getter gives the value
raising    name: an object whose getter throws
date       milliseconds, text
error      class, message
function   what it does (``return``, ``throw``, ``call``), a value
promise    ``resolve``, ``reject`` or ``never``, a value
class      nothing: an empty class
proxy      a value: a proxy of it
cycle      nothing: an object that contains itself
use        number of a step: its result
export     path: something the addon exports
========== ========================================================================
"""

from __future__ import annotations

import json
import keyword
from collections.abc import Callable, Iterator, Sequence
from typing import Any

__all__ = [
    "HELPERS",
    "Value",
    "is_plain",
    "javascript",
    "member",
    "names_used",
    "python",
    "walk",
]

#: The functions of :mod:`napi.testing.fuzz.play`, by name: the parent of a campaign
#: does not import them, since that loads the host.
HELPERS = (
    "accessor",
    "buffer",
    "cycle",
    "detached",
    "empty_class",
    "function",
    "get",
    "invoke",
    "promise",
    "proxy",
    "put",
    "raising",
    "view",
)

#: A value as data; see the table of this module.
Value = list[Any]

_OF_DICT = frozenset(dir(dict)) | frozenset(dir(list))


def is_plain(name: str) -> bool:
    """Whether Python's dot reads the property that JavaScript's would.

    Not where Python's own ``dict`` and ``list`` have a method of that name.
    """
    plain = name.isidentifier() and not keyword.iskeyword(name)
    return plain and name not in _OF_DICT and not name.startswith("__")


def member(owner: str, name: str) -> str:
    """The Python text that reads a property as JavaScript would.

    Args:
        owner: The text of the object.
        name: The key; what is not plain is asked for by a function.
    """
    return f"{owner}.{name}" if is_plain(name) else f"get({owner}, {name!r})"


def path(names: Sequence[str], start: str = "addon") -> str:
    """The Python text for a path of exports."""
    for name in names:
        start = member(start, name)
    return start


# === Python ===


def _number(text: str) -> str:
    return f'float("{text}")' if text in ("nan", "inf", "-inf") else text


def _many(values: Sequence[Value]) -> str:
    return ", ".join(map(python, values))


def _pairs(pairs: Sequence[tuple[str, Value]]) -> str:
    return ", ".join(f"{name!r}: {python(value)}" for name, value in pairs)


def _bytes(text: str) -> str:
    data = bytes.fromhex(text)
    if len(data) > 32 and len(set(data)) == 1:
        return f"{data[:1]!r} * {len(data)}"
    return repr(data)


def _string(text: str) -> str:
    if len(text) > 40 and len(set(text)) == 1:
        return f"{text[0]!r} * {len(text)}"
    return repr(text)


# What both languages write as a call of a helper: t is a text, b bytes, v a value.
_CALLED = {
    "view": "tb",
    "buffer": "tb",
    "detached": "t",
    "accessor": "tv",
    "raising": "t",
    "function": "tv",
    "promise": "tv",
    "proxy": "v",
    "cycle": "",
}


def _callers(
    names: dict[str, str],
    text: Callable[[str], str],
    data: Callable[[str], str],
    value: Callable[[Value], str],
) -> dict[str, Callable[..., str]]:
    """Who writes these calls in a language: its names and how it writes the parts."""
    parts: dict[str, Callable[[Any], str]] = {"t": text, "b": data, "v": value}

    def caller(kind: str, shape: str) -> Callable[..., str]:
        def call(*given: Any) -> str:
            each = (parts[one](it) for one, it in zip(shape, given, strict=True))
            return f"{names.get(kind, kind)}({', '.join(each)})"

        return call

    return {kind: caller(kind, shape) for kind, shape in _CALLED.items()}


_PYTHON: dict[str, Callable[..., str]] = {
    "undefined": lambda: "None",
    "null": lambda: "napi.null",
    "bool": lambda value: str(value),
    "number": _number,
    "bigint": lambda text: f"napi.BigInt({text})",
    "string": _string,
    "symbol": lambda text: f"napi.Symbol({text!r})",
    "bytes": _bytes,
    "array": lambda *values: f"napi.Array([{_many(values)}])",
    "object": lambda *pairs: f"napi.Object({{{_pairs(pairs)}}})",
    "date": lambda text: f"napi.Date({_number(text)})",
    "error": lambda name, text: f"napi.{name}({text!r})",
    "class": lambda: "empty_class()",
    "use": lambda index: f"v{index}",
    "export": lambda *names: path(names),
    **_callers({}, repr, _bytes, lambda value: python(value)),
}


def python(value: Value) -> str:
    """The Python expression for a value.

    The names in it are those of :mod:`napi.testing.fuzz.play`, ``napi``, ``addon``
    and ``v0``, ``v1`` and so on for the results of steps.
    """
    return _PYTHON[value[0]](*value[1:])


# === JavaScript ===


def _js_number(text: str) -> str:
    return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(text, text)


def _js_many(values: Sequence[Value]) -> str:
    return ", ".join(map(javascript, values))


def _js_object(*pairs: tuple[str, Value]) -> str:
    inside = ", ".join(f"[{_js(name)}]: {javascript(value)}" for name, value in pairs)
    return f"({{{inside}}})"


def _js_path(*names: str) -> str:
    return "addon" + "".join(f"[{_js(name)}]" for name in names)


_js = json.dumps  # escapes all that is not ASCII, lone surrogates too

_JAVASCRIPT: dict[str, Callable[..., str]] = {
    "undefined": lambda: "undefined",
    "null": lambda: "null",
    "bool": lambda value: "true" if value else "false",
    "number": _js_number,
    "bigint": lambda text: f"{text}n",
    "string": _js,
    "symbol": lambda text: f"Symbol({_js(text)})",
    "bytes": lambda data: f'Buffer.from("{data}", "hex")',
    "array": lambda *values: f"[{_js_many(values)}]",
    "object": _js_object,
    "date": lambda text: f"new Date({_js_number(text)})",
    "error": lambda name, text: f"new {name}({_js(text)})",
    "class": lambda: "class {}",
    "use": lambda index: f"v[{index}]",
    "export": _js_path,
    **_callers({"function": "makeFunction"}, _js, _js, lambda value: javascript(value)),
}


def javascript(value: Value) -> str:
    """The JavaScript expression for the same value."""
    return _JAVASCRIPT[value[0]](*value[1:])


# === what is inside ===


def _parts(value: Value) -> list[Value]:
    kind = value[0]
    if kind == "array":
        return value[1:]
    if kind == "object":
        return [inside for _, inside in value[1:]]
    if kind in ("accessor", "function", "promise"):
        return [value[2]]
    return [value[1]] if kind == "proxy" else []


def walk(value: Value) -> Iterator[Value]:
    """The value and all values in it."""
    yield value
    for part in _parts(value):
        yield from walk(part)


def names_used(text: str, names: Sequence[str]) -> list[str]:
    """Which of the names a program calls."""
    return [name for name in names if f"{name}(" in text]
