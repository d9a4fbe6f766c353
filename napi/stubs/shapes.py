"""The members of interfaces, object types, classes, and of what is made of them.

Source: the TypeScript handbook, "Object types", and "Utility types" for Partial,
Required, Readonly, Pick and Omit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from napi.stubs.parse import (
    Declaration,
    Node,
    Space,
    alternatives,
    children,
    string,
    text,
)
from napi.stubs.resolve import Program

__all__ = [
    "Context",
    "Member",
    "bind",
    "members",
    "members_of",
    "own_members",
    "parameters_of",
    "settled",
    "split",
]

_DEPTH = 12
_SETTLED = 3
_DROPPED = frozenset(("private", "protected"))


@dataclass(frozen=True)
class Context:
    """Where a type is written.

    Attributes:
        space: The file or the namespace.
        given: Type parameter -> what stands for it: the text of a Python type, or
            a type of TypeScript and its context.
        hint: A name for object types that have none.
        this: What ``this`` is.
        depth: How many aliases were followed to come here.
    """

    space: Space
    given: Mapping[str, str | tuple[Node, Context]] = field(default_factory=dict)
    hint: str = ""
    this: str = ""
    depth: int = 0

    def inner(self, **changed: Any) -> Context:
        """The same with something else."""
        return replace(self, **changed)


class Member(NamedTuple):
    """A property, method, accessor or signature.

    Attributes:
        kind: ``property``, ``method``, ``get``, ``set``, ``call``, ``construct``,
            ``index``.
        name: ``x``, ``x-y``, ``[Symbol.iterator]``; empty for signatures.
        node: Its tree.
        context: Where its types are written.
        optional: Whether it may be missing.
        static: Whether it belongs to the class itself.
        readonly: Whether it cannot be set.
        doc: The comment before it.
    """

    kind: str
    name: str
    node: Node
    context: Context
    optional: bool = False
    static: bool = False
    readonly: bool = False
    doc: str = ""


_MEMBER_KINDS = {
    "abstract_method_signature": "method",
    "call_signature": "call",
    "construct_signature": "construct",
    "index_signature": "index",
    "method_definition": "method",
    "method_signature": "method",
    "property_signature": "property",
    "public_field_definition": "property",
}


def _name(node: Node) -> str:
    name = node.child_by_field_name("name")
    if name is None:
        return ""
    return string(name) if name.type == "string" else text(name)


def own_members(body: Node, context: Context) -> Iterator[Member]:
    """The members of one body, as they are written; private ones are left out."""
    doc = ""
    for node in body.named_children:
        if node.type == "comment":
            doc = text(node) if text(node).startswith("/**") else ""
            continue
        kind = _MEMBER_KINDS.get(node.type)
        words = {child.type for child in node.children if not child.is_named}
        hidden = any(
            child.type == "accessibility_modifier" and text(child) in _DROPPED
            for child in node.children
        )
        name = _name(node)
        if kind is not None and not hidden and not name.startswith("#"):
            if kind == "method" and words & {"get", "set"}:
                kind = "get" if "get" in words else "set"
            yield Member(
                kind,
                "" if kind in ("call", "construct", "index") else name,
                node,
                context,
                "?" in words,
                "static" in words,
                "readonly" in words,
                doc,
            )
        doc = ""


def parameters_of(node: Node) -> list[tuple[str, Node | None]]:
    """The type parameters of a declaration: name and default."""
    listed = node.child_by_field_name("type_parameters") if node is not None else None
    found = []
    for one in children(listed) if listed is not None else ():
        value = one.child_by_field_name("value")
        default = children(value)[0] if value is not None else None
        found.append((text(one.child_by_field_name("name")), default))
    return found


def bind(declaration: Declaration, arguments: list[Node], context: Context) -> Context:
    """The context of a declaration's body, its type parameters given."""
    given: dict[str, str | tuple[Node, Context]] = {}
    inner = Context(declaration.space, given, declaration.name, "", context.depth + 1)
    for index, (name, default) in enumerate(parameters_of(declaration.node)):
        if index < len(arguments):
            given[name] = (arguments[index], context)
        elif default is not None:
            given[name] = (default, inner)
        else:
            given[name] = "Any"
    return inner


def split(node: Node) -> tuple[str, list[Node]]:
    """The name and the arguments of a reference to a type."""
    if node.type == "generic_type":
        listed = node.child_by_field_name("type_arguments")
        return text(node.child_by_field_name("name")), children(listed)
    if node.type == "extends_clause":
        listed = node.child_by_field_name("type_arguments")
        name = text(node.child_by_field_name("value"))
        return name, children(listed) if listed is not None else []
    return text(node), []


def _heritage(node: Node) -> Iterator[Node]:
    """What an interface or a class extends."""
    for child in node.named_children:
        if child.type in ("extends_type_clause", "class_heritage"):
            for one in children(child):
                if one.type != "implements_clause":
                    yield one


def bases(declarations: list[Declaration]) -> Iterator[tuple[Node, Space]]:
    """What the declarations of a name extend, each with where it is written."""
    for one in declarations:
        if one.kind in ("interface", "class"):
            for node in _heritage(one.node):
                yield node, one.space


def members(node: Node, context: Context, program: Program) -> list[Member] | None:
    """The members of a type, inherited ones included; None if it is no object type."""
    kind = node.type
    if context.depth > _DEPTH:
        return None
    if kind == "object_type":
        return list(own_members(node, context))
    if kind in ("parenthesized_type", "readonly_type"):
        return members(children(node)[-1], context, program)
    if kind == "intersection_type":
        parts = [members(one, context, program) for one in children(node)]
        if any(part is None for part in parts):
            return None
        return _merge([one for part in parts for one in part or ()])
    if kind in ("type_identifier", "nested_type_identifier", "generic_type"):
        return _referred(node, context, program)
    return None


def _referred(node: Node, context: Context, program: Program) -> list[Member] | None:
    name, arguments = split(node)
    given = context.given.get(name)
    if given is not None:
        return None if isinstance(given, str) else members(*given, program)
    found = program.lookup(name, context.space)
    if not found and arguments:
        return _utility(name, arguments, context, program)
    for one in found:
        if one.kind == "type":
            value = one.node.child_by_field_name("value")
            return members(value, bind(one, arguments, context), program)
    shaped = [one for one in found if one.kind == "interface"]
    return of_interface(shaped, arguments, context, program) if shaped else None


def of_interface(
    shaped: list[Declaration],
    arguments: list[Node],
    context: Context,
    program: Program,
) -> list[Member]:
    """All members of an interface, those of what it extends first."""
    listed: list[Member] = []
    for one in shaped:
        inner = bind(one, arguments, context)
        for base in _heritage(one.node):
            listed += members(base, inner, program) or ()
        listed += own_members(one.node.child_by_field_name("body"), inner)
    return _merge(listed)


def _merge(listed: list[Member]) -> list[Member]:
    """One member a name, the last; methods of one name are overloads and stay."""
    last = {one.name: one.kind for one in listed if one.name}
    kept: dict[Any, Member] = {}
    for index, one in enumerate(listed):
        overload = one.kind in ("method", "call", "construct", "index")
        if one.name and last[one.name] != one.kind:
            continue
        kept[(one.name, index) if overload else one.name] = one
    return list(kept.values())


def literals(node: Node) -> list[str] | None:
    """The texts of a union of string literals; None for something else."""
    if node.type == "literal_type" and children(node)[0].type == "string":
        return [string(children(node)[0])]
    if node.type == "union_type":
        parts = [literals(one) for one in alternatives(node)]
        if all(part is not None for part in parts):
            return [one for part in parts for one in part or ()]
    return None


def _utility(
    name: str, arguments: list[Node], context: Context, program: Program
) -> list[Member] | None:
    if name not in ("Partial", "Required", "Readonly", "Pick", "Omit", "NonNullable"):
        return None
    listed = members(arguments[0], context, program)
    if listed is None:
        return None
    if name == "Partial":
        return [one._replace(optional=True) for one in listed]
    if name == "Required":
        return [one._replace(optional=False) for one in listed]
    if name in ("Pick", "Omit"):
        keys = literals(arguments[1]) if len(arguments) > 1 else None
        if keys is None:
            return None if name == "Pick" else listed
        return [one for one in listed if (one.name in keys) == (name == "Pick")]
    return listed


def settled(context: Context, depth: int = 0) -> Context:
    """The context without TypeVars, which a module-level class could not have."""
    given: dict[str, str | tuple[Node, Context]] = {}
    for name, value in context.given.items():
        if isinstance(value, str):
            given[name] = "Any" if value.startswith("_") else value
        elif depth > _SETTLED:  # a default that names other parameters is a circle
            given[name] = "Any"
        else:
            given[name] = (value[0], settled(value[1], depth + 1))
    return context.inner(given=given)


def members_of(
    shaped: list[Declaration], context: Context, program: Program
) -> list[Member]:
    """All members of an interface, its own type parameters as they are given."""
    members = of_interface(shaped, [], context, program)
    given = context.given

    def fill(one: Member) -> Member:
        own = any(one.context.space is each.space for each in shaped)
        if not own:
            return one._replace(context=settled(one.context))
        return one._replace(
            context=one.context.inner(given={**one.context.given, **given})
        )

    return [fill(one) for one in members]
