"""How a value is shown: what kind it is decides."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.inspect import container
from napi.js.inspect.error import error_text
from napi.js.inspect.hosts import show_host
from napi.js.inspect.kinds import (
    function_source,
    is_object,
    kind_of,
    primitive_of,
    proxy_parts,
    span,
)
from napi.js.inspect.layout import join
from napi.js.inspect.names import (
    constructor_name,
    function_base,
    prefix_of,
    tag_of,
)
from napi.js.inspect.options import CUSTOM, Context
from napi.js.inspect.text import (
    bigint_text,
    cut,
    escape_key,
    key_is_plain,
    length,
    number_text,
    plural,
    quote,
)

__all__ = ["property_text", "show", "show_primitive"]

_SHORT_LINE = 16
Parts = Callable[[Context, Any, int], list[str]]


def show_primitive(
    value: Any, context: Context, style: Callable[[str, str], str] | None = None
) -> str:
    """The text of a primitive.

    Args:
        value: No object.
        context: The run.
        style: What adds the colours; ``None`` for the run's own.
    """
    style = style or context.stylize
    kind = shim.typeof(value)
    if kind == "string":
        return _string(str(value), context, style)
    if kind == "number":
        return style(number_text(value, context.separator), "number")
    if kind == "bigint":
        return style(bigint_text(value, context.separator), "bigint")
    if kind == "symbol":
        return style(symbol_text(value), "symbol")
    if value is shim.null:
        return style("null", "null")
    return style(shim.to_string(value), kind)


def symbol_text(symbol: Any) -> str:
    """``Symbol(description)``."""
    return f"Symbol({symbol.description or ''})"


def _string(text: str, context: Context, style: Callable[[str, str], str]) -> str:
    trailer = ""
    units = length(text)
    if units > context.longest_string:
        kept = int(context.longest_string)
        text = cut(text, kept)
        trailer = f"... {plural(units - kept, 'more character')}"
        units = kept
    room = context.width - context.indentation - 4
    if context.compact != -1 and units > _SHORT_LINE and units > room:
        lines = text.split("\n")
        pieces = [f"{line}\n" for line in lines[:-1]]
        pieces += lines[-1:] if lines[-1] else []
        gap = " +\n" + " " * (context.indentation + 2)
        return gap.join(style(quote(piece), "string") for piece in pieces) + trailer
    return style(quote(text), "string") + trailer


def show(value: Any, context: Context, level: int = 0, inner: bool = False) -> str:
    """The text of any value.

    Args:
        value: The value.
        context: The run.
        level: How many containers are around it.
        inner: Whether it is the buffer of a typed array, shown in short.
    """
    if not is_object(value):
        return show_primitive(value, context)
    original = value
    parts = proxy_parts(value)
    if parts is not None:
        if parts[0] is shim.null or parts[0] is None:
            return context.stylize("<Revoked Proxy>", "special")
        if context.show_proxy:
            return _proxy(parts, context, level)
        while parts is not None:
            value, parts = parts[0], proxy_parts(parts[0])
        if not is_object(value):
            return context.stylize("<Revoked Proxy>", "special")
    if context.custom:
        custom = _custom(value, original, context, level)
        if custom is not None:
            return custom
    if any(value is outer for outer in context.seen):
        number = context.number_of(value)
        if number is None:
            context.circular.append(value)
            number = len(context.circular)
        return context.stylize(f"[Circular *{number}]", "special")
    return _show_object(value, context, level, inner)


def _proxy(parts: tuple[Any, Any], context: Context, level: int) -> str:
    if level > context.depth:
        return context.stylize("Proxy [Array]", "special")
    level += 1
    context.indentation += 2
    shown = [show(part, context, level) for part in parts]
    context.indentation -= 2
    return join(context, shown, "", ("Proxy [", "]"), level, True, False)


def _custom(value: Any, original: Any, context: Context, level: int) -> str | None:
    """What an inspect method of the value itself answers; None: it has none."""
    method = shim.get(value, CUSTOM)
    if not callable(method) or getattr(method, "__napi_inspect__", False):
        return None
    maker = shim.get(value, "constructor")
    if is_object(maker) and shim.get(maker, "prototype") is value:
        return None
    from napi.js.inspect import inspect_function

    if method is inspect_function():
        return None
    depth: Any = context.depth - level
    if depth == float("inf"):
        depth = shim.null if context.options["depth"] is shim.null else depth
    options = shim.Object()
    for key, option in context.options.items():
        shim.set(options, key, option)
    shim.set(options, "stylize", _stylizer(context))
    result = shim.call(method, original, depth, options, inspect_function())
    if result is original or result is value:
        return None
    is_text = not is_object(result)
    text = shim.to_string(result) if is_text else show(result, context, level)
    return text.replace("\n", "\n" + " " * context.indentation)


def _stylizer(context: Context) -> Callable[..., str]:
    def stylize(text: Any = None, style: Any = None, *_: Any) -> str:
        return context.stylize(shim.to_string(text), shim.to_string(style))

    return stylize


class _Shape:
    """What is known of an object before its parts are shown."""

    def __init__(self, value: Any, context: Context, level: int) -> None:
        self.kind = kind_of(value)
        self.constructor = constructor_name(value, context, level)
        self.tag = tag_of(value, context.show_hidden)
        self.base = ""
        self.braces = ("{", "}")
        self.parts: Parts = container.no_parts
        self.columns = False
        self.keys = container.keys_of(value, self.kind, context.show_hidden)
        self.extra: tuple[str, ...] = ()  # accessors that are shown like properties
        self.whole: str | None = None  # the text, where that is all

    def prefix(self, fallback: str, size: str = "") -> str:
        return prefix_of(self.constructor, self.tag, fallback, size)


def _shape_array(shape: _Shape, value: Any, context: Context) -> None:
    size = f"({span(value)})"
    plain = shape.constructor == "Array" and not shape.tag
    shape.braces = ("[" if plain else f"{shape.prefix('Array', size)}[", "]")
    shape.parts, shape.columns = container.array_parts, True
    if not len(value) and not shape.keys:
        shape.whole = f"{shape.braces[0]}]"


def _shape_typed(shape: _Shape, value: Any, context: Context) -> None:
    fallback = container.typed_name(value) if shape.constructor is None else ""
    shape.braces = (f"{shape.prefix(fallback, f'({len(value)})')}[", "]")
    shape.parts, shape.columns = container.typed_parts, True
    if not len(value) and not shape.keys and not context.show_hidden:
        shape.whole = f"{shape.braces[0]}]"


def _shape_collection(shape: _Shape, value: Any, context: Context) -> None:
    name = shape.kind.title()
    size = container.size_of(value)
    prefix = shape.prefix(name, f"({size})")
    shape.braces = (f"{prefix}{{", "}")
    shape.parts = container.map_parts if name == "Map" else container.set_parts
    if not size and not shape.keys:
        shape.whole = f"{prefix}{{}}"


def _shape_iterator(shape: _Shape, value: Any, context: Context) -> None:
    tag = shape.tag or getattr(value, "__tag__", "")
    entries = container.gives_entries(value)
    shown = tag.replace("Iterator", "Entries") if entries else tag
    shape.braces = (f"[{shown}] {{", "}")
    shape.parts = container.iterator_parts


def _shape_function(shape: _Shape, value: Any, context: Context) -> None:
    shape.base = function_base(value, shape.constructor, shape.tag)
    if not shape.keys:
        shape.whole = context.stylize(shape.base, "special")


def _shape_regexp(shape: _Shape, value: Any, context: Context) -> None:
    to_string = shim.get(shim.get(shim.get_global(), "RegExp"), "prototype")
    shape.base = shim.call(shim.get(to_string, "toString"), value)
    prefix = shape.prefix("RegExp")
    if prefix != "RegExp ":
        shape.base = prefix + shape.base
    if not shape.keys:
        shape.whole = context.stylize(shape.base, "regexp")


def _shape_date(shape: _Shape, value: Any, context: Context) -> None:
    shape.base = container.date_text(value)
    prefix = shape.prefix("Date")
    if prefix != "Date ":
        shape.base = prefix + shape.base
    if not shape.keys:
        shape.whole = context.stylize(shape.base, "date")


def _shape_error(shape: _Shape, value: Any, context: Context) -> None:
    shape.base = error_text(value, shape.constructor, shape.tag, context, shape.keys)
    if not shape.keys:
        shape.whole = shape.base


def _shape_arraybuffer(shape: _Shape, value: Any, context: Context) -> None:
    shared = shape.kind.startswith("shared")
    shape.braces = (
        f"{shape.prefix('SharedArrayBuffer' if shared else 'ArrayBuffer')}{{",
        "}",
    )
    shape.parts = container.arraybuffer_parts
    shape.extra = ("byteLength",)


def _shape_dataview(shape: _Shape, value: Any, context: Context) -> None:
    shape.braces = (f"{shape.prefix('DataView')}{{", "}")
    shape.extra = ("byteLength", "byteOffset", "buffer")


def _shape_promise(shape: _Shape, value: Any, context: Context) -> None:
    shape.braces = (f"{shape.prefix('Promise')}{{", "}")
    shape.parts = container.promise_parts


def _shape_weak(name: str, shape: _Shape, value: Any, context: Context) -> None:
    shape.braces = (f"{shape.prefix(name)}{{", "}")
    shape.parts = container.weak_parts


def _shape_module(shape: _Shape, value: Any, context: Context) -> None:
    shape.braces = (f"{shape.prefix('Module')}{{", "}")
    shape.parts, shape.keys = container.module_parts(shape.keys), []


def _shape_boxed(shape: _Shape, value: Any, context: Context) -> None:
    primitive = primitive_of(value)
    kind = {"bigint": "BigInt"}.get(shim.typeof(primitive))
    kind = kind or shim.typeof(primitive).title()
    base = f"[{kind}"
    if kind != shape.constructor:
        name = shape.constructor
        base += " (null prototype)" if name is None else f" ({name})"
    base += f": {show_primitive(primitive, context, lambda text, _: text)}]"
    if shape.tag and shape.tag not in (shape.constructor, kind):
        base += f" [{shape.tag}]"
    if kind == "String":
        count = length(primitive)
        indices = {str(index) for index in range(count)}
        shape.keys = [key for key in shape.keys if key not in indices]
    shape.base = base
    if not shape.keys:
        shape.whole = context.stylize(base, kind.lower())


def _shape_object(shape: _Shape, value: Any, context: Context) -> None:
    if shape.kind == "arguments":
        shape.braces = ("[Arguments] {", "}")
    elif shape.kind == "external" and not shape.keys:
        shape.whole = context.stylize("[External: address]", "special")
        return
    elif shape.constructor != "Object" or shape.tag:
        shape.braces = (f"{shape.prefix('Object')}{{", "}")
    if not shape.keys:
        shape.whole = f"{shape.braces[0]}}}"


_SHAPES: dict[str, Callable[[_Shape, Any, Context], None]] = {
    "array": _shape_array,
    "typedarray": _shape_typed,
    "map": _shape_collection,
    "set": _shape_collection,
    "mapiterator": _shape_iterator,
    "setiterator": _shape_iterator,
    "function": _shape_function,
    "regexp": _shape_regexp,
    "date": _shape_date,
    "error": _shape_error,
    "arraybuffer": _shape_arraybuffer,
    "sharedarraybuffer": _shape_arraybuffer,
    "dataview": _shape_dataview,
    "promise": _shape_promise,
    "weakmap": functools.partial(_shape_weak, "WeakMap"),
    "weakset": functools.partial(_shape_weak, "WeakSet"),
    "module": _shape_module,
    "boxed": _shape_boxed,
}


def _show_object(value: Any, context: Context, level: int, inner: bool) -> str:
    shape = _Shape(value, context, level)
    if shape.kind == "object":
        text = show_host(value, shape.constructor, context, level, show)
        if text is not None:
            return text
    _SHAPES.get(shape.kind, _shape_object)(shape, value, context)
    if shape.whole is not None:
        return shape.whole
    if inner and shape.kind.endswith("arraybuffer") and not shape.keys:
        size = context.stylize(str(shim.get(value, "byteLength")), "number")
        return f"{shape.braces[0]} byteLength: {size} }}"
    if level > context.depth:
        if shape.kind == "regexp":
            return context.stylize(shape.base, "regexp")
        plain = shape.kind in ("array", "map", "set")
        name = shape.prefix(shape.kind.title() if plain else "Object")[:-1]
        text = name if shape.constructor is None else f"[{name}]"
        return context.stylize(text, "special")
    level += 1
    context.seen.append(value)
    context.reached = level
    try:
        parts = shape.parts(context, value, level)
        fixed = len(parts)
        parts += [accessor_text(context, value, level, key) for key in shape.extra]
        parts += [property_text(context, value, level, key) for key in shape.keys]
    finally:
        context.seen.pop()
    base, braces = _with_reference(shape, value, context)
    if context.sorted is not False and context.sorted is not None:
        parts = _sorted(context, parts, 0 if not shape.columns else fixed)
    numeric = shape.columns and container.is_numeric(value, fixed + len(shape.keys))
    return join(context, parts, base, braces, level, shape.columns, numeric)


def _with_reference(
    shape: _Shape, value: Any, context: Context
) -> tuple[str, tuple[str, str]]:
    number = context.number_of(value)
    if number is None:
        return shape.base, shape.braces
    reference = context.stylize(f"<ref *{number}>", "special")
    if context.compact == -1:
        return shape.base, (f"{reference} {shape.braces[0]}", shape.braces[1])
    return (f"{reference} {shape.base}" if shape.base else reference), shape.braces


def _sorted(context: Context, parts: list[str], begin: int) -> list[str]:
    head, rest = parts[:begin], parts[begin:]
    if callable(context.sorted):
        order = context.sorted

        def compare(a: str, b: str) -> int:
            result = shim.to_number(shim.call(order, None, a, b))
            return (result > 0) - (result < 0)

        rest.sort(key=functools.cmp_to_key(compare))
    else:
        rest.sort(key=lambda text: text.encode("utf-16-be", "surrogatepass"))
    return head + rest


def accessor_text(context: Context, value: Any, level: int, key: str) -> str:
    """``key: value`` of a property that the prototype has."""
    context.indentation += 2
    shown = show(shim.get(value, key), context, level)
    context.indentation -= 2
    return f"{key}: {shown}"


def element_text(context: Context, value: Any, level: int, key: str) -> str:
    """The value of an array's element, which is a property like others."""
    return _value_text(context, value, level, shim.own_property(value, key), 2)


def _value_text(
    context: Context, value: Any, level: int, found: dict[str, Any] | None, step: int
) -> str:
    if found is None or "value" in found:
        context.indentation += step
        shown = show(None if found is None else found["value"], context, level)
        context.indentation -= step
        return shown
    getter, setter = found.get("get"), found.get("set")
    if getter is None:
        text = "[Setter]" if setter is not None else "undefined"
        return context.stylize(text, "special" if setter is not None else text)
    label = "Getter" if setter is None else "Getter/Setter"
    wanted = context.getters
    if wanted is True or wanted == ("get" if setter is None else "set"):
        return _got(context, value, level, getter, label)
    return context.stylize(f"[{label}]", "special")


def _got(context: Context, value: Any, level: int, getter: Any, label: str) -> str:
    open_, close = (context.stylize(text, "special") for text in (f"[{label}:", "]"))
    try:
        found = shim.call(getter, value)
    except Exception as error:
        message = shim.get(error, "message")
        return f"{open_} <Inspection threw ({shim.to_string(message)})>{close}"
    context.indentation += 2
    try:
        if is_object(found) and not callable(found):
            head = context.stylize(f"[{label}]", "special")
            return f"{head} {show(found, context, level)}"
        if callable(found):
            return f"{open_} {function_source(found)}{close}"
        return f"{open_} {show_primitive(found, context)}{close}"
    finally:
        context.indentation -= 2


def property_text(context: Context, value: Any, level: int, key: Any) -> str:
    """``key: value`` of a property."""
    found = shim.own_property(value, key)
    if found is None:
        found = {"value": shim.get(value, key), "enumerable": key != "cause"}
        found["enumerable"] = not (
            key in ("cause", "errors") and isinstance(value, BaseException)
        )
    step = 2 if context.compact != -1 or isinstance(value, (list, tuple)) else 3
    shown = _value_text(context, value, level, found, step)
    gap = " "
    if step == 3 and context.width < length(shown) and "value" in found:
        gap = "\n" + " " * (context.indentation + step)
    return f"{_key_text(key, context, found['enumerable'])}:{gap}{shown}"


def _key_text(key: Any, context: Context, enumerable: bool) -> str:
    if not isinstance(key, str):
        return f"[{context.stylize(escape_key(symbol_text(key)), 'symbol')}]"
    if key == "__proto__":
        return "['__proto__']"
    if not enumerable:
        return f"[{escape_key(key)}]"
    if key_is_plain(key):
        return context.stylize(key, "name")
    return context.stylize(quote(key), "string")
