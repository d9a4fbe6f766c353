"""Loads an addon: preflight, the dynamic linker through the shim, a module object.

A file is loaded once, as ``require()`` does: the same file gives the same module.
"""

# No pathlib: importing it costs more than all that preflight does.
# ruff: noqa: PTH118, PTH119, PTH120, PTH123

from __future__ import annotations

import copyreg
import os
import types
from _thread import RLock, get_ident
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from napi import _native, binary, policy, sanitized
from napi.binary import inspect
from napi.errors import LoadError, ModuleNotRegisteredError

__all__ = ["Module", "inspect", "load"]

_KEEP: Any = object()  # null= was not given: napi.null stays as it is
# The places that a module keeps for itself, whatever the addon exports.
_OURS = frozenset(
    (
        "__class__",
        "__dict__",
        "__doc__",
        "__env__",
        "__exports__",
        "__file__",
        "__getattr__",
        "__loader__",
        "__name__",
        "__napi_version__",
        "__null__",
        "__package__",
        "__spec__",
    )
)
_INNER = frozenset(("__env__", "__getattr__", "__null__"))
# What every function has of its own: no exports.
_OF_FUNCTIONS = frozenset(("arguments", "caller", "length", "name", "prototype"))
# (real path, thread) -> exports, version, environment. An environment belongs to
# the thread that made it: each thread loads an addon for itself.
_opened: dict[tuple[str, int], tuple[Any, int, Any]] = {}
# The same and the null= knob -> the module: two faces of one environment.
_modules: dict[tuple[str, int, bool], Module] = {}
# One thread at a time initialises an addon. Addons hold locks of their own while they
# call back, and a call back may let another thread run: that one would wait for the
# lock with the interpreter in its hands.
_initialising = RLock()
os.register_at_fork(after_in_child=_initialising._at_fork_reinit)  # type: ignore[attr-defined]


@cache
def _known() -> frozenset[str]:
    """The functions of this host: the first column of the ledger."""
    ledger = os.path.join(os.path.dirname(__file__), "symbols.csv")
    with open(ledger, encoding="utf-8") as lines:
        next(lines)  # the names of the columns
        return frozenset(line.partition(",")[0].strip() for line in lines)


def load(
    path: str | bytes | os.PathLike[str] | os.PathLike[bytes],
    *,
    null: Any = _KEEP,
    fresh: bool = False,
) -> Module:
    """Loads an addon, or gives the module that this thread has of it already.

    Source: the chapter "Module registration" of the Node-API manual.

    Args:
        path: A ``.node`` file, built for this platform.
        null: ``None``: where a function or an export of the addon is ``null``,
            Python sees ``None``. This is about values that are themselves null;
            what is inside of a result, and what methods of classes return, stays
            as it is: ``napi.to_python`` converts deeply.
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
    name, without_null = os.path.realpath(os.fsdecode(path)), null is None
    if fresh:
        return _make_module(name, _open(name), without_null)
    place = (name, get_ident())
    module = _modules.get((*place, without_null))
    if module is None:
        if place not in _opened:
            # An addon that is loaded again while it is initialised came first.
            _opened.setdefault(place, _open(name))
        module = _make_module(name, _opened[place], without_null)
        _modules[(*place, without_null)] = module
    return module


def module_of(path: str, exports: Any) -> Module:
    """A module over what a package's JavaScript exports.

    Args:
        path: What is told to be its file.
        exports: ``module.exports``.
    """
    return _make_module(path, (exports, 0, None), False)


def _make_module(path: str, opened: tuple[Any, int, Any], without_null: bool) -> Module:
    _make_picklable()
    kind = CallableModule if callable(opened[0]) else Module
    return kind(path, *opened, without_null)


def _open(path: str) -> tuple[Any, int, Any]:
    """Exports, Node-API version and environment of a newly loaded addon."""
    policies = policy.files(path)
    if policies:
        policy.check(path, policies)
    found = binary.inspect(path)
    binary.check(found, path, _known())
    sanitized.check(found, path)
    try:
        with _initialising:
            exports, version, env = _run(path, found)
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
    return exports, version, env


def _run(path: str, found: binary.Binary) -> tuple[Any, int, Any]:
    if not any(name.startswith("uv_") for name in found.undefined):
        return _native.shim.load(path)
    from napi import libuv

    with libuv.group_for(path) as group:
        return _native.shim.load(path, group)


def _not_an_addon(error: LoadError, path: str) -> LoadError:
    return ModuleNotRegisteredError(
        f"{error}: {path!r} is a shared library, but no Node-API addon; nothing in it "
        "registers a module (napi_register_module_v1 or napi_module_register)",
        path=path,
    )


def _identifier(path: str) -> str:
    """A module name out of a file name: ``crc32.linux-x64-gnu.node`` -> ``crc32``."""
    stem = os.path.basename(path).partition(".")[0] or "addon"
    name = "".join(char if f"_{char}".isidentifier() else "_" for char in stem)
    return name if name.isidentifier() else f"_{name}"


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _is_object(exports: Any) -> bool:
    """Whether exports can have properties; an addon may export a number."""
    return (
        _native.shim.typeof(exports) in ("object", "function")
        and exports is not _native.shim.null
    )


def _names(exports: Any) -> list[str]:
    """The own string keys of the exports, in their order."""
    if not _is_object(exports):
        return []
    hidden = _OF_FUNCTIONS if callable(exports) else _OURS
    return [
        key
        for key in _native.shim.own_keys(exports)
        if isinstance(key, str) and key not in hidden
    ]


def _data(exports: Any) -> Iterator[tuple[str, Any]]:
    """The exports that a module can keep: data properties of a plain object."""
    if type(exports) is _native.shim.Object:
        for name in _names(exports):
            found = _native.shim.own_property(exports, name)
            if found is not None and "value" in found and name not in _OURS:
                yield name, found["value"]


def _find(exports: Any, name: str) -> Any:
    """An export by name.

    Own properties come as they are, what the exports inherit comes bound to them.

    Raises:
        AttributeError: There is none.
    """
    if _is_object(exports):
        own = _native.shim.has_own(exports, name)
        if own and not isinstance(exports, type):
            return _native.shim.get(exports, name)
        if own or not name.startswith("_"):
            return getattr(exports, name)
    raise AttributeError(name)


def _without_null(value: Any) -> Any:
    """``value``, or None for null; functions answer None in place of null."""
    if value is _native.shim.null:
        return None
    return _NullIsNone(value) if type(value) is _native.shim.Function else value


class _NullIsNone:
    """A function that answers None in place of null. It is pickled as what it wraps."""

    def __init__(self, function: Any) -> None:
        self.__wrapped__ = function
        self.__name__ = self.__qualname__ = function.__name__

    def __call__(self, *arguments: Any) -> Any:
        result = self.__wrapped__(*arguments)
        return None if result is _native.shim.null else result

    def __reduce__(self) -> tuple[Any, ...]:
        return _NullIsNone, (self.__wrapped__,)

    def __repr__(self) -> str:
        return repr(self.__wrapped__)


def _describe(exports: Any, name: str) -> str:
    """What kind of thing an export is, for help()."""
    found = _native.shim.own_property(exports, name) or {}
    if "value" not in found:
        return "accessor"
    value = found["value"]
    if value is _native.shim.null:
        return "null"
    if isinstance(value, type):
        return "class"
    if _native.shim.typeof(value) != "object":
        kind = _native.shim.typeof(value)
        return kind if kind == "function" else f"{kind} {value!r}"
    return type(value).__name__


def _reduce(value: Any) -> Any:
    from napi.pickling import reduce_export

    return reduce_export(value)


@cache
def _make_picklable() -> None:
    """Functions, classes and methods of addons are pickled by reference."""
    for kind in (_native.shim.Function, _native.shim.Class, _native.shim.method):
        copyreg.pickle(kind, _reduce)  # type: ignore[arg-type]


class Module(types.ModuleType):
    """A loaded addon. What it exports are its attributes.

    Data exports are kept in the module itself, so that reading one costs what it
    costs on any module; accessors, and what the addon adds later, are asked for
    each time. An export that the addon itself replaces later is seen through
    ``__exports__``. Setting an attribute sets the export. Functions are called
    without a ``this``; ``module.__exports__.name()`` passes the exports.

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
        own.update(
            __env__=env,
            __exports__=exports,
            __file__=path,
            # In the module and not in the class: that would make each read of an
            # attribute several times slower.
            __getattr__=self.__missing,
            __napi_version__=version,
            __null__=_without_null if without_null else None,
        )
        data = dict(_data(exports))
        if without_null:
            data = {name: _without_null(value) for name, value in data.items()}
        own.update(data)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    # A property, so that the text is made only when somebody asks.
    @property
    def __doc__(self) -> str:  # type: ignore[override]
        """What help() shows: the file, the version, and the exports by kind."""
        own = self.__dict__
        exports = own["__exports__"]
        lines = [
            f"Native addon {os.path.basename(own['__file__'])}",
            "",
            f"File: {own['__file__']}",
            f"Node-API version: {own['__napi_version__']}",
        ]
        if callable(exports):
            kind = "class" if isinstance(exports, type) else "function"
            lines += ["", f"The module itself is a {kind}: call it."]
        elif not _is_object(exports):
            lines += ["", f"The addon exports a value: {exports!r}"]
        if names := _names(exports):
            width = max(map(len, names))
            lines += ["", "Exports:"]
            lines += [f"    {it:{width}}  {_describe(exports, it)}" for it in names]
        return "\n".join(lines)

    def __missing(self, name: str) -> Any:
        own = self.__dict__
        try:
            value = _find(own["__exports__"], name)
        except AttributeError:
            raise AttributeError(
                f"addon {own['__name__']!r} has no export {name!r}", name=name, obj=self
            ) from None
        return value if own["__null__"] is None else own["__null__"](value)

    def __setattr__(self, name: str, value: Any) -> None:
        own = self.__dict__
        exports = own["__exports__"]
        if name in _OURS or (_is_dunder(name) and name not in _names(exports)):
            super().__setattr__(name, value)
            return
        if not _is_object(exports):
            raise AttributeError(f"addon {own['__name__']!r} exports no object")
        if isinstance(exports, dict):
            exports[name] = value
        else:
            setattr(exports, name, value)
        self.__refresh(name)

    def __delattr__(self, name: str) -> None:
        exports = self.__dict__["__exports__"]
        if name in _OURS or name not in _names(exports):
            super().__delattr__(name)
            return
        if isinstance(exports, dict):
            del exports[name]
        else:
            delattr(exports, name)
        self.__refresh(name)

    def __refresh(self, name: str) -> None:
        """Keeps the module's own copy of one export as the exports have it."""
        own = self.__dict__
        exports = own["__exports__"]
        own.pop(name, None)
        if type(exports) is _native.shim.Object:
            found = _native.shim.own_property(exports, name)
            if found is not None and "value" in found:
                face = own["__null__"]
                own[name] = face(found["value"]) if face else found["value"]

    def __reduce__(self) -> tuple[Any, ...]:
        from napi.pickling import reduce_module

        return reduce_module(self)

    def __dir__(self) -> list[str]:
        own = self.__dict__
        special = [name for name in own if _is_dunder(name) and name not in _INNER]
        return sorted({*_names(own["__exports__"]), *special, "__doc__"})

    def __repr__(self) -> str:
        own = self.__dict__
        return (
            f"<napi.Module {own['__name__']!r} from {own['__file__']!r} "
            f"(Node-API {own['__napi_version__']})>"
        )


class CallableModule(Module):
    __doc__ = vars(Module)["__doc__"]

    def __call__(self, *arguments: Any) -> Any:
        """Calls the function, or makes an instance of the class."""
        own = self.__dict__
        result = own["__exports__"](*arguments)
        return result if own["__null__"] is None else own["__null__"](result)
