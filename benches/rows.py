"""The rows under this host, or under the hand-written extension: {row: ns}.

python benches/rows.py ADDON   (napi)      python benches/rows.py --native MODULE
"""

import importlib.util
import json
import sys
import time


def load(argv):
    if argv[0] == "--native":
        spec = importlib.util.spec_from_file_location("limit", argv[1])
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module, int
    import napi

    return napi.load(argv[0]), napi.BigInt


def make_rows(m, bigint):
    text = "a text of 16 car"
    array = [i + 0.5 for i in range(1000)]
    names = dir(m)
    buffer = m.make_buffer_64()
    instance = m.make_object_8()
    big, words = bigint(123456789012345), bigint(2**255 + 12345)

    def loop(call, *args):
        def run(n):
            for _ in range(n):
                call(*args)

        return run

    def each(name, *args):
        call = getattr(m, name)
        if len(args) == 0:

            def run(n):
                for _ in range(n):
                    call()

        elif len(args) == 1:
            (a,) = args

            def run(n):
                for _ in range(n):
                    call(a)

        else:
            a, b = args

            def run(n):
                for _ in range(n):
                    call(a, b)

        return run

    rows = {
        "noop": each("noop"),
        "identity": each("identity", instance),
        "add": each("add", 1.5, 2.25),
        "add_i32": each("add_i32", 1000, 2345),
        "str_len_16": each("str_len", text),
        "str_echo_16": each("str_echo", text),
        "make_object_8": each("make_object_8"),
        "read_object_8": each("read_object_8", instance),
        "buffer_len": each("buffer_len", buffer),
        "make_buffer_64": each("make_buffer_64"),
        "external_buffer_64": each("external_buffer_64"),
        "make_typed_8": each("make_typed_8"),
        "bigint_i64": each("bigint_i64", big),
        "bigint_words_256": each("bigint_words", words),
        "make_function": each("make_function"),
        "promise create+resolve": each("promise", 1),
    }
    rows = {k: v for k, v in rows.items()}

    def array_sum(n, call=m.array_sum):
        for _ in range(0, n, 1000):
            call(array)

    def make_array(n, call=m.make_array):
        for _ in range(0, n, 1000):
            call(1000)

    def throw_error(n, call=m.throw_error):
        for _ in range(n):
            try:
                call()
            except Exception:
                pass

    counter = m.Counter()

    def counter_new(n, call=m.Counter):
        for _ in range(n):
            call()

    def counter_inc(n):
        for _ in range(n):
            counter.inc()

    def counter_get(n):
        for _ in range(n):
            counter.value

    def counter_set(n):
        for _ in range(n):
            counter.value = 5

    rows["array_sum_1000 /elem"] = array_sum
    rows["make_array_1000 /elem"] = make_array
    rows["call_back /call"] = lambda n: m.call_back(lambda: 1, n)
    rows["call_back2 /call"] = lambda n: m.call_back2(lambda a, b: a, n)
    rows["throw_error"] = throw_error
    rows["counter_new"] = counter_new
    rows["counter_inc"] = counter_inc
    rows["counter_get"] = counter_get
    rows["counter_set"] = counter_set
    inner = {
        name: (lambda name=name, arg=arg: getattr(m, name)(arg))
        for name, arg in {
            "inner_reference": instance,
            "inner_scope": instance,
            "inner_get_named": instance,
            "inner_unwrap": counter,
        }.items()
        if name in names
    }
    return rows, inner


def empty(n):
    for _ in range(n):
        pass


def measure(run):
    """Median of 7 of the ns an iteration."""
    n = 2000
    run(n)
    while True:
        start = time.perf_counter()
        run(n)
        if time.perf_counter() - start > 0.015 or n > 4_000_000:
            break
        n *= 2
    times = []
    for _ in range(7):
        start = time.perf_counter()
        run(n)
        times.append((time.perf_counter() - start) * 1e9 / n)
    return sorted(times)[3]


NO_LOOP = ("/elem", "/call")


def main():
    rows, inner = make_rows(*load(sys.argv[1:]))
    base = measure(empty)
    result = {}
    for name, run in rows.items():
        ns = measure(run)
        result[name] = ns if name.endswith(NO_LOOP) else max(ns - base, 0.1)
    for name, run in inner.items():
        run()
        result[name] = run()
    print(json.dumps(result))


main()
