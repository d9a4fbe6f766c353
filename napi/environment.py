"""Environments with an end: addons that are loaded and torn down by the program."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Any

from napi import _native, loader
from napi.loader import Module

__all__ = ["Environment"]


class Environment:
    """Addons that live until this is closed, and not until the program ends.

    Each :meth:`load` gives an addon exports of its own, whatever else has loaded
    the same file. Closing runs cleanup hooks and finalizers, in Node's order.

    Source: "Environment life cycle APIs" of the Node-API manual.

    Example:
        ``with napi.Environment() as env: addon = env.load(path)``
    """

    def __init__(self) -> None:
        self._modules: list[Module] | None = []

    @property
    def closed(self) -> bool:
        """Whether :meth:`close` was called."""
        return self._modules is None

    def load(
        self,
        path: str | bytes | os.PathLike[str] | os.PathLike[bytes],
        **options: Any,
    ) -> Module:
        """Loads an addon into this environment.

        Args:
            path: A ``.node`` file, built for this platform.
            **options: What :func:`napi.load` takes, except ``fresh``.

        Raises:
            ValueError: The environment is closed.
            LoadError: It cannot be loaded; the subclass and the message say why.
        """
        if self._modules is None:
            raise ValueError("the environment is closed")
        module = loader.load(path, fresh=True, **options)
        self._modules.append(module)
        return module

    def close(self) -> None:
        """Tears the addons down, the newest first; their functions then refuse.

        Raises:
            WrongThreadError: Another thread loaded them.
            Error: One of their functions runs; its code is ERR_NAPI_ENV_BUSY.
        """
        while self._modules:
            _native.shim.close(self._modules[-1].__dict__["__env__"])
            self._modules.pop()
        self._modules = None

    def __enter__(self) -> Environment:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
