"""Members, calls, assignments and updates (ECMA-262, chapters 13.3, 13.4 and 13.15)."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from napi.js import build as b
from napi.js.compile_expression import _BINARY
from napi.js.emitter import Emitter
from napi.js.frame_name import name_assigned

__all__ = ["Access"]

Expr = ast.expr


class Access(Emitter):
    """Visitors of what reads and writes properties."""

    # === members ===

    def member_key(self, node: Any) -> Expr:
        """The key of a member that is no private one."""
        if node.computed:
            return self.visit(node.property)
        return b.const(node, node.property.name)

    def private(self, node: Any) -> Expr:
        """The private name that ``#x`` means here."""
        return self.read(node, node._binding, "#" + node.name)

    def get(self, node: Any, target: Expr) -> Expr:
        """Reads a member of a target."""
        if node.property.type == "PrivateIdentifier":
            key = self.private(node.property)
            return b.callee_call(node, "@get_private", [target, key])
        if node.object.type == "Super":
            return b.call(
                node, "@super_get", target, b.load(node, "this"), self.member_key(node)
            )
        return b.callee_call(node, "@get", [target, self.member_key(node)])

    def put(self, node: Any, target: Expr, key: Expr, value: Expr) -> Expr:
        """Writes a member of a target; the value."""
        if node.property.type == "PrivateIdentifier":
            return b.call(node, "@set_private", target, key, value)
        strict = self.function.strict
        if node.object.type == "Super":
            this = b.load(node, "this")
            return b.call(node, "@super_put", target, this, key, value)
        return b.call(node, "@put" if strict else "@put_sloppy", target, key, value)

    def visit_MemberExpression(self, node: Any) -> Expr:
        return self.get(node, self.visit(node.object))

    visit_StaticMemberExpression = visit_ComputedMemberExpression = (
        visit_MemberExpression
    )

    def visit_Super(self, node: Any) -> Expr:
        given = self.of_eval(node, "super")
        return b.load(node, "@f") if given is None else given

    def place(self, node: Any) -> tuple[Expr, Expr, Expr, Expr]:
        """Target and key of a member: for the first use and for the second."""
        target, target_again = self.twice(node, self.visit(node.object))
        if node.property.type == "PrivateIdentifier":
            key = self.private(node.property)
            return target, key, target_again, key
        key = self.member_key(node)
        if node.object.type == "Super" and node.computed:
            key = b.call(node, "@key", key)
        elif not isinstance(key, ast.Constant):
            # Of null and undefined nothing is read, not even the key's text.
            key = b.call(node, "@key_of", target_again, key)
        key, key_again = self.twice(node, key)
        return target, key, target_again, key_again

    def get_at(self, node: Any, target: Expr, key: Expr) -> Expr:
        if node.property.type == "PrivateIdentifier":
            return b.call(node, "@get_private", target, key)
        if node.object.type == "Super":
            return b.call(node, "@super_get", target, b.load(node, "this"), key)
        return b.call(node, "@get", target, key)

    # === calls ===

    def visit_CallExpression(self, node: Any) -> Expr:
        if node.callee.type == "Super":
            return self.super_call(node)
        if node.callee.type == "Import":
            return b.call(
                node, "@import", b.load(node, "@unit"), self.visit(node.arguments[0])
            )
        if node._visible is not None and node.arguments and self.is_inner(node):
            return self.direct_eval(node)
        arguments = [self.argument(one) for one in node.arguments]
        return self.call(node, node.callee, arguments)

    def call(self, node: Any, callee: Any, arguments: list[Expr]) -> Expr:
        """Calls what a callee means, with the right ``this``."""
        if callee.type == "ChainExpression" and callee.expression.type.endswith(
            "MemberExpression"
        ):
            name = self.temporary()
            function = self.chain(
                callee.expression,
                lambda value: value,
                lambda target, key: b.call(
                    node, "@get", b.walrus(node, name, target), key
                ),
                before=b.walrus(node, name, b.none(node)),
            )
            return b.callee_call(
                callee, "@call_this", [function, b.load(node, name), *arguments]
            )
        if callee.type.endswith("MemberExpression"):
            if callee.object.type == "Super":
                function = self.get(callee, self.visit(callee.object))
                this = b.load(node, "this")
                return b.callee_call(callee, "@call_this", [function, this, *arguments])
            target = self.visit(callee.object)
            return self.call_member(callee, target, arguments)
        if callee.type == "Identifier" and callee._dynamic:
            return self.call_dynamic(callee, arguments)
        return b.callee_call(callee, "@call", [self.visit(callee), *arguments])

    def call_member(self, callee: Any, target: Expr, arguments: list[Expr]) -> Expr:
        if callee.property.type == "PrivateIdentifier":
            first, again = self.twice(callee, target)
            function = self.get(callee, first)
            return b.callee_call(callee, "@call_this", [function, again, *arguments])
        key = self.member_key(callee)
        return b.callee_call(callee, "@call_method", [target, key, *arguments])

    def visit_NewExpression(self, node: Any) -> Expr:
        arguments = [self.argument(one) for one in node.arguments]
        return b.callee_call(node.callee, "@new", [self.visit(node.callee), *arguments])

    def super_call(self, node: Any) -> Expr:
        arguments = [self.argument(one) for one in node.arguments]
        made = b.callee_call(
            node,
            "@super_call",
            [b.load(node, "@f"), b.load(node, "new.target"), *arguments],
        )
        fields = b.call(node, "@fields", b.load(node, "@f"), b.load(node, "this"))
        check = b.call(node, "@check_this", b.load(node, "@this"), made)
        # The flag is a variable of its own: `this` is unbound until then.
        return b.sequence(
            node,
            [
                b.walrus(node, "this", check),
                b.walrus(node, "@this", b.const(node, True)),
                fields,
                b.load(node, "this"),
            ],
        )

    def visit_ImportExpression(self, node: Any) -> Expr:
        arguments = [self.visit(node.source)]
        if node.options is not None:
            arguments.append(self.visit(node.options))
        return b.call(node, "@import", b.load(node, "@unit"), *arguments)

    # === optional chains ===

    def visit_ChainExpression(self, node: Any) -> Expr:
        return self.chain(node.expression, lambda value: value)

    def chain(
        self,
        node: Any,
        then: Callable[[Expr], Expr],
        last: Callable[[Expr, Expr], Expr] | None = None,
        *,
        default: Any = None,
        before: Expr | None = None,
    ) -> Expr:
        """A chain: what follows a missing link is not evaluated.

        ``then`` makes the rest of the value; ``last`` does it of target and key.
        """

        def guard(at: Any, value: Expr, rest: Callable[[Expr], Expr]) -> Expr:
            condition, again = self.nullish(at, value)
            missing: Expr = b.const(at, default)
            if before is not None:
                missing = b.sequence(at, [before, missing])
            return b.choose(at, condition, missing, rest(again))

        def link(at: Any, value: Expr, rest: Callable[[Expr], Expr]) -> Expr:
            return guard(at, value, rest) if at.optional else rest(value)

        def walk(one: Any, rest: Callable[[Expr], Expr]) -> Expr:
            if one.type.endswith("MemberExpression"):
                if one is node and last is not None:
                    return walk(
                        one.object,
                        lambda value: link(
                            one, value, lambda v: last(v, self.member_key(one))
                        ),
                    )
                return walk(
                    one.object,
                    lambda value: link(one, value, lambda v: rest(self.get(one, v))),
                )
            if one.type == "CallExpression" and one.callee.type != "Super":
                return walk_call(one, rest)
            return rest(self.visit(one))

        def walk_call(one: Any, rest: Callable[[Expr], Expr]) -> Expr:
            callee = one.callee

            def finish(function: Expr, this: Expr | None) -> Expr:
                def act(value: Expr) -> Expr:
                    arguments = [self.argument(a) for a in one.arguments]
                    if this is None:
                        made = b.callee_call(callee, "@call", [value, *arguments])
                    else:
                        made = b.callee_call(
                            callee, "@call_this", [value, this, *arguments]
                        )
                    return rest(made)

                return link(one, function, act)

            if not callee.type.endswith("MemberExpression"):
                return walk(callee, lambda value: finish(value, None))
            if callee.object.type == "Super":
                return finish(self.visit(callee), b.load(callee, "this"))

            def call_on(target: Expr) -> Expr:
                if not one.optional:
                    arguments = [self.argument(a) for a in one.arguments]
                    return rest(self.call_member(callee, target, arguments))
                first, again = self.twice(callee, target)
                return finish(self.get(callee, first), again)

            return walk(callee.object, lambda value: link(callee, value, call_on))

        return walk(node, then)

    # === assignments ===

    def visit_AssignmentExpression(self, node: Any) -> Expr:
        operator, left = node.operator, node.left
        if operator == "=":
            return self.assign(node, left, node.right)
        if operator in ("&&=", "||=", "??="):
            return self.assign_logical(node, left, operator[:-1])
        helper = _BINARY[operator[:-1]]
        if left.type == "Identifier":
            old, write_to = self.reference(left, left._binding, left.name)
            return write_to(b.call(node, helper, old, self.visit(node.right)))
        target, key, target_again, key_again = self.place(left)
        if left.property.type != "PrivateIdentifier" and left.object.type != "Super":
            # The value is read before the right side is evaluated.
            old = self.get_at(left, target, key)
            value = b.call(node, helper, old, self.visit(node.right))
            return self.put_again(left, value, target_again, key_again)
        old = self.get_at(left, target, key)
        value = b.call(node, helper, old, self.visit(node.right))
        return self.put_again(left, value, target_again, key_again)

    def put_again(self, left: Any, value: Expr, target: Expr, key: Expr) -> Expr:
        """Writes after the value is there: the target is evaluated in it."""
        first, again = self.twice(left, value)
        return b.sequence(left, [first, self.put(left, target, key, again)])

    def assign(self, node: Any, left: Any, right: Any) -> Expr:
        kind = left.type
        if kind == "Identifier":
            value = self.value_of(node)
            return self.write(left, left._binding, left.name, value)
        if kind.endswith("MemberExpression"):
            target = self.visit(left.object)
            if left.property.type == "PrivateIdentifier":
                key = self.private(left.property)
            else:
                key = self.member_key(left)
            name_assigned(left, right)
            return self.put(left, target, key, self.visit(right))
        first, again = self.twice(node, self.visit(right))
        steps: list[Expr] = [first]
        self.origin = right
        steps += self.bind(left, again, self.assign_target)
        self.origin = None
        return b.sequence(node, [*steps, again])

    def value_of(self, node: Any) -> Expr:
        """What is assigned to a name; ``(name) = function () {}`` names nothing."""
        if node._start < node.left._start:
            return self.visit(node.right)
        return self.named(node.right, node.left.name)

    def assign_target(self, node: Any, value: Expr) -> Expr:
        """One target of a pattern that assigns."""
        if node.type == "Identifier":
            return self.write(node, node._binding, node.name, value)
        target = self.visit(node.object)
        if node.property.type == "PrivateIdentifier":
            return self.put(node, target, self.private(node.property), value)
        return self.put(node, target, self.member_key(node), value)

    def assign_logical(self, node: Any, left: Any, operator: str) -> Expr:
        if left.type == "Identifier":
            old, write_to = self.reference(left, left._binding, left.name)
            write = write_to(self.named(node.right, left.name))
        else:
            target, key, target_again, key_again = self.place(left)
            old = self.get_at(left, target, key)
            write = self.put(left, target_again, key_again, self.visit(node.right))
        if operator == "??":
            condition, again = self.nullish(node, old)
            return b.choose(node, condition, write, again)
        first, again = self.twice(node, old)
        condition = b.call(node, "@truth", first)
        if operator == "&&":
            return b.choose(node, condition, write, again)
        return b.choose(node, condition, again, write)
