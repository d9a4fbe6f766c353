"""JavaScript source text to a syntax tree (ECMA-262, chapters 12 to 16).

The one file that knows the parser, esprima-fork (ADR 0006): nodes are ESTree's, with
``_start`` and ``_end`` (offsets), ``_line`` and ``_column``. It reports the early
errors of the specification itself.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from napi.js.source import Source, wrap
from napi.js.syntax_message import message_of
from napi.runtime.error import SyntaxError

__all__ = ["deep", "parse", "place"]

_DEPTH = 12000


@functools.cache
def _parser() -> Any:
    try:
        import esprima  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError:
        esprima = None
    version = getattr(esprima, "__version__", ())
    if esprima is None or not isinstance(version, tuple) or version < (5,):
        if sys.version_info < (3, 11):
            raise ImportError(
                f"JavaScript needs Python 3.11 or newer, and this is {sys.version[:4]}"
            )
        raise ImportError(
            "JavaScript needs the parser esprima-fork 5 or newer: install napi[js]"
        )
    return esprima


def _syntax_error(error: Any, source: Source, filename: str) -> SyntaxError:
    line, column = error.lineNumber or 1, (error.column or 1) - 1
    if line == 1:
        column = max(column - source.prefix, 0)
    made = SyntaxError(message_of(error, source.text))
    lines = source.text.split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    if line == 1:
        text = text[source.prefix :]
    return place(made, filename, line, column, text)


def place(
    error: SyntaxError, filename: str, line: int, column: int, text: str = ""
) -> SyntaxError:
    """Tells a SyntaxError where it is, for Python's report and for JavaScript's.

    Args:
        error: The error.
        filename: Its file.
        line: Counted from 1.
        column: Counted from 0.
        text: The line of source.
    """
    error.filename, error.lineno, error.offset = filename, line, column + 1
    error.text, error.msg = text, error.message
    header = f"{filename}:{line}\n{text}\n{' ' * column}^\n\n" if text else ""
    error.__dict__["stack"] = f"{header}SyntaxError: {error.message}\n    at {filename}"
    return error


@contextmanager
def deep() -> Iterator[None]:
    """Functions of Python, which take no stack of C's, may call far more of theirs."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def parse(
    source: str, filename: str, kind: str, parameters: tuple[str, ...]
) -> tuple[Any, Source]:
    """Parses a text.

    Args:
        source: The text.
        filename: For errors.
        kind: ``script``, ``module``, ``commonjs`` or ``function``.
        parameters: The names of the parameters of a ``function``.

    Returns:
        The program and what was parsed.

    Raises:
        napi.SyntaxError: An early error, with its place.
    """
    wrapped = wrap(source, kind, parameters)
    esprima = _parser()
    goal = esprima.parseModule if kind == "module" else esprima.parseScript
    try:
        with deep():
            return goal(wrapped.text), wrapped
    except esprima.Error as error:
        raise _syntax_error(error, wrapped, filename) from None
