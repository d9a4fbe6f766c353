"""JavaScript over the objects of this host (ECMA-262).

Source text is compiled to functions of Python that work on the same values as addons
do: there is one object model, and one ``globalThis``. Nothing runs unless asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from napi.js.code import Code, importer, load

__all__ = [
    "Code",
    "compile",
    "compile_function",
    "eval",
    "run_script",
    "set_importer",
]


def compile(
    source: str,
    filename: str = "<eval>",
    *,
    kind: str = "script",
    parameters: Sequence[str] = (),
) -> Code:
    """Compiles a text without running it.

    Args:
        source: The text.
        filename: What tracebacks and ``error.stack`` show.
        kind: ``script`` (its variables are global), ``module`` (ECMAScript module),
            ``commonjs`` (the body of a module function) or ``function`` (the body of a
            function with these parameters).
        parameters: The names of the parameters of a ``function``.

    Returns:
        What can be run any number of times.

    Raises:
        napi.SyntaxError: An early error, or what is not supported; with the place.
    """
    return load(source, filename, kind, tuple(parameters))


def compile_function(source: str, filename: str, parameters: Sequence[str] = ()) -> Any:
    """Makes a function of its body.

    Args:
        source: The text of the body.
        filename: What tracebacks show.
        parameters: The names of its parameters.

    Returns:
        A :class:`napi.Function`.

    Raises:
        napi.SyntaxError: An early error; with the place.
    """
    return load(source, filename, "function", tuple(parameters)).run()


def eval(
    source: str,
    /,
    filename: str = "<eval>",
    *,
    deadline: float | None = None,
    steps: int | None = None,
    **names: Any,
) -> Any:
    """Runs a script and returns its value.

    Args:
        source: The text; its variables are global, unless names are given.
        filename: What tracebacks show.
        deadline: The seconds that it may take; ``None``: any time.
        steps: The instructions (of Python) that it may run, for a bound that does
            not depend on the machine's speed; much slower. ``None``: any number.
        **names: Variables that the text can use.

    Returns:
        The value of the last expression statement.

    Raises:
        napi.SyntaxError: An early error.
        TimeoutError: It took too long.
        Exception: Whatever the script throws.
    """
    code = load(source, filename, "eval" if names else "script", tuple(names))
    if deadline is None and steps is None:
        return code.run(*names.values())
    from napi.js.guard import limited

    return limited(lambda: code.run(*names.values()), deadline, steps)


def set_importer(function: Any) -> None:
    """Sets what ``import()`` does.

    Args:
        function: Called as ``function(specifier, referrer, options)`` with the
            text, the file that imports and the second argument; returns the
            namespace of the module or a promise of it. ``None``: ``import()``
            rejects.
    """
    importer[:] = [] if function is None else [function]


def run_script(source: str, info: dict[str, Any]) -> Any:
    """What napi_run_script does.

    Args:
        source: The text.
        info: The addon's ``filename`` and ``version``.
    """
    return load(source, "<napi_run_script>", "script", ()).run()
