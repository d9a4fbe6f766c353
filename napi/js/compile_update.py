"""Updates, and expressions whose value nobody wants (ECMA-262, chapter 13.4)."""

from __future__ import annotations

import ast
from typing import Any

from napi.js import build as b
from napi.js.compile_expression import _BINARY
from napi.js.emitter import Emitter

__all__ = ["Updates"]

Expr = ast.expr


class Updates(Emitter):
    """What changes variables and members in place."""

    # === updates ===

    def visit_UpdateExpression(self, node: Any) -> Expr:
        helper = "@increment" if node.operator == "++" else "@decrement"
        argument = node.argument
        if argument.type == "Identifier":
            binding, name = argument._binding, argument.name
            old, write_to = self.reference(argument, binding, name)
            if node.prefix:
                return write_to(b.call(node, helper, old))
            first, again = self.twice(node, b.call(node, "@to_numeric", old))
            value = b.call(node, helper, again)
            return b.sequence(node, [first, write_to(value), again], 2)
        target, key, target_again, key_again = self.place(argument)
        old = self.get_at(argument, target, key)
        if node.prefix:
            return self.put_again(
                argument, b.call(node, helper, old), target_again, key_again
            )
        first, again = self.twice(node, b.call(node, "@to_numeric", old))
        write = self.put(argument, target_again, key_again, b.call(node, helper, again))
        return b.sequence(node, [first, write, again], 2)

    def effect(self, node: Any) -> list[ast.stmt]:
        """An expression whose value nobody wants, as statements."""
        kind = node.type
        if _is_dynamic(node):
            return [b.expression(node, self.visit(node))]
        if kind == "SequenceExpression":
            return [line for one in node.expressions for line in self.effect(one)]
        if kind == "UpdateExpression" and node.argument.type == "Identifier":
            helper = "@increment" if node.operator == "++" else "@decrement"
            argument = node.argument
            old = self.read(argument, argument._binding, argument.name)
            value = b.call(node, helper, old)
            return self.assign_statement(node, argument, value)
        if kind == "UpdateExpression":
            helper = "@increment" if node.operator == "++" else "@decrement"
            target, key, target_again, key_again = self.place(node.argument)
            old = self.get_at(node.argument, target, key)
            value = b.call(node, helper, old)
            return [
                b.expression(
                    node, self.put_again(node.argument, value, target_again, key_again)
                )
            ]
        if kind == "AssignmentExpression" and node.left.type.endswith("Pattern"):
            return self.take_apart(node)[0]
        if kind == "AssignmentExpression" and node.left.type == "Identifier":
            operator, left = node.operator, node.left
            if operator == "=" and _is_pattern(node.right):
                lines, value = self.take_apart(node.right)
                return [*lines, *self.assign_statement(node, left, value)]
            if operator == "=":
                value = self.value_of(node)
                return self.assign_statement(node, left, value)
            if operator == "+=" and self.is_growing(left):
                return self.grow(node, left)
            if operator[:-1] in _BINARY:
                old = self.read(left, left._binding, left.name)
                value = b.call(
                    node, _BINARY[operator[:-1]], old, self.visit(node.right)
                )
                return self.assign_statement(node, left, value)
        return [b.expression(node, self.visit(node))]

    def take_apart(self, node: Any) -> tuple[list[ast.stmt], Expr]:
        """The statements of an assignment to a pattern, and its value."""
        first, again = self.twice(node, self.visit(node.right))
        self.origin = node.right
        lines = self.assign_pattern(node.left, again)
        self.origin = None
        return [b.expression(node, first), *lines], again

    def assign_pattern(self, left: Any, value: Expr) -> list[ast.stmt]:
        """The statements that assign to the targets of a pattern."""

        def make() -> list[ast.stmt]:
            steps = self.bind(left, value, self.assign_target)
            return [b.expression(left, step) for step in steps]

        return self.guarded(left, make)

    def is_growing(self, left: Any) -> bool:
        """Whether it may be a text that Python can make longer in its place."""
        binding = left._binding
        return (
            binding is not None
            and binding.textual
            and not binding.captured
            and not left._dynamic
            and binding.place == "local"
            and binding.kind in ("var", "let", "param")
            and not binding.early
        )

    def grow(self, node: Any, left: Any) -> list[ast.stmt]:
        """``text += more``: Python's own operator does not copy the text."""
        name = left._binding.python
        old = self.temporary()
        more = self.temporary()
        right = self.visit(node.right)
        slow = [
            b.assign(node, old, b.load(node, name)),
            b.assign(node, more, right),
        ]
        if not _is_quiet(node.right):
            # It may assign to the variable: the old value comes first.
            joined = b.call(node, "@add", b.load(node, old), b.load(node, more))
            return [*slow, b.assign(node, name, joined)]
        checks = [
            b.compare(node, b.call(node, "@type", b.load(node, one)), ast.Is(), text)
            for one, text in (
                (name, b.load(node, "@str")),
                (more, b.load(node, "@str")),
            )
        ]
        # A half of a pair at the seam is for the helper.
        checks.append(
            b.compare(node, b.load(node, more), ast.Lt(), b.const(node, "\ud800"))
        )
        line, column = node._line, node._column
        quick: ast.stmt = ast.AugAssign(
            b.store(node, name),
            ast.Add(),
            b.load(node, more),
            lineno=line,
            col_offset=column,
        )
        joined = b.call(node, "@add", b.load(node, name), b.load(node, more))
        other = b.assign(node, name, joined)
        return [
            b.assign(node, more, right),
            b.branch(node, b.both(node, *checks), [quick], [other]),
        ]

    def assign_statement(self, node: Any, left: Any, value: Expr) -> list[ast.stmt]:
        binding = left._binding
        written = self.write(left, binding, left.name, value)
        if isinstance(written, ast.NamedExpr):
            return [
                ast.Assign(
                    [written.target],
                    written.value,
                    lineno=node._line,
                    col_offset=node._column,
                )
            ]
        return [b.expression(node, written)]


def _is_dynamic(node: Any) -> bool:
    """Whether a variable is changed that is looked up when it is used."""
    target = node.argument if node.type == "UpdateExpression" else node.left
    return (
        node.type in ("UpdateExpression", "AssignmentExpression")
        and target.type == "Identifier"
        and bool(target._dynamic)
    )


def _is_pattern(node: Any) -> bool:
    """Whether an expression assigns to a pattern."""
    return node.type == "AssignmentExpression" and node.left.type.endswith("Pattern")


def _is_quiet(node: Any) -> bool:
    """Whether an expression can assign to no variable of the function it is in."""
    kind = node.type
    if kind in ("Literal", "Identifier", "ThisExpression", "CallExpression"):
        return kind != "CallExpression" or all(
            _is_quiet(one) for one in (node.callee, *node.arguments)
        )
    if kind in ("BinaryExpression", "LogicalExpression"):
        return _is_quiet(node.left) and _is_quiet(node.right)
    if kind == "TemplateLiteral":
        return all(_is_quiet(one) for one in node.expressions)
    if kind == "ConditionalExpression":
        return all(
            _is_quiet(one) for one in (node.test, node.consequent, node.alternate)
        )
    if kind == "UnaryExpression":
        return _is_quiet(node.argument)
    if kind.endswith("MemberExpression"):
        return _is_quiet(node.object) and (
            not node.computed or _is_quiet(node.property)
        )
    return False
