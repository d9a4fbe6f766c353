"""Chooses which build of the C extension serves this process.

The release build is ``napi._shim``. The strict build, ``napi._shim_strict``, is
made of the same sources and reports every misuse of the ABI; ``NAPI_STRICT=1`` in
the environment, or :func:`use_strict` before anything else of napi was used,
chooses it. Only one of the two may ever be imported: both export the same symbols.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from napi import _shim as shim

__all__ = ["is_strict", "shim", "use_strict"]

_NAME = {False: "napi._shim", True: "napi._shim_strict"}


def _loaded() -> bool | None:
    for strict, name in _NAME.items():
        if name in sys.modules:
            return strict
    return None


def _wanted() -> bool:
    return os.environ.get("NAPI_STRICT", "") not in ("", "0")


def use_strict() -> None:
    """Makes this process use the strict build.

    Raises:
        RuntimeError: The release build is in use already.
    """
    if _loaded() is False:
        raise RuntimeError(
            "the release build of napi is in use already: ask for the strict build "
            "before the first addon is loaded, or set NAPI_STRICT=1"
        )
    os.environ["NAPI_STRICT"] = "1"


def is_strict() -> bool:
    """Tells whether the strict build is, or will be, in use."""
    loaded = _loaded()
    return _wanted() if loaded is None else loaded


def __getattr__(name: str) -> Any:
    if name != "shim":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Imported at first use, so that use_strict() has its chance before.
    if is_strict():
        from napi import _shim_strict as chosen
    else:
        from napi import _shim as chosen
    globals()["shim"] = chosen
    return chosen
