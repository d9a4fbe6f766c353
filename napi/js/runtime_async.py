"""Async functions and async generators (ECMA-262, chapters 27.6 and 27.7).

Their code is a generator of Python that yields what it awaits; a driver resumes it as
the promise of that settles. An async generator yields :class:`Yielded` where JavaScript
yields.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from napi._native import shim
from napi.js.runtime_error import caught, thrown
from napi.js.runtime_generator import Return, _link, _method, _tag
from napi.js.runtime_operator import is_object
from napi.runtime.error import TypeError

__all__ = [
    "AsyncGeneratorObject",
    "Yielded",
    "add_async_generator_methods",
    "delegate_async",
    "resume",
    "start_async",
    "wrap_async_iterator",
]

Promise = shim.Promise


def promise_of(value: Any) -> Any:
    """PromiseResolve (ECMA-262 27.2.4.7.1): a promise of ours stays what it is."""
    if type(value) is Promise:
        return value
    made = Promise()
    made._resolve(value)
    return made


class _Run:
    """One call of an async function."""

    __slots__ = ("promise", "source")

    def __init__(self, source: Generator[Any, Any, Any]) -> None:
        self.source = source
        self.promise = Promise()

    def fulfilled(self, value: Any = None, *_: Any) -> None:
        try:
            awaited = self.source.send(value)
        except StopIteration as end:
            self.promise._resolve(end.value)
        except Exception as error:
            self.promise._reject(caught(error))
        else:
            self.wait(awaited)

    def rejected(self, reason: Any = None, *_: Any) -> None:
        try:
            awaited = self.source.throw(thrown(reason))
        except StopIteration as end:
            self.promise._resolve(end.value)
        except Exception as error:
            self.promise._reject(caught(error))
        else:
            self.wait(awaited)

    def wait(self, awaited: Any) -> None:
        try:
            source = promise_of(awaited)
        except Exception as error:
            self.rejected(caught(error))
            return
        source.then(self.fulfilled, self.rejected)


def start_async(source: Generator[Any, Any, Any]) -> Any:
    """Runs an async function until its first await.

    Args:
        source: Its code.

    Returns:
        The promise of its result.
    """
    run = _Run(source)
    run.fulfilled()
    return run.promise


# === async generators ===


class Yielded:
    """A value that an async generator yields, already awaited.

    Args:
        value: The value.
    """

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def resume(yielded: Yielded) -> Generator[Any, Any, Any]:
    """Yields to whoever asked; what ``return(value)`` hands in is awaited."""
    try:
        received = yield yielded
    except Return as end:
        value = yield end.value
        raise Return(value) from None
    return received


class AsyncGeneratorObject(shim.Object):
    """What a call of an async generator function returns."""

    __slots__ = ("__queue__", "__running__", "__source__", "__started__")
    __module__ = "napi"

    def __begin__(self, source: Any, started: bool) -> None:
        self.__source__ = source
        self.__queue__: list[tuple[str, Any, Any]] = []
        self.__running__ = False
        self.__started__ = started

    def __repr__(self) -> str:
        return "Object [AsyncGenerator] {}"

    def __aiter__(self) -> Any:
        return wrap_for_python(self)

    def __ask__(self, kind: str, value: Any) -> Any:
        promise = Promise()
        self.__queue__.append((kind, value, promise))
        if not self.__running__:
            self.__work__()
        return promise

    def __work__(self) -> None:
        """Takes up the oldest request."""
        while self.__queue__ and not self.__running__:
            kind, value, _ = self.__queue__[0]
            if self.__source__ is not None and not self.__started__ and kind != "next":
                self.__source__ = None
            if self.__source__ is None:
                self.__finished__(kind, value)
                continue
            self.__running__ = True
            if kind == "next":
                value = value if self.__started__ else None
                self.__started__ = True
                self.__step__("send", value)
            elif kind == "throw":
                self.__step__("throw", thrown(value))
            else:
                self.__step__("throw", Return(value))

    def __finished__(self, kind: str, value: Any) -> None:
        """A request after the end."""
        if kind == "next":
            self.__answer__(None, True)
        elif kind == "throw":
            self.__fail__(value)
        else:
            self.__running__ = True

            def done(result: Any = None, *_: Any) -> None:
                self.__running__ = False
                self.__answer__(result, True)
                self.__work__()

            def failed(reason: Any = None, *_: Any) -> None:
                self.__running__ = False
                self.__fail__(reason)
                self.__work__()

            try:
                source = promise_of(value)
            except Exception as error:
                failed(caught(error))
            else:
                source.then(done, failed)

    def __answer__(self, value: Any, done: bool) -> None:
        _, _, promise = self.__queue__.pop(0)
        promise._resolve(shim.js_object("value", value, "done", done))

    def __fail__(self, reason: Any) -> None:
        _, _, promise = self.__queue__.pop(0)
        promise._reject(reason)

    def __step__(self, method: str, value: Any) -> None:
        source = self.__source__
        try:
            item = getattr(source, method)(value)
        except StopIteration as end:
            self.__source__ = None
            self.__running__ = False
            self.__answer__(end.value, True)
            self.__work__()
        except Return as end:
            self.__source__ = None
            self.__running__ = False
            self.__answer__(end.value, True)
            self.__work__()
        except Exception as error:
            self.__source__ = None
            self.__running__ = False
            self.__fail__(caught(error))
            self.__work__()
        else:
            if type(item) is Yielded:
                self.__running__ = False
                self.__answer__(item.value, False)
                self.__work__()
                return
            self.__wait__(item)

    def __wait__(self, item: Any) -> None:
        try:
            awaited = promise_of(item)
        except Exception as error:
            self.__step__("throw", thrown(caught(error)))
            return
        awaited.then(
            lambda result=None, *_: self.__step__("send", result),
            lambda reason=None, *_: self.__step__("throw", thrown(reason)),
        )


def _request(kind: str) -> Any:
    def act(this: Any, value: Any = None, *_: Any) -> Any:
        if not isinstance(this, AsyncGeneratorObject):
            made = Promise()
            made._reject(TypeError(f"{kind} method called on incompatible receiver"))
            return made
        return this.__ask__(kind, value)

    return act


def add_async_iterator_methods(prototype: Any) -> None:
    """Fills the prototype of all async iterators (ECMA-262 27.1.4)."""

    def itself(this: Any, *_: Any) -> Any:
        return this

    from napi.runtime.builtin import builtin, hidden

    method = builtin(itself, "[Symbol.asyncIterator]")
    hidden(prototype, shim.Symbol.asyncIterator, method)
    method = builtin(_dispose, "[Symbol.asyncDispose]")
    hidden(prototype, shim.Symbol.asyncDispose, method)


def _dispose(this: Any) -> Any:
    """%AsyncIteratorPrototype% [ @@asyncDispose ] (ECMA-262 27.1.5.2)."""
    from napi.runtime.array_async import run

    def steps() -> Generator[Any, Any, None]:
        leave = shim.get(this, "return")
        if leave is not None and leave is not shim.null:
            yield shim.call(leave, this)

    return run(steps())


def add_async_generator_methods(prototype: Any) -> None:
    """Fills the prototype of async generators (ECMA-262 27.6.1)."""
    from napi.runtime.builtin import hidden
    from napi.runtime.prototype import prototype_for

    shim.set_prototype(prototype, prototype_for("asynciterator"))
    for kind in ("next", "return", "throw"):
        hidden(prototype, kind, _method(kind, _request(kind)))
    _tag(prototype, "AsyncGenerator")
    _link(prototype, "constructor", prototype_for("asyncgeneratorfunction"))


def _need_result(result: Any) -> Any:
    if not is_object(result):
        raise TypeError(f"Iterator result {shim.to_string(result)} is not an object")
    return result


def delegate_async(value: Any) -> Generator[Any, Any, Any]:
    """``yield* value`` of an async generator (ECMA-262 15.5.5)."""
    from napi.js.runtime_iterate import advance, closing, iterate_async

    steps = iterate_async(value)
    result = _need_result((yield advance(steps, None)))
    left = False
    while True:
        if not left and shim.js_truth(shim.get(result, "done")):
            return shim.get(result, "value")
        left = False
        yielded = Yielded(shim.get(result, "value"))
        try:
            received = yield yielded
        except Return as end:
            method = _method_of(steps.iterator, "return")
            if method is None:
                raise Return((yield end.value)) from None
            awaited = shim.js_call_this(method, steps.iterator, end.value)
            result = _need_result((yield awaited))
            if shim.js_truth(shim.get(result, "done")):
                raise Return(shim.get(result, "value")) from None
            left = True  # and it goes on
        except Exception as error:
            method = _method_of(steps.iterator, "throw")
            if method is None:
                steps.done = False
                yield from closing(steps)
                text = "The iterator does not provide a 'throw' method."
                raise TypeError(text) from None
            awaited = shim.js_call_this(method, steps.iterator, caught(error))
            result = _need_result((yield awaited))
        else:
            result = _need_result((yield advance(steps, received)))


def _method_of(target: Any, name: str) -> Any:
    method = shim.get(target, name)
    return None if method is shim.null else method


# === Python's own ===


def wrap_async_iterator(value: Any) -> Any:
    """An asynchronous iterable of Python as an iterator of JavaScript."""
    source = value.__aiter__()

    async def step() -> Any:
        try:
            item = await source.__anext__()
        except StopAsyncIteration:
            return shim.js_object("value", None, "done", True)
        return shim.js_object("value", item, "done", False)

    def advance(*_: Any) -> Any:
        return promise_of(step())

    return shim.js_object("next", advance)


async def wrap_for_python(generator: Any) -> Any:
    """An async generator of JavaScript for ``async for``."""
    while True:
        result = await generator.__ask__("next", None)
        if result["done"]:
            return
        yield result["value"]
