"""What there is once in each realm: a Worker has one of its own (ECMA-262, 9.3).

The built-in objects that a program finds in globalThis are shared by all realms; the
classes of Node's modules, the modules themselves, ``process`` and the global names
of scripts are not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim

__all__ = ["kept"]


def kept(key: str, make: Callable[[], Any]) -> Any:
    """What was made before under this name in the realm of this thread.

    Args:
        key: The name: the file and what it is.
        make: Makes it.
    """
    slots = shim.slots()
    if key not in slots:
        slots[key] = make()
    return slots[key]
