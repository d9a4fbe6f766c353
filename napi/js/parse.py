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

from napi.js.parse_message import marked, message_of, place_of
from napi.js.source import Source, wrap
from napi.js.tree import STATEMENTS
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
    index = place_of(error, source.text)
    message = message_of(error, source.text, index)
    index, size = marked(message, source.text, index)
    line = source.text.count("\n", 0, index) + 1
    column = index - (source.text.rfind("\n", 0, index) + 1)
    if line == 1:
        column = max(column - source.prefix, 0)
    made = SyntaxError(message)
    lines = source.text.split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    if line == 1:
        text = text[source.prefix :]
    return place(made, filename, line, column, text, size)


def place(
    error: SyntaxError,
    filename: str,
    line: int,
    column: int,
    text: str = "",
    size: int = 1,
) -> SyntaxError:
    """Tells a SyntaxError where it is, for Python's report and for JavaScript's.

    Args:
        error: The error.
        filename: Its file.
        line: Counted from 1.
        column: Counted from 0.
        text: The line of source.
        size: How many characters are meant.
    """
    error.filename, error.lineno, error.offset = filename, line, column + 1
    error.end_offset = column + 1 + size
    error.text, error.msg = text, error.message
    header = (
        f"{filename}:{line}\n{text}\n{' ' * column}{'^' * size}\n\n" if text else ""
    )
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
            program = goal(wrapped.text)
    except esprima.Error as error:
        if kind in (
            "commonjs",
            "function",
        ):  # the function around it is not the program's
            _check(esprima, wrap(source, "script", ()), filename)
        raise _syntax_error(error, wrapped, filename) from None
    if wrapped.is_method:
        _unwrap(program, wrapped, filename)
    return program, wrapped


def _check(esprima: Any, source: Source, filename: str) -> None:
    """Finds the error of a file in the text alone."""
    try:
        with deep():
            esprima.parseScript(source.text)
    except esprima.Error as error:
        if not any(word in str(error) for word in ("return", "Unexpected identifier")):
            raise _syntax_error(error, source, filename) from None


def _unwrap(program: Any, wrapped: Source, filename: str) -> None:
    """Makes of the method around an eval's text a program again."""
    made = program.body[0].expression
    method = made if len(program.body) == 1 else None
    if method is not None and made.type == "ObjectExpression":
        method = made.properties[0].value if len(made.properties) == 1 else None
    found = None if method is None else _return_in(method.body.body)
    if method is None or found is not None:
        at = program if found is None else found
        text = "Unexpected token '}'" if found is None else "Illegal return statement"
        raise place(SyntaxError(text), filename, at._line, at._column)
    program.body = method.body.body


def _return_in(nodes: Any) -> Any:
    """A statement that returns from the function that is only around a text."""
    for one in nodes:
        if one is None:
            continue
        if one.type == "ReturnStatement":
            return one
        for name in STATEMENTS.get(one.type, ()):
            child = getattr(one, name)
            found = _return_in(child if type(child) is list else [child])
            if found is not None:
                return found
    return None
