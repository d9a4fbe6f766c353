"""The first pass over a program: which scopes there are, and what they declare.

Nodes learn their scope (``_scope``), functions what they use (``_function``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi.js.analyse_arguments import (
    declare_var,
    mark_arguments,
    mark_call,
    mark_member,
    share_arguments,
)
from napi.js.analyse_class import ClassAnalysis
from napi.js.analyse_eval import EvalAnalysis
from napi.js.analyse_module import ModuleAnalysis
from napi.js.scope import (
    LEXICAL,
    Binding,
    Function,
    Scope,
    resolve,
)
from napi.js.tree import CHILDREN, STATEMENTS, is_strict, is_text, names_of

__all__ = ["analyse"]


class Analysis(ClassAnalysis, EvalAnalysis, ModuleAnalysis):
    """The walk."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.references: list[tuple[Scope, str, Any, bool]] = []
        self.functions: list[Function] = []
        self.texts: list[Any] = []  # names that are given a text
        self.evals: list[tuple[Scope, Any]] = []  # direct evals
        self.eval_vars: dict[str, None] = {}  # of a direct eval's text
        self.marks: dict[str, str] = {}
        self.has_dynamic = False
        self.scope: Scope
        self.visitors: dict[str, Callable[[Any], None]] = {
            name[6:]: getattr(self, name) for name in dir(self) if name[:6] == "visit_"
        }

    # === the walk ===

    def visit(self, node: Any) -> None:
        visitor = self.visitors.get(node.type)
        if visitor is not None:
            visitor(node)
            return
        for name in CHILDREN[node.type]:
            child = getattr(node, name)
            if child is None:
                continue
            if type(child) is list:
                for one in child:
                    if one is not None:
                        self.visit(one)
            else:
                self.visit(child)

    def visit_all(self, nodes: Any) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def open(self, node: Any, in_loop: bool | None = None) -> Scope:
        """Enters a new scope; the caller puts the old one back."""
        outer = self.scope
        looped = outer.in_loop if in_loop is None else in_loop
        self.scope = node._scope = Scope(outer, outer.function, looped)
        return outer

    # === names ===

    def visit_Identifier(self, node: Any) -> None:
        self.references.append((self.scope, node.name, node, False))

    def write(self, node: Any) -> None:
        """A target of an assignment."""
        kind = node.type
        if kind == "Identifier":
            self.references.append((self.scope, node.name, node, True))
        elif kind == "ObjectPattern":
            for one in node.properties:
                if one.type == "RestElement":
                    self.write(one.argument)
                    continue
                if one.computed:
                    self.visit(one.key)
                self.write(one.value)
        elif kind == "ArrayPattern":
            for one in node.elements:
                if one is not None:
                    self.write(one)
        elif kind == "AssignmentPattern":
            self.write(node.left)
            self.visit(node.right)
        elif kind == "RestElement":
            self.write(node.argument)
        else:
            if kind.endswith("MemberExpression"):
                mark_arguments(node.object, "changed")
            self.visit(node)

    def visit_AssignmentExpression(self, node: Any) -> None:
        self.write(node.left)
        if node.left.type == "Identifier" and is_text(node.right):
            self.texts.append(node.left)
        if node.operator != "=" and node.left.type == "Identifier":
            self.visit(node.left)
        self.visit(node.right)

    def visit_UpdateExpression(self, node: Any) -> None:
        self.write(node.argument)

    def visit_MemberExpression(self, node: Any) -> None:
        mark_member(node)
        self.visit(node.object)
        if node.computed or node.property.type == "PrivateIdentifier":
            self.visit(node.property)

    def visit_SpreadElement(self, node: Any) -> None:
        mark_arguments(node.argument)
        self.visit(node.argument)

    def visit_UnaryExpression(self, node: Any) -> None:
        if node.operator == "delete" and node.argument.type.endswith(
            "MemberExpression"
        ):
            mark_arguments(node.argument.object, "changed")
        self.visit(node.argument)

    visit_StaticMemberExpression = visit_ComputedMemberExpression = (
        visit_MemberExpression
    )

    def visit_PrivateIdentifier(self, node: Any) -> None:
        self.references.append((self.scope, "#" + node.name, node, False))

    def visit_Property(self, node: Any) -> None:
        if node.computed:
            self.visit(node.key)
        if node.method or node.kind in ("get", "set"):
            node.value._is_method = True
        self.visit(node.value)

    def visit_ThisExpression(self, node: Any) -> None:
        owner = self.scope.function.owner()
        owner.uses_this = True

    def visit_Super(self, node: Any) -> None:
        owner = self.scope.function.owner()
        owner.uses_this = owner.uses_callee = True

    def visit_MetaProperty(self, node: Any) -> None:
        if node.meta.name == "new":
            self.scope.function.owner().uses_new_target = True

    def visit_CallExpression(self, node: Any) -> None:
        callee = node.callee
        if callee.type == "Super":
            function = self.scope.function
            owner = function.owner()
            owner.uses_this = owner.uses_callee = owner.uses_new_target = True
            while function is not owner:
                function.writes_this = True
                assert function.parent is not None
                function = function.parent
        else:
            self.visit(callee)
            if callee.type == "Identifier" and callee.name == "eval":
                self.evals.append((self.scope, node))
                owner = self.scope.function.owner()
                owner.uses_this = True
                if owner.parent is not None:
                    owner.uses_new_target = owner.uses_callee = True
        mark_call(node)
        self.visit_all(node.arguments)

    # === declarations ===

    def declare(self, pattern: Any, kind: str, ready: int = -1) -> None:
        function = self.scope.function
        scope = function.body if kind == "var" else self.scope
        for node in names_of(pattern):
            if kind == "var" and self.is_eval_top(function):
                self.eval_vars[node.name] = None
                continue
            start = node._start if kind in LEXICAL else -1
            binding = scope.declare(node.name, kind, start)
            binding.ready = ready
            self.place(binding)

    def place(self, binding: Binding) -> None:
        """What a script declares at its top is the realm's."""
        scope = binding.scope
        if scope.parent is not None:
            return
        if self.kind == "script":
            binding.place = "lexical" if binding.kind in LEXICAL else "global"
        elif self.kind == "indirect" and not scope.function.strict:
            binding.place = "local" if binding.kind in LEXICAL else "global"

    def visit_VariableDeclaration(self, node: Any) -> None:
        for one in node.declarations:
            self.write(one.id)
            if one.init is not None:
                self.visit(one.init)
                if one.id.type == "Identifier" and is_text(one.init):
                    self.texts.append(one.id)

    def visit_FunctionDeclaration(self, node: Any) -> None:
        """Found by hoist: the scope has it already."""

    visit_AsyncFunctionDeclaration = visit_FunctionDeclaration

    def hoist(self, statements: Any, at_top: bool = False) -> None:
        """Declares what a list of statements declares for its own scope."""
        for node in statements:
            if node is not None:
                self.hoist_one(node, at_top)

    def hoist_one(self, node: Any, at_top: bool) -> None:
        kind = node.type
        while kind == "LabeledStatement":
            node = node.body
            kind = node.type
        if kind.startswith("Export") and node.declaration is not None:
            self.hoist_export(node.declaration, at_top)
        elif kind == "VariableDeclaration" and node.kind != "var":
            for one in node.declarations:
                self.declare(one.id, node.kind, one._end)
        elif kind == "ClassDeclaration":
            self.place(self.scope.declare(node.id.name, "class", node._start))
        elif kind.endswith("FunctionDeclaration"):
            self.hoist_function(node, at_top)

    def hoist_export(self, node: Any, at_top: bool) -> None:
        if node.type in ("FunctionDeclaration", "ClassDeclaration") and node.id is None:
            kind = "function" if node.type[0] == "F" else "class"
            self.scope.declare("*default*", kind, node._start)
            if kind == "function":
                self.scope.functions.append(node)
            return
        self.hoist_one(node, at_top)

    def hoist_function(self, node: Any, at_top: bool) -> None:
        scope = self.scope
        function = scope.function
        scope.functions.append(node)
        if at_top and self.is_eval_top(function):
            self.eval_vars[node.id.name] = None
            self.references.append((scope, node.id.name, node.id, True))
            return
        binding = scope.declare(node.id.name, "function")
        self.place(binding)
        node._block_binding = binding
        if at_top or function.strict or node.isAsync or node.generator:
            return
        # Annex B.3.2: a function of a block is a variable of the function, too,
        # where that is no conflict.
        walker = scope.parent
        while walker is not None and walker is not function.body:
            known = walker.names.get(node.id.name)
            if known is not None and known.kind in LEXICAL:
                return
            walker = walker.parent
        if self.is_eval_top(function):
            if self.marks.get(node.id.name) != "!":
                self.eval_vars[node.id.name] = None
                self.references.append((function.body, node.id.name, node.id, True))
                node._outer = node.id
            return
        known = function.body.names.get(node.id.name)
        if known is None or known.kind in ("var", "function"):
            outer = function.body.declare(node.id.name, "var")
            self.place(outer)
            node._outer = outer

    def hoist_vars(self, node: Any) -> None:
        """Declares the var variables of a function, wherever they are."""
        if type(node) is list:
            for one in node:
                if one is not None:
                    self.hoist_vars(one)
            return
        kind = node.type
        if kind == "VariableDeclaration":
            if node.kind == "var":
                for one in node.declarations:
                    self.declare(one.id, "var")
            return
        for name in STATEMENTS.get(kind, ()):
            child = getattr(node, name)
            if child is not None:
                self.hoist_vars(child)

    # === blocks ===

    def visit_BlockStatement(self, node: Any) -> None:
        outer = self.open(node)
        self.hoist(node.body)
        self.visit_all(self.made(self.scope))
        self.visit_all(node.body)
        self.scope = outer

    def made(self, scope: Scope) -> Any:
        """Walks into the functions that a scope makes at its start."""
        for node in scope.functions:
            self.function(node)
        return ()

    def visit_IfStatement(self, node: Any) -> None:
        self.visit(node.test)
        for child in (node.consequent, node.alternate):
            if child is None:
                continue
            if child.type.endswith("FunctionDeclaration"):
                outer = self.open(child)
                self.hoist((child,))
                self.made(self.scope)
                self.scope = outer
            else:
                self.visit(child)

    def loop(self, node: Any, head: Any, parts: tuple[str, ...]) -> None:
        outer = self.open(node, True)
        is_lexical = (
            head is not None
            and head.type == "VariableDeclaration"
            and head.kind != "var"
        )
        if is_lexical:
            right = getattr(node, "right", None)
            ready = right._end if right is not None else -1
            for one in head.declarations:
                self.declare(one.id, head.kind, max(ready, one._end))
        for name in parts:
            child = getattr(node, name)
            if child is not None:
                if child is head and child.type != "VariableDeclaration":
                    if name == "left":
                        self.write(child)
                    else:
                        self.visit(child)
                else:
                    self.visit(child)
        self.visit(node.body)
        self.scope = outer

    def visit_ForStatement(self, node: Any) -> None:
        self.loop(node, node.init, ("init", "test", "update"))

    def visit_ForInStatement(self, node: Any) -> None:
        mark_arguments(node.right)
        self.loop(node, node.left, ("right", "left"))

    visit_ForOfStatement = visit_ForInStatement

    def visit_WhileStatement(self, node: Any) -> None:
        outer = self.open(node, True)
        self.visit(node.test)
        self.visit(node.body)
        self.scope = outer

    visit_DoWhileStatement = visit_WhileStatement

    def visit_SwitchStatement(self, node: Any) -> None:
        self.visit(node.discriminant)
        outer = self.open(node)
        self.scope.is_switch = True
        for case in node.cases:
            self.hoist(case.consequent)
        self.made(self.scope)
        for case in node.cases:
            if case.test is not None:
                self.visit(case.test)
            self.visit_all(case.consequent)
        self.scope = outer

    def visit_TryStatement(self, node: Any) -> None:
        self.visit(node.block)
        handler = node.handler
        if handler is not None:
            outer = self.open(handler)
            if handler.param is not None:
                self.declare(handler.param, "catch")
                self.write(handler.param)
            self.visit(handler.body)
            self.scope = outer
        if node.finalizer is not None:
            self.visit(node.finalizer)

    # === functions ===

    def begin(self, node: Any) -> tuple[Function, Scope]:
        outer = self.scope
        function = Function(outer.function, node)
        node._function = function
        self.functions.append(function)
        return function, outer

    def function(self, node: Any) -> None:
        function, outer = self.begin(node)
        kind = node.type
        function.is_arrow = kind.endswith("ArrowFunctionExpression")
        function.is_async = bool(node.isAsync)
        function.is_generator = bool(node.generator)
        body = node.body
        is_block = body.type == "BlockStatement"
        function.strict = function.strict or (is_block and is_strict(body.body))
        scope = outer
        if kind.endswith("FunctionExpression") and node.id is not None:
            scope = Scope(outer, function, False)
            function.self_binding = scope.declare(node.id.name, "self")
        self.scope = function.body = function.parameters = Scope(scope, function, False)
        has_defaults = any(one.type == "AssignmentPattern" for one in node.params)
        for one in node.params:
            end = one._end if has_defaults else -1
            for name in names_of(one):
                function.body.declare(name.name, "param", end)
        before = len(self.functions) + len(self.evals)
        for one in node.params:
            self.write(one)
        if is_block and len(self.functions) + len(self.evals) > before:
            # What closures of the parameters see is not what the body declares.
            self.scope = function.body = Scope(self.scope, function, False)
        if is_block:
            self.hoist_vars(body.body)
            self.hoist(body.body, True)
            self.made(self.scope)
            declare_var(function)
            self.visit_all(body.body)
        else:
            self.visit(body)
        self.scope = outer

    visit_FunctionExpression = function
    visit_ArrowFunctionExpression = function
    visit_AsyncFunctionExpression = function
    visit_AsyncArrowFunctionExpression = function

    def program(self, node: Any, parameters: tuple[str, ...]) -> Function:
        function = Function(None, node)
        function.strict = self.kind in ("module", "direct_strict") or is_strict(
            node.body
        )
        self.functions.append(function)
        self.scope = node._scope = function.body = function.parameters = Scope(
            None, function, False
        )
        if self.kind.startswith("direct"):
            self.enter_eval(function, parameters)
        else:
            for name in parameters:
                function.body.declare(name, "param")
        self.imports(node.body)
        self.hoist_vars(node.body)
        self.hoist(node.body, True)
        self.made(self.scope)
        self.visit_all(node.body)
        self.end_eval(function)
        self.show_evals()
        resolve(self.references, self.has_dynamic)
        for one in self.texts:
            if one._binding is not None:
                one._binding.textual = True
        for one in self.functions:
            if one.uses_arguments:
                share_arguments(one)
            one.name_all()
        return function


def analyse(program: Any, kind: str, parameters: tuple[str, ...] = ()) -> Function:
    """Finds all scopes and variables of a program.

    Args:
        program: The syntax tree.
        kind: ``script``, ``module`` or another word.
        parameters: Names that are given from outside.

    Returns:
        The function that the program is.
    """
    return Analysis(kind).program(program, parameters)
