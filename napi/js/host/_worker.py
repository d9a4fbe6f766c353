"""The class Worker: what a thread's parent has of it.

Source: "Class: Worker" of Node's manual.
"""

# Paths are texts here, as Node has them.
# ruff: noqa: PTH117

from __future__ import annotations

import os
from typing import Any

from napi._native import shim
from napi.js.host import _emitter
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import (
    function,
    is_object,
    klass,
    make,
    option,
    resolved,
)
from napi.js.host._port import (
    attach_running,
    clone_message,
    connect,
    post,
    transfer_list,
)
from napi.js.host._stream_base import call_method
from napi.js.worker import Worker, children, environment_data, prepare
from napi.runtime.builtin import hidden
from napi.runtime.process import Host, this_host
from napi.runtime.realm import kept

__all__ = ["worker_class"]

_PARENT = shim.Symbol("kParent")


class _Parent:
    """What the object Worker stands for."""

    def __init__(self, face: Any, worker: Worker, port: Any) -> None:
        self.face, self.worker, self.port = face, worker, port
        self.running = True
        self.held = False
        self.waiting: list[Any] = []

    def refer(self, held: bool) -> None:
        """Whether the Worker keeps this thread's loop going."""
        if held != self.held:
            self.held = held
            shim.hold(1 if held else -1, 1 if held else -1)

    def message(self) -> None:
        """A turn for a message of the Worker's."""
        queue = self.port.queue
        item = queue.popleft() if queue else None  # None, too, as the other end closes
        if item is not None:
            _emitter.emit(self.face, "message", item.open())

    def told(self, event: str, *values: Any) -> None:
        """A turn for what the thread tells."""
        if event == "online":
            _emitter.emit(self.face, "online")
        elif event == "error":
            _emitter.emit(self.face, "error", values[0].open())
        elif event == "stream":
            self.streamed(*values)
        else:
            self.ended(int(values[0]))

    def streamed(self, name: str, data: Any) -> None:
        """Something was written to stdout or stderr, or nothing will be any more."""
        stream = shim.get(self.face, name)
        if is_object(stream):
            chunk = shim.null if data is None else shim.Buffer(data)
            call_method(stream, "push", chunk)

    def ended(self, status: int) -> None:
        """The thread has ended: its last word."""
        self.running = False
        if self.worker in children():
            children().remove(self.worker)
        shim.set(self.face, "threadId", -1)
        shim.set(self.face, "threadName", shim.null)
        self.refer(False)
        waiting, self.waiting = self.waiting, []
        for promise in waiting:
            promise._resolve(status)
        _emitter.emit(self.face, "exit", status)


def _parent(this: Any) -> _Parent:
    found = shim.get(this, _PARENT) if is_object(this) else None
    held = None if found is None else found()
    if not isinstance(held, _Parent):
        raise invalid_type("this", "Worker", this)
    return held


# === what is to be run ===


def _path(filename: Any) -> str:
    from napi.js.host.url import is_url, path_of_url

    if is_url(filename):
        return path_of_url(filename)
    if shim.typeof(filename) != "string":
        raise invalid_type("filename", ["string", "URL"], filename)
    text = str(filename)
    if os.path.isabs(text) or text.startswith(("./", "../")):
        return os.path.abspath(text)  # noqa: PTH100
    hint = ""
    if text.startswith("file://"):
        hint = " Wrap file:// URLs with `new URL`."
    elif text.startswith("data:text/javascript"):
        hint = " Wrap data: URLs with `new URL`."
    words = (
        "The worker script or module filename must be an absolute path or a relative "
        f"path starting with './' or '../'.{hint} Received \"{text}\""
    )
    raise node_error("TypeError", "ERR_WORKER_PATH", words)


def _texts(options: Any, name: str) -> list[str] | None:
    given = option(options, name)
    if given is None:
        return None
    if not isinstance(given, (list, tuple)):
        raise invalid_type(f"options.{name}", "Array", given)
    return [str(shim.to_string(one)) for one in given]


def _environment(options: Any) -> dict[str, str] | None:
    given = option(options, "env")
    if given is shim.Symbol.for_("nodejs.worker_threads.SHARE_ENV"):
        return this_host().environment
    if given is None or given is shim.null:
        given = shim.get(shim.get(shim.get_global(), "process"), "env")
    elif not is_object(given):
        names = ["object", "undefined", "null", "worker_threads.SHARE_ENV"]
        from napi.js.host._errors import described

        words = f"of type object or one of {', '.join(names[1:3])}, or {names[3]}"
        text = f'The "options.env" property must be {words}.{described(given)}'
        raise node_error("TypeError", "ERR_INVALID_ARG_TYPE", text)
    found = {}
    for key in shim.keys(given):
        value = shim.get(given, key)
        if value is not None:
            found[str(key)] = str(shim.to_string(value))
    return found


def _program(filename: Any, options: Any) -> tuple[Any, Host]:
    from napi.js.program import parse_words

    host = Host()
    flags = _texts(options, "execArgv")
    host.flags = list(this_host().flags) if flags is None else flags
    program = parse_words([one for one in host.flags if one.startswith("-")])
    if flags is not None:
        program = parse_words([*flags, ""])
    arguments = _texts(options, "argv") or []
    evaluates = shim.to_boolean(option(options, "eval"))
    if evaluates:
        program.file, program.source = "", str(shim.to_string(filename))
        program.label = "[worker eval]"
        host.arguments = [program.label, *arguments]
    elif shim.typeof(filename) == "object" and str(
        shim.get(filename, "protocol") or ""
    ) == ("data:"):
        program.file, program.source = "", ""
        program.settings["--import"] = [str(shim.get(filename, "href"))]
        host.arguments = [str(shim.get(filename, "href")), *arguments]
    else:
        program.file, program.source = _path(filename), None
        host.arguments = [program.file, *arguments]
    host.is_program = True
    host.title = str(shim.get(shim.get(shim.get_global(), "process"), "title"))
    host.environment = _environment(options)
    return program, host


# === the class ===


def _init(this: Any, filename: Any = None, options: Any = None) -> None:
    program, host = _program(filename, options)
    _emitter.init(this)
    name = option(options, "name", "WorkerThread")
    data = option(options, "workerData", shim.null)
    message = clone_message(data, transfer_list(option(options, "transferList")), None)
    inner, outer = connect()
    shared = clone_message(environment_data(), [], None)
    prepare()

    def tell(event: str, *values: Any) -> None:
        parent.told(event, *values)

    worker = Worker(program, host, str(shim.to_string(name)), tell)
    worker.port, worker.data, worker.environment = inner, message, shared
    parent = _Parent(this, worker, outer)
    outer.agent = shim.agent_id()
    outer.deliver = parent.message  # type: ignore[method-assign]
    hidden(this, _PARENT, function(lambda: parent, "kParent"))
    _describe(this, worker, options)
    parent.refer(True)
    attach_running()
    worker.start()


def _describe(this: Any, worker: Worker, options: Any) -> None:
    from napi.js.host._stream_readable import readable_class

    limits = option(options, "resourceLimits")
    shim.set(this, "threadId", worker.number)
    shim.set(this, "threadName", worker.name)
    shim.set(this, "resourceLimits", shim.Object() if limits is None else limits)

    def nothing(this: Any, n: Any = None) -> None:
        return None

    for name in ("stdout", "stderr"):
        stream = shim.construct(readable_class(), make())
        hidden(stream, "_read", function(nothing, "_read", this=True))
        shim.set(this, name, stream)
        if shim.to_boolean(option(options, name)):
            worker.streams[name] = name
    shim.set(this, "stdin", shim.null)
    if shim.to_boolean(option(options, "stdin")):
        from napi.js.host._worker_stdio import make_input

        shim.set(this, "stdin", make_input(worker))


class _Members:
    def postMessage(this: Any, *given: Any) -> None:
        parent = _parent(this)
        if parent.running:
            post(parent.port, None, *given)

    def terminate(this: Any, callback: Any = None) -> Any:
        parent = _parent(this)
        if not parent.running:
            return resolved()
        parent.refer(True)
        promise = shim.Promise()
        parent.waiting.append(promise)
        parent.worker.stop()
        return promise

    def ref(this: Any) -> None:
        parent = _parent(this)
        if parent.running:
            parent.refer(True)

    def unref(this: Any) -> None:
        _parent(this).refer(False)


def _dispose(this: Any) -> Any:
    return shim.call(shim.get(this, "terminate"), this)


def _make() -> Any:
    made = klass("Worker", _init, _Members, parent=_emitter.emitter_class(), length=1)
    prototype = shim.get(made, "prototype")
    hidden(
        prototype,
        shim.Symbol.asyncDispose,
        function(_dispose, "[Symbol.asyncDispose]", this=True),
    )
    return made


def worker_class() -> Any:
    """The class Worker of this realm."""
    return kept("worker_threads.Worker", _make)
