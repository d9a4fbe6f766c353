"""What the parts of the compiler share: the state of the function that is written."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

__all__ = ["Emitter", "Target"]


class Target:
    """A loop of Python that is being made.

    Args:
        labels: The labels of the statement.
        is_loop: Whether ``continue`` may mean it.
        plain: Whether a plain ``break`` means it.
    """

    def __init__(self, labels: list[str], *, is_loop: bool, plain: bool = True) -> None:
        self.labels = labels
        self.is_loop = is_loop
        self.plain = plain
        self.numbers: dict[str, int] = {}
        self.crossing: dict[int, tuple[Target, str]] = {}
        self.inner: Target | None = None  # of one turn, around the body
        self.update: Callable[[], list[ast.stmt]] | None = None
        self.continued = False


class Emitter:
    """The base of all parts; each part calls the others through ``self``.

    Args:
        filename: What tracebacks show.
        kind: ``script``, ``module``, ``commonjs``, ``function`` or ``eval``.
        text: What was parsed.
        prefix: How many characters were put before the first line.
    """

    def __init__(self, filename: str, kind: str, text: str, prefix: int) -> None:
        self.filename = filename
        self.kind = kind
        self.text = text
        self.prefix = prefix
        self.function: Any = None
        self.out: list[ast.stmt] = []
        self.targets: list[Target] = []
        self.labels: list[str] = []
        self.temporaries = 0
        self.definitions = 0
        self.completion: str | None = None
        self.tries = 0
        self.uses_jump = False
        self.jumps: dict[int, Any] = {}
        self.numbers: set[int] = set()
        self.has_await = False
        self.origin: Any = None  # the node of the value that is taken apart
        self.guard: list[Any] | None = None  # of a pattern: its name, whether used
        self.loop_end: list[ast.stmt] = []
        self.signature: tuple[list[str], int, str | None] = ([], 0, None)
        self.visitors: dict[str, Any] = {}
        self.statements: dict[str, Any] = {}
        for name in dir(self):
            if name.startswith("visit_"):
                self.visitors[name[6:]] = getattr(self, name)
            elif name.startswith("statement_"):
                self.statements[name[10:]] = getattr(self, name)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
