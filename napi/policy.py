"""Which addons may be loaded: the policy file ``napi.lock``.

Without such a file everything may be loaded. Where there is one, an addon that it
does not know, or that has changed, is refused before any of its code runs. The format
and what this protects from are described in SECURITY.md.
"""

# No pathlib, json or hashlib on top: each load asks whether there is a policy.
# ruff: noqa: PTH100, PTH109, PTH113, PTH118, PTH120, PTH123

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from napi.errors import PolicyError

__all__ = [
    "FILE",
    "VARIABLE",
    "Addon",
    "Policy",
    "allow",
    "check",
    "files",
    "identify",
    "integrity",
    "read",
]

#: The name of a policy file.
FILE = "napi.lock"
#: The variable of the environment that names more of them.
VARIABLE = "NAPI_POLICY"
_VERSION = 1


class Addon(NamedTuple):
    """A binary, as a policy names it.

    Attributes:
        path: The file.
        package: The package that it is in, ``name@version``; empty if in none.
        key: Its name in a policy: the package and the path below it; the path from
            the policy's folder if it is in none.
        integrity: Its content: ``sha512-`` and the hash in base64.
    """

    path: str
    package: str
    key: str
    integrity: str


class Policy(NamedTuple):
    """What a policy file allows.

    Attributes:
        path: The file.
        packages: Patterns of packages, ``@scope/*``, ``name@1.2.3``, whose binaries
            may be loaded whatever they contain.
        binaries: Binaries by their names, with the contents that each may have.
    """

    path: str
    packages: tuple[str, ...]
    binaries: Mapping[str, tuple[str, ...]]


def files(path: str) -> list[str]:
    """The policies that an addon has to meet, all of them.

    They are those that the variable NAPI_POLICY names, and the ``napi.lock`` in each
    folder from the working directory upwards and from the addon upwards.

    Args:
        path: The real path of the addon.
    """
    found = [it for it in os.environ.get(VARIABLE, "").split(os.pathsep) if it]
    for start in (_working_directory(), os.path.dirname(path)):
        folder = start
        while folder:
            candidate = os.path.join(folder, FILE)
            if os.path.isfile(candidate):
                found.append(candidate)
            above = os.path.dirname(folder)
            folder = above if above != folder else ""
    return list(dict.fromkeys(map(os.path.abspath, found)))


def _working_directory() -> str:
    try:
        return os.getcwd()
    except OSError:  # it was removed
        return ""


def read(path: str) -> Policy:
    """Reads a policy.

    Raises:
        PolicyError: It cannot be read, or makes no sense. Nothing may be loaded then.
    """
    import json

    try:
        with open(path, "rb") as file:
            data = json.loads(file.read())
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from None
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, f"it is no JSON: {error}") from None
    if not isinstance(data, dict) or data.get("napi") != _VERSION:
        raise _unreadable(path, f'it has no entry "napi": {_VERSION}')
    packages, binaries = data.get("packages", []), data.get("binaries", {})
    unknown = {*data} - {"napi", "packages", "binaries"}
    if unknown:
        raise _unreadable(path, f"it has an unknown entry {min(unknown)!r}")
    if not isinstance(packages, list) or not all(
        isinstance(it, str) for it in packages
    ):
        raise _unreadable(path, '"packages" is no list of names')
    if not isinstance(binaries, dict):
        raise _unreadable(path, '"binaries" is no object')
    return Policy(
        path, tuple(packages), {key: _hashes(path, binaries[key]) for key in binaries}
    )


def _hashes(path: str, value: Any) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(
        isinstance(it, str) and it.startswith("sha512-") for it in listed
    ):
        raise _unreadable(path, 'a binary has something else than "sha512-..."')
    return tuple(listed)


def _unreadable(path: str, why: str) -> PolicyError:
    error = PolicyError(f"the policy {path!r} cannot be used, so that nothing may be "
                        f"loaded: {why}")  # fmt: skip
    error.policy = path
    return error


def integrity(path: str) -> str:
    """The content of a file as npm writes it: ``sha512-`` and the hash in base64.

    Raises:
        OSError: It cannot be read.
    """
    import hashlib
    from base64 import b64encode

    digest = hashlib.sha512()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return f"sha512-{b64encode(digest.digest()).decode()}"


def identify(path: str, root: str = "") -> Addon:
    """A binary as a policy names it.

    Args:
        path: The file.
        root: The folder of the policy, for a binary that is in no package.

    Raises:
        OSError: It cannot be read.
    """
    from napi.resolve_package import ResolveError, nearest

    real = os.path.realpath(path)
    try:
        package = nearest(os.path.dirname(real))
    except ResolveError:
        package = None
    content = integrity(real)
    if package is None or package.name is None:
        relative = os.path.relpath(real, root) if root else real
        return Addon(real, "", f"./{relative}" if root else real, content)
    label = f"{package.name}@{package.data.get('version', '')}"
    below = os.path.relpath(real, package.folder)
    return Addon(real, label, f"{label}/{below}", content)


def check(path: str, policies: Iterable[str]) -> None:
    """Refuses an addon that one of the policies does not allow.

    Args:
        path: The real path of the addon.
        policies: The policy files, as ``files`` gives them.

    Raises:
        PolicyError: It is unknown to one of them, or has changed.
        OSError: It cannot be read.
    """
    for file in policies:
        policy = read(file)
        addon = identify(path, os.path.dirname(file))
        why = refusal(policy, addon)
        if why:
            error = PolicyError(
                f"{path!r} may not be loaded: {why}. It is {addon.key} with "
                f"{addon.integrity}; if you trust it: `napi allow {path}`",
                path=path,
            )
            error.policy, error.integrity = file, addon.integrity
            raise error


def refusal(policy: Policy, addon: Addon) -> str:
    """Why a policy does not allow a binary; empty if it does."""
    known = policy.binaries.get(addon.key)
    if known is not None:
        if addon.integrity in known:
            return ""
        return f"it is not the file that {policy.path!r} knows by this name"
    if any(addon.integrity in listed for listed in policy.binaries.values()):
        return ""
    if any(_matches(addon.package, pattern) for pattern in policy.packages):
        return ""
    return f"{policy.path!r} does not know it"


def _matches(package: str, pattern: str) -> bool:
    from fnmatch import fnmatchcase

    if not package:
        return False
    named = "@" in pattern[1:]
    name = package if named else package[:1] + package[1:].partition("@")[0]
    return fnmatchcase(name, pattern)


def allow(
    policy: str, paths: Iterable[str] = (), packages: Iterable[str] = ()
) -> list[Addon]:
    """Adds binaries, as they are now, and packages to a policy file.

    Args:
        policy: The policy file; it is made if there is none.
        paths: The binaries.
        packages: Patterns of packages: ``@scope/*``, ``name@1.2.3``.

    Returns:
        The binaries, as the policy names them.

    Raises:
        PolicyError: The file is there, but is no policy.
        OSError: A binary cannot be read, or the policy not be written.
    """
    import json

    there = os.path.exists(policy)  # noqa: PTH110
    old = read(policy) if there else Policy(policy, (), {})
    root = os.path.dirname(os.path.abspath(policy))
    added = [identify(path, root) for path in paths]
    binaries = {key: list(listed) for key, listed in old.binaries.items()}
    binaries.update({addon.key: [addon.integrity] for addon in added})
    data = {
        "napi": _VERSION,
        "packages": sorted({*old.packages, *packages}),
        "binaries": {
            key: listed[0] if len(listed) == 1 else listed
            for key, listed in sorted(binaries.items())
        },
    }
    temporary = f"{policy}.{os.getpid()}.tmp"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(data, file, indent=2)
        file.write("\n")
    os.replace(temporary, policy)  # noqa: PTH105
    return added
