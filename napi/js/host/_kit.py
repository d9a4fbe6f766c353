"""How the exports of host modules are put together: functions, classes, options."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Any

from napi._native import shim
from napi.runtime.builtin import accessor, builtin, constant, hidden, trim

__all__ = [
    "absent",
    "add_method",
    "call_later",
    "exports_of",
    "function",
    "get",
    "is_object",
    "klass",
    "lazy",
    "make",
    "option",
    "put",
    "resolved",
    "super_call",
    "work",
]

_Function = Callable[..., Any]


def get(target: Any, key: Any) -> Any:
    """A property; undefined where there is no object."""
    if target is None or target is shim.null:
        return None
    return shim.get(target, key)


def put(target: Any, **properties: Any) -> Any:
    """Sets properties; returns the object."""
    for key, value in properties.items():
        shim.set(target, key, value)
    return target


def make(**properties: Any) -> Any:
    """A new object with properties."""
    return put(shim.Object(), **properties)


def is_object(value: Any) -> bool:
    """Whether a value is an object or a function, and not null."""
    return shim.typeof(value) in ("object", "function") and value is not shim.null


def option(options: Any, name: str, default: Any = None) -> Any:
    """An option; the default where there is no object or it is undefined."""
    found = shim.get(options, name) if is_object(options) else None
    return default if found is None else found


def function(target: _Function, name: str | None = None, *, this: bool = False) -> Any:
    """Makes a function of JavaScript out of one of Python.

    Args:
        target: The function; it is given as many arguments as it takes.
        name: Its name; ``None`` for the function's own.
        this: Whether its first parameter is ``this``.
    """
    shown = (name or target.__name__).rstrip("_")
    return builtin(target, shown) if this else trim(target, shown)


def _members(source: type) -> Iterator[tuple[str, _Function]]:
    for name, member in vars(source).items():
        if isinstance(member, staticmethod):
            member = member.__func__
        if isinstance(member, types.FunctionType) and not name.startswith("__"):
            yield name.rstrip("_"), member


def _takes_this(member: _Function) -> bool:
    code = member.__code__
    return code.co_argcount > 0 and code.co_varnames[0] == "this"


def exports_of(source: type, target: Any = None) -> Any:
    """An object with the functions of a class body, listed as modules list them.

    Args:
        source: The class; functions whose first parameter is ``this`` get it.
        target: What to fill; ``None``: a new object.
    """
    made = shim.Object() if target is None else target
    for name, member in _members(source):
        shim.set(made, name, function(member, name, this=_takes_this(member)))
    return made


def lazy(target: Any, key: str, maker: Callable[[], Any]) -> None:
    """Defines a listed property whose value is made when it is first read."""
    from napi.runtime.builtin import lazy as define

    define(target, key, maker, listed=True)


def absent(target: Any, module: str, names: str) -> None:
    """Defines what this host does not have: functions that say so when called.

    What looks like a class can be extended, so that files that do so can be loaded.

    Args:
        target: The exports.
        module: The name of the module.
        names: Names, separated by blanks.
    """
    from napi.js.host._errors import missing_member

    for name in names.split():

        def refuse(*_: Any, name: str = name) -> None:
            raise missing_member(module, name)

        made = builtin(refuse, name, this=False, construct=refuse)
        if name[0].isupper():  # a class: others may extend it, but make none
            hidden(made, "prototype", _prototype_of(made))
        shim.set(target, name, made)


def _prototype_of(made: Any) -> Any:
    prototype = shim.Object()
    hidden(prototype, "constructor", made)
    return prototype


def add_method(
    prototype: Any, key: Any, member: _Function, *, listed: bool = True
) -> None:
    """Adds a method, listed as one that was assigned.

    Args:
        prototype: The prototype.
        key: Its name or symbol.
        member: Called with ``this`` first.
        listed: False: as a class declares it.
    """
    shim.define(
        prototype,
        key,
        value=function(member, key, this=True),
        writable=True,
        enumerable=listed and isinstance(key, str),
        configurable=True,
    )


def klass(
    name: str,
    init: _Function,
    members: type | None = None,
    *,
    parent: Any = None,
    static: type | None = None,
    call: bool = False,
    length: int | None = None,
) -> Any:
    """Makes a class that JavaScript can derive from.

    Args:
        name: Its name.
        init: Called as ``init(this, *arguments)`` with the new object; what it
            returns takes the object's place, unless it is None.
        members: A class body: methods, getters and setters of the prototype.
        parent: The constructor that it derives from.
        static: A class body with the functions of the constructor itself.
        call: Whether it is a function of the old style: it may be called without
            ``new``, on an object that is there (``EventEmitter.call(this)``) or to
            make one; its methods are listed, for some copy them.
        length: The ``length`` of the constructor.
    """
    above = None if parent is None else shim.get(parent, "prototype")
    prototype = shim.Object() if above is None else shim.create(above)

    def construct(new_target: Any, *arguments: Any) -> Any:
        own = shim.get(new_target, "prototype")
        this = shim.create(own if is_object(own) else prototype)
        replaced = init(this, *arguments)
        return this if replaced is None else replaced

    def plain(this: Any, *arguments: Any) -> Any:
        if not call:
            from napi.js.host._errors import node_error

            text = f"Class constructor {name} cannot be invoked without 'new'"
            raise node_error("TypeError", "ERR_CONSTRUCT_CALL_REQUIRED", text)
        if is_object(this) and _inherits(this, prototype):
            init(this, *arguments)
            return None
        return construct(made, *arguments)

    if length is None:
        code = init.__code__
        length = code.co_argcount - len(init.__defaults__ or ()) - 1
    made = builtin(plain, name, length=max(length, 0), construct=construct)
    constant(made, "prototype", prototype)
    if call:
        shim.define(made, "prototype", writable=True)
    hidden(prototype, "constructor", made)
    if parent is not None:
        shim.set_prototype(made, parent)
    if members is not None:
        for key, member in _members(members):
            add_method(prototype, key, member, listed=call)
    if static is not None:
        for key, member in _members(static):
            this = _takes_this(member)
            hidden(made, key, function(member, key, this=this))
    return made


def _inherits(value: Any, prototype: Any) -> bool:
    holder = shim.get_prototype(value)
    while is_object(holder):
        if holder is prototype:
            return True
        holder = shim.get_prototype(holder)
    return False


def super_call(parent: Any, this: Any, *arguments: Any) -> None:
    """Runs the constructor of the parent class on an object."""
    shim.call(parent, this, *arguments)


def getter(
    prototype: Any, key: Any, get: _Function, set: _Function | None = None
) -> None:
    """Defines an accessor of a prototype."""
    accessor(prototype, key, get, set)


def resolved(value: Any = None) -> Any:
    """A promise that is fulfilled."""
    made = shim.Promise()
    made._resolve(value)
    return made


def rejected(reason: Any) -> Any:
    """A promise that is rejected."""
    made = shim.Promise()
    made._reject(reason)
    return made


def call_later(callback: Any, *arguments: Any) -> None:
    """Calls a callback in a turn of its own; the loop goes on until then."""
    from napi.runtime.timers import set_immediate

    set_immediate(callback, *arguments)


def thrown_value(error: BaseException) -> Any:
    """What ``catch`` would be given for an exception."""
    from napi.runtime.error import Thrown

    return error.value if isinstance(error, Thrown) else error


def work(act: Callable[[], Any], done: Callable[[Any, Any], Any]) -> None:
    """Does something that blocks, on a thread of its own; the loop goes on.

    Args:
        act: Called on the thread: it touches no JavaScript values.
        done: Called in a turn with the exception, or None, and the result.
    """
    from napi.js.host._work import run

    run(act, done)
