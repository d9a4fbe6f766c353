"""Finds the native binding of an npm package that is installed.

Where packages are looked for, and which of its builds is taken, is described in
docs/guide/find.md.
"""

# ruff: noqa: PTH100, PTH109, PTH110, PTH112, PTH113, PTH117, PTH118, PTH119, PTH120, PTH208

from __future__ import annotations

import importlib.util
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from napi import binary, loader, platform, resolve
from napi.errors import LoadError
from napi.package.binding import Candidate, candidates, order
from napi.package.parts import (
    dependencies,
    installed,
    missing_packages,
    platform_packages,
)
from napi.resolve import Package, ResolveError

__all__ = ["FindError", "Found", "find", "require", "search_folders"]

_SHOWN = 12  # refused builds in a message
_KEEP: Any = loader._KEEP


class FindError(LoadError):
    """A package, or a native binding in it that this machine can load, is missing.

    Attributes:
        candidates: The builds that were looked at, the best first, each with the
            reason why it was refused.
        folders: The ``node_modules`` folders that were searched.
    """

    candidates: tuple[Candidate, ...] = ()
    folders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """The native binding of a package; a path for ``napi.load`` and ``open``.

    Attributes:
        path: The file.
        package: The name of the package that it is in; a platform package for those
            of napi-rs.
        version: The version of that package.
        folder: The folder of that package.
        layout: Which layout has put it there: ``prebuildify``, ``napi-rs``...
        candidates: All builds, the best first: this one, those that come after it,
            and those that were refused, with the reason.
    """

    path: str
    package: str
    version: str
    folder: str
    layout: str
    candidates: tuple[Candidate, ...] = field(repr=False)

    def __fspath__(self) -> str:
        return self.path

    def __str__(self) -> str:
        return self.path

    def explain(self) -> str:
        """What was looked at, line by line: the one that was taken, and the others."""
        return "\n".join(_lines(self.candidates, self.path))


def search_folders(start: str | None = None, *asking: str) -> list[str]:
    """The ``node_modules`` folders where a package is looked for, the next first.

    Args:
        start: Look from this folder upwards; without it from ``asking``.
        *asking: Folders; the ``node_modules`` of each, and of those above.
    """
    places = [start] if start is not None else list(asking)
    found = [it for place in places for it in resolve.folders(os.path.abspath(place))]
    return list(dict.fromkeys((*found, *resolve.global_folders())))


def find(
    name: str,
    *,
    start: str | os.PathLike[str] | None = None,
    binding: str | None = None,
) -> Found:
    """Finds the native binding of an installed package.

    The package is looked for in the ``node_modules`` beside the file that calls this
    function and in those above it, then from the working directory upwards, then in
    the folders of ``NODE_PATH``. Of its builds the one is taken that Node's own
    loaders would take; a build for one version of V8 never is.

    Args:
        name: ``name``, ``@scope/name``, a path below it (``name/build/a.node``), or
            the path of a package's folder (``./name``).
        start: A folder, or a file in it: look from there instead.
        binding: The name of the build that is wanted (``a`` of ``a.node``), where a
            package has several.

    Returns:
        The binding. It is a path: ``napi.load(napi.find("bcrypt"))``.

    Raises:
        FindError: There is no such package, or nothing in it that can be loaded here;
            the message lists what was looked at.
    """
    asking = () if start is not None else (_caller_folder(2), os.getcwd())
    return _find(name, _start_folder(start), asking, binding)


def _find(
    name: str, start: str | None, asking: Sequence[str], binding: str | None
) -> Found:
    package, subpath, folders = package_of(name, start, asking)
    listed = _all_candidates(package, subpath, binding)
    return _take(name, package, listed, folders)


def _start_folder(start: str | os.PathLike[str] | None) -> str | None:
    if start is None:
        return None
    path = os.path.abspath(start)
    return path if os.path.isdir(path) else os.path.dirname(path)


def _caller_folder(depth: int) -> str:
    """The folder of the file that calls; the working directory if there is none."""
    name = sys._getframe(depth).f_globals.get("__file__")
    if isinstance(name, str) and os.path.exists(name):
        return os.path.dirname(os.path.abspath(name))
    return os.getcwd()


def package_of(
    name: str, start: str | None, asking: Sequence[str] = ()
) -> tuple[Package, str, tuple[str, ...]]:
    """The package of a name, what is wanted below it, and where it was looked for.

    Args:
        name: As for ``find``.
        start: The folder to look from; None for ``asking``.
        asking: The folders to look from, one after the other.

    Raises:
        FindError: There is none.
    """
    if os.path.isabs(name) or name.startswith(("./", "../")) or name in (".", ".."):
        return _package_at(os.path.join(start or os.getcwd(), name), name)
    parts = resolve.split_name(name)
    if parts is None:
        raise FindError(
            f"{name!r} is no name of a package: it is 'name' or '@scope/name'; a path "
            "begins with './' or '/'"
        )
    folders = tuple(search_folders(start, *asking))
    for folder in folders:
        place = os.path.join(folder, parts[0])
        if os.path.isdir(place):
            return _read(place, parts[0]), parts[1], folders
    what = f"there is no package {parts[0]!r} in {_list(folders)}: "
    pnp = next((it for it in map(_pnp, folders) if os.path.exists(it)), None)
    error = FindError(
        f"{what}{pnp} says that Yarn keeps the packages in archives (Plug'n'Play), "
        "which is not supported: set `nodeLinker: node-modules` in .yarnrc.yml"
        if pnp
        else f"{what}install it with `napi add {parts[0]}`, or name the project's "
        f"folder (start=, NODE_PATH){_similar(parts[0], folders)}"
    )
    error.folders = folders
    raise error


def _similar(name: str, folders: Sequence[str]) -> str:
    """A hint at the packages whose names begin with that name."""
    scope, _, rest = name.rpartition("/")
    found: list[str] = []
    for folder in folders:
        place = os.path.join(folder, scope)
        if os.path.isdir(place):
            listed = sorted(it for it in os.listdir(place) if it.startswith(f"{rest}-"))
            found += [f"{scope}/{it}" if scope else it for it in listed]
    return f". There is {', '.join(found[:3])}" if found else ""


def _pnp(folder: str) -> str:
    return os.path.join(os.path.dirname(folder), ".pnp.cjs")


def _list(folders: Sequence[str]) -> str:
    there = [it for it in folders if os.path.isdir(it)]
    if not there:
        first = folders[0] if folders else "node_modules"
        return f"{first} or above (there is no node_modules)"
    return ", ".join(there)


def _package_at(path: str, name: str) -> tuple[Package, str, tuple[str, ...]]:
    place = os.path.realpath(path)
    if not os.path.exists(place):
        raise FindError(f"{name!r} is neither a folder nor a file", path=place)
    folder = place if os.path.isdir(place) else os.path.dirname(place)
    package = _nearest(folder)
    subpath = "./" + os.path.relpath(place, package.folder)
    return package, "." if subpath == "./." else subpath, ()


def _nearest(folder: str) -> Package:
    try:
        package = resolve.nearest(folder)
    except ResolveError as error:
        raise FindError(str(error)) from None
    return package or _bare(folder, os.path.basename(folder))


def _bare(folder: str, name: str) -> Package:
    """A package without a package.json."""
    path = os.path.join(folder, "package.json")
    return Package(path, folder, name, None, "none", None, None, {})


def _read(place: str, name: str) -> Package:
    folder = os.path.realpath(place)
    try:
        package = resolve.read(os.path.join(folder, "package.json"))
    except ResolveError as error:
        raise FindError(f"{name}: {error}", path=folder) from None
    return package if package is not None else _bare(folder, name)


def _entry(package: Package, subpath: str) -> str | None:
    """The ``.node`` file that the package itself names, if it names one."""
    name = package.name or os.path.basename(package.folder)
    plain = os.path.normpath(os.path.join(package.folder, subpath))
    for path in (plain, f"{plain}.node") if subpath != "." else ():
        if path.endswith(".node") and os.path.isfile(path):
            return path
    asking = os.path.join(package.folder, "x")
    specifier = f"./{os.path.basename(package.folder)}" if subpath == "." else subpath
    try:
        if package.exports is not None:
            found = resolve.locate(f"{name}{subpath[1:]}", asking)
        else:
            beside = os.path.join(os.path.dirname(package.folder), "x")
            found = resolve.locate(specifier, beside if subpath == "." else asking)
    except ResolveError:
        return None
    return found.path if found.path.endswith(".node") else None


def _all_candidates(
    package: Package, subpath: str, binding: str | None
) -> list[Candidate]:
    entry = _entry(package, subpath)
    found = candidates(package, binding=binding, entry=entry)
    if subpath != "." and entry is not None:
        return [item for item in found if item.path == entry]
    for platform_package in platform_packages(package):
        found += candidates(
            platform_package, binding=binding, layout="platform package"
        )
    return order(found)


def _take(
    name: str, package: Package, listed: list[Candidate], folders: tuple[str, ...]
) -> Found:
    """The first that can be loaded.

    Raises:
        FindError: None can.
    """
    judged: list[Candidate] = []
    for index, candidate in enumerate(listed):
        refusal = candidate.refusal or _refusal(candidate.path)
        if not refusal:
            # Those that come after it are fine too, as far as their names go.
            every = (candidate, *listed[index + 1 :], *judged)
            return _found(candidate, every)
        judged.append(candidate._replace(refusal=refusal))
    error = FindError(_explain(name, package, judged), path=package.folder)
    error.candidates, error.folders = tuple(judged), folders
    raise error


def _found(candidate: Candidate, every: tuple[Candidate, ...]) -> Found:
    owner = _read(candidate.folder, candidate.package)
    return Found(
        path=candidate.path,
        package=candidate.package,
        version=str(owner.data.get("version", "")),
        folder=owner.folder,
        layout=candidate.layout,
        candidates=every,
    )


def _refusal(path: str) -> str:
    """Why the file itself cannot be loaded; empty if nothing speaks against it."""
    try:
        binary.check(binary.inspect(path), path, loader._known())
    except LoadError as error:
        return str(error).replace(f"{path!r} ", "it ", 1)
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    return ""


def _lines(listed: Sequence[Candidate], taken: str | None) -> list[str]:
    """One line a build; those that their names rule out share one."""
    shown = [item for item in listed if not item.tags.refusal() or item.path == taken]
    lines = []
    for item in shown[:_SHOWN]:
        why = item.refusal or ("taken" if item.path == taken else "comes after that")
        lines.append(f"  {item.path} ({item.layout}): {why}")
    if len(shown) > _SHOWN:
        lines.append(f"  and {len(shown) - _SHOWN} more")
    others = Counter(item.refusal for item in listed if item not in shown)
    lines += [
        f"  {count} build{'s' * (count > 1)}, by name: {why}"
        for why, count in others.most_common(_SHOWN)
    ]
    return lines


def _explain(name: str, package: Package, judged: list[Candidate]) -> str:
    here = platform.name()
    name = package.name or name
    hints = _hints(package)
    if not judged:
        text = f"the package {name!r} in {package.folder} has no native binding"
        if hints:
            return f"{text}: {'; '.join(hints)}"
        return f"{text}: there is no .node file in it"
    text = f"no build of {name!r} can be loaded on {here}"
    text = "; ".join((text, *hints))
    return "\n".join((f"{text}. Looked at:", *_lines(judged, None)))


def _hints(package: Package) -> list[str]:
    """What may be missing: platform packages, a build, another package."""
    hints = []
    missing = missing_packages(package)
    if missing:
        hints.append(
            f"its platform package {' or '.join(missing)} is not installed: "
            f"`napi add {missing[0]}`"
        )
    if os.path.exists(os.path.join(package.folder, "binding.gyp")):
        hints.append(f"it can be built from source: `napi build {package.folder}`")
    native = [
        other
        for kind in ("dependencies", "optionalDependencies")
        for other in dependencies(package, kind)
        if (place := installed(package, other)) is not None
        and is_native(_read(place, other))
    ]
    if native:
        hints.append(f"ask for its native dependency by name: {', '.join(native)}")
    return hints


def is_native(package: Package) -> bool:
    """Whether a package has, or would have, a native binding."""
    return bool(
        candidates(package)
        or any(map(candidates, platform_packages(package)))
        or missing_packages(package)
        or os.path.exists(os.path.join(package.folder, "binding.gyp"))
    )


def run_entry(path: str) -> Any:
    """Runs the JavaScript entry point of a package.

    Args:
        path: The file.

    Returns:
        ``module.exports``; NotImplemented where ``napi[js]`` is not installed.
    """
    if importlib.util.find_spec("esprima") is None:
        return NotImplemented
    from napi.js import module

    return module.require(path)


def require(
    name: str,
    *,
    start: str | os.PathLike[str] | None = None,
    binding: str | None = None,
    null: Any = _KEEP,
) -> Any:
    """Loads an installed package, as ``require()`` does.

    That is what its JavaScript exports. Without the extra ``napi[js]``, and where
    ``binding`` asks for it, it is the native binding alone.

    Args:
        name: As for ``find``.
        start: As for ``find``.
        binding: As for ``find``; it asks for the native binding in any case.
        null: As for ``napi.load``.

    Returns:
        ``module.exports`` of the package, or the module of its addon: the attributes
        of both are what is exported.

    Raises:
        FindError: There is no such package, or nothing in it that can be loaded here.
        LoadError: The binding cannot be loaded; the subclass and the message say why.
    """
    asking = () if start is not None else (_caller_folder(2), os.getcwd())
    return load_package(name, _start_folder(start), asking, binding, null)


def _script(name: str, start: str | None, asking: Sequence[str]) -> str | None:
    """The JavaScript that a package begins with; None: it has only its addon."""
    package, subpath, _ = package_of(name, start, asking)
    asked = (package.name or "") + subpath[1:] if package.exports else subpath
    try:
        path = resolve.resolve(asked, os.path.join(package.folder, "x"))
    except ResolveError:
        return None
    return None if path.suffix == ".node" else str(path)


def load_package(
    name: str,
    start: str | None,
    asking: Sequence[str],
    binding: str | None = None,
    null: Any = _KEEP,
) -> Any:
    """``require`` for a caller that knows who asks.

    Args:
        name: As for ``find``.
        start: The folder to look from; None for ``asking``.
        asking: The folders to look from, one after the other.
        binding: As for ``require``.
        null: As for ``require``.
    """
    path = _script(name, start, asking) if binding is None else None
    made = NotImplemented if path is None else run_entry(path)
    if made is not NotImplemented:
        return made
    found = _find(name, start, asking, binding)
    return loader.load(found, null=null)
