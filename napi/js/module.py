"""Modules of JavaScript: files and packages that programs are made of.

The faces for Python: :func:`require`, :func:`run_main`, :func:`run_script`. CommonJS
is in ``module_commonjs.py``, ECMAScript modules in ``module_esm.py``; which file a
name stands for is said by :mod:`napi.resolve`.

Source: "Modules: CommonJS modules", "Modules: ECMAScript modules" of Node's manual.
"""

# Paths are texts here, as Node has them.
# ruff: noqa: PTH100, PTH109, PTH118

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from napi._native import shim

__all__ = ["compile_wrapper", "import_module", "require", "run_main", "run_script"]

"""What the function around a CommonJS module is called with."""


def require(name: str, parent: str | os.PathLike[str] | None = None) -> Any:
    """What ``require(name)`` gives: runs the file or package, once.

    Args:
        name: A package, a path, or one of Node's own modules.
        parent: The file that asks; without it, one in the current folder.

    Returns:
        The exports: ordinary values of :mod:`napi`.

    Raises:
        napi.Error: It cannot be found; ``code`` says why.
        Exception: What the module throws.
    """
    from napi import js
    from napi.js import module_commonjs, module_esm

    js.set_importer(module_esm.importer)
    base = os.path.join(os.getcwd(), "[python]") if parent is None else parent
    return module_commonjs.require_from(name, os.path.abspath(os.fspath(base)))


def import_module(name: str, parent: str | os.PathLike[str] | None = None) -> Any:
    """What ``import(name)`` gives: a promise of the module's namespace.

    Args:
        name: A package, a path, a URL, or one of Node's own modules.
        parent: The file that asks; without it, one in the current folder.
    """
    from napi.js import module_esm

    base = os.path.join(os.getcwd(), "[python]") if parent is None else parent
    return module_esm.import_from(name, os.path.abspath(os.fspath(base)))


def run_main(path: str) -> Any:
    """Runs a file as the program: ``require.main`` is its module.

    Args:
        path: The file; its extension may be missing.

    Returns:
        A promise of an ECMAScript module's end, or None.
    """
    from napi.js import module_commonjs

    return module_commonjs.run_main(os.path.abspath(path))


def run_script(source: str, filename: str) -> Any:
    """Runs a script and returns its value; its variables are global.

    Args:
        source: The text.
        filename: What tracebacks show.
    """
    from napi.js.code import load

    return load(source, filename, "script", ()).run()


def compile_wrapper(source: str, filename: str) -> Callable[..., Any]:
    """The function around the text of a CommonJS module.

    Args:
        source: The text; a first line that begins with ``#!`` is no part of it.
        filename: What tracebacks show.

    Raises:
        napi.SyntaxError: The text is not valid.
    """
    from napi.js.code import load

    code = load(source, filename, "commonjs", ())
    function: Callable[..., Any] = code.run()
    return function


def need_text(value: Any, name: str) -> str:
    """The name of a module, as ``require`` takes it."""
    from napi.js.host._errors import invalid_type, invalid_value

    if shim.typeof(value) != "string":
        raise invalid_type(name, "string", value)
    if not value:
        raise invalid_value(name, value, "must be a non-empty string")
    return str(value)
