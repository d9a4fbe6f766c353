"""Calls of Node-API that fail because a test wants it.

An addon meets a failing ``napi_create_object`` once in ten years, in production; a
test can have it at once. All of this needs the strict build.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from napi._native import is_strict

__all__ = [
    "Fault",
    "faults",
    "memory_faults",
    "no_external_buffers",
    "queue_full",
    "shutdown",
    "shuffled",
    "statuses",
    "watch",
]

#: The functions that need memory of the addon to be the memory of a buffer.
EXTERNAL = (
    "napi_create_external_arraybuffer",
    "napi_create_external_buffer",
    "node_api_create_external_sharedarraybuffer",
)


def watch(what: str) -> Any:
    """The strict build's module, which has the wrappers that tools need.

    Args:
        what: Who asks, for the message.

    Returns:
        The extension module.

    Raises:
        RuntimeError: The release build is, or will be, in use.
    """
    if not is_strict():
        raise RuntimeError(
            f"{what} needs the strict build: set NAPI_STRICT=1, or call "
            "napi.testing.strict() before the first addon is loaded"
        )
    from napi._native import shim

    return shim


@cache
def statuses() -> dict[str, int]:
    """The statuses of Node-API by name, ``napi_ok`` first.

    Source: ``napi_status`` of the headers.
    """
    import re

    from napi.testing.abi import declarations

    match = re.search(r"enum\s*\w*\s*\{([^{}]*\bnapi_ok\b[^{}]*)\}", declarations())
    assert match is not None
    names = re.findall(r"\w+", re.sub(r"=\s*\d+", "", match[1]))
    return {name: number for number, name in enumerate(names)}


def status_number(status: str | int) -> int:
    """A status as a number.

    Raises:
        ValueError: There is none of that name or number, or it is ``napi_ok``.
    """
    if isinstance(status, str):
        name = status if status.startswith("napi_") else f"napi_{status}"
        number = statuses().get(name, 0)
    else:
        number = status
    if number not in list(statuses().values())[1:]:
        raise ValueError(f"{status!r} is no status with which a call can fail")
    return number


@cache
def _ledger() -> tuple[dict[str, str], ...]:
    path = Path(__file__).resolve().parent.parent / "symbols.csv"
    with path.open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


class Fault:
    """A fault that is set.

    Attributes:
        seen: How many calls it has seen; -1 while it lasts.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self.seen = -1

    def __repr__(self) -> str:
        return f"<Fault seen={self.seen}>"


@contextmanager
def faults(
    names: str | Iterable[str] | None = None,
    *,
    nth: int = 1,
    onward: bool = False,
    status: str | int = "napi_generic_failure",
    exception: Any = None,
) -> Iterator[Fault]:
    """Lets calls of Node-API fail while the block runs.

    The function does nothing: it answers the status, which
    ``napi_get_last_error_info`` tells, too.

    Args:
        names: Which functions: a name, several, or None for all.
        nth: Which of their calls from now on, counted from 1.
        onward: All calls from that one on fail.
        status: With which status, by name or number.
        exception: What becomes the pending exception, unless there is one: any
            JavaScript value. With ``napi_pending_exception`` an Error that says
            what this is, where none is given.

    Yields:
        The fault; afterwards its ``seen`` tells how many calls it has met.

    Raises:
        RuntimeError: The strict build is not in use.
        ValueError: There is no such function or status, or nth is not positive.
    """
    shim = watch("napi.testing.faults")
    number = status_number(status)
    if nth < 1:
        raise ValueError("nth counts from 1")
    if exception is None and number == statuses()["napi_pending_exception"]:
        from napi.runtime import Error

        exception = Error("injected by napi.testing.faults")
    fault = Fault(shim.watch_fault(names, -nth if onward else nth, number, exception))
    try:
        yield fault
    finally:
        fault.seen = shim.watch_unfault(fault._number)


@contextmanager
def memory_faults(nth: int = 1, *, onward: bool = False) -> Iterator[None]:
    """Refuses memory to the functions of Node-API while the block runs.

    Only what addons' calls ask of Python's allocators on this thread counts:
    the test itself, and the addon's own ``malloc``, get what they want.

    Args:
        nth: Which request is refused, counted from 1.
        onward: And all after it.

    Raises:
        RuntimeError: The strict build is not in use.
        ValueError: nth is not positive.
    """
    shim = watch("napi.testing.memory_faults")
    if nth < 1:
        raise ValueError("nth counts from 1")
    shim.watch_memory(nth, onward)
    try:
        yield
    finally:
        shim.watch_memory(0)


def no_external_buffers() -> Any:
    """A host without external buffers, as Electron is, while the block runs.

    ``napi_create_external_buffer`` and its like answer
    ``napi_no_external_buffers_allowed``; an addon has to copy then.
    """
    return faults(EXTERNAL, onward=True, status="napi_no_external_buffers_allowed")


def queue_full(*, nth: int = 1, onward: bool = True) -> Any:
    """Queues of threadsafe functions are full while the block runs.

    Args:
        nth: From which call of ``napi_call_threadsafe_function`` on.
        onward: False: only that one.
    """
    names = "napi_call_threadsafe_function"
    return faults(names, nth=nth, onward=onward, status="napi_queue_full")


@contextmanager
def shutdown(nth: int = 1) -> Iterator[None]:
    """The environment goes away in the middle of what an addon does.

    From one call on, whatever may run JavaScript answers as it does during
    teardown: ``napi_pending_exception`` with nothing pending, and threadsafe
    functions ``napi_closing``.

    Args:
        nth: Which call of such a function is the first, counted from 1.
    """
    names = [row["name"] for row in _ledger() if row["prologue"] == "preamble"]
    shim = watch("napi.testing.shutdown")
    if nth < 1:
        raise ValueError("nth counts from 1")
    pending = statuses()["napi_pending_exception"]
    # Given to the extension itself: nothing becomes pending, as in a teardown.
    first = shim.watch_fault(names, -nth, pending)
    closing = ("napi_call_threadsafe_function", "napi_acquire_threadsafe_function")
    second = shim.watch_fault(closing, 0, statuses()["napi_closing"])
    try:
        yield
    finally:
        shim.watch_unfault(first)
        shim.watch_unfault(second)


@contextmanager
def shuffled(seed: int) -> Iterator[None]:
    """Async works complete in an order that a seed decides.

    Works that are queued together wait for each other for up to a tenth of a
    second, and then complete in an order that is the same for the same seed.

    Args:
        seed: A positive number.

    Raises:
        RuntimeError: The strict build is not in use.
        ValueError: The seed is not positive.
    """
    shim = watch("napi.testing.shuffled")
    if seed < 1:
        raise ValueError("a seed is a positive number")
    shim.watch_shuffle(seed)
    try:
        yield
    finally:
        shim.watch_shuffle(0)
