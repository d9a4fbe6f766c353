"""examples/test_your_addon: its tests pass, and fail where the README breaks them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import napi

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("NAPI_CACHE", ROOT / ".cache"))
EXAMPLE = ROOT / "examples" / "test_your_addon"
HOME = str(Path(napi.__file__).parents[1])
# Where napi is not installed, nothing tells pytest of its plugin.
PLUGIN = ("-p", "napi.testing.plugin", "-p", "no:cacheprovider")


def napi_test(folder, *words):
    environ = {**os.environ, "PYTHONPATH": HOME, "PYTHONSAFEPATH": "1"}
    environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    done = subprocess.run(
        [sys.executable, "-m", "napi", "test", "-q", *PLUGIN, *words],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=folder,
        env=environ,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """copy(name): the example in a directory of its own, with what it needs."""
    made = {}

    def make(name):
        if name not in made:
            folder = tmp_path_factory.mktemp("example") / name
            shutil.copytree(
                EXAMPLE / name,
                folder,
                ignore=shutil.ignore_patterns("build", "node_modules", "*cache*"),
            )
            if (folder / "package.json").exists():
                package = CACHE / "sources" / "node_modules" / "node-addon-api"
                if not package.exists():
                    pytest.skip("node-addon-api is not in the cache: make test")
                shutil.copytree(package, folder / "node_modules" / package.name)
            made[name] = folder
        return made[name]

    return make


@pytest.mark.parametrize("name", ["c", "cpp"])
def test_the_tests_of_an_example_pass(copy, name):
    status, said = napi_test(copy(name), "--napi-strict", "--napi-leaks")
    assert status == 0, said
    assert " passed" in said


# As in the README: what is edited, what runs, what is said.
BROKEN = {
    "too_small": (
        ("malloc(2 * size + 1)", "malloc(size + 1)"),
        ("--asan", "-k", "come_back"),
        ("heap-buffer-overflow", "encode_bytes", "runs.c:4", "1 failed"),
    ),
    "reference": (
        ("    napi_delete_reference(env, job->source);\n    napi_delete_async", None),
        ("--napi-strict", "-k", "left_behind"),
        ("3 strong references", "start_job"),
    ),
    "unsettled": (
        (
            "|| napi_resolve_deferred(env, job->deferred, result) != napi_ok) {",
            "|| (napi_resolve_deferred(env, job->deferred, result), false)) {",
        ),
        ("--napi-strict", "-k", "every_call"),
        ("napi_resolve_deferred -> ", "promise that was never settled"),
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_bug_in_it_is_found(copy, case):
    (old, new), words, said = BROKEN[case]
    if new is None:
        new = old.partition("\n")[2]
    source = copy("c") / "runs.c"
    whole = source.read_text()
    assert old in whole
    try:
        source.write_text(whole.replace(old, new))
        status, found = napi_test(copy("c"), *words)
    finally:
        source.write_text(whole)
    assert status == 1, found
    for word in said:
        assert word in found, found
