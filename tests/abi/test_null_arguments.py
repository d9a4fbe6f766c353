"""Each function, each pointer argument NULL: the status is Node's.

What Node answers is recorded in null_arguments.json, by record.py; the addon that
asks is generated. It runs in a process of its own, so that a crash is one failure.
"""

import json
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT / "tools")]

import ledger  # noqa: E402
import make_null_matrix as matrix  # noqa: E402
import oracle  # noqa: E402
import run_matrix  # noqa: E402

ROWS = {row.name: row for row in ledger.read()}
EXPECTED = json.loads(matrix.RECORD.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("matrix")
    count = len(matrix.covered())
    return run_matrix.answers(matrix, folder, count, "all done: 0 0 0")


def test_child_survives(answers):
    run_matrix.check_survival(*answers)


def succeeds_only_in_node(name, label):
    """The ledger says that the function cannot succeed yet, and in Node it did."""
    missing = "napi_generic_failure" in ROWS[name].note
    return missing and EXPECTED[name][label].startswith("0 ")


@pytest.mark.parametrize("name", EXPECTED)
def test_answers_are_nodes(answers, name):
    found = answers[0].get(name, {})
    different = [
        f"{label}: {found.get(label, 'no answer')}, Node {expected}"
        for label, expected in EXPECTED[name].items()
        if found.get(label) != expected and not succeeds_only_in_node(name, label)
    ]
    assert not different, "\n".join(different)


@pytest.mark.parametrize(("name", "label"), matrix.FATAL)
def test_survives_what_node_does_not(answers, name, label):
    """A status, whichever: Node stops the process."""
    found = answers[0].get(name, {})
    assert label in found, f"no answer: {answers[1].stderr}"
    assert 0 <= int(found[label].split()[0]) <= 23


def test_matrix_is_whole():
    """Each function of the ledger, each of its rows, is recorded or left out."""
    assert {*EXPECTED, *matrix.LEFT_OUT} == set(ROWS)
    for function in matrix.covered():
        labels = [label for label, _, _ in matrix.rows(function)]
        assert list(EXPECTED[function.name]) == labels
    everything = {
        (function.name, label)
        for function in matrix.covered()
        for label, _, _ in matrix.rows(function, fatal=True)
    }
    assert set(matrix.FATAL) <= everything


def test_valid_arguments_are_valid():
    """Else a NULL would not be what makes a call fail."""
    invalid = [
        name for name, rows in EXPECTED.items() if rows.get("valid", "0")[0] != "0"
    ]
    assert invalid == []


def test_prologues_are_nodes():
    """Node refuses a call with an exception pending exactly after a preamble."""
    different = [
        name
        for name, rows in EXPECTED.items()
        if "pending" in rows
        and (rows["pending"].split()[0] == "10") != (ROWS[name].prologue == "preamble")
    ]
    assert not different, "\n".join(different)


def test_env_is_checked():
    """Node checks the env of each function that the ledger says checks it."""
    different = [
        name
        for name, rows in EXPECTED.items()
        if (rows.get("env=NULL", "0")[0] == "1") != (ROWS[name].prologue != "none")
    ]
    assert not different, "\n".join(different)


def test_record_is_true():
    """Where Node is here, it still answers what is recorded."""
    node = oracle.program()
    if node is None:
        pytest.skip("Node is not here: make oracle")
    assert matrix.ask_node(oracle.headers(), node) == EXPECTED
