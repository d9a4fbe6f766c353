"""TextEncoder and TextDecoder (WHATWG Encoding)."""

from __future__ import annotations

import builtins
import codecs
from typing import Any

from napi._native import shim
from napi.runtime.builtin import getter, install, sized, tag
from napi.runtime.coerce import is_nullish
from napi.runtime.constructor import allocate, publish
from napi.runtime.error import RangeError, TypeError
from napi.runtime.events import coded
from napi.runtime.utf16 import join, lone_surrogate

__all__ = ["TextDecoder", "TextEncoder"]

_ALIASES = {
    "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
    "utf-16-le": "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le",
    "utf-16-be": "unicodefffe utf-16be",
    "cp1252": "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 "
    "iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii "
    "windows-1252 x-cp1252",
    "iso8859-2": "iso-8859-2 latin2 l2",
    "iso8859-15": "iso-8859-15 latin9",
    "cp1250": "windows-1250 cp1250",
    "cp1251": "windows-1251 cp1251",
    "koi8-r": "koi8-r koi8 koi",
    "gb18030": "gb18030",
    "gbk": "gbk gb2312",
    "big5": "big5",
    "euc-jp": "euc-jp",
    "shift_jis": "shift_jis sjis shift-jis",
    "euc-kr": "euc-kr",
}
_LABELS = {name: codec for codec, names in _ALIASES.items() for name in names.split()}
_NAMES = {
    "cp1252": "windows-1252",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "iso8859-2": "iso-8859-2",
    "iso8859-15": "iso-8859-15",
    "cp1250": "windows-1250",
    "cp1251": "windows-1251",
}


class TextEncoder(shim.Host):
    """JavaScript's ``TextEncoder``: encodes texts to UTF-8."""

    __module__ = "napi"
    __slots__ = ("__encoder__",)
    __encoder__: bool

    def __new__(cls, *_: Any) -> TextEncoder:
        """Makes one."""
        made = super().__new__(cls)
        made.__encoder__ = True
        return made


class TextDecoder(shim.Host):
    """JavaScript's ``TextDecoder``: decodes bytes.

    Args:
        label: The name of the encoding.
        options: An object with ``fatal`` and ``ignoreBOM``.

    Raises:
        napi.RangeError: The encoding is not known.
    """

    __module__ = "napi"
    __slots__ = ("__codec__", "__decoder__", "__fatal__", "__ignore__")
    __codec__: str
    __decoder__: codecs.IncrementalDecoder | None
    __fatal__: bool
    __ignore__: bool

    def __init__(self, label: Any = None, options: Any = None, *_: Any) -> None:
        name = "utf-8" if label is None else shim.to_string(label)
        known = name.strip("\t\n\f\r ").lower()
        if known not in _LABELS:
            raise coded(
                RangeError,
                "ERR_ENCODING_NOT_SUPPORTED",
                f'The "{name}" encoding is not supported',
            )
        self.__codec__ = _LABELS[known]
        self.__fatal__ = _option(options, "fatal")
        self.__ignore__ = _option(options, "ignoreBOM")
        self.__decoder__ = None


def _option(options: Any, name: str) -> bool:
    return not is_nullish(options) and bool(shim.to_boolean(shim.get(options, name)))


def _need(this: Any, cls: Any) -> Any:
    if not isinstance(this, cls) or not hasattr(this, cls.__slots__[0]):
        raise coded(
            TypeError,
            "ERR_INVALID_THIS",
            f'Value of "this" must be of type {cls.__name__}',
        )
    return this


def _well_formed(text: str) -> str:
    return lone_surrogate.sub("\ufffd", join(text))


class _EncoderPrototype:
    @getter
    def encoding(this: Any) -> str:
        _need(this, TextEncoder)
        return "utf-8"

    @sized(0)
    def encode(this: Any, text: Any = None) -> Any:
        _need(this, TextEncoder)
        source = "" if text is None else _well_formed(shim.to_string(text))
        return shim.Uint8Array(source.encode())

    def encodeInto(this: Any, text: Any, target: Any) -> Any:
        _need(this, TextEncoder)
        if not isinstance(target, shim.Uint8Array):
            raise coded(
                TypeError,
                "ERR_INVALID_ARG_TYPE",
                'The "dest" argument must be an instance of Uint8Array.',
            )
        source = _well_formed(shim.to_string(text))
        with memoryview(target) as view:
            room = len(view)
            data = source.encode()
            if len(data) > room:
                data = data[:room].decode("utf-8", "ignore").encode()
            view[: len(data)] = data
        read = len(data.decode().encode("utf-16-le")) // 2
        return shim.Object(read=read, written=len(data))


def _bytes(data: Any) -> bytes:
    if data is None:
        return b""
    try:
        return bytes(memoryview(data).cast("B")) if len(memoryview(data)) else b""
    except (builtins.TypeError, ValueError):
        raise coded(
            TypeError,
            "ERR_INVALID_ARG_TYPE",
            'The "list" argument must be an instance of SharedArrayBuffer, '
            "ArrayBuffer or ArrayBufferView.",
        ) from None


class _DecoderPrototype:
    @getter
    def encoding(this: Any) -> str:
        codec = str(_need(this, TextDecoder).__codec__)
        return _NAMES.get(codec, codec)

    @getter
    def fatal(this: Any) -> bool:
        return bool(_need(this, TextDecoder).__fatal__)

    @getter
    def ignoreBOM(this: Any) -> bool:
        return bool(_need(this, TextDecoder).__ignore__)

    @sized(0)
    def decode(this: Any, data: Any = None, options: Any = None) -> str:
        _need(this, TextDecoder)
        more = _option(options, "stream")
        return _decode(this, _bytes(data), more)


class _State:
    """A running decoder, and whether its first character is still to come."""

    def __init__(self, codec: str, fatal: bool) -> None:
        make = codecs.getincrementaldecoder(codec)
        self.decoder = make("strict" if fatal else "replace")
        self.fresh = True


def _decode(this: Any, raw: bytes, more: bool) -> str:
    state = this.__decoder__ or _State(this.__codec__, this.__fatal__)
    try:
        text: str = state.decoder.decode(raw, not more)
    except UnicodeDecodeError:
        this.__decoder__ = None
        encoding = _NAMES.get(this.__codec__, this.__codec__)
        raise coded(
            TypeError,
            "ERR_ENCODING_INVALID_ENCODED_DATA",
            f"The encoded data was not valid for encoding {encoding}",
        ) from None
    this.__decoder__ = state if more else None
    unicode = this.__codec__.startswith("utf")
    if text and state.fresh:
        state.fresh = False
        if unicode and not this.__ignore__ and text.startswith("\ufeff"):
            return text[1:]
    return text


def _publish() -> None:
    encoders = shim.Object()
    install(encoders, _EncoderPrototype, listed=True)
    tag(encoders, "TextEncoder")

    def make_encoder(new_target: Any) -> Any:
        return allocate(TextEncoder, new_target)

    publish(TextEncoder, construct=make_encoder, prototype=encoders, is_class=True)
    decoders = shim.Object()
    install(decoders, _DecoderPrototype, listed=True)
    tag(decoders, "TextDecoder")

    def make_decoder(new_target: Any, label: Any = None, options: Any = None) -> Any:
        made = allocate(TextDecoder, new_target)
        TextDecoder.__init__(made, label, options)
        return made

    publish(TextDecoder, construct=make_decoder, prototype=decoders, is_class=True)


_publish()
