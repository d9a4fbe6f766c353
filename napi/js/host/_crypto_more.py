"""``crypto``: ciphers, keys, primes and the web's face of it."""

from __future__ import annotations

import secrets
import time
from functools import partial
from itertools import pairwise
from typing import Any

from napi._native import shim
from napi.js.host import _crypto_cipher as cipher
from napi.js.host import _crypto_key as key
from napi.js.host import _crypto_prime as prime
from napi.js.host._errors import need_function
from napi.js.host._kit import exports_of, function, klass, lazy, make
from napi.runtime.builtin import accessor, tag
from napi.runtime.realm import kept

__all__ = ["add_members", "constants", "crypto_class", "web"]


def _later(act: Any, callback: Any) -> None:
    need_function(callback, "callback")
    found = act()
    shim.queue_tick(lambda: shim.call(callback, None, None, found))


class _Members:
    @staticmethod
    def createCipheriv(cipher_: Any, key: Any, iv: Any, options: Any = None) -> Any:
        return shim.construct(cipher.cipher_class(True), cipher_, key, iv, options)

    @staticmethod
    def createDecipheriv(cipher_: Any, key: Any, iv: Any, options: Any = None) -> Any:
        return shim.construct(cipher.cipher_class(False), cipher_, key, iv, options)

    @staticmethod
    def getCiphers() -> Any:
        return shim.Array(cipher.NAMES)

    @staticmethod
    def getCipherInfo(nameOrNid: Any, options: Any = None) -> Any:
        return cipher.describe(nameOrNid)

    @staticmethod
    def createSecretKey(key_: Any, encoding: Any = None) -> Any:
        return key.create_secret(key_, encoding)

    @staticmethod
    def generateKeySync(type: Any, options: Any) -> Any:
        return key.new_secret(key.generate(type, options))

    @staticmethod
    def generateKey(type: Any, options: Any, callback: Any = None) -> None:
        key.generate_later(type, options, callback)

    @staticmethod
    def checkPrimeSync(candidate: Any, options: Any = None) -> bool:
        return prime.check(candidate)

    @staticmethod
    def checkPrime(candidate: Any, options: Any = None, callback: Any = None) -> None:
        done = options if callable(options) else callback
        _later(partial(prime.check, candidate), done)

    @staticmethod
    def generatePrimeSync(size: Any, options: Any = None) -> Any:
        return prime.generate(size, options)

    @staticmethod
    def generatePrime(size: Any, options: Any = None, callback: Any = None) -> None:
        if callable(options):
            options, callback = None, options
        _later(partial(prime.generate, size, options), callback)

    @staticmethod
    def randomUUIDv7(options: Any = None) -> str:
        moment = time.time_ns() // 1_000_000
        number = moment << 80 | secrets.randbits(80)
        number = number & ~(0xF << 76) | 7 << 76
        number = number & ~(3 << 62) | 2 << 62
        text = f"{number:032x}"
        cuts = (0, 8, 12, 16, 20, 32)
        return "-".join(text[a:b] for a, b in pairwise(cuts))

    @staticmethod
    def secureHeapUsed() -> Any:
        return make(total=0, used=0, utilization=0, min=2)


def _illegal(this: Any) -> None:
    from napi.runtime.error import TypeError

    raise TypeError("Illegal constructor")


def crypto_class() -> Any:
    """The class Crypto of this realm."""

    def build() -> Any:
        from napi.js.host.crypto import _fill, _Module

        def get_random(array: Any) -> Any:
            _fill(array, None, None)
            return array

        made = klass("Crypto", _illegal)
        prototype = shim.get(made, "prototype")
        random = function(get_random, "getRandomValues")
        shim.set(prototype, "getRandomValues", random)
        uuid = function(_Module.randomUUID, "randomUUID")
        shim.set(prototype, "randomUUID", uuid)
        accessor(prototype, "subtle", lambda this: _subtle())
        tag(prototype, "Crypto")
        return made

    return kept("crypto.Crypto", build)


def _subtle() -> Any:
    from napi.js.host._crypto_subtle import subtle

    return subtle()


def web() -> Any:
    """``globalThis.crypto``, which is ``crypto.webcrypto``."""
    prototype = shim.get(crypto_class(), "prototype")
    return kept("crypto.webcrypto", lambda: shim.create(prototype))


def constants() -> Any:
    """``crypto.constants``: what signatures and keys are told."""
    return make(
        RSA_PKCS1_PADDING=1,
        RSA_NO_PADDING=3,
        RSA_PKCS1_OAEP_PADDING=4,
        RSA_X931_PADDING=5,
        RSA_PKCS1_PSS_PADDING=6,
        RSA_PSS_SALTLEN_DIGEST=-1,
        RSA_PSS_SALTLEN_MAX_SIGN=-2,
        RSA_PSS_SALTLEN_AUTO=-2,
        defaultCoreCipherList="",
        TLS1_VERSION=769,
        TLS1_1_VERSION=770,
        TLS1_2_VERSION=771,
        TLS1_3_VERSION=772,
        POINT_CONVERSION_COMPRESSED=2,
        POINT_CONVERSION_UNCOMPRESSED=4,
        POINT_CONVERSION_HYBRID=6,
    )


def add_members(made: Any) -> None:
    """Adds them to the module."""
    exports_of(_Members, made)
    lazy(made, "Cipheriv", lambda: cipher.cipher_class(True))
    lazy(made, "Decipheriv", lambda: cipher.cipher_class(False))
    lazy(made, "KeyObject", key.key_class)
    lazy(made, "webcrypto", web)
    lazy(made, "subtle", _subtle)
    random = function(
        lambda array: shim.call(shim.get(web(), "getRandomValues"), web(), array),
        "getRandomValues",
    )
    shim.set(made, "getRandomValues", random)
