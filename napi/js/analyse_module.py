"""Imports and exports in the first pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from napi.js.scope import Scope

__all__ = ["ModuleAnalysis"]


class ModuleAnalysis:
    """Visits imports and exports."""

    scope: Scope

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def visit_ImportDeclaration(self, node: Any) -> None:
        """Declared by the program."""

    def visit_ExportNamedDeclaration(self, node: Any) -> None:
        if node.declaration is not None:
            self.visit(node.declaration)
        elif node.source is None:
            for one in node.specifiers:
                self.references.append((self.scope, one.local.name, one.local, False))

    def visit_ExportDefaultDeclaration(self, node: Any) -> None:
        declaration = node.declaration
        if declaration.type in ("FunctionDeclaration", "ClassDeclaration"):
            if declaration.type == "ClassDeclaration":
                self.visit_ClassDeclaration(declaration)
            return
        self.scope.declare("*default*", "const", node._start)
        self.visit(declaration)

    def imports(self, statements: Any) -> None:
        for node in statements:
            if node.type != "ImportDeclaration":
                continue
            for one in node.specifiers:
                binding = self.scope.declare(one.local.name, "import")
                if one.type != "ImportNamespaceSpecifier":
                    binding.place = "import"
                one._binding = binding
