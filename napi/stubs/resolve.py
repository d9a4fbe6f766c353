"""Where a package's declarations are, and what a name in them means.

Source: the TypeScript handbook, "Module resolution" and "Publishing"; Node's manual,
"Packages", for the conditions of ``exports``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from napi.stubs.parse import Declaration, Space, parse

__all__ = ["Program", "find_declared", "find_types"]

_ENDINGS = (".d.ts", ".d.mts", ".d.cts", ".ts", "/index.d.ts", "/index.d.mts")
_DECLARED = (".d.ts", ".d.mts", ".d.cts")
_SCRIPTS = {".js": ".d.ts", ".mjs": ".d.mts", ".cjs": ".d.cts", ".ts": ".d.ts"}
_CONDITIONS = ("types", "require", "node", "import", "default")


def _find_package(name: str, start: Path) -> Path | None:
    """The directory of a package, as ``require`` finds it; None: there is none.

    Args:
        name: Of the package.
        start: Where the search begins.
    """
    from napi.package.find import search_folders

    for folder in search_folders(str(start)):
        place = Path(folder, name)
        if place.is_dir():
            return place
    return None


def _described(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / "package.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _targets(value: Any, below_types: bool = False) -> Iterator[str]:
    """The files that ``exports`` offers, those named by ``types`` first."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _targets(one)
    elif isinstance(value, dict):
        for condition in _CONDITIONS:
            if condition in value:
                yield from _targets(value[condition])


def find_declared(name: str, folder: Path, entry: str) -> Path | None:
    """The declarations of a package, its own or those of ``@types``; None: none.

    Args:
        name: Of the package.
        folder: Of the package.
        entry: As for ``find_types``.
    """
    own = find_types(folder, entry)
    other = f"@types/{name.removeprefix('@').replace('/', '__')}"
    apart = _find_package(other, folder) if own is None else None
    return own if apart is None else find_types(apart, entry)


def find_types(folder: Path, entry: str = ".") -> Path | None:
    """The file with the declarations of a package; None where it has none.

    Args:
        folder: Of the package.
        entry: Which of its exports: ``.``, ``./promise``.
    """
    described = _described(folder)
    exports = described.get("exports")
    names: list[str] = []
    if isinstance(exports, dict) and any(key.startswith(".") for key in exports):
        names += _targets(exports.get(entry))
    elif entry == ".":
        names += _targets(exports)
    if entry == ".":
        declared = [described.get("types"), described.get("typings")]
        main = [described.get("main"), "index"]
        # What require() would give: its types, before those for import.
        typed = [name for name in names if name.endswith(_DECLARED)]
        names = [*typed, *declared, *names, *main]  # type: ignore[list-item]
    else:
        names.append(entry)
    for name in names:
        if isinstance(name, str) and (found := _file(folder / name)) is not None:
            return found
    return None


def _file(path: Path) -> Path | None:
    """The declarations that a path in an import means."""
    if path.name.endswith(_DECLARED) and path.is_file():
        return path
    swapped = _SCRIPTS.get(path.suffix)
    if swapped is not None:
        place = path.with_suffix("")
        if (found := place.with_name(place.name + swapped)).is_file():
            return found
    for ending in _ENDINGS:
        if (found := Path(f"{path}{ending}")).is_file():
            return found
    return None


class Program:
    """All the files that a package's declarations lead to."""

    def __init__(self, root: Path) -> None:
        self._spaces: dict[Path, Space] = {}
        self.root = self.space(root)

    def space(self, path: Path) -> Space:
        """A file, read once."""
        key = path.resolve()
        if key not in self._spaces:
            self._spaces[key] = parse(key)
        return self._spaces[key]

    def spaces(self) -> list[Space]:
        """The files that were read so far."""
        return list(self._spaces.values())

    def module(self, name: str, path: Path) -> Space | None:
        """What an import of a module means in a file; None for what is not there."""
        if name.startswith("."):
            found = _file(path.parent / name)
        else:
            parts = name.split("/")
            count = 2 if name.startswith("@") else 1
            folder = _find_package("/".join(parts[:count]), path.parent)
            if folder is None:
                return None
            rest = "/".join(parts[count:])
            entry = f"./{rest}" if rest else "."
            found = find_declared("/".join(parts[:count]), folder, entry)
        return self.space(found) if found is not None else None

    def lookup(self, name: str, space: Space) -> list[Declaration]:
        """The declarations of a name, as it is written in a space.

        Args:
            name: ``Name`` or ``namespace.Name``.
            space: Where it is written.

        Returns:
            All of them; nothing for names of the language and of other packages.
        """
        first, *rest = name.split(".")
        found = self._find(first, space, set())
        for part in rest:
            inner: list[Declaration] = []
            for one in found:
                if one.inner is not None:
                    inner += self.exported(part, one.inner)
            found = inner
        return found

    def _find(
        self, name: str, space: Space | None, seen: set[tuple[int, str]]
    ) -> list[Declaration]:
        while space is not None:
            if (id(space), name) in seen:
                return []
            seen.add((id(space), name))
            if name in space.names:
                return space.names[name]
            if name in space.imports:
                module, there = space.imports[name]
                return self._imported(module, there, name, space)
            space = space.outer
        return []

    def _imported(
        self, module: str, there: str, name: str, space: Space
    ) -> list[Declaration]:
        if not module:  # import A = B.C
            return self.lookup(there, space)
        target = self.module(module, space.path)
        if target is None:
            return []
        if there in ("*", "=") or (there == "default" and target.equals):
            if target.equals:
                return self.lookup(target.equals, target)
            return [Declaration("namespace", name, None, space, inner=target)]
        return self.exported(there, target)

    def exported(
        self, name: str, space: Space, seen: frozenset[int] = frozenset()
    ) -> list[Declaration]:
        """The declarations behind an exported name of a file or namespace."""
        if id(space) in seen:
            return []
        seen |= {id(space)}
        if name in space.exports:
            here, module = space.exports[name]
            if module:
                return self._imported(module, here, name, space)
            return self.lookup(here, space)
        if space.equals and name != "default":
            for one in self.lookup(space.equals, space):
                if one.inner is not None and name in one.inner.exports:
                    return self.exported(name, one.inner, seen)
        for star in space.stars:
            target = self.module(star, space.path)
            found = self.exported(name, target, seen) if target is not None else []
            if found and name != "default":
                return found
        return []

    def exports(
        self, space: Space, seen: frozenset[int] = frozenset()
    ) -> dict[str, list[Declaration]]:
        """All that a file or namespace exports, by name, in order."""
        if id(space) in seen:
            return {}
        seen |= {id(space)}
        found: dict[str, list[Declaration]] = {}
        if space.equals:
            for one in self.lookup(space.equals, space):
                if one.inner is not None:
                    found.update(self.exports(one.inner, seen))
        for name in space.exports:
            found[name] = self.exported(name, space)
        for star in space.stars:
            target = self.module(star, space.path)
            if target is not None:
                inner = self.exports(target, seen)
                inner.pop("default", None)
                found = {**inner, **found}
        return {name: listed for name, listed in found.items() if listed}
