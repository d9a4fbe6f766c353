"""Modules, functions and classes of addons, pickled by reference.

What is pickled is not the machine code but where to find it: the package, its version,
the hash of the file, and the name of the export. The process that unpickles it must
have the same file; it is looked for as ``napi.find`` does.

An addon belongs to the thread that loaded it. What is unpickled on one thread to be
used on another, as dask does, becomes a :class:`Reference`, which loads the addon on
each thread that uses it.
"""

# ruff: noqa: PTH100, PTH109, PTH113, PTH118, PTH120

from __future__ import annotations

import os
import pickle
import socket
import sys
import threading
from collections import deque
from functools import lru_cache
from typing import Any, NamedTuple

from napi import loader, policy
from napi._native import shim

__all__ = ["Reference", "Source", "reduce_export", "reduce_module", "restore"]

_DEEPEST = 4
_WIDEST = 20_000  # values looked at in one module


class Source(NamedTuple):
    """Where an addon comes from, in a form that another process understands.

    Attributes:
        package: The package that it is in, ``@scope/name``; empty if in none.
        version: The version of that package.
        relative: The file, below the package.
        integrity: Its content: ``sha512-`` and the hash in base64.
        path: Where it was in the process that pickled it.
    """

    package: str
    version: str
    relative: str
    integrity: str
    path: str

    def __str__(self) -> str:
        if not self.package:
            return self.path
        return f"{self.package}@{self.version}/{self.relative}"


# === out ===


@lru_cache(maxsize=1024)
def _integrity(path: str, *_: int) -> str:
    return policy.integrity(path)


def integrity(path: str) -> str:
    """The hash of a file; one that did not change is read once."""
    found = os.stat(path)  # noqa: PTH116
    return _integrity(path, found.st_ino, found.st_mtime_ns, found.st_size)


def _source(path: str) -> Source:
    from napi.resolve_package import ResolveError, nearest

    try:
        package = nearest(os.path.dirname(path))
    except ResolveError:
        package = None
    if package is None or package.name is None:
        return Source("", "", "", integrity(path), path)
    version = str(package.data.get("version", ""))
    relative = os.path.relpath(path, package.folder)
    return Source(package.name, version, relative, integrity(path), path)


def reduce_module(module: Any) -> tuple[Any, ...]:
    """``__reduce__`` of a module.

    Raises:
        PicklingError: It was loaded with ``fresh=True``.
    """
    own = module.__dict__
    if not any(env is own["__env__"] for _, _, env in loader._opened.values()):
        raise pickle.PicklingError(
            f"{module!r} was loaded with fresh=True: another process cannot get the "
            "same one; load it without"
        )
    return restore, (_source(own["__file__"]), None, own["__null__"] is not None)


def reduce_export(value: Any) -> tuple[Any, ...] | str:
    """How a function or a class of an addon is pickled, for ``copyreg``.

    Raises:
        PicklingError: It is no export of a module that was loaded with ``napi.load``.
    """
    found = _locate(value)
    if found is not None:
        path, name = found
        return restore, (_source(path), name, type(value) is shim.method)
    if value is shim.Instance:
        raise pickle.PicklingError(
            "a class of an addon cannot be pickled by its content, as cloudpickle does "
            "with the classes that a function names: name it by its module, "
            "`module.Class`"
        )
    of_python = (
        value.__module__ != "napi"
        if isinstance(value, type)
        else not isinstance(_function_of(value), shim.Function)
    )
    if of_python:
        return str(value.__qualname__)  # a subclass or a method written in Python
    name = getattr(value, "__name__", "")
    raise pickle.PicklingError(
        f"{name or value!r} cannot be pickled: it is no export of an addon that was "
        "loaded with napi.load or napi.require; only those can be found again in "
        "another process"
    )


def _function_of(value: Any) -> Any:
    """The function in a method; other values as they are."""
    return value.__func__ if type(value) is shim.method else value


def _locate(value: Any) -> tuple[str, str] | None:
    """The file and the name of an export; this thread's modules come first."""
    here = threading.get_ident()
    opened = sorted(loader._opened.items(), key=lambda item: item[0][1] != here)
    for (path, _), (exports, _, _) in opened:
        name = _name_of(value, exports)
        if name is not None:
            return path, name
    return None


def _name_of(value: Any, exports: Any) -> str | None:
    """The dotted name of a value in what an addon exports."""
    if exports is value:
        return ""
    function = _function_of(value)
    waiting: deque[tuple[Any, tuple[str, ...]]] = deque([(exports, ())])
    seen = {id(exports)}
    while waiting and len(seen) < _WIDEST:
        holder, names = waiting.popleft()
        for name, inner in _members(holder):
            # A method is bound to what has it; another one may have the function, too.
            if inner is value or (
                inner is function and getattr(holder, name, None) == value
            ):
                return ".".join((*names, name))
            if id(inner) not in seen and len(names) < _DEEPEST:
                seen.add(id(inner))
                waiting.append((inner, (*names, name)))
    return None


def _members(holder: Any) -> list[tuple[str, Any]]:
    """The properties of an object, and the methods of a class; no code runs."""
    kind = shim.typeof(holder)
    if kind not in ("object", "function") or holder is shim.null:
        return []
    if kind == "object" and type(holder) is not shim.Object:
        return []
    found = [item for item in _own(holder) if item[0] != "prototype"]
    if isinstance(holder, type):
        found += _own(shim.get(holder, "prototype"))
    return found


def _own(holder: Any) -> list[tuple[str, Any]]:
    found = []
    for name in shim.own_keys(holder):
        own = shim.own_property(holder, name) if isinstance(name, str) else None
        if own is not None and "value" in own and "." not in name:
            found.append((name, own["value"]))
    return found


# === in ===


def restore(source: Source, export: str | None, flag: bool) -> Any:
    """Finds again what was pickled.

    Args:
        source: The addon.
        export: The dotted name of an export; None for the module, empty for its
            exports as a whole.
        flag: Of a module: it was loaded with ``null=None``. Of an export: it is a
            method, as Python sees it.

    Returns:
        The object, on the main thread, if no event loop runs there; else a
        :class:`Reference` to it.

    Raises:
        FindError: This process does not have the same addon.
        LoadError: It cannot be loaded here.
    """
    reference = Reference(source, export, flag)
    # An event loop is a sign of a thread that hands on what it reads.
    return reference.target if _is_main() and not _in_event_loop() else reference


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


def _in_event_loop() -> bool:
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None


class Reference:
    """Stands for a module, a function or a class of an addon, on every thread.

    It is called, and its attributes are read, like the object itself; the addon is
    loaded on each thread where that happens. It pickles as the object does.

    Attributes:
        source: The addon.
        export: The dotted name of the export; None for the module itself.
    """

    def __init__(self, source: Source, export: str | None, flag: bool) -> None:
        self.source = source
        self.export = export
        self._flag = flag
        # Thread -> the object that belongs to it.
        self._targets: dict[int, Any] = {}

    @property
    def target(self) -> Any:
        """The object itself, of this thread.

        Raises:
            FindError: This process does not have the same addon.
            LoadError: It cannot be loaded here.
        """
        here = threading.get_ident()
        if here not in self._targets:
            self._targets[here] = self._load()
        return self._targets[here]

    def _load(self) -> Any:
        path = find_source(self.source)
        if self.export is None:
            return loader.load(path, null=None) if self._flag else loader.load(path)
        value = loader.load(path).__exports__
        names = [name for name in self.export.split(".") if name]
        for name in names[:-1] if self._flag else names:
            value = shim.get(value, name)
        return getattr(value, names[-1]) if self._flag else value

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Calls the function, or makes an instance of the class, on this thread."""
        return self.target(*arguments, **named)

    def __getattr__(self, name: str) -> Any:
        # Pickle and copy ask for these; they are answered without loading.
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return getattr(self.target, name)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *dir(self.target)})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reference):
            return NotImplemented
        same: bool = self.__reduce__() == other.__reduce__()
        return same

    def __hash__(self) -> int:
        return hash((self.source, self.export))

    def __reduce__(self) -> tuple[Any, ...]:
        return restore, (self.source, self.export, self._flag)

    def __repr__(self) -> str:
        what = "the module" if self.export is None else self.export or "the exports"
        return f"<napi reference to {what} of {self.source}>"


def find_source(source: Source) -> str:
    """The file on this machine that is the same as one elsewhere.

    Raises:
        FindError: There is none; the message says what to install, and where.
    """
    from napi.package.find import FindError, search_folders

    found = []
    folders: list[str] = []
    paths = [source.path]
    if source.package:
        main = getattr(sys.modules.get("__main__"), "__file__", None)
        asking = [os.path.dirname(os.path.abspath(main))] if main else []
        folders = search_folders(None, *asking, os.getcwd())
        paths += [os.path.join(it, source.package, source.relative) for it in folders]
    for path in paths:
        if os.path.isfile(path):
            if integrity(path) == source.integrity:
                return path
            found.append(path)
    error = FindError(_complaint(source, found, folders))
    error.folders = tuple(folders)
    raise error


def _complaint(source: Source, found: list[str], folders: list[str]) -> str:
    where = f"process {os.getpid()} on {socket.gethostname()}"
    text = f"{where} does not have the addon {source}, which a pickled object needs: "
    if found:
        other = _source(found[0])
        what = f"{found[0]} is another file ({other.package}@{other.version})"
        text += f"{what if other.package else f'{found[0]} is another file'}; "
    if source.package:
        text += f"install it with `napi add {source.package}@{source.version}`"
        there = [it for it in folders if os.path.isdir(it)]  # noqa: PTH112
        text += f" in {os.path.dirname(there[0]) if there else os.getcwd()}"
        return f"{text}, or name its folder in NODE_PATH"
    return f"{text}put the file there, or make it part of a package"
