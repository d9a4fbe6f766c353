"""``vm``: scripts in this realm; other realms there are none."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._kit import absent, exports_of, klass, option
from napi.runtime.builtin import hidden

__all__ = ["exports"]

_SOURCE = shim.Symbol("source")


def _name(options: Any) -> str:
    found = options if isinstance(options, str) else option(options, "filename")
    return found if isinstance(found, str) else "evalmachine.<anonymous>"


def _run(source: Any, options: Any) -> Any:
    from napi.js.module import run_script

    return run_script(shim.to_string(source), _name(options))


def _init(this: Any, code: Any = None, options: Any = None) -> None:
    hidden(this, _SOURCE, (shim.to_string(code), _name(options)))


class _Script:
    def runInThisContext(this: Any, options: Any = None) -> Any:
        from napi.js.module import run_script

        return run_script(*shim.get(this, _SOURCE))


class _Module:
    @staticmethod
    def runInThisContext(code: Any, options: Any = None) -> Any:
        return _run(code, options)

    @staticmethod
    def isContext(object: Any) -> bool:
        return False


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)
    shim.set(made, "Script", klass("Script", _init, _Script))
    names = "createContext runInContext runInNewContext compileFunction"
    absent(made, "vm", f"{names} SourceTextModule SyntheticModule measureMemory")
    return made
