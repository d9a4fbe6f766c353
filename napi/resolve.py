"""Node's module resolution: from a specifier to a file, without any JavaScript.

``require()`` of CommonJS and ``import`` of ECMAScript modules, with ``exports`` and
``imports`` of packages, self references, folders and symbolic links. Nothing is
loaded, nothing is remembered but what a ``package.json`` says.

Sources: the chapters "Modules: CommonJS modules", "Modules: ECMAScript modules" and
"Modules: Packages" of Node's manual.
"""

# Paths are texts here, as Node has them: "a/" and "a" are not the same.
# ruff: noqa: PTH100, PTH109, PTH112, PTH113, PTH117, PTH118, PTH119, PTH120, PTH122

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from napi.resolve_builtin import BUILTINS, builtin, unknown_builtin
from napi.resolve_package import (
    Package,
    ResolveError,
    bad_specifier,
    join,
    nearest,
    read,
    resolve_exports,
    resolve_imports,
    split_suffix,
    to_path,
    to_url,
)

__all__ = [
    "BUILTINS",
    "CONDITIONS",
    "EXTENSIONS",
    "Package",
    "ResolveError",
    "Resolved",
    "builtin",
    "folders",
    "locate",
    "nearest",
    "read",
    "resolve",
    "split_name",
]

Kind = Literal["require", "import"]

#: The conditions of ``exports`` and ``imports`` that hold, besides ``default``.
CONDITIONS: dict[str, frozenset[str]] = {
    kind: frozenset((kind, "node", "node-addons", "module-sync"))
    for kind in ("require", "import")
}
#: What ``require()`` appends to a name, in this order.
EXTENSIONS = (".js", ".json", ".node")
_NAME = re.compile(r"((?:@[^/\\%]+/)?[^./\\%][^/\\%]*)(/.*)?", re.S)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:)")
_ENCODED_SLASH = re.compile("%2f|%5c", re.I)


class Resolved(NamedTuple):
    """What a specifier stands for.

    Attributes:
        path: The file, without symbolic links; empty for a module of Node itself.
        builtin: The name of a module of Node itself: ``node:fs``; else empty.
        suffix: Query and fragment of an import, ``?raw``: another module than the
            file without them.
        format: ``commonjs``, ``module``, ``json``, ``addon``, ``wasm``, ``builtin``;
            empty where the file itself has to tell: ``.js`` of a package without a
            ``type``, or another extension.
    """

    path: str
    builtin: str
    suffix: str
    format: str


def resolve(
    specifier: str,
    parent: str | os.PathLike[str],
    *,
    conditions: Collection[str] | None = None,
    kind: Kind = "require",
    stack: Sequence[str] | None = None,
) -> Path:
    """The file that a specifier stands for.

    Args:
        specifier: What is asked for: ``./a``, ``name``, ``@scope/name/sub``, ``#x``.
        parent: The file that asks; it need not be there.
        conditions: The conditions of ``exports`` that hold, in place of Node's own
            for ``kind`` (``CONDITIONS``); ``default`` always holds.
        kind: Whether ``require()`` asks or ``import``: they resolve otherwise.
        stack: The files that wait for this one, the last first, for the message;
            ``parent`` alone without it.

    Returns:
        The file, without symbolic links.

    Raises:
        ResolveError: There is none; ``code`` and message are Node's.
        ValueError: It is a module of Node itself: ask ``locate`` or ``builtin``.
    """
    found = locate(specifier, parent, conditions=conditions, kind=kind, stack=stack)
    if found.builtin:
        raise ValueError(f"{specifier!r} is a module of Node itself, not a file")
    return Path(found.path)


def locate(
    specifier: str,
    parent: str | os.PathLike[str],
    *,
    conditions: Collection[str] | None = None,
    kind: Kind = "require",
    stack: Sequence[str] | None = None,
) -> Resolved:
    """What a specifier stands for; as ``resolve``, and Node's own modules too.

    Returns:
        A file, or the name of a module of Node itself.

    Raises:
        ResolveError: There is none; ``code`` and message are Node's.
    """
    base = os.path.abspath(parent)
    if kind == "import":
        return _Import(base, CONDITIONS[kind] if conditions is None else conditions)(
            specifier
        )
    known = CONDITIONS["require"] if conditions is None else conditions
    return _Require(base, known, [base] if stack is None else list(stack))(specifier)


def split_name(specifier: str) -> tuple[str, str] | None:
    """``@scope/name/sub`` -> ``@scope/name``, ``./sub``; None if it is no name."""
    match = _NAME.fullmatch(specifier)
    return (match[1], "." + (match[2] or "")) if match else None


def folders(folder: str) -> Iterator[str]:
    """The ``node_modules`` where a file of ``folder`` looks, the next one first."""
    while True:
        if os.path.basename(folder) != "node_modules":
            yield os.path.join(folder, "node_modules")
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def global_folders() -> list[str]:
    """Where ``require()`` looks last: ``NODE_PATH`` and the folders of old times."""
    found = [it for it in os.environ.get("NODE_PATH", "").split(os.pathsep) if it]
    home = os.environ.get("HOME", "")
    if home:
        found += [os.path.join(home, it) for it in (".node_modules", ".node_libraries")]
    return found


def _format(path: str) -> str:
    ending = os.path.splitext(path)[1]
    if ending in (".js", ""):
        package = nearest(os.path.dirname(path))
        kind = package.type if package is not None else "none"
        return "" if kind == "none" else kind
    known = {".mjs": "module", ".cjs": "commonjs", ".json": "json", ".wasm": "wasm"}
    return "addon" if ending == ".node" else known.get(ending, "")


def _resolved(path: str, suffix: str = "") -> Resolved:
    if path.startswith("node:"):
        return Resolved("", path, "", "builtin")
    path = os.path.realpath(path)
    return Resolved(path, "", suffix, _format(path))


def _file(path: str) -> str | None:
    return path if os.path.isfile(path) else None


def _with_extension(path: str) -> str | None:
    for ending in EXTENSIONS:
        if os.path.isfile(path + ending):
            return path + ending
    return None


class _Require:
    """``require.resolve()`` of one file."""

    def __init__(self, base: str, known: Collection[str], stack: list[str]) -> None:
        self.base = base
        self.folder = os.path.dirname(base)
        self.conditions = known
        self.stack = stack

    def __call__(self, specifier: str) -> Resolved:
        name = builtin(specifier)
        if name is not None:
            return _resolved(name)
        return _resolved(self.find(specifier))

    def find(self, specifier: str) -> str:
        if specifier.startswith("#"):
            package = nearest(self.folder)
            if package is not None and package.imports is not None:
                return self.imported(package, specifier)
        found = self.own(specifier) or self.look(specifier)
        if found is None:
            raise self.not_found(specifier)
        return found

    def not_found(self, specifier: str) -> ResolveError:
        text = f"Cannot find module '{specifier}'"
        if self.stack:
            text += "\nRequire stack:\n- " + "\n- ".join(self.stack)
        return ResolveError("MODULE_NOT_FOUND", text, requireStack=list(self.stack))

    def own(self, specifier: str) -> str | None:
        """A package that asks for itself by its name."""
        package = nearest(self.folder)
        if package is None or package.exports is None or package.name is None:
            return None
        head, tail = specifier[: len(package.name)], specifier[len(package.name) :]
        if head != package.name or (tail and not tail.startswith("/")):
            return None
        place = resolve_exports(package, "." + tail, self.base, self.conditions)
        return self.exported(place, self.base, package.folder)

    def imported(self, package: Package, specifier: str) -> str:
        other = _Import(self.base, self.conditions).package
        try:
            place = resolve_imports(
                package, specifier, self.base, self.conditions, other
            )
        except ResolveError as error:
            if error.code != "ERR_MODULE_NOT_FOUND":
                raise
            text = f"Cannot find module '{specifier}'"
            raise ResolveError("MODULE_NOT_FOUND", text) from None
        if place.startswith("node:"):
            text = "The URL must be of scheme file"
            raise ResolveError("ERR_INVALID_URL_SCHEME", text, "TypeError")
        return self.exported(place, self.base, package.path)

    def exported(self, place: str, base: str | None, package: str) -> str:
        """The file at a place that ``exports`` or ``imports`` gave."""
        if _ENCODED_SLASH.search(place):
            raise _encoded(f"file://{place}", base)
        path = to_path(place)
        if not os.path.isfile(path):
            text = f"Cannot find module '{path}'"
            raise ResolveError("MODULE_NOT_FOUND", text, path=package)
        return path

    def look(self, specifier: str) -> str | None:
        if os.path.isabs(specifier):
            return self.at(os.path.normpath(specifier), specifier)
        if specifier[:1] == "." and specifier[1:2] in ("", ".", "/"):
            place = os.path.normpath(os.path.join(self.folder, specifier))
            return self.at(place, specifier)
        for folder in (*folders(self.folder), *global_folders()):
            if os.path.isdir(folder):
                found = self.in_package(folder, specifier) or self.at(
                    os.path.normpath(os.path.join(folder, specifier)), specifier
                )
                if found is not None:
                    return found
        return None

    def in_package(self, folder: str, specifier: str) -> str | None:
        parts = split_name(specifier)
        if parts is None:
            return None
        package = read(os.path.join(folder, parts[0], "package.json"))
        if package is None or package.exports is None:
            return None
        place = resolve_exports(package, parts[1], None, self.conditions)
        return self.exported(place, None, package.folder)

    def at(self, path: str, specifier: str) -> str | None:
        """The file that a path stands for: itself, with an extension, its index."""
        last = specifier.rpartition("/")[2]
        if last not in ("", ".", ".."):
            found = _file(path) or _with_extension(path)
            if found is not None:
                return found
        return self.folder_at(path, specifier) if os.path.isdir(path) else None

    def folder_at(self, path: str, specifier: str) -> str | None:
        manifest = os.path.join(path, "package.json")
        package = read(manifest)
        index = os.path.join(path, "index")
        if package is None or not package.main:
            return _with_extension(index)
        main = os.path.normpath(os.path.join(path, package.main))
        found = _file(main) or _with_extension(main)
        found = found or _with_extension(os.path.join(main, "index"))
        found = found or _with_extension(index)
        if found is None:
            raise ResolveError(
                "MODULE_NOT_FOUND",
                f"Cannot find module '{main}'. Please verify that the package.json has "
                'a valid "main" entry',
                path=manifest,
                requestPath=specifier,
            )
        return found


def _encoded(url: str, base: str | None) -> ResolveError:
    reason = 'must not include encoded "/" or "\\" characters'
    return bad_specifier(url, reason, base)


class _Import:
    """``import.meta.resolve()`` of one file."""

    def __init__(self, base: str, known: Collection[str]) -> None:
        self.base = base
        self.folder = os.path.dirname(base)
        self.conditions = known

    def __call__(self, specifier: str) -> Resolved:
        url = self.place(specifier)
        if url.startswith("node:"):
            return _resolved(url)
        place, suffix = split_suffix(url)
        if _ENCODED_SLASH.search(place):
            raise _encoded(place, self.base)
        path = to_path(place)
        real = path.partition("\0")[0]
        if path.endswith("/") or os.path.isdir(real):
            text = (
                f"Directory import '{path}' is not supported resolving ES modules "
                f"imported from {self.base}"
            )
            code = "ERR_UNSUPPORTED_DIR_IMPORT"
            raise self.with_hint(code, text, specifier, url=f"file://{url}")
        if not os.path.isfile(real):
            text = f"Cannot find module '{path}' imported from {self.base}"
            code = "ERR_MODULE_NOT_FOUND"
            raise self.with_hint(code, text, specifier, url=f"file://{url}")
        return _resolved(real, suffix)

    def place(self, specifier: str) -> str:
        """A file: URL without its scheme, or ``node:x``."""
        if specifier.startswith(("/", "./", "../")) or specifier in (".", ".."):
            return join(to_url(self.folder).rstrip("/") + "/", specifier)
        if specifier.startswith("#"):
            return resolve_imports(
                nearest(self.folder),
                specifier,
                self.base,
                self.conditions,
                self.package,
            )
        found = _SCHEME.match(specifier)
        if found is None:
            return self.package(specifier, None)
        scheme = found[1].lower()
        if scheme == "node:":
            name = builtin(specifier)
            if name is None:
                raise unknown_builtin(specifier)
            return name
        if scheme != "file:":
            raise _bad_scheme(scheme)
        rest = specifier[5:].lstrip().replace("\\", "/")
        return join("/", "/" + rest[2:].partition("/")[2] if rest[:2] == "//" else rest)

    def package(self, specifier: str, folder: str | None) -> str:
        """The place of what a package has, seen from a folder; Node's own, too."""
        known = builtin(specifier)
        if known is not None:
            return known
        asking = self.base if folder is None else os.path.join(folder, "package.json")
        name, subpath = _package_name(specifier, asking)
        where = os.path.dirname(asking)
        own = nearest(where)
        if own is not None and own.exports is not None and own.name == name:
            return resolve_exports(own, subpath, asking, self.conditions)
        manifest = split_suffix(f"{name}/package.json")[0]
        for modules in folders(where):
            place = f"{modules}/{manifest}"
            if os.path.isdir(place[: -len("/package.json")]):
                return self.in_package(place, subpath, specifier, asking)
        text = f"Cannot find package '{name}' imported from {asking}"
        raise self.with_hint("ERR_MODULE_NOT_FOUND", text, specifier)

    def in_package(self, place: str, subpath: str, wanted: str, asking: str) -> str:
        package = read(place, f'"{wanted}" from {asking}')
        if package is not None and package.exports is not None:
            return resolve_exports(package, subpath, asking, self.conditions)
        folder = os.path.dirname(place) + "/"
        if subpath != ".":
            return join(to_url(folder), subpath)
        main = package.main if package is not None else None
        tries = [main + it for it in _MAIN_ENDINGS] if main else []
        for name in (*tries, *_INDEXES):
            path = os.path.normpath(os.path.join(folder, "./" + name))
            if os.path.isfile(path):
                return to_url(path)
        path = os.path.normpath(
            os.path.join(folder, "index.js" if main is None else f"./{main}")
        )
        text = f"Cannot find package '{path}' imported from {asking}"
        raise ResolveError("ERR_MODULE_NOT_FOUND", text)

    def with_hint(
        self, code: str, text: str, specifier: str, **more: str
    ) -> ResolveError:
        """The error, and what ``require()`` would have found."""
        hint = self.hint(specifier)
        if hint is not None:
            text += f"\nDid you mean to import {json.dumps(hint)}?"
        return ResolveError(code, text, **more)

    def hint(self, specifier: str) -> str | None:
        """What ``require()`` finds; as Node, relative to where the program runs."""
        relative = specifier.startswith(("./", "../")) or specifier in (".", "..")
        asking = os.path.join(os.getcwd(), "x") if relative else self.base
        try:
            found = _Require(asking, CONDITIONS["require"], [])(specifier).path
        except ResolveError:
            return None
        if relative:
            near = os.path.relpath(to_url(found), to_url(self.folder))
            return near if near.startswith("../") else f"./{near}"
        if specifier.startswith("/"):
            return found
        name, slash, _ = specifier.partition("/")
        if not slash:
            return f"file://{to_url(found)}"
        return found[max(found.find(name), 0) :]


_MAIN_ENDINGS = ("", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node")
_INDEXES = ("index.js", "index.json", "index.node")


def _package_name(specifier: str, asking: str) -> tuple[str, str]:
    parts = specifier.split("/")
    words = 2 if specifier.startswith("@") else 1
    name = "/".join(parts[:words])
    if len(parts) < words or name.startswith(".") or "%" in name or "\\" in name:
        raise bad_specifier(specifier, "is not a valid package name", asking)
    return name, "/".join([".", *parts[words:]])


def _bad_scheme(scheme: str) -> ResolveError:
    known = "file and data" if scheme in ("http:", "https:") else "file, data, and node"
    return ResolveError(
        "ERR_UNSUPPORTED_ESM_URL_SCHEME",
        f"Only URLs with a scheme in: {known} are supported by the default ESM loader. "
        f"Received protocol '{scheme}'",
    )
