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
            if one.computed:
                first, key = self.twice(one, key)
                steps.append(first)
            if has_rest:
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
        if not _is_quiet(pattern) and not _is_new(origin):
            return self.bind_late(pattern, value, target, origin)
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

    def bind_late(
        self, pattern: Any, value: Expr, target: Target, origin: Any
    ) -> list[Expr]:
        """An array pattern that takes each item when its target is known."""
        name = self.temporary()
        guard: Expr = b.none(pattern)
        if self.guard is not None:
            self.guard[1] = True
            guard = b.load(pattern, self.guard[0])
        arguments = [value, guard]
        if origin is None or origin.type == "Parameter":
            opened = b.call(pattern, "@take_open", *arguments)
        else:
            opened = b.callee_call(origin, "@take_open", arguments)
        steps: list[Expr] = [b.walrus(pattern, name, opened)]
        for one in pattern.elements:
            if one is None:
                steps.append(b.call(pattern, "@take_next", b.load(pattern, name)))
                continue
            is_rest = one.type == "RestElement"
            helper = "@take_all" if is_rest else "@take_next"
            item = b.call(one, helper, b.load(one, name))
            steps += self.bind(one.argument if is_rest else one, item, target)
        return [*steps, b.call(pattern, "@take_end", b.load(pattern, name))]

    def guarded(self, at: Any, make: Callable[[], list[ast.stmt]]) -> list[ast.stmt]:
        """Statements that take something apart: iterators are told if they fail."""
        outer, self.guard = self.guard, [self.temporary(), False]
        lines = make()
        (name, is_used), self.guard = self.guard, outer
        if not is_used:
            return lines
        line, column = at._line, at._column
        empty = ast.List([], b.LOAD, lineno=line, col_offset=column)
        quit_ = b.call(at, "@take_quit", b.load(at, name))
        handler = ast.ExceptHandler(
            b.load(at, "@BaseException"),
            None,
            [b.expression(at, quit_), b.raises(at, None)],
            lineno=line,
            col_offset=column,
        )
        whole = ast.Try(lines, [handler], [], [], lineno=line, col_offset=column)
        return [b.assign(at, name, empty), whole]

    # === declarations ===

    def initialize(self, node: Any, value: Expr) -> Expr:
        """Gives a variable that is being declared its first value."""
        binding = node._binding
        if binding is None or node._dynamic or binding.place == "outer":
            return self.write(node, binding, node.name, value)
        return self.first_value(node, binding, node.name, value)

    def first_value(self, at: Any, binding: Any, name: str, value: Expr) -> Expr:
        if binding.place == "lexical":
            constant = b.const(at, binding.is_constant)
            return b.call(at, "@begin_lexical", b.const(at, name), value, constant)
        if binding.place in ("global", "mapped"):
            return self.write_known(at, binding, name, value)
        if binding.boxed:
            return b.call(at, "@set_box_first", b.load(at, binding.python), value)
        return b.walrus(at, binding.python, value)

    def declare(self, pattern: Any, value: Expr) -> list[ast.stmt]:
        """The statements that declare what a pattern names."""
        if pattern.type == "Identifier":
            return self.declare_all(pattern, value)
        return self.guarded(pattern, lambda: self.declare_all(pattern, value))

    def declare_all(self, pattern: Any, value: Expr) -> list[ast.stmt]:
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


def _is_quiet(pattern: Any) -> bool:
    """Whether nothing can tell if items are taken before they are needed."""
    for one in pattern.elements:
        node = one
        if node is not None and node.type == "RestElement":
            node = node.argument
        if node is not None and node.type == "AssignmentPattern":
            if node.right.type not in ("Literal", "Identifier"):
                return False
            node = node.left
        if node is not None and node.type != "Identifier":
            return False
    return True


def _is_new(origin: Any) -> bool:
    """Whether it is an array that nothing else has."""
    return origin is not None and origin.type == "ArrayExpression"
