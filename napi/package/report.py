"""What is told while packages are brought."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Report", "Silent"]


class Report(Protocol):
    """Who is told; called from several threads."""

    def note(self, text: str) -> None:
        """Something that the user should know."""

    def start(self, count: int) -> None:
        """So many packages will be downloaded and unpacked."""

    def received(self, count: int) -> None:
        """So many bytes came; negative where a download begins again."""

    def done(self, title: str) -> None:
        """A package is ready."""


class Silent:
    """Keeps it to itself."""

    def note(self, text: str) -> None:
        """Nothing."""

    def start(self, count: int) -> None:
        """Nothing."""

    def received(self, count: int) -> None:
        """Nothing."""

    def done(self, title: str) -> None:
        """Nothing."""
