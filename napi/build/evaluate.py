"""What the scripts in ``binding.gyp`` files say, evaluated without an engine.

The language is the part of JavaScript that such scripts use: expressions, constants,
destructuring, functions, ``if``, ``throw``. Values are Python's: dict, list, str,
int, float, bool, callables; None is undefined and :data:`NULL` is null. What is not
understood raises :class:`NotUnderstood`, which names it.

Source: ECMA-262, chapters 13 (expressions) and 14 (statements).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from napi.build import members

__all__ = ["NULL", "NotUnderstood", "Scope", "Thrown", "run"]

NULL = members.NULL
NotUnderstood = members.NotUnderstood
Thrown = members.Thrown


class _Return(Exception):
    def __init__(self, value: Any) -> None:
        self.value = value


class Scope(dict[str, Any]):
    """Names and values; what is not here is in ``outer``."""

    def __init__(self, outer: Scope | None = None, **names: Any) -> None:
        super().__init__(names)
        self.outer = outer

    def find(self, name: str) -> Scope | None:
        """The scope that has the name, from the inside out."""
        scope: Scope | None = self
        while scope is not None and name not in scope:
            scope = scope.outer
        return scope


@cache
def _parser() -> Any:
    try:
        tree_sitter = import_module("tree_sitter")
        grammar = import_module("tree_sitter_javascript")
    except ImportError as error:
        raise NotUnderstood(f"{error}: pip install napi[build]") from None
    return tree_sitter.Parser(tree_sitter.Language(grammar.language()))


def run(source: str, scope: Scope) -> Any:
    """Runs a script.

    Args:
        source: Its text.
        scope: The names that it finds, and where its own go.

    Returns:
        The value of the last statement that is an expression; None without one.

    Raises:
        NotUnderstood: Something in it is not understood.
        Thrown: It threw.
    """
    root = _parser().parse(source.encode()).root_node
    if root.has_error:
        raise NotUnderstood("its syntax is not understood")
    return _block(root, scope)


def _text(node: Any) -> str:
    return str(node.text.decode())


def _children(node: Any) -> list[Any]:
    return [child for child in node.named_children if child.type != "comment"]


# === statements ===


def _block(node: Any, scope: Scope) -> Any:
    for child in _children(node):
        if child.type == "function_declaration":  # found before it is reached
            scope[_text(child.child_by_field_name("name"))] = _function(child, scope)
    last = None
    for child in _children(node):
        last = _statement(child, scope)
    return last


def _statement(node: Any, scope: Scope) -> Any:
    kind = node.type
    if kind == "expression_statement":
        return evaluate(_children(node)[0], scope)
    if kind in ("lexical_declaration", "variable_declaration"):
        for one in _children(node):
            value = one.child_by_field_name("value")
            _bind(
                one.child_by_field_name("name"), value and evaluate(value, scope), scope
            )
        return None
    if kind == "if_statement":
        holds = members.truth(evaluate(node.child_by_field_name("condition"), scope))
        branch = node.child_by_field_name("consequence" if holds else "alternative")
        return branch and _statement(branch, scope)
    if kind == "statement_block":
        return _block(node, Scope(scope))
    if kind == "else_clause":
        return _statement(_children(node)[0], scope)
    if kind == "return_statement":
        raise _Return(evaluate(_children(node)[0], scope) if _children(node) else None)
    if kind == "throw_statement":
        raise Thrown(evaluate(_children(node)[0], scope))
    if kind == "try_statement":
        return _try(node, scope)
    if kind in ("empty_statement", "function_declaration", "hash_bang_line"):
        return None
    raise NotUnderstood(f"{kind.replace('_', ' ')} in {_text(node)!r}")


def _try(node: Any, scope: Scope) -> Any:
    handler = node.child_by_field_name("handler")
    finalizer = node.child_by_field_name("finalizer")
    try:
        return _statement(node.child_by_field_name("body"), scope)
    except Thrown as error:
        if handler is None:
            raise
        inner, name = Scope(scope), handler.child_by_field_name("parameter")
        if name is not None:
            _bind(name, error.value, inner)
        return _statement(handler.child_by_field_name("body"), inner)
    finally:
        if finalizer is not None:
            _statement(finalizer.child_by_field_name("body"), scope)


def _bind(target: Any, value: Any, scope: Scope) -> None:
    """Gives names to a value: ``x``, ``{ x, y: z = 1 }``, ``[a, b]``."""
    if target.type in ("identifier", "shorthand_property_identifier_pattern"):
        scope[_text(target)] = value
    elif target.type == "object_pattern":
        for one in _children(target):
            name = one.child_by_field_name("key") or one.child_by_field_name("left")
            inner = one.child_by_field_name("value") or name or one
            _default(one, inner, members.get(value, _text(name or one)), scope)
    elif target.type == "array_pattern":
        for index, one in enumerate(_children(target)):
            _bind(one, members.get(value, index), scope)
    elif target.type == "assignment_pattern":
        _default(target, target.child_by_field_name("left"), value, scope)
    else:
        raise NotUnderstood(f"the pattern {_text(target)!r}")


def _default(pattern: Any, target: Any, value: Any, scope: Scope) -> None:
    default = pattern.child_by_field_name("right")
    if value is None and default is not None:
        value = evaluate(default, scope)
    _bind(target, value, scope)


# === expressions ===


def evaluate(node: Any, scope: Scope) -> Any:
    """The value of an expression."""
    handler = _EXPRESSIONS.get(node.type)
    if handler is None:
        raise NotUnderstood(f"{node.type.replace('_', ' ')} in {_text(node)!r}")
    return handler(node, scope)


def _identifier(node: Any, scope: Scope) -> Any:
    name = _text(node)
    if name == "undefined":
        return None
    found = scope.find(name)
    if found is None:
        raise NotUnderstood(f"the name {name!r}")
    return found[name]


def _number(node: Any, _: Scope) -> Any:
    text = _text(node).replace("_", "")
    try:
        return (
            int(text, 0) if text.isdigit() or text[:2].lower() == "0x" else float(text)
        )
    except ValueError:
        raise NotUnderstood(f"the number {text!r}") from None


def _string(node: Any, _: Scope) -> str:
    return "".join(
        members.unescape(_text(part)) if part.type == "escape_sequence" else _text(part)
        for part in _children(node)
    )


def _template(node: Any, scope: Scope) -> str:
    parts = []
    for part in _children(node):
        if part.type == "template_substitution":
            parts.append(members.to_string(evaluate(_children(part)[0], scope)))
        elif part.type == "escape_sequence":
            parts.append(members.unescape(_text(part)))
        else:
            parts.append(_text(part))
    return "".join(parts)


def _regex(node: Any, _: Scope) -> Any:
    flags = node.child_by_field_name("flags")
    pattern = node.child_by_field_name("pattern")
    return members.make_regexp(_text(pattern), _text(flags) if flags else "")


def _array(node: Any, scope: Scope) -> list[Any]:
    made: list[Any] = []
    for one in _children(node):
        if one.type == "spread_element":
            made += evaluate(_children(one)[0], scope)
        else:
            made.append(evaluate(one, scope))
    return made


def _object(node: Any, scope: Scope) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for one in _children(node):
        if one.type == "shorthand_property_identifier":
            made[_text(one)] = _identifier(one, scope)
        elif one.type == "spread_element":
            made.update(evaluate(_children(one)[0], scope) or {})
        elif one.type == "pair":
            key = _key(one.child_by_field_name("key"), scope)
            made[key] = evaluate(one.child_by_field_name("value"), scope)
        elif one.type == "method_definition":
            name = _key(one.child_by_field_name("name"), scope)
            made[name] = _function(one, scope)
        else:
            raise NotUnderstood(f"{one.type.replace('_', ' ')} in {_text(node)!r}")
    return made


def _key(node: Any, scope: Scope) -> str:
    if node.type in ("property_identifier", "number"):
        return _text(node)
    inner = _children(node)[0] if node.type == "computed_property_name" else node
    return members.to_string(evaluate(inner, scope))


def _function(node: Any, scope: Scope) -> Callable[..., Any]:
    body = node.child_by_field_name("body")
    single = node.child_by_field_name("parameter")
    listed = node.child_by_field_name("parameters")
    parameters = [single] if single is not None else _children(listed)

    def call(*arguments: Any) -> Any:
        inner = Scope(scope)
        for index, parameter in enumerate(parameters):
            value = arguments[index] if index < len(arguments) else None
            if parameter.type == "rest_pattern":
                value, parameter = list(arguments[index:]), _children(parameter)[0]
            _bind(parameter, value, inner)
        if body.type != "statement_block":
            return evaluate(body, inner)
        try:
            _block(body, inner)
        except _Return as result:
            return result.value
        return None

    return call


def _member(node: Any, scope: Scope) -> Any:
    owner = evaluate(node.child_by_field_name("object"), scope)
    optional = node.child_by_field_name("optional_chain") is not None
    if optional and (owner is None or owner is NULL):
        return None
    return members.get(owner, _name(node, scope), _text(node))


def _name(node: Any, scope: Scope) -> Any:
    """The key of ``a.key`` or ``a[key]``."""
    if node.type == "member_expression":
        return _text(node.child_by_field_name("property"))
    return evaluate(node.child_by_field_name("index"), scope)


def _call(node: Any, scope: Scope) -> Any:
    callee = node.child_by_field_name("function") or node.child_by_field_name(
        "constructor"
    )
    function = evaluate(callee, scope)
    if node.child_by_field_name("optional_chain") is not None and function is None:
        return None
    if not callable(function):
        raise Thrown(members.error(f"{_text(callee)} is not a function", "TypeError"))
    listed = node.child_by_field_name("arguments")
    return function(*(_array(listed, scope) if listed is not None else ()))


def _assignment(node: Any, scope: Scope) -> Any:
    left = node.child_by_field_name("left")
    value = evaluate(node.child_by_field_name("right"), scope)
    if node.type == "augmented_assignment_expression":
        sign = _text(node.child_by_field_name("operator"))[:-1]
        if sign not in _OPERATORS:
            raise NotUnderstood(f"the operator {sign}= in {_text(node)!r}")
        value = _OPERATORS[sign](evaluate(left, scope), value)
    if left.type in ("member_expression", "subscript_expression"):
        owner = evaluate(left.child_by_field_name("object"), scope)
        if not isinstance(owner, dict):
            raise NotUnderstood(f"the assignment {_text(node)!r}")
        owner[members.to_string(_name(left, scope))] = value
    else:
        _bind(left, value, scope.find(_text(left)) or scope)
    return value


def _unary(node: Any, scope: Scope) -> Any:
    sign = _text(node.child_by_field_name("operator"))
    operand = node.child_by_field_name("argument")
    if sign == "typeof" and operand.type == "identifier":
        found = scope.find(_text(operand))
        return members.typeof(found[_text(operand)] if found is not None else None)
    value = evaluate(operand, scope)
    if sign in ("!", "-", "+"):
        if sign == "!":
            return not members.truth(value)
        number = members.to_number(value)
        return number if sign == "+" else -number
    if sign in ("typeof", "void"):
        return members.typeof(value) if sign == "typeof" else None
    raise NotUnderstood(f"the operator {sign} in {_text(node)!r}")


def _binary(node: Any, scope: Scope) -> Any:
    sign = _text(node.child_by_field_name("operator"))
    left = evaluate(node.child_by_field_name("left"), scope)
    short = {
        "||": members.truth(left),
        "&&": not members.truth(left),
        "??": left is not None and left is not NULL,
    }.get(sign)
    if short:
        return left
    right = evaluate(node.child_by_field_name("right"), scope)
    if short is not None:
        return right
    if sign not in _OPERATORS:
        raise NotUnderstood(f"the operator {sign} in {_text(node)!r}")
    return _OPERATORS[sign](left, right)


def _ternary(node: Any, scope: Scope) -> Any:
    holds = members.truth(evaluate(node.child_by_field_name("condition"), scope))
    branch = "consequence" if holds else "alternative"
    return evaluate(node.child_by_field_name(branch), scope)


def _sequence(node: Any, scope: Scope) -> Any:
    return [evaluate(one, scope) for one in _children(node)][-1]


def _arithmetic(act: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def call(left: Any, right: Any) -> Any:
        try:
            return act(members.to_number(left), members.to_number(right))
        except ZeroDivisionError:
            return math.nan

    return call


def _comparison(act: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def call(left: Any, right: Any) -> bool:
        if isinstance(left, str) and isinstance(right, str):
            return act(left, right)
        return act(members.to_number(left), members.to_number(right))

    return call


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": members.add,
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(operator.truediv),
    "%": _arithmetic(math.fmod),
    "**": _arithmetic(operator.pow),
    "<": _comparison(operator.lt),
    ">": _comparison(operator.gt),
    "<=": _comparison(operator.le),
    ">=": _comparison(operator.ge),
    "===": members.same,
    "!==": lambda left, right: not members.same(left, right),
    "==": members.equal,
    "!=": lambda left, right: not members.equal(left, right),
    "in": lambda left, right: members.to_string(left) in right,
}
_EXPRESSIONS: dict[str, Callable[[Any, Scope], Any]] = {
    "array": _array,
    "arrow_function": _function,
    "assignment_expression": _assignment,
    "augmented_assignment_expression": _assignment,
    "binary_expression": _binary,
    "call_expression": _call,
    "false": lambda *_: False,
    "function_expression": _function,
    "identifier": _identifier,
    "member_expression": _member,
    "new_expression": _call,
    "null": lambda *_: NULL,
    "number": _number,
    "object": _object,
    "parenthesized_expression": lambda node, scope: evaluate(_children(node)[0], scope),
    "regex": _regex,
    "sequence_expression": _sequence,
    "string": _string,
    "subscript_expression": _member,
    "template_string": _template,
    "ternary_expression": _ternary,
    "true": lambda *_: True,
    "unary_expression": _unary,
    "undefined": lambda *_: None,
}
