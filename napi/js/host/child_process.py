"""``child_process``: other programs, at once or beside this one."""

from __future__ import annotations

import subprocess
from typing import Any

from napi._native import shim
from napi.js.host._child import child_class, spawn
from napi.js.host._errors import (
    errno_words,
    invalid_type,
    invalid_value,
    need_text,
    node_error,
    system_error,
)
from napi.js.host._fs_values import data_bytes
from napi.js.host._kit import exports_of, function, is_object, make, option
from napi.js.host._signals import signal_name, signal_of
from napi.js.host.path import path_text
from napi.runtime.buffer import decode
from napi.runtime.error import Error

__all__ = ["command_of", "environment_of", "exports"]


def environment_of(options: Any) -> dict[str, str] | None:
    """The environment of a child; None for that of this process."""
    given = option(options, "env")
    if given is None or given is shim.null:
        return None
    found = {}
    for key in shim.keys(given):
        value = shim.get(given, key)
        if value is not None:
            found[key] = str(shim.to_string(value))
    return found


def folder_of(options: Any) -> str | None:
    """The folder that a child starts in."""
    given = option(options, "cwd")
    return None if given in (None, shim.null) else path_text(given, "options.cwd")


def command_of(file: str, arguments: list[str], options: Any) -> list[str]:
    """The program and its arguments; with a shell, what the shell is given."""
    shell = option(options, "shell")
    if shell is None or shell is False or shell is shim.null:
        return [file, *arguments]
    program = shell if isinstance(shell, str) else "/bin/sh"
    return [program, "-c", " ".join([file, *arguments])]


def split_arguments(args: Any, options: Any) -> tuple[list[str], Any]:
    """Arguments and options, of which either may be missing."""
    if isinstance(args, (list, tuple)):
        return [str(shim.to_string(one)) for one in args], options
    if args is not None and args is not shim.null:
        if not is_object(args):
            raise invalid_type("args", "object", args)
        return [], args
    return [], options


def _streams(options: Any, default: str) -> list[Any]:
    """What a child has as stdin, stdout and stderr, as subprocess takes them."""
    given = option(options, "stdio", default)
    wanted = [given] * 3 if isinstance(given, str) else [*given, *[None] * 3][:3]
    kinds = {
        "pipe": subprocess.PIPE,
        "overlapped": subprocess.PIPE,
        "ignore": subprocess.DEVNULL,
        "inherit": None,
    }
    found: list[Any] = []
    for index, one in enumerate(wanted):
        if one is None or one is shim.null:
            one = "pipe"
        if one == "ipc":
            one = "ignore"
        if isinstance(one, str):
            if one not in kinds:
                text = f"The argument 'stdio' is invalid. Received '{one}'"
                raise node_error("TypeError", "ERR_INVALID_ARG_VALUE", text)
            found.append(kinds[one])
        elif shim.typeof(one) == "number":
            found.append(int(one))
        else:
            descriptor = shim.get(one, "fd")
            found.append(index if descriptor is None else int(descriptor))
    return found


def _flush() -> None:
    import sys

    sys.stdout.flush()
    sys.stderr.flush()


def _text(data: Any, encoding: Any) -> Any:
    if data is None:
        return shim.null
    if encoding is None or encoding in ("buffer", shim.null):
        return shim.Buffer(data)
    return decode(data, str(encoding))


def _spawn_sync(file: str, arguments: list[str], options: Any) -> Any:
    streams = _streams(options, "pipe")
    given = option(options, "input")
    raw = (
        None
        if given is None or given is shim.null
        else data_bytes(given, "utf8", "input")
    )
    timeout = option(options, "timeout")
    seconds = float(timeout) / 1000 if timeout else None
    encoding = option(options, "encoding")
    limit = option(options, "maxBuffer", 1024 * 1024)
    _flush()
    try:
        child = subprocess.Popen(
            command_of(file, arguments, options),
            stdin=subprocess.PIPE if raw is not None else streams[0],
            stdout=streams[1],
            stderr=streams[2],
            cwd=folder_of(options),
            env=environment_of(options),
            executable=None,
        )
    except OSError as error:
        return _not_started(error, file, arguments)
    failure = None
    try:
        out, err = child.communicate(raw, timeout=seconds)
    except subprocess.TimeoutExpired:
        child.send_signal(signal_of(option(options, "killSignal")))
        out, err = child.communicate()
        started = command_of(file, arguments, options)[0]
        failure = system_error(110, f"spawnSync {started}")
        shim.set(failure, "message", f"spawnSync {started} ETIMEDOUT")
    status = child.returncode
    if limit != float("inf") and any(len(one or b"") > limit for one in (out, err)):
        started = command_of(file, arguments, options)[0]
        failure = node_error("Error", "ENOBUFS", f"spawnSync {started} ENOBUFS")
        status = -signal_of(option(options, "killSignal"))
    made = make(
        pid=child.pid,
        output=shim.Array([shim.null, _text(out, encoding), _text(err, encoding)]),
        stdout=_text(out, encoding),
        stderr=_text(err, encoding),
        status=shim.null if status < 0 else status,
        signal=signal_name(-status) if status < 0 else shim.null,
    )
    if failure is not None:
        _add_spawn(failure, file, arguments, f"spawnSync {file}")
        shim.set(made, "error", failure)
    return made


def _add_spawn(error: Any, file: str, arguments: list[str], syscall: str) -> None:
    shim.set(error, "syscall", syscall)
    shim.set(error, "path", file)
    shim.set(error, "spawnargs", shim.Array(arguments))


def _not_started(error: OSError, file: str, arguments: list[str]) -> Any:
    code, _ = errno_words(error.errno or 2)
    failure = Error(f"spawnSync {file} {code}")
    shim.set(failure, "errno", -(error.errno or 2))
    shim.set(failure, "code", code)
    _add_spawn(failure, file, arguments, f"spawnSync {file}")
    null = shim.null
    return make(
        error=failure,
        status=null,
        signal=null,
        output=null,
        pid=0,
        stdout=null,
        stderr=null,
    )


def _check(result: Any, command: str) -> Any:
    """The output of a child that went well.

    Raises:
        napi.Error: It did not; the result's properties are the error's.
    """
    error = shim.get(result, "error")
    status, number = shim.get(result, "status"), shim.get(result, "signal")
    if error is None and status == 0 and number is shim.null:
        return shim.get(result, "stdout")
    if error is None:
        stderr = shim.get(result, "stderr")
        said = stderr if isinstance(stderr, str) else None
        if said is None and stderr is not shim.null:
            said = bytes(stderr).decode("utf-8", "replace")
        text = f"Command failed: {command}"
        error = Error(f"{text}\n{said}" if said else text)
    for key in shim.keys(result):
        if key != "error":
            shim.set(error, key, shim.get(result, key))
    raise error


def _echo(result: Any, options: Any) -> None:
    """What a child says on stderr is said by us, unless stdio was given."""
    data = shim.get(result, "stderr")
    if option(options, "stdio") is None and data is not shim.null and len(data):
        from napi.js.host._stdio import write

        write("stderr", str(data) if isinstance(data, str) else bytes(data))


def _shell_options(options: Any) -> Any:
    made = shim.Object()
    if is_object(options):
        for key in shim.keys(options):
            shim.set(made, key, shim.get(options, key))
    if not isinstance(option(made, "shell"), str):
        shim.set(made, "shell", True)
    return made


def _exec_file(
    file: str, arguments: list[str], options: Any, callback: Any, command: str
) -> Any:
    """Runs a program and gives the callback all that it said."""
    encoding = option(options, "encoding", "utf8")
    child = spawn(file, arguments, options)
    chunks: dict[str, list[bytes]] = {"stdout": [], "stderr": []}
    problem: list[Any] = []
    limit = option(options, "maxBuffer", 1024 * 1024)

    def collect(name: str) -> None:
        stream = shim.get(child, name)

        def more(chunk: Any = None, *_: Any) -> None:
            chunks[name].append(bytes(memoryview(chunk)))
            if sum(map(len, chunks[name])) > limit and not problem:
                code = "ERR_CHILD_PROCESS_STDIO_MAXBUFFER"
                text = f"{name} maxBuffer length exceeded"
                problem.append(node_error("RangeError", code, text))
                shim.call(shim.get(child, "kill"), child)

        if is_object(stream):
            shim.call(shim.get(stream, "on"), stream, "data", function(more))

    def finish(error: Any, code: Any, number: Any) -> None:
        if not callable(callback):
            return
        texts = []
        for name in ("stdout", "stderr"):
            data = b"".join(chunks[name])
            texts.append(_text(data, None if encoding == "buffer" else encoding))
        if error is None and (code != 0 or number is not shim.null):
            said = b"".join(chunks["stderr"]).decode("utf-8", "replace")
            error = Error(f"Command failed: {command}\n{said}")
            killed = shim.get(child, "killed") is True
            for key, value in (
                ("code", code),
                ("killed", killed),
                ("signal", number),
                ("cmd", command),
            ):
                shim.set(error, key, value)
        shim.call(callback, None, shim.null if error is None else error, *texts)

    def closed(code: Any = None, number: Any = None, *_: Any) -> None:
        finish(problem[0] if problem else None, code, number)

    def failed(error: Any = None, *_: Any) -> None:
        shim.set(error, "cmd", command)
        finish(error, None, None)

    for name in chunks:
        collect(name)
    shim.call(shim.get(child, "on"), child, "close", function(closed))
    shim.call(shim.get(child, "on"), child, "error", function(failed))
    return child


class _Module:
    @staticmethod
    def spawnSync(file: Any, args: Any = None, options: Any = None) -> Any:
        arguments, options = split_arguments(args, options)
        return _spawn_sync(need_text(file, "file"), arguments, options)

    @staticmethod
    def execFileSync(file: Any, args: Any = None, options: Any = None) -> Any:
        arguments, options = split_arguments(args, options)
        result = _spawn_sync(need_text(file, "file"), arguments, options)
        _echo(result, options)
        return _check(result, " ".join([file, *arguments]))

    @staticmethod
    def execSync(command: Any, options: Any = None) -> Any:
        text = need_text(command, "command")
        result = _spawn_sync(text, [], _shell_options(options))
        _echo(result, options)
        return _check(result, text)

    @staticmethod
    def spawn(file: Any, args: Any = None, options: Any = None) -> Any:
        arguments, options = split_arguments(args, options)
        if not need_text(file, "file"):
            raise invalid_value("file", file, "cannot be empty")
        return spawn(file, arguments, options)

    @staticmethod
    def exec(command: Any, options: Any = None, callback: Any = None) -> Any:
        if callable(options):
            options, callback = None, options
        text = need_text(command, "command")
        return _exec_file(text, [], _shell_options(options), callback, text)

    @staticmethod
    def execFile(
        file: Any, args: Any = None, options: Any = None, callback: Any = None
    ) -> Any:
        if callable(args):
            args, options, callback = None, None, args
        elif callable(options):
            options, callback = None, options
        arguments, options = split_arguments(args, options)
        command = " ".join([need_text(file, "file"), *arguments])
        return _exec_file(str(file), arguments, options, callback, command)

    @staticmethod
    def fork(modulePath: Any, args: Any = None, options: Any = None) -> Any:
        arguments, options = split_arguments(args, options)
        process = shim.get(shim.get_global(), "process")
        program = option(options, "execPath", shim.get(process, "execPath"))
        flags = option(options, "execArgv", shim.get(process, "execArgv"))
        given = _copied(options)
        silent = shim.to_boolean(option(options, "silent", False))
        stdio = option(options, "stdio", "pipe" if silent else "inherit")
        streams = [*([stdio] * 3 if isinstance(stdio, str) else stdio)]
        if "ipc" not in streams:
            if isinstance(option(options, "stdio"), list):
                text = (
                    "Forked processes must have an IPC channel, missing value 'ipc' in "
                )
                code = "ERR_CHILD_PROCESS_IPC_REQUIRED"
                raise node_error("Error", code, f"{text}options.stdio")
            streams.append("ipc")
        shim.set(given, "stdio", shim.Array(streams))
        words = [*map(str, flags), path_text(modulePath, "modulePath"), *arguments]
        return spawn(str(program), words, given)


def _copied(options: Any) -> Any:
    made = shim.Object()
    if is_object(options):
        for key in shim.keys(options):
            shim.set(made, key, shim.get(options, key))
    return made


def _add_promises(made: Any) -> None:
    """``util.promisify(exec)`` gives both outputs, and the child as a property."""
    from napi.js.host.util import CUSTOM_PROMISIFY

    for name in ("exec", "execFile"):
        act = vars(_Module)[name].__func__

        def promised(*arguments: Any, act: Any = act) -> Any:
            promise = shim.Promise()

            def done(
                error: Any = None, out: Any = None, err: Any = None, *_: Any
            ) -> None:
                if is_object(error):
                    shim.set(error, "stdout", out)
                    shim.set(error, "stderr", err)
                    promise._reject(error)
                else:
                    promise._resolve(make(stdout=out, stderr=err))

            given = [*arguments, function(done)]
            child = act(*given)
            shim.set(promise, "child", child)
            return promise

        shim.define(
            shim.get(made, name), CUSTOM_PROMISIFY, value=function(promised, name)
        )


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)
    _add_promises(made)
    shim.set(made, "ChildProcess", child_class())
    return made
