"""JavaScript under napi.js and under quickjs-ng (PyPI), row by row.

    python benches/scripts.py [--markdown docs/performance.md] [--compile FILE.js...]

A row is the best of seven runs of one function, in both engines by turns; quickjs-ng
is measured where it is installed. With --compile: lines a second from text to code
objects without the cache, and from the cache.
"""

import argparse
import sys
import time
from pathlib import Path

import napi.js

ROWS = {
    "fib(22)": """
        function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
        return fib(22);""",
    "property loop": """
        const o = {a: 1, b: 2, sum: 0};
        for (let i = 0; i < 20000; i++) { o.sum = o.sum + o.a * o.b; }
        return o.sum;""",
    "method and getter": """
        class P { constructor(x) { this.x = x; } get twice() { return this.x * 2; }
                  add(n) { return this.x + n; } }
        const p = new P(3); let t = 0;
        for (let i = 0; i < 10000; i++) t += p.add(i) + p.twice;
        return t;""",
    "array pipeline": """
        const a = Array.from({length: 5000}, (_, i) => i);
        const thirds = a.map(x => x * 2).filter(x => x % 3 === 0);
        return thirds.reduce((s, x) => s + x, 0);""",
    "class construction": """
        class A { constructor(x) { this.x = x; } }
        class B extends A { constructor(x) { super(x); this.y = x; } }
        let t = 0;
        for (let i = 0; i < 5000; i++) t += new B(i).y;
        return t;""",
    "string building": """
        let s = '';
        for (let i = 0; i < 20000; i++) s += i + ',';
        return s.split(',').map(x => x.length).join('').length;""",
    "JSON": """
        const a = [];
        for (let i = 0; i < 1000; i++) a.push({id: i, name: 'n' + i, tags: ['x', 'y']});
        return JSON.parse(JSON.stringify(a)).length;""",
    "RegExp": """
        const text = 'key=value; other=thing; last=one; '.repeat(200);
        let n = 0;
        for (const m of text.matchAll(/(\\w+)=(\\w+)/g)) n += m[1].length;
        return n + text.replace(/[aeiou]/g, v => v.toUpperCase()).length;""",
}


def best(run):
    """Milliseconds."""
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1e3


def engines(body):
    """{engine: a callable} for the body of a function."""
    text = f"(function () {{{body}}})"
    found = {"napi.js": napi.js.eval(text)}
    try:
        import quickjs
    except ImportError:
        return found
    context = quickjs.Context()
    context.eval(f"globalThis.row = {text}; 0")
    found["quickjs-ng"] = lambda: context.eval("row()")
    return found


def measure():
    """Yields (row, {engine: milliseconds})."""
    for name, body in ROWS.items():
        runs = engines(body)
        answers = {run() for run in runs.values()}
        assert len(answers) == 1, (name, answers)
        times = {engine: [] for engine in runs}
        for _ in range(7):
            for engine, run in runs.items():
                times[engine].append(best(run))
        yield name, {engine: min(one) for engine, one in times.items()}


def compile_speed(paths):
    """Lines a second, of files that have at least some thousand."""
    from napi.js import compile as compile_js

    for path in paths:
        text = Path(path).read_text("utf-8")
        lines = text.count("\n") + 1
        start = time.perf_counter()
        compile_js(text + f"\n// {time.time()}")
        print(f"{path}: {lines / (time.perf_counter() - start):,.0f} lines/s")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compile", nargs="+", metavar="FILE.js")
    options = parser.parse_args()
    if options.compile:
        compile_speed(options.compile)
        return
    worst = 0.0
    print("| row | napi.js, ms | quickjs-ng, ms | times |\n|---|---|---|---|")
    for name, times in measure():
        ours, theirs = times["napi.js"], times.get("quickjs-ng")
        ratio = ours / theirs if theirs else 0.0
        worst = max(worst, ratio)
        other = f"{theirs:.2f} | {ratio:.1f}" if theirs else "- | -"
        print(f"| {name} | {ours:.2f} | {other} |")
    print(f"worst: {worst:.1f} times", file=sys.stderr)


main()
