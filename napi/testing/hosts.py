"""Another host than this one, for the tests of an addon.

An addon is built once and meets many hosts: older Nodes, Electron, one whose garbage
collector is lazy. Each is a few lines here. All of this needs the strict build.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from napi.testing.fault import _ledger, no_external_buffers, watch

__all__ = ["NODE_API", "api_of_node", "host"]

#: Since which Node a version of Node-API is there, by line of releases.
#: Source: "Node-API version matrix" of the manual.
NODE_API = {
    1: ((8, 6, 0),),
    2: ((8, 10, 0), (9, 3, 0)),
    3: ((6, 14, 2), (8, 11, 2), (9, 11, 0)),
    4: ((10, 16, 0), (11, 8, 0)),
    5: ((10, 17, 0), (12, 11, 0)),
    6: ((10, 20, 0), (12, 17, 0), (14, 0, 0)),
    7: ((10, 23, 0), (12, 19, 0), (14, 12, 0), (15, 0, 0)),
    8: ((12, 22, 0), (14, 17, 0), (15, 12, 0), (16, 0, 0)),
    9: ((18, 17, 0), (20, 3, 0), (21, 0, 0)),
    10: ((22, 14, 0), (23, 6, 0)),
}
#: ``process.versions.modules`` by major version of Node.
#: Source: "abi_version_registry.json" of Node's documentation.
MODULES = {
    6: 48,
    8: 57,
    9: 59,
    10: 64,
    11: 67,
    12: 72,
    13: 79,
    14: 83,
    15: 88,
    16: 93,
    17: 102,
    18: 108,
    19: 111,
    20: 115,
    21: 120,
    22: 127,
    23: 131,
    24: 137,
    25: 141,
}
_FINALIZERS = {"usual": 0, "late": 1, "eager": 2}


def _parse(version: str) -> tuple[int, int, int]:
    match = re.fullmatch(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?", version)
    if match is None:
        raise ValueError(f"{version!r} is no version of Node, such as 18.19.0")
    major, minor, patch = (int(part or 0) for part in match.groups())
    return major, minor, patch


def api_of_node(version: str) -> int:
    """The newest Node-API version that a version of Node has.

    Args:
        version: Such as ``18.19.0``, ``v20`` or ``16.4``.

    Raises:
        ValueError: It is no version, or of a Node without Node-API.
    """
    node = _parse(version)
    for api, lines in sorted(NODE_API.items(), reverse=True):
        same = [line for line in lines if line[0] == node[0]]
        if (same and node >= same[0]) or (not same and node > max(lines)):
            return api
    raise ValueError(f"Node {version} has no Node-API")


@contextmanager
def host(
    *,
    node: str | None = None,
    api: int | None = None,
    external_buffers: bool = True,
    finalizers: str = "usual",
    uncaught_policy: bool = True,
) -> Iterator[None]:
    """Pretends to be another host while the block runs.

    Addons that are loaded meanwhile meet it as they would there: one whose declared
    version is newer is refused, and so is one that calls a function that came later.

    Args:
        node: A version of Node, which ``napi_get_node_version``, ``process.version``
            and ``process.versions`` tell; ``api`` is then what that Node has.
        api: The newest Node-API version, 1 to 10.
        external_buffers: False: they are refused, as by Electron.
        finalizers: ``late``: not before this block ends or the environment is torn
            down, as with a collector that is in no hurry; ``eager``: garbage is
            collected after each outermost call.
        uncaught_policy: False: exceptions in callbacks of threadsafe functions of
            modules older than version 10 are warned of and dropped, as in a Node
            without ``--force-node-api-uncaught-exceptions-policy``.

    Raises:
        RuntimeError: The strict build is not in use.
        ValueError: There is no such version, or no such word for ``finalizers``.

    Example:
        ``with napi.testing.host(node="16.4.0"): napi.load(path, fresh=True)``
    """
    shim = watch("napi.testing.host")
    if finalizers not in _FINALIZERS:
        raise ValueError(f"finalizers are one of {', '.join(_FINALIZERS)}")
    version = None if node is None else _parse(node)
    if api is None and node is not None:
        api = api_of_node(node)
    if api is not None and api not in NODE_API:
        raise ValueError(f"there is no Node-API version {api}")
    with ExitStack() as stack:
        if not external_buffers:
            stack.enter_context(no_external_buffers())
        if api is not None:
            stack.enter_context(_functions_until(api))
        if not uncaught_policy:
            shim.set_callback_warning(_warn)
            stack.callback(shim.set_callback_warning, None)
        stack.enter_context(_process_of(version, api))
        shim.watch_host(api or 0, version, _FINALIZERS[finalizers])
        try:
            yield
        finally:
            shim.watch_host(0, None, 0)
            if finalizers == "late":
                shim.drain()


@contextmanager
def _process_of(node: tuple[int, int, int] | None, api: int | None) -> Iterator[None]:
    """JavaScript's ``process`` tells the same versions as the functions do."""
    if node is None and api is None:
        yield
        return
    from napi._native import shim

    process = shim.get(shim.get_global(), "process")
    versions = shim.get(process, "versions")
    told: list[tuple[object, str, str]] = []
    if node is not None:
        text = ".".join(map(str, node))
        told = [(process, "version", f"v{text}"), (versions, "node", text)]
        if node[0] in MODULES:
            told.append((versions, "modules", str(MODULES[node[0]])))
    if api is not None:
        variables = shim.get(shim.get(process, "config"), "variables")
        told.append((versions, "napi", str(api)))
        told.append((variables, "napi_build_version", str(api)))
    before = [(owner, name, shim.get(owner, name)) for owner, name, _ in told]
    try:
        for owner, name, value in told:
            shim.set(owner, name, value)
        yield
    finally:
        for owner, name, value in before:
            shim.set(owner, name, value)


def _warn() -> None:
    warnings.warn(
        "an exception of a callback of a threadsafe function was dropped; this host "
        "has no --force-node-api-uncaught-exceptions-policy",
        RuntimeWarning,
        stacklevel=2,
    )


@contextmanager
def _functions_until(api: int) -> Iterator[None]:
    """The loader knows the functions of that version, and no others."""
    from napi import loader

    usual = loader._known
    old = frozenset(
        row["name"]
        for row in _ledger()
        if row["since"].isdigit() and int(row["since"]) <= api
    )
    loader._known = lambda: old  # type: ignore[assignment]
    try:
        yield
    finally:
        loader._known = usual
