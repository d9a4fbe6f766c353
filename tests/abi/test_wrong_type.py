"""Each function, each value argument of each type: status and exception are Node's.

What Node answers is recorded in wrong_types.json, by record.py; the addon that asks
is generated. It runs in a process of its own, so that a crash is one failure.
"""

import json
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT / "tools")]

import ledger  # noqa: E402
import make_wrong_types as matrix  # noqa: E402
import oracle  # noqa: E402
import run_matrix  # noqa: E402

ROWS = {row.name: row for row in ledger.read()}
EXPECTED = json.loads(matrix.RECORD.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("matrix")
    count = len(matrix.positions())
    return run_matrix.answers(matrix, folder, count, "all done: 0 0 -")


def test_child_survives(answers):
    run_matrix.check_survival(*answers)


def succeeds_only_in_node(position, kind):
    """The ledger says that the function cannot succeed yet, and in Node it did."""
    note = ROWS[position.split()[0]].note
    return "napi_generic_failure" in note and EXPECTED[position][kind].startswith("0 ")


def expect(position, kind):
    """Node's answer, or the one that must differ."""
    node = EXPECTED[position][kind]
    return matrix.DIFFERENT.get((*position.split(), kind), (node, ""))[0]


@pytest.mark.parametrize("position", EXPECTED)
def test_answers_are_nodes(answers, position):
    found = answers[0].get(position, {})
    different = [
        f"{kind}: {found.get(kind, 'no answer')}, expected {expect(position, kind)}"
        for kind in EXPECTED[position]
        if found.get(kind) != expect(position, kind)
        and not succeeds_only_in_node(position, kind)
    ]
    assert not different, "\n".join(different)


@pytest.mark.parametrize(("function", "parameter", "kind"), matrix.FATAL)
def test_survives_what_node_does_not(answers, function, parameter, kind):
    """A status, whichever: Node stops the process."""
    found = answers[0].get(f"{function} {parameter}", {})
    assert kind in found, f"no answer: {answers[1].stderr}"
    assert 0 <= int(found[kind].split()[0]) <= 23


def test_matrix_is_whole():
    """Each value argument of each function is recorded for each kind of value."""
    positions = {
        (function.name, function.parameters[number].name)
        for function, number in matrix.positions()
    }
    assert {f"{function} {parameter}" for function, parameter in positions} == set(
        EXPECTED
    )
    for position, kinds in EXPECTED.items():
        function, parameter = position.split()
        fatal = [kind for *at, kind in matrix.FATAL if at == [function, parameter]]
        assert [kind for kind in matrix.KINDS if kind not in fatal] == list(kinds)
    assert {(function, parameter) for function, parameter, _ in matrix.FATAL} <= (
        positions
    )


def test_each_function_takes_some_kind():
    """Else the type of the value would not be what makes a call fail."""
    never = [
        position
        for position, kinds in EXPECTED.items()
        if not any(answer.startswith("0 ") for answer in kinds.values())
    ]
    needs_a_wrap = ["napi_remove_wrap js_object", "napi_unwrap js_object"]
    assert never == needs_a_wrap


def test_differences_differ():
    """A difference from Node that is none any more has no place in the list."""
    for (function, parameter, kind), (answer, _) in matrix.DIFFERENT.items():
        assert EXPECTED[f"{function} {parameter}"][kind] != answer


def test_record_is_true():
    """Where Node is here, it still answers what is recorded."""
    node = oracle.program()
    if node is None:
        pytest.skip("Node is not here: make oracle")
    assert matrix.ask_node(oracle.headers(), node) == EXPECTED
