"""``navigator`` and its class (HTML, chapter 8.10.1)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._web_kit import bare, interface, need
from napi.runtime.builtin import getter

__all__ = ["Navigator", "make_navigator"]


class _State:
    js: Any = None


class _Navigator:
    @getter
    def hardwareConcurrency(this: Any) -> Any:
        from napi.js.host.os import _Module

        need(this, Navigator)
        return _Module.availableParallelism()

    @getter
    def language(this: Any) -> str:
        need(this, Navigator)
        return "en-US"

    @getter
    def languages(this: Any) -> Any:
        need(this, Navigator)
        made = shim.Array(["en-US"])
        shim.freeze(made)
        return made

    @getter
    def userAgent(this: Any) -> str:
        from napi.runtime.process_info import version_text

        need(this, Navigator)
        return f"Node.js/{version_text()[1:].partition('.')[0]}"

    @getter
    def platform(this: Any) -> str:
        need(this, Navigator)
        return "linux"


Navigator: Any = interface("Navigator", _Navigator)


def make_navigator() -> Any:
    """The object."""
    return bare(Navigator, _State())
