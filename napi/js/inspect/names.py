"""What an object is called: its constructor, its tag, its function or class."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.inspect.kinds import function_source, is_class, is_object
from napi.js.inspect.options import Context

__all__ = ["constructor_name", "function_base", "prefix_of", "tag_of"]

_GENERATOR, _ASYNC = 16, 32  # flags of what was compiled from JavaScript


def _own_constructor(holder: Any) -> Any:
    found = shim.own_property(holder, "constructor")
    if found is None:
        return None
    if "value" not in found:
        # Constructors of built-ins are made when they are first asked for.
        shim.get(holder, "constructor")
        found = shim.own_property(holder, "constructor") or {}
    return found.get("value")


def _instanceof(value: Any, constructor: Any) -> bool:
    try:
        return shim.instanceof(value, constructor)
    except Exception:
        return False


def constructor_name(value: Any, context: Context, level: int) -> str | None:
    """The name of what made an object.

    Args:
        value: The object.
        context: The run.
        level: How deep the object is.

    Returns:
        A name; ``None`` where no prototype has a constructor.
    """
    holder, first = value, None
    while is_object(holder):
        found = _own_constructor(holder)
        if callable(found):
            name = shim.get(found, "name")
            if isinstance(name, str) and name and _instanceof(value, found):
                return str(name)
        holder = shim.get_prototype(holder)
        if first is None:
            first = holder
    if not is_object(first):
        return None
    name = "Function" if callable(value) else "Object"
    if level > context.depth:
        return f"{name} <Complex prototype>"
    above = constructor_name(first, context, level + 1)
    if above is not None:
        return f"{name} <{above}>"
    from napi.js.inspect.value import show

    return (
        f"{name} <{show(first, context.with_options(customInspect=False, depth=-1))}>"
    )


def tag_of(value: Any, show_hidden: bool) -> str:
    """``Symbol.toStringTag``; empty where the property itself will be shown."""
    key = shim.Symbol.toStringTag
    tag = shim.get(value, key)
    if not isinstance(tag, str) or not tag:
        return ""
    own = shim.own_property(value, key)
    if own is not None and (show_hidden or own["enumerable"]):
        return ""
    return str(tag)


def prefix_of(constructor: str | None, tag: str, fallback: str, size: str = "") -> str:
    """What comes before the opening brace, with a blank at its end."""
    if constructor is None:
        shown = f"[{fallback}{size}: null prototype] "
        return f"{shown}[{tag}] " if tag and tag != fallback else shown
    if tag.endswith(f".{constructor}"):
        return f"{tag}{size} "
    shown = f"{constructor}{size} "
    return f"{shown}[{tag}] " if tag and tag != constructor else shown


def _class_base(value: Any, constructor: str | None, tag: str) -> str:
    name = shim.get(value, "name") if shim.has_own(value, "name") else None
    base = f"class {name}" if name else "class (anonymous)"
    if constructor not in ("Function", None):
        base += f" [{constructor}]"
    if tag and constructor != tag:
        base += f" [{tag}]"
    if constructor is None:
        return f"[{base} extends null]"
    parent = shim.get_prototype(value)
    above = shim.get(parent, "name") if is_object(parent) else None
    return f"[{base} extends {above}]" if above else f"[{base}]"


def _function_kind(source: str) -> str:
    begin = source[:200].lstrip()
    is_async = begin.startswith("async") and begin[5:6] in (" ", "(", "*", "\t", "\n")
    rest = begin[5:].lstrip() if is_async else begin
    if rest.startswith("function"):
        rest = rest[8:].lstrip()
    generator = "Generator" if rest.startswith("*") else ""
    return f"{'Async' if is_async else ''}{generator}Function"


def _kind_of(value: Any) -> str:
    info = shim.js_info(value)
    if info is None:
        return _function_kind(function_source(value))
    flags = info[1][2]
    generator = "Generator" if flags & _GENERATOR else ""
    return f"{'Async' if flags & _ASYNC else ''}{generator}Function"


def function_base(value: Any, constructor: str | None, tag: str) -> str:
    """``[Function: name]``, ``[class A extends B]``."""
    if is_class(value):
        return _class_base(value, constructor, tag)
    kind = _kind_of(value)
    base = f"[{kind}"
    if constructor is None:
        base += " (null prototype)"
    name = shim.get(value, "name")
    base += f": {shim.to_string(name)}]" if name not in ("", None) else " (anonymous)]"
    if constructor not in (kind, None) and not (
        constructor == "Function" and kind != "Function"
    ):
        base += f" {constructor}"
    if tag and constructor != tag and tag != kind:
        base += f" [{tag}]"
    return base
