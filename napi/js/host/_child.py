"""ChildProcess: a program that runs beside this one."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from typing import Any

from napi._native import shim
from napi.js.host._channel import VARIABLE, Channel
from napi.js.host._emitter import emitter_class
from napi.js.host._errors import errno_words, node_error
from napi.js.host._kit import (
    call_later,
    function,
    klass,
    option,
    super_call,
    work,
)
from napi.js.host._stream_base import call_method, emit
from napi.js.host._stream_readable import readable_class
from napi.js.host._stream_writable import writable_class
from napi.runtime.builtin import hidden
from napi.runtime.error import Error
from napi.runtime.realm import kept

__all__ = ["child_class", "spawn"]

_HANDLE = shim.Symbol("kHandle")
_PIECE = 65536


class _State:
    """The process, and what is still to come of it before ``close``."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self.child = child
        self.open = 0
        self.ended: tuple[Any, Any] | None = None


def _init(this: Any, *_: Any) -> None:
    super_call(emitter_class(), this)
    for name in ("signalCode", "exitCode"):
        shim.set(this, name, shim.null)
    shim.set(this, "killed", False)
    shim.set(this, "connected", False)
    shim.set(this, "spawnfile", shim.null)


class _Members:
    def kill(this: Any, sig: Any = None) -> bool:
        from napi.js.host._signals import signal_of

        state = shim.get(this, _HANDLE)
        if state is None or state.child.poll() is not None:
            return False
        number = signal_of(sig)
        state.child.send_signal(number)
        if number:
            shim.set(this, "killed", True)
        return True

    def ref(this: Any) -> None:
        return None

    def unref(this: Any) -> None:
        return None

    def disconnect(this: Any) -> None:
        return None


def child_class() -> Any:
    """The class ChildProcess of this realm."""
    return kept("child_process.ChildProcess", _make)


def _make() -> Any:
    return klass("ChildProcess", _init, _Members, parent=emitter_class(), call=True)


def spawn(file: str, arguments: list[str], options: Any) -> Any:
    """Starts a program.

    Args:
        file: The program.
        arguments: Its arguments.
        options: ``cwd``, ``env``, ``shell``, ``stdio``, ``detached`` ...

    Returns:
        A ChildProcess; that a program cannot be started is its event ``error``.
    """
    from napi.js.host import child_process as module

    this = shim.construct(child_class())
    command = module.command_of(file, arguments, options)
    shim.set(this, "spawnfile", command[0])
    shim.set(this, "spawnargs", shim.Array(command))
    streams = module._streams(options, "pipe")
    module._flush()
    ends = socket.socketpair() if has_channel(options) else None
    environment = module.environment_of(options)
    if ends is not None:
        environment = dict(os.environ if environment is None else environment)
        environment[VARIABLE] = str(ends[1].fileno())
    try:
        child = subprocess.Popen(
            command,
            stdin=streams[0],
            stdout=streams[1],
            stderr=streams[2],
            cwd=module.folder_of(options),
            env=environment,
            pass_fds=() if ends is None else (ends[1].fileno(),),
            start_new_session=shim.to_boolean(option(options, "detached", False))
            is True,
            bufsize=0,
        )
    except OSError as error:
        _failed(this, error, command)
        return this
    finally:
        if ends is not None:
            ends[1].close()
    state = _State(child)
    hidden(this, _HANDLE, state)
    shim.set(this, "pid", child.pid)
    _attach(this, state)
    if ends is not None:
        _connect(this, state, ends[0])
    _limit_time(this, options)
    _follow(this, options)
    shim.queue_tick(lambda: emit(this, "spawn"))
    _wait(this, state)
    return this


def has_channel(options: Any) -> bool:
    """Whether a child is to have a channel for messages.

    Raises:
        napi.TypeError: Of a kind that there is not.
    """
    stdio = option(options, "stdio")
    if not isinstance(stdio, list) or "ipc" not in stdio:
        return False
    if option(options, "serialization", "json") != "json":
        text = (
            "A channel whose serialization is not 'json' is not available in this host"
        )
        code = "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM"
        raise node_error("TypeError", code, text)
    return True


def _connect(this: Any, state: _State, end: socket.socket) -> None:
    state.open += 1
    shim.get(this, "stdio").append(shim.null)

    def done() -> None:
        state.open -= 1
        _maybe_close(this, state)

    channel = Channel(this, end, done)

    def added(event: Any = None, *_: Any) -> None:
        if event == "message":
            shim.queue_tick(channel.flush)

    call_method(this, "on", "newListener", function(added))


def _follow(this: Any, options: Any) -> None:
    """A signal of AbortController ends the child."""
    signal = option(options, "signal")
    if signal is None:
        return

    def abort(*_: Any) -> None:
        from napi.js.host.events import _abort_error

        if call_method(this, "kill", option(options, "killSignal")):
            emit(this, "error", _abort_error(signal))

    if shim.get(signal, "aborted") is True:
        shim.queue_tick(abort)
        return
    listener = function(abort)
    call_method(signal, "addEventListener", "abort", listener)

    def forget(*_: Any) -> None:
        call_method(signal, "removeEventListener", "abort", listener)

    call_method(this, "once", "exit", function(forget))


def _failed(this: Any, error: OSError, command: list[str]) -> None:
    code, _ = errno_words(error.errno or 2)
    failure = Error(f"spawn {command[0]} {code}")
    for key, value in (
        ("errno", -(error.errno or 2)),
        ("code", code),
        ("syscall", f"spawn {command[0]}"),
        ("path", command[0]),
        ("spawnargs", shim.Array(command[1:])),
    ):
        shim.set(failure, key, value)
    for name in ("stdin", "stdout", "stderr"):
        shim.set(this, name, _closed_stream(name))
    shim.set(
        this, "stdio", shim.Array([shim.get(this, n) for n in ("stdin", "stdout")])
    )
    call_later(lambda *_: emit(this, "error", failure))


def _closed_stream(name: str) -> Any:
    if name == "stdin":
        made = shim.construct(writable_class(), shim.Object())

        def drop(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
            shim.call(callback, None)

        hidden(made, "_write", function(drop, "_write", this=True))
        return made
    made = shim.construct(readable_class(), shim.Object())
    hidden(made, "_read", function(lambda this, n=None: None, "_read", this=True))
    call_method(made, "push", shim.null)
    return made


def _attach(this: Any, state: _State) -> None:
    child, found = state.child, []
    stdin = _writer(child.stdin) if child.stdin else shim.null
    shim.set(this, "stdin", stdin)
    found.append(stdin)
    for name, pipe in (("stdout", child.stdout), ("stderr", child.stderr)):
        stream = shim.null
        if pipe is not None:
            state.open += 1
            stream = _reader(this, state, pipe)
        shim.set(this, name, stream)
        found.append(stream)
    shim.set(this, "stdio", shim.Array(found))


def _writer(pipe: Any) -> Any:
    made = shim.construct(writable_class(), shim.Object())

    def write(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
        data = bytes(memoryview(chunk))

        def done(error: Any, _: Any) -> None:
            if isinstance(error, OSError):
                from napi.js.host._errors import system_error

                shim.call(callback, None, system_error(error.errno or 32, "write"))
            else:
                shim.call(callback, None)

        work(lambda: pipe.write(data), done)

    def final(this: Any, callback: Any) -> None:
        with contextlib.suppress(OSError):  # the child has gone
            pipe.close()
        shim.call(callback, None)

    hidden(made, "_write", function(write, "_write", this=True))
    hidden(made, "_final", function(final, "_final", this=True))
    return made


def _reader(child: Any, state: _State, pipe: Any) -> Any:
    made = shim.construct(readable_class(), shim.Object())

    def read(this: Any, n: Any = None) -> None:
        def done(error: Any, data: Any) -> None:
            if data and error is None:
                call_method(this, "push", shim.Buffer(data))
                return
            pipe.close()
            call_method(this, "push", shim.null)

        work(lambda: os.read(pipe.fileno(), _PIECE), done)

    def closed(*_: Any) -> None:
        state.open -= 1
        _maybe_close(child, state)

    hidden(made, "_read", function(read, "_read", this=True))
    call_method(made, "on", "close", function(closed))
    return made


def _wait(this: Any, state: _State) -> None:
    def done(error: Any, status: Any) -> None:
        from napi.js.host._signals import signal_name

        code = shim.null if status < 0 else status
        number = signal_name(-status) if status < 0 else shim.null
        shim.set(this, "exitCode", code)
        shim.set(this, "signalCode", number)
        state.ended = (code, number)
        stdin = shim.get(this, "stdin")
        if stdin is not shim.null and stdin is not None:
            call_method(stdin, "destroy")  # nobody reads it any more
        emit(this, "exit", code, number)
        for name in ("stdout", "stderr"):
            _drain(shim.get(this, name))
        _maybe_close(this, state)

    work(state.child.wait, done)


def _drain(stream: Any) -> None:
    """What nobody reads is thrown away when the child has ended, as in Node."""
    if stream is shim.null or stream is None:
        return
    if shim.get(stream, "readableFlowing") is shim.null:
        call_method(stream, "resume")


def _maybe_close(this: Any, state: _State) -> None:
    if state.ended is not None and not state.open:
        ended, state.open = state.ended, -1
        emit(this, "close", *ended)


def _limit_time(this: Any, options: Any) -> None:
    timeout = option(options, "timeout")
    if not timeout:
        return
    from napi.runtime.timers import set_timeout

    def stop(*_: Any) -> None:
        call_method(this, "kill", option(options, "killSignal"))

    timer = set_timeout(stop, timeout)
    call_method(this, "once", "exit", function(lambda *_: timer.close()))
