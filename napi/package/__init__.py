"""npm packages without Node: add, remove, list.

Nothing here is imported with ``napi`` itself, and the libraries of the extra
``napi[packages]`` only when a function that needs them is called.
"""

from __future__ import annotations

from .errors import PackageError

__all__ = ["PackageError"]
