"""What this machine can load, and why not: for ``napi doctor``."""

# ruff: noqa: PTH112, PTH118, PTH119, PTH208

from __future__ import annotations

import os
import platform as _platform
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from napi import platform, policy, resolve
from napi.errors import LoadError

__all__ = ["Finding", "examine"]


class Finding(NamedTuple):
    """One thing that was looked at.

    Attributes:
        topic: What it is about: ``host``, ``libuv``, ``extras``, ``packages``...
        name: What was looked at.
        good: Whether it is as it should be; None for a mere fact.
        text: What was found, or what to do.
    """

    topic: str
    name: str
    good: bool | None
    text: str


def examine(start: str) -> Iterator[Finding]:
    """Looks at this machine, this Python and the packages of a project.

    Args:
        start: The folder of the project.
    """
    yield from _host()
    yield from _guarded("libuv", _libuv)
    yield from _extras()
    yield from _policies(start)
    yield from _packages(start)


def _guarded(topic: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """A look at something may fail; that is a finding, too."""
    try:
        yield from look()
    except Exception as error:
        yield Finding(topic, topic, False, f"{type(error).__name__}: {error}")


def _host() -> Iterator[Finding]:
    version = _platform.python_version()
    name = _platform.python_implementation()
    supported = name == "CPython" and sys.version_info >= (3, 10)
    text = f"{name} {version}, {sys.executable}"
    if not supported:
        text += "; napi needs CPython 3.10 or newer"
    yield Finding("host", "Python", supported, text)
    libc = ".".join(map(str, platform.glibc_version() or ())) or platform.libc()
    here = platform.name()
    known = platform.system() == "linux"
    text = f"{here}, C library {libc}"
    yield Finding("host", "platform", known, text if known else f"{text}: only Linux")
    yield from _guarded("host", _extension)


def _extension() -> Iterator[Finding]:
    from napi import _native
    from napi.inspect_report import ledger
    from napi.runtime import napi_version

    kind = "the strict build" if _native.is_strict() else "the release build"
    missing = [] if hasattr(_native.shim, "load") else ["load"]
    text = f"{len(ledger())} functions, version {napi_version}, {kind}"
    yield Finding("host", "Node-API", not missing, text)


def _libuv() -> Iterator[Finding]:
    from napi import binary, libuv

    found = libuv.provider()
    there = os.path.exists(found) or binary._mentions("/etc/ld.so.cache", found)  # noqa: PTH110
    text = found if there else f"{found} is not there; addons that call libuv need it"
    yield Finding("libuv", "libuv", True if there else None, text)


def _extras() -> Iterator[Finding]:
    from importlib.metadata import PackageNotFoundError, requires, version

    try:
        needed = requires("napi") or []
    except PackageNotFoundError:
        yield Finding("extras", "napi", None, "runs from a folder, it is not installed")
        return
    for line in needed:
        found = re.match(r"([\w.-]+)[^;]*;.*extra == ['\"](\w+)['\"]", line)
        if found is None or found[2] == "test":
            continue
        try:
            text = f"{version(found[1])}"
            yield Finding("extras", found[1], True, f"{text} (napi[{found[2]}])")
        except PackageNotFoundError:
            text = f"not installed: pip install 'napi[{found[2]}]'"
            yield Finding("extras", found[1], None, text)


def _policies(start: str) -> Iterator[Finding]:
    files = policy.files(os.path.join(start, "x"))
    if not files:
        text = f"no {policy.FILE}: everything may be loaded"
        yield Finding("policy", "policy", None, text)
    for file in files:
        try:
            allowed = policy.read(file)
        except LoadError as error:
            yield Finding("policy", file, False, str(error))
            continue
        text = f"{len(allowed.binaries)} binaries, {len(allowed.packages)} patterns"
        yield Finding("policy", file, True, text)


def _packages(start: str) -> Iterator[Finding]:
    from napi.package.find import search_folders

    there = [it for it in search_folders(start) if os.path.isdir(it)]
    if not there:
        text = f"no node_modules in {start} or above: `napi add` makes one"
        yield Finding("packages", "node_modules", None, text)
    for folder in there:
        yield Finding("packages", folder, None, "packages are looked for here")
        yield from _in_folder(folder)


def _in_folder(folder: str) -> Iterator[Finding]:
    from napi.package.parts import dependencies

    packages = dict(_installed(folder))
    # The platform packages of others are looked at through those.
    parts = {
        name
        for package in packages.values()
        for name in dependencies(package, "optionalDependencies")
    }
    for name, package in packages.items():
        if name not in parts:
            yield from _guarded("packages", lambda it=package: _one(it))  # type: ignore[misc]


def _installed(folder: str) -> Iterator[tuple[str, resolve.Package]]:
    for name in sorted(os.listdir(folder)):
        below = os.path.join(folder, name)
        scope = name.startswith("@") and os.path.isdir(below)
        inner = sorted(os.listdir(below)) if scope else [""]
        for part in inner:
            place = os.path.join(below, part) if part else below
            try:
                package = resolve.read(os.path.join(place, "package.json"))
            except resolve.ResolveError:
                continue
            if package is not None and isinstance(package.data, dict):
                yield (f"{name}/{part}" if part else name), package


def _one(package: resolve.Package) -> Iterator[Finding]:
    """A package, if it has something native."""
    from napi.package.find import FindError, find, is_native

    if not is_native(package):
        return
    name = f"{package.name}@{package.data.get('version', '')}"
    try:
        found = find(package.folder)
    except FindError as error:
        yield Finding("packages", name, False, _reason(error))
        return
    path = os.path.realpath(found.path)
    try:
        policy.check(path, policy.files(path))
    except LoadError as error:
        yield Finding("packages", name, False, str(error))
        return
    relative = os.path.relpath(path, found.folder)
    text = f"{found.layout}: {relative}"
    if found.package != package.name:
        text += f" of {found.package}"
    yield Finding("packages", name, True, text)


def _reason(error: Any) -> str:
    """The reason of the best build, or what is missing."""
    for candidate in error.candidates:
        if not candidate.tags.refusal():
            return f"{os.path.basename(candidate.path)}: {candidate.refusal}"
    return str(error).partition(". Looked at:")[0]
