"""Finalizers of experimental modules in a JavaScript program (Node-API manual)."""

import subprocess
import sys

import pytest

import napi

pytest.importorskip("esprima", reason="JavaScript needs napi[js]")

SOURCE = """
const { watch } = require(process.argv[1]);
(() => watch({}, Number(process.argv[2])))();
gc();
setImmediate(() => console.log('alive'));
"""
ACTS = {"posts": 0, "makes an object": 1, "makes a string": 2, "sets a property": 3}


@pytest.mark.parametrize("act", ACTS)
def test_a_finalizer_that_uses_the_heap_ends_the_program(addon_path, act):
    path = addon_path("basic_finalizer", experimental=True)
    words = ["run", "--expose-gc", "-e", SOURCE, path, str(ACTS[act])]
    done = subprocess.run(
        [sys.executable, "-m", "napi", *words],
        capture_output=True,
        text=True,
        timeout=60,
    )
    if act == "posts":
        assert done.stdout == "posted made an object\nalive\n"
        assert (done.stderr, done.returncode) == ("", 0)
    else:
        assert done.returncode == -6
        assert "Finalizer is calling a function that may affect" in done.stderr
        assert done.stdout == ""


@pytest.mark.parametrize("act", ACTS)
def test_in_a_python_program_it_does_no_harm(addon, act):
    if napi._native.is_strict():
        pytest.skip("the strict build reports it")
    module = addon("basic_finalizer", experimental=True)
    module.watch(napi.Object(), ACTS[act])
    napi.run()
    assert module.watch(napi.Object(), 0) is None
