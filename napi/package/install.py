"""Adding and removing packages: from what is asked for to what lies on the disk."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import platform
from .archive import bundled, unpack
from .cache import Cache, default_folder
from .change import Work, locked
from .config import Config, load
from .disk import link_commands, version_of
from .errors import ArchiveError, PlatformError, ProjectError, SpecError
from .node import Edge, Node, flag, reach, strings
from .project import (
    HIDDEN,
    SECTIONS,
    Locked,
    hidden_text,
    lock_path,
    lock_text,
    read_lock,
    read_manifest,
)
from .registry import Registry
from .report import Report
from .spec import Spec, covers, parse
from .tree import Tree

__all__ = ["Request", "Result", "install"]


@dataclass
class Request:
    """What is wanted.

    Attributes:
        add: Specifiers of packages.
        remove: Names of dependencies.
        section: Where added ones are written; empty for where they are already.
        exact: Whether versions are written without ``^``.
        offline: Whether only the cache may answer.
        settings: What wins over npm's configuration.
    """

    add: Sequence[str] = ()
    remove: Sequence[str] = ()
    section: str = ""
    exact: bool = False
    offline: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Result:
    """What was done.

    Attributes:
        project: The folder of the project.
        nodes: The packages that were asked for.
        added: Packages that were not there, as ``name@version``.
        removed: Packages that are gone.
        notes: What the user should know.
    """

    project: Path
    nodes: list[Node] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def install(project: Path, request: Request, report: Report) -> Result:
    """Do what is asked, or nothing.

    Raises:
        PackageError: it cannot be done; the project is as it was.
        OSError: the disk refuses; the project is as it was.
    """
    specs = [parse(text) for text in request.add]

    def waits(holder: str) -> None:
        by = f" (process {holder})" if holder.isdigit() else ""
        report.note(f"another napi is at work in {project}{by}: waiting for it")

    with locked(project, waits) as work:
        if work.recover():
            report.note("an interrupted run was undone")
        config = load(project, request.settings)
        cache = Cache(default_folder())
        cache.sweep()
        registry = Registry(config, cache, request.offline)
        registry.told = report.received
        try:
            run = _Run(work, config, registry, request, report)
            result = run.run(specs)
        finally:
            registry.close()
    with suppress(OSError):
        os.utime(project / HIDDEN)  # npm believes it while nothing is newer
    return result


class _Source:
    """Documents for the tree; packages within tarballs, which it must download."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.prefetch = registry.prefetch
        self.document = registry.document

    def bundle(self, name: str, entry: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The package.json of each package within a tarball."""
        path = self.registry.fetch(name, entry).result()
        try:
            return bundled(path)
        except ArchiveError as error:
            raise ArchiveError(f"{name}@{entry.get('version')}: {error}") from None


class _Run:
    def __init__(
        self,
        work: Work,
        config: Config,
        registry: Registry,
        request: Request,
        report: Report,
    ) -> None:
        self.work = work
        self.project = work.project
        self.config = config
        self.registry = registry
        self.request = request
        self.report = report
        self.manifest = read_manifest(self.project)
        self.with_lock = config.flag("package-lock", True)
        self.hidden = _tolerant(self.project / HIDDEN)
        found = read_lock(lock_path(self.project)) if self.with_lock else None
        self.locked = found or self.hidden or Locked(Node("", {}), {}, "")
        if found is None:
            self.locked = self.locked._replace(text="")
        self.before = {node.location for node in self.locked.root.walk()}
        if self.hidden:
            self.before |= {node.location for node in self.hidden.root.walk()}
        self.result = Result(self.project)

    def run(self, specs: Sequence[Spec]) -> Result:
        """All of it."""
        root = self.locked.root
        if not specs and not self.manifest.path.exists():
            raise ProjectError(
                f"{self.project} has no package.json: name a package to add"
            )
        for spec in specs:
            value = spec.raw or self._known(spec.name) or "*"
            self.manifest.put(self._section(spec.name), spec.name, value)
        self._remove()
        tree = Tree(
            self._rooted(),
            _Source(self.registry),
            peers=not self.config.flag("legacy-peer-deps"),
            force=self.config.flag("force"),
            overrides=self._overrides(),
        )
        tree.settle([spec.name for spec in specs])
        for spec in specs:
            if spec.raw or self._known(spec.name) == "*":
                self._save(spec, root.children[spec.name])
        self._rooted()
        flag(root)
        present = self._present(tree.broken)
        self._fill(present)
        for text in (*tree.notes, *self.registry.notes, *self._warnings(present)):
            self.report.note(text)
            self.result.notes.append(text)
        self.result.nodes = [root.children[spec.name] for spec in specs]
        return self.result

    def _rooted(self) -> Node:
        root = self.locked.root
        root.entry = dict(self.manifest.data)
        root.forget_edges()
        return root

    def _known(self, name: str) -> str:
        """What package.json asks for already, which a bare name leaves as it is."""
        sections = self.manifest.sections(name)
        return str(self.manifest.data[sections[0]][name]) if sections else ""

    def _section(self, name: str) -> str:
        if self.request.section:
            return self.request.section
        return next(iter(self.manifest.sections(name)), SECTIONS[0])

    def _remove(self) -> None:
        for name in self.request.remove:
            sections = self.manifest.sections(name)
            if not sections:
                known = sorted(
                    each for s in SECTIONS for each in self.manifest.data.get(s) or {}
                )
                raise SpecError(
                    f"{name} is no dependency of {self.project}; it has: "
                    f"{', '.join(known) or 'none'}"
                )
            for section in sections:
                self.manifest.drop(section, name)

    def _overrides(self) -> dict[str, str]:
        found = {}
        given = self.manifest.data.get("overrides") or {}
        if not isinstance(given, dict):
            raise ProjectError(f"{self.manifest.path}: overrides must be an object")
        for name, value in given.items():
            if not isinstance(value, str) or "@" in name[1:]:
                raise ProjectError(
                    f"{self.manifest.path}: overrides for {name!r} are not supported: "
                    "only a version by the name of a package"
                )
            if value.startswith("$"):
                own = [self.manifest.data.get(s) or {} for s in SECTIONS]
                value = next((o[value[1:]] for o in own if value[1:] in o), value)
            found[name] = value
        return found

    def _save(self, spec: Spec, node: Node) -> None:
        """What package.json says: ``^version``, if all of that was asked for."""
        exact = self.request.exact or self.config.flag("save-exact")
        prefix = "" if exact else self.config.text("save-prefix", "^")
        any_ = spec.wanted in ("", "*")
        if spec.kind == "range" and not any_ and not covers(spec.wanted, node.version):
            value = spec.raw
        else:
            value = prefix + node.version
            if spec.package != spec.name:
                value = f"npm:{spec.package}@{value}"
        self.manifest.put(self._section(spec.name), spec.name, value)

    # --- this machine ---

    def _present(self, broken: Iterable[Node]) -> set[Node]:
        """What belongs on this machine's disk: npm's rules for os, cpu and libc."""
        root = self.locked.root
        omitted = self._omitted()
        bad = {node: "" for node in broken}
        for node in root.walk():
            if node.parent and (why := self._unfit(node)):
                bad[node] = why

        def counts(edge: Edge) -> bool:
            target = edge.target()
            kind = "peer" if edge.is_peer else edge.kind
            return kind not in omitted and target not in bad

        while True:
            present = reach(root, counts)
            worse = self._incomplete(present, bad, omitted)
            if not worse:
                break
            bad.update(worse)
        return present - {root}

    def _incomplete(
        self, present: set[Node], bad: Mapping[Node, str], omitted: set[str]
    ) -> dict[Node, str]:
        """Who needs something that is not for this machine."""
        found = {}
        for node in present:
            for edge in node.edges():
                target = edge.target()
                if target not in bad or edge.is_optional or edge.kind in omitted:
                    continue
                assert target is not None
                why = bad[target] or f"{target.title} cannot be had"
                if node is self.locked.root:
                    raise PlatformError(why)
                found[node] = why
        return found

    def _unfit(self, node: Node) -> str:
        text = self.config.text
        system = text("os", platform.system())
        here = {
            "os": system,
            "cpu": text("cpu", platform.machine()),
            "libc": text("libc", platform.libc() if system == "linux" else ""),
        }
        for key, value in here.items():
            listed = node.entry.get(key)
            names = listed if isinstance(listed, list) else [listed or "any"]
            wanted = [str(name) for name in names]
            if not platform.fits(wanted, value):
                shown = ", ".join(wanted)
                return (
                    f"{node.title} is not for this machine: it wants {key} {shown}, "
                    f"here is {value or 'none'}"
                )
        return ""

    def _omitted(self) -> set[str]:
        """The kinds of edges whose packages stay away: npm's ``omit``."""
        listed = self.config.lists.get("omit", []) + self.config.text("omit").split()
        found = set(" ".join(listed).replace(",", " ").split())
        if os.environ.get("NODE_ENV") == "production":
            found.add("dev")
        included = self.config.lists.get("include", [])
        return found - {*included, *self.config.text("include").split()}

    def _warnings(self, present: Iterable[Node]) -> list[str]:
        added = set(self.result.added)
        fresh = sorted({n for n in present if n.title in added}, key=lambda n: n.title)
        found = [
            f"{node.title} is deprecated: {node.entry['deprecated']}"
            for node in fresh
            if node.entry.get("deprecated")
        ]
        scripts = [node.title for node in fresh if node.entry.get("hasInstallScript")]
        if scripts:
            found.append(f"install scripts never run; left alone: {', '.join(scripts)}")
        if not self.config.flag("strict-ssl", True):
            found.append("strict-ssl=false: certificates are not checked")
        return found

    # --- the disk ---

    def _fill(self, present: set[Node]) -> None:
        """Download, unpack, and change the project in one step."""
        by_place = {node.location: node for node in present}
        new = self._missing(by_place)
        gone = [
            place
            for place in self.before - by_place.keys() - {""}
            if os.path.lexists(self.project / place)
        ]
        top = self._topmost([*new, *gone])
        stages: dict[str, Path] = {}
        for place in sorted(top, key=lambda each: (each.count("/"), each)):
            if place in by_place:
                stages[place] = self.work.stage(place)
            else:
                self.work.remove(place)
        self._unpack([by_place[place] for place in new], stages)
        self.result.added = sorted({by_place[place].title for place in new})
        self.result.removed = sorted(
            place.removeprefix("node_modules/") for place in gone
        )
        self._commit(sorted(present, key=lambda node: node.location))

    def _missing(self, by_place: Mapping[str, Node]) -> list[str]:
        """Places where nothing is, or something else, nearest to the root first."""
        hidden = (
            {node.location: node for node in self.hidden.root.walk()}
            if self.hidden
            else {}
        )
        found: list[str] = []
        again: set[str] = set()
        for place in sorted(by_place, key=lambda each: each.count("node_modules/")):
            node = by_place[place]
            if node.is_bundled:
                continue
            assert node.parent is not None
            moved = any(each.location in again for each in node.parent.up())
            known = hidden.get(place)
            if node.is_foreign:
                if moved or not os.path.lexists(self.project / place):
                    raise ProjectError(
                        f"{node.title} is not from a registry, and has to be brought "
                        "again: run `npm install`"
                    )
                continue
            same = known is not None and (
                known.entry.get("integrity") == node.entry.get("integrity")
            )
            if not moved and same and version_of(self.project / place) == node.version:
                continue
            found.append(place)
            again.add(place)
        return found

    @staticmethod
    def _topmost(places: Iterable[str]) -> set[str]:
        """Without those that lie within another one."""
        known = set(places)

        def above(place: str) -> Iterable[str]:
            while "/node_modules/" in place:
                place = place.rpartition("/node_modules/")[0]
                yield place

        return {place for place in known if not any(a in known for a in above(place))}

    def _unpack(self, nodes: Sequence[Node], stages: Mapping[str, Path]) -> None:
        self.report.start(len(nodes))
        jobs: list[tuple[Node, Future[Path]]] = [
            (node, self.registry.fetch(node.package, node.entry)) for node in nodes
        ]
        for node, job in jobs:  # from the root down, as the folders nest
            source = job.result()
            target = self._stage_of(node, stages)
            if target.exists():  # something of its own, where another one is wanted
                shutil.rmtree(target)
            try:
                unpack(source, target)
                self._check(node, target)
            except ArchiveError as error:
                raise ArchiveError(f"{node.title}: {error}") from None
            self.report.done(node.title)

    def _stage_of(self, node: Node, stages: Mapping[str, Path]) -> Path:
        place = node.location
        for above in node.up():
            if above.location in stages:
                rest = place[len(above.location) :].lstrip("/")
                return stages[above.location] / rest
        raise AssertionError(f"{place} has no stage")

    @staticmethod
    def _check(node: Node, folder: Path) -> None:
        """A tarball holds the package that it is said to hold."""
        try:
            data = json.loads((folder / "package.json").read_bytes())
            version = data["version"]
        except (OSError, ValueError, KeyError, TypeError):
            raise ArchiveError("it has no usable package.json") from None
        if not isinstance(version, str) or version.lstrip("v= ") != node.version:
            raise ArchiveError(f"the tarball holds version {version}")
        if isinstance(data.get("license"), str):
            node.entry.setdefault("license", data["license"])
        scripts = strings(data.get("scripts")).keys()
        if scripts & {"preinstall", "install", "postinstall"} or (
            (folder / "binding.gyp").is_file() and data.get("gypfile") is not False
        ):
            node.entry["hasInstallScript"] = True
        for path in strings(node.entry.get("bin")).values():
            command = folder / path
            if command.is_file() and not command.is_symlink():
                command.chmod(0o755)

    def _commit(self, present: Sequence[Node]) -> None:
        with_address = not self.config.flag("omit-lockfile-registry-resolved")
        texts: list[tuple[Path, str]] = []
        if self.manifest.data or self.manifest.path.exists():
            texts.append((self.manifest.path, self.manifest.text()))
        if self.with_lock:
            text = lock_text(self.manifest, self.locked, with_address=with_address)
            texts.append((lock_path(self.project), text))
        if present or (self.project / HIDDEN).exists():
            text = hidden_text(self.manifest, present, with_address=with_address)
            texts.append((self.project / HIDDEN, text))
        for path, text in texts:
            if not _same_text(path, text):
                self.work.write(path, text)
        self.work.commit()
        if self.config.flag("bin-links", True):
            link_commands(self.project, present)


def _tolerant(path: Path) -> Locked | None:
    """The hidden lock file; one that cannot be used is as good as none."""
    try:
        return read_lock(path)
    except ProjectError:
        return None


def _same_text(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode()
    except OSError:
        return False
