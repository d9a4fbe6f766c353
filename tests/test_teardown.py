"""The end of an environment, as Node has it: napi/shim/cleanup.c, env.c."""

import asyncio
import threading

import pytest

import napi
from napi._native import is_strict

# What a run of this prints was recorded with Node 26.10.
ORDER = """
import sys, napi
m = napi.load(sys.argv[1])
kept = [napi.Object() for _ in range(3)]
m.set_data("data")
m.hook("1")
m.wrap(kept[0], "wrap0")
m.async_hook("2")
kept.append(m.external("external"))
m.hook("3")
m.async_hook_done("4")
m.function("f5", 2)
m.hook("6")
m.async_hook_removed("7")
m.function("f8", 1)
m.wrap(kept[1], "wrap1")
m.keep(kept[1])
m.hook("9")
"""
ORDER_LINES = """\
item f5
item f5
item f8
hook 9
hook 6
async hook 4
hook 3
async hook 2
hook 1
function end f5
function end f8
finished 2
finalizer wrap1
finalizer external
finalizer wrap0
instance data data
"""


@pytest.fixture
def lines(child, addon_path):
    """lines(code, version=None): what a child prints; it must not complain."""

    def run(code, version=None, returncode=0):
        done = child(code, addon_path("teardown", version), check=False)
        assert (done.returncode, done.stderr) == (returncode, "")
        return done.stdout

    return run


ENDS = {
    "end of the script": "",
    "after its callbacks": "napi.run()",
    "sys.exit": "sys.exit(0)",
    "exception": "raise SystemExit",
    "closed": "import napi._native; napi._native.shim.close(m.__env__)",
    "closed twice": "import napi._native as n; n.shim.close(m.__env__)\n"
    "n.shim.close(m.__env__)",
    "all closed": "import napi._native; napi._native.shim.close_all()",
    "module forgotten": "del m",
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_order_is_that_of_node(lines, end):
    assert lines(ORDER + end) == ORDER_LINES


def test_environment_has_the_same_order(lines):
    code = ORDER.replace("m = napi", "env = napi.Environment(); m = env")
    assert lines(code + "env.close(); print('closed')") == ORDER_LINES + "closed\n"


def test_environment_closes_the_newest_addon_first(lines):
    assert (
        lines(
            """
import sys, napi
with napi.Environment() as env:
    for name in "abc":
        env.load(sys.argv[1]).hook(name)
print("closed")
"""
        )
        == "hook c\nhook b\nhook a\nclosed\n"
    )


@pytest.mark.parametrize(
    ("version", "refused"), [(8, 10), (9, 10), (10, 23), ("experimental", 23)]
)
def test_functions_after_shutdown_answer_as_those_of_node(
    child, addon_path, version, refused
):
    """Handles, references and values still work; JavaScript cannot be run."""
    path = (
        addon_path("teardown", experimental=True)
        if version == "experimental"
        else addon_path("teardown", version)
    )
    done = child(
        """
import sys, napi
m = napi.load(sys.argv[1])
kept = napi.Object()
m.probing_hook("h", lambda: 1)
m.probing_wrap(kept, "w", lambda: 1)
""",
        path,
    )
    statuses = f"statuses 0 0 0 0 0 {refused} {refused} {refused} {refused}\n"
    assert done.stdout == f"hook h\n{statuses}finalizer w\n{statuses}"
    assert done.stderr == ""


def test_hooks_may_use_a_threadsafe_function_of_either_age(lines):
    """As measured with Node: what is newer has closed, what is older has not, and
    both are finalized after all hooks."""
    assert (
        lines(
            """
import sys, napi
m = napi.load(sys.argv[1])
m.function_of_hook("older", False)
m.function_of_hook("newer", True)
m.joined_function("joined")
"""
        )
        == """\
joined joined
hook calls newer: 16 16 1
hook calls older: 0 0 0
item without env older
function end older
function end newer
function end joined
"""
    )


def test_a_promise_that_is_owed_holds_no_finalizer_back(lines):
    """An addon with a busy libuv loop, too, is cut off: zeromq's tests show it."""
    code = """
import sys, napi
kept = []
with napi.Environment() as env:
    m = env.load(sys.argv[1])
    kept.append(m.external("external"))
    kept.append(m.owed())
print("closed", flush=True)
m = napi.load(sys.argv[1])
m.hook("1")
m.set_data("data")
kept.append(napi.Object())
m.wrap(kept[-1], "wrap")
kept.append(m.owed())
"""
    told = "finalizer external\nclosed\nhook 1\nfinalizer wrap\ninstance data data\n"
    assert lines(code) == told


@pytest.mark.parametrize("where", ["exit", "close"])
def test_asynchronous_hook_that_never_ends(child, addon_path, monkeypatch, where):
    """The wait has an end, and the message names the addon."""
    monkeypatch.setenv("NAPI_CLOSE_TIMEOUT", "0.05")
    path = addon_path("teardown")
    done = child(
        f"""
import sys, napi
env = napi.Environment()
m = env.load(sys.argv[1])
kept = napi.Object()
m.wrap(kept, "wrap")
m.async_hook_endless("1")
m.async_hook("2")
m.async_hook_endless("3")
m.hook("4")
if {where!r} == "close":
    env.close()
""",
        path,
    )
    assert done.stdout == (
        "hook 4\nasync hook 3\nasync hook 2\nasync hook 1\nfinished 2\nfinalizer wrap\n"
    )
    first, _, rest = done.stderr.partition("\n")
    assert first == (
        f"napi: 2 asynchronous cleanup hooks of file://{path} have not finished after "
        "0.05 s; going on without them"
    )
    # The strict build tells at the end where each of them was added.
    assert rest.count("hook-not-removed") == (2 if is_strict() else 0)
    assert bool(rest) == is_strict()


@pytest.mark.parametrize("text", ["", "x", "-1"])
def test_timeout_that_is_no_number_is_none(child, addon_path, monkeypatch, text):
    monkeypatch.setenv("NAPI_CLOSE_TIMEOUT", text)
    done = child(
        "import sys, napi; napi.load(sys.argv[1]).async_hook('1')",
        addon_path("teardown"),
    )
    assert (done.stdout, done.stderr) == ("async hook 1\nfinished 1\n", "")


def test_work_that_runs_too_long_is_left_alone(child, addon_path, monkeypatch):
    monkeypatch.setenv("NAPI_CLOSE_TIMEOUT", "0.05")
    path = addon_path("async_work")
    done = child(
        """
import sys, napi
m = napi.load(sys.argv[1])
m.open_gate(False)
m.doubled(1, True)
m.wait_running(1)
print("end")
""",
        path,
    )
    assert done.stdout == "end\n"
    assert done.stderr == (
        f"napi: 1 async works of file://{path} still run, 0.05 s after its "
        "environment began to close; they are left alone\n"
    )


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("end", ["", "sys.exit(0)", "napi.run(timeout=0.01)"])
def test_threads_that_never_end_are_no_obstacle(lines, count, end):
    assert (
        lines(
            f"""
import sys, napi
m = napi.load(sys.argv[1])
m.endless_threads("f", {count})
{end}
"""
        )
        == "function end f\n"
    )


def test_closed_environments_with_living_threads(lines):
    """What its threads hold outlives the environment."""
    assert (
        lines(
            """
import sys, napi
for _ in range(5):
    with napi.Environment() as env:
        env.load(sys.argv[1]).endless_threads("f", 1)
print("end")
"""
        )
        == "function end f\n" * 5 + "end\n"
    )


def test_daemon_thread_that_pumps_at_exit(lines):
    """Its environment is torn down by the thread that ends the interpreter."""
    assert (
        lines(
            """
import sys, threading, napi
ready = threading.Event()
def serve():
    m = napi.load(sys.argv[1])
    m.hook("of the daemon")
    napi.globalThis["setInterval"](ready.set, 1)
    napi.run()
threading.Thread(target=serve, daemon=True).start()
ready.wait()
"""
        )
        == "hook of the daemon\n"
    )


def test_daemon_thread_within_an_addon_at_exit(child, addon_path):
    """Code that runs is not torn down under its feet."""
    done = child(
        """
import sys, threading, napi
ready, never = threading.Event(), threading.Event()
def block():
    ready.set()
    never.wait()
def serve():
    m = napi.load(sys.argv[1])
    m.add_hook(1)
    napi.load(sys.argv[2]).call_back(napi.Object(), block)
threading.Thread(target=serve, daemon=True).start()
ready.wait()
print("end", flush=True)
""",
        addon_path("finalizer"),
        addon_path("async_work"),
    )
    assert (done.stdout, done.stderr) == ("end\nhook 1\n", "")


@pytest.fixture
def environment(addon_path):
    environment = napi.Environment()
    yield environment
    environment.close()


def test_closing_from_within_is_refused(environment, addon_path):
    m = environment.load(addon_path("async_work"))
    seen = []

    def close():
        with pytest.raises(napi.Error, match="runs") as error:
            environment.close()
        seen.append(error.value.code)
        return "whole"

    assert m.call_back(napi.Object(), close) == "whole"
    m.later(lambda status: close())
    assert napi.run(timeout=30)
    assert seen == ["ERR_NAPI_ENV_BUSY"] * 2
    assert not environment.closed
    environment.close()
    assert environment.closed


def test_closing_another_one_from_within(environment, addon_path):
    m = environment.load(addon_path("async_work"))
    other = napi.Environment()
    n = other.load(addon_path("async_work"))
    m.call_back(napi.Object(), other.close)
    with pytest.raises(napi.Error, match="closed"):
        n.counts()
    assert m.doubled(3).result(timeout=30) == 6


def test_closing_on_another_thread_is_refused(environment, addon_path):
    m = environment.load(addon_path("async_work"))
    seen = []

    def close():
        try:
            environment.close()
        except napi.WrongThreadError as error:
            seen.append(error)

    thread = threading.Thread(target=close)
    thread.start()
    thread.join(60)
    assert len(seen) == 1
    assert m.doubled(1).result(timeout=30) == 2


def test_closing_for_a_thread_that_has_ended(addon_path):
    """And the environments of the closing thread stay its own."""
    environment, other = napi.Environment(), napi.Environment()
    thread = threading.Thread(
        target=lambda: environment.load(addon_path("async_work")).batch(10)
    )
    thread.start()
    thread.join(60)
    mine = other.load(addon_path("async_work"))
    environment.close()
    assert mine.doubled(4).result(timeout=30) == 8
    other.close()


def test_functions_of_a_closed_environment_refuse(addon_path):
    with napi.Environment() as environment:
        finalizer = environment.load(addon_path("finalizer"))
        work = environment.load(addon_path("async_work"))
        kept = [finalizer.take, work.doubled, work.counts, finalizer.set_data]
    for call in kept:
        with pytest.raises(napi.Error, match="closed") as error:
            call()
        assert error.value.code == "ERR_NAPI_ENV_CLOSED"


def test_promises_of_a_closed_environment_are_rejected(addon_path, capsys):
    """Who waits for them would wait for ever."""
    with napi.Environment() as environment:
        m = environment.load(addon_path("promise"))
        (promise, _), (unseen, _) = m.make(), m.make()
        seen = []
        promise.then(seen.append, seen.append)
    assert [error.code for error in seen] == ["ERR_NAPI_ENV_CLOSED"]
    with pytest.raises(napi.Error, match="closed before the promise"):
        promise.result()
    del unseen
    assert capsys.readouterr().err == ""


def test_awaited_promise_of_a_closed_environment(addon, addon_path, monkeypatch, capfd):
    """And the work that was left alone does no harm when it ends at last."""
    monkeypatch.setenv("NAPI_CLOSE_TIMEOUT", "0.01")

    async def main():
        environment = napi.Environment()
        m = environment.load(addon_path("async_work"))
        m.open_gate(False)
        promise = m.doubled(1, True)
        m.wait_running(1)
        asyncio.get_running_loop().call_soon(environment.close)
        with pytest.raises(napi.Error, match="closed before the promise"):
            await promise

    asyncio.run(main())
    assert "still run" in capfd.readouterr().err
    other = addon("async_work")
    other.open_gate(True)
    assert napi.run(timeout=30)
    assert other.doubled(4).result(timeout=30) == 8


@pytest.mark.parametrize("threads", [1, 8])
def test_a_thousand_environments(child, addon_path, threads):
    """Of all kinds of things in them, nothing stays: no descriptor, no memory."""
    done = child(
        """
import gc, os, resource, sys, threading, napi
THREADS = int(sys.argv[1])
def one(i):
    with napi.Environment() as env:
        finalizer, work, function = (env.load(path) for path in sys.argv[2:5])
        finalizer.set_data()
        kept = napi.Object()
        finalizer.wrap(kept, i)
        finalizer.add({}, i)
        promise = work.doubled(i)
        seen = []
        function.start(seen.append, 2, 100, 10, 50)
        function.release()
        if i % 2:
            assert promise.result(timeout=50) == 2 * i
        if i % 3:
            assert napi.run(timeout=50)
            function.join()
            assert seen == [50, 100, 150, 200], seen
def run(times):
    for i in range(times):
        LOCK.acquire()  # the fixture has one function for all
        try:
            one(i)
        finally:
            LOCK.release()
LOCK = threading.Lock()
def all_threads(times):
    threads = [threading.Thread(target=run, args=(times,)) for _ in range(THREADS)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
def grown():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()
all_threads(200 // THREADS)
before = grown()
all_threads(800 // THREADS)
more = grown() - before
limit = 1 << 30 if "san" in os.environ.get("LD_PRELOAD", "") else 4 << 20
assert more < limit, more  # sanitizers keep what was freed
assert len(os.listdir("/proc/self/fd")) < 20
print("end")
""",
        threads,
        addon_path("finalizer"),
        addon_path("async_work"),
        addon_path("stress_threads"),
    )
    assert (done.stdout, done.stderr) == ("end\n", "")


@pytest.mark.parametrize("end", ["", "env.close()"])
def test_finalizers_run_once_each(child, addon_path, end):
    """Of what died before, of what the last collection finds, of what lives on."""
    done = child(
        f"""
import gc, sys, napi
gc.disable()
env = napi.Environment()
m = env.load(sys.argv[1])
m.set_data()
m.print_from_now()
kept = [napi.Object() for _ in range(20)]
for i, value in enumerate(kept):
    value["self"] = value if i % 2 else None
    (m.wrap if i % 3 else m.add)(value, i)
del value, kept[10:]
dicts = {{}}
m.add(dicts, 20)
m.add(dicts, 21)
pinned = {{"self": dicts}}
m.add(pinned, 22)
del dicts, pinned
{end}
kept.clear()
gc.collect()
""",
        addon_path("finalizer"),
    )
    lines = done.stdout.split("\n")[:-1]
    assert done.stderr == ""
    assert sorted(lines[:-1]) == sorted(f"finalizer {i}" for i in range(23))
    assert lines[-1] == "instance data"


def test_child_does_not_tear_down_its_parents_environments(child, addon_path):
    """A hook may wait for threads that only the parent has, and would undo twice
    what it did once. What the child loads is its own."""
    done = child(
        """
import os, sys, napi
m = napi.load(sys.argv[1])
m.add_hook(1)
if os.fork() == 0:
    napi.load(sys.argv[1], fresh=True).add_hook(2)
    sys.exit(0)
os.wait()
print("parent", flush=True)
""",
        addon_path("finalizer"),
    )
    assert (done.stdout, done.stderr) == ("hook 2\nparent\nhook 1\n", "")


@pytest.mark.parametrize("way", ["fork", "forkserver", "spawn"])
def test_multiprocessing(child, addon_path, tmp_path, way):
    script = tmp_path / "script.py"
    script.write_text(
        f"""
import multiprocessing, sys, napi
m = napi.load(sys.argv[1])
def double(n):
    return m.doubled(n).result(timeout=30)
if __name__ == "__main__":
    assert double(4) == 8
    with multiprocessing.get_context({way!r}).Pool(2) as pool:
        assert pool.map(double, range(100)) == [2 * n for n in range(100)]
    print("end")
"""
    )
    done = child(
        "import runpy, sys; runpy.run_path(sys.argv[2], run_name='__main__')"
        if way == "fork"
        else "import os, sys; os.execv(sys.executable, [sys.executable, sys.argv[2], "
        "sys.argv[1]])",
        addon_path("async_work"),
        script,
    )
    assert (done.stdout, done.stderr) == ("end\n", "")
