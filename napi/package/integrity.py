"""Digests as npm writes them: ``sha512-<base64>``, after Subresource Integrity."""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path

__all__ = ["describe", "digests", "of_file"]

_SIZE = hashlib.sha512().digest_size


def digests(integrity: object) -> list[bytes]:
    """The sha512 digests in a text; others do not count. Empty where there is none."""
    found = []
    for item in integrity.split() if isinstance(integrity, str) else ():
        kind, _, digest = item.partition("?")[0].partition("-")
        if kind != "sha512":
            continue
        try:
            data = base64.b64decode(digest, validate=True)
        except (binascii.Error, ValueError):
            continue
        if len(data) == _SIZE:
            found.append(data)
    return found


def describe(digest: bytes) -> str:
    """A digest as text."""
    return "sha512-" + base64.b64encode(digest).decode()


def of_file(path: Path) -> bytes:
    """The digest of a file."""
    state = hashlib.sha512()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            state.update(part)
    return state.digest()
