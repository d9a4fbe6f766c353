"""Blob and File (W3C File API), and their URLs."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type, invalid_value, node_error
from napi.js.host._kit import is_object, make
from napi.js.host._web_kit import (
    bare,
    guarded,
    interface,
    need,
    options_of,
    read,
    resolved_with,
)
from napi.runtime.builtin import getter, sized
from napi.runtime.iterate import iterate
from napi.runtime.utf16 import join, lone_surrogate

__all__ = ["Blob", "File", "blob_of", "create_url", "file_of", "find_url", "revoke_url"]

_NOT_IN_TYPE = re.compile(r"[^\x20-\x7e]")


class Data:
    """The state of a blob: its pieces; a file also has a name."""

    def __init__(self, parts: list[bytes], type: str = "") -> None:
        self.js: Any = None
        self.parts, self.type = parts, type
        self.size = sum(map(len, parts))
        self.name: Any = None
        self.modified: Any = None

    def whole(self) -> bytes:
        """All bytes."""
        return b"".join(self.parts)


def well_formed(value: Any) -> str:
    """A text without lone surrogates."""
    return lone_surrogate.sub("\ufffd", join(str(shim.to_string(value))))


def _type_of(value: Any) -> str:
    text = "" if value is None else str(shim.to_string(value))
    return "" if _NOT_IN_TYPE.search(text) else text.lower()


def _piece(value: Any, native: bool) -> list[bytes]:
    if isinstance(value, Blob):
        return list(value.__state__.parts)
    if isinstance(value, (shim.TypedArray, shim.DataView, shim.ArrayBuffer)):
        return [_copied(value)]
    if isinstance(value, shim.SharedArrayBuffer):
        return [_copied(value)]
    text = well_formed(value)
    if native:
        text = re.sub(r"\r\n|\r|\n", "\n", text)
    return [text.encode()]


def _copied(value: Any) -> bytes:
    with memoryview(value) as view:
        return bytes(view.cast("B")) if view.nbytes else b""


def _fill(this: Any, sources: Any, options: Any) -> Data:
    listed: list[Any] = []
    if sources is not None:
        if not is_object(sources) or not callable(
            shim.get(sources, shim.Symbol.iterator)
        ):
            text = "Value cannot be converted to sequence."
            raise node_error("TypeError", "ERR_INVALID_ARG_TYPE", text)
        listed = list(iterate(sources))
    given = _dictionary(options)
    endings, kind = read(given, "endings"), read(given, "type")
    endings = "transparent" if endings is None else shim.to_string(endings)
    if endings not in ("transparent", "native"):
        raise invalid_value("options.endings", endings)
    parts: list[bytes] = []
    for one in listed:
        parts += _piece(one, endings == "native")
    made = Data([part for part in parts if part], _type_of(kind))
    this.__state__, made.js = made, this
    return made


def _dictionary(options: Any) -> Any:
    if options is None or options is shim.null or is_object(options):
        return options_of(options)
    found = str(invalid_type("options", "object", options).message)
    text = found.replace("of type object", "a dictionary")
    raise node_error("TypeError", "ERR_INVALID_ARG_TYPE", text)


def _init_blob(this: Any, sources: Any = None, options: Any = None) -> None:
    _fill(this, sources, options)


def _init_file(this: Any, *arguments: Any) -> None:
    if len(arguments) < 2:
        text = 'The "fileBits" and "fileName" arguments must be specified'
        raise node_error("TypeError", "ERR_MISSING_ARGS", text)
    options = arguments[2] if len(arguments) > 2 else None
    made = _fill(this, arguments[0], options)
    found = read(_dictionary(options), "lastModified")
    number = None if found is None else shim.to_number(found)
    if number is not None and number != number:
        number = 0
    made.modified = int(time.time() * 1000) if number is None else number
    made.name = well_formed(arguments[1])


def blob_of(parts: list[bytes], type: str = "") -> Any:
    """A blob of bytes."""
    return bare(Blob, Data(parts, type))


def file_of(parts: list[bytes], name: str, type: str = "", modified: Any = None) -> Any:
    """A file of bytes; modified now, unless it is said."""
    data = Data(parts, type)
    now = int(time.time() * 1000)
    data.name, data.modified = name, now if modified is None else modified
    return bare(File, data)


def _edge(value: Any, size: int, default: int) -> int:
    if value is None:
        return default
    number = shim.to_number(value)
    if number != number:
        number = 0
    at = int(max(-(2**63), min(2**63 - 1, number)))
    return max(size + at, 0) if at < 0 else min(at, size)


def _cut(parts: list[bytes], start: int, end: int) -> list[bytes]:
    found, at = [], 0
    for part in parts:
        piece = part[max(start - at, 0) : max(end - at, 0)]
        if piece:
            found.append(piece)
        at += len(part)
    return found


def _array_buffer(data: bytes) -> Any:
    made = shim.ArrayBuffer(len(data))
    if data:
        with memoryview(made) as view:
            view[:] = data
    return made


def _stream(data: Data) -> Any:
    from napi.js.host._kit import call_later
    from napi.js.host._web_bytes import ByteController
    from napi.js.host._web_kit import later_promise
    from napi.js.host._web_readable import wrapped
    from napi.js.host._web_source import Stream

    stream, rest = Stream(), iter(data.parts)
    controller = ByteController(stream, 0, None)

    def pull() -> Any:
        part = next(rest, None)
        if part is None:
            controller.close()
            if controller.pending:
                controller.respond(0)
            return None
        controller.enqueue(shim.Uint8Array(part))
        made = later_promise()
        call_later(lambda: made._resolve(None))
        return made

    controller.on_pull = pull
    shown = wrapped(stream)
    controller.begin(lambda: None)
    return shown


class _Blob:
    @getter
    def type(this: Any) -> str:
        return str(need(this, Blob).type)

    @getter
    def size(this: Any) -> int:
        return int(need(this, Blob).size)

    @sized(0)
    def slice(this: Any, start: Any = None, end: Any = None, type: Any = None) -> Any:
        data = need(this, Blob)
        first = _edge(start, data.size, 0)
        last = _edge(end, data.size, data.size)
        return blob_of(_cut(data.parts, first, max(first, last)), _type_of(type))

    @guarded
    def arrayBuffer(this: Any) -> Any:
        return resolved_with(_array_buffer(need(this, Blob).whole()))

    @guarded
    def text(this: Any) -> Any:
        text = need(this, Blob).whole().decode("utf-8", "replace")
        return resolved_with(text.removeprefix("\ufeff"))

    @guarded
    def bytes(this: Any) -> Any:
        return resolved_with(shim.Uint8Array(need(this, Blob).whole()))

    def stream(this: Any) -> Any:
        return _stream(need(this, Blob))

    def textStream(this: Any) -> Any:
        from napi.js.host._web_coding import Decoder

        stream = _stream(need(this, Blob))
        through = shim.get(stream, "pipeThrough")
        return shim.call(through, stream, shim.construct(Decoder))


class _File:
    @getter
    def name(this: Any) -> Any:
        return need(this, File).name

    @getter
    def lastModified(this: Any) -> Any:
        return need(this, File).modified


def _shown_blob(data: Data) -> Any:
    return make(size=data.size, type=data.type)


def _shown_file(data: Data) -> Any:
    made = _shown_blob(data)
    shim.set(made, "name", data.name)
    shim.set(made, "lastModified", data.modified)
    return made


Blob: Any = interface("Blob", _Blob, _init_blob, shown=_shown_blob)
File: Any = interface(
    "File", _File, _init_file, parent=Blob, shown=_shown_file, length=2
)


def clone(value: Any) -> Any:
    """A copy for structuredClone; the bytes never change, so they are shared."""
    data = value.__state__
    if data.name is None:
        return blob_of(data.parts, data.type)
    return file_of(data.parts, data.name, data.type, data.modified)


Blob.__napi_clone__ = clone

_urls: dict[str, Any] = {}
_PREFIX = "blob:nodedata:"


def create_url(blob: Any) -> str:
    """``URL.createObjectURL``: a URL for as long as the program runs."""
    if not isinstance(blob, Blob):
        raise invalid_type("obj", "Blob", blob)
    key = str(uuid.uuid4())
    _urls[key] = blob.__state__
    return _PREFIX + key


def revoke_url(url: Any) -> None:
    """``URL.revokeObjectURL``."""
    text = str(shim.to_string(url))
    _urls.pop(text.removeprefix(_PREFIX), None)


def find_url(url: Any) -> Any:
    """``buffer.resolveObjectURL``: the blob of a URL; undefined: none."""
    text = str(shim.to_string(url))
    data = _urls.get(text.removeprefix(_PREFIX)) if text.startswith(_PREFIX) else None
    return None if data is None else blob_of(data.parts, data.type)
