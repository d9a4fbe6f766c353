"""Blocking calls on threads, whose results come back in turns of the loop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

__all__ = ["run"]

_LONGEST_WAIT = 0.02


class _Job:
    """One call; its owner looks after it in turns of the loop."""

    def __init__(self, act: Callable[[], Any], done: Callable[[Any, Any], Any]) -> None:
        self.act, self.done = act, done
        self.error: BaseException | None = None
        self.result: Any = None
        self.finished = threading.Event()
        self.wait = 0.0005

    def work(self) -> None:
        try:
            self.result = self.act()
        except BaseException as error:
            self.error = error
        self.finished.set()

    def look(self, *_: Any) -> None:
        if self.finished.is_set():
            self.done(self.error, self.result)
            return
        from napi.runtime.timers import set_timeout

        self.wait = min(self.wait * 1.5, _LONGEST_WAIT)
        set_timeout(self.look, self.wait * 1000)


def run(act: Callable[[], Any], done: Callable[[Any, Any], Any]) -> None:
    """Runs ``act`` on a thread and then ``done(error, result)`` on this one.

    Args:
        act: What blocks; it must not touch JavaScript values.
        done: Called in a turn of the loop, which goes on until then.
    """
    from napi.runtime.timers import set_immediate

    job = _Job(act, done)
    threading.Thread(target=job.work, daemon=True).start()
    job.finished.wait(0.0005)
    set_immediate(job.look)
