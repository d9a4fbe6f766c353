"""``readline``: lines of a stream, asked for and edited."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._kit import exports_of, lazy
from napi.js.host._readline_line import interface_class
from napi.js.host._readline_output import Functions

__all__ = ["exports"]


class _Module:
    @staticmethod
    def createInterface(
        input: Any, output: Any = None, completer: Any = None, terminal: Any = None
    ) -> Any:
        return shim.construct(interface_class(), input, output, completer, terminal)


def _promises() -> Any:
    from napi.js.host import load

    return load("readline/promises")


def _add_promises(made: Any) -> None:
    """``util.promisify(rl.question)`` gives the answer."""
    from napi.js.host.util import CUSTOM_PROMISIFY

    def promised(this: Any, query: Any, options: Any = None) -> Any:
        ask = shim.get(shim.get(interface_class(True), "prototype"), "question")
        return shim.call(ask, this, query, options)

    from napi.js.host._kit import function

    question = shim.get(shim.get(made, "prototype"), "question")
    shim.define(
        question, CUSTOM_PROMISIFY, value=function(promised, "question", this=True)
    )


def exports() -> Any:
    """The module."""
    made = shim.Object()
    shim.set(made, "Interface", interface_class())
    _add_promises(interface_class())
    exports_of(Functions, made)
    exports_of(_Module, made)
    lazy(made, "promises", _promises)
    return made
