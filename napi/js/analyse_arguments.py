"""Parameters that ``arguments`` follows (ECMA-262 10.4.4.7): which, and where not.

Only where a program could tell the difference: the elements of the object are
looked at and a parameter is assigned, or the elements may be.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from napi.js.scope import Function

__all__ = [
    "declare_var",
    "mark_arguments",
    "mark_call",
    "mark_member",
    "share_arguments",
]

_GROWING = ("pop", "push", "shift", "splice", "unshift", "assign")
_GROWING = ("pop", "push", "shift", "splice", "unshift", "assign")
_CHANGING = frozenset(
    ("copyWithin", "defineProperty", "fill", "freeze", "reverse", "sort", *_GROWING)
)
_READING = frozenset(("from", "keys", "log", "apply", "call"))


def _is_arguments(node: Any) -> bool:
    return node is not None and node.type == "Identifier" and node.name == "arguments"


def declare_var(function: Function) -> None:
    """``var arguments`` begins as the arguments object."""
    known = function.body.names.get("arguments")
    if known is None or known.kind != "var" or function.is_arrow:
        return
    function.uses_arguments = True
    if function.body is function.parameters:
        known.kind = "arguments"
    else:
        function.parameters.declare("arguments", "arguments")


def mark_arguments(node: Any, use: str = "seen") -> None:
    """Notes what is done with an expression that may be ``arguments``."""
    if _is_arguments(node):
        node._use_of_arguments = use


def mark_member(node: Any) -> None:
    """A member is read; one that is assigned or deleted is marked already."""
    if _is_arguments(node.object) and node.object._use_of_arguments is None:
        is_length = not node.computed and node.property.name == "length"
        mark_arguments(node.object, "" if is_length else "seen")


def _name_of(node: Any) -> str:
    """The name of the property that a callee is."""
    if not node.type.endswith("MemberExpression") or node.computed:
        return ""
    return str(getattr(node.property, "name", ""))


def mark_call(node: Any) -> None:
    """Well-known functions that leave the arguments as they are."""
    name = _name_of(node.callee)
    if name not in _READING:
        return
    changes = name in ("call", "apply") and _name_of(node.callee.object) in _CHANGING
    for index, one in enumerate(node.arguments):
        mark_arguments(one, "changed" if changes and not index else "seen")


def share_arguments(function: Function) -> None:
    """Decides whether the parameters of a function are elements of ``arguments``."""
    use, node = function.arguments_use, function.node
    if not use or function.strict or not node.params:
        return
    if any(one.type != "Identifier" for one in node.params):
        return
    names = function.parameters.names
    if names["arguments"].kind != "arguments":
        return
    given = Counter(one.name for one in node.params)
    made = {one.id.name for one in function.body.functions if one.id is not None}
    is_assigned = any(
        names[name].assigned > count or name in made for name, count in given.items()
    )
    if use != "changed" and not is_assigned:
        return
    holder = function.parameters.declare("@map", "hidden")
    holder.used = holder.captured = True
    for index, one in enumerate(node.params):
        binding = names[one.name]
        binding.place, binding.map, binding.index = "mapped", holder, index
