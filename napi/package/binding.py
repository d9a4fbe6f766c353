"""The ``.node`` files of a package: which layout has put them where, and for whom.

Packages ship builds for many platforms, and each tool has names of its own for them.
Here every ``.node`` file below a package becomes a candidate with a rank; what its
path says is compared with this machine. Whether the file itself can be loaded is
asked later, of ``napi.binary``.

Sources: the manuals of prebuildify, node-gyp-build, node-pre-gyp, napi-rs, bindings
and cmake-js.
"""

# Paths are texts: a package may have thousands of files.
# ruff: noqa: PTH118, PTH119, PTH120, PTH123, PTH206

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from napi import platform
from napi.resolve_package import Package

__all__ = ["Candidate", "Tags", "candidates", "order", "read_tags"]

_MOST_FILES = 50000  # looked at below one package
_DEEPEST = 12

_SYSTEMS = {
    "linux": "linux",
    "linuxglibc": "linux",
    "linuxmusl": "linux",
    "alpine": "linux",
    "darwin": "darwin",
    "macos": "darwin",
    "osx": "darwin",
    "win32": "win32",
    "windows": "win32",
    "msvc": "win32",
    "freebsd": "freebsd",
    "openbsd": "openbsd",
    "netbsd": "netbsd",
    "sunos": "sunos",
    "aix": "aix",
    "android": "android",
    "androideabi": "android",
    "ios": "ios",
    "openharmony": "openharmony",
    "ohos": "openharmony",
}
_MACHINES = {
    "x64": "x64",
    "amd64": "x64",
    "ia32": "ia32",
    "i686": "ia32",
    "x86": "ia32",
    "arm64": "arm64",
    "aarch64": "arm64",
    "arm": "arm",
    "armhf": "arm",
    "gnueabihf": "arm",
    "musleabihf": "arm",
    "ppc64": "ppc64",
    "ppc64le": "ppc64",
    "powerpc64le": "ppc64",
    "s390x": "s390x",
    "riscv64": "riscv64",
    "riscv64gc": "riscv64",
    "loong64": "loong64",
    "loongarch64": "loong64",
    "mips64el": "mips64el",
    "universal": "universal",
}
_LIBCS = {
    "gnu": "glibc",
    "glibc": "glibc",
    "linuxglibc": "glibc",
    "gnueabihf": "glibc",
    "gnueabi": "glibc",
    "musl": "musl",
    "linuxmusl": "musl",
    "musleabihf": "musl",
    "alpine": "musl",
}
_SPELLINGS = (("x86_64", "x64"), ("x86-64", "x64"), ("x86_32", "ia32"))
#: The layouts, the ones that Node's own loaders look at first come first.
LAYOUTS = (
    "entry",
    "node-gyp",
    "node-gyp (debug)",
    "node-pre-gyp",
    "prebuildify",
    "manifest",
    "bindings",
    "napi-rs",
    "bundled",
    "platform package",
)


class Tags(NamedTuple):
    """What the path of a build says about it; empty where it says nothing.

    Attributes:
        systems: Operating systems, as npm names them: ``linux``.
        machines: Processors, as npm names them: ``x64``.
        libcs: C libraries: ``glibc``, ``musl``.
        abi: The version of Node's own ABI that it is bound to: ``115``.
        node_api: It says that it is for Node-API.
        runtime: Another runtime than Node: ``electron``.
        arm: The version of the ARM architecture that it needs.
    """

    systems: frozenset[str] = frozenset()
    machines: frozenset[str] = frozenset()
    libcs: frozenset[str] = frozenset()
    abi: int = 0
    node_api: bool = False
    runtime: str = ""
    arm: int = 0

    def refusal(self) -> str:
        """Why this machine cannot use it, judged by the name; empty if it can."""
        here = platform.system(), platform.machine(), platform.libc()
        if self.runtime:
            return f"it is a build for {self.runtime}"
        if self.systems and here[0] not in self.systems:
            return f"it is for {_words(self.systems)}, this is {here[0]}"
        known = self.machines - {"universal"}
        if known and here[1] not in known:
            return f"it is for {_words(known)}, this is {here[1]}"
        if self.libcs and here[2] and here[2] not in self.libcs:
            return f"it is for {_words(self.libcs)}, this is {here[2]}"
        if self.abi:
            return (
                f"it is bound to Node's own ABI {self.abi} (V8), which only that "
                "version of Node has"
            )
        return ""


class Candidate(NamedTuple):
    """A ``.node`` file that may be the binding of a package.

    Attributes:
        path: The file.
        package: The name of the package that it is in.
        folder: The folder of that package.
        layout: Which layout has put it there, one of ``LAYOUTS``.
        tags: What its path says.
        refusal: Why it was not taken; empty if it was, or was not looked at.
        rank: Orders the candidates: the smallest is tried first.
    """

    path: str
    package: str
    folder: str
    layout: str
    tags: Tags
    refusal: str
    rank: tuple[Any, ...]


def _words(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def read_tags(relative: str, ignored: frozenset[str] = frozenset()) -> Tags:
    """What the path of a build says about it.

    Args:
        relative: The path below its package: ``prebuilds/linux-x64/a.musl.node``.
        ignored: Words that mean nothing here: those of the package's own name.
    """
    text = relative.lower()
    for spelling, name in _SPELLINGS:
        text = text.replace(spelling, name)
    words = [word for word in re.split(r"[^a-z0-9]+", text) if word not in ignored]
    words = words[:-1] if words[-1:] == ["node"] else words
    joined = " ".join(words)
    abi = re.search(r"\babi(\d+)\b", joined)
    arm = re.search(r"\b(?:arm|arm64 |arm )v(\d)", joined)
    machines = {_MACHINES[word] for word in words if word in _MACHINES}
    if arm and not machines:
        machines = {"arm64" if arm[1] == "8" else "arm"}
    other = [name for name in ("electron", "webkit") if name in words]
    return Tags(
        systems=frozenset(_SYSTEMS[word] for word in words if word in _SYSTEMS),
        machines=frozenset(machines),
        libcs=frozenset(_LIBCS[word] for word in words if word in _LIBCS),
        abi=int(abi[1]) if abi else 0,
        node_api=bool(re.search(r"\bn?api\b|\bnapi", joined)),
        runtime=other[0] if other else "",
        arm=int(arm[1]) if arm else 0,
    )


def _walk(folder: str) -> Iterator[str]:
    """Every ``.node`` file below a folder, not those of other packages."""
    left, waiting = _MOST_FILES, [(folder, 0)]
    while waiting:
        place, depth = waiting.pop()
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            left -= 1
            if left < 0:
                return
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "node_modules" and depth < _DEEPEST:
                    waiting.append((entry.path, depth + 1))
            elif entry.name.endswith(".node") and entry.is_file():
                yield entry.path


def _layout(relative: str) -> str:
    """Which layout puts a file there."""
    folders = relative.split(os.sep)[:-1]
    head = "/".join(folders)
    if head == "build/Release":
        return "node-gyp"
    if head == "build/Debug":
        return "node-gyp (debug)"
    if folders[:1] == ["prebuilds"]:
        return "prebuildify"
    if head in _BINDINGS or head.startswith(("lib/binding/", "compiled/")):
        return "bindings"
    name = os.path.basename(relative)
    return "napi-rs" if not folders and name.count(".") > 1 else "bundled"


_BINDINGS = frozenset(
    (
        "build",
        "build/default",
        "out/Release",
        "out/Debug",
        "Release",
        "Debug",
        "addon-build/release/install-root",
        "addon-build/debug/install-root",
        "addon-build/default/install-root",
        "lib/binding",
    )
)


def _pre_gyp(package: Package) -> str | None:
    """The folder that node-pre-gyp's ``binary.module_path`` stands for.

    What is different for each version of Node-API becomes an asterisk.
    """
    binary = package.data.get("binary")
    if not isinstance(binary, dict):
        return None
    path = binary.get("module_path")
    if not isinstance(path, str):
        return None
    values = {
        "name": package.name or "",
        "version": str(package.data.get("version", "")),
        "module_name": str(binary.get("module_name", "")),
        "platform": platform.system(),
        "target_platform": platform.system(),
        "arch": platform.machine(),
        "target_arch": platform.machine(),
        "libc": platform.libc() or "unknown",
        "target_libc": platform.libc() or "unknown",
        "configuration": "Release",
        "build_type": "Release",
        "toolset": "",
        "runtime": "node",
    }
    filled = re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], "*"), path)
    return os.path.normpath(filled)


def _matches(pattern: str | None, relative: str) -> bool:
    if pattern is None:
        return False
    wanted = ".*".join(map(re.escape, pattern.split("*")))
    return re.fullmatch(wanted, os.path.dirname(relative)) is not None


def _manifest(package: Package) -> Iterator[tuple[str, tuple[Tags, int]]]:
    """The builds that ``build/manifest.json`` of cmake-ts lists, with their ABIs.

    A build for Node-API has an ABI there, too: of the Node that it was made with.
    """
    path = os.path.join(package.folder, "build", "manifest.json")
    try:
        with open(path, "rb") as file:
            entries = json.load(file)
        items = list(entries.items())
    except (OSError, ValueError, AttributeError, RecursionError):
        return
    for key, place in items:
        try:
            config = json.loads(key)
        except ValueError:
            continue
        if not isinstance(config, dict) or not isinstance(place, str):
            continue
        target = os.path.normpath(os.path.join(package.folder, "build", place))
        if not target.startswith(os.path.join(package.folder, "")):
            continue
        abi = config.get("abi")
        yield target, (_manifest_tags(config), abi if isinstance(abi, int) else 0)


def _manifest_tags(config: Mapping[str, Any]) -> Tags:
    runtime = str(config.get("runtime", "node"))
    libc = config.get("libc")
    return Tags(
        systems=frozenset((str(config.get("os")),)),
        machines=frozenset((str(config.get("arch")),)),
        libcs=frozenset((str(libc),)) & {"glibc", "musl"},
        node_api=config.get("nodeAPI") == "node-addon-api",
        runtime="" if runtime == "node" else runtime,
    )


def _wanted_names(package: Package, binding: str | None) -> list[str]:
    """What the binding of a package may be called, the best name first."""
    data = package.data
    binary, rust = data.get("binary"), data.get("napi")
    names = [binding]
    if isinstance(binary, dict):
        names.append(binary.get("module_name"))
    if isinstance(rust, dict):
        names += [rust.get("binaryName"), rust.get("name")]
    name = package.name or os.path.basename(package.folder)
    names += [name.rpartition("/")[2], name.replace("/", "+"), "node", "addon"]
    return [_plain(it) for it in names if isinstance(it, str) and it]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _name_rank(path: str, wanted: list[str]) -> int:
    stem = os.path.basename(path)[: -len(".node")]
    first, whole = _plain(stem.partition(".")[0]), _plain(stem)
    for index, name in enumerate(wanted):
        if name in (first, whole) or whole.startswith(f"{name}-"):
            return index
    return len(wanted)


def candidates(
    package: Package,
    *,
    binding: str | None = None,
    layout: str | None = None,
    entry: str | None = None,
) -> list[Candidate]:
    """The builds in one package, the best first; what cannot be used comes last.

    Args:
        package: The package.
        binding: The name of the one that is wanted, where it has several.
        layout: The layout of all of them; without it each path is judged.
        entry: A file that the package itself names.
    """
    wanted = _wanted_names(package, binding)
    name = package.name or os.path.basename(package.folder)
    own = () if layout else re.split(r"[^a-z0-9]+", name.lower())
    ignored = frozenset(own)
    listed = dict(_manifest(package))
    pre_gyp = _pre_gyp(package)
    found = []
    for path in dict.fromkeys((*([entry] if entry else []), *_walk(package.folder))):
        relative = os.path.relpath(path, package.folder)
        tags, abi = listed.get(path) or (read_tags(relative, ignored), 0)
        kind = layout or _layout(relative)
        if path == entry and layout is None:
            kind = "entry"
        elif path in listed:
            kind = "manifest"
        elif _matches(pre_gyp, relative):
            kind = "node-pre-gyp"
        refusal = tags.refusal()
        if "/obj.target/" in f"/{relative}":
            refusal = "it is an intermediate file of a build"
        elif binding is not None and _name_rank(path, wanted) > 0:
            refusal = f"it is not called {binding!r}"
        rank = (
            bool(refusal),
            LAYOUTS.index(kind),
            _name_rank(path, wanted),
            not tags.libcs,
            not tags.node_api,
            -tags.arm,
            -abi,
            relative.count(os.sep),
            relative,
        )
        found.append(Candidate(path, name, package.folder, kind, tags, refusal, rank))
    return order(found)


def order(found: list[Candidate]) -> list[Candidate]:
    """Candidates of several packages, the best first."""
    return sorted(found, key=lambda candidate: candidate.rank)
