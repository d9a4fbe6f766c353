"""``tty``: whether a descriptor is a terminal."""

from __future__ import annotations

import os
from typing import Any

from napi.js.host._kit import absent, exports_of

__all__ = ["exports"]


class _Module:
    @staticmethod
    def isatty(fd: Any) -> bool:
        return isinstance(fd, int) and 0 <= fd < 2**31 and os.isatty(fd)


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)
    absent(made, "tty", "ReadStream WriteStream")
    return made
