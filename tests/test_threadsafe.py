"""Threadsafe functions, delivered at safe points: napi/shim/threadsafe.c."""

import pytest


@pytest.fixture
def m(addon):
    return addon("threadsafe")


def test_items_arrive_in_order_when_the_call_returns(m):
    seen = []
    assert m.create(seen.append, 0) == 0
    assert m.push(2500) == 0
    assert seen == list(range(2500))
    assert m.release() == 0
    assert m.get_finalized() == 1


def test_threads_lose_nothing(m):
    seen = []
    m.create(seen.append, 0)
    m.threads(8, 1000)
    assert sorted(seen) == sorted(list(range(1000)) * 8)
    m.release()
    assert m.get_finalized() == 1


def test_full_queue(m):
    seen = []
    m.create(seen.append, 2)
    assert m.push(3) == 15
    assert seen == [0, 1]
    m.release()


def test_needs_a_function(m):
    assert m.create(5, 0) == 1


def test_exception_in_the_function_is_reported(m, monkeypatch):
    reported = []
    monkeypatch.setattr("sys.unraisablehook", lambda u: reported.append(u.exc_value))

    def fail(item):
        raise ValueError(item)

    m.create(fail, 0)
    m.push(2)
    assert [str(e) for e in reported] == ["0", "1"]
    m.release()
