"""One operation of ``fs``: what it does, and what its errors say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi.js.host._errors import system_error

__all__ = ["Operation", "perform"]


class Operation:
    """What is to be done, and what its errors say."""

    def __init__(
        self,
        syscall: str,
        act: Callable[[], Any],
        wrap: Callable[[Any], Any] | None = None,
        path: str | None = None,
        dest: str | None = None,
    ) -> None:
        self.syscall, self.act, self.wrap = syscall, act, wrap
        self.path, self.dest = path, dest

    def error(self, error: BaseException) -> Any:
        """The error that JavaScript gets for one of Python."""
        if not isinstance(error, OSError) or error.errno is None:
            return error
        syscall = getattr(error, "syscall", self.syscall)
        path = getattr(error, "shown", self.path)
        return system_error(error.errno, syscall, path, self.dest)

    def finish(self, result: Any) -> Any:
        """The JavaScript value of the result."""
        return result if self.wrap is None else self.wrap(result)


def perform(operation: Operation) -> Any:
    """Does it now.

    Raises:
        napi.Error: It failed; ``code``, ``errno``, ``syscall`` and ``path`` say why.
    """
    try:
        result = operation.act()
    except OSError as error:
        raise operation.error(error) from None
    return operation.finish(result)
