"""Types of TypeScript as types of Python, by the side on which they stand.

What may be given is wide (``Sequence``, any buffer, a plain dict), what comes back is
what it is (``list``, ``napi.Buffer``, an object with attributes). A callback turns
the sides around. ``number`` is a float where it is given; what comes back is an int
as often, so it is ``int | Any``, of which both can be made.

Source: the TypeScript handbook, "Everyday types" and "Utility types"; the typing
specification of Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from napi.runtime.names import NATIVE
from napi.stubs import shapes
from napi.stubs.parse import Declaration, Node, alternatives, children, string, text
from napi.stubs.shapes import Context

if TYPE_CHECKING:
    from napi.stubs.emit import Stub

__all__ = ["IN", "OUT", "Types"]

IN, OUT = "in", "out"
_DEPTH = 24
_LONG = 100
_MANY = 60
_BYTES = frozenset(
    (*NATIVE, "ArrayBufferLike", "ArrayBufferView", "TypedArray", "BufferSource")
)
_SAME = frozenset(
    (
        "Readonly",
        "Partial",
        "Required",
        "NonNullable",
        "Awaited",
        "Omit",
        "Pick",
        "NoInfer",
    )
)
_TEXTS = frozenset(("Uppercase", "Lowercase", "Capitalize", "Uncapitalize"))
_ARRAY_NAMES = frozenset(("Array", "ReadonlyArray"))
_PROMISES = frozenset(("Promise", "PromiseLike"))


def flip(side: str) -> str:
    """The other side."""
    return OUT if side == IN else IN


def pieces(joined: str) -> list[str]:
    """The members of ``A | B[C | D]``, brackets respected."""
    found, depth, start, quote = [], 0, 0, ""
    for place, char in enumerate(joined):
        if quote:
            if char == quote and joined[place - 1] != "\\":
                quote = ""
        elif char in "'\"":
            quote = char
        elif char in "[(":
            depth += 1
        elif char in "])":
            depth -= 1
        elif char == "|" and not depth:
            found.append(joined[start:place].strip())
            start = place + 1
    return [*found, joined[start:].strip()]


class Types:
    """Writes types for one stub, which gives names and imports."""

    def __init__(self, stub: Stub) -> None:
        self.stub = stub
        self.use = stub.use
        self._made: dict[tuple[object, ...], str] = {}
        self._writers: dict[str, Callable[[Node, str, Context], str]] = {
            "array_type": self._array,
            "constructor_type": lambda *_: self.any(),
            "function_type": self._function,
            "generic_type": self._reference,
            "index_type_query": self._keys,
            "intersection_type": self._shape,
            "literal_type": self._literal,
            "lookup_type": self._lookup,
            "nested_type_identifier": self._reference,
            "object_type": self._shape,
            "optional_type": self._inner,
            "parenthesized_type": self._inner,
            "predefined_type": self._predefined,
            "readonly_type": self._inner,
            "template_literal_type": lambda *_: self.use("str"),
            "this_type": lambda node, side, context: context.this or self.any(),
            "tuple_type": self._tuple,
            "type_annotation": self._inner,
            "type_identifier": self._reference,
            "type_predicate_annotation": self._predicate,
            "type_query": self._query,
            "union_type": self._union,
        }

    def any(self) -> str:
        """Any, where nothing better can be said."""
        return self.use("Any")

    def write(self, node: Node | None, side: str, context: Context) -> str:
        """The Python type of a tree."""
        if node is None or context.depth > _DEPTH:
            return self.any()
        if node.type in ("asserts", "asserts_annotation"):
            return "None"
        writer = self._writers.get(node.type)
        return writer(node, side, context) if writer is not None else self.any()

    def join(self, parts: list[str]) -> str:
        """A union: each member once, literals together, None last."""
        literal = f"{self.use('Literal')}["
        found: dict[str, None] = {}
        values: dict[str, None] = {}
        for part in (one for joined in parts for one in pieces(joined)):
            if part.startswith(literal):
                inner = part.removeprefix(literal).removesuffix("]")
                values.update(dict.fromkeys(_values(inner)))
                part = literal
            found[part] = None
        if self.use("str") in found and all(one[0] in "'\"" for one in values):
            found.pop(literal, None)
        none = "None" in found
        found.pop("None", None)
        listed = [
            f"{literal}{', '.join(values)}]" if one == literal else one for one in found
        ]
        listed += ["None"] * none
        if len(listed) > _MANY:  # checkers nest the operands of |
            return f"{self.use('Union')}[{', '.join(listed)}]"
        return " | ".join(listed) or "None"

    # === single trees ===

    def _inner(self, node: Node, side: str, context: Context) -> str:
        return self.write(children(node)[-1], side, context)

    def _predefined(self, node: Node, side: str, _: Context) -> str:
        name = text(node)
        if name == "number":
            return self.number(side)
        plain = {"string": "str", "boolean": "bool", "symbol": "Symbol"}
        if name in plain:
            return self.use(plain[name])
        if name == "object":
            return self.use("object" if side == IN else "Object")
        if name == "unknown":
            return self.use("object" if side == IN else "Any")
        if name == "never":
            return self.use("NoReturn")
        if name == "void":
            return self.use("object") if side == IN else "None"
        if name == "unique symbol":
            return self.use("Symbol")
        return self.any()

    def number(self, side: str) -> str:
        """A number: see the chapter's comment."""
        if side == IN:
            return self.use("float")
        return f"{self.use('int')} | {self.any()}"

    def _literal(self, node: Node, side: str, _: Context) -> str:
        value = children(node)[0]
        if value.type in ("null", "undefined"):
            return "None"
        if value.type == "string":
            written = repr(string(value))
        elif value.type in ("true", "false"):
            written = text(value).capitalize()
        elif re.fullmatch(r"-?\s*\d+", text(value)):
            written = text(value).replace(" ", "")
        else:
            return self.number(side)
        return f"{self.use('Literal')}[{written}]"

    def _array(self, node: Node, side: str, context: Context) -> str:
        return self.array(self.write(children(node)[-1], side, context), side)

    def array(self, item: str, side: str) -> str:
        """An array of items."""
        return f"{self.use('Sequence' if side == IN else 'list')}[{item}]"

    def _tuple(self, node: Node, side: str, context: Context) -> str:
        items = []
        for one in children(node):
            if one.type == "rest_type" or text(one).startswith("..."):
                return self.array(self.any(), side)
            inner = one.child_by_field_name("type") or one
            items.append(self.write(inner, side, context))
            if one.type in ("optional_parameter", "optional_type"):
                return self.array(self.join(items), side)
        if side == IN:  # a list is what most will write
            return f"{self.use('Sequence')}[{self.join(items)}]"
        # Arrays are lists: a tuple would promise what isinstance denies.
        return f"{self.use('list')}[{self.join(items)}]"

    def _union(self, node: Node, side: str, context: Context) -> str:
        parts = [self.write(one, side, context) for one in alternatives(node)]
        return self.join(parts)

    def _predicate(self, node: Node, *_: object) -> str:
        return (
            "None"
            if text(node).lstrip(": ").startswith("asserts ")
            else self.use("bool")
        )

    def _keys(self, node: Node, side: str, context: Context) -> str:
        found = shapes.members(children(node)[0], context, self.stub.program)
        names = [one.name for one in found or () if one.name]
        if not names:
            return self.use("str")
        return f"{self.use('Literal')}[{', '.join(map(repr, dict.fromkeys(names)))}]"

    def _lookup(self, node: Node, side: str, context: Context) -> str:
        owner, key = children(node)
        wanted = shapes.literals(key)
        for one in shapes.members(owner, context, self.stub.program) or ():
            if wanted == [one.name] and one.kind == "property":
                inner = one.context.inner(depth=context.depth + 1)
                return self.write(one.node.child_by_field_name("type"), side, inner)
        return self.any()

    def _query(self, node: Node, side: str, context: Context) -> str:
        for one in self.stub.program.lookup(text(children(node)[0]), context.space):
            if one.kind == "class":
                return f"{self.use('type')}[{self.stub.name([one])}]"
            if one.kind == "variable":
                inner = Context(one.space, depth=context.depth + 1)
                return self.write(one.node.child_by_field_name("type"), side, inner)
            if one.kind == "function":
                return f"{self.use('Callable')}[..., {self.any()}]"
        return self.any()

    def _function(self, node: Node, side: str, context: Context) -> str:
        """A callback; one that may be called with fewer arguments takes any."""
        given = {**context.given}
        given.update((name, self.any()) for name, _ in shapes.parameters_of(node))
        context = context.inner(given=given, depth=context.depth + 1)
        parameters, loose = [], False
        for one in children(node.child_by_field_name("parameters")):
            pattern = one.child_by_field_name("pattern")
            if pattern is not None and pattern.type == "this":
                continue
            rest = pattern is not None and pattern.type == "rest_pattern"
            loose = loose or rest or one.type == "optional_parameter"
            kind = one.child_by_field_name("type")
            parameters.append(self.write(kind, flip(side), context))
        result = node.child_by_field_name("return_type")
        returned = self.write(result, side, context)
        listed = "..." if loose else f"[{', '.join(parameters)}]"
        return f"{self.use('Callable')}[{listed}, {returned}]"

    def write_function(self, node: Node, context: Context) -> str:
        """A method that may be given: the type of a function."""
        return self._function(node, IN, context)

    def _shape(self, node: Node, side: str, context: Context) -> str:
        """An object type without a name gets one, from where it stands."""
        found = shapes.members(node, context, self.stub.program)
        if found is None:  # `string & {}`, or a type of another package
            parts = [self.write(one, side, context) for one in children(node)]
            if node.type == "intersection_type":
                known = [part for part in parts if part not in ("Any", self.any())]
                return known[0] if known else self.any()
            return self.any()
        return self.shape(found, side, context, node)

    def shape(
        self, found: list[shapes.Member], side: str, context: Context, node: Node
    ) -> str:
        """A name for members that have none; a mapping for an index signature."""
        if not [one for one in found if one.kind != "index"]:
            for one in found:
                value = self.write(
                    one.node.child_by_field_name("type"), side, one.context
                )
                return self.record(value, side)
            return self.use("object" if side == IN else "Object")
        return self.stub.anonymous(found, side, context, node)

    def record(self, value: str, side: str) -> str:
        """An object with any names."""
        kind = self.use("Mapping" if side == IN else "dict")
        return f"{kind}[{self.use('str')}, {value}]"

    # === names ===

    def _reference(self, node: Node, side: str, context: Context) -> str:
        name, arguments = shapes.split(node)
        given = context.given.get(name)
        if isinstance(given, str):
            return given
        if given is not None:
            inner = given[1].inner(depth=max(context.depth, given[1].depth) + 1)
            return self.write(given[0], side, inner)
        found = self.stub.program.lookup(name, context.space)
        if found:
            return self._declared(found, node, arguments, side, context)
        return self._known(name, node, arguments, side, context)

    def _declared(
        self,
        found: list[Declaration],
        node: Node,
        arguments: list[Node],
        side: str,
        context: Context,
    ) -> str:
        kinds = {one.kind for one in found}
        if "class" in kinds or "interface" in kinds:
            return self.nominal(found, arguments, side, context)
        for one in found:
            if one.kind == "type":
                if shapes.parameters_of(one.node):
                    return self._applied(one, arguments, side, context)
                return self.stub.alias(one, side)
            if one.kind == "enum":
                return self.stub.enum_type(one, side)
            if one.kind == "namespace" and one.inner is not None:
                break
        return self.any()

    def _applied(
        self, one: Declaration, arguments: list[Node], side: str, context: Context
    ) -> str:
        """A generic alias with its arguments, written once for the same ones."""
        given = [self.write(each, side, context) for each in arguments]
        key = (id(one), side, *given)
        if key not in self._made:
            self._made[key] = self.any()  # inside of itself
            value = one.node.child_by_field_name("value")
            inner = shapes.bind(one, arguments, context)
            written = self.write(value, side, inner)
            if len(written) > _LONG and not re.search(r"\b_[A-Z]\w*\b", written):
                written = self.stub.named(f"{one.name}_{side}", written)
            self._made[key] = written
        return self._made[key]

    def nominal(
        self,
        found: list[Declaration],
        arguments: list[Node],
        side: str,
        context: Context,
    ) -> str:
        """A class or an interface with its arguments."""
        shaped = [one for one in found if one.kind in ("class", "interface")]
        given = []
        for index, (_, default) in enumerate(shapes.parameters_of(shaped[0].node)):
            if index < len(arguments):
                given.append(self.write(arguments[index], OUT, context))
            elif default is not None and not _mentions(default, shaped[0].node):
                inner = Context(shaped[0].space, depth=context.depth + 1)
                given.append(self.write(default, OUT, inner))
            else:
                given.append(self.any())
        suffix = f"[{', '.join(given)}]" if given else ""
        if side == IN and all(one.kind == "interface" for one in shaped):
            return self.stub.like(shaped, suffix)
        return self.stub.name(shaped) + suffix

    def _known(
        self, name: str, node: Node, arguments: list[Node], side: str, context: Context
    ) -> str:
        """The types of the language and of Node."""

        def item(index: int) -> str:
            if index >= len(arguments):
                return self.any()
            return self.write(arguments[index], side, context)

        short = name.rpartition(".")[2]
        if short in _BYTES:
            if side == IN:
                return self.use("ReadableBuffer")
            return self.use(short if short in NATIVE else "TypedArray")
        if name in _ARRAY_NAMES:
            return self.array(item(0), side)
        if name in _PROMISES:
            kind = "Awaitable" if side == IN else "Promise"
            value = self.void(arguments, side, context) if arguments else self.any()
            return f"{self.use(kind)}[{value}]"
        if name == "Record":
            found = shapes.literals(arguments[0]) if arguments else None
            if found is None or side == OUT:
                return self.record(item(1), side)
            return self.stub.keyed(found, item(1), context)
        if name in _SAME and arguments:
            members = shapes.members(node, context, self.stub.program)
            if (
                name in ("Partial", "Pick", "Omit", "Required")
                and members
                and side == IN
            ):
                return self.shape(members, side, context, node)
            return item(0)
        if name in _TEXTS:
            return self.use("str")
        generic = _GENERIC.get(name)
        if generic is not None:
            return f"{self.use(generic)}[{item(0)}]"
        plain = _PLAIN.get(name)
        return self.use(plain) if plain is not None else self.any()

    def void(self, arguments: list[Node], side: str, context: Context) -> str:
        """The value of a promise: ``void`` is None on both sides."""
        if text(arguments[0]) == "void":
            return "None" if side == OUT else self.use("object")
        return self.write(arguments[0], side, context)


def _mentions(default: Node, declaration: Node) -> bool:
    names = {name for name, _ in shapes.parameters_of(declaration)}
    return bool(names & set(re.findall(r"\w+", text(default))))


def _values(inner: str) -> list[str]:
    """The values in ``Literal[...]``, commas in texts respected."""
    return re.findall(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^,\s]+", inner)


_GENERIC = {
    "AsyncGenerator": "AsyncIterator",
    "AsyncIterable": "AsyncIterable",
    "AsyncIterableIterator": "AsyncIterator",
    "AsyncIterator": "AsyncIterator",
    "Generator": "Iterator",
    "Iterable": "Iterable",
    "IterableIterator": "Iterator",
    "Iterator": "Iterator",
}
_PLAIN = {
    "BigInt": "BigInt",
    "Boolean": "bool",
    "Date": "Date",
    "Error": "Error",
    "Function": "Function",
    "Map": "Map",
    "Object": "Object",
    "RangeError": "RangeError",
    "ReadonlyMap": "Map",
    "ReadonlySet": "Set",
    "Set": "Set",
    "String": "str",
    "Symbol": "Symbol",
    "SyntaxError": "SyntaxError",
    "TypeError": "TypeError",
    "WeakMap": "WeakMap",
    "WeakSet": "WeakSet",
    "bigint": "BigInt",
}
