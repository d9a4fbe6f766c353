"""What is asked for: ``name``, ``@scope/name@^1.2``, ``alias@npm:name@tag``.

After npm's package specifiers. Only packages of a registry can be had: a file, a git
repository or an address is told so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import nodesemver

from .errors import NotFoundError, SpecError

__all__ = [
    "Spec",
    "check_name",
    "covers",
    "is_older",
    "parse",
    "parse_value",
    "pick",
    "satisfies",
]

_NAME = re.compile(r"(?:@[a-zA-Z0-9~-][\w.~-]*/)?[a-zA-Z0-9~-][\w.~!'()*-]*", re.A)
_TAG = re.compile(r"[^\s/:@<>=^]+")
_EXACT = re.compile(r"[v=\s]*\d+\.\d+\.\d+[0-9A-Za-z.+-]*", re.A)
_RESERVED = {"node_modules", "favicon.ico"}
_MOST_NAME = 214


class Spec(NamedTuple):
    """One thing asked for.

    Attributes:
        name: The folder in ``node_modules``.
        package: The name at the registry; another one behind an alias.
        kind: ``version``, ``range``, ``tag``, or ``foreign`` for what no registry has.
        wanted: The version, range or tag; for ``foreign`` what was written.
        raw: The value for package.json as it was written; empty where only a name was.
    """

    name: str
    package: str
    kind: str
    wanted: str
    raw: str

    def __str__(self) -> str:
        return f"{self.name}@{self.raw}" if self.raw else self.name


def check_name(name: str) -> str:
    """The name, if a package may have it: it becomes a path and an address.

    Raises:
        SpecError: it may not.
    """
    if (
        not _NAME.fullmatch(name)
        or name.rpartition("/")[2].lower() in _RESERVED
        or len(name) > _MOST_NAME
    ):
        raise SpecError(f"{name!r} is not a name that a package can have")
    return name


@lru_cache(1024)
def _range(text: str) -> Any:
    """The parsed range, None if it is none."""
    try:
        return nodesemver.make_range(text, True)
    except (ValueError, TypeError):
        return None


@lru_cache(8192)
def _version(text: str) -> Any:
    try:
        return nodesemver.make_semver(text.strip(), True)
    except (ValueError, TypeError):
        return None


def satisfies(version: str, wanted: str) -> bool:
    """Whether a version is in a range, with npm's rules for prereleases."""
    if wanted.strip() in ("", "*"):
        return True
    comparators, parsed = _range(wanted), _version(version)
    return bool(comparators and parsed and comparators.test(parsed))


def is_older(version: str, other: str) -> bool:
    """Whether a version comes before another one."""
    one, two = _version(version), _version(other)
    return bool(one and two and one.compare(two) < 0)


def covers(wanted: str, version: str) -> bool:
    """Whether a range has all of ``^version``, so that this may be written instead."""
    low, comparators = _version(version), _range(wanted)
    if low is None or comparators is None or low.prerelease:
        return False
    next_ = _version(
        f"{low.major + 1}.0.0"
        if low.major
        else f"0.{low.minor + 1}.0"
        if low.minor
        else f"0.0.{low.patch + 1}"
    )

    def has_all(comparator: Any) -> bool:
        if comparator.operator in ("<", "<="):
            return bool(comparator.semver.compare(next_) >= 0)
        return comparator.operator in (">", ">=") and bool(comparator.test(low))

    return any(all(map(has_all, each)) for each in comparators.set)


def parse(text: str) -> Spec:
    """What stands on a command line.

    Raises:
        SpecError: it names nothing that a registry has.
    """
    text = text.strip()
    start = 1 if text.startswith("@") else 0
    name, at, value = text[start:].partition("@")
    name = text[:start] + name
    if not _NAME.fullmatch(name):
        if _is_foreign(text):
            raise _refused(text)
        raise SpecError(
            f"{text!r} is not a package: write NAME, NAME@RANGE or @SCOPE/NAME@RANGE"
        )
    if at and not value:
        raise SpecError(f"{text!r} ends with @: a version, range or tag must follow")
    found = parse_value(check_name(name), value)
    if found.kind == "foreign":
        raise _refused(str(found))
    return found


def parse_value(name: str, value: str) -> Spec:
    """What stands in package.json behind a name."""
    value = value.strip()
    if value.startswith("npm:"):
        package, _, wanted = value[5:].partition("@")
        package = value[4:5] + package
        kind = _kind(wanted) if _NAME.fullmatch(package) else "foreign"
        return Spec(name, package, kind, wanted if kind != "foreign" else value, value)
    return Spec(name, name, _kind(value), value, value)


def _kind(value: str) -> str:
    if _EXACT.fullmatch(value):
        return "version"
    if _range(value) is not None:
        return "range"
    return "tag" if _TAG.fullmatch(value) and not _is_foreign(value) else "foreign"


def _is_foreign(text: str) -> bool:
    """A path, an address, ``user/repository``."""
    return ":" in text or "/" in text or text.startswith((".", "~")) or "\\" in text


def _refused(text: str) -> SpecError:
    return SpecError(
        f"{text}: files, git repositories and addresses of tarballs are not supported, "
        "only packages of a registry"
    )


def pick(spec: Spec, document: Mapping[str, Any], also: Iterable[str] = ()) -> str:
    """The version that npm would take.

    The tag ``latest`` if it fits, else the highest that does; a deprecated one only
    where there is no other.

    Args:
        spec: what is asked for.
        document: the package's document from the registry.
        also: further ranges that the version has to be in.

    Raises:
        NotFoundError: there is no such version or tag.
    """
    versions: Mapping[str, Any] = document.get("versions") or {}
    tags: Mapping[str, str] = document.get("dist-tags") or {}
    further = list(also)
    if spec.kind == "tag":
        found = tags.get(spec.wanted, "")
        if found in versions and all(satisfies(found, more) for more in further):
            return found
        known = ", ".join(sorted(tags)) or "none"
        raise NotFoundError(
            f"{spec.package} has no tag {spec.wanted!r}; its tags: {known}"
        )
    wanted = [spec.wanted or "*", *further]
    if spec.kind == "version" and not further:
        exact = spec.wanted.lstrip("v= ")
        if exact in versions:
            return exact
    latest = tags.get("latest", "")
    fitting = [v for v in versions if all(satisfies(v, each) for each in wanted)]
    fitting = [version for version in fitting if _version(version)]
    if not fitting:
        raise NotFoundError(
            f"{spec.package} has no version {' and '.join(wanted)}"
            f"{_known(versions, latest)}"
        )
    sound = [v for v in fitting if not (versions[v] or {}).get("deprecated")]
    return latest if latest in sound else _highest(sound or fitting)


def _highest(versions: Iterable[str]) -> str:
    best = ""
    for version in versions:
        parsed = _version(version)
        if parsed and (not best or parsed.compare(_version(best)) > 0):
            best = version
    return best


def _known(versions: Mapping[str, Any], latest: str) -> str:
    if not versions:
        return "; it has none at all"
    return f"; the latest of {len(versions)} is {latest or _highest(versions)}"
