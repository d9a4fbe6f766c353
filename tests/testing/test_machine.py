"""Any order of legal calls of our own functions: no crash, no report, nothing left."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from napi.testing.abi import functions

pytest.importorskip("hypothesis", reason="napi fuzz needs it")

CACHE = Path(os.environ.get("NAPI_CACHE", Path(__file__).parents[2] / ".cache"))
CRC32 = "node_modules/@node-rs/crc32-linux-x64-gnu/crc32.linux-x64-gnu.node"
ADDON = str(CACHE / CRC32)
# What ends the process, or is another's.
LEFT_OUT = {
    "napi_fatal_error",
    "napi_fatal_exception",
    "napi_get_uv_event_loop",
    "napi_module_register",
}
# Called with another one, or in a callback.
WITHIN = {
    "napi_get_cb_info",
    "napi_get_new_target",
    "napi_get_threadsafe_function_context",
    "napi_unref_threadsafe_function",
}


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


def test_a_reference_too_many_is_a_finding():
    done = machine(
        code="from napi.testing.fuzz import machine\n"
        "machine.run(1, list(range(300)), leave=True)"
    )
    last = done.stderr.splitlines()[-1]
    assert last.startswith("napi.testing.fuzz.machine.MachineError: strong: "), last


def test_every_function_is_called():
    done = machine(1, 20_000, "--batches", 3, "--trace")
    assert done.returncode == 0, done.stderr[-2000:]
    called = {line.split()[-1] for line in done.stdout.splitlines()}
    not_called = set(functions()) - called - LEFT_OUT - WITHIN
    assert not not_called
    assert "napi_call_threadsafe_function" in called
    assert "napi_queue_async_work" in called


def test_napi_fuzz_self_is_the_machine(tmp_path):
    done = machine(
        code="import sys; from napi.cli import main; sys.exit(main("
        f"['fuzz', '--self', '--minutes', '0.01', '--out', {str(tmp_path)!r}]) or "
        "any('_shim' in name for name in sys.modules))"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((tmp_path / "campaign.json").read_text())["calls"] > 1000


@pytest.mark.parametrize("words", [["--self"], [ADDON], ["--jobs", "2", ADDON]])
def test_an_interrupt_leaves_the_summary(tmp_path, words):
    screen, end = os.openpty()  # where there is a line of progress
    running = subprocess.Popen(
        [sys.executable, "-m", "napi", "fuzz", *words, "--out", tmp_path],
        stdout=subprocess.PIPE,
        stderr=end,
        text=True,
    )
    os.close(end)
    try:
        while b" cases " not in os.read(screen, 1000):
            pass
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=60)
    finally:
        running.kill()
        os.close(screen)
    assert running.returncode == 128 + signal.SIGINT
    told = json.loads((tmp_path / "campaign.json").read_text())
    assert out.startswith(f"{told['cases']} cases, {told['calls']} calls")
