"""The face of Node's Buffer: a Uint8Array that knows encodings (Node.js, Buffer)."""

from __future__ import annotations

import math
from typing import Any

from napi._native import shim
from napi.runtime.buffer_from import from_, of_numbers
from napi.runtime.buffer_number import need_bytes, number_members
from napi.runtime.buffer_text import decode, encode, is_encoding, known_encoding
from napi.runtime.builtin import accessor, builtin, fixed, hidden, install, trim

__all__ = [
    "add_buffer_methods",
    "alloc",
    "byte_length",
    "concat",
    "decode",
    "encode",
    "from_",
    "is_buffer",
]

_LARGEST = 2**40
_BUFFERS = (shim.ArrayBuffer, shim.SharedArrayBuffer)
_VIEWS = (shim.TypedArray, shim.DataView)
INSPECTED = [50]  # bytes that inspect shows: buffer.INSPECT_MAX_BYTES


def _errors() -> Any:
    from napi.js.host import _errors as module

    return module


def _bytes_of(value: Any, name: str) -> bytes:
    if not isinstance(value, (shim.TypedArray, bytes, bytearray, memoryview)):
        raise _errors().invalid_type(name, ["Buffer", "Uint8Array"], value)
    return bytes(memoryview(value).cast("B"))


def _size(value: Any) -> int:
    if shim.typeof(value) != "number":
        raise _errors().invalid_type("size", "number", value)
    if not 0 <= value <= 2**53 - 1:
        raise _errors().out_of_range("size", f">= 0 && <= {2**53 - 1}", value)
    return int(value)


def alloc(length: Any = None, fill: Any = None, encoding: Any = None) -> Any:
    """Makes a Buffer of ``length`` bytes.

    Args:
        length: Bytes.
        fill: A number, a text or bytes to repeat.
        encoding: The encoding of a text.

    Raises:
        napi.TypeError: ``length`` is no number.
        napi.RangeError: It is too large or negative.
    """
    size = _size(length)
    if size > _LARGEST:
        text = "Array buffer allocation failed"
        raise _errors().node_error("RangeError", "ERR_MEMORY_ALLOCATION_FAILED", text)
    made = shim.Buffer(size)
    if fill is not None and fill != 0 and size:
        _fill(made, fill, 0, size, encoding or "utf8")
    return made


def concat(buffers: Any = None, length: Any = None) -> Any:
    """Joins buffers into a new one.

    Args:
        buffers: Bytes-like objects.
        length: Bytes of the result; cut or filled with zeros.
    """
    if not isinstance(buffers, (list, tuple)):
        raise _errors().invalid_type("list", "Array", buffers)
    parts = [_bytes_of(part, f"list[{i}]") for i, part in enumerate(buffers)]
    joined = b"".join(parts)
    if length is not None:
        size = _errors().need_integer(length, "length", 0)
        joined = joined[:size].ljust(size, b"\0")
    return shim.Buffer(joined)


def is_buffer(value: Any = None, *_: Any) -> bool:
    """Tells whether the value is a Buffer, as bytes of Python are to JavaScript."""
    return isinstance(value, (shim.Buffer, bytes, bytearray))


def byte_length(data: Any = None, encoding: Any = None) -> int:
    """The number of bytes of a text in an encoding, or of a bytes-like object."""
    if isinstance(data, str):
        known = encoding if is_encoding(encoding) else "utf8"
        if known_encoding(known).startswith("base64"):
            size = len(data) - (2 if data.endswith("==") else data.endswith("="))
            return size * 3 >> 2
        return len(data) >> 1 if known.lower() == "hex" else len(encode(data, known))
    if not isinstance(data, (*_BUFFERS, *_VIEWS, bytes, bytearray, memoryview)):
        wanted = ["string", "Buffer", "ArrayBuffer"]
        raise _errors().invalid_type("string", wanted, data)
    return memoryview(data).nbytes


def _compare(left: bytes, right: bytes) -> int:
    return (left > right) - (left < right)


def _fill(this: Any, value: Any, start: int, end: int, encoding: Any) -> None:
    if isinstance(value, str):
        pattern = encode(value, encoding)
        if value and not pattern:
            raise _errors().invalid_value("value", value)
        pattern = pattern or b"\0"
    elif isinstance(value, (shim.TypedArray, bytes, bytearray)):
        pattern = bytes(memoryview(value).cast("B"))
        if not pattern:
            raise _errors().invalid_value("value", value)
    elif isinstance(value, bool):
        pattern = bytes([value])
    else:
        number = shim.to_number(value)
        number = int(number) if number == number and not math.isinf(number) else 0
        pattern = bytes([number & 255])
    if end > start:
        repeated = pattern * ((end - start) // len(pattern) + 1)
        memoryview(this)[start:end] = repeated[: end - start]


def _whole(value: Any, default: int) -> int:
    """ToIntegerOrInfinity within what Python's indices take."""
    if value is None:
        return default
    number = shim.to_number(value)
    if number != number:
        return 0
    return int(max(min(number, 2**53), -(2**53)))


def _bounds(this: Any, start: Any, end: Any) -> tuple[int, int]:
    size = len(need_bytes(this))
    first, last = _whole(start, 0), _whole(end, size)
    first = max(size + first, 0) if first < 0 else min(first, size)
    last = max(size + last, 0) if last < 0 else min(last, size)
    return first, max(first, last)


def _limits(this: Any, start: Any, end: Any) -> tuple[int, int]:
    """As :func:`_bounds`, but negative numbers are 0."""
    size = len(need_bytes(this))
    first, last = max(_whole(start, 0), 0), max(_whole(end, size), 0)
    return min(first, size), min(max(min(last, size), min(first, size)), size)


def _search(this: Any, value: Any, start: Any, encoding: Any, last: bool) -> int:
    if isinstance(start, str):
        start, encoding = None, start
    data = bytes(need_bytes(this))
    number = math.nan if start is None else shim.to_number(start)
    if number != number:
        at = len(data) if last else 0
    else:
        at = int(max(min(number, len(data)), -len(data) - 1))
    if at < 0:
        at += len(data)
        if at < 0:
            if last:
                return -1
            at = 0
    if shim.typeof(value) == "number":
        needle = bytes([int(value) & 255])
    elif isinstance(value, str):
        needle = encode(value, encoding or "utf8")
    elif isinstance(value, (shim.TypedArray, bytes, bytearray)):
        needle = bytes(memoryview(value).cast("B"))
    else:
        wanted = ["number", "string", "Buffer", "Uint8Array"]
        raise _errors().invalid_type("value", wanted, value)
    step = 2 if isinstance(encoding, str) and is_encoding(encoding) else 1
    step = step if step == 2 and known_encoding(encoding) == "utf16le" else 1
    found = data.rfind(needle, 0, at + len(needle)) if last else data.find(needle, at)
    while step == 2 and found > 0 and found % 2 and not last:
        found = data.find(needle, found + 1)
    return found


class _BufferPrototype:
    def toString(
        this: Any, encoding: Any = None, start: Any = None, end: Any = None
    ) -> str:
        first, last = _limits(this, start, end)
        text = "utf8" if encoding is None else encoding
        return decode(bytes(memoryview(this)[first:last]), text)

    def toLocaleString(this: Any, encoding: Any = None, *rest: Any) -> str:
        return _BufferPrototype.toString(this, encoding, *rest)

    def toJSON(this: Any) -> Any:
        data = shim.Array(bytes(need_bytes(this)))
        return shim.Object({"type": "Buffer", "data": data})

    def equals(this: Any, otherBuffer: Any) -> bool:
        return bytes(need_bytes(this)) == _bytes_of(otherBuffer, "otherBuffer")

    def compare(
        this: Any,
        target: Any,
        targetStart: Any = None,
        targetEnd: Any = None,
        sourceStart: Any = None,
        sourceEnd: Any = None,
    ) -> int:
        need_bytes(this)
        other = _bytes_of(target, "target")
        first, last = _limits(other, targetStart, targetEnd)
        begin, end = _limits(this, sourceStart, sourceEnd)
        return _compare(bytes(this)[begin:end], other[first:last])

    def subarray(this: Any, start: Any = None, end: Any = None) -> Any:
        first, last = _bounds(this, start, end)
        return this[first:last]

    def slice(this: Any, start: Any = None, end: Any = None) -> Any:
        first, last = _bounds(this, start, end)
        return this[first:last]

    def copy(
        this: Any,
        target: Any,
        targetStart: Any = None,
        sourceStart: Any = None,
        sourceEnd: Any = None,
    ) -> int:
        room = len(_bytes_of(target, "target"))
        need_bytes(this)
        offset, begin = _whole(targetStart, 0), _whole(sourceStart, 0)
        errors = _errors()
        if offset < 0:
            raise errors.out_of_range("targetStart", ">= 0", offset)
        if not 0 <= begin <= len(this):
            limits = f">= 0 && <= {len(this)}"
            raise errors.out_of_range("sourceStart", limits, begin)
        first, last = _limits(this, begin, sourceEnd)
        count = max(min(last - first, room - offset), 0)
        data = bytes(memoryview(this)[first : first + count])
        memoryview(target).cast("B")[offset : offset + count] = data
        return count

    def write(
        this: Any,
        string: Any,
        offset: Any = None,
        length: Any = None,
        encoding: Any = None,
    ) -> int:
        return _write(this, string, offset, length, encoding)

    def fill(
        this: Any,
        value: Any,
        offset: Any = None,
        end: Any = None,
        encoding: Any = None,
    ) -> Any:
        if isinstance(offset, str):
            offset, encoding = None, offset
        elif isinstance(end, str):
            end, encoding = None, end
        errors, size = _errors(), len(need_bytes(this))
        if offset is not None:
            offset = errors.need_integer(offset, "offset", 0)
        if end is not None:
            end = errors.need_integer(end, "end", 0, size)
        first = 0 if offset is None else offset
        _fill(this, value, first, size if end is None else end, encoding or "utf8")
        return this

    def indexOf(
        this: Any, value: Any, byteOffset: Any = None, encoding: Any = None
    ) -> int:
        return _search(this, value, byteOffset, encoding, False)

    def lastIndexOf(
        this: Any, value: Any, byteOffset: Any = None, encoding: Any = None
    ) -> int:
        return _search(this, value, byteOffset, encoding, True)

    def includes(
        this: Any, value: Any, byteOffset: Any = None, encoding: Any = None
    ) -> bool:
        return _search(this, value, byteOffset, encoding, False) >= 0

    def swap16(this: Any) -> Any:
        return _swap(this, 2)

    def swap32(this: Any) -> Any:
        return _swap(this, 4)

    def swap64(this: Any) -> Any:
        return _swap(this, 8)


def _swap(this: Any, size: int) -> Any:
    if len(need_bytes(this)) % size:
        text = f"Buffer size must be a multiple of {8 * size}-bits"
        raise _errors().node_error("RangeError", "ERR_INVALID_BUFFER_SIZE", text)
    data = bytes(this)
    view = memoryview(this)
    for index in range(size):
        view[index::size] = data[size - 1 - index :: size]
    return this


def _write(this: Any, text: Any, at: Any, length: Any, encoding: Any) -> int:
    need_bytes(this)
    if not isinstance(text, str):
        raise _errors().invalid_type("string", "string", text)
    if isinstance(at, str):
        at, encoding = None, at
    elif isinstance(length, str):
        length, encoding = None, length
    offset = 0 if at is None else _errors().need_integer(at, "offset", 0, len(this))
    room = len(this) - offset
    if length is not None:
        room = min(room, _errors().need_integer(length, "length", 0, len(this)))
    name = known_encoding(encoding or "utf8")
    data = encode(text, name)[:room]
    if name == "utf8":  # a character that does not fit whole is left out
        while data and len(data) == room and not _is_whole(data, text):
            data = data[:-1]
    elif name == "utf16le":
        data = data[: len(data) & ~1]
    memoryview(this)[offset : offset + len(data)] = data
    return len(data)


def _is_whole(data: bytes, text: str) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _encoded_members() -> dict[str, Any]:
    """utf8Write, hexSlice and the like, which packages still call."""
    members: dict[str, Any] = {}
    for name in ("utf8", "latin1", "ascii", "hex", "base64", "base64url", "ucs2"):
        members[f"{name}Slice"], members[f"{name}Write"] = _encoded(name)
    return members


def _encoded(name: str) -> tuple[Any, Any]:
    def cut(this: Any, start: Any = None, end: Any = None) -> str:
        return _BufferPrototype.toString(need_bytes(this), name, start, end)

    def put(this: Any, string: Any, offset: Any = None, length: Any = None) -> int:
        need_bytes(this)
        if not isinstance(string, str):
            text = "argument must be a string"
            raise _errors().node_error("TypeError", "ERR_INVALID_ARG_TYPE", text)
        return _write(this, string, offset, length, name)

    cut.__name__, put.__name__ = f"{name}Slice", f"{name}Write"
    return cut, put


def _inspect(this: Any, depth: Any = None, context: Any = None, *_: Any) -> str:
    from napi.js.inspect import inspect
    from napi.js.inspect.container import hex_text, is_index

    shown = hex_text(bytes(need_bytes(this)), INSPECTED[0])
    keys = [key for key in shim.own_keys(this, True, True) if not is_index(key)]
    if keys and context is not None:
        extra = shim.create(shim.null)
        for key in keys:
            shim.set(extra, key, shim.get(this, key))
        options = shim.Object()
        for key in shim.keys(context):
            shim.set(options, key, shim.get(context, key))
        shim.set(options, "breakLength", math.inf)
        shim.set(options, "compact", True)
        text = inspect(extra, options)
        shown += (", " if len(this) else "") + text[27:-2]
    name = shim.get(shim.get(this, "constructor"), "name")
    return f"<{name} {shown}>"


class _Statics:
    @staticmethod
    def allocUnsafe(size: Any = None) -> Any:
        return alloc(size)

    @staticmethod
    def allocUnsafeSlow(size: Any = None) -> Any:
        return alloc(size)

    @staticmethod
    def compare(buf1: Any, buf2: Any) -> int:
        return _compare(_bytes_of(buf1, "buf1"), _bytes_of(buf2, "buf2"))

    @staticmethod
    def isEncoding(encoding: Any = None) -> bool:
        return is_encoding(encoding)

    @staticmethod
    def of(*items: Any) -> Any:
        return of_numbers(items)

    @staticmethod
    def copyBytesFrom(view: Any, offset: Any = None, length: Any = None) -> Any:
        if not isinstance(view, shim.TypedArray):
            raise _errors().invalid_type("view", ["TypedArray"], view)
        size = memoryview(view).itemsize
        first = _whole(offset, 0) * size
        data = bytes(memoryview(view).cast("B"))[first:]
        return shim.Buffer(data if length is None else data[: int(length) * size])


# Name -> length of those that the type has for Python, too.
_FACES = {"from": 3, "alloc": 3, "concat": 2, "isBuffer": 1, "byteLength": 2}


def _listed(target: Any, key: str, value: Any) -> None:
    shim.define(
        target, key, value=value, writable=True, enumerable=True, configurable=True
    )


def add_buffer_methods(prototype: Any) -> None:
    """Fills Buffer.prototype, and adds what Buffer itself lacks."""
    # Node assigns them: they are listed, unlike those of other classes.
    install(prototype, _BufferPrototype, listed=True)
    install(prototype, type("Numbers", (), number_members()), listed=True)
    install(prototype, type("Encoded", (), _encoded_members()), listed=True)
    accessor(prototype, "parent", lambda this: shim.get(this, "buffer"))
    accessor(prototype, "offset", lambda this: shim.get(this, "byteOffset"))
    custom = shim.Symbol.for_("nodejs.util.inspect.custom")
    hidden(prototype, custom, shim.method(trim(_inspect, "inspect")))
    # Packages copy the statics with for-in: they are listed, and Python's are not seen.
    face: Any = shim.Buffer
    face.__napi_closed__ = True
    fixed(shim.Buffer, "length", 3)
    fixed(shim.Buffer, "name", "Buffer")
    _listed(shim.Buffer, "poolSize", 8192)
    faces: tuple[Any, ...] = (from_, alloc, concat, is_buffer, byte_length)
    for (name, length), act in zip(_FACES.items(), faces, strict=True):
        made = builtin(act, name, this=False, length=length)
        _listed(shim.Buffer, name, made)
    for name, member in vars(_Statics).items():
        if not name.startswith("_"):
            name = name.rstrip("_")
            _listed(shim.Buffer, name, trim(member.__func__, name))
