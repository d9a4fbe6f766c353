"""Loads an addon: preflight, the dynamic linker through the shim, a module object.

A file is loaded once, as ``require()`` does: the same file gives the same module.
"""

from __future__ import annotations

import contextlib
import os
import types
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from napi import binary
from napi._native import shim
from napi.binary import inspect
from napi.errors import LoadError, ModuleNotRegisteredError, NotAnAddonError

__all__ = ["Module", "inspect", "load"]

_KEEP: Any = object()  # null= was not given: napi.null stays as it is
# Real path and the null= knob -> the module.
_cache: dict[tuple[str, bool], Module] = {}


@lru_cache(maxsize=None)
def _known() -> frozenset[str]:
    """The functions of this host: the first column of the ledger."""
    ledger = Path(__file__).with_name("symbols.csv").read_text("utf-8")
    return frozenset(line.partition(",")[0] for line in ledger.splitlines()[1:])


def load(
    path: str | bytes | os.PathLike[str] | os.PathLike[bytes],
    *,
    null: Any = _KEEP,
    fresh: bool = False,
) -> Module:
    """Loads an addon, or gives the module of one that is loaded already.

    Source: the chapter "Module registration" of the Node-API manual.

    Args:
        path: A ``.node`` file, built for this platform.
        null: ``None``: where a function or an export of the addon is ``null``,
            Python sees ``None``. This is about values that are themselves null,
            of functions that the addon exports (also inside exported plain
            objects); what is inside of a result, and what methods of classes
            return, stays as it is: ``napi.to_python`` converts deeply.
        fresh: Load it into a new environment, with exports of its own, even if
            it is loaded already. Such a module is not remembered.

    Returns:
        The module: its attributes are what the addon exports.

    Raises:
        LoadError: It cannot be loaded; the subclass and the message say why.
        OSError: There is no such file, it may not be read, it is a directory.
        TypeError: ``path`` is no path, or ``null`` is not None.
        Exception: What the addon itself threw while it was initialised.
    """
    if null is not _KEEP and null is not None:
        raise TypeError("null= can only be None; without it, null is napi.null")
    name = os.path.realpath(os.fsdecode(path))
    key = (name, null is None)
    if not fresh and key in _cache:
        return _cache[key]
    module = _open(name, null is None)
    if not fresh:
        # An addon that loads itself again while it is initialised came first.
        module = _cache.setdefault(key, module)
    return module


def _open(path: str, without_null: bool) -> Module:
    found = binary.inspect(path)
    binary.check(found, path, _known())
    try:
        exports, version, env = shim.load(path)
    except ModuleNotRegisteredError as error:
        raise _not_an_addon(error, path) from None
    except LoadError as error:
        error.path = path
        raise
    except OSError as error:
        # The linker's text comes without an errno; a real OSError has one.
        if error.errno is not None:
            raise
        raise binary.explain(str(error), found, path, _known()) from None
    kind = CallableModule if callable(exports) else Module
    return kind(path, exports, version, env, without_null)


def _not_an_addon(error: LoadError, path: str) -> LoadError:
    return ModuleNotRegisteredError(
        f"{error}: {path!r} is a shared library, but no Node-API addon; nothing in it "
        "registers a module (napi_register_module_v1 or napi_module_register)",
        path=path,
    )


def _identifier(path: str) -> str:
    """A module name out of a file name: ``crc32.linux-x64-gnu.node`` -> ``crc32``."""
    stem = os.path.basename(path).partition(".")[0] or "addon"
    name = "".join(char if char.isidentifier() or char.isdigit() else "_" for char in stem)
    return name if name.isidentifier() else f"_{name}"


def _without_null(value: Any) -> Any:
    """``value`` for users who never want to see ``napi.null``; classes stay."""
    if value is shim.null:
        return None
    if type(value) is shim.Object:
        return types.MappingProxyType(value) if False else value
    if not isinstance(value, shim.Function):
        return value

    def call(*arguments: Any) -> Any:
        result = value(*arguments)
        return None if result is shim.null else result

    call.__name__ = call.__qualname__ = value.__name__
    call.__wrapped__ = value  # type: ignore[attr-defined]
    return call


class Module(types.ModuleType):
    """A loaded addon. What it exports are its attributes.

    Data exports are kept in the module itself, so that reading one costs what it
    costs on any module; accessors, and what the addon adds later, are asked for
    each time. An export that the addon itself replaces later is seen through
    ``__exports__``. Setting an attribute sets the export.

    Attributes:
        __file__: The file.
        __exports__: What the addon exports, as it is: mostly a ``napi.Object``.
        __napi_version__: The version of Node-API that the addon was made for.
    """

    __exports__: Any
    __napi_version__: int

    def __init__(
        self, path: str, exports: Any, version: int, env: Any, without_null: bool
    ) -> None:
        super().__init__(_identifier(path))
        own = self.__dict__
        del own["__doc__"]  # of the class: made when it is asked for
        own.update(
            __file__=path,
            __exports__=exports,
            __napi_version__=version,
            __env__=env,
            __face__=_without_null if without_null else _same,
        )
        face = own["__face__"]
        own.update((name, face(value)) for name, value in _data(exports))

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        """What help() shows: the file, the version, and the exports by kind."""
        lines = [
            f"Native addon {os.path.basename(self.__dict__['__file__'])}",
            "",
            f"File: {self.__dict__['__file__']}",
            f"Node-API version: {self.__dict__['__napi_version__']}",
        ]
        exports = self.__dict__["__exports__"]
        names = _names(exports)
        if callable(exports):
            lines += ["", f"The module itself is a {_kind(exports)}: call it."]
        if names:
            width = max(map(len, names))
            lines += ["", "Exports:"]
            lines += [f"    {name:{width}}  {_describe(exports, name)}" for name in names]
        return "\n".join(lines)

    def __getattr__(self, name: str) -> Any:
        own = self.__dict__
        exports = own.get("__exports__")
        if _is_ours(name) or not _has(exports, name):
            raise AttributeError(
                f"addon {own.get('__name__')!r} has no export {name!r}", name=name, obj=self
            )
        return own["__face__"](shim.get(exports, name))

    def __setattr__(self, name: str, value: Any) -> None:
        own = self.__dict__
        if _is_ours(name):
            own[name] = value
            return
        exports = own["__exports__"]
        setattr(exports, name, value) if not isinstance(exports, dict) else (
            exports.__setitem__(name, value)
        )
        if _is_data(exports, name):
            own[name] = value

    def __delattr__(self, name: str) -> None:
        own = self.__dict__
        if not _is_ours(name):
            exports = own["__exports__"]
            if not _has(exports, name):
                raise AttributeError(
                    f"addon {own['__name__']!r} has no export {name!r}", name=name, obj=self
                )
            if not shim.delete(exports, name):
                raise TypeError(f"Cannot delete property '{name}' of the exports")
            own.pop(name, None)
        else:
            super().__delattr__(name)

    def __dir__(self) -> list[str]:
        own = [name for name in self.__dict__ if _is_ours(name)]
        return sorted({*_names(self.__dict__["__exports__"]), *own, "__doc__"})

    def __repr__(self) -> str:
        own = self.__dict__
        return (
            f"<napi.Module {own['__name__']!r} from {own['__file__']!r} "
            f"(Node-API {own['__napi_version__']})>"
        )


class CallableModule(Module):
    """An addon that exports a function or a class: calling the module calls it."""

    def __call__(self, *arguments: Any) -> Any:
        """Calls the function, or makes an instance of the class."""
        own = self.__dict__
        return own["__face__"](own["__exports__"](*arguments))
