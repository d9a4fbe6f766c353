"""Builds the shim twice from the same sources: release and strict."""

import os
import runpy
import sys
from pathlib import Path

from setuptools import Extension, setup

SOURCES = sorted(str(path) for path in Path("napi/shim").glob("*.c"))
NAMES, WRAPPERS = runpy.run_path("tools/wrappers.py")["write"](Path("build/watch"))
TABLE = runpy.run_path("tools/machine.py")["write"](Path("build/watch"))
HEADERS = [NAMES, *Path("include").glob("*.h"), *Path("napi/shim").glob("*.h")]
MACHINE = sorted(str(path) for path in Path("napi/testing/machine").glob("*.c"))
# What these addons may call: all functions, of all versions.
ALL_VERSIONS = [
    ("NAPI_EXPERIMENTAL", "1"),
    ("NODE_API_EXPERIMENTAL_BASIC_ENV_OPT_OUT", "1"),
]
SANITIZE = os.environ.get("NAPI_SANITIZE", "")
WARNINGS = [
    "-Wall",
    "-Wextra",
    "-Wshadow",
    "-Wmissing-prototypes",
    "-Wstrict-prototypes",
]


def compile_args() -> list[str]:
    """Flags by NAPI_DEBUG, NAPI_SANITIZE, NAPI_COVERAGE and NAPI_WERROR."""
    args = ["-std=c11", "-D_GNU_SOURCE", "-fvisibility=hidden", *WARNINGS]
    if os.environ.get("NAPI_DEBUG"):
        args += ["-O0", "-g3", "-UNDEBUG"]
    else:
        args += ["-O2", "-g1"]
    if SANITIZE:
        args += [f"-fsanitize={SANITIZE}", "-fno-omit-frame-pointer", "-O1"]
        args += ["-fno-sanitize-recover=undefined"]
    if os.environ.get("NAPI_COVERAGE"):
        args += ["--coverage"]
    if os.environ.get("NAPI_WERROR"):
        args += ["-Werror"]
    return args


def link_args() -> list[str]:
    """Sanitizers and coverage want their run-time libraries; others nothing."""
    args = [f"-fsanitize={SANITIZE}"] if SANITIZE else []
    if os.environ.get("NAPI_COVERAGE"):
        args += ["--coverage"]
    if sys.platform == "linux":
        args += ["-pthread"]
    return args


def extension(name: str, *more: str, **macros: str) -> Extension:
    """One build of all chapters, and of what was made for it."""
    return Extension(
        name,
        sources=[*SOURCES, *more],
        depends=[str(path) for path in HEADERS],
        include_dirs=["include", "napi/shim", str(Path(NAMES).parent)],
        define_macros=list(macros.items()),
        extra_compile_args=compile_args(),
        extra_link_args=link_args(),
        libraries=["dl", "m"] if sys.platform == "linux" else ["m"],
    )


setup(
    ext_modules=[
        extension("napi._shim"),
        extension("napi._shim_strict", WRAPPERS, NAPI_STRICT="1"),
        # No module: a library that stands before libuv, see napi/libuv.
        Extension(
            "napi.libuv._accessors",
            sources=["napi/libuv/accessors.c"],
            extra_compile_args=[*compile_args(), "-Wno-missing-prototypes"],
            extra_link_args=link_args(),
        ),
        # No module: an addon, which gives Python an env to call Node-API with.
        Extension(
            "napi.testing._enter",
            sources=["napi/testing/enter.c"],
            include_dirs=["include"],
            define_macros=ALL_VERSIONS,
            extra_compile_args=[*compile_args(), "-Wno-missing-prototypes"],
            extra_link_args=link_args(),
        ),
        Extension(
            "napi.testing._machine",
            sources=[*MACHINE, TABLE],
            depends=["napi/testing/machine/machine.h"],
            include_dirs=["include", "napi/testing/machine"],
            define_macros=ALL_VERSIONS,
            extra_compile_args=[*compile_args(), "-Wno-missing-prototypes"],
            extra_link_args=link_args(),
        ),
        Extension(
            "napi.testing.fuzz._native",
            sources=["napi/testing/fuzz/native.c"],
            extra_compile_args=compile_args(),
        ),
    ],
)
