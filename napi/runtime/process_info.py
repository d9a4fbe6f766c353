"""What process tells of the host: versions, memory, the report."""

from __future__ import annotations

import os
import platform as _platform
import sys
from typing import Any

from napi._native import shim
from napi.runtime import napi_version, node_version
from napi.runtime.builtin import lazy, trim

__all__ = [
    "architecture",
    "config",
    "features",
    "make",
    "memory",
    "release",
    "report",
    "resident",
    "usage",
    "version_text",
    "versions",
]

MACHINES = {
    "x86_64": "x64",
    "amd64": "x64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "armv7l": "arm",
    "i386": "ia32",
    "i686": "ia32",
    "loongarch64": "loong64",
    "ppc64le": "ppc64",
    "riscv64": "riscv64",
    "s390x": "s390x",
}
_VERSION = ".".join(map(str, node_version[:3]))


def make(**properties: Any) -> Any:
    """A new object with properties."""
    made = shim.Object()
    for key, value in properties.items():
        shim.set(made, key, value)
    return made


def version_text() -> str:
    """``process.version``."""
    return f"v{_VERSION}"


def architecture() -> str:
    """``process.arch``: the machine, in Node's words."""
    machine = _platform.machine().lower()
    return MACHINES.get(machine, machine)


def versions() -> Any:
    """``process.versions``."""
    import zlib

    made = make(
        node=_VERSION,
        napi=str(napi_version),
        modules="147",
        uv="1.52.0",
        v8="14.0.0-napi",
        zlib=zlib.ZLIB_RUNTIME_VERSION,
        unicode="17.0",
        python=_platform.python_version(),
    )
    lazy(made, "openssl", _openssl, listed=True)
    return made


def _openssl() -> str | None:
    """The library behind ``crypto``; ``None`` where Python was built without."""
    try:
        from ssl import OPENSSL_VERSION
    except ImportError:
        return None
    return OPENSSL_VERSION.split()[1]


def release() -> Any:
    """``process.release``."""
    return make(name="node")


def features() -> Any:
    """``process.features``."""
    names = ("inspector", "debug", "uv", "ipv6", "typescript", "tls", "require_module")
    known = dict.fromkeys(names, False)
    return make(**{**known, "uv": True, "ipv6": True, "require_module": True})


def config() -> Any:
    """``process.config``."""
    shared = make(napi_build_version=str(napi_version), node_shared=False)
    shim.set(shared, "is_debug", 0)
    defaults = make(default_configuration="Release")
    return make(target_defaults=defaults, variables=shared)


def resident() -> int:
    """The memory of this process, in bytes."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - not a real file
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def memory() -> Any:
    """``process.memoryUsage()``; the heap of JavaScript is that of Python."""
    found = resident()
    return make(rss=found, heapTotal=found, heapUsed=found, external=0, arrayBuffers=0)


def usage() -> Any:
    """``process.resourceUsage()``."""
    import resource

    found = resource.getrusage(resource.RUSAGE_SELF)
    return make(
        userCPUTime=int(found.ru_utime * 1e6),
        systemCPUTime=int(found.ru_stime * 1e6),
        maxRSS=found.ru_maxrss,
        sharedMemorySize=found.ru_ixrss,
        unsharedDataSize=found.ru_idrss,
        unsharedStackSize=found.ru_isrss,
        minorPageFault=found.ru_minflt,
        majorPageFault=found.ru_majflt,
        swappedOut=found.ru_nswap,
        fsRead=found.ru_inblock,
        fsWrite=found.ru_oublock,
        ipcSent=found.ru_msgsnd,
        ipcReceived=found.ru_msgrcv,
        signalsCount=found.ru_nsignals,
        voluntaryContextSwitches=found.ru_nvcsw,
        involuntaryContextSwitches=found.ru_nivcsw,
    )


def _shared_objects() -> list[str]:
    found = []
    try:
        with open("/proc/self/maps", encoding="utf-8") as lines:  # noqa: PTH123
            for line in lines:
                path = line.rstrip("\n").partition("/")[2]
                if ".so" in path and f"/{path}" not in found:
                    found.append(f"/{path}")
    except OSError:
        pass
    return found


def _report(error: Any = None) -> Any:
    """Which C library this is: what loaders of packages look for in the report."""
    header = make(
        reportVersion=3,
        processId=os.getpid(),
        cwd=os.getcwd(),  # noqa: PTH109
        nodejsVersion=version_text(),
        arch=architecture(),
        platform=sys.platform,
    )
    name, number = _platform.libc_ver()
    if name == "glibc":
        shim.set(header, "glibcVersionRuntime", number)
        shim.set(header, "glibcVersionCompiler", number)
    return make(header=header, sharedObjects=shim.Array(_shared_objects()))


def report() -> Any:
    """``process.report``."""
    made = make(compact=False, excludeNetwork=False, directory="", filename="")
    shim.set(made, "getReport", trim(_report, "getReport"))
    return made
