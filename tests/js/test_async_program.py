"""Asynchronous contexts and threadsafe functions in a JavaScript program."""

import subprocess
import sys

import pytest

pytest.importorskip("esprima", reason="JavaScript needs napi[js]")

POLICY = "--force-node-api-uncaught-exceptions-policy"
HOOKS = "const hooks = require('async_hooks'), m = require(process.argv[1]);"
CONTEXTS = {
    "the resource is the addon's object": (
        "const r = { a: 1 }; m.open(0, r);"
        "m.call(0, {}, () => console.log(hooks.executionAsyncResource() === r));"
        "console.log(hooks.executionAsyncResource() === r)",
        "true\nfalse\n",
    ),
    "without one an object is made, and hooks see the same": (
        "let seen; hooks.createHook({ init(id, type, trigger, resource) {"
        "  if (type === 'own') seen = resource } }).enable();"
        "m.open(0); m.call(0, {}, () => console.log("
        "  typeof seen, hooks.executionAsyncResource() === seen))",
        "object true\n",
    ),
    "contexts nest": (
        "const a = { a: 1 }, b = { b: 1 }; m.open(0, a); m.open(1, b);"
        "const at = () => console.log(hooks.executionAsyncResource());"
        "m.call(0, {}, () => { at(); m.call(1, {}, at); at(); })",
        "{ a: 1 }\n{ b: 1 }\n{ a: 1 }\n",
    ),
    "a context may be closed in its own callback": (
        "const log = []; let own; const note = (w) => (id) => {"
        "  if (own === id) log.push(w) };"
        "hooks.createHook({ init: (id, type) => type === 'own' && (own ??= id),"
        "  before: note('before'), after: note('after'), destroy: note('destroy')"
        "}).enable(); m.open(0, { x: 'y'.repeat(99) });"
        "m.call(0, {}, () => { m.close(0); m.open(1, {}); });"
        "setImmediate(() => console.log(log.join(' ')))",
        "before after destroy\n",
    ),
}


def run(*words):
    return subprocess.run(
        [sys.executable, "-m", "napi", "run", *words],
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("case", CONTEXTS)
def test_the_resource_of_a_context(addon_path, case):
    source, expected = CONTEXTS[case]
    done = run("-e", HOOKS + source, addon_path("async_context"))
    assert (done.stderr, done.stdout) == ("", expected)


THROWING = """
process.on('uncaughtException', (error) => console.log(error.message));
process.on('warning', (warning) => console.log(warning.code));
require(process.argv[1]).later(() => { throw new Error('of the callback') });
"""
RAISED = "of the callback\nof the finalizer\n"
WARNED = "DEP0168\nDEP0168\n"


@pytest.mark.parametrize(
    ("version", "flags", "expected"),
    [
        (9, [], WARNED),
        (9, [POLICY], RAISED),
        (9, [f"--no-{POLICY[2:]}"], WARNED),
        (9, [f"{POLICY}=false"], WARNED),
        (10, [], RAISED),
        (10, [f"--no-{POLICY[2:]}"], RAISED),
    ],
)
def test_what_a_threadsafe_callback_throws(addon_path, version, flags, expected):
    path = addon_path("async_context", version=version)
    done = run(*flags, "-e", THROWING, path)
    assert done.stdout == expected
    assert done.returncode == 0
