"""DisposableStack, AsyncDisposableStack and SuppressedError (ECMA-262 2026, 27.3)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from napi._native import shim
from napi.runtime.array_async import run
from napi.runtime.builtin import getter, hidden, install, tag
from napi.runtime.coerce import is_nullish, is_object, need_callable, show
from napi.runtime.constructor import allocate, publish
from napi.runtime.error import Error, ReferenceError, Thrown, TypeError

__all__ = ["AsyncDisposableStack", "DisposableStack", "SuppressedError"]


class SuppressedError(Error):
    """An error that was thrown while another one was on its way.

    Attributes:
        error: The later error.
        suppressed: The earlier one.
    """

    __module__ = "napi"
    name: str = "SuppressedError"


class DisposableStack(shim.Host):
    """JavaScript's ``DisposableStack``."""

    __module__ = "napi"
    __slots__ = ("__resources__",)
    __resources__: list[Any] | None


class AsyncDisposableStack(shim.Host):
    """JavaScript's ``AsyncDisposableStack``."""

    __module__ = "napi"
    __slots__ = ("__asynchronous__",)
    __asynchronous__: list[Any] | None


def _value_of(error: BaseException) -> Any:
    return error.value if isinstance(error, Thrown) else error


def suppress(error: Any, earlier: Any) -> Any:
    """A SuppressedError of two thrown values."""
    made = SuppressedError()
    hidden(made, "error", error)
    hidden(made, "suppressed", earlier)
    return made


def _stack(this: Any, name: str, is_async: bool, *, closed: bool = False) -> Any:
    slot = "__asynchronous__" if is_async else "__resources__"
    cls = AsyncDisposableStack if is_async else DisposableStack
    kind = "AsyncDisposableStack" if is_async else "DisposableStack"
    try:
        if not isinstance(this, cls):
            raise AttributeError(slot)
        found = getattr(this, slot)
    except AttributeError:
        raise TypeError(
            f"Method {kind}.prototype.{name} called on incompatible receiver "
            + show(this)
        ) from None
    if found is None and not closed:
        raise ReferenceError("Cannot add values to a disposed stack!")
    return found


def _method(value: Any, is_async: bool) -> Any:
    found = None
    if is_async:
        found = shim.get(value, shim.Symbol.asyncDispose)
    if is_nullish(found):
        found = shim.get(value, shim.Symbol.dispose)
    if is_nullish(found):
        raise TypeError("The value is not disposable")
    return need_callable(found)


def _members(is_async: bool) -> type:
    def use(this: Any, value: Any) -> Any:
        resources = _stack(this, "use", is_async)
        if is_nullish(value):
            if is_async:
                resources.append((None, None, ()))
            return value
        if not is_object(value):
            raise TypeError(f"{show(value)} is not an object")
        resources.append((_method(value, is_async), value, ()))
        return value

    def adopt(this: Any, value: Any, dispose: Any) -> Any:
        resources = _stack(this, "adopt", is_async)
        resources.append((need_callable(dispose), None, (value,)))
        return value

    def defer(this: Any, dispose: Any) -> None:
        resources = _stack(this, "defer", is_async)
        resources.append((need_callable(dispose), None, ()))

    def move(this: Any) -> Any:
        resources = _stack(this, "move", is_async)
        cls = AsyncDisposableStack if is_async else DisposableStack
        slot = "__asynchronous__" if is_async else "__resources__"
        made = cls.__new__(cls)
        setattr(made, slot, resources)
        setattr(this, slot, None)
        return made

    def disposed(this: Any) -> bool:
        return _stack(this, "disposed", is_async, closed=True) is None

    getter(disposed)
    functions = (use, adopt, defer, move, disposed)
    return type("members", (), {one.__name__: one for one in functions})


def _dispose(resources: list[Any]) -> None:
    failure: BaseException | None = None
    for method, this, given in reversed(resources):
        try:
            shim.call(method, this, *given)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            if failure is not None:
                failure = suppress(_value_of(error), _value_of(failure))
            else:
                failure = error
    if failure is not None:
        raise failure


class _Sync:
    def dispose(this: Any) -> None:
        resources = _stack(this, "dispose", False, closed=True)
        if resources is not None:
            this.__resources__ = None
            _dispose(resources)


def _dispose_async(this: Any) -> Generator[Any, Any, None]:
    resources = _stack(this, "disposeAsync", True, closed=True)
    if resources is None:
        return
    this.__asynchronous__ = None
    failure: BaseException | None = None
    for method, holder, given in reversed(resources):
        try:
            yield None if method is None else shim.call(method, holder, *given)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            if failure is not None:
                failure = suppress(_value_of(error), _value_of(failure))
            else:
                failure = error
    if failure is not None:
        raise failure


class _Async:
    def disposeAsync(this: Any) -> Any:
        return run(_dispose_async(this))


def _publish_stack(cls: Any, members: type, slot: str, symbol: Any, alias: str) -> None:
    prototype = shim.Object()
    install(prototype, members)
    install(prototype, _members(slot == "__asynchronous__"))
    hidden(prototype, symbol, shim.get(prototype, alias))
    tag(prototype, cls.__name__)

    def construct(new_target: Any) -> Any:
        made = allocate(cls, new_target)
        setattr(made, slot, [])
        return made

    publish(cls, construct=construct, prototype=prototype)


def _publish() -> None:
    symbols = shim.Symbol
    _publish_stack(DisposableStack, _Sync, "__resources__", symbols.dispose, "dispose")
    _publish_stack(
        AsyncDisposableStack,
        _Async,
        "__asynchronous__",
        symbols.asyncDispose,
        "disposeAsync",
    )
    base: Any = Error
    prototype = shim.create(base.prototype)

    def construct(
        new_target: Any, error: Any, suppressed: Any, message: Any = None
    ) -> Any:
        from napi.runtime.stack import remember

        made = allocate(SuppressedError, new_target)
        made.args = () if message is None else (shim.to_string(message),)
        hidden(made, "error", error)
        hidden(made, "suppressed", suppressed)
        remember(made)
        return made

    def call(this: Any, error: Any, suppressed: Any, message: Any = None) -> Any:
        return construct(SuppressedError, error, suppressed, message)

    publish(
        SuppressedError, length=3, call=call, construct=construct, prototype=prototype
    )
    hidden(prototype, "name", "SuppressedError")
    hidden(prototype, "message", "")


_publish()
