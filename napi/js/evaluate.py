"""Evaluating modules, some of which await at their top (ECMA-262, 16.2.1.5.3).

Modules that import each other in a circle are one component: it is done when its
root is. A module that awaits, and whatever imports it, is finished later; those that
do not depend on each other run side by side.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from napi._native import shim

if TYPE_CHECKING:
    from napi.js.record import Record

__all__ = ["Progress", "evaluate"]

_orders = count(1)


class Progress:
    """How far the evaluation of a module is.

    Attributes:
        status: ``new``, ``evaluating``, ``async``, ``done``.
        error: What it threw, in a tuple; None: nothing.
        index: Its place in the search; ``ancestor``: the first one it leads back to.
        root: The module that its component is done with.
        order: When it began to be asynchronous; None: it is not, or no longer.
        pending: How many asynchronous modules it waits for.
        parents: The modules that wait for it.
        promise: Of the module and all it imports, where somebody asked.
    """

    def __init__(self, root: Record) -> None:
        self.status = "new"
        self.error: tuple[Any] | None = None
        self.index = self.ancestor = 0
        self.root = root
        self.order: int | None = None
        self.pending = 0
        self.parents: list[Record] = []
        self.promise: Any = None


def evaluate(module: Record) -> Any:
    """Runs what a linked module imports from, then the module; once.

    Returns:
        A promise where one of them awaits at its top and is not done; else ``None``.

    Raises:
        Exception: What it threw, each time it is asked for.
    """
    if module.progress.status in ("async", "done") and module.progress.error is None:
        module = module.progress.root
    state = module.progress
    if state.promise is not None:
        return state.promise
    if state.status == "new":
        stack: list[Record] = []
        try:
            _visit(module, stack, 0)
        except Exception as error:
            for one in stack:
                one.progress.status, one.progress.error = "done", (error,)
            raise
    if state.error is not None:
        raise state.error[0]
    if state.order is None:
        return None
    state.promise = shim.Promise()
    return state.promise


def _visit(module: Record, stack: list[Record], index: int) -> int:
    """InnerModuleEvaluation: a search in depth that finds the components."""
    from napi.js.record import Record

    state = module.progress
    if state.status != "new":
        if state.error is not None:
            raise state.error[0]
        return index
    state.status, state.index, state.ancestor = "evaluating", index, index
    index += 1
    stack.append(module)
    for needed in module.linked:
        if not isinstance(needed, Record):
            needed.evaluate()
            continue
        index = _visit(needed, stack, index)
        other = needed.progress
        if other.status == "evaluating":
            if needed in stack:
                state.ancestor = min(state.ancestor, other.ancestor)
        else:
            needed = other.root
            other = needed.progress
            if other.error is not None:
                raise other.error[0]
        if other.order is not None and needed is not module:
            state.pending += 1
            other.parents.append(module)
    if state.pending or module.has_await:
        state.order = next(_orders)
        if not state.pending:
            _execute_async(module)
    else:
        module.execute()
    if state.ancestor == state.index:
        while stack:
            one = stack.pop()
            one.progress.status = "done" if one.progress.order is None else "async"
            one.progress.root = module
            if one is module:
                break
    return index


def _execute_async(module: Record) -> None:
    from napi.js.host._kit import function
    from napi.js.runtime_async import start_async

    promise = start_async(module.steps())
    promise.then(
        function(lambda *_: _fulfilled(module), ""),
        function(lambda error=None, *_: _rejected(module, error), ""),
    )


def _gather(module: Record, found: list[Record]) -> None:
    """The modules that may run now that one has ended."""
    for parent in module.progress.parents:
        state = parent.progress
        if parent in found or state.root.progress.error is not None:
            continue
        state.pending -= 1
        if not state.pending:
            found.append(parent)
            if not parent.has_await:
                _gather(parent, found)


def _settled(module: Record) -> None:
    state = module.progress
    state.order, state.status = None, "done"
    if state.promise is not None:
        state.promise._resolve(None)


def _fulfilled(module: Record) -> None:
    if module.progress.status == "done":
        return
    _settled(module)
    found: list[Record] = []
    _gather(module, found)
    for one in sorted(found, key=lambda one: one.progress.order or 0):
        if one.progress.status == "done":
            continue
        if one.has_await:
            _execute_async(one)
            continue
        try:
            one.execute()
        except Exception as error:
            from napi.js.host._kit import thrown_value

            _rejected(one, thrown_value(error))
        else:
            _settled(one)


def _rejected(module: Record, error: Any) -> None:
    from napi.js.runtime_error import thrown

    state = module.progress
    if state.status == "done":
        return
    state.status, state.order, state.error = "done", None, (thrown(error),)
    if state.promise is not None:
        state.promise._reject(error)
    for parent in state.parents:
        _rejected(parent, error)
