"""CountQueuingStrategy and ByteLengthQueuingStrategy (WHATWG Streams, chapter 7)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import function, is_object, make
from napi.js.host._web_kit import interface, need
from napi.runtime.builtin import getter

__all__ = ["ByteLength", "Count"]


def _count() -> int:
    return 1


def _bytes(chunk: Any) -> Any:
    return shim.get(chunk, "byteLength")


_SIZES = {"count": function(_count, "size"), "bytes": function(_bytes, "size")}


class _Strategy:
    def __init__(self, high: float) -> None:
        self.js: Any = None
        self.high = high


def _init(this: Any, init: Any = None) -> None:
    if not is_object(init):
        raise invalid_type("init", "object", init)
    high = shim.get(init, "highWaterMark")
    if high is None:
        text = "init.highWaterMark is required"
        raise node_error("TypeError", "ERR_MISSING_OPTION", text)
    this.__state__ = _Strategy(shim.to_number(high))


class _ByteLength:
    @getter
    def highWaterMark(this: Any) -> Any:
        return need(this, ByteLength).high

    @getter
    def size(this: Any) -> Any:
        need(this, ByteLength)
        return _SIZES["bytes"]


class _Count:
    @getter
    def highWaterMark(this: Any) -> Any:
        return need(this, Count).high

    @getter
    def size(this: Any) -> Any:
        need(this, Count)
        return _SIZES["count"]


def _shown(state: _Strategy) -> Any:
    return make(highWaterMark=state.high)


ByteLength = interface(
    "ByteLengthQueuingStrategy", _ByteLength, _init, shown=_shown, length=1
)
Count = interface("CountQueuingStrategy", _Count, _init, shown=_shown, length=1)
