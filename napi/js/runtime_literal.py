"""Literals, patterns and boxes (ECMA-262, chapters 13.2 and 8.6)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.runtime_error import refuse_get
from napi.js.runtime_operator import is_object
from napi.runtime.error import ReferenceError, TypeError

__all__ = [
    "accessor_name",
    "array",
    "array_holes",
    "bigint",
    "box_getter",
    "box_setter",
    "copy",
    "define",
    "define_accessor",
    "hole",
    "join_halves",
    "name_of_key",
    "next_box",
    "nth",
    "object_coercible",
    "object_rest",
    "property_key",
    "property_key_of",
    "regexp",
    "rest_of",
    "set_box",
    "set_box_first",
    "set_proto",
    "strings",
    "this_of",
]

hole = object()
"""Stands for a hole of an array literal."""
_strings: dict[Any, Any] = {}
Array = shim.Array


def array(*items: Any) -> Any:
    """An array literal."""
    return Array(items)


def array_holes(*items: Any) -> Any:
    """An array literal with holes."""
    made = Array(None if one is hole else one for one in items)
    for index, one in enumerate(items):
        if one is hole:
            shim.delete(made, str(index))
    return made


def join_halves(text: str) -> str:
    """A text in which two halves of a pair become one character.

    Args:
        text: Any text.
    """
    from napi.runtime.string import join

    return join(text)


def strings(site: Any, cooked: tuple[Any, ...], raw: tuple[str, ...]) -> Any:
    """The template object of a tagged template; one for each place in the source."""
    key = (site, raw)
    made = _strings.get(key)
    if made is None:
        made, raws = Array(cooked), Array(raw)
        shim.freeze(raws)
        shim.define(
            made,
            "raw",
            value=raws,
            writable=False,
            enumerable=False,
            configurable=False,
        )
        shim.freeze(made)
        _strings[key] = made
    return made


def regexp(pattern: str, flags: str) -> Any:
    """A regular expression literal."""
    constructor = shim.get(shim.get_global(), "RegExp")
    if constructor is None:
        raise TypeError("regular expressions are not there")
    return shim.construct(constructor, pattern, flags)


def bigint(value: int) -> Any:
    """A bigint literal."""
    return shim.BigInt(value)


def property_key(value: Any) -> Any:
    """ToPropertyKey (ECMA-262 7.1.19); an index stays an int."""
    if type(value) is str or (type(value) is int and value >= 0):
        return value
    if isinstance(value, shim.Symbol):
        return value
    primitive = shim.to_primitive(value, "string")
    return (
        primitive if isinstance(primitive, shim.Symbol) else shim.to_string(primitive)
    )


def property_key_of(target: Any, value: Any) -> Any:
    """The same for a property of a target that is read next."""
    if target is None or target is shim.null:
        refuse_get(target, value)
    if type(value) is str or (type(value) is int and value >= 0):
        return value
    return property_key(value)


def name_of_key(key: Any) -> str:
    """The name of a function that a computed key holds (ECMA-262 10.2.9)."""
    if isinstance(key, shim.Symbol):
        return "" if key.description is None else f"[{key.description}]"
    return str(shim.to_string(key))


def accessor_name(kind: str, key: Any) -> str:
    """The name of a getter or setter."""
    return f"{kind} {name_of_key(key)}"


def define(target: Any, key: Any, value: Any) -> None:
    """CreateDataProperty (ECMA-262 7.3.5)."""
    shim.define(
        target, key, value=value, writable=True, enumerable=True, configurable=True
    )


def define_accessor(target: Any, key: Any, kind: str, function: Any) -> None:
    """Adds a getter or a setter of an object literal."""
    if kind == "get":
        shim.define(target, key, get=function, enumerable=True, configurable=True)
    else:
        shim.define(target, key, set=function, enumerable=True, configurable=True)


def set_proto(target: Any, value: Any) -> None:
    """``__proto__: value`` of an object literal (ECMA-262 B.3.1)."""
    if value is shim.null or is_object(value):
        shim.set_prototype(target, value)


def copy(target: Any, source: Any) -> None:
    """``...source`` of an object literal (ECMA-262 7.3.26)."""
    if source is None or source is shim.null:
        return
    if isinstance(source, str):
        from napi.runtime.string import units

        for index, unit in enumerate(units(source)):
            define(target, str(index), unit)
        return
    if not is_object(source):
        return
    for key in shim.own_keys(source):
        found = shim.own_property(source, key)
        if found is not None and found["enumerable"]:
            define(target, key, shim.get(source, key))


def object_coercible(value: Any, key: Any, is_parameter: Any = None) -> Any:
    """What an object pattern can take apart.

    Args:
        value: The value.
        key: The first property that is wanted, if its name is known.
        is_parameter: Whether it is an argument; ``None``: a part of a pattern.
    """
    if value is None or value is shim.null:
        from napi.js.runtime_error import callee_text, refuse_get

        if is_parameter is None and key is not None:
            refuse_get(value, key)
        word = "undefined" if value is None else "null"
        shown = "object null" if word == "null" else word
        if is_parameter is False:
            shown = callee_text(2) or shown
        part = "" if key is None else f"property '{key}' of "
        raise TypeError(f"Cannot destructure {part}'{shown}' as it is {word}.")
    return value


def object_rest(source: Any, *taken: Any) -> Any:
    """``...rest`` of an object pattern."""
    made = shim.Object()
    names = {
        one if isinstance(one, shim.Symbol) else shim.to_string(one) for one in taken
    }
    for key in shim.own_keys(shim.to_object(source)):
        if key in names:
            continue
        found = shim.own_property(source, key)
        if found is not None and found["enumerable"]:
            define(made, key, shim.get(source, key))
    return made


# === functions ===


def this_of(value: Any) -> Any:
    """The ``this`` of sloppy code: an object (ECMA-262 10.2.1.2)."""
    if value is None or value is shim.null:
        return shim.get_global()
    return value if is_object(value) else shim.to_object(value)


def nth(given: tuple[Any, ...], index: int) -> Any:
    """An argument, or undefined."""
    return given[index] if index < len(given) else None


def rest_of(given: tuple[Any, ...], index: int) -> Any:
    """The rest parameter."""
    return Array(given[index:])


# === variables of loops ===


def set_box(box: list[Any], value: Any, name: str) -> Any:
    """Assigns to a variable in a box.

    Raises:
        ReferenceError: It has no first value yet.
    """
    if not box:
        raise ReferenceError(f"Cannot access '{name}' before initialization")
    box[0] = value
    return value


def set_box_first(box: list[Any], value: Any) -> Any:
    """Gives it its first value."""
    box[:] = (value,)
    return value


def next_box(box: list[Any]) -> list[Any]:
    """A copy of a loop's variable for the next iteration (ECMA-262 14.7.4.4)."""
    return list(box)


def box_getter(box: list[Any]) -> Any:
    """A function that reads a variable in a box."""
    return lambda: box[0]


def box_setter(box: list[Any], name: str) -> Any:
    """A function that assigns to it."""
    return lambda value: set_box(box, value, name)
