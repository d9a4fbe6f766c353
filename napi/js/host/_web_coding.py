"""TextEncoderStream, TextDecoderStream, CompressionStream, DecompressionStream.

Source: WHATWG Encoding, chapter 7.5, and WHATWG Compression.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import make
from napi.js.host._web_kit import bare, interface, need
from napi.js.host._web_transform import Transform, TransformStream
from napi.runtime.builtin import getter
from napi.runtime.encoding import TextDecoder
from napi.runtime.utf16 import join, lone_surrogate

__all__ = ["CompressionStream", "DecompressionStream", "Decoder", "Encoder"]


class _Coder:
    """A transform stream with what its getters show."""

    def __init__(self, **shown: Any) -> None:
        self.transform = Transform().wrapped()
        bare(TransformStream, self.transform)
        self.shown = shown

    def run(self, step: Callable[[Any], Any], finish: Callable[[], Any]) -> None:
        """Starts it: both give a chunk or None."""

        def give(found: Any) -> None:
            if found is not None:
                self.transform.enqueue(found)

        self.transform.on_transform = lambda chunk: give(step(chunk))
        self.transform.on_flush = lambda: give(finish())
        self.transform.begin()


def _bytes_or_none(data: bytes) -> Any:
    return shim.Uint8Array(data) if data else None


def _init_encoder(this: Any) -> None:
    state = this.__state__ = _Coder(encoding="utf-8")
    held = [""]

    def step(chunk: Any) -> Any:
        text = join(held[0] + str(shim.to_string(chunk)))
        held[0] = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, held[0] = text[:-1], text[-1]
        return _bytes_or_none(lone_surrogate.sub("\ufffd", text).encode())

    def finish() -> Any:
        return _bytes_or_none("\ufffd".encode()) if held[0] else None

    state.run(step, finish)


def _init_decoder(this: Any, encoding: Any = None, options: Any = None) -> None:
    decoder = shim.construct(TextDecoder, encoding, options)
    names = ("encoding", "fatal", "ignoreBOM")
    shown = {name: shim.get(decoder, name) for name in names}
    state = this.__state__ = _Coder(**shown)
    decode = shim.get(TextDecoder.prototype, "decode")  # type: ignore[attr-defined]

    def step(chunk: Any) -> Any:
        if chunk is None:
            raise invalid_type(
                "list", ["SharedArrayBuffer", "ArrayBuffer", "ArrayBufferView"], chunk
            )
        return shim.call(decode, decoder, chunk, make(stream=True)) or None

    state.run(step, lambda: shim.call(decode, decoder) or None)


# Name -> window bits of zlib.
_FORMATS = {"deflate": 15, "deflate-raw": -15, "gzip": 31, "brotli": 0}


def _format(value: Any, name: str) -> int:
    text = str(shim.to_string(value))
    if text in _FORMATS:
        return _FORMATS[text]
    words = (
        f"Failed to construct '{name}': 1st argument '{text}' is not a valid enum "
        "value of type CompressionFormat."
    )
    raise node_error("TypeError", "ERR_INVALID_ARG_VALUE", words)


def _brotli(compresses: bool) -> Any:
    from napi.js.host._zlib_codec import codec

    return codec("brotliCompress" if compresses else "brotliDecompress", None)


def _data(chunk: Any) -> bytes:
    if isinstance(chunk, str):
        return chunk.encode()
    try:
        return bytes(memoryview(chunk).cast("B"))
    except (TypeError, ValueError):
        pass
    kinds = ["string", "Buffer", "TypedArray", "DataView"]
    raise invalid_type("chunk", kinds, chunk)


def _init_compression(this: Any, format: Any = None) -> None:
    import zlib

    bits = _format(format, "CompressionStream")
    engine = zlib.compressobj(-1, zlib.DEFLATED, bits) if bits else _brotli(True)
    state = this.__state__ = _Coder()
    state.run(
        lambda chunk: _bytes_or_none(engine.compress(_data(chunk))),
        lambda: _bytes_or_none(engine.flush()),
    )


def _init_decompression(this: Any, format: Any = None) -> None:
    import zlib

    bits = _format(format, "DecompressionStream")
    engine = zlib.decompressobj(bits) if bits else _brotli(False)
    state = this.__state__ = _Coder()

    def step(chunk: Any) -> Any:
        data = _data(chunk)
        if engine.eof and data:
            text = "Trailing junk found after the end of the compressed stream"
            raise node_error("TypeError", "ERR_TRAILING_JUNK_AFTER_STREAM_END", text)
        return _bytes_or_none(_inflated(lambda: engine.decompress(data)))

    def finish() -> Any:
        rest = _inflated(engine.flush)
        if not engine.eof:
            text = "unexpected end of file"
            raise node_error("TypeError", "Z_BUF_ERROR", text, errno=-5)
        return _bytes_or_none(rest)

    state.run(step, finish)


def _inflated(act: Callable[[], bytes]) -> bytes:
    import zlib

    from napi.js.host.zlib import _failure

    try:
        return act()
    except zlib.error as error:
        found = _failure(error)
        code, errno = shim.get(found, "code"), shim.get(found, "errno")
        raise node_error("TypeError", code, found.message, errno=errno) from None


def _members(cls: Callable[[], Any], *names: str) -> type:
    def readable(this: Any) -> Any:
        return need(this, cls()).transform.source.js

    def writable(this: Any) -> Any:
        return need(this, cls()).transform.sink.js

    def shown(name: str) -> Callable[[Any], Any]:
        def read(this: Any) -> Any:
            return need(this, cls()).shown[name]

        read.__name__ = name
        return read

    found = {name: getter(shown(name)) for name in names}
    found.update(readable=getter(readable), writable=getter(writable))
    return type("members", (), found)


def _shown(state: _Coder) -> Any:
    made = make(**state.shown)
    shim.set(made, "readable", state.transform.source.js)
    shim.set(made, "writable", state.transform.sink.js)
    return made


Encoder: Any = interface(
    "TextEncoderStream",
    _members(lambda: Encoder, "encoding"),
    _init_encoder,
    shown=_shown,
)
Decoder: Any = interface(
    "TextDecoderStream",
    _members(lambda: Decoder, "encoding", "fatal", "ignoreBOM"),
    _init_decoder,
    shown=_shown,
)
CompressionStream: Any = interface(
    "CompressionStream",
    _members(lambda: CompressionStream),
    _init_compression,
    shown=_shown,
    length=1,
)
DecompressionStream: Any = interface(
    "DecompressionStream",
    _members(lambda: DecompressionStream),
    _init_decompression,
    shown=_shown,
    length=1,
)
