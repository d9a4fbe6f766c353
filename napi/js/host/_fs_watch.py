"""``fs.watch`` over inotify, ``fs.watchFile`` by looking again and again."""

# Paths are texts here, as Node has them.
# ruff: noqa: PTH112, PTH116, PTH118, PTH119

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from typing import Any

from napi._native import shim
from napi.js.host import _fs_values as values
from napi.js.host._emitter import emitter_class
from napi.js.host._errors import need_function, node_error, system_error
from napi.js.host._kit import function, klass, make, option, put, super_call
from napi.js.host._stream_base import call_method, emit
from napi.js.host.path import path_text
from napi.runtime.builtin import hidden
from napi.runtime.poller import READ, Watch
from napi.runtime.realm import kept

__all__ = ["iterate", "unwatch_file", "watch", "watch_file"]

_STATE = shim.Symbol("kHandle")
_CHANGES = 0x2 | 0x4  # IN_MODIFY, IN_ATTRIB
_NAMES = 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800  # moved, created, deleted
_CREATED, _IGNORED, _FOLDER = 0x100 | 0x80, 0x8000, 0x40000000


class _Notify:
    """An inotify descriptor and the folders that it tells of.

    Args:
        this: The FSWatcher.
        path: A file or a folder.
        recursive: Whether what is below is watched, too.
    """

    def __init__(self, this: Any, path: str, recursive: bool) -> None:
        self.this, self.path, self.recursive = this, path, recursive
        self.library = ctypes.CDLL(None, use_errno=True)
        if not hasattr(self.library, "inotify_init1"):
            code = "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM"
            raise node_error("TypeError", code, "fs.watch needs inotify")
        self.descriptor = self.library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.is_folder = os.path.isdir(path)
        self.folders: dict[int, str] = {}
        try:
            self.add(path, "")
        except OSError:
            os.close(self.descriptor)
            raise
        self.watch: Watch | None = Watch(self.descriptor, self.read)
        self.watch.change(READ)

    def add(self, path: str, shown: str) -> None:
        """Watches a folder, and those in it if need be."""
        mask = _CHANGES | _NAMES
        number = self.library.inotify_add_watch(
            self.descriptor, os.fsencode(path), mask
        )
        if number < 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
        self.folders[number] = shown
        if self.recursive and os.path.isdir(path):
            for entry in os.scandir(path):
                if entry.is_dir(follow_symlinks=False):
                    self.add(entry.path, os.path.join(shown, entry.name))

    def read(self, _: int) -> None:
        """Tells of what has come."""
        try:
            data = os.read(self.descriptor, 65536)
        except BlockingIOError:
            return
        at = 0
        while at < len(data) and self.watch is not None:
            number, mask, _cookie, size = struct.unpack_from("iIII", data, at)
            name = data[at + 16 : at + 16 + size].rstrip(b"\0")
            at += 16 + size
            if not mask & _IGNORED:
                self.tell(number, mask, os.fsdecode(name))

    def tell(self, number: int, mask: int, name: str) -> None:
        """One event."""
        shown = os.path.join(self.folders.get(number, ""), name)
        if self.recursive and mask & _FOLDER and mask & _CREATED:
            with contextlib.suppress(OSError):  # it is gone again
                self.add(os.path.join(self.path, shown), shown)
        kind = "change" if mask & _CHANGES else "rename"
        given = shown or os.path.basename(self.path)
        emit(self.this, "change", kind, given)

    def close(self) -> bool:
        """Ends it, once."""
        if self.watch is None:
            return False
        self.watch.change(0)
        self.watch = None
        os.close(self.descriptor)
        return True


def _init(this: Any, *_: Any) -> None:
    super_call(emitter_class(), this)


class _Watcher:
    def close(this: Any) -> None:
        state = shim.get(this, _STATE)
        if state is not None and state.close():
            shim.queue_tick(lambda: emit(this, "close"))

    def ref(this: Any) -> Any:
        state = shim.get(this, _STATE)
        if state is not None and state.watch is not None:
            state.watch.refer(True)
        return this

    def unref(this: Any) -> Any:
        state = shim.get(this, _STATE)
        if state is not None and state.watch is not None:
            state.watch.refer(False)
        return this


def _watcher_class() -> Any:
    return kept(
        "fs.FSWatcher",
        lambda: klass("FSWatcher", _init, _Watcher, parent=emitter_class(), call=True),
    )


def watch(path: Any, options: Any = None, listener: Any = None) -> Any:
    """``fs.watch``: an FSWatcher.

    Raises:
        napi.Error: The path cannot be watched.
    """
    if callable(options):
        options, listener = None, options
    name = path_text(path)
    made = shim.construct(_watcher_class())
    try:
        state = _Notify(made, name, option(options, "recursive") is True)
    except OSError as error:
        failed = system_error(error.errno or 2, "watch", name)
        shim.set(failed, "filename", name)
        raise failed from None
    hidden(made, _STATE, state)
    if option(options, "persistent") is False:
        call_method(made, "unref")
    if listener is not None:
        call_method(made, "on", "change", need_function(listener, "listener"))
    signal = option(options, "signal")
    if signal is not None:
        stop = function(lambda *_: call_method(made, "close"))
        if shim.get(signal, "aborted") is True:
            shim.queue_tick(lambda: call_method(made, "close"))
        else:
            call_method(signal, "addEventListener", "abort", stop)
    return made


def iterate(path: Any, options: Any = None) -> Any:
    """``fs.promises.watch``: an async iterator of the events."""
    source = watch(path, options)
    waiting: list[Any] = []
    ready: list[Any] = []

    def happened(kind: Any = None, name: Any = None, *_: Any) -> None:
        told = put(shim.create(shim.null), eventType=kind, filename=name)
        event = make(value=told, done=False)
        if waiting:
            waiting.pop(0)._resolve(event)
        else:
            ready.append(event)

    def closed(*_: Any) -> None:
        signal = option(options, "signal")
        while waiting:
            if signal is not None and shim.get(signal, "aborted") is True:
                from napi.js.host.events import _abort_error

                waiting.pop(0)._reject(_abort_error(signal))
            else:
                waiting.pop(0)._resolve(make(value=None, done=True))

    def advance(*_: Any) -> Any:
        made = shim.Promise()
        if ready:
            made._resolve(ready.pop(0))
        else:
            waiting.append(made)
        return made

    def leave(value: Any = None, *_: Any) -> Any:
        call_method(source, "close")
        made = shim.Promise()
        made._resolve(make(value=value, done=True))
        return made

    call_method(source, "on", "change", function(happened))
    call_method(source, "on", "close", function(closed))
    found = put(shim.Object(), next=function(advance, "next"))
    shim.set(found, "return", function(leave, "return"))
    itself = function(lambda *_: found, "[Symbol.asyncIterator]")
    shim.set(found, shim.Symbol.asyncIterator, itself)
    return found


# === watchFile ===


def _stat(path: str) -> Any:
    try:
        return os.stat(path)
    except OSError:
        return None


def _shown(found: Any) -> Any:
    return values.stats(os.stat_result((0,) * 10) if found is None else found)


def _same(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is b
    return (a.st_mtime_ns, a.st_size, a.st_ino) == (b.st_mtime_ns, b.st_size, b.st_ino)


def _polled() -> dict[str, Any]:
    found: dict[str, Any] = kept("fs.watchFile", dict)
    return found


def watch_file(path: Any, options: Any = None, listener: Any = None) -> Any:
    """``fs.watchFile``: calls back with the new and the old Stats."""
    if callable(options):
        options, listener = None, options
    need_function(listener, "listener")
    name = os.path.abspath(path_text(path))  # noqa: PTH100
    known = _polled()
    if name not in known:
        known[name] = _poll(name, options)
    call_method(known[name], "on", "change", listener)
    return known[name]


def _poll(name: str, options: Any) -> Any:
    made = shim.construct(emitter_class())
    last = [_stat(name)]

    def look(*_: Any) -> None:
        found = _stat(name)
        if not _same(found, last[0]):
            before, last[0] = last[0], found
            emit(made, "change", _shown(found), _shown(before))

    world = shim.get_global()
    wait = option(options, "interval", 5007)
    timer = shim.call(shim.get(world, "setInterval"), None, function(look), wait)
    if option(options, "persistent") is False:
        call_method(timer, "unref")
    hidden(made, _STATE, timer)
    return made


def unwatch_file(path: Any, listener: Any = None) -> None:
    """``fs.unwatchFile``: ends it, or takes one listener away."""
    name = os.path.abspath(path_text(path))  # noqa: PTH100
    found = _polled().get(name)
    if found is None:
        return
    if callable(listener):
        call_method(found, "removeListener", "change", listener)
    else:
        call_method(found, "removeAllListeners", "change")
    if not call_method(found, "listenerCount", "change"):
        del _polled()[name]
        timer = shim.get(found, _STATE)
        shim.call(shim.get(shim.get_global(), "clearInterval"), None, timer)
