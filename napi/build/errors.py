"""Why an addon could not be built."""

from __future__ import annotations

__all__ = ["BuildError"]


class BuildError(Exception):
    """An addon cannot be configured, compiled or linked.

    Attributes:
        output: What the compiler or the linker printed; empty if neither ran.
    """

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output
