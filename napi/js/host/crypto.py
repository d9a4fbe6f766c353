"""``crypto``: random bytes, digests, keys out of passwords (Node.js, Crypto)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from napi._native import shim
from napi.js.host import _crypto_more
from napi.js.host._crypto_key import key_bytes
from napi.js.host._errors import (
    invalid_type,
    need_function,
    need_integer,
    need_text,
    node_error,
    out_of_range,
)
from napi.js.host._fs_values import data_bytes
from napi.js.host._kit import (
    absent,
    add_method,
    exports_of,
    klass,
    lazy,
    option,
    work,
)
from napi.runtime.buffer import decode
from napi.runtime.builtin import hidden
from napi.runtime.error import Error
from napi.runtime.realm import kept

__all__ = ["exports"]

_LARGEST = 2**31 - 1
_STATE = shim.Symbol("kHandle")
# OpenSSL's words for the digests, as Python's hashlib has them.
_WORDS = {"rmd160": "ripemd160", "ripemd": "ripemd160"}
_MISSING = (
    "createSign createVerify createECDH createDiffieHellman createDiffieHellmanGroup "
    "getDiffieHellman diffieHellman createPublicKey createPrivateKey generateKeyPair "
    "generateKeyPairSync sign verify publicEncrypt publicDecrypt privateEncrypt "
    "privateDecrypt X509Certificate Certificate ECDH Sign Verify DiffieHellman argon2 "
    "argon2Sync encapsulate decapsulate"
)


def _digest_name(name: Any) -> str:
    text = need_text(name, "algorithm").lower()
    text = _WORDS.get(text, text)
    if text.startswith("rsa-"):
        text = text[4:]
    if text.startswith("sha-"):
        text = "sha" + text[4:]
    return text.replace("/", "_")


def _new_hash(name: Any) -> Any:
    try:
        return hashlib.new(_digest_name(name))
    except ValueError:
        raise Error("Digest method not supported") from None


def _shown(data: bytes, encoding: Any) -> Any:
    if encoding is None or encoding is shim.null or encoding == "buffer":
        return shim.Buffer(data)
    return decode(data, shim.to_string(encoding))


class _State:
    """A digest that is being computed."""

    def __init__(self, digest: Any, size: int | None = None) -> None:
        self.digest, self.size = digest, size
        self.done = False


def _update(this: Any, data: Any, encoding: Any) -> Any:
    state = shim.get(this, _STATE)
    if state.done:
        raise node_error("Error", "ERR_CRYPTO_HASH_FINALIZED", "Digest already called")
    wanted = encoding if isinstance(encoding, str) and encoding != "buffer" else "utf8"
    state.digest.update(data_bytes(data, wanted))
    return this


def _finish(state: _State) -> bytes:
    state.done = True
    if state.size is not None:
        return bytes(state.digest.digest(state.size))
    return bytes(state.digest.digest())


def _transform() -> Any:
    from napi.js.host import load

    return shim.get(load("stream"), "Transform")


def _init_hash(this: Any, algorithm: Any = None, options: Any = None) -> None:
    shim.call(_transform(), this, options)
    size = option(options, "outputLength")
    digest = algorithm.digest if isinstance(algorithm, _State) else _new_hash(algorithm)
    extends = digest.name.startswith("shake")
    if extends and size is None:
        size = 16 if digest.name.endswith("128") else 32
    if not extends and size is not None and size != digest.digest_size:
        raise node_error(
            "Error",
            "ERR_OSSL_EVP_NOT_XOF_OR_INVALID_LENGTH",
            "error:030000B2:digital envelope routines::not XOF or invalid length",
        )
    hidden(this, _STATE, _State(digest, int(size) if extends else None))


class _Hash:
    def update(this: Any, data: Any, inputEncoding: Any = None) -> Any:
        return _update(this, data, inputEncoding)

    def digest(this: Any, outputEncoding: Any = None) -> Any:
        state = shim.get(this, _STATE)
        if state.done:
            text = "Digest already called"
            raise node_error("Error", "ERR_CRYPTO_HASH_FINALIZED", text)
        return _shown(_finish(state), outputEncoding)

    def copy(this: Any, options: Any = None) -> Any:
        state = shim.get(this, _STATE)
        if state.done:
            text = "Digest already called"
            raise node_error("Error", "ERR_CRYPTO_HASH_FINALIZED", text)
        copied = _State(state.digest.copy(), state.size)
        return shim.construct(_classes()["Hash"], copied, options)

    def _transform(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
        _update(this, chunk, encoding)
        shim.call(callback, None)

    def _flush(this: Any, callback: Any) -> None:
        shim.call(
            shim.get(this, "push"), this, shim.Buffer(_finish(shim.get(this, _STATE)))
        )
        shim.call(callback, None)


def _init_hmac(
    this: Any, name: Any = None, key: Any = None, options: Any = None
) -> None:
    shim.call(_transform(), this, options)
    secret = key_bytes(key, "key", str(option(options, "encoding", "utf8")))
    try:
        digest = hmac.new(secret, digestmod=_digest_name(name))
    except ValueError:
        text = f"Invalid digest: {name}"
        raise node_error("Error", "ERR_CRYPTO_INVALID_DIGEST", text) from None
    hidden(this, _STATE, _State(digest))


class _Hmac:
    def update(this: Any, data: Any, inputEncoding: Any = None) -> Any:
        return _update(this, data, inputEncoding)

    def digest(this: Any, outputEncoding: Any = None) -> Any:
        state = shim.get(this, _STATE)
        if state.done:  # what Node answers
            return _shown(b"", outputEncoding)
        return _shown(_finish(state), outputEncoding)


for _name in ("_transform", "_flush"):
    setattr(_Hmac, _name, vars(_Hash)[_name])


def _random_bytes(size: Any, callback: Any) -> Any:
    count = need_integer(size, "size", 0, _LARGEST)
    if callback is None:
        return shim.Buffer(secrets.token_bytes(count))
    need_function(callback, "callback")

    def done(error: Any, data: bytes) -> None:
        shim.call(callback, None, shim.null, shim.Buffer(data))

    work(lambda: secrets.token_bytes(count), done)
    return None


def _fill(buffer: Any, offset: Any, size: Any) -> None:
    if not isinstance(buffer, (shim.TypedArray, shim.ArrayBuffer, shim.DataView)):
        wanted = ["ArrayBuffer", "Buffer", "TypedArray", "DataView"]
        raise invalid_type("buf", wanted, buffer)
    view = memoryview(buffer).cast("B")
    begin = 0 if offset is None else need_integer(offset, "offset", 0, len(view))
    count = len(view) - begin
    if size is not None:
        count = need_integer(size, "size", 0, count)
    view[begin : begin + count] = secrets.token_bytes(count)


def _random_int(low: Any, high: Any, callback: Any) -> Any:
    if high is None or callable(high):
        low, high, callback = 0, low, high
    least, most = need_integer(low, "min"), need_integer(high, "max")
    if most <= least:
        raise out_of_range("max", f'greater than the value of "min" ({least})', most)
    if most - least > 2**48 - 1:
        raise out_of_range("max - min", f"<= {2**48 - 1}", most - least)
    found = least + secrets.randbelow(most - least)
    if callback is None:
        return found
    shim.queue_tick(lambda: shim.call(callback, None, None, found))
    return None


def _pbkdf2(
    password: Any, salt: Any, iterations: Any, size: Any, digest: Any
) -> Callable[[], bytes]:
    secret, grain = (
        data_bytes(password, "utf8", "password"),
        data_bytes(salt, "utf8", "salt"),
    )
    rounds = need_integer(iterations, "iterations", 1, _LARGEST)
    count = need_integer(size, "keylen", 0, _LARGEST)
    name = _digest_name(need_text(digest, "digest"))
    if name not in hashlib.algorithms_available:
        raise node_error(
            "TypeError", "ERR_CRYPTO_INVALID_DIGEST", f"Invalid digest: {digest}"
        )
    if not count:
        return lambda: b""
    return lambda: hashlib.pbkdf2_hmac(name, secret, grain, rounds, count)


def _scrypt(password: Any, salt: Any, size: Any, options: Any) -> Callable[[], bytes]:
    secret, grain = (
        data_bytes(password, "utf8", "password"),
        data_bytes(salt, "utf8", "salt"),
    )
    count = need_integer(size, "keylen", 0, _LARGEST)

    def number(long: str, short: str, default: int) -> int:
        return int(option(options, long, option(options, short, default)))

    cost, block = number("cost", "N", 16384), number("blockSize", "r", 8)
    parallel = number("parallelization", "p", 1)
    memory = int(option(options, "maxmem", 32 * 1024 * 1024))
    if cost < 2 or cost & (cost - 1) or 128 * cost * block > memory:
        text = "Invalid scrypt params: memory limit exceeded"
        raise node_error("RangeError", "ERR_CRYPTO_INVALID_SCRYPT_PARAMS", text)
    if not count:
        return lambda: b""
    return lambda: hashlib.scrypt(
        secret, salt=grain, n=cost, r=block, p=parallel, maxmem=2 * memory, dklen=count
    )


def _hkdf(
    digest: Any, key: Any, salt: Any, info: Any, size: Any
) -> Callable[[], bytes]:
    name, count = (
        _digest_name(need_text(digest, "digest")),
        need_integer(size, "length", 0),
    )
    secret = data_bytes(key, "utf8", "ikm")
    grain, about = data_bytes(salt, "utf8", "salt"), data_bytes(info, "utf8", "info")

    def act() -> bytes:
        width = hashlib.new(name).digest_size
        root = hmac.new(grain or bytes(width), secret, name).digest()
        block = made = b""
        counter = 1
        while len(made) < count:
            block = hmac.new(root, block + about + bytes([counter]), name).digest()
            made += block
            counter += 1
        return made[:count]

    return act


def _later(act: Callable[[], bytes], callback: Any, wrap: Any = shim.Buffer) -> None:
    need_function(callback, "callback")

    def done(error: Any, data: Any) -> None:
        if error is not None:
            shim.call(callback, None, error)
        else:
            shim.call(callback, None, shim.null, wrap(data))

    work(act, done)


class _Module:
    @staticmethod
    def createHash(algorithm: Any, options: Any = None) -> Any:
        need_text(algorithm, "algorithm")
        return shim.construct(_classes()["Hash"], algorithm, options)

    @staticmethod
    def createHmac(hmac: Any, key: Any, options: Any = None) -> Any:
        need_text(hmac, "hmac")
        return shim.construct(_classes()["Hmac"], hmac, key, options)

    @staticmethod
    def hash(algorithm: Any, input: Any, outputEncoding: Any = None) -> Any:
        digest = _new_hash(algorithm)
        digest.update(data_bytes(input, "utf8", "input"))
        wanted = "hex" if outputEncoding is None else outputEncoding
        return _shown(digest.digest(), wanted)

    @staticmethod
    def getHashes() -> Any:
        names = {name.replace("_", "-") for name in hashlib.algorithms_available}
        return shim.Array(sorted(names))

    @staticmethod
    def getCurves() -> Any:
        return shim.Array()

    @staticmethod
    def getFips() -> int:
        return 0

    @staticmethod
    def randomBytes(size: Any, callback: Any = None) -> Any:
        return _random_bytes(size, callback)

    @staticmethod
    def randomFillSync(buf: Any, offset: Any = None, size: Any = None) -> Any:
        _fill(buf, offset, size)
        return buf

    @staticmethod
    def randomFill(
        buf: Any, offset: Any, size: Any = None, callback: Any = None
    ) -> None:
        if callable(offset):
            offset, callback = None, offset
        elif callable(size):
            size, callback = None, size
        need_function(callback, "callback")
        _fill(buf, offset, size)
        shim.queue_tick(lambda: shim.call(callback, None, shim.null, buf))

    @staticmethod
    def randomInt(min: Any, max: Any = None, callback: Any = None) -> Any:
        return _random_int(min, max, callback)

    @staticmethod
    def randomUUID(options: Any = None) -> str:
        return str(uuid.uuid4())

    @staticmethod
    def timingSafeEqual(buf1: Any, buf2: Any) -> bool:
        views = []
        for name, value in (("buf1", buf1), ("buf2", buf2)):
            if not isinstance(
                value, (shim.TypedArray, shim.ArrayBuffer, shim.DataView)
            ):
                wanted = ["ArrayBuffer", "Buffer", "TypedArray", "DataView"]
                raise invalid_type(name, wanted, value)
            views.append(bytes(memoryview(value).cast("B")))
        if len(views[0]) != len(views[1]):
            text = "Input buffers must have the same byte length"
            code = "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH"
            raise node_error("RangeError", code, text)
        return hmac.compare_digest(*views)

    @staticmethod
    def pbkdf2Sync(
        password: Any, salt: Any, iterations: Any, keylen: Any, digest: Any
    ) -> Any:
        return shim.Buffer(_pbkdf2(password, salt, iterations, keylen, digest)())

    @staticmethod
    def pbkdf2(
        password: Any,
        salt: Any,
        iterations: Any,
        keylen: Any,
        digest: Any,
        callback: Any = None,
    ) -> None:
        _later(_pbkdf2(password, salt, iterations, keylen, digest), callback)

    @staticmethod
    def scryptSync(password: Any, salt: Any, keylen: Any, options: Any = None) -> Any:
        return shim.Buffer(_scrypt(password, salt, keylen, options)())

    @staticmethod
    def scrypt(
        password: Any, salt: Any, keylen: Any, options: Any = None, callback: Any = None
    ) -> None:
        if callable(options):
            options, callback = None, options
        _later(_scrypt(password, salt, keylen, options), callback)

    @staticmethod
    def hkdfSync(digest: Any, ikm: Any, salt: Any, info: Any, keylen: Any) -> Any:
        return _as_arraybuffer(_hkdf(digest, ikm, salt, info, keylen)())

    @staticmethod
    def hkdf(
        digest: Any, ikm: Any, salt: Any, info: Any, keylen: Any, callback: Any = None
    ) -> None:
        _later(_hkdf(digest, ikm, salt, info, keylen), callback, _as_arraybuffer)


def _as_arraybuffer(data: bytes) -> Any:
    made = shim.ArrayBuffer(len(data))
    memoryview(made)[:] = data
    return made


def _classes() -> dict[str, Any]:
    found: dict[str, Any] = kept("crypto", _make_classes)
    return found


def _make_classes() -> dict[str, Any]:
    parent = _transform()
    made = {
        "Hash": klass("Hash", _init_hash, _Hash, parent=parent, call=True),
        "Hmac": klass("Hmac", _init_hmac, _Hmac, parent=parent, call=True),
    }
    for one in made.values():
        for key in ("_transform", "_flush"):
            add_method(shim.get(one, "prototype"), key, vars(_Hash)[key])
    return made


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)
    absent(made, "crypto", _MISSING)
    for name in ("Hash", "Hmac"):
        lazy(made, name, partial(lambda name: _classes()[name], name))
    _crypto_more.add_members(made)
    shim.set(made, "constants", _crypto_more.constants())
    return made
