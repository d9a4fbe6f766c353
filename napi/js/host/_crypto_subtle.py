"""``crypto.subtle`` for secret keys (Web Cryptography API, chapter 14)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._crypto_key import keep_secret, need_library, secret_of, url_text
from napi.js.host._errors import invalid_type
from napi.js.host._fs_values import data_bytes
from napi.js.host._kit import (
    function,
    getter,
    is_object,
    klass,
    make,
    option,
    put,
    work,
)
from napi.runtime.builtin import hidden, tag
from napi.runtime.realm import kept

__all__ = ["crypto_key", "key_class", "named", "subtle", "subtle_class"]

_FACE = shim.Symbol("kKeyObject")
_HASHES = {"SHA-1": 64, "SHA-256": 64, "SHA-384": 128, "SHA-512": 128}
_HASHES |= {"SHA3-256": 136, "SHA3-384": 104, "SHA3-512": 72}
_AES = ("AES-CBC", "AES-CTR", "AES-GCM")
_NAMES = {one.upper(): one for one in (*_HASHES, *_AES, "HMAC", "PBKDF2", "HKDF")}
_USES: dict[str, tuple[str, ...]] = {
    "HMAC": ("sign", "verify"),
    "PBKDF2": ("deriveKey", "deriveBits"),
}
_USES |= {"HKDF": ("deriveKey", "deriveBits")}
_USES |= dict.fromkeys(_AES, ("encrypt", "decrypt", "wrapKey", "unwrapKey"))


def _refused(name: str, text: str) -> Any:
    return shim.construct(shim.get(shim.get_global(), "DOMException"), text, name)


def _unsupported() -> Any:
    return _refused("NotSupportedError", "Unrecognized algorithm name")


def named(algorithm: Any) -> Any:
    """An algorithm as an object whose name is spelled as the specification does.

    Raises:
        napi.DOMException: There is no such algorithm here.
    """
    given = make(name=algorithm) if isinstance(algorithm, str) else algorithm
    if not is_object(given):
        raise invalid_type("algorithm", ["string", "Object"], algorithm)
    name = _NAMES.get(str(shim.to_string(shim.get(given, "name"))).upper())
    if name is None:
        raise _unsupported()
    made = make()
    for key in shim.keys(given):
        shim.set(made, key, shim.get(given, key))
    shim.set(made, "name", name)
    return made


def _name(algorithm: Any) -> str:
    return str(shim.get(algorithm, "name"))


def _hash(algorithm: Any) -> str:
    found = _name(named(shim.get(algorithm, "hash")))
    if found not in _HASHES:
        raise _unsupported()
    return found


def _digest(name: str) -> str:
    return name.lower().replace("sha3-", "sha3_").replace("sha-", "sha")


def _bytes(value: Any, name: str = "data") -> bytes:
    if isinstance(value, str):
        raise invalid_type(name, ["ArrayBuffer", "Buffer", "TypedArray"], value)
    if isinstance(value, shim.ArrayBuffer):
        return bytes(memoryview(value).cast("B"))
    return data_bytes(value, None, name)


def _buffer(data: bytes) -> Any:
    made = shim.ArrayBuffer(len(data))
    memoryview(made)[:] = data
    return made


# === keys ===


def _init(this: Any) -> None:
    from napi.runtime.error import TypeError

    raise TypeError("Illegal constructor")


def key_class() -> Any:
    """The class CryptoKey of this realm."""

    def build() -> Any:
        made = klass("CryptoKey", _init)
        prototype = shim.get(made, "prototype")
        for name in ("type", "extractable", "algorithm", "usages"):

            def read(this: Any, name: str = name) -> Any:
                return shim.get(shim.get(this, _FACE), name)

            getter(prototype, name, lambda this, read=read: read(this))
        tag(prototype, "CryptoKey")
        return made

    return kept("crypto.CryptoKey", build)


def crypto_key(data: bytes, algorithm: Any, extractable: Any, usages: Any) -> Any:
    """A CryptoKey of bytes.

    Raises:
        napi.DOMException: The algorithm has no such key or use.
    """
    name = _name(algorithm)
    if name not in _USES:
        raise _unsupported()
    wanted = [str(one) for one in usages]
    if any(one not in _USES[name] for one in wanted):
        raise _refused("SyntaxError", f"Unsupported key usage for a {name} key")
    if name in _AES and len(data) not in (16, 24, 32):
        raise _refused("DataError", "Invalid key length")
    shown = make(name=name)
    if name == "HMAC":
        shim.set(shown, "length", len(data) * 8)
        shim.set(shown, "hash", make(name=_hash(algorithm)))
    elif name in _AES:
        shown = make(name=name, length=len(data) * 8)
    made = shim.create(shim.get(key_class(), "prototype"))
    keep_secret(made, data)
    order = ("encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits")
    uses = [one for one in (*order, "wrapKey", "unwrapKey") if one in wanted]
    face = make(
        type="secret",
        extractable=bool(shim.to_boolean(extractable)),
        algorithm=shown,
        usages=shim.Array(uses),
    )
    hidden(made, _FACE, face)
    return made


def _secret(key: Any, algorithm: Any, use: str) -> bytes:
    """The bytes of a key that may be used so."""
    data = secret_of(key)
    if data is None:
        raise invalid_type("key", "CryptoKey", key)
    if _name(shim.get(key, "algorithm")) != _name(algorithm):
        raise _refused("InvalidAccessError", "Key algorithm mismatch")
    if use not in list(shim.get(key, "usages")):
        text = f"Unable to use this key to {use}"
        raise _refused("InvalidAccessError", text)
    return data


# === what is done with them ===


def _mac(key: Any, data: Any) -> bytes:
    hashed = _hash(shim.get(key, "algorithm"))
    secret = secret_of(key) or b""
    return hmac.new(secret, _bytes(data), _digest(hashed)).digest()


def _need_mac(algorithm: Any) -> None:
    if _name(algorithm) != "HMAC":
        raise _unsupported()


def _cipher(algorithm: Any, secret: bytes, data: bytes, encrypts: bool) -> bytes:
    from napi.js.host._crypto_cipher import engine

    name = _name(algorithm)
    need_library()
    if name == "AES-CTR":
        counter = _bytes(shim.get(algorithm, "counter"), "algorithm.counter")
        return bytes(engine("ctr", secret, counter, encrypts).update(data))
    iv = _bytes(shim.get(algorithm, "iv"), "algorithm.iv")
    if name == "AES-CBC":
        return _padded(engine("cbc", secret, iv, encrypts), data, encrypts)
    size = int(option(algorithm, "tagLength", 128)) // 8
    found = engine("gcm", secret, iv, encrypts)
    extra = option(algorithm, "additionalData")
    if extra is not None:
        found.authenticate_additional_data(_bytes(extra, "additionalData"))
    if encrypts:
        made = bytes(found.update(data)) + bytes(found.finalize())
        return made + bytes(found.tag)[:size]
    made = bytes(found.update(data[:-size]))
    return made + bytes(found.finalize_with_tag(data[-size:]))


def _padded(found: Any, data: bytes, encrypts: bool) -> bytes:
    if encrypts:
        lack = 16 - len(data) % 16
        return bytes(found.update(data + bytes([lack]) * lack))
    made = bytes(found.update(data) + found.finalize())
    size = made[-1] if made else 0
    if not 1 <= size <= 16 or made[-size:] != bytes([size]) * size:
        raise ValueError("wrong padding")
    return made[:-size]


def _derive(algorithm: Any, key: Any, length: int, use: str) -> Callable[[], bytes]:
    secret, name = _secret(key, algorithm, use), _name(algorithm)
    digest, size = _digest(_hash(algorithm)), length // 8
    salt = _bytes(shim.get(algorithm, "salt"), "algorithm.salt")
    if name == "PBKDF2":
        rounds = int(shim.to_number(shim.get(algorithm, "iterations")))
        return lambda: hashlib.pbkdf2_hmac(digest, secret, salt, rounds, size)
    if name != "HKDF":
        raise _unsupported()
    from napi.js.host.crypto import _hkdf

    info = shim.Buffer(_bytes(shim.get(algorithm, "info"), "algorithm.info"))
    return _hkdf(digest, shim.Buffer(secret), shim.Buffer(salt), info, size)


def _length_of(algorithm: Any) -> int:
    """How many bits a key of an algorithm has."""
    length = shim.get(algorithm, "length")
    if _name(algorithm) == "HMAC" and length is None:
        return _HASHES[_hash(algorithm)] * 8
    if _name(algorithm) in _AES and length not in (128, 192, 256):
        raise _refused("OperationError", "Invalid key length")
    return int(shim.to_number(length))


# === the methods: each a promise ===


def _encrypt(encrypts: bool, algorithm: Any, key: Any, data: Any) -> Any:
    given = named(algorithm)
    secret = _secret(key, given, "encrypt" if encrypts else "decrypt")
    if _name(given) not in _AES:
        raise _unsupported()
    source = _bytes(data)
    return lambda: _cipher(given, secret, source, encrypts), _buffer


def _digest_of(algorithm: Any, data: Any) -> Any:
    name, source = _name(named(algorithm)), _bytes(data)
    if name not in _HASHES:
        raise _unsupported()
    return lambda: hashlib.new(_digest(name), source).digest(), _buffer


def _sign(algorithm: Any, key: Any, data: Any) -> Any:
    given = named(algorithm)
    _need_mac(given)
    _secret(key, given, "sign")
    made = _mac(key, data)
    return lambda: made, _buffer


def _verify(algorithm: Any, key: Any, signature: Any, data: Any) -> Any:
    given = named(algorithm)
    _need_mac(given)
    _secret(key, given, "verify")
    same = hmac.compare_digest(_mac(key, data), _bytes(signature, "signature"))
    return lambda: same, _same


def _same(value: Any) -> Any:
    return value


def _import(
    format: Any, keyData: Any, algorithm: Any, extractable: Any, keyUsages: Any
) -> Any:
    given = named(algorithm)
    if format in ("raw", "raw-secret"):
        data = _bytes(keyData, "keyData")
    elif format == "jwk" and shim.get(keyData, "kty") == "oct":
        text = str(shim.get(keyData, "k"))
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    else:
        text = f"Unable to import {_name(given)} using {format} format"
        raise _refused("NotSupportedError", text)
    made = crypto_key(data, given, extractable, keyUsages)
    return lambda: made, _same


def _export(format: Any, key: Any) -> Any:
    data = secret_of(key)
    if data is None:
        raise invalid_type("key", "CryptoKey", key)
    if shim.get(key, "extractable") is not True:
        raise _refused("InvalidAccessError", "key is not extractable")
    if format in ("raw", "raw-secret"):
        return lambda: data, _buffer
    if format != "jwk":
        raise _refused("NotSupportedError", "Unable to export a secret key so")
    made = make(key_ops=shim.get(key, "usages"), ext=True)
    algorithm = shim.get(key, "algorithm")
    if _name(algorithm) == "HMAC":
        shim.set(made, "alg", "HS" + _hash(algorithm).rpartition("-")[2])
    elif _name(algorithm) in _AES:
        kind = _name(algorithm).rpartition("-")[2]
        shim.set(made, "alg", f"A{len(data) * 8}{kind}")
    put(made, kty="oct", k=url_text(data))
    return lambda: made, _same


def _generate(algorithm: Any, extractable: Any, keyUsages: Any) -> Any:
    given = named(algorithm)
    if _name(given) not in (*_AES, "HMAC"):
        raise _unsupported()
    if not len(keyUsages):
        raise _refused("SyntaxError", "Usages cannot be empty when creating a key.")
    data = secrets.token_bytes(_length_of(given) // 8)
    made = crypto_key(data, given, extractable, keyUsages)
    return lambda: made, _same


def _derive_bits(algorithm: Any, baseKey: Any, length: Any = None) -> Any:
    if length is None or length is shim.null or length % 8:
        raise _refused("OperationError", "length must be a multiple of 8")
    return _derive(named(algorithm), baseKey, int(length), "deriveBits"), _buffer


def _derive_key(
    algorithm: Any,
    baseKey: Any,
    derivedKeyType: Any,
    extractable: Any,
    keyUsages: Any,
) -> Any:
    kind = named(derivedKeyType)
    act = _derive(named(algorithm), baseKey, _length_of(kind), "deriveKey")
    return act, lambda data: crypto_key(data, kind, extractable, keyUsages)


_METHODS: dict[str, Callable[..., Any]] = {
    "digest": _digest_of,
    "encrypt": lambda algorithm, key, data: _encrypt(True, algorithm, key, data),
    "decrypt": lambda algorithm, key, data: _encrypt(False, algorithm, key, data),
    "sign": _sign,
    "verify": _verify,
    "importKey": _import,
    "exportKey": _export,
    "generateKey": _generate,
    "deriveBits": _derive_bits,
    "deriveKey": _derive_key,
}


def _promised(act: Callable[..., Any]) -> Callable[..., Any]:
    count = act.__code__.co_argcount

    def call(*given: Any) -> Any:
        from napi.js.host._kit import rejected, thrown_value

        try:
            step, finish = act(*given[:count])
        except Exception as error:
            return rejected(thrown_value(error))
        made = shim.Promise()

        def done(error: Any, value: Any) -> None:
            if error is not None:
                name = "OperationError"
                text = "The operation failed for an operation-specific reason"
                made._reject(_refused(name, text))
            else:
                made._resolve(finish(value))

        work(step, done)
        return made

    return call


def subtle_class() -> Any:
    """The class SubtleCrypto of this realm."""

    def build() -> Any:
        made = klass("SubtleCrypto", _init)
        prototype = shim.get(made, "prototype")
        for name, act in _METHODS.items():
            shim.set(prototype, name, function(_promised(act), name))
        tag(prototype, "SubtleCrypto")
        return made

    return kept("crypto.SubtleCrypto", build)


def subtle() -> Any:
    """``crypto.subtle``."""
    prototype = shim.get(subtle_class(), "prototype")
    return kept("crypto.subtle", lambda: shim.create(prototype))
