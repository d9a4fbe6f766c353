"""Function and its prototype (ECMA-262, chapter 20.2)."""

from __future__ import annotations

import functools
import math
import sys
from typing import Any

from napi._native import shim
from napi.runtime.builtin import builtin, constant, fixed, install, sized
from napi.runtime.coerce import is_callable, is_constructor, is_object, list_from, show
from napi.runtime.constructor import Constructor, adopt, constructor
from napi.runtime.error import Error, TypeError

__all__ = [
    "add_function_methods",
    "evaluate",
    "make_function",
    "make_function_prototype",
    "source_of",
]


def make_dynamic(kind: str, arguments: tuple[Any, ...], new_target: Any) -> Any:
    """CreateDynamicFunction (20.2.1.1.1).

    Args:
        kind: ``Function``, ``GeneratorFunction`` and so on.
        arguments: Parameters, and the body last.
        new_target: What ``new`` was used on, or undefined.

    Raises:
        napi.SyntaxError: The text is no function.
        napi.Error: There is no evaluator.
    """
    try:
        from napi.js.runtime_function import make_dynamic_function
    except ImportError:
        raise Error(
            "Function(text) compiles JavaScript; there is no JavaScript engine here"
        ) from None
    return adopt(make_dynamic_function(kind, arguments), new_target)


def evaluate(source: Any) -> Any:
    """The global function eval (19.2.1).

    Raises:
        napi.Error: There is no evaluator.
    """
    if not isinstance(source, str):
        return source
    try:
        from napi.js.runtime_function import indirect_eval
    except ImportError:
        raise Error("eval() runs JavaScript; there is no engine here") from None
    return indirect_eval(source)


def source_of(function: Any) -> str:
    """What ``Function.prototype.toString`` answers (20.2.3.5).

    Args:
        function: Any callable; one compiled from JavaScript has a text.
    """
    code = sys.modules.get("napi.js.code")
    text = None if code is None else code.text_of(function)
    if isinstance(text, str):
        return text
    name = getattr(function, "__name__", "")
    return f"function {name if isinstance(name, str) else ''}() {{ [native code] }}"


def _refuse(this: Any, name: str) -> Any:
    kind = shim.typeof(this)
    article = "an" if kind == "object" else "a"
    what = kind if kind == "undefined" else f"{article} {kind}"
    return TypeError(
        f"Function.prototype.{name} was called on {show(this)}, which is {what} and "
        "not a function"
    )


class _FunctionPrototype:
    def apply(this: Any, receiver: Any, arguments: Any) -> Any:
        if not is_callable(this):
            raise _refuse(this, "apply")
        if arguments is None or arguments is shim.null:
            return shim.call(this, receiver)
        return shim.call(this, receiver, *list_from(arguments))

    @sized(1)
    def bind(this: Any, receiver: Any = None, *leading: Any) -> Any:
        if not is_callable(this):
            raise TypeError("Bind must be called on a function")
        return _bind(this, receiver, leading)

    @sized(1)
    def call(this: Any, receiver: Any = None, *arguments: Any) -> Any:
        if not is_callable(this):
            raise _refuse(this, "call")
        return shim.call(this, receiver, *arguments)

    def toString(this: Any) -> str:
        if not is_callable(this):
            raise TypeError(
                "Function.prototype.toString requires that 'this' be a Function"
            )
        return source_of(this)


def _bound_length(target: Any, count: int) -> Any:
    if not shim.has_own(target, "length"):
        return 0
    length = shim.get(target, "length")
    if shim.typeof(length) != "number" or length == -math.inf or length != length:
        return 0
    if length == math.inf:
        return math.inf
    return max(math.trunc(length) - count, 0)


def _bind(target: Any, receiver: Any, leading: tuple[Any, ...]) -> Any:
    """BoundFunctionCreate (10.4.1.3)."""

    def bound(*arguments: Any) -> Any:
        return shim.call(target, receiver, *leading, *arguments)

    def construct(new_target: Any, *arguments: Any) -> Any:
        chosen = target if new_target is made else new_target
        return shim.construct(target, *leading, *arguments, new_target=chosen)

    name = shim.get(target, "name")
    made = builtin(
        bound,
        f"bound {name if isinstance(name, str) else ''}",
        this=False,
        length=0,
        construct=construct if is_constructor(target) else None,
    )
    bound.__napi_bound__ = target  # type: ignore[attr-defined]
    fixed(made, "length", _bound_length(target, len(leading)))
    prototype = shim.get_prototype(target)
    if prototype is not shim.get_prototype(made):
        shim.set_prototype(made, prototype)
    return made


def _has_instance(this: Any, value: Any) -> bool:
    """OrdinaryHasInstance (7.3.21)."""
    if not is_callable(this):
        return False
    target = getattr(getattr(this, "__wrapped__", None), "__napi_bound__", None)
    if target is not None:
        return bool(shim.instanceof(value, target))
    if not is_object(value):
        return False
    prototype = shim.get(this, "prototype")
    if not is_object(prototype):
        raise TypeError(
            f"Function has non-object prototype '{show(prototype)}' in instanceof check"
        )
    while value is not shim.null:
        value = shim.get_prototype(value)
        if value is prototype:
            return True
    return False


def _poisoned(this: Any, *_: Any) -> Any:
    raise TypeError(
        "'caller', 'callee', and 'arguments' properties may not be accessed on strict "
        "mode functions or the arguments objects for calls to them"
    )


@functools.cache
def throw_type_error() -> Any:
    """%ThrowTypeError% (ECMA-262 10.2.4.1), of the arguments of strict functions."""
    made = builtin(_poisoned, "", length=0)
    fixed = {"writable": False, "enumerable": False, "configurable": False}
    shim.define(made, "length", value=0, **fixed)
    shim.define(made, "name", value="", **fixed)
    shim.freeze(made)
    return made


def make_function_prototype() -> Any:
    """Makes Function.prototype, a function itself."""

    def nothing(*_: Any) -> None:
        return None

    return builtin(nothing, "", this=False, length=0)


def add_function_methods(prototype: Any) -> None:
    """Fills Function.prototype."""
    install(prototype, _FunctionPrototype)
    has_instance = builtin(_has_instance, "[Symbol.hasInstance]")
    constant(prototype, shim.Symbol.hasInstance, has_instance)
    for name in ("arguments", "caller"):
        shim.define(
            prototype,
            name,
            get=builtin(_poisoned, f"get {name}", length=0),
            set=builtin(_poisoned, f"set {name}", length=1),
            enumerable=False,
            configurable=True,
        )


def make_function(prototype: Any) -> Constructor:
    """Makes the constructor Function."""

    def call(this: Any, *arguments: Any) -> Any:
        return make_dynamic("Function", arguments, None)

    def construct(new_target: Any, *arguments: Any) -> Any:
        plain = new_target is made or new_target is None
        return make_dynamic("Function", arguments, None if plain else new_target)

    made = constructor("Function", prototype, construct, call=call)
    return made
