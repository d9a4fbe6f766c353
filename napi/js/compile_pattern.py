"""Destructuring (ECMA-262, chapters 8.6.2, 13.15.5 and 14.3.3)."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from napi.js import build as b
from napi.js.emitter import Emitter

__all__ = ["Patterns"]

Expr = ast.expr
Target = Callable[[Any, Expr], Expr]


class Patterns(Emitter):
    """Takes values apart."""

    def bind(self, pattern: Any, value: Expr, target: Target) -> list[Expr]:
        """The steps that give a value to the targets of a pattern.

        ``target`` makes the assignment to an identifier or a member.
        """
        kind = pattern.type
        if kind == "AssignmentPattern":
            first, again = self.twice(pattern, value)
            default = self.default(pattern)
            chosen = b.choose(pattern, b.is_none(pattern, first), default, again)
            return self.bind(pattern.left, chosen, target)
        if kind == "ObjectPattern":
            return self.bind_object(pattern, value, target)
        if kind == "ArrayPattern":
            return self.bind_array(pattern, value, target)
        return [target(pattern, value)]

    def default(self, pattern: Any) -> Expr:
        if pattern.left.type == "Identifier":
            return self.named(pattern.right, pattern.left.name)
        return self.visit(pattern.right)

    def bind_object(self, pattern: Any, value: Expr, target: Target) -> list[Expr]:
        name = self.temporary()
        origin, self.origin = self.origin, None
        checks = [value, self.first_key(pattern)]
        if origin is None:
            source = b.call(pattern, "@object_coercible", *checks)
        else:
            checks.append(b.const(pattern, origin.type == "Parameter"))
            source = b.callee_call(origin, "@object_coercible", checks)
        steps: list[Expr] = [b.walrus(pattern, name, source)]
        taken: list[Expr] = []
        has_rest = any(one.type == "RestElement" for one in pattern.properties)
        for one in pattern.properties:
            source = b.load(one, name)
            if one.type == "RestElement":
                rest = b.call(one, "@object_rest", source, *taken)
                steps += self.bind(one.argument, rest, target)
                continue
            key = self.key(one)
            if has_rest and one.computed:
                key, again = self.twice(one, key)
                taken.append(again)
            elif has_rest:
                taken.append(key)
            steps += self.bind(one.value, b.call(one, "@get", source, key), target)
        return steps

    def first_key(self, pattern: Any) -> Expr:
        """The name of the first property, for messages."""
        for one in pattern.properties:
            if one.type == "Property" and not one.computed:
                return b.const(pattern, self.key_text(one.key))
            break
        return b.none(pattern)

    def bind_array(self, pattern: Any, value: Expr, target: Target) -> list[Expr]:
        elements = pattern.elements
        origin, self.origin = self.origin, None
        rest = elements[-1] if elements and elements[-1] is not None else None
        is_rest = rest is not None and rest.type == "RestElement"
        count = len(elements) - is_rest
        helper = "@take_rest" if is_rest else "@take"
        name = self.temporary()
        arguments = [value, b.const(pattern, count)]
        if origin is None or origin.type == "Parameter":
            taken = b.call(pattern, helper, *arguments)
        else:
            taken = b.callee_call(origin, helper, arguments)
        steps: list[Expr] = [b.walrus(pattern, name, taken)]
        for index, one in enumerate(elements):
            if one is None:
                continue
            item = b.item(one, b.load(one, name), index)
            steps += self.bind(
                one.argument if one.type == "RestElement" else one, item, target
            )
        return steps

    # === declarations ===

    def initialize(self, node: Any, value: Expr) -> Expr:
        """Gives a variable that is being declared its first value."""
        return self.first_value(node, node._binding, node.name, value)

    def first_value(self, at: Any, binding: Any, name: str, value: Expr) -> Expr:
        if binding.place == "lexical":
            constant = b.const(at, binding.is_constant)
            return b.call(at, "@begin_lexical", b.const(at, name), value, constant)
        if binding.place == "global":
            return self.write(at, binding, name, value)
        if binding.boxed:
            return b.call(at, "@set_box_first", b.load(at, binding.python), value)
        return b.walrus(at, binding.python, value)

    def declare(self, pattern: Any, value: Expr) -> list[ast.stmt]:
        """The statements that declare what a pattern names."""
        lines: list[ast.stmt] = []
        for step in self.bind(pattern, value, self.initialize):
            if isinstance(step, ast.NamedExpr):
                lines.append(
                    ast.Assign(
                        [step.target],
                        step.value,
                        lineno=pattern._line,
                        col_offset=pattern._column,
                    )
                )
            else:
                lines.append(b.expression(pattern, step))
        return lines
