"""A stub from what an addon exports, for packages without declarations.

What a function takes and gives is not known before it is called: it is Any. The names
are right, so that completion works and a misspelt one is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from napi.stubs.members import is_name
from napi.stubs.place import CALLABLE

__all__ = ["make_live_stub"]

_INDENT = "    "
_HEAD = """\
# Made by `napi stubs` from what {source} exports; it is written anew each time.

from typing import Any

import napi
"""
_OF_FUNCTIONS = frozenset(("arguments", "caller", "length", "name", "prototype"))
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "bool"),
    (str, "str"),
    (list, "list[Any]"),
)


def _keys(owner: Any) -> Iterator[str]:
    from napi._native import shim

    for key in shim.own_keys(owner, False, False):
        if isinstance(key, str) and is_name(key) and key != "constructor":
            yield key


def _property(owner: Any, key: str) -> tuple[Any, bool]:
    """The value of a property; for an accessor, which is not run, None and True."""
    from napi._native import shim

    found = shim.own_property(owner, key) or {}
    return found.get("value"), "value" not in found


def _function(name: str, indent: str, first: str = "") -> list[str]:
    lines = [f"{indent}@staticmethod"] if indent and not first else []
    listed = ", ".join(filter(None, [first, "*arguments: Any"]))
    return [*lines, f"{indent}def {name}({listed}) -> Any: ..."]


def _class(name: str, value: Any, indent: str) -> list[str]:
    from napi._native import shim

    inner = indent + _INDENT
    lines = [f"{indent}class {name}:", *_function("__init__", inner, "self")]
    lines[-1] = lines[-1].replace("-> Any", "-> None")
    written = {"__init__"}
    prototype = shim.get(value, "prototype")
    for key in _keys(prototype):
        inside, accessor = _property(prototype, key)
        written.add(key)
        if callable(inside):
            lines += _function(key, inner, "self")
        elif accessor:
            lines += [f"{inner}@property", f"{inner}def {key}(self) -> Any: ..."]
        else:
            lines.append(f"{inner}{key}: {_kind(inside)}")
    for key in _keys(value):
        if key not in _OF_FUNCTIONS and key not in written:
            inside, accessor = _property(value, key)
            if callable(inside):
                lines += _function(key, inner)
            else:
                lines.append(f"{inner}{key}: {'Any' if accessor else _kind(inside)}")
    return lines


def _kind(value: Any) -> str:
    import napi

    for kind, name in _KINDS:
        if isinstance(value, kind):
            return name
    if isinstance(value, napi.BigInt):
        return "napi.BigInt"
    if isinstance(value, (int, float)):
        return "int" if isinstance(value, int) else "float"
    if isinstance(value, napi.Object):
        return "napi.Object"
    for name in ("Buffer", "Uint8Array", "Promise", "Symbol"):
        if isinstance(value, getattr(napi, name)):
            return f"napi.{name}"
    return "Any"


def _is_class(value: Any) -> bool:
    from napi._native import shim

    if isinstance(value, type):
        return True
    if not callable(value) or not shim.has_own(value, "prototype"):
        return False
    prototype = shim.get(value, "prototype")
    return shim.typeof(prototype) == "object" and any(_keys(prototype))


def _members(owner: Any, indent: str, depth: int = 0) -> list[str]:
    import napi

    lines: list[str] = []
    for key in _keys(owner):
        if callable(owner) and key in _OF_FUNCTIONS:
            continue
        value, accessor = _property(owner, key)
        if _is_class(value):
            lines += _class(key, value, indent)
        elif callable(value):
            lines += _function(key, indent)
        elif isinstance(value, napi.Object) and depth < 3 and any(_keys(value)):
            inside = _members(value, indent + _INDENT, depth + 1)
            lines += [f"{indent}class {key}:", *inside]
        else:
            lines.append(f"{indent}{key}: {'Any' if accessor else _kind(value)}")
    return lines


def make_live_stub(exports: Any, source: str) -> str:
    """The stub for what an addon exports.

    Args:
        exports: The exports: an object, a function or a class.
        source: What the stub says it was made from.
    """
    from napi._native import shim

    lines = [_HEAD.format(source=source)]
    if shim.typeof(exports) not in ("object", "function"):
        return "\n".join(lines) + "\n"
    lines += _members(exports, "")
    if _is_class(exports):
        lines += _class(CALLABLE + "Class", exports, "")
        lines.append(f"{CALLABLE} = {CALLABLE}Class")
    elif callable(exports):
        lines.append(f"class {CALLABLE}:")
        lines += _function("__call__", _INDENT, "self")
        lines += _members(exports, _INDENT)
    return "\n".join(lines) + "\n"
