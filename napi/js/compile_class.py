"""Classes (ECMA-262, chapter 15.7).

The class is made first, with its constructor; then its methods are added, in order;
then its static fields and blocks run. What makes the fields of instances is a function
that the constructor calls.
"""

from __future__ import annotations

import ast
import re
from typing import Any

from napi.js import build as b
from napi.js.compile_closure import FLAGS
from napi.js.emitter import Emitter
from napi.js.frame_name import name_members
from napi.js.scope import Binding

__all__ = ["Classes"]

Expr = ast.expr
_FIELDS = "<instance_members_initializer>"
_STATIC = re.compile(r"static(?:\s|/\*.*?\*/|//[^\n]*\n)*", re.S)


class Classes(Emitter):
    """Makes classes."""

    def make_class(self, node: Any, name: str | None, name_at: Expr | None) -> Expr:
        """The value of a class: its name is known now, or an expression."""
        strict, self.function.strict = self.function.strict, True
        name_members(node, name)
        steps: list[Expr] = self.begin_scope(node)
        made = self.temporary()
        prototype = self.temporary()
        parent = self.parent(node)
        constructor = self.constructor(node, name or "")
        shown = name_at if name_at is not None else b.const(node, name or "")
        steps.append(
            b.walrus(node, made, b.call(node, "@class", shown, constructor, *parent))
        )
        where = b.call(node, "@prototype", b.load(node, made))
        steps.append(b.walrus(node, prototype, where))
        later: list[Expr] = []
        methods: list[Expr] = []
        for one in node.body.body:
            steps += self.element(one, made, prototype, later, methods)
        inner = node._inner
        if inner is not None:
            value = b.load(node, made)
            steps.append(self.first_value(node, inner, inner.name, value))
        steps.append(self.fields(node, made, prototype, methods))
        steps += later
        self.function.strict = strict
        return b.sequence(node, [*steps, b.load(node, made)])

    def begin_scope(self, node: Any) -> list[Expr]:
        """Makes the boxes and the private names of a class."""
        steps = []
        for binding in node._scope.names.values():
            if binding.kind == "private":
                value = b.call(node, "@private", b.const(node, binding.name))
                steps.append(self.begin_variable(node, binding, value))
            elif binding.boxed:
                steps.append(self.begin_variable(node, binding, None))
        return steps

    def begin_variable(self, node: Any, binding: Binding, value: Expr | None) -> Expr:
        if binding.boxed:
            items = [value] if value is not None else []
            value = ast.List(items, b.LOAD, lineno=node._line, col_offset=node._column)
        return b.walrus(node, binding.python, value or b.none(node))

    def parent(self, node: Any) -> list[Expr]:
        return [] if node.superClass is None else [self.visit(node.superClass)]

    def constructor(self, node: Any, name: str) -> Expr:
        """The function of the constructor; the default one has no code."""
        kind = FLAGS["class"] | FLAGS["constructor"]
        if node.superClass is not None:
            kind |= FLAGS["derived"]
        for one in node.body.body:
            if one.type == "MethodDefinition" and one.kind == "constructor":
                one.value._is_method = True
                code, info = self.emit(one.value, name, kind)
                info = (*info[:4], node._start, node._end, self.filename)
                return b.call(node, "@function", code, b.const(node, info))
        info = (name, 0, kind, -1, node._start, node._end, self.filename)
        return b.call(node, "@function", b.none(node), b.const(node, info))

    # === elements ===

    def element(
        self,
        one: Any,
        made: str,
        prototype: str,
        later: list[Expr],
        methods: list[Expr],
    ) -> list[Expr]:
        if one.type == "StaticBlock":
            later.append(self.run_static(one, made))
            return []
        if one.type == "MethodDefinition":
            if one.kind == "constructor":
                return []
            return self.method(one, made, prototype, later, methods)
        steps = []
        if one.computed:
            key = b.call(one, "@key", self.visit(one.key))
            steps.append(self.first_value(one, one._key, one._key.name, key))
        if one.static:
            later.append(self.run_static(one, made))
        return steps

    def method(
        self,
        one: Any,
        made: str,
        prototype: str,
        later: list[Expr],
        methods: list[Expr],
    ) -> list[Expr]:
        value, kind = one.value, one.kind
        value._is_method = True
        value._start = one._start
        if one.static:  # the word is no part of the method's text
            head = _STATIC.match(self.text, one._start)
            value._start = head.end() if head is not None else one._start
        home = b.load(one, made if one.static else prototype)
        if one.key.type == "PrivateIdentifier":
            text = "#" + one.key.name
            if kind != "method":
                text = f"{kind} {text}"
            function = self.make_function(value, text, None, home)
            name = self.private(one.key)
            adds = b.call(one, "@set_method", name, b.const(one, kind), function)
            target = later if one.static else methods
            if one.static:
                brand = b.call(one, "@add_method", b.load(one, made), name)
                target.insert(0, brand)
            else:
                target.append(name)
            return [adds]
        flag = b.const(one, kind)
        if one.computed:
            first, key = self.twice(one, self.key(one))
            if kind == "method":
                shown = b.call(one, "@name", key)
            else:
                shown = b.call(one, "@accessor_name", flag, key)
            function = self.make_function(value, None, shown, home)
            return [b.call(one, "@method", home, first, flag, function)]
        text = self.key_text(one.key)
        shown_text = text if kind == "method" else f"{kind} {text}"
        function = self.make_function(value, shown_text, None, home)
        return [b.call(one, "@method", home, b.const(one, text), flag, function)]

    # === fields ===

    def fields(self, node: Any, made: str, prototype: str, methods: list[Expr]) -> Expr:
        """Tells the constructor where it is at home, and what makes the fields."""
        function: Expr = b.none(node)
        if node._fields is not None or methods:
            function = self.initializer(
                node, node._fields, b.load(node, prototype), methods
            )
        return b.call(
            node,
            "@set_fields",
            b.load(node, made),
            function,
            b.load(node, prototype),
        )

    def initializer(
        self, node: Any, holder: Any, home: Expr, methods: list[Expr]
    ) -> Expr:
        """A function that defines fields on its ``this``."""
        if holder is None:
            return b.call(
                node,
                "@brander",
                ast.Tuple(methods, b.LOAD, lineno=node._line, col_offset=node._column),
            )
        function = holder._function
        saved = self.begin_function(function)
        flags = FLAGS["this"] | FLAGS["strict"]
        names = ["this"]
        if function.uses_callee:
            flags |= FLAGS["callee"]
            names = ["@f", "this"]
        if function.uses_new_target:
            # It is undefined in fields.
            self.out.append(b.assign(node, "new.target", b.none(node)))
        this = b.load(node, "this")
        for one in holder.elements:
            self.field(one, this)
        if not holder.elements:
            self.static_block(node)
        if self.uses_jump:
            self.out.insert(0, b.assign(node, "@jump", b.const(node, 0)))
        body = self.end_function(saved)
        self.enclose(node, function, body)
        is_static = node.type in ("StaticBlock", "PropertyDefinition")
        shown = "<static_initializer>" if is_static else _FIELDS
        code = self.define(node, function, shown, names, 0, None, body)
        info = ("", 0, flags, 0, node._start, node._end)
        made = b.call(node, "@function", code, b.const(node, info), b.none(node), home)
        if methods:
            names_of = ast.Tuple(
                methods, b.LOAD, lineno=node._line, col_offset=node._column
            )
            made = b.call(node, "@brander", names_of, made)
        return made

    def field(self, one: Any, this: Expr) -> None:
        key = one.key
        if key.type == "PrivateIdentifier" and not one.computed:
            name = "#" + key.name
            target = self.private(key)
            value = self.field_value(one, name)
            self.out.append(
                b.expression(one, b.call(one, "@add_private", this, target, value))
            )
            return
        if one.computed:
            place = self.read(one, one._use._binding, one._key.name)
            if one.value is not None and self.is_anonymous(one.value):
                shown = b.call(one, "@name", place)
                value = self.make_named(one.value, shown, None)
            else:
                value = self.field_value(one, None)
        else:
            text = self.key_text(key)
            place = b.const(one, text)
            value = self.field_value(one, text)
        self.out.append(
            b.expression(one, b.call(one, "@define_field", this, place, value))
        )

    def field_value(self, one: Any, name: str | None) -> Expr:
        if one.value is None:
            return b.none(one)
        return self.visit(one.value) if name is None else self.named(one.value, name)

    # === static ===

    def run_static(self, one: Any, made: str) -> Expr:
        """Runs a static field or block."""
        home = b.load(one, made)
        function = self.initializer(one, one._holder, home, [])
        return b.call(one, "@call_this", function, home)

    def static_block(self, node: Any) -> None:
        function = self.function
        self.variables(node, function)
        self.hoisted(function.body)
        for one in function.body.names.values():
            if one.kind in ("let", "const", "class"):
                self.reset(one, node)
        self.block(node.body)
