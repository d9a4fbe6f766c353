"""napi.testing.counters: what an addon holds (napi/shim/counters.c)."""

import gc
import threading

import pytest

import napi
from napi import testing
from napi._native import is_strict

EVERYWHERE = {
    "adopted",
    "added_finalizers",
    "async_contexts",
    "async_works",
    "callback_scopes",
    "deferreds",
    "external_buffers",
    "external_memory",
    "externals",
    "finalizers",
    "handles",
    "hooks",
    "pinned",
    "queued_finalizers",
    "queued_works",
    "references",
    "scopes",
    "strong",
    "threadsafe_functions",
    "weak",
    "wraps",
}
STRICT = {"buffers", "buffer_bytes", "handles_peak"}


def change(m, act):
    """What a call changes."""
    before = testing.counters(m)
    act()
    after = testing.counters(m)
    before.pop("handles_peak", None)
    return {kind: after[kind] - n for kind, n in before.items() if after[kind] != n}


def test_the_same_kinds_in_each_build(addon):
    found = set(testing.counters(addon("reference")))
    assert found == EVERYWHERE | (STRICT if is_strict() else set())


@pytest.mark.parametrize(("count", "kind"), [(1, "strong"), (3, "strong"), (0, "weak")])
def test_references_by_strength(addon, count, kind):
    m = addon("reference", version=10)
    value = napi.Object()
    made = []
    found = change(m, lambda: made.append(m.create(value, count)))
    assert found.pop("externals", 0) == is_strict()  # what Python gets
    assert found == {"references": 1, kind: 1}
    m.drop(made[0])


def test_a_weak_reference_becomes_a_strong_one(addon):
    m = addon("reference", version=10)
    value = napi.Object()
    made = m.create(value, 0)
    assert change(m, lambda: m.ref(made)) == {"strong": 1, "weak": -1}
    m.drop(made)


def test_a_closed_environment_holds_nothing(addon_path):
    with napi.Environment() as env:
        m = env.load(addon_path("reference"))
        capsule = m.__env__
        m.create(napi.Object(), 1)
        assert testing.counters(m)["strong"] == 1
    left = testing.counters(capsule)
    left.pop("handles_peak", None)
    left.pop("pinned")
    assert set(left.values()) == {0}


def test_the_sum_is_over_what_this_thread_has_loaded(addon_path):
    with napi.Environment() as env:
        first, second = (env.load(addon_path("reference")) for _ in range(2))
        before = testing.counters()["strong"]
        first.create(napi.Object(), 1)
        second.create(napi.Object(), 1)
        assert testing.counters()["strong"] == before + 2
        seen = []
        thread = threading.Thread(target=lambda: seen.append(testing.counters()))
        thread.start()
        thread.join()
        assert seen == [{}]


def test_handles_at_most(addon, strict_only):
    from napi._native import shim

    m = addon("scope")
    shim.handles_peak(m.__env__, True)
    m.many(5000)
    assert 0 < testing.counters(m)["handles_peak"] < 5000
    m.many_scopes(10)
    assert testing.counters(m)["handles"] == 0


def test_buffers_and_their_bytes(addon, strict_only):
    m = addon("view")
    gc.collect()
    made = []

    def make():
        made.append(m.create_buffer(100, 0, 0))

    assert change(m, make) == {"buffers": 1, "buffer_bytes": 100}
    assert change(m, made.clear) == {"buffers": -1, "buffer_bytes": -100}
