"""The object console, and how it shows values (as Node's util.inspect does)."""

from __future__ import annotations

import math
import sys
import time
from typing import Any

from napi._native import shim
from napi.runtime.builtin import statics

__all__ = ["format_values", "inspect", "make_console"]

_WIDTH = 80
_LEVELS = 3  # so many levels of nesting may share a line
_SHORT_ARRAY = 6  # longer ones are laid out in columns
_LONGEST_ARRAY = 100


def _quoted(text: str) -> str:
    mark = "'"
    if "'" in text:
        mark = '"' if '"' not in text else "`" if "`" not in text else "'"
    shown = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    shown = shown.replace("\r", "\\r").replace("\b", "\\b").replace("\f", "\\f")
    if mark == "'":
        shown = shown.replace("'", "\\'")
    controls = {n: f"\\x{n:02X}" for n in (*range(32), *range(127, 160))}
    return mark + shown.translate(controls) + mark


def _name_of(function: Any) -> str:
    name = shim.get(function, "name")
    if isinstance(function, type):
        return f"[class {name or '(anonymous)'}]"
    return f"[Function: {name}]" if name else "[Function (anonymous)]"


def _key_text(key: Any) -> str:
    if not isinstance(key, str):
        return f"Symbol({key.description or ''})"
    return key if key.isidentifier() and key.isascii() else _quoted(key)


class _Inspector:
    """One run of inspect."""

    def __init__(self, depth: float) -> None:
        self.depth = depth
        self.stack: list[Any] = []
        self.reached = 0  # the level of the container that was shown last
        self.circular: list[Any] = []

    def show(self, value: Any, indent: int = 0) -> str:
        kind = shim.typeof(value)
        if kind == "string":
            return _quoted(str(value))
        if kind == "undefined":
            return "undefined"
        if kind == "bigint":
            return f"{int(value)}n"
        if kind == "number" and value == 0 and isinstance(value, float):
            return "-0"
        if kind in ("number", "boolean") or value is shim.null:
            return str(shim.to_string(value))
        if kind == "symbol":
            return f"Symbol({value.description or ''})"
        if kind == "external":
            return "[External: address]"
        if any(value is outer for outer in self.stack):
            if not any(value is one for one in self.circular):
                self.circular.append(value)
            return f"[Circular *{self.number(value)}]"
        return self.show_object(value, indent)

    def number(self, value: Any) -> int:
        return next(i for i, one in enumerate(self.circular, 1) if one is value)

    def show_object(self, value: Any, indent: int) -> str:
        from napi.runtime.date import Date

        if isinstance(value, BaseException):
            from napi.runtime.error import error_stack

            stack = shim.get(value, "stack")
            head = stack if isinstance(stack, str) else error_stack(value)
            return self.braces(head, self.members(value, indent), indent, lone=True)
        if isinstance(value, Date):
            return (
                value.toString()
                if value.getTime() != value.getTime()
                else (value.toISOString())
            )
        if callable(value):
            head = _name_of(value)
            members = [] if isinstance(value, type) else self.members(value, indent)
            return self.braces(head, members, indent, lone=True)
        if len(self.stack) > self.depth and shim.keys(value):
            array = isinstance(value, (list, tuple))
            return "[Array]" if array else f"[{_class_of(value) or 'Object'}]"
        self.stack.append(value)
        if bool(shim.keys(value)) or bool(getattr(value, "size", 0)):
            self.reached = len(self.stack)
        try:
            shown = self.show_container(value, indent)
        finally:
            self.stack.pop()
        if any(value is one for one in self.circular):
            return f"<ref *{self.number(value)}> {shown}"
        return shown

    def show_container(self, value: Any, indent: int) -> str:
        from napi.runtime.map import Map, Set

        deeper = indent + 2
        if isinstance(value, Map):
            parts = [
                f"{self.show(k, deeper)} => {self.show(v, deeper)}"
                for k, v in value.items()
            ]
            return self.braces(f"Map({value.size})", parts, indent)
        if isinstance(value, (Set, set, frozenset)):
            parts = [self.show(one, deeper) for one in value]
            return self.braces(f"Set({len(parts)})", parts, indent)
        if isinstance(value, (list, tuple)):
            return self.show_array(value, indent)
        name = _class_of(value)
        view = _bytes_of(value)
        if view is not None:
            return self.show_view(name, view, indent)
        primitive = getattr(value, "primitive", None)
        if isinstance(value, shim.Object) and primitive is not None:
            kind = str(shim.typeof(primitive)).title().replace("Bigint", "BigInt")
            return f"[{kind}: {self.show(primitive)}]"
        head = "" if name == "Object" else name or "[Object: null prototype]"
        return self.braces(head, self.members(value, indent), indent)

    def show_array(self, value: Any, indent: int) -> str:
        parts: list[str] = []
        holes = 0
        for index, item in enumerate(value[:_LONGEST_ARRAY]):
            if item is None and not shim.has_own(value, str(index)):
                holes += 1
                continue
            _flush_holes(parts, holes)
            holes = 0
            parts.append(self.show(item, indent + 2))
        _flush_holes(parts, holes)
        more = len(value) - _LONGEST_ARRAY
        if more > 0:
            parts.append(f"... {more} more item{'s' if more > 1 else ''}")
        numeric = all(shim.typeof(item) in ("number", "bigint") for item in value)
        return self.braces("", parts, indent, marks="[]", numeric=numeric)

    def show_view(self, name: str, view: memoryview, indent: int) -> str:
        if name == "Buffer":
            shown = " ".join(f"{byte:02x}" for byte in view[:50])
            more = len(view) - 50
            tail = f" ... {more} more byte{'s' if more > 1 else ''}" if more > 0 else ""
            return f"<Buffer{' ' if shown else ''}{shown}{tail}>"
        parts = [self.show(item, indent + 2) for item in view[:_LONGEST_ARRAY].tolist()]
        more = len(view) - _LONGEST_ARRAY
        if more > 0:
            parts.append(f"... {more} more item{'s' if more > 1 else ''}")
        head = f"{name}({len(view)})"
        return self.braces(head, parts, indent, marks="[]", numeric=True)

    def members(self, value: Any, indent: int) -> list[str]:
        parts = []
        for key in shim.own_keys(value):
            found = shim.own_property(value, key)
            if found is None or not found["enumerable"]:
                continue
            if "value" in found:
                shown = self.show(found["value"], indent + 2)
            else:
                both = found.get("get") is not None, found.get("set") is not None
                shown = {
                    (True, True): "[Getter/Setter]",
                    (True, False): "[Getter]",
                }.get(both, "[Setter]")
            name = _key_text(key)
            parts.append(f"{name if isinstance(key, str) else f'[{name}]'}: {shown}")
        return parts

    def braces(
        self,
        head: str,
        parts: list[str],
        indent: int,
        *,
        marks: str = "{}",
        lone: bool = False,
        numeric: bool = False,
    ) -> str:
        if not parts:
            return head if lone else f"{head} {marks}".lstrip()
        lead = f"{head} {marks[0]}".lstrip()
        grouped = parts
        if marks == "[]" and len(parts) > _SHORT_ARRAY:
            grouped = _columns(parts, indent, numeric=numeric)
        if grouped is parts and self.reached - len(self.stack) < _LEVELS:
            start = len(parts) + indent + len(marks[0]) + len(head) + 10
            width = sum(map(len, parts)) + len(parts) + start
            if width <= _WIDTH and not any("\n" in part for part in parts):
                return f"{lead} {', '.join(parts)} {marks[1]}"
        gap = "\n" + " " * indent
        return f"{lead}{gap}  " + f",{gap}  ".join(grouped) + f"{gap}{marks[1]}"


def _columns(parts: list[str], indent: int, *, numeric: bool) -> list[str]:
    """Lays many short elements out in columns, about 2.5 times as wide as high."""
    more = parts[-1:] if parts[-1].startswith("... ") else []
    cells = parts[: len(parts) - len(more)]
    widths = [len(cell) + 2 for cell in cells]
    widest, total = max(widths), sum(widths)
    if widest * 3 + indent >= _WIDTH or not (total / widest > 5 or widest <= 8):
        return parts
    usual = max(widest - 3 - math.sqrt(widest - total / len(parts)), 1)
    count = min(
        int(math.sqrt(2.5 * usual * len(cells)) / usual + 0.5),
        (_WIDTH - indent) // widest,
        4 * _LEVELS,
        15,
    )
    if count <= 1:
        return parts
    places = [max(widths[column::count]) for column in range(count)]
    lines = []
    for begin in range(0, len(cells), count):
        row = cells[begin : begin + count]
        line = "".join(
            _justify(f"{cell}, ", place, numeric)
            for cell, place in zip(row[:-1], places, strict=False)
        )
        last = row[-1].rjust(places[len(row) - 1] - 2) if numeric else row[-1]
        lines.append(line + last)
    return lines + more


def _justify(text: str, width: int, numeric: bool) -> str:
    return text.rjust(width) if numeric else text.ljust(width)


def _flush_holes(parts: list[str], holes: int) -> None:
    if holes:
        parts.append(f"<{holes} empty item{'s' if holes > 1 else ''}>")


def _bytes_of(value: Any) -> memoryview | None:
    try:
        view = memoryview(value)
    except TypeError:
        return None
    return view if view.ndim == 1 else None


def _class_of(value: Any) -> str:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "Buffer"
    if isinstance(value, dict) and not isinstance(value, shim.Object):
        return "Object"
    made = shim.get(value, "constructor")
    name = shim.get(made, "name") if callable(made) else None
    return name if isinstance(name, str) else ""


def inspect(value: Any, depth: float = 2) -> str:
    """Shows a value as Node's ``util.inspect`` does.

    Args:
        value: Any value.
        depth: How many levels of nested objects are shown.
    """
    return _Inspector(depth).show(value)


def _directive(letter: str, value: Any) -> str:
    if letter == "s":
        if isinstance(value, str):
            return value
        return inspect(value, 0)
    if letter in "dif":
        if shim.typeof(value) == "symbol":
            return "NaN"
        if shim.typeof(value) == "bigint":
            return f"{int(value)}n"
        number = shim.to_number(value) if shim.typeof(value) != "object" else math.nan
        if letter == "i" and math.isfinite(number):
            number = math.trunc(number)
        return str(shim.to_string(number))
    if letter == "j":
        from napi.runtime.json import stringify

        return str(shim.to_string(stringify(value)))
    return "" if letter == "c" else inspect(value, 4)


def format_values(values: tuple[Any, ...]) -> str:
    """Formats values as ``console.log`` does: ``%s``, ``%d`` ..., then the rest.

    Args:
        values: The arguments of the call.
    """
    rest = list(values)
    if not rest or not isinstance(rest[0], str):
        return " ".join(inspect(value) for value in rest)
    template, index, text = str(rest.pop(0)), 0, ""
    while index < len(template):
        letter = template[index : index + 2]
        if letter == "%%" and values[1:]:
            text += "%"
        elif letter[0] == "%" and letter[1:] in tuple("sdifjoOc") and rest:
            text += _directive(letter[1:], rest.pop(0))
        else:
            text += letter[0]
            index += 1
            continue
        index += 2
    shown = (value if isinstance(value, str) else inspect(value) for value in rest)
    return " ".join((text, *shown))


class _State:
    """What console remembers between its calls."""

    indent = ""
    counts: dict[str, int]
    timers: dict[str, float]

    def __init__(self) -> None:
        self.counts = {}
        self.timers = {}


def make_console() -> Any:
    """Makes the object console; it writes to sys.stdout and sys.stderr."""
    state = _State()

    def write(stream: Any, values: tuple[Any, ...]) -> None:
        text = format_values(values)
        if state.indent:
            text = state.indent + text.replace("\n", "\n" + state.indent)
        stream.write(text + "\n")

    def label_of(label: Any) -> str:
        return "default" if label is None else str(shim.to_string(label))

    def took(label: Any) -> str | None:
        begun = state.timers.get(label_of(label))
        if begun is None:
            return None
        return f"{label_of(label)}: {(time.perf_counter() - begun) * 1000:.3f}ms"

    class Console:
        @staticmethod
        def log(*values: Any) -> None:
            write(sys.stdout, values)

        info = debug = log

        @staticmethod
        def error(*values: Any) -> None:
            write(sys.stderr, values)

        warn = error

        @staticmethod
        def trace(*values: Any) -> None:
            write(sys.stderr, ("Trace:", *values))

        @staticmethod
        def dir(value: Any, *_: Any) -> None:
            write(sys.stdout, (inspect(value),))

        @staticmethod
        def assert_(condition: Any = None, *values: Any) -> None:
            if not shim.to_boolean(condition):
                head = "Assertion failed" + (":" if values else "")
                write(sys.stderr, (head, *values))

        @staticmethod
        def count(label: Any = None) -> None:
            name = label_of(label)
            state.counts[name] = state.counts.get(name, 0) + 1
            write(sys.stdout, (f"{name}: {state.counts[name]}",))

        @staticmethod
        def countReset(label: Any = None) -> None:
            state.counts.pop(label_of(label), None)

        @staticmethod
        def group(*values: Any) -> None:
            if values:
                write(sys.stdout, values)
            state.indent += "  "

        @staticmethod
        def groupEnd() -> None:
            state.indent = state.indent[2:]

        @staticmethod
        def time(label: Any = None) -> None:
            state.timers[label_of(label)] = time.perf_counter()

        @staticmethod
        def timeLog(label: Any = None, *values: Any) -> None:
            shown = took(label)
            if shown is not None:
                write(sys.stdout, (shown, *values))

        @staticmethod
        def timeEnd(label: Any = None) -> None:
            shown = took(label)
            if shown is not None:
                write(sys.stdout, (shown,))
                del state.timers[label_of(label)]

    made = shim.Object()
    statics(made, Console)
    return made
