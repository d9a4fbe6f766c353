"""TypeScript declarations as trees, through tree-sitter.

The only file that knows the parser. A :class:`Space` is a file or a namespace: what
it declares, what it imports, what it exports. Types stay trees until they are
written.

Source: the TypeScript handbook, chapters "Modules", "Namespaces" and "Declaration
merging".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = [
    "Declaration",
    "Node",
    "Space",
    "StubError",
    "alternatives",
    "children",
    "parse",
    "string",
    "text",
]

Node = Any  # of tree_sitter, which has no types to import lazily


class StubError(Exception):
    """No stub can be written; the message says why."""


@dataclass(eq=False)
class Declaration:
    """One declaration of a name; overloads and merged ones are several.

    Attributes:
        kind: ``function``, ``class``, ``interface``, ``type``, ``enum``,
            ``variable``, ``namespace``.
        name: As the file has it.
        node: Its tree; for a variable the one declarator.
        space: Where it is.
        doc: The comment before it, as it stands.
        inner: What a namespace has.
    """

    kind: str
    name: str
    node: Node
    space: Space
    doc: str = ""
    inner: Space | None = None


@dataclass(eq=False)
class Space:
    """A file or a namespace.

    Attributes:
        path: The file.
        outer: What a namespace is in.
        names: Declarations by name.
        imports: Name -> module and the name there; ``*`` is all of it.
        exports: Exported name -> name here, and the module it comes from or "".
        stars: The modules all of whose exports are exported.
        equals: The name in ``export =``.
        ambient: What is in ``declare module "name"``, by that name.
    """

    path: Path
    outer: Space | None = None
    names: dict[str, list[Declaration]] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    exports: dict[str, tuple[str, str]] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    equals: str = ""
    ambient: dict[str, Space] = field(default_factory=dict)


_KINDS = {
    "abstract_class_declaration": "class",
    "class_declaration": "class",
    "enum_declaration": "enum",
    "function_declaration": "function",
    "function_signature": "function",
    "generator_function_declaration": "function",
    "interface_declaration": "interface",
    "internal_module": "namespace",
    "module": "namespace",
    "type_alias_declaration": "type",
}


@cache
def _parser() -> Any:
    try:
        tree_sitter = import_module("tree_sitter")
        grammar = import_module("tree_sitter_typescript")
    except ImportError as error:
        raise StubError(f"{error}: pip install napi[stubs]") from None
    return tree_sitter.Parser(tree_sitter.Language(grammar.language_typescript()))


def text(node: Node) -> str:
    """The text of a tree."""
    return str(node.text.decode("utf-8", "replace"))


def children(node: Node) -> list[Node]:
    """The named children, without comments."""
    return [child for child in node.named_children if child.type != "comment"]


def alternatives(node: Node) -> list[Node]:
    """The members of a union, which the parser nests: ``((a | b) | c)``."""
    found, left = [], node
    while left.type == "union_type":
        *before, last = children(left)
        found.append(last)
        if not before:  # `| a`
            return found[::-1]
        left = before[0]
    return [left, *found[::-1]]


def string(node: Node) -> str:
    """The value of a string literal."""
    return "".join(text(part) for part in node.named_children)


def parse(path: Path) -> Space:
    """Reads a file of declarations.

    Raises:
        StubError: It cannot be read.
    """
    try:
        source = path.read_bytes()
    except OSError as error:
        raise StubError(f"{path}: {error.strerror}") from None
    space = Space(path)
    _fill(space, _parser().parse(source).root_node)
    if space.ambient and not (space.names or space.exports):
        # The whole file is a module by name; the first one is the package's own.
        space = next(iter(space.ambient.values()))
    if not (space.exports or space.stars or space.equals):
        # A file or an ambient namespace without a word of export exports all.
        space.exports = {name: (name, "") for name in space.names}
    return space


def _fill(space: Space, body: Node) -> None:
    comment = ""
    for node in body.named_children:
        if node.type == "comment":
            comment = text(node) if text(node).startswith("/**") else ""
            continue
        _statement(space, node, comment, exported=False)
        comment = ""


def _statement(space: Space, node: Node, doc: str, exported: bool) -> None:
    kind = node.type
    if kind == "export_statement":
        _export(space, node, doc)
    elif kind == "import_statement":
        _import(space, node)
    elif kind == "module" and node.child_by_field_name("name").type == "string":
        body = node.child_by_field_name("body")
        inner = Space(space.path)
        if body is not None:
            _fill(inner, body)
            if not inner.equals:
                _export_all(inner)
        space.ambient[string(node.child_by_field_name("name"))] = inner
    elif kind in ("ambient_declaration", "expression_statement"):
        for child in children(node):
            if child.type != "statement_block":  # declare global
                _statement(space, child, doc, exported)
    elif kind == "import_alias":
        name, target = children(node)[:2]
        space.imports[text(name)] = ("", text(target))
        if exported:
            space.exports[text(name)] = (text(name), "")
    else:
        for made in _declare(space, node, doc):
            space.names.setdefault(made.name, []).append(made)
            if exported:
                space.exports[made.name] = (made.name, "")


def _declare(space: Space, node: Node, doc: str) -> Iterator[Declaration]:
    if node.type in ("lexical_declaration", "variable_declaration"):
        for one in children(node):
            if one.type == "variable_declarator":
                name = text(one.child_by_field_name("name"))
                yield Declaration("variable", name, one, space, doc)
    elif node.type in _KINDS:
        name_node = node.child_by_field_name("name")
        if name_node is None:
            return  # export default function
        made = Declaration(_KINDS[node.type], text(name_node), node, space, doc)
        if made.kind == "namespace":
            first, _, rest = made.name.partition(".")
            made.name, made.inner = first, Space(space.path, space)
            body = node.child_by_field_name("body")
            if body is not None and not rest:
                _fill(made.inner, body)
                _export_all(made.inner)
        yield made


def _export_all(inner: Space) -> None:
    """In a namespace of a declaration file all is exported, said or not."""
    for name in inner.names:
        inner.exports.setdefault(name, (name, ""))


def _export(space: Space, node: Node, doc: str) -> None:
    source = node.child_by_field_name("source")
    module = string(source) if source is not None else ""
    declared = node.child_by_field_name("declaration")
    words = {child.type for child in node.children if not child.is_named}
    if declared is not None:
        if "default" in words:
            inner = declared.child_by_field_name("name")
            name = text(inner) if inner is not None else "default"
            space.exports["default"] = (name, "")
        _statement(space, declared, doc, exported="default" not in words)
        return
    for child in children(node):
        if child.type == "export_clause":
            for one in children(child):
                here = text(one.child_by_field_name("name")).strip("\"'")
                alias = one.child_by_field_name("alias")
                there = text(alias).strip("\"'") if alias is not None else here
                space.exports[there] = (here, module)
        elif child.type == "namespace_export":
            space.exports[text(children(child)[0])] = ("*", module)
        elif "=" in words and child.type in ("identifier", "member_expression"):
            space.equals = text(child)
        elif "default" in words and child.type == "identifier":
            space.exports["default"] = (text(child), "")
    if "*" in words and module:
        space.stars.append(module)


def _import(space: Space, node: Node) -> None:
    source = node.child_by_field_name("source")
    module = string(source) if source is not None else ""
    for clause in children(node):
        if clause.type == "import_require_clause":
            inner = clause.child_by_field_name("source")
            space.imports[text(children(clause)[0])] = (string(inner), "=")
        if clause.type != "import_clause":
            continue
        for child in children(clause):
            if child.type == "identifier":
                space.imports[text(child)] = (module, "default")
            elif child.type == "namespace_import":
                space.imports[text(children(child)[0])] = (module, "*")
            elif child.type == "named_imports":
                for one in children(child):
                    name = text(one.child_by_field_name("name"))
                    alias = one.child_by_field_name("alias")
                    here = text(alias) if alias is not None else name
                    space.imports[here] = (module, name)
