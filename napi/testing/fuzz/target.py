"""What is fuzzed: a file or a package, and where it lies in memory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

__all__ = ["base", "declarations", "load"]


def load(name: str) -> tuple[Any, Any]:
    """The module of a file or of a package, and its environment.

    Args:
        name: The path of a ``.node`` file; or ``package@folder``, the name of a
            package and where the search for it begins.

    Raises:
        napi.LoadError: It cannot be loaded.
        napi.FindError: There is no such package.
    """
    import napi

    if Path(name).is_file():
        module: Any = napi.load(name)
    else:
        package, _, start = name.rpartition("@")
        module = napi.require(package, start=Path(start))
    return module, getattr(module, "__dict__", {}).get("__env__")


def base(name: str) -> int:
    """Where the file was loaded: edges are counted from there; 0 if unknown."""
    real = os.path.realpath(name)
    with Path("/proc/self/maps").open() as lines:
        for line in lines:
            if line.rstrip().endswith(real):
                return int(line.partition("-")[0], 16)
    return 0


def declarations(name: str) -> Path | None:
    """The ``.d.ts`` of a target, where there is one."""
    from napi.package.find import FindError, package_of
    from napi.stubs.resolve import find_declared, find_types

    path = Path(name)
    if path.is_file():
        for folder in list(path.resolve().parents)[:4]:
            if (folder / "package.json").is_file():
                return find_types(folder)
        return None
    package, _, start = name.rpartition("@")
    try:
        found, entry, _ = package_of(package, start)
    except FindError:
        return None
    return find_declared(found.name or package, Path(found.folder), entry)
