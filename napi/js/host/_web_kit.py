"""What the interfaces of the web share: classes, promises, strategies, brand checks.

An object of such a class holds the Python object with its state in ``__state__``,
which JavaScript does not see; the state knows the object as ``js``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

from napi._native import shim
from napi.js.host._errors import invalid_type, invalid_value, need_function, node_error
from napi.js.host._kit import function, is_object, rejected, thrown_value
from napi.runtime.builtin import builtin as _builtin
from napi.runtime.builtin import hidden, install, members_of, tag
from napi.runtime.constructor import allocate, publish

__all__ = [
    "Web",
    "bare",
    "guarded",
    "high_water_mark",
    "illegal",
    "interface",
    "invalid_state",
    "later_promise",
    "need",
    "options_of",
    "promised",
    "raise_value",
    "react",
    "rejected_quietly",
    "resolved_with",
    "size_of",
    "statics_of",
]

INSPECT = shim.Symbol.for_("nodejs.util.inspect.custom")
_VARIADIC = 4  # CO_VARARGS of a code object


class Web(shim.Host):
    """The base of the classes."""

    __module__ = "napi"
    __slots__ = ("__state__",)
    __state__: Any


def need(this: Any, cls: Any) -> Any:
    """The state of ``this``.

    Raises:
        napi.TypeError: It is no object of the class (``ERR_INVALID_THIS``).
    """
    if isinstance(this, cls) and hasattr(this, "__state__"):
        return this.__state__
    text = f'Value of "this" must be of type {cls.__name__}'
    raise node_error("TypeError", "ERR_INVALID_THIS", text)


def illegal(new_target: Any, *_: Any) -> Any:
    """What ``new`` does where only the host makes objects."""
    text = "Illegal constructor"
    raise node_error("TypeError", "ERR_ILLEGAL_CONSTRUCTOR", text)


def interface(
    name: str,
    members: type,
    init: Callable[..., Any] | None = None,
    *,
    parent: Any = None,
    statics: type | None = None,
    shown: Callable[[Any], Any] | None = None,
    length: int = 0,
) -> Any:
    """Makes a class of the web.

    Args:
        name: Its name.
        members: A class body: methods, getters and setters of the prototype.
        init: Called with the new object and the arguments; ``None``: no program
            makes such objects.
        parent: The class that it derives from.
        statics: A class body with the functions of the constructor.
        shown: What ``util.inspect`` shows after the name: made of the state.
        length: The ``length`` of the constructor.
    """
    above = Web if parent is None else parent
    made = type(name, (above,), {"__module__": "napi", "__slots__": ()})
    base = shim.Object() if parent is None else shim.create(parent.prototype)
    _install_in_order(base, members)
    tag(base, name)
    if shown is not None:
        hidden(base, INSPECT, _inspector(name, shown))
    if init is None:
        construct: Callable[..., Any] = illegal
    else:
        construct = _maker(made, init)

    def call(this: Any, *_: Any) -> Any:
        from napi.runtime.error import TypeError

        raise TypeError(f"Class constructor {name} cannot be invoked without 'new'")

    publish(made, length=length, call=call, construct=construct, prototype=base)
    if statics is not None:
        statics_of(made, statics)
    return made


def _install_in_order(base: Any, members: type) -> None:
    """Methods and accessors in the order of the class body."""
    groups: dict[str, dict[str, Any]] = {}
    for key, member in vars(members).items():
        if callable(member) and not key.startswith("_"):
            groups.setdefault(key.removeprefix("set_"), {})[key] = member
    for group in groups.values():
        install(base, type("members", (), group), listed=True)


def _maker(cls: Any, init: Callable[..., Any]) -> Callable[..., Any]:
    code = init.__code__
    most = None if code.co_flags & _VARIADIC else code.co_argcount - 1

    def construct(new_target: Any, *arguments: Any) -> Any:
        made = allocate(cls, new_target)
        init(made, *arguments[:most])
        return made

    return construct


def statics_of(target: Any, source: type) -> None:
    """Adds the listed functions of a constructor."""
    for name, member in members_of(source):
        shim.set(target, name, _builtin(member, name, this=False))


def _inspector(name: str, shown: Callable[[Any], Any]) -> Any:
    def inspect(this: Any, depth: Any = None, options: Any = None) -> Any:
        from napi.js.host import load

        if shim.typeof(depth) == "number" and depth < 0:
            return this
        given = shim.Object()
        for key in shim.keys(options) if is_object(options) else ():
            shim.set(given, key, shim.get(options, key))
        deep = shim.get(given, "depth")
        no_limit = deep is None or deep is shim.null
        shim.set(given, "depth", shim.null if no_limit else deep - 1)
        util = shim.get(load("util"), "inspect")
        return f"{name} {shim.call(util, None, shown(this.__state__), given)}"

    return function(inspect, "[nodejs.util.inspect.custom]", this=True)


def bare(cls: Any, state: Any) -> Any:
    """A new object of a class around its state, without running ``new``."""
    made = cls.__new__(cls)
    made.__state__ = state
    state.js = made
    return made


def invalid_state(text: str, kind: str = "TypeError") -> Any:
    """``ERR_INVALID_STATE``, to be raised or rejected with."""
    return node_error(kind, "ERR_INVALID_STATE", f"Invalid state: {text}")


def raise_value(reason: Any) -> Any:
    """Throws any value."""
    from napi.runtime.error import Thrown

    raise reason if isinstance(reason, BaseException) else Thrown(reason)


def later_promise() -> Any:
    """A pending promise: ``_resolve`` and ``_reject`` settle it."""
    return shim.Promise()


def resolved_with(value: Any = None) -> Any:
    """``Promise.resolve(value)``: a promise is returned as it is."""
    if isinstance(value, shim.Promise):
        return value
    made = shim.Promise()
    made._resolve(value)
    return made


def _nothing(value: Any = None) -> None:
    return None


def rejected_quietly(reason: Any) -> Any:
    """A rejected promise that nobody has to handle."""
    made = rejected(reason)
    made.then(None, _nothing)
    return made


def quiet(promise: Any) -> Any:
    """Says that the rejection of a promise needs no handler; returns it."""
    promise.then(None, _nothing)
    return promise


def promised(act: Callable[[], Any]) -> Any:
    """A promise of what a call returns; rejected with what it throws."""
    try:
        return resolved_with(act())
    except Exception as error:
        return rejected(thrown_value(error))


def react(promise: Any, done: Any = None, failed: Any = None) -> Any:
    """``promise.then(done, failed)``; each takes one argument."""
    return promise.then(done, failed)


def guarded(member: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a method that rejects instead of throwing."""

    def call(this: Any, *arguments: Any) -> Any:
        try:
            return member(this, *arguments[:most])
        except Exception as error:
            return rejected(thrown_value(error))

    code = member.__code__
    most = code.co_argcount - 1
    needed = most - len(member.__defaults__ or ())
    call.__name__ = member.__name__
    call.__napi_length__ = needed  # type: ignore[attr-defined]
    accessor = getattr(member, "__napi_accessor__", None)
    if accessor:
        call.__napi_accessor__ = accessor  # type: ignore[attr-defined]
    return call


def options_of(value: Any, name: str = "options", *, null: bool = True) -> Any:
    """The value, an object or function, or undefined; None where there is none."""
    if value is None or (null and value is shim.null):
        return None
    if not is_object(value):
        raise invalid_type(name, "object", value)
    return value


def read(options: Any, name: str) -> Any:
    """A property of an optional object."""
    return None if options is None else shim.get(options, name)


def flag(options: Any, name: str) -> bool:
    """A property of an optional object as a boolean."""
    return bool(shim.to_boolean(read(options, name)))


def high_water_mark(value: Any, default: float) -> float:
    """The limit of a queue (Streams 7.4, ExtractHighWaterMark)."""
    if value is None:
        return default
    number = cast(float, shim.to_number(value))
    if math.isnan(number) or number < 0:
        raise range_value("strategy.highWaterMark", value)
    return number


def range_value(name: str, value: Any) -> Any:
    """``ERR_INVALID_ARG_VALUE`` as a RangeError."""
    text = invalid_value(name, value).message
    return node_error("RangeError", "ERR_INVALID_ARG_VALUE", text)


def size_of(value: Any) -> Callable[[Any], Any]:
    """What measures a chunk (Streams 7.4, ExtractSizeAlgorithm)."""
    if value is None:
        return lambda chunk: 1
    need_function(value, "strategy.size")
    return lambda chunk: shim.call(value, None, chunk)


def method_of(source: Any, name: str, shown: str) -> Callable[..., Any] | None:
    """A method of an object given by the program, bound to it; None: it has none."""
    found = read(source, name)
    if found is None:
        return None
    need_function(found, shown)
    return lambda *arguments: shim.call(found, source, *arguments)
