"""Functions, classes, interfaces and dicts, line by line.

Source: the typing specification of Python, "Type checker directives", "Overloads",
"Typed dictionaries", and its chapter about stub files.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from napi.stubs import shapes
from napi.stubs.docs import docstring
from napi.stubs.parse import Node, children, text
from napi.stubs.shapes import Context, Member
from napi.stubs.types import IN, OUT

if TYPE_CHECKING:
    from napi.stubs.emit import Stub

__all__ = ["Writer", "is_name"]

_INDENT = "    "
_DUNDERS = {"[Symbol.iterator]": "__iter__", "[Symbol.asyncIterator]": "__aiter__"}
#: What a dict has of its own: attributes of these names are its methods.
_OF_DICTS = frozenset(dir(dict))


def is_name(name: str) -> bool:
    """Whether Python can write it behind a dot."""
    return name.isidentifier() and not keyword.iskeyword(name)


def _plain(name: str) -> str:
    """A name for a parameter."""
    made = re.sub(r"\W", "_", name)
    if not made or made[0].isdigit():
        made = f"_{made}"
    return f"{made}_" if keyword.iskeyword(made) or made == "self" else made


class Writer:
    """Writes declarations for one stub."""

    def __init__(self, stub: Stub) -> None:
        self.stub = stub
        self.use = stub.use
        self.types = stub.types

    # === functions ===

    def _generics(self, node: Node, context: Context) -> tuple[Context, list[str]]:
        """The context with the type parameters of a function as TypeVars."""
        given, made = {**context.given}, []
        for name, _ in shapes.parameters_of(node):
            variable = self.stub.variable(name, taken=name in context.given)
            given[name] = variable
            made.append(variable)
        return context.inner(given=given), made

    def _parameters(self, node: Node, context: Context) -> list[str]:
        listed: list[str] = []
        rest = ""
        hint = context.hint
        seen: set[str] = set()
        for one in children(node.child_by_field_name("parameters")):
            pattern = one.child_by_field_name("pattern")
            if pattern is None or pattern.type == "this":
                continue
            kind = one.child_by_field_name("type")
            if pattern.type == "rest_pattern":
                name = _plain(text(children(pattern)[0]))
                rest = f"*{name}: {self._item(kind, context)}"
                continue
            name = text(pattern) if pattern.type == "identifier" else "options"
            name = _plain(name)
            while name in seen:
                name += "_"
            seen.add(name)
            inner = context.inner(hint=f"{hint}_{name}")
            written = self.types.write(kind, IN, inner)
            if one.type == "optional_parameter" or one.child_by_field_name("value"):
                written = f"{self.types.join([written, 'None'])} = ..."
            listed.append(f"{name}: {written}")
        if listed:
            listed.append("/")
        return [*listed, rest] if rest else listed

    def _item(self, kind: Node | None, context: Context) -> str:
        """The type of each argument of a rest parameter."""
        node = children(kind)[0] if kind is not None else None
        if node is not None and node.type == "array_type":
            return self.types.write(children(node)[0], IN, context)
        if node is not None and node.type == "generic_type":
            name, arguments = shapes.split(node)
            if name in ("Array", "ReadonlyArray"):
                return self.types.write(arguments[0], IN, context)
        return self.types.any()

    def signature(
        self, name: str, node: Node, context: Context, first: str = ""
    ) -> str:
        """``def name(...) -> T`` of one overload."""
        inner, variables = self._generics(
            node, context.inner(hint=_hint(context, name))
        )
        parameters = [first] * bool(first) + self._parameters(node, inner)
        joined = ", ".join(parameters)
        # A type parameter that no argument decides is anything.
        lost = {
            key: self.types.any()
            for key, value in inner.given.items()
            if value in variables and not re.search(rf"\b{value}\b", joined)
        }
        inner = inner.inner(given={**inner.given, **lost})
        if name == "__init__":
            returned = "None"
        else:
            result = node.child_by_field_name("return_type")
            returned = self.types.write(result, OUT, inner)
        self.stub.keep(variables, f"{joined} {returned}")
        return f"def {name}({joined}) -> {returned}"

    def function(
        self,
        name: str,
        nodes: Sequence[tuple[Node, Context, str]],
        indent: str = "",
        first: str = "",
        decorator: str = "",
    ) -> list[str]:
        """A function with all its overloads."""
        found: dict[str, str] = {}
        for node, context, doc in nodes:
            signature = self.signature(name, node, context, first)
            found[signature] = found.get(signature) or doc
        lines = []
        for signature, doc in found.items():
            if len(found) > 1:
                lines.append(f"{indent}@{self.use('overload')}")
            if decorator:
                lines.append(f"{indent}@{decorator}")
            said = docstring(doc, indent + _INDENT)
            lines += [f"{indent}{signature}:{'' if said else ' ...'}", *said]
        return lines

    # === classes ===

    def body(
        self, members: Iterable[Member], this: str, indent: str, of_dict: bool
    ) -> list[str]:
        """The body of a class; ``of_dict``: it is a dict, whose methods come first."""
        groups: dict[tuple[str, bool], list[Member]] = {}
        for one in members:
            if one.kind != "index":
                key = _member_name(one), one.static
                groups.setdefault(key, []).append(one)
        lines: list[str] = []
        written: set[str] = set()
        for (name, _), group in groups.items():
            if name in written or name.startswith("["):
                continue
            if not is_name(name) or (of_dict and name in _OF_DICTS):
                lines.append(f"{indent}# {name!r} is read with []")
                continue
            written.add(name)
            lines += self._member(name, group, this, indent)
        lines = self.stub.clear(lines, written, indent)
        return lines or [f"{indent}..."]

    def _member(
        self, name: str, group: list[Member], this: str, indent: str
    ) -> list[str]:
        one = group[-1]
        context = one.context.inner(this=this, hint=_hint(one.context, name))
        functions = [each for each in group if each.kind in ("method", "call")]
        functions = functions or [each for each in group if each.kind == "construct"]
        if functions and one.kind not in ("get", "set"):
            decorator = self.use("staticmethod") if one.static else ""
            return self.function(
                name,
                [
                    (
                        each.node,
                        each.context.inner(this=this, hint=context.hint),
                        each.doc,
                    )
                    for each in functions
                ],
                indent,
                "" if one.static else "self",
                decorator,
            )
        written = self._property(group, context)
        if one.static:
            return [f"{indent}{name}: {self.use('ClassVar')}[{written}]"]
        doc = next((each.doc for each in group if each.doc), "")
        kinds = {each.kind for each in group}
        if one.readonly or kinds == {"get"}:
            said = docstring(doc, indent + _INDENT)
            head = f"{indent}def {name}(self) -> {written}:{'' if said else ' ...'}"
            return [f"{indent}@{self.use('property')}", head, *said]
        return [f"{indent}{name}: {written}", *docstring(doc, indent)]

    def _property(self, group: list[Member], context: Context) -> str:
        for one in group:
            if one.kind == "set" and len(group) > 1:
                continue
            written = self.types.write(kind_of(one), OUT, context)
            return self.types.join([written, "None"]) if one.optional else written
        return self.types.any()

    # === dicts ===

    def dict(
        self, name: str, members: Iterable[Member], variables: list[str]
    ) -> list[str]:
        """What may be given in place of an object: a TypedDict."""
        fields: dict[str, tuple[str, str]] = {}
        for one in members:
            if one.kind in ("call", "construct", "index", "set") or one.static:
                continue
            if one.name.startswith("["):
                continue
            context = one.context.inner(hint=_hint(one.context, one.name))
            if one.kind == "method":
                written = self.types.write_function(one.node, context)
            else:
                written = self.types.write(kind_of(one), IN, context)
            if one.optional:
                joined = self.types.join([written, "None"])
                written = f"{self.use('NotRequired')}[{joined}]"
            fields[one.name] = (written, one.doc)
        typed = self.use("TypedDict")
        if not all(is_name(key) and not key.startswith("__") for key in fields):
            inner = ", ".join(f"{key!r}: {value[0]}" for key, value in fields.items())
            return [f"{name} = {typed}({name!r}, {{{inner}}})"]
        bases = [typed]
        if variables:
            bases.append(f"{self.use('Generic')}[{', '.join(variables)}]")
        lines = [f"class {name}({', '.join(bases)}):"]
        for key, (written, doc) in fields.items():
            lines += [f"{_INDENT}{key}: {written}", *docstring(doc, _INDENT)]
        return lines if fields else [*lines, f"{_INDENT}..."]


def kind_of(member: Member) -> Node | None:
    """The tree of the type of a property or an accessor."""
    node = member.node
    if member.kind == "get":
        return node.child_by_field_name("return_type")
    if member.kind == "set":
        parameters = children(node.child_by_field_name("parameters"))
        return parameters[0].child_by_field_name("type") if parameters else None
    return node.child_by_field_name("type")


def _member_name(member: Member) -> str:
    if member.kind == "call":
        return "__call__"
    if member.kind == "construct":
        return "new"
    if member.name == "constructor":
        return "__init__"
    return _DUNDERS.get(member.name, member.name)


def _hint(context: Context, name: str) -> str:
    """Words for an object type without a name."""
    return (
        f"{context.hint}_{name}"
        if context.hint and name not in context.hint
        else (context.hint or name)
    )
