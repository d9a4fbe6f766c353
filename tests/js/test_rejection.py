"""Rejections that nobody observes, in a program (ECMA-262, the host's tracker).

What is expected is what Node 26 prints.
"""

import subprocess
import sys

import pytest

pytest.importorskip("esprima", reason="JavaScript needs napi[js]")

HEAD = """
process.on('unhandledRejection', (reason, promise) => {
  console.log('unhandled', reason);
  if (reason === 'late') setImmediate(() => promise.catch(() => 0));
});
process.on('rejectionHandled', () => console.log('handled'));
process.on('exit', () => console.log('end'));
"""
CASES = {
    "one that a variable holds": (
        "globalThis.kept = Promise.reject(1)",
        ["unhandled 1"],
    ),
    "one that nobody holds": ("Promise.reject(1)", ["unhandled 1"]),
    "one that is observed at once": ("Promise.reject(1).catch(() => 0)", []),
    "one that a tick observes": (
        "const p = Promise.reject(1); process.nextTick(() => p.catch(() => 0))",
        [],
    ),
    "one that a microtask observes": (
        "const p = Promise.reject(1); queueMicrotask(() => p.catch(() => 0))",
        [],
    ),
    "one that an immediate observes": (
        "Promise.reject('late')",
        ["unhandled late", "handled"],
    ),
    "that of an async function": ("(async () => { throw 1 })()", ["unhandled 1"]),
    "what then() derives": ("Promise.reject(1).then(() => 0)", ["unhandled 1"]),
    "the order of two": (
        "Promise.reject(1); Promise.reject(2)",
        ["unhandled 1", "unhandled 2"],
    ),
    "before the next timer": (
        "setTimeout(() => Promise.reject(1), 1);"
        "setTimeout(() => console.log('timer'), 1)",
        ["unhandled 1", "timer"],
    ),
}


def run(*words):
    return subprocess.run(
        [sys.executable, "-m", "napi", "run", *words],
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("case", CASES)
def test_who_is_told(case):
    source, expected = CASES[case]
    done = run("-e", f"{HEAD}{source}")
    assert done.stdout == "".join(f"{line}\n" for line in [*expected, "end"])
    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize(
    ("mode", "status", "stdout"),
    [
        ("throw", 1, ""),
        ("strict", 1, ""),
        ("none", 0, "after\n"),
        ("warn", 0, "after\n"),
        ("warn-with-error-code", 1, "after\n"),
    ],
)
def test_the_mode(mode, status, stdout):
    source = "(async () => { throw new Error('why') })().then(0); "
    source += "setTimeout(() => console.log('after'), 1)"
    done = run(f"--unhandled-rejections={mode}", "-e", source)
    assert (done.returncode, done.stdout) == (status, stdout)
    assert ("why" in done.stderr) == (mode != "none")
