"""``net.BlockList`` and ``net.SocketAddress``."""

from __future__ import annotations

import ipaddress
from typing import Any

from napi._native import shim
from napi.js.host._errors import (
    invalid_type,
    invalid_value,
    need_integer,
    need_object,
    need_text,
    node_error,
)
from napi.js.host._kit import is_object, klass, option
from napi.js.host._net_address import need_port
from napi.runtime.builtin import accessor, hidden

__all__ = ["add_classes"]

_STATE = shim.Symbol("kState")
_Address = Any


def _family(value: Any, name: str = "family") -> int:
    text = need_text("ipv4" if value is None else value, name).lower()
    if text not in ("ipv4", "ipv6"):
        raise invalid_value(name, value)
    return int(text[-1])


def _parsed(text: Any, version: int) -> _Address:
    try:
        found = ipaddress.ip_address(need_text(text, "address"))
    except ValueError:
        found = None
    if found is None or found.version != version:
        made = node_error("Error", "ERR_INVALID_ADDRESS", "Invalid address")
        raise made
    return found


def _address(value: Any, family: Any) -> _Address:
    if is_object(value) and shim.has(value, _STATE):
        return shim.get(value, _STATE)["address"]
    return _parsed(need_text(value, "address"), _family(family))


def _init_block(this: Any, *_: Any) -> None:
    hidden(this, _STATE, [])


def _rules(this: Any) -> list[tuple[str, _Address, _Address]]:
    found: list[tuple[str, _Address, _Address]] = shim.get(this, _STATE)
    return found


class _BlockList:
    def addAddress(this: Any, address: Any, family: Any = None) -> None:
        one = _address(address, family)
        text = f"Address: IPv{one.version} {one}"
        _rules(this).insert(0, (text, one, one))

    def addRange(this: Any, start: Any, end: Any, family: Any = None) -> None:
        first, last = _address(start, family), _address(end, family)
        if first.version != last.version or first > last:
            raise invalid_value("start", start, "must come before end")
        text = f"Range: IPv{first.version} {first}-{last}"
        _rules(this).insert(0, (text, first, last))

    def addSubnet(this: Any, network: Any, prefix: Any, family: Any = None) -> None:
        one = _address(network, family)
        size = need_integer(prefix, "prefix", 0, one.max_prefixlen)
        net = ipaddress.ip_network(
            (int(one), size)
            if one.version == 4
            else (int(one).to_bytes(16, "big"), size),
            strict=False,
        )
        text = f"Subnet: IPv{one.version} {one}/{size}"
        _rules(this).insert(0, (text, net[0], net[-1]))

    def check(this: Any, address: Any, family: Any = None) -> bool:
        one = _address(address, family)
        found = [one]
        if one.version == 6 and one.ipv4_mapped is not None:
            found.append(one.ipv4_mapped)
        return any(
            first.version == each.version and first <= each <= last
            for _, first, last in _rules(this)
            for each in found
        )


def _is_no_address(text: str) -> bool:
    return not text.startswith("Address")


def _init_address(this: Any, options: Any = None) -> None:
    given = shim.Object() if options is None else need_object(options, "options")
    version = _family(option(given, "family"), "options.family")
    text = option(given, "address", "::" if version == 6 else "127.0.0.1")
    label = need_integer(option(given, "flowlabel", 0), "options.flowlabel", 0)
    state = {
        "address": _parsed(text, version),
        "port": need_port(option(given, "port", 0), "options.port"),
        "family": f"ipv{version}",
        "flowlabel": label,
    }
    hidden(this, _STATE, state)


class _AddressStatics:
    @staticmethod
    def parse(input: Any) -> Any:
        from napi.js.host import load

        text = need_text(input, "input")
        head, colon, tail = text.rpartition(":")
        if colon and tail.isdigit() and (head.endswith("]") or "." in head):
            host, port = head.strip("[]"), int(tail)
        else:
            host, port = text.strip("[]"), 0
        try:
            one = ipaddress.ip_address(host)
        except ValueError:
            return None
        given = shim.Object(address=str(one), port=port, family=f"ipv{one.version}")
        return shim.construct(shim.get(load("net"), "SocketAddress"), given)


def _is_block_list(value: Any = None) -> bool:
    return is_object(value) and isinstance(shim.get(value, _STATE), list)


def add_classes(made: Any) -> None:
    """Adds both classes to the exports of ``net``."""

    class Statics:
        @staticmethod
        def isBlockList(value: Any) -> bool:
            return _is_block_list(value)

    block = klass("BlockList", _init_block, _BlockList, static=Statics)
    accessor(
        shim.get(block, "prototype"),
        "rules",
        lambda this: shim.Array(
            sorted([text for text, _, _ in _rules(this)], key=_is_no_address)
        ),
    )
    address = klass("SocketAddress", _init_address, static=_AddressStatics)
    for name in ("address", "port", "family", "flowlabel"):

        def get(this: Any, name: str = name) -> Any:
            found = shim.get(this, _STATE)
            if not isinstance(found, dict):
                raise invalid_type("this", "SocketAddress", this)
            value = found[name]
            return str(value) if name == "address" else value

        accessor(shim.get(address, "prototype"), name, get)
    shim.set(made, "BlockList", block)
    shim.set(made, "SocketAddress", address)
