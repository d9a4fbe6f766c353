"""How V8 prints the callee of a call in its messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

__all__ = ["print_callee", "print_source"]


_HIDDEN = "(intermediate value)"


def _print_pair(node: Any) -> str:
    return f"({_print(node.left)} {node.operator} {_print(node.right)})"


def _print_update(node: Any) -> str:
    shown = _print(node.argument)
    return f"({node.operator}{shown})" if node.prefix else f"({shown}{node.operator})"


def _print_array(node: Any) -> str:
    items = ("" if one is None else _print(one) for one in node.elements)
    return f"[{','.join(items)}]"


def _print_template(node: Any) -> str:
    if not node.expressions:
        return f'"{node.quasis[0].value.cooked}"'
    return "".join(_print(one) for one in node.expressions)


_PRINTERS: dict[str, Callable[[Any], str]] = {
    "ArrayExpression": _print_array,
    "AssignmentExpression": lambda node: _print(node.left),
    "BinaryExpression": _print_pair,
    "ConditionalExpression": lambda node: _HIDDEN * 3,
    "LogicalExpression": _print_pair,
    "ObjectExpression": lambda node: f"{{{_HIDDEN * len(node.properties)}}}",
    "TemplateLiteral": _print_template,
    "UpdateExpression": _print_update,
}


def _print(node: Any) -> str:
    kind = node.type
    if kind in _PRINTERS:
        return _PRINTERS[kind](node)
    if kind == "Identifier":
        return str(node.name)
    if kind == "ThisExpression":
        return "this"
    if kind == "Super":
        return "(intermediate value)"
    if kind == "ChainExpression":
        return _print(node.expression)
    if kind.endswith("MemberExpression"):
        mark = "?." if node.optional else ""
        target = _print(node.object)
        if node.object.type == "Super":
            target = "(intermediate value)"
        if not node.computed:
            private = "#" if node.property.type == "PrivateIdentifier" else ""
            return f"{target}{mark or '.'}{private}{node.property.name}"
        key = node.property
        if key.type == "Literal" and isinstance(key.value, str):
            return f"{target}{mark or '.'}{key.value}"
        if key.type == "TemplateLiteral" and not key.expressions:
            return f"{target}{mark or '.'}{key.quasis[0].value.cooked}"
        return f"{target}{mark}[{_print(key)}]"
    if kind == "CallExpression":
        return f"{_print(node.callee)}(...)"
    if kind == "UnaryExpression":
        word = node.operator
        space = " " if word.isalpha() else ""
        return f"({word}{space}{_print(node.argument)})"
    if kind == "SequenceExpression":
        return f"({' , '.join(_print(one) for one in node.expressions)})"
    if kind == "NewExpression":
        return "(intermediate value)"
    if kind == "Literal":
        return (
            str(node.raw)
            if isinstance(node.value, (int, float))
            else (f'"{node.value}"' if isinstance(node.value, str) else str(node.raw))
        )
    return "(intermediate value)"


def _parsed(text: str) -> Any:
    from napi.js.parse import parse

    source = re.sub(r"\bsuper\b", "this", text)
    try:
        program, _ = parse(f"async () => ({source})", "", "script", ())
    except Exception:
        return None
    return program.body[0].expression.body


def print_callee(text: str) -> str:
    """What V8 calls an expression in ``... is not a function``.

    Args:
        text: Its source.
    """
    node = _parsed(text)
    return _HIDDEN if node is None else _print(node)


def print_source(text: str) -> tuple[str, str]:
    """What kind of expression something is, and what V8 calls it.

    Args:
        text: Its source; of a call, only the callee is named.
    """
    node = _parsed(text)
    if node is None:
        return "", _HIDDEN
    is_call = node.type in ("CallExpression", "NewExpression")
    return node.type, _print(node.callee if is_call else node)
