"""What can be known about an addon without loading it, for ``napi inspect``.

``napi.inspect`` reads what decides whether a file can be loaded here. This is the
longer account: any platform, who built it, which functions it uses, what stands beside
it. LIEF reads the file, in a child process.
"""

# ruff: noqa: PTH100, PTH118, PTH120, PTH208

from __future__ import annotations

import csv
import errno
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from napi import binary, platform, policy
from napi.errors import BadBinaryError, LoadError

__all__ = ["Export", "Library", "Report", "exports_of", "report"]

_TIMEOUT = 120
_SYSTEMS = {"elf": "linux", "macho": "darwin", "pe": "win32"}
_MACHINES = {
    "X86_64": "x64",
    "AMD64": "x64",
    "AARCH64": "arm64",
    "ARM64": "arm64",
    "ARM64EC": "arm64",
    "ARM": "arm",
    "ARMNT": "arm",
    "I386": "ia32",
    "X86": "ia32",
    "PPC64": "ppc64",
    "S390": "s390x",
    "RISCV": "riscv64",
    "LOONGARCH": "loong64",
}
_LISTED = ("GLIBCXX", "CXXABI", "GCC")


@dataclass(frozen=True)
class Library:
    """A shared library that an addon needs.

    Attributes:
        name: As the addon names it: ``libstdc++.so.6``.
        found: Where it is on this machine; empty if it is not, or if the addon is for
            another one.
    """

    name: str
    found: str


@dataclass(frozen=True)
class Export:
    """What an addon exports, as seen after loading it.

    Attributes:
        name: Its name; with dots for what is in an object: ``ns.name``.
        kind: ``function``, ``class``, ``number``...
        detail: The number of parameters, the methods of a class, the value.
    """

    name: str
    kind: str
    detail: str


@dataclass(frozen=True)
class Report:
    """What a ``.node`` file says about itself.

    Attributes:
        path: The file.
        size: Its length in bytes.
        format: ``elf``, ``macho`` or ``pe``.
        system: What it runs on, as npm names it: ``linux``.
        machines: Its processors, as npm names them: ``x64``.
        bits: 32 or 64.
        libc: ``glibc 2.17``, ``musl``, ``macOS 11.0``; the oldest that will do.
        floors: The newest version of other families of symbols that it needs:
            ``GLIBCXX`` -> ``3.4.21``.
        made_with: What it was made with, as far as that can be told.
        registration: How it registers: ``napi_register_module_v1``, a constructor...
        api_version: The version of Node-API that it declares; None if it does not,
            which means 8.
        functions: The Node-API functions that it imports, with the version that
            introduced each.
        by_name: Functions that it may look up by name while it runs.
        unknown: Functions of Node-API that this host does not have.
        libuv: The functions of libuv that it needs.
        v8: The symbols of V8 and Node's C++ classes that it needs.
        libraries: The shared libraries that it needs.
        siblings: Other binaries in the same folder.
        exports: What it exports; None if it was not loaded.
        here: Whether it is for this system and processor.
        loadable: Whether nothing speaks against loading it here.
        verdict: The same in one line, with the reason.
    """

    path: str
    size: int
    format: str
    system: str
    machines: tuple[str, ...]
    bits: int
    libc: str
    floors: Mapping[str, str]
    made_with: tuple[str, ...]
    registration: str
    api_version: int | None
    functions: Mapping[str, str]
    by_name: tuple[str, ...]
    unknown: tuple[str, ...]
    libuv: tuple[str, ...]
    v8: tuple[str, ...]
    libraries: tuple[Library, ...]
    siblings: tuple[str, ...]
    here: bool
    loadable: bool
    verdict: str
    exports: tuple[Export, ...] | None = field(default=None)

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        return asdict(self)


@cache
def ledger() -> dict[str, str]:
    """The functions of this host, and the version that introduced each."""
    path = os.path.join(os.path.dirname(__file__), "symbols.csv")
    with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123
        return {row["name"]: row["since"] for row in csv.DictReader(file)}


def _child(module: str, path: str, text: str = "") -> str:
    """Runs a module of this package on a file, and gives what it printed.

    Raises:
        BadBinaryError: The child died, or took too long.
    """
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    given = os.environ.get("PYTHONPATH")
    environ = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (home, given))),
        # The child runs elsewhere, where it would not find them.
        policy.VARIABLE: os.pathsep.join(policy.files(os.path.realpath(path))),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, os.path.abspath(path)],
            input=text,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIMEOUT,
            cwd=home,
            env=environ,
        )
    except subprocess.TimeoutExpired:
        what = f"gave no answer for {_TIMEOUT} seconds"
    else:
        if done.returncode == 0:
            return done.stdout
        last = (done.stderr.strip().splitlines() or [""])[-1]
        number = -done.returncode
        what = f"was ended by signal {number}" if number > 0 else f"failed: {last}"
    raise BadBinaryError(f"{path!r}: what looked at it {what}", path=path)


def _read(path: str) -> dict[str, Any]:
    text = _child("napi.inspect_lief", path, "\n".join(ledger()))
    try:
        found = json.loads(text)
    except ValueError:
        found = {"error": "what looked at it gave no answer"}
    if "missing" in found:
        raise LoadError(
            f"reading {path!r} needs the Python package {found['missing']}: "
            "pip install 'napi[packages]'",
            path=path,
        )
    if "error" in found:
        raise BadBinaryError(f"{path!r}: {found['error']}", path=path)
    return dict(found)


def _newest(names: Sequence[str], family: str) -> str:
    versions = [
        tuple(map(int, match[1].split(".")))
        for name in names
        if (match := re.fullmatch(rf"{family}_([\d.]*\d)", name))
    ]
    return ".".join(map(str, max(versions))) if versions else ""


def _libc(found: Mapping[str, Any], names: Sequence[str]) -> str:
    if found["format"] == "macho":
        return f"macOS {found['minimum']}" if found.get("minimum") else ""
    if found["format"] == "pe":
        return ""
    needed = {*found["needed"], os.path.basename(found["interpreter"])}  # noqa: PTH119
    if any(name.startswith(("libc.musl-", "ld-musl-")) for name in needed):
        return "musl"
    if "liblog.so" in needed or ("libc.so" in needed and "libdl.so" in needed):
        return "bionic (Android)"
    if "libc.so" in needed:
        return "musl"
    version = _newest(names, "GLIBC")
    return f"glibc {version}".strip() if version or "libc.so.6" in needed else ""


def _registration(found: Mapping[str, Any]) -> str:
    defined = found["defined"]
    for name in defined:
        if re.fullmatch(r"napi_register_module_v\d+", name):
            return str(name)
    for name in defined:
        if re.fullmatch(r"node_register_module_v\d+", name):
            return f"{name} (for one version of V8)"
    if "napi_module_register" in found["undefined"]:
        return "a constructor that calls napi_module_register"
    if "node_module_register" in found["undefined"]:
        return "a constructor that calls node_module_register (for V8)"
    return "none"


def _made_with(found: Mapping[str, Any]) -> tuple[str, ...]:
    made = [f"{name} {version}".strip() for name, version in found["made_with"].items()]
    return tuple(dict.fromkeys((*made, *found.get("producers", ()))))


def _siblings(path: str) -> tuple[str, ...]:
    folder = os.path.dirname(os.path.abspath(path))
    ending = re.compile(r"\.(node|so(\.\d+)*|dylib|dll|bare|wasm)$")
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return ()
    own = os.path.basename(path)  # noqa: PTH119
    return tuple(name for name in names if ending.search(name) and name != own)


def _libraries(path: str, found: Mapping[str, Any], here: bool) -> tuple[Library, ...]:
    try:
        addon = binary.inspect(path) if here else None
    except LoadError:  # preflight looks closer
        addon = None
    return tuple(
        Library(name, (addon and binary.find_library(name, addon)) or "")
        for name in found["needed"]
    )


def _verdict(path: str, known: frozenset[str]) -> tuple[bool, str]:
    """What the loader's own preflight says, in one line."""
    try:
        addon = binary.inspect(path)
        binary.check(addon, path, known)
    except LoadError as error:
        return False, "cannot be loaded: " + str(error).replace(f"{path!r} ", "it ", 1)
    missing = binary.missing_libraries(addon)
    if missing:
        return False, f"cannot be loaded: {', '.join(missing)} not found here"
    starts = any(name.startswith("napi_register") for name in addon.registration)
    if not starts and not addon.self_registers:
        return False, "is a library, but registers no module: it is no addon"
    return True, f"can be loaded on {platform.name()}"


def _size(path: str) -> int:
    """The length of a file; opens it, so that it is known that it can be read."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        found = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not stat.S_ISREG(found.st_mode):
        raise BadBinaryError(f"{path!r} is not a regular file", path=path)
    return found.st_size


def report(path: str | os.PathLike[str], *, load: bool = False) -> Report:
    """Looks at an addon of any platform.

    Args:
        path: A ``.node`` file.
        load: Load it, too, if nothing speaks against that, in a child process, and
            list what it exports.

    Returns:
        All that it says.

    Raises:
        BadBinaryError: It is no library, or is damaged.
        LoadError: LIEF is not installed; with ``load``, it cannot be loaded.
        OSError: There is no such file, or it may not be read.
    """
    name = os.fsdecode(path)
    size = _size(name)
    found = _read(name)
    known = ledger()
    needed = [*found["undefined"], *found["weak"]]
    functions = {it: known[it] for it in sorted(needed) if it in known}
    versions = [item for items in found.get("versions", {}).values() for item in items]
    machines = tuple(
        _MACHINES.get(item, item.lower()) for item in dict.fromkeys(found["machines"])
    )
    system = _SYSTEMS[found["format"]]
    here = system == platform.system() and platform.machine() in machines
    by_name = found["named"] if {"dlsym", "GetProcAddress"} & {*needed} else ()
    loadable, verdict = _verdict(name, frozenset(known))
    return Report(
        path=name,
        size=size,
        format=found["format"],
        system=system,
        machines=machines,
        bits=found["bits"],
        libc=_libc(found, versions),
        floors={it: text for it in _LISTED if (text := _newest(versions, it))},
        made_with=_made_with(found),
        registration=_registration(found),
        api_version=found.get("api_version"),
        functions=functions,
        by_name=tuple(it for it in by_name if it not in functions),
        unknown=tuple(
            it
            for it in found["undefined"]
            if it.startswith(("napi_", "node_api_")) and it not in known
        ),
        libuv=tuple(it for it in found["undefined"] if it.startswith("uv_")),
        v8=tuple(binary.demangle(it) for it in found["undefined"] if binary._is_v8(it)),
        libraries=_libraries(name, found, here),
        siblings=_siblings(name),
        loadable=loadable,
        verdict=verdict,
        here=here,
        exports=exports_of(name) if load and loadable else None,
    )


def exports_of(path: str) -> tuple[Export, ...]:
    """What an addon exports. It is loaded for that, in a child process.

    Raises:
        LoadError: It cannot be loaded.
    """
    try:
        found = json.loads(_child("napi.inspect_exports", path))
    except ValueError:
        raise BadBinaryError(f"{path!r} ended the process", path=path) from None
    if "error" in found:
        raise LoadError(found["error"], path=path)
    return tuple(Export(*item) for item in found["exports"])
