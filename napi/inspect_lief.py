"""Reads a library of any platform with LIEF, in a process of its own.

``python -m napi.inspect_lief FILE`` prints what was read as JSON. A hostile file may
crash a parser that is written in C++, or keep it busy for ever: here that ends a
child, which has limits, and not the program that asked.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

__all__ = ["describe", "main"]

_MEMORY = 4 << 30
_SECONDS = 60
_LONGEST = 512  # characters of one name
_MOST_NAMES = 200_000
_VERSION_SYMBOL = "node_api_module_get_api_version_v1"
_TEXTS = {
    # What -> a text in the file that tells it, with the version if there is one.
    "napi-rs": rb"[\\/]napi-(\d+\.\d+\.\d+[\w.-]*)[\\/]src",
    "neon": rb"[\\/]neon-(\d+\.\d+\.\d+[\w.-]*)[\\/]src",
    "node-bindgen": rb"[\\/]nj-core-(\d+\.\d+\.\d+[\w.-]*)[\\/]src",
    "Rust": rb"[\\/]rustc[\\/]([0-9a-f]{8})[0-9a-f]{32}",
    "Go": rb"\xff Go buildinf:",
    "Zig": rb"zig[\\/]lib[\\/]std[\\/]",
    "node-addon-api": rb"N4Napi|\.\?AVError@Napi@@|Napi::Error",
    "NAN": rb"N3Nan|_ZN3Nan",
}


def _names(items: Any) -> list[str]:
    """Names of symbols, none twice, none endless."""
    found: dict[str, None] = {}
    for item in items:
        name = str(item)
        if name:
            found[name[:_LONGEST]] = None
        if len(found) >= _MOST_NAMES:
            break
    return list(found)


def _word(value: Any) -> str:
    return str(value).rpartition(".")[2]


def _elf(binary: Any) -> dict[str, Any]:
    undefined: list[str] = []
    weak: list[str] = []
    defined: list[str] = []
    for symbol in binary.dynamic_symbols:
        if symbol.shndx == 0:
            kind = weak if _word(symbol.binding) == "WEAK" else undefined
            kind.append(symbol.name)
        else:
            defined.append(symbol.name)
    versions = {
        str(need.name): _names(item.name for item in need.get_auxiliary_symbols())
        for need in binary.symbols_version_requirement
    }
    entries = {_word(entry.tag): entry for entry in binary.dynamic_entries}
    rpath, runpath = entries.get("RPATH"), entries.get("RUNPATH")
    soname = entries.get("SONAME")
    comment = binary.get_section(".comment")
    texts = bytes(comment.content) if comment is not None else b""
    return {
        "format": "elf",
        "machine": _word(binary.header.machine_type),
        "bits": 32 if _word(binary.header.identity_class) == "ELF32" else 64,
        "little": _word(binary.header.identity_data) == "LSB",
        "kind": _word(binary.header.file_type),
        "interpreter": str(binary.interpreter) if binary.has_interpreter else "",
        "needed": _names(binary.libraries),
        "rpath": str(rpath.rpath) if rpath is not None else "",
        "runpath": str(runpath.runpath) if runpath is not None else "",
        "soname": str(soname.name) if soname is not None else "",
        "undefined": _names(undefined),
        "weak": _names(weak),
        "defined": _names(defined),
        "versions": versions,
        "producers": [
            text.decode("utf-8", "replace").strip()[:_LONGEST]
            for text in texts.split(b"\0")
            if text.strip()
        ],
        "stripped": not binary.has_section(".symtab"),
    }


def _macho(binary: Any) -> dict[str, Any]:
    minimum = ""
    for name in ("build_version", "version_min"):
        command = getattr(binary, name, None)
        if command is not None:
            version = command.minos if name == "build_version" else command.version
            minimum = ".".join(map(str, version))
            break
    imported = [_without_underscore(it.name) for it in binary.imported_symbols]
    exported = [_without_underscore(it.name) for it in binary.exported_symbols]
    # Older linkers list what is exported in the table of symbols alone.
    exported += [
        _without_underscore(it.name)
        for it in binary.symbols
        if it.name.startswith(("_napi_register", "_node_register", "_node_api_module"))
    ]
    return {
        "format": "macho",
        "machine": _word(binary.header.cpu_type),
        "bits": 64 if _word(binary.header.magic).endswith("64") else 32,
        "little": True,
        "kind": _word(binary.header.file_type),
        "needed": _names(it.name for it in binary.libraries),
        "undefined": _names(imported),
        "weak": [],
        "defined": _names(exported),
        "minimum": minimum,
    }


def _without_underscore(name: Any) -> str:
    text = str(name)
    return text[1:] if text.startswith("_") else text


def _pe(binary: Any) -> dict[str, Any]:
    libraries: list[str] = []
    imported: list[str] = []
    for table in (binary.imports, binary.delay_imports):
        for library in table:
            libraries.append(str(library.name))
            imported += [str(entry.name) for entry in library.entries]
    export = binary.get_export() if binary.has_exports else None
    names = [entry.name for entry in export.entries] if export is not None else []
    linker = binary.optional_header
    version = f"{linker.major_linker_version}.{linker.minor_linker_version}"
    return {
        "format": "pe",
        "machine": _word(binary.header.machine),
        "bits": 64 if _word(linker.magic) == "PE32_PLUS" else 32,
        "little": True,
        "kind": "DLL",
        "needed": _names(libraries),
        "undefined": _names(imported),
        "weak": [],
        "defined": _names(names),
        "producers": [f"linker {version}"],
    }


def _address(binary: Any, form: str) -> int | None:
    """Where the function is that tells the Node-API version."""
    if form == "elf":
        symbol = binary.get_dynamic_symbol(_VERSION_SYMBOL)
        return int(symbol.value) if symbol is not None and symbol.value else None
    if form == "macho":
        for symbol in binary.symbols:
            if symbol.name == f"_{_VERSION_SYMBOL}":
                return int(symbol.value)
        return None
    export = binary.get_export() if binary.has_exports else None
    for entry in export.entries if export is not None else ():
        if entry.name == _VERSION_SYMBOL:
            return int(entry.address)
    return None


def api_version(code: bytes) -> int | None:
    """The constant that a function returns, if that is all that it does.

    Args:
        code: Its machine code, x86 or ARM64.
    """
    found = re.match(
        rb"(?:\xf3\x0f\x1e[\xfa\xfb])?(?:\x55\x48\x89\xe5|\x55\x89\xe5)?"
        rb"\xb8(.{4})(?:\x5d)?(?:\xc3|\xe9|\xcc)",
        code,
        re.S,
    )
    if found:
        return int.from_bytes(found[1], "little")
    words = [int.from_bytes(code[at : at + 4], "little") for at in range(0, 16, 4)]
    for index, word in enumerate(words[:-1]):
        # movz w0, #n; before it only what marks the target of a branch.
        if word & 0xFFE0001F == 0x52800000 and 0xD65F03C0 in words[index + 1 :]:
            return (word >> 5) & 0xFFFF
    return None


def _read_with_lief(path: str) -> dict[str, Any]:
    import lief

    lief.logging.disable()
    readers: dict[type, tuple[str, Callable[[Any], dict[str, Any]]]] = {
        lief.ELF.Binary: ("elf", _elf),
        lief.MachO.Binary: ("macho", _macho),
        lief.PE.Binary: ("pe", _pe),
    }
    binaries: list[Any] = [lief.parse(path)]
    if lief.is_macho(path):
        fat = lief.MachO.parse(path)
        binaries = list(fat) if fat is not None else []
    if not binaries or type(binaries[0]) not in readers:
        return {"error": "it is no library of Linux, macOS or Windows"}
    form, read = readers[type(binaries[0])]
    found = read(binaries[0])
    if not (found["undefined"] or found["weak"] or found["defined"]):
        return {"error": "it is damaged, or no shared library: it has no symbols"}
    found["machines"] = [_machine_of(item, form) for item in binaries]
    address = _address(binaries[0], form)
    if address:
        code = bytes(binaries[0].get_content_from_virtual_address(address, 16))
        found["api_version"] = api_version(code.ljust(16, b"\0"))
    return found


def _machine_of(binary: Any, form: str) -> str:
    header = binary.header
    if form == "elf":
        return _word(header.machine_type)
    return _word(header.cpu_type if form == "macho" else header.machine)


def _texts(path: str, names: list[str]) -> Iterator[tuple[str, Any]]:
    """What the bytes of the file tell: who made it, and which functions it names."""
    with (
        Path(path).open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        made: dict[str, str] = {}
        for name, pattern in _TEXTS.items():
            match = re.search(pattern, data)
            if match:
                version = match[1] if match.re.groups else b""
                made[name] = version.decode("ascii", "replace")
        yield "made_with", made
        longest_first = sorted(names, key=len, reverse=True)
        wanted = b"|".join(re.escape(name.encode()) for name in longest_first)
        matches = re.finditer(wanted, data)
        yield "named", sorted({match[0].decode() for match in matches})


def describe(path: str, names: list[str]) -> dict[str, Any]:
    """Everything about a library, for ``main``.

    Args:
        path: The file.
        names: The functions that are looked for in its texts.
    """
    found = _read_with_lief(path)
    if "error" not in found:
        found.update(_texts(path, names))
    return found


def _limit() -> None:
    """A file that would need more is not one that anybody loads."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Describes the file of ``sys.argv``, and prints that as JSON.

    The names of functions are read from stdin, one a line.
    """
    _limit()
    names = sys.stdin.read().split()
    try:
        found = describe(sys.argv[1], names)
    except ImportError:
        found = {"missing": "lief"}
    except (MemoryError, RecursionError):
        found = {"error": "it asks for more memory than there is"}
    except Exception as error:
        found = {"error": f"it contradicts itself ({type(error).__name__})"}
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)  # what a parser would do at its end is of no use any more


if __name__ == "__main__":
    main()
