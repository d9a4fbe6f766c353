"""Which version goes where: npm's plain hoisted ``node_modules``.

A tree starts from the lock file and is repaired: each edge that finds nothing, or the
wrong version, gets a package at the shallowest place where it disturbs nobody. What
still fits stays where it is. Peers are placed beside who asks for them, all at once
or not there; after npm's manual on ``peerDependencies``.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from .errors import NotFoundError, ResolveError, SpecError
from .node import Edge, Node, entry_of, reach
from .spec import Spec, is_older, parse_value, pick

__all__ = ["Source", "Tree"]

_MOST_STEPS = 50_000


class Source(Protocol):
    """Where documents come from."""

    def prefetch(self, names: Iterable[str]) -> None:
        """These will be asked for soon."""

    def document(self, name: str) -> dict[str, Any]:
        """What a registry says of a package."""

    def bundle(self, name: str, entry: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The package.json of each package within a tarball."""


class _Conflict(Exception):
    """It cannot be placed there; the text says who objects."""


class Tree:
    """The packages of a project.

    Attributes:
        root: The project.
        notes: What the user should know.
        broken: Optional packages of which something is missing at the registry.
    """

    def __init__(
        self,
        root: Node,
        source: Source,
        *,
        peers: bool = True,
        force: bool = False,
        overrides: Mapping[str, str] | None = None,
    ) -> None:
        self.root = root
        self.source = source
        self.notes: list[str] = []
        self.broken: set[Node] = set()
        self._peers = peers
        self._force = force
        self._overrides = dict(overrides or {})
        self._accepted: set[tuple[Node, str]] = set()
        self._serial = itertools.count()
        self._waiting: list[tuple[int, str, int, Node]] = []
        self._fresh: set[Node] = {root}
        self._explicit: set[str] = set()

    def settle(self, explicit: Iterable[str] = ()) -> None:
        """Place what is missing, and take out what nobody asks for any more.

        Args:
            explicit: dependencies of the project to be looked up again though what is
                there would do.

        Raises:
            ResolveError: no set of versions does what all ask for.
            RegistryError: a registry does not know, or cannot be asked.
            SpecError: a package that is needed is in no registry.
        """
        self._explicit = set(explicit)
        for node in self.root.walk():
            self._queue(node)
        for _ in range(_MOST_STEPS):
            if not self._waiting:
                break
            node = heapq.heappop(self._waiting)[3]
            if node.is_in_tree:
                self._repair(node)
        else:
            raise ResolveError("the packages ask for each other without an end")
        self._prune()

    def _queue(self, node: Node) -> None:
        entry = (node.depth, node.location, next(self._serial), node)
        heapq.heappush(self._waiting, entry)

    def _prune(self, follow: Callable[[Edge], bool] | None = None) -> None:
        kept = reach(self.root, follow or self._counts)
        for node in list(self.root.walk()):
            if node.parent and node not in kept and not node.is_bundled:
                node.parent.children.pop(node.name, None)

    def _finds(self, edge: Edge) -> bool:
        """Whether an edge finds what it may keep."""
        counted, target = self._counted(edge), edge.target()
        if counted is None or target is None:
            return self._counts(edge)
        return counted.accepts(target)

    def _counts(self, edge: Edge) -> bool:
        return self._peers or not edge.is_peer

    # --- what is wrong ---

    def _counted(self, edge: Edge) -> Edge | None:
        """The edge with the project's override; None where it does not count."""
        if not self._counts(edge) or (edge.owner, edge.name) in self._accepted:
            return None
        value = self._overrides.get(edge.name)
        if value is not None and edge.owner is not self.root:
            return edge._replace(spec=parse_value(edge.name, value))
        return edge

    def _edge(self, node: Node, name: str) -> Edge | None:
        edge = node.edge(name)
        return self._counted(edge) if edge else None

    def _is_problem(self, edge: Edge) -> bool:
        if edge.owner is self.root and edge.name in self._explicit:
            return True
        target = edge.target()
        if target is not None:
            return not edge.accepts(target)
        if edge.is_optional:
            return edge.kind == "optional" and edge.owner in self._fresh
        return True

    def _repair(self, node: Node) -> None:
        counted = filter(None, map(self._counted, node.edges()))
        problems = [edge for edge in counted if self._is_problem(edge)]
        if node is self.root:
            self._explicit.update(edge.name for edge in problems)
        self.source.prefetch(
            edge.spec.package for edge in problems if edge.spec.kind != "foreign"
        )
        for edge in problems:
            if not self._is_problem(edge):  # an earlier one brought it
                continue
            try:
                self._place(edge)
            except (NotFoundError, SpecError) as error:
                self._miss(edge, error)
            if node is self.root:
                self._explicit.discard(edge.name)

    def _miss(self, edge: Edge, error: Exception) -> None:
        """Go on without a package, if that is allowed."""
        if edge.kind != "optional":
            needed = reach(self.root, lambda each: not each.is_optional)
            if edge.owner in needed:
                raise self._chained(edge, error) from None
            self.broken.add(edge.owner)
        self._accepted.add((edge.owner, edge.name))
        self.notes.append(f"left out, as it is optional: {error}")

    def _chained(self, edge: Edge, error: Exception) -> Exception:
        """The error with who asks for it, if that is not the project."""
        if edge.owner is self.root:
            return error
        return type(error)(f"{error} (asked for by {self._path(edge.owner)})")

    def _path(self, node: Node) -> str:
        """A way from the project to a package."""
        before: dict[Node, Node] = {}
        waiting = [self.root]
        while waiting and node not in before:
            at = waiting.pop(0)
            for edge in at.edges():
                target = edge.target()
                if target and target not in before:
                    before[target] = at
                    waiting.append(target)
        names = [node.title]
        while node in before and before[node] is not self.root:
            node = before[node]
            names.append(node.title)
        return " of ".join(names)

    # --- placing ---

    def _pick(self, spec: Spec, also: Iterable[str] = ()) -> dict[str, Any]:
        """The entry of the version to take."""
        if spec.kind == "foreign":
            raise SpecError(
                f"{spec.name}@{spec.raw}: files, git repositories and addresses of "
                "tarballs are not supported, only packages of a registry"
            )
        document = self.source.document(spec.package)
        version = pick(spec, document, also)
        manifest = document["versions"][version]
        entry = entry_of({**manifest, "name": spec.package}, spec.name)
        entry["version"] = version
        return entry

    def _pick_for(self, edge: Edge) -> dict[str, Any]:
        """The version for an edge; for a peer one that the others beside it accept."""
        if edge.is_peer:
            try:
                return self._pick(edge.spec, self._ranges(edge.start, edge.name, edge))
            except NotFoundError:
                pass  # placing says who objects
        return self._pick(edge.spec)

    def _place(self, edge: Edge) -> None:
        entry = self._pick_for(edge)
        start, best = edge.start, None
        why = ""
        for place in start.up():
            try:
                plan = self._plan(place, edge, entry, is_start=place is start)
            except _Conflict as conflict:
                why = why or str(conflict)
                break
            best = (place, plan)
            if edge.name in place.children:
                break  # further up it would not be found
        if best is None:
            best = self._anyway(edge, entry, why)
        place, plan = best
        for name, each in plan.items():
            self._put(place, name, each)

    def _anyway(
        self, edge: Edge, entry: dict[str, Any], why: str
    ) -> tuple[Node, dict[str, dict[str, Any]]]:
        """Where peers disagree below the project, npm goes on, and so it is here."""
        title = f"{edge.name}@{entry['version']}"
        if edge.owner is self.root and not self._force:
            raise ResolveError(
                f"{title} does not fit: {why}; ask for versions that do, or set "
                "legacy-peer-deps=true in .npmrc"
            )
        self.notes.append(f"{title} for {edge.owner.title} against: {why}")
        if edge.is_peer:
            self._accepted.add((edge.owner, edge.name))
            if edge.target():
                return edge.start, {}
        for node in (edge.start, *edge.start.children.values()):
            peer = node.edge(edge.name)
            if peer and peer.is_peer and peer.owner is not self.root:
                self._accepted.add((node, edge.name))
        return edge.start, {edge.name: entry | {"_accepted": True}}

    def _put(self, place: Node, name: str, entry: dict[str, Any]) -> None:
        accepted = entry.pop("_accepted", False)
        old = place.children.get(name)
        if old and old.entry.get("integrity") == entry.get("integrity") is not None:
            self._fresh.add(old)  # what it asked for may have changed since
            self._queue(old)
            return
        node = Node(name, entry)
        if place.put(node):
            self._prune(self._finds)  # what only the old one wanted
        self._fresh.add(node)
        if accepted:
            self._accepted.update((node, e.name) for e in node.edges() if e.is_peer)
        if entry.get("bundleDependencies"):
            self._put_bundle(node)
        self._queue(node)
        self._dedupe(place, node)
        for other in place.walk():  # who found another one until now
            if other is not node and other.edge(name):
                self._queue(other)

    def _dedupe(self, place: Node, new: Node) -> None:
        """Take out what a package makes needless deeper down, as npm does."""
        for node in list(place.walk()):
            if node.name != new.name or node is new or node.is_bundled:
                continue
            holder = node.parent
            if holder is None or holder.parent is None or not node.is_in_tree:
                continue
            other = holder.parent.resolve(node.name)
            if other is None:
                continue
            same = other.entry.get("integrity") == node.entry.get("integrity")
            if same or (
                not is_older(other.version, node.version)
                and all(edge.accepts(other) for edge in self._users(holder, node))
            ):
                del holder.children[node.name]

    def _users(self, holder: Node, node: Node) -> list[Edge]:
        """The edges that find a package."""
        edges = (self._edge(each, node.name) for each in holder.walk())
        return [edge for edge in edges if edge and edge.target() is node]

    def _put_bundle(self, node: Node) -> None:
        found = self.source.bundle(node.package, node.entry)
        for location in sorted(found, key=lambda text: text.count("/")):
            names = [part.strip("/") for part in location.split("node_modules/")[1:]]
            at: Node | None = node
            for name in names[:-1]:
                at = at.children.get(name) if at else None
            if at is not None:
                entry = entry_of(found[location], names[-1])
                child = Node(names[-1], {**entry, "inBundle": True})
                at.put(child)
                self._queue(child)

    def _plan(
        self, place: Node, edge: Edge, entry: dict[str, Any], *, is_start: bool
    ) -> dict[str, dict[str, Any]]:
        """The package and the peers that must come with it, all for one place."""
        chosen: dict[str, dict[str, Any]] = {}
        self._choose(place, edge.name, entry, chosen, edge, is_start)
        return chosen

    def _choose(
        self,
        place: Node,
        name: str,
        entry: dict[str, Any],
        chosen: dict[str, dict[str, Any]],
        edge: Edge,
        is_start: bool,
    ) -> None:
        """Add a package to what is chosen for a place, and its peers.

        Raises:
            _Conflict: somebody objects.
        """
        self._check(place, name, entry, edge, is_start)
        chosen[name] = entry
        for peer in Node(name, entry, place).edges():
            if not peer.is_peer or not self._peers:
                continue
            there = place.resolve(peer.name)
            if peer.name in chosen:
                there = Node(peer.name, chosen[peer.name])
            if there and peer.accepts(there):
                continue
            if there is None and peer.is_optional:
                continue
            title = f"{name}@{entry['version']} asks for {peer.name}@{peer.spec.raw}"
            if peer.name in chosen:
                raise _Conflict(
                    f"{title}, but {there.title if there else ''} is chosen"
                )
            ranges = self._ranges(place, peer.name, edge)
            try:
                found = self._pick(peer.spec, ranges)
            except NotFoundError:
                others = " and ".join(ranges)
                raise _Conflict(f"{title}, others for {others}") from None
            try:
                self._choose(place, peer.name, found, chosen, peer, is_start)
            except _Conflict as conflict:
                raise _Conflict(f"{title}, and {conflict}") from None

    def _ranges(self, place: Node, name: str, edge: Edge) -> list[str]:
        """What else a package beside others has to satisfy at a place."""
        found = []
        for node in (place, *place.children.values()):
            other = self._edge(node, name)
            if (
                other
                and other.start is place
                and not self._same(other, edge)
                and other.spec.kind in ("version", "range")
                and not self._is_pending(node)
            ):
                found.append(other.spec.wanted)
        return [text for text in dict.fromkeys(found) if text not in ("", "*")]

    def _is_pending(self, node: Node) -> bool:
        """Whether a dependency of the project is about to be placed anew."""
        return node.parent is self.root and node.name in self._explicit

    def _check(
        self,
        place: Node,
        name: str,
        entry: dict[str, Any],
        edge: Edge,
        is_start: bool,
    ) -> None:
        """Whether a package may lie at a place.

        Raises:
            _Conflict: it would take the place of what others need.
        """
        new = Node(name, entry)
        old = place.children.get(name)
        if old is not None and old.is_bundled:
            raise _Conflict(f"{place.title} brings its own {old.title}")
        if old is not None and not is_start and is_older(new.version, old.version):
            raise _Conflict(f"{old.title} is there, and newer")
        above = set(place.up())
        for node in place.walk():
            other = self._edge(node, name)
            if (
                other is None
                or node is old
                or other.accepts(new)
                or self._same(other, edge)
                or self._is_pending(node)
            ):
                continue
            fixed = other.start is place  # it cannot get one of its own
            target = other.target()
            if fixed or (
                not is_start
                and target is not None
                and target.parent in above
                and other.accepts(target)
            ):
                raise _Conflict(f"{other.owner.title} asks for {name}@{other.spec.raw}")

    @staticmethod
    def _same(one: Edge, other: Edge) -> bool:
        return one.owner is other.owner and one.name == other.name
