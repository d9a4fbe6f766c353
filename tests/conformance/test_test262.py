"""The runner of test262, on a suite of its own making in the same format."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import napi

RUNNER = Path(__file__).parent / "test262.py"
ROOT = str(Path(napi.__file__).parents[1])
HARNESS = {
    "assert.js": "function assert(ok, text) { if (!ok) throw new Test262Error(text); }",
    "sta.js": "function Test262Error(text) { this.message = text; }",
    "doneprintHandle.js": "function $DONE(error) { print(error ?"
    " 'Test262:AsyncTestFailure:' + error : 'Test262:AsyncTestComplete'); }",
    "more.js": "var more = this === globalThis;",
}
CASES = {
    "passes": ("", "assert(1 + 1 === 2);", "pass", ""),
    "fails": ("", "assert(false, 'no');", "fail", "Test262Error: no"),
    "throws": ("", "null.x;", "fail", "TypeError: Cannot read properties of null"),
    "includes": ("includes: [more.js]", "assert(more);", "pass", ""),
    "raw": ("flags: [raw]", "if (typeof assert !== 'undefined') throw 1;", "pass", ""),
    "strict": ("flags: [onlyStrict]", "assert(!(() => this)() !== 1);", "pass", ""),
    "sloppy": ("flags: [noStrict]", "unknown = 1; assert(unknown);", "pass", ""),
    "both": ("", "unknown = 1;", "fail", "ReferenceError: unknown is not defined"),
    "changes": ("", "Array.prototype.push = 0; var left = 1;", "pass", ""),
    "changed": ("", "assert([].push(1) && typeof left == 'undefined');", "pass", ""),
    "parse": (
        "negative: {phase: parse, type: SyntaxError}",
        "throw 1; let a; let a;",
        "pass",
        "",
    ),
    "parses": (
        "negative: {phase: parse, type: SyntaxError}",
        "throw new SyntaxError('late');",
        "fail",
        "runtime SyntaxError: late, not SyntaxError (parse)",
    ),
    "ends": (
        "negative: {phase: runtime, type: RangeError}",
        "throw new RangeError;",
        "pass",
        "",
    ),
    "goes-on": (
        "negative: {phase: runtime, type: RangeError}",
        "1;",
        "fail",
        "no RangeError (runtime)",
    ),
    "async": ("flags: [async]", "Promise.resolve().then(() => $DONE());", "pass", ""),
    "never": ("flags: [async]", "1;", "fail", "$DONE was not called"),
    "rejects": ("flags: [async]", "$DONE('why');", "fail", "async why"),
    "module": (
        "flags: [module]",
        "import { one } from './part_FIXTURE.js'; import data from"
        " './data_FIXTURE.json' with { type: 'json' };"
        "assert(one + data === 3); await 1;",
        "pass",
        "",
    ),
    "imports": (
        "flags: [async]",
        "import('./part_FIXTURE.js').then(({ one }) => $DONE(one !== 1), $DONE);",
        "pass",
        "",
    ),
    "links": (
        "negative: {phase: resolution, type: SyntaxError}\nflags: [module]",
        "import { two } from './part_FIXTURE.js'; throw 1;",
        "pass",
        "",
    ),
    "script": (
        "",
        "$262.evalScript('let lexical = 2'); assert(lexical === 2);"
        "assert($262.global === globalThis); $262.gc();",
        "pass",
        "",
    ),
    "detaches": (
        "",
        "var b = new ArrayBuffer(8); $262.detachArrayBuffer(b);"
        "assert(b.byteLength === 0 && b.detached);",
        "pass",
        "",
    ),
    "hangs": ("", "for (;;);", "timeout", "2 s"),
    "aborts": ("", "process.abort();", "crash", "SIGABRT"),
    "realm": ("features: [cross-realm]", "throw 1;", "left out", "there is one realm"),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("test262")
    tests = folder / "test" / "language" / "group"
    tests.mkdir(parents=True)
    (folder / "harness").mkdir()
    for name, text in HARNESS.items():
        (folder / "harness" / name).write_text(text)
    for name, (matter, text, _, _) in CASES.items():
        source = f"/*---\ndescription: {name}\n{matter}\n---*/\n{text}\n"
        (tests / f"{name}.js").write_text(source)
    (tests / "part_FIXTURE.js").write_text("export const one = 1;")
    (tests / "data_FIXTURE.json").write_text("2")
    (tests / "plain.js").write_text("throw 1; // no front matter")
    words = ["--timeout", "2", "--results", "lines.json", "--table", "table.md"]
    done = subprocess.run(
        [sys.executable, str(RUNNER), ".", "--area", "language", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": ROOT},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stderr == ""
    lines = (folder / "lines.json").read_text().splitlines()
    results = {Path(row[0]).stem: row for row in map(json.loads, lines)}
    return results, (folder / "table.md").read_text(), done


@pytest.mark.parametrize("name", CASES)
def test_test262_file_ends_as_it_should(report, name):
    _, _, kind, reason = CASES[name]
    found = report[0][name]
    assert found[1] == kind
    assert found[3].startswith(reason)
    assert bool(reason) == bool(found[3])


def test_test262_file_fails_in_the_mode_that_fails(report):
    assert report[0]["both"][2] == "strict"


def test_test262_file_without_front_matter_is_left_out(report):
    assert report[0]["plain"][1] == "left out"


def test_test262_table_counts_each_area(report):
    _, table, done = report
    passed, failed = (
        sum(case[2] in kinds for case in CASES.values())
        for kinds in (("pass",), ("fail", "crash", "timeout"))
    )
    assert f"| language/group | {passed} | {failed} | 2 |" in table
    assert f"| **language** | {passed} | {failed} | 2 |" in table
    assert done.stdout == table
    assert done.returncode == 1, "one crashed"
