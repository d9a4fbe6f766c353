"""Threads: envs have owners; producers and works in masses, and cut off midway.

Whatever is to happen in the middle happens in a callback of the n-th item, so that
no test depends on a clock.
"""

import os
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


HEAD = """
import asyncio, os, signal, sys, threading, time
import napi
m = napi.load(sys.argv[1])
QUEUE = int(sys.argv[2])
ITEMS = int(sys.argv[3])
ENDLESS = 1 << 31

def check(**expected):
    stats = dict(m.stats())
    wrong = {n: (stats[n], v) for n, v in expected.items() if stats[n] != v}
    assert not wrong, (wrong, stats)
    return stats
"""
# A queue with a limit costs a switch of threads an item.
QUEUES = [(0, 1_000_000), (1000, 20_000), (1, 500)]
QUEUE_IDS = ["unlimited", "limited", "one place"]
queues = pytest.mark.parametrize(("queue", "items"), QUEUES, ids=QUEUE_IDS)


@pytest.fixture
def stress(child, addon_path):
    """stress(code, queue, items): the code after HEAD, in a child; its lines."""

    def act(code, queue=0, items=1_000_000):
        path = addon_path("stress_threads")
        done = child(HEAD + code, path, queue, items)
        assert done.stderr == ""
        return done.stdout.split("\n")[:-1]

    return act


RUN_PLAIN = """
m.start(lambda n: None, 16, ITEMS, QUEUE, 1 << 16)
m.release()
assert napi.run(timeout=50)
"""
RUN_ASYNCIO = """
async def main():
    done = asyncio.Event()
    m.start(lambda n: n == 16 * ITEMS and done.set(), 16, ITEMS, QUEUE, 16 * ITEMS)
    m.release()
    await asyncio.wait_for(done.wait(), 50)
    while m.stats()["finalized"] == 0:
        await asyncio.sleep(0)

asyncio.run(main())
"""
RUN_UVLOOP = RUN_ASYNCIO.replace(
    "asyncio.run(main())",
    "import uvloop\nuvloop.new_event_loop().run_until_complete(main())",
)
LOOPS = {"plain": RUN_PLAIN, "asyncio": RUN_ASYNCIO, "uvloop": RUN_UVLOOP}


@queues
@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS)
def test_nothing_is_lost_and_each_producer_keeps_its_order(stress, loop, queue, items):
    stress(
        loop + "m.join()\nn = 16 * ITEMS\n"
        "check(pushed=n, received=n, disordered=0, refused=0, finalized=1)",
        queue,
        items,
    )


WORKS_PLAIN = """
m.works(seen.append, 100_000, 25_000)
assert napi.run(timeout=50)
"""
WORKS_ASYNCIO = """
async def main():
    done = asyncio.Event()
    def tell(n):
        seen.append(n)
        n == 100_000 and done.set()
    m.works(tell, 100_000, 25_000)
    await asyncio.wait_for(done.wait(), 50)
asyncio.run(main())
"""


@pytest.mark.parametrize("loop", [WORKS_PLAIN, WORKS_ASYNCIO], ids=["plain", "asyncio"])
def test_a_hundred_thousand_works(stress, loop):
    stress(
        "seen = []" + loop + "check(executed=100_000, completed=100_000, cancelled=0)\n"
        "assert seen == [25_000, 50_000, 75_000, 100_000], seen"
    )


@queues
def test_abort_in_the_middle(stress, queue, items):
    """Nothing more is called; what is queued goes back; producers hear of it."""
    stress(
        """
def act(n):
    if n == 1000:
        assert m.abort() == 0
m.start(act, 16, ENDLESS, QUEUE, 1000)
assert napi.run(timeout=50)
m.join()
stats = check(received=1000, refused=16, disordered=0, finalized=1)
assert stats["pushed"] == stats["received"] + stats["handed_back"], stats
""",
        queue,
        items,
    )


EXITS = {
    "sys.exit": "lambda n: sys.exit(3)",
    "raise": "lambda n: (_ for _ in ()).throw(SystemExit(3))",
}


@queues
@pytest.mark.parametrize("way", EXITS.values(), ids=EXITS)
@pytest.mark.parametrize("waiter", ["napi.run()", "asyncio.run(asyncio.sleep(60))"])
def test_exit_in_the_middle(child, addon_path, way, waiter, queue, items):
    code = f"""
async def main():
    m.start({way}, 16, ENDLESS, QUEUE, 1000)
    await asyncio.sleep(60)
if "asyncio" in {waiter!r}:
    asyncio.run(main())
m.start({way}, 16, ENDLESS, QUEUE, 1000)
napi.run()
"""
    path = addon_path("stress_threads")
    done = child(HEAD + code, path, queue, items, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")


@queues
def test_loop_closed_in_the_middle_and_a_new_one_opened(stress, queue, items):
    stress(
        """
seen = []
async def some(n):
    arrived = asyncio.Event()
    def act(count):
        seen.append(count)
        events and events[-1].set()
    events.append(arrived)
    if n == 0:
        m.start(act, 16, ITEMS, QUEUE, 100)
    elif len(seen) * 100 == 16 * ITEMS:
        return  # a loop that ends has turns too: on a busy machine they took all
    else:
        napi.loop.attach()
    await asyncio.wait_for(arrived.wait(), 50)

import napi.loop
events = []
for n in range(5):
    asyncio.run(some(n))
events.clear()
m.release()
assert napi.run(timeout=50)
m.join()
check(pushed=16 * ITEMS, received=16 * ITEMS, disordered=0, refused=0, finalized=1)
assert seen == list(range(100, 16 * ITEMS + 1, 100))
""",
        queue,
        items // 10,
    )


@queues
def test_environment_closed_in_the_middle(stress, queue, items):
    """By its own callback: the rest goes back, and producers end."""
    stress(
        """
env = napi.Environment()
m = env.load(sys.argv[1])
stats = m.stats
def act(n):
    raise ValueError("enough")
m.start(act, 16, ENDLESS, QUEUE, 1000)
try:
    napi.run()
except ValueError:
    env.close()
try:
    m.join()
except napi.Error as error:
    assert error.code == "ERR_NAPI_ENV_CLOSED", error
assert napi.run(timeout=50)
""",
        queue,
        items,
    )


@pytest.mark.skipif(
    "san" in os.environ.get("LD_PRELOAD", ""),
    reason="a lock of the sanitizer's own may be held as the process is forked",
)
@queues
def test_fork_in_the_middle(stress, queue, items):
    """The child has no producers: it can do everything else, and ends."""
    lines = stress(
        """
child = 0
def act(n):
    global child
    if n == 1000:
        child = os.fork()
        if child == 0:
            raise Forked

class Forked(Exception):
    pass

m.start(act, 16, ITEMS, QUEUE, 1000)
m.release()
try:
    assert napi.run(timeout=50)
    pid, status = os.waitpid(child, 0)
    assert status == 0, status
    m.join()
    check(received=16 * ITEMS, disordered=0, finalized=1)
except Forked:
    assert napi.run(timeout=50), "nothing is left in the child"
    m.works(lambda n: None, 1000, 1000)
    assert napi.run(timeout=50)
    check(executed=1000, completed=1000)
    again = napi.load(sys.argv[1], fresh=True)
    again.start(lambda n: None, 16, 1000, QUEUE, 1000)
    again.release()
    assert napi.run(timeout=50)
    again.join()
    assert again.stats()["received"] == 16_000
    print("child")
""",
        queue,
        items,
    )
    assert lines == ["child"]


def test_fork_while_works_run(stress):
    lines = stress(
        """
children = []
def act(n):
    children.append(os.fork())
    if children[-1] == 0:
        sys.exit(asked())

def asked():
    m.works(lambda n: None, 1000, 1000)
    assert napi.run(timeout=50)
    check(executed=1000, completed=1000)
    return 0

m.works(act, 100_000, 10_000)
assert napi.run(timeout=50)
check(executed=100_000, completed=100_000)
assert [os.waitpid(one, 0)[1] for one in children] == [0] * 10
print("parent")
"""
    )
    assert lines == ["parent"]


# Someone else's signal comes at any time: what is timed is from kill to except.
INTERRUPT = """
sent = 0.0
MAIN = threading.main_thread().ident
WAY = {way!r}

def send(go):
    global sent
    go.wait()
    sent = time.perf_counter()
    if WAY == "process":
        os.kill(os.getpid(), signal.SIGINT)
    else:
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)

async def sleep():
    napi.loop.attach()
    go.set()  # asyncio's own beginning is not ours to time
    while True:  # where it only waits, it may not see a signal at all
        await asyncio.sleep(0.005)

def once():
    while True:
        napi.run_once()

import napi.loop
WAITERS = {{
    "result": lambda: napi.Promise().result(timeout=60),
    "run": lambda: napi.run(timeout=60),
    "run_once": once,
    "asyncio": lambda: asyncio.run(sleep()),
}}
wait = WAITERS[{waiter!r}]
if {busy}:
    m.start(lambda n: None, 16, ENDLESS, QUEUE, 10_000)
else:
    m.start(lambda n: None, 1, 0, QUEUE, 1)
latencies = []
for attempt in range(5):
    go = threading.Event()
    threading.Thread(target=send, args=(go,)).start()
    try:
        {waiter!r} == "asyncio" or go.set()
        wait()
    except KeyboardInterrupt:
        latencies.append(time.perf_counter() - sent)
assert len(latencies) == 5, latencies
slow = "san" in os.environ.get("LD_PRELOAD", "")  # a sanitizer
assert min(latencies) < (0.5 if slow else 0.05), latencies
"""


@pytest.mark.parametrize("way", ["process", "thread"])
@pytest.mark.parametrize("busy", [True, False], ids=["busy", "idle"])
@pytest.mark.parametrize("waiter", ["result", "run", "run_once", "asyncio"])
def test_keyboard_interrupt_in_the_middle(stress, waiter, busy, way):
    """Within 50 ms, whichever thread the system gives the signal to."""
    stress(INTERRUPT.format(waiter=waiter, busy=busy, way=way), 1000)


@pytest.mark.parametrize("count", [1, 50])
def test_works_that_queue_themselves_leave_room_for_others(stress, count):
    """A turn has an end: timers and Ctrl-C come in between."""
    stress(
        f"""
m.relay({count})
for _ in range(200):
    before = m.stats()["completed"]
    napi.run_once()
    assert m.stats()["completed"] - before <= {count}
os._exit(0)
"""
    )


@pytest.mark.parametrize("count", [1, 50])
def test_works_that_queue_themselves_are_cancelled_at_exit(stress, count):
    assert stress(f"m.relay({count})\nnapi.run_once()\nprint('end')") == ["end"]


def test_a_hundred_thousand_works_are_cancelled_at_exit(stress):
    """Each at a cost that does not grow with the queue."""
    assert stress("m.jam(4, 100_000)\nprint('end')") == ["end"]
