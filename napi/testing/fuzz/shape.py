"""What an addon exports, as data: functions, classes and their methods."""

from __future__ import annotations

from typing import Any

__all__ = ["describe", "title"]

_OF_FUNCTIONS = frozenset(
    ("arguments", "caller", "length", "name", "prototype", "constructor")
)
_DEPTH = 3
_MANY = 2000


def _keys(owner: Any) -> list[str]:
    from napi._native import shim

    return [
        key
        for key in shim.own_keys(owner)
        if isinstance(key, str) and key not in _OF_FUNCTIONS
    ]


def _members(owner: Any) -> tuple[list[str], list[str]]:
    """Names of methods, and of other properties."""
    from napi._native import shim

    methods: list[str] = []
    others: list[str] = []
    for key in _keys(owner):
        found = shim.own_property(owner, key) or {}
        (methods if callable(found.get("value")) else others).append(key)
    return methods, others


def _is_class(value: Any) -> bool:
    from napi._native import shim

    if isinstance(value, type):
        return True
    if not shim.has_own(value, "prototype"):
        return False
    prototype = shim.get(value, "prototype")
    return shim.typeof(prototype) == "object" and bool(_keys(prototype))


def _visit(
    value: Any, path: list[str], found: list[dict[str, Any]], seen: set[int]
) -> None:
    from napi._native import shim

    kind = shim.typeof(value)
    if kind not in ("object", "function") or value is shim.null:
        return
    if id(value) in seen or len(path) > _DEPTH or len(found) > _MANY:
        return
    seen.add(id(value))
    entry: dict[str, Any] = {"path": path, "kind": "object"}
    if kind == "function":
        entry["kind"] = "class" if _is_class(value) else "function"
        entry["length"] = _length(value)
    if entry["kind"] == "class":
        prototype = shim.get(value, "prototype")
        entry["methods"], entry["fields"] = _members(prototype)
    if kind == "function":
        found.append(entry)
    for key in _keys(value):
        held = shim.own_property(value, key) or {}
        if "value" in held:
            _visit(held["value"], [*path, key], found, seen)


def _length(value: Any) -> int:
    from napi._native import shim

    length = shim.get(value, "length")
    return length if isinstance(length, int) and 0 <= length < 20 else 0


def describe(exports: Any) -> list[dict[str, Any]]:
    """The functions and classes of an addon.

    Args:
        exports: What it exports.

    Returns:
        For each ``path``, ``kind`` (``function`` or ``class``), ``length``; for a
        class also ``methods`` and ``fields`` of its instances. Getters are not run.
    """
    found: list[dict[str, Any]] = []
    _visit(exports, [], found, set())
    return found


def title(entry: dict[str, Any]) -> str:
    """The name of an entry: ``xxh3.xxh64``."""
    return ".".join(entry["path"]) or "the module"
