"""``async_hooks``: what follows a flow of callbacks (Node.js, Asynchronous context)."""

from __future__ import annotations

import functools
from typing import Any

from napi._native import shim
from napi.js.host._context import bind, current, entered, run_in
from napi.js.host._errors import invalid_type, need_function
from napi.js.host._kit import exports_of, function, is_object, klass, make
from napi.runtime.builtin import hidden

__all__ = ["exports"]

_STATE = shim.Symbol("kState")
_ids = [1]


def _next_id() -> int:
    _ids[0] += 1
    return _ids[0]


class _Resource:
    """What is known of an AsyncResource."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.id = _next_id()
        self.context = current()


def _init_resource(this: Any, type: Any = None, options: Any = None) -> None:
    if shim.typeof(type) != "string":
        raise invalid_type("type", "string", type)
    hidden(this, _STATE, _Resource(type))


class _AsyncResource:
    def runInAsyncScope(this: Any, fn: Any, thisArg: Any = None, *args: Any) -> Any:
        need_function(fn, "fn")
        return run_in(shim.get(this, _STATE).context, fn, thisArg, *args)

    def emitDestroy(this: Any) -> Any:
        return this

    def asyncId(this: Any) -> int:
        return int(shim.get(this, _STATE).id)

    def triggerAsyncId(this: Any) -> int:
        return 1

    def bind(this: Any, fn: Any, thisArg: Any = None) -> Any:
        need_function(fn, "fn")
        context = shim.get(this, _STATE).context

        def bound(receiver: Any, *arguments: Any) -> Any:
            target = receiver if thisArg is None else thisArg
            return run_in(context, fn, target, *arguments)

        return function(bound, shim.get(fn, "name") or "bound", this=True)


class _ResourceStatics:
    @staticmethod
    def bind(fn: Any, type: Any = None, thisArg: Any = None) -> Any:
        return bind(need_function(fn, "fn"))


def _init_storage(this: Any, options: Any = None) -> None:
    default = shim.get(options, "defaultValue") if is_object(options) else None
    hidden(this, _STATE, default)


class _Storage:
    def getStore(this: Any) -> Any:
        return current().get(id(this), (None, shim.get(this, _STATE)))[1]

    def run(this: Any, store: Any, callback: Any, *args: Any) -> Any:
        with entered({**current(), id(this): (this, store)}):
            return shim.call(callback, None, *args)

    def exit(this: Any, callback: Any, *args: Any) -> Any:
        with entered({**current(), id(this): (this, None)}):
            return shim.call(callback, None, *args)

    def enterWith(this: Any, store: Any) -> None:
        from napi.js.host._context import change

        change({**current(), id(this): (this, store)})

    def disable(this: Any) -> None:
        from napi.js.host._context import change

        rest = dict(current())
        rest.pop(id(this), None)
        change(rest)


class _StorageStatics:
    @staticmethod
    def bind(fn: Any) -> Any:
        return bind(need_function(fn, "fn"))

    @staticmethod
    def snapshot() -> Any:
        context = current()

        def run(fn: Any, *arguments: Any) -> Any:
            return run_in(context, fn, None, *arguments)

        return function(run, "runInAsyncScope")


_HOOKS = ("init", "before", "after", "destroy", "promiseResolve")


def _create_hook(callbacks: Any) -> Any:
    """A hook over what :mod:`napi.async_hooks` tells of addons' operations."""
    from napi import async_hooks

    acts = {name: shim.get(callbacks, name) for name in _HOOKS}
    for name, act in acts.items():
        if act is not None and not callable(act):
            raise invalid_type(f"hook.{name}", "function", act)
    create = getattr(async_hooks, "create_hook", None)
    wanted = {
        name: act for name, act in acts.items() if act and name != "promiseResolve"
    }
    hook = create(**wanted) if create is not None else None
    made = shim.Object()

    def enable(*_: Any) -> Any:
        if hook is not None:
            hook.enable()
        return made

    def disable(*_: Any) -> Any:
        if hook is not None:
            hook.disable()
        return made

    shim.set(made, "enable", function(enable))
    shim.set(made, "disable", function(disable))
    return made


@functools.cache
def _top_resource() -> Any:
    return shim.Object()


class _Module:
    @staticmethod
    def createHook(callbacks: Any) -> Any:
        return _create_hook(callbacks)

    @staticmethod
    def executionAsyncId() -> float:
        return shim.async_ids()[0]

    @staticmethod
    def triggerAsyncId() -> float:
        return shim.async_ids()[1]

    @staticmethod
    def executionAsyncResource() -> Any:
        """That of an addon's callback; one object for all else."""
        found = shim.async_object()
        return _top_resource() if found is None else found


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)
    storage = klass(
        "AsyncLocalStorage", _init_storage, _Storage, static=_StorageStatics
    )
    shim.set(made, "AsyncLocalStorage", storage)
    resource = klass(
        "AsyncResource", _init_resource, _AsyncResource, static=_ResourceStatics
    )
    shim.set(made, "AsyncResource", resource)
    shim.set(made, "asyncWrapProviders", make())
    return made
