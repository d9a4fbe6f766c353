"""libuv: a real one, private to the addons that call it, turned with our loop."""

import asyncio
import os
import sys
import time

import pytest
import uvloop

import napi
from napi.libuv import group

LOOPS = {
    "pump": None,
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


@pytest.fixture(scope="module")
def m(addon):
    return addon("libuv")


@pytest.fixture(params=LOOPS)
def call(request):
    """call(function, *args): calls back through libuv; returns what came."""
    make_loop = LOOPS[request.param]

    def in_pump(function, *args):
        came = []
        function(*args, came.append)
        assert napi.run(10)
        return came

    def in_asyncio(function, *args):
        async def main():
            came = asyncio.get_running_loop().create_future()
            function(*args, lambda value: came.done() or came.set_result(value))
            return [await asyncio.wait_for(came, 10)]

        loop = make_loop()
        try:
            return loop.run_until_complete(main())
        finally:
            loop.close()

    return in_pump if make_loop is None else in_asyncio


@pytest.mark.parametrize("wait", [0, 1, 20])
def test_timer(m, call, wait):
    begin = time.monotonic()
    assert call(m.after, wait) == [wait]
    assert time.monotonic() - begin >= wait / 1000 - 0.001


def test_timer_counts_from_the_call(m, call):
    call(m.after, 0)
    begin = time.monotonic()
    while time.monotonic() < begin + 0.05:
        pass
    assert m.staleness() <= 5
    begin = time.monotonic()
    call(m.after, 30)
    assert time.monotonic() - begin >= 0.029


def test_wake_up_from_a_thread(m, call):
    assert call(m.from_thread, 7) == [7]


def test_work(m, call):
    assert call(m.queue, 9) == [81]


def test_descriptor(m, call):
    reader, writer = os.pipe()
    os.write(writer, b"x")
    assert call(m.readable, reader) == [1]
    os.close(reader)
    os.close(writer)


def test_descriptor_that_becomes_readable_later(m):
    reader, writer = os.pipe()

    async def main():
        came = asyncio.get_running_loop().create_future()
        m.readable(reader, came.set_result)
        m.after(5, lambda _: os.write(writer, b"x"))
        return await asyncio.wait_for(came, 10)

    assert asyncio.run(main()) == 1
    os.close(reader)
    os.close(writer)


def test_idle_callbacks_come_once_a_turn(m):
    came = []
    m.idle(5, came.append)
    napi.run_once()
    assert came == [5]
    assert napi.run(10)
    assert came == [5, 4, 3, 2, 1]


def test_random(m, call):
    assert call(m.random_bytes) == [1]


def test_one_loop(m):
    assert m.loops() == [True, True, "timer"]


def test_what_uvloop_leaves_out(m):
    assert m.barrier() == 1
    assert m.executable() == os.path.realpath("/proc/self/exe")


def test_order_with_ticks_and_microtasks(m):
    came = []
    process = napi.globalThis["process"]

    def callback(_):
        napi.globalThis.queueMicrotask(lambda: came.append("microtask"))
        process.nextTick(lambda: came.append("tick"))
        came.append("callback")

    m.after(0, callback)
    m.after(0, lambda _: came.append("next"))
    assert napi.run(10)
    assert came == ["callback", "tick", "microtask", "next"]


def test_an_uncaught_exception_comes_out_of_the_pump(m):
    def callback(_):
        raise ValueError("from libuv")

    m.after(0, callback)
    with pytest.raises(ValueError, match="from libuv"):
        napi.run(10)
    assert napi.run(10)


def test_a_promise_waits_for_libuv(m):
    promise = napi.Promise(lambda resolve, reject: m.after(5, resolve))
    assert promise.result(10) == 5


def test_two_asyncio_loops_after_each_other(m):
    """What waits when a loop ends goes on in the next one."""
    came = []

    async def main():
        m.after(30, came.append)

    asyncio.run(main())
    assert came == []

    async def later():
        m.loops()  # a call tells the running loop of what waits
        while not came:
            await asyncio.sleep(0.001)

    uvloop.run(later()) if hasattr(uvloop, "run") else asyncio.run(later())
    assert came == [30]


ENDS = """
import asyncio, sys, napi
m = napi.load(sys.argv[1])
m.keep({unref}, print)
{more}
"""


@pytest.mark.parametrize(
    ("unref", "more"),
    [
        (0, ""),
        (1, "assert napi.run(5)"),
        (0, "assert not napi.run(0.05)"),
        (0, "asyncio.run(asyncio.sleep(0))"),
        (0, "import uvloop; uvloop.install(); asyncio.run(asyncio.sleep(0))"),
        (1, "m.after(60000, print)"),
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_handles_are_closed_at_exit(child, addon_path, unref, more):
    done = child(ENDS.format(unref=unref, more=more), addon_path("libuv"))
    assert done.stdout == "closed\n"


def test_work_in_flight_at_exit_comes_to_its_end(child, addon_path):
    """Its callback uses the addon: it must not come after that has been torn down."""
    done = child(
        """
import sys, napi
m = napi.load(sys.argv[1])
def more(n):
    print(n)
    n < 10_000 and m.queue(n, more)
m.queue(3, more)
""",
        addon_path("libuv"),
    )
    assert (done.stdout.split(), done.stderr) == (["9", "81", "6561", "43046721"], "")


@pytest.mark.parametrize("first", ["uvloop", "addon"])
def test_uvloop_and_addons_do_not_disturb_each_other(child, addon_path, first):
    done = child(
        """
import asyncio, sys, napi
def addon():
    global m
    m = napi.load(sys.argv[1])
def uvloop():
    global uvloop
    import uvloop
steps = [uvloop, addon] if sys.argv[2] == "uvloop" else [addon, uvloop]
for step in steps:
    step()
async def main():
    came = asyncio.get_running_loop().create_future()
    m.after(1, came.set_result)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"line\\n")
    print(await came, await reader.readline())
    writer.close()
async def echo(reader, writer):
    writer.write(await reader.readline())
    writer.close()
async def both():
    global server
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    await main()
    server.close()
loop = uvloop.new_event_loop()
loop.run_until_complete(both())
loop.close()
asyncio.run(both())
""",
        addon_path("libuv"),
        first,
    )
    assert done.stdout.split("\n")[:2] == ["1 b'line\\n'"] * 2


def test_fork(child, addon_path):
    done = child(
        """
import os, sys, napi
m = napi.load(sys.argv[1])
m.after(10, lambda it: print(os.getpid() == parent, it, flush=True))
parent = os.getpid()
pid = os.fork()
if pid:
    os.waitpid(pid, 0)
else:
    m.queue(3, print)
assert napi.run(10)
sys.stdout.flush()
""",
        addon_path("libuv"),
    )
    assert sorted(done.stdout.split("\n")) == ["", "9", "False 10", "True 10"]


def test_threads_have_loops_of_their_own(child, addon_path):
    done = child(
        """
import sys, threading, napi
m = napi.load(sys.argv[1])
def work():
    own = napi.load(sys.argv[1])
    assert own.loops() == [True, True, "timer"]
    came = []
    own.after(1, came.append)
    own.from_thread(2, came.append)
    assert napi.run(10)
    sys.stdout.write(f"{sorted(came)};")
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert m.loops() == [True, True, "timer"]
""",
        addon_path("libuv"),
    )
    assert done.stdout == "[1, 2];" * 4


def test_thread_with_the_identifier_of_one_that_ended(child, addon_path):
    done = child(
        """
import sys, threading, napi
napi.load(sys.argv[1])
idents = set()
def work():
    idents.add(threading.get_ident())
    print(napi.load(sys.argv[1]).loops(), flush=True)
for _ in range(5):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
assert len(idents) < 5
""",
        addon_path("libuv"),
    )
    assert done.stdout == "[True, True, 'timer']\n" * 5


def test_system_library(child, addon_path, monkeypatch):
    """Without uvloop the linker's libuv.so.1 serves, or one clear error comes."""
    done = child(
        """
import sys, napi
from importlib.machinery import PathFinder
find = PathFinder.find_spec
def hidden(name, *more):
    return None if name == "uvloop" else find(name, *more)
PathFinder.find_spec = hidden
try:
    m = napi.load(sys.argv[1])
except napi.NeedsLibuvError as error:
    print(error)
else:
    m.after(1, print)
    assert napi.run(10)
    print("pip install napi[uv]", m.loops())
""",
        addon_path("libuv"),
    )
    assert "pip install napi[uv]" in done.stdout


@pytest.mark.parametrize("named", ["/nowhere/libuv.so.1", sys.executable, __file__])
def test_named_library_that_is_none(child, addon_path, monkeypatch, named):
    monkeypatch.setenv("NAPI_LIBUV", named)
    done = child(
        """
import sys, napi
try:
    napi.load(sys.argv[1])
except napi.LoadError as error:
    assert type(error) is napi.NeedsLibuvError
    print(error)
""",
        addon_path("libuv"),
    )
    assert "pip install napi[uv]" in done.stdout
    assert "NAPI_LIBUV" in done.stdout


def test_image_is_what_the_linker_reads():
    from napi import elf

    with group.opened(["/lib/a.so", "/lib/b.so"]) as path:
        descriptor = os.open(path, os.O_RDONLY)
        assert elf.read(descriptor).needed == ("/lib/a.so", "/lib/b.so")
