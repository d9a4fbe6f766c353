"""Module records: linking and evaluation (ECMA-262, chapter 16.2.1).

A loader makes a :class:`Record` of each file, gives it the records (or
:class:`Synthetic` ones) that it asks for, and evaluates the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from napi._native import shim
from napi.js.code import Code
from napi.js.evaluate import Progress, evaluate
from napi.runtime.error import SyntaxError

__all__ = ["Module", "Record", "Synthetic"]

Getter = Callable[[], Any]


class Module:
    """What both kinds of modules have: names that others can import."""

    def __init__(self) -> None:
        self._namespace: Any = None
        # One for each module: two ways to it lead to the same.
        self.namespace_getter: Getter = lambda: self.namespace

    def export_names(self, seen: set[int] | None = None) -> list[str]:
        """The names that ``import *`` gives."""
        raise NotImplementedError

    def resolve(self, name: str, seen: set[tuple[int, str]] | None = None) -> Any:
        """The getter of an export, ``None`` where there is none, or ``AMBIGUOUS``."""
        raise NotImplementedError

    def evaluate(self) -> Any:
        """Runs the module once; a promise where it awaits at its top, else None."""
        raise NotImplementedError

    @property
    def namespace(self) -> Any:
        """The module namespace object (ECMA-262 10.4.6)."""
        if self._namespace is None:
            made = shim.create(shim.null)
            self._namespace = made
            for name in sorted(self.export_names()):
                getter = self.resolve(name)
                if getter is not None and getter is not AMBIGUOUS:
                    shim.define(
                        made, name, get=getter, enumerable=True, configurable=False
                    )
            shim.define(
                made,
                shim.Symbol.toStringTag,
                value="Module",
                writable=False,
                enumerable=False,
                configurable=False,
            )
            shim.prevent_extensions(made)
        return self._namespace


AMBIGUOUS = object()
"""Two ``export *`` give different things under one name."""


class Synthetic(Module):
    """A module that is not JavaScript: a host module, JSON, CommonJS, an addon.

    Args:
        values: Its exports; ``default`` is one of them.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__()
        self.values = dict(values)

    def export_names(self, seen: set[int] | None = None) -> list[str]:
        """The names of its values."""
        return list(self.values)

    def resolve(self, name: str, seen: set[tuple[int, str]] | None = None) -> Any:
        """A getter of the value."""
        if name not in self.values:
            return None
        values = self.values
        return lambda: values[name]

    def evaluate(self) -> Any:
        """It has run already."""
        return None


class Record(Module):
    """A module of JavaScript.

    Args:
        code: Compiled with the kind ``module``.
        meta: Its ``import.meta``.

    Attributes:
        requests: What it imports from, in order: specifier and attributes.
        linked: The modules that are meant, in the same order; set by the loader.
    """

    def __init__(self, code: Code, meta: Any = None) -> None:
        super().__init__()
        info = code.module
        assert info is not None
        self.code = code
        self.meta = meta
        self.requests: Sequence[tuple[str, tuple[tuple[str, str], ...]]]
        self.requests = info["requests"]
        self.linked: Sequence[Module] = ()
        self.has_await: bool = info["has_await"]
        self._info = info
        self._getters: dict[str, Getter] = {}
        self._main: Any = None
        self._is_linked = False
        self.progress = Progress(self)

    # === names ===

    def export_names(self, seen: set[int] | None = None) -> list[str]:
        """Its own exports and those of ``export *`` (ECMA-262 16.2.1.7.2.1)."""
        seen = set() if seen is None else seen
        if id(self) in seen:
            return []
        seen.add(id(self))
        names = dict.fromkeys(self._info["locals"])
        names.update(dict.fromkeys(name for name, _, _ in self._info["indirect"]))
        for number in self._info["stars"]:
            for name in self.linked[number].export_names(seen):
                if name != "default":
                    names.setdefault(name)
        return list(names)

    def resolve(self, name: str, seen: set[tuple[int, str]] | None = None) -> Any:
        """ResolveExport (ECMA-262 16.2.1.7.2.2)."""
        seen = set() if seen is None else seen
        if (id(self), name) in seen:
            return None
        seen.add((id(self), name))
        if name in self._info["locals"]:
            return self._late(name)
        for exported, number, imported in self._info["indirect"]:
            if exported == name:
                target = self.linked[number]
                if imported == "*":
                    return target.namespace_getter
                return target.resolve(imported, seen)
        if name == "default":
            return None
        found: Any = None
        for number in self._info["stars"]:
            one = self.linked[number].resolve(name, seen)
            if one is AMBIGUOUS:
                return one
            if one is not None:
                if found is not None and found is not one:
                    return AMBIGUOUS
                found = one
        return found

    def _late(self, name: str) -> Getter:
        """The getter of a variable; before the module is linked, one that waits."""
        self._begin()
        return self._getters[name]

    def _begin(self) -> None:
        if self._main is None:
            self._main = self.code.start(self.meta)
            getters = next(self._main)
            self._getters = dict(zip(self._info["locals"], getters, strict=True))

    # === linking ===

    def link(self) -> None:
        """Finds what the module and all it imports from import.

        Raises:
            napi.SyntaxError: An export is missing or ambiguous.
        """
        if self._is_linked:
            return
        self._is_linked = True
        for module in self.linked:
            if isinstance(module, Record):
                module.link()
        self._begin()
        for _, number, imported in self._info["indirect"]:
            if imported != "*":
                self._need(self.linked[number].resolve(imported), number, imported)
        found = []
        for number, name in self._info["imports"]:
            target = self.linked[number]
            if name == "*":
                found.append(target)
            else:
                found.append(self._need(target.resolve(name), number, name))
        self._found = found

    def _need(self, getter: Any, number: int, name: str) -> Getter:
        specifier = self.requests[number][0]
        if getter is None:
            raise SyntaxError(
                f"The requested module '{specifier}' does not provide an export named "
                f"'{name}'"
            )
        if getter is AMBIGUOUS:
            raise SyntaxError(
                f"The requested module '{specifier}' contains conflicting star exports "
                f"for name '{name}'"
            )
        made: Getter = getter
        return made

    # === evaluation ===

    def evaluate(self) -> Any:
        """Runs what it imports from, then the module; once.

        Returns:
            A promise where one of them awaits at its top; else ``None``.

        Raises:
            Exception: Whatever the module throws, each time it is asked for.
        """
        self.link()
        return evaluate(self)

    def steps(self) -> Any:
        """The module's own code; yields what is to be awaited."""
        received = tuple(
            one.namespace if isinstance(one, Module) else one for one in self._found
        )
        return _run(self._main, received)

    def execute(self) -> None:
        """Runs the module's own code, which does not await."""
        for _ in self.steps():
            raise AssertionError("a module without await awaits")


def _run(main: Any, received: tuple[Any, ...]) -> Any:
    """Resumes a module where it waits for its imports."""
    try:
        awaited = main.send(received)
        while True:
            try:
                value = yield awaited
            except Exception as error:
                awaited = main.throw(error)
            else:
                awaited = main.send(value)
    except StopIteration:
        return
