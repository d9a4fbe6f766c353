"""Direct eval and ``with``: scopes whose names are known only when they run.

Such a scope has a hidden variable that holds an environment (``Scope.dynamic``), which
is asked for each name that is looked up across it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi.js.scope import (
    LEXICAL,
    Function,
    Scope,
    implicit_arguments,
    is_own,
    note_use,
    touch,
)
from napi.js.tree import EvalUse
from napi.runtime.error import SyntaxError

__all__ = ["EvalAnalysis", "split_mark"]

_NEAR, _CONFLICT, _OWN = "-", "!", "="
_MARKS = (_NEAR, _CONFLICT, _OWN)


def split_mark(text: str) -> tuple[str, str]:
    """The name that a text of a direct eval can use, and what it is.

    Args:
        text: A name and its mark: ``=`` for a variable of the function around the
            eval, ``!`` where a var of that name is an error, ``-`` for what else is
            nearer than the variables that evals declare.
    """
    return (text[:-1], text[-1]) if text[-1] in _MARKS else (text, "")


class EvalAnalysis:
    """The part of the walk that knows direct evals and ``with``."""

    kind: str
    scope: Scope
    evals: list[tuple[Scope, Any]]
    references: list[tuple[Scope, str, Any, bool]]
    eval_vars: dict[str, None]
    marks: dict[str, str]
    has_dynamic: bool
    visit: Callable[[Any], None]
    open: Callable[[Any], Scope]

    def visit_WithStatement(self, node: Any) -> None:
        self.visit(node.object)
        outer = self.open(node)
        self.scope.dynamic = self.scope.declare("@with", "hidden")
        self.has_dynamic = True
        self.visit(node.body)
        self.scope = outer

    # === the text of a direct eval ===

    def enter_eval(self, function: Function, parameters: tuple[str, ...]) -> None:
        """The scopes around a direct eval's text, from the farthest."""
        far = Scope(None, function, False)
        far.dynamic = far.declare("@envs", "hidden")
        middle = Scope(far, function, False)
        middle.dynamic = middle.declare("@near", "hidden")
        middle.declare("@vars", "hidden")
        near = Scope(middle, function, False)
        for text in parameters:
            name, mark = split_mark(text)
            self.marks[name] = mark
            (near if mark else far).declare(name, "outer").place = "outer"
        function.body.parent = near
        self.has_dynamic = True

    def is_eval_top(self, function: Function) -> bool:
        """Whether what is declared with var goes to the function around an eval."""
        return self.kind == "direct" and function.parent is None and not function.strict

    def end_eval(self, function: Function) -> None:
        """Finds out which variables are new.

        Raises:
            napi.SyntaxError: A let, const or class in between has the name.
        """
        for name in self.eval_vars:
            if self.marks.get(name) == _CONFLICT:
                raise SyntaxError(f"Identifier '{name}' has already been declared")
        function.eval_vars = tuple(
            name for name in self.eval_vars if self.marks.get(name) != _OWN
        )

    # === what an eval sees ===

    def show_evals(self) -> None:
        """All that is visible from a direct eval may be used by it."""
        evals = [
            (scope, node) for scope, node in self.evals if scope.find("eval") is None
        ]
        for scope, _ in evals:
            self.open_variables(scope)
            if not is_own(scope, scope.find("arguments")):
                implicit_arguments(scope)
            note_use(scope.function.owner(), "changed")
        for scope, node in evals:
            self.show_eval(scope, node)

    def open_variables(self, scope: Scope) -> None:
        """Gives a function a place for what its evals declare."""
        function = scope.function
        is_global = function.parent is None and self.kind != "eval"
        if function.strict or is_global:
            return
        home: Scope | None = scope
        while home is not None and home not in (function.body, function.parameters):
            home = home.parent
        if home is not None and home.dynamic is None:
            home.dynamic = home.declare("@vars", "hidden")
            self.has_dynamic = True

    def show_eval(self, scope: Scope, node: Any) -> None:
        home = scope.function
        body = getattr(home.node, "body", None)
        in_head = home.parent is not None and node._start < getattr(body, "_start", -1)
        node._visible = visible = {}
        node._near, node._far, node._vars = [], [], None
        walker: Scope | None = scope
        while walker is not None:
            is_near = walker.function is home
            for name, binding in walker.names.items():
                if binding.kind in ("private", "hidden") or name in visible:
                    if name == "@vars" and is_near and node._vars is None:
                        node._vars = binding
                        touch(binding, scope)
                    continue
                visible[name] = use = EvalUse(node)
                use.mark = _mark_of(binding, walker, home, in_head) if is_near else ""
                binding.captured = True
                if binding.place == "local":
                    self.references.append((scope, name, use, True))
                use._binding = binding
            if walker.dynamic is not None:
                (node._near if is_near else node._far).append(walker.dynamic)
                touch(walker.dynamic, scope)
            walker = walker.parent


def _mark_of(binding: Any, scope: Scope, home: Function, in_head: bool) -> str:
    if binding.place == "outer":
        return _NEAR
    if scope is home.parameters and in_head:
        # The variables of the body are others than those of the parameters.
        is_arguments = binding.name == "arguments" and not home.is_arrow
        return _CONFLICT if is_arguments or binding.kind == "param" else ""
    if scope is home.body:
        return _CONFLICT if binding.kind in LEXICAL else _OWN
    if binding.kind == "self":
        return ""
    inner = binding.kind in LEXICAL or binding.kind == "function"
    return _CONFLICT if inner else _NEAR
