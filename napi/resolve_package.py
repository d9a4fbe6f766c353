"""What a ``package.json`` says about the files of its package.

The entries ``name``, ``main``, ``type``, ``exports`` and ``imports``, and how a
target of ``exports`` or ``imports`` becomes the place of a file.

Source: the chapter "Modules: Packages" of Node's manual, and the resolver algorithm
in its chapter "Modules: ECMAScript modules".
"""

# Half of all the strings here are URLs, and the same texts are compared as Node does.
# ruff: noqa: PTH118, PTH119, PTH120, PTH123

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

__all__ = [
    "Package",
    "ResolveError",
    "join",
    "nearest",
    "read",
    "resolve_exports",
    "resolve_imports",
    "to_path",
    "to_url",
]

_LEFT_ALONE = "/!$&'()*+,-.:;=@[]^_|~"  # by a URL's path, of what quote() would change
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DOT = r"(?:\.|%2e)"
_MODULES = "".join(
    f"(?:{letter}|%{ord(letter):02x}|%{ord(letter.upper()):02x})"
    if letter != "_"
    else "(?:_|%5f)"
    for letter in "node_modules"
)
# A segment that would leave the package, or enter another one.
_BAD_SEGMENT = re.compile(rf"(?:^|[\\/])(?:{_DOT}{{1,2}}|{_MODULES})(?=[\\/]|$)", re.I)
_ENCODED_DOTS = re.compile(r"%2e", re.I)


class ResolveError(ImportError):
    """A module cannot be resolved; the message is Node's.

    Attributes:
        code: Node's code: ``MODULE_NOT_FOUND``, ``ERR_PACKAGE_PATH_NOT_EXPORTED``...
        base: The class of the error in Node: ``Error``, ``TypeError``, ``RangeError``.
        properties: What else Node's error has: ``requireStack``, ``path``,
            ``requestPath``, ``url``.
    """

    def __init__(
        self, code: str, message: str, base: str = "Error", **properties: Any
    ) -> None:
        super().__init__(message)
        self.code = code
        self.base = base
        self.properties: dict[str, Any] = properties

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (type(self), self.code, str(self), self.base, self.properties)


def _restore(
    cls: type[ResolveError],
    code: str,
    message: str,
    base: str,
    properties: dict[str, Any],
) -> ResolveError:
    return cls(code, message, base, **properties)


class Package(NamedTuple):
    """What resolution reads of a ``package.json``.

    Attributes:
        path: The file.
        folder: The folder that it is in.
        name: Its ``name``; None if it has none.
        main: Its ``main``; None if it is no text.
        type: ``commonjs``, ``module``, or ``none`` where it says neither.
        exports: Its ``exports``, as JSON; None if it has none.
        imports: Its ``imports``; None if it has none.
        data: All that the file says.
    """

    path: str
    folder: str
    name: str | None
    main: str | None
    type: str
    exports: Any
    imports: Any
    data: Mapping[str, Any]


def read(path: str, base: str | None = None) -> Package | None:
    """Reads a ``package.json``; a file that did not change is read once.

    Args:
        path: The file.
        base: What was asked by whom, for the message.

    Returns:
        What it says; None if there is no such file.

    Raises:
        ResolveError: ERR_INVALID_PACKAGE_CONFIG, it is not a JSON object.
    """
    try:
        found = os.stat(path)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    try:
        return _read(path, found.st_ino, found.st_mtime_ns, found.st_size)
    except OSError:
        return None
    except (ValueError, RecursionError):
        raise _bad_config(path, base, "") from None


@lru_cache(maxsize=4096)
def _read(path: str, *_: int) -> Package:
    with open(path, "rb") as file:
        data = json.loads(file.read().decode("utf-8", "replace"))
    if not isinstance(data, dict):
        raise ValueError("not an object")
    name, main, kind = data.get("name"), data.get("main"), data.get("type")
    exports, imports = data.get("exports"), data.get("imports")
    return Package(
        path,
        os.path.dirname(path),
        name if isinstance(name, str) else None,
        main if isinstance(main, str) else None,
        kind if kind in ("commonjs", "module") else "none",
        exports if isinstance(exports, (dict, list, str)) else None,
        imports if isinstance(imports, dict) else None,
        data,
    )


def nearest(folder: str, base: str | None = None) -> Package | None:
    """The package that a folder belongs to: the next ``package.json`` upwards.

    The search ends at a ``node_modules``: what is in there is another package.
    """
    while True:
        if os.path.basename(folder) == "node_modules":
            return None
        package = read(os.path.join(folder, "package.json"), base)
        if package is not None:
            return package
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


# === places, as the path of a file: URL ===


def to_url(path: str) -> str:
    """The path of a file: URL for a path of the file system."""
    try:
        name = os.fsencode(path)
    except UnicodeEncodeError:  # half of a surrogate pair: no file is called that
        name = path.encode("utf-8", "replace")
    return quote(name, safe=_LEFT_ALONE)


def to_path(url: str) -> str:
    """The path of the file system for a file: URL without its scheme.

    Raises:
        ResolveError: A URIError, what follows a percent sign is no UTF-8.
    """
    path = split_suffix(url)[0]
    try:
        if re.search("%(?![0-9a-f]{2})", path, re.I):
            raise ValueError(path)
        return unquote(path, errors="strict")
    except ValueError:
        raise ResolveError("", "URI malformed", "URIError") from None


def split_suffix(url: str) -> tuple[str, str]:
    """A URL without its query and fragment, and these."""
    match = re.match(r"[^?#]*", url)
    end = match.end() if match else 0
    return url[:end], url[end:]


def join(folder: str, relative: str) -> str:
    """``new URL(relative, folder)``, without its scheme.

    Args:
        folder: The path of a URL, which ends with a slash.
        relative: The relative reference.
    """
    relative = relative.strip("".join(map(chr, range(33))))
    relative, suffix = split_suffix(re.sub(r"[\t\n\r]", "", relative))
    relative = relative.replace("\\", "/")
    place = relative if relative.startswith("/") else folder + relative
    parts: list[str] = []
    steps = place.split("/")[1:]
    for index, step in enumerate(steps):
        plain = _ENCODED_DOTS.sub(".", step)
        if plain == ".." and parts:
            parts.pop()
        if plain not in (".", ".."):
            parts.append(step)
        elif index == len(steps) - 1:
            parts.append("")
    name = "/".join(parts).encode("utf-8", "replace")
    return "/" + quote(name, safe=_LEFT_ALONE + "%") + suffix


def _folder(package: Package) -> str:
    return package.folder.rstrip("/") + "/"


# === errors ===


def _from(base: str | None, words: str = "imported from") -> str:
    return f" {words} {base}" if base else ""


def _bad_config(path: str, base: str | None, text: str) -> ResolveError:
    text = f". {text}" if text else "."
    base = f"file://{to_url(base)}" if base and text != "." else base
    text = f"Invalid package config {path}{_from(base, 'while importing')}{text}"
    return ResolveError("ERR_INVALID_PACKAGE_CONFIG", text)


def not_exported(subpath: str, package: Package, base: str | None) -> ResolveError:
    """What Node says of a subpath that ``exports`` does not have."""
    what = (
        f'No "exports" main defined in {package.path}'
        if subpath == "."
        else f"Package subpath '{subpath}' is not defined by \"exports\" in "
        f"{package.path}"
    )
    return ResolveError("ERR_PACKAGE_PATH_NOT_EXPORTED", what + _from(base))


def bad_specifier(specifier: str, reason: str, base: str | None) -> ResolveError:
    """What Node says of a specifier that cannot be one."""
    text = f'Invalid module "{specifier}" {reason}{_from(base)}'
    return ResolveError("ERR_INVALID_MODULE_SPECIFIER", text, "TypeError")


# === targets ===


class _Search(NamedTuple):
    """One look-up in ``exports`` or ``imports``: what stays the same for it."""

    package: Package
    base: str | None
    conditions: Collection[str]
    # Of ``imports`` only: resolves the name of another package.
    other: Callable[[str, str], str] | None

    def bad_target(self, key: str, target: Any) -> ResolveError:
        entry = "imports" if self.other else "exports"
        shown = target
        if not isinstance(target, str):  # as JavaScript's `${target}` has it
            shown = json.dumps(target, separators=(",", ":"), ensure_ascii=False)
        relative = (
            isinstance(shown, str)
            and not self.other
            and shown != ""
            and not shown.startswith("./")
        )
        quoted = json.dumps(shown, ensure_ascii=False)
        what = (
            f'Invalid "exports" main target {quoted} defined'
            if key == "."
            else f"Invalid \"{entry}\" target {quoted} defined for '{key}'"
        )
        return ResolveError(
            "ERR_INVALID_PACKAGE_TARGET",
            f"{what} in the package config {self.package.path}{_from(self.base)}"
            + ('; targets must start with "./"' if relative else ""),
        )

    def text(self, target: str, matched: str | None, key: str) -> str:
        """The place that a target names; ``matched`` stands for its asterisk."""
        if not target.startswith("./"):
            if (
                self.other is None
                or target.startswith(("../", "/"))
                or (_SCHEME.match(target))
            ):
                raise self.bad_target(key, target)
            whole = target.replace("*", matched) if matched is not None else target
            return self.other(whole, _folder(self.package))
        if _BAD_SEGMENT.search(target[2:]):
            raise self.bad_target(key, target)
        place = join(to_url(_folder(self.package)), target)
        if matched is None:
            return place
        if _BAD_SEGMENT.search(matched):
            entry = "imports" if self.other else "exports"
            raise bad_specifier(
                key.replace("*", matched, 1),
                f'request is not a valid match in pattern "{key}" for the "{entry}" '
                f"resolution of {self.package.path}",
                self.base,
            )
        return join("/", place.replace("*", matched))

    def target(self, target: Any, matched: str | None, key: str) -> str | None:
        """The place that a target of any kind names.

        Returns:
            The path of a URL, None where the target is null: not to be had.

        Raises:
            LookupError: No condition of it holds.
            ResolveError: It makes no sense.
        """
        if isinstance(target, str):
            return self.text(target, matched, key)
        if isinstance(target, list):
            return self.first(target, matched, key)
        if isinstance(target, dict):
            return self.conditional(target, matched, key)
        if target is None:
            return None
        raise self.bad_target(key, target)

    def conditional(
        self, target: dict[str, Any], matched: str | None, key: str
    ) -> str | None:
        if any(name.isascii() and name.isdecimal() for name in target):
            text = '"exports" cannot contain numeric property keys.'
            raise _bad_config(self.package.path, self.base, text)
        for name, inner in target.items():
            if name == "default" or name in self.conditions:
                try:
                    return self.target(inner, matched, key)
                except LookupError:
                    continue
        raise LookupError(key)

    def first(self, targets: list[Any], matched: str | None, key: str) -> str | None:
        if not targets:
            return None
        last: Exception | None = LookupError(key)
        for inner in targets:
            try:
                place = self.target(inner, matched, key)
            except LookupError:
                continue
            except ResolveError as error:
                if error.code != "ERR_INVALID_PACKAGE_TARGET":
                    raise
                last = error
                continue
            if place is not None:
                return place
            last = None
        if last is not None:
            raise last
        return None

    def find(self, table: Mapping[str, Any], name: str) -> str | None:
        """The place of an entry, by its name or by the best pattern."""
        try:
            if name in table and "*" not in name and not name.endswith("/"):
                return self.target(table[name], None, name)
            best, matched = _best_pattern(table, name)
            return self.target(table[best], matched, best) if best else None
        except LookupError:
            return None


def _best_pattern(table: Mapping[str, Any], name: str) -> tuple[str, str]:
    """The most specific pattern that holds, and what its asterisk stands for."""
    found: list[tuple[int, int, str, str]] = []
    for key in table:
        head, asterisk, tail = key.partition("*")
        if (
            asterisk
            and "*" not in tail
            and len(name) >= len(key)
            and name.startswith(head)
            and name.endswith(tail)
        ):
            matched = name[len(head) : len(name) - len(tail)]
            found.append((len(head), len(key), key, matched))
    return max(found)[2:] if found else ("", "")


def _table(package: Package, base: str | None) -> Mapping[str, Any]:
    """``exports`` by subpath, also where it is short for the main one."""
    exports = package.exports
    if not isinstance(exports, dict):
        return {".": exports}
    kinds = {not key.startswith(".") for key in exports}
    if len(kinds) > 1:
        raise _bad_config(
            package.path,
            base,
            "\"exports\" cannot contain some keys starting with '.' and some not. The "
            "exports object must either be an object of package subpath keys or an "
            "object of main entry condition name keys only.",
        )
    return {".": exports} if kinds == {True} else exports


def resolve_exports(
    package: Package, subpath: str, base: str | None, conditions: Collection[str]
) -> str:
    """The place of what a package exports.

    Args:
        package: The package; it has ``exports``.
        subpath: ``.``, or ``./`` and more.
        base: The file that asks, for the messages; None as CommonJS says it.
        conditions: The conditions that hold, besides ``default``.

    Returns:
        The path of a file: URL; the file need not be there.

    Raises:
        ResolveError: It is not exported, or ``exports`` makes no sense.
    """
    search = _Search(package, base, conditions, None)
    place = search.find(_table(package, base), subpath)
    if place is None:
        raise not_exported(subpath, package, base)
    return place


def resolve_imports(
    package: Package | None,
    name: str,
    base: str,
    conditions: Collection[str],
    other: Callable[[str, str], str],
) -> str:
    """The place of what a package's ``imports`` call ``#name``.

    Args:
        package: The package of the file that asks; None if it has none.
        name: The name, which begins with ``#``.
        base: The file that asks.
        conditions: The conditions that hold, besides ``default``.
        other: Resolves the name of another package, seen from a folder.

    Returns:
        The path of a file: URL, or what ``other`` gave.

    Raises:
        ResolveError: It is not defined, or ``imports`` makes no sense.
    """
    if name == "#" or name.endswith("/"):
        reason = "is not a valid internal imports specifier name"
        raise bad_specifier(name, reason, base)
    if package is not None and package.imports is not None:
        place = _Search(package, base, conditions, other).find(package.imports, name)
        if place is not None:
            return place
    where = f" in package {package.path}" if package is not None else ""
    raise ResolveError(
        "ERR_PACKAGE_IMPORT_NOT_DEFINED",
        f'Package import specifier "{name}" is not defined{where}{_from(base)}',
        "TypeError",
    )
