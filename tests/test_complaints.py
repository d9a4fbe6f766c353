"""What users of other Node-API hosts complain of, by its number in our list.

Number 7, addons of the API of V8, is test_binary.py. Of 4, 10 and 14 test_teardown.py
has more, of 5 and 6 test_libuv.py; here is the shortest form of each complaint.
"""

import asyncio
import gc
import threading

import pytest

import napi


@pytest.fixture
def m(addon):
    module = addon("complaints", fresh=True)
    gc.collect()
    module.count()
    module.items()
    return module


@pytest.mark.parametrize("way", ["dies", "collected", "within a call", "at exit"])
def test_finalizer_may_delete_a_reference_during_collection(m, child, addon_path, way):
    """Number 1."""
    if way == "at exit":
        code = (
            "import sys, napi; m = napi.load(sys.argv[1])\n"
            "a, b = napi.Object(), napi.Object(); m.link(a, b); m.link(b, a)"
        )
        assert child(code, addon_path("complaints")).stderr == ""
        return
    value, other = napi.Object(), napi.Object()
    m.link(value, other)
    if way == "collected":
        value["self"] = value
    held = [value]
    del value
    if way == "within a call":
        napi.Promise(lambda *_: held.clear())
    held.clear()
    gc.collect()
    assert m.count() == 1


def test_deleting_a_reference_cancels_its_queued_finalizer(m):
    """Number 2: the object has died, its finalizer waits for a safe point."""
    for _ in range(100):
        m.delete_queued()
    gc.collect()
    assert m.count() == 0


def test_finalizers_need_no_loop(m):
    """Number 3: a synchronous program gives its memory back as it goes."""
    for _ in range(1000):
        m.arraybuffer()
        assert m.count() == 1


def test_finalizers_are_guaranteed(child, addon_path):
    """Number 4: exactly once, also at the end of the program."""
    done = child(
        """
import sys, napi
m = napi.load(sys.argv[1])
m.set_data()
m.print_from_now()
kept = [m.external(i) for i in range(3)]
del kept[1]
""",
        addon_path("finalizer"),
    )
    lines = ["finalizer 1", "finalizer 2", "finalizer 0", "instance data"]
    assert done.stdout.split("\n")[:-1] == lines


def test_missing_libuv_is_said_at_load(child, addon_path, monkeypatch):
    """Number 5: never a crash at the first call, never a function that does nothing."""
    monkeypatch.setenv("NAPI_LIBUV", "/nonexistent/libuv.so")
    done = child(
        """
import sys, napi
try:
    napi.load(sys.argv[1])
except napi.LoadError as error:
    print(error)
""",
        addon_path("libuv"),
    )
    assert "/nonexistent/libuv.so" in done.stdout


def test_both_names_of_the_loop_are_one(addon):
    """Number 6; test_libuv.py has it with all loops."""
    assert addon("libuv").loops()[:2] == [True, True]


def test_windows_is_documented():
    """Number 8: what imports of node.exe need, until it is built there."""
    from places import ROOT

    assert "Windows" in (ROOT / "docs" / "limits.md").read_text()


def test_external_memory_may_be_given_twice(m):
    """Number 9: each buffer over the same memory ends for itself."""
    buffers = [m.arraybuffer() for _ in range(3)]
    assert m.count() == 0
    buffers.pop()
    assert m.count() == 1
    buffers.clear()
    assert m.count() == 2


def test_a_refused_buffer_is_not_finalized(m, recorded_reports):
    """Number 9: the caller still owns the memory."""
    assert m.refused() == 110
    gc.collect()
    assert m.count() == 0


def test_detached_memory_is_finalized_once(m):
    """Number 9."""
    buffer = m.arraybuffer()
    assert m.detach(buffer) == 0
    before = m.count()
    del buffer
    gc.collect()
    assert before + m.count() == 1


def test_threadsafe_function_outlives_its_environment(addon_path):
    """Number 10: who still holds it is told, and frees it with the last hold."""
    environment = napi.Environment()
    m = environment.load(addon_path("complaints"))
    m.open(3)
    assert m.push_null() == 0
    environment.close()
    again = napi.Environment()
    other = again.load(addon_path("complaints"))
    assert other.count() == 1
    assert other.push_null() == 16
    assert other.end(False) == 0
    assert other.end(False) == 0
    again.close()


def test_abort_does_not_wait_for_other_holders(m):
    """Number 11."""
    m.open(3)
    assert m.end(True) == 0
    assert napi.run(timeout=30)
    assert m.count() == 1
    assert m.push_null() == 16
    assert m.end(False) == 0


def test_forgotten_threadsafe_function_does_not_keep_the_process(child, addon_path):
    """Number 12: only napi.run() waits for it."""
    done = child(
        "import sys, napi; m = napi.load(sys.argv[1]); m.open(1); print('end')",
        addon_path("complaints"),
    )
    assert (done.stdout, done.stderr) == ("end\n", "")


@pytest.mark.parametrize("times", [1, 2, 5])
def test_ref_and_unref_are_no_counters(m, times):
    """Number 12."""
    m.open(1)
    for _ in range(times):
        assert m.unref() == 0
    assert napi.run(timeout=30)
    for _ in range(times):
        assert m.ref() == 0
    assert not napi.run(timeout=0.01)
    m.unref()
    assert napi.run(timeout=30)
    m.end(False)
    napi.run(timeout=30)


def test_items_without_data_arrive(m):
    """Number 13."""
    m.open(1)
    for _ in range(2500):
        assert m.push_null() == 0
    m.end(False)
    assert napi.run(timeout=30)
    assert m.items() == 2500


def test_asynchronous_cleanup_hooks_are_awaited(child, addon_path):
    """Number 14."""
    done = child(
        "import sys, napi; m = napi.load(sys.argv[1]); m.async_hook('1')",
        addon_path("teardown"),
    )
    assert done.stdout == "async hook 1\nfinished 1\n"


async def _answer():
    await asyncio.sleep(0)
    return 5


class TestPromisesSettle:
    """Number 22, with and without a loop, whoever settles them."""

    def test_without_a_loop(self, addon):
        assert addon("async_work").doubled(2).result(timeout=30) == 4

    def test_under_a_loop_that_waits_for_something_else(self, addon):
        async def main():
            done = asyncio.Event()
            addon("async_work").doubled(2).then(lambda _: done.set())
            await asyncio.wait_for(done.wait(), 30)

        asyncio.run(main())

    def test_on_a_thread(self, addon_path):
        seen = []

        def serve():
            with napi.Environment() as environment:
                m = environment.load(addon_path("async_work"))
                seen.append(m.doubled(2).result(timeout=30))

        thread = threading.Thread(target=serve)
        thread.start()
        thread.join(60)
        assert seen == [4]

    def test_what_cannot_settle_says_so_at_once(self):
        with pytest.raises(napi.Error, match="nothing is left"):
            napi.Promise().result()

    def test_begun_in_a_loop_that_has_ended(self, addon):
        async def main():
            return addon("async_work").doubled(2)

        assert asyncio.run(main()).result(timeout=30) == 4

    def test_begun_without_a_loop(self, addon):
        promise = addon("async_work").doubled(2)

        async def main():
            return await promise

        assert asyncio.run(main()) == 4


class TestAwaitables:
    """A Python awaitable is a promise to an addon, whatever becomes of its loop."""

    @pytest.fixture
    def m(self, addon):
        return addon("uncaught", version=10)

    def test_is_a_promise(self, addon):
        answer = _answer()
        assert addon("promise").is_promise(answer)
        answer.close()

    @pytest.mark.parametrize("wrap", [lambda a: a, asyncio.ensure_future])
    def test_under_a_loop(self, m, wrap):
        async def main():
            return await m.awaited(wrap(_answer()))

        assert asyncio.run(main()) == 5

    def test_without_a_loop(self, m):
        assert m.awaited(_answer()).result(timeout=30) == 5

    def test_exception_becomes_rejection_with_its_identity(self, m):
        error = ValueError("x")

        async def fail():
            raise error

        with pytest.raises(ValueError, match="x") as raised:
            m.awaited(fail()).result(timeout=30)
        assert raised.value is error

    def test_cancellation_becomes_rejection(self, m):
        async def main():
            task = asyncio.ensure_future(asyncio.sleep(60))
            promise = m.awaited(task)
            reason = promise.then(None, lambda error: error)
            await asyncio.sleep(0)
            task.cancel()
            return await reason

        assert isinstance(asyncio.run(main()), asyncio.CancelledError)

    def test_loop_that_ends_cancels(self, m):
        async def main():
            return m.awaited(asyncio.sleep(60))

        with pytest.raises(asyncio.CancelledError):
            asyncio.run(main()).result(timeout=30)

    def test_future_of_a_loop_that_was_closed(self, m):
        """Nothing can settle it: that is said, and not waited for."""
        loop = asyncio.new_event_loop()

        async def main():
            future = loop.create_future()
            return future, m.awaited(future)

        future, promise = loop.run_until_complete(main())
        loop.close()
        with pytest.raises(napi.Error, match="nothing is left"):
            promise.result(timeout=30)
        assert napi.run(timeout=30)
        assert not future.done()

    def test_awaiting_task_that_is_cancelled_leaves_the_promise(self, addon):
        """Cancelling who waits does not touch what is waited for."""
        work = addon("async_work")
        work.open_gate(False)

        async def main():
            promise = work.doubled(2, True)
            task = asyncio.ensure_future(_await(promise))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            work.open_gate(True)
            return await promise

        assert asyncio.run(main()) == 4


async def _await(promise):
    return await promise
