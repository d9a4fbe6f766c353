"""Brotli and Zstandard for ``zlib``: the libraries behind one interface.

Source: Node's manual, chapter Zlib (Brotli constants, Zstd constants); RFC 7932 and
RFC 8878 for the formats.
"""

from __future__ import annotations

import re
import zlib
from importlib import import_module
from typing import Any

from napi._native import shim
from napi.js.host._errors import node_error
from napi.js.host._kit import option

__all__ = ["CodecError", "FINISH", "codec"]

#: The operation that ends a stream, in both formats.
FINISH = 2


class CodecError(zlib.error):
    """Data that cannot be decompressed.

    Args:
        words: What is wrong.
        code: Node's code.
        errno: Node's number.
    """

    def __init__(self, words: str, code: str, errno: int) -> None:
        super().__init__(words)
        self.words, self.code, self.errno = words, code, errno


def _missing(member: str, library: str) -> Any:
    text = f"zlib.{member} needs the package {library}: pip install napi[js]"
    return node_error("Error", "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM", text)


def _parameters(options: Any) -> dict[int, int]:
    given, found = option(options, "params"), {}
    for key in shim.keys(given) if given is not None else ():
        value = shim.get(given, key)
        if value is not None:
            found[int(key)] = int(shim.to_number(value))
    return found


class _BrotliCompressor:
    _NAMES = ("mode", "quality", "lgwin", "lgblock")

    def __init__(self, library: Any, options: Any) -> None:
        chosen = {
            self._NAMES[key]: value
            for key, value in _parameters(options).items()
            if key < len(self._NAMES)
        }
        self.engine = library.Compressor(**chosen)

    def compress(self, data: bytes) -> bytes:
        """Takes data; what can be given already."""
        return bytes(self.engine.process(data))

    def flush(self, kind: int = FINISH) -> bytes:
        """What is held back; ``FINISH``: the end."""
        finish = self.engine.finish if kind == FINISH else self.engine.flush
        return bytes(finish())


class _BrotliDecompressor:
    def __init__(self, library: Any, options: Any) -> None:
        self.error = library.error
        self.engine = library.Decompressor()
        self.eof, self.unused_data = False, b""

    def decompress(self, data: bytes) -> bytes:
        """Takes data; what it stands for.

        Raises:
            CodecError: It is no such data.
        """
        if self.eof or not data:
            return b""
        try:
            made = bytes(self.engine.process(data))
            self.eof = bool(self.engine.is_finished())
        except self.error:
            code = "ERR__ERROR_FORMAT"
            raise CodecError("Decompression failed", code, -1) from None
        return made

    def flush(self) -> bytes:
        """Nothing is held back."""
        return b""


_ZSTD_NAMES = {
    101: "window_log",
    102: "hash_log",
    103: "chain_log",
    104: "search_log",
    105: "min_match",
    106: "target_length",
    107: "strategy",
    160: "enable_ldm",
    161: "ldm_hash_log",
    162: "ldm_min_match",
    163: "ldm_bucket_size_log",
    164: "ldm_hash_rate_log",
    200: "write_content_size",
    201: "write_checksum",
    202: "write_dict_id",
}


class _ZstdCompressor:
    def __init__(self, library: Any, options: Any) -> None:
        given = _parameters(options)
        level = given.pop(100, 3)
        chosen = {
            _ZSTD_NAMES[key]: value
            for key, value in given.items()
            if key in _ZSTD_NAMES
        }
        parameters = library.ZstdCompressionParameters.from_level(level, **chosen)
        size = option(options, "pledgedSrcSize")
        known = {} if size is None else {"size": int(size)}
        compressor = library.ZstdCompressor(compression_params=parameters)
        self.engine = compressor.compressobj(**known)
        self.block = library.COMPRESSOBJ_FLUSH_BLOCK

    def compress(self, data: bytes) -> bytes:
        """Takes data; what can be given already."""
        return bytes(self.engine.compress(data))

    def flush(self, kind: int = FINISH) -> bytes:
        """What is held back; ``FINISH``: the end."""
        if kind == FINISH:
            return bytes(self.engine.flush())
        return bytes(self.engine.flush(self.block))


class _ZstdDecompressor:
    def __init__(self, library: Any, options: Any) -> None:
        self.library = library
        log = _parameters(options).get(100, 27)
        self.maker = library.ZstdDecompressor(max_window_size=1 << log)
        self.engine = self.maker.decompressobj()
        self.unused_data = b""

    @property
    def eof(self) -> bool:
        """Whether the end was seen."""
        return bool(self.engine.eof)

    def decompress(self, data: bytes) -> bytes:
        """Takes data; what it stands for.

        Raises:
            CodecError: It is no such data.
        """
        if self.eof or not data:
            return b""
        try:
            return bytes(self.engine.decompress(data))
        except self.library.ZstdError as error:
            words = str(error).rpartition(": ")[2]
            raise CodecError(words, *_zstd_code(words)) from None

    def flush(self) -> bytes:
        """Nothing is held back."""
        return b""


# What the library of Zstandard says -> its number and the end of its code.
_ZSTD_ERRORS = {
    "Unknown frame descriptor": (10, "prefix_unknown"),
    "Version not supported": (12, "version_unsupported"),
    "Unsupported frame parameter": (14, "frameParameter_unsupported"),
    "Frame requires too much memory for decoding": (
        16,
        "frameParameter_windowTooLarge",
    ),
    "Data corruption detected": (20, "corruption_detected"),
    "Restored data doesn't match checksum": (22, "checksum_wrong"),
    "Dictionary is corrupted": (30, "dictionary_corrupted"),
    "Dictionary mismatch": (32, "dictionary_wrong"),
    "Src size is incorrect": (72, "srcSize_wrong"),
}


def _zstd_code(words: str) -> tuple[str, int]:
    number, name = _ZSTD_ERRORS.get(words, (1, "GENERIC"))
    return f"ZSTD_error_{name}", number


_MAKERS = {
    "brotliCompress": _BrotliCompressor,
    "brotliDecompress": _BrotliDecompressor,
    "zstdCompress": _ZstdCompressor,
    "zstdDecompress": _ZstdDecompressor,
}


def codec(name: str, options: Any) -> Any:
    """What does the work of a member of zlib.

    Args:
        name: ``brotliCompress``, ``zstdDecompress`` ...
        options: ``params``: numbers of parameters and their values.

    Raises:
        napi.Error: The library is not installed.
    """
    package = "brotli" if name.startswith("brotli") else "zstandard"
    try:
        library = import_module(package)
    except ImportError:
        raise _missing(name, package) from None
    return _MAKERS[name](library, options)


# The constants of both formats, as zlib.constants has them.
_NUMBERED = """
BROTLI_DECODE=8 BROTLI_ENCODE=9 ZSTD_COMPRESS=10 ZSTD_DECOMPRESS=11
BROTLI_OPERATION_PROCESS=0 BROTLI_OPERATION_FLUSH=1 BROTLI_OPERATION_FINISH=2
BROTLI_OPERATION_EMIT_METADATA=3 BROTLI_PARAM_MODE=0 BROTLI_MODE_GENERIC=0
BROTLI_MODE_TEXT=1 BROTLI_MODE_FONT=2 BROTLI_DEFAULT_MODE=0 BROTLI_PARAM_QUALITY=1
BROTLI_MIN_QUALITY=0 BROTLI_MAX_QUALITY=11 BROTLI_DEFAULT_QUALITY=11
BROTLI_PARAM_LGWIN=2 BROTLI_MIN_WINDOW_BITS=10 BROTLI_MAX_WINDOW_BITS=24
BROTLI_LARGE_MAX_WINDOW_BITS=30 BROTLI_DEFAULT_WINDOW=22 BROTLI_PARAM_LGBLOCK=3
BROTLI_MIN_INPUT_BLOCK_BITS=16 BROTLI_MAX_INPUT_BLOCK_BITS=24
BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING=4 BROTLI_PARAM_SIZE_HINT=5
BROTLI_PARAM_LARGE_WINDOW=6 BROTLI_PARAM_NPOSTFIX=7 BROTLI_PARAM_NDIRECT=8
BROTLI_DECODER_RESULT_ERROR=0 BROTLI_DECODER_RESULT_SUCCESS=1
BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT=2 BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT=3
BROTLI_DECODER_PARAM_DISABLE_RING_BUFFER_REALLOCATION=0
BROTLI_DECODER_PARAM_LARGE_WINDOW=1 BROTLI_DECODER_NO_ERROR=0
BROTLI_DECODER_SUCCESS=1 BROTLI_DECODER_NEEDS_MORE_INPUT=2
BROTLI_DECODER_NEEDS_MORE_OUTPUT=3
ZSTD_e_continue=0 ZSTD_e_flush=1 ZSTD_e_end=2 ZSTD_fast=1 ZSTD_dfast=2 ZSTD_greedy=3
ZSTD_lazy=4 ZSTD_lazy2=5 ZSTD_btlazy2=6 ZSTD_btopt=7 ZSTD_btultra=8 ZSTD_btultra2=9
ZSTD_c_compressionLevel=100 ZSTD_c_windowLog=101 ZSTD_c_hashLog=102
ZSTD_c_chainLog=103 ZSTD_c_searchLog=104 ZSTD_c_minMatch=105
ZSTD_c_targetLength=106 ZSTD_c_strategy=107 ZSTD_c_enableLongDistanceMatching=160
ZSTD_c_ldmHashLog=161 ZSTD_c_ldmMinMatch=162 ZSTD_c_ldmBucketSizeLog=163
ZSTD_c_ldmHashRateLog=164 ZSTD_c_contentSizeFlag=200 ZSTD_c_checksumFlag=201
ZSTD_c_dictIDFlag=202 ZSTD_c_nbWorkers=400 ZSTD_c_jobSize=401
ZSTD_c_overlapLog=402 ZSTD_d_windowLogMax=100 ZSTD_CLEVEL_DEFAULT=3
"""


def constants() -> dict[str, int]:
    """The constants by name."""
    pairs = re.findall(r"(\w+)=(\d+)", _NUMBERED)
    made = {name: int(number) for name, number in pairs}
    for number, name in _ZSTD_ERRORS.values():
        made[f"ZSTD_error_{name}"] = number
    return made
