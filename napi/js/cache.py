"""Compiled code on disk.

An entry is named after the hash of all that it depends on: the source, its name, what
it is compiled as, the compiler and the Python that runs it. It is written beside its
place and moved there, and begins with the hash of its contents: a damaged one is as
good as none. Nothing here ever fails for the caller.
"""

from __future__ import annotations

import functools
import hashlib
import marshal
import os
import sys
import tempfile
import types
from pathlib import Path
from typing import Any

__all__ = ["folder", "key_of", "load", "store"]

_LEAST = 256
_MOST = 4000
_DIGEST = 32

Entry = tuple[types.CodeType, "dict[str, Any] | None"]


def folder() -> Path:
    """Where entries are kept: in the user's cache folder, or NAPI_CACHE_DIR."""
    own = os.environ.get("NAPI_CACHE_DIR")
    if own:
        return Path(own) / "js"
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home())
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "napi" / "js"


@functools.cache
def _compiler() -> bytes:
    """What tells one version of the compiler from another."""
    parts = [sys.implementation.cache_tag or "", repr(sys.version_info)]
    for file in sorted(Path(__file__).parent.glob("*.py")):
        found = file.stat()
        parts.append(f"{file.name}:{found.st_size}:{found.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).digest()


def key_of(
    source: str, filename: str, kind: str, parameters: tuple[str, ...]
) -> str | None:
    """The name of an entry; ``None`` for what is not worth one.

    Args:
        source: The text.
        filename: What tracebacks show: it is part of the code.
        kind: What the text is compiled as.
        parameters: Of a function.
    """
    if len(source) < _LEAST or filename.startswith("<"):
        return None
    made = hashlib.sha256(_compiler())
    for part in (filename, kind, *parameters, source):
        made.update(f"{len(part)}:".encode())
        made.update(part.encode("utf-8", "surrogatepass"))
    return made.hexdigest()


def load(key: str) -> Entry | None:
    """The entry of a key, where there is a sound one.

    Args:
        key: Of :func:`key_of`.
    """
    try:
        data = (folder() / f"{key}.bin").read_bytes()
        digest, payload = data[:_DIGEST], data[_DIGEST:]
        if hashlib.sha256(payload).digest() != digest:
            return None
        code, module = marshal.loads(payload)
    except (OSError, RuntimeError, EOFError, ValueError, TypeError):
        return None
    return code, module


def store(key: str, entry: Entry) -> None:
    """Writes an entry; where that cannot be, nothing happens.

    Args:
        key: Of :func:`key_of`.
        entry: The code, and what a module imports and exports.
    """
    try:
        payload = marshal.dumps(entry)
        place = folder()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=place, suffix=".new")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(hashlib.sha256(payload).digest() + payload)
            Path(name).replace(place / f"{key}.bin")
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        if key.startswith("00"):
            _trim(place)
    except (OSError, ValueError, RuntimeError):
        return


def _trim(place: Path) -> None:
    """Drops the oldest entries where there are too many."""
    entries = [(file.stat().st_mtime, file) for file in place.glob("*.bin")]
    if len(entries) <= _MOST:
        return
    for _, file in sorted(entries)[: len(entries) - _MOST // 2]:
        file.unlink(missing_ok=True)
