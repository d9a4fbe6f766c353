"""Threadsafe functions: napi/shim/threadsafe.c, threadsafe_queue.c."""

import asyncio

import pytest

import napi
from napi._native import is_strict


@pytest.fixture
def m(addon):
    module = addon("threadsafe")
    yield module
    assert napi.run(timeout=60), "a function is left over"


def test_items_arrive_in_order_and_in_turns(m):
    seen = []
    assert m.create(seen.append, 0) == 0
    assert m.push(2500) == 0
    assert seen == []
    napi.run_once()
    assert seen == list(range(1000)), "at most 1000 items a turn"
    assert m.release() == 0
    assert napi.run(timeout=30)
    assert seen == list(range(2500))
    assert m.get_finalized() == 1


def test_threads_lose_nothing(m):
    seen = []
    m.create(seen.append, 0)
    m.threads(8, 1000)
    m.release()
    assert napi.run(timeout=60)
    assert sorted(seen) == sorted(list(range(1000)) * 8)
    assert m.get_finalized() == 1


def test_producers_wait_for_room(m):
    seen = []
    m.create(seen.append, 3)
    m.start(4, 1000)
    m.release()
    assert napi.run(timeout=60)
    m.join()
    assert sorted(seen) == sorted(list(range(1000)) * 4)
    assert m.get_finalized() == 1


def test_each_producer_keeps_its_order(m):
    seen = []
    m.create(seen.append, 0)
    m.start_numbered(4, 2000)
    m.release()
    assert napi.run(timeout=60)
    m.join()
    for producer in range(4):
        mine = [item for item in seen if item % 16 == producer]
        assert mine == [i * 16 + producer for i in range(2000)]


def test_under_asyncio(m):
    async def main():
        seen = []
        done = asyncio.Event()

        def item(value):
            seen.append(value)
            if len(seen) == 4000:
                done.set()

        m.create(item, 0)
        m.start(4, 1000)
        await asyncio.wait_for(done.wait(), 60)
        m.join()
        m.release()
        return seen

    assert len(asyncio.run(main())) == 4000


def test_full_queue(m):
    seen = []
    m.create(seen.append, 2)
    assert m.push(3) == 15
    m.release()
    napi.run(timeout=30)
    assert seen == [0, 1]


def test_blocking_the_owner_would_deadlock(m):
    m.create(lambda item: None, 1)
    assert m.push(1) == 0
    if is_strict():
        with pytest.raises(napi.StrictError, match="threadsafe-deadlock"):
            m.push_blocking()
    else:
        assert m.push_blocking() == 21
    m.release()


def test_abort_hands_items_back_and_frees_waiting_producers(m):
    seen = []
    m.create(seen.append, 1)
    m.start(4, 10)
    assert m.abort() == 0
    napi.run(timeout=30)
    m.join()
    assert m.get_finalized() == 1


def test_unreferenced_keeps_nothing_alive(m):
    seen = []
    m.create(seen.append, 0)
    m.unref()
    m.unref()
    assert napi.run(timeout=30)
    m.ref()
    assert not napi.run(timeout=0.01)
    m.push(1)
    m.release()
    assert napi.run(timeout=30)
    assert seen == [0]


def test_needs_a_function(m):
    assert m.create(5, 0) == 1


def test_exceptions_in_the_function_come_out_of_the_pump(m):
    def fail(item):
        raise ValueError(item)

    m.create(fail, 0)
    m.push(2)
    m.release()
    for expected in "01":
        with pytest.raises(ValueError, match=expected):
            napi.run(timeout=30)


@pytest.mark.parametrize(
    ("act", "printed", "least", "most"),
    [
        ("m.owe().then(print); m.start(1, 20000)", "paid\n", 0, 8),
        ("m.owe().then(print)", "", 1.5, 8),
        ("m.owe().then(print); m.unref()", "", 0, 1.5),
        ("m.start(1, 20000); m.join()", "", 0, 1.5),
    ],
    ids=["settled", "never settled", "unreferenced", "no promise"],
)
def test_exit_waits_for_a_promise_in_flight(
    child, addon_path, act, printed, least, most
):
    done = child(
        f"""
import atexit, sys, time, napi
def told(item):
    if item == 19999:
        m.pay("paid")
start = time.monotonic()
atexit.register(lambda: print(time.monotonic() - start, file=sys.stderr))
m = napi.load(sys.argv[1])
m.create(told, 0)
start = time.monotonic()
{act}
""",
        addon_path("threadsafe"),
        timeout=10,
    )
    assert done.stdout == printed
    assert least < float(done.stderr) < most


def test_exit_with_producers_at_work(child, addon_path):
    done = child(
        """
import sys, napi
m = napi.load(sys.argv[1])
m.create(lambda item: None, int(sys.argv[2]))
m.start_endless(4)
napi.run(timeout=0.05)
print("end")
""",
        addon_path("threadsafe"),
        10,
    )
    assert (done.stdout, done.stderr) == ("end\n", "")
