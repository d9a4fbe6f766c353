"""The names of the web in globalThis: where each is made, when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from napi._native import shim

__all__ = ["web_makers"]

# Name -> file that has it.
_CLASSES = {
    "Blob": "_web_blob",
    "CloseEvent": "_web_events",
    "ErrorEvent": "_web_events",
    "File": "_web_blob",
    "FormData": "_web_form",
    "MessageEvent": "_web_events",
    "Navigator": "_web_navigator",
}
# What the module worker_threads has, too.
_THREADS = ("BroadcastChannel", "MessageChannel", "MessagePort")
# What streams are made of; the names of the module stream/web.
_STREAMS = (
    "ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy "
    "DecompressionStream ReadableByteStreamController ReadableStream "
    "ReadableStreamBYOBReader ReadableStreamBYOBRequest "
    "ReadableStreamDefaultController ReadableStreamDefaultReader TextDecoderStream "
    "TextEncoderStream TransformStream TransformStreamDefaultController "
    "WritableStream WritableStreamDefaultController WritableStreamDefaultWriter"
)


def _member(module: str, name: str) -> Callable[[], Any]:
    return lambda: getattr(import_module(f"napi.js.host.{module}"), name)


def _thread(name: str) -> Callable[[], Any]:
    def make() -> Any:
        from napi.js.host import load

        return shim.get(load("worker_threads"), name)

    return make


def _stream(name: str) -> Callable[[], Any]:
    def make() -> Any:
        from napi.js.host.stream_web import find

        return find(name)

    return make


# Name -> its name in _performance.py.
_TIMING = {
    "Performance": "Performance",
    "PerformanceEntry": "Entry",
    "PerformanceMark": "Mark",
    "PerformanceMeasure": "Measure",
    "PerformanceResourceTiming": "Resource",
}


def web_makers() -> dict[str, Callable[[], Any]]:
    """What makes each of them."""
    makers = {name: _member(module, name) for name, module in _CLASSES.items()}
    makers.update((name, _thread(name)) for name in _THREADS)
    timing = {name: _member("_performance", kind) for name, kind in _TIMING.items()}
    makers.update(timing)
    makers.update((name, _stream(name)) for name in _STREAMS.split())
    return makers
