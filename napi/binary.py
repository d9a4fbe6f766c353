"""Reads a ``.node`` file without loading it, and says why it could not be loaded.

dlopen() of a file that is truncated, that was built for another C library or for V8
can end the process. What can be known before is checked here; what only the dynamic
linker knows is put into words here afterwards.
"""

# No pathlib: importing it costs more than all that preflight does.
# ruff: noqa: PTH110, PTH113, PTH118, PTH120, PTH123

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from napi import elf, platform
from napi.errors import (
    ArchitectureError,
    BadBinaryError,
    LibcError,
    LoadError,
    MissingLibraryError,
    NeedsLibuvError,
    UnknownFunctionError,
    UnresolvedSymbolError,
    V8AddonError,
)

__all__ = [
    "Binary",
    "check",
    "demangle",
    "explain",
    "find_library",
    "inspect",
    "missing_libraries",
]

_SHOWN = 4  # names in a message
_ELF_MACHINES = {
    3: "ia32",
    8: "mips",
    20: "ppc",
    21: "ppc64",
    22: "s390x",
    40: "arm",
    62: "x64",
    183: "arm64",
    243: "riscv64",
    258: "loong64",
}
_MACH_MACHINES = {0x7: "ia32", 0x01000007: "x64", 0x0C: "arm", 0x0100000C: "arm64"}
_PE_MACHINES = {0x14C: "ia32", 0x8664: "x64", 0x1C4: "arm", 0xAA64: "arm64"}
_V8 = re.compile(r"_ZN?[KTVISZ]*(N[VK]*)?(2v8|4node|8v8_inspe)")
_NODE_API = ("napi_", "node_api_")


class Binary(NamedTuple):
    """What a ``.node`` file says about itself.

    Attributes:
        path: The file.
        format: ``elf``, ``macho`` or ``pe``.
        system: What it runs on, as npm names it: ``linux``, ``darwin``, ``win32``.
        machine: Its processor, as npm names it: ``x64``; several with a ``+``.
        libc: ``glibc``, ``musl``, ``bionic`` (Android), or empty where it does not say.
        glibc: The newest version of glibc it asks for: ``(2, 17)``; else empty.
        needed: Names of the libraries it needs.
        rpath: Where it looks for them, first of all, colon-separated.
        runpath: Where it looks for them after ``LD_LIBRARY_PATH``.
        undefined: Symbols that others must provide.
        weak: Symbols that others may provide.
        registration: Its defined symbols that make it an addon:
            ``napi_register_module_v1``, ``node_register_module_v115``...
        self_registers: A constructor of it calls ``napi_module_register``.
        bind_now: All its symbols are resolved when it is opened.
    """

    path: str
    format: str
    system: str
    machine: str
    libc: str = ""
    glibc: tuple[int, ...] = ()
    needed: tuple[str, ...] = ()
    rpath: str = ""
    runpath: str = ""
    undefined: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    registration: tuple[str, ...] = ()
    self_registers: bool = False
    bind_now: bool = False


def inspect(path: str | os.PathLike[str]) -> Binary:
    """Reads an addon without loading it.

    Args:
        path: A ``.node`` file of any platform.

    Returns:
        What it says about itself; of Mach-O and PE files only the platform.

    Raises:
        BadBinaryError: It is not a shared library, or is damaged.
        OSError: There is no such file, it may not be read, it is a directory.
    """
    name = os.fsdecode(path)
    descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        return _inspect(descriptor, name)
    except elf.MalformedError as error:
        raise BadBinaryError(
            f"{name!r} is a damaged shared library: {error}. Get the file again.",
            path=name,
        ) from None
    finally:
        os.close(descriptor)


def _inspect(descriptor: int, path: str) -> Binary:
    mode = os.fstat(descriptor).st_mode
    if mode & 0o170000 == 0o040000:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if mode & 0o170000 != 0o100000:
        raise BadBinaryError(f"{path!r} is not a regular file", path=path)
    head = os.pread(descriptor, 4096, 0)
    if head[:4] == b"\x7fELF":
        return _inspect_elf(descriptor, path)
    if head[:2] == b"MZ":
        return _inspect_pe(head, path)
    binary = _inspect_macho(head, path)
    if binary is None:
        raise BadBinaryError(
            f"{path!r} is not a native addon: {_describe(head)}", path=path
        )
    return binary


def _describe(head: bytes) -> str:
    """What a file that is no library looks like."""
    if not head:
        return "the file is empty"
    if head[:2] == b"\x1f\x8b" or head[:4] == b"PK\x03\x04":
        return "it is a compressed archive, unpack it first"
    if head.startswith(b"version https://git-lfs"):
        return "it is a pointer of Git LFS, run `git lfs pull`"
    if head.startswith(b"!<arch>"):
        return "it is a static library"
    if head[:4] == b"\0asm":
        return "it is WebAssembly"
    first = head.split(b"\n", 1)[0][:40].decode("utf-8", "replace")
    if first.isprintable():
        return f"it is text that begins with {first!r}"
    return f"it begins with the bytes {head[:8].hex(' ')}"


def _inspect_elf(descriptor: int, path: str) -> Binary:
    bits, little, code, _ = elf.read_header(descriptor)
    machine = _ELF_MACHINES.get(code, f"machine {code}")
    if machine == "ppc64" and not little:
        machine = "ppc64be"
    elif machine == "x64" and bits == 32:
        machine = "x32"
    if machine != platform.machine():
        return Binary(path, "elf", "linux", machine)
    return _summarise(elf.read(descriptor), path, machine)


def _summarise(file: elf.Elf, path: str, machine: str) -> Binary:
    strong = tuple(item.name for item in file.undefined if not item.weak)
    return Binary(
        path=path,
        format="elf",
        system="linux",
        machine=machine,
        libc=_libc_of(file),
        glibc=max(
            (
                _version(name)
                for names in file.versions.values()
                for name in names
                if name.startswith("GLIBC_")
            ),
            default=(),
        ),
        needed=file.needed,
        rpath="" if file.runpath else file.rpath,
        runpath=file.runpath,
        undefined=strong,
        weak=tuple(item.name for item in file.undefined if item.weak),
        registration=tuple(
            name
            for name in file.defined
            if name.startswith(("napi_register_module_v", "node_register_module_v"))
            or name == "node_api_module_get_api_version_v1"
        ),
        self_registers="napi_module_register" in strong,
        bind_now=file.bind_now,
    )


def _libc_of(file: elf.Elf) -> str:
    if {"libm.so", "libdl.so", "liblog.so"}.intersection(file.needed):
        return "bionic"  # of Android, whose libraries have no version
    for name in (file.interpreter.rpartition("/")[2], *file.needed):
        if name.startswith(("libc.musl-", "ld-musl-")) or name == "libc.so":
            return "musl"
        if name.startswith(("libc.so.", "ld-linux")):
            return "glibc"
    versions = {name for names in file.versions.values() for name in names}
    return "glibc" if any(name.startswith("GLIBC_") for name in versions) else ""


def _version(name: str) -> tuple[int, ...]:
    """GLIBC_2.17 -> (2, 17); private and ABI marks have no number."""
    parts = name.partition("_")[2].split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()


def _inspect_pe(head: bytes, path: str) -> Binary:
    at = int.from_bytes(head[0x3C:0x40], "little")
    if head[at : at + 4] != b"PE\0\0" or len(head) < at + 6:
        raise BadBinaryError(
            f"{path!r} begins like a Windows program, but is damaged", path=path
        )
    code = int.from_bytes(head[at + 4 : at + 6], "little")
    return Binary(path, "pe", "win32", _PE_MACHINES.get(code, f"machine {code:#x}"))


def _inspect_macho(head: bytes, path: str) -> Binary | None:
    magic = head[:4]
    if magic in (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"):
        codes = [int.from_bytes(head[4:8], "little")]
    elif (
        magic == b"\xca\xfe\xba\xbe"
        and len(head) > 7
        and 0 < head[7] < 20
        and head[4:7] == b"\0\0\0"
    ):
        # A Java class has its version here, which is never that small.
        slots = range(8, 8 + 20 * head[7], 20)
        codes = [int.from_bytes(head[at : at + 4], "big") for at in slots]
    else:
        return None
    names = [_MACH_MACHINES.get(code, f"machine {code:#x}") for code in codes]
    return Binary(path, "macho", "darwin", "+".join(dict.fromkeys(names)))


# === what the user is told ===


def demangle(symbol: str) -> str:
    """The qualified name in a mangled C++ symbol: ``v8::String::NewFromUtf8``.

    Arguments and template arguments are left out. What is not a mangled name of
    the Itanium C++ ABI comes back as it is.
    """
    match = re.match(r"_Z(?:T[VTISC])?(?:N[rVKRO]*)?", symbol)
    if match is None:
        return symbol
    names, at = [], match.end()
    while number := re.compile(r"\d{1,4}").match(symbol, at):
        end = number.end() + int(number.group())
        if end > len(symbol):
            return symbol
        names.append(symbol[number.end() : end])
        at = end
    special = symbol[at : at + 2]
    if names and re.fullmatch(r"[CD]\d", special):
        names.append(names[-1] if special[0] == "C" else f"~{names[-1]}")
    return "::".join(names) if names else symbol


def _list(names: Iterable[str]) -> str:
    """The first few names and the number of the others."""
    every = list(dict.fromkeys(names))
    shown = ", ".join(every[:_SHOWN])
    rest = len(every) - _SHOWN
    return f"{shown} and {rest} more" if rest > 0 else shown


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))


def _is_v8(symbol: str) -> bool:
    return symbol == "node_module_register" or _V8.match(symbol) is not None


def _is_unknown(symbol: str, known: frozenset[str]) -> bool:
    return symbol.startswith(_NODE_API) and symbol not in known


def check(binary: Binary, path: str, known: frozenset[str]) -> None:
    """Refuses an addon that this process could not load.

    A library that is missing is not looked for here: only the dynamic linker knows
    all the places where it looks, and its refusal is harmless. ``explain`` puts
    that into words.

    Args:
        binary: What ``inspect`` found.
        path: The file, for the messages.
        known: The names of all Node-API functions of this host.

    Raises:
        LoadError: The subclass says what is wrong.
    """
    _check_platform(binary, path)
    _check_libc(binary, path)
    _check_symbols(binary.undefined, binary, path, known)
    old = [n for n in binary.registration if n.startswith("node_register_module_v")]
    if old and not any(n.startswith("napi_register") for n in binary.registration):
        raise _v8_error(old, path)


def _check_platform(binary: Binary, path: str) -> None:
    here = platform.machine()
    if binary.system == platform.system() and here in binary.machine.split("+"):
        return
    built = f"{binary.system}-{binary.machine}"
    error = ArchitectureError(
        f"{path!r} was built for {built}, but this Python runs on "
        f"{platform.name()}: install the addon's build for {platform.name()}",
        path=path,
    )
    error.machine = built
    raise error


def _check_libc(binary: Binary, path: str) -> None:
    here, version = platform.libc(), platform.glibc_version() or ()
    available = f"{here} {_dotted(version)}".strip()
    if binary.libc and here and binary.libc != here:
        suffix = {"glibc": "gnu", "musl": "musl"}[here]
        raise _libc_error(
            f"{path!r} was built for {binary.libc}, but the C library of this Python "
            f"is {available}: install the addon's build for {here} "
            f"({platform.system()}-{platform.machine()}-{suffix})",
            path,
            binary.libc,
            available,
        )
    if version and binary.glibc > version:
        raise _too_old(_dotted(binary.glibc), path)


def _libc_error(message: str, path: str, required: str, available: str) -> LibcError:
    error = LibcError(message, path=path)
    error.required, error.available = required, available
    return error


def _too_old(wanted: str, path: str) -> LibcError:
    here = f"glibc {_dotted(platform.glibc_version() or ())}"
    return _libc_error(
        f"{path!r} needs glibc {wanted} or newer, but this system has {here}: use a "
        "newer system, an older release of the addon, or build it from source here",
        path,
        f"glibc {wanted}",
        here,
    )


def _check_symbols(
    symbols: Sequence[str], binary: Binary, path: str, known: frozenset[str]
) -> None:
    found = [name for name in symbols if _is_v8(name)]
    if found:
        raise _v8_error(found, path)
    found = [name for name in symbols if _is_unknown(name, known)]
    if found:
        raise UnknownFunctionError(
            f"{path!r} needs {_list(found)}: Node-API functions that this version of "
            "napi does not have. They are newer than it, or experimental ones that "
            "were removed: update napi, or use another release of the addon",
            path=path,
            symbols=found,
        )


def _v8_error(symbols: Sequence[str], path: str) -> V8AddonError:
    return V8AddonError(
        f"{path!r} is built on V8 or NAN, not on Node-API: it needs "
        f"{_list(map(demangle, symbols))}, which only Node itself has. Look for a "
        "Node-API (N-API, napi-rs, node-addon-api) build or a newer release of it",
        path=path,
        symbols=symbols,
    )


def find_library(name: str, binary: Binary) -> str | None:
    """Where the dynamic linker would find a library that an addon needs.

    Args:
        name: As the addon names it: ``libvips-cpp.so.42``.
        binary: The addon.

    Returns:
        A path, or the name itself where only the linker's cache knows the place;
        None if it is nowhere.
    """
    if "/" in name:
        return name if os.path.exists(name) else None
    origin = os.path.dirname(os.path.realpath(binary.path))
    given = os.environ.get("LD_LIBRARY_PATH", "").replace(";", ":")
    bits = "64" if sys.maxsize > 1 << 32 else ""
    for folders in (binary.rpath, given, binary.runpath, f"/lib{bits}:/usr/lib{bits}"):
        for folder in filter(None, folders.split(":")):
            folder = folder.replace("${ORIGIN}", "$ORIGIN").replace("$ORIGIN", origin)
            candidate = os.path.join(folder, name)
            if os.path.isfile(candidate):
                return candidate
    for known in ("/etc/ld.so.cache", "/proc/self/maps"):
        if _mentions(known, name):
            return name
    return None


def _mentions(path: str, name: str) -> bool:
    try:
        with open(path, "rb") as file:
            text = file.read(1 << 24)
    except OSError:
        return False
    wanted = rb"[/\0]" + re.escape(os.fsencode(name)) + rb"[\0\n]"
    return re.search(wanted, text) is not None


def missing_libraries(binary: Binary) -> tuple[str, ...]:
    """The libraries that an addon needs and that are nowhere to be found."""
    return tuple(name for name in binary.needed if not find_library(name, binary))


def explain(text: str, binary: Binary, path: str, known: frozenset[str]) -> LoadError:
    """Puts a refusal of the dynamic linker into words.

    Args:
        text: What dlerror() said.
        binary: What ``inspect`` found.
        path: The file.
        known: The names of all Node-API functions of this host.

    Returns:
        The error to raise; its message always ends with ``text`` where the
        reason is not one that is known here.
    """
    if found := re.search(r"(\S+): cannot open shared object file", text):
        return _missing(found.group(1), text, binary, path)
    if found := re.search(r"version [`'\"]GLIBC_([\d.]+)['\"] not found", text):
        return _too_old(found.group(1), path)
    if found := re.search(r"undefined symbol: ([^\s,]+)", text):
        symbol = found.group(1)
        try:
            _check_symbols([symbol], binary, path, known)
        except LoadError as error:
            return error
        if symbol.startswith("uv_"):
            return NeedsLibuvError(
                f"{path!r} calls {symbol}, which the libuv here does not have: name a "
                f"newer one in the variable NAPI_LIBUV ({text})",
                path=path,
                symbols=[symbol],
            )
        return UnresolvedSymbolError(
            f"{path!r} needs {demangle(symbol)}, and no library that it names "
            f"provides it: a library is missing or of another version ({text})",
            path=path,
            symbols=[symbol],
        )
    return LoadError(f"{path!r} cannot be loaded: {text}", path=path)


def _missing(first: str, text: str, binary: Binary, path: str) -> MissingLibraryError:
    names = tuple(dict.fromkeys((first, *missing_libraries(binary))))
    # A library that the addon does not name itself is one of its libraries' own.
    whose = "" if first in binary.needed else " (a library of its libraries)"
    error = MissingLibraryError(
        f"{path!r} needs {_list(names)}{whose}, not found here: install the package "
        "that has it (many addons ship it in a package of their own, to be put "
        "beside this one), or name its folder in LD_LIBRARY_PATH before Python "
        f"starts ({text})",
        path=path,
    )
    error.libraries = names
    return error
