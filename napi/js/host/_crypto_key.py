"""Keys of ``crypto``: secret KeyObjects (Node.js, "Class: KeyObject")."""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import Any

from napi._native import shim
from napi.js.host._errors import (
    invalid_type,
    invalid_value,
    need_function,
    need_integer,
    node_error,
)
from napi.js.host._fs_values import data_bytes
from napi.js.host._kit import function, getter, klass, make, option
from napi.runtime.builtin import hidden, tag
from napi.runtime.realm import kept

__all__ = ["generate", "key_bytes", "key_class", "new_secret", "secret_of"]

_SECRET = shim.Symbol("kSecret")
_BYTES = ["ArrayBuffer", "Buffer", "TypedArray", "DataView", "string", "KeyObject"]


def url_text(data: bytes) -> str:
    """Bytes in base64url, as a JWK has them."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def secret_of(value: Any) -> bytes | None:
    """The bytes of a secret KeyObject or CryptoKey; None for all else."""
    if shim.typeof(value) != "object" or value is shim.null:
        return None
    found = shim.get(value, _SECRET)
    return found.data if isinstance(found, _Secret) else None


def key_bytes(value: Any, name: str = "key", encoding: str = "utf8") -> bytes:
    """The bytes of a key that may be a KeyObject."""
    found = secret_of(value)
    if found is not None:
        return found
    if isinstance(value, (str, shim.ArrayBuffer)):
        return data_bytes(value, encoding, name)
    if isinstance(value, (shim.TypedArray, shim.DataView)):
        return bytes(memoryview(value).cast("B"))
    raise invalid_type(name, _BYTES, value)


class _Secret:
    """Keeps bytes where JavaScript does not see them."""

    def __init__(self, data: bytes) -> None:
        self.data = data


def keep_secret(target: Any, data: bytes) -> None:
    """Gives an object the bytes of a key."""
    hidden(target, _SECRET, _Secret(data))


def _init(this: Any, type: Any = None, handle: Any = None) -> None:
    if type not in ("secret", "public", "private"):
        raise invalid_value("type", type)
    if not isinstance(handle, _Secret):
        raise invalid_type("handle", "object", handle)
    hidden(this, _SECRET, handle)


class _Members:
    def export(this: Any, options: Any = None) -> Any:
        data = secret_of(this) or b""
        kind = option(options, "format")
        if kind in (None, "buffer"):
            return shim.Buffer(data)
        if kind == "jwk":
            return make(kty="oct", k=url_text(data))
        raise invalid_value("options.format", kind, "must be one of: 'buffer', 'jwk'")

    def equals(this: Any, otherKeyObject: Any) -> bool:
        other = secret_of(otherKeyObject)
        if other is None:
            raise invalid_type("otherKeyObject", "KeyObject", otherKeyObject)
        return hmac.compare_digest(secret_of(this) or b"", other)

    def toCryptoKey(this: Any, algorithm: Any, extractable: Any, keyUsages: Any) -> Any:
        from napi.js.host._crypto_subtle import crypto_key, named

        data = secret_of(this) or b""
        return crypto_key(data, named(algorithm), extractable, keyUsages)


def key_class() -> Any:
    """The class KeyObject of this realm."""

    def build() -> Any:
        made = klass("KeyObject", _init, _Members)
        prototype = shim.get(made, "prototype")
        getter(prototype, "type", lambda this: "secret")
        getter(prototype, "symmetricKeySize", lambda this: len(secret_of(this) or b""))
        tag(prototype, "KeyObject")
        hidden(made, "from", function(_from, "from"))
        return made

    return kept("crypto.KeyObject", build)


def _from(key: Any) -> Any:
    data = secret_of(key)
    if data is None:
        raise invalid_type("key", "CryptoKey", key)
    return new_secret(data)


def new_secret(data: bytes) -> Any:
    """A KeyObject of bytes."""
    return shim.construct(key_class(), "secret", _Secret(data))


def create_secret(key: Any, encoding: Any = None) -> Any:
    """``crypto.createSecretKey``."""
    wanted = encoding if isinstance(encoding, str) else "utf8"
    if not isinstance(key, str):
        kinds = (shim.ArrayBuffer, shim.TypedArray, shim.DataView)
        if not isinstance(key, kinds):
            raise invalid_type("key", _BYTES[:4], key)
    return new_secret(key_bytes(key, "key", wanted))


def generate(kind: Any, options: Any) -> bytes:
    """The bytes of ``crypto.generateKey``.

    Raises:
        napi.TypeError: There are no such keys.
    """
    length = shim.get(options, "length") if options is not None else None
    if kind == "hmac":
        return secrets.token_bytes(
            need_integer(length, "options.length", 8, 2**31 - 1) // 8
        )
    if kind != "aes":
        raise invalid_value("type", kind, "must be a supported key type")
    if length not in (128, 192, 256):
        raise invalid_value("options.length", length, "must be one of: 128, 192, 256")
    return secrets.token_bytes(int(length) // 8)


def generate_later(kind: Any, options: Any, callback: Any) -> None:
    """The form that calls back."""
    need_function(callback, "callback")
    made = new_secret(generate(kind, options))
    shim.queue_tick(lambda: shim.call(callback, None, None, made))


def need_library() -> Any:
    """The package that ciphers are taken from.

    Raises:
        napi.Error: It is not there.
    """
    try:
        from cryptography.hazmat.primitives import ciphers  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        text = "Ciphers need the package cryptography: pip install napi[js]"
        code = "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM"
        raise node_error("Error", code, text) from None
    return ciphers
