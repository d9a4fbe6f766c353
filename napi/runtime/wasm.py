"""WebAssembly (its JavaScript API, version 2), over the package wasmtime."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime import wasm_binary
from napi.runtime.builtin import getter, hidden, install, statics, tag
from napi.runtime.coerce import is_object
from napi.runtime.constructor import allocate, publish
from napi.runtime.error import Error, TypeError
from napi.runtime.error_static import publish_error
from napi.runtime.wasm_engine import Engine, RuntimeError, current, message_of, run
from napi.runtime.wasm_memory import (
    Face,
    Global,
    Memory,
    Table,
    adopt,
    make_global,
    make_memory,
    make_table,
    new_global,
)

__all__ = ["make_webassembly"]


class CompileError(Error):
    """``WebAssembly.CompileError``."""

    __module__ = "napi"
    name: str = "CompileError"


class LinkError(Error):
    """``WebAssembly.LinkError``."""

    __module__ = "napi"
    name: str = "LinkError"


class _Module(shim.Host):
    __slots__ = ("_data", "_engine", "_inner")
    __module__ = "napi"


class _Instance(shim.Host):
    __slots__ = ("_exports",)
    __module__ = "napi"


def _data_of(source: Any, where: str) -> bytes:
    if isinstance(source, (shim.ArrayBuffer, shim.TypedArray)) or (
        is_object(source) and shim.typeof(source) == "object" and _is_view(source)
    ):
        return bytes(memoryview(source).cast("B"))
    raise TypeError(f"{where}: Argument 0 must be a buffer source")


def _is_view(source: Any) -> bool:
    return isinstance(source, shim.DataView)


# === modules ===


def _compile(cls: Any, source: Any, where: str) -> Any:
    data = _data_of(source, where)
    engine = current()
    problem = wasm_binary.problem_of(data)
    if problem is not None:
        raise CompileError(f"{where}: {problem}")
    try:
        inner = engine.wasmtime.Module(engine.engine, data)
    except engine.wasmtime.WasmtimeError as error:
        raise CompileError(f"{where}: {message_of(error)}") from None
    made = allocate(_Module, cls)
    made._data, made._engine, made._inner = data, engine, inner
    return made


def _kind_of(type_: Any) -> str:
    return type(type_).__name__.removesuffix("Type").lower().replace("func", "function")


def _need_module(value: Any, name: str) -> Any:
    if not isinstance(value, _Module):
        text = "Argument 0 must be a WebAssembly.Module"
        raise TypeError(f"WebAssembly.Module.{name}(): {text}")
    return value


class _ModuleStatics:
    def imports(module: Any) -> Any:
        found = _need_module(module, "imports")._inner.imports
        return shim.Array(
            [
                shim.Object(module=one.module, name=one.name, kind=_kind_of(one.type))
                for one in found
            ]
        )

    def exports(module: Any) -> Any:
        found = _need_module(module, "exports")._inner.exports
        return shim.Array(
            [shim.Object(name=one.name, kind=_kind_of(one.type)) for one in found]
        )

    def customSections(module: Any, sectionName: Any = None) -> Any:
        data = _need_module(module, "customSections")._data
        if sectionName is None:
            text = "Argument 1 is required"
            raise TypeError(f"WebAssembly.Module.customSections(): {text}")
        name = shim.to_string(sectionName)
        found = [
            content for label, content in wasm_binary.custom(data) if label == name
        ]
        return shim.Array([shim.get(shim.Uint8Array(one), "buffer") for one in found])


# === instances ===


class _Linker:
    """Finds what a module imports."""

    def __init__(self, engine: Engine, where: str, classes: dict[str, Any]) -> None:
        self.engine, self.where, self.classes = engine, where, classes

    def refuse(self, cls: Any, index: int, names: list[str], text: str) -> Any:
        shown = " ".join(f'"{name}"' for name in names)
        return cls(f"{self.where}: Import #{index} {shown}: {text}")

    def find(self, index: int, one: Any, imports: Any) -> Any:
        holder = shim.get(imports, one.module)
        if not is_object(holder):
            text = "module is not an object or function"
            raise self.refuse(TypeError, index, [one.module], text)
        value = shim.get(holder, one.name)
        names, kind = [one.module, one.name], _kind_of(one.type)
        if kind == "function":
            if not callable(value):
                text = "function import requires a callable"
                raise self.refuse(LinkError, index, names, text)
            known = self.engine.function_of(value)
            return known or self.engine.imported(value, one.type)
        if kind == "global":
            return self.find_global(index, names, one.type, value)
        cls = self.classes.get(kind)
        if cls is None or not isinstance(value, cls):
            article = "must be" if kind == "memory" else "requires"
            text = f"{kind} import {article} a WebAssembly.{kind.title()}"
            text += " object" if kind == "memory" else ""
            raise self.refuse(LinkError, index, names, text)
        return value._inner

    def find_global(self, index: int, names: list[str], type_: Any, value: Any) -> Any:
        cls = self.classes["global"]
        if isinstance(value, cls):
            return value._inner
        kind, given = self.engine.name_of(type_.content), shim.typeof(value)
        if type_.mutable:
            text = "imported mutable global must be a WebAssembly.Global object"
            raise self.refuse(LinkError, index, names, text)
        if kind == "i64" and given != "bigint":
            text = "global import must be a BigInt"
            raise self.refuse(LinkError, index, names, text)
        if kind in ("i32", "f32", "f64") and given != "number":
            text = (
                "global import must be a number, valid Wasm reference, or "
                "WebAssembly.Global object"
            )
            raise self.refuse(LinkError, index, names, text)
        return new_global(cls, kind, False, value)._inner


def _instantiate(
    cls: Any, module: Any, imports: Any, where: str, classes: dict[str, Any]
) -> Any:
    engine = module._engine
    if imports is not None and not is_object(imports):
        raise TypeError(f"{where}: Argument 1 must be an object")
    wanted = module._inner.imports
    if wanted and imports is None:
        text = "Imports argument must be present and must be an object"
        raise TypeError(f"{where}: {text}")
    linker = _Linker(engine, where, classes)
    found = [linker.find(i, one, imports) for i, one in enumerate(wanted)]
    wasmtime = engine.wasmtime

    def start() -> Any:
        try:
            return wasmtime.Instance(engine.store, module._inner, found)
        except wasmtime.Trap:
            raise
        except wasmtime.WasmtimeError as error:
            raise LinkError(f"{where}: {message_of(error)}") from None

    inner = run(start)
    engine.refresh()
    made = allocate(_Instance, cls)
    made._exports = _exports_of(engine, module, inner, classes)
    return made


def _exports_of(
    engine: Engine, module: Any, inner: Any, classes: dict[str, Any]
) -> Any:
    made = shim.create(shim.null)
    exports, indices = inner.exports(engine.store), wasm_binary.functions(module._data)
    for one in module._inner.exports:
        value, kind = exports[one.name], _kind_of(one.type)
        if kind == "function":
            face = engine.face_of(value, str(indices.get(one.name, 0)))
        elif kind in classes:
            key = bytes(getattr(value, f"_{kind}"))
            face = adopt(classes[kind], engine, value, key)
        else:
            continue
        shim.set(made, one.name, face)
    shim.freeze(made)
    return made


class _InstanceMembers:
    @getter
    def exports(this: Any) -> Any:
        """What the module exports."""
        if not isinstance(this, _Instance):
            text = "Receiver is not a WebAssembly.Instance"
            raise TypeError(f"WebAssembly.Instance.exports: {text}")
        return this._exports


# === the namespace ===


def _publish(
    cls: Any, name: str, construct: Callable[..., Any], members: type | None
) -> Any:
    prototype = shim.Object()
    if members is not None:
        install(prototype, members, listed=True)
    tag(prototype, f"WebAssembly.{name}")
    full = f"WebAssembly.{name}"

    def call(this: Any, *_: Any) -> Any:
        raise TypeError(f"{full}(): {full} must be invoked with 'new'")

    publish(
        cls, construct=construct, call=call, prototype=prototype, name=name, length=1
    )
    return cls


def _faces() -> dict[str, Any]:
    """The classes of memories, tables and globals, by kind."""
    found = {}
    for name, make, members in (
        ("Memory", make_memory, Memory),
        ("Table", make_table, Table),
        ("Global", make_global, Global),
    ):
        cls = type(name, (Face,), {"__slots__": (), "__module__": "napi"})

        def construct(
            new_target: Any, *given: Any, cls: Any = cls, make: Any = make
        ) -> Any:
            from napi.runtime.constructor import adopt as inherit

            return inherit(make(cls, *(given or (None,))), new_target, cls)

        found[name.lower()] = _publish(cls, name, construct, members)
    return found


def _settled(act: Callable[[], Any]) -> Any:
    """A promise of what a function returns or raises."""
    made = shim.Promise()
    try:
        made._resolve(act())
    except Exception as error:
        from napi.runtime.error import Thrown

        made._reject(error.value if isinstance(error, Thrown) else error)
    return made


def make_webassembly() -> Any:
    """Makes the object WebAssembly."""
    made, classes = shim.Object(), _faces()

    def new_module(new_target: Any, source: Any) -> Any:
        return _compile(new_target, source, "WebAssembly.Module()")

    def new_instance(new_target: Any, module: Any, imports: Any = None) -> Any:
        where = "WebAssembly.Instance()"
        if not isinstance(module, _Module):
            raise TypeError(f"{where}: Argument 0 must be a WebAssembly.Module")
        return _instantiate(new_target, module, imports, where, classes)

    _publish(_Module, "Module", new_module, None)
    statics(_Module, _ModuleStatics, listed=True)
    _publish(_Instance, "Instance", new_instance, _InstanceMembers)

    class Functions:
        def compile(source: Any) -> Any:
            return _settled(lambda: _compile(_Module, source, "WebAssembly.compile()"))

        def validate(source: Any) -> bool:
            data, engine = _data_of(source, "WebAssembly.validate()"), current()
            try:
                engine.wasmtime.Module.validate(engine.engine, data)
            except engine.wasmtime.WasmtimeError:
                return False
            return True

        def instantiate(source: Any, imports: Any = None) -> Any:
            where = "WebAssembly.instantiate()"

            def act() -> Any:
                if isinstance(source, _Module):
                    return _instantiate(_Instance, source, imports, where, classes)
                module = _compile(_Module, source, where)
                instance = _instantiate(_Instance, module, imports, where, classes)
                return shim.Object(module=module, instance=instance)

            return _settled(act)

    statics(made, Functions, listed=True)
    for name, cls in (
        ("Module", _Module),
        ("Instance", _Instance),
        *((name.title(), one) for name, one in classes.items()),
    ):
        hidden(made, name, cls)
    for error in (CompileError, LinkError, RuntimeError):
        publish_error(error)
        hidden(made, error.__name__, error)
    tag(made, "WebAssembly")
    return made
