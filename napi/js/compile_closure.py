"""Functions, generators and async functions (ECMA-262, chapter 15).

A function becomes a ``def`` just before the statement that it is part of; where it is
evaluated, a napi.Function is made over it. What it sees of a loop's variables is given
to it by a function around it, so that each iteration's function has its own.
"""

from __future__ import annotations

import ast
from typing import Any

from napi.js import build as b
from napi.js.emitter import Emitter
from napi.js.frame_name import shown_name
from napi.js.scope import Function

__all__ = ["FLAGS", "Functions"]

Expr = ast.expr
FLAGS = {
    "callee": 1,
    "this": 2,
    "new_target": 4,
    "constructor": 8,
    "generator": 16,
    "async": 32,
    "class": 64,
    "derived": 128,
    "primed": 256,
    "arrow": 512,
    "strict": 1024,
}
_STATE = (
    "function",
    "out",
    "targets",
    "temporaries",
    "completion",
    "tries",
    "uses_jump",
    "jumps",
    "numbers",
    "labels",
    "guard",
)


class Functions(Emitter):
    """Makes functions."""

    def begin_function(self, function: Function) -> dict[str, Any]:
        """Starts a new function of Python; returns what to go back to."""
        saved = {name: self.__dict__[name] for name in _STATE}
        self.function = function
        self.out = []
        self.targets = []
        self.completion = None
        self.tries = 0
        self.uses_jump = False
        self.jumps = {}
        self.numbers = set()
        self.labels = []
        self.guard = None
        return saved

    def end_function(self, saved: dict[str, Any]) -> list[ast.stmt]:
        body = self.out
        temporaries = self.temporaries
        self.__dict__.update(saved)
        self.temporaries = temporaries
        return body

    def make_function(
        self, node: Any, name: str | None, name_at: Expr | None, home: Expr | None
    ) -> Expr:
        """The value of a function: its name is known now, or an expression."""
        function, info = self.emit(node, name or "")
        arguments = [function, b.const(node, info)]
        if name_at is not None or home is not None:
            arguments.append(name_at if name_at is not None else b.none(node))
        if home is not None:
            arguments.append(home)
        return b.call(node, "@function", *arguments)

    def flags_of(self, node: Any, function: Function) -> int:
        flags = 0
        own = not function.is_arrow
        for name, is_set in (
            ("callee", function.uses_callee and own),
            ("this", function.uses_this and own and not function.is_derived),
            ("new_target", function.uses_new_target and own),
            ("generator", function.is_generator),
            ("async", function.is_async),
            ("arrow", function.is_arrow),
            ("strict", function.strict),
            ("constructor", self.is_constructor(node, function)),
        ):
            flags |= FLAGS[name] if is_set else 0
        if function.is_generator and not _is_simple(node):
            flags |= FLAGS["primed"]
        return flags

    def is_constructor(self, node: Any, function: Function) -> bool:
        if function.is_arrow or function.is_async or function.is_generator:
            return False
        return not node._is_method

    def emit(self, node: Any, name: str, kind: int = 0) -> tuple[Expr, tuple[Any, ...]]:
        """Adds the def of a function; an expression for it, and what it is."""
        function: Function = node._function
        binding = function.self_binding
        if binding is not None and binding.used:
            function.uses_callee = True
        if function.uses_arguments and not function.strict:
            function.uses_callee = True
        saved = self.begin_function(function)
        flags = self.flags_of(node, function) | kind
        limit = self.body_of(node, function, flags)
        parameters, defaults, rest = self.signature
        body = self.end_function(saved)
        self.enclose(node, function, body)
        identifier = self.define(node, function, name, parameters, defaults, rest, body)
        length = _length(node)
        info = (name, length, flags, limit, node._start, node._end, self.filename)
        return identifier, info

    def enclose(self, node: Any, function: Function, body: list[ast.stmt]) -> None:
        """Declares what a function assigns of those around it."""
        outer = {one.python for one in function.nonlocals if not one.boxed}
        outer -= {""}
        names = sorted(
            one.python
            for one in function.nonlocals
            if not one.boxed and one.place == "local"
        )
        if function.writes_this:
            names += ["this", "@this"]
        if names:
            body.insert(
                0, ast.Nonlocal(names, lineno=node._line, col_offset=node._column)
            )

    def define(
        self,
        node: Any,
        function: Function,
        name: str,
        parameters: list[str],
        defaults: int,
        rest: str | None,
        body: list[ast.stmt],
    ) -> Expr:
        """Adds the def, in a function that holds a loop's variables if need be."""
        shown = shown_name(node, name)
        made = b.define(node, shown, parameters, defaults, rest, body)
        self.definitions += 1
        unique = f"@def{self.definitions}"
        assert isinstance(made, ast.FunctionDef)
        boxes = sorted(
            one.python
            for one in function.free
            if one.boxed and one.scope.function is self.function
        )
        if not boxes:
            # Python shows the name of the def; it is kept under one of its own.
            made.name = f"{shown}{unique}"
            self.out.append(made)
            return b.load(node, made.name)
        made.name = f"{shown}{unique}"
        inner = [made, b.returns(node, b.load(node, made.name))]
        self.out.append(b.define(node, unique, boxes, 0, None, inner))
        return b.call(node, unique, *(b.load(node, one) for one in boxes))

    # === parameters ===

    def body_of(self, node: Any, function: Function, flags: int) -> int:
        """The statements of a function; how many arguments it takes."""
        parameters = [
            name
            for flag, name in ((1, "@f"), (2, "this"), (4, "new.target"))
            if flags & flag
        ]
        self.signature: tuple[list[str], int, str | None] = (parameters, 0, None)
        at = node
        limit = self.parameters(node, function, parameters)
        signature = self.signature
        if not function.is_arrow and function.uses_this:
            if function.is_derived:
                self.out.append(b.assign(at, "@this", b.boolean(at, False)))
                # It is a variable of this function, even if an arrow assigns it.
                never = [b.assign(at, "this", b.none(at))]
                self.out.append(b.branch(at, b.boolean(at, False), never))
            elif not function.strict and not flags & FLAGS["class"]:
                boxed = b.call(at, "@this_of", b.load(at, "this"))
                self.out.append(b.assign(at, "this", boxed))
        binding = function.self_binding
        if binding is not None and binding.used:
            self.out.append(b.assign(at, binding.python, b.load(at, "@f")))
        self.variables(at, function)
        self.take_parameters(node, function)
        if flags & FLAGS["primed"]:
            self.out.append(b.expression(at, b.yields(at, b.none(at))))
        if function.body is not function.parameters:
            self.copy_parameters(at, function)
        self.hoisted(function.body)
        for one in function.body.names.values():
            self.reset(one, at) if one.kind in ("let", "const", "class") else None
        self.run_body(node, function)
        if function.is_generator or function.is_async:
            pause = b.expression(at, b.yields(at, b.none(at)))
            self.out.append(b.branch(at, b.boolean(at, False), [pause]))
        if self.uses_jump:
            self.out.insert(0, b.assign(at, "@jump", b.const(at, 0)))
        self.signature = signature
        return limit

    def run_body(self, node: Any, function: Function) -> None:
        body = node.body
        if body.type == "BlockStatement":
            if function.is_initializer:
                return
            self.block(body.body)
            if function.is_derived:
                self.out.append(b.returns(body, b.load(body, "this")))
            return
        value = self.visit(body)
        self.out.append(b.returns(body, value))

    def parameters(self, node: Any, function: Function, names: list[str]) -> int:
        """Sets the signature; how many arguments there may be, -1: any number."""
        hidden = len(names)
        if function.uses_arguments:
            self.signature = (names, 0, "@arguments")
            return -1
        seen: set[str] = set()
        rest = None
        is_late = _is_late(node, function)
        for index, one in enumerate(node.params):
            kind = one.type
            if kind == "RestElement":
                rest = "@rest"
                break
            target = one.left if kind == "AssignmentPattern" else one
            if target.type == "Identifier" and not is_late:
                name = function.parameters.names[target.name].python
                if name in seen:  # sloppy: the last one counts
                    names[names.index(name)] = f"@p{index}"
                seen.add(name)
                names.append(name)
            else:
                names.append(f"@p{index}")
        count = len(names) - hidden
        self.signature = (names, count, rest)
        return -1 if rest is not None else count

    def take_parameters(self, node: Any, function: Function) -> None:
        """What parameters need beyond the signature."""
        if function.uses_arguments:
            self.take_arguments(node, function)
            return
        is_late = _is_late(node, function)
        for index, one in enumerate(node.params):
            kind = one.type
            self.origin = _Parameter(one) if kind != "Identifier" else None
            if is_late and kind != "RestElement":
                self.out += self.declare(one, b.load(one, f"@p{index}"))
                continue
            if kind == "RestElement":
                value = b.call(one, "@array", b.star(one, b.load(one, "@rest")))
                self.out += self.declare_parameter(one.argument, value)
            elif kind == "AssignmentPattern":
                self.default_parameter(one, index, function)
            elif kind != "Identifier":
                self.out += self.declare(one, b.load(one, f"@p{index}"))

        self.origin = None

    def declare_parameter(self, pattern: Any, value: Expr) -> list[ast.stmt]:
        return self.declare(pattern, value)

    def default_parameter(self, one: Any, index: int, function: Function) -> None:
        target = one.left
        if target.type == "Identifier":
            name = function.parameters.names[target.name].python
            outer, self.out = self.out, []
            value = self.default(one)
            inner, self.out = self.out, outer
            inner.append(b.assign(one, name, value))
            condition = b.is_none(one, b.load(one, name))
            self.out.append(b.branch(one, condition, inner))
            return
        self.out += self.declare(one, b.load(one, f"@p{index}"))

    def take_arguments(self, node: Any, function: Function) -> None:
        binding = function.parameters.names["arguments"]
        given = b.load(node, "@arguments")
        callee = b.none(node) if function.strict else b.load(node, "@f")
        made = b.call(node, "@make_arguments", given, callee)
        if binding.kind != "param":
            self.out.append(b.assign(node, binding.python, made))
        holder = function.parameters.names.get("@map")
        if holder is not None:
            self.map_parameters(node, function, holder)
            return
        for index, one in enumerate(node.params):
            if one.type == "RestElement":
                given = b.call(
                    one, "@rest_of", b.load(one, "@arguments"), b.const(one, index)
                )
                self.out += self.declare(one.argument, given)
                continue
            value = b.call(one, "@nth", b.load(one, "@arguments"), b.const(one, index))
            self.out += self.declare(one, value)

    def map_parameters(self, node: Any, function: Function, holder: Any) -> None:
        """The parameters of a call are elements of its arguments object."""
        names = function.parameters.names
        keys = tuple(
            str(index) if names[one.name].index == index else None
            for index, one in enumerate(node.params)
        )
        target = b.load(node, names["arguments"].python)
        given = b.load(node, "@arguments")
        made = b.call(node, "@map_arguments", target, given, b.const(node, keys))
        self.out.append(b.assign(node, holder.python, made))

    def copy_parameters(self, at: Any, function: Function) -> None:
        """A var of the body that has a parameter's name begins with its value."""
        for name, one in function.body.names.items():
            known = function.parameters.names.get(name)
            if one.kind == "var" and known is not None:
                value = self.read(at, known, name)
                self.out.append(b.assign(at, one.python, value))

    def variables(self, at: Any, function: Function) -> None:
        """All var variables begin as undefined."""
        for place in dict.fromkeys(
            (function.parameters.dynamic, function.body.dynamic)
        ):
            if place is not None:
                self.set_environment(at, place, b.call(at, "@new_variables"))
        names = [
            one.python
            for one in function.body.names.values()
            if one.kind == "var" and one.place == "local"
        ]
        if names:
            self.out.append(
                ast.Assign(
                    [b.store(at, name) for name in names],
                    b.none(at),
                    lineno=at._line,
                    col_offset=at._column,
                )
            )

    # === generators and async functions ===

    def visit_YieldExpression(self, node: Any) -> Expr:
        function = self.function
        value = b.none(node) if node.argument is None else self.visit(node.argument)
        if node.delegate:
            helper = "@delegate_async" if function.is_async else "@delegate"
            return b.delegates(node, b.call(node, helper, value))
        if function.is_async:
            # The value is awaited, and so is what a return() hands in.
            value = b.call(node, "@yielded", b.yields(node, value))
            return b.delegates(node, b.call(node, "@resume", value))
        return b.yields(node, value)

    def visit_AwaitExpression(self, node: Any) -> Expr:
        return self.awaits(node, self.visit(node.argument))

    def awaits(self, at: Any, value: Expr) -> Expr:
        """Waits for a promise."""
        if self.function.parent is None:
            self.has_await = True
        return b.yields(at, value)


class _Parameter:
    """Stands for the argument that a parameter takes apart."""

    type = "Parameter"

    def __init__(self, node: Any) -> None:
        self._line, self._column = node._line, node._column
        self._start, self._end = node._start, node._end


def _is_late(node: Any, function: Function) -> bool:
    """Whether a default value names a parameter that has none yet."""
    names = function.parameters.names.values()
    return any(one.early and one.kind == "param" for one in names)


def _is_simple(node: Any) -> bool:
    """Whether all parameters are plain names."""
    return all(one.type == "Identifier" for one in node.params)


def _length(node: Any) -> int:
    """How many parameters come before the first default or rest."""
    count = 0
    for one in node.params:
        if one.type in ("AssignmentPattern", "RestElement"):
            break
        count += 1
    return count
