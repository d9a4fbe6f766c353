"""``http``: clients and servers of HTTP/1.1 over ``net``."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._closed import closed
from napi.js.host._http_agent import agent_class, global_agent
from napi.js.host._http_client import client_class
from napi.js.host._http_incoming import incoming_class
from napi.js.host._http_outgoing import check_name, check_value, outgoing_class
from napi.js.host._http_server import STATUS_CODES, response_class, server_class
from napi.js.host._kit import exports_of
from napi.js.host._stream_base import call_method

__all__ = ["exports"]

_METHODS = (
    "ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK M-SEARCH MERGE "
    "MKACTIVITY MKCALENDAR MKCOL MOVE NOTIFY OPTIONS PATCH POST PROPFIND PROPPATCH "
    "PURGE PUT QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK "
    "UNSUBSCRIBE"
)


class _Module:
    @staticmethod
    def createServer(opts: Any = None, requestListener: Any = None) -> Any:
        return shim.construct(server_class(), opts, requestListener)

    @staticmethod
    def request(url: Any, options: Any = None, cb: Any = None) -> Any:
        return shim.construct(client_class(), url, options, cb)

    @staticmethod
    def get(url: Any, options: Any = None, cb: Any = None) -> Any:
        made = shim.construct(client_class(), url, options, cb)
        call_method(made, "end")
        return made

    @staticmethod
    def validateHeaderName(name: Any, label: Any = None) -> None:
        check_name(name, label or "Header name")

    @staticmethod
    def validateHeaderValue(name: Any, value: Any) -> None:
        check_value(name, value)

    @staticmethod
    def setMaxIdleHTTPParsers(max: Any) -> None:
        return None


def exports() -> Any:
    """The module."""
    made = exports_of(_Module, closed("http"))
    shim.set(made, "METHODS", shim.Array(_METHODS.split()))
    codes = shim.Object()
    for code in sorted(STATUS_CODES):
        shim.set(codes, str(code), STATUS_CODES[code])
    shim.set(made, "STATUS_CODES", codes)
    for name, one in (
        ("Agent", agent_class()),
        ("ClientRequest", client_class()),
        ("IncomingMessage", incoming_class()),
        ("OutgoingMessage", outgoing_class()),
        ("Server", server_class()),
        ("ServerResponse", response_class()),
        ("globalAgent", global_agent()),
        ("maxHeaderSize", 16384),
    ):
        shim.set(made, name, one)
    return made
