"""What a JavaScript program finds in globalThis besides the language's own names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._kit import function, rejected
from napi.js.host._web_globals import web_makers
from napi.runtime.builtin import lazy

__all__ = ["add_globals"]


def _fetch(input: Any, init: Any = None) -> Any:
    from napi.js.host._errors import missing_member

    return rejected(missing_member("globalThis", "fetch"))


def _crypto() -> Any:
    from napi.js.host import load

    return shim.get(load("crypto"), "webcrypto")


def _navigator() -> Any:
    from napi.js.host._web_navigator import make_navigator

    return make_navigator()


def _webassembly() -> Any:
    from napi.runtime.wasm import make_webassembly

    return make_webassembly()


def _crypto_key() -> Any:
    from napi.js.host._crypto_subtle import key_class

    return key_class()


def _subtle_crypto() -> Any:
    from napi.js.host._crypto_subtle import subtle_class

    return subtle_class()


def _crypto_class() -> Any:
    from napi.js.host._crypto_more import crypto_class

    return crypto_class()


_MAKERS: dict[str, Callable[[], Any]] = {
    "Crypto": _crypto_class,
    "CryptoKey": _crypto_key,
    "SubtleCrypto": _subtle_crypto,
    "WebAssembly": _webassembly,
    "crypto": _crypto,
    "fetch": lambda: function(_fetch, "fetch"),
    "navigator": _navigator,
}


# What the web's interfaces add to the global object is enumerable, but no class is.
_LISTED = ("crypto", "fetch", "navigator")


def add_globals() -> None:
    """Defines the names that globalThis does not have yet."""
    realm = shim.get_global()
    for name, maker in {**web_makers(), **_MAKERS}.items():
        if not shim.has(realm, name):
            lazy(realm, name, maker, listed=name in _LISTED)
