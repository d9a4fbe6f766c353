"""Finalizers and env teardown: finalizer.c, cleanup.c, env.c."""

import gc

import pytest

import napi


class Plain:
    pass


OBJECTS = {
    "object": napi.Object,
    "array": napi.Array,
    "instance": Plain,
    "dict": dict,
    "list": list,
    "exception": lambda: ValueError("x"),
    "function": lambda: lambda: None,
    "buffer": lambda: napi.Buffer.alloc(4),
}


@pytest.fixture
def m(addon):
    module = addon("finalizer", fresh=True)
    module.set_data()
    return module


@pytest.mark.parametrize("make", OBJECTS.values(), ids=OBJECTS)
def test_runs_once_when_the_object_dies(m, make):
    value = make()
    m.add(value, 1)
    assert m.take() == []
    del value
    m.take()  # a pinned object's death is seen as a call returns
    gc.collect()
    m.add(napi.Object(), 2)
    assert sorted({1, *m.take()}) == [1, 2]
    assert m.take() == []


def test_death_outside_any_call_is_seen_at_once(m):
    value = napi.Object()
    m.add(value, 1)
    del value
    assert m.take() == [1]


def test_several_for_one_object(m):
    value = napi.Object()
    for i in range(3):
        m.add(value, i)
    del value
    assert sorted(m.take()) == [0, 1, 2]


def test_deleting_the_reference_cancels(m):
    value = napi.Object()
    m.add_cancelled(value, 1)
    del value
    assert m.take() == []


def test_finalizer_may_delete_its_own_reference(m):
    value = napi.Object()
    m.add_self_deleting(value, 5)
    del value
    assert m.take() == [5]


def test_cycle_is_collected_and_finalized(m):
    value = napi.Object()
    value["self"] = value
    m.add(value, 1)
    del value
    gc.collect()
    assert m.take() == [1]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_exception_in_a_finalizer_is_reported(m, monkeypatch):
    seen = []
    monkeypatch.setattr("sys.unraisablehook", lambda u: seen.append(str(u.exc_value)))
    value = napi.Object()
    m.add_throwing(value, 1)
    del value
    assert m.take() == [1]
    assert seen == ["from a finalizer"]


EXTERNAL = ["external", "external_buffer", "external_arraybuffer"]


@pytest.mark.parametrize("kind", EXTERNAL)
def test_external_memory_is_given_back_once(m, kind):
    value = getattr(m, kind)(9)
    assert m.take() == []
    del value
    assert m.take() == [9]
    assert m.take() == []


def test_memoryview_keeps_external_memory(m):
    buffer = m.external_buffer(3)
    view = memoryview(buffer)
    del buffer
    assert m.take() == []
    view.release()
    del view
    assert m.take() == [3]


@pytest.mark.parametrize("kind", ["external_buffer", "external_arraybuffer"])
def test_memory_that_ended_with_its_environment_is_out_of_reach(addon_path, kind):
    with napi.Environment() as env:
        value = getattr(env.load(addon_path("finalizer")), kind)(9)
        assert len(bytes(value)) == 16
    assert value.byteLength == 0
    with pytest.raises(BufferError):
        memoryview(value if kind == "external_arraybuffer" else value.buffer)


def test_memory_that_python_looks_at_survives_its_environment(addon_path):
    with napi.Environment() as env:
        value = memoryview(env.load(addon_path("finalizer")).external_buffer(9))
    assert bytes(value) == bytes(16)


def test_an_external_points_nowhere_after_its_environment(addon_path):
    with napi.Environment() as env:
        value = env.load(addon_path("finalizer")).external(9)
        assert repr(value) == "<napi.External 0x9>"
    assert "9" not in repr(value)


def test_a_synchronous_loop_does_not_grow(m):
    for _ in range(5):
        m.loop(2000)
        assert len(m.take()) == 2000


EXIT = """
import sys, napi
m = napi.load(sys.argv[1])
m.set_data()
m.print_from_now()
kept = [napi.Object() for _ in range(3)]
for i, value in enumerate(kept):
    m.wrap(value, i)
m.add_hook(10); m.add_hook(11); m.add_hook(12); m.remove_hook(11)
pinned = {}
m.add(pinned, 7)
"""


def test_order_at_exit(child, addon_path):
    out = child(EXIT, addon_path("finalizer")).stdout.split("\n")
    assert out[:-1] == [
        "hook 12",
        "hook 10",
        "finalizer 7",
        "finalizer 2",
        "finalizer 1",
        "finalizer 0",
        "instance data",
    ]


def test_exit_without_references(child, addon_path):
    done = child("import sys, napi; napi.load(sys.argv[1])", addon_path("finalizer"))
    assert done.stdout == done.stderr == ""


def test_duplicate_hook_is_refused(m, recorded_reports):
    assert m.add_hook(1) == 0
    assert m.add_hook(1) == 1
    assert m.remove_hook(1) == 0
    assert m.remove_hook(1) == 0


def test_garbage_is_finalized_after_the_collection(m):
    """What a finalizer reaches is dead or whole, never half cleared."""
    seen = []

    class Watcher:
        def __del__(self):
            seen.append(m.take())

    value = napi.Object()
    value["self"] = value
    value["watcher"] = Watcher()
    m.add(value, 7)
    del value
    gc.collect()
    assert seen == [[]]
    assert m.take() == [7]
