"""ECMAScript modules: linked, evaluated, imported (ECMA-262, chapter 16.2)."""

from __future__ import annotations

import re
from typing import Any

from napi.js.host._errors import node_error

__all__ = ["import_from", "looks_like_module", "require_module", "run_file"]

_MARK = re.compile(
    r"^\s*(?:import\b(?!\s*\()|export\b)|\bimport\.meta\b|^await\b", re.M
)


def looks_like_module(source: str, filename: str) -> bool:
    """Whether a text can only be an ECMAScript module.

    Args:
        source: The text.
        filename: What messages show.
    """
    from napi.js.code import load

    from napi.runtime.error import SyntaxError

    if _MARK.search(source) is None:
        return False
    try:
        load(source, filename, "commonjs", ())
    except SyntaxError:
        pass
    else:
        return False
    try:
        load(source, filename, "module", ())
    except SyntaxError:
        return False
    return True


def require_module(path: str, source: str) -> Any:
    """What ``require`` gives for an ECMAScript module: its namespace."""
    raise node_error("Error", "ERR_REQUIRE_ESM", f"require() of {path}: not yet")


def import_from(name: str, base: str) -> Any:
    """``import(name)`` of a file: a promise of the namespace."""
    raise node_error("Error", "ERR_REQUIRE_ESM", f"import of {name}: not yet")


def run_file(path: str) -> Any:
    """Runs a file as the program; a promise of its end."""
    raise node_error("Error", "ERR_REQUIRE_ESM", f"run of {path}: not yet")
