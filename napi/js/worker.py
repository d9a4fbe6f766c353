"""The thread of a Worker: its life, its end, and how it is ended from outside.

The thread is an agent with a realm of its own (see ``shim.begin_worker``). The parent
and the thread give each other callables, which run in turns of the other's loop.

Source: "Worker threads" of Node's manual; docs/adr/0009-workers.md.
"""

from __future__ import annotations

import _thread
import atexit
import contextlib
import ctypes
import sys
import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from napi._native import shim
from napi.runtime.process import Exit, Host
from napi.runtime.realm import kept

__all__ = [
    "Worker",
    "check_stop",
    "current",
    "environment_data",
    "prepare",
    "refuse_members",
    "stop_all",
]

_numbers = count(1)
_PATIENCE = 0.2  # seconds until a Worker is interrupted wherever it is
_LOOK = 0.002
_LOCKED = ("threading", "napi.runtime.atomics", "napi.js.cache")
_END_LIMIT = 10.0


class Terminated(Exit):
    """``worker.terminate()``: nothing on the thread can catch it."""

    def __init__(self, *_: Any) -> None:
        super().__init__(1)


def current() -> Worker | None:
    """The Worker whose thread this is; None on every other thread."""
    found: Worker | None = shim.slots().get("worker")
    return found


def environment_data() -> Any:
    """The Map of ``setEnvironmentData`` of this thread."""
    return kept(
        "worker.data", lambda: shim.construct(shim.get(shim.get_global(), "Map"))
    )


def prepare() -> None:
    """Makes what all realms share, before there are two threads that might.

    From now on the end of the process ends Workers first.
    """
    from napi.runtime.globals import make_shared

    make_shared()
    atexit.unregister(stop_all)
    atexit.register(stop_all)


def children() -> list[Worker]:
    """The running Workers that this thread has started."""
    found: list[Worker] = kept("worker.children", list)
    return found


class Worker:
    """One Worker, as its parent and its own thread see it.

    Attributes:
        number: ``threadId``.
        name: ``threadName``.
        parent: The agent that is told of what happens.
        agent: Its own agent; None before it runs and after its end.
        stopping: It was told to end.
        ended: Set when its thread has nothing left to do.
    """

    def __init__(self, program: Any, host: Host, name: str, tell: Any) -> None:
        self.number, self.name = next(_numbers), name
        self.program, self.host = program, host
        self.parent = shim.agent_id()
        self.agent: int | None = None
        self.tell: Callable[..., None] = tell
        self.port: Any = None
        self.data: Any = None
        self.environment: Any = None
        self.streams: dict[str, Any] = {}
        self.streams_in: Any = None
        self.stopping = self.interruptible = False
        self.thread = 0
        self.status = 0
        self.ended = threading.Event()
        self._opened: dict[str, Any] = {}
        self._steps = [self._live, self._finish]

    # === from the parent ===

    def start(self) -> None:
        """Starts the thread."""
        children().append(self)
        self.thread = _thread.start_new_thread(self._main, ())

    def stop(self) -> None:
        """Tells the thread to end, whatever it does."""
        if not self.stopping:
            self.stopping = True
            threading.Thread(target=self._interrupt, daemon=True).start()

    def _interrupt(self) -> None:
        """Ends JavaScript that runs: best where it is in compiled code.

        Python's own code, an import that holds a lock for one, had better not be
        left half way.
        """
        begun = time.monotonic()
        told = False
        while not self.ended.is_set():
            if self.agent is not None and not told:
                told = bool(shim.post(self.agent, check_stop))
            frame = sys._current_frames().get(self.thread)
            if self.interruptible and frame is not None:
                late = time.monotonic() - begun > _PATIENCE
                if _is_compiled(frame) or (late and not _is_delicate(frame)):
                    _raise_in(self.thread)
            del frame
            self.ended.wait(_LOOK)

    # === on the thread ===

    def _main(self) -> None:
        shim.begin_worker()
        while self._steps:
            try:
                self._steps[0]()
                self._steps.pop(0)
            except Terminated:
                self.status = 1
                self.interruptible = False
                if self._steps[0] == self._live:
                    self._steps.pop(0)
            except BaseException as error:  # of the host itself: the parent must know
                self.status = 1
                self._steps.pop(0)
                self.fail(error)
        self.agent = None
        shim.end_worker()
        self.ended.set()
        self._send("exit", self.status)

    def _live(self) -> None:
        from napi.js.program import run_worker

        self.agent = shim.agent_id()
        shim.slots()["worker"] = self
        shim.slots()["process.host"] = self.host
        if self.environment is not None:
            shim.slots()["worker.data"] = self.environment.open()
        self.interruptible = True
        if self.stopping:
            raise Terminated
        self._send("online")
        self.status = run_worker(self)

    def _finish(self) -> None:
        from napi.js.host._port import close_all

        self.interruptible = False
        stop_all()
        close_all()
        for stream in self.streams:
            self._send("stream", stream, None)
        self._opened.clear()

    def _send(self, event: str, *values: Any) -> None:
        tell = self.tell
        shim.post(self.parent, lambda: tell(event, *values))

    def fail(self, error: BaseException) -> None:
        """An exception that nobody caught ends the Worker."""
        self._send("error", error_message(error))

    def write(self, stream: str, data: Any) -> None:
        """Gives the parent what was written to stdout or stderr."""
        self._send("stream", stream, data)

    def _once(self, key: str, make: Callable[[], Any]) -> Any:
        if key not in self._opened:
            self._opened[key] = make()
        return self._opened[key]

    def open_port(self) -> Any:
        """``parentPort``."""
        from napi.js.host._port import new_port

        def make() -> Any:
            face = new_port(self.port)
            self.port.adopt(face)
            return face

        return self._once("port", make)

    def open_data(self) -> Any:
        """``workerData``."""
        return self._once("data", self.data.open)


def check_stop() -> None:
    """Ends this Worker if it was told to end.

    Raises:
        Terminated: It was.
    """
    worker = current()
    if worker is not None and worker.stopping and worker.interruptible:
        raise Terminated


def _is_compiled(frame: Any) -> bool:
    return bool(frame.f_globals.get("__name__") == "<javascript>")


def _is_delicate(frame: Any) -> bool:
    """Whether an import, or something that holds a lock, is on the stack."""
    while frame is not None:
        name = str(frame.f_globals.get("__name__"))
        if name.startswith("importlib.") or name in _LOCKED:
            return True
        frame = frame.f_back
    return False


def _raise_in(thread: int) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), ctypes.py_object(Terminated)
    )


def stop_all() -> None:
    """Ends the Workers of this thread, and waits for them."""
    running = children()
    for worker in running:
        worker.stop()
    limit = time.monotonic() + _END_LIMIT
    for worker in list(running):
        worker.ended.wait(max(limit - time.monotonic(), 0))
    running.clear()


def error_message(error: BaseException) -> Any:
    """A copy of an exception for the parent: with its own properties.

    Args:
        error: What was thrown.
    """
    from napi.js.host._kit import thrown_value
    from napi.js.host._port import clone_message
    from napi.js.inspect import inspect

    value = thrown_value(error)
    try:
        message = clone_message(value, [], None)
    except Exception:
        return clone_message(inspect(value), [], None)
    if isinstance(value, BaseException):
        for key in shim.keys(value):
            with contextlib.suppress(Exception):
                copy = clone_message(shim.get(value, key), [], None)
                shim.set(message.value, key, copy.value)
    return message


# === process of a Worker ===

_REFUSED = (
    "abort",
    "chdir",
    "initgroups",
    "setegid",
    "seteuid",
    "setgid",
    "setgroups",
    "setuid",
)


def _refusal(text: str) -> Any:
    from napi.js.host._errors import node_error

    code = "ERR_WORKER_UNSUPPORTED_OPERATION"
    return node_error("TypeError", code, f"{text} is not supported in workers")


def refuse_members(process: Any) -> None:
    """What changes the whole process is refused to a Worker.

    Args:
        process: Its object process.
    """
    from napi.js.host._kit import function

    for name in _REFUSED:

        def refuse(*_: Any, name: str = name) -> None:
            raise _refusal(f"process.{name}()")

        shim.set(process, name, function(refuse, name))
    umask = shim.get(process, "umask")

    def ask(mask: Any = None) -> Any:
        if mask is not None:
            raise _refusal("Setting process.umask()")
        return shim.call(umask, process)

    shim.set(process, "umask", function(ask, "umask"))
