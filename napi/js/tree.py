"""What is below the nodes of a syntax tree, and which names patterns bind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = [
    "CHILDREN",
    "EvalUse",
    "STATEMENTS",
    "is_strict",
    "is_text",
    "names_of",
    "terms_of",
]

# What is to be visited below a node that means nothing for scopes.
CHILDREN = {
    "ArrayExpression": ("elements",),
    "ArrowParameterPlaceHolder": (),
    "AssignmentPattern": ("left", "right"),
    "AwaitExpression": ("argument",),
    "BinaryExpression": ("left", "right"),
    "BreakStatement": (),
    "ChainExpression": ("expression",),
    "ConditionalExpression": ("test", "consequent", "alternate"),
    "ContinueStatement": (),
    "DebuggerStatement": (),
    "DoWhileStatement": ("test",),
    "EmptyStatement": (),
    "ExportAllDeclaration": (),
    "ExpressionStatement": ("expression",),
    "IfStatement": ("test", "consequent", "alternate"),
    "ImportExpression": ("source", "options"),
    "LabeledStatement": ("body",),
    "Literal": (),
    "LogicalExpression": ("left", "right"),
    "NewExpression": ("callee", "arguments"),
    "ObjectExpression": ("properties",),
    "ReturnStatement": ("argument",),
    "SequenceExpression": ("expressions",),
    "SpreadElement": ("argument",),
    "TaggedTemplateExpression": ("tag", "quasi"),
    "TemplateLiteral": ("expressions",),
    "ThrowStatement": ("argument",),
    "UnaryExpression": ("argument",),
    "YieldExpression": ("argument",),
}


def names_of(pattern: Any) -> Iterator[Any]:
    """The identifiers that a pattern binds.

    Args:
        pattern: A binding pattern or identifier.
    """
    kind = pattern.type
    if kind == "Identifier":
        yield pattern
    elif kind == "ObjectPattern":
        for one in pattern.properties:
            yield from names_of(
                one.argument if one.type == "RestElement" else one.value
            )
    elif kind == "ArrayPattern":
        for one in pattern.elements:
            if one is not None:
                yield from names_of(one)
    elif kind == "AssignmentPattern":
        yield from names_of(pattern.left)
    elif kind == "RestElement":
        yield from names_of(pattern.argument)


STATEMENTS = {
    "BlockStatement": ("body",),
    "DoWhileStatement": ("body",),
    "ExportNamedDeclaration": ("declaration",),
    "ForInStatement": ("left", "body"),
    "ForOfStatement": ("left", "body"),
    "ForStatement": ("init", "body"),
    "IfStatement": ("consequent", "alternate"),
    "LabeledStatement": ("body",),
    "SwitchCase": ("consequent",),
    "SwitchStatement": ("cases",),
    "TryStatement": ("block", "handler", "finalizer"),
    "CatchClause": ("body",),
    "WhileStatement": ("body",),
    "WithStatement": ("body",),
}


def is_strict(statements: Any) -> bool:
    """Whether a body begins with ``"use strict"``."""
    for node in statements:
        if node.type not in ("Directive", "ExpressionStatement"):
            return False
        if not node.directive:
            return False
        if node.directive == "use strict":
            return True
    return False


def is_text(node: Any) -> bool:
    """Whether an expression is a text for sure."""
    while node.type == "BinaryExpression":  # a sum may have thousands of terms
        if node.operator != "+" or is_text(node.right):
            return bool(node.operator == "+")
        node = node.left
    if node.type == "Literal":
        return isinstance(node.value, str)
    return bool(node.type == "TemplateLiteral")


def terms_of(node: Any) -> list[tuple[Any, Any]]:
    """The terms of a sum, from left to right, each behind the node that adds it."""
    terms = []
    while node.type == "BinaryExpression" and node.operator == "+":
        terms.append((node, node.right))
        node = node.left
    return [(node, node), *reversed(terms)]


class EvalUse:
    """Stands for the use of a variable by a direct eval.

    Args:
        node: The call.
    """

    _start = 1 << 60
    _use_of_arguments = "changed"
    _binding: Any = None
    _dynamic: tuple[Any, ...] = ()
    mark = ""

    def __init__(self, node: Any) -> None:
        self._line, self._column = node._line, node._column
