"""``stream/consumers``: all of a stream at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._kit import exports_of, function
from napi.js.host._stream_iterate import collect

__all__ = ["exports"]


def _raw(chunks: Any) -> bytes:
    parts = (
        one.encode() if isinstance(one, str) else bytes(memoryview(one).cast("B"))
        for one in chunks
    )
    return b"".join(parts)


def _then(stream: Any, change: Callable[[Any], Any]) -> Any:
    return collect(stream).then(function(lambda chunks=None: change(chunks)))


def _arraybuffer(chunks: Any) -> Any:
    data = _raw(chunks)
    made = shim.ArrayBuffer(len(data))
    memoryview(made)[:] = data
    return made


def _parsed(chunks: Any) -> Any:
    json = shim.get(shim.get_global(), "JSON")
    return shim.call(shim.get(json, "parse"), json, _raw(chunks).decode())


class _Module:
    @staticmethod
    def arrayBuffer(stream: Any) -> Any:
        return _then(stream, _arraybuffer)

    @staticmethod
    def buffer(stream: Any) -> Any:
        return _then(stream, lambda chunks: shim.Buffer(_raw(chunks)))

    @staticmethod
    def text(stream: Any) -> Any:
        return _then(stream, lambda chunks: _raw(chunks).decode("utf-8", "replace"))

    @staticmethod
    def json(stream: Any) -> Any:
        return _then(stream, _parsed)


def exports() -> Any:
    """The module."""
    return exports_of(_Module)
