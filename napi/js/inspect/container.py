"""The parts of containers: elements, entries, bytes, states."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from napi._native import shim
from napi.js.inspect.kinds import is_bytes
from napi.js.inspect.options import Context
from napi.js.inspect.text import bigint_text, number_text, plural

__all__ = [
    "array_parts",
    "arraybuffer_parts",
    "date_text",
    "gives_entries",
    "hex_text",
    "is_numeric",
    "iterator_parts",
    "keys_of",
    "map_parts",
    "module_parts",
    "no_parts",
    "promise_parts",
    "set_parts",
    "size_of",
    "typed_name",
    "typed_parts",
    "weak_parts",
]

_INDEXED = ("array", "typedarray")


def no_parts(context: Context, value: Any, level: int) -> list[str]:
    """The parts of what has only properties."""
    return []


def is_index(key: Any) -> bool:
    """Whether a key is an array index, in its canonical form."""
    if not isinstance(key, str) or not key.isdigit() or not key.isascii():
        return False
    return (key == "0" or key[0] != "0") and int(key) < 2**32 - 1


def keys_of(value: Any, kind: str, show_hidden: bool) -> list[Any]:
    """The keys of the properties that are shown."""
    if is_bytes(value):
        return []
    keys = shim.own_keys(value, True, not show_hidden)
    if kind in _INDEXED:
        keys = [key for key in keys if not is_index(key)]
    return list(keys)


def _show(value: Any, context: Context, level: int) -> str:
    from napi.js.inspect.value import show

    return show(value, context, level)


def _limited(context: Context, count: int) -> tuple[int, list[str]]:
    """How many of ``count`` elements are shown, and what is said of the others."""
    shown = int(min(context.longest_array, count))
    more = count - shown
    return shown, [f"... {plural(more, 'more item')}"] if more > 0 else []


def array_parts(context: Context, value: Any, level: int) -> list[str]:
    """The elements of an array; a run of holes counts as one part."""
    from napi.js.inspect.value import element_text

    parts: list[str] = []
    limit, count, index = context.longest_array, len(value), 0
    while index < count and len(parts) < limit:
        if value[index] is None and not shim.has_own(value, str(index)):
            end = index + 1
            while (
                end < count and value[end] is None and not shim.has_own(value, str(end))
            ):
                end += 1
            text = f"<{plural(end - index, 'empty item')}>"
            parts.append(context.stylize(text, "undefined"))
            index = end
        else:
            parts.append(element_text(context, value, level, str(index)))
            index += 1
    if index < count:
        parts.append(f"... {plural(count - index, 'more item')}")
    return parts


def _as_view(value: Any) -> Any:
    return shim.Buffer(value) if is_bytes(value) else value


def typed_name(value: Any) -> str:
    """``Uint8Array`` and so on, whatever the prototype is."""
    kind = type(_as_view(value))
    names = [one.__name__ for one in kind.__mro__ if hasattr(shim, one.__name__)]
    return "Uint8Array" if "Buffer" in names else names[0]


def typed_parts(context: Context, value: Any, level: int) -> list[str]:
    """The elements of a typed array."""
    view = _as_view(value)
    shown, more = _limited(context, len(view))
    parts = []
    for index in range(shown):
        element = shim.get(view, str(index))
        if shim.typeof(element) == "bigint":
            text = bigint_text(element, context.separator)
            parts.append(context.stylize(text, "bigint"))
        else:
            text = number_text(element, context.separator)
            parts.append(context.stylize(text, "number"))
    parts += more
    if context.show_hidden:
        from napi.js.inspect.value import show

        context.indentation += 2
        names = ("BYTES_PER_ELEMENT", "length", "byteLength", "byteOffset", "buffer")
        for name in names:
            text = show(shim.get(view, name), context, level, True)
            parts.append(f"[{name}]: {text}")
        context.indentation -= 2
    return parts


def size_of(value: Any) -> int:
    """The number of entries of a Map or Set."""
    return len(value)


def _entries(value: Any) -> Iterator[tuple[Any, Any]]:
    yield from value.items()


def set_parts(context: Context, value: Any, level: int) -> list[str]:
    """The members of a Set."""
    shown, more = _limited(context, size_of(value))
    context.indentation += 2
    members = itertools.islice(iter(value), shown)
    parts = [_show(one, context, level) for one in members]
    context.indentation -= 2
    return parts + more


def map_parts(context: Context, value: Any, level: int) -> list[str]:
    """The entries of a Map."""
    shown, more = _limited(context, size_of(value))
    context.indentation += 2
    parts = [
        f"{_show(key, context, level)} => {_show(one, context, level)}"
        for key, one in itertools.islice(_entries(value), shown)
    ]
    context.indentation -= 2
    return parts + more


def gives_entries(value: Any) -> bool:
    """Whether an iterator of a collection gives pairs.

    What makes the pairs is in the code of the generator: the values that it gives
    could be arrays, too.
    """
    names = getattr(getattr(value.__source__, "gi_code", None), "co_names", ())
    return "Array" in names or "_pair" in names


def iterator_parts(context: Context, value: Any, level: int) -> list[str]:
    """What an iterator of a collection still has to give; it will give it then."""
    rest = list(value.__source__ or ())
    value.__source__ = iter(rest)
    shown, more = _limited(context, len(rest))
    context.indentation += 2
    parts = [_show(one, context, level) for one in rest[:shown]]
    context.indentation -= 2
    return parts + more


def hex_text(data: bytes, limit: float) -> str:
    """Bytes as pairs of digits, and how many more there are."""
    shown = data[: int(min(limit, len(data)))].hex(" ")
    more = len(data) - limit
    return f"{shown} ... {plural(int(more), 'more byte')}" if more > 0 else shown


def arraybuffer_parts(context: Context, value: Any, level: int) -> list[str]:
    """The bytes of an ArrayBuffer."""
    if shim.get(value, "detached") is True:
        return [context.stylize("(detached)", "special")]
    shown = hex_text(bytes(memoryview(value)), context.longest_array)
    return [f"{context.stylize('[Uint8Contents]', 'special')}: <{shown}>"]


def promise_parts(context: Context, value: Any, level: int) -> list[str]:
    """The state of a promise."""
    state = type(value).state.__get__(value)
    if state == "pending":
        return [context.stylize("<pending>", "special")]
    from napi.js.host._promise import outcome

    context.indentation += 2
    shown = _show(outcome(value), context, level)
    context.indentation -= 2
    if state == "rejected":
        return [f"{context.stylize('<rejected>', 'special')} {shown}"]
    return [shown]


def weak_parts(context: Context, value: Any, level: int) -> list[str]:
    """What a weak collection shows: its members may go at any time."""
    return [context.stylize("<items unknown>", "special")]


def module_parts(keys: list[Any]) -> Callable[[Context, Any, int], list[str]]:
    """What shows the exports of a module namespace, some not initialised yet."""

    def parts(context: Context, value: Any, level: int) -> list[str]:
        from napi.js.inspect.value import _key_text

        shown = []
        for key in keys:
            context.indentation += 2
            try:
                text = _show(shim.get(value, key), context, level)
            except NameError:
                text = context.stylize("<uninitialized>", "special")
            context.indentation -= 2
            shown.append(f"{_key_text(key, context, True)}: {text}")
        return shown

    return parts


def is_numeric(value: Any, count: int) -> bool:
    """Whether all cells of an array are numbers: they are aligned at the right."""
    if len(value) < count:
        return False
    if not isinstance(value, (list, tuple)):
        return True
    return all(shim.typeof(one) in ("number", "bigint") for one in value[:count])


def date_text(value: Any) -> str:
    """A date in ISO 8601, or ``Invalid Date``."""
    if isinstance(value, datetime.datetime):
        value = shim.construct(shim.get(shim.get_global(), "Date"), value)
    try:
        return str(value.toISOString())
    except ValueError:
        return "Invalid Date"
