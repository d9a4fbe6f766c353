"""The values of AsyncLocalStorage; callbacks keep those of their maker."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Callable, Iterator
from typing import Any

from napi._native import shim
from napi.js.host._kit import function

__all__ = [
    "DOMAINS",
    "THROWN",
    "bind",
    "change",
    "current",
    "entered",
    "keep",
    "run_in",
]

# id of a storage -> the storage and its value; never changed in place.
_Values = dict[int, tuple[Any, Any]]
_values: contextvars.ContextVar[_Values] = contextvars.ContextVar("napi-js-context")
_hooked = [False]
DOMAINS = 0
"""What the domains have their place under, where storages have their ids."""
THROWN = "domain.thrown"


def current() -> _Values:
    """What holds now."""
    return _values.get({})


def change(values: _Values) -> None:
    """Has other values hold from now on."""
    _hook()
    _values.set(values)


@contextlib.contextmanager
def entered(values: _Values) -> Iterator[None]:
    """Has other values hold for a while."""
    _hook()
    token = _values.set(values)
    try:
        yield
    except BaseException as error:
        if DOMAINS in values:
            _note(error)
        raise
    finally:
        _values.reset(token)


def _note(error: BaseException) -> None:
    """Remembers the domains in which something was thrown: they may be asked."""
    slots = shim.slots()
    if slots.get(THROWN, (None,))[0] is not error:
        slots[THROWN] = (error, current())


def run_in(values: _Values, target: Any, this: Any, *arguments: Any) -> Any:
    """Calls a function with other values."""
    with entered(values):
        return shim.call(target, this, *arguments)


def bind(target: Any) -> Any:
    """A function that keeps the values of now."""
    values = current()

    def bound(this: Any, *arguments: Any) -> Any:
        return run_in(values, target, this, *arguments)

    return function(bound, shim.get(target, "name") or "bound", this=True)


def _hook() -> None:
    """From the first use on, timers and ticks keep the values of their maker."""
    if _hooked[0]:
        return
    _hooked[0] = True
    from napi.runtime import timers

    plain = timers._bind

    def bound(callback: Any, arguments: tuple[Any, ...]) -> Any:
        return _bind_job(plain(callback, arguments))

    timers._bind = bound
    shim.set_job_binder(_bind_job)


def _carried() -> _Values:
    """What goes along with a job: of the domains only the innermost."""
    values = current()
    if DOMAINS in values:
        values = {**values, DOMAINS: (None, values[DOMAINS][1][-1:])}
    return values


def keep(act: Callable[..., Any]) -> Callable[..., Any]:
    """A callable of this host's own that is called with the values of now."""
    if not _hooked[0]:
        return act
    values = _carried()

    def run(*arguments: Any) -> Any:
        with entered(values):
            return act(*arguments)

    return run


def _bind_job(act: Any) -> Any:
    """What is called in place of a job: with the values of now."""
    values = _carried()

    def run(*arguments: Any) -> Any:
        with entered(values):
            return shim.call(act, None, *arguments)

    return run
