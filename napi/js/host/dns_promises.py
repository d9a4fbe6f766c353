"""``dns/promises``."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host import dns
from napi.js.host._closed import closed
from napi.js.host._kit import exports_of, make, option

__all__ = ["exports"]


class _Module:
    @staticmethod
    def lookup(hostname: Any, options: Any = None) -> Any:
        made = shim.Promise()

        def done(error: Any, value: Any = None, family: Any = None) -> None:
            if error is not shim.null:
                made._reject(error)
            elif option(options, "all") is True:
                made._resolve(value)
            else:
                made._resolve(make(address=value, family=family))

        dns.lookup(hostname, options, done)
        return made

    @staticmethod
    def lookupService(address: Any, port: Any) -> Any:
        made = shim.Promise()

        def done(error: Any, host: Any = None, service: Any = None) -> None:
            if error is not shim.null:
                made._reject(error)
            else:
                made._resolve(make(hostname=host, service=service))

        dns.lookup_service(address, port, done)
        return made


def exports() -> Any:
    """The module."""
    made = closed("dns/promises")
    exports_of(_Module, made)
    exports_of(dns.Shared, made)
    for name, value in dns.CODES.items():
        shim.set(made, name, value)
    return made
