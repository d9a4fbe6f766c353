"""A package in its place in the tree, and what it asks for.

A node's ``entry`` has the form of npm's lock file (version 3), so that reading and
writing one loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from .spec import Spec, check_name, parse_value, satisfies

__all__ = ["Edge", "Node", "entry_of", "flag", "strings"]

_REMOTE = ("git+", "git:", "github:", "file:", "link:")


class Edge(NamedTuple):
    """One dependency.

    Attributes:
        owner: Who asks.
        spec: What for.
        kind: ``prod``, ``dev``, ``optional``, ``peer`` or ``peerOptional``.
    """

    owner: Node
    spec: Spec
    kind: str

    @property
    def name(self) -> str:
        """The folder it is looked for in."""
        return self.spec.name

    @property
    def is_peer(self) -> bool:
        """Whether it is looked for beside its owner, not within."""
        return self.kind.startswith("peer")

    @property
    def is_optional(self) -> bool:
        """Whether it may be missing."""
        return self.kind in ("optional", "peerOptional")

    @property
    def start(self) -> Node:
        """Where the search begins."""
        return self.owner.parent or self.owner if self.is_peer else self.owner

    def target(self) -> Node | None:
        """What it finds in the tree as it is."""
        return self.start.resolve(self.name)

    def accepts(self, target: Node) -> bool:
        """Whether a package is what it asks for."""
        if target.is_foreign or self.spec.kind == "foreign":
            return target.is_foreign
        if target.package != self.spec.package:
            return False
        return self.spec.kind == "tag" or satisfies(target.version, self.spec.wanted)

    def __str__(self) -> str:
        return f"{self.spec} ({self.owner.title})"


class Node:
    """A package at a place; the root is the project."""

    def __init__(
        self, name: str, entry: dict[str, Any], parent: Node | None = None
    ) -> None:
        self.name = name
        self.entry = entry
        self.parent = parent
        self.children: dict[str, Node] = {}
        self._edges: dict[str, Edge] | None = None

    @property
    def package(self) -> str:
        """Its name at the registry."""
        return str(self.entry.get("name") or self.name)

    @property
    def version(self) -> str:
        """Its version."""
        return str(self.entry.get("version") or "")

    @property
    def title(self) -> str:
        """How a message calls it."""
        if self.parent is None:
            return "the project"
        return f"{self.package}@{self.version}"

    @property
    def location(self) -> str:
        """Its folder below the project: ``node_modules/a/node_modules/b``."""
        if self.parent is None:
            return ""
        above = self.parent.location
        return f"{above}/node_modules/{self.name}".lstrip("/")

    @property
    def depth(self) -> int:
        """How many node_modules it lies in."""
        return 0 if self.parent is None else self.parent.depth + 1

    @property
    def is_foreign(self) -> bool:
        """Whether npm got it from elsewhere than a registry."""
        resolved = str(self.entry.get("resolved") or "")
        return bool(self.entry.get("link")) or resolved.startswith(_REMOTE)

    @property
    def is_bundled(self) -> bool:
        """Whether it came within another package's tarball."""
        return bool(self.entry.get("inBundle"))

    @property
    def is_in_tree(self) -> bool:
        """Whether it still has its place."""
        node = self
        while node.parent is not None:
            if node.parent.children.get(node.name) is not node:
                return False
            node = node.parent
        return True

    def put(self, child: Node) -> Node | None:
        """Give a package its place in this one; returns what was there."""
        old = self.children.get(child.name)
        child.parent = self
        self.children[child.name] = child
        return old

    def walk(self) -> Iterator[Node]:
        """All below, and itself first."""
        yield self
        for child in list(self.children.values()):
            yield from child.walk()

    def up(self) -> Iterator[Node]:
        """Itself, and all it lies in."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def resolve(self, name: str) -> Node | None:
        """What ``require(name)`` finds from here."""
        for node in self.up():
            if name in node.children:
                return node.children[name]
        return None

    def edges(self) -> list[Edge]:
        """What it asks for, by name; the more particular kind of two holds."""
        return list(self._found().values())

    def edge(self, name: str) -> Edge | None:
        """What it asks for under a name."""
        return self._found().get(name)

    def _found(self) -> dict[str, Edge]:
        if self._edges is None:
            found: dict[str, Edge] = {}
            for field, kind in (
                ("peerDependencies", "peer"),
                ("dependencies", "prod"),
                ("optionalDependencies", "optional"),
                ("devDependencies", "dev"),
            ):
                if kind == "dev" and (self.parent or self.entry.get("link")):
                    continue
                for name, value in strings(self.entry.get(field)).items():
                    if kind == "dev" and name in found and not found[name].is_peer:
                        continue
                    check_name(name)
                    real = "peerOptional" if self._may_miss(name, kind) else kind
                    found[name] = Edge(self, parse_value(name, value), real)
            self._edges = {name: found[name] for name in sorted(found)}
        return self._edges

    def forget_edges(self) -> None:
        """After its entry changed."""
        self._edges = None

    def _may_miss(self, name: str, kind: str) -> bool:
        meta = self.entry.get("peerDependenciesMeta")
        own = meta.get(name) if isinstance(meta, dict) else None
        return kind == "peer" and isinstance(own, dict) and bool(own.get("optional"))


def strings(value: object) -> dict[str, str]:
    """A mapping of names to texts; what is something else does not count."""
    if not isinstance(value, Mapping):
        return {}
    return {str(k): v for k, v in value.items() if isinstance(v, str)}


_LISTS = ("os", "cpu", "libc")
_MAPS = ("optionalDependencies", "peerDependencies", "peerDependenciesMeta", "engines")


def entry_of(manifest: Mapping[str, Any], name: str = "") -> dict[str, Any]:
    """The lock file's entry for a version's document or a package.json.

    Args:
        manifest: what the registry or the package says.
        name: the folder, if the package has another name.
    """
    entry: dict[str, Any] = {}
    if name and manifest.get("name") not in (None, name):
        entry["name"] = manifest["name"]
    entry["version"] = str(manifest.get("version") or "")
    dist = manifest.get("dist")
    if isinstance(dist, Mapping):
        tarball = dist.get("tarball")
        # Another address is left for the registry to refuse, not taken for npm's.
        if isinstance(tarball, str) and tarball.startswith(("https://", "http://")):
            entry["resolved"] = tarball
        if isinstance(dist.get("integrity"), str):
            entry["integrity"] = dist["integrity"]
    for key in _LISTS:
        value = manifest.get(key)
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and listed:
            entry[key] = [str(each) for each in listed]
    optional = strings(manifest.get("optionalDependencies"))
    needed = {
        key: value
        for key, value in strings(manifest.get("dependencies")).items()
        if key not in optional
    }
    if needed:
        entry["dependencies"] = needed
    for key in _MAPS:
        if isinstance(manifest.get(key), Mapping) and manifest[key]:
            entry[key] = dict(manifest[key])
    if names := _bundle(manifest, needed):
        entry["bundleDependencies"] = names
    if bins := _bins(manifest):
        entry["bin"] = bins
    for key in ("license", "deprecated"):
        if isinstance(manifest.get(key), str) and manifest[key]:
            entry[key] = manifest[key]
    if manifest.get("hasInstallScript"):
        entry["hasInstallScript"] = True
    if isinstance(funding := manifest.get("funding"), str):
        entry["funding"] = {"url": funding}
    elif funding:
        entry["funding"] = funding
    return entry


def _bundle(manifest: Mapping[str, Any], needed: Mapping[str, str]) -> list[str]:
    value = manifest.get("bundleDependencies", manifest.get("bundledDependencies"))
    if value is True:
        return list(needed)
    return [str(each) for each in value] if isinstance(value, list) else []


def _bins(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The commands a package brings: names without folders, paths within it."""
    value = manifest.get("bin")
    if isinstance(value, str) and value:
        value = {str(manifest.get("name", "")).rpartition("/")[2]: value}
    found = {}
    for name, path in strings(value).items():
        name = name.rpartition("/")[2]
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if name not in ("", ".", "..") and parts and ".." not in parts:
            found[name] = "/".join(parts)
    return found


def flag(root: Node) -> None:
    """Set npm's ``dev``, ``optional``, ``devOptional`` and ``peer`` on all below."""
    everything: Callable[[Edge], bool] = lambda edge: True  # noqa: E731
    reached = {
        "dev": reach(root, lambda edge: edge.kind != "dev"),
        "optional": reach(root, lambda edge: not edge.is_optional),
        "peer": reach(root, lambda edge: not edge.is_peer),
    }
    both = reach(root, lambda edge: edge.kind != "dev" and not edge.is_optional)
    all_ = reach(root, everything)
    for node in root.walk():
        node.entry.pop("extraneous", None)
        if node.is_bundled and node not in all_:
            node.entry["extraneous"] = True
    for node in all_:
        for key in ("dev", "optional", "devOptional", "peer"):
            node.entry.pop(key, None)
        if node is root:
            continue
        for key, nodes in reached.items():
            if node not in nodes:
                node.entry[key] = True
        if node not in both and not {"dev", "optional"} & node.entry.keys():
            node.entry["devOptional"] = True


def reach(root: Node, follow: Callable[[Edge], bool]) -> set[Node]:
    """The nodes that the root comes to by some of the edges."""
    found, waiting = {root}, [root]
    while waiting:
        for edge in waiting.pop().edges():
            target = edge.target() if follow(edge) else None
            if target is not None and target not in found:
                found.add(target)
                waiting.append(target)
    return found
