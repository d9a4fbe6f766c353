"""Node-API for Python: prebuilt ``.node`` addons in CPython, without Node.

Everything here is imported when it is first used: ``import napi`` alone loads no
extension module.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from napi import async_hooks as async_hooks
    from napi import js as js
    from napi import package as package
    from napi import testing as testing
    from napi._shim import (
        Array as Array,
    )
    from napi._shim import (
        ArrayBuffer as ArrayBuffer,
    )
    from napi._shim import (
        BigInt as BigInt,
    )
    from napi._shim import (
        BigInt64Array as BigInt64Array,
    )
    from napi._shim import (
        BigUint64Array as BigUint64Array,
    )
    from napi._shim import (
        Buffer as Buffer,
    )
    from napi._shim import (
        Class as Class,
    )
    from napi._shim import (
        DataView as DataView,
    )
    from napi._shim import (
        External as External,
    )
    from napi._shim import (
        Float16Array as Float16Array,
    )
    from napi._shim import (
        Float32Array as Float32Array,
    )
    from napi._shim import (
        Float64Array as Float64Array,
    )
    from napi._shim import (
        Function as Function,
    )
    from napi._shim import (
        Instance as Instance,
    )
    from napi._shim import (
        Int8Array as Int8Array,
    )
    from napi._shim import (
        Int16Array as Int16Array,
    )
    from napi._shim import (
        Int32Array as Int32Array,
    )
    from napi._shim import (
        Object as Object,
    )
    from napi._shim import (
        Promise as Promise,
    )
    from napi._shim import (
        SharedArrayBuffer as SharedArrayBuffer,
    )
    from napi._shim import (
        Symbol as Symbol,
    )
    from napi._shim import (
        TypedArray as TypedArray,
    )
    from napi._shim import (
        Uint8Array as Uint8Array,
    )
    from napi._shim import (
        Uint8ClampedArray as Uint8ClampedArray,
    )
    from napi._shim import (
        Uint16Array as Uint16Array,
    )
    from napi._shim import (
        Uint32Array as Uint32Array,
    )
    from napi._shim import (
        borrow as borrow,
    )
    from napi._shim import (
        method as method,
    )
    from napi._shim import (
        null as null,
    )
    from napi._shim import (
        set_script_evaluator as set_script_evaluator,
    )
    from napi.calling import (
        callback as callback,
    )
    from napi.calling import (
        options as options,
    )
    from napi.convert import (
        to_python as to_python,
    )
    from napi.environment import (
        Environment as Environment,
    )
    from napi.errors import (
        ArchitectureError as ArchitectureError,
    )
    from napi.errors import (
        BadBinaryError as BadBinaryError,
    )
    from napi.errors import (
        LibcError as LibcError,
    )
    from napi.errors import (
        LoadError as LoadError,
    )
    from napi.errors import (
        MissingLibraryError as MissingLibraryError,
    )
    from napi.errors import (
        ModuleNotRegisteredError as ModuleNotRegisteredError,
    )
    from napi.errors import (
        ModuleVersionError as ModuleVersionError,
    )
    from napi.errors import (
        NeedsLibuvError as NeedsLibuvError,
    )
    from napi.errors import (
        NotAnAddonError as NotAnAddonError,
    )
    from napi.errors import (
        PolicyError as PolicyError,
    )
    from napi.errors import (
        UnknownFunctionError as UnknownFunctionError,
    )
    from napi.errors import (
        UnresolvedSymbolError as UnresolvedSymbolError,
    )
    from napi.errors import (
        V8AddonError as V8AddonError,
    )
    from napi.loader import (
        Module as Module,
    )
    from napi.loader import (
        inspect as inspect,
    )
    from napi.loader import (
        load as load,
    )
    from napi.package.find import (
        FindError as FindError,
    )
    from napi.package.find import (
        Found as Found,
    )
    from napi.package.find import (
        find as find,
    )
    from napi.package.find import (
        require as require,
    )
    from napi.pump import (
        run as run,
    )
    from napi.pump import (
        run_once as run_once,
    )
    from napi.runtime import (
        globalThis as globalThis,
    )
    from napi.runtime.date import (
        Date as Date,
    )
    from napi.runtime.error import (
        AggregateError as AggregateError,
    )
    from napi.runtime.error import (
        Error as Error,
    )
    from napi.runtime.error import (
        EvalError as EvalError,
    )
    from napi.runtime.error import (
        RangeError as RangeError,
    )
    from napi.runtime.error import (
        ReferenceError as ReferenceError,
    )
    from napi.runtime.error import (
        StrictError as StrictError,
    )
    from napi.runtime.error import (
        SyntaxError as SyntaxError,
    )
    from napi.runtime.error import (
        Thrown as Thrown,
    )
    from napi.runtime.error import (
        TypeError as TypeError,
    )
    from napi.runtime.error import (
        URIError as URIError,
    )
    from napi.runtime.error import (
        WrongThreadError as WrongThreadError,
    )
    from napi.runtime.map import (
        Map as Map,
    )
    from napi.runtime.map import (
        Set as Set,
    )
    from napi.runtime.weak import (
        WeakMap as WeakMap,
    )
    from napi.runtime.weak import (
        WeakRef as WeakRef,
    )
    from napi.runtime.weak import (
        WeakSet as WeakSet,
    )
    from napi.uncaught import (
        on_uncaught_exception as on_uncaught_exception,
    )

__version__ = "0.1.0"

# file -> the public names that live there
_HOMES = {
    "napi._native": (
        "Array",
        "ArrayBuffer",
        "BigInt",
        "BigInt64Array",
        "BigUint64Array",
        "Buffer",
        "Class",
        "DataView",
        "External",
        "Float16Array",
        "Float32Array",
        "Float64Array",
        "Function",
        "Instance",
        "Int16Array",
        "Int32Array",
        "Int8Array",
        "Object",
        "Promise",
        "SharedArrayBuffer",
        "Symbol",
        "TypedArray",
        "Uint16Array",
        "Uint32Array",
        "Uint8Array",
        "Uint8ClampedArray",
        "borrow",
        "method",
        "null",
        "set_script_evaluator",
    ),
    "napi.calling": (
        "callback",
        "options",
    ),
    "napi.convert": ("to_python",),
    "napi.environment": ("Environment",),
    "napi.errors": (
        "ArchitectureError",
        "BadBinaryError",
        "LibcError",
        "LoadError",
        "MissingLibraryError",
        "ModuleNotRegisteredError",
        "ModuleVersionError",
        "NeedsLibuvError",
        "NotAnAddonError",
        "PolicyError",
        "UnknownFunctionError",
        "UnresolvedSymbolError",
        "V8AddonError",
    ),
    "napi.loader": (
        "Module",
        "inspect",
        "load",
    ),
    "napi.package.find": ("FindError", "Found", "find", "require"),
    "napi.pump": ("run", "run_once"),
    "napi.runtime": ("globalThis",),
    "napi.runtime.date": ("Date",),
    "napi.runtime.error": (
        "AggregateError",
        "Error",
        "EvalError",
        "RangeError",
        "ReferenceError",
        "StrictError",
        "SyntaxError",
        "Thrown",
        "TypeError",
        "URIError",
        "WrongThreadError",
    ),
    "napi.runtime.map": (
        "Map",
        "Set",
    ),
    "napi.runtime.weak": (
        "WeakMap",
        "WeakRef",
        "WeakSet",
    ),
    "napi.uncaught": ("on_uncaught_exception",),
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}
# The C half makes these anew when it is asked: they are not kept here.
_NOT_KEPT = frozenset(("globalThis",))

__all__ = [
    "AggregateError",
    "ArchitectureError",
    "Array",
    "ArrayBuffer",
    "BadBinaryError",
    "BigInt",
    "BigInt64Array",
    "BigUint64Array",
    "Buffer",
    "Class",
    "DataView",
    "Date",
    "Environment",
    "Error",
    "EvalError",
    "External",
    "FindError",
    "Float16Array",
    "Float32Array",
    "Float64Array",
    "Found",
    "Function",
    "Instance",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "LibcError",
    "LoadError",
    "Map",
    "MissingLibraryError",
    "Module",
    "ModuleNotRegisteredError",
    "ModuleVersionError",
    "NeedsLibuvError",
    "NotAnAddonError",
    "Object",
    "PolicyError",
    "Promise",
    "RangeError",
    "ReferenceError",
    "Set",
    "SharedArrayBuffer",
    "StrictError",
    "Symbol",
    "SyntaxError",
    "Thrown",
    "TypeError",
    "TypedArray",
    "URIError",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "UnknownFunctionError",
    "UnresolvedSymbolError",
    "V8AddonError",
    "WeakMap",
    "WeakRef",
    "WeakSet",
    "WrongThreadError",
    "__version__",
    "async_hooks",
    "borrow",
    "callback",
    "find",
    "globalThis",
    "inspect",
    "load",
    "method",
    "null",
    "on_uncaught_exception",
    "options",
    "require",
    "run",
    "run_once",
    "set_script_evaluator",
    "to_python",
]


_SUBMODULES = {"async_hooks", "js", "package", "testing"}


def __getattr__(name: str) -> Any:
    if name in _SUBMODULES:
        return import_module(f"napi.{name}")
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home: Any = import_module(module)
    value = getattr(home.shim if module == "napi._native" else home, name)
    if name not in _NOT_KEPT:
        globals()[name] = value
    return value


def __dir__() -> list[str]:
    private = (name for name in globals() if name.startswith("__"))
    return [*{*__all__, *_SUBMODULES}, *private]
