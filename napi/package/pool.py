"""Threads for downloads. They are daemons: Ctrl-C need not wait for a slow server."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

__all__ = ["Pool"]

T = TypeVar("T")


class Pool:
    """A few threads that run what is given to them, in order."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._jobs: queue.SimpleQueue[
            tuple[Future[Any], Callable[..., Any], tuple[Any, ...]] | None
        ] = queue.SimpleQueue()
        self._threads = 0
        self._idle = threading.Semaphore(0)
        self._lock = threading.Lock()

    def submit(self, call: Callable[..., T], *arguments: object) -> Future[T]:
        """Run a call later; the future has what it returns or raises."""
        future: Future[T] = Future()
        self._jobs.put((future, call, arguments))
        with self._lock:
            if not self._idle.acquire(blocking=False) and self._threads < self._size:
                self._threads += 1
                threading.Thread(
                    target=self._work, name="napi-download", daemon=True
                ).start()
        return future

    def close(self) -> None:
        """Let the threads end when they are done; what waits is cancelled."""
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is not None:
                job[0].cancel()
        for _ in range(self._threads):
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            future, call, arguments = job
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(call(*arguments))
                except BaseException as error:
                    future.set_exception(error)
            del job, future, call, arguments
            self._idle.release()
