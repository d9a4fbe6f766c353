"""Classes in the first pass: their scopes, private names and initializers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from napi.js.scope import Scope

__all__ = ["ClassAnalysis"]


class ClassAnalysis:
    """Visits classes."""

    scope: Scope

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    # === classes ===

    def visit_ClassDeclaration(self, node: Any) -> None:
        if node.id is not None:
            self.references.append((self.scope, node.id.name, node.id, True))
        self.visit_ClassExpression(node)

    def visit_ClassExpression(self, node: Any) -> None:
        outer = self.open(node)
        function = self.scope.function
        strict, function.strict = function.strict, True
        if node.id is not None:
            node._inner = self.scope.declare(node.id.name, "const", node._start)
            if node.superClass is not None:
                node._inner.ready = node.superClass._end
        if node.superClass is not None:
            self.visit(node.superClass)
        for one in node.body.body:
            key = getattr(one, "key", None)
            if key is not None and key.type == "PrivateIdentifier":
                self.scope.declare("#" + key.name, "private")
        node._fields = None
        for one in node.body.body:
            self.element(node, one)
        function.strict = strict
        self.scope = outer

    def element(self, node: Any, one: Any) -> None:
        if one.type == "StaticBlock":
            self.initializer(one, None, one.body)
            return
        if one.computed or one.key.type == "PrivateIdentifier":
            self.visit(one.key)
        if one.type == "MethodDefinition":
            self.visit(one.value)
            if one.kind == "constructor":
                one.value._function.is_derived = node.superClass is not None
            return
        if one.computed:
            one._key = self.scope.declare(f"@key{one._start}", "hidden")
            self.references.append((self.scope, one._key.name, one, True))
        if one.static:
            self.initializer(one, one, ())
            return
        if node._fields is None:
            node._fields = _Fields()
            self.begin_initializer(node._fields)
            self.scope = node._fields._function.parent_scope
        self.field(node._fields, one)

    def begin_initializer(self, holder: Any) -> None:
        function, outer = self.begin(holder)
        function.is_initializer = function.strict = True
        function.uses_this = True
        function.body = function.parameters = Scope(outer, function, False)
        function.parent_scope = outer

    def field(self, holder: Any, one: Any) -> None:
        outer = self.scope
        self.scope = holder._function.body
        if one.computed:
            self.references.append((self.scope, one._key.name, _Reference(one), False))
        elif one.key.type == "PrivateIdentifier":
            self.references.append((self.scope, "#" + one.key.name, one.key, False))
        if one.value is not None:
            self.visit(one.value)
        holder.elements.append(one)
        self.scope = outer

    def initializer(self, one: Any, field: Any, statements: Any) -> None:
        """A static field or a static block: a function of its own."""
        holder = one._holder = _Fields()
        outer = self.scope
        self.begin_initializer(holder)
        if field is not None:
            self.field(holder, field)
        else:
            self.scope = holder._function.body
            self.hoist_vars(statements)
            self.hoist(statements, True)
            self.made(self.scope)
            self.visit_all(statements)
        self.scope = outer


class _Fields:
    """Stands for the function that makes fields."""

    type = "Fields"
    _start = -1

    def __init__(self) -> None:
        self.elements: list[Any] = []
        self._function: Any = None


class _Reference:
    """Stands for the use of a field's computed key."""

    def __init__(self, one: Any) -> None:
        self._start = one._start
        one._use = self
