"""The object process: what of Node's addons ask about, answered for this process."""

from __future__ import annotations

import os
import platform as _platform
import sys
import time
from typing import Any

from napi._native import shim
from napi.runtime import napi_version, node_version
from napi.runtime.builtin import hidden, lazy, statics, trim
from napi.runtime.error import Error, TypeError

__all__ = ["make_process"]

_MACHINES = {
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


def _object(**properties: Any) -> Any:
    made = shim.Object()
    for key, value in properties.items():
        shim.set(made, key, value)
    return made


def _need_text(value: Any) -> str:
    if shim.typeof(value) == "symbol":
        raise TypeError("Cannot convert a Symbol value to a string")
    text: str = shim.to_string(value)
    return text


def _versions() -> Any:
    return _object(
        node=_VERSION,
        napi=str(napi_version),
        modules="147",
        uv="1.0.0",
        v8="0.0.0-napi",
        python=_platform.python_version(),
    )


class _Stream:
    """stdout and stderr, as far as writing goes."""

    def __init__(self, name: str, descriptor: int) -> None:
        self.__stream__ = name
        self.fd = descriptor
        self.writable = True

    @property
    def isTTY(self) -> bool:
        """Whether the stream is a terminal."""
        return bool(getattr(sys, self.__stream__).isatty())

    def write(self, data: Any, *rest: Any) -> bool:
        """Writes a text or bytes; calls a callback given last.

        Raises:
            napi.TypeError: ``data`` is neither.
        """
        stream = getattr(sys, self.__stream__)
        if isinstance(data, str):
            stream.write(data)
        else:
            try:
                raw = bytes(memoryview(data))
            except Exception:
                raise TypeError(
                    'The "chunk" argument must be of type string or an instance of '
                    "Buffer, TypedArray, or DataView."
                ) from None
            binary = getattr(stream, "buffer", None)
            stream.flush()
            if binary is None:
                stream.write(raw.decode("utf-8", "replace"))
            else:
                binary.write(raw)
        stream.flush()
        if rest and callable(rest[-1]):
            shim.queue_microtask(rest[-1])
        return True


def _hrtime(previous: Any = None) -> Any:
    seconds, nanoseconds = divmod(time.perf_counter_ns(), 1_000_000_000)
    if previous is not None:
        seconds -= int(shim.get(previous, "0"))
        nanoseconds -= int(shim.get(previous, "1"))
        if nanoseconds < 0:
            seconds, nanoseconds = seconds - 1, nanoseconds + 1_000_000_000
    return shim.Array((seconds, nanoseconds))


def _bigint_time() -> Any:
    return shim.BigInt(time.perf_counter_ns())


def _make_hrtime() -> Any:
    made = trim(_hrtime, "hrtime")
    shim.set(made, "bigint", trim(_bigint_time, "bigint"))
    return made


def _resident() -> int:
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - not a real file
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def _emit(warning: Any, kind: Any) -> None:
    import warnings

    text = str(warning) if isinstance(warning, BaseException) else _need_text(warning)
    if kind is not None and shim.typeof(kind) == "object":
        kind = shim.get(kind, "type")
    label = "Warning" if kind is None else _need_text(kind)
    category = DeprecationWarning if label == "DeprecationWarning" else RuntimeWarning
    warnings.warn(f"{label}: {text}", category, stacklevel=4)


class _Process:
    @staticmethod
    def _rawDebug(*values: Any) -> None:
        from napi.runtime.console import format_values

        os.write(2, (format_values(values) + "\n").encode("utf-8", "replace"))

    @staticmethod
    def abort() -> None:
        os.abort()

    @staticmethod
    def chdir(path: Any) -> None:
        os.chdir(_need_text(path))

    @staticmethod
    def cpuUsage() -> Any:
        usage = os.times()
        return _object(user=int(usage.user * 1e6), system=int(usage.system * 1e6))

    @staticmethod
    def cwd() -> str:
        return os.getcwd()  # noqa: PTH109 - the text is what is wanted

    @staticmethod
    def emitWarning(warning: Any, kind: Any = None) -> None:
        _emit(warning, kind)

    @staticmethod
    def exit(code: Any = None) -> None:
        raise SystemExit(0 if code is None else int(shim.to_number(code)))

    @staticmethod
    def getegid() -> int:
        return os.getegid()

    @staticmethod
    def geteuid() -> int:
        return os.geteuid()

    @staticmethod
    def getgid() -> int:
        return os.getgid()

    @staticmethod
    def getuid() -> int:
        return os.getuid()

    @staticmethod
    def kill(pid: Any, signal: Any = None) -> bool:
        import signal as signals

        number = signals.SIGTERM if signal is None else signal
        if isinstance(number, str):
            number = getattr(signals, number)
        os.kill(int(shim.to_number(pid)), number)
        return True

    @staticmethod
    def memoryUsage() -> Any:
        resident = _resident()
        return _object(
            rss=resident,
            heapTotal=resident,
            heapUsed=resident,
            external=0,
            arrayBuffers=0,
        )

    @staticmethod
    def nextTick(callback: Any, *arguments: Any) -> None:
        if not callable(callback):
            raise TypeError('The "callback" argument must be of type function.')
        shim.queue_tick(lambda: shim.call(callback, None, *arguments))

    @staticmethod
    def umask() -> int:
        mask = os.umask(0)
        os.umask(mask)
        return mask

    @staticmethod
    def uptime() -> float:
        return time.process_time()


# Events of process that something in Python would have to raise.
_EVENTS = ("on", "once", "off", "addListener", "removeListener", "emit")


def _event_method(name: str) -> Any:
    def listen(*_: Any) -> Any:
        raise Error(f"process.{name}: there is no event emitter for process here")

    listen.__name__ = listen.__qualname__ = name
    return listen


def _dlopen(module: Any, path: Any, *_: Any) -> None:
    from napi.loader import load

    shim.set(module, "exports", load(_need_text(path)))


class Environment:
    """process.env: a live view of :data:`os.environ`; values are texts."""

    __module__ = "napi"
    __slots__ = ()

    def __getattr__(self, name: str) -> str:
        try:
            return os.environ[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        os.environ[name] = _need_text(value)

    def __delattr__(self, name: str) -> None:
        os.environ.pop(name, None)

    def __dir__(self) -> list[str]:
        return list(os.environ)

    # The C half asks for this when it lists the properties of an object.
    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        return dict(os.environ)


def make_process() -> Any:
    """Makes the object process."""
    made = shim.Object()
    statics(made, _Process)
    hidden(made, "_rawDebug", _Process._rawDebug)
    hidden(made, "dlopen", trim(_dlopen, "dlopen"))
    for name in _EVENTS:
        hidden(made, name, _event_method(name))
    shim.set(made, "title", "python")
    shim.set(made, "version", f"v{_VERSION}")
    shim.set(made, "platform", "win32" if os.name == "nt" else sys.platform)
    machine = _platform.machine().lower()
    shim.set(made, "arch", _MACHINES.get(machine, machine))
    shim.set(made, "pid", os.getpid())
    shim.set(made, "ppid", os.getppid())
    shim.set(made, "execPath", sys.executable)
    shim.set(made, "exitCode", None)
    shim.set(made, "execArgv", shim.Array())
    lazy(made, "argv", lambda: shim.Array([sys.executable, *sys.argv]), listed=True)
    lazy(made, "versions", _versions, listed=True)
    lazy(made, "release", lambda: _object(name="node"), listed=True)
    lazy(made, "env", Environment, listed=True)
    lazy(made, "hrtime", _make_hrtime)
    lazy(made, "stdout", lambda: _Stream("stdout", 1), listed=True)
    lazy(made, "stderr", lambda: _Stream("stderr", 2), listed=True)
    lazy(made, "features", lambda: _object(inspector=False, typescript=False))
    lazy(made, "config", lambda: _object(variables=_object(napi_build_version="10")))
    return made
