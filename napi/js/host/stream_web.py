"""``stream/web``: the streams of the web (WHATWG Streams)."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from napi._native import shim
from napi.js.host._kit import lazy

__all__ = ["CLASSES", "exports", "find"]

#: Each class: its name, and where it is made.
CLASSES = {
    "ReadableStream": ("_web_readable", "ReadableStream"),
    "ReadableStreamDefaultReader": ("_web_readable", "DefaultReader"),
    "ReadableStreamBYOBReader": ("_web_readable", "ByobReader"),
    "ReadableStreamBYOBRequest": ("_web_readable", "Request_"),
    "ReadableByteStreamController": ("_web_readable", "BytesController"),
    "ReadableStreamDefaultController": ("_web_readable", "Controller"),
    "TransformStream": ("_web_transform", "TransformStream"),
    "TransformStreamDefaultController": ("_web_transform", "Controller"),
    "WritableStream": ("_web_writable", "WritableStream"),
    "WritableStreamDefaultController": ("_web_writable", "Controller"),
    "WritableStreamDefaultWriter": ("_web_writable", "DefaultWriter"),
    "ByteLengthQueuingStrategy": ("_web_strategy", "ByteLength"),
    "CountQueuingStrategy": ("_web_strategy", "Count"),
    "TextEncoderStream": ("_web_coding", "Encoder"),
    "TextDecoderStream": ("_web_coding", "Decoder"),
    "CompressionStream": ("_web_coding", "CompressionStream"),
    "DecompressionStream": ("_web_coding", "DecompressionStream"),
}


def find(name: str) -> Any:
    """The class of a name."""
    module, member = CLASSES[name]
    return getattr(import_module(f"napi.js.host.{module}"), member)


def exports() -> Any:
    """The module."""
    made = shim.Object()
    for name in CLASSES:
        lazy(made, name, lambda name=name: find(name))  # type: ignore[misc]
    return made
