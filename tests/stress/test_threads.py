"""Threads: an env belongs to the thread that loaded it."""

import threading

import pytest

import napi


def run(function):
    result = []

    def target():
        try:
            result.append(function())
        except BaseException as error:
            result.append(error)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join(60)
    return result[0]


def test_call_from_another_thread_is_refused(addon):
    m = addon("error")
    assert isinstance(run(lambda: m.is_error(1)), napi.WrongThreadError)
    assert m.is_error(1) is False


def test_each_thread_may_load_its_own(addon):
    path = addon("error").__file__
    assert run(lambda: napi.load(path, fresh=True).is_error(ValueError())) is True


@pytest.mark.parametrize("count", [50])
def test_objects_may_die_on_another_thread(addon, count):
    m = addon("finalizer", fresh=True)
    m.set_data()
    kept = [napi.Object() for _ in range(count)]
    for i, value in enumerate(kept):
        m.add(value, i)
    del value
    run(kept.clear)
    assert sorted(m.take() + m.take()) == list(range(count))
