"""Exceptions that nobody can catch, rejections that nobody looks at."""

import asyncio
import gc
import sys

import pytest

import napi
from napi._native import shim


@pytest.fixture
def m(addon):
    return addon("uncaught", version=10)


class Lost(Exception):
    pass


def cause_call(m, error):
    def fail():
        raise error

    m.call(fail)


def cause_timer(m, error):
    def fail():
        raise error

    napi.globalThis["setTimeout"](fail, 0)


def cause_immediate(m, error):
    def fail():
        raise error

    napi.globalThis["setImmediate"](fail)


def cause_microtask(m, error):
    def fail():
        raise error

    shim.queue_microtask(fail)


# Each leaves the error uncaught as the loop turns.
CAUSES = {
    "completion of a work": lambda m, error: m.work(error),
    "call_js of a threadsafe function": lambda m, error: m.item(error),
    "function of a threadsafe function": cause_call,
    "timer": cause_timer,
    "immediate": cause_immediate,
    "microtask": cause_microtask,
}
causes = pytest.mark.parametrize("cause", CAUSES.values(), ids=CAUSES)


@causes
def test_comes_out_of_the_pump(m, cause):
    """The same object, once, and what comes after it is not lost."""
    error, seen = Lost("1"), []
    cause(m, error)
    napi.globalThis["setTimeout"](seen.append, 1, "after")
    with pytest.raises(Lost) as raised:
        napi.run(timeout=30)
    assert raised.value is error
    assert napi.run(timeout=30)
    assert seen == ["after"]


@causes
def test_comes_out_of_result(m, cause):
    cause(m, Lost("1"))
    never = napi.Promise()
    with pytest.raises(Lost):
        never.result(timeout=30)


@causes
def test_handlers_take_it(m, cause):
    """All of them, in order; nothing is raised any more."""
    seen = []
    remove = [
        napi.on_uncaught_exception(lambda error, i=i: seen.append((i, error)))
        for i in range(3)
    ]
    error = Lost("1")
    remove[1]()
    try:
        cause(m, error)
        assert napi.run(timeout=30)
    finally:
        remove[0]()
        remove[2]()
    assert seen == [(0, error), (2, error)]


@causes
def test_what_a_handler_raises_comes_out_instead(m, cause):
    """Node ends there with a status of its own."""

    def handler(error):
        raise LookupError("handler") from error

    remove = napi.on_uncaught_exception(handler)
    try:
        cause(m, Lost("1"))
        with pytest.raises(LookupError) as raised:
            napi.run(timeout=30)
    finally:
        remove()
    assert isinstance(raised.value.__cause__, Lost)


@causes
@pytest.mark.parametrize("handled", [True, False], ids=["handler", "loop"])
def test_under_asyncio(m, cause, handled):
    """The loop's exception handler is told, unless there is a handler of ours."""
    told, taken = [], []

    async def main():
        loop = asyncio.get_running_loop()
        done = loop.create_future()

        def tell(loop, context):
            told.append((context["exception"], context["message"]))
            done.cancelled() or done.set_result(None)

        def take(error):
            taken.append(error)
            done.set_result(None)

        loop.set_exception_handler(tell)
        remove = napi.on_uncaught_exception(take) if handled else lambda: None
        napi.loop.attach()
        cause(m, error)
        await asyncio.wait_for(done, 30)
        remove()

    error = Lost("1")
    asyncio.run(main())
    if handled:
        assert (taken, told) == ([error], [])
    else:
        assert told == [(error, "Uncaught exception in a Node-API callback")]


VALUES = {
    "string": "text",
    "number": 5,
    "object": napi.Object(a=1),
    "undefined": None,
    "null": napi.null,
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_thrown_value_that_is_no_error(m, value):
    m.work(value)
    with pytest.raises(napi.Thrown) as raised:
        napi.run(timeout=30)
    assert raised.value.value is value


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("handled", [True, False], ids=["handler", "nobody"])
def test_finalizer(m, monkeypatch, handled):
    """It runs as the call returns, which it must not make fail."""
    taken, written = [], []
    monkeypatch.setattr(sys, "unraisablehook", lambda u: written.append(u.exc_value))
    remove = napi.on_uncaught_exception(taken.append) if handled else lambda: None
    error = Lost("1")
    assert m.finalizer(error) is None
    remove()
    assert (taken, written) == (([error], []) if handled else ([], [error]))


@pytest.mark.parametrize("exit_", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_must_end_the_program_does(m, exit_):
    """No handler takes it."""
    seen = []
    remove = napi.on_uncaught_exception(seen.append)
    try:
        cause_call(m, exit_())
        with pytest.raises(exit_):
            napi.run(timeout=30)
    finally:
        remove()
    assert seen == []


def test_napi_fatal_exception_is_handled(m):
    seen = []
    remove = napi.on_uncaught_exception(seen.append)
    error = Lost("1")
    try:
        assert m.fatal(error) == 0
        assert m.fatal("text") == 0
    finally:
        remove()
    assert seen[0] is error
    assert seen[1].value == "text"


@pytest.mark.parametrize("cause", ["work(e)", "item(e)", "call(fail)"])
def test_default_is_a_report_and_an_exit_code(child, addon_path, cause):
    done = child(
        f"""
import sys, napi
m = napi.load(sys.argv[1])
e = ValueError("lost")
def fail():
    raise e
m.{cause}
napi.run()
""",
        addon_path("uncaught", 10),
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback (most recent call last)")
    assert done.stderr.endswith("ValueError: lost\n")
    assert done.stderr.count("ValueError: lost") == 1


@pytest.mark.parametrize("cause", ["work(e)", "item(e)", "call(fail)"])
def test_default_of_asyncio_is_its_log(child, addon_path, cause):
    done = child(
        f"""
import asyncio, sys, napi
async def main():
    m = napi.load(sys.argv[1])
    e = ValueError("lost")
    def fail():
        raise e
    m.{cause}
    promise = napi.Promise()
    napi.globalThis["setTimeout"](promise._resolve, 20)
    await promise
asyncio.run(main())
""",
        addon_path("uncaught", 10),
    )
    assert done.stderr.startswith("Uncaught exception in a Node-API callback\n")
    assert done.stderr.count("ValueError: lost") == 1


# === rejections ===

REJECTIONS = {
    "of the addon": lambda m, error: m.rejected(error),
    "of an executor": lambda m, error: napi.Promise(lambda _, reject: reject(error)),
    "adopted": lambda m, error: m.awaited(m.rejected(error)),
    "passed on by then": lambda m, error: m.rejected(error).then(lambda _: 1),
    "passed on by finally": lambda m, error: m.rejected(error).finally_(lambda: 1),
    "of a reaction": lambda m, error: m.awaited(1).then(lambda _: m.rejected(error)),
}
rejections = pytest.mark.parametrize("reject", REJECTIONS.values(), ids=REJECTIONS)


@pytest.fixture
def written(monkeypatch):
    seen = []

    def hook(unraisable):
        seen.append((unraisable.exc_value, unraisable.err_msg))

    monkeypatch.setattr(sys, "unraisablehook", hook)
    return seen


@rejections
def test_unhandled_rejection_is_reported_once_with_its_place(m, written, reject):
    error = Lost("1")
    promise = reject(m, error)
    assert napi.run(timeout=30)
    assert written == []
    del promise
    gc.collect()
    assert [one for one, _ in written] == [error]
    text = written[0][1]
    assert text.startswith("A promise was rejected and nobody looked at it")
    assert f"{__file__}:" in text


@rejections
def test_rejection_that_somebody_looks_at_is_not_reported(m, written, reject):
    promise = reject(m, Lost("1"))
    with pytest.raises(Lost):
        promise.result(timeout=30)
    other = reject(m, Lost("2")).then(None, lambda error: "seen")
    assert other.result(timeout=30) == "seen"
    del promise, other
    gc.collect()
    assert written == []


@rejections
def test_unhandled_rejection_under_asyncio(m, written, reject):
    told = []

    async def main():
        asyncio.get_running_loop().set_exception_handler(
            lambda loop, context: told.append(
                (context["exception"], context["message"])
            )
        )
        promise = reject(m, error)
        ran = asyncio.Event()
        napi.Promise(lambda resolve, _: resolve(1)).then(lambda _: ran.set())
        await asyncio.wait_for(ran.wait(), 30)
        del promise
        gc.collect()

    error = Lost("1")
    asyncio.run(main())
    gc.collect()
    assert [one for one, _ in told] == [error]
    assert f"{__file__}:" in told[0][1]
    assert written == []


@rejections
def test_awaited_rejection_is_raised_and_not_reported(m, written, reject):
    told = []

    async def main():
        asyncio.get_running_loop().set_exception_handler(
            lambda loop, context: told.append(context)
        )
        with pytest.raises(Lost):
            await reject(m, Lost("1"))

    asyncio.run(main())
    gc.collect()
    assert told == written == []


def test_reactions_run_under_a_loop_that_knows_no_addon(child):
    """A `then` alone is enough for the running loop to be found."""
    done = child(
        """
import asyncio, napi
async def main():
    ran = asyncio.Event()
    promise = napi.Promise(lambda resolve, _: resolve(1))
    promise.then(lambda _: promise).then(lambda _: ran.set())
    await asyncio.wait_for(ran.wait(), 30)
for _ in range(3):
    asyncio.run(main())
print("end")
"""
    )
    assert (done.stdout, done.stderr) == ("end\n", "")


@pytest.mark.parametrize("hook", ["", "sys.unraisablehook = lambda u: 1 / 0"])
def test_unhandled_rejection_is_written_to_stderr(child, addon_path, hook):
    done = child(
        f"""
import sys, napi
{hook}
m = napi.load(sys.argv[1])
m.rejected(ValueError("lost"))
m.rejected("text")
print("after")
""",
        addon_path("uncaught"),
    )
    assert done.stdout == "after\n"
    for text in ("ValueError: lost", "napi.Thrown: text") if not hook else ():
        assert done.stderr.count(text) == 1
        assert "nobody looked at it (rejected at <string>:" in done.stderr


def test_rejections_at_exit(child, addon_path):
    """Where nobody looked until the end, it is still said."""
    done = child(
        "import sys, napi; m = napi.load(sys.argv[1])\n"
        "promise = m.rejected(ValueError('lost'))",
        addon_path("uncaught"),
    )
    assert done.stderr.count("ValueError: lost") == 1
    assert "<string>:2" in done.stderr
