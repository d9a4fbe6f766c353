"""Python syntax trees, in short words.

Names that begin with ``@`` cannot clash with JavaScript's: helpers of the run-time, and
temporaries. Each node lies where a node of the source lies.
"""

from __future__ import annotations

import ast
import sys
from typing import Any

__all__ = [
    "assign",
    "boolean",
    "branch",
    "call",
    "callee_call",
    "choose",
    "const",
    "both",
    "either",
    "expression",
    "is_none",
    "item",
    "load",
    "negated",
    "none",
    "returns",
    "sequence",
    "star",
    "store",
    "walrus",
]

# CPython 3.11 specializes the code of a loop only where it ends in a plain jump.
_JUMPS_WARM = sys.version_info[:2] == (3, 11)
LOAD, STORE, DEL = ast.Load(), ast.Store(), ast.Del()
Expr = ast.expr


def load(at: Any, name: str) -> Expr:
    """A variable."""
    return ast.Name(name, LOAD, lineno=at._line, col_offset=at._column)


def store(at: Any, name: str) -> ast.Name:
    """A variable that is assigned to."""
    return ast.Name(name, STORE, lineno=at._line, col_offset=at._column)


def const(at: Any, value: Any) -> Expr:
    """A constant."""
    return ast.Constant(value, lineno=at._line, col_offset=at._column)


def none(at: Any) -> Expr:
    """The value undefined."""
    return ast.Constant(None, lineno=at._line, col_offset=at._column)


def call(at: Any, helper: str, *arguments: Expr) -> Expr:
    """A call of a helper."""
    line, column = at._line, at._column
    return ast.Call(
        ast.Name(helper, LOAD, lineno=line, col_offset=column),
        list(arguments),
        [],
        lineno=line,
        col_offset=column,
    )


def callee_call(at: Any, helper: str, arguments: list[Expr]) -> Expr:
    """A call of a helper that calls ``at``: its columns tell the callee's text."""
    line, column = at._line, at._column
    return ast.Call(
        ast.Name(helper, LOAD, lineno=line, col_offset=column),
        arguments,
        [],
        lineno=line,
        col_offset=column,
        end_lineno=line,
        end_col_offset=column + at._end - at._start,
    )


def star(at: Any, value: Expr) -> Expr:
    """``*value``."""
    return ast.Starred(value, LOAD, lineno=at._line, col_offset=at._column)


def walrus(at: Any, name: str, value: Expr) -> Expr:
    """``(name := value)``."""
    return ast.NamedExpr(store(at, name), value, lineno=at._line, col_offset=at._column)


def choose(at: Any, condition: Expr, yes: Expr, no: Expr) -> Expr:
    """``yes if condition else no``."""
    return ast.IfExp(condition, yes, no, lineno=at._line, col_offset=at._column)


def sequence(at: Any, values: list[Expr], index: int = -1) -> Expr:
    """All values in turn; the one at ``index``."""
    if len(values) == 1:
        return values[0]
    line, column = at._line, at._column
    return ast.Subscript(
        ast.Tuple(values, LOAD, lineno=line, col_offset=column),
        ast.Constant(index, lineno=line, col_offset=column),
        LOAD,
        lineno=line,
        col_offset=column,
    )


def item(at: Any, value: Expr, index: Any) -> Expr:
    """``value[index]``."""
    return ast.Subscript(
        value, const(at, index), LOAD, lineno=at._line, col_offset=at._column
    )


def compare(at: Any, left: Expr, operator: ast.cmpop, right: Expr) -> Expr:
    """A comparison of Python."""
    return ast.Compare(
        left, [operator], [right], lineno=at._line, col_offset=at._column
    )


def is_none(at: Any, value: Expr) -> Expr:
    """``value is None``."""
    return compare(at, value, ast.Is(), none(at))


def both(at: Any, *values: Expr) -> Expr:
    """``a and b``."""
    return ast.BoolOp(ast.And(), list(values), lineno=at._line, col_offset=at._column)


def either(at: Any, *values: Expr) -> Expr:
    """``a or b``."""
    return ast.BoolOp(ast.Or(), list(values), lineno=at._line, col_offset=at._column)


def negated(at: Any, value: Expr) -> Expr:
    """``not value``."""
    return ast.UnaryOp(ast.Not(), value, lineno=at._line, col_offset=at._column)


def boolean(at: Any, value: bool) -> Expr:
    """True or False."""
    return const(at, value)


# === statements ===


def expression(at: Any, value: Expr) -> ast.stmt:
    """A value that nobody wants."""
    return ast.Expr(value, lineno=at._line, col_offset=at._column)


def assign(at: Any, target: str, value: Expr) -> ast.stmt:
    """``target = value``."""
    return ast.Assign(
        [store(at, target)], value, lineno=at._line, col_offset=at._column
    )


def put_item(at: Any, target: Expr, index: Any, value: Expr) -> ast.stmt:
    """``target[index] = value``."""
    line, column = at._line, at._column
    place = ast.Subscript(
        target, const(at, index), STORE, lineno=line, col_offset=column
    )
    return ast.Assign([place], value, lineno=line, col_offset=column)


def branch(
    at: Any,
    condition: Expr,
    yes: list[ast.stmt],
    no: list[ast.stmt] | None = None,
) -> ast.stmt:
    """``if``."""
    return ast.If(
        condition,
        yes or [nothing(at)],
        no or [],
        lineno=at._line,
        col_offset=at._column,
    )


def loop(at: Any, condition: Expr, body: list[ast.stmt]) -> ast.stmt:
    """``while``."""
    if _JUMPS_WARM and not isinstance(condition, ast.Constant):
        body = [branch(at, negated(at, condition), [leave(at)]), *body]
        condition = const(at, True)
    return ast.While(
        condition, body or [nothing(at)], [], lineno=at._line, col_offset=at._column
    )


def each(at: Any, name: str, source: Expr, body: list[ast.stmt]) -> ast.stmt:
    """``for name in source``."""
    return ast.For(
        store(at, name),
        source,
        body or [nothing(at)],
        [],
        lineno=at._line,
        col_offset=at._column,
    )


def returns(at: Any, value: Expr) -> ast.stmt:
    """``return value``."""
    return ast.Return(value, lineno=at._line, col_offset=at._column)


def raises(at: Any, value: Expr | None) -> ast.stmt:
    """``raise value``."""
    return ast.Raise(value, None, lineno=at._line, col_offset=at._column)


def nothing(at: Any) -> ast.stmt:
    """``pass``."""
    return ast.Pass(lineno=at._line, col_offset=at._column)


def leave(at: Any) -> ast.stmt:
    """``break``."""
    return ast.Break(lineno=at._line, col_offset=at._column)


def again(at: Any) -> ast.stmt:
    """``continue``."""
    return ast.Continue(lineno=at._line, col_offset=at._column)


def forget(at: Any, name: str) -> list[ast.stmt]:
    """Makes a variable unbound."""
    target = ast.Name(name, DEL, lineno=at._line, col_offset=at._column)
    return [
        assign(at, name, none(at)),
        ast.Delete([target], lineno=at._line, col_offset=at._column),
    ]


def yields(at: Any, value: Expr) -> Expr:
    """``(yield value)``."""
    return ast.Yield(value, lineno=at._line, col_offset=at._column)


def delegates(at: Any, value: Expr) -> Expr:
    """``(yield from value)``."""
    return ast.YieldFrom(value, lineno=at._line, col_offset=at._column)


def define(
    at: Any,
    name: str,
    parameters: list[str],
    defaults: int,
    rest: str | None,
    body: list[ast.stmt],
) -> ast.stmt:
    """``def``: the last ``defaults`` parameters are undefined unless given."""
    line, column = at._line, at._column

    def parameter(one: str) -> ast.arg:
        return ast.arg(one, None, lineno=line, col_offset=column)

    made = ast.FunctionDef(
        name=name,
        args=ast.arguments(
            posonlyargs=[],
            args=[parameter(one) for one in parameters],
            vararg=parameter(rest) if rest is not None else None,
            kwonlyargs=[],
            kw_defaults=[],
            kwarg=None,
            defaults=[none(at)] * defaults,
        ),
        body=body or [nothing(at)],
        decorator_list=[],
        returns=None,
        lineno=line,
        col_offset=column,
    )
    made.__dict__["type_params"] = []  # wanted since Python 3.12
    return made
