"""``process.emitWarning``: a warning of Python, or a line as Node writes it."""

from __future__ import annotations

import os
import sys
from typing import Any

from napi._native import shim
from napi.runtime.error import Error

__all__ = ["emit_warning"]

_hinted: set[str] = set()


def _made(warning: Any, kind: Any, code: Any) -> Any:
    """The warning as an error, with its name and code."""
    detail = None
    if shim.typeof(kind) == "object" and kind is not shim.null:
        kind, code, detail = (shim.get(kind, key) for key in ("type", "code", "detail"))
    if isinstance(warning, BaseException):
        return warning
    if not isinstance(warning, str):
        from napi.js.host._errors import invalid_type

        raise invalid_type("warning", ["string", "Error"], warning)
    made = Error(str(warning))
    name = "Warning" if kind in (None, shim.null) else shim.to_string(kind)
    shim.define(
        made, "name", value=name, writable=True, enumerable=False, configurable=True
    )
    if code is not None:
        shim.set(made, "code", code)
    if detail is not None:
        shim.set(made, "detail", detail)
    return made


def emit_warning(warning: Any, kind: Any, code: Any) -> None:
    """Emits a warning.

    In a JavaScript program it becomes an event of process and a line on stderr; in
    a program in Python, a warning of Python's.
    """
    from napi.runtime.process import this_host

    made = _made(warning, kind, code)
    name = str(shim.to_string(shim.get(made, "name")))
    if not this_host().is_program:
        import warnings

        deprecated = name == "DeprecationWarning"
        category = DeprecationWarning if deprecated else RuntimeWarning
        text = shim.to_string(shim.get(made, "message"))
        warnings.warn(f"{name}: {text}", category, stacklevel=4)
        return
    process = shim.get(shim.get_global(), "process")
    if name == "DeprecationWarning" and shim.to_boolean(
        shim.get(process, "noDeprecation")
    ):
        return
    shim.queue_tick(lambda: _announce(process, made, name))


def _announce(process: Any, warning: Any, name: str) -> None:
    flags = list(shim.get(process, "execArgv") or ())
    quiet = "--no-warnings" in flags or os.environ.get("NODE_NO_WARNINGS") == "1"
    if not quiet and f"--disable-warning={name}" not in flags:
        _print(warning, name)
    shim.call(shim.get(process, "emit"), process, "warning", warning)


def _print(warning: Any, name: str) -> None:
    code = shim.get(warning, "code")
    mark = f"[{code}] " if code is not None else ""
    text = f"{name}: {shim.to_string(shim.get(warning, 'message'))}"
    detail = shim.get(warning, "detail")
    lines = [f"(node:{os.getpid()}) {mark}{text}"]
    if isinstance(detail, str):
        lines.append(str(detail))
    option = "deprecation" if name == "DeprecationWarning" else "warnings"
    if option not in _hinted:
        _hinted.add(option)
        hint = f"Use `node --trace-{option} ...` to show where the warning was created"
        lines.append(f"({hint})")
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()
