"""Node's own modules: what the scripts in cases/ print is what Node printed.

``cases/*.out`` were recorded with Node 20 (assert.out with Node 26, whose messages
are the ones here), each with ``node CASE.js``.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).parent / "cases"
SCRIPTS = [*sorted(CASES.glob("*.js")), *sorted((CASES / "esm").glob("*main.mjs"))]

pytest.importorskip("esprima", reason="JavaScript needs napi[js]")

NEEDED = {"crypto_ciphers": "cryptography"}  # a script and the package it needs


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_scripts_print_what_node_printed(script):
    if script.stem in NEEDED:
        name = NEEDED[script.stem]
        pytest.importorskip(name, reason=f"these ciphers are those of {name}")
    done = subprocess.run(
        [sys.executable, "-m", "napi", "run", script.name],
        cwd=script.parent,
        capture_output=True,
        timeout=120,
        env={**os.environ, "NO_COLOR": "1", "TZ": "UTC"},
    )
    expected = script.with_suffix(".out").read_bytes()
    assert done.stdout.decode() == expected.decode(), done.stderr.decode()
    assert done.returncode == 0


def run(*words, source=None):
    return subprocess.run(
        [sys.executable, "-m", "napi", "run", *words],
        input=source,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "NO_COLOR": "1"},
    )


ENDS = [
    ("process.exit(3)", 3),
    ("process.exitCode = 4", 4),
    ("throw new Error('x')", 1),
    ("Promise.reject(new Error('x'))", 1),
    ("setTimeout(() => { throw 5 }, 1)", 1),
    ("process.on('exit', () => { process.exitCode = 9 })", 9),
    ("process.on('uncaughtException', () => {}); throw 1", 0),
    ("process.on('uncaughtException', () => { throw 2 }); throw 1", 7),
    ("process.on('unhandledRejection', () => {}); Promise.reject(1)", 0),
    ("let a = ;", 1),
    ("process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 5000)", -15),
]


@pytest.mark.parametrize(("source", "status"), ENDS)
def test_exit_status(source, status):
    assert run("-e", source).returncode == status


def test_uncaught_exceptions_are_printed_as_node_does(tmp_path):
    script = tmp_path / "a.js"
    script.write_text("function f() {\n  throw new TypeError('bad');\n}\nf();\n")
    done = run(str(script))
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines[:4] == [f"{script}:2", "  throw new TypeError('bad');", "  ^", ""]
    assert lines[4] == "TypeError: bad"
    assert lines[-1].startswith("Node.js v")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["-p", "1 + 1"], "2\n"),
        (["-p", "[1, { a: process.argv.slice(1) }]", "x"], "[ 1, { a: [ 'x' ] } ]\n"),
        (
            ["-e", "console.log(path.sep, typeof require('fs').readFileSync)"],
            "/ function\n",
        ),
        (["--input-type=module", "-e", "console.log(await 5)"], "5\n"),
        (["-e", "import('fs').then((m) => console.log(typeof m.default))"], "object\n"),
    ],
)
def test_texts_of_the_command_line(words, shown):
    assert run(*words).stdout == shown


def test_a_program_on_standard_input():
    assert run(source="console.log(__filename.length > 0)").stdout == "true\n"


MISSING = [
    ("require('tls').connect", "tls.connect"),
    ("require('worker_threads').postMessageToThread(1)", "postMessageToThread"),
    ("require('tls').connect(1)", "tls.connect"),
    ("require('crypto').createSign('a')", "crypto.createSign"),
    ("require('node:sqlite')", "sqlite"),
    (
        "require('child_process').fork('x', [], { serialization: 'advanced' })",
        "serialization",
    ),
]


@pytest.mark.parametrize(("source", "name"), MISSING[1:])
def test_what_is_missing_is_named(source, name):
    done = run("-e", source)
    assert done.returncode == 1
    assert name in done.stderr
    assert "not available in this host" in done.stderr


def test_a_missing_member_can_be_read():
    assert run("-p", f"typeof {MISSING[0][0]}").stdout == "function\n"


def test_children_run_javascript(tmp_path):
    script = tmp_path / "parent.js"
    script.write_text(
        "const c = require('child_process');\n"
        "if (process.argv[2] === 'child') { console.log('in', process.argv[3]);"
        " process.exit(5) }\n"
        "const r = c.spawnSync(process.execPath, [__filename, 'child', 'x']);\n"
        "console.log(r.status, String(r.stdout).trim());\n"
        "c.execFile(process.execPath, [__filename, 'child', 'y'], (e, out) =>\n"
        "  console.log(e.code, out.trim()));\n"
    )
    assert run(str(script)).stdout == "5 in x\n5 in y\n"


def test_jobs_do_not_outlive_a_main_that_throws():
    source = (
        "process.nextTick(() => console.log('tick'));"
        "Promise.resolve().then(() => console.log('microtask'));"
        "process.on('exit', (code) => console.log('exit', code)); throw new Error('x')"
    )
    done = run("-e", source)
    assert (done.returncode, done.stdout) == (1, "exit 1\n")


HINT = "(Use `node --trace-uncaught ...` to show where the exception was thrown)"
UNCAUGHT = [
    ("throw { a: 1 }", "\n{ a: 1 }\n\nNode.js "),
    ("throw 'text'", f"\ntext\n{HINT}\n\nNode.js "),
    ("throw Symbol('x')", f"\n{HINT}\n\nNode.js "),
    ("Promise.reject({ a: 1 })", 'with the reason "#<Object>".'),
    ("Promise.reject([1])", 'with the reason "[object Array]".'),
    ("Promise.reject('text')", "\n  code: 'ERR_UNHANDLED_REJECTION'\n}\n"),
    ("let a = ;", "let a = ;\n        ^\n\nSyntaxError: Unexpected token ';'\n"),
]


@pytest.mark.parametrize(("source", "words"), UNCAUGHT)
def test_what_nobody_catches_is_shown_as_node_shows_it(source, words):
    done = run("-", source=source)
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.count(source) <= 1
