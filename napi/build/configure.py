"""Turns a ``binding.gyp`` into files for ninja: what ``node-gyp configure`` does.

gyp-next reads the file, resolves its variables, conditions and dependencies, and
writes ``build.ninja``. It keeps state in the process and changes directories, so it
runs in a child process, in which the program ``node`` is ``napi run``.

Source: the input format reference of GYP, and "addon.gypi" of node-gyp for the
variables that a file may ask for.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from napi import platform
from napi.build.errors import BuildError
from napi.js.host._launcher import launcher_text
from napi.runtime import napi_version

__all__ = ["PRIVATE", "configure", "environment", "headers"]

#: The directory in the build directory for what is ours.
PRIVATE = ".napi"
_HERE = Path(__file__).resolve().parent
# As the error of `require` or `import` names it; paths are no packages.
_ABSENT = re.compile(
    r"Cannot find (?:module|package) '((?:@[^/'\s]+/)?[^/'.\s][^/'\s]*)"
)


def headers() -> Path:
    """The directory of ``node_api.h`` and its siblings.

    Raises:
        BuildError: They are neither in the package nor beside it.
    """
    package = _HERE.parent
    for place in (package / "include", package.parent / "include"):
        if (place / "node_api.h").exists():
            return place
    raise BuildError(f"the headers of Node-API are not in {package / 'include'}")


def _link(path: Path, target: Path) -> None:
    """A symbolic link, put there whatever was."""
    if path.is_symlink() and path.readlink() == target:
        return
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def prepare(out: Path, extra: Path | None) -> Path:
    """Lays out what a build finds: ``include/node`` and the program ``node``.

    Args:
        out: The build directory.
        extra: A directory with more headers, such as ``uv.h``.

    Returns:
        The directory that stands for the one where Node would be installed.
    """
    private = out / PRIVATE
    include, programs = private / "include" / "node", private / "bin"
    include.mkdir(parents=True, exist_ok=True)
    programs.mkdir(exist_ok=True)
    wanted = dict(_extra_headers(extra)) if extra is not None else {}
    wanted |= {path.name: path for path in headers().glob("*.h")}
    for path in include.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, target in wanted.items():
        _link(include / name, target)
    script = programs / "node"
    text = launcher_text()
    if not script.exists() or script.read_text("utf-8") != text:
        script.write_text(text, "utf-8")
        script.chmod(script.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return private


def _extra_headers(folder: Path) -> dict[str, Path]:
    """All of the directory that has ``uv.h``: itself, include/ or include/node/."""
    for place in (folder, folder / "include", folder / "include" / "node"):
        if (place / "uv.h").is_file():
            return {path.name: path.resolve() for path in place.iterdir()}
    raise BuildError(f"--headers {folder}: there is no uv.h in it, nor in its include/")


def environment(private: Path) -> dict[str, str]:
    """The environment of what runs during a build: ``node`` is ours."""
    made = dict(os.environ)
    made["PATH"] = f"{private / 'bin'}{os.pathsep}{made.get('PATH', os.defpath)}"
    made["PYTHONDONTWRITEBYTECODE"] = "1"
    if "NAPI_SANITIZE" in made:
        # `napi test`: the addon is for a sanitizer, the compiler runs without it.
        made.pop("LD_PRELOAD", None)
    return made


def _declared(folder: Path) -> dict[str, str]:
    """What node-pre-gyp passes: "binary" of package.json, filled in."""
    try:
        described = json.loads((folder / "package.json").read_text("utf-8"))
        binary = described.get("binary", {})
        names = {key: str(binary[key]) for key in ("module_name", "module_path")}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}
    versions = binary.get("napi_versions") or [napi_version]
    usable = [int(one) for one in versions if int(one) <= napi_version]
    filled = {
        "arch": platform.machine(),
        "configuration": "Release",
        "libc": platform.libc(),
        "module_name": names["module_name"],
        "name": str(described.get("name", "")),
        "napi_build_version": str(max(usable, default=napi_version)),
        "node_napi_label": f"napi-v{max(usable, default=napi_version)}",
        "platform": platform.system(),
        "version": str(described.get("version", "")),
    }
    for key, value in filled.items():
        names = {
            name: text.replace(f"{{{key}}}", value) for name, text in names.items()
        }
    path = str((folder / names["module_path"]).resolve())
    return {
        "module_name": names["module_name"],
        "module_path": path,
        "module": f"{path}/{names['module_name']}.node",
        "napi_build_version": filled["napi_build_version"],
    }


def _variables(
    folder: Path, private: Path, debug: bool, given: Mapping[str, str]
) -> dict[str, str]:
    machine = platform.machine()
    return {
        "build_type": "Debug" if debug else "Release",
        "host_arch": machine,
        "target_arch": machine,
        "module_root_dir": str(folder),
        "napi_build_version": str(napi_version),
        "napi_version": str(napi_version),
        "node_gyp_dir": str(private),
        "node_lib_file": "",
        "node_root_dir": str(private),
        "nodedir": str(private),
        **_declared(folder),
        **given,
    }


def _root(folder: Path) -> Path:
    """Where gyp runs: objects are put by their sources' paths from there.

    ``../node_modules`` leads into the build directory still; from higher up it would
    lead out of it.
    """
    for parent in folder.parents[2:]:
        if (parent / "node_modules").is_dir():
            return parent
    return folder


def configure(
    folder: Path,
    out: Path,
    *,
    debug: bool = False,
    extra: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> Path:
    """Writes the files for ninja.

    Args:
        folder: The directory of ``binding.gyp``.
        out: The build directory.
        debug: Whether ``Debug`` is the configuration that will be built.
        extra: A directory with more headers, such as ``uv.h``.
        variables: More variables for gyp, before those of the file.

    Returns:
        The directory of ``build.ninja`` for the configuration.

    Raises:
        BuildError: The file cannot be understood; the message says what it asks.
    """
    private = prepare(out, extra)
    given = _variables(folder, private, debug, variables or {})
    command = (
        [sys.executable, "-P"] if sys.version_info >= (3, 11) else [sys.executable]
    )
    command += ["-c", "from napi.build.configure import run; run()"]
    command += [f"-D{name}={value}" for name, value in given.items()]
    command += ["-I", _settings(private, given, variables or {})]
    command += ["--generator-output", str(out)]
    root = _root(folder)
    command.append(os.path.relpath(folder / "binding.gyp", root))
    surroundings = environment(private)
    path = [str(_HERE.parent.parent), surroundings.get("PYTHONPATH", "")]
    surroundings["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    done = subprocess.run(
        command, cwd=root, env=surroundings, capture_output=True, text=True
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        advice = _advise(said)
        raise BuildError(f"{folder / 'binding.gyp'} cannot be used{advice}:\n{said}")
    return out / ("Debug" if debug else "Release")


def _advise(said: str) -> str:
    """What to do about a package that a script of the file did not find."""
    absent = _ABSENT.search(said)
    if absent is None:
        return ""
    if absent[1] == "nan":
        return (
            ": the addon is not made for Node-API, NaN wraps the C++ API of V8; only "
            "Node has that"
        )
    return f": it asks for the package {absent[1]}, `napi add {absent[1]}` brings it"


def _settings(
    private: Path, given: Mapping[str, str], variables: Mapping[str, str]
) -> str:
    """An included file, as node-gyp's config.gypi: it overrides what a file sets."""
    chosen = {"napi_build_version": given["napi_build_version"], **variables}
    path = private / "settings.gypi"
    path.write_text(json.dumps({"variables": chosen}), "utf-8")
    return str(path)


def run() -> None:
    """In the child: gyp-next, with the arguments of this process."""
    try:
        gyp = import_module("gyp")
    except ImportError as error:
        sys.exit(f"{error}: `pip install napi[build]` brings gyp-next")
    arguments = ["--format=ninja", "--depth=.", "--no-parallel"]
    arguments += ["-I", str(_HERE / "defaults.gypi"), "-Goutput_dir=."]
    try:
        status = gyp.gyp_main([*arguments, *sys.argv[1:]])
    except (gyp.GypError, SyntaxError) as error:
        sys.exit(str(error))
    except Exception as error:
        # gyp appends where it was to the errors of Python that a bad file causes.
        sys.exit(f"{type(error).__name__}: {error}")
    sys.exit(status)
