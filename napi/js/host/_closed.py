"""Modules for the network and for processes of Node's own, which are not here.

They can be loaded, since packages load what they then do not use; what they would
do says which member is missing.
"""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._kit import absent

__all__ = ["closed"]

_QUESTIONS = (
    "Resolver setServers resolve resolve4 resolve6 resolveAny resolveCaa resolveCname "
    "resolveMx resolveNaptr resolveNs resolvePtr resolveSoa resolveSrv resolveTlsa "
    "resolveTxt reverse"
)
# Module -> its functions and classes.
_MEMBERS = {
    "cluster": "fork setupPrimary disconnect Worker",
    "dgram": "createSocket Socket",
    "dns": _QUESTIONS,
    "dns/promises": _QUESTIONS,
    "http": "WebSocket CloseEvent MessageEvent setGlobalProxyFromEnv",
    "http2": "connect createServer createSecureServer",
    "https": "request get createServer Agent Server",
    "net": "BoundSocket",
    "repl": "start REPLServer",
    "tls": "connect createServer createSecureContext TLSSocket Server",
    "trace_events": "createTracing getEnabledCategories",
    "wasi": "WASI",
}


def closed(name: str) -> Any:
    """The exports of such a module."""
    made = shim.Object()
    absent(made, name, _MEMBERS[name])
    if name == "cluster":
        for key, value in (
            ("isPrimary", True),
            ("isMaster", True),
            ("isWorker", False),
        ):
            shim.set(made, key, value)
    return made
