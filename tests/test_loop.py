"""Which loop and which thread waits: napi/loop.py, napi/pump.py."""

import asyncio
import gc
import threading

import pytest
import uvloop

import napi

LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
loops = pytest.mark.parametrize("new_loop", LOOPS.values(), ids=LOOPS)


@pytest.fixture
def m(addon):
    return addon("async_work")


@pytest.fixture
def pair(addon):
    """A promise and its deferred."""
    module = addon("promise")
    promise, deferred = module.make()
    return promise, lambda value: module.resolve(deferred, value)


def on_thread(act, *args):
    """What a function answers or raises on another thread, which is waited for."""
    outcome = []

    def run():
        try:
            outcome.append(act(*args))
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return lambda: (thread.join(60), outcome)[1]


@loops
def test_task_that_its_closed_loop_left_behind_is_nobodys(pair, new_loop, monkeypatch):
    """What it waited for is settled later: that is no error."""
    promise, resolve = pair
    unraised = []
    monkeypatch.setattr("sys.unraisablehook", unraised.append)
    loop = new_loop()

    async def wait():
        return await promise

    async def begin():
        task = asyncio.ensure_future(wait())
        await asyncio.sleep(0)
        return task

    task = loop.run_until_complete(begin())
    loop.close()
    resolve(5)
    assert napi.run(timeout=30)
    assert not task.done()
    task._log_destroy_pending = False
    del task
    gc.collect()
    assert (unraised, promise.result()) == ([], 5)


def test_result_on_another_thread_is_refused(pair):
    promise, resolve = pair
    (error,) = on_thread(promise.result, 30)()
    assert isinstance(error, napi.WrongThreadError)
    assert "wait for it there" in str(error)
    resolve(1)
    assert on_thread(promise.result)() == [1]


@loops
def test_await_on_another_thread(pair, new_loop):
    """The loop that waits is woken, whichever thread settles the promise."""
    promise, resolve = pair
    waiting = threading.Event()

    def wait():
        loop = new_loop()

        async def main():
            asyncio.get_running_loop().call_soon(waiting.set)
            return await promise

        try:
            return loop.run_until_complete(asyncio.wait_for(main(), 30))
        finally:
            loop.close()

    outcome = on_thread(wait)
    assert waiting.wait(30)
    resolve("settled here")
    assert napi.run(timeout=30)
    assert outcome() == ["settled here"]


@loops
def test_result_under_a_running_loop(m, new_loop):
    async def main():
        return m.doubled(4).result(timeout=30) + await m.doubled(1)

    loop = new_loop()
    assert loop.run_until_complete(main()) == 10
    loop.close()


@loops
def test_result_of_what_only_the_running_loop_can_settle(new_loop):
    async def main():
        future = asyncio.get_running_loop().create_future()
        promise = napi.Promise(lambda resolve, reject: resolve(future))
        with pytest.raises(napi.Error, match="await the promise") as error:
            promise.result(timeout=30)
        future.set_result(7)
        return error.value.code, await promise

    loop = new_loop()
    outcome = loop.run_until_complete(main())
    loop.close()
    assert outcome == ("ERR_NAPI_PROMISE_PENDING", 7)


def test_await_without_asyncio_says_what_waits(pair):
    """As under trio, whose coroutines run without a loop of asyncio."""
    promise, resolve = pair

    async def main():
        await promise

    with pytest.raises(RuntimeError, match=r"uvloop; promise\.result"):
        main().send(None)
    resolve(None)


DAEMONS = """
import asyncio, atexit, sys, threading
atexit.register(lambda: threads[0].join(30))  # comes after the end of addons
import napi
WAYS = ["call", "result", "asyncio", "run"]
ready = threading.Barrier(len(WAYS) + 1)

def serve(way):
    with napi.Environment() as env:
        m = env.load(sys.argv[1])
        m.doubled(1).result()
        ready.wait()
        while way == "call":
            m.counts()
        while way == "result":
            m.doubled(1).result()
        while way == "run":
            m.doubled(1).then(m.doubled)
            napi.run()
        asyncio.run(forever(m))

async def forever(m):
    while True:
        await m.doubled(1)

threads = [threading.Thread(target=serve, args=(w,), daemon=True) for w in WAYS]
for thread in threads:
    thread.start()
ready.wait()
print("end")
"""


@pytest.mark.parametrize("attempt", range(5))
def test_daemon_threads_end_without_a_word(child, addon_path, attempt):
    """As threads of Python alone do; whoever joins them at exit can."""
    done = child(DAEMONS, addon_path("async_work"))
    assert (done.stdout, done.stderr) == ("end\n", "")
