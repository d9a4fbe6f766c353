"""Contexts of ``vm``: scripts whose global object is one of the program's.

A context has global names of its own and shares the built-in objects with all others
of its realm. Compiled code asks helpers for global names; that of a context is given
helpers that ask the context.
"""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.code import Code
from napi.js.runtime_error import refuse_early, refuse_name
from napi.js.runtime_global import Globals
from napi.js.runtime_operator import is_object
from napi.runtime.realm import kept

__all__ = ["Context", "context_of", "make_context"]

# What ECMA-262 and its siblings define; what is Node's own a context has not.
_TEXT = (
    "AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array "
    "Boolean DataView Date Error EvalError FinalizationRegistry Float16Array "
    "Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array "
    "Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError "
    "ReferenceError Reflect RegExp Set SharedArrayBuffer String SuppressedError "
    "Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array "
    "Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly decodeURI "
    "decodeURIComponent encodeURI encodeURIComponent escape isFinite isNaN "
    "parseFloat parseInt undefined unescape AsyncDisposableStack DisposableStack "
    "console"
)
_NAMES = frozenset(_TEXT.split())


class Context(Globals):
    """The global scope of a context.

    Args:
        target: Its object.
    """

    def __init__(self, target: Any) -> None:
        self._target = target
        self._cells: dict[str, list[Any]] = {}
        self.declared: set[str] = set()  # by scripts: not to be deleted by them
        self.world = _world(target, self)

    @property
    def target(self) -> Any:
        """The object."""
        return self._target

    @property
    def cells(self) -> dict[str, list[Any]]:
        """What let, const and class declare."""
        return self._cells

    def has(self, name: str) -> bool:
        """Whether a name means something."""
        return bool(shim.has(self._target, name)) or self.is_builtin(name)

    def is_builtin(self, name: Any) -> bool:
        """Whether a name that the object has not is one of the language."""
        return name in _NAMES or name in ("globalThis", "eval")

    def builtin(self, name: str) -> Any:
        """The value of such a name."""
        if name == "globalThis":
            return self.world
        if name == "eval":
            return self.evaluator()
        return shim.get(shim.get_global(), name)

    def value_of(self, name: str) -> Any:
        """The value that the object or the language has for a name."""
        if shim.has(self._target, name):
            return shim.get(self._target, name)
        return self.builtin(name) if self.is_builtin(name) else None

    def get_global(self, lexical: dict[str, list[Any]], name: str) -> Any:
        """The value of a global name.

        Raises:
            napi.ReferenceError: There is none.
        """
        cell = self._cells.get(name)
        if cell is not None:
            return cell[0] if cell else refuse_early(name)
        if not self.has(name):
            refuse_name(name)
        return self.value_of(name)

    def this_of(self, value: Any) -> Any:
        """``this`` of sloppy code: an object."""
        if value is None or value is shim.null:
            return self.world
        return value if is_object(value) else shim.to_object(value)

    def evaluator(self) -> Any:
        """``eval`` of the context."""
        if "@eval" not in self.__dict__:
            from napi.js.code import load
            from napi.runtime.builtin import trim

            def evaluate(source: Any = None) -> Any:
                if not isinstance(source, str):
                    return source
                return self.run(load(source, "<eval>", "indirect", ()))

            self.__dict__["@eval"] = trim(evaluate, "eval")
        return self.__dict__["@eval"]

    def helpers(self) -> dict[str, Any]:
        """What compiled code is given in place of the realm's own."""
        return {
            "@global": self.get_global,
            "@globalThis": self.world,
            "@lexical": self._cells,
            "@this_of": self.this_of,
            "@begin_lexical": self.begin_lexical,
            "@declare_function": self.declare_function,
            "@declare_globals": self.declare_globals,
            "@delete_global": self.delete_global,
            "@set_global": self.set_global,
            "@typeof_global": self.typeof_global,
        }

    def declare_globals(
        self,
        names: tuple[str, ...],
        variables: tuple[str, ...],
        functions: tuple[str, ...],
        deletable: bool = False,
    ) -> None:
        """Begins a script: a var can be deleted by all but scripts."""
        if not deletable:
            self.declared.update((*variables, *functions))
        super().declare_globals(names, variables, functions, True)

    def delete_global(self, name: str) -> bool:
        """``delete name`` of sloppy code."""
        return name not in self.declared and super().delete_global(name)

    def declare_function(self, name: str, value: Any, deletable: bool = False) -> None:
        """Declares a function of a script, or of an eval."""
        super().declare_function(name, value, True)

    def run(self, code: Code, *arguments: Any) -> Any:
        """Runs a script here; its value."""
        return code.run(*arguments, helpers=self.helpers())


def _world(target: Any, context: Context) -> Any:
    """``globalThis``: the object, with the names of the language behind it."""
    from napi.js.host._kit import function, make

    def get(holder: Any, key: Any, receiver: Any = None) -> Any:
        if not shim.has(target, key) and context.is_builtin(key):
            return context.builtin(key)
        return shim.get(target, key)

    def has(holder: Any, key: Any) -> bool:
        return bool(shim.has(target, key)) or context.is_builtin(key)

    handler = make(get=function(get), has=function(has))
    return shim.construct(shim.get(shim.get_global(), "Proxy"), target, handler)


def _known() -> Any:
    return kept("vm.contexts", lambda: shim.construct(_weak_map()))


def _weak_map() -> Any:
    return shim.get(shim.get_global(), "WeakMap")


def context_of(target: Any) -> Context | None:
    """The context whose object something is; None for all others."""
    known = _known()
    found = shim.call(shim.get(known, "get"), known, target)
    return found.context if isinstance(found, _Holder) else None


class _Holder(shim.Object):
    """Keeps a context in a WeakMap."""

    __slots__ = ("context",)
    context: Context


def make_context(target: Any) -> Context:
    """Makes an object the global one of a context; once."""
    found = context_of(target)
    if found is not None:
        return found
    holder = _Holder()
    holder.context = Context(target)
    known = _known()
    shim.call(shim.get(known, "set"), known, target, holder)
    return holder.context
