"""Changing a project's files all together, or not at all.

Everything new is made ready in ``node_modules/.napi``, on the same file system. Then a
journal says what will be renamed; from there on an interrupted run is undone by the
next one. Without a journal there is nothing to undo, only to sweep. One process at a
time: whoever holds the lock on ``node_modules/.napi/lock``.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .errors import ProjectError

__all__ = ["Work", "is_interrupted", "locked"]

_FOLDER = "node_modules/.napi"
_SUFFIX = ".napi-new"
_TRIES = 1000
_FILES = (
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "node_modules/.package-lock.json",
)


def is_interrupted(project: Path) -> bool:
    """Whether a run ended in the middle of its renames, and waits to be undone."""
    return (project / _FOLDER / "journal.json").is_file()


@contextmanager
def locked(
    project: Path, waits: Callable[[str], object] = lambda holder: None
) -> Iterator[Work]:
    """Be the only one who changes a project; waits for who is at it.

    Args:
        project: its folder, which must exist.
        waits: called once with the id of the process that is waited for.

    Raises:
        OSError: the folder may not be written.
    """
    modules = project / "node_modules"
    handle = _acquire(project / _FOLDER, modules, waits)
    try:
        yield Work(project)
    finally:
        try:
            _sweep(project, modules)
        finally:
            os.close(handle)


def _acquire(folder: Path, modules: Path, waits: Callable[[str], object]) -> int:
    told, tries = False, 0
    while True:
        try:
            modules.mkdir(exist_ok=True)
            folder.mkdir(exist_ok=True)
            handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        except (FileNotFoundError, FileExistsError):
            tries += 1  # perhaps the other one has just swept it away
            if tries > _TRIES or not modules.parent.is_dir():
                raise
            continue
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not told:
                    waits(os.pread(handle, 20, 0).decode(errors="replace"))
                    told = True
                fcntl.flock(handle, fcntl.LOCK_EX)
            if _is_still(handle, folder / "lock"):
                os.ftruncate(handle, 0)
                os.pwrite(handle, str(os.getpid()).encode(), 0)
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _is_still(handle: int, path: Path) -> bool:
    """Whether the locked file is the one that others find under the name."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _sweep(project: Path, modules: Path) -> None:
    """Leave nothing but the packages; the lock goes last."""
    folder = project / _FOLDER
    if is_interrupted(project):
        return
    for name in _FILES:
        _temporary((project / name).resolve()).unlink(missing_ok=True)
    shutil.rmtree(folder / "new", ignore_errors=True)
    shutil.rmtree(folder / "old", ignore_errors=True)
    (folder / "journal.new").unlink(missing_ok=True)
    with suppress(OSError):
        (folder / "lock").unlink()
        folder.rmdir()  # not if the next one is in it already
        modules.rmdir()


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}{_SUFFIX}")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Work:
    """What will change. Nothing has, until ``commit``."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.folder = project / _FOLDER
        self._new = self.folder / "new"
        self._old = self.folder / "old"
        self._journal = self.folder / "journal.json"
        self._folders: list[dict[str, Any]] = []
        self._files: list[tuple[Path, bytes]] = []

    def recover(self) -> bool:
        """Undo a run that was interrupted; returns whether there was one.

        Raises:
            ProjectError: the journal cannot be read.
        """
        found = is_interrupted(self.project)
        if found:
            try:
                journal = json.loads(self._journal.read_bytes())
            except (OSError, ValueError) as error:
                raise ProjectError(
                    f"{self._journal} cannot be read ({error}): remove node_modules "
                    "and run `napi add` to get it anew"
                ) from None
            self._undo(journal)
        shutil.rmtree(self._new, ignore_errors=True)
        shutil.rmtree(self._old, ignore_errors=True)
        return found

    def stage(self, location: str) -> Path:
        """A place for the new content of a folder below the project."""
        name = str(len(self._folders))
        self._folders.append({"target": location, "new": name})
        self._new.mkdir(exist_ok=True)
        return self._new / name

    def remove(self, location: str) -> None:
        """Take a folder away."""
        self._folders.append({"target": location, "new": None})

    def write(self, path: Path, text: str) -> None:
        """Give a file new content."""
        self._files.append((path.resolve(), text.encode()))

    def commit(self) -> None:
        """Make all the changes, or none.

        Raises:
            OSError: the disk refuses; all is as it was.
        """
        self._old.mkdir(exist_ok=True)
        journal: dict[str, Any] = {"folders": self._folders, "files": []}
        for number, each in enumerate(self._folders):
            there = os.path.lexists(self.project / each["target"])
            each["old"] = str(number) if there else None
        for number, (path, data) in enumerate(self._files):
            old = None
            if path.exists():
                old = f"file-{number}"
                shutil.copyfile(path, self._old / old)
            _write(_temporary(path), data, like=path)
            journal["files"].append(
                {"target": str(path), "old": old, "digest": _digest(data)}
            )
        _write(self.folder / "journal.new", json.dumps(journal).encode())
        os.replace(self.folder / "journal.new", self._journal)  # noqa: PTH105
        try:
            self._apply()
        except BaseException:
            self._undo(journal)
            raise
        self._journal.unlink()
        for each in self._folders:
            self._drop_empty((self.project / each["target"]).parent)

    def _apply(self) -> None:
        for each in self._folders:
            target = self.project / each["target"]
            if each["old"] is not None:
                target.rename(self._old / each["old"])
            if each["new"] is not None:
                target.parent.mkdir(parents=True, exist_ok=True)
                (self._new / each["new"]).rename(target)
        for path, _ in self._files:
            _temporary(path).replace(path)

    def _undo(self, journal: dict[str, Any]) -> None:
        """Back to what was; may itself be interrupted, and done again."""
        for each in journal["files"]:
            self._undo_file(Path(each["target"]), each["old"], each["digest"])
        for each in reversed(journal["folders"]):
            target = self.project / each["target"]
            new = self._new / (each["new"] or "removed")
            old = self._old / each["old"] if each["old"] is not None else None
            if old is not None and os.path.lexists(old):
                if os.path.lexists(target):
                    target.rename(new)
                target.parent.mkdir(parents=True, exist_ok=True)
                old.rename(target)
            elif old is None and os.path.lexists(target) and not new.exists():
                target.rename(new)
                self._drop_empty(target.parent)
        self._journal.unlink()

    def _undo_file(self, path: Path, old: str | None, digest: str) -> None:
        _temporary(path).unlink(missing_ok=True)
        try:
            changed = _digest(path.read_bytes()) == digest
        except FileNotFoundError:
            changed = False
        if not changed:  # not yet, or the user has edited it since
            return
        if old is None:
            path.unlink()
        else:
            _write(_temporary(path), (self._old / old).read_bytes(), like=path)
            _temporary(path).replace(path)

    def _drop_empty(self, folder: Path) -> None:
        """The scopes and the nested node_modules that nothing lies in any more."""
        while folder.name.startswith("@") or folder.name == "node_modules":
            if folder.parent == self.project:
                return
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent


def _write(path: Path, data: bytes, like: Path | None = None) -> None:
    """A file that is on the disk when this returns."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if like is not None and like.exists():
        shutil.copymode(like, path)
