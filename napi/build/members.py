"""Conversions, and the methods of strings and arrays, for napi.build.evaluate.

Source: ECMA-262, chapters 7 (abstract operations), 22 (text) and 23 (arrays).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

__all__ = [
    "NULL",
    "NotUnderstood",
    "Thrown",
    "add",
    "equal",
    "error",
    "get",
    "inspect",
    "make_regexp",
    "same",
    "to_number",
    "to_string",
    "truth",
    "typeof",
    "unescape",
]


class NotUnderstood(Exception):
    """A script has something that is not understood; the message names it."""


class Thrown(Exception):
    """A script threw; ``value`` is what."""

    def __init__(self, value: Any) -> None:
        message = value.get("message", value) if isinstance(value, dict) else value
        super().__init__(to_string(message))
        self.value = value


class _Null:
    def __repr__(self) -> str:
        return "null"


NULL = _Null()
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": ""}


def error(message: Any, name: str = "Error") -> dict[str, Any]:
    """An error as an object."""
    text = "" if message is None else to_string(message)
    return {"name": name, "message": text, "stack": f"{name}: {text}"}


def unescape(text: str) -> str:
    r"""The character of an escape sequence: ``\n``, ``\x41``, ``\u{1F600}``."""
    if text[1] in "xu" and len(text) > 2:
        return chr(int(text[2:].strip("{}"), 16))
    return "" if text[1] == "\n" else _ESCAPES.get(text[1], text[1])


# === conversions ===


def truth(value: Any) -> bool:
    """ToBoolean."""
    if isinstance(value, (list, dict)):
        return True
    if isinstance(value, float) and math.isnan(value):
        return False
    return value is not NULL and bool(value)


def to_number(value: Any) -> Any:
    """ToNumber: an int where it is one."""
    if isinstance(value, (bool, int)):
        return int(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if value is NULL:
        return 0
    if not isinstance(value, str):
        return math.nan
    text = value.strip()
    try:
        return to_number(float(text)) if text else 0
    except ValueError:
        pass
    try:
        return int(text, 0)
    except ValueError:
        return math.nan


def to_string(value: Any) -> str:
    """ToString."""
    if isinstance(value, str):
        return value
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            return "NaN" if math.isnan(value) else f"{'-' * (value < 0)}Infinity"
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, list):
        return ",".join(
            "" if one is None or one is NULL else to_string(one) for one in value
        )
    if isinstance(value, dict):
        return str(value.get("stack", "[object Object]"))
    return str(value)


def typeof(value: Any) -> str:
    """The operator typeof."""
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "function" if callable(value) else "object"


def same(left: Any, right: Any) -> bool:
    """The operator ===."""
    if isinstance(left, (list, dict)) or typeof(left) != typeof(right):
        return left is right
    return bool(left == right)


def equal(left: Any, right: Any) -> bool:
    """The operator ==."""
    empty = [value is None or value is NULL for value in (left, right)]
    if any(empty):
        return all(empty)
    if typeof(left) == typeof(right):
        return same(left, right)
    if isinstance(left, (list, dict)) or isinstance(right, (list, dict)):
        return to_string(left) == to_string(right)
    return bool(to_number(left) == to_number(right))


def add(left: Any, right: Any) -> Any:
    """The operator +."""
    if any(isinstance(value, (str, list, dict)) for value in (left, right)):
        return to_string(left) + to_string(right)
    return to_number(left) + to_number(right)


def inspect(value: Any) -> str:
    """What console.log prints of a value in an object or an array."""
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, list):
        return f"[ {', '.join(map(inspect, value))} ]" if value else "[]"
    if isinstance(value, dict):
        if "stack" in value:
            return str(value["stack"])
        pairs = [
            f"{key if key.isidentifier() else repr(key)}: {inspect(one)}"
            for key, one in value.items()
        ]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    return "[Function]" if callable(value) else to_string(value)


# === members ===


def get(owner: Any, key: Any, where: str = "") -> Any:
    """A property or a method; None where there is none.

    Raises:
        Thrown: The owner is undefined or null.
        NotUnderstood: It is a method of strings or arrays that is not known here.
    """
    if owner is None or owner is NULL:
        text = f"Cannot read properties of {to_string(owner)} (reading {key!r})"
        raise Thrown(error(text, "TypeError"))
    if isinstance(owner, dict):
        return owner.get(to_string(key))
    if isinstance(owner, (str, list)):
        if key == "length":
            return len(owner)
        index = to_number(key)
        if isinstance(index, int):
            return owner[index] if 0 <= index < len(owner) else None
        known = _STRING if isinstance(owner, str) else _ARRAY
        if key in known:
            return lambda *arguments: known[key](owner, *arguments)
    elif isinstance(owner, re.Pattern) and key in ("test", "exec"):
        return lambda text: _exec(owner, text, key == "test")
    elif key in ("toString", "toFixed") and isinstance(owner, (int, float)):
        return lambda *_: to_string(owner)
    elif callable(owner) and hasattr(owner, str(key)):
        return getattr(owner, str(key))
    raise NotUnderstood(f"the property {key!r} of {where or typeof(owner)!r}")


def make_regexp(pattern: str, flags: str = "") -> re.Pattern[str]:
    """A regular expression; ``g`` is kept apart, as a mark in the flags of Python."""
    options = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
    chosen = re.DEBUG & 0
    for flag in flags:
        chosen |= options.get(flag, re.NOFLAG if hasattr(re, "NOFLAG") else 0)
    text = re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", pattern)
    # A global expression is told apart by a comment that matches nothing.
    text += "(?#g)" if "g" in flags else ""
    try:
        return re.compile(text, chosen)
    except re.error as problem:
        raise NotUnderstood(f"the expression /{pattern}/: {problem}") from None


def _is_global(pattern: re.Pattern[str]) -> bool:
    return pattern.pattern.endswith("(?#g)")


def _exec(pattern: re.Pattern[str], text: Any, test: bool) -> Any:
    found = pattern.search(to_string(text))
    if test:
        return found is not None
    return [found[0], *found.groups()] if found else NULL


def _match(text: str, pattern: Any) -> Any:
    made = make_regexp(pattern) if isinstance(pattern, str) else pattern
    if _is_global(made):
        return [found[0] for found in made.finditer(text)] or NULL
    return _exec(made, text, False)


def _replace(text: str, what: Any, by: Any, every: bool = False) -> str:
    if isinstance(what, re.Pattern):
        every = every or _is_global(what)
    else:
        what = re.compile(re.escape(to_string(what)))

    def make(found: re.Match[str]) -> str:
        if callable(by):
            return to_string(by(found[0], *found.groups(), found.start(), text))

        def part(mark: re.Match[str]) -> str:
            if mark[1] == "$":
                return "$"
            return found[0] if mark[1] == "&" else found[int(mark[1])] or ""

        return re.sub(r"\$(\$|&|\d)", part, to_string(by))

    return str(what.sub(make, text, count=0 if every else 1))


def _split(text: str, by: Any = None, most: Any = None) -> list[str]:
    if by is None:
        return [text]
    if isinstance(by, re.Pattern):
        parts = by.split(text)
    else:
        parts = text.split(by) if by else list(text)
    return parts if most is None else parts[:most]


def _slice(value: Any, start: Any = 0, end: Any = None) -> Any:
    return value[to_number(start) : None if end is None else to_number(end)]


def _substring(text: str, start: Any, end: Any = None) -> str:
    last = len(text) if end is None else max(0, to_number(end))
    first = max(0, to_number(start))
    return text[min(first, last) : max(first, last)]


def _index(value: Any, what: Any) -> int:
    if isinstance(value, str):
        return value.find(to_string(what))
    return next((place for place, one in enumerate(value) if same(one, what)), -1)


def _takes(function: Callable[..., Any], *values: Any) -> Any:
    """Calls back with as many arguments as a Python callable takes."""
    return function(*values) if not isinstance(function, type) else function(values[0])


def _find(items: list[Any], test: Callable[..., Any]) -> Any:
    return next(
        (one for place, one in enumerate(items) if truth(_takes(test, one, place))),
        None,
    )


def _reduce(items: list[Any], function: Callable[..., Any], *start: Any) -> Any:
    left = [*start, *items]
    total = left[0]
    for one in left[1:]:
        total = function(total, one)
    return total


def _push(items: list[Any], *more: Any) -> int:
    items.extend(more)
    return len(items)


_STRING: dict[str, Callable[..., Any]] = {
    "charAt": lambda text, place=0: text[place : place + 1],
    "concat": lambda text, *more: text + "".join(map(to_string, more)),
    "endsWith": lambda text, end: text.endswith(to_string(end)),
    "includes": lambda text, part: to_string(part) in text,
    "indexOf": _index,
    "lastIndexOf": lambda text, part: text.rfind(to_string(part)),
    "match": _match,
    "padStart": lambda text, size, by=" ": text.rjust(size, by),
    "repeat": lambda text, count: text * to_number(count),
    "replace": _replace,
    "replaceAll": lambda text, what, by: _replace(text, what, by, True),
    "slice": _slice,
    "split": _split,
    "startsWith": lambda text, start: text.startswith(to_string(start)),
    "substr": lambda text, start, size=None: (
        text[start:] if size is None else text[start:][:size]
    ),
    "substring": _substring,
    "toLowerCase": lambda text: text.lower(),
    "toString": lambda text: text,
    "toUpperCase": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "trimEnd": lambda text: text.rstrip(),
    "trimStart": lambda text: text.lstrip(),
}
_ARRAY: dict[str, Callable[..., Any]] = {
    "concat": lambda items, *more: [
        *items,
        *(one for part in more for one in (part if isinstance(part, list) else [part])),
    ],
    "every": lambda items, test: all(truth(_takes(test, one)) for one in items),
    "filter": lambda items, test: [
        one for place, one in enumerate(items) if truth(_takes(test, one, place))
    ],
    "find": _find,
    "flat": lambda items: [
        one for part in items for one in (part if isinstance(part, list) else [part])
    ],
    "forEach": lambda items, act: (
        [_takes(act, one, place) for place, one in enumerate(items)] and None
    ),
    "includes": lambda items, what: _index(items, what) >= 0,
    "indexOf": _index,
    "join": lambda items, by=",": to_string(by).join(
        "" if one is None or one is NULL else to_string(one) for one in items
    ),
    "map": lambda items, act: [
        _takes(act, one, place) for place, one in enumerate(items)
    ],
    "pop": lambda items: items.pop() if items else None,
    "push": _push,
    "reduce": _reduce,
    "reverse": lambda items: items.reverse() or items,
    "shift": lambda items: items.pop(0) if items else None,
    "slice": _slice,
    "some": lambda items, test: any(truth(_takes(test, one)) for one in items),
    "sort": lambda items: items.sort(key=to_string) or items,
    "toString": to_string,
}


def parse_json(text: str) -> Any:
    """JSON.parse: null is :data:`NULL`.

    Raises:
        Thrown: It is not JSON.
    """

    def give(value: Any) -> Any:
        if isinstance(value, list):
            return [give(one) for one in value]
        if isinstance(value, dict):
            return {key: give(one) for key, one in value.items()}
        return NULL if value is None else value

    try:
        return give(json.loads(text))
    except ValueError as problem:
        raise Thrown(error(problem, "SyntaxError")) from None
