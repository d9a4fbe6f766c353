"""Classes (ECMA-262, chapter 15.7)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from napi.js import build as b

if TYPE_CHECKING:
    from napi.js.compiler import Compiler

    Base = Compiler
else:
    Base = object

__all__ = ["Classes"]

Expr = ast.expr


class Classes(Base):
    """Makes classes."""

    def make_class(self, node: Any, name: str | None, name_at: Expr | None) -> Expr:
        """The value of a class."""
        self.refuse(node, "a class")
        raise AssertionError
