"""Function.prototype (ECMA-262, chapter 20.2.3)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.builtin import hidden, install
from napi.runtime.constructor import Constructor, constructor
from napi.runtime.error import TypeError

__all__ = ["add_function_methods", "evaluate", "make_function"]


def _callable(this: Any) -> Any:
    if not callable(this):
        raise TypeError("Function.prototype method called on what is no function")
    return this


class _FunctionPrototype:
    def apply(this: Any, receiver: Any = None, arguments: Any = None) -> Any:
        from napi.runtime.object import _items

        given = [] if arguments is None or arguments is shim.null else _items(arguments)
        return shim.call(_callable(this), receiver, *given)

    def bind(this: Any, receiver: Any = None, *leading: Any) -> Any:
        target = _callable(this)

        def bound(*arguments: Any) -> Any:
            return shim.call(target, receiver, *leading, *arguments)

        name = shim.get(target, "name")
        bound.__name__ = f"bound {name if isinstance(name, str) else ''}"
        return bound

    def call(this: Any, receiver: Any = None, *arguments: Any) -> Any:
        return shim.call(_callable(this), receiver, *arguments)

    def toString(this: Any) -> str:
        from napi.js.code import text_of

        text = text_of(_callable(this))
        if text is not None:
            return text
        name = shim.get(this, "name")
        return f"function {name if isinstance(name, str) else ''}() {{ [native code] }}"


def add_function_methods(prototype: Any) -> None:
    """Fills Function.prototype."""
    install(prototype, _FunctionPrototype)
    hidden(prototype, "name", "")
    hidden(prototype, "length", 0)


def make_function(prototype: Any) -> Constructor:
    """Makes the constructor Function, which compiles its arguments."""

    def make(*arguments: Any) -> Any:
        from napi.js.runtime_function import make_dynamic_function

        return make_dynamic_function("Function", arguments)

    return constructor("Function", make, prototype)


def evaluate(source: Any = None, *_: Any) -> Any:
    """The global function eval (ECMA-262 19.2.1)."""
    from napi.js.runtime_function import indirect_eval

    return indirect_eval(source)
