"""Compiled code, and the namespace that it runs in."""

from __future__ import annotations

import types
from typing import Any

from napi._native import shim

__all__ = ["Code", "load", "source_of", "text_of"]

_sources: dict[str, tuple[str, int]] = {}
_LIMIT = 512


class Code:
    """A compiled text.

    Args:
        code: Defines ``main``.
        filename: Its name.
        kind: What was compiled.
    """

    def __init__(self, code: types.CodeType, filename: str, kind: str) -> None:
        self.code = code
        self.filename = filename
        self.kind = kind

    def run(self, *arguments: Any) -> Any:
        """Runs it: a script's value, or the function that the text is the body of.

        Args:
            *arguments: The values of an evaluation's names.
        """
        from napi.js.runtime import namespace

        scope = dict(namespace())
        exec(self.code, scope)
        main = scope.pop("main")
        info = ("main", 0, 0, len(arguments), 0, 0)
        return shim.js_function(main, info)(*arguments)


def source_of(filename: str) -> tuple[str, int]:
    """The text of a file as it was parsed, and the length of what was put before it.

    Args:
        filename: The name it was compiled under.
    """
    return _sources.get(filename, ("", 0))


def text_of(function: Any) -> str | None:
    """The source of a function or class (ECMA-262 20.2.3.5).

    Args:
        function: Any callable.

    Returns:
        The text; ``None`` for what was not compiled from JavaScript.
    """
    constructor = vars(function).get("__js_constructor__") if isinstance(
        function, type
    ) else None
    info = shim.js_info(function if constructor is None else constructor)
    if info is None or len(info[1]) < 7:
        return None
    text, _ = source_of(info[1][6])
    start, end = info[1][4:6]
    return text[start:end] or None


def _remember(filename: str, text: str, prefix: int, source: str) -> None:
    import linecache

    if len(_sources) > _LIMIT:
        for old in list(_sources)[: _LIMIT // 2]:
            del _sources[old]
    _sources[filename] = (text, prefix)
    if filename.startswith("<"):
        lines = source.splitlines(keepends=True)
        linecache.cache[filename] = (len(source), None, lines, filename)


def load(source: str, filename: str, kind: str, parameters: tuple[str, ...]) -> Code:
    """Compiles a text, or takes it from the cache.

    Args:
        source: The text.
        filename: Its name.
        kind: ``script``, ``module``, ``commonjs``, ``function`` or ``eval``.
        parameters: Of a ``function`` or an ``eval``.
    """
    from napi.js.compiler import compile_source

    code, text, prefix = compile_source(source, filename, kind, parameters)
    _remember(filename, text, prefix, source)
    return Code(code, filename, kind)
