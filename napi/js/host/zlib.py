"""``zlib``: deflate, gzip and raw streams, at once or with callbacks."""

from __future__ import annotations

import zlib as _zlib
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._errors import need_function, node_error
from napi.js.host._fs_values import data_bytes
from napi.js.host._kit import function, klass, make, option, work
from napi.js.host._stream_base import call_method
from napi.js.host._zlib_codec import FINISH, CodecError, codec
from napi.js.host._zlib_codec import constants as numbers
from napi.runtime.builtin import hidden

__all__ = ["exports"]

_STATE = shim.Symbol("kHandle")
_CODES = {-1: "Z_ERRNO", -2: "Z_STREAM_ERROR", -3: "Z_DATA_ERROR", -5: "Z_BUF_ERROR"}


def _failure(error: _zlib.error) -> Any:
    if isinstance(error, CodecError):
        return node_error("Error", error.code, error.words, errno=error.errno)
    text = str(error)
    number = next((n for n in _CODES if f"Error {n} " in text), -3)
    words = text.rpartition(": ")[2] if ": " in text else "unexpected end of file"
    if "incomplete" in text:
        number, words = -5, "unexpected end of file"
    return node_error("Error", _CODES[number], words, errno=number)


# Name -> (window bits, whether it compresses).
_FORMATS = {
    "deflate": (15, True),
    "deflateRaw": (-15, True),
    "gzip": (31, True),
    "inflate": (15, False),
    "inflateRaw": (-15, False),
    "gunzip": (31, False),
    "unzip": (47, False),
    "brotliCompress": (0, True),
    "brotliDecompress": (0, False),
    "zstdCompress": (0, True),
    "zstdDecompress": (0, False),
}


def _engine(name: str, options: Any) -> Any:
    bits, compresses = _FORMATS[name]
    if not bits:
        return codec(name, options)
    if not compresses:
        return _zlib.decompressobj(bits)
    level, memory = option(options, "level", -1), option(options, "memLevel", 8)
    strategy = option(options, "strategy", 0)
    return _zlib.compressobj(
        int(level), _zlib.DEFLATED, bits, int(memory), int(strategy)
    )


def _whole(name: str, data: bytes, options: Any) -> Callable[[], bytes]:
    engine, (_, compresses) = _engine(name, options), _FORMATS[name]

    def act() -> bytes:
        if compresses:
            return bytes(engine.compress(data) + engine.flush())
        made = bytes(engine.decompress(data) + engine.flush())
        if not engine.eof:
            raise _zlib.error("Error -5 incomplete or truncated stream")
        rest = engine.unused_data
        while name in ("gunzip", "unzip") and rest[:2] == b"\x1f\x8b":
            more = _zlib.decompressobj(31)
            made += more.decompress(rest) + more.flush()
            rest = more.unused_data
        return made

    return act


def _sync(name: str) -> Any:
    def call(buffer: Any, options: Any = None) -> Any:
        try:
            return shim.Buffer(
                _whole(name, data_bytes(buffer, "utf8", "buffer"), options)()
            )
        except _zlib.error as error:
            raise _failure(error) from None

    return function(call, f"{name}Sync")


def _async(name: str) -> Any:
    def call(buffer: Any, options: Any = None, callback: Any = None) -> None:
        if callable(options):
            options, callback = None, options
        need_function(callback, "callback")
        act = _whole(name, data_bytes(buffer, "utf8", "buffer"), options)

        def done(error: Any, data: Any) -> None:
            if isinstance(error, _zlib.error):
                shim.call(callback, None, _failure(error))
            else:
                shim.call(callback, None, shim.null, shim.Buffer(data))

        work(act, done)

    return function(call, name)


class _Stream:
    """The engine of a stream, made anew by ``reset()``."""

    def __init__(self, name: str, options: Any) -> None:
        self.name, self.options = name, options
        has_codec = not _FORMATS[name][0]
        self.finish = FINISH if has_codec else _zlib.Z_FINISH
        self.all = 1 if has_codec else _zlib.Z_FULL_FLUSH
        self.engine = _engine(name, options)

    def step(self, data: bytes, flush: int) -> bytes:
        """Feeds it; ``flush`` is one of the constants ``Z_..._FLUSH``.

        Raises:
            zlib.error: The data is damaged, or ends too early.
        """
        engine = self.engine
        if _FORMATS[self.name][1]:
            made = bytes(engine.compress(data))
            if flush != _zlib.Z_NO_FLUSH:
                made += bytes(engine.flush(flush))
            return made
        made = bytes(engine.decompress(data))
        if flush == self.finish:
            made += bytes(engine.flush())
            if not engine.eof:
                raise _zlib.error("Error -5 incomplete or truncated stream")
        return made


def _answer(this: Any, data: bytes, flush: int, callback: Any) -> None:
    try:
        made = shim.get(this, _STATE).step(data, flush)
    except _zlib.error as error:
        shim.call(callback, None, _failure(error))
        return
    shim.call(callback, None, shim.null, shim.Buffer(made))


class _Members:
    """What the streams have; minizlib uses ``_processChunk`` and ``_handle``."""

    def _transform(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
        data = data_bytes(chunk, "utf8")
        shim.set(this, "bytesWritten", shim.get(this, "bytesWritten") + len(data))
        _answer(this, data, _zlib.Z_NO_FLUSH, callback)

    def _flush(this: Any, callback: Any) -> None:
        _answer(this, b"", shim.get(this, _STATE).finish, callback)

    def _processChunk(this: Any, chunk: Any, flush: Any, callback: Any = None) -> Any:
        data, kind = data_bytes(chunk, "utf8"), int(flush)
        if callable(callback):
            _answer(this, data, kind, callback)
            return None
        if shim.get(this, "_handle") is shim.null:
            raise node_error("Error", "ERR_ZLIB_BINDING_CLOSED", "zlib binding closed")
        try:
            return shim.Buffer(shim.get(this, _STATE).step(data, kind))
        except _zlib.error as error:
            raise _failure(error) from None

    def flush(this: Any, kind: Any = None, callback: Any = None) -> None:
        if callable(kind):
            kind, callback = None, kind
        chosen = shim.get(this, _STATE).all if kind is None else int(kind)

        def written(*_: Any) -> None:
            made = shim.get(this, _STATE).step(b"", chosen)
            if made:
                call_method(this, "push", shim.Buffer(made))
            if callable(callback):
                shim.call(callback, None)

        call_method(this, "write", shim.Buffer(b""), "utf8", function(written))

    def close(this: Any, callback: Any = None) -> None:
        if callable(callback):
            call_method(this, "once", "close", callback)
        shim.set(this, "_handle", shim.null)
        call_method(this, "destroy")

    def reset(this: Any) -> None:
        state = shim.get(this, _STATE)
        hidden(this, _STATE, _Stream(state.name, state.options))


def _stream_class(name: str) -> Any:
    from napi.js.host import load

    parent = shim.get(load("stream"), "Transform")

    def init(this: Any, options: Any = None) -> None:
        shim.call(parent, this, options)
        hidden(this, _STATE, _Stream(name, options))
        hidden(this, "_handle", make(close=function(lambda: None, "close")))
        shim.set(this, "bytesWritten", 0)

    return klass(name[0].upper() + name[1:], init, _Members, parent=parent, call=True)


def _constants() -> Any:
    names = [one for one in dir(_zlib) if one.startswith("Z_")]
    made = make(**{name: getattr(_zlib, name) for name in names})
    for number, name in _CODES.items():
        shim.set(made, name, number)
    for name, value in numbers().items():
        shim.set(made, name, value)
    for name, value in (("Z_OK", 0), ("Z_STREAM_END", 1), ("Z_NEED_DICT", 2)):
        shim.set(made, name, value)
    return made


def exports() -> Any:
    """The module."""
    made = shim.Object()
    for name in _FORMATS:
        shim.set(made, name, _async(name))
        shim.set(made, f"{name}Sync", _sync(name))
        shown = name[0].upper() + name[1:]
        maker = _stream_class(name)
        shim.set(made, shown, maker)

        def create(options: Any = None, maker: Any = maker) -> Any:
            return shim.construct(maker, options)

        shim.set(made, f"create{shown}", function(create, f"create{shown}"))

    def crc(data: Any, value: Any = 0) -> int:
        return _zlib.crc32(data_bytes(data, "utf8"), int(value))

    shim.set(made, "crc32", function(crc, "crc32"))
    constants = _constants()
    shim.set(made, "constants", constants)
    for key in shim.keys(constants):
        shim.set(made, key, shim.get(constants, key))
    return made
