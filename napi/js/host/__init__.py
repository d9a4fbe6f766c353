"""Node's own modules: ``require("fs")`` and the like, one file each.

A module is ``napi/js/host/<name>.py`` with ``exports()``, which makes what
``require`` gives; it is called once in each realm, when the module is first asked
for. ``fs/promises`` is ``fs_promises.py``.

Source: the chapters of Node's manual that have the modules' names.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from napi.runtime.realm import kept

__all__ = ["MODULES", "is_host_module", "load"]

#: Every module there is, under the name that ``require`` takes.
MODULES: tuple[str, ...] = (
    "assert",
    "assert/strict",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "dns/promises",
    "domain",
    "events",
    "fs",
    "fs/promises",
    "http",
    "http2",
    "https",
    "inspector",
    "inspector/promises",
    "module",
    "net",
    "os",
    "path",
    "path/posix",
    "path/win32",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "readline/promises",
    "repl",
    "stream",
    "stream/consumers",
    "stream/promises",
    "stream/web",
    "string_decoder",
    "sys",
    "timers",
    "timers/promises",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "util/types",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
)
# Names that are found only with the prefix: node:test.
_PREFIXED = ("test", "test/reporters", "sea", "sqlite")
_ALIASES = {"sys": "util"}


def is_host_module(name: str) -> bool:
    """Whether a name is one of Node's own modules, with or without ``node:``."""
    if name.startswith("node:"):
        return name[5:] in MODULES or name[5:] in _PREFIXED
    return name in MODULES


def load(name: str) -> Any:
    """What ``require`` gives for one of Node's own modules.

    Args:
        name: ``fs``, ``node:fs/promises`` ...

    Returns:
        The exports; always the same object.

    Raises:
        napi.Error: There is no such module (``ERR_UNKNOWN_BUILTIN_MODULE``), or it
            is one that this host does not have.
    """
    from napi.js.host._errors import missing_module, node_error

    if not is_host_module(name):
        text = f"No such built-in module: {name}"
        raise node_error("Error", "ERR_UNKNOWN_BUILTIN_MODULE", text)
    plain = name.removeprefix("node:")
    plain = _ALIASES.get(plain, plain)
    loaded = kept("host", dict)
    found = loaded.get(plain)
    if found is None:
        file = plain.replace("/", "_")
        try:
            module = import_module(f"napi.js.host.{file}")
        except ModuleNotFoundError as error:
            if error.name != f"napi.js.host.{file}":
                raise
            raise missing_module(plain) from None
        loaded[plain] = None  # a module that asks for itself sees that it is not made
        found = loaded[plain] = module.exports()
    return found
