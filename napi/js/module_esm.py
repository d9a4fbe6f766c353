"""ECMAScript modules: which file a specifier means, and what others export.

The records themselves, their linking and evaluation, are in ``record.py``.

Source: "Modules: ECMAScript modules" of Node's manual; ECMA-262, chapter 16.2.
"""

# Paths are texts here, as Node has them.
# ruff: noqa: PTH118, PTH120

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

from napi import resolve as _resolve
from napi._native import shim
from napi.js import host
from napi.js.host._errors import node_error
from napi.js.host._kit import function, is_object
from napi.js.host.url import path_of_url, url_of_path
from napi.js.module_commonjs import _failure, module_class, read_source
from napi.js.module_names import exported_names
from napi.js.record import Module, Record, Synthetic
from napi.resolve import Resolved, ResolveError
from napi.runtime.error import SyntaxError
from napi.runtime.realm import kept

__all__ = [
    "import_from",
    "looks_like_module",
    "require_module",
    "run_file",
    "run_source",
]

_MARK = re.compile(
    r"^\s*(?:import\b(?!\s*\()|export\b)|\bimport\.meta\b|\bawait\b", re.M
)


def _known() -> dict[str, Module]:
    found: dict[str, Module] = kept("module_esm.records", dict)
    return found


def _compiles(source: str, filename: str, kind: str) -> bool:
    from napi.js.code import load

    try:
        load(source, filename, kind, ())
    except SyntaxError:
        return False
    return True


def looks_like_module(source: str, filename: str) -> bool:
    """Whether a text can only be an ECMAScript module.

    Args:
        source: The text.
        filename: What messages show.
    """
    if _MARK.search(source) is None or _compiles(source, filename, "commonjs"):
        return False
    return _compiles(source, filename, "module")


# === which module ===


def _locate(specifier: str, base: str) -> Resolved:
    if specifier.startswith("data:"):
        return Resolved(specifier, "", "", "data")
    try:
        return _resolve.locate(specifier, base, kind="import")
    except ResolveError as error:
        raise _failure(error) from None


def _address(found: Resolved) -> str:
    """The key of a module: two suffixes make two modules of a file."""
    return found.builtin or found.path + found.suffix


def _load(found: Resolved, attributes: dict[str, str]) -> Module:
    """The module of an address; made and linked to others when it is new."""
    known, key = _known(), _address(found)
    module = known.get(key)
    if module is not None:
        return module
    if found.builtin:
        module = _of_host(found.builtin)
    elif found.format == "data":
        module = _of_data(found.path)
    else:
        module = _of_file(found, attributes)
    known[key] = module
    if isinstance(module, Record):
        try:
            _connect(module, found.path)
        except BaseException:
            known.pop(key, None)  # another try reads the files again
            raise
    return module


def _connect(record: Record, path: str) -> None:
    record.linked = [
        _load(_locate(specifier, path), dict(attributes))
        for specifier, attributes in record.requests
    ]


def _of_file(found: Resolved, attributes: dict[str, str]) -> Module:
    if found.format == "json" or attributes.get("type") == "json":
        if attributes.get("type") != "json":
            text = (
                f'Module "{url_of_path(found.path)}" needs an import attribute of '
                '"type: json"'
            )
            raise node_error("TypeError", "ERR_IMPORT_ATTRIBUTE_MISSING", text)
        return Synthetic({"default": _parsed(found.path)})
    if found.format == "addon":
        return _of_commonjs(found.path, "")
    if found.format == "wasm":
        text = f"WebAssembly modules are not available in this host: {found.path}"
        raise node_error("TypeError", "ERR_UNKNOWN_FILE_EXTENSION", text)
    source = read_source(found.path)
    ending = os.path.splitext(found.path)[1]  # noqa: PTH122
    if found.format == "" and ending not in (".js", ""):
        text = f'Unknown file extension "{ending}" for {found.path}'
        raise node_error("TypeError", "ERR_UNKNOWN_FILE_EXTENSION", text)
    is_module = found.format == "module" or (
        found.format == "" and looks_like_module(source, found.path)
    )
    if not is_module:
        return _of_commonjs(found.path, source)
    return _record(source, found.path, url_of_path(found.path) + found.suffix)


def _record(source: str, path: str, url: str) -> Record:
    from napi.js.code import load

    return Record(load(source, path, "module", ()), _meta(path, url))


def _parsed(path: str) -> Any:
    parse = shim.get(shim.get(shim.get_global(), "JSON"), "parse")
    try:
        return shim.call(parse, None, read_source(path))
    except SyntaxError as error:
        shim.set(error, "message", f"{url_of_path(path)}: {error}")
        raise


def _of_data(url: str) -> Module:
    from urllib.parse import unquote_to_bytes

    head, _, body = url[5:].partition(",")
    data = unquote_to_bytes(body)
    if head.endswith(";base64"):
        import base64

        data = base64.b64decode(data)
    kind = head.partition(";")[0]
    if kind == "application/json":
        parse = shim.get(shim.get(shim.get_global(), "JSON"), "parse")
        return Synthetic({"default": shim.call(parse, None, data.decode())})
    if kind not in ("text/javascript", "application/javascript"):
        text = f"Unknown module format: {kind} for URL {url}"
        raise node_error("RangeError", "ERR_UNKNOWN_MODULE_FORMAT", text)
    return _record(data.decode(), os.path.join(os.getcwd(), url[:40]), url)  # noqa: PTH109


# === import.meta ===


def _meta(path: str, url: str) -> Any:
    made = shim.create(shim.null)
    shim.set(made, "dirname", os.path.dirname(path))
    shim.set(made, "filename", path)
    shim.set(made, "main", False)

    def resolve(specifier: Any) -> str:
        found = _locate(shim.to_string(specifier), path)
        return found.builtin or url_of_path(found.path) + found.suffix

    shim.set(made, "resolve", function(resolve))
    shim.set(made, "url", url)
    return made


# === what is no ECMAScript module ===


def _of_host(name: str) -> Module:
    exports = host.load(name)
    values = {"default": exports}
    for key in shim.keys(exports):
        if key != "default":
            values[key] = shim.get(exports, key)
    return Synthetic(values)


class _CommonJS(Synthetic):
    """A CommonJS module: it runs when it is evaluated, its names are read before.

    Args:
        path: The file.
        names: The exports that its text shows.
    """

    def __init__(self, path: str, names: list[str]) -> None:
        super().__init__(dict.fromkeys([*names, "default", "module.exports"]))
        self.path = path
        self.done = False

    def evaluate(self) -> Any:
        """Runs it as ``require`` would."""
        if self.done:
            return None
        load = shim.get(module_class(), "_load")
        exports = shim.call(load, module_class(), self.path, shim.null, False)
        self.done = True
        for name in self.values:
            if name in ("default", "module.exports"):
                self.values[name] = exports
            elif is_object(exports):
                self.values[name] = shim.get(exports, name)
        return None


def _of_commonjs(path: str, source: str) -> Module:
    return _CommonJS(path, exported_names(path, source) if source else [])


# === the faces ===


def _evaluated(module: Module) -> Any:
    """A promise of the namespace, once the module has run."""
    awaited = module.evaluate()
    if awaited is None:
        made = shim.Promise()
        made._resolve(module.namespace)
        return made
    return awaited.then(function(lambda *_: module.namespace, ""))


def import_from(specifier: str, base: str, options: Any = None) -> Any:
    """``import(specifier)`` of a file.

    Args:
        specifier: What is asked for.
        base: The file that asks.
        options: The second argument: ``{with: {type: "json"}}``.

    Returns:
        A promise of the namespace.
    """
    attributes: dict[str, str] = {}
    given = shim.get(options, "with") if is_object(options) else None
    if is_object(given):
        for key in shim.keys(given):
            attributes[key] = str(shim.to_string(shim.get(given, key)))
    return _evaluated(_load(_locate(specifier, base), attributes))


def importer(specifier: str, referrer: str, options: Any = None) -> Any:
    """What compiled code calls for ``import()``."""
    base = referrer
    if referrer.startswith("file:"):
        base = path_of_url(referrer)
    elif not os.path.isabs(referrer):  # noqa: PTH117
        base = os.path.join(os.getcwd(), referrer or "[eval]")  # noqa: PTH109
    return import_from(specifier, base, options)


def require_module(path: str, source: str) -> Any:
    """What ``require`` gives for an ECMAScript module: its namespace.

    Args:
        path: The file.
        source: Its text.

    Raises:
        napi.Error: It awaits at its top (``ERR_REQUIRE_ASYNC_MODULE``).
    """
    found = Resolved(os.path.realpath(path), "", "", "module")
    module = _load(found, {})
    awaited = module.evaluate()
    if awaited is not None:
        text = (
            "require() cannot be used on an ESM graph with top-level await. Use "
            "import() instead. To see where the top-level await comes from, use "
            "--experimental-print-required-tla."
        )
        raise node_error("Error", "ERR_REQUIRE_ASYNC_MODULE", text)
    names = module.export_names()
    if "module.exports" in names:
        return shim.get(module.namespace, "module.exports")
    return module.namespace


def _in_job(act: Callable[[], Any]) -> Any:
    """Calls something as a microtask: its own run before any tick, as in Node."""
    outcome: list[tuple[Any, BaseException | None]] = []

    def job() -> None:
        if outcome:
            return
        try:
            outcome.append((act(), None))
        except BaseException as error:
            outcome.append((None, error))

    shim.queue_microtask(job)
    shim.drain()
    job()  # where a turn runs already
    value, error = outcome[0]
    if error is not None:
        raise error
    return value


def run_file(path: str) -> Any:
    """Runs a file as the program; a promise of its end, or None."""
    found = Resolved(os.path.realpath(path), "", "", "module")
    module = _load(found, {})
    if isinstance(module, Record):
        shim.set(module.meta, "main", True)
    return _in_job(module.evaluate)


def run_source(source: str, name: str) -> Any:
    """Runs the text of a module; a promise of its end, or None.

    Args:
        source: The text.
        name: The file that it stands for; its imports are resolved from there.
    """
    record = _record(source, name, url_of_path(name))
    _connect(record, name)
    return _in_job(record.evaluate)
