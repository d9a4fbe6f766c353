"""What a project has: each dependency with what is there for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .disk import version_of
from .node import Edge, Node
from .project import HIDDEN, lock_path, read_lock, read_manifest

__all__ = ["Package", "installed", "package_of"]


@dataclass(frozen=True)
class Package:
    """One package of a project.

    Attributes:
        name: The folder in ``node_modules``.
        version: The one that is there; empty where none is.
        wanted: What package.json asks for.
        kind: ``prod``, ``dev``, ``optional`` or ``peer``.
        path: Its folder.
        problem: ``missing`` or ``invalid``; empty if all is well.
    """

    name: str
    version: str
    wanted: str
    kind: str
    path: Path
    problem: str = ""

    def __str__(self) -> str:
        return f"{self.name}@{self.version or self.wanted}"


def installed(project: Path) -> Node:
    """The project with the packages that are on its disk.

    Raises:
        ProjectError: a file of the project cannot be used.
    """
    manifest = read_manifest(project)
    locked = read_lock(project / HIDDEN) or read_lock(lock_path(project))
    root = locked.root if locked else Node("", {})
    root.entry = dict(manifest.data)
    root.forget_edges()
    for node in list(root.walk()):
        if node.parent and node.is_in_tree and not node.is_foreign:
            there = version_of(project / node.location)
            if there:
                node.entry["version"] = there
            else:
                del node.parent.children[node.name]
    return root


def package_of(edge: Edge, project: Path) -> Package:
    """What is there for a dependency."""
    target = edge.target()
    place = target.location if target else f"node_modules/{edge.name}"
    problem = ""
    if target is None:
        problem = "" if edge.is_optional else "missing"
    elif not edge.accepts(target):
        problem = "invalid"
    return Package(
        edge.name,
        target.version if target else "",
        edge.spec.raw or "*",
        edge.kind,
        project / place,
        problem,
    )
