"""Async work: napi/shim/async_work.c, pool.c, and the loops that run it."""

import asyncio
import os

import pytest
import uvloop

import napi
from napi._native import shim


@pytest.fixture
def m(addon):
    module = addon("async_work")
    module.open_gate(True)
    yield module
    module.open_gate(True)
    napi.run(timeout=30)
    module.counts()


def test_result_waits(m):
    assert m.doubled(21).result(timeout=30) == 42


def test_the_name_is_the_text_itself(m):
    """As in modules of napi-rs 1: V8 takes its first bytes for a small integer."""
    if shim.__name__ == "napi._shim":
        assert m.named_by_text().result(timeout=30) == 42
    else:
        with pytest.raises(napi.StrictError, match="handle-invalid"):
            m.named_by_text()


def test_await(m):
    async def main():
        return await asyncio.gather(*(m.doubled(i) for i in range(100)))

    assert asyncio.run(main()) == [2 * i for i in range(100)]


def test_each_asyncio_run_has_a_loop_of_its_own(m):
    async def main():
        return await m.doubled(1)

    for _ in range(3):
        assert asyncio.run(main()) == 2


def test_await_under_uvloop(m):
    async def main():
        return await asyncio.gather(*(m.doubled(i) for i in range(100)))

    loop = uvloop.new_event_loop()
    try:
        assert loop.run_until_complete(main()) == [2 * i for i in range(100)]
    finally:
        loop.close()


def test_callback_runs_in_a_turn_and_not_before(m):
    seen = []
    assert m.later(seen.append) == 0
    assert seen == []
    assert napi.run(timeout=30)
    assert seen == [0]


def test_callback_without_any_await(m):
    async def main():
        done = asyncio.Event()
        m.later(lambda status: done.set())
        await asyncio.wait_for(done.wait(), 30)

    asyncio.run(main())


def test_run_ends_when_nothing_is_left(m):
    m.batch(1000)
    assert napi.run(timeout=60)
    assert m.counts() == 1000_001000


def test_cancel(m):
    m.open_gate(False)
    size = int(os.environ.get("UV_THREADPOOL_SIZE", 4))
    seen = []
    for _ in range(size):
        m.later(seen.append, True)
    m.wait_running(size)
    m.later(seen.append)
    assert m.cancel() == 0
    napi.run_once()
    assert seen == [11]
    m.open_gate(True)
    assert napi.run(timeout=30)
    assert seen == [11] + [0] * size


def test_cancel_what_runs(m):
    m.open_gate(False)
    seen = []
    m.later(seen.append, True)
    m.wait_running(1)
    assert m.cancel() == 9
    m.open_gate(True)
    napi.run(timeout=30)
    assert seen == [0]


def test_cancel_what_was_never_queued(m):
    assert m.cancel_unqueued() == 1


def test_queue_twice(m, recorded_reports):
    m.open_gate(False)
    m.later(lambda status: None, True)
    assert m.queue_again() == 9


def test_delete_what_runs(m, recorded_reports):
    m.open_gate(False)
    seen = []
    m.later(seen.append, True)
    m.wait_running(1)
    assert m.drop() == 0
    m.open_gate(True)
    assert napi.run(timeout=30)
    assert seen == []


def test_timeout(m):
    m.open_gate(False)
    promise = m.doubled(1, True)
    with pytest.raises(TimeoutError, match=r"pending after 0\.01 s"):
        promise.result(timeout=0.01)
    m.open_gate(True)
    assert promise.result(timeout=30) == 2


def test_nothing_can_settle_it():
    with pytest.raises(napi.Error, match="nothing is left") as error:
        napi.Promise().result()
    assert error.value.code == "ERR_NAPI_PROMISE_PENDING"


def test_uncaught_exception_comes_out_of_the_pump(m):
    def fail(status):
        raise ValueError("lost")

    m.later(fail)
    with pytest.raises(ValueError, match="lost"):
        napi.run(timeout=30)


def test_uncaught_exception_handler(m):
    seen = []
    remove = napi.on_uncaught_exception(seen.append)
    error = ValueError("lost")

    def fail(status):
        raise error

    m.later(fail)
    assert napi.run(timeout=30)
    remove()
    assert seen == [error]


def test_uncaught_exception_under_asyncio(m):
    seen = []

    async def main():
        asyncio.get_running_loop().set_exception_handler(
            lambda loop, context: seen.append(context["exception"])
        )
        done = asyncio.Event()

        def fail(status):
            done.set()
            raise ValueError("lost")

        m.later(fail)
        await asyncio.wait_for(done.wait(), 30)
        await asyncio.sleep(0)

    asyncio.run(main())
    assert [str(error) for error in seen] == ["lost"]


def test_order_of_ticks_and_microtasks(m):
    """Node's order: the callback, its ticks, its microtasks."""
    seen = []
    process = shim.get(napi.globalThis, "process")

    def callback(status):
        napi.Promise(lambda resolve, _: resolve(1)).then(
            lambda _: seen.append("microtask")
        )
        shim.get(process, "nextTick")(lambda: seen.append("tick"))
        seen.append("callback")

    m.later(callback)
    shim.queue_microtask(lambda: seen.append("microtask before"))
    seen.append("sync")
    napi.run(timeout=30)
    assert seen == ["sync", "microtask before", "callback", "tick", "microtask"]


def test_make_callback(m):
    seen = []

    def callback():
        shim.queue_microtask(lambda: seen.append("microtask"))
        seen.append("callback")
        return 5

    assert m.call_back(napi.Object(), callback) == 5
    assert seen == ["callback", "microtask"]


def test_hooks(m):
    seen = []
    hook = napi.async_hooks.create_hook(
        init=lambda id, kind, trigger, resource: seen.append(("init", kind)),
        before=lambda id: seen.append("before"),
        after=lambda id: seen.append("after"),
        destroy=lambda id: seen.append("destroy"),
    ).enable()

    def callback(status):
        assert napi.async_hooks.execution_async_id() > 0
        seen.append("callback")

    try:
        m.later(callback)
        napi.run(timeout=30)
    finally:
        hook.disable()
    assert seen == [("init", "double"), "before", "callback", "after", "destroy"]
    assert napi.async_hooks.execution_async_id() == 0


def test_interrupt(child, addon_path):
    done = child(
        """
import os, signal, sys, threading, napi
m = napi.load(sys.argv[1])
m.open_gate(False)
promise = m.doubled(1, True)
m.wait_running(1)
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    promise.result()
except KeyboardInterrupt:
    print("interrupted")
m.open_gate(True)
print(promise.result())
""",
        addon_path("async_work"),
    )
    assert done.stdout.split() == ["interrupted", "2"]


@pytest.mark.parametrize("gated", [True, False])
def test_exit_in_the_middle(child, addon_path, gated):
    done = child(
        """
import sys, threading, napi
m = napi.load(sys.argv[1])
gated = sys.argv[2] == "True"
m.open_gate(not gated)
m.doubled(1, gated)
m.wait_running(1) if gated else None
m.batch(10000)
m.open_gate(True)
print("end")
""",
        addon_path("async_work"),
        gated,
    )
    assert done.stdout == "end\n"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("act", "printed", "said"),
    [
        ("print", "2\n", ""),
        ("lambda _: m.doubled(4).then(print)", "8\n", ""),
        ("lambda _: 1 / 0", "", "ZeroDivisionError"),
        ("lambda _: sys.exit(3)", "", "SystemExit"),
        ("lambda _: m.counts() and print('called')", "called\n", ""),
    ],
)
def test_what_runs_at_exit_completes(child, addon_path, act, printed, said):
    done = child(
        f"""
import sys, napi
m = napi.load(sys.argv[1])
m.open_gate(False)
m.doubled(1, True).then({act})
m.wait_running(1)
m.open_gate(True)
""",
        addon_path("async_work"),
        timeout=8,
    )
    assert done.stdout == printed
    assert said in done.stderr
    assert bool(done.stderr) == bool(said)


def test_what_cannot_run_at_exit_is_cancelled(child, addon_path, monkeypatch):
    monkeypatch.setenv("UV_THREADPOOL_SIZE", "1")
    done = child(
        """
import sys, napi
m = napi.load(sys.argv[1])
m.open_gate(False)
m.doubled(1, True).then(print)
m.doubled(4).catch(lambda _: (print("cut"), m.open_gate(True)))
m.wait_running(1)
""",
        addon_path("async_work"),
    )
    assert (done.stdout, done.stderr) == ("cut\n2\n", "")


def test_a_chain_of_works_comes_to_its_end_at_exit(child, addon_path):
    """As in Node; many addons take a work that was cancelled for one that is done."""
    done = child(
        """
import sys, napi
m = napi.load(sys.argv[1])
def more(n):
    m.doubled(n).then(more) if n < 1024 else print(n)
more(1)
""",
        addon_path("async_work"),
    )
    assert (done.stdout, done.stderr) == ("1024\n", "")


def test_fork(child, addon_path):
    done = child(
        """
import os, sys, napi
m = napi.load(sys.argv[1])
print(m.doubled(1).result(), flush=True)
m.open_gate(False)
pending = m.doubled(2, True)
m.wait_running(1)
if os.fork() == 0:
    try:
        pending.result()
    except napi.Error as error:
        print(error.code, flush=True)
    print(m.doubled(4).result(), flush=True)
    sys.exit(0)
os.wait()
m.open_gate(True)
print(pending.result())
""",
        addon_path("async_work"),
    )
    assert done.stdout.split() == ["2", "ERR_NAPI_PROMISE_PENDING", "8", "4"]


def test_environments_come_and_go(child, addon_path):
    done = child(
        """
import sys, threading, napi
def work(times):
    for i in range(times):
        with napi.Environment() as env:
            m = env.load(sys.argv[1])
            assert m.doubled(i).result(timeout=60) == 2 * i
threads = [threading.Thread(target=work, args=(100,)) for _ in range(4)]
for one in threads: one.start()
for one in threads: one.join()
work(600)
print("end", len(__import__("os").listdir("/proc/self/fd")) < 20)
""",
        addon_path("async_work"),
    )
    assert done.stdout == "end True\n"


def test_a_closed_environment_says_so(addon_path):
    with napi.Environment() as env:
        module = env.load(addon_path("async_work"))
    with pytest.raises(napi.Error, match="closed"):
        module.counts()


def test_coroutine_settles_a_promise():
    async def later():
        await asyncio.sleep(0)
        return 5

    promise = napi.Promise(lambda resolve, _: resolve(later()))
    assert promise.result(timeout=30) == 5

    async def main():
        return await napi.Promise(lambda resolve, _: resolve(later()))

    assert asyncio.run(main()) == 5


def test_cancelled_coroutine_rejects():
    async def main():
        task = asyncio.ensure_future(asyncio.sleep(60))
        promise = napi.Promise(lambda resolve, _: resolve(task))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await promise
        return promise.state

    assert asyncio.run(main()) == "rejected"


@pytest.fixture
def realm():
    return napi.globalThis


def test_timers_in_order(realm):
    seen = []
    for delay in (20, 10, 1):
        shim.get(realm, "setTimeout")(seen.append, delay, delay)
    shim.get(realm, "setImmediate")(seen.append, "immediate")
    stopped = shim.get(realm, "setTimeout")(seen.append, 5, "never")
    shim.get(realm, "clearTimeout")(stopped)
    assert napi.run(timeout=30)
    # Whether the first millisecond is over in the first turn is up to the machine.
    assert [one for one in seen if one != "immediate"] == [1, 10, 20]
    assert seen.index("immediate") < 2


def test_interval(realm):
    seen = []

    def tick():
        seen.append(1)
        if len(seen) == 3:
            shim.get(realm, "clearInterval")(timer)

    timer = shim.get(realm, "setInterval")(tick, 1)
    assert napi.run(timeout=30)
    assert len(seen) == 3


def test_unreferenced_timer_keeps_nothing_alive(realm):
    timer = shim.get(realm, "setTimeout")(lambda: None, 60_000).unref()
    assert napi.run(timeout=30)
    shim.get(realm, "clearTimeout")(timer)


def test_timers_under_asyncio(realm):
    async def main():
        done = asyncio.Event()
        shim.get(realm, "setTimeout")(done.set, 1)
        await asyncio.wait_for(done.wait(), 30)
        done.clear()
        shim.get(realm, "setImmediate")(done.set)
        await asyncio.wait_for(done.wait(), 30)

    asyncio.run(main())


def test_run_is_not_for_asyncio():
    async def main():
        with pytest.raises(RuntimeError, match="await"):
            napi.run()

    asyncio.run(main())


def test_unhandled_rejection_is_reported_without_a_hook(child):
    done = child(
        """
import napi
napi.Promise(lambda _, reject: reject(napi.Error("nobody looked")))
napi.Promise(lambda _, reject: reject(5))
"""
    )
    told = "A promise was rejected and nobody looked at it (rejected at <string>:"
    assert done.stderr.count(told) == 2
    assert "\nnapi.Error: nobody looked\n" in done.stderr
    assert "Thrown: 5\n" in done.stderr
    assert "Traceback" not in done.stderr


def test_unhandled_rejection_of_a_promise_that_outlives_its_modules(child):
    done = child(
        """
import napi
kept = napi.Promise(lambda _, reject: reject(napi.Error("nobody looked")))
other = napi.Promise(lambda _, reject: reject(5))
import builtins
builtins.kept, builtins.other = kept, other
"""
    )
    assert done.stderr.count("\nnapi.Error: nobody looked\n") == 1
    assert "Promise { <rejected> 5 }" in done.stderr
    assert "ImportError" not in done.stderr
    assert "ModuleNotFound" not in done.stderr


def test_what_the_exit_cancels_is_not_reported(child, addon_path):
    done = child(
        """
import sys, napi
m = napi.load(sys.argv[1])
m.open_gate(False)
kept = [m.doubled(i, i < 8) for i in range(50)]
kept.append(m.doubled(1).then(print))
print("end")
m.open_gate(True)
""",
        addon_path("async_work"),
    )
    assert done.stderr == ""


def test_unhandled_rejection_is_reported_once_with_its_place(monkeypatch):
    seen = []
    monkeypatch.setattr("sys.unraisablehook", seen.append)
    promise = napi.Promise(lambda _, reject: reject(ValueError("lost")))
    del promise
    assert [str(one.exc_value) for one in seen] == ["lost"]
    assert f"{__file__}:" in seen[0].err_msg
