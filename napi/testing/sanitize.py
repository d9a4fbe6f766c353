"""Runs a program under a sanitizer or valgrind, for ``napi test``.

A sanitizer is a run-time library that has to be loaded before all others, and
options in the environment; an addon says more under it when it was compiled with
``-fsanitize``. valgrind is a program around the program.

Source: the pages "AddressSanitizer", "LeakSanitizer", "ThreadSanitizer",
"UndefinedBehaviorSanitizer" and "SanitizerCommonFlags" of the sanitizers' wiki;
"Core" and "Memcheck" of valgrind's manual.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["KINDS", "Kind", "MissingToolError", "active", "command", "environment"]

#: Names what ``napi test`` runs the tests under, for builds: ``address+undefined``.
VARIABLE = "NAPI_SANITIZE"
#: The directory of the logs, for the plugin.
FOLDER = "NAPI_SANITIZE_LOGS"
_FORMAT = "'    #%n %f %S [%m %o]'"
_ADDR_NO_RANDOMIZE = 0x0040000  # linux/personality.h


class MissingToolError(Exception):
    """The compiler, run-time library or valgrind is not there; says what to do."""


class Kind(NamedTuple):
    """A sanitizer: what it is called in each place."""

    option: str
    title: str
    runtime: str  # of lib<runtime>.so; empty for valgrind
    flag: str  # of -fsanitize
    variable: str  # of its options
    options: Mapping[str, str]
    preload: bool


_COMMON = {
    "handle_abort": "1",  # a C++ exception that nobody catches, an assertion
    "print_summary": "0",
    "stack_trace_format": _FORMAT,
}
#: By the word that ``-fsanitize`` takes, and valgrind.
KINDS: dict[str, Kind] = {
    "address": Kind(
        "asan",
        "AddressSanitizer",
        "asan",
        "address",
        "ASAN_OPTIONS",
        {
            **_COMMON,
            "allocator_may_return_null": "1",
            "detect_leaks": "1",
            # A variable of a function that has returned: the address went further.
            "detect_stack_use_after_return": "1",
            "halt_on_error": "0",
            "print_legend": "0",
        },
        True,
    ),
    "undefined": Kind(
        "ubsan",
        "UndefinedBehaviorSanitizer",
        "ubsan",
        "undefined",
        "UBSAN_OPTIONS",
        {**_COMMON, "print_stacktrace": "1"},
        False,
    ),
    "thread": Kind(
        "tsan",
        "ThreadSanitizer",
        "tsan",
        "thread",
        "TSAN_OPTIONS",
        {
            **_COMMON,
            "die_after_fork": "0",
            # The interpreter is not compiled for it: only what is, is judged.
            "ignore_noninstrumented_modules": "1",
            "report_signal_unsafe": "0",
            "report_thread_leaks": "0",
        },
        True,
    ),
    "valgrind": Kind("valgrind", "valgrind", "", "", "VALGRIND_OPTS", {}, False),
}


def active() -> str:
    """What the tests run under: ``"address+undefined"``, ``""`` without anything."""
    return os.environ.get(VARIABLE, "")


def _compiler() -> list[str]:
    words = shlex.split(os.environ.get("CC") or "cc")
    return words if shutil.which(words[0]) else []


def _says(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True)
    return done.stdout.strip()


def _is_clang() -> bool:
    compiler = _compiler()
    return bool(compiler) and "clang" in _says(*compiler, "--version").split("\n")[0]


def _resolved(path: Path) -> Path:
    """The library itself: some systems have a linker script of that name."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"\x7fELF"):
        return path
    found = re.search(rb"/[^\s()]+\.so[.0-9]*", start)
    return Path(os.fsdecode(found[0])) if found else path


def _from_compiler(name: str) -> Path | None:
    """What the compiler links is what the addon wants at run time."""
    compiler = _compiler()
    if not compiler:
        return None
    names = [f"lib{name}.so"]
    if _is_clang():
        inner = "ubsan_standalone" if name == "ubsan" else name
        machine = os.uname().machine
        names = [f"libclang_rt.{inner}-{machine}.so", f"libclang_rt.{inner}.so"]
    for one in names:
        path = Path(_says(*compiler, f"-print-file-name={one}"))
        if path.is_absolute() and path.exists():
            return _resolved(path)
    return None


def runtime(kind: Kind) -> str:
    """The path of a sanitizer's library, or its name for the dynamic linker.

    Raises:
        MissingToolError: It is not there.
    """
    found = _from_compiler(kind.runtime)
    if found is not None:
        return str(found)
    known = ctypes.util.find_library(kind.runtime)
    if known is not None and not _is_clang():
        return known
    compiler = " ".join(_compiler()) or "a compiler"
    raise MissingToolError(
        f"{kind.title} is not there: {compiler} has no lib{kind.runtime}. gcc brings "
        f"it (Debian: gcc, Fedora: lib{kind.runtime}); CC names another compiler"
    )


def _preload(kinds: Sequence[Kind]) -> list[str]:
    """The libraries, and C++'s: its functions must be there to be intercepted."""
    wanted = [runtime(kind) for kind in kinds if kind.preload]
    if not wanted:
        return []
    standard = _from_compiler("stdc++") or ctypes.util.find_library("stdc++")
    return [*wanted, str(standard)] if standard else wanted


def _joined(kind: Kind, folder: Path, given: str, suppressions: Path) -> str:
    """The value of ASAN_OPTIONS and its kin; the user's own words come last."""
    options = dict(kind.options)
    options["log_path"] = f"'{folder / 'log'}'"
    options["suppressions"] = f"'{suppressions}'"
    text = ":".join(f"{name}={value}" for name, value in options.items())
    return f"{text}:{given}" if given else text


def _merged(name: str, given: Sequence[Path], folder: Path) -> Path:
    """One file of all, as a runtime reads only one.

    A line for LeakSanitizer is an error for AddressSanitizer, and the reverse.
    """
    lines: list[str] = []
    for path in given:
        for line in path.read_text("utf-8").splitlines():
            is_leak = line.lstrip().startswith("leak:")
            if name == "valgrind" or is_leak == (name == "lsan"):
                lines.append(line)
    merged = folder / f"{name}.supp"
    merged.write_text("\n".join([*lines, ""]), "utf-8")
    return merged


def _flags(kinds: Sequence[Kind]) -> list[str]:
    flags = ["-g", "-fno-omit-frame-pointer"]
    words = [kind.flag for kind in kinds if kind.flag]
    if "undefined" in words:  # which has no numbers with a fraction
        words.append("float-cast-overflow")
    if words:
        flags.append(f"-fsanitize={','.join(words)}")
        flags.append(f"-fsanitize-recover={','.join(words)}")
        if _is_clang():
            flags.append("-shared-libsan")
    if "thread" in words:
        flags.remove("-fsanitize-recover=thread")
    return flags


def environment(
    kinds: Sequence[Kind],
    folder: Path,
    suppressions: Sequence[Path] = (),
    base: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """The environment for a program under sanitizers.

    Args:
        kinds: Of ``KINDS``; they have to fit together.
        folder: Where the reports go, one file a process.
        suppressions: The user's files, in the sanitizer's own format.
        base: The environment that they are added to.

    Raises:
        MissingToolError: A run-time library is not there.
    """
    made = dict(base)
    made[VARIABLE] = "+".join(kind.flag or kind.option for kind in kinds)
    made[FOLDER] = str(folder)
    for kind in kinds:
        if kind.runtime:
            own = _merged(kind.option, suppressions, folder)
            given = base.get(kind.variable, "")
            made[kind.variable] = _joined(kind, folder, given, own)
    preload = _preload(kinds)
    if preload:
        before = base.get("LD_PRELOAD", "").replace(":", " ").split()
        made["LD_PRELOAD"] = " ".join([*preload, *before])
    if any(kind.option in ("asan", "valgrind") for kind in kinds):
        made["PYTHONMALLOC"] = "malloc"  # a block a block: its bounds are seen
        own = _merged("lsan", suppressions, folder)
        text = f"suppressions='{own}':print_suppressions=0"
        given = base.get("LSAN_OPTIONS", "")
        made["LSAN_OPTIONS"] = f"{text}:{given}" if given else text
    flags = _flags(kinds)
    for name in ("CFLAGS", "CXXFLAGS"):
        made[name] = " ".join(filter(None, [base.get(name, ""), *flags]))
    linked = [flag for flag in flags if flag.startswith(("-fsan", "-shared"))]
    made["LDFLAGS"] = " ".join(filter(None, [base.get("LDFLAGS", ""), *linked]))
    return made


def command(
    kinds: Sequence[Kind], folder: Path, suppressions: Sequence[Path] = ()
) -> list[str]:
    """What stands before the program: valgrind and its options, or nothing.

    Raises:
        MissingToolError: valgrind is not there.
    """
    if not any(kind.option == "valgrind" for kind in kinds):
        return []
    program = shutil.which("valgrind")
    if program is None:
        raise MissingToolError(
            "valgrind is not there: install it (Debian, Fedora: valgrind)"
        )
    return [
        program,
        "--quiet",
        "--xml=yes",
        f"--xml-file={folder}/log.%p",
        "--child-silent-after-fork=yes",
        "--error-limit=no",
        "--leak-check=full",
        "--num-callers=40",
        "--show-leak-kinds=definite",
        "--track-origins=yes",
        f"--suppressions={_merged('valgrind', suppressions, folder)}",
    ]


@contextlib.contextmanager
def fixed_addresses(kinds: Sequence[Kind]) -> Iterator[None]:
    """Child processes get no random addresses: ThreadSanitizer may not bear them."""
    library = ctypes.CDLL(None)
    before = library.personality(0xFFFFFFFF)
    wanted = any(kind.option == "tsan" for kind in kinds) and before >= 0
    if wanted:
        library.personality(before | _ADDR_NO_RANDOMIZE)
    try:
        yield
    finally:
        if wanted:
            library.personality(before)
