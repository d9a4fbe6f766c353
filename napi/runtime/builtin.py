"""How the objects of globalThis are put together.

The members of a built-in are written as the functions of a class body, under their
JavaScript names (a trailing underscore is dropped, for ``for_`` and the like);
methods name ``this`` as their first parameter. JavaScript passes as many arguments
as it likes: a ``napi.Builtin`` gives each function as many as it takes. The
``length`` that JavaScript sees counts the parameters without a default.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from napi._native import shim

__all__ = [
    "accessor",
    "builtin",
    "constant",
    "getter",
    "hidden",
    "install",
    "lazy",
    "native",
    "setter",
    "sized",
    "statics",
    "symbol",
    "tag",
    "trim",
]

_Callable = Callable[..., Any]
_F = TypeVar("_F", bound=_Callable)
_VARIADIC = 4  # CO_VARARGS of a code object


def symbol(name: str) -> Callable[[_F], _F]:
    """Decorates a member whose key is a well-known symbol.

    Args:
        name: The symbol's name: ``iterator`` for ``Symbol.iterator``.
    """

    def mark(function: _F) -> _F:
        function.__napi_symbol__ = name  # type: ignore[attr-defined]
        return function

    return mark


def sized(length: int) -> Callable[[_F], _F]:
    """Decorates a member whose ``length`` does not follow from its parameters."""

    def mark(function: _F) -> _F:
        function.__napi_length__ = length  # type: ignore[attr-defined]
        return function

    return mark


def native(function: _Callable) -> Callable[[_F], _F]:
    """Decorates a member whose usual case is written in C.

    Args:
        function: Called with ``this`` and the arguments; ``NotImplemented``: the
            member shall do it.
    """

    def mark(member: _F) -> _F:
        member.__napi_native__ = function  # type: ignore[attr-defined]
        return member

    return mark


def getter(function: _F) -> _F:
    """Decorates a member that is the getter of an accessor."""
    function.__napi_accessor__ = "get"  # type: ignore[attr-defined]
    return function


def setter(function: _F) -> _F:
    """Decorates a member ``set_x`` that is the setter of the accessor ``x``."""
    function.__napi_accessor__ = "set"  # type: ignore[attr-defined]
    return function


def builtin(
    function: _Callable,
    name: str | None = None,
    *,
    this: bool = True,
    length: int | None = None,
    construct: _Callable | None = None,
) -> Any:
    """Makes a function of JavaScript out of one of Python.

    Args:
        function: A Python function with positional parameters.
        name: Its JavaScript name; ``None`` for the function's own.
        this: Whether ``this`` is its first parameter.
        length: Its ``length``; ``None``: the parameters without a default.
        construct: What ``new`` calls, with ``new.target`` as its first argument;
            ``None``: it is no constructor.
    """
    code = function.__code__
    first = int(this)
    taken = -1 if code.co_flags & _VARIADIC else code.co_argcount - first
    needed = code.co_argcount - len(function.__defaults__ or ()) - first
    if length is None:
        length = getattr(function, "__napi_length__", needed)
    if name is None:
        name = function.__name__.rstrip("_")
    hook = None if construct is None else builtin(construct, name)
    fast = getattr(function, "__napi_native__", None)
    return shim.Builtin(function, name, length, needed, taken, this, hook, fast)


def trim(function: _Callable, name: str | None = None) -> Any:
    """A function that does not look at ``this``.

    Args:
        function: What the arguments go to; missing ones are undefined.
        name: Its JavaScript name; ``None`` for the function's own.
    """
    return builtin(function, name, this=False)


def members_of(source: type) -> Iterator[tuple[str, types.FunctionType]]:
    """The members of a class body: name and function."""
    for name, member in vars(source).items():
        if isinstance(member, staticmethod):
            member = member.__func__
        if isinstance(member, types.FunctionType) and not name.startswith("_"):
            yield name.rstrip("_"), member


def _add(target: Any, source: type, this: bool, listed: bool = False) -> None:
    accessors: dict[Any, dict[str, Any]] = {}
    for name, member in members_of(source):
        kind = getattr(member, "__napi_accessor__", "")
        if kind == "set":
            name = name.removeprefix("set_")
        key: Any = name
        well_known = getattr(member, "__napi_symbol__", None)
        if well_known is not None:
            key, name = getattr(shim.Symbol, well_known), f"[Symbol.{well_known}]"
        if not kind:
            shim.define(
                target,
                key,
                value=builtin(member, name, this=this),
                writable=True,
                enumerable=listed and isinstance(key, str),
                configurable=True,
            )
            continue
        made = builtin(member, f"{kind} {name}")
        accessors.setdefault(key, {"get": None, "set": None})[kind] = made
    for key, pair in accessors.items():
        shim.define(target, key, enumerable=listed, configurable=True, **pair)


def install(target: Any, source: type, *, listed: bool = False) -> None:
    """Adds the functions of a class body that take ``this`` as methods.

    Args:
        target: A prototype object.
        source: The class; its functions get ``this`` as their first argument.
        listed: They are enumerable, as WebIDL has them.
    """
    _add(target, source, True, listed)


def statics(target: Any, source: type, *, listed: bool = False) -> None:
    """Adds the functions of a class body as functions that do not look at ``this``.

    Args:
        target: A constructor or a namespace object.
        source: The class.
        listed: They are enumerable, as WebIDL has them.
    """
    _add(target, source, False, listed)


def hidden(target: Any, key: Any, value: Any) -> None:
    """Defines a property as built-ins have them: writable, configurable, not listed.

    Args:
        target: The object.
        key: A ``str`` or a symbol.
        value: The value.
    """
    shim.define(
        target, key, value=value, writable=True, enumerable=False, configurable=True
    )


def constant(target: Any, key: Any, value: Any) -> None:
    """Defines a property that nothing can change (``Math.PI``).

    Args:
        target: The object.
        key: A ``str`` or a symbol.
        value: The value.
    """
    shim.define(
        target, key, value=value, writable=False, enumerable=False, configurable=False
    )


def fixed(target: Any, key: Any, value: Any) -> None:
    """Defines a property that can only be redefined (``length`` of a function)."""
    shim.define(
        target, key, value=value, writable=False, enumerable=False, configurable=True
    )


def tag(target: Any, name: str) -> None:
    """Defines ``Symbol.toStringTag``.

    Args:
        target: A prototype or namespace object.
        name: What ``Object.prototype.toString`` shows.
    """
    fixed(target, shim.Symbol.toStringTag, name)


def accessor(
    target: Any,
    key: Any,
    get: _Callable,
    set: _Callable | None = None,
    name: str | None = None,
) -> None:
    """Defines an accessor; getter and setter get ``this`` first.

    Args:
        target: The object.
        key: A ``str`` or a symbol.
        get: Called as ``get(this)``.
        set: Called as ``set(this, value)``; ``None`` for a read-only property.
        name: What comes after "get " in the function's name; by default the key.
    """
    shown = key if name is None else name
    shim.define(
        target,
        key,
        get=builtin(get, f"get {shown}"),
        set=None if set is None else builtin(set, f"set {shown}"),
        enumerable=False,
        configurable=True,
    )


def lazy(
    target: Any, key: Any, make: Callable[[], Any], *, listed: bool = False
) -> None:
    """Defines a property whose value is made when it is first read.

    Args:
        target: The object.
        key: A ``str`` or a symbol.
        make: Makes the value; once, unless the property is written before.
        listed: Whether the property is enumerable.
    """

    def settle(value: Any) -> None:
        shim.define(
            target,
            key,
            value=value,
            writable=True,
            enumerable=listed,
            configurable=True,
        )

    def get(*_: Any) -> Any:
        value = make()
        settle(value)
        return value

    def set_(this: Any, value: Any = None) -> None:
        if this is target:
            settle(value)
        else:  # it is inherited
            settle(make())
            if shim.typeof(this) in ("object", "function"):
                shim.set(this, key, value)

    get.__napi_lazy__ = True  # type: ignore[attr-defined]
    setter = builtin(set_, "")
    shim.define(target, key, get=get, set=setter, enumerable=listed, configurable=True)
