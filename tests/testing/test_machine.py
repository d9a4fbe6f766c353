"""Any order of legal calls of our own functions: no crash, no report, nothing left."""

import json
import subprocess
import sys

import pytest

pytest.importorskip("cffi", reason="the functions are called through cffi")
pytest.importorskip("hypothesis", reason="napi fuzz needs it")


def machine(*arguments, code=None):
    command = ["-c", code] if code else ["-m", "napi.testing.fuzz.machine"]
    return subprocess.run(
        [sys.executable, *command, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_batches_of_legal_calls_leave_nothing_behind():
    done = machine(1, 1500, "--batches", 2)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["calls"] > 2000


def test_a_batch_is_repeated_by_its_seed_and_its_numbers(tmp_path):
    first = machine(5, 200, "--trace").stdout
    assert machine(5, 200, "--trace").stdout == first
    only = tmp_path / "only.json"
    only.write_text(json.dumps([0, 1, 2, 3, 4, 5]))
    some = machine(5, 200, "--only", only, "--trace").stdout.splitlines()
    assert some[:3] == first.splitlines()[:3]
    assert len(some) < 20


BROKEN = """
import sys
from napi.testing import abi
from napi.testing.fuzz import machine

def leaves_one(env, *rest):
    cell = abi.ffi.new("napi_ref *")
    value = abi.ffi.new("napi_value *")
    keep(env, value)
    abi.lib.napi_create_reference(env, value[0], 1, cell)
    return 0

keep = abi.lib.napi_create_object
abi.lib.napi_create_object = lambda env, cell: keep(env, cell) or leaves_one(env)
try:
    machine.run(1, list(range(300)))
except machine.MachineError as error:
    print(error)
"""


def test_a_reference_too_many_is_a_finding():
    done = machine(code=BROKEN)
    assert done.stdout.startswith("strong: "), done.stdout + done.stderr[-2000:]


def test_napi_fuzz_self_is_the_machine(tmp_path):
    done = machine(
        code="import sys; from napi.cli import main; sys.exit(main("
        f"['fuzz', '--self', '--minutes', '0.01', '--out', {str(tmp_path)!r}]))"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((tmp_path / "campaign.json").read_text())["calls"] > 1000
