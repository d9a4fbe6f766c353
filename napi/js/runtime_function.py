"""Functions that are made from text (ECMA-262, chapters 20.2.1, 27.3.1, 27.7.1)."""

from __future__ import annotations

import itertools
from typing import Any

from napi._native import shim

__all__ = [
    "direct_eval",
    "indirect_eval",
    "make_dynamic_function",
    "make_function_constructor",
]

_PREFIX = {
    "Function": "function",
    "GeneratorFunction": "function*",
    "AsyncFunction": "async function",
    "AsyncGeneratorFunction": "async function*",
}
_numbers = itertools.count(1)


def make_dynamic_function(kind: str, arguments: tuple[Any, ...]) -> Any:
    """CreateDynamicFunction (ECMA-262 20.2.1.1.1).

    Args:
        kind: ``Function``, ``GeneratorFunction`` and so on.
        arguments: The parameters and, last, the body; converted to texts.

    Raises:
        napi.SyntaxError: The text is no function.
    """
    from napi.js.code import load
    from napi.js.parse import parse

    *parameters, body = [shim.to_string(one) for one in arguments] or [""]
    names = ",".join(parameters)
    head = _PREFIX[kind]
    filename = f"<anonymous:{next(_numbers)}>"
    # Each part must be complete in itself.
    parse(f"({head} anonymous(\n) {{\n{body}\n}})", filename, "script", ())
    text = f"({head} anonymous({names}\n) {{\n{body}\n}})"
    return load(text, filename, "script", ()).run()


def make_function_constructor(kind: str, prototype: Any) -> Any:
    """A constructor that compiles its arguments.

    Args:
        kind: Its name.
        prototype: Its ``prototype``.
    """
    from napi.runtime.constructor import constructor

    def call(this: Any, *arguments: Any) -> Any:
        return make_dynamic_function(kind, arguments)

    def construct(new_target: Any, *arguments: Any) -> Any:
        made = make_dynamic_function(kind, arguments)
        wanted = shim.get(new_target, "prototype")
        if new_target is not found and shim.typeof(wanted) == "object":
            shim.set_prototype(made, wanted)
        return made

    found = constructor(kind, prototype, construct, call=call)
    if kind != "Function":
        shim.set_prototype(found, shim.get(shim.get_global(), "Function"))
    return found


def direct_eval(
    source: Any,
    strict: bool,
    this: Any,
    names: tuple[str, ...],
    doors: tuple[Any, ...],
    near: tuple[Any, ...] = (),
    far: tuple[Any, ...] = (),
    place: Any = None,
    unit: str = "",
) -> Any:
    """``eval(text)`` that sees the variables around it (ECMA-262 19.2.1.1).

    Args:
        source: A text; anything else is returned as it is.
        strict: Whether the code around it is.
        this: The ``this`` around it.
        names: The variables that are visible.
        doors: The getter and the setter of each.
        near: Environments within the function around it.
        far: Those around that function.
        place: Takes what sloppy code declares with var or as a function.
        unit: The file that it is in.
    """
    if not isinstance(source, str):
        return source
    from napi.js.code import load

    kind = "direct_strict" if strict else "direct"
    code = load(source, f"<eval:{next(_numbers)}>", kind, names)
    code.unit = unit
    return code.run(this, near, far, place, *doors)


def indirect_eval(source: Any = None, *_: Any) -> Any:
    """``eval`` of the global scope (ECMA-262 19.2.1).

    Args:
        source: A text; anything else is returned as it is.
    """
    if not isinstance(source, str):
        return source
    from napi.js.code import load

    return load(source, f"<eval:{next(_numbers)}>", "indirect", ()).run()
