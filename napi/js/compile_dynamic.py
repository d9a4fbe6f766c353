"""Names that are looked up when they are used: below ``with`` and direct evals.

Source: ECMA-262, chapters 9.1.1.2 and 14.11.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from napi.js import build as b
from napi.js.emitter import Emitter
from napi.js.scope import Binding

__all__ = ["Dynamics"]

Expr = ast.expr


class Dynamics(Emitter):
    """Asks environments for names, before the variables that are known."""

    def environment(self, at: Any, binding: Binding) -> Expr:
        value = b.load(at, binding.python)
        return b.item(at, value, 0) if binding.boxed else value

    def environments(self, at: Any, bindings: Any) -> Expr:
        items = [self.environment(at, one) for one in bindings]
        return ast.Tuple(items, b.LOAD, lineno=at._line, col_offset=at._column)

    def set_environment(self, at: Any, binding: Binding, value: Expr) -> None:
        if binding.boxed:
            value = ast.List([value], b.LOAD, lineno=at._line, col_offset=at._column)
        self.out.append(b.assign(at, binding.python, value))

    def found(self, at: Any, name: str) -> tuple[Expr, Expr]:
        """Whether no environment has the name; and the one that has."""
        envs = [self.environment(at, one) for one in at._dynamic]
        found = self.temporary()
        ask = b.call(at, "@env_find", b.const(at, name), *envs)
        return b.is_none(at, b.walrus(at, found, ask)), b.load(at, found)

    def read_dynamic(self, at: Any, name: str, known: Expr) -> Expr:
        """The value of a name."""
        missing, found = self.found(at, name)
        value = b.call(at, "@env_get", found, b.const(at, name))
        return b.choose(at, missing, known, value)

    def typeof_dynamic(self, at: Any, known: Expr) -> Expr:
        missing, found = self.found(at, at.name)
        value = b.call(at, "@env_get", found, b.const(at, at.name))
        return b.choose(at, missing, known, b.call(at, "@typeof", value))

    def delete_dynamic(self, at: Any, known: Expr) -> Expr:
        missing, found = self.found(at, at.name)
        gone = b.call(at, "@env_delete", found, b.const(at, at.name))
        return b.choose(at, missing, known, gone)

    def write_dynamic(
        self, at: Any, binding: Binding | None, name: str, value: Expr
    ) -> Expr:
        """Assigns; where to is found out before the value is."""
        missing, found = self.found(at, name)
        put = self.put_dynamic(at, binding, name, value, found)
        return b.sequence(at, [missing, put])

    def put_dynamic(
        self, at: Any, binding: Binding | None, name: str, value: Expr, found: Expr
    ) -> Expr:
        """The same where it is known already which environment has the name."""
        first, again = self.twice(at, value)
        known = self.write_known(at, binding, name, again)
        strict = b.const(at, self.function.strict)
        put = b.call(at, "@env_put", found, b.const(at, name), again, strict)
        return b.sequence(at, [first, b.choose(at, b.is_none(at, found), known, put)])

    def reference(
        self, at: Any, binding: Binding | None, name: str
    ) -> tuple[Expr, Callable[[Expr], Expr]]:
        """The value of a variable that is then assigned, and what assigns it."""
        if not at._dynamic:
            read = self.read(at, binding, name)
            return read, lambda value: self.write(at, binding, name, value)
        missing, found = self.found(at, name)
        value = b.call(at, "@env_get", found, b.const(at, name))
        read = b.choose(at, missing, self.read_known(at, binding, name), value)
        return read, lambda value: self.put_dynamic(at, binding, name, value, found)

    def call_dynamic(self, callee: Any, arguments: list[Expr]) -> Expr:
        """A call: the object of a ``with`` that has the function is its this."""
        missing, found = self.found(callee, callee.name)
        value = b.call(callee, "@env_get", found, b.const(callee, callee.name))
        known = self.read_known(callee, callee._binding, callee.name)
        function = b.choose(callee, missing, known, value)
        this = b.call(callee, "@env_this", found)
        return b.callee_call(callee, "@call_this", [function, this, *arguments])

    def statement_WithStatement(self, node: Any) -> None:
        scope = node._scope
        made = b.call(node, "@env_with", self.visit(node.object))
        self.set_environment(node, scope.dynamic, made)
        self.statement(node.body)
