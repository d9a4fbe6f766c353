"""What lies in node_modules: versions, and the commands that packages bring."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from .node import Node, strings

__all__ = ["link_commands", "version_of"]


def version_of(folder: Path) -> str:
    """The version of a package that is there; empty where there is none."""
    try:
        if folder.is_symlink():
            return ""
        data = json.loads((folder / "package.json").read_bytes())
        return str(data["version"]).lstrip("v= ")
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def link_commands(project: Path, present: Iterable[Node]) -> None:
    """``node_modules/.bin``, as npm lays it: links to the commands of packages."""
    wanted: dict[Path, dict[str, str]] = {}
    for node in present:
        if node.parent is None or node.is_foreign:
            continue
        folder = project / node.parent.location / "node_modules" / ".bin"
        for name, path in strings(node.entry.get("bin")).items():
            if (project / node.location / path).is_file():
                links = wanted.setdefault(folder, {})
                links.setdefault(name, f"../{node.name}/{path}")
    top = project / "node_modules" / ".bin"
    for folder in {top, *wanted}:
        links = wanted.get(folder, {})
        for link in folder.iterdir() if folder.is_dir() else ():
            if link.is_symlink() and not link.exists():
                link.unlink()
        for name, target in links.items():
            link = folder / name
            if link.is_symlink() and os.readlink(link) == target:  # noqa: PTH115
                continue
            folder.mkdir(exist_ok=True)
            if link.is_symlink() or not link.exists():
                link.unlink(missing_ok=True)
                link.symlink_to(target)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
