"""npm packages without Node: add, remove, list.

Nothing here is imported with ``napi`` itself, and the libraries of the extra
``napi[packages]`` only when a function that needs them is called.
"""

from __future__ import annotations

import builtins
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import PackageError

if TYPE_CHECKING:
    from .install import Request, Result
    from .listing import Package
    from .report import Report

__all__ = ["PackageError", "add", "list", "remove"]

_SECTIONS = {
    "": "",
    "prod": "dependencies",
    "dev": "devDependencies",
    "optional": "optionalDependencies",
}


def add(
    *packages: str,
    project: str | os.PathLike[str] | None = None,
    kind: str = "",
    exact: bool = False,
    offline: bool = False,
    settings: Mapping[str, str] | None = None,
    report: Report | None = None,
) -> Result:
    """Bring packages of an npm registry into a project's ``node_modules``.

    Versions are chosen, checked and laid out as npm does it, and recorded in
    package.json and package-lock.json; no script of a package runs. Without a
    package, all that package.json asks for is made to be there.

    Args:
        packages: ``name``, ``name@range``, ``@scope/name@tag``, ``alias@npm:name``.
        project: a folder in the project; the nearest one with a package.json or
            node_modules counts. The working directory without it.
        kind: ``prod``, ``dev`` or ``optional``; where it is already without it.
        exact: write versions without ``^``.
        offline: only what is in the cache.
        settings: what wins over npm's configuration: ``{"registry": ...}``.
        report: is told what happens.

    Raises:
        PackageError: it cannot be done; the project is as it was.
        OSError: the disk refuses; the project is as it was.
    """
    if kind not in _SECTIONS:
        raise ValueError(f"kind is {kind!r}, not one of prod, dev, optional")
    check()
    from .install import Request

    request = Request(
        add=packages,
        section=_SECTIONS[kind],
        exact=exact,
        offline=offline,
        settings=dict(settings or {}),
    )
    return _install(project, request, report)


def remove(
    *packages: str,
    project: str | os.PathLike[str] | None = None,
    offline: bool = False,
    settings: Mapping[str, str] | None = None,
    report: Report | None = None,
) -> Result:
    """Take dependencies out of a project, and what only they needed.

    Args:
        packages: names, as they stand in package.json.
        project: as for ``add``.
        offline: only what is in the cache.
        settings: as for ``add``.
        report: is told what happens.

    Raises:
        PackageError: it cannot be done; the project is as it was.
        OSError: the disk refuses; the project is as it was.
    """
    check()
    from .install import Request

    request = Request(remove=packages, offline=offline, settings=dict(settings or {}))
    return _install(project, request, report)


def list(
    project: str | os.PathLike[str] | None = None,
) -> builtins.list[Package]:
    """The dependencies of a project, with what is there for each.

    Args:
        project: as for ``add``.

    Raises:
        PackageError: a file of the project cannot be used.
    """
    check()
    from .listing import installed, package_of

    folder = _project(project)
    return [package_of(edge, folder) for edge in installed(folder).edges()]


def check() -> None:
    """Make sure that the libraries of the extra are there.

    Raises:
        MissingExtraError: they are not; the message says how to install them.
    """
    from . import extra

    extra.check()


def _install(
    project: str | os.PathLike[str] | None, request: Request, report: Report | None
) -> Result:
    from .install import install
    from .report import Silent

    return install(_project(project), request, report or Silent())


def _project(project: str | os.PathLike[str] | None) -> Path:
    from .project import find_project

    return find_project(Path.cwd() if project is None else Path(project))
