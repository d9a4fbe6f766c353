"""Statements (ECMA-262, chapter 14); loops and jumps are in a file of their own."""

from __future__ import annotations

import ast
from typing import Any

from napi.js import build as b
from napi.js.emitter import Emitter
from napi.js.scope import LEXICAL, Binding, Scope

__all__ = ["Statements"]

Expr = ast.expr


# Statements whose value is undefined unless a part of them has one.
_EMPTY = frozenset(
    (
        "DoWhileStatement",
        "ForInStatement",
        "ForOfStatement",
        "ForStatement",
        "IfStatement",
        "SwitchStatement",
        "TryStatement",
        "WhileStatement",
        "WithStatement",
    )
)


class Statements(Emitter):
    """Visitors that append statements of Python to ``self.out``."""

    def statement(self, node: Any) -> None:
        """One statement."""
        kind = node.type
        if self.completion is not None and kind in _EMPTY:
            self.out.append(b.assign(node, self.completion, b.none(node)))
        self.statements[kind](node)

    def block(self, nodes: Any) -> None:
        for node in nodes:
            self.statement(node)

    def nested(self, node: Any) -> list[ast.stmt]:
        """A statement as a list of its own."""
        outer, self.out = self.out, []
        self.statement(node)
        made, self.out = self.out, outer
        return made

    # === scopes ===

    def enter(self, scope: Scope, at: Any) -> None:
        """What happens at the start of a block: new variables, functions."""
        for binding in scope.names.values():
            self.reset(binding, at)
        self.hoisted(scope)

    def reset(self, binding: Binding, at: Any) -> None:
        if binding.place != "local" or binding.kind in ("private", "hidden"):
            return
        if binding.boxed:
            empty = ast.List([], b.LOAD, lineno=at._line, col_offset=at._column)
            self.out.append(b.assign(at, binding.python, empty))
        elif binding.kind in LEXICAL and (
            binding.early or (binding.risky and binding.scope.in_loop)
        ):
            self.out += b.forget(at, binding.python)

    def hoisted(self, scope: Scope) -> None:
        """Makes the functions that a scope declares."""
        for node in scope.functions:
            name = node.id.name if node.id is not None else "default"
            value = self.make_function(node, name, None, None)
            known = scope.names.get(name if node.id is not None else "*default*")
            if known is None:  # of the function around an eval
                self.declare_in_eval(node.id, value)
                continue
            binding = known
            if binding.place == "global":
                deletable = b.const(node, self.kind == "indirect")
                put = b.call(
                    node, "@declare_function", b.const(node, name), value, deletable
                )
                self.out.append(b.expression(node, put))
            elif binding.boxed or binding.map is not None:
                step = self.first_value(node, binding, name, value)
                self.out.append(b.expression(node, step))
            else:
                self.out.append(b.assign(node, binding.python, value))

    def visit_block(self, node: Any) -> None:
        self.enter(node._scope, node)
        self.block(node.body)

    statement_BlockStatement = visit_block

    def statement_EmptyStatement(self, node: Any) -> None:
        self.out.append(b.nothing(node))

    statement_DebuggerStatement = statement_EmptyStatement

    def statement_ExpressionStatement(self, node: Any) -> None:
        if self.completion is not None:
            value = self.visit(node.expression)
            self.out.append(b.assign(node, self.completion, value))
        else:
            self.out += self.effect(node.expression)

    statement_Directive = statement_ExpressionStatement

    def statement_VariableDeclaration(self, node: Any) -> None:
        for one in node.declarations:
            if one.init is not None:
                target = one.id
                is_name = target.type == "Identifier"
                value = (
                    self.named(one.init, target.name)
                    if is_name
                    else self.visit(one.init)
                )
                self.origin = None if is_name else one.init
                self.out += self.declare(target, value)
                self.origin = None
            elif node.kind != "var":
                self.out += self.declare(one.id, b.none(one))

    def statement_FunctionDeclaration(self, node: Any) -> None:
        outer = node._outer
        if outer is None:
            return
        if outer is node.id:
            value = self.read(node, node._block_binding, node.id.name)
            written = self.write(outer, outer._binding, outer.name, value)
            self.out.append(b.expression(node, written))
        else:
            binding = node._block_binding
            value = self.read(node, binding, node.id.name)
            written = self.write(node, outer, node.id.name, value)
            self.out.append(b.expression(node, written))

    statement_AsyncFunctionDeclaration = statement_FunctionDeclaration

    def statement_ClassDeclaration(self, node: Any) -> None:
        name = node.id.name if node.id is not None else "default"
        value = self.make_class(node, name, None)
        binding = node.id._binding if node.id is not None else node._default
        step = self.first_value(node, binding, name, value)
        self.out.append(b.expression(node, step))

    def statement_IfStatement(self, node: Any) -> None:
        condition = self.test(node.test)
        yes = self.branch(node.consequent)
        no = self.branch(node.alternate) if node.alternate is not None else []
        self.out.append(b.branch(node, condition, yes, no))

    def branch(self, node: Any) -> list[ast.stmt]:
        if node.type.endswith("FunctionDeclaration"):
            outer, self.out = self.out, []
            self.enter(node._scope, node)
            self.statement(node)
            made, self.out = self.out, outer
            return made
        return self.nested(node)

    def statement_ReturnStatement(self, node: Any) -> None:
        function = self.function
        value = b.none(node) if node.argument is None else self.visit(node.argument)
        if function.is_derived:
            first, again = self.twice(node, value)
            check = b.call(node, "@is_result", first)
            value = b.choose(node, check, again, b.load(node, "this"))
        elif function.is_async and function.is_generator and node.argument is not None:
            value = b.yields(node, value)
        self.out.append(b.returns(node, value))

    def statement_ThrowStatement(self, node: Any) -> None:
        value = b.call(node, "@thrown", self.visit(node.argument))
        self.out.append(b.raises(node, value))

    def statement_TryStatement(self, node: Any) -> None:
        self.tries += 1
        body = self.nested(node.block) or [b.nothing(node)]
        handlers = [self.handler(node.handler)] if node.handler is not None else []
        final = []
        if node.finalizer is not None:
            completion, self.completion = self.completion, None
            final = self.nested(node.finalizer) or [b.nothing(node)]
            if self.function.is_generator or self.function.is_async:
                # Python ends what nobody will resume; JavaScript forgets it.
                final = [b.branch(node, b.call(node, "@goes_on"), final)]
            self.completion = completion
        self.tries -= 1
        self.out.append(
            ast.Try(
                body, handlers, [], final, lineno=node._line, col_offset=node._column
            )
        )

    def handler(self, node: Any) -> ast.ExceptHandler:
        outer, self.out = self.out, []
        name = self.temporary() if node.param is not None else None
        self.enter(node._scope, node)
        if name is not None:
            value = b.call(node.param, "@caught", b.load(node.param, name))
            self.out += self.declare(node.param, value)
        self.statement(node.body)
        body, self.out = self.out, outer
        return ast.ExceptHandler(
            b.load(node, "@Exception"),
            name,
            body or [b.nothing(node)],
            lineno=node._line,
            col_offset=node._column,
        )

    # === modules ===

    def statement_ImportDeclaration(self, node: Any) -> None:
        """Linked before the module runs."""

    statement_ExportAllDeclaration = statement_ImportDeclaration

    def statement_ExportNamedDeclaration(self, node: Any) -> None:
        if node.declaration is not None:
            self.statement(node.declaration)

    def statement_ExportDefaultDeclaration(self, node: Any) -> None:
        declaration = node.declaration
        if declaration.type in ("FunctionDeclaration", "ClassDeclaration"):
            if declaration.type == "ClassDeclaration" and declaration.id is None:
                declaration._default = self.function.body.names["*default*"]
            self.statement(declaration)
            return
        binding = self.function.body.names["*default*"]
        value = self.named(declaration, "default")
        self.out.append(
            b.expression(node, self.first_value(node, binding, "*default*", value))
        )
