"""Strategies for arguments from declarations in TypeScript.

A function that says what it takes is called with that, mostly: random values would
not come past its first checks. Types that say nothing, and those of other packages,
are any value.

Source: the TypeScript handbook, "Everyday types" and "Object types".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from napi.stubs import shapes
from napi.stubs.names import enumerators
from napi.stubs.parse import Declaration, Node, StubError, alternatives, children, text
from napi.stubs.parse import string as string_of
from napi.stubs.resolve import Program
from napi.stubs.shapes import Context
from napi.testing.fuzz import strategies as draw_from
from napi.testing.fuzz.values import Value

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    Strategy = SearchStrategy[Value]
    Arguments = SearchStrategy[list[Value]]

__all__ = ["Declared", "read"]

_DEPTH = 5
_VIEWS = frozenset(draw_from.VIEWS)
_BYTES = frozenset(
    (
        "ArrayBufferLike",
        "ArrayBufferView",
        "BufferSource",
        "NodeJS.ArrayBufferView",
        "TypedArray",
    )
)
_SAME = frozenset(("Readonly", "Partial", "Required", "NonNullable", "Awaited"))
_LISTS = frozenset(("Array", "ReadonlyArray", "Iterable", "Set", "Iterator"))


def _constant(*value: Any) -> Strategy:
    from hypothesis import strategies as st

    return st.just(list(value)).map(lambda it: [*it])


class Declared:
    """The declarations of a package.

    Args:
        path: The ``.d.ts``.

    Raises:
        StubError: It cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.program = Program(path)
        self.strategies: dict[str, Arguments] = {}
        self.words: set[str] = set()
        self._visit(self.program.exports(self.program.root), "")

    @cached_property
    def any(self) -> Strategy:
        """Any value."""
        return draw_from.values()

    # === exports ===

    def _visit(self, exports: dict[str, list[Declaration]], prefix: str) -> None:
        for name, found in exports.items():
            path = prefix if name == "default" else f"{prefix}{name}"
            if path.count(".") > 3:
                continue
            for one in found:
                self._export(path, one)

    def _export(self, path: str, one: Declaration) -> None:
        if one.inner is not None:
            self._visit(self.program.exports(one.inner), f"{path}.")
        elif one.kind == "class":
            self._class(path, one)
        elif one.kind == "function":
            self._callable(path, one.node, Context(one.space))
        elif one.kind == "variable":
            annotation = one.node.child_by_field_name("type")
            if annotation is not None and (kind := children(annotation)):
                self._variable(path, kind[0], Context(one.space))

    def _variable(self, path: str, node: Node, context: Context) -> None:
        if node.type == "function_type":
            self._callable(path, node, context)
            return
        for member in shapes.members(node, context, self.program) or ():
            if member.kind in ("call", "construct"):
                self._callable(path, member.node, member.context)
            elif member.kind == "method":
                self._callable(f"{path}.{member.name}", member.node, member.context)

    def _class(self, path: str, one: Declaration) -> None:
        body = one.node.child_by_field_name("body")
        for member in shapes.own_members(body, Context(one.space)):
            if member.kind not in ("method", "construct"):
                continue
            made = member.name in ("", "constructor")
            title = path if made else f"{path}.{member.name}"
            self._callable(title, member.node, member.context)

    def _callable(self, path: str, node: Node, context: Context) -> None:
        arguments = self._arguments(node, context)
        before = self.strategies.get(path)  # an overload
        self.strategies[path] = arguments if before is None else before | arguments
        result = node.child_by_field_name("return_type")
        if result is not None and path.count(".") < 2 and children(result):
            self._result(path, children(result)[0], context)

    def _result(self, path: str, node: Node, context: Context) -> None:
        """The methods of what a function gives, where it says so."""
        name, given = shapes.split(node)
        if name == "Promise" and given:
            self._result(path, given[0], context)
            return
        for one in self.program.lookup(name, context.space):
            if one.kind in ("class", "interface") and one.node is not None:
                inner = Context(one.space)
                body = one.node.child_by_field_name("body")
                for member in shapes.own_members(body, inner):
                    if member.kind == "method" and not member.static:
                        title = f"{path}.{member.name}"
                        if title not in self.strategies:
                            made = self._arguments(member.node, inner)
                            self.strategies[title] = made

    def _arguments(self, node: Node, context: Context) -> Arguments:
        """Arguments for a signature; optional ones may be left out."""
        from hypothesis import strategies as st

        needed: list[Strategy] = []
        further: list[Strategy] = []
        for one in children(node.child_by_field_name("parameters")):
            pattern = one.child_by_field_name("pattern")
            if pattern is None or text(pattern) == "this":
                continue
            kind = self._annotated(one, context)
            if pattern.type == "rest_pattern":
                further += [self.any] * 2
            elif one.type == "optional_parameter" or further:
                further.append(kind)
            else:
                needed.append(kind)
        fixed = st.tuples(*needed).map(list)
        if not further:
            return fixed
        counts = st.integers(0, len(further))
        more = counts.flatmap(lambda count: st.tuples(*further[:count]).map(list))
        return st.tuples(fixed, more).map(lambda it: [*it[0], *it[1]])

    def _annotated(self, node: Node, context: Context, depth: int = 0) -> Strategy:
        annotation = node.child_by_field_name("type")
        if annotation is None:
            return self.any
        inner = children(annotation)
        return self.type(inner[0], context, depth) if inner else self.any

    # === types ===

    def type(self, node: Node, context: Context, depth: int = 0) -> Strategy:
        """Values of a type."""
        if depth > _DEPTH or context.depth > _DEPTH:
            return self.any
        handler: Callable[..., Strategy] | None = getattr(self, f"_{node.type}", None)
        return self.any if handler is None else handler(node, context, depth + 1)

    def _inner(self, node: Node, context: Context, depth: int) -> Strategy:
        return self.type(children(node)[-1], context, depth)

    _parenthesized_type = _readonly_type = _optional_type = _inner

    def _predefined_type(self, node: Node, *_: Any) -> Strategy:
        from hypothesis import strategies as st

        known: dict[str, Callable[[], Strategy]] = {
            "string": draw_from.strings,
            "number": draw_from.figures,
            "bigint": draw_from.bigints,
            "boolean": lambda: st.booleans().map(lambda it: ["bool", it]),
            "symbol": lambda: _constant("symbol", "x"),
            "void": lambda: _constant("undefined"),
            "undefined": lambda: _constant("undefined"),
        }
        made = known.get(text(node))
        return self.any if made is None else made()

    def _literal_type(self, node: Node, *_: Any) -> Strategy:
        inner = children(node)[0]
        if inner.type == "string":
            self.words.add(string_of(inner))
            return _constant("string", string_of(inner))
        if inner.type in ("true", "false"):
            return _constant("bool", inner.type == "true")
        if inner.type in ("null", "undefined"):
            return _constant(inner.type)
        try:
            return _constant("number", repr(float(text(inner)))[:-2])
        except ValueError:
            return self.any

    def _union_type(self, node: Node, context: Context, depth: int) -> Strategy:
        parts = alternatives(node)[:40]
        return draw_from.evenly(*(self.type(one, context, depth) for one in parts))

    def _array_type(self, node: Node, context: Context, depth: int) -> Strategy:
        return self._list(self.type(children(node)[0], context, depth))

    def _list(self, item: Strategy) -> Strategy:
        from hypothesis import strategies as st

        return st.lists(item, max_size=4).map(lambda it: ["array", *it])

    def _tuple_type(self, node: Node, context: Context, depth: int) -> Strategy:
        from hypothesis import strategies as st

        items = []
        for one in children(node):
            kind = one.child_by_field_name("type") or one
            items.append(self.type(kind, context, depth))
        return st.tuples(*items).map(lambda it: ["array", *it])

    def _function_type(self, *_: Any) -> Strategy:
        return draw_from.functions(self.any)

    def _object_type(self, node: Node, context: Context, depth: int) -> Strategy:
        members = shapes.members(node, context, self.program)
        return self.any if members is None else self._object(members, depth)

    _intersection_type = _object_type

    def _object(self, members: list[shapes.Member], depth: int) -> Strategy:
        """Objects with the members that must be there, and some of the others."""
        from hypothesis import strategies as st

        pairs: list[SearchStrategy[list[Any]]] = []
        for one in members[:60]:
            if not one.name or one.name.startswith("["):
                continue
            self.words.add(one.name)
            if one.kind == "method":
                kind = draw_from.functions(self.any)
            else:
                kind = self._annotated(one.node, one.context, depth)
            pair = st.tuples(st.just(one.name), kind).map(lambda it: [list(it)])
            pairs.append(st.one_of(st.just([]), pair) if one.optional else pair)
        if not pairs:
            return self.any
        return st.tuples(*pairs).map(
            lambda it: ["object", *(pair for listed in it for pair in listed)]
        )

    def _type_identifier(self, node: Node, context: Context, depth: int) -> Strategy:
        from hypothesis import strategies as st

        name, given = shapes.split(node)
        bound = context.given.get(name)
        if bound is not None:
            return self.any if isinstance(bound, str) else self.type(*bound, depth)
        for one in self.program.lookup(name, context.space):
            if (made := self._declared(one, node, given, context, depth)) is not None:
                return made
        if name in _VIEWS:
            return draw_from.blobs().map(lambda data: ["view", name, data])
        if name in ("ArrayBuffer", "SharedArrayBuffer"):
            return draw_from.blobs().map(lambda data: ["buffer", name, data])
        if name in _BYTES:
            return draw_from.buffers()
        if name == "Function":
            return draw_from.functions(self.any)
        if name == "Date":
            return st.sampled_from(("0", "nan", "1e15")).map(lambda it: ["date", it])
        if name == "Error":
            return _constant("error", "Error", "x")
        return self._applied(name, given, context, depth)

    _nested_type_identifier = _generic_type = _type_identifier

    def _applied(
        self, name: str, given: list[Node], context: Context, depth: int
    ) -> Strategy:
        """Types of the language that take others."""
        from hypothesis import strategies as st

        inner = self.type(given[-1], context, depth) if given else self.any
        if name in _SAME:
            return inner
        if name in _LISTS:
            return self._list(inner)
        if name in ("Promise", "PromiseLike"):
            return inner.map(lambda value: ["promise", "resolve", value])
        if name == "Record":
            keys = st.sampled_from(draw_from.KEYS)
            pairs = st.lists(st.tuples(keys, inner).map(list), max_size=4)
            return pairs.map(lambda it: ["object", *it])
        return self.any

    def _declared(
        self,
        one: Declaration,
        node: Node,
        given: list[Node],
        context: Context,
        depth: int,
    ) -> Strategy | None:
        from hypothesis import strategies as st

        if one.kind == "type":
            value = one.node.child_by_field_name("value")
            return self.type(value, shapes.bind(one, given, context), depth)
        if one.kind == "interface":
            found = shapes.members(node, context, self.program)
            return None if found is None else self._object(found, depth)
        if one.kind == "class":
            return _constant("made", one.name)
        if one.kind == "enum":
            known = [value for _, value in enumerators(one.node) if value is not None]
            values = [
                ["string", it] if isinstance(it, str) else ["number", str(it)]
                for it in known
            ]
            return st.sampled_from(values) if values else self.any
        return None


_known: dict[str, Declared | None] = {}


def read(config: dict[str, Any]) -> Declared | None:
    """The declarations that a campaign uses, read once; None where there are none.

    Raises:
        StubError: The file that was asked for cannot be read.
    """
    from napi.testing.fuzz import target

    name = config["declarations"] or str(target.declarations(config["target"]) or "")
    if name not in _known:
        try:
            _known[name] = Declared(Path(name)) if name else None
        except StubError:
            if config["declarations"]:
                raise
            _known[name] = None
    return _known[name]
