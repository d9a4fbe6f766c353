"""One stub: which declarations it has, under which names, with which imports."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from napi.stubs import shapes
from napi.stubs.members import Writer, is_name
from napi.stubs.names import Names, all_names, enumerators
from napi.stubs.parse import Declaration, Node, children
from napi.stubs.place import CALLABLE
from napi.stubs.resolve import Program
from napi.stubs.shapes import Context, Member, members_of, settled
from napi.stubs.types import IN, OUT, Types

__all__ = ["Stub", "make_stub"]

_INDENT = "    "
# TypeScript lets overloads overlap and methods of subclasses take less; both are
# what the package does, so that is no fault of the stub.
_HEAD = """\
# Made by `napi stubs` from {source}; it is written anew each time.
# mypy: disable-error-code="overload-overlap, overload-cannot-match"
# mypy: disable-error-code="override, assignment"
# pyright: reportOverlappingOverload=false, reportInconsistentOverload=false
# pyright: reportIncompatibleMethodOverride=false, reportInvalidTypeVarUse=false
# pyright: reportIncompatibleVariableOverride=false, reportInvalidTypeForm=false
"""


def _pascal(words: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"\W+|_", words))


class Stub(Names):
    """Collects what a stub needs while its exports are written."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.exports = program.exports(program.root)
        super().__init__(all_names(program, self.exports))
        self._names: dict[tuple[int, str], str] = {}
        self._shapes: dict[tuple[str, ...], str] = {}
        self._aliases: dict[int, dict[str, str] | None] = {}
        self._shaped: dict[int, Declaration] = {}
        self._alias_used: set[tuple[int, str]] = set()
        self._jobs: list[Callable[[], None]] = []
        self.blocks: list[list[str]] = []
        for name, found in self.exports.items():
            if name != "default":
                self._used.add(name)
                self._reserve(name, found)
        self.types = Types(self)
        self.writer = Writer(self)

    def _reserve(self, name: str, found: list[Declaration]) -> None:
        """An exported declaration keeps the name that it is exported by."""
        values = [one for one in found if one.kind not in ("type", "interface")]
        for one in values or found:
            self._names.setdefault((id(one), ""), name)
        if not values:
            self._names[(id(found[0]), "")] = name
        merged = {one.kind for one in found}
        if "class" in merged or merged == {"interface"}:
            for one in found:
                self._names[(id(one), "")] = name

    # === names ===

    def name(self, found: Sequence[Declaration]) -> str:
        """The name of a class or an interface, which is written when it is needed."""
        first = found[0]
        key = (id(first), "")
        if key not in self._names:
            self._names[key] = self.free(_own_name(first))
        if (id(first), "written") not in self._names:
            self._names[(id(first), "written")] = "yes"
            name = self._names[key]
            self._jobs.append(lambda: self._class(name, list(found)))
        return self._names[key]

    def like(self, shaped: Sequence[Declaration], suffix: str) -> str:
        """What may be given for an interface: the object itself, or a dict."""
        first = shaped[0]
        key = (id(first), "like")
        if key not in self._names:
            self._names[key] = self.free(f"{_own_name(first)}Like")
            self._jobs.append(lambda: self._like(list(shaped)))
        return self._names[key] + suffix

    def anonymous(
        self, found: list[Member], side: str, context: Context, node: Node
    ) -> str:
        """A name for an object type that has none; the same one for the same type."""
        found = [one._replace(context=settled(one.context)) for one in found]
        wanted = _pascal(context.hint or "Options")
        index = next((one for one in found if one.kind == "index"), None)
        if index is not None and side == IN:
            return self.types.record(self.types.any(), IN)
        placeholder = "_unnamed_"
        if side == IN:
            if any(one.kind == "call" for one in found):
                return f"{self.use('Callable')}[..., {self.types.any()}]"
            lines = self.writer.dict(placeholder, found, [])
            wanted += "Dict"
        else:
            lines = [f"class {placeholder}({self.use('Object')}):"]
            lines += self.writer.body(found, self.use("Self"), _INDENT, of_dict=True)
        key = (wanted, *lines)
        if key not in self._shapes:
            self._shapes[key] = name = self.free(wanted)
            self.blocks.append([line.replace(placeholder, name) for line in lines])
        return self._shapes[key]

    def named(self, wanted: str, written: str) -> str:
        """A name for a long type."""
        name = self.free(_pascal(wanted))
        self.blocks.append([f"{name}: {self.use('TypeAlias')} = {written}"])
        return name

    def clear(self, lines: list[str], names: set[str], indent: str) -> list[str]:
        """The lines of a class whose members have names of classes of the stub.

        Inside of a class its member comes first, so the class gets another name.
        """
        hidden = [name for name in names if name in self._used]
        if not hidden:
            return lines
        # Not the names of parameters, which a colon and a type follow.
        wanted = re.compile(
            rf"(?<![\w'\"])({'|'.join(map(re.escape, hidden))})"
            r"(?![\w'\"(]|:\s(?!\.\.\.))"
        )

        def other(found: re.Match[str]) -> str:
            name = found[1]
            key = ("hidden", name)
            if key not in self._shapes:
                self._shapes[key] = made = self.free(f"_{name}")
                self.blocks.append([f"{made} = {name}"])
            return self._shapes[key]

        made, inside = [], False
        for line in lines:
            quotes = line.count('"""')
            head = re.match(rf"{indent}(?:def )?\w+", line)
            if head is not None and not inside and not quotes:
                line = line[: head.end()] + wanted.sub(other, line[head.end() :])
            inside ^= quotes % 2 == 1
            made.append(line)
        return made

    def keyed(self, names: list[str], value: str, context: Context) -> str:
        """A dict with these keys that may be given, ``Record<"a" | "b", T>``."""
        typed = self.use("TypedDict")
        fields = ", ".join(f"{name!r}: {value}" for name in names)
        key = ("Record", fields)
        if key not in self._shapes:
            self._shapes[key] = name = self.free(f"{_pascal(context.hint)}Dict")
            self.blocks.append([f"{name} = {typed}({name!r}, {{{fields}}})"])
        return self._shapes[key]

    def alias(self, one: Declaration, side: str) -> str:
        """The name of a type alias for a side."""
        value = one.node.child_by_field_name("value")
        if value.type in ("object_type", "intersection_type"):
            members = shapes.members(value, Context(one.space), self.program)
            if members and any(member.kind != "index" for member in members):
                shaped = Declaration("interface", one.name, one.node, one.space)
                key = (id(one), "shape")
                if key not in self._names:
                    self._names[key] = "yes"
                    self._shaped[id(one)] = shaped
                    exported = self._names.get((id(one), ""))
                    if exported is not None:
                        self._names[(id(shaped), "")] = exported
                shaped = self._shaped[id(one)]
                return self.like([shaped], "") if side == IN else self.name([shaped])
        return self._plain_alias(one, side, value)

    def _plain_alias(self, one: Declaration, side: str, value: Node) -> str:
        known = self._aliases.get(id(one))
        if known is None:
            own = self._names.get((id(one), "")) or self.free(_own_name(one))
            known = {OUT: own, IN: f"{own}Like"}
            self._aliases[id(one)] = known
            context = Context(one.space, hint=one.name)
            written = {
                side: self.types.write(value, side, context) for side in (OUT, IN)
            }
            recursive = {s for s in (OUT, IN) if (id(one), s) in self._alias_used}
            if not recursive and written[OUT] == written[IN]:
                known[IN] = own
            else:
                known[IN] = self.free(f"{own}Like") if not recursive else known[IN]
                self._used.add(known[IN])
            for kind in dict.fromkeys(known):
                if kind == OUT or known[IN] != own:
                    line = f"{known[kind]}: {self.use('TypeAlias')} = {written[kind]}"
                    self.blocks.append([line])
        else:
            self._alias_used.add((id(one), side))
        return known[side]

    def enum_type(self, one: Declaration, side: str) -> str:
        """The type of the values of an enumeration."""
        values = [value for _, value in enumerators(one.node)]
        if any(value is None for value in values) or not values:
            return self.types.number(side)
        listed = ", ".join(dict.fromkeys(map(repr, values)))
        return f"{self.use('Literal')}[{listed}]"

    # === declarations ===

    def _variables_of(self, one: Declaration) -> tuple[Context, list[str]]:
        given = {
            name: self.variable(name) for name, _ in shapes.parameters_of(one.node)
        }
        self._variables.update(given.values())
        return Context(one.space, dict(given), one.name), list(given.values())

    def _class(self, name: str, found: list[Declaration]) -> None:
        shaped = [one for one in found if one.kind in ("class", "interface")]
        real = any(one.kind == "class" for one in shaped)
        context, variables = self._variables_of(shaped[0])
        bases, members = [], []
        for node, space in shapes.bases(shaped):
            inner = Context(space, context.given, name)
            written = self._base(node, inner)
            if written and written not in bases:
                bases.append(written)
        for one in shaped:
            inner = Context(one.space, context.given, one.name)
            body = one.node.child_by_field_name("body")
            if body is not None:
                members += list(shapes.own_members(body, inner))
            else:
                value = one.node.child_by_field_name("value")
                members += shapes.members(value, inner, self.program) or []
        if not bases and not real:
            bases.append(self.use("Object"))
        if variables:
            bases.append(f"{self.use('Generic')}[{', '.join(variables)}]")
        doc = next((one.doc for one in found if one.doc), "")
        lines = [f"class {name}{f'({chr(44).join(bases)})' if bases else ''}:"]
        lines[0] = lines[0].replace(",", ", ")
        lines[0] = re.sub(r",\s+", ", ", lines[0])
        said = self._doc(doc)
        body = self.writer.body(members, self.use("Self"), _INDENT, of_dict=not real)
        if said and body == [f"{_INDENT}..."]:
            body = []
        self.blocks.append([*lines, *said, *body])

    def _doc(self, doc: str) -> list[str]:
        from napi.stubs.docs import docstring

        return docstring(doc, _INDENT)

    def _base(self, node: Node, context: Context) -> str:
        name, arguments = shapes.split(node)
        found = self.program.lookup(name, context.space)
        kinds = {one.kind for one in found}
        if kinds & {"class", "interface"}:
            return self.types.nominal(found, arguments, OUT, context)
        if name in ("Error", "TypeError", "RangeError"):
            return self.use(name)
        return ""

    def _like(self, shaped: list[Declaration]) -> None:
        first = shaped[0]
        name = self._names[(id(first), "like")]
        own = self.name(shaped)
        context, variables = self._variables_of(first)
        suffix = f"[{', '.join(variables)}]" if variables else ""
        if first.node.type == "type_alias_declaration":
            value = first.node.child_by_field_name("value")
            inner = Context(first.space, {}, first.name)
            members = shapes.members(value, inner, self.program) or []
        else:
            members = members_of(shaped, context, self.program)
        parts = [own + suffix]
        kinds = {one.kind for one in members}
        if "call" in kinds:
            parts.append(f"{self.use('Callable')}[..., {self.types.any()}]")
        elif "index" in kinds or not members:
            parts.append(self.types.record(self.types.any(), IN))
        else:
            given = self.free(f"{_own_name(first)}Dict")
            lines = self.writer.dict(given, members, variables)
            functional = not lines[0].startswith("class ")
            if functional and variables:
                lines = [_without(lines[0], variables, self.types.any())]
            self.blocks.append(lines)
            parts.append(given if functional else given + suffix)
        line = f"{name}: {self.use('TypeAlias')} = {' | '.join(parts)}"
        self.blocks.append([line])

    def write_export(
        self, name: str, found: list[Declaration], indent: str = ""
    ) -> list[str]:
        """The lines of an exported name; classes are written on their own."""
        kinds = {one.kind for one in found}
        if not is_name(name):
            return [f"{indent}# {name!r} is got with getattr()"]
        functions = [one for one in found if one.kind == "function"]
        if "class" in kinds or kinds == {"interface"} or kinds == {"interface", "type"}:
            made = self.name(
                [one for one in found if one.kind in ("class", "interface")]
            )
            return [f"{indent}{name} = {made}"] if made != name or indent else []
        if functions:
            nodes = [
                (one.node, Context(one.space, hint=name), one.doc) for one in functions
            ]
            decorator = self.use("staticmethod") if indent else ""
            return self.writer.function(name, nodes, indent, "", decorator)
        for one in found:
            if one.kind == "variable":
                return self._variable(name, one, indent)
            if one.kind == "enum":
                return self._enum(name, one, indent)
            if one.kind == "namespace" and one.inner is not None:
                return self._namespace(name, one, indent)
        for one in found:
            if one.kind == "type" and not indent:
                if shapes.parameters_of(one.node):
                    return self._generic_alias(name, one)
                made = self.alias(one, OUT)
                return [f"{name} = {made}"] if made != name else []
        return []

    def _generic_alias(self, name: str, one: Declaration) -> list[str]:
        context, _ = self._variables_of(one)
        value = one.node.child_by_field_name("value")
        written = self.types.write(value, OUT, context)
        return [f"{name}: {self.use('TypeAlias')} = {written}"]

    def _variable(self, name: str, one: Declaration, indent: str) -> list[str]:
        kind = one.node.child_by_field_name("type")
        context = Context(one.space, hint=name)
        inner = children(kind)[0] if kind is not None else None
        if inner is not None and inner.type == "function_type":
            decorator = self.use("staticmethod") if indent else ""
            return self.writer.function(
                name, [(inner, context, one.doc)], indent, "", decorator
            )
        value = one.node.child_by_field_name("value")
        if kind is None and value is not None:
            kinds = {
                "string": "str",
                "number": "float",
                "true": "bool",
                "false": "bool",
            }
            written = (
                self.use(kinds[value.type])
                if value.type in kinds
                else (self.types.any())
            )
        else:
            written = self.types.write(kind, OUT, context)
        return [f"{indent}{name}: {written}"]

    def _enum(self, name: str, one: Declaration, indent: str) -> list[str]:
        lines = [f"{indent}class {name}:"]
        for key, value in enumerators(one.node):
            if not is_name(key):
                lines.append(f"{indent}{_INDENT}# {key!r} is read with []")
                continue
            written = (
                self.types.number(OUT)
                if value is None
                else f"{self.use('Literal')}[{value!r}]"
            )
            lines.append(f"{indent}{_INDENT}{key}: {self.use('ClassVar')}[{written}]")
        return [*lines, f"{indent}{_INDENT}..."] if len(lines) == 1 else lines

    def _namespace(self, name: str, one: Declaration, indent: str) -> list[str]:
        if one.inner is None:
            return []
        body: list[str] = []
        for key, found in self.program.exports(one.inner).items():
            kinds = {each.kind for each in found}
            if kinds <= {"type", "interface"}:
                continue
            for each in found:
                if each.kind == "class":
                    place = (id(found[0]), "")
                    if place not in self._names:
                        self._names[place] = self.free(f"{name}_{key}")
            body += self.write_export(key, found, indent + _INDENT)
        return [f"{indent}class {name}:", *body] if body else []

    # === the whole ===

    def _callable(self) -> list[str]:
        """The class of a module that is itself a function or a class."""
        root = self.program.root
        if not root.equals:
            return []
        found = self.program.lookup(root.equals, root)
        functions = [one for one in found if one.kind == "function"]
        lines = [f"class {CALLABLE}:"]
        if functions:
            nodes = [
                (one.node, Context(one.space, hint=root.equals), one.doc)
                for one in functions
            ]
            lines += self.writer.function("__call__", nodes, _INDENT, "self")
        elif any(one.kind == "class" for one in found):
            made = self.name(
                [one for one in found if one.kind in ("class", "interface")]
            )
            return [f"{CALLABLE} = {made}"]
        else:
            return []
        for name, listed in self.exports.items():
            kinds = {one.kind for one in listed}
            if is_name(name) and not kinds <= {"type", "interface"}:
                lines += self.write_export(name, listed, _INDENT)
        return lines

    def write(self, source: str) -> str:
        """The whole stub."""
        listed: list[list[str]] = []
        for name, found in self.exports.items():
            if name != "default":
                listed.append(self.write_export(name, found))
        default = self.exports.get("default")
        if default is not None:
            listed.append(self._default(default))
        listed.append(self._callable())
        while self._jobs:
            self._jobs.pop(0)()
        imports, variables = self.head()
        lines = [_HEAD.format(source=source), *imports]
        blocks = [variables, *listed, *self.blocks]
        body = "\n\n".join("\n".join(block) for block in blocks if block)
        return "\n".join(lines) + "\n\n" + body + "\n"

    def _default(self, found: list[Declaration]) -> list[str]:
        for name, listed in self.exports.items():
            if name != "default" and listed == found and is_name(name):
                return [f"default = {name}"]
        return self.write_export("default", found)


def _own_name(one: Declaration) -> str:
    return "Default" if one.name == "default" else one.name


def _without(line: str, variables: list[str], by: str) -> str:
    for one in variables:
        line = re.sub(rf"\b{one}\b", by, line)
    return line


def make_stub(path: Path, source: str) -> str:
    """The stub for a file of declarations.

    Args:
        path: The file.
        source: What the stub says it was made from.

    Returns:
        Its text.

    Raises:
        StubError: It cannot be read.
    """
    return Stub(Program(path)).write(source)
