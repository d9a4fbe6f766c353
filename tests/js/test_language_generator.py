"""Generators and async functions."""

import asyncio

import pytest

import napi

CASES = {
    "function* g() { const x = yield 1; yield x * 2; return 5 }"
    "; const i = g(); [i.next(), i.next(4), i.next(), i.next()].map((r) => "
    "[r.value, r.done])": [[1, False], [8, False], [5, True], [None, True]],
    "[...(function* () { yield* [1, 2]; yield* 'ab' })()]": [1, 2, "a", "b"],
    "const log = []; function* g() { try { yield 1; yield 2 } finally "
    "{ log.push('f') } }; for (const x of g()) { log.push(x); break } log": [1, "f"],
    "function* g() { try { yield 1 } catch (e) { yield e } }"
    "; const i = g(); i.next(); i.throw(7).value": 7,
    "function* g() { yield 1 } const i = g(); i.next(); const r = i.return(9)"
    "; [r.value, r.done, i.next().done]": [9, True, True],
    "function* g(a, b = a + 1) { yield b } g(1).next().value": 2,
    "Object.prototype.toString.call((function* () {})())": "[object Generator]",
    "const o = {*[Symbol.iterator]() { yield 1; yield 2 }}; [...o]": [1, 2],
    "const [a, b] = (function* () { yield 1; yield 2; yield 3 })(); a + b": 3,
    "function* f() { yield this.x } f.call({x: 3}).next().value": 3,
}


@pytest.mark.parametrize("source", CASES, ids=range(len(CASES)))
def test_value(run, source):
    assert run(source) == CASES[source]


ASYNC = {
    "const a = await 1; return a + 1": 2,
    "try { await Promise.reject(new Error('q')) } catch (e) { return e.message }": "q",
    "const o = []; async function* g() { yield 1; yield Promise.resolve(2) }"
    "; for await (const x of g()) o.push(x); return o": [1, 2],
    "const o = []; for await (const x of [Promise.resolve(7), 8]) o.push(x)"
    "; return o": [
        7,
        8,
    ],
    "const o = []; async function* g() { try { yield* [1, 2, 3] } finally "
    "{ o.push('f') } } for await (const x of g()) { o.push(x); if (x == 2) break }"
    " return o": [1, 2, "f"],
    "return (await Promise.all([1, Promise.resolve(2)]))[1]": 2,
    "const o = []; const p = (async () => { o.push(1); await null; o.push(3) })()"
    "; o.push(2); await p; return o": [1, 2, 3],
    "async function f(a = missing) {} try { await f() } catch (e) { return e.name }": (
        "ReferenceError"
    ),
    "const f = async () => { throw 5 }; return f().catch((x) => x + 1)": 6,
    "const g = (async function* () { const x = yield 1; return x })()"
    "; await g.next(); return (await g.next(8)).value": 8,
}


@pytest.mark.parametrize("source", ASYNC, ids=range(len(ASYNC)))
def test_promise(run, source):
    promise = run(f"(async () => {{ {source} }})()")
    assert promise.result(10) == ASYNC[source]


def test_async_function_can_be_awaited_from_python(run):
    double = run("async (x) => { await null; return x * 2 }")

    async def main():
        return await double(4)

    assert asyncio.run(main()) == 8


def test_async_function_awaits_what_python_awaits(run):
    async def slow(x):
        await asyncio.sleep(0)
        return x + 1

    wait = run("async (f) => (await f(1)) + 1")

    async def main():
        return await wait(slow)

    assert asyncio.run(main()) == 3


def test_python_walks_over_a_generator(run):
    assert list(run("(function* () { yield 1; yield 2 })()")) == [1, 2]


def test_javascript_walks_over_a_generator_of_python(run):
    def count():
        yield 1
        yield 2

    assert run("[...g]", g=count()) == [1, 2]


def test_microtasks_wait_for_the_end_of_the_script(run):
    assert run(
        "const o = []; Promise.resolve().then(() => o.push('later')); o.push('now'); o"
    ) == ["now", "later"]


def test_rejection_comes_out_of_the_promise(run):
    with pytest.raises(napi.TypeError, match="boo"):
        run("(async () => { throw new TypeError('boo') })()").result(5)
