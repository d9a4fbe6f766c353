"""Why an addon could not be loaded.

Each class says one thing that the user can act on; ``path`` and ``symbols`` (or
what else the class names) carry the details. A file that is missing, that may not
be read or that is a directory is Python's own ``FileNotFoundError``,
``PermissionError`` or ``IsADirectoryError``, as for ``open()``.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "ArchitectureError",
    "BadBinaryError",
    "LibcError",
    "LoadError",
    "MissingLibraryError",
    "ModuleNotRegisteredError",
    "ModuleVersionError",
    "NeedsLibuvError",
    "NotAnAddonError",
    "PolicyError",
    "UnknownFunctionError",
    "UnresolvedSymbolError",
    "V8AddonError",
]


class LoadError(ImportError):
    """An addon cannot be loaded. The base of all the reasons.

    Attributes:
        path: The file, as it was opened; None if it is not known.
        symbols: The names in the file that are the reason; often empty.
    """

    def __init__(
        self, message: str, *, path: str | None = None, symbols: Sequence[str] = ()
    ) -> None:
        super().__init__(message, path=path)
        self.symbols: tuple[str, ...] = tuple(symbols)

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (type(self), self.args, dict(vars(self)), self.path)


def _restore(
    cls: type[LoadError],
    args: tuple[str, ...],
    attributes: dict[str, object],
    path: str | None,
) -> LoadError:
    error = cls(*args, path=path)
    error.__dict__.update(attributes)
    return error


class BadBinaryError(LoadError):
    """The file is not a shared library, is truncated, or contradicts itself."""


class ArchitectureError(LoadError):
    """The addon was built for another processor or operating system.

    Attributes:
        machine: What it was built for, as npm names it: ``linux-arm64``.
    """

    machine: str = ""


class LibcError(LoadError):
    """The addon was built for another C library, or for a newer one.

    Attributes:
        required: The C library it asks for: ``musl``, ``glibc 2.38``.
        available: The one of this process: ``glibc 2.36``.
    """

    required: str = ""
    available: str = ""


class MissingLibraryError(LoadError):
    """A shared library that the addon needs is not found.

    Attributes:
        libraries: Their names: ``libvips-cpp.so.42``.
    """

    libraries: tuple[str, ...] = ()


class UnresolvedSymbolError(LoadError):
    """Nothing provides a symbol that the addon or one of its libraries needs."""


class V8AddonError(UnresolvedSymbolError):
    """The addon talks to V8 or to Node's C++ classes, not to Node-API."""


class UnknownFunctionError(UnresolvedSymbolError):
    """The addon needs Node-API functions that this host does not have."""


class NeedsLibuvError(UnresolvedSymbolError):
    """The addon calls libuv, and there is none: ``pip install napi[uv]``."""


class PolicyError(LoadError):
    """A policy file does not allow to load the addon; see ``napi.policy``.

    Attributes:
        policy: The policy file.
        integrity: The content of the addon: ``sha512-`` and the hash in base64.
    """

    policy: str = ""
    integrity: str = ""


class NotAnAddonError(LoadError):
    """The file is a shared library, but not an addon: it registers nothing."""


class ModuleNotRegisteredError(NotAnAddonError):
    """Opening the file registered no module, or one without an entry point."""


class ModuleVersionError(LoadError):
    """The addon asks for a newer Node-API version than this host has."""
