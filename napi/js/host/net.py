"""``net``: sockets and servers, over TCP and over paths."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._closed import closed
from napi.js.host._kit import exports_of, option
from napi.js.host._net_address import version_of
from napi.js.host._net_connect import normalized
from napi.js.host._net_server import server_class
from napi.js.host._net_socket import socket_class
from napi.js.host._stream_base import call_method

__all__ = ["exports"]


def _connect(*arguments: Any) -> Any:
    options, callback = normalized(arguments)
    made = shim.construct(socket_class(), options)
    timeout = option(options, "timeout")
    if timeout:
        call_method(made, "setTimeout", timeout)
    return call_method(made, "connect", options, callback)


class _Module:
    @staticmethod
    def connect(*arguments: Any) -> Any:
        return _connect(*arguments)

    @staticmethod
    def createConnection(*arguments: Any) -> Any:
        return _connect(*arguments)

    @staticmethod
    def createServer(options: Any = None, connectionListener: Any = None) -> Any:
        return shim.construct(server_class(), options, connectionListener)

    @staticmethod
    def isIP(input: Any) -> int:
        return version_of(input)

    @staticmethod
    def isIPv4(input: Any) -> bool:
        return version_of(input) == 4

    @staticmethod
    def isIPv6(input: Any) -> bool:
        return version_of(input) == 6

    @staticmethod
    def _normalizeArgs(args: Any) -> Any:
        return shim.Array(normalized(tuple(args)))

    @staticmethod
    def getDefaultAutoSelectFamily() -> Any:
        return _settings["family"]

    @staticmethod
    def setDefaultAutoSelectFamily(value: Any) -> None:
        from napi.js.host._errors import need_boolean

        _settings["family"] = need_boolean(value, "value")

    @staticmethod
    def getDefaultAutoSelectFamilyAttemptTimeout() -> Any:
        return _settings["timeout"]

    @staticmethod
    def setDefaultAutoSelectFamilyAttemptTimeout(value: Any) -> None:
        from napi.js.host._errors import need_integer

        _settings["timeout"] = max(need_integer(value, "value", 1, 2**31 - 1), 10)


# All addresses are tried in their order; programs set how long the first may take.
_settings: dict[str, Any] = {"family": True, "timeout": 500}


def exports() -> Any:
    """The module."""
    from napi.js.host._net_block import add_classes

    made = exports_of(_Module, closed("net"))
    shim.set(made, "Server", server_class())
    shim.set(made, "Socket", socket_class())
    shim.set(made, "Stream", socket_class())
    add_classes(made)
    return made
