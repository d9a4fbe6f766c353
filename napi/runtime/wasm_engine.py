"""What WebAssembly runs on: the package wasmtime, one store a thread.

What instances of a thread share - functions, memories, tables - must be of one store.
It gives nothing back before the thread ends; the memory of a store stays where it is,
and a buffer over it keeps the store alive.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.bigint import to_bigint
from napi.runtime.builtin import builtin
from napi.runtime.coerce import list_from
from napi.runtime.error import Error, RangeError

__all__ = [
    "KINDS",
    "Engine",
    "Reference",
    "current",
    "message_of",
    "run",
    "to_js",
    "to_wasm",
]

KINDS = ("i32", "i64", "f32", "f64", "externref", "funcref")
_TRAPS = {
    "MEMORY_OUT_OF_BOUNDS": "memory access out of bounds",
    "HEAP_MISALIGNED": "operation does not support unaligned accesses",
    "TABLE_OUT_OF_BOUNDS": "table index is out of bounds",
    "INDIRECT_CALL_TO_NULL": "null function or function signature mismatch",
    "BAD_SIGNATURE": "null function or function signature mismatch",
    "INTEGER_OVERFLOW": "divide result unrepresentable",
    "INTEGER_DIVISION_BY_ZERO": "divide by zero",
    "BAD_CONVERSION_TO_INTEGER": "float unrepresentable in integer range",
    "UNREACHABLE": "unreachable",
    "NULL_REFERENCE": "dereferencing a null pointer",
    "ARRAY_OUT_OF_BOUNDS": "array element access out of bounds",
    "CAST_FAILURE": "illegal cast",
}


class RuntimeError(Error):
    """``WebAssembly.RuntimeError``: a trap."""

    __module__ = "napi"
    name: str = "RuntimeError"


class Reference:
    """A value of JavaScript that WebAssembly holds as an ``externref``."""

    def __init__(self, value: Any) -> None:
        self.value = value


class _Thread(threading.local):
    def __init__(self) -> None:
        self.engine: Engine | None = None


_thread = _Thread()


def current() -> Engine:
    """The engine of this thread.

    Raises:
        napi.Error: The package wasmtime is not installed.
    """
    if _thread.engine is None:
        _thread.engine = Engine()
    return _thread.engine


class Engine:
    """Store and faces of what is in it."""

    def __init__(self) -> None:
        try:
            import wasmtime
        except ImportError:
            raise Error(
                "WebAssembly needs the package wasmtime: pip install napi[wasm]"
            ) from None
        self.wasmtime = wasmtime
        config = wasmtime.Config()
        config.memory_may_move = False  # views of JavaScript point into it
        config.wasm_exceptions = True
        self.engine = wasmtime.Engine(config)
        self.store = wasmtime.Store(self.engine)
        # Each thing has one face: bytes of its handle -> face.
        self.faces: dict[bytes, Any] = {}
        # Exported functions, and what they are.
        self.functions: dict[int, Any] = {}
        # Memories whose buffer was asked for, by their identity.
        self.lent: dict[int, Any] = {}

    def name_of(self, type_: Any) -> str:
        """The name of a type of values: ``i32``, ``externref``."""
        for name in KINDS:
            if type_ == getattr(self.wasmtime.ValType, name)():
                return name
        return str(type_)

    # === functions ===

    def face_of(self, function: Any, name: str = "0") -> Any:
        """The function of JavaScript that an exported function is."""
        key = bytes(function._func)
        made = self.faces.get(key)
        if made is None:
            kind = function.type(self.store)
            params = [self.name_of(one) for one in kind.params]
            results = [self.name_of(one) for one in kind.results]

            def call(*arguments: Any) -> Any:
                given = [*arguments[: len(params)]]
                given += [None] * (len(params) - len(given))
                ready = [
                    to_wasm(self, type_, value)
                    for type_, value in zip(params, given, strict=True)
                ]
                found = run(lambda: function(self.store, *ready))
                self.refresh()
                if not results:
                    return None
                if len(results) == 1:
                    return to_js(self, results[0], found)
                pairs = zip(results, found, strict=True)
                return shim.Array([to_js(self, type_, one) for type_, one in pairs])

            made = builtin(call, name, this=False, length=len(params))
            self.faces[key] = made
            self.functions[id(made)] = function
        return made

    def function_of(self, face: Any) -> Any:
        """The exported function that a function is; None: it is none."""
        return self.functions.get(id(face))

    def imported(self, function: Any, kind: Any) -> Any:
        """A function of JavaScript as one that WebAssembly can call."""
        results = [self.name_of(one) for one in kind.results]
        params = [self.name_of(one) for one in kind.params]

        def call(*arguments: Any) -> Any:
            self.refresh()
            given = [
                to_js(self, type_, value)
                for type_, value in zip(params, arguments, strict=True)
            ]
            found = shim.call(function, None, *given)
            if not results:
                return None
            if len(results) == 1:
                return to_wasm(self, results[0], found)
            values = list_from(found)
            if len(values) != len(results):
                from napi.runtime.error import TypeError

                raise TypeError("multi-return length mismatch")
            pairs = zip(results, values, strict=True)
            return [to_wasm(self, type_, one) for type_, one in pairs]

        return self.wasmtime.Func(self.store, kind, call)

    def refresh(self) -> None:
        """Detaches the buffers of memories that have grown."""
        for face in self.lent.values():
            face.look()


def message_of(error: BaseException) -> str:
    """The first line of what wasmtime says."""
    return str(error).strip().partition("\n")[0]


def run(act: Callable[[], Any]) -> Any:
    """Runs code of WebAssembly; traps are errors of JavaScript.

    Raises:
        napi.Error: A ``WebAssembly.RuntimeError``.
        napi.RangeError: The stack is used up.
        Exception: Whatever an imported function throws.
    """
    import wasmtime

    try:
        return act()
    except wasmtime.Trap as trap:
        code = trap.trap_code
        name = "" if code is None else code.name
        if name == "STACK_OVERFLOW":
            raise RangeError("Maximum call stack size exceeded") from None
        raise RuntimeError(_TRAPS.get(name) or message_of(trap)) from None
    except wasmtime.WasmtimeError as error:
        raise RuntimeError(message_of(error)) from None


def _to_int32(value: Any) -> int:
    number = shim.to_number(value)
    if number != number or number in (float("inf"), float("-inf")):
        return 0
    whole = int(number) & 0xFFFFFFFF
    return whole - 2**32 if whole >= 2**31 else whole


def _to_int64(value: Any) -> int:
    whole = int(to_bigint(value)) & (2**64 - 1)
    return whole - 2**64 if whole >= 2**63 else whole


def to_wasm(engine: Engine, kind: str, value: Any) -> Any:
    """ToWebAssemblyValue.

    Args:
        engine: Of this thread.
        kind: ``i32`` ...
        value: A value of JavaScript.

    Raises:
        napi.TypeError: It cannot be one of this kind.
    """
    if kind == "i32":
        return _to_int32(value)
    if kind == "i64":
        return _to_int64(value)
    if kind in ("f32", "f64"):
        return float(shim.to_number(value))
    if kind == "externref":
        return None if value is shim.null else Reference(value)
    if value is shim.null:
        return None
    found = engine.function_of(value) if kind == "funcref" else None
    if found is None:
        from napi.runtime.error import TypeError

        raise TypeError("type incompatibility when transforming from/to JS")
    return found


def to_js(engine: Engine, kind: str, value: Any) -> Any:
    """ToJSValue: the opposite of :func:`to_wasm`."""
    if isinstance(value, engine.wasmtime.Val):
        value = value.value
    if kind == "i64":
        return shim.BigInt(value)
    if value is None:
        return shim.null
    if isinstance(value, Reference):
        return value.value
    if kind == "funcref":
        return engine.face_of(value)
    return value
