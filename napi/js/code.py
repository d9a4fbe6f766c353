"""Compiled code, and the namespace that it runs in."""

from __future__ import annotations

import re
import types
from functools import lru_cache
from typing import Any

from napi._native import shim

__all__ = [
    "Code",
    "column_in",
    "import_dynamically",
    "importer",
    "load",
    "source_of",
    "text_of",
]

importer: list[Any] = []
"""The function that ``import()`` calls, if there is one: see set_importer."""
_sources: dict[str, tuple[str, int, str]] = {}
_LIMIT = 512
_LINE_ENDS = re.compile(r"\r\n|[\n\r\u2028\u2029]")
_NEW = re.compile(r"\bnew\s*[(\s]*$")
_MEMBER = re.compile(r"\.\s*([\w$]+)$")
_NAME = re.compile(r"[\w$]+")
_CALL = re.compile(r"[)\s]*\(")


class Code:
    """A compiled text.

    Args:
        code: Defines ``main``.
        filename: Its name.
        kind: What was compiled.
        module: What a module imports and exports.
    """

    def __init__(
        self,
        code: types.CodeType,
        filename: str,
        kind: str,
        module: dict[str, Any] | None = None,
    ) -> None:
        self.code = code
        self.filename = filename
        self.unit = filename  # what import() is relative to
        self.kind = kind
        self.module = module

    def run(self, *arguments: Any, helpers: dict[str, Any] | None = None) -> Any:
        """Runs it: a script's value, or the function that the text is the body of.

        Args:
            *arguments: The values of an evaluation's names.
            helpers: What it is given in place of the realm's own, by name.
        """
        if self.kind == "module":
            from napi.js.record import Record

            return Record(self, shim.create(shim.null)).evaluate()
        info = ("main", 0, 0, len(arguments), 0, 0)
        return shim.js_function(self._main(None, helpers), info)(*arguments)

    def _main(self, meta: Any, helpers: dict[str, Any] | None = None) -> Any:
        from napi.js.runtime import namespace

        scope = dict(namespace())
        scope.update(helpers or ())
        scope["@unit"] = self.unit
        scope["@meta"] = meta
        exec(self.code, scope)
        return scope.pop("main")

    def start(self, meta: Any) -> Any:
        """Begins a module: a generator that waits for its imports.

        Args:
            meta: Its ``import.meta``.
        """
        return self._main(meta)()


def import_dynamically(referrer: str, specifier: Any, options: Any = None) -> Any:
    """``import(specifier)`` (ECMA-262 13.3.10).

    Args:
        referrer: The file that imports.
        specifier: Converted to a text.
        options: The second argument.

    Returns:
        The promise of the module's namespace.
    """
    promise = shim.Promise()
    try:
        name = shim.to_string(specifier)
        _check_attributes(options)
        if not importer:
            from napi.runtime.error import Error

            raise Error("import() needs a module loader: run the file with `napi run`")
        promise._resolve(importer[0](name, referrer, options))
    except Exception as error:
        from napi.js.runtime_error import caught

        promise._reject(caught(error))
    return promise


def _check_attributes(options: Any) -> None:
    """Refuses what cannot be the second argument of ``import()``."""
    if options is None:
        return
    from napi.js.runtime_operator import is_object
    from napi.runtime.error import TypeError

    if not is_object(options):
        raise TypeError("The second argument of import() must be an object")
    given = shim.get(options, "with")
    if given is None:
        return
    if not is_object(given):
        raise TypeError("The 'options' argument of import() must be an object")
    for key in list(shim.own_keys(given, False, True)):
        if not isinstance(shim.get(given, key), str):
            raise TypeError("Import attribute value must be a string")


def source_of(filename: str) -> tuple[str, int]:
    """The text of a file as it was parsed, and the length of what was put before it.

    Args:
        filename: The name it was compiled under.
    """
    return _sources.get(filename, ("", 0, ""))[:2]


def kind_of(filename: str) -> str:
    """What a file was compiled as; "" where that is not known.

    Args:
        filename: The name it was compiled under.
    """
    return _sources.get(filename, ("", 0, ""))[2]


@lru_cache(8)
def _lines_of(text: str) -> list[str]:
    return _LINE_ENDS.split(text)


def column_in(filename: str, line: int, start: int, end: int | None) -> int:
    """The column that V8 shows for a place in a file, from 0.

    That is the name of a method where one is called, ``new`` where it stands, and a
    file's own column where something was put before its first line.

    Args:
        filename: The name it was compiled under.
        line: From 1.
        start: Where the expression, or the callee of a call, begins.
        end: Where it ends.
    """
    text, prefix = source_of(filename)
    lines = _lines_of(text) if end is not None else []
    if line <= len(lines):
        whole = lines[line - 1]
        if made := _NEW.search(whole[:start]):
            start = made.start()
        elif name := _MEMBER.search(whole[start:end]):
            start += name.start(1)
        elif end is not None and not _NAME.fullmatch(whole, start, end):
            called = _CALL.match(whole, end)
            start = called.end() - 1 if called else start
    return max(start - prefix, 0) if line == 1 else start


def text_of(function: Any) -> str | None:
    """The source of a function or class (ECMA-262 20.2.3.5).

    Args:
        function: Any callable.

    Returns:
        The text; ``None`` for what was not compiled from JavaScript.
    """
    constructor = (
        vars(function).get("__js_constructor__") if isinstance(function, type) else None
    )
    info = shim.js_info(function if constructor is None else constructor)
    if info is None or len(info[1]) < 7:
        return None
    text, _ = source_of(info[1][6])
    start, end = info[1][4:6]
    return text[start:end] or None


def _remember(filename: str, wrapped: Any, source: str, kind: str) -> None:
    import linecache

    if len(_sources) > _LIMIT:
        for old in list(_sources)[: _LIMIT // 2]:
            del _sources[old]
    _sources[filename] = (wrapped.text, wrapped.prefix, kind)
    if not filename.startswith(("/", "file:")):  # no file: it is read nowhere else
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
    from napi.js import cache
    from napi.js.source import wrap

    key = cache.key_of(source, filename, kind, parameters)
    entry = cache.load(key) if key is not None else None
    if entry is None:
        from napi.js.compiler import compile_source

        entry = compile_source(source, filename, kind, parameters)
        if key is not None:
            cache.store(key, entry)
    wrapped = wrap(source, kind, parameters)
    _remember(filename, wrapped, source, kind)
    return Code(entry[0], filename, kind, entry[1])
