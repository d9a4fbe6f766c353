"""The asynchronous rows under this host: one line of JSON a row.

python benches/awaited.py ADDON {result,asyncio,uvloop}
"""

import asyncio
import json
import sys
import time

import napi

TIMES = 8


class Items:
    """A function that a threadsafe function calls."""

    def __init__(self, addon):
        self.addon, self.calls = addon, 0

    def count(self):
        self.calls += 1

    def start(self, n):
        return self.addon.items(n, self.count)


def make_rows(m, a, items):
    """{name: (how many, what starts one promise, how many it stands for)}."""
    return {
        "promise create+resolve, awaited": (20_000, m.promise, 1),
        "threadsafe function, an item": (1, items.start, 100_000),
        "async work, in a batch": (1, a.batch, 20_000),
        "round trip: one async work, awaited": (500, a.batch, 1),
        "async work that queues itself again": (1, a.chain, 500),
    }


def report(name, times):
    print(json.dumps([name, sorted(times[1:])[(TIMES - 1) // 2]]))


def create(call, n=100_000):
    """The row that nobody waits for."""
    for _ in range(n):
        call(1)


def measure_created(m):
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        create(m.promise)
        times.append((time.perf_counter() - start) * 1e9 / 100_000)
    report("promise create+resolve", times)


def measure_results(rows):
    for name, (n, call, size) in rows.items():
        times = []
        for _ in range(TIMES):
            start = time.perf_counter()
            for _ in range(n):
                call(size).result()
            times.append((time.perf_counter() - start) * 1e9 / n / size)
        report(name, times)


async def measure_awaited(rows):
    for name, (n, call, size) in rows.items():
        times = []
        for _ in range(TIMES):
            start = time.perf_counter()
            for _ in range(n):
                await call(size)
            times.append((time.perf_counter() - start) * 1e9 / n / size)
        report(name, times)


def main():
    path, way = sys.argv[1:]
    m, a = napi.load(path), napi.load(path.replace("bench.node", "async.node"))
    items = Items(a)
    rows = make_rows(m, a, items)
    measure_created(m)
    if way == "result":
        measure_results(rows)
    elif way == "asyncio":
        asyncio.run(measure_awaited(rows))
    else:
        import uvloop

        loop = uvloop.new_event_loop()
        loop.run_until_complete(measure_awaited(rows))
        loop.close()
    assert items.calls == TIMES * 100_000, items.calls


main()
