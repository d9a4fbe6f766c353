"""The names of one stub: what it imports, its TypeVars, names that nothing has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from napi.stubs.members import is_name
from napi.stubs.parse import Declaration, Node, children, string, text
from napi.stubs.resolve import Program

__all__ = ["Names", "all_names", "enumerators"]

_HOMES = {
    "_typeshed": "ReadableBuffer",
    "builtins": "bool bytes dict float int list object property staticmethod str type",
    "collections.abc": (
        "AsyncIterable AsyncIterator Awaitable Callable Iterable Iterator Mapping "
        "Sequence"
    ),
    "typing": (
        "Any ClassVar Generic Literal NoReturn TypeAlias TypeVar TypedDict Union "
        "overload"
    ),
    "typing_extensions": "NotRequired Self",
    "napi": (
        "ArrayBuffer BigInt BigInt64Array BigUint64Array Buffer DataView Date Error "
        "Float16Array Float32Array Float64Array Function Int16Array Int32Array "
        "Int8Array Map Object Promise RangeError Set SharedArrayBuffer Symbol "
        "SyntaxError TypeError TypedArray Uint16Array Uint32Array Uint8Array "
        "Uint8ClampedArray WeakMap WeakSet"
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}
_NAMED = ("_signature", "_definition", "declarator", "_declaration")


class Names:
    """Gives out names; ``members`` are those that the package has somewhere."""

    def __init__(self, members: frozenset[str]) -> None:
        self._members = members
        self._imports: dict[str, set[str]] = {}
        self._variables: set[str] = set()
        self._used: set[str] = set()

    def use(self, name: str) -> str:
        """An imported or a built-in name, renamed where the package has it too."""
        home = _HOME_OF[name]
        if name in self._members:
            self._imports.setdefault(home, set()).add(f"{name} as _{name}")
            return f"_{name}"
        if home != "builtins":
            self._imports.setdefault(home, set()).add(name)
        return name

    def variable(self, name: str, taken: bool = False) -> str:
        """A TypeVar for a type parameter; kept with :meth:`keep`."""
        return f"_{name}{'_2' if taken else ''}"

    def keep(self, variables: Sequence[str], written: str) -> None:
        """Declares those of the TypeVars that a text mentions."""
        for one in variables:
            if re.search(rf"\b{one}\b", written):
                self._variables.add(one)

    def free(self, wanted: str) -> str:
        """A name that nothing has."""
        wanted = re.sub(r"\W", "_", wanted)
        if not is_name(wanted):
            wanted = f"{wanted}_" if wanted.isidentifier() else f"_{wanted}"
        name, count = wanted, 1
        while name in self._used or name in _HOME_OF:
            count += 1
            name = f"{wanted}_{count}"
        self._used.add(name)
        return name

    def head(self) -> tuple[list[str], list[str]]:
        """The lines of the imports, and those of the TypeVars."""
        variables = [
            f"{name} = {self.use('TypeVar')}({name!r})"
            for name in sorted(self._variables)
        ]
        imports = [
            f"from {home} import {', '.join(sorted(names))}"
            for home, names in sorted(self._imports.items())
        ]
        return imports, variables


def enumerators(node: Node) -> list[tuple[str, int | str | None]]:
    """The names of an enumeration and their values; None for computed ones."""
    found: list[tuple[str, int | str | None]] = []
    following: int | None = 0
    for one in children(node.child_by_field_name("body")):
        value: int | str | None = following
        name = one
        if one.type == "enum_assignment":
            name = one.child_by_field_name("name")
            given = one.child_by_field_name("value")
            if given.type == "string":
                value = string(given)
            else:
                try:
                    value = int(text(given).replace(" ", ""), 0)
                except ValueError:
                    value = None
        key = string(name) if name.type == "string" else text(name)
        found.append((key, value))
        following = value + 1 if isinstance(value, int) else None
    return found


def all_names(
    program: Program, exports: dict[str, list[Declaration]]
) -> frozenset[str]:
    """Every name that a class or the module has, for imports to keep clear of."""
    names = set(exports)
    for space in program.spaces():
        names.update(space.names)
        for listed in space.names.values():
            for one in listed:
                names.update(_inner_names(one))
    return frozenset(names)


def _inner_names(one: Declaration) -> set[str]:
    names: set[str] = set()
    if one.node is None:
        return names
    stack = [one.node]
    while stack:
        node = stack.pop()
        if node.type.endswith(_NAMED):
            name = node.child_by_field_name("name")
            if name is not None:
                names.add(text(name))
        stack += node.named_children
    return names
