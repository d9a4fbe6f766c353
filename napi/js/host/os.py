"""``os``: what this system says of itself."""

from __future__ import annotations

import errno as _errno
import os as _os
import platform as _platform
import signal as _signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from napi._native import shim
from napi.js.host._errors import need_integer, system_error
from napi.js.host._kit import exports_of, function, make, option

__all__ = ["exports"]


def _cpus() -> list[dict[str, str]]:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return [{} for _ in range(_os.cpu_count() or 1)]
    found = []
    for block in text.strip().split("\n\n"):
        pairs = (line.partition(":") for line in block.splitlines())
        entries = {name.strip(): value.strip() for name, _, value in pairs}
        if "processor" in entries:
            found.append(entries)
    return found


def _times(index: int) -> Any:
    values = [0] * 5
    try:
        for line in Path("/proc/stat").read_text().splitlines():
            if line.startswith(f"cpu{index} "):
                ticks = [int(word) * 10 for word in line.split()[1:7]]
                values = [ticks[0], ticks[1], ticks[2], ticks[3], ticks[5]]
    except OSError:
        pass
    names = ("user", "nice", "sys", "idle", "irq")
    return make(**dict(zip(names, values, strict=True)))


def _memory(name: str) -> int:
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    pages = "SC_PHYS_PAGES" if name == "MemTotal:" else "SC_AVPHYS_PAGES"
    return _os.sysconf(pages) * _os.sysconf("SC_PAGE_SIZE")


def _home() -> str:
    return _os.environ.get("HOME") or str(Path.home())


class _Module:
    @staticmethod
    def arch() -> str:
        from napi.runtime.process_info import MACHINES

        machine = _platform.machine().lower()
        return MACHINES.get(machine, machine)

    @staticmethod
    def availableParallelism() -> int:
        if hasattr(_os, "sched_getaffinity"):
            return len(_os.sched_getaffinity(0))
        return _os.cpu_count() or 1

    @staticmethod
    def cpus() -> Any:
        made = shim.Array()
        for index, entries in enumerate(_cpus()):
            speed = int(float(entries.get("cpu MHz", 0)))
            model = entries.get("model name", "unknown")
            made.append(make(model=model, speed=speed, times=_times(index)))
        return made

    @staticmethod
    def endianness() -> str:
        return "LE" if sys.byteorder == "little" else "BE"

    @staticmethod
    def freemem() -> int:
        return _memory("MemAvailable:")

    @staticmethod
    def getPriority(pid: Any = None) -> int:
        return _os.getpriority(_os.PRIO_PROCESS, 0 if pid is None else int(pid))

    @staticmethod
    def setPriority(pid: Any, priority: Any = None) -> None:
        if priority is None:
            pid, priority = 0, pid
        number = need_integer(priority, "priority", -20, 19)
        try:
            _os.setpriority(_os.PRIO_PROCESS, need_integer(pid, "pid"), number)
        except OSError as error:
            raise system_error(error.errno or 0, "uv_os_setpriority") from None

    @staticmethod
    def homedir() -> str:
        return _home()

    @staticmethod
    def hostname() -> str:
        return socket.gethostname()

    @staticmethod
    def loadavg() -> Any:
        return shim.Array(_os.getloadavg())

    @staticmethod
    def machine() -> str:
        return _os.uname().machine

    @staticmethod
    def networkInterfaces() -> Any:
        made = shim.Object()
        for _, name in socket.if_nameindex():
            if name == "lo":
                address = make(
                    address="127.0.0.1",
                    netmask="255.0.0.0",
                    family="IPv4",
                    mac="00:00:00:00:00:00",
                    internal=True,
                    cidr="127.0.0.1/8",
                )
                shim.set(made, name, shim.Array([address]))
        return made

    @staticmethod
    def platform() -> str:
        return "win32" if _os.name == "nt" else sys.platform

    @staticmethod
    def release() -> str:
        return _os.uname().release

    @staticmethod
    def tmpdir() -> str:
        for name in ("TMPDIR", "TMP", "TEMP"):
            if found := _os.environ.get(name):
                return found.rstrip("/") or "/"
        return tempfile.gettempdir() if _os.name == "nt" else "/tmp"

    @staticmethod
    def totalmem() -> int:
        return _memory("MemTotal:")

    @staticmethod
    def type() -> str:
        return _os.uname().sysname

    @staticmethod
    def uptime() -> float:
        try:
            return float(Path("/proc/uptime").read_text().split()[0])
        except OSError:
            import time

            return time.monotonic()

    @staticmethod
    def userInfo(options: Any = None) -> Any:
        import pwd

        try:
            entry = pwd.getpwuid(_os.getuid())
        except KeyError:
            raise system_error(_errno.ENOENT, "uv_os_get_passwd") from None
        texts: list[Any] = [entry.pw_name, entry.pw_dir, entry.pw_shell]
        if option(options, "encoding") == "buffer":
            texts = [shim.Buffer(text.encode()) for text in texts]
        return make(
            uid=_os.getuid(),
            gid=_os.getgid(),
            username=texts[0],
            homedir=texts[1],
            shell=texts[2],
        )

    @staticmethod
    def version() -> str:
        return _os.uname().version


def signals() -> Any:
    """Names and numbers of the signals of this system."""
    made = shim.create(shim.null)
    names = [one for one in _signal.Signals.__members__ if one.startswith("SIG")]
    for name in sorted(names, key=lambda one: _signal.Signals[one]):
        if not name.startswith("SIGRT"):
            shim.set(made, name, int(_signal.Signals[name]))
    return made


def error_numbers() -> Any:
    """Names and numbers of the errors of this system."""
    made = shim.create(shim.null)
    for name in sorted(_errno.errorcode.values()):
        shim.set(made, name, getattr(_errno, name))
    return made


def _constants() -> Any:
    made = shim.create(shim.null)
    shim.set(made, "UV_UDP_REUSEADDR", 4)
    flags = shim.create(shim.null)
    for name in ("RTLD_LAZY", "RTLD_NOW", "RTLD_GLOBAL", "RTLD_LOCAL", "RTLD_DEEPBIND"):
        if hasattr(_os, name):
            shim.set(flags, name, getattr(_os, name))
    priority = shim.create(shim.null)
    levels = (("LOW", 19), ("BELOW_NORMAL", 10), ("NORMAL", 0))
    for word, level in (*levels, ("ABOVE_NORMAL", -7), ("HIGH", -14), ("HIGHEST", -20)):
        shim.set(priority, f"PRIORITY_{word}", level)
    shim.set(made, "dlopen", flags)
    shim.set(made, "errno", error_numbers())
    shim.set(made, "signals", signals())
    shim.set(made, "priority", priority)
    return made


def _call_in_texts(called: Any) -> None:
    def convert() -> Any:
        return called()

    shim.set(called, shim.Symbol.toPrimitive, function(convert))


# `${os.platform}` is the platform.
_IN_TEXTS = [
    "arch",
    "availableParallelism",
    "endianness",
    "freemem",
    "homedir",
    "hostname",
    "platform",
    "release",
    "tmpdir",
    "totalmem",
    "type",
    "uptime",
    "version",
    "machine",
]


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)
    for name in _IN_TEXTS:
        _call_in_texts(shim.get(made, name))
    shim.set(made, "constants", _constants())
    shim.set(made, "EOL", "\r\n" if _os.name == "nt" else "\n")
    shim.set(made, "devNull", _os.devnull)
    return made
