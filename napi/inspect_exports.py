"""Loads an addon and lists what it exports.

``python -m napi.inspect_exports FILE`` prints that as JSON: in a process of its own,
because an addon may do there what it likes.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

__all__ = ["describe", "main"]

_DEEPEST = 3
_WIDEST = 2000  # exports listed
_OF_CLASSES = frozenset(("constructor", "prototype", "length", "name"))


def _members(value: Any) -> list[str]:
    from napi._native import shim

    return [key for key in shim.own_keys(value) if isinstance(key, str)]


def _class(value: Any) -> str:
    from napi._native import shim

    static = [key for key in _members(value) if key not in _OF_CLASSES]
    prototype = shim.get(value, "prototype")
    methods = [key for key in _members(prototype) if key not in _OF_CLASSES]
    return ", ".join([*methods, *(f"static {key}" for key in static)])


def describe(exports: Any, prefix: str = "", depth: int = 0) -> Iterator[list[str]]:
    """Name, kind and detail of each export.

    Args:
        exports: What the addon exports.
        prefix: The names of the objects that it is in, with dots.
        depth: How many objects it is in.
    """
    from napi._native import shim

    kind = shim.typeof(exports)
    if kind not in ("object", "function") or exports is shim.null:
        yield [prefix or "(module)", kind, repr(exports)]
        return
    if kind == "function" and not prefix:
        yield ["(module)", "class" if isinstance(exports, type) else kind, ""]
    for key in _members(exports):
        if kind == "function" and key in _OF_CLASSES:
            continue
        yield from _one(exports, key, f"{prefix}.{key}" if prefix else key, depth)


def _one(exports: Any, key: str, name: str, depth: int) -> Iterator[list[str]]:
    from napi._native import shim

    found = shim.own_property(exports, key) or {}
    if "value" not in found:
        yield [name, "accessor", ""]
        return
    value = found["value"]
    kind = shim.typeof(value)
    if isinstance(value, type):
        yield [name, "class", _class(value)]
    elif kind == "function":
        length = shim.get(value, "length")
        # Node-API gives no function a length; JavaScript's own have one.
        told = isinstance(length, int) and length > 0
        yield [name, kind, f"{length} parameter{'s' * (length > 1)}" if told else ""]
    elif type(value) is shim.Object and depth < _DEEPEST and _members(value):
        yield from describe(value, name, depth + 1)
    else:
        text = repr(value)
        yield [name, kind, text if len(text) <= 60 else f"{text[:57]}..."]


def main() -> int:
    """Lists the exports of the file of ``sys.argv`` as JSON."""
    import itertools

    # What the addon prints must not be taken for the answer.
    answer = os.dup(1)
    os.dup2(2, 1)
    from napi import load

    try:
        exports = load(sys.argv[1]).__exports__
        found: Any = {"exports": list(itertools.islice(describe(exports), _WIDEST))}
    except Exception as error:
        found = {"error": str(error) or type(error).__name__}
    with os.fdopen(answer, "w", encoding="utf-8") as file:
        file.write(json.dumps(found))
    os._exit(0)  # teardown is of no interest, and threads may still run


if __name__ == "__main__":
    main()
