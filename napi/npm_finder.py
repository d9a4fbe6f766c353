"""The import hook behind ``napi.npm``."""

# ruff: noqa: PTH100, PTH109, PTH118, PTH120, PTH208

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

__all__ = ["Finder", "install", "listed", "names"]

_HERE = "napi.npm"


def _python_name(name: str) -> str:
    """``node-rs`` -> ``node_rs``."""
    return re.sub(r"\W", "_", name)


def _asking() -> list[str]:
    """The folders that ask: of the main script, and the working directory."""
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    folders = [os.path.dirname(os.path.abspath(main))] if main else []
    return [*folders, os.getcwd()]


def _folders() -> list[str]:
    from napi.package.find import search_folders

    return search_folders(None, *_asking())


def _list(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def names() -> Iterator[tuple[str, str]]:
    """Every installed package: its name in Python and in npm, as they are found.

    Scopes are in the name in Python: ``node_rs.crc32``, ``@node-rs/crc32``. Whether a
    package has a native binding is not looked at.
    """
    for folder in _folders():
        for name in _list(folder):
            if name.startswith("@"):
                scope = _python_name(name[1:])
                for inner in _list(os.path.join(folder, name)):
                    yield f"{scope}.{_python_name(inner)}", f"{name}/{inner}"
            elif not name.startswith("."):
                yield _python_name(name), name


def _find(wanted: str) -> str | None:
    """The package of a name in Python.

    Raises:
        ModuleNotFoundError: Several packages would have that name.
    """
    found = list(dict.fromkeys(name for python, name in names() if python == wanted))
    exact = [name for name in found if name.lstrip("@").replace("/", ".") == wanted]
    if len(found) > 1 and not exact:
        raise ModuleNotFoundError(
            f"{_HERE}.{wanted} may be {' or '.join(found)}: load one of them with "
            f"napi.require({found[0]!r})",
            name=f"{_HERE}.{wanted}",
        )
    return next(iter((*exact, *found)), None)


def _is_scope(wanted: str) -> bool:
    return any(python.startswith(f"{wanted}.") for python, _ in names())


class Finder(MetaPathFinder):
    """Finds packages below ``napi.npm``, for ``sys.meta_path``."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """The package of a module below ``napi.npm``; None for all other modules.

        Raises:
            ModuleNotFoundError: There is no such package, or several.
        """
        if not fullname.startswith(f"{_HERE}."):
            return None
        wanted = fullname[len(_HERE) + 1 :]
        package = _find(wanted)
        if package is not None:
            return ModuleSpec(fullname, _PackageLoader(package), origin=package)
        if "." not in wanted and _is_scope(wanted):
            return ModuleSpec(fullname, _ScopeLoader(), is_package=True)
        raise ModuleNotFoundError(_missing(wanted), name=fullname)


def _missing(wanted: str) -> str:
    import difflib

    close = difflib.get_close_matches(wanted, [python for python, _ in names()], 1)
    scope, _, name = wanted.rpartition(".")
    npm = f"@{scope}/{name}" if scope else name
    hint = f"is it {_HERE}.{close[0]}? Else" if close else "if it is to be installed,"
    return (
        f"there is no npm package for {_HERE}.{wanted} in the node_modules of this "
        f"project: {hint} run `napi add {npm}` (with the dashes of its name)"
    )


class _PackageLoader(Loader):
    def __init__(self, package: str) -> None:
        self.package = package

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        from napi.package.find import load_package

        made = load_package(self.package, None, _asking())
        if isinstance(made, ModuleType):
            return made
        from napi import loader

        return loader.module_of(self.package, made)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is left to be done: loading an addon initialises it."""


class _ScopeLoader(Loader):
    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        """A scope is a name, and a place for what is below it."""
        scope = module.__name__[len(_HERE) + 1 :]
        module.__doc__ = f"The packages of the scope {scope}."
        vars(module)["__dir__"] = lambda: listed(f"{scope}.")


def listed(prefix: str) -> list[str]:
    """What can be imported below a scope, or below ``napi.npm``."""
    every = (python for python, _ in names() if python.startswith(prefix))
    return sorted({it[len(prefix) :].partition(".")[0] for it in every})


def install() -> None:
    """Has Python ask for packages below ``napi.npm``."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.append(Finder())
