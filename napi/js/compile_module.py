"""ECMAScript modules (ECMA-262, chapter 16.2).

``main`` of a module is a generator. It first makes its functions and hands out a getter
for each variable that it exports; then it waits for the getters of what it imports, and
runs. An imported name is a call of its getter, so that it always is up to date.
"""

from __future__ import annotations

import ast
from typing import Any

from napi.js import build as b
from napi.js.emitter import Emitter
from napi.js.tree import names_of

__all__ = ["Modules"]


def _imported(node: Any) -> str:
    if node.type == "ImportSpecifier":
        return _name(node.imported)
    return "default" if node.type == "ImportDefaultSpecifier" else "*"


def _name(node: Any) -> str:
    return str(node.name if node.type == "Identifier" else node.value)


class Modules(Emitter):
    """What only modules have."""

    def begin_module(self, node: Any, function: Any) -> None:
        """Collects imports and exports, and links."""
        self.requests: list[tuple[str, tuple[tuple[str, str], ...]]] = []
        self.imports: list[tuple[str, int, str]] = []
        self.indirect: list[tuple[str, int, str]] = []
        self.stars: list[int] = []
        self.locals: list[tuple[str, str]] = []
        for one in node.body:
            self.collect(one)
        getters = []
        for exported, local in self.locals:
            binding = function.body.names[local]
            value = self.read(node, binding, local)
            self.definitions += 1
            name = f"{exported}@def{self.definitions}"
            self.out.append(b.define(node, name, [], 0, None, [b.returns(node, value)]))
            getters.append(b.load(node, name))
        given = ast.Tuple(getters, b.LOAD, lineno=node._line, col_offset=node._column)
        received = b.yields(node, given)
        names = [function.body.names[local].python for local, _, _ in self.imports]
        if not names:
            self.out.append(b.expression(node, received))
            return
        targets = ast.Tuple(
            [b.store(node, name) for name in names],
            b.STORE,
            lineno=node._line,
            col_offset=node._column,
        )
        self.out.append(
            ast.Assign([targets], received, lineno=node._line, col_offset=node._column)
        )

    def request(self, node: Any) -> int:
        """The number of a module that is asked for."""
        attributes = tuple(
            (_name(one.key), str(one.value.value)) for one in node.attributes or ()
        )
        key = (str(node.source.value), attributes)
        if key not in self.requests:
            self.requests.append(key)
        return self.requests.index(key)

    def collect(self, node: Any) -> None:
        kind = node.type
        if kind == "ImportDeclaration":
            number = self.request(node)
            for one in node.specifiers:
                self.imports.append((one.local.name, number, _imported(one)))
        elif kind == "ExportAllDeclaration":
            number = self.request(node)
            if node.exported is None:
                self.stars.append(number)
            else:
                self.indirect.append((_name(node.exported), number, "*"))
        elif kind == "ExportDefaultDeclaration":
            declaration = node.declaration
            local = "*default*"
            if declaration.type in ("FunctionDeclaration", "ClassDeclaration") and (
                declaration.id is not None
            ):
                local = declaration.id.name
            self.locals.append(("default", local))
        elif kind == "ExportNamedDeclaration":
            self.collect_named(node)

    def collect_named(self, node: Any) -> None:
        declaration = node.declaration
        if declaration is not None:
            if declaration.type == "VariableDeclaration":
                for one in declaration.declarations:
                    for name in names_of(one.id):
                        self.locals.append((name.name, name.name))
            else:
                self.locals.append((declaration.id.name, declaration.id.name))
            return
        if node.source is not None:
            self.request(node)  # also where nothing is named
        imported = {local: (number, name) for local, number, name in self.imports}
        for one in node.specifiers:
            exported, local = _name(one.exported), _name(one.local)
            if node.source is not None:
                self.indirect.append((exported, self.request(node), local))
            elif local in imported:
                self.indirect.append((exported, *imported[local]))
            else:
                self.locals.append((exported, local))

    def module_info(self) -> dict[str, Any]:
        """What the loader must know."""
        return {
            "requests": tuple(self.requests),
            "imports": tuple((number, name) for _, number, name in self.imports),
            "locals": tuple(exported for exported, _ in self.locals),
            "indirect": tuple(self.indirect),
            "stars": tuple(self.stars),
            "has_await": self.has_await,
        }
