"""Unpacking a package's tarball: files and folders below one folder, nothing else.

The first folder of each path is dropped (``package/``, whatever its name), as npm
does. Refused: what leaves the folder, links that do, devices, more than ``LIMITS``.
"""

from __future__ import annotations

import gzip
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from .errors import ArchiveError

__all__ = ["LIMITS", "Limits", "bundled", "unpack"]


class Limits(NamedTuple):
    """What one package may have."""

    packed: int = 512 << 20
    unpacked: int = 2 << 30
    files: int = 100_000
    header: int = 8 << 20
    path: int = 1024


LIMITS = Limits()


class _Stream(gzip.GzipFile):
    """A decompressed tarball that gives no more than is allowed."""

    def read(self, size: int | None = -1) -> bytes:
        # tarfile reads an extended header in one piece, of the size it claims.
        if size is None or size < 0 or size > LIMITS.header:
            raise ArchiveError("it has a header of an unreasonable size")
        if self.tell() > LIMITS.unpacked + LIMITS.files * 1024:
            raise ArchiveError("it is unreasonably large")
        return super().read(size)


def _place(member: tarfile.TarInfo) -> PurePosixPath | None:
    """Where a member goes; None for the folder of all."""
    name = member.name
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name:
        raise ArchiveError(f"it has a path out of its folder: {name!r}")
    if os.name == "nt" and ("\\" in name or ":" in name):
        raise ArchiveError(f"it has a path out of its folder: {name!r}")
    if len(name) > LIMITS.path:
        raise ArchiveError(f"it has a path of {len(name)} characters")
    inside = path.parts[1:]
    if not inside:
        if member.isdir():
            return None
        raise ArchiveError(f"it has a file beside its folder: {name!r}")
    return PurePosixPath(*inside)


def _check_link(member: tarfile.TarInfo) -> None:
    """Npm packs no links, and leaves out those of others; one that leads out is bad."""
    target = PurePosixPath(member.linkname)
    if member.issym() and not target.is_absolute():
        target = PurePosixPath(member.name).parent / target
    depth = 0
    for part in PurePosixPath(target).parts:
        depth += -1 if part == ".." else 1
        if depth < 1 or part == "/":
            raise ArchiveError(
                f"it has a link out of its folder: {member.name!r} -> "
                f"{member.linkname!r}"
            )


def _filtered(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Python's own data filter too, where this Python has it (3.10.12, 3.11.4)."""
    data_filter = getattr(tarfile, "data_filter", None)
    if data_filter is None:
        return member
    try:
        found: tarfile.TarInfo = data_filter(member, "/nowhere")
    except tarfile.TarError as error:
        raise ArchiveError(f"{error}") from None
    return found


def members(
    archive: tarfile.TarFile,
) -> Iterator[tuple[PurePosixPath, tarfile.TarInfo]]:
    """Files and folders with their places.

    Raises:
        ArchiveError: something is not as it should be in a package.
    """
    total = count = 0
    for member in archive:
        place = _place(member)
        if member.issym() or member.islnk():
            _check_link(member)
            continue
        if not member.isreg() and not member.isdir():
            raise ArchiveError(
                f"it has something that is neither file nor folder: {member.name!r}"
            )
        total, count = total + member.size, count + 1
        if total > LIMITS.unpacked or count > LIMITS.files:
            raise ArchiveError("it is unreasonably large")
        if place is not None:
            yield place, _filtered(member)


def _open(source: Path) -> tuple[_Stream, tarfile.TarFile]:
    stream = _Stream(source, "rb")
    try:
        return stream, tarfile.open(fileobj=stream, mode="r:")
    except BaseException:
        stream.close()
        raise


def _walk(source: Path, act: Callable[[PurePosixPath, Any, Any], None]) -> None:
    """Act on each file or folder; all that can be wrong becomes an ArchiveError."""
    try:
        stream, archive = _open(source)
        with stream, archive:
            for place, member in members(archive):
                act(place, member, archive)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ArchiveError(f"it cannot be unpacked: {error}") from None
    except (ValueError, OverflowError) as error:
        raise ArchiveError(f"it cannot be unpacked: {error}") from None


def unpack(
    source: Path, target: Path, stopping: Callable[[], bool] = lambda: False
) -> None:
    """Unpack a tarball into a new folder. No script runs.

    Args:
        source: the tarball.
        target: the folder, which must not exist.
        stopping: asked before each file whether to give up.

    Raises:
        ArchiveError: the tarball is broken or hostile.
        OSError: the disk refuses.
    """
    target.mkdir(parents=True)

    def write(
        place: PurePosixPath, member: tarfile.TarInfo, archive: tarfile.TarFile
    ) -> None:
        if stopping():
            raise ArchiveError("interrupted")
        path = target / place
        try:
            if member.isdir():
                path.mkdir(parents=True, exist_ok=True)
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)  # the last of two entries holds
            file = archive.extractfile(member)
            assert file is not None
            with file, path.open("xb") as out:
                _copy(file, out, member)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            raise ArchiveError(
                f"it has a file and a folder of one name: {member.name!r}"
            ) from None
        path.chmod(0o755 if (member.mode or 0) & 0o111 else 0o644)

    _walk(source, write)


def _copy(file: IO[bytes], out: IO[bytes], member: tarfile.TarInfo) -> None:
    size = 0
    while part := file.read(1 << 18):
        size += len(part)
        out.write(part)
    if size != member.size:
        raise ArchiveError(f"it ends within {member.name!r}")


def bundled(source: Path) -> dict[str, dict[str, Any]]:
    """The packages that a tarball brings in its own node_modules.

    Returns:
        The package.json of each by its place: ``node_modules/a``.
    """
    found: dict[str, dict[str, Any]] = {}

    def look(
        place: PurePosixPath, member: tarfile.TarInfo, archive: tarfile.TarFile
    ) -> None:
        parts = place.parts
        if parts[0] != "node_modules" or parts[-1] != "package.json":
            return
        folder = parts[:-1]
        size = 2 if folder[-2].startswith("@") else 1
        if len(folder) > size and folder[-size - 1] == "node_modules":
            file = archive.extractfile(member)
            assert file is not None
            try:
                content = json.loads(file.read(LIMITS.header))
            except ValueError:
                return
            if isinstance(content, dict):
                found["/".join(folder)] = content

    _walk(source, look)
    return found
