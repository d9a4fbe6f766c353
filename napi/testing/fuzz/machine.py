"""Node-API itself under test: any order of legal calls, against a small model.

The functions are called as an addon calls them, through :mod:`napi.testing.abi`. The
model knows what is legal: which handles are alive, which scope is the innermost, which
references and deferreds were not spent. Whatever the host answers, it may not crash;
the strict build may not report a legal call; and when a batch is over and all
references are deleted, the counters of the environment are what they were before.

A batch is repeatable: each call is drawn from the seed and its own number, so that a
part of the calls can be run again without the others.
"""

from __future__ import annotations

import argparse
import faulthandler
import gc
import json
import os
import random
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from napi.testing.abi import Function, Parameter, ffi, functions, lib

__all__ = ["Machine", "MachineError", "callable_functions", "main", "run"]

# What ends the process, wants a thread or a loop, or is legal only at other times.
_LEFT_OUT = frozenset(
    (
        "napi_fatal_error",
        "napi_fatal_exception",
        "napi_get_cb_info",
        "napi_get_new_target",
        "napi_get_uv_event_loop",
        "napi_module_register",
        "napi_set_instance_data",
        "node_api_create_external_string_latin1",
        "node_api_create_external_string_utf16",
        "node_api_post_finalizer",
    )
)
_THREADED = ("async_work", "threadsafe", "cleanup_hook", "callback_scope", "async_")
_SCALARS = {
    "bool": (0, 1),
    "double": (0.0, -0.0, 1.5, -1.0, 2.0**31, 2.0**53, 1e308, float("nan")),
    "int": (0, 1),
    "int32_t": (0, 1, -1, 2**31 - 1, -(2**31)),
    "int64_t": (0, 1, -1, 2**53, 2**63 - 1, -(2**63)),
    "size_t": (0, 1, 2, 3, 8, 16),
    "uint32_t": (0, 1, 2, 3, 7, 2**32 - 1),
    "uint64_t": (0, 1, 2**53, 2**64 - 1),
}
_ENUMERATIONS = {
    "napi_typedarray_type": 11,
    "napi_key_collection_mode": 1,
    "napi_key_filter": 31,
    "napi_key_conversion": 1,
}
_TEXTS = (
    "",
    "a",
    "length",
    "x",
    "0",
    "constructor",
    "then",
    "é€",
    "\U0001f600",
    "y" * 40,
)
_OUTPUTS = ("napi_value", "napi_ref", "napi_deferred")
_SPENT = {
    "napi_delete_reference": "napi_ref",
    "napi_resolve_deferred": "napi_deferred",
    "napi_reject_deferred": "napi_deferred",
}
# Objects may stay: a call may have put one into a class of the language.
_RETURNED = ("handles", "scopes", "strong", "weak", "deferreds")
_DEEP = 6
_HANDLES = 400
_MEMORY = 64
_KEPT = 64


class MachineError(Exception):
    """A call did what no legal call may do: the message says which."""


@cache
def callable_functions() -> tuple[str, ...]:
    """The functions that the machine calls."""
    return tuple(
        name
        for name, one in functions().items()
        if name not in _LEFT_OUT
        and not any(word in name for word in _THREADED)
        and one.parameters[0].type in ("napi_env", "node_api_basic_env")
    )


@cache
def _memory() -> list[Any]:
    """What externals point to, until the process ends."""
    return [ffi.new(f"char[{_MEMORY}]") for _ in range(_KEPT)]


@ffi.callback("napi_value(napi_env, napi_callback_info)")  # type: ignore[untyped-decorator]
def _body(env: Any, info: Any) -> Any:
    """What functions of the machine do: they give their first argument."""
    count = ffi.new("size_t *", 1)
    given = ffi.new("napi_value[1]")
    lib.napi_get_cb_info(env, info, count, given, ffi.NULL, ffi.NULL)
    return given[0]


@ffi.callback("void(napi_env, void *, void *)")  # type: ignore[untyped-decorator]
def _finalize(env: Any, data: Any, hint: Any) -> None:
    """What finalizers of the machine do: nothing."""


class Machine:
    """One batch, inside of one call of an addon.

    Args:
        env: The environment of the call.
        seed: Of the batch.
        tell: Called before each call, with its number and its text.
    """

    def __init__(self, env: Any, seed: int, tell: Callable[[int, str], None]) -> None:
        self.env, self.seed, self.tell = env, seed, tell
        self.scopes: list[tuple[Any, bool]] = []  # the scope, escapable and unused
        self.handles: list[list[Any]] = [[]]
        self.pools: dict[str, list[Any]] = {"napi_ref": [], "napi_deferred": []}
        self.kept: list[Any] = []  # memory that the host may look at
        self.random = random.Random()
        self.calls = 0
        self.names = [*callable_functions(), *_MORE]

    def step(self, number: int) -> None:
        """Makes the call of that number.

        Raises:
            MachineError: It did what no legal call may do.
        """
        self.random.seed(self.seed * 1_000_003 + number)
        name = self.random.choice(self.names)
        function = functions()[name]
        made = self._arguments(function)
        if made is None:
            return
        given, results = made
        self.calls += 1
        self.tell(number, name)
        status = getattr(lib, name)(*given)
        self._after(name, given, results, status)
        if len(self.kept) > _KEPT:
            del self.kept[:-_KEPT]

    def close(self) -> None:
        """Ends scopes and references, as an addon does before it returns."""
        while self.scopes:
            self._close()
        for ref in self.pools["napi_ref"]:
            lib.napi_delete_reference(self.env, ref)
        value = ffi.new("napi_value *")
        lib.napi_get_undefined(self.env, value)
        for deferred in self.pools["napi_deferred"]:
            lib.napi_resolve_deferred(self.env, deferred, value[0])
        self._settle_exception()

    # === arguments ===

    def _handle(self) -> Any:
        alive = [one for listed in self.handles for one in listed]
        if not alive or self.random.random() < 0.01:
            return ffi.NULL
        if self.random.random() < 0.5:  # what was made last fits best
            return alive[-1 - int(self.random.random() * min(len(alive), 8))]
        return self.random.choice(alive)

    def _arguments(self, function: Function) -> tuple[list[Any], list[Any]] | None:
        """Values for the parameters, and the cells for what comes back."""
        given: list[Any] = []
        results: list[Any] = []
        for place, one in enumerate(function.parameters):
            before = function.parameters[place - 1].type if place else ""
            value = self._argument(one, before, given, results)
            if value is None:
                return None
            given.append(value)
        self.kept += given
        return given, results

    def _argument(
        self, one: Parameter, before: str, given: list[Any], results: list[Any]
    ) -> Any:
        """A value for a parameter; None where none is legal now."""
        kind, pick = one.type, self.random.choice
        if kind in ("napi_env", "node_api_basic_env"):
            return self.env
        if kind == "napi_value":
            return self._handle()
        if kind in self.pools:
            return pick(self.pools[kind]) if self.pools[kind] else None
        if kind in ("napi_handle_scope", "napi_escapable_handle_scope"):
            return self._scope(kind)
        if kind in _ENUMERATIONS:
            return self.random.randint(0, _ENUMERATIONS[kind])
        if kind == "size_t" and before in _LENGTH_OF:
            return _LENGTH_OF[before](given[-1])
        if kind in _SCALARS:
            return pick(_SCALARS[kind])
        if kind in _POINTERS:
            return _POINTERS[kind](self)
        if kind.endswith("*") and not kind.startswith("const"):
            return self._output(one, results)
        return None

    def _scope(self, kind: str) -> Any:
        """The innermost scope, where it is of that kind."""
        if not self.scopes:
            return None
        scope = self.scopes[-1][0]
        return scope if ffi.typeof(scope) is ffi.typeof(kind) else None

    def _output(self, one: Parameter, results: list[Any]) -> Any:
        kind = one.type[:-1].strip()
        if kind in ("void", "const void"):
            return ffi.NULL
        if kind in ("char", "char16_t"):
            return ffi.new(f"{kind}[{_MEMORY}]")
        cell = ffi.new(f"{kind}[{_MEMORY}]")  # some write as many as they are told
        if kind == "size_t":
            cell[0] = _MEMORY // 8
        results.append((kind, cell))
        return cell

    def text(self) -> bytes:
        """A text in UTF-8, which ends with a zero."""
        return self.random.choice(_TEXTS).encode()

    def external(self) -> Any:
        """Memory for the host to keep."""
        return ffi.cast("void *", self.random.choice(_memory()))

    def values(self) -> Any:
        """Several handles, as many as are asked for."""
        return ffi.new("napi_value[16]", [self._handle() for _ in range(16)])

    def properties(self) -> Any:
        """Descriptors of properties: a value, a method, an accessor."""
        made = ffi.new("napi_property_descriptor[16]")
        for one in made:
            name = ffi.new("char[]", self.text())
            self.kept.append(name)
            one.utf8name = name
            one.attributes = self.random.choice((0, 1, 2, 4, 7, 1024, 1031))
            act = self.random.randrange(3)
            if act == 0:
                one.value = self._handle()
                if not one.value:
                    one.method = _body
            elif act == 1:
                one.method = _body
            else:
                one.getter = _body
        return made

    def tag(self) -> Any:
        """A type tag, one of two."""
        return ffi.new("napi_type_tag *", {"lower": self.random.randrange(2)})

    # === what came of it ===

    def _after(
        self, name: str, given: list[Any], results: list[Any], status: int
    ) -> None:
        if not 0 <= status <= 24:
            raise MachineError(f"{name} gives the status {status}")
        if name in _SPENT and status == lib.napi_ok:
            self.pools[_SPENT[name]].remove(given[1])
        if status == lib.napi_ok:
            self._take(name, results)
        if name in ("napi_close_handle_scope", "napi_close_escapable_handle_scope"):
            self._left(name, status)
        self._settle_exception()
        while len(self.scopes) > _DEEP:
            self._close()

    def _take(self, name: str, results: list[Any]) -> None:
        for kind, cell in results:
            if kind == "napi_value" and cell[0]:
                outer = name == "napi_escape_handle"
                self.handles[-2 if outer else -1].append(cell[0])
                if outer:
                    self.scopes[-1] = (self.scopes[-1][0], False)
            elif kind in ("napi_handle_scope", "napi_escapable_handle_scope"):
                self.scopes.append((cell[0], kind.startswith("napi_esc")))
                self.handles.append([])
            elif kind in self.pools and cell[0]:
                self.pools[kind].append(cell[0])
        if len(self.handles[-1]) > _HANDLES:
            del self.handles[-1][: _HANDLES // 2]

    def _left(self, name: str, status: int) -> None:
        if status != lib.napi_ok:
            raise MachineError(f"{name} of the innermost scope gives {status}")
        self.scopes.pop()
        self.handles.pop()

    def _close(self) -> None:
        scope = self.scopes[-1][0]
        kind = str(ffi.typeof(scope).cname)
        escapable = ffi.typeof(scope) is ffi.typeof("napi_escapable_handle_scope")
        name = f"napi_close_{'escapable_' if escapable else ''}handle_scope"
        self.tell(-1, f"{name}({kind})")
        self._left(name, getattr(lib, name)(self.env, scope))

    def _settle_exception(self) -> None:
        """Takes a pending exception: few functions may be called before that."""
        pending = ffi.new("bool *")
        lib.napi_is_exception_pending(self.env, pending)
        if pending[0]:
            cell = ffi.new("napi_value *")
            status = lib.napi_get_and_clear_last_exception(self.env, cell)
            if status != lib.napi_ok:
                raise MachineError(f"a pending exception cannot be taken: {status}")
            self.handles[-1].append(cell[0])


def _auto(text: bytes | str) -> int:
    """The length of a text, or that the host is to find it out."""
    if len(text) % 2:
        return 2**64 - 1  # NAPI_AUTO_LENGTH
    return len(text) if isinstance(text, bytes) else len(text.encode("utf-16")) // 2 - 1


_LENGTH_OF: dict[str, Callable[[Any], int]] = {
    "const char *": _auto,
    "const char16_t *": _auto,
    "char *": lambda _: _MEMORY,
    "char16_t *": lambda _: _MEMORY,
}
_POINTERS: dict[str, Callable[[Machine], Any]] = {
    "const char *": Machine.text,
    "const char16_t *": lambda machine: machine.random.choice(_TEXTS),
    "void *": Machine.external,
    "const void *": Machine.external,
    "const napi_value *": Machine.values,
    "const napi_property_descriptor *": Machine.properties,
    "const napi_type_tag *": Machine.tag,
    "const uint64_t *": lambda _: ffi.new("uint64_t[16]", list(range(16))),
    "napi_callback": lambda _: _body,
    "napi_finalize": lambda _: _finalize,
    "node_api_noenv_finalize": lambda _: ffi.NULL,
    "node_api_basic_finalize": lambda _: _finalize,
}
# Drawn more often: without them there is little to call the others with.
_MORE = (
    "napi_create_object",
    "napi_create_array",
    "napi_create_function",
    "napi_create_string_utf8",
    "napi_create_double",
    "napi_define_class",
    "napi_new_instance",
    "napi_call_function",
    "napi_create_reference",
    "napi_open_handle_scope",
    "napi_close_handle_scope",
    "napi_open_escapable_handle_scope",
    "napi_close_escapable_handle_scope",
    "napi_create_promise",
    "napi_get_undefined",
    "napi_get_null",
    "napi_get_boolean",
    "napi_wrap",
    "napi_delete_reference",
    "napi_delete_reference",
)


def _enter() -> Any:
    import napi
    from napi.testing import __path__ as places

    for place in places:
        for path in sorted(Path(place).glob("_enter*.so")):
            return napi.load(path, fresh=True)
    raise MachineError("napi was built without napi.testing._enter")


def run(
    seed: int,
    numbers: list[int],
    tell: Callable[[int, str], None] = lambda number, text: None,
) -> int:
    """Runs a batch of calls.

    Args:
        seed: Of the batch.
        numbers: Which of its calls.
        tell: Called before each call, with its number and its text.

    Returns:
        How many calls there were; some are not legal when their turn comes.

    Raises:
        MachineError: Something was wrong: the message says what.
    """
    from napi._native import shim

    module = _enter()
    capsule = object.__getattribute__(module, "__env__")
    before = shim.counters(capsule)
    done: list[int] = []
    failed: list[BaseException] = []

    @ffi.callback("napi_value(napi_env, napi_callback_info)")  # type: ignore[untyped-decorator]
    def body(env: Any, info: Any) -> Any:
        machine = Machine(env, seed, tell)
        try:
            for number in numbers:
                machine.step(number)
            machine.close()
        except BaseException as error:
            failed.append(error)
        done.append(machine.calls)
        return ffi.NULL

    shim.reports(keep=True)
    module.__exports__.enter(int(ffi.cast("uintptr_t", body)))
    if failed:
        raise failed[0]
    for _ in range(3):  # what a finalizer lets go of has one, too
        gc.collect()
        shim.drain()
    if reports := shim.reports():
        raise MachineError(f"the strict build reports a legal call: {reports[0]}")
    after = shim.counters(capsule)
    for name in _RETURNED:
        if after.get(name, 0) > before.get(name, 0):
            was = before.get(name, 0)
            raise MachineError(f"{name}: {was} before, {after[name]} after")
    shim.close(capsule)
    return done[0]


def main() -> int:
    """``python -m napi.testing.fuzz.machine SEED STEPS``: runs batches of one seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("steps", type=int, help="of a batch")
    parser.add_argument("--batches", type=int, default=1, help="seeds from there on")
    parser.add_argument("--only", type=Path, help="JSON: the numbers of the calls")
    parser.add_argument("--trace", action="store_true", help="tell each call")
    parser.add_argument("--watch", action="store_true", help="tell where it dies")
    options = parser.parse_args()
    if options.watch:
        faulthandler.enable()
        if not any(name.endswith("SAN_OPTIONS") for name in os.environ):
            import_module("napi.testing.fuzz._native").watch(2)
    numbers = list(range(options.steps))
    if options.only is not None:
        numbers = json.loads(options.only.read_text())

    def tell(number: int, text: str) -> None:
        if options.trace:
            print(number, text, flush=True)

    calls = 0
    for seed in range(options.seed, options.seed + options.batches):
        try:
            calls += run(seed, numbers, tell)
        except MachineError as error:
            print(json.dumps({"seed": seed, "calls": calls, "error": str(error)}))
            return 1
        print(json.dumps({"seed": seed, "calls": calls}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
