"""The maker of random programs."""

import json
import sys
from pathlib import Path

import pytest

import napi.js

sys.path.insert(0, str(Path(__file__).parent))
import random_programs

pytest.importorskip("esprima", reason="JavaScript needs napi[js]")


def test_the_same_seed_makes_the_same_program():
    made = [random_programs.Maker(seed).program() for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]


def test_most_programs_are_valid():
    valid = 0
    for seed in range(30):
        text = json.dumps(random_programs.Maker(seed).program())
        source = (
            f"try {{ (async () => 1).constructor('log', {text}).length }}"
            "catch (e) { e.name }"
        )
        found = napi.js.eval(source, _=None)
        assert found in (1, "SyntaxError")
        valid += found == 1
    assert valid > 15
