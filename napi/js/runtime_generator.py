"""Generators (ECMA-262, chapter 27.5) over generators of Python."""

from __future__ import annotations

import types
from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any

from napi._native import shim
from napi.js.runtime_error import thrown
from napi.js.runtime_iterate import Array, Steps, iterate
from napi.js.runtime_operator import is_object
from napi.runtime.error import TypeError

__all__ = [
    "GeneratorObject",
    "Return",
    "delegate",
    "make_generator_prototype",
    "start_generator",
]

GENERATOR, ASYNC, PRIMED = 16, 32, 256


class Return(BaseException):
    """Thrown into a generator by ``return(value)``: its finally blocks run.

    Args:
        value: What the generator shall return.
    """

    def __init__(self, value: Any) -> None:
        self.value = value


class GeneratorObject(shim.Object):
    """What a call of a generator function returns: an iterator of both worlds."""

    __slots__ = ("__left__", "__running__", "__source__", "__started__")
    __module__ = "napi"

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return _advance(self, None)

    def __repr__(self) -> str:
        return "Object [Generator] {}"

    def __begin__(self) -> bool:
        """Whether a loop may run the generator of Python below, from here on."""
        if self.__source__ is None or self.__running__ or self.__left__:
            return False
        self.__started__ = True
        return True


def _advance(self: GeneratorObject, value: Any) -> Any:
    """The next value; StopIteration at the end."""
    source = self.__source__
    if source is None:
        raise StopIteration
    if self.__running__:
        raise TypeError("Generator is already running")
    self.__running__ = True
    try:
        made = source.send(value if self.__started__ else None)
    except Return as end:  # of an earlier return(), which a finally block held up
        self.__source__ = None
        raise StopIteration(end.value) from None
    except BaseException:
        self.__source__ = None
        raise
    finally:
        self.__running__ = False
        self.__started__ = True
    return made


def _result(value: Any, done: bool) -> Any:
    return shim.js_object("value", value, "done", done)


def _check(self: Any, name: str) -> GeneratorObject:
    if not isinstance(self, GeneratorObject):
        shown = shim.to_string(self) if not is_object(self) else "#<Object>"
        raise TypeError(
            f"Method [Generator].prototype.{name} called on incompatible receiver "
            f"{shown}"
        )
    return self


def generator_next(self: Any, value: Any = None, *_: Any) -> Any:
    """``next(value)`` (ECMA-262 27.5.1.2)."""
    self = _check(self, "next")
    try:
        return _result(_advance(self, value), False)
    except StopIteration as end:
        return _result(end.value, True)


def _throw(self: GeneratorObject, error: BaseException) -> Any:
    source = self.__source__
    if self.__running__:
        raise TypeError("Generator is already running")
    self.__running__ = True
    try:
        made = source.throw(error)
    except StopIteration as end:
        self.__source__ = None
        return _result(end.value, True)
    except Return as end:
        self.__source__ = None
        return _result(end.value, True)
    except BaseException:
        self.__source__ = None
        raise
    finally:
        self.__running__ = False
    self.__left__ = self.__left__ or isinstance(error, Return)
    return _result(made, False)


def generator_return(self: Any, value: Any = None, *_: Any) -> Any:
    """``return(value)`` (ECMA-262 27.5.1.3)."""
    self = _check(self, "return")
    if self.__source__ is None:
        return _result(value, True)
    if not self.__started__:
        self.__source__ = None
        return _result(value, True)
    return _throw(self, Return(value))


def generator_throw(self: Any, error: Any = None, *_: Any) -> Any:
    """``throw(error)`` (ECMA-262 27.5.1.4)."""
    self = _check(self, "throw")
    if self.__source__ is None or not self.__started__:
        if self.__running__:
            raise TypeError("Generator is already running")
        self.__source__ = None
        raise thrown(error)
    return _throw(self, thrown(error))


def make_generator_prototype(function: Any) -> Any:
    """The object that a generator function's ``prototype`` is, when first asked for."""
    from napi.runtime.prototype import prototype_for

    info = shim.js_info(function)
    is_async = info[1][2] & ASYNC
    return shim.create(prototype_for("asyncgenerator" if is_async else "generator"))


def prototype_of_instances(function: Any, kind: str) -> Any:
    """What the objects that a generator function makes inherit from."""
    from napi.runtime.prototype import prototype_for

    found = shim.get(function, "prototype")
    return found if is_object(found) else prototype_for(kind)


def start_generator(function: Any, source: Any, flags: int) -> Any:
    """What a call of a generator or async function returns.

    Args:
        function: The napi.Function.
        source: The generator of Python that its code is.
        flags: Those of the function.
    """
    if not flags & GENERATOR:
        from napi.js.runtime_async import start_async

        return start_async(source)
    if flags & PRIMED:
        next(source)
    if flags & ASYNC:
        from napi.js.runtime_async import AsyncGeneratorObject

        made: Any = AsyncGeneratorObject()
        made.__begin__(source, bool(flags & PRIMED))
        shim.set_prototype(made, prototype_of_instances(function, "asyncgenerator"))
        return made
    made = GeneratorObject()
    made.__source__ = source
    made.__left__ = made.__running__ = False
    made.__started__ = bool(flags & PRIMED)
    shim.set_prototype(made, prototype_of_instances(function, "generator"))
    return made


def _delegate_generator(
    source: Generator[Any, Any, Any],
) -> Generator[Any, Any, Any]:
    """To the generator of Python below a usual generator."""
    step: Callable[[], Any] = partial(source.send, None)
    leaving = False
    while True:
        try:
            item = step()
        except StopIteration as end:
            if leaving:
                raise Return(end.value) from None
            return end.value
        except Return as end:
            if leaving:
                raise
            return end.value  # of an earlier return(), which a finally block held up
        leaving = False
        try:
            step = partial(source.send, (yield item))
        except Return as end:
            step, leaving = partial(source.throw, end), True
        except Exception as error:
            step = partial(source.throw, error)


def _delegate_values(source: Iterator[Any]) -> Generator[Any, Any, None]:
    """To an iterator of Python's own: nobody hears what is sent."""
    for item in source:
        try:
            yield item
        except Exception:
            raise TypeError("The iterator does not provide a 'throw' method.") from None


def delegate(value: Any) -> Generator[Any, Any, Any]:
    """``yield* value`` (ECMA-262 15.5.5)."""
    source = iterate(value)
    if isinstance(source, types.GeneratorType):
        return (yield from _delegate_generator(source))
    if not isinstance(source, Steps):
        yield from _delegate_values(source)
        return None
    iterator = source.iterator
    received: Any = None
    result = shim.js_call_this(source.step, iterator, None)
    left = False
    while True:
        if not is_object(result):
            raise TypeError(
                f"Iterator result {shim.to_string(result)} is not an object"
            )
        if not left and shim.js_truth(shim.get(result, "done")):
            return shim.get(result, "value")
        left = False
        item = shim.get(result, "value")
        try:
            received = yield item
        except Return as end:
            method = shim.get(iterator, "return")
            if method is None or method is shim.null:
                raise
            result = shim.js_call_this(method, iterator, end.value)
            if not is_object(result):
                shown = shim.to_string(result)
                raise TypeError(f"Iterator result {shown} is not an object") from None
            if shim.js_truth(shim.get(result, "done")):
                raise Return(shim.get(result, "value")) from None
            left = True  # and it goes on
        except Exception as error:
            from napi.js.runtime_error import caught

            method = shim.get(iterator, "throw")
            if method is None or method is shim.null:
                from napi.js.runtime_iterate import close

                close(source)
                raise TypeError(
                    "The iterator does not provide a 'throw' method."
                ) from None
            result = shim.js_call_this(method, iterator, caught(error))
        else:
            result = shim.js_call_this(source.step, iterator, received)


def add_generator_methods(prototype: Any) -> None:
    """Fills the prototype of generators."""
    from napi.runtime.builtin import hidden
    from napi.runtime.prototype import prototype_for

    shim.set_prototype(prototype, prototype_for("iterator"))
    for name, method in (
        ("next", generator_next),
        ("return", generator_return),
        ("throw", generator_throw),
    ):
        hidden(prototype, name, _method(name, method))
    _tag(prototype, "Generator")
    _link(prototype, "constructor", prototype_for("generatorfunction"))


def _method(name: str, function: Any) -> Any:
    from napi.runtime.builtin import builtin

    def method(this: Any, *arguments: Any) -> Any:
        return function(this, *arguments)

    return builtin(method, name, length=1)


def _tag(target: Any, tag: str) -> None:
    shim.define(
        target,
        shim.Symbol.toStringTag,
        value=tag,
        writable=False,
        enumerable=False,
        configurable=True,
    )


def _link(target: Any, key: str, value: Any) -> None:
    shim.define(
        target, key, value=value, writable=False, enumerable=False, configurable=True
    )


def _fill_function(prototype: Any, tag: str, instances: str | None) -> None:
    from napi.js.runtime_function import make_function_constructor
    from napi.runtime.prototype import prototype_for

    shim.set_prototype(prototype, prototype_for("function"))
    _tag(prototype, tag)
    if instances is not None:
        _link(prototype, "prototype", prototype_for(instances))
    _link(prototype, "constructor", make_function_constructor(tag, prototype))


def add_generator_function_methods(prototype: Any) -> None:
    """Fills GeneratorFunction.prototype (ECMA-262 27.3.3)."""
    _fill_function(prototype, "GeneratorFunction", "generator")


def add_async_function_methods(prototype: Any) -> None:
    """Fills AsyncFunction.prototype (ECMA-262 27.7.3)."""
    _fill_function(prototype, "AsyncFunction", None)


def add_async_generator_function_methods(prototype: Any) -> None:
    """Fills AsyncGeneratorFunction.prototype (ECMA-262 27.4.3)."""
    _fill_function(prototype, "AsyncGeneratorFunction", "asyncgenerator")


def array_of(values: Any) -> Any:
    """An array of what a generator gives."""
    return Array(values)
