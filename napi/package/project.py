"""The files of a project: package.json and npm's lock files (version 3).

Read with what npm allows, written as npm writes them: the same order of keys, the
indentation that was there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .errors import ProjectError
from .node import Node, entry_of
from .spec import check_name

__all__ = [
    "HIDDEN",
    "Locked",
    "Manifest",
    "find_project",
    "hidden_text",
    "lock_path",
    "lock_text",
    "read_lock",
    "read_manifest",
]

#: What npm writes of the packages that are there, below the project.
HIDDEN = "node_modules/.package-lock.json"
SECTIONS = (
    "dependencies",
    "devDependencies",
    "optionalDependencies",
    "peerDependencies",
)
_LOCKS = ("npm-shrinkwrap.json", "package-lock.json")
_INDENT = re.compile(r"\s*\{(?:\r?\n)+([ \t]+)")
_EMPTY = re.compile(r"\s*\{\s*\}\s*")
_SURROGATE = re.compile("[\ud800-\udfff]")
# How npm orders names: signs, then digits, then letters without regard to case.
_SIGNS = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"


def find_project(start: Path) -> Path:
    """The nearest folder with a package.json or node_modules; else where one is."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if folder.name == "node_modules":
            continue
        if (folder / "package.json").is_file() or (folder / "node_modules").is_dir():
            return folder
    return start


def collate(text: str) -> tuple[list[tuple[int, str]], str]:
    """A key that sorts names as npm does."""

    def rank(char: str) -> tuple[int, str]:
        at = _SIGNS.find(char)
        if at >= 0:
            return at, ""
        return (50 if char.isdigit() else 60), char.lower()

    return [rank(char) for char in text], text.swapcase()


class Manifest:
    """A package.json.

    Attributes:
        data: What it says.
    """

    def __init__(self, path: Path, data: dict[str, Any], text: str = "") -> None:
        self.path = path
        self.data = data
        self._text = text

    def sections(self, name: str) -> list[str]:
        """Where a dependency stands."""
        return [s for s in SECTIONS if name in (self.data.get(s) or {})]

    def put(self, section: str, name: str, value: str) -> None:
        """Write a dependency into a section, and out of the others but peers."""
        for other in SECTIONS[:3]:
            if other != section:
                self.drop(other, name)
        known = dict(self.data.get(section) or {})
        known[name] = value
        self.data[section] = {key: known[key] for key in sorted(known, key=collate)}

    def drop(self, section: str, name: str) -> None:
        """Take a dependency out of a section."""
        known = self.data.get(section)
        if isinstance(known, dict) and name in known:
            del known[name]
            if not known:
                del self.data[section]

    def entry(self) -> dict[str, Any]:
        """Of the project itself, for the lock file."""
        found = {
            key: self.data[key]
            for key in ("name", "version")
            if isinstance(self.data.get(key), str)
        }
        rest = entry_of({**self.data, "name": None})
        rest.pop("version")
        found.update(rest)
        optional = self.data.get("optionalDependencies") or {}
        for key in SECTIONS:
            if value := self.data.get(key):
                kept = {
                    k: v
                    for k, v in value.items()
                    if key != "dependencies" or k not in optional
                }
                found.pop(key, None)
                if kept:
                    found[key] = kept
        return found

    def text(self) -> str:
        """What to write."""
        return _dump(self.data, self._text)


def _dump(data: object, like: str = "") -> str:
    """JSON with the indentation and line ends of another text."""
    match = _INDENT.match(like)
    form: dict[str, Any] = {"indent": match[1] if match else 2}
    if like and not match and not _EMPTY.fullmatch(like):  # all in one line
        form = {"separators": (",", ":")}
    text = json.dumps(data, ensure_ascii=False, **form)
    if not text.isascii() and _SURROGATE.search(text):  # half a character
        text = json.dumps(data, **form)
    text += "\n" if not like or like.endswith("\n") else ""
    return text.replace("\n", "\r\n") if "\r\n" in like else text


def _load(path: Path) -> tuple[dict[str, Any], str]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProjectError(f"{path} is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise ProjectError(f"{path} is no JSON object")
    return data, text


def read_manifest(project: Path) -> Manifest:
    """The project's package.json; an empty one where there is none.

    Raises:
        ProjectError: it cannot be used.
    """
    path = project / "package.json"
    try:
        data, text = _load(path)
    except FileNotFoundError:
        return Manifest(path, {})
    for section in SECTIONS:
        value = data.get(section)
        if value is None:
            data.pop(section, None)
        elif not isinstance(value, dict) or not all(
            isinstance(each, str) for each in value.values()
        ):
            raise ProjectError(f"{path}: {section} must map names to versions")
    if data.get("workspaces"):
        raise ProjectError(f"{path} has workspaces, which are not supported: use npm")
    return Manifest(path, data, text)


# === lock files ===


class Locked(NamedTuple):
    """What a lock file says.

    Attributes:
        root: The project with its packages in their places.
        others: Entries that are no package of a registry's tree, to be kept.
        text: The file as it was.
    """

    root: Node
    others: dict[str, Any]
    text: str


def lock_path(project: Path) -> Path:
    """The lock file: npm-shrinkwrap.json where there is one."""
    first = project / _LOCKS[0]
    return first if first.is_file() else project / _LOCKS[1]


def read_lock(path: Path) -> Locked | None:
    """A lock file; None where there is none.

    Raises:
        ProjectError: it cannot be used.
    """
    try:
        data, text = _load(path)
    except FileNotFoundError:
        return None
    packages = data.get("packages")
    if not isinstance(packages, dict):
        version = data.get("lockfileVersion", 1)
        raise ProjectError(
            f"{path} has version {version!r}: only 2 and 3 can be read; npm 7 or newer "
            "writes it anew with `npm install --package-lock-only`"
        )
    root = Node("", {})
    others: dict[str, Any] = {}
    for location in sorted(packages, key=lambda text: text.count("node_modules/")):
        entry = packages[location]
        if not isinstance(entry, dict):
            raise ProjectError(f"{path}: {location!r} is no object")
        if location == "":
            root.entry = dict(entry)
        elif not location.startswith("node_modules/"):
            others[location] = entry
        else:
            _put(root, location, dict(entry), path)
    return Locked(root, others, text)


def _put(root: Node, location: str, entry: dict[str, Any], path: Path) -> None:
    """Places come from a file: each part must be a name that a package can have."""
    names = location.removeprefix("node_modules/").split("/node_modules/")
    at: Node | None = root
    for name in names:
        try:
            check_name(name)
        except ValueError:
            raise ProjectError(f"{path}: odd place {location!r}") from None
    for name in names[:-1]:
        at = at.children.get(name) if at else None
    if at is None:
        raise ProjectError(f"{path}: {location!r} lies in a package that is not there")
    at.put(Node(names[-1], entry))


_FIRST = ("name", "version", "lockfileVersion", "resolved", "integrity", "requires")
_FIRST_OBJECTS = {"packages": 0, "dependencies": 1}


def _ordered(value: object) -> object:
    """As npm writes it: some keys first, plain values before objects."""
    if isinstance(value, list):
        return [_ordered(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    known = [key for key in _FIRST if key in value]
    others = sorted((key for key in value if key not in _FIRST), key=collate)
    plain = [key for key in others if not isinstance(value[key], Mapping)]
    objects = [key for key in others if isinstance(value[key], Mapping)]
    objects.sort(key=lambda key: _FIRST_OBJECTS.get(key, len(_FIRST_OBJECTS)))
    return {key: _ordered(value[key]) for key in (*known, *plain, *objects)}


def _entries(nodes: Iterable[Node], with_address: bool) -> dict[str, Any]:
    found = {}
    for node in nodes:
        entry = dict(node.entry)
        if not with_address and entry.get("integrity"):
            entry.pop("resolved", None)
        found[node.location] = entry
    return found


def lock_text(manifest: Manifest, locked: Locked, *, with_address: bool = True) -> str:
    """The lock file of a tree, for all machines."""
    root = locked.root
    packages = {**locked.others, **_entries(root.walk(), with_address)}
    packages[""] = manifest.entry()
    return _lock(manifest, packages, locked.text)


def hidden_text(
    manifest: Manifest, nodes: Iterable[Node], *, with_address: bool = True
) -> str:
    """The lock file of what is there, within node_modules."""
    return _lock(manifest, _entries(nodes, with_address), "")


def _lock(manifest: Manifest, packages: Mapping[str, Any], like: str) -> str:
    data: dict[str, Any] = {"name": manifest.path.parent.name}
    for key in ("name", "version"):
        if isinstance(manifest.data.get(key), str):
            data[key] = manifest.data[key]
    data.update(lockfileVersion=3, requires=True)
    ordered: dict[str, Any] = {}
    for location in sorted(packages, key=collate):
        ordered[location] = _ordered(packages[location])
    data["packages"] = ordered
    return _dump(data, like)
