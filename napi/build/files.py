"""A list of C and C++ files as a ``binding.gyp``, so that one way builds all."""

from __future__ import annotations

import os
import pprint
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from napi.build.errors import BuildError

__all__ = ["Settings", "locate", "write"]

StrPath = str | os.PathLike[str]
_SUFFIXES = frozenset((".c", ".cc", ".cpp", ".cxx", ".s", ".S"))
_NODE_ADDON_API = re.compile(rb'#\s*include\s*[<"]napi\.h[">]')


class Settings(NamedTuple):
    """What ``napi.build.build`` takes for a list of files."""

    name: str | None
    defines: Sequence[str]
    flags: Sequence[str]
    include_dirs: Sequence[StrPath]
    libraries: Sequence[str]


def _paths(source: StrPath | Sequence[StrPath]) -> list[Path]:
    listed = [source] if isinstance(source, (str, os.PathLike)) else source
    return [Path(one).absolute() for one in listed]


def locate(
    source: StrPath | Sequence[StrPath], out: StrPath | None, given: Settings
) -> tuple[Path | None, Path]:
    """The directory of the ``binding.gyp``, None for a list; the build directory.

    Raises:
        BuildError: A directory has no ``binding.gyp``, or a file is no source.
        FileNotFoundError: A source is not there.
        TypeError: Something for a list of files was given with a directory.
    """
    paths = _paths(source)
    if not paths:
        raise BuildError("there is nothing to build: name a directory or files")
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(2, os.strerror(2), str(path))
    folder = paths[0] if len(paths) == 1 and paths[0].is_dir() else None
    if folder is None and paths[0].name == "binding.gyp" and len(paths) == 1:
        folder = paths[0].parent
    if folder is None:
        for path in paths:
            if path.suffix not in _SUFFIXES:
                raise BuildError(f"{path} is neither C nor C++")
        return None, Path(out or "build").absolute()
    if not (folder / "binding.gyp").is_file():
        raise BuildError(
            f"{folder} has no binding.gyp: is the addon made with another tool, or its "
            "source not in the package? A list of C and C++ files can be built too"
        )
    for field, value in given._asdict().items():
        if value:
            raise TypeError(f"{field}= is for a list of files, not for a binding.gyp")
    return folder.resolve(), Path(out or folder / "build").resolve()


def _needs_node_addon_api(paths: Sequence[Path]) -> bool:
    return any(_NODE_ADDON_API.search(path.read_bytes()) for path in paths)


def _target(name: str, paths: Sequence[Path], root: Path, given: Settings) -> Any:
    include_dirs = [str(Path(one).absolute()) for one in given.include_dirs]
    target: dict[str, Any] = {
        "target_name": name,
        "sources": [f"source/{path.relative_to(root)}" for path in paths],
        "defines": list(given.defines),
        "cflags_c": list(given.flags),  # after the defaults, which they may undo
        "cflags_cc": list(given.flags),
        "ldflags": [one for one in given.flags if one.startswith("-fsanitize")],
        "include_dirs": include_dirs,
        "libraries": list(given.libraries),
    }
    if _needs_node_addon_api(paths):
        target["cflags!"] = target["cflags_cc!"] = ["-fno-exceptions"]
        target["defines"].append("NAPI_CPP_EXCEPTIONS")
        include_dirs.append("<!(node -p \"require('node-addon-api').include_dir\")")
    return target


def write(source: StrPath | Sequence[StrPath], out: Path, given: Settings) -> Path:
    """Writes a ``binding.gyp`` for the files.

    Objects are put by the paths of their sources, which therefore have to be below
    the ``binding.gyp``: a link to their common directory is.

    Returns:
        Its directory.
    """
    paths = _paths(source)
    name = given.name or paths[0].stem
    root = Path(os.path.commonpath([path.parent for path in paths]))
    folder = out / ".napi" / "lists" / name
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "source"
    if not link.is_symlink() or link.readlink() != root:
        link.unlink(missing_ok=True)
        link.symlink_to(root)
    text = pprint.pformat({"targets": [_target(name, paths, root, given)]}) + "\n"
    file = folder / "binding.gyp"
    if not file.exists() or file.read_text("utf-8") != text:
        file.write_text(text, "utf-8")
    return folder
