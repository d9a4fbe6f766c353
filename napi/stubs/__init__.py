"""Stubs for packages of npm, so that editors and type checkers know them.

From the package's own declarations, ``index.d.ts`` and what it leads to; from the
exports of its addon, where it has none. ``pip install napi[stubs]``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from napi.stubs.parse import StubError

__all__ = ["StubError", "make"]


def make(package: str | os.PathLike[str], start: str | os.PathLike[str] = ".") -> str:
    """The stub for a package.

    Args:
        package: A name in a ``node_modules`` of ``start`` or above; or the path of
            a package, a ``.d.ts`` or a ``.node``.
        start: Where the search begins.

    Returns:
        The text of a ``.pyi``.

    Raises:
        StubError: There is no such package, or nothing to make a stub from.
        napi.LoadError: It has no declarations, and its addon cannot be loaded.
    """
    from napi.stubs.resolve import find_package, find_types

    path = Path(package)
    name = os.fspath(package)
    if path.is_file() and path.suffix == ".node":
        return _live(path, path.name)
    if path.is_file():
        from napi.stubs.emit import make_stub

        return make_stub(path, path.name)
    if name.startswith((".", "/")):
        if not path.is_dir():
            raise StubError(f"{name} is not there")
        folder = path
    else:
        folder = find_package(name, Path(start).resolve())
    types = find_types(folder)
    if types is None:
        return _live(folder, folder.name)
    from napi.stubs.emit import make_stub

    return make_stub(types, name)


def _live(path: Path, source: str) -> str:
    """The stub from the exports of an addon, or of the addon of a package."""
    from napi.stubs.live import make_live_stub

    return make_live_stub(_exports(path), source)


def _exports(path: Path) -> Any:
    import napi

    if path.is_file():
        return napi.load(path).__exports__
    found = sorted(path.rglob("*.node"))
    if not found:
        raise StubError(f"{path} has neither declarations (.d.ts) nor an addon (.node)")
    refused: napi.LoadError | None = None
    for one in found:
        try:
            return napi.load(one).__exports__
        except napi.LoadError as error:
            refused = refused or error
    assert refused is not None
    raise refused
