"""How V8 prints the callee of a call in its messages."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["print_callee"]


def _print(node: Any) -> str:
    kind = node.type
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


def print_callee(text: str) -> str:
    """What V8 calls an expression in ``... is not a function``.

    Args:
        text: Its source.
    """
    from napi.js.parse import parse

    source = re.sub(r"\bsuper\b", "this", text)
    try:
        program, _ = parse(f"async () => ({source})", "", "script", ())
    except Exception:
        return "(intermediate value)"
    return _print(program.body[0].expression.body)
