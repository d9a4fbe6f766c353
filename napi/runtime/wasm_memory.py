"""WebAssembly.Memory, Table and Global (JavaScript API, chapters 5.3 to 5.5)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.builtin import getter, setter
from napi.runtime.coerce import is_object
from napi.runtime.error import Error, RangeError, TypeError
from napi.runtime.wasm_engine import KINDS, Engine, current, to_js, to_wasm

__all__ = ["Global", "Memory", "Table", "adopt", "make_global", "make_memory"]


class Face(shim.Host):
    """An object of JavaScript over one of wasmtime."""

    __slots__ = ("_buffer", "_engine", "_inner", "_size")
    __module__ = "napi"
    _engine: Engine
    _inner: Any

    def look(self) -> None:
        """Detaches the buffer of a memory that has grown."""
        if (
            self._buffer is not None
            and self._inner.data_len(self._engine.store) != self._size
        ):
            _detach(self)


def adopt(cls: Any, engine: Engine, inner: Any, key: bytes) -> Any:
    """The face of a memory, table or global of the store; always the same one."""
    made = engine.faces.get(key)
    if made is None:
        made = cls.__new__(cls)
        made._engine, made._inner = engine, inner
        made._buffer, made._size = None, -1
        engine.faces[key] = made
    return made


def _need(this: Any, name: str, method: str) -> Any:
    if not isinstance(this, Face) or not any(
        one.__name__ == name for one in type(this).__mro__
    ):
        raise TypeError(f"WebAssembly.{name}.{method}: Receiver is not a {name}")
    return this


def _limit(options: Any, name: str, what: str, most: int) -> int | None:
    value = shim.get(options, name)
    if value is None:
        return None
    number = shim.to_number(value)
    text = f"WebAssembly.{what}(): Property '{name}'"
    if number != number or number in (float("inf"), float("-inf")):
        raise TypeError(f"{text}: value {shim.to_string(value)} is not finite")
    if int(number) < 0:
        raise TypeError(f"{text}: value {int(number)} is below the lower bound")
    if int(number) > most:
        raise TypeError(f"{text}: value {int(number)} is above the upper bound")
    return int(number)


def _limits(options: Any, what: str, most: int) -> tuple[int, int | None]:
    least = _limit(options, "initial", what, most)
    if least is None:
        raise TypeError(f"WebAssembly.{what}(): Property 'initial' is required")
    top = _limit(options, "maximum", what, 2**32 - 1)
    if top is not None and top < least:
        raise RangeError(
            f"WebAssembly.{what}(): Property 'maximum': value {top} is below the "
            f"lower bound {least}"
        )
    return least, top


# === memory ===


def make_memory(cls: Any, descriptor: Any) -> Any:
    """``new WebAssembly.Memory(descriptor)``."""
    if not is_object(descriptor):
        raise TypeError("WebAssembly.Memory(): Argument 0 must be a memory descriptor")
    least, most = _limits(descriptor, "Memory", 65536)
    if shim.to_boolean(shim.get(descriptor, "shared")):
        raise Error("shared memories of WebAssembly are not available in this host")
    engine = current()
    wasmtime = engine.wasmtime
    kind = wasmtime.MemoryType(wasmtime.Limits(least, most))
    try:
        inner = wasmtime.Memory(engine.store, kind)
    except wasmtime.WasmtimeError:
        raise RangeError("WebAssembly.Memory(): could not allocate memory") from None
    return adopt(cls, engine, inner, bytes(inner._memory))


def _bytes_of(face: Any) -> Any:
    """An ArrayBuffer over the memory as it is now."""
    size = face._inner.data_len(face._engine.store)
    if not size:
        return shim.ArrayBuffer(0)
    region = face._inner.get_buffer_ptr(face._engine.store)
    region.store = face._engine.store  # the memory is the store's
    return shim.get(shim.borrow(memoryview(region).cast("B")), "buffer")


def _detach(face: Any) -> None:
    buffer, face._buffer = face._buffer, None
    if buffer is not None:
        shim.detach_buffer(buffer)


class Memory:
    """The members of the prototype."""

    def grow(this: Any, delta: Any) -> int:
        """Adds pages of 64 KiB; how many there were."""
        face = _need(this, "Memory", "grow()")
        count = shim.to_number(delta)
        wasmtime, before = face._engine.wasmtime, None
        if count == count and 0 <= count <= 65536:
            try:
                before = face._inner.grow(face._engine.store, int(count))
            except wasmtime.WasmtimeError:
                before = None
        if before is None:
            raise RangeError("WebAssembly.Memory.grow(): Maximum memory size exceeded")
        _detach(face)
        return int(before)

    @getter
    def buffer(this: Any) -> Any:
        """The memory as an ArrayBuffer; a new one when it has grown."""
        face = _need(this, "Memory", "buffer")
        face.look()
        if face._buffer is None:
            face._size = face._inner.data_len(face._engine.store)
            face._buffer = _bytes_of(face)
            face._engine.lent[id(face)] = face
        return face._buffer


# === tables ===


def make_table(cls: Any, descriptor: Any, *initial: Any) -> Any:
    """``new WebAssembly.Table(descriptor, value)``."""
    if not is_object(descriptor):
        raise TypeError("WebAssembly.Table(): Argument 0 must be a table descriptor")
    element = shim.to_string(shim.get(descriptor, "element"))
    element = {"anyfunc": "funcref"}.get(element, element)
    if element not in ("funcref", "externref"):
        raise TypeError(
            "WebAssembly.Table(): Descriptor property 'element' must be a WebAssembly "
            "reference type"
        )
    least, most = _limits(descriptor, "Table", 10_000_000)
    engine = current()
    wasmtime = engine.wasmtime
    type_ = getattr(wasmtime.ValType, element)()
    value = initial[0] if initial and initial[0] is not None else None
    if value is None and element == "funcref":
        value = shim.null
    first = to_wasm(engine, element, value)
    kind = wasmtime.TableType(type_, wasmtime.Limits(least, most))
    inner = wasmtime.Table(engine.store, kind, first)
    return adopt(cls, engine, inner, bytes(inner._table))


def _element(face: Any) -> str:
    engine: Engine = face._engine
    return engine.name_of(face._inner.type(engine.store).element)


def _place(face: Any, index: Any, method: str) -> int:
    number, size = shim.to_number(index), face._inner.size(face._engine.store)
    if number != number or not 0 <= number <= 2**32 - 1:
        raise TypeError(
            f"WebAssembly.Table.{method}(): Argument 0 must be convertible to a valid "
            "number"
        )
    if number >= size:
        raise RangeError(
            f"WebAssembly.Table.{method}(): invalid address {int(number)} in "
            f"{_element(face)} table of size {size}"
        )
    return int(number)


class Table:
    """The members of the prototype."""

    @getter
    def length(this: Any) -> int:
        """How many elements there are."""
        face = _need(this, "Table", "length")
        return int(face._inner.size(face._engine.store))

    def grow(this: Any, delta: Any, init: Any = None) -> int:
        """Adds elements; how many there were."""
        face = _need(this, "Table", "grow()")
        engine, count = face._engine, shim.to_number(delta)
        element = _element(face)
        if init is None and element == "funcref":
            init = shim.null
        value = to_wasm(engine, element, init)
        try:
            if not 0 <= count <= 10_000_000:
                raise engine.wasmtime.WasmtimeError("too many")
            return int(face._inner.grow(engine.store, int(count), value))
        except engine.wasmtime.WasmtimeError:
            text = f"failed to grow table by {shim.to_string(delta)}"
            raise RangeError(f"WebAssembly.Table.grow(): {text}") from None

    def set(this: Any, index: Any, *value: Any) -> None:
        """Replaces an element."""
        face = _need(this, "Table", "set()")
        engine, element = face._engine, _element(face)
        place = _place(face, index, "set")
        given = value[0] if value else (shim.null if element == "funcref" else None)
        try:
            ready = to_wasm(engine, element, given)
        except TypeError:
            raise TypeError(
                "WebAssembly.Table.set(): Argument 1 is invalid for table: "
                "function-typed object must be null (if nullable) or a Wasm function "
                "object"
            ) from None
        face._inner.set(engine.store, place, ready)

    def get(this: Any, index: Any) -> Any:
        """An element: a function, null, or any value."""
        face = _need(this, "Table", "get()")
        engine = face._engine
        found = face._inner.get(engine.store, _place(face, index, "get"))
        return to_js(engine, _element(face), found)


# === globals ===


def make_global(cls: Any, descriptor: Any, *initial: Any) -> Any:
    """``new WebAssembly.Global(descriptor, value)``."""
    if not is_object(descriptor):
        raise TypeError("WebAssembly.Global(): Argument 0 must be a global descriptor")
    mutable = bool(shim.to_boolean(shim.get(descriptor, "mutable")))
    kind = shim.to_string(shim.get(descriptor, "value"))
    kind = {"anyfunc": "funcref"}.get(kind, kind)
    if kind not in KINDS:
        raise TypeError(
            "WebAssembly.Global(): Descriptor property 'value' must be a WebAssembly "
            "type"
        )
    value = initial[0] if initial else None
    if value is None:
        zero = {"i64": shim.BigInt(0), "funcref": shim.null, "externref": None}
        value = zero.get(kind, 0)
    return new_global(cls, kind, mutable, value)


def new_global(cls: Any, kind: str, mutable: bool, value: Any) -> Any:
    """A global of a kind."""
    engine = current()
    wasmtime = engine.wasmtime
    type_ = wasmtime.GlobalType(getattr(wasmtime.ValType, kind)(), mutable)
    ready = to_wasm(engine, kind, value)
    inner = wasmtime.Global(engine.store, type_, _typed(wasmtime, kind, ready))
    return adopt(cls, engine, inner, bytes(inner._global))


def _typed(wasmtime: Any, kind: str, value: Any) -> Any:
    return getattr(wasmtime.Val, kind)(value)


def _value(this: Any, method: str) -> Any:
    face = _need(this, "Global", method)
    engine = face._engine
    kind = engine.name_of(face._inner.type(engine.store).content)
    return to_js(engine, kind, face._inner.value(engine.store))


class Global:
    """The members of the prototype."""

    def valueOf(this: Any) -> Any:
        """The value."""
        return _value(this, "valueOf()")

    @getter
    def value(this: Any) -> Any:
        """The value."""
        return _value(this, "value")

    @setter
    def set_value(this: Any, value: Any) -> None:
        """Changes it.

        Raises:
            napi.TypeError: It cannot be changed.
        """
        face = _need(this, "Global", "value")
        engine = face._engine
        type_ = face._inner.type(engine.store)
        if not type_.mutable:
            raise TypeError(
                "set WebAssembly.Global.value): Can't set the value of an immutable "
                "global."
            )
        kind = engine.name_of(type_.content)
        ready = to_wasm(engine, kind, value)
        face._inner.set_value(engine.store, _typed(engine.wasmtime, kind, ready))
