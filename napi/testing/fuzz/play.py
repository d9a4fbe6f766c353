"""What the programs of a campaign call: values that have no literal in Python.

A reproducer script imports these functions; so does the child process that runs
cases. Each has a twin in the JavaScript that the oracle writes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import napi
from napi._native import shim
from napi.testing.fuzz.values import HELPERS

__all__ = [*HELPERS, "load_callbacks"]


def load_callbacks() -> None:
    """Loads what an addon calls that was built with ``-fsanitize-coverage``."""
    import ctypes

    from napi.testing.fuzz import _native

    assert _native.__file__ is not None
    ctypes.CDLL(_native.__file__, ctypes.RTLD_GLOBAL)


def get(owner: Any, name: str) -> Any:
    """A property, read as JavaScript reads it."""
    return shim.get(owner, name)


def invoke(owner: Any, name: str, *arguments: Any) -> Any:
    """Calls a method, as JavaScript calls it."""
    return shim.call(shim.get(owner, name), owner, *arguments)


def put(owner: Any, name: str, value: Any) -> None:
    """Sets a property as JavaScript does outside of strict mode."""
    shim.set(owner, name, value)


def buffer(kind: str, data: bytes) -> Any:
    """An ``ArrayBuffer`` or a ``SharedArrayBuffer`` with these bytes."""
    made = getattr(napi, kind)(len(data))
    if data:
        memoryview(made).cast("B")[:] = data
    return made


def view(kind: str, data: bytes) -> Any:
    """A ``Buffer``, a typed array or a ``DataView`` over these bytes.

    Bytes that do not fill an element are left out.
    """
    if kind == "Buffer":
        return shim.get(napi.Buffer, "from")(data)
    if kind == "DataView":
        return napi.DataView(buffer("ArrayBuffer", data))
    with memoryview(getattr(napi, kind)(1)) as one:
        size = one.itemsize
    whole = data[: len(data) // size * size]
    return getattr(napi, kind)(buffer("ArrayBuffer", whole))


def detached(kind: str) -> Any:
    """An ``ArrayBuffer`` or a view of one whose memory was taken away."""
    memory = napi.ArrayBuffer(8)
    made = memory if kind == "ArrayBuffer" else getattr(napi, kind)(memory)
    shim.detach_buffer(memory)
    return made


def accessor(name: str, value: Any) -> Any:
    """An object with a getter that gives the value."""
    made = napi.Object()
    shim.define(made, name, get=lambda: value, enumerable=True)
    return made


def raising(name: str) -> Any:
    """An object with a getter that throws."""

    def fail() -> Any:
        raise napi.Error("from a getter")

    made = napi.Object()
    shim.define(made, name, get=fail, enumerable=True)
    return made


def cycle() -> Any:
    """An object that contains itself."""
    made = napi.Object()
    made["self"] = made
    return made


def function(act: str, value: Any) -> Callable[..., Any]:
    """A function for an addon to call.

    Args:
        act: ``return`` the value, ``throw`` it, or ``call`` the first function
            among the arguments with it.
        value: See ``act``.
    """

    def made(*arguments: Any) -> Any:
        if act == "throw":
            raise value if isinstance(value, Exception) else napi.Thrown(value)
        if act == "call":
            for argument in arguments:
                if callable(argument):
                    return argument(value)
        return value

    return made


def promise(act: str, value: Any) -> Any:
    """A promise: ``resolve`` or ``reject`` with the value, or ``never`` settled."""

    def executor(resolve: Any, reject: Any) -> None:
        if act == "resolve":
            resolve(value)
        elif act == "reject":
            reject(value)

    made = napi.Promise(executor)
    if act == "reject":
        made.catch(lambda reason: None)  # no "unhandled rejection" of our own
    return made


def proxy(value: Any) -> Any:
    """A proxy without traps around an object; other values as they are."""
    if value is None or shim.typeof(value) not in ("object", "function"):
        return value
    return value if value is napi.null else shim.make_proxy(value, napi.Object())


def empty_class() -> type:
    """A class of Python."""
    return type("Empty", (), {})
