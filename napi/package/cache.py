"""The cache that all projects of a user share.

Tarballs lie under their digest, so that what is found is what was asked for; the
documents of the registries under the registry and the name. A file is there whole or
not at all: it gets its name when it is complete.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from .integrity import of_file

__all__ = ["Cache", "default_folder"]


def default_folder() -> Path:
    """``$NAPI_CACHE``, else the user's cache folder as the system has it."""
    if folder := os.environ.get("NAPI_CACHE"):
        return Path(folder).expanduser().absolute()
    import platformdirs

    return platformdirs.user_cache_path("napi", appauthor=False)


class Cache:
    """Tarballs and documents in one folder. Safe for threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def content(self, digest: bytes) -> Path:
        """Where the tarball with a digest lies, if it does."""
        text = digest.hex()
        return self.folder / "content" / "sha512" / text[:2] / text[2:4] / text[4:]

    def find(self, wanted: list[bytes]) -> Path | None:
        """A tarball with one of the digests, read and compared again."""
        for digest in wanted:
            path = self.content(digest)
            try:
                if of_file(path) == digest:
                    return path
                path.unlink()  # spoilt
            except OSError:
                continue
        return None

    @contextmanager
    def incoming(self) -> Iterator[tuple[BinaryIO, Path]]:
        """A new file, gone at the end of the block unless ``keep`` took it."""
        folder = self.folder / "incoming"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=folder)
        path = Path(name)
        try:
            with os.fdopen(handle, "w+b") as file:
                yield file, path
        finally:
            path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Take away what killed processes left behind more than a day ago."""
        with suppress(OSError):
            for path in (self.folder / "incoming").iterdir():
                with suppress(OSError):
                    if path.stat().st_mtime < time.time() - 86_400:
                        path.unlink()

    def keep(self, path: Path, digest: bytes) -> Path:
        """Take a complete file into the content."""
        place = self.content(digest)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(place)
        return place

    def _document(self, registry: str, name: str) -> Path:
        folder = hashlib.sha256(registry.encode()).hexdigest()[:16]
        return self.folder / "metadata" / folder / f"{quote(name, safe='@')}.json"

    def document(self, registry: str, name: str) -> dict[str, Any] | None:
        """What is known of a package: ``etag`` and ``body``."""
        try:
            found = json.loads(self._document(registry, name).read_bytes())
        except (OSError, ValueError):
            return None
        usable = isinstance(found, dict) and isinstance(found.get("body"), dict)
        return found if usable else None

    def keep_document(self, registry: str, name: str, document: object) -> None:
        """Remember a package; a cache that cannot be written is no error."""
        place = self._document(registry, name)
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self.incoming() as (file, path):
                file.write(json.dumps(document, separators=(",", ":")).encode())
                file.flush()
                path.replace(place)
        except OSError:
            return
