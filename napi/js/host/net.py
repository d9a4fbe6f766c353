"""``net``: what addresses are; sockets there are none."""

from __future__ import annotations

import ipaddress
from typing import Any

from napi._native import shim
from napi.js.host._closed import closed
from napi.js.host._kit import exports_of

__all__ = ["exports"]


def _version(value: Any) -> int:
    text = shim.to_string(value)
    try:
        return ipaddress.ip_address(text).version
    except ValueError:
        return 0


class _Module:
    @staticmethod
    def isIP(input: Any) -> int:
        return _version(input)

    @staticmethod
    def isIPv4(input: Any) -> bool:
        return _version(input) == 4

    @staticmethod
    def isIPv6(input: Any) -> bool:
        return _version(input) == 6

    @staticmethod
    def getDefaultAutoSelectFamily() -> bool:
        return True

    @staticmethod
    def getDefaultAutoSelectFamilyAttemptTimeout() -> Any:
        return _settings["timeout"]

    @staticmethod
    def setDefaultAutoSelectFamilyAttemptTimeout(value: Any) -> None:
        _settings["timeout"] = value


# Connections there are none; programs set how long the first try may take.
_settings: dict[str, Any] = {"timeout": 500}


def exports() -> Any:
    """The module."""
    return exports_of(_Module, closed("net"))
