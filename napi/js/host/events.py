"""``events``: EventEmitter, and promises and iterators of its events."""

from __future__ import annotations

from collections import deque
from typing import Any

from napi._native import shim
from napi.js.host import _emitter
from napi.js.host._emitter import emitter_class
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import (
    exports_of,
    function,
    is_object,
    lazy,
    make,
    option,
    rejected,
    resolved,
)

__all__ = ["exports"]


def _is_target(emitter: Any) -> bool:
    return callable(shim.get(emitter, "addEventListener"))


def _listen(emitter: Any, event: Any, listener: Any, once: bool = False) -> None:
    if callable(shim.get(emitter, "on")):
        name = "once" if once else "on"
        shim.call(shim.get(emitter, name), emitter, event, listener)
    elif is_object(emitter) and _is_target(emitter):
        options = make(once=once)
        add = shim.get(emitter, "addEventListener")
        shim.call(add, emitter, event, listener, options)
    else:
        raise invalid_type("emitter", "EventEmitter", emitter)


def _leave(emitter: Any, event: Any, listener: Any) -> None:
    name = "removeListener" if callable(shim.get(emitter, "on")) else ""
    name = name or "removeEventListener"
    shim.call(shim.get(emitter, name), emitter, event, listener)


def _abort_error(signal: Any) -> Any:
    error = node_error("Error", "ABORT_ERR", "The operation was aborted")
    error.name = "AbortError"
    shim.set(error, "cause", shim.get(signal, "reason"))
    return error


def _once(emitter: Any, event: Any, options: Any) -> Any:
    signal = option(options, "signal")
    if signal is not None and shim.get(signal, "aborted") is True:
        return rejected(_abort_error(signal))
    made = shim.Promise()

    def happened(*arguments: Any) -> None:
        if callable(shim.get(emitter, "on")):
            _leave(emitter, "error", failed)
        made._resolve(shim.Array(arguments))

    def on_error(error: Any = None, *_: Any) -> None:
        _leave(emitter, event, listener)
        made._reject(error)

    def aborted(*_: Any) -> None:
        _leave(emitter, event, listener)
        made._reject(_abort_error(signal))

    listener, failed = function(happened), function(on_error)
    _listen(emitter, event, listener, True)
    if event != "error" and callable(shim.get(emitter, "on")):
        _listen(emitter, "error", failed, True)
    if signal is not None:
        _listen(signal, "abort", function(aborted), True)
    return made


class _Queue:
    """Events that nobody has asked for yet, and those who wait for one."""

    def __init__(self) -> None:
        self.values: deque[Any] = deque()
        self.waiting: deque[Any] = deque()
        self.error: Any = None
        self.finished = False

    def give(self, *arguments: Any) -> None:
        value = shim.Array(arguments)
        if self.waiting:
            self.waiting.popleft()._resolve(make(value=value, done=False))
        else:
            self.values.append(value)

    def fail(self, error: Any = None, *_: Any) -> None:
        self.finished = True
        if self.waiting:
            self.waiting.popleft()._reject(error)
        else:
            self.error = (error,)

    def close(self, *_: Any) -> None:
        self.finished = True
        while self.waiting:
            self.waiting.popleft()._resolve(make(value=None, done=True))

    def next(self) -> Any:
        if self.values:
            return resolved(make(value=self.values.popleft(), done=False))
        if self.error is not None:
            error, self.error = self.error, None
            return rejected(error[0])
        if self.finished:
            return resolved(make(value=None, done=True))
        made = shim.Promise()
        self.waiting.append(made)
        return made


def _iterate(emitter: Any, event: Any, options: Any) -> Any:
    signal, queue = option(options, "signal"), _Queue()
    if signal is not None and shim.get(signal, "aborted") is True:
        raise _abort_error(signal)
    give, fail = function(queue.give, "eventHandler"), function(queue.fail, "error")
    _listen(emitter, event, give)
    if event != "error" and callable(shim.get(emitter, "on")):
        _listen(emitter, "error", fail)
    for name in option(options, "close", ()):
        _listen(emitter, name, function(queue.close, "close"))

    def stop(value: Any = None, *_: Any) -> Any:
        _leave(emitter, event, give)
        if event != "error" and callable(shim.get(emitter, "on")):
            _leave(emitter, "error", fail)
        queue.close()
        return resolved(make(value=None, done=True))

    def abort(*_: Any) -> None:
        queue.fail(_abort_error(signal))

    if signal is not None:
        _listen(signal, "abort", function(abort, "abort"), True)
    made = shim.Object()
    shim.set(made, "next", function(lambda *_: queue.next(), "next"))
    shim.set(made, "return", function(stop, "return"))
    shim.set(made, "throw", function(lambda error=None, *_: queue.fail(error), "throw"))
    shim.set(made, shim.Symbol.asyncIterator, function(lambda *_: made, "iterator"))
    return made


class _Module:
    @staticmethod
    def once(emitter: Any, name: Any, options: Any = None) -> Any:
        return _once(emitter, name, options)

    @staticmethod
    def on(emitter: Any, event: Any, options: Any = None) -> Any:
        return _iterate(emitter, event, options)

    @staticmethod
    def getEventListeners(emitter: Any, type: Any) -> Any:
        listeners = shim.get(emitter, "listeners")
        if callable(listeners):
            return shim.call(listeners, emitter, type)
        raise invalid_type("emitter", ["EventEmitter", "EventTarget"], emitter)

    @staticmethod
    def getMaxListeners(emitter: Any) -> Any:
        found = shim.get(emitter, "getMaxListeners")
        return shim.call(found, emitter) if callable(found) else 10

    @staticmethod
    def setMaxListeners(n: Any = 10, *targets: Any) -> None:
        _emitter._need_limit(n, "setMaxListeners")
        if not targets:
            _emitter.settings()["maxListeners"] = n
        for target in targets:
            change = shim.get(target, "setMaxListeners")
            if callable(change):
                shim.call(change, target, n)

    @staticmethod
    def listenerCount(emitter: Any, type: Any) -> Any:
        count = shim.get(emitter, "listenerCount")
        if callable(count):
            return shim.call(count, emitter, type)
        return len(_emitter.listeners_of(emitter, type))

    @staticmethod
    def addAbortListener(signal: Any, listener: Any) -> Any:
        if shim.get(signal, "aborted") is True:
            shim.queue_microtask(lambda: shim.call(listener, None))
        else:
            _listen(signal, "abort", listener, True)
        made = shim.Object()
        remove = function(lambda *_: _leave(signal, "abort", listener), "dispose")
        shim.set(made, shim.Symbol.for_("nodejs.dispose"), remove)
        return made


def _start(this: Any, opts: Any = None) -> None:
    """``EventEmitter.init``, which functions of the old style call."""
    _emitter.init(this, opts)


def _resource_class() -> Any:
    """EventEmitterAsyncResource: listeners run in the context of its making."""
    from napi.js.host import load
    from napi.js.host._kit import getter, klass, super_call
    from napi.runtime.builtin import hidden

    resource = shim.Symbol("kResource")
    kind, parent = shim.get(load("async_hooks"), "AsyncResource"), emitter_class()

    def init(this: Any, options: Any = None) -> None:
        name = options if isinstance(options, str) else option(options, "name")
        super_call(parent, this, None if isinstance(options, str) else options)
        name = name or shim.get(shim.get(this, "constructor"), "name")
        hidden(this, resource, shim.construct(kind, name, options))

    class Members:
        def emit(this: Any, event: Any, *args: Any) -> Any:
            one, act = shim.get(this, resource), shim.get(parent, "prototype")
            run = shim.get(one, "runInAsyncScope")
            return shim.call(run, one, shim.get(act, "emit"), this, event, *args)

        def emitDestroy(this: Any) -> None:
            one = shim.get(this, resource)
            shim.call(shim.get(one, "emitDestroy"), one)

    made = klass("EventEmitterAsyncResource", init, Members, parent=parent)
    prototype = shim.get(made, "prototype")
    for name in ("asyncId", "triggerAsyncId"):

        def number(this: Any, name: str = name) -> Any:
            one = shim.get(this, resource)
            return shim.call(shim.get(one, name), one)

        getter(prototype, name, number)
    getter(prototype, "asyncResource", lambda this: shim.get(this, resource))
    return made


def exports() -> Any:
    """The module: EventEmitter itself, with the other exports as its statics."""
    made = emitter_class()
    exports_of(_Module, made)
    shim.set(made, "EventEmitter", made)
    shim.set(made, "errorMonitor", _emitter.ERROR_MONITOR)
    shim.set(made, "captureRejectionSymbol", _emitter.REJECTION)
    shim.set(made, "usingDomains", False)
    shim.set(made, "init", function(_start, "init", this=True))
    lazy(made, "EventEmitterAsyncResource", _resource_class)
    return made
