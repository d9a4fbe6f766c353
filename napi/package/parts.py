"""Packages that hold the builds of another one, each for some platforms.

Sources: the manual of napi-rs, and the chapter "package.json" of npm's manual.
"""

# ruff: noqa: PTH112, PTH118

from __future__ import annotations

import os
import re
from typing import Any

from napi import platform, resolve
from napi.resolve import Package, ResolveError

__all__ = ["dependencies", "installed", "missing_packages", "platform_packages"]


def platform_packages(package: Package) -> list[Package]:
    """What is installed of the packages that hold the builds for this machine.

    They are optional dependencies, or named after the package, as napi-rs does.
    """
    found = []
    listed = dependencies(package, "optionalDependencies")
    for name in dict.fromkeys((*listed, *_names_of_parts(package))):
        place = installed(package, name)
        if place is not None:
            try:
                other = resolve.read(os.path.join(place, "package.json"))
            except ResolveError:
                continue
            if other is not None and _is_for_here(other) and _is_for_a_platform(other):
                found.append(other)
    return found


def _names_of_parts(package: Package) -> list[str]:
    """What napi-rs calls the platform packages of a package: ``name-linux-x64-gnu``."""
    settings = package.data.get("napi")
    named = settings.get("packageName") if isinstance(settings, dict) else None
    here = platform.name()
    short = f"{platform.system()}-{platform.machine()}"
    return [
        f"{name}-{triple}"
        for name in (package.name, named)
        if isinstance(name, str)
        for triple in dict.fromkeys((here, short))
    ]


def _is_for_a_platform(package: Package) -> bool:
    """Whether it is a part of another package, for some platforms only."""
    words = {*re.split(r"[^a-z0-9]+", (package.name or "").lower())}
    named = {platform.system(), platform.machine()} <= words
    return named or bool(package.data.get("os") or package.data.get("cpu"))


def dependencies(package: Package, kind: str) -> list[str]:
    """The names in ``dependencies`` or ``optionalDependencies``."""
    listed = package.data.get(kind)
    return [str(name) for name in listed] if isinstance(listed, dict) else []


def installed(package: Package, name: str) -> str | None:
    """The folder of another package, as one looks for it; None if there is none."""
    if resolve.split_name(name) != (name, "."):
        return None
    for folder in resolve.folders(package.folder):
        place = os.path.join(folder, name)
        if os.path.isdir(place):
            return place
    return None


def _is_for_here(package: Package) -> bool:
    here = {
        "os": platform.system(),
        "cpu": platform.machine(),
        "libc": platform.libc(),
    }
    return all(_allows(package.data.get(key), value) for key, value in here.items())


def _allows(listed: Any, value: str) -> bool:
    """Whether a list like ``["linux"]`` or ``["!win32"]`` has a value."""
    names = [listed] if isinstance(listed, str) else listed
    if not isinstance(names, list) or not names or not value:
        return True
    wanted = [name for name in names if not str(name).startswith("!")]
    return f"!{value}" not in names and (not wanted or value in wanted)


def missing_packages(package: Package) -> list[str]:
    """The platform packages that would be for this machine, by their names."""
    words = {platform.system(), platform.machine()}
    other = "-musl" if platform.libc() == "glibc" else "-gnu"
    return [
        name
        for name in dependencies(package, "optionalDependencies")
        if words <= {*name.replace("_", "-").replace("/", "-").split("-")}
        and not name.endswith(other)
        and installed(package, name) is None
    ]
