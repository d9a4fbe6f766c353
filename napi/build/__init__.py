"""Compiles an addon without Node and without node-gyp.

A directory with a ``binding.gyp``, or a list of C and C++ files, becomes ``.node``
files: gyp-next reads the one, ninja runs the compiler, ``include/`` of this package
are the headers. ``pip install napi[build]`` brings both.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from napi.build.errors import BuildError

__all__ = ["BuildError", "build"]

StrPath = str | os.PathLike[str]


@contextlib.contextmanager
def _alone(out: Path) -> Iterator[None]:
    """One build at a time in a directory: another one waits."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def build(
    source: StrPath | Sequence[StrPath] = ".",
    *,
    out: StrPath | None = None,
    debug: bool = False,
    name: str | None = None,
    defines: Sequence[str] = (),
    flags: Sequence[str] = (),
    include_dirs: Sequence[StrPath] = (),
    libraries: Sequence[str] = (),
    headers: StrPath | None = None,
    variables: Mapping[str, str] | None = None,
    targets: Sequence[str] = (),
    jobs: int | None = None,
    clean: bool = False,
    verbose: bool = False,
    progress: Callable[[str], None] | None = None,
) -> list[Path]:
    """Compiles an addon; what is up to date is not compiled again.

    Source: the input format reference of GYP for ``binding.gyp``.

    Args:
        source: A directory with a ``binding.gyp``, or C and C++ files.
        out: The build directory; ``build`` in the directory, or, for a list of
            files, in the current one.
        debug: Without optimisation and with symbols, in ``Debug``, not ``Release``.
        name: Of the addon, for a list of files: that of the first one without it.
        defines: Macros, ``NAME`` or ``NAME=VALUE``, for a list of files.
        flags: For the compiler, for a list of files.
        include_dirs: More directories with headers, for a list of files.
        libraries: What to link, ``-lz`` or a path, for a list of files.
        headers: A directory with ``uv.h``, where the system has none.
        variables: For the ``binding.gyp``: ``{"openssl_fips": ""}``.
        targets: The names of the targets to build; all without them.
        jobs: How many compilers run at once.
        clean: Compile all again.
        verbose: Report whole commands.
        progress: Called with each line about what is done.

    Returns:
        The ``.node`` files.

    Raises:
        BuildError: Something is missing, not understood or does not compile; the
            message has the compiler's words.
        FileNotFoundError: A source is not there.
        TypeError: Something for a list of files was given with a directory.
    """
    from napi.build import compile, configure, files

    given = files.Settings(name, defines, flags, include_dirs, libraries)
    folder, place = files.locate(source, out, given)
    with _alone(place):
        if clean:
            for inner in ("Debug", "Release", configure.PRIVATE):
                shutil.rmtree(place / inner, ignore_errors=True)
        if folder is None:
            folder = files.write(source, place, given)
        extra = None if headers is None else Path(headers).resolve()
        directory = configure.configure(
            folder, place, debug=debug, extra=extra, variables=variables
        )
        surroundings = configure.environment(place / configure.PRIVATE)
        made = compile.outputs(directory, surroundings)
        compile.compile(
            directory,
            surroundings,
            targets=targets,
            jobs=jobs,
            verbose=verbose,
            progress=progress,
        )
    if targets:
        made = [path for path in made if path.stem in targets]
    if not made:
        raise BuildError(f"{folder / 'binding.gyp'} has no target that is an addon")
    return made
