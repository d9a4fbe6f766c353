"""Messages between a program and a child of its own: ``fork``, ``process.send``.

A message is a line of JSON on a socket, whose number the child finds in its
environment, as Node's children do.
"""

from __future__ import annotations

import os
import socket
from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import function, is_object, make
from napi.js.host._stream_base import call_method, emit
from napi.runtime.builtin import hidden
from napi.runtime.poller import READ, Watch

__all__ = ["VARIABLE", "Channel", "join_parent"]

VARIABLE = "NODE_CHANNEL_FD"
_MODE = "NODE_CHANNEL_SERIALIZATION_MODE"
_KINDS = ("string", "object", "number", "boolean")


def _json(name: str, value: Any) -> Any:
    json = shim.get(shim.get_global(), "JSON")
    return shim.call(shim.get(json, name), json, value)


class Channel:
    """One end of it.

    Args:
        target: What tells of messages: a ChildProcess, or process.
        end: The socket.
        done: Called when it has ended.
    """

    def __init__(self, target: Any, end: socket.socket, done: Any = None) -> None:
        self.target, self.socket, self.done = target, end, done
        self.rest = b""
        self.waiting: list[Any] = []  # until somebody listens
        self.watch: Watch | None = Watch(end.fileno(), self.read)
        self.watch.change(READ)
        shim.set(target, "connected", True)
        members = {"send": self.send, "disconnect": self.disconnect}
        for name, act in members.items():
            shim.set(target, name, function(_unbound(act), name))
        shim.set(target, "channel", self.face())

    def face(self) -> Any:
        """``process.channel``."""

        def refer(referenced: bool) -> None:
            if self.watch is not None:
                self.watch.refer(referenced)

        return make(
            ref=function(lambda: refer(True), "ref"),
            unref=function(lambda: refer(False), "unref"),
        )

    # === to the other end ===

    def send(self, message: Any = None, *rest: Any) -> bool:
        """``send(message[, handle[, options]][, callback])``."""
        callback = next((one for one in rest if callable(one)), None)
        if self.watch is None:
            text = "Channel closed"
            self.fail(node_error("Error", "ERR_IPC_CHANNEL_CLOSED", text), callback)
            return False
        if message is None:
            text = 'The "message" argument must be specified'
            raise node_error("TypeError", "ERR_MISSING_ARGS", text)
        if shim.typeof(message) not in _KINDS:
            raise invalid_type("message", list(_KINDS), message)
        if rest and is_object(rest[0]) and not callable(rest[0]):
            text = "Handles cannot be sent to another process in this host"
            raise node_error("TypeError", "ERR_INVALID_HANDLE_TYPE", text)
        data = _json("stringify", message)
        line = str(data).encode("utf-8", "surrogatepass") + b"\n"
        try:
            self.socket.sendall(line)
        except OSError as error:
            from napi.js.host._errors import system_error

            self.fail(system_error(error.errno or 32, "write"), callback)
            return False
        if callback is not None:
            shim.queue_tick(lambda: shim.call(callback, None, shim.null))
        return True

    def fail(self, error: Any, callback: Any) -> None:
        """A message could not be sent."""
        if callback is not None:
            shim.queue_tick(lambda: shim.call(callback, None, error))
        else:
            shim.queue_tick(lambda: emit(self.target, "error", error))

    # === from the other end ===

    def read(self, _: int) -> None:
        """Takes what has come."""
        try:
            data = self.socket.recv(65536, socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.take(line.decode("utf-8", "surrogatepass"))

    def take(self, line: str) -> None:
        """One message."""
        message = _json("parse", line)
        command = shim.get(message, "cmd") if is_object(message) else None
        if isinstance(command, str) and command.startswith("NODE_"):
            shim.queue_tick(lambda: emit(self.target, "internalMessage", message))
        elif self.waiting or not call_method(self.target, "listenerCount", "message"):
            self.waiting.append(message)
        else:
            self.tell(message)

    def tell(self, message: Any) -> None:
        """Gives a message to the listeners."""
        shim.queue_tick(lambda: emit(self.target, "message", message, None))

    def flush(self) -> None:
        """Somebody listens now."""
        waiting, self.waiting = self.waiting, []
        for message in waiting:
            self.tell(message)

    def disconnect(self) -> None:
        """Ends it from here.

        Raises:
            napi.Error: It has ended already: emitted.
        """
        if self.watch is None:
            text = "IPC channel is already disconnected"
            emit(
                self.target, "error", node_error("Error", "ERR_IPC_DISCONNECTED", text)
            )
            return
        self.close()

    def close(self) -> None:
        """Ends it, once; what waits is told first."""
        if self.watch is None:
            return
        self.watch.change(0)
        self.watch = None
        self.socket.close()
        shim.set(self.target, "connected", False)
        shim.set(self.target, "channel", shim.null)

        def ended() -> None:
            emit(self.target, "disconnect")
            if self.done is not None:
                self.done()

        shim.queue_tick(ended)


def _unbound(act: Any) -> Any:
    return lambda *given: act(*given)


def join_parent(process: Any) -> None:
    """Connects ``process`` with the program that forked this one, if there is one."""
    number = os.environ.pop(VARIABLE, None)
    os.environ.pop(_MODE, None)
    if number is None or not number.isdigit():
        return
    try:
        end = socket.socket(fileno=int(number))
    except OSError:
        return
    end.set_inheritable(False)
    channel = Channel(process, end)
    hidden(process, "_channel", channel.face())
    assert channel.watch is not None
    channel.watch.refer(False)

    def changed(*_: Any) -> None:
        count = sum(
            call_method(process, "listenerCount", one)
            for one in ("message", "disconnect")
        )
        if channel.watch is not None:
            channel.watch.refer(bool(count))

    def added(event: Any = None, *_: Any) -> None:
        if event in ("message", "disconnect"):
            shim.queue_tick(changed)
            if channel.watch is not None:
                channel.watch.refer(True)
        if event == "message":
            shim.queue_tick(channel.flush)

    def removed(event: Any = None, *_: Any) -> None:
        if event in ("message", "disconnect"):
            changed()

    call_method(process, "on", "newListener", function(added))
    call_method(process, "on", "removeListener", function(removed))
