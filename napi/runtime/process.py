"""The object process: this program, as JavaScript sees it (Node.js, Process)."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from napi._native import shim
from napi.runtime.builtin import accessor, fixed, hidden, lazy, trim
from napi.runtime.environment import make_environment
from napi.runtime.error import Error, TypeError
from napi.runtime.process_info import (
    architecture,
    config,
    features,
    make,
    memory,
    release,
    report,
    resident,
    usage,
    version_text,
    versions,
)
from napi.runtime.realm import kept

__all__ = ["Exit", "Host", "host", "make_process", "this_host"]

_resident = resident


class Exit(SystemExit):
    """``process.exit()``: JavaScript cannot catch it."""


class Host:
    """What the program that runs JavaScript says of itself.

    Attributes:
        arguments: ``process.argv`` after the name of the program.
        flags: ``process.execArgv``.
        is_program: Whether this process is a JavaScript program, and not a program
            in Python that has some.
        environment: ``process.env``; None: the process's own.
        title: ``process.title``, where it is another one than the program's.
        begun: When it began.
    """

    def __init__(self) -> None:
        self.arguments: list[str] | None = None
        self.flags: list[str] = []
        self.is_program = False
        self.environment: dict[str, str] | None = None
        self.title = ""
        self.begun = time.monotonic()


host = Host()


def this_host() -> Host:
    """What holds in the realm of this thread: a Worker has words of its own."""
    found: Host = shim.slots().get("process.host", host)
    return found


def _need_text(value: Any) -> str:
    if shim.typeof(value) == "symbol":
        raise TypeError("Cannot convert a Symbol value to a string")
    text: str = shim.to_string(value)
    return text


def _hrtime(time_: Any = None) -> Any:
    seconds, nanoseconds = divmod(time.perf_counter_ns(), 1_000_000_000)
    if time_ is not None:
        from napi.js.host._errors import invalid_type, out_of_range

        if not isinstance(time_, (list, tuple)):
            raise invalid_type("time", "Array", time_)
        if len(time_) != 2:
            raise out_of_range("time", "2", len(time_))
        seconds -= int(shim.get(time_, "0"))
        nanoseconds -= int(shim.get(time_, "1"))
        if nanoseconds < 0:
            seconds, nanoseconds = seconds - 1, nanoseconds + 1_000_000_000
    return shim.Array((seconds, nanoseconds))


def _make_hrtime() -> Any:
    made = trim(_hrtime, "hrtime")

    def bigint() -> Any:
        return shim.BigInt(time.perf_counter_ns())

    shim.set(made, "bigint", trim(bigint))
    return made


def _process() -> Any:
    return shim.get(shim.get_global(), "process")


def _exit_code(value: Any) -> int:
    from napi.js.host._errors import invalid_type

    if value is None or value is shim.null:
        return 0
    if isinstance(value, str) and value.strip():
        value = shim.to_number(value)
    if shim.typeof(value) != "number" or value != value or value != int(value):
        raise invalid_type("code", "integer", value)
    return int(value)


def exit_now(code: Any = None) -> None:
    """What process.exit does: the event ``exit``, and then the end.

    Raises:
        Exit: Always.
    """
    this = _process()
    if code is not None:
        _exit_code(code)
        shim.set(this, "exitCode", code)
    if shim.get(this, "_exiting") is not True:
        shim.set(this, "_exiting", True)
        number = _exit_code(shim.get(this, "exitCode"))
        if this_host().is_program:
            shim.call(shim.get(this, "emit"), this, "exit", number)
    raise Exit(_exit_code(shim.get(this, "exitCode")))


def _signal_number(value: Any) -> int:
    import signal

    from napi.js.host._errors import node_error

    if value is None:
        return int(signal.SIGTERM)
    if isinstance(value, str):
        found = getattr(signal, value, None)
        if not isinstance(found, signal.Signals):
            text = f"Unknown signal: {value}"
            raise node_error("TypeError", "ERR_UNKNOWN_SIGNAL", text)
        return int(found)
    return int(shim.to_number(value))


class _Members:
    @staticmethod
    def _rawDebug(*values: Any) -> None:
        from napi.js.inspect.format import format_values

        os.write(2, (format_values(values) + "\n").encode("utf-8", "replace"))

    @staticmethod
    def abort() -> None:
        os.abort()

    @staticmethod
    def availableMemory() -> int:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")

    @staticmethod
    def chdir(directory: Any) -> None:
        from napi.js.host._errors import need_text, system_error

        path = need_text(directory, "directory")
        try:
            os.chdir(path)
        except OSError as error:
            here = os.getcwd()  # noqa: PTH109
            raise system_error(error.errno or 0, "chdir", here, path) from None

    @staticmethod
    def constrainedMemory() -> int:
        return 0

    @staticmethod
    def cpuUsage(previous: Any = None) -> Any:
        times = os.times()
        user, system = int(times.user * 1e6), int(times.system * 1e6)
        if previous is not None:
            user -= int(shim.get(previous, "user"))
            system -= int(shim.get(previous, "system"))
        return make(user=user, system=system)

    @staticmethod
    def cwd() -> str:
        try:
            return os.getcwd()  # noqa: PTH109 - the text is what is wanted
        except FileNotFoundError as error:
            from napi.js.host._errors import system_error

            raise system_error(error.errno or 0, "uv_cwd") from None

    @staticmethod
    def dlopen(module: Any, filename: Any, flags: Any = None) -> None:
        _dlopen(module, filename)

    @staticmethod
    def emitWarning(
        warning: Any, type: Any = None, code: Any = None, ctor: Any = None
    ) -> None:
        from napi.runtime.process_warning import emit_warning

        emit_warning(warning, type, code)

    @staticmethod
    def exit(code: Any = None) -> None:
        exit_now(code)

    @staticmethod
    def getActiveResourcesInfo() -> Any:
        return shim.Array()

    @staticmethod
    def getBuiltinModule(id: Any) -> Any:
        from napi.js import host as modules

        return modules.load(id) if modules.is_host_module(id) else None

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
    def getgroups() -> Any:
        return shim.Array(sorted({*os.getgroups(), os.getegid()}))

    @staticmethod
    def getuid() -> int:
        return os.getuid()

    @staticmethod
    def hasUncaughtExceptionCaptureCallback() -> bool:
        return capture_callback() is not None

    @staticmethod
    def kill(pid: Any, signal: Any = None) -> bool:
        from napi.js.host._errors import invalid_type, system_error

        number = shim.to_number(pid)
        if number != number or number != int(number):
            raise invalid_type("pid", "number", pid)
        try:
            os.kill(int(number), _signal_number(signal))
        except OSError as error:
            raise system_error(error.errno or 0, "kill") from None
        return True

    @staticmethod
    def nextTick(callback: Any, *args: Any) -> None:
        if not callable(callback):
            from napi.js.host._errors import invalid_type

            raise invalid_type("callback", "function", callback)
        shim.queue_tick(lambda: shim.call(callback, None, *args))

    @staticmethod
    def reallyExit(code: Any = None) -> None:
        raise Exit(_exit_code(code))

    @staticmethod
    def resourceUsage() -> Any:
        return usage()

    @staticmethod
    def setUncaughtExceptionCaptureCallback(fn: Any) -> None:
        from napi.js.host._errors import invalid_type, node_error

        if fn is shim.null:
            shim.slots()[_CAPTURE] = None
            return
        if not callable(fn):
            raise invalid_type("fn", ["function", "null"], fn)
        if capture_callback() is not None:
            text = (
                "`process.setupUncaughtExceptionCapture()` was called while a capture "
                "callback was already active"
            )
            code = "ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET"
            raise node_error("Error", code, text)
        shim.slots()[_CAPTURE] = fn

    @staticmethod
    def umask(mask: Any = None) -> int:
        if mask is not None:
            number = int(mask, 8) if isinstance(mask, str) else int(mask)
            return os.umask(number)
        found = os.umask(0)
        os.umask(found)
        return found

    @staticmethod
    def uptime() -> float:
        return time.monotonic() - host.begun

    @staticmethod
    def _tickCallback() -> None:
        from napi.pump import run_once

        run_once()

    @staticmethod
    def _getActiveHandles() -> Any:
        return shim.Array()

    @staticmethod
    def _getActiveRequests() -> Any:
        return shim.Array()

    @staticmethod
    def binding(module: Any) -> None:
        from napi.js.host._errors import node_error

        text = f"No such module: {shim.to_string(module)}"
        raise node_error("Error", "ERR_INVALID_MODULE", text)


_CAPTURE = "process.capture"  # of setUncaughtExceptionCaptureCallback


def capture_callback() -> Any:
    """What has been set to take uncaught exceptions; None for nothing."""
    return shim.slots().get(_CAPTURE)


def _dlopen(module: Any, path: Any) -> None:
    from napi.errors import LoadError
    from napi.js.host._errors import invalid_type
    from napi.loader import load

    if shim.typeof(module) != "object" or module is shim.null:
        raise invalid_type("module", "object", module)
    name = _need_text(path)
    # Files: loading one again gives it new exports.
    seen: set[str] = kept("process.addons", set)
    try:
        # A Worker's own environment, also where the thread had another before it.
        found = load(name, fresh=name in seen or shim.is_worker())
    except (LoadError, OSError) as error:
        failure = Error(_load_message(name, error))
        shim.set(failure, "code", "ERR_DLOPEN_FAILED")
        raise failure from error
    seen.add(name)
    # Environments of addons live as long as the realm.
    kept("process.environments", list).append(found)
    shim.set(module, "exports", found.__dict__["__exports__"])


def _load_message(path: str, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{path}: cannot open shared object file: No such file or directory"
    return str(error)


def _launcher() -> str:
    from napi.js.host._launcher import launcher

    return launcher()


def _arguments() -> Any:
    words = this_host().arguments
    return shim.Array([_launcher(), *(sys.argv if words is None else words)])


def _make_memory() -> Any:
    made = trim(memory, "memoryUsage")

    def rss() -> int:
        return resident()

    shim.set(made, "rss", trim(rss))
    return made


def _stream(name: str) -> Any:
    def make_one() -> Any:
        from napi.js.host import _stdio

        return getattr(_stdio, f"make_{name}")()

    return make_one


def _prototype() -> Any:
    from napi.js.host._emitter import emitter_class

    made = shim.create(shim.get(emitter_class(), "prototype"))
    fixed(made, shim.Symbol.toStringTag, "process")

    def process() -> None:
        raise TypeError("Illegal constructor")

    maker = trim(process)
    hidden(made, "constructor", maker)
    return made


def _constants(made: Any) -> None:
    for name, value in (
        ("version", version_text()),
        ("platform", "win32" if os.name == "nt" else sys.platform),
        ("arch", architecture()),
        ("title", this_host().title or ("node" if host.is_program else "python")),
        ("pid", os.getpid()),
        ("ppid", os.getppid()),
        ("debugPort", 9229),
        ("argv0", "node"),
        ("_exiting", False),
        ("domain", shim.null),
        ("moduleLoadList", shim.Array()),
    ):
        shim.set(made, name, value)


def _add_exit_code(made: Any) -> None:
    """``exitCode`` is checked when it is set: null and undefined are none."""
    kept = [None]

    def write(this: Any, code: Any = None) -> None:
        number = code
        if code is not None and code is not shim.null:
            if isinstance(code, str) and code:
                number = shim.to_number(code)
                number = code if number != number else number
            from napi.js.host._errors import need_integer

            need_integer(number, "code")
        kept[0] = code

    accessor(made, "exitCode", lambda this: kept[0], write)
    shim.define(made, "exitCode", enumerable=True)


def _setup_signals(made: Any) -> None:
    """Signals come as events: from the first listener on, the system's own end."""
    from napi.js.host._signals import watch

    watch(made)


def make_process() -> Any:
    """Makes the object process, an EventEmitter."""
    from napi.js.host import _emitter

    made = shim.create(_prototype())
    _emitter.init(made)
    for name in ("_events", "_eventsCount", "_maxListeners"):
        hidden(made, name, shim.get(made, name))
    _constants(made)
    _add_exit_code(made)
    for name, member in vars(_Members).items():
        if isinstance(member, staticmethod):
            shim.set(made, name, trim(member.__func__, name))
    shim.set(made, "execArgv", shim.Array(this_host().flags))
    for name, maker in (
        ("argv", _arguments),
        ("execPath", _launcher),
        ("versions", versions),
        ("release", release),
        ("env", lambda: make_environment(this_host().environment)),
        ("hrtime", _make_hrtime),
        ("memoryUsage", _make_memory),
        ("stdout", _stream("stdout")),
        ("stderr", _stream("stderr")),
        ("stdin", _stream("stdin")),
        ("features", features),
        ("config", config),
        ("report", report),
        ("allowedNodeEnvironmentFlags", _flags),
    ):
        lazy(made, name, maker, listed=True)
    if shim.is_worker():
        from napi.js.worker import refuse_members

        refuse_members(made)
    else:
        _setup_signals(made)
    return made


def _flags() -> Any:
    return shim.construct(shim.get(shim.get_global(), "Set"))
