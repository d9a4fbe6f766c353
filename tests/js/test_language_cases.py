"""Whole programs print what Node printed for them (the .out beside each)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import napi

CASES = sorted((Path(__file__).parent / "cases" / "language").glob("*.js"))
RUN = """
import sys, napi, napi.js
source = open(sys.argv[1], encoding="utf-8").read()
body = napi.js.compile(source, sys.argv[1], kind="commonjs").run()
body(napi.Object(), None, napi.Object(), sys.argv[1], "")
napi.run()
"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_prints_what_node_printed(case):
    root = str(Path(napi.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(case)],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    assert done.stdout == case.with_suffix(".out").read_text(encoding="utf-8")
