"""Promise's constructor and prototype (ECMA-262, chapter 27.2) over napi.Promise."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.builtin import accessor, builtin, install, tag
from napi.runtime.coerce import (
    is_callable,
    is_constructor,
    is_object,
    need_callable,
    show,
    species,
)
from napi.runtime.constructor import Constructor, adopt, constructor
from napi.runtime.error import AggregateError, Thrown, TypeError
from napi.runtime.iterate import DONE, Record, open_iterator
from napi.runtime.promise import adopt_awaitable

__all__ = ["Capability", "add_promise_methods", "make_promise", "reason_of"]

_METHOD = types.BuiltinMethodType
_home: dict[str, Any] = {}


def _intrinsic() -> Any:
    """The constructor Promise, whatever the global of that name is."""
    if "Promise" not in _home:
        from napi.runtime.prototype import prototype_for

        shim.get(prototype_for("promise"), "constructor")
    return _home["Promise"]


def reason_of(error: BaseException) -> Any:
    """What JavaScript sees of an exception.

    Raises:
        BaseException: It is none of JavaScript's business (KeyboardInterrupt).
    """
    if isinstance(error, (KeyboardInterrupt, SystemExit)):
        raise error
    return error.value if isinstance(error, Thrown) else error


class Capability:
    """A promise of any kind with its resolving functions (27.2.1.5)."""

    __slots__ = ("promise", "reject", "resolve")

    def __init__(self, maker: Any) -> None:
        if maker is _intrinsic():
            self.promise = shim.Promise()
            self.resolve = self.promise._resolve
            self.reject = self.promise._reject
            return
        if not is_constructor(maker):
            raise TypeError(f"{show(maker)} is not a constructor")
        found: list[Any] = [None, None]

        def executor(resolve: Any, reject: Any) -> None:
            if found[0] is not None or found[1] is not None:
                raise TypeError(
                    "Promise executor has already been invoked with non-undefined "
                    "arguments"
                )
            found[:] = [resolve, reject]

        self.promise = shim.construct(maker, builtin(executor, "", this=False))
        for function in found:
            if not is_callable(function):
                raise TypeError("Promise resolve or reject function is not callable")
        self.resolve, self.reject = found

    def functions(self) -> tuple[Any, Any]:
        """The resolving functions as JavaScript sees them."""
        promise = self.promise
        if not isinstance(self.resolve, _METHOD):
            return self.resolve, self.reject
        return (
            builtin(lambda value: promise._resolve(value), "", this=False),
            builtin(lambda reason: promise._reject(reason), "", this=False),
        )

    def settle(self, act: Callable[..., Any], *given: Any) -> None:
        """Resolves with what a function returns, or rejects with what it raises."""
        try:
            value = act(*given)
        except BaseException as error:
            shim.call(self.reject, None, reason_of(error))
        else:
            shim.call(self.resolve, None, value)


def promise_resolve(maker: Any, value: Any) -> Any:
    """PromiseResolve (27.2.4.7.1)."""
    if isinstance(value, shim.Promise) and shim.get(value, "constructor") is maker:
        return value
    made = Capability(maker)
    shim.call(made.resolve, None, value)
    return made.promise


def _then(this: Any, on_value: Any, on_reason: Any) -> Any:
    if not isinstance(this, shim.Promise) and hasattr(type(this), "__await__"):
        this = adopt_awaitable(this)
    if not isinstance(this, shim.Promise):
        raise TypeError(
            "Method Promise.prototype.then called on incompatible receiver "
            + show(this)
        )
    maker = species(this, _intrinsic())
    fulfilled = on_value if is_callable(on_value) else None
    rejected = on_reason if is_callable(on_reason) else None
    if maker is _intrinsic():
        return shim.Promise.then(this, fulfilled, rejected)
    made = Capability(maker)

    def pass_value(value: Any = None, *_: Any) -> None:
        if fulfilled is None:
            shim.call(made.resolve, None, value)
        else:
            made.settle(shim.call, fulfilled, None, value)

    def pass_reason(reason: Any = None, *_: Any) -> None:
        if rejected is None:
            shim.call(made.reject, None, reason)
        else:
            made.settle(shim.call, rejected, None, reason)

    shim.Promise.then(this, pass_value, pass_reason)
    return made.promise


class _PromisePrototype:
    def then(this: Any, fulfilled: Any, rejected: Any) -> Any:
        return _then(this, fulfilled, rejected)

    def catch(this: Any, rejected: Any) -> Any:
        return shim.call(need_callable(shim.get(this, "then")), this, None, rejected)

    def finally_(this: Any, act: Any) -> Any:
        if not is_object(this):
            raise TypeError("Promise.prototype.finally called on a non-object")
        maker = species(this, _intrinsic())
        then = shim.get(this, "then")
        if not is_callable(act):
            return shim.call(need_callable(then), this, act, act)

        def on_value(value: Any) -> Any:
            waited = promise_resolve(maker, shim.call(act, None))
            give = builtin(lambda: value, "", this=False, length=0)
            return shim.call(shim.get(waited, "then"), waited, give)

        def on_reason(reason: Any) -> Any:
            waited = promise_resolve(maker, shim.call(act, None))

            def throw() -> Any:
                raise reason if isinstance(reason, BaseException) else Thrown(reason)

            again = builtin(throw, "", this=False, length=0)
            return shim.call(shim.get(waited, "then"), waited, again)

        return shim.call(
            need_callable(then),
            this,
            builtin(on_value, "", this=False),
            builtin(on_reason, "", this=False),
        )


def add_promise_methods(prototype: Any) -> None:
    """Fills Promise.prototype (27.2.5)."""
    install(prototype, _PromisePrototype)
    tag(prototype, "Promise")


class _Gathering:
    """What all, allSettled and any have in common (27.2.4.1.2)."""

    def __init__(self, made: Capability, values: Any) -> None:
        self.made, self.values, self.left = made, values, 1

    def keep(self, index: int, change: Callable[[Any], Any], called: list[bool]) -> Any:
        def settle(value: Any) -> Any:
            if called[0]:
                return None
            called[0] = True
            self.values[index] = change(value)
            return self.drop()

        return builtin(settle, "", this=False)

    def drop(self) -> Any:
        self.left -= 1
        return None if self.left else self.finish()

    def finish(self) -> Any:
        return shim.call(self.made.resolve, None, self.values)


class _Any(_Gathering):
    def finish(self) -> Any:
        error = AggregateError(list(self.values), "All promises were rejected")
        from napi.runtime.builtin import hidden

        hidden(error, "errors", self.values)
        return shim.call(self.made.reject, None, error)


def _state(name: str, key: str) -> Callable[[Any], Any]:
    def make(value: Any) -> Any:
        found = shim.Object(status=name)
        shim.set(found, key, value)
        return found

    return make


def _same(value: Any) -> Any:
    return value


def _gather(this: Any, values: Any, kind: str) -> Any:
    made = Capability(this)
    record: Record | None = None
    try:
        resolve = need_resolve(this)
        record = open_iterator(values)
        _collect(this, made, record, resolve, kind)
    except BaseException as error:
        if record is not None and getattr(record, "advance", None) is not _SPENT:
            record.abandon()
        shim.call(made.reject, None, reason_of(error))
    return made.promise


_SPENT = object()


def need_resolve(maker: Any) -> Any:
    """GetPromiseResolve (27.2.4.1.1)."""
    resolve = shim.get(maker, "resolve")
    if not is_callable(resolve):
        raise TypeError("Promise resolve or reject function is not callable")
    return resolve


def _step(record: Record) -> Any:
    """The next value; a failing iterator is not closed."""
    try:
        return record.step()
    except BaseException:
        record.advance = _SPENT
        raise


def _collect(
    this: Any, made: Capability, record: Record, resolve: Any, kind: str
) -> None:
    gathering = (_Any if kind == "any" else _Gathering)(made, shim.Array())
    index, resolving = 0, made.functions()
    while (value := _step(record)) is not DONE:
        waited = shim.call(resolve, this, value)
        if kind == "race":
            on_value, on_reason = resolving
        else:
            gathering.values.append(None)
            gathering.left += 1
            called = [False]
            on_value, on_reason = resolving
            if kind == "all":
                on_value = gathering.keep(index, _same, called)
            elif kind == "any":
                on_reason = gathering.keep(index, _same, called)
            else:
                fulfilled = _state("fulfilled", "value")
                on_value = gathering.keep(index, fulfilled, called)
                rejected = _state("rejected", "reason")
                on_reason = gathering.keep(index, rejected, called)
        index += 1
        shim.call(need_callable(shim.get(waited, "then")), waited, on_value, on_reason)
    record.advance = _SPENT
    if kind != "race":
        gathering.drop()


class _Promise:
    def all(this: Any, values: Any) -> Any:
        return _gather(_maker(this), values, "all")

    def allSettled(this: Any, values: Any) -> Any:
        return _gather(_maker(this), values, "allSettled")

    def any(this: Any, values: Any) -> Any:
        return _gather(_maker(this), values, "any")

    def race(this: Any, values: Any) -> Any:
        return _gather(_maker(this), values, "race")

    def resolve(this: Any, value: Any) -> Any:
        maker = _maker(this)
        if not is_object(maker):
            raise TypeError("PromiseResolve called on non-object")
        return promise_resolve(maker, value)

    def reject(this: Any, reason: Any) -> Any:
        made = Capability(_object(this))
        shim.call(made.reject, None, reason)
        return made.promise

    def withResolvers(this: Any) -> Any:
        made = Capability(_object(this))
        resolve, reject = made.functions()
        return shim.Object(promise=made.promise, resolve=resolve, reject=reject)

    def try_(this: Any, function: Any, *arguments: Any) -> Any:
        made = Capability(_object(this))
        made.settle(shim.call, function, None, *arguments)
        return made.promise


def _maker(this: Any) -> Any:
    """The receiver of a static; Python calls ``Promise.all()`` without one."""
    return _intrinsic() if this is None else this


def _object(this: Any) -> Any:
    maker = _maker(this)
    if not is_object(maker):
        raise TypeError(f"{show(maker)} is not a constructor")
    return maker


def make_promise(prototype: Any) -> Constructor:
    """Makes the constructor Promise."""

    def construct(new_target: Any, executor: Any) -> Any:
        if not is_callable(executor):
            raise TypeError(f"Promise resolver {show(executor)} is not a function")
        promise = adopt(shim.Promise(), new_target, made)
        resolve = builtin(lambda value: promise._resolve(value), "", this=False)
        reject = builtin(lambda reason: promise._reject(reason), "", this=False)
        try:
            shim.call(executor, None, resolve, reject)
        except BaseException as error:
            promise._reject(reason_of(error))
        return promise

    def call(this: Any, executor: Any) -> Any:
        raise TypeError("Promise constructor cannot be invoked without 'new'")

    made = constructor("Promise", prototype, construct, call=call, members=_Promise)
    accessor(made, shim.Symbol.species, lambda this: this, None, "[Symbol.species]")
    _home["Promise"] = made
    return made
