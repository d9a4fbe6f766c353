"""Promises and microtasks: promise.c, promise_type.c."""

import asyncio
import gc
from typing import get_args, get_origin

import pytest

import napi
from napi._native import shim


@pytest.fixture
def m(addon):
    return addon("promise")


def test_resolved_promise_has_its_result(m):
    promise, deferred = m.make()
    assert promise.state == "pending"
    m.resolve(deferred, 5)
    assert promise.state == "fulfilled"
    assert promise.result() == 5


def test_rejected_promise_raises_its_reason(m):
    promise, deferred = m.make()
    error = ValueError("no")
    m.reject(deferred, error)
    with pytest.raises(ValueError, match="no") as info:
        promise.result()
    assert info.value is error


def test_reactions_run_as_microtasks_when_the_call_returns(m):
    promise, deferred = m.make()
    seen = []
    promise.then(lambda v: seen.append(v))
    assert seen == []
    m.resolve(deferred, 1)
    assert seen == [1]


def test_chain(m):
    promise, deferred = m.make()
    out = promise.then(lambda v: v + 1).then(lambda v: v * 2)
    m.resolve(deferred, 1)
    assert out.result() == 4


def test_exception_in_a_reaction_rejects(m):
    promise, deferred = m.make()

    def fail(value):
        raise KeyError(value)

    out = promise.then(fail).catch(lambda e: type(e).__name__)
    m.resolve(deferred, 1)
    assert out.result() == "KeyError"


def test_finally_keeps_the_outcome(m):
    promise, deferred = m.make()
    seen = []
    out = promise.finally_(lambda: seen.append("f"))
    m.resolve(deferred, 3)
    assert out.result() == 3
    assert seen == ["f"]


def test_promise_adopts_a_promise(m):
    outer, outer_deferred = m.make()
    inner, inner_deferred = m.make()
    m.resolve(outer_deferred, inner)
    assert outer.state == "pending"
    m.resolve(inner_deferred, "late")
    assert outer.result() == "late"


def test_promise_cannot_adopt_itself(m):
    promise, deferred = m.make()
    m.resolve(deferred, promise)
    with pytest.raises(TypeError, match="Chaining cycle"):
        promise.result()


def test_thenable(m):
    promise, deferred = m.make()
    m.resolve(deferred, {"then": lambda resolve, reject: resolve(8)})
    assert promise.result() == 8


def test_await_without_a_loop(m):
    promise, deferred = m.make()
    m.resolve(deferred, 5)

    async def main():
        return await promise

    coroutine = main()
    with pytest.raises(StopIteration) as info:
        coroutine.send(None)
    assert info.value.value == 5


def test_pending_promise_says_so(m):
    promise, deferred = m.make()
    with pytest.raises(napi.Error, match="still pending"):
        promise.result()
    m.resolve(deferred, None)


def test_unhandled_rejection_is_reported_once(m, monkeypatch):
    seen = []
    monkeypatch.setattr("sys.unraisablehook", lambda u: seen.append(str(u.exc_value)))
    promise, deferred = m.make()
    m.reject(deferred, napi.Error("nobody looked"))
    del promise
    gc.collect()
    assert seen == ["nobody looked"]


def test_is_promise(m):
    promise, deferred = m.make()
    assert m.is_promise(promise) is True
    m.resolve(deferred, None)

    async def coroutine():
        pass

    native = coroutine()
    assert m.is_promise(native) is True
    native.close()
    for value in (1, "x", None, {}, {"then": lambda: 1}, napi.Object()):
        assert m.is_promise(value) is False


async def five():
    await asyncio.sleep(0)
    return 5


class Awaitable:
    def __await__(self):
        return five().__await__()


async def fail():
    raise napi.RangeError("late")


@pytest.mark.parametrize("make", [five, Awaitable])
def test_awaitables_have_the_methods_of_promises(make):
    awaitable, seen = make(), []
    then, last = shim.get(awaitable, "then"), shim.get(awaitable, "finally")
    shim.call(then, awaitable, seen.append)
    shim.call(then, awaitable, seen.append)
    shim.call(last, awaitable, lambda: seen.append("finally"))
    assert napi.run(timeout=30)
    assert seen == [5, 5, "finally"]
    assert napi.Promise(lambda resolve, _: resolve(awaitable)).result(30) == 5
    assert shim.get_prototype(shim.get_prototype(awaitable)) is (
        napi.globalThis["Promise"].prototype
    )


def test_catch_of_a_coroutine():
    coroutine, seen = fail(), []
    shim.call(shim.get(coroutine, "catch"), coroutine, seen.append)
    assert napi.run(timeout=30)
    assert isinstance(seen[0], napi.RangeError)


def test_what_a_closed_loop_left_is_not_waited_for():
    loop, seen = asyncio.new_event_loop(), []

    async def leave():
        pending = loop.create_future()
        shim.call(shim.get(pending, "then"), pending, seen.append)

    loop.run_until_complete(leave())
    for close in (lambda: None, loop.close):
        close()
        coroutine = five()
        shim.call(shim.get(coroutine, "then"), coroutine, seen.append)
        assert napi.run(timeout=30)
    assert seen == [5, 5]


def test_executor():
    promise = napi.Promise(lambda resolve, reject: resolve(1))
    assert promise.result() == 1


def test_promise_can_be_written_in_annotations():
    written = napi.Promise[int]
    assert (get_origin(written), get_args(written)) == (napi.Promise, (int,))
    assert written(lambda resolve, reject: resolve(3)).result(timeout=5) == 3
    assert "__class_getitem__" not in shim.own_keys(napi.Promise)
