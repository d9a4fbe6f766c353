"""From JavaScript to Python: the second pass, which writes a syntax tree of Python.

The parts are mixed into one class: expressions, access, patterns, statements, loops,
functions, classes. A program becomes one function of Python, ``main``.
"""

from __future__ import annotations

import ast
import gc
import types
import warnings
from typing import Any

from napi.js import build as b
from napi.js.analyse import analyse
from napi.js.compile_access import Access
from napi.js.compile_class import Classes
from napi.js.compile_closure import Functions
from napi.js.compile_dynamic import Dynamics
from napi.js.compile_eval import Evals
from napi.js.compile_expression import Expressions
from napi.js.compile_loop import Loops
from napi.js.compile_module import Modules
from napi.js.compile_object import Objects
from napi.js.compile_pattern import Patterns
from napi.js.compile_statement import Statements
from napi.js.compile_update import Updates
from napi.js.parse import deep, parse, place
from napi.runtime.error import SyntaxError

__all__ = ["Compiler", "compile_source"]


class Compiler(
    Expressions,
    Objects,
    Access,
    Updates,
    Dynamics,
    Evals,
    Patterns,
    Statements,
    Loops,
    Functions,
    Classes,
    Modules,
):
    """One compilation.

    Args:
        filename: What tracebacks show.
        kind: ``script``, ``module``, ``commonjs`` or ``function``.
    """

    def __init__(self, filename: str, kind: str, text: str, prefix: int) -> None:
        super().__init__(filename, kind, text, prefix)
        self.visitors["ArrowFunctionExpression"] = self.visit_FunctionExpression
        self.visitors["AsyncFunctionExpression"] = self.visit_FunctionExpression
        self.visitors["AsyncArrowFunctionExpression"] = self.visit_FunctionExpression

    def to_string(self, value: Any) -> str:
        """A number as a property key."""
        from napi._native import shim

        return str(shim.to_string(value))

    def refuse(self, node: Any, what: str) -> None:
        """Raises the SyntaxError for what is not supported."""
        self.fail(node, f"{what} is not supported ({self.filename}:{node._line})")

    def fail(self, node: Any, message: str) -> None:
        """Raises a SyntaxError with the place of a node."""
        line, column = node._line, node._column
        if line == 1:
            column -= self.prefix
        text = self.text.split("\n")[line - 1]
        if line == 1:
            text = text[self.prefix :]
        error = SyntaxError(message)
        raise place(error, self.filename, line, max(column, 0), text)

    def visit_ArrowParameterPlaceHolder(self, node: Any) -> None:
        """The parser takes ``(a,)`` for parameters also where no arrow follows."""
        self.fail(node, "Unexpected token ')'")

    def compile_program(self, node: Any, parameters: tuple[str, ...]) -> ast.Module:
        """The module of Python that defines ``main``."""
        function: Any = analyse(node, self.kind, parameters)
        self.begin_function(function)
        if self.kind != "module":
            self.completion = "@value"
            self.out.append(b.assign(node, "@value", b.none(node)))
        is_direct = self.kind.startswith("direct")
        if function.uses_this and not is_direct:
            this = (
                b.none(node) if self.kind == "module" else b.load(node, "@globalThis")
            )
            self.out.append(b.assign(node, "this", this))
        self.declare_globals(node, function)
        if is_direct:
            self.declare_eval(node, function)
        self.variables(node, function)
        self.hoisted(function.body)
        if self.kind == "module":
            self.begin_module(node, function)
        for one in function.body.names.values():
            if one.kind in ("let", "const", "class"):
                self.reset(one, node)
        skipped = 1 if self.kind == "direct_strict" else 0  # what was put before it
        self.block(node.body[skipped:])
        if self.uses_jump:
            self.out.insert(0, b.assign(node, "@jump", b.const(node, 0)))
        if self.completion is not None:
            self.out.append(b.returns(node, b.load(node, "@value")))
        if is_direct:
            names = self.eval_parameters(function, parameters)
        else:
            names = [function.body.names[one].python for one in parameters]
        main = b.define(node, "main", names, len(names), None, self.out)
        return ast.Module([main], [])

    def declare_globals(self, node: Any, function: Any) -> None:
        names = function.body.names.values()
        lexical = tuple(one.name for one in names if one.place == "lexical")
        variables = tuple(
            one.name for one in names if one.place == "global" and one.kind == "var"
        )
        functions = tuple(
            one.name
            for one in names
            if one.place == "global" and one.kind == "function"
        )
        if lexical or variables or functions:
            step = b.call(
                node,
                "@declare_globals",
                b.const(node, lexical),
                b.const(node, variables),
                b.const(node, functions),
                b.const(node, self.kind == "indirect"),
            )
            self.out.insert(0, b.expression(node, step))


def compile_source(
    source: str, filename: str, kind: str, parameters: tuple[str, ...]
) -> tuple[types.CodeType, dict[str, Any] | None]:
    """Compiles a text.

    Args:
        source: The text.
        filename: What tracebacks show.
        kind: As for :func:`napi.js.compile`.
        parameters: Of a ``function``.

    Returns:
        The code that defines ``main``, and what a module imports and exports.

    Raises:
        napi.SyntaxError: With the place.
    """
    # Trees have cycles, but nothing of them is garbage before all is.
    collects = gc.isenabled()
    gc.disable()
    try:
        tree, module = _translate(source, filename, kind, parameters)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(tree, filename, "exec", dont_inherit=True, optimize=0)
        return code, module
    finally:
        if collects:
            gc.enable()


def _translate(
    source: str, filename: str, kind: str, parameters: tuple[str, ...]
) -> tuple[ast.Module, dict[str, Any] | None]:
    program, wrapped = parse(source, filename, kind, parameters)
    if kind == "commonjs":
        program.body[0].expression._shown = "Object.<anonymous>"
    compiler = Compiler(filename, kind, wrapped.text, wrapped.prefix)
    given = parameters if kind not in ("function", "commonjs") else ()
    with deep():
        tree = compiler.compile_program(program, given)
    return tree, compiler.module_info() if kind == "module" else None
