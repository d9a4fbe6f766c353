"""Runs an addon that a matrix has generated, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
import faulthandler
import napi
from napi._native import shim

faulthandler.enable()
shim.reports(keep=True)
sys.unraisablehook = lambda report: None  # of napi_fatal_exception
napi.set_script_evaluator(lambda source, info: 1)
addon = napi.load(sys.argv[1], fresh=True)
for index in range(int(sys.argv[2])):
    print(addon.run(index), end="", flush=True)
shim.reports()
print(sys.argv[3])
"""


def answers(matrix, folder, count, last):
    """What the addon of a matrix answers, in words, and the process.

    Args:
        matrix: The module that makes it.
        folder: Where it is built.
        count: How many functions it has.
        last: A line behind all the others, as the addon writes them.
    """
    addon = matrix.build(folder / "matrix.node", fatal=True)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, addon, str(count), last],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        env={**os.environ, "PYTHONFAULTHANDLER": "1"},
    )
    return matrix.parse(done.stdout), done


def check_survival(found, done):
    """A crash is one failure, which names the function."""
    last = list(found)[-1] if found else "nothing"
    assert done.returncode == 0, f"after {last}: {done.stderr}"
    assert "all" in found
    assert not [name for name in found if name.startswith("setup")], found
