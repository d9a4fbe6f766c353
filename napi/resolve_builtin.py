"""The names of the modules that Node itself has: ``node:fs``."""

from __future__ import annotations

from napi.resolve_package import ResolveError

__all__ = ["BUILTINS", "builtin", "unknown_builtin"]

#: The modules that Node itself has, by their names without ``node:``.
BUILTINS = frozenset(
    """
    assert assert/strict async_hooks buffer child_process cluster console constants
    crypto dgram diagnostics_channel dns dns/promises domain events fs fs/promises http
    http2 https inspector inspector/promises module net os path path/posix path/win32
    perf_hooks process punycode querystring readline readline/promises repl stream
    stream/consumers stream/promises stream/web string_decoder sys timers
    timers/promises tls trace_events tty url util util/types v8 vm wasi worker_threads
    zlib _http_agent _http_client _http_common _http_incoming _http_outgoing
    _http_server _stream_duplex _stream_passthrough _stream_readable _stream_transform
    _stream_wrap _stream_writable _tls_common _tls_wrap
    """.split()  # noqa: SIM905
)
#: Those that only have a name with ``node:``.
_WITH_SCHEME = frozenset("sea sqlite test test/reporters quic ffi".split())  # noqa: SIM905


def builtin(specifier: str) -> str | None:
    """The whole name of a module of Node itself, ``node:fs``; None for all others."""
    scheme, _, name = specifier.rpartition("node:")
    if scheme or not (name in BUILTINS or (specifier != name and name in _WITH_SCHEME)):
        return None
    return f"node:{name}"


def unknown_builtin(specifier: str) -> ResolveError:
    """What Node says of a name with ``node:`` that it does not have."""
    text = f"No such built-in module: {specifier}"
    return ResolveError("ERR_UNKNOWN_BUILTIN_MODULE", text)
