"""CommonJS: ``require``, ``module``, and the class Module that programs can change.

Source: "Modules: CommonJS modules" and "Modules: node:module API" of Node's manual.
"""

# Paths are texts here, as Node has them.
# ruff: noqa: PTH100, PTH109, PTH117, PTH118, PTH119, PTH120

from __future__ import annotations

import os
from typing import Any

from napi import resolve as _resolve
from napi._native import shim
from napi.js import host
from napi.js.host._errors import node_error
from napi.js.host._kit import function, get, is_object, klass
from napi.js.module import compile_wrapper, need_text
from napi.resolve import ResolveError
from napi.runtime import error as _error
from napi.runtime.builtin import accessor, hidden

__all__ = ["module_class", "new_require", "require_from", "run_main"]

_CLASS = "module_commonjs.Module"
_MAIN = "module_commonjs.main"  # process.mainModule, which require.main is


def _failure(error: ResolveError) -> Any:
    """The error of JavaScript for one of the resolution."""
    made = getattr(_error, error.base)(str(error))
    shim.set(made, "code", error.code)
    for key, value in error.properties.items():
        if isinstance(value, list):
            value = shim.Array(value)
        shim.set(made, key, value)
    return made


def _filename(module: Any) -> str | None:
    found = get(module, "filename")
    return str(found) if isinstance(found, str) else None


def _stack(parent: Any) -> list[str]:
    """The files that wait for this one, the nearest first."""
    found = []
    seen = 0
    while is_object(parent) and seen < 100:
        found.append(_filename(parent) or str(get(parent, "id") or "."))
        parent, seen = get(parent, "parent"), seen + 1
    return found


def _base(parent: Any) -> str:
    """The file that names are resolved from."""
    name = _filename(parent)
    if name is not None:
        return name
    paths = get(parent, "paths")
    if isinstance(paths, list) and paths:
        return os.path.join(os.path.dirname(str(paths[0])), "[eval]")
    return os.path.join(os.getcwd(), "[eval]")


def _locate(request: str, base: str, stack: list[str]) -> Any:
    try:
        return _resolve.locate(request, base, kind="require", stack=stack)
    except ResolveError as error:
        raise _failure(error) from None


# === Module ===


def _init(this: Any, id: Any = None, parent: Any = None) -> None:
    text = id if isinstance(id, str) else ""
    shim.set(this, "id", text)
    shim.set(this, "path", os.path.dirname(text) or ".")
    shim.define(
        this,
        "exports",
        value=shim.Object(),
        writable=True,
        enumerable=True,
        configurable=True,
    )
    hidden(this, "parent", parent)
    children = get(parent, "children")
    if isinstance(children, list):
        children.append(this)
    shim.set(this, "filename", shim.null)
    shim.set(this, "loaded", False)
    shim.set(this, "children", shim.Array())


class _Members:
    def load(this: Any, filename: Any) -> None:
        _load_file(this, str(filename))

    def require(this: Any, id: Any) -> Any:
        load = shim.get(module_class(), "_load")
        return shim.call(load, module_class(), need_text(id, "id"), this, False)

    def _compile(this: Any, content: Any, filename: Any, format: Any = None) -> Any:
        return _run_wrapper(this, shim.to_string(content), str(filename))


def _load_file(module: Any, filename: str) -> None:
    shim.set(module, "filename", filename)
    shim.set(module, "paths", shim.Array(_resolve.folders(os.path.dirname(filename))))
    table = shim.get(module_class(), "_extensions")
    extension = _extension_of(filename, table)
    shim.call(shim.get(table, extension), table, module, filename)
    shim.set(module, "loaded", True)


def _extension_of(filename: str, table: Any) -> str:
    """The longest extension that there is a function for."""
    name = os.path.basename(filename)
    dot = name.find(".", 1)
    while dot >= 0:
        if shim.get(table, name[dot:]) is not None:
            return name[dot:]
        dot = name.find(".", dot + 1)
    return ".js"


def _run_wrapper(module: Any, source: str, filename: str) -> Any:
    wrapper = compile_wrapper(source, filename)
    exports = shim.get(module, "exports")
    arguments = (new_require(module), module, filename, os.path.dirname(filename))
    return shim.call(wrapper, exports, exports, *arguments)


def new_require(module: Any) -> Any:
    """The function ``require`` of a module."""

    def require(id: Any) -> Any:
        return shim.call(shim.get(module, "require"), module, id)

    def resolve(request: Any, options: Any = None) -> Any:
        act = shim.get(module_class(), "_resolveFilename")
        text = need_text(request, "request")
        return shim.call(act, module_class(), text, module, False, options)

    def paths(request: Any) -> Any:
        return _lookup_paths(need_text(request, "request"), module)

    made = function(require, "require")
    resolver = function(resolve, "resolve")
    shim.set(resolver, "paths", function(paths, "paths"))
    shim.set(made, "resolve", resolver)
    shim.set(made, "main", shim.slots().get(_MAIN))
    shim.set(made, "extensions", shim.get(module_class(), "_extensions"))
    shim.set(made, "cache", shim.get(module_class(), "_cache"))
    return made


def _lookup_paths(request: str, parent: Any) -> Any:
    if _resolve.builtin(request) is not None:
        return shim.null
    folder = os.path.dirname(_base(parent))
    if request.startswith(("./", "../")) or request in (".", ".."):
        return shim.Array([folder])
    return shim.Array([*_resolve.folders(folder), *_resolve.global_folders()])


# === loading ===


def _resolve_filename(
    request: Any, parent: Any = None, is_main: Any = None, options: Any = None
) -> str:
    name = need_text(request, "request")
    builtin = _resolve.builtin(name)
    if builtin is not None:
        return name
    paths = get(options, "paths")
    if isinstance(paths, (list, tuple)):
        return _among(name, [str(one) for one in paths], parent)
    found = _locate(name, _base(parent), _stack(parent))
    return str(found.path)


def _among(name: str, paths: list[str], parent: Any) -> str:
    """The first of some folders that the name can be resolved from."""
    for path in paths:
        try:
            base = os.path.join(os.path.abspath(path), "[paths]")
            return str(_resolve.locate(name, base, kind="require", stack=[]).path)
        except ResolveError as error:
            if error.code != "MODULE_NOT_FOUND":
                raise _failure(error) from None
    stack = _stack(parent)
    text = f"Cannot find module '{name}'"
    if stack:
        text += "\nRequire stack:\n- " + "\n- ".join(stack)
    raise node_error("Error", "MODULE_NOT_FOUND", text, requireStack=shim.Array(stack))


def _load(request: Any, parent: Any = None, is_main: Any = None) -> Any:
    name = need_text(request, "id")
    if name.startswith("node:") or _resolve.builtin(name) is not None:
        return host.load(name)
    module_type = module_class()
    act = shim.get(module_type, "_resolveFilename")
    filename = shim.call(act, module_type, name, parent, bool(is_main))
    cache = shim.get(module_type, "_cache")
    known = shim.get(cache, filename)
    if is_object(known):
        children = get(parent, "children")
        if isinstance(children, list) and not any(one is known for one in children):
            children.append(known)
        return shim.get(known, "exports")
    if _resolve.builtin(filename) is not None:
        return host.load(filename)
    module = shim.construct(module_type, filename, parent)
    if is_main is True:
        shim.slots()[_MAIN] = module
        shim.set(shim.get(shim.get_global(), "process"), "mainModule", module)
        shim.set(module, "id", ".")
    shim.set(cache, filename, module)
    finished = False
    try:
        shim.call(shim.get(module, "load"), module, filename)
        finished = True
    finally:
        if not finished:
            shim.delete(cache, filename)
            children = get(parent, "children")
            if isinstance(children, list) and children and children[-1] is module:
                children.pop()
    return shim.get(module, "exports")


def read_source(filename: str) -> str:
    """The text of a file, without a byte order mark.

    Raises:
        napi.Error: It cannot be read.
    """
    from napi.js.host._fs_ops import perform, read_file

    text: str = perform(read_file(filename, "utf8"))
    return text.removeprefix("\ufeff")


def _load_js(module: Any, filename: Any) -> None:
    from napi.js import module_esm

    path = str(filename)
    source = read_source(path)
    if path.endswith(".mjs") or _resolve._format(path) == "module":
        shim.set(module, "exports", module_esm.require_module(path, source))
        return
    try:
        shim.call(shim.get(module, "_compile"), module, source, path)
    except _error.SyntaxError:
        known = _resolve._format(path)
        if known == "commonjs" or not module_esm.looks_like_module(source, path):
            raise
        shim.set(module, "exports", module_esm.require_module(path, source))


def _load_json(module: Any, filename: Any) -> None:
    source = read_source(str(filename))
    parse = shim.get(shim.get(shim.get_global(), "JSON"), "parse")
    try:
        shim.set(module, "exports", shim.call(parse, None, source))
    except _error.SyntaxError as error:
        message = shim.get(error, "message")
        shim.set(error, "message", f"{filename}: {message}")
        raise


def _load_addon(module: Any, filename: Any) -> None:
    process = shim.get(shim.get_global(), "process")
    dlopen = shim.get(process, "dlopen")
    shim.call(dlopen, process, module, os.path.realpath(str(filename)))


# === the class ===


def module_class() -> Any:
    """The class Module of this realm, which is the module ``module``, too."""
    slots = shim.slots()
    if _CLASS not in slots:
        slots[_CLASS] = klass("Module", _init, _Members, call=True, length=2)
        _fill(slots[_CLASS])
    return slots[_CLASS]


def _fill(made: Any) -> None:
    shim.set(made, "_cache", shim.create(shim.null))
    shim.set(made, "_pathCache", shim.create(shim.null))
    table = shim.create(shim.null)
    for extension, load in (
        (".js", _load_js),
        (".json", _load_json),
        (".node", _load_addon),
    ):
        shim.set(table, extension, function(load, ""))
    shim.set(made, "_extensions", table)
    shim.set(made, "globalPaths", shim.Array(_resolve.global_folders()))
    shim.set(made, "Module", made)
    name: str
    act: Any
    for name, act in _STATICS.items():
        shim.set(made, name, function(act, name))
    names = [one for one in host.MODULES if one != "sys"]
    shim.set(made, "builtinModules", shim.Array([*names, "sys"]))
    prototype = shim.get(made, "prototype")
    shim.set(prototype, "constructor", made)
    accessor(prototype, "isPreloading", lambda this: False)


def _create_require(filename: Any) -> Any:
    from napi.js.host._errors import invalid_value
    from napi.js.host.url import is_url, path_of_url

    words = "must be a file URL object, file URL string, or absolute path string"
    if is_url(filename) or (isinstance(filename, str) and filename.startswith("file:")):
        path = path_of_url(filename)
    elif isinstance(filename, str) and os.path.isabs(filename):
        path = str(filename)
    else:
        raise invalid_value("filename", filename, words)
    folder = path if path.endswith("/") else os.path.dirname(path)
    name = os.path.join(path, "noop.js") if path.endswith("/") else path
    module = shim.construct(module_class(), name)
    shim.set(module, "filename", name)
    shim.set(module, "paths", shim.Array(_resolve.folders(folder.rstrip("/") or "/")))
    return new_require(module)


def _is_builtin(name: Any) -> bool:
    return isinstance(name, str) and _resolve.builtin(name) is not None


def _wrap(script: Any) -> str:
    inner = shim.to_string(script)
    words = "exports, require, module, __filename, __dirname"
    return f"(function ({words}) {{ {inner}\n}});"


def _find_package(specifier: Any, base: Any = None) -> Any:
    package = _resolve.nearest(os.path.dirname(str(base or specifier)))
    return None if package is None else package.path


def _folders(folder: Any) -> Any:
    return shim.Array(_resolve.folders(str(folder)))


def _init_paths() -> None:
    shim.set(module_class(), "globalPaths", shim.Array(_resolve.global_folders()))


def _nothing() -> None:
    return None


_STATICS = {
    "_load": _load,
    "_resolveFilename": _resolve_filename,
    "_nodeModulePaths": _folders,
    "_resolveLookupPaths": _lookup_paths,
    "_initPaths": _init_paths,
    "createRequire": _create_require,
    "isBuiltin": _is_builtin,
    "findPackageJSON": _find_package,
    "syncBuiltinESMExports": _nothing,
    "wrap": _wrap,
}


# === from Python ===


def require_from(name: str, base: str) -> Any:
    """``require(name)`` of a file.

    Args:
        name: What is asked for.
        base: The file that asks; it need not be there.
    """
    return _create_require(base)(name)


def run_main(path: str) -> Any:
    """Runs a file as the program.

    Args:
        path: An absolute path.

    Returns:
        A promise of an ECMAScript module's end, or None.

    Raises:
        napi.Error: There is no such file (``MODULE_NOT_FOUND``).
    """
    from napi.js import module_esm

    found = _locate(path, os.path.join(os.path.dirname(path), "[main]"), [])
    if found.format == "module":
        return module_esm.run_file(found.path)
    if found.format == "" and module_esm.looks_like_module(
        read_source(found.path), found.path
    ):
        return module_esm.run_file(found.path)
    load = shim.get(module_class(), "_load")
    shim.run_main(lambda: shim.call(load, module_class(), path, shim.null, True))
    return None


def eval_module(name: str = "[eval]") -> Any:
    """A module for ``-e`` and the prompt, whose names are resolved from here."""
    here = os.getcwd()
    module = shim.construct(module_class(), name)
    shim.set(module, "filename", os.path.join(here, name))
    shim.set(module, "paths", shim.Array(_resolve.folders(here)))
    return module
