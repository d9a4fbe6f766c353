"""Descriptors, and results of other threads, that a thread's turns wait for.

One selector a thread; its own descriptor is what the pump, or the asyncio loop that
runs the turns, watches beside the shim's. Callbacks are run as those of timers are:
each with its microtasks, what it leaves uncaught goes where all such errors go.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakMethod

from napi._native import shim

__all__ = ["READ", "WRITE", "Mailbox", "Watch", "mailbox"]

READ = selectors.EVENT_READ
WRITE = selectors.EVENT_WRITE


class _Selecting:
    """The selector of a thread, closed with it: selectors are part of a cycle."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.selector = selectors.DefaultSelector()

    def __del__(self) -> None:
        self.selector.close()


class _Thread(threading.local):
    """What one thread waits with, made when it is first needed."""

    def __init__(self) -> None:
        self.selecting: _Selecting | None = None
        self.mailbox: Mailbox | None = None


_thread = _Thread()


def _selector() -> selectors.BaseSelector:
    found = _thread.selecting
    if found is None or found.process != os.getpid():
        # Of a fork: the parent's selector is not ours to change.
        found = _thread.selecting = _Selecting()
        _thread.mailbox = None
        shim.set_poller(found.selector.fileno(), _dispatch)
    return found.selector


def _announce() -> None:
    """The asyncio loop that runs, if one does, learns of the selector."""
    if "asyncio.events" in sys.modules:
        from napi import loop

        loop.arm()


def _dispatch() -> None:
    if _thread.selecting is None:
        return
    for key, mask in _thread.selecting.selector.select(0):
        watch: Watch = key.data
        if watch.mask & mask:
            shim.run_macrotask(partial(watch.run, mask))


class Watch:
    """A descriptor that is watched.

    Args:
        descriptor: An open, non-blocking descriptor; it must be taken away here
            before it is closed.
        callback: Called in a turn with what the descriptor is ready for.
    """

    def __init__(self, descriptor: int, callback: Callable[[int], Any]) -> None:
        self._descriptor = descriptor
        self._callback = callback
        self.mask = 0
        self._referenced = True

    def change(self, mask: int) -> None:
        """Says what to wait for.

        Args:
            mask: ``READ``, ``WRITE``, both or 0: nothing.
        """
        if mask == self.mask:
            return
        selector, before = _selector(), self.mask
        self.mask = mask
        if not before:
            selector.register(self._descriptor, mask, self)
            shim.hold(int(self._referenced), 1)
            _announce()
        elif mask:
            selector.modify(self._descriptor, mask, self)
        else:
            selector.unregister(self._descriptor)
            shim.hold(-int(self._referenced), -1)

    def refer(self, referenced: bool) -> None:
        """Says whether the program goes on while something is waited for."""
        if referenced != self._referenced and self.mask:
            shim.hold(1 if referenced else -1, 0)
        self._referenced = referenced

    def run(self, mask: int) -> None:
        """Calls back, unless an earlier callback of this turn has ended it."""
        if self.mask & mask:
            self._callback(self.mask & mask)


class Mailbox:
    """What other threads want done on this one."""

    def __init__(self) -> None:
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._letters: deque[Callable[[], Any]] = deque()
        self._waiting = 0
        open_ = WeakMethod(self._open)  # its thread alone keeps a mailbox

        def ready(mask: int) -> None:
            act = open_()
            if act is not None:
                act(mask)

        self._watch = Watch(self._read.fileno(), ready)
        self._watch.refer(False)
        self._watch.change(READ)

    def __del__(self) -> None:
        self._read.close()
        self._write.close()

    def send(self, letter: Callable[[], Any]) -> None:
        """Has something called in a turn of the mailbox's thread.

        May be called on any thread. The program goes on for it only after
        :meth:`expect`.

        Args:
            letter: The callable.
        """
        self._letters.append(letter)
        with contextlib.suppress(OSError):  # full: it is awake; closed: at exit
            self._write.send(b"\0")

    def expect(self, count: int) -> None:
        """Says, on the mailbox's thread, that letters will come (or have: -1).

        Args:
            count: How many more.
        """
        shim.hold(count, count)
        if count > 0:
            _announce()

    def _open(self, _: int) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._read.recv(4096):
                pass
        while self._letters:
            shim.run_macrotask(self._letters.popleft())


def mailbox() -> Mailbox:
    """The mailbox of this thread."""
    _selector()
    if _thread.mailbox is None:
        _thread.mailbox = Mailbox()
    return _thread.mailbox
