"""``diagnostics_channel``: messages under names, for whoever listens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type, need_function
from napi.js.host._kit import (
    call_later,
    exports_of,
    function,
    is_object,
    klass,
    rejected,
    thrown_value,
)
from napi.runtime.builtin import accessor, hidden

__all__ = ["exports"]

_LISTENERS = shim.Symbol("subscribers")
_STORES = shim.Symbol("stores")
_TRACED = ("start", "end", "asyncStart", "asyncEnd", "error")


def _raise(error: BaseException) -> None:
    """As an uncaught exception: who publishes is not disturbed."""

    def act() -> None:
        raise error

    call_later(act)


def _init(this: Any, name: Any = None) -> None:
    shim.set(this, "name", name)
    hidden(this, _LISTENERS, shim.Array())
    hidden(this, _STORES, shim.Array())


def _has_subscribers(this: Any) -> bool:
    return bool(shim.get(this, _LISTENERS)) or bool(shim.get(this, _STORES))


def _remove(items: Any, wanted: Callable[[Any], bool]) -> bool:
    for index, one in enumerate(items):
        if wanted(one):
            del items[index]
            return True
    return False


def _publish(this: Any, data: Any) -> None:
    for one in list(shim.get(this, _LISTENERS)):
        try:
            shim.call(one, None, data, shim.get(this, "name"))
        except Exception as error:
            _raise(error)


def _run_stores(this: Any, data: Any, act: Callable[[], Any]) -> Any:
    """Runs a function with the stores that are bound, and what they hold for data."""

    def run() -> Any:
        _publish(this, data)
        return act()

    for store, transform in list(shim.get(this, _STORES)):
        run = _in_store(store, transform, data, run)
    return run()


def _in_store(
    store: Any, transform: Any, data: Any, then: Callable[[], Any]
) -> Callable[[], Any]:
    def run() -> Any:
        held = data
        if transform is not None:
            try:
                held = shim.call(transform, None, data)
            except Exception as error:
                _raise(error)
                return then()
        return shim.call(shim.get(store, "run"), store, held, function(then))

    return run


class _Channel:
    def subscribe(this: Any, subscription: Any) -> None:
        need_function(subscription, "subscription")
        shim.get(this, _LISTENERS).append(subscription)

    def unsubscribe(this: Any, subscription: Any) -> bool:
        return _remove(shim.get(this, _LISTENERS), lambda one: one is subscription)

    def bindStore(this: Any, store: Any, transform: Any = None) -> None:
        _remove(shim.get(this, _STORES), lambda one: one[0] is store)
        shim.get(this, _STORES).append((store, transform))

    def unbindStore(this: Any, store: Any) -> bool:
        return _remove(shim.get(this, _STORES), lambda one: one[0] is store)

    def publish(this: Any, data: Any = None) -> None:
        _publish(this, data)

    def runStores(
        this: Any, data: Any, fn: Any, thisArg: Any = None, *arguments: Any
    ) -> Any:
        return _run_stores(this, data, lambda: shim.call(fn, thisArg, *arguments))


def _traced(this: Any, name: str) -> Any:
    return shim.get(this, name)


def _tell(this: Any, name: str, context: Any) -> None:
    _publish(_traced(this, name), context)


def _fail(this: Any, context: Any, error: BaseException) -> None:
    shim.set(context, "error", thrown_value(error))
    _tell(this, "error", context)


def _traced_run(this: Any, context: Any, run: Callable[[], Any]) -> Any:
    """Runs it between the messages ``start`` and ``end``."""

    def act() -> Any:
        try:
            return run()
        except Exception as error:
            _fail(this, context, error)
            raise
        finally:
            _tell(this, "end", context)

    return _run_stores(_traced(this, "start"), context, act)


def _context(context: Any) -> Any:
    return shim.Object() if context is None else context


class _TracingChannel:
    def subscribe(this: Any, handlers: Any) -> None:
        for name in _TRACED:
            if (handler := shim.get(handlers, name)) is not None:
                channel = _traced(this, name)
                shim.call(shim.get(channel, "subscribe"), channel, handler)

    def unsubscribe(this: Any, handlers: Any) -> bool:
        done = True
        for name in _TRACED:
            if (handler := shim.get(handlers, name)) is not None:
                channel = _traced(this, name)
                removed = shim.call(shim.get(channel, "unsubscribe"), channel, handler)
                done = done and shim.to_boolean(removed)
        return done

    def traceSync(
        this: Any, fn: Any, context: Any = None, thisArg: Any = None, *arguments: Any
    ) -> Any:
        if not _is_traced(this):
            return shim.call(fn, thisArg, *arguments)
        context = _context(context)

        def act() -> Any:
            result = shim.call(fn, thisArg, *arguments)
            shim.set(context, "result", result)
            return result

        return _traced_run(this, context, act)

    def tracePromise(
        this: Any, fn: Any, context: Any = None, thisArg: Any = None, *arguments: Any
    ) -> Any:
        if not _is_traced(this):
            return shim.call(fn, thisArg, *arguments)
        context = _context(context)

        def settle(name: str, value: Any) -> None:
            shim.set(context, name, value)
            if name == "error":
                _tell(this, "error", context)
            _tell(this, "asyncStart", context)
            _tell(this, "asyncEnd", context)

        def resolve(value: Any = None) -> Any:
            settle("result", value)
            return value

        def reject(reason: Any = None) -> Any:
            settle("error", reason)
            return rejected(reason)

        def act() -> Any:
            promise = shim.call(fn, thisArg, *arguments)
            then = shim.get(promise, "then") if is_object(promise) else None
            if not callable(then):
                return promise
            return shim.call(then, promise, function(resolve), function(reject))

        return _traced_run(this, context, act)

    def traceCallback(
        this: Any,
        fn: Any,
        position: Any = -1,
        context: Any = None,
        thisArg: Any = None,
        *arguments: Any,
    ) -> Any:
        if not _is_traced(this):
            return shim.call(fn, thisArg, *arguments)
        context, given = _context(context), list(arguments)
        index = int(position) + (len(given) if position < 0 else 0)
        callback = given[index] if 0 <= index < len(given) else None
        need_function(callback, "callback")

        def called(
            this_: Any, error: Any = None, result: Any = None, *more: Any
        ) -> Any:
            if shim.to_boolean(error):
                shim.set(context, "error", error)
                _tell(this, "error", context)
            else:
                shim.set(context, "result", result)

            def act() -> Any:
                try:
                    return shim.call(callback, this_, error, result, *more)
                finally:
                    _tell(this, "asyncEnd", context)

            return _run_stores(_traced(this, "asyncStart"), context, act)

        given[index] = function(called, "wrappedCallback", this=True)
        return _traced_run(this, context, lambda: shim.call(fn, thisArg, *given))


def _is_traced(this: Any) -> bool:
    return any(
        shim.to_boolean(shim.get(_traced(this, name), "hasSubscribers"))
        for name in _TRACED
    )


def exports() -> Any:
    """The module."""
    kind = klass("Channel", _init, _Channel)
    prototype = shim.get(kind, "prototype")
    accessor(prototype, "hasSubscribers", _has_subscribers)
    channels: dict[Any, Any] = {}

    def of(name: Any) -> Any:
        if not isinstance(name, (str, shim.Symbol)):
            raise invalid_type("channel", "string or symbol", name)
        if name not in channels:
            channels[name] = shim.construct(kind, name)
        return channels[name]

    def trace(this: Any, source: Any = None) -> None:
        for name in _TRACED:
            named = isinstance(source, str)
            found = of(f"tracing:{source}:{name}") if named else shim.get(source, name)
            if not isinstance(found, object) or found is None:
                raise invalid_type(f"nameOrChannels.{name}", "Channel", found)
            shim.set(this, name, found)

    tracing = klass("TracingChannel", trace, _TracingChannel)
    accessor(shim.get(tracing, "prototype"), "hasSubscribers", _is_traced)

    class Module:
        @staticmethod
        def channel(name: Any) -> Any:
            return of(name)

        @staticmethod
        def hasSubscribers(name: Any) -> bool:
            return name in channels and _has_subscribers(channels[name])

        @staticmethod
        def subscribe(name: Any, onMessage: Any) -> None:
            shim.call(shim.get(of(name), "subscribe"), of(name), onMessage)

        @staticmethod
        def tracingChannel(nameOrChannels: Any) -> Any:
            return shim.construct(tracing, nameOrChannels)

        @staticmethod
        def unsubscribe(name: Any, onMessage: Any) -> Any:
            return shim.call(shim.get(of(name), "unsubscribe"), of(name), onMessage)

    made = exports_of(Module)
    shim.set(made, "Channel", kind)
    return made
