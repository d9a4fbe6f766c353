"""Addresses and ports of ``net``: what they may be, and the errors that name them."""

from __future__ import annotations

import errno as _errno
import ipaddress
import socket
from typing import Any

from napi._native import shim
from napi.js.host._errors import described, errno_words, node_error
from napi.js.host._kit import make
from napi.runtime.error import Error

__all__ = [
    "address_of",
    "bad_port",
    "connect_error",
    "family_name",
    "need_port",
    "plain_error",
    "version_of",
]


def version_of(value: Any) -> int:
    """4, 6, or 0: the value is no address."""
    text = shim.to_string(value)
    try:
        return ipaddress.ip_address(text).version
    except ValueError:
        return 0


def family_name(family: int) -> str:
    """``IPv4`` or ``IPv6``."""
    return "IPv6" if family == socket.AF_INET6 else "IPv4"


def bad_port(name: str, value: Any) -> Any:
    """``ERR_SOCKET_BAD_PORT``."""
    text = f"{name} should be >= 0 and < 65536.{described(value)}."
    return node_error("RangeError", "ERR_SOCKET_BAD_PORT", text)


def need_port(value: Any, name: str = "Port") -> int:
    """The value, a port.

    Raises:
        napi.RangeError: It is none (``ERR_SOCKET_BAD_PORT``).
    """
    kind = shim.typeof(value)
    blank = kind == "string" and not str(value).strip()
    if kind not in ("number", "string") or blank:
        raise bad_port(name, value)
    number = shim.to_number(value)
    if number != number or number != int(number) or not 0 <= number <= 65535:
        raise bad_port(name, value)
    return int(number)


def plain_error(number: int, syscall: str) -> Any:
    """``read ECONNRESET``: an error of a socket."""
    code, _ = errno_words(number)
    made = Error(f"{syscall} {code}")
    about = {"errno": -number, "code": code, "syscall": syscall}
    first = "code" if syscall == "listen" else "errno"
    for key in sorted(about, key=lambda key: key != first):
        shim.set(made, key, about[key])
    return made


def connect_error(number: int, syscall: str, address: str, port: int | None) -> Any:
    """``connect ECONNREFUSED 127.0.0.1:1``, or ``listen EADDRINUSE: ... :::80``.

    Args:
        number: The error number, positive.
        syscall: What was called.
        address: For which address, or path.
        port: And port; None: it is a path.
    """
    made = plain_error(number, syscall)
    code, words = errno_words(number)
    place = address if port is None else f"{address}:{port}"
    text = f"{syscall} {code}"
    if syscall == "listen":
        text += f": {words}"
    shim.set(made, "message", f"{text} {place}")
    shim.set(made, "address", address)
    if port is not None:
        shim.set(made, "port", port)
    return made


def not_connected(error: OSError) -> bool:
    """Whether nobody is at the other end any more."""
    return error.errno in (_errno.ENOTCONN, _errno.EBADF)


def address_of(sock: socket.socket | None, remote: bool = False) -> dict[str, Any]:
    """Address, family and port of one end; empty where there is none."""
    if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return {}
    try:
        place = sock.getpeername() if remote else sock.getsockname()
    except OSError:
        return {}
    return {"address": place[0], "family": family_name(sock.family), "port": place[1]}


def address_object(sock: socket.socket | None) -> Any:
    """What ``address()`` gives."""
    found = address_of(sock)
    return make(**found)
