"""Direct eval (ECMA-262, chapter 19.2.1.1)."""

from __future__ import annotations

import ast
from typing import Any

from napi.js import build as b
from napi.js.analyse_eval import split_mark
from napi.js.emitter import Emitter

__all__ = ["Evals"]

Expr = ast.expr


class Evals(Emitter):
    """Gives a text the variables that are visible where it is evaluated."""

    def is_inner(self, node: Any) -> bool:
        """Whether a direct eval sees more than what is global."""
        outermost = self.function.parent is None and not self.function.strict
        if not outermost or self.kind not in ("script", "indirect"):
            return True
        places = {one._binding.place for one in node._visible.values()}
        return bool(node._near) or not places <= {"global", "lexical"}

    def direct_eval(self, node: Any) -> Expr:
        """``eval(text)``: the text gets a getter and a setter of each variable."""
        names: list[str] = []
        doors: list[Expr] = []
        for name, use in node._visible.items():
            binding = use._binding
            if binding.place in ("global", "lexical"):
                continue
            names.append(name + use.mark)
            if binding.boxed and not use._dynamic:
                # Of this iteration, whenever the text's functions look at it.
                box = b.load(node, binding.python)
                doors.append(b.call(node, "@box_getter", box))
                name_of = b.const(node, name)
                doors.append(b.call(node, "@box_setter", box, name_of))
                continue
            doors += self.doors(use, name)
        for name, python in self.around():
            names.append(name)
            doors += [self.constant_door(node, name, python)] * 2
        pair = ast.Tuple(doors, b.LOAD, lineno=node._line, col_offset=node._column)
        place = b.load(node, "@GLOBAL")
        if node._vars is not None:
            place = self.environment(node, node._vars)
        return b.call(
            node,
            "@eval",
            self.first_argument(node),
            b.const(node, self.function.strict),
            b.load(node, "this"),
            b.const(node, tuple(names)),
            pair,
            self.environments(node, node._near),
            self.environments(node, node._far),
            place,
            b.load(node, "@unit"),
        )

    def first_argument(self, node: Any) -> Expr:
        """The text; what other arguments do is done."""
        if len(node.arguments) == 1 and node.arguments[0].type != "SpreadElement":
            return self.visit(node.arguments[0])
        items = [self.argument(one) for one in node.arguments]
        given = ast.Tuple(items, b.LOAD, lineno=node._line, col_offset=node._column)
        return b.call(node, "@nth", given, b.const(node, 0))

    def doors(self, use: Any, name: str) -> list[Expr]:
        """Functions that read and write a variable."""
        binding = use._binding
        self.definitions += 1
        mark = f"{name}@def{self.definitions}"
        outer, self.out = self.out, []
        self.out.append(b.returns(use, self.read(use, binding, name)))
        reading, self.out = self.out, []
        written = self.write(use, binding, name, b.load(use, "@value"))
        self.out.append(b.returns(use, written))
        if binding.place == "local" and not binding.boxed and _is_writable(binding):
            names = ast.Nonlocal(
                [binding.python], lineno=use._line, col_offset=use._column
            )
            self.out.insert(0, names)
        writing, self.out = self.out, outer
        self.out.append(b.define(use, mark, [], 0, None, reading))
        self.out.append(b.define(use, f"{mark}=", ["@value"], 0, None, writing))
        return [b.load(use, mark), b.load(use, f"{mark}=")]

    def around(self) -> list[tuple[str, str]]:
        """What of ``new.target`` and ``super`` a text may name, and what has it."""
        owner = self.function.owner()
        if owner.parent is None:
            return []
        found = [("new.target", "new.target")]
        if owner.is_initializer or owner.node._is_method:
            found.append(("super", "@f"))
        return found

    def constant_door(self, node: Any, name: str, python: str) -> Expr:
        """A function that reads what is never assigned."""
        self.definitions += 1
        mark = f"{name}@def{self.definitions}"
        body = [b.returns(node, b.load(node, python))]
        self.out.append(b.define(node, mark, [], 0, None, body))
        return b.load(node, mark)

    def of_eval(self, node: Any, name: str) -> Expr | None:
        """What the text of a direct eval is given of the function around it."""
        owner = self.function.owner()
        if owner.parent is not None or not self.kind.startswith("direct"):
            return None
        return b.call(node, owner.body.find(name).python)

    # === the text ===

    def eval_parameters(self, function: Any, names: tuple[str, ...]) -> list[str]:
        """What the function of a direct eval's text is called with."""
        near = function.body.parent
        middle, far = near.parent, near.parent.parent
        made = ["this", middle.dynamic.python, far.dynamic.python]
        made.append(middle.names["@vars"].python)
        for text in names:
            name, mark = split_mark(text)
            python = (near if mark else far).names[name].python
            made += [python, f"{python}="]
        return made

    def declare_eval(self, node: Any, function: Any) -> None:
        """Declares what a text of a direct eval does for the function around it."""
        names = function.eval_vars
        if not names:
            return
        functions = {one.id.name for one in function.body.functions}
        place = function.body.parent.parent.names["@vars"]
        step = b.call(
            node,
            "@declare_variables",
            self.environment(node, place),
            b.const(node, names),
            b.const(node, tuple(name for name in names if name in functions)),
        )
        self.out.append(b.expression(node, step))

    def declare_in_eval(self, name: Any, value: Expr) -> None:
        """A function that such a text declares."""
        if name.name not in self.function.eval_vars:  # it is there already
            step = self.write(name, name._binding, name.name, value)
            self.out.append(b.expression(name, step))
            return
        place = self.function.body.parent.parent.names["@vars"]
        put = b.call(
            name,
            "@declare_eval_function",
            self.environment(name, place),
            b.const(name, name.name),
            value,
        )
        self.out.append(b.expression(name, put))


def _is_writable(binding: Any) -> bool:
    return not binding.is_constant and binding.kind != "self"
