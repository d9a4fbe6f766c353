"""Expressions (ECMA-262, chapter 13)."""

from __future__ import annotations

import ast
import math
from typing import Any

from napi.js import build as b
from napi.js.emitter import Emitter
from napi.js.scope import Binding
from napi.js.tree import terms_of
from napi.runtime.utf16 import join

__all__ = ["Expressions"]

Expr = ast.expr
_BINARY = {
    "+": "@add",
    "-": "@subtract",
    "*": "@multiply",
    "/": "@divide",
    "%": "@remainder",
    "**": "@power",
    "&": "@bit_and",
    "|": "@bit_or",
    "^": "@bit_xor",
    "<<": "@shift_left",
    ">>": "@shift_right",
    ">>>": "@shift_unsigned",
    "<": "@less",
    "<=": "@less_equal",
    ">": "@greater",
    ">=": "@greater_equal",
    "==": "@equal",
    "!=": "@unequal",
    "===": "@same",
    "!==": "@different",
    "in": "@in",
    "instanceof": "@instanceof",
}
_BOOLEAN = frozenset(
    ("<", "<=", ">", ">=", "==", "!=", "===", "!==", "in", "instanceof")
)
_GLOBAL_CONSTANTS = {"undefined": None, "NaN": math.nan, "Infinity": math.inf}


def number(value: Any) -> Any:
    """A literal's number: an int where it is one that fits."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value) if value or math.copysign(1, value) > 0 else value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53:
        return float(value)
    return value


def _is_dynamic(at: Any) -> bool:
    """Whether environments are asked for a name that is used here."""
    return bool(getattr(at, "_dynamic", None))


_LONG_SUM = 100


class Expressions(Emitter):
    """Visitors that return an expression of Python."""

    def visit(self, node: Any) -> Expr:
        """The value of an expression."""
        return self.visitors[node.type](node)

    # === names ===

    def read(self, at: Any, binding: Binding | None, name: str) -> Expr:
        """The value of a variable; ``at`` is its use, if it may be dynamic."""
        known = self.read_known(at, binding, name)
        return self.read_dynamic(at, name, known) if _is_dynamic(at) else known

    def read_known(self, at: Any, binding: Binding | None, name: str) -> Expr:
        if binding is None or binding.place in ("global", "lexical"):
            if binding is None and name in _GLOBAL_CONSTANTS:
                return b.const(at, _GLOBAL_CONSTANTS[name])
            return b.call(at, "@global", b.load(at, "@lexical"), b.const(at, name))
        if binding.place in ("import", "outer"):
            return b.call(at, binding.python)
        if binding.map is not None:
            mapped = b.load(at, binding.map.python)
            return b.call(at, "@mapped_get", mapped, b.const(at, binding.index))
        value = b.load(at, binding.python)
        return b.item(at, value, 0) if binding.boxed else value

    def visit_Identifier(self, node: Any) -> Expr:
        return self.read(node, node._binding, node.name)

    def write(self, at: Any, binding: Binding | None, name: str, value: Expr) -> Expr:
        """Assigns to a variable; the value."""
        if _is_dynamic(at):
            return self.write_dynamic(at, binding, name, value)
        return self.write_known(at, binding, name, value)

    def write_known(
        self, at: Any, binding: Binding | None, name: str, value: Expr
    ) -> Expr:
        if binding is None or binding.place in ("global", "lexical"):
            strict = b.const(at, self.function.strict)
            return b.call(at, "@set_global", b.const(at, name), value, strict)
        if binding.place == "outer":
            return b.call(at, f"{binding.python}=", value)
        if binding.map is not None:
            mapped = b.load(at, binding.map.python)
            index = b.const(at, binding.index)
            return b.call(at, "@mapped_set", mapped, index, value)
        if binding.is_constant:
            if binding.kind == "const" and (binding.early or binding.risky):
                value = b.sequence(at, [value, self.read(at, binding, name)])
            return b.call(at, "@refuse_constant", value, b.const(at, name))
        if binding.kind == "self":
            if self.function.strict:
                return b.call(at, "@refuse_constant", value, b.const(at, name))
            return value
        if binding.boxed:
            box = b.load(at, binding.python)
            return b.call(at, "@set_box", box, value, b.const(at, name))
        if (binding.early or binding.risky) and binding.kind in ("let", "class"):
            old = b.load(at, binding.python)  # unbound: a ReferenceError
            return b.walrus(at, binding.python, b.sequence(at, [value, old], 0))
        return b.walrus(at, binding.python, value)

    def temporary(self) -> str:
        """The name of a new temporary."""
        self.temporaries += 1
        return f"@{self.temporaries}"

    def twice(self, at: Any, value: Expr) -> tuple[Expr, Expr]:
        """An expression for the first and one for the second use of a value."""
        if isinstance(value, ast.Constant) or (
            isinstance(value, ast.Name) and value.id in ("this", "@f")
        ):
            return value, value
        name = self.temporary()
        return b.walrus(at, name, value), b.load(at, name)

    def nullish(self, at: Any, value: Expr) -> tuple[Expr, Expr]:
        """Whether a value is undefined or null; and the value."""
        first, again = self.twice(at, value)
        is_null = b.compare(at, again, ast.Is(), b.load(at, "@null"))
        return b.either(at, b.is_none(at, first), is_null), again

    # === literals ===

    def visit_Literal(self, node: Any) -> Expr:
        if node.regex is not None:
            pattern, flags = node.regex.pattern, node.regex.flags
            return b.call(node, "@regexp", b.const(node, pattern), b.const(node, flags))
        if node.bigint is not None:
            return b.call(node, "@bigint", b.const(node, int(node.bigint, 0)))
        if node.value is None:
            return b.load(node, "@null")
        return b.const(node, number(node.value))

    def visit_TemplateLiteral(self, node: Any) -> Expr:
        parts: list[Expr] = []
        for index, quasi in enumerate(node.quasis):
            if quasi.value.cooked:
                parts.append(b.const(node, quasi.value.cooked))
            if index < len(node.expressions):
                parts.append(self.visit(node.expressions[index]))
        if not node.expressions:
            return b.const(node, node.quasis[0].value.cooked)
        return b.call(node, "@template", *parts)

    def visit_TaggedTemplateExpression(self, node: Any) -> Expr:
        quasis = node.quasi.quasis
        cooked = tuple(one.value.cooked for one in quasis)
        raw = tuple(one.value.raw for one in quasis)
        site = b.const(node, (self.filename, node._start, node._end))
        strings = b.call(
            node, "@strings", site, b.const(node, cooked), b.const(node, raw)
        )
        values = [self.visit(one) for one in node.quasi.expressions]
        return self.call(node, node.tag, [strings, *values])

    def visit_ArrayExpression(self, node: Any) -> Expr:
        items: list[Expr] = []
        for one in node.elements:
            if one is None:
                items.append(b.load(node, "@hole"))
            else:
                items.append(self.argument(one, "@spread"))
        helper = "@array" if None not in node.elements else "@array_holes"
        return b.call(node, helper, *items)

    def argument(self, node: Any, helper: str = "@spread_call") -> Expr:
        """One of the arguments of a call or items of an array."""
        if node.type == "SpreadElement":
            value = self.visit(node.argument)
            return b.star(node, b.callee_call(node.argument, helper, [value]))
        return self.visit(node)

    # === objects ===

    # === functions and their names ===

    def is_anonymous(self, node: Any) -> bool:
        """Whether an expression is a function or class that can be given a name."""
        kind = node.type
        if kind == "ArrowFunctionExpression":
            return True
        if kind in ("FunctionExpression", "ClassExpression"):
            return node.id is None
        return False

    def named(self, node: Any, name: str) -> Expr:
        """A value; a function without a name gets one."""
        if not self.is_anonymous(node):
            return self.visit(node)
        if node.type == "ClassExpression":
            return self.make_class(node, name, None)
        return self.make_function(node, name, None, None)

    def make_named(self, node: Any, name: Expr, home: Expr | None) -> Expr:
        """The same with a name that is known at run time."""
        if node.type == "ClassExpression":
            return self.make_class(node, None, name)
        return self.make_function(node, None, name, home)

    def visit_FunctionExpression(self, node: Any) -> Expr:
        name = node.id.name if node.id is not None else ""
        return self.make_function(node, name, None, None)

    def visit_ClassExpression(self, node: Any) -> Expr:
        return self.make_class(node, node.id.name if node.id is not None else "", None)

    # === this and that ===

    def visit_ThisExpression(self, node: Any) -> Expr:
        return b.load(node, "this")

    def visit_MetaProperty(self, node: Any) -> Expr:
        if node.meta.name == "new":
            given = self.of_eval(node, "new.target")
            return b.load(node, "new.target") if given is None else given
        return b.load(node, "@meta")

    def visit_SequenceExpression(self, node: Any) -> Expr:
        return b.sequence(node, [self.visit(one) for one in node.expressions])

    def visit_ConditionalExpression(self, node: Any) -> Expr:
        condition = self.test(node.test)
        yes = self.visit(node.consequent)
        return b.choose(node, condition, yes, self.visit(node.alternate))

    # === operators ===

    def is_boolean(self, node: Any) -> bool:
        """Whether an expression is known to be true or false."""
        kind = node.type
        if kind == "BinaryExpression":
            return node.operator in _BOOLEAN
        if kind == "UnaryExpression":
            return node.operator in ("!", "delete")
        if kind == "LogicalExpression" and node.operator != "??":
            return self.is_boolean(node.left) and self.is_boolean(node.right)
        return kind == "Literal" and isinstance(node.value, bool)

    def test(self, node: Any) -> Expr:
        """What Python may branch on."""
        kind = node.type
        if kind == "LogicalExpression" and node.operator != "??":
            both = b.both if node.operator == "&&" else b.either
            parts = [node.right]
            left = node.left
            while left.type == "LogicalExpression" and left.operator == node.operator:
                parts.append(left.right)
                left = left.left
            return both(node, *map(self.test, [left, *reversed(parts)]))
        if kind == "UnaryExpression" and node.operator == "!":
            return b.negated(node, self.test(node.argument))
        value = self.visit(node)
        return value if self.is_boolean(node) else b.call(node, "@truth", value)

    def visit_LogicalExpression(self, node: Any) -> Expr:
        if self.is_boolean(node):
            return self.test(node)
        left = self.visit(node.left)
        if node.operator == "??":
            condition, again = self.nullish(node, left)
            return b.choose(node, condition, self.visit(node.right), again)
        first, again = self.twice(node, left)
        if not self.is_boolean(node.left):
            first = b.call(node, "@truth", first)
        right = self.visit(node.right)
        if node.operator == "&&":
            return b.choose(node, first, right, again)
        return b.choose(node, first, again, right)

    def visit_BinaryExpression(self, node: Any) -> Expr:
        operator = node.operator
        if operator == "in" and node.left.type == "PrivateIdentifier":
            return b.call(
                node, "@has_private", self.visit(node.right), self.private(node.left)
            )
        if operator in ("===", "!==", "==", "!="):
            short = self.short_equality(node, operator)
            if short is not None:
                return short
        if operator == "+":
            return self.sum(node)
        left = self.visit(node.left)
        helper = _BINARY[operator]
        if operator == "instanceof":
            return b.callee_call(node.right, helper, [left, self.visit(node.right)])
        return b.call(node, helper, left, self.visit(node.right))

    def sum(self, node: Any) -> Expr:
        """``a + b + ...``: texts that follow one another are joined here."""
        terms: list[tuple[Any, Any, str | None]] = []
        for at, term in terms_of(node):
            is_literal = term.type == "Literal" and isinstance(term.value, str)
            text = term.value if is_literal else None
            if text is not None and terms and terms[-1][2] is not None:
                terms[-1] = (terms[-1][0], term, join(terms[-1][2] + text))
            else:
                terms.append((at, term, text))
        values = [
            (at, self.visit(term) if text is None else b.const(at, text))
            for at, term, text in terms
        ]
        if len(values) > _LONG_SUM:
            return self._long_sum(node, values)
        total = values[0][1]
        for at, value in values[1:]:
            total = b.call(at, "@add", total, value)
        return total

    def _long_sum(self, node: Any, values: list[tuple[Any, Expr]]) -> Expr:
        """Step by step: Python does not compile thousands of nested calls."""
        name = self.temporary()
        steps = [b.walrus(values[0][0], name, values[0][1])]
        for at, value in values[1:]:
            added = b.call(at, "@add", b.load(at, name), value)
            steps.append(b.walrus(at, name, added))
        return b.sequence(node, steps)

    def short_equality(self, node: Any, operator: str) -> Expr | None:
        """Comparisons with undefined, null and the result of typeof."""
        left, right = node.left, node.right
        negative = operator[0] == "!"
        if self.is_nullish(left):
            left, right = right, left
        if self.is_nullish(right) and not self.is_nullish(left):
            value = self.visit(left)
            if len(operator) == 2:
                # document.all is not of this world
                condition, _ = self.nullish(node, value)
                return b.negated(node, condition) if negative else condition
            is_ = ast.IsNot() if negative else ast.Is()
            return b.compare(node, value, is_, self.visit(right))
        pair = (left, right)
        if all(self.is_typeof(one) or self.is_text(one) for one in pair):
            compare = ast.NotEq() if negative else ast.Eq()
            return b.compare(node, self.visit(left), compare, self.visit(right))
        return None

    def is_nullish(self, node: Any) -> bool:
        """Whether it is the name undefined or the literal null."""
        if node.type == "Identifier":
            is_free = node._binding is None and not node._dynamic
            return node.name == "undefined" and is_free
        return (
            node.type == "Literal"
            and node.value is None
            and node.regex is None
            and node.bigint is None
        )

    def is_typeof(self, node: Any) -> bool:
        return node.type == "UnaryExpression" and node.operator == "typeof"

    def is_text(self, node: Any) -> bool:
        return node.type == "Literal" and isinstance(node.value, str)

    def visit_UnaryExpression(self, node: Any) -> Expr:
        operator, argument = node.operator, node.argument
        if operator == "!":
            return b.negated(node, self.test(argument))
        if operator == "typeof":
            binding = getattr(argument, "_binding", None)
            if argument.type == "Identifier" and (
                binding is None or binding.place in ("global", "lexical")
            ):
                name = b.const(node, argument.name)
                known = b.call(node, "@typeof_global", name)
                if argument._dynamic:
                    return self.typeof_dynamic(argument, known)
                return known
            return b.call(node, "@typeof", self.visit(argument))
        if operator == "delete":
            return self.delete(node, argument)
        if operator == "void":
            return b.sequence(node, [self.visit(argument), b.none(node)])
        if operator == "-" and argument.type == "Literal":
            value = number(argument.value)
            if type(value) in (int, float):
                return b.const(node, -value if value else -0.0)
        helper = {"-": "@negate", "+": "@plus", "~": "@bit_not"}[operator]
        return b.call(node, helper, self.visit(argument))

    def delete(self, node: Any, argument: Any) -> Expr:
        strict = b.const(node, self.function.strict)
        if argument.type == "ChainExpression":
            inner = argument.expression
            if inner.type.endswith("MemberExpression"):
                return self.chain(
                    inner,
                    lambda value: value,
                    lambda target, key: b.call(node, "@delete", target, key, strict),
                    default=True,
                )
        if argument.type.endswith("MemberExpression"):
            if argument.object.type == "Super":
                return b.call(node, "@refuse_super_delete", b.load(node, "this"))
            target = self.visit(argument.object)
            key = self.member_key(argument)
            return b.call(node, "@delete", target, key, strict)
        if argument.type == "Identifier":
            binding = argument._binding
            known: Expr = b.const(node, False)
            if binding is None or binding.place == "global":
                known = b.call(node, "@delete_global", b.const(node, argument.name))
            if argument._dynamic:
                return self.delete_dynamic(argument, known)
            return known
        return b.sequence(node, [self.visit(argument), b.const(node, True)])
