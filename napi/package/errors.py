"""Why packages could not be added, removed or listed.

Each class is one thing that the user can act on. The message is whole: it names the
package, the address without its password, and what to do.
"""

from __future__ import annotations

__all__ = [
    "ArchiveError",
    "BusyError",
    "ConfigError",
    "IntegrityError",
    "MissingExtraError",
    "NotFoundError",
    "OfflineError",
    "PackageError",
    "PlatformError",
    "ProjectError",
    "RegistryError",
    "ResolveError",
    "SpecError",
]


class PackageError(Exception):
    """Something about packages could not be done. The base of all the reasons."""


class MissingExtraError(PackageError, ImportError):
    """The libraries of the extra ``napi[packages]`` are not installed."""


class SpecError(PackageError, ValueError):
    """What was asked for is no package of a registry, or is written wrongly."""


class ConfigError(PackageError):
    """A setting of npm's configuration cannot be used."""


class ProjectError(PackageError):
    """The project's package.json or lock file cannot be used."""


class BusyError(PackageError):
    """Another ``napi add`` or ``napi remove`` is at work in the project."""


class RegistryError(PackageError):
    """A registry gave no usable answer.

    Attributes:
        status: The HTTP status; 0 where there was no answer at all.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class OfflineError(RegistryError):
    """What is wanted is not in the cache, and the network is not to be used."""


class NotFoundError(RegistryError):
    """The registry has no such package, version or tag."""


class IntegrityError(PackageError):
    """A tarball is not the one that the registry or the lock file promised."""


class ArchiveError(PackageError):
    """A tarball cannot be unpacked, or holds what no package should hold."""


class ResolveError(PackageError):
    """No set of versions does what all packages ask for."""


class PlatformError(PackageError):
    """A package that is needed is not for this machine."""
