"""Classes at run time (ECMA-262, chapter 15.7.14).

A class over nothing, over another class of JavaScript or of an addon, or over a
function is a napi.Class. One over a type of Python (an error, a Map, an array ...) is a
type of Python whose ``__new__`` runs the constructor.
"""

from __future__ import annotations

import builtins
import weakref
from typing import Any

from napi._native import shim
from napi.js.runtime_operator import is_object
from napi.runtime.builtin import fixed
from napi.runtime.error import TypeError

__all__ = [
    "PrivateName",
    "add_method",
    "add_private",
    "brander",
    "call_type",
    "construct_parent",
    "define_field",
    "define_method",
    "is_result",
    "make_class",
    "prototype_of",
    "set_fields",
    "set_method",
]

_DERIVED = 128
_CODE = "__js_constructor__"


def call_type(kind: Any, this: Any, arguments: tuple[Any, ...]) -> Any:
    """A call of a class or constructor without ``new``.

    Args:
        kind: The type.
        this: Its ``this``.
        arguments: Its arguments.

    Raises:
        napi.TypeError: It is a class of JavaScript.
    """
    if _CODE in vars(kind):
        raise TypeError(
            f"Class constructor {kind.__name__} cannot be invoked without 'new'"
        )
    return shim.call(kind, this, *arguments)


def is_result(value: Any) -> bool:
    """Whether what a derived constructor returns replaces ``this``."""
    if value is None:
        return False
    if is_object(value):
        return True
    raise TypeError("Derived constructors may only return object or undefined")


# === making ===


def make_class(name: str, constructor: Any, *parents: Any) -> Any:
    """A class without its members.

    Args:
        name: Its name.
        constructor: The function of its constructor.
        *parents: What it extends, if it does.

    Raises:
        napi.TypeError: That is no constructor.
    """
    if not parents:
        return shim.js_class(name, None, constructor)
    parent = parents[0]
    if parent is shim.null:
        made = shim.js_class(name, None, constructor)
        shim.set_prototype(prototype_of(made), shim.null)
        return made
    if isinstance(parent, shim.Class):
        _prototype_of_parent(parent)
        return shim.js_class(name, parent, constructor)
    if isinstance(parent, type):
        return _over_type(name, constructor, parent)
    if not shim.is_constructor(parent):
        from napi.js.runtime_operator import show_value

        shown = shim.to_string(parent) if callable(parent) else show_value(parent)
        raise TypeError(f"Class extends value {shown} is not a constructor or null")
    prototype = _prototype_of_parent(parent)
    made = shim.js_class(name, None, constructor)
    shim.set_prototype(prototype_of(made), prototype)
    shim.set_prototype(made, parent)
    return made


def _prototype_of_parent(parent: Any) -> Any:
    prototype = shim.get(parent, "prototype")
    if prototype is not shim.null and not is_object(prototype):
        from napi.js.runtime_operator import show_value

        raise TypeError(
            "Class extends value does not have valid prototype property "
            f"{show_value(prototype)}"
        )
    return prototype


def _instances(parent: type) -> type:
    """The type of what a constructor of globalThis makes."""
    from napi.runtime.constructor import Constructor

    if not isinstance(parent, Constructor):
        return parent
    known = {
        "Array": shim.Array,
        "Object": shim.Instance,
    }
    return known.get(parent.__name__, shim.Instance)


def _over_type(name: str, constructor: Any, parent: type) -> Any:
    base = _instances(parent)
    if base is shim.Instance:
        made = shim.js_class(name, None, constructor)
        shim.set_prototype(made, parent)
        shim.set_prototype(prototype_of(made), shim.get(parent, "prototype"))
        return made
    text = name.partition("\0")[0]
    namespace = {
        "__module__": "napi",
        "__new__": _new,
        "__init__": _init,
        _CODE: constructor,
    }
    try:
        made = type(base)(text, (base,), namespace)
    except builtins.TypeError:  # it cannot be derived from
        made = shim.js_class(name, None, constructor)
        shim.set_prototype(prototype_of(made), shim.get(parent, "prototype"))
        shim.set_prototype(made, parent)
        return made
    fixed(made, "name", name)
    if base is not parent:
        shim.set_prototype(made, parent)
        shim.set_prototype(prototype_of(made), shim.get(parent, "prototype"))
    shim.define(
        prototype_of(made),
        "constructor",
        value=made,
        writable=True,
        enumerable=False,
        configurable=True,
    )
    return made


def _init(self: Any, *_: Any) -> None:
    """Does nothing: ``__new__`` has run the constructor."""


def _new(cls: Any, *arguments: Any) -> Any:
    for base in cls.__mro__:
        if _CODE in vars(base):
            return _construct(base, arguments, cls)
    raise AssertionError


def _construct(kind: Any, arguments: Any, new_target: Any) -> Any:
    """Runs the constructor of a class over a type of Python."""
    constructor = vars(kind)[_CODE]
    code = shim.js_info(constructor)[0]
    if code is None:
        made = construct_parent(shim.get_prototype(kind), arguments, new_target)
        shim.js_fields(constructor, made)
        return made
    return shim.js_run(constructor, None, new_target, *arguments)


def construct_parent(parent: Any, arguments: tuple[Any, ...], new_target: Any) -> Any:
    """What ``super(...)`` makes where the parent is a type of Python.

    Args:
        parent: The type.
        arguments: Its arguments.
        new_target: The class that was asked for.
    """
    if _CODE in vars(parent):
        return _construct(parent, arguments, new_target)
    base = _instances(parent)
    if "__napi_construct__" in vars(parent) and parent.__name__ != "Object":
        return shim.construct(parent, *arguments, new_target=new_target)
    if base is shim.Instance:
        if isinstance(new_target, shim.Class):
            return shim.js_allocate(new_target)
    elif base is not shim.Array and hasattr(parent, "__napi_construct__"):
        return shim.construct(parent, *arguments, new_target=new_target)
    elif isinstance(new_target, type) and issubclass(new_target, base):
        if vars(object)["__new__"] == base.__new__:
            made = object.__new__(new_target)
        else:
            made = base.__new__(new_target, *arguments)
        if base is shim.Array:
            _fill_array(made, arguments)
        else:
            getattr(base, "__init__")(made, *arguments)  # noqa: B009
        return made
    made = shim.construct(parent, *arguments)
    prototype = shim.get(new_target, "prototype")
    if is_object(prototype):
        shim.set_prototype(made, prototype)
    return made


def _fill_array(made: Any, arguments: tuple[Any, ...]) -> None:
    """What the constructor Array does (ECMA-262 23.1.1.1)."""
    if len(arguments) == 1 and shim.typeof(arguments[0]) == "number":
        shim.set(made, "length", arguments[0])
    else:
        made.extend(arguments)


def prototype_of(kind: Any) -> Any:
    """The prototype object of a class."""
    return shim.get(kind, "prototype")


def set_fields(kind: Any, function: Any, prototype: Any) -> None:
    """Tells the constructor of a class what it needs.

    Args:
        kind: The class.
        function: Makes the fields of an instance; ``None``: there are none.
        prototype: Where ``super`` of the constructor begins.
    """
    if isinstance(kind, shim.Class):
        shim.js_set_fields(kind, function, prototype, kind)
    else:
        shim.js_set_fields(vars(kind)[_CODE], function, prototype, kind)


# === members ===


def define_method(home: Any, key: Any, kind: str, function: Any) -> None:
    """Adds a method or an accessor."""
    if kind == "method":
        done = shim.define(
            home,
            key,
            value=function,
            writable=True,
            enumerable=False,
            configurable=True,
        )
    elif kind == "get":
        done = shim.define(home, key, get=function, enumerable=False, configurable=True)
    else:
        done = shim.define(home, key, set=function, enumerable=False, configurable=True)
    if not done:
        raise TypeError(f"Cannot redefine property: {shim.to_string(key)}")


def define_field(target: Any, key: Any, value: Any) -> None:
    """Adds a public field."""
    if not shim.define(
        target, key, value=value, writable=True, enumerable=True, configurable=True
    ):
        raise TypeError(f"Cannot redefine property: {shim.to_string(key)}")


# === private names ===


class PrivateName:
    """What ``#x`` stands for in one evaluation of a class.

    Args:
        text: ``#x``.
    """

    __slots__ = ("getter", "kind", "method", "others", "setter", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.kind = "field"
        self.getter: Any = None
        self.setter: Any = None
        self.method: Any = None
        self.others: dict[int, tuple[Any, Any]] | None = None

    def _items(self, target: Any) -> Any:
        """Where the target keeps the values of its private names."""
        if isinstance(target, shim.Object):
            return None
        return (
            getattr(target, "__dict__", None) if not isinstance(target, type) else None
        )

    def _find(self, target: Any) -> Any:
        """The value in a tuple, or ``None``."""
        items = self._items(target)
        if items is not None:
            return items.get(self)
        found = self.others.get(id(target)) if self.others is not None else None
        return None if found is None or found[0]() is not target else found[1]

    def _keep(self, target: Any, value: Any) -> None:
        # An empty tuple tells the C half that this is no field.
        kept = (value,) if self.kind == "field" else ()
        items = self._items(target)
        if items is not None:
            items[self] = kept
            return
        if self.others is None:
            self.others = {}
        key, others = id(target), self.others
        self.others[key] = (
            weakref.ref(target, lambda _: others.pop(key, None)),
            kept,
        )

    def has(self, target: Any) -> bool:
        """Whether the target has the member."""
        if not is_object(target):
            raise TypeError(
                f"Cannot use 'in' operator to search for '{self.text}' in "
                f"{shim.to_string(target)}"
            )
        return self._find(target) is not None

    def add(self, target: Any, value: Any) -> None:
        """Gives the target the member; the value is kept in a tuple."""
        if self._find(target) is not None:
            raise TypeError(f"Cannot initialize {self.text} twice on the same object")
        self._keep(target, value)

    def get(self, target: Any) -> Any:
        """The value of the target's member."""
        found = self._find(target) if is_object(target) else None
        if found is None:
            what = {"field": "member", "method": "method"}.get(self.kind)
            if what == "method":
                raise TypeError("Receiver must be an instance of class")
            if what is None:
                raise TypeError("Receiver must be an instance of class")
            raise TypeError(
                f"Cannot read private member {self.text} from an object whose class "
                "did not declare it"
            )
        if self.kind == "field":
            return found[0]
        if self.kind == "method":
            return self.method
        if self.getter is None:
            raise TypeError(f"'{self.text}' was defined without a getter")
        return shim.call(self.getter, target)

    def set(self, target: Any, value: Any) -> None:
        """Assigns to the target's member."""
        if not is_object(target) or self._find(target) is None:
            raise TypeError(
                f"Cannot write private member {self.text} to an object whose class "
                "did not declare it"
            )
        if self.kind == "field":
            self._keep(target, value)
        elif self.kind == "method":
            raise TypeError(f"Private method '{self.text}' is not writable")
        elif self.setter is None:
            raise TypeError(f"'{self.text}' was defined without a setter")
        else:
            shim.call(self.setter, target, value)


def set_method(name: PrivateName, kind: str, function: Any) -> None:
    """Tells a private name its method or accessor."""
    if kind == "method":
        name.kind, name.method = "method", function
    elif kind == "get":
        name.kind, name.getter = "accessor", function
    else:
        name.kind, name.setter = "accessor", function


def add_method(target: Any, name: PrivateName) -> None:
    """Gives an object a private method."""
    if name._find(target) is None:
        name.add(target, None)


def add_private(target: Any, name: PrivateName, value: Any) -> None:
    """Gives an object a private field."""
    name.add(target, value)


def brander(names: tuple[PrivateName, ...], function: Any = None) -> Any:
    """What makes the fields of a class that has private methods."""
    wanted = tuple(dict.fromkeys(names))

    def brand(this: Any) -> None:
        for name in wanted:
            if name._find(this) is not None:
                raise TypeError(
                    "Cannot initialize private methods of class twice on the same "
                    "object"
                )
            name.add(this, None)
        if function is not None:
            shim.call(function, this)

    return shim.js_function(brand, ("", 0, 2, 0, 0, 0))
