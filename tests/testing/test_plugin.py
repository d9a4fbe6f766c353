"""The pytest plugin (napi/testing/plugin.py): pytest in processes of its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LEAKY = ROOT / "tests" / "planted" / "reference_leak.c"
HEADER = LEAKY.with_name("planted.h")


@pytest.fixture
def run(tmp_path, addon_path):
    """run(tests, *options): how pytest ends in an empty project with the plugin."""

    def run_tests(tests, *options, strict=False):
        (tmp_path / "test_it.py").write_text(tests)
        (tmp_path / "leaky.c").write_text(LEAKY.read_text())
        (tmp_path / "planted.h").write_text(HEADER.read_text())
        node = tmp_path / "reference.node"
        if not node.exists():
            node.symlink_to(addon_path("reference", version=10))
        environment = {k: v for k, v in os.environ.items() if k != "NAPI_STRICT"}
        command = [sys.executable, "-m", "pytest", "-p", "napi.testing.plugin"]
        return subprocess.run(
            [*command, "--color=no", "-rA", *options],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run_tests


LEAK = """
import napi

def test_leak(addon):
    m = addon("reference.node")
    for _ in range(3):
        m.create(napi.Object(), 1)

def test_clean(addon):
    m = addon("reference.node")
    m.drop(m.create(napi.Object(), 1))
"""


def test_without_options_nothing_is_checked(run):
    done = run(LEAK)
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


@pytest.mark.parametrize("strict", [False, True])
def test_leaks_fail_the_test_that_leaks(run, strict):
    done = run(LEAK, "--napi-leaks", *(["--napi-strict"] if strict else []))
    assert done.returncode == 1
    assert "FAILED test_it.py::test_leak" in done.stdout
    assert "PASSED test_it.py::test_clean" in done.stdout
    assert "3 strong references" in done.stdout
    assert ("test_it.py:7 in test_leak" in done.stdout) is strict


def test_the_fixture_checks_the_test_that_asks(run):
    done = run(LEAK.replace("(addon)", "(addon, leakcheck)"))
    assert "FAILED test_it.py::test_leak" in done.stdout
    assert "PASSED test_it.py::test_clean" in done.stdout


@pytest.mark.parametrize("ignore", ["['strong']", "'all'"])
def test_the_marker_allows_leaks(run, ignore):
    mark = f"import pytest\n@pytest.mark.napi_leaks(ignore={ignore})\ndef test_leak"
    done = run(LEAK.replace("def test_leak", mark), "--napi-leaks", "--strict-markers")
    assert done.returncode == 0, done.stdout


def test_a_failure_is_not_hidden_by_its_leak(run):
    done = LEAK.replace("    m.drop", "    assert 0, 'mine'\n    m.drop")
    done = run(done, "--napi-leaks")
    assert "mine" in done.stdout
    assert "1 strong" not in done.stdout


def test_sources_are_compiled_and_named(run):
    done = run(
        "def test_it(addon):\n    addon('leaky.c').remember({})\n",
        "--napi-leaks",
        "--napi-strict",
    )
    assert re.search(r"remember at .*leaky\.c:\d+", done.stdout), done.stdout


MISUSE = """
import napi, pytest

def test_misuse(addon):
    addon("reference.node").use_deleted(napi.Object())
"""


def test_misuse_fails_in_the_strict_build(run):
    assert run(MISUSE).returncode == 0
    done = run(MISUSE, "--napi-strict")
    assert done.returncode == 1
    assert "StrictError" in done.stdout


def test_too_late_for_the_strict_build(run, tmp_path):
    (tmp_path / "conftest.py").write_text("from napi._native import shim\n")
    done = run(LEAK, "--napi-strict")
    assert done.returncode == 4
    assert "--napi-strict: the release build of napi is in use" in done.stderr


def test_calls_are_traced(run, tmp_path):
    done = run(LEAK, "--napi-trace", "calls.jsonl")
    assert done.returncode == 0, done.stdout
    lines = (tmp_path / "calls.jsonl").read_text().splitlines()
    names = {json.loads(line).get("call") for line in lines}
    assert {"napi_create_reference", "napi_delete_reference"} <= names


@pytest.mark.parametrize("suffix", ["json", "html", "txt"])
def test_statuses_are_covered(run, tmp_path, suffix):
    done = run(LEAK, "--napi-cover", f"cover.{suffix}")
    assert done.returncode == 0, done.stdout
    assert "napi_delete_reference" in (tmp_path / f"cover.{suffix}").read_text()


def test_what_workers_saw_is_added_up(run, tmp_path):
    pytest.importorskip("xdist", reason="pytest-xdist is not installed")
    done = run(LEAK, "--napi-cover", "cover.json", "--napi-trace", "t.jsonl", "-n", "2")
    assert done.returncode == 0, done.stdout
    counts = json.loads((tmp_path / "cover.json").read_text())["functions"]
    assert counts["napi_create_reference"] == {"napi_ok": 4}
    assert (tmp_path / "t.jsonl.gw0").exists()


def test_each_call_fails_once(run):
    done = run(
        "def test_it(addon):\n    addon('leaky.c').remember({})\n", "--napi-faults"
    )
    assert done.returncode == 1  # the addon aborts where a call fails
    assert "napi_create_reference -> napi_generic_failure: crash" in done.stdout


def test_workers_of_xdist(run):
    pytest.importorskip("xdist", reason="pytest-xdist is not installed")
    done = run(LEAK, "--napi-leaks", "--napi-strict", "-n", "2")
    assert "FAILED test_it.py::test_leak" in done.stdout
    assert "1 failed, 1 passed" in done.stdout


def test_the_plugin_loads_nothing_before_it_is_needed():
    code = (
        "import sys, napi.testing.plugin\n"
        "print([name for name in sys.modules if '_shim' in name])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
