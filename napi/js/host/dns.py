"""``dns``: what the system's resolver finds; questions to servers are not asked."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._closed import closed
from napi.js.host._errors import (
    invalid_type,
    invalid_value,
    need_boolean,
    need_function,
    need_text,
    node_error,
)
from napi.js.host._kit import exports_of, is_object, make, option, work
from napi.js.host._net_address import need_port, version_of
from napi.runtime.error import Error

__all__ = ["CODES", "CONSTANTS", "exports", "find", "lookup_error"]

CONSTANTS = {
    "ADDRCONFIG": int(socket.AI_ADDRCONFIG),
    "ALL": int(socket.AI_ALL),
    "V4MAPPED": int(socket.AI_V4MAPPED),
}
_CODES = (
    "NODATA FORMERR SERVFAIL NOTFOUND NOTIMP REFUSED BADQUERY BADNAME BADFAMILY "
    "BADRESP CONNREFUSED TIMEOUT EOF FILE NOMEM DESTRUCTION BADSTR BADFLAGS NONAME "
    "BADHINTS NOTINITIALIZED LOADIPHLPAPI ADDRGETNETWORKPARAMS CANCELLED"
)
CODES = {name: f"E{name}" for name in _CODES.split()}
_ORDERS = "'verbatim', 'ipv4first', 'ipv6first'"
_settings = {"order": "verbatim"}
_FAMILIES = {0: 0, 4: socket.AF_INET, 6: socket.AF_INET6, "IPv4": 2, "IPv6": 10}
# What libuv calls the answers of getaddrinfo.
_ANSWERS = {
    socket.EAI_AGAIN: ("EAI_AGAIN", -3001),
    socket.EAI_BADFLAGS: ("EAI_BADFLAGS", -3002),
    socket.EAI_FAIL: ("EAI_FAIL", -3004),
    socket.EAI_FAMILY: ("EAI_FAMILY", -3005),
    socket.EAI_MEMORY: ("EAI_MEMORY", -3006),
    socket.EAI_NODATA: ("ENOTFOUND", -3007),
    socket.EAI_NONAME: ("ENOTFOUND", -3008),
    socket.EAI_SERVICE: ("EAI_SERVICE", -3010),
    socket.EAI_SOCKTYPE: ("EAI_SOCKTYPE", -3011),
}


def lookup_error(error: BaseException, syscall: str, name: str) -> Any:
    """An error of the resolver: ``getaddrinfo ENOTFOUND a.host``."""
    number = error.errno if isinstance(error, OSError) else None
    code, negative = _ANSWERS.get(number or 0, ("ENOTFOUND", -3008))
    made = Error(f"{syscall} {code} {name}")
    shim.set(made, "errno", negative)
    shim.set(made, "code", code)
    shim.set(made, "syscall", syscall)
    shim.set(made, "hostname", name)
    return made


def _resolve(name: str, family: int, hints: int) -> list[tuple[str, int]]:
    found = socket.getaddrinfo(
        name, None, family, socket.SOCK_STREAM, socket.IPPROTO_TCP, hints
    )
    pairs = [(one[4][0], 6 if one[0] == socket.AF_INET6 else 4) for one in found]
    return [(str(address), version) for address, version in dict.fromkeys(pairs)]


def find(
    name: str,
    family: int,
    hints: int,
    order: str,
    done: Callable[[Any, list[tuple[str, int]]], Any],
) -> None:
    """Looks up the addresses of a host.

    Args:
        name: The host, or an address.
        family: 0, ``AF_INET`` or ``AF_INET6``.
        hints: For getaddrinfo.
        order: ``verbatim``, ``ipv4first``, ``ipv6first``.
        done: Called in a later turn: an error or None, addresses with 4 or 6.
    """

    def finish(error: Any, found: Any) -> None:
        if error is not None:
            done(lookup_error(error, "getaddrinfo", name), [])
            return
        if order != "verbatim":
            first = 4 if order == "ipv4first" else 6
            found.sort(key=lambda one: one[1] != first)
        done(None, found)

    work(lambda: _resolve(name, family, hints), finish)


def _options_of(options: Any) -> tuple[int, int, bool, str]:
    family: Any = 0
    hints, every, order = 0, False, _settings["order"]
    if shim.typeof(options) == "number":
        family = options
    elif options is not None and not is_object(options):
        raise invalid_type("options", ["integer", "object"], options)
    else:
        family = option(options, "family", 0)
        hints = int(option(options, "hints", 0) or 0)
        if hints & ~sum(CONSTANTS.values()):
            raise invalid_value("hints", hints)
        if option(options, "all") is not None:
            every = need_boolean(option(options, "all"), "options.all")
        verbatim = option(options, "verbatim")
        if verbatim is not None:
            need_boolean(verbatim, "options.verbatim")
            order = "verbatim" if verbatim else "ipv4first"
        order = option(options, "order", order)
        if order not in ("verbatim", "ipv4first", "ipv6first"):
            raise _one_of("options.order", order, _ORDERS)
    key = family if isinstance(family, str) else family or 0
    if key not in _FAMILIES:
        name = "options.family" if is_object(options) else "family"
        raise _one_of(name, family, "0, 4, 6")
    return int(_FAMILIES[key]), hints, every, order


def _one_of(name: str, value: Any, words: str) -> Any:
    return invalid_value(name, value, f"must be one of: {words}")


def lookup(hostname: Any, options: Any, callback: Callable[..., Any]) -> Any:
    """``dns.lookup``: checks the arguments at once, answers in a later turn.

    Args:
        hostname: A name or an address.
        options: A family, or an object.
        callback: Called with an error or null, and the result.
    """
    if not shim.to_boolean(hostname):
        raise invalid_value("hostname", hostname, "must be a non-empty string")
    need_text(hostname, "hostname")
    family, hints, every, order = _options_of(options)
    name, version = str(hostname), version_of(hostname)

    def done(error: Any, found: list[tuple[str, int]]) -> None:
        if error is not None:
            callback(error)
        elif every:
            made = [make(address=one, family=number) for one, number in found]
            callback(shim.null, shim.Array(made))
        else:
            callback(shim.null, *found[0])

    if version:
        shim.queue_tick(lambda: done(None, [(name, version)]))
    else:
        find(name, family, hints, order, done)
    return make(hostname=name, family={0: 0, 2: 4}.get(family, 6))


def lookup_service(address: Any, port: Any, callback: Callable[..., Any]) -> None:
    """``dns.lookupService``: host and service of an address and a port."""
    if not version_of(address):
        raise invalid_value("address", address)
    number, text = need_port(port), str(address)

    def done(error: Any, found: Any) -> None:
        if error is not None:
            callback(lookup_error(error, "getnameinfo", text))
        else:
            callback(shim.null, *found)

    work(lambda: socket.getnameinfo((text, number), 0), done)


def servers() -> list[str]:
    """The name servers of the system."""
    from pathlib import Path

    try:
        lines = Path("/etc/resolv.conf").read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    words = [line.split() for line in lines]
    return [one[1] for one in words if one[:1] == ["nameserver"] and len(one) > 1]


class _Module:
    @staticmethod
    def lookup(hostname: Any, options: Any, callback: Any = None) -> Any:
        if callable(options) and callback is None:
            options, callback = None, options
        need_function(callback, "callback")
        return lookup(
            hostname, options, lambda *answer: shim.call(callback, None, *answer)
        )

    @staticmethod
    def lookupService(address: Any, port: Any, callback: Any = None) -> None:
        if callback is None:
            text = 'The "address", "port", and "callback" arguments must be specified'
            raise node_error("TypeError", "ERR_MISSING_ARGS", text)
        need_function(callback, "callback")
        lookup_service(
            address, port, lambda *answer: shim.call(callback, None, *answer)
        )


class Shared:
    """What ``dns`` and ``dns/promises`` have both."""

    @staticmethod
    def getServers() -> Any:
        return shim.Array(servers())

    @staticmethod
    def getDefaultResultOrder() -> str:
        return _settings["order"]

    @staticmethod
    def setDefaultResultOrder(order: Any) -> None:
        if order not in ("verbatim", "ipv4first", "ipv6first"):
            raise _one_of("dnsOrder", order, _ORDERS)
        _settings["order"] = order


def exports() -> Any:
    """The module."""
    from napi.js.host._kit import lazy

    made = closed("dns")
    exports_of(_Module, made)
    exports_of(Shared, made)
    for name, value in {**CONSTANTS, **CODES}.items():
        shim.set(made, name, value)
    lazy(made, "promises", _promises)
    return made


def _promises() -> Any:
    from napi.js.host import load

    return load("dns/promises")
