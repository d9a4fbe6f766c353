"""``napi list``: what a project has."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from rich.tree import Tree

    from ..package.node import Edge, Node
    from . import packages

EXAMPLES = """\
  napi list                            the dependencies of the project
  napi list --all                      theirs too, as a tree
  napi list --json                     for programs
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    from . import packages

    packages.directory(parser)
    parser.add_argument(
        "-a", "--all", action="store_true", help="what the dependencies need, too"
    )
    parser.add_argument("--json", action="store_true", help="JSON instead of a tree")


def run(options: argparse.Namespace) -> int:
    """List the packages; status 1 if one is missing or not as asked for."""
    from . import packages

    sound = True

    def work(report: packages.Terminal) -> None:
        nonlocal sound
        from .. import package

        package.check()
        from ..package.change import is_interrupted
        from ..package.listing import installed
        from ..package.project import find_project

        folder = find_project(options.directory)
        if is_interrupted(folder):
            report.note("a run was interrupted here: `napi add` undoes it first")
        root = installed(folder)
        lister = _Lister(folder, options.all)
        if options.json:
            import json

            data = {"path": str(folder), "dependencies": lister.data(root, set())}
            print(json.dumps(data, indent=2))
        else:
            report.tree(lister.tree(root))
        sound = lister.sound

    status = packages.guarded(options, work)
    return status or int(not sound)


class _Lister:
    """Walks the dependencies; what was shown once is not opened again."""

    def __init__(self, folder: Path, everything: bool) -> None:
        self.folder = folder
        self.everything = everything
        self.sound = True

    def data(self, node: Node, shown: set[Node]) -> Mapping[str, Any]:
        """For ``--json``."""
        from ..package.listing import package_of

        found: dict[str, Any] = {}
        for edge in node.edges():
            each = package_of(edge, self.folder)
            self.sound &= not each.problem
            target = edge.target()
            entry: dict[str, Any] = {
                "version": each.version or None,
                "wanted": each.wanted,
                "kind": each.kind,
                "path": str(each.path) if each.version else None,
            }
            found[edge.name] = entry
            if each.problem:
                entry["problem"] = each.problem
            if self.everything and target is not None and target not in shown:
                shown.add(target)
                if inner := self.data(target, shown):
                    entry["dependencies"] = inner
        return found

    def tree(self, root: Node) -> Tree:
        """For a terminal."""
        from rich.markup import escape
        from rich.tree import Tree

        title = root.entry.get("name") or self.folder.name
        top = Tree(f"[bold]{escape(str(title))}[/] [dim]{escape(str(self.folder))}[/]")
        shown: set[Node] = set()

        def add(branch: Tree, node: Node) -> None:
            for edge in node.edges():
                text, target = self._line(edge), edge.target()
                again = target in shown
                inner = branch.add(text + (" [dim]above[/]" if again else ""))
                if self.everything and target is not None and not again:
                    shown.add(target)
                    add(inner, target)

        add(top, root)
        if not root.edges():
            top.add("[dim]no dependencies[/]")
        return top

    def _line(self, edge: Edge) -> str:
        from rich.markup import escape

        from ..package.listing import package_of

        each = package_of(edge, self.folder)
        self.sound &= not each.problem
        kind = "" if each.kind == "prod" else f" [dim]{each.kind}[/]"
        text = f"{escape(each.name)}@[cyan]{escape(each.version)}[/]{kind}"
        if each.problem == "missing":
            return f"[red]{escape(each.name)}@{escape(each.wanted)} is missing[/]"
        if each.problem:
            return f"{text} [red]but {escape(each.wanted)} is asked for[/]"
        if not each.version:
            return f"[dim]{escape(each.name)}@{escape(each.wanted)} not here{kind}[/]"
        return text
