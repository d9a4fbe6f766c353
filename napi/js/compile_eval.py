"""Direct eval (ECMA-262, chapter 19.2.1.1)."""

from __future__ import annotations

import ast
from typing import Any

from napi.js import build as b
from napi.js.emitter import Emitter

__all__ = ["Evals"]

Expr = ast.expr


class Evals(Emitter):
    """Gives a text the variables that are visible where it is evaluated."""

    def is_inner(self, node: Any) -> bool:
        """Whether a direct eval sees more than what is global."""
        if node.arguments[0].type == "SpreadElement":
            return False
        if self.function.parent is not None or self.kind != "script":
            return True
        places = {one.place for one in node._visible.values()}
        return not places <= {"global", "lexical"}

    def direct_eval(self, node: Any) -> Expr:
        """``eval(text)``: the text gets a getter and a setter of each variable."""
        names: list[str] = []
        doors: list[Expr] = []
        for name, binding in node._visible.items():
            if binding.place in ("global", "lexical"):
                continue
            names.append(name)
            if binding.boxed:
                # Of this iteration, whenever the text's functions look at it.
                box = b.load(node, binding.python)
                doors.append(b.call(node, "@box_getter", box))
                name_of = b.const(node, name)
                doors.append(b.call(node, "@box_setter", box, name_of))
                continue
            self.definitions += 1
            mark = f"{name}@def{self.definitions}"
            value = self.read(node, binding, name)
            self.out.append(b.define(node, mark, [], 0, None, [b.returns(node, value)]))
            written = self.write(node, binding, name, b.load(node, "@value"))
            body: list[ast.stmt] = [b.returns(node, written)]
            if isinstance(written, ast.NamedExpr):
                body.insert(
                    0,
                    ast.Nonlocal(
                        [binding.python], lineno=node._line, col_offset=node._column
                    ),
                )
            self.out.append(b.define(node, f"{mark}=", ["@value"], 0, None, body))
            doors += [b.load(node, mark), b.load(node, f"{mark}=")]
        pair = ast.Tuple(doors, b.LOAD, lineno=node._line, col_offset=node._column)
        return b.call(
            node,
            "@eval",
            self.visit(node.arguments[0]),
            b.const(node, self.function.strict),
            b.load(node, "this"),
            b.const(node, tuple(names)),
            pair,
        )
