"""Constructors of globalThis.

Each is a Python class, so that Python code can call it, derive from it and ask
``isinstance``. What JavaScript sees of it is what its table of properties holds
(``__napi_closed__``), and what its call and ``new`` do is said by two hooks
(``__napi_call__``, ``__napi_construct__``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.builtin import builtin, fixed, hidden, statics

__all__ = ["Constructor", "allocate", "adopt", "constructor", "need_new", "publish"]


class Constructor(type):
    """The type of such constructors: ``isinstance`` asks as ``instanceof`` does."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return bool(shim.instanceof(instance, cls))

    def __getattr__(cls, name: str) -> Any:
        """The statics, for Python code: they are properties, not attributes."""
        if not name.startswith("__") and shim.has(cls, name):
            return shim.get(cls, name)
        raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")


def need_new(name: str, is_class: bool = False) -> Callable[..., Any]:
    """What the call of a constructor without ``new`` does: a TypeError.

    Args:
        name: The constructor's.
        is_class: Its text is a class, as of those that Node wrote in JavaScript.
    """
    text = f"Constructor {name} requires 'new'"
    if is_class:
        text = f"Class constructor {name} cannot be invoked without 'new'"

    def call(this: Any, *_: Any) -> Any:
        from napi.runtime.error import TypeError

        raise TypeError(text)

    return call


def adopt(made: Any, new_target: Any, cls: Any = None) -> Any:
    """Gives a new object the prototype of ``new.target`` (ECMA-262 10.1.14).

    Args:
        made: The object.
        new_target: A constructor, or undefined.
        cls: The constructor that runs: its own prototype is there already.

    Returns:
        The object.
    """
    if new_target is cls or new_target is None:
        return made
    prototype = shim.get(new_target, "prototype")
    if shim.typeof(prototype) in ("object", "function") and prototype is not shim.null:
        shim.set_prototype(made, prototype)
    return made


def allocate(cls: Any, new_target: Any) -> Any:
    """A new object of a Python class, for ``new``.

    Args:
        cls: The class that the constructor stands for.
        new_target: ``cls``, a Python class over it, or any other constructor.
    """
    if new_target is cls or new_target is None:
        return cls.__new__(cls)
    if isinstance(new_target, type) and issubclass(new_target, cls):
        made = cls.__new__(new_target)
    else:
        made = cls.__new__(cls)
    return adopt(made, new_target, cls)


def _define(made: Any, name: str, length: int, members: type | None) -> None:
    fixed(made, "length", length)
    fixed(made, "name", name)
    if members is not None:
        install_statics(made, members)


def install_statics(made: Any, members: type) -> None:
    """Adds statics; those whose first parameter is ``this`` get the constructor."""
    from napi.runtime.builtin import install, members_of

    plain: dict[str, Any] = {}
    with_this: dict[str, Any] = {}
    for _, member in members_of(members):
        code = member.__code__
        takes_this = code.co_argcount > 0 and code.co_varnames[0] == "this"
        (with_this if takes_this else plain)[member.__name__] = member
    statics(made, type("plain", (), plain))
    install(made, type("with_this", (), with_this))


def publish(
    cls: Any,
    *,
    length: int = 0,
    call: Callable[..., Any] | None = None,
    construct: Callable[..., Any],
    prototype: Any,
    members: type | None = None,
    name: str | None = None,
    is_class: bool = False,
) -> Any:
    """Makes a Python class a constructor of JavaScript.

    Args:
        cls: The class.
        length: Its ``length``.
        call: What a call does, as ``call(this, *arguments)``; ``None``: a TypeError.
        construct: What ``new`` does, as ``construct(new_target, *arguments)``.
        prototype: The prototype of its instances, which learns its constructor.
        members: A class body whose functions become the statics.
        name: Its JavaScript name; ``None``: the class's.
        is_class: Its text is a class.

    Returns:
        The class.
    """
    name = name or cls.__name__
    cls.prototype = prototype
    cls.__napi_call__ = builtin(call or need_new(name, is_class), name)
    cls.__napi_construct__ = builtin(construct, name)
    cls.__napi_closed__ = True
    _define(cls, name, length, members)
    hidden(prototype, "constructor", cls)
    return cls


def constructor(
    name: str,
    prototype: Any,
    construct: Callable[..., Any],
    *,
    call: Callable[..., Any] | None = None,
    members: type | None = None,
    length: int = 1,
) -> Constructor:
    """Makes a constructor whose instances are not of a Python class of their own.

    Args:
        name: Its JavaScript name.
        prototype: Its ``prototype``, which also learns its ``constructor``.
        construct: What ``new`` does, as ``construct(new_target, *arguments)``.
        call: What a call does, as ``call(this, *arguments)``; ``None``: a TypeError.
        members: A class body whose functions become the statics.
        length: Its ``length``.
    """
    constructs = call is None or name == "Promise"
    hook = builtin(construct if constructs or call is None else call, name)

    def new(cls: type, *arguments: Any) -> Any:
        return shim.call(hook, cls if constructs else None, *arguments)

    namespace: dict[str, Any] = {
        "__new__": new,
        "__module__": "napi",
        "__slots__": (),
        "__doc__": f"JavaScript's {name}.",
    }
    made = Constructor(name, (), namespace)
    publish(
        made,
        length=length,
        call=call,
        construct=construct,
        prototype=prototype,
        members=members,
    )
    return made
