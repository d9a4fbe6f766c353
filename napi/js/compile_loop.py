"""Loops, switch, labels and jumps (ECMA-262, chapters 14.7 to 14.13).

A jump that leaves more than the innermost loop of Python sets ``@jump`` to its number
and leaves that loop; after it, the loops around go on leaving until the target is
reached. Blocks with a label and switches are loops of one turn.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from napi.js import build as b
from napi.js.emitter import Emitter, Target

__all__ = ["Loops"]

Expr = ast.expr


class Loops(Emitter):
    """Visitors of what jumps and is jumped out of."""

    # === jumps ===

    def statement_BreakStatement(self, node: Any) -> None:
        label = node.label.name if node.label is not None else None
        for target in reversed(self.targets):
            if label in target.labels if label is not None else target.plain:
                self.jump(node, target, "break")
                return

    def statement_ContinueStatement(self, node: Any) -> None:
        label = node.label.name if node.label is not None else None
        for target in reversed(self.targets):
            if target.is_loop and (label is None or label in target.labels):
                target.continued = True
                if target.inner is not None:
                    self.jump(node, target.inner, "break")
                else:
                    self.jump(node, target, "continue")
                return

    def jump(self, node: Any, target: Target, kind: str) -> None:
        innermost = self.targets[-1]
        if innermost is target:
            self.out += self.arrive(node, target, kind)
            return
        number = target.numbers.setdefault(kind, len(self.numbers) + 1)
        self.numbers.add(number)
        if number not in self.jumps:
            self.jumps[number] = (target, kind)
        innermost.crossing[number] = (target, kind)
        self.uses_jump = True
        self.out.append(b.assign(node, "@jump", b.const(node, number)))
        self.out.append(b.leave(node))

    def arrive(self, node: Any, target: Target, kind: str) -> list[ast.stmt]:
        if kind == "break":
            return [b.leave(node)]
        update = target.update() if target.update is not None else []
        return [*update, b.again(node)]

    def close(self, node: Any, target: Target) -> list[ast.stmt]:
        """After a loop of Python: the jumps that went through it go on."""
        lines: list[ast.stmt] = []
        for number, (goal, kind) in target.crossing.items():
            reached = self.targets[-1] is goal
            condition = b.compare(
                node, b.load(node, "@jump"), ast.Eq(), b.const(node, number)
            )
            if reached:
                action = [b.assign(node, "@jump", b.const(node, 0))]
                action += self.arrive(node, goal, kind)
            else:
                self.targets[-1].crossing[number] = (goal, kind)
                action = [b.leave(node)]
            lines.append(b.branch(node, condition, action))
        return lines

    def once(self, node: Any, target: Target, act: Callable[[], None]) -> None:
        """A block that can be left: a loop of one turn."""
        outer, self.out = self.out, []
        self.targets.append(target)
        act()
        self.targets.pop()
        body, self.out = self.out, outer
        body.append(b.leave(node))
        self.out.append(b.loop(node, b.boolean(node, True), body))
        self.out += self.close(node, target)

    def statement_LabeledStatement(self, node: Any) -> None:
        labels = []
        while node.type == "LabeledStatement":
            labels.append(node.label.name)
            node = node.body
        if node.type in ("BlockStatement", "IfStatement", "TryStatement"):
            target = Target(labels, is_loop=False, plain=False)
            self.once(node, target, lambda: self.statement(node))
            return
        self.labels = labels
        self.statement(node)
        self.labels = []

    def taken_labels(self) -> list[str]:
        labels, self.labels = self.labels, []
        return labels

    # === loops ===

    def body(
        self, node: Any, target: Target, before: list[ast.stmt] | None = None
    ) -> list[ast.stmt]:
        """The body of a loop, as statements of Python's loop."""
        outer, self.out = self.out, list(before or ())
        self.targets.append(target)
        if target.inner is not None:
            self.once(node, target.inner, lambda: self.statement(node.body))
        else:
            self.statement(node.body)
        self.targets.pop()
        made, self.out = self.out, outer
        return made

    def statement_WhileStatement(self, node: Any) -> None:
        target = Target(self.taken_labels(), is_loop=True)
        condition = self.loop_test(node.test)
        self.out.append(b.loop(node, condition, self.body(node, target)))
        self.out += self.close(node, target)

    def loop_test(self, node: Any) -> Expr:
        if node.type == "Literal" and node.value is True:
            return b.boolean(node, True)
        return self.test(node)

    def statement_DoWhileStatement(self, node: Any) -> None:
        target = Target(self.taken_labels(), is_loop=True)
        target.inner = Target([], is_loop=False, plain=False)
        condition = self.loop_test(node.test)
        body = self.body(node, target)
        if not target.continued and not target.inner.crossing:
            inner = body[0]
            assert isinstance(inner, ast.While)
            body = inner.body[:-1] if self.is_flat(inner) else body
        body.append(b.branch(node, b.negated(node, condition), [b.leave(node)]))
        self.out.append(b.loop(node, b.boolean(node, True), body))
        self.out += self.close(node, target)

    def is_flat(self, loop: ast.While) -> bool:
        """Whether nothing but its last statement leaves a loop of one turn."""
        return not any(_has_jump(line) for line in loop.body[:-1])

    def statement_ForStatement(self, node: Any) -> None:
        target = Target(self.taken_labels(), is_loop=True)
        scope = node._scope
        boxed = [one for one in scope.names.values() if one.boxed]
        self.enter(scope, node)
        if node.init is not None:
            if node.init.type == "VariableDeclaration":
                self.statement(node.init)
            else:
                self.out += self.effect(node.init)
        for one in boxed:  # functions of the head have variables of their own
            value = b.call(node, "@next_box", b.load(node, one.python))
            self.out.append(b.assign(node, one.python, value))
        condition = (
            b.boolean(node, True) if node.test is None else self.loop_test(node.test)
        )

        def update() -> list[ast.stmt]:
            outer, self.out = self.out, []
            for one in boxed:  # a copy for the next iteration
                value = b.call(node, "@next_box", b.load(node, one.python))
                self.out.append(b.assign(node, one.python, value))
            if node.update is not None:
                self.out += self.effect(node.update)
            made, self.out = self.out, outer
            return made

        needs_update = node.update is not None or bool(boxed)
        if needs_update and _continues(node.body):
            target.inner = Target([], is_loop=False, plain=False)
        body = self.body(node, target)
        if needs_update:
            # Functions of the update are made before the loop.
            body += update()
        self.out.append(b.loop(node, condition, body))
        self.out += self.close(node, target)

    def each(self, node: Any, source: Expr, before: list[ast.stmt] | None) -> None:
        """A loop over an iterator of Python."""
        target = Target(self.taken_labels(), is_loop=True)
        name = self.temporary()
        outer, self.out = self.out, []
        for binding in node._scope.names.values():
            self.reset(binding, node)
        left = node.left
        value = b.load(left, name)
        if before is not None:
            self.out += before
        if left.type == "VariableDeclaration":
            self.out += self.declare(left.declarations[0].id, value)
        else:
            self.out += self.assign_pattern(left, value)
        head, self.out = self.out, outer
        body = self.body(node, target, head)
        self.out.append(b.each(node, name, source, body))
        self.loop_end = self.close(node, target)

    def statement_ForInStatement(self, node: Any) -> None:
        left = node.left
        if left.type == "VariableDeclaration" and left.declarations[0].init is not None:
            self.statement(left)
            left.declarations[0].init = None
        source = b.call(node.right, "@keys", self.head(node))
        self.each(node, source, None)
        self.out += self.loop_end

    def head(self, node: Any) -> Expr:
        return self.visit(node.right)

    def statement_ForOfStatement(self, node: Any) -> None:
        if node.allowAwait:
            self.for_await(node)
            return
        name = self.temporary()
        source = b.callee_call(node.right, "@iterate", [self.head(node)])
        self.out.append(b.assign(node, name, source))
        outer, self.out = self.out, []
        self.tries += 1
        self.each(node, b.load(node, name), None)
        self.tries -= 1
        body, self.out = self.out, outer
        quit_ = b.call(node, "@quit", b.load(node, name))
        close = b.call(node, "@close", b.load(node, name))
        line, column = node._line, node._column
        handler = ast.ExceptHandler(
            b.load(node, "@BaseException"),
            None,
            [b.expression(node, quit_), b.raises(node, None)],
            lineno=line,
            col_offset=column,
        )
        final = [b.expression(node, close)]
        self.out.append(
            ast.Try(body, [handler], [], final, lineno=line, col_offset=column)
        )
        self.out += self.loop_end

    def for_await(self, node: Any) -> None:
        """``for await``: the iterator's promises are awaited one by one."""
        name, step = self.temporary(), self.temporary()
        source = b.callee_call(node.right, "@iterate_async", [self.head(node)])
        self.out.append(b.assign(node, name, source))
        target = Target(self.taken_labels(), is_loop=True)
        outer, self.out = self.out, []
        for binding in node._scope.names.values():
            self.reset(binding, node)
        advance = self.awaits(node, b.call(node, "@advance", b.load(node, name)))
        self.out.append(b.assign(node, step, advance))
        done = b.call(node, "@is_done", b.load(node, name), b.load(node, step))
        self.out.append(b.branch(node, done, [b.leave(node)]))
        value = b.call(node, "@item_of", b.load(node, name), b.load(node, step))
        left = node.left
        if left.type == "VariableDeclaration":
            self.out += self.declare(left.declarations[0].id, value)
        else:
            self.out += self.assign_pattern(left, value)
        head, self.out = self.out, outer
        self.tries += 1
        body = self.body(node, target, head)
        self.tries -= 1
        loop = b.loop(node, b.boolean(node, True), body)
        line, column = node._line, node._column
        closing = b.delegates(node, b.call(node, "@closing", b.load(node, name)))
        failing = b.delegates(node, b.call(node, "@closing", b.load(node, name)))
        quiet: ast.stmt = ast.Try(
            [b.expression(node, failing)],
            [
                ast.ExceptHandler(
                    b.load(node, "@Exception"),
                    None,
                    [b.nothing(node)],
                    lineno=line,
                    col_offset=column,
                )
            ],
            [],
            [],
            lineno=line,
            col_offset=column,
        )
        handler = ast.ExceptHandler(
            b.load(node, "@Exception"),
            None,
            [quiet, b.raises(node, None)],
            lineno=line,
            col_offset=column,
        )
        open_ = b.call(node, "@is_open", b.load(node, name))
        final = [b.branch(node, open_, [b.expression(node, closing)])]
        self.out.append(
            ast.Try([loop], [handler], [], final, lineno=line, col_offset=column)
        )
        self.out += self.close(node, target)

    # === switch ===

    def statement_SwitchStatement(self, node: Any) -> None:
        target = Target(self.taken_labels(), is_loop=False)
        self.once(node, target, lambda: self.cases(node))

    def cases(self, node: Any) -> None:
        name, chosen = self.temporary(), self.temporary()
        self.out.append(b.assign(node, name, self.visit(node.discriminant)))
        self.enter(node._scope, node)
        default = len(node.cases)
        for index, case in enumerate(node.cases):
            if case.test is None:
                default = index
        choice: Expr = b.const(node, default)
        for index in reversed(range(len(node.cases))):
            case = node.cases[index]
            if case.test is None:
                continue
            same = b.call(case, "@same", b.load(case, name), self.visit(case.test))
            choice = b.choose(case, same, b.const(case, index), choice)
        self.out.append(b.assign(node, chosen, choice))
        for index, case in enumerate(node.cases):
            if not case.consequent:
                continue
            outer, self.out = self.out, []
            self.block(case.consequent)
            body, self.out = self.out, outer
            condition = b.compare(
                case, b.load(case, chosen), ast.LtE(), b.const(case, index)
            )
            self.out.append(b.branch(case, condition, body))


def _has_jump(line: ast.AST) -> bool:
    """Whether a statement leaves the loop of Python that it is in."""
    if isinstance(line, (ast.Break, ast.Continue)):
        return True
    if isinstance(line, (ast.While, ast.For, ast.FunctionDef)):
        return False
    return any(_has_jump(one) for one in ast.iter_child_nodes(line))


_INSIDE = ("body", "consequent", "alternate", "block", "handler", "finalizer", "cases")


def _continues(node: Any) -> bool:
    """Whether there may be a ``continue`` in the body of a loop."""
    if node is None:
        return False
    if type(node) is list:
        return any(_continues(one) for one in node)
    kind = node.type
    if kind == "ContinueStatement":
        return True
    if kind.endswith(("Expression", "Declaration")):
        return False
    return any(_continues(getattr(node, name, None)) for name in _INSIDE)
