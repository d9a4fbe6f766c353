"""Bindings: which variable each name means (ECMA-262, chapters 8 and 14 to 16).

A variable of JavaScript is one of Python: a local, or a cell where closures see it.
What a block inside a loop declares and a closure sees is new in each iteration: it
lives in a list of one item, which the closure is given (``Binding.boxed``). A variable
that is read too early is unbound in Python too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = [
    "LEXICAL",
    "Binding",
    "Function",
    "Scope",
    "implicit_arguments",
    "is_own",
    "note_use",
    "resolve",
    "touch",
]

LEXICAL = frozenset(("let", "const", "class"))


_CONSTANTS = frozenset(("True", "False", "None", "__debug__"))
"""What Python does not take for the name of a variable."""


class Binding:
    """One variable.

    Args:
        name: Its name in the source.
        kind: ``var``, ``let``, ``const``, ``class``, ``function``, ``param``,
            ``catch``, ``self`` (a function expression's own name), ``import``,
            ``arguments``, ``private``, ``hidden``.
        scope: Where it is declared.
        start: The offset of its declaration.
    """

    __slots__ = (
        "assigned",
        "captured",
        "early",
        "index",
        "kind",
        "map",
        "name",
        "place",
        "python",
        "ready",
        "risky",
        "scope",
        "start",
        "textual",
        "used",
    )

    def __init__(self, name: str, kind: str, scope: Scope, start: int = -1) -> None:
        self.name = name
        self.kind = kind
        self.scope = scope
        self.start = start
        self.captured = False
        self.assigned = 0
        self.ready = -1  # the offset where it has its first value
        self.early = False  # used before its declaration
        self.risky = False  # assigned where it may have no value yet
        self.used = False
        self.textual = False  # a text is assigned to it somewhere
        self.python = ""
        self.place = "local"  # or "global", "lexical", "import", "mapped"
        self.map: Binding | None = None  # of "mapped": what holds it
        self.index = 0  # and its place there

    @property
    def boxed(self) -> bool:
        """Whether it lives in a list of one item."""
        return self.captured and self.scope.in_loop and self.place == "local"

    @property
    def is_constant(self) -> bool:
        """Whether an assignment to it is an error."""
        return self.kind in ("const", "import")


class Scope:
    """A block, a function's body, a class or the like.

    Args:
        parent: The scope around it.
        function: The function it is in.
        in_loop: Whether it is entered again while its function runs.
    """

    __slots__ = (
        "dynamic",
        "function",
        "functions",
        "in_loop",
        "is_switch",
        "names",
        "parent",
    )

    def __init__(self, parent: Scope | None, function: Function, in_loop: bool) -> None:
        self.parent = parent
        self.function = function
        self.in_loop = in_loop
        self.is_switch = False  # a jump may skip its declarations
        self.dynamic: Binding | None = None  # what is asked for names first
        self.names: dict[str, Binding] = {}
        self.functions: list[Any] = []  # declarations, to be made at the start
        function.scopes.append(self)

    def declare(self, name: str, kind: str, start: int = -1) -> Binding:
        """Adds a variable, or finds the one that is there."""
        known = self.names.get(name)
        if known is not None:
            if kind == "function" and known.kind in ("var", "param"):
                known.kind = "function" if known.kind == "var" else "param"
            return known
        made = self.names[name] = Binding(name, kind, self, start)
        return made

    def find(self, name: str) -> Binding | None:
        """The variable that a name means here; ``None``: a global one."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.names.get(name)
            if found is not None:
                return found
            scope = scope.parent
        return None


class Function:
    """A function, a program, or the initializers of a class.

    Args:
        parent: The function around it.
        node: Its node.
    """

    def __init__(self, parent: Function | None, node: Any) -> None:
        self.parent = parent
        self.node = node
        self.is_arrow = False
        self.is_async = False
        self.is_generator = False
        self.strict: bool = parent is not None and parent.strict
        self.is_derived = False
        self.uses_this = False
        self.uses_callee = False
        self.uses_new_target = False
        self.uses_arguments = False
        self.arguments_use = ""  # "seen": elements are read; "changed"
        self.has_eval = False
        self.is_initializer = False
        self.scopes: list[Scope] = []
        self.free: set[Binding] = set()
        self.nonlocals: set[Binding] = set()
        self.used: dict[str, int] = {}
        self.writes_this = False
        self.eval_vars: tuple[str, ...] = ()
        self.body: Scope
        self.parameters: Scope
        self.self_binding: Binding | None = None

    def owner(self) -> Function:
        """The function whose ``this`` is meant: this one unless it is an arrow."""
        function = self
        while function.is_arrow and function.parent is not None:
            function = function.parent
        return function

    def is_known(self, name: str) -> bool:
        """Whether this function or one around it has a Python variable so called."""
        function: Function | None = self
        while function is not None:
            if name in function.used:
                return True
            function = function.parent
        return False

    def give_name(self, name: str) -> str:
        """A Python name that nothing visible from here has."""
        if name not in _CONSTANTS and not self.is_known(name):
            self.used[name] = 1
            return name
        count = self.used.get(name, 1)
        while self.is_known(f"{name}#{count}"):
            count += 1
        self.used[name] = count + 1
        self.used[f"{name}#{count}"] = 1
        return f"{name}#{count}"

    def name_all(self) -> None:
        """Gives all variables of this function their Python names."""
        for scope in self.scopes:
            for binding in scope.names.values():
                if not binding.python:
                    binding.python = self.give_name(binding.name)


def touch(binding: Binding, scope: Scope) -> None:
    """Notes that a scope uses a hidden variable."""
    binding.used = True
    function: Function | None = scope.function
    home = binding.scope.function
    while function is not None and function is not home:
        binding.captured = True
        function.free.add(binding)
        function = function.parent


def _cross(scope: Scope, name: str, node: Any, found: Binding | None) -> None:
    """Notes which environments are asked before a variable is found."""
    if name[0] in "#@*":
        return
    crossed = []
    walker: Scope | None = scope
    stop = None if found is None else found.scope
    while walker is not None and walker is not stop:
        if walker.dynamic is not None:
            crossed.append(walker.dynamic)
            touch(walker.dynamic, scope)
        walker = walker.parent
    node._dynamic = tuple(crossed)


def resolve(
    references: Iterable[tuple[Scope, str, Any, bool]], has_dynamic: bool
) -> None:
    """Finds the variable of each use, and notes what closures and writes need.

    Args:
        references: Scope, name, node and whether it is assigned.
        has_dynamic: Whether there are scopes with an environment.
    """
    for scope, name, node, is_write in references:
        found = scope.find(name)
        if name == "arguments" and not is_own(scope, found):
            found = implicit_arguments(scope) or found
        node._binding = found
        if found is not None and found.kind == "arguments":
            note_use(found.scope.function, "changed" if is_write else use_of(node))
        if has_dynamic:
            _cross(scope, name, node, found)
        if found is None:
            continue
        found.used = True
        if is_write:
            found.assigned += 1
        function = scope.function
        home = found.scope.function
        if function is home:
            if node._start < found.start and not (is_write and found.kind == "param"):
                found.early = True
            elif is_write and found.start < node._start < found.ready:
                found.risky = True  # within its own declaration
            elif found.scope.is_switch and found.kind in LEXICAL:
                found.risky = True
            continue
        found.captured = True
        if is_write:
            found.risky = found.risky or found.kind in LEXICAL
            function.nonlocals.add(found)
        walker: Function | None = function
        while walker is not None and walker is not home:
            walker.free.add(found)
            walker = walker.parent


def use_of(node: Any) -> str:
    """What a use of ``arguments`` may do with its elements."""
    use = node._use_of_arguments
    return "changed" if use is None else str(use)


def note_use(function: Function, use: str) -> None:
    """Notes what is done with the arguments object of a function."""
    if function.arguments_use != "changed":
        function.arguments_use = use or function.arguments_use


def is_own(scope: Scope, found: Binding | None) -> bool:
    """Whether a variable belongs to the function whose ``arguments`` is meant."""
    owner = scope.function.owner()
    function: Function | None = found.scope.function if found is not None else None
    while function is not None and function is not owner and function.is_arrow:
        function = function.parent
    return function is owner


def implicit_arguments(scope: Scope) -> Binding | None:
    """The arguments object of the function that a scope is in."""
    function = scope.function.owner()
    if function.parent is None or function.is_initializer:
        return None
    function.uses_arguments = True
    return function.parameters.declare("arguments", "arguments")
