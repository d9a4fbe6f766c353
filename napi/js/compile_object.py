"""Object literals, and the keys of properties (ECMA-262, 13.2.5)."""

from __future__ import annotations

import ast
from typing import Any

from napi.js import build as b
from napi.js.compile_expression import number
from napi.js.emitter import Emitter
from napi.js.frame_name import name_properties

__all__ = ["Objects"]

Expr = ast.expr


class Objects(Emitter):
    """Makes objects."""

    def key(self, node: Any) -> Expr:
        """The key of a property or member of a class."""
        if node.computed:
            return b.call(node, "@key", self.visit(node.key))
        return b.const(node, self.key_text(node.key))

    def key_text(self, key: Any) -> str:
        """The key that a literal or a name stands for."""
        if key.type == "Identifier":
            return str(key.name)
        if key.bigint is not None:
            return str(int(key.bigint, 0))
        value = number(key.value)
        return value if isinstance(value, str) else self.to_string(value)

    def visit_ObjectExpression(self, node: Any) -> Expr:
        name_properties(node)
        plain: list[Expr] = []
        rest = list(node.properties)
        while rest and self.is_plain(rest[0]):
            one = rest.pop(0)
            name = self.key_text(one.key)
            plain += [b.const(one, name), self.named(one.value, name)]
        made = b.call(node, "@object", *plain)
        if not rest:
            return made
        name = self.temporary()
        steps = [b.walrus(node, name, made)]
        steps += [self.property(one, b.load(one, name)) for one in rest]
        return b.sequence(node, [*steps, b.load(node, name)])

    def is_plain(self, one: Any) -> bool:
        """Whether a property is just a value under a known key."""
        if one.type != "Property" or one.computed or one.kind != "init":
            return False
        if one.method:
            return not one.value._function.uses_callee
        return one.shorthand or self.key_text(one.key) != "__proto__"

    def property(self, one: Any, target: Expr) -> Expr:
        """Adds a property that needs more than that."""
        if one.type == "SpreadElement":
            return b.call(one, "@copy", target, self.visit(one.argument))
        value = one.value
        if one.kind in ("get", "set"):
            key_first, key = self.twice(one, self.key(one))
            flag = b.const(one, one.kind)
            name = b.call(one, "@accessor_name", flag, key)
            function = self.make_function(value, None, name, target)
            return b.call(one, "@define_accessor", target, key_first, flag, function)
        is_proto = not (one.computed or one.shorthand or one.method)
        if is_proto and self.key_text(one.key) == "__proto__":
            return b.call(one, "@set_proto", target, self.visit(value))
        if one.computed:
            key_first, key = self.twice(one, self.key(one))
            if self.is_anonymous(value) or one.method:
                home = target if one.method else None
                made = self.make_named(value, b.call(one, "@name", key), home)
                return b.call(one, "@define", target, key_first, made)
            return b.call(one, "@define", target, key_first, self.visit(value))
        text = self.key_text(one.key)
        if one.method:
            made = self.make_function(value, text, None, target)
        else:
            made = self.named(value, text)
        return b.call(one, "@define", target, b.const(one, text), made)
