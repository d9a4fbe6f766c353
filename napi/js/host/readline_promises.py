"""``readline/promises``."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._kit import exports_of
from napi.js.host._readline_line import interface_class
from napi.js.host._readline_output import readline_class

__all__ = ["exports"]


class _Module:
    @staticmethod
    def createInterface(
        input: Any, output: Any = None, completer: Any = None, terminal: Any = None
    ) -> Any:
        made = interface_class(True)
        return shim.construct(made, input, output, completer, terminal)


def exports() -> Any:
    """The module."""
    made = shim.Object()
    shim.set(made, "Interface", interface_class(True))
    shim.set(made, "Readline", readline_class())
    return exports_of(_Module, made)
