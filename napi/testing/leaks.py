"""Leak checks: what an addon holds after a piece of work that it did not before.

CPython counts references: an object that nobody holds is dead at once, and its
finalizer has run when the call returns. So a check needs no "collect twice and wait".
In the strict build each leak comes with the place where the thing was made.
"""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from napi._native import is_strict, shim
from napi.testing import process
from napi.testing.sites import Site

__all__ = ["Leak", "LeakError", "check_calls", "counters", "leakcheck", "settle"]

# What an env holds -> what the strict build calls one of them.
_KINDS = {
    "strong": "strong reference",
    "weak": "weak reference",
    "wraps": "wrap",
    "added_finalizers": "finalizer",
    "externals": "external",
    "buffers": "buffer",
    "external_buffers": "buffer",
    "threadsafe_functions": "threadsafe function",
    "async_works": "async work",
    "async_contexts": "async context",
    "hooks": "hook",
    "deferreds": "deferred",
    "callback_scopes": "callback scope",
    "handles": "",
    "scopes": "",
    "external_memory": "",
}
_WORDS = {
    "strong": "strong references",
    "weak": "weak references",
    "added_finalizers": "finalizers",
    "external_buffers": "external buffers",
    "threadsafe_functions": "threadsafe functions",
    "async_works": "async works",
    "async_contexts": "async contexts",
    "deferreds": "promises that were never settled",
    "callback_scopes": "callback scopes",
    "hooks": "cleanup hooks",
    "handles": "handles",
    "scopes": "handle scopes",
    "external_memory": "bytes of external memory",
}
_ONE = {
    "deferreds": "promise that was never settled",
    "external_memory": "byte of external memory",
}


@dataclass(frozen=True)
class Leak:
    """Things of one kind that are left.

    Attributes:
        addon: The addon's file.
        kind: A key of :func:`counters`.
        count: How many more there are.
        sites: Where those were made that the strict build knows, and how many at
            each place.
    """

    addon: str
    kind: str
    count: int
    sites: tuple[tuple[Site, int], ...] = ()

    @property
    def what(self) -> str:
        """Count and kind in words."""
        words = _WORDS.get(self.kind, self.kind)
        if self.count == 1:
            words = _ONE.get(self.kind, words.removesuffix("s"))
        return f"{self.count} {words}"

    def __str__(self) -> str:
        lines = [f"{self.what} of {self.addon}"]
        for site, count in self.sites:
            lines += [f"  {count} made", site.text("    ")]
        return "\n".join(lines)


class LeakError(AssertionError):
    """Something is left.

    Attributes:
        leaks: What, of all environments that were looked at.
    """

    def __init__(self, leaks: Collection[Leak]) -> None:
        self.leaks = tuple(leaks)
        text = "\n".join(map(str, self.leaks))
        short = ", ".join(leak.what for leak in self.leaks)
        if not is_strict():
            text += (
                "\nThe strict build tells where they were made: "
                "NAPI_STRICT=1, or pytest --napi-strict"
            )
        super().__init__(f"leaked: {short}\n{text}")


def _env_of(of: Any) -> Any:
    """The capsule of a loaded module, or what is one already."""
    return vars(of)["__env__"] if hasattr(of, "__napi_version__") else of


def _path(url: str) -> str:
    return unquote(url.removeprefix("file://")) or "an addon without a file"


def _environments(of: Any) -> list[tuple[Any, str]]:
    if of is None:
        everything = shim.environments()
        return [(env, _path(url)) for env, url, is_mine in everything if is_mine]
    env = _env_of(of)
    file = getattr(of, "__file__", "") or "the addon"
    return [(env, file)]


def counters(env: Any = None) -> dict[str, int]:
    """Counts what addons hold of this thread's environments.

    Args:
        env: A loaded addon; None: the sum over all that this thread has loaded.

    Returns:
        By kind: ``handles``, ``scopes`` and ``callback_scopes`` that are open,
        ``strong`` and ``weak`` references, ``wraps``, ``externals``,
        ``external_buffers``, ``added_finalizers``, ``finalizers`` (all of them),
        ``queued_finalizers``, ``external_memory`` (bytes), ``threadsafe_functions``,
        ``async_works``, ``queued_works``, ``async_contexts``, ``hooks``,
        ``deferreds``, ``adopted`` (buffers of Python that are lent to an addon) and
        ``pinned`` (objects that die at a sweep; of the whole process). In the strict
        build also ``buffers``, ``buffer_bytes`` and ``handles_peak``; there
        ``externals`` counts those without a finalizer, too.

    Source: the chapters of the Node-API manual that make these things.
    """
    total: Counter[str] = Counter()
    for capsule, _ in _environments(env):
        found = shim.counters(capsule)
        if is_strict():
            found["handles_peak"] = shim.handles_peak(capsule)
        total.update(found)
    return dict(total)


def settle(seconds: float = 2.0) -> None:
    """Runs what waits: finalizers, jobs, completed work, released functions.

    Args:
        seconds: How long to wait for async work that is queued or runs.
    """
    until = time.monotonic() + seconds
    before: dict[str, int] = {}
    found = _collect()
    while found != before or (found["queued_works"] and time.monotonic() < until):
        if found == before:
            time.sleep(0.001)  # a thread is at work
        shim.turn()
        before, found = found, _collect()


def _collect() -> dict[str, int]:
    gc.collect()
    shim.drain()
    return {"queued_works": 0, **counters()}


class _Snapshot:
    def __init__(self, of: Any) -> None:
        self.of = of
        settle()
        self.serial = shim.last_serial() if is_strict() else 0
        # Each capsule is a new object: the id tells environments apart.
        self.counts = {
            shim.environment_id(env): shim.counters(env) for env, _ in _environments(of)
        }

    def leaks(self, ignore: Collection[str]) -> list[Leak]:
        settle()
        found: list[Leak] = []
        for env, file in _environments(self.of):
            known = self.counts.get(shim.environment_id(env))
            before = shim.counters_at_load(env) if known is None else known
            found += _differences(env, file, before, self.serial, ignore)
        return found


def _differences(
    env: Any, file: str, before: Mapping[str, int], serial: int, ignore: Collection[str]
) -> list[Leak]:
    after = shim.counters(env)
    more = {
        kind: after[kind] - before.get(kind, 0)
        for kind in _KINDS
        if kind in after and kind not in ignore
    }
    if "buffers" in more:
        more.pop("external_buffers", None)
    tracked: dict[str, Counter[Site]] = {}
    if is_strict() and any(count > 0 for count in more.values()):
        for thing in shim.tracked(env, serial):
            sites = tracked.setdefault(thing["kind"], Counter())
            sites[Site.of(thing["born"])] += 1
    return [
        Leak(file, kind, count, _most(tracked.get(_KINDS[kind], Counter())))
        for kind, count in more.items()
        if count > 0
    ]


def _most(sites: Counter[Site]) -> tuple[tuple[Site, int], ...]:
    return tuple(sites.most_common(5))


@contextmanager
def leakcheck(of: Any = None, *, ignore: Collection[str] = ()) -> Iterator[None]:
    """Fails where a piece of work leaves an addon with more than it had.

    What is kept on purpose (a cache that the first call fills) is no leak: call once
    before the check. Things that Python objects still hold count, too: let them go.

    Args:
        of: A loaded addon; None: all of this thread, and those loaded meanwhile, but
            for what their initialisation makes.
        ignore: Kinds, keys of :func:`counters`, that may grow.

    Raises:
        LeakError: Something is left; it names kind, count and, in the strict build,
            the places where it was made.

    Example:
        ``with leakcheck(): addon.work()``
    """
    __tracebackhide__ = True  # of pytest: the place is in the message
    before = _Snapshot(of)
    yield
    found = before.leaks(ignore)
    if found:
        raise LeakError(found)


def check_calls(
    function: Callable[..., Any],
    /,
    *arguments: Any,
    times: int = 10,
    ignore: Collection[str] = (),
) -> None:
    """Calls a function again and again: what grows each time is a leak.

    Args:
        function: What is called; its results are let go.
        arguments: Given to each call.
        times: How often, after a first call that may fill caches.
        ignore: Kinds, keys of :func:`counters`, that may grow, or ``files`` and
            ``threads``, which are the process's.

    Raises:
        LeakError: At least one more for each call is left.
    """
    function(*arguments)
    before = _Snapshot(None)
    had = {"files": process.files(), "threads": process.threads()}
    for _ in range(times):
        function(*arguments)
    found = before.leaks(ignore)
    found += [leak for leak in _of_process(had) if leak.kind not in ignore]
    found = [leak for leak in found if leak.count >= times]
    if found:
        raise LeakError(found)


def _of_process(had: Mapping[str, Counter[str]]) -> list[Leak]:
    """Open files and threads by their names; no environment has them."""
    has = {"files": process.files(), "threads": process.threads()}
    return [
        Leak(f"the process: {name}", kind, count)
        for kind in has
        for name, count in (has[kind] - had[kind]).items()
    ]
