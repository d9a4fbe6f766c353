"""Blocking calls on threads, whose results come back in turns of the loop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from napi.js.host._context import keep
from napi.runtime.poller import mailbox

__all__ = ["run"]


def run(act: Callable[[], Any], done: Callable[[Any, Any], Any]) -> None:
    """Runs ``act`` on a thread and then ``done(error, result)`` on this one.

    Args:
        act: What blocks; it must not touch JavaScript values.
        done: Called in a turn of the loop, which goes on until then.
    """
    box, done = mailbox(), keep(done)
    box.expect(1)

    def work() -> None:
        error: BaseException | None = None
        result: Any = None
        try:
            result = act()
        except BaseException as failure:
            error = failure
        box.send(lambda: finish(error, result))

    def finish(error: BaseException | None, result: Any) -> None:
        box.expect(-1)
        done(error, result)

    threading.Thread(target=work, daemon=True).start()
