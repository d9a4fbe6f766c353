"""Scopes, references, wraps, type tags: any order of legal moves, against a model.

The moves are made through the functions themselves, all inside one call of an
addon; the model says which status Node gives, which objects are alive and what the
environment's own counters are. Finalizers wait for the end of that call: each wrap
whose object died has run its own then, once, and no other has.
"""

import sys
from collections import Counter
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import napi
from napi._native import is_strict, shim

pytest.importorskip("cffi", reason="the functions are called through cffi")

from napi.testing.abi import ffi, lib

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "abi"))

import extract  # noqa: E402

TAGS = [(1, 2), (1, 3), (2, 1)]
PICK = st.integers(0, 1000)


class Plain:
    """A Python object that can be weakly referenced."""


MAKERS = [napi.Object, lambda: napi.Array([1]), Plain, lambda: napi.ArrayBuffer(8)]


class Thing:
    """The model of an object: alive while it has handles or strong references."""

    def __init__(self):
        self.held = 0
        self.wrap = None  # (data, has a finalizer)
        self.tag = None
        self.references = []

    @property
    def alive(self):
        return self.held > 0


class Reference:
    """The model of a reference."""

    def __init__(self, ref, thing, count):
        self.ref, self.thing, self.count = ref, thing, count


class Scope:
    """The model of a handle scope; ``handles`` are (handle, thing)."""

    def __init__(self, scope, escapable):
        self.scope, self.escapable = scope, escapable
        self.escaped = False
        self.slots = 0  # kept for what inner scopes may let escape
        self.handles = []


class Machine(RuleBasedStateMachine):
    """Its rules are what an addon may do while it is called."""

    env = capsule = None  # set by the test
    data = 0  # of the last wrap of all machines
    finalized: ClassVar = Counter()
    died: ClassVar = Counter()

    def __init__(self):
        super().__init__()
        self.references = []
        self.waiting = 0  # finalizers of dead objects
        self.base = shim.counters(self.capsule)
        self.ran = self.finalized.total()
        self.scopes = []
        self.open(False)

    # === help ===

    def call(self, name, *arguments):
        return getattr(lib, name)(self.env, *arguments)

    def done(self, name, *arguments):
        assert self.call(name, *arguments) == lib.napi_ok, name

    def handles(self):
        return [one for scope in self.scopes for one in scope.handles]

    def pick(self, number):
        found = self.handles()
        return found[number % len(found)]

    def own(self, handle, thing):
        thing.held += 1
        self.scopes[-1].handles.append((handle, thing))

    def let_go(self, thing):
        thing.held -= 1
        if not thing.alive and thing.wrap is not None:
            data, has_finalizer = thing.wrap
            thing.wrap = None
            if has_finalizer:
                self.died[data] += 1
                self.waiting += 1

    def open(self, escapable):
        kind = "escapable_handle_scope" if escapable else "handle_scope"
        made = ffi.new(f"napi_{kind} *")
        self.done(f"napi_open_{kind}", made)
        if escapable:
            self.scopes[-1].slots += 1
        self.scopes.append(Scope(made[0], escapable))

    def close(self):
        scope = self.scopes.pop()
        kind = "escapable_handle_scope" if scope.escapable else "handle_scope"
        for _, thing in scope.handles:
            self.let_go(thing)
        self.done(f"napi_close_{kind}", scope.scope)

    def has_handles(self):
        return bool(self.handles())

    # === scopes ===

    @rule(escapable=st.booleans())
    def open_scope(self, escapable):
        self.open(escapable)

    @precondition(lambda self: len(self.scopes) > 1)
    @rule()
    def close_scope(self):
        self.close()

    @precondition(lambda self: self.scopes[-1].escapable and self.scopes[-1].handles)
    @rule(number=PICK)
    def escape(self, number):
        scope = self.scopes[-1]
        handle, thing = scope.handles[number % len(scope.handles)]
        made = ffi.new("napi_value *")
        status = self.call("napi_escape_handle", scope.scope, handle, made)
        if scope.escaped:
            assert status == lib.napi_escape_called_twice
            return
        assert status == lib.napi_ok
        scope.escaped = True
        thing.held += 1
        self.scopes[-2].slots -= 1
        self.scopes[-2].handles.append((made[0], thing))

    # === objects ===

    @rule(kind=st.sampled_from(["object", "array", *range(len(MAKERS))]))
    def make(self, kind):
        made = ffi.new("napi_value *")
        if isinstance(kind, str):
            self.done(f"napi_create_{kind}", made)
        else:
            napi.globalThis["made"] = MAKERS[kind]()
            scope = ffi.new("napi_escapable_handle_scope *")
            found = ffi.new("napi_value *")
            self.done("napi_open_escapable_handle_scope", scope)
            self.done("napi_get_global", found)
            self.done("napi_get_named_property", found[0], b"made", found)
            self.done("napi_escape_handle", scope[0], found[0], made)
            self.done("napi_close_escapable_handle_scope", scope[0])
            del napi.globalThis["made"]
        self.own(made[0], Thing())

    # === references ===

    @precondition(has_handles)
    @rule(number=PICK, count=st.integers(0, 2))
    def create_reference(self, number, count):
        handle, thing = self.pick(number)
        made = ffi.new("napi_ref *")
        self.done("napi_create_reference", handle, count, made)
        self.references.append(Reference(made[0], thing, count))
        thing.held += count > 0

    @precondition(lambda self: self.references)
    @rule(number=PICK)
    def delete_reference(self, number):
        reference = self.references.pop(number % len(self.references))
        self.done("napi_delete_reference", reference.ref)
        if reference.count > 0:
            self.let_go(reference.thing)

    @precondition(lambda self: self.references)
    @rule(number=PICK)
    def ref(self, number):
        reference = self.references[number % len(self.references)]
        count = ffi.new("uint32_t *")
        self.done("napi_reference_ref", reference.ref, count)
        if reference.thing.alive:
            reference.thing.held += reference.count == 0
            reference.count += 1
        assert count[0] == reference.count

    @precondition(lambda self: self.references)
    @rule(number=PICK)
    def unref(self, number):
        reference = self.references[number % len(self.references)]
        if is_strict() and reference.count == 0:
            return  # the strict build reports that it is weak already
        count = ffi.new("uint32_t *")
        status = self.call("napi_reference_unref", reference.ref, count)
        if reference.count == 0:
            assert status == lib.napi_generic_failure
            return
        assert status == lib.napi_ok
        reference.count -= 1
        assert count[0] == reference.count
        if reference.count == 0:
            self.let_go(reference.thing)

    @precondition(lambda self: self.references)
    @rule(number=PICK)
    def get_reference_value(self, number):
        reference = self.references[number % len(self.references)]
        made = ffi.new("napi_value *")
        self.done("napi_get_reference_value", reference.ref, made)
        assert (made[0] != ffi.NULL) == reference.thing.alive
        if reference.thing.alive:
            self.same(made[0], reference.thing)
            self.own(made[0], reference.thing)

    def same(self, handle, thing):
        same = ffi.new("bool *")
        for other, its in self.handles():
            self.done("napi_strict_equals", handle, other, same)
            assert same[0] == (its is thing)

    # === wraps ===

    @precondition(has_handles)
    @rule(number=PICK, has_finalizer=st.booleans())
    def wrap(self, number, has_finalizer):
        handle, thing = self.pick(number)
        Machine.data += 1
        data = ffi.cast("void *", Machine.data)
        callback = FINALIZER if has_finalizer else ffi.NULL
        status = self.call("napi_wrap", handle, data, callback, ffi.NULL, ffi.NULL)
        if thing.wrap is None:
            assert status == lib.napi_ok
            thing.wrap = (Machine.data, has_finalizer)
        else:
            assert status == lib.napi_invalid_arg

    @precondition(has_handles)
    @rule(number=PICK, removes=st.booleans())
    def unwrap(self, number, removes):
        handle, thing = self.pick(number)
        found = ffi.new("void **")
        name = "napi_remove_wrap" if removes else "napi_unwrap"
        status = self.call(name, handle, found)
        if thing.wrap is None:
            assert status == lib.napi_invalid_arg
            return
        assert status == lib.napi_ok
        assert int(ffi.cast("uintptr_t", found[0])) == thing.wrap[0]
        if removes:
            thing.wrap = None

    # === type tags ===

    @precondition(has_handles)
    @rule(number=PICK, tag=st.sampled_from(TAGS))
    def type_tag(self, number, tag):
        handle, thing = self.pick(number)
        status = self.call("napi_type_tag_object", handle, tag_of(tag))
        if thing.tag is None:
            assert status == lib.napi_ok
            thing.tag = tag
        else:
            assert status == lib.napi_invalid_arg

    @precondition(has_handles)
    @rule(number=PICK, tag=st.sampled_from(TAGS))
    def check_type_tag(self, number, tag):
        handle, thing = self.pick(number)
        same = ffi.new("bool *")
        self.done("napi_check_object_type_tag", handle, tag_of(tag), same)
        assert same[0] == (thing.tag == tag)

    # === what always holds ===

    @invariant()
    def counters_agree(self):
        found = shim.counters(self.capsule)
        wraps = Counter(
            thing.wrap[1]
            for thing in {
                *(thing for _, thing in self.handles()),
                *(one.thing for one in self.references),
            }
            if thing.wrap is not None
        )
        slots = sum(scope.slots for scope in self.scopes)
        expected = {
            "handles": slots + len(self.handles()),
            "references": len(self.references) + wraps[False],
            "finalizers": wraps[True] + self.waiting,
            "hooks": 0,
            "external_memory": 0,
        }
        assert {name: found[name] - self.base[name] for name in expected} == expected
        assert self.finalized.total() == self.ran, "run inside a call"

    def teardown(self):
        while self.references:
            self.delete_reference(0)
        while self.scopes:
            self.close()
        self.counters_agree()


@ffi.callback("napi_finalize")
def FINALIZER(env, data, hint):
    Machine.finalized[int(ffi.cast("uintptr_t", data))] += 1


def tag_of(tag):
    return ffi.new("napi_type_tag *", {"lower": tag[0], "upper": tag[1]})


def test_any_order_of_moves(tmp_path):
    target = tmp_path / "enter.node"
    flags = ["-shared", "-fPIC", f"-I{ROOT / 'include'}", "-o", target]
    source = ROOT / "napi/testing/enter.c"
    extract.run([extract.compiler(), *flags, source], "")
    addon = napi.load(target, fresh=True)
    failed = []

    @ffi.callback("napi_callback")
    def body(env, info):
        Machine.env = env
        try:
            run_state_machine_as_test(Machine)
        except BaseException as error:
            failed.append(error)
        return ffi.NULL

    Machine.capsule = object.__getattribute__(addon, "__env__")
    addon.enter(int(ffi.cast("uintptr_t", body)))
    if failed:
        raise failed[0]
    assert Machine.finalized == Machine.died
    assert set(Machine.finalized.values()) == {1}
    assert shim.counters(Machine.capsule)["finalizers"] == 0
