"""Stubs for packages of npm, so that editors and type checkers know them.

From the package's own declarations, ``index.d.ts`` and what it leads to; from the
exports of its addon, where it has none. ``pip install napi[stubs]``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import napi
from napi.stubs.parse import StubError

__all__ = ["StubError", "make"]


def make(package: str | os.PathLike[str], start: str | os.PathLike[str] = ".") -> str:
    """The stub for a package.

    Args:
        package: A name, as for ``napi.find``; or the path of a package, a ``.d.ts`` or
            a ``.node``.
        start: Where the search begins.

    Returns:
        The text of a ``.pyi``.

    Raises:
        StubError: Its declarations cannot be read; or it has none and does not load.
        napi.LoadError: There is no such package, or nothing in it.
    """
    from napi.stubs.emit import make_stub

    path, name = Path(package), os.fspath(package)
    if path.is_file() and path.suffix != ".node":
        return make_stub(path, path.name)
    if path.is_file():
        name = os.path.abspath(path)  # noqa: PTH100
    from napi.package.find import package_of
    from napi.stubs.resolve import find_declared

    folder = os.path.abspath(start)  # noqa: PTH100
    found, entry, _ = package_of(name, folder)
    types = None
    if path.suffix != ".node":
        owner = found.name or path.name
        types = find_declared(owner, Path(found.folder), entry)
    if types is not None:
        return make_stub(types, name)
    from napi.stubs.live import make_live_stub

    return make_live_stub(_exports(name, folder), path.name)


def _exports(name: str, start: str) -> Any:
    """What a package exports; its addon, where its JavaScript does not run."""
    from napi.package.find import FindError, find, load_package

    try:
        made = load_package(name, start, ())
    except FindError:
        raise
    except Exception as problem:
        try:
            made = napi.load(find(name, start=start))
        except napi.LoadError:
            raise StubError(
                f"there are no declarations (.d.ts), and {name} cannot be loaded: "
                f"{problem}"
            ) from problem
    return getattr(made, "__exports__", made)
