"""What a stack calls the functions of classes, objects and assignments, as V8 does.

``A.m`` for a method, ``new A`` for a constructor, ``Object.m`` for a function in an
object, ``a.b.c`` for one that has no name of its own and is assigned to a member.
"""

from __future__ import annotations

from typing import Any

__all__ = ["name_assigned", "name_members", "name_properties", "shown_name"]

_FUNCTIONS = ("FunctionExpression", "ArrowFunctionExpression")


def shown_name(node: Any, name: str) -> str:
    """What a stack shows for a function.

    Args:
        node: The function.
        name: Its ``name``.
    """
    return node._shown or name or "<anonymous>"


def _is_function(node: Any) -> bool:
    return node is not None and node.type.removeprefix("Async") in _FUNCTIONS


def _name(owner: str, one: Any) -> None:
    if one.computed or not _is_function(one.value):
        return
    key, value = one.key, one.value
    name = key.name if key.type == "Identifier" else key.value
    if key.type == "PrivateIdentifier" or not str(name).isidentifier():
        return
    own = value.id.name if value.id is not None else name
    value._shown = f"{owner}.{own}" if own == name else f"{owner}.{own} [as {name}]"


def name_properties(node: Any) -> None:
    """Names the functions of an object literal."""
    owner = node._owner or "Object"
    for one in node.properties:
        if one.type != "Property":
            continue
        if one.kind == "init":
            _name(owner, one)
        elif not one.computed and one.key.type == "Identifier":
            one.value._shown = f"{one.kind} {one.key.name}"


def name_members(node: Any, name: str | None) -> None:
    """Names the functions of a class.

    Args:
        node: The class.
        name: Its name; ``None``: it is not known yet.
    """
    for one in node.body.body:
        if one.type == "MethodDefinition" and one.kind == "constructor":
            one.value._shown = f"new {name or 'constructor'}"
        elif one.type == "PropertyDefinition" or one.kind == "method":
            _name(name or "constructor", one)


def _chain(node: Any) -> str | None:
    if node.type == "Identifier":
        return str(node.name)
    if node.type == "ThisExpression":
        return ""
    if node.type != "MemberExpression":
        return None
    head, key = _chain(node.object), node.property
    if head is None:
        return None
    if not node.computed:
        name = key.name
    else:
        name = key.value if isinstance(key.value, str) else "<computed>"
    if name == "prototype":
        return head
    return f"{head}.{name}" if head else str(name)


def name_assigned(target: Any, value: Any) -> None:
    """Names a function, or those of an object, that are assigned to a member."""
    if value.type == "ObjectExpression" and target.type == "MemberExpression":
        if not target.computed and target.property.name == "prototype":
            value._owner = _chain(target) or "Object"
    elif _is_function(value):
        chain = _chain(target)
        if chain and value.id is None:
            value._shown = chain
        elif chain and "." in chain:
            owner, _, name = chain.rpartition(".")
            value._shown = f"{owner}.{value.id.name} [as {name}]"
