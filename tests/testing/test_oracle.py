"""The same calls under Node: what is alike is not told, what differs is shrunk."""

import sys

import pytest

pytest.importorskip("hypothesis", reason="calls are drawn by hypothesis")

from napi.testing import oracle

# Speaks the protocol of oracle.cjs, and says of each call what the test wants.
PRETENDED = """#!{python}
import json, os, sys
answers = os.fdopen(int(sys.argv[3]), "w")
print("ready", file=answers, flush=True)
for line in sys.stdin:
    told = [{rule} for text in json.loads(line)]
    print(json.dumps(told), file=answers, flush=True)
"""


@pytest.fixture
def pretend(tmp_path, monkeypatch):
    """pretend(rule): a Node that gives, for the text of a call, what the rule says."""

    def make(rule):
        path = tmp_path / "node"
        path.write_text(PRETENDED.format(python=sys.executable, rule=rule))
        path.chmod(0o755)
        monkeypatch.setenv("NAPI_NODE", str(path))

    return make


def call(name, *values):
    return {"do": "call", "on": -1, "path": [name], "args": list(values)}


def test_a_difference_tells_the_step_and_both_answers(addon_path, pretend):
    pretend("'gives 1' if 'fine' in text else 'gives nothing'")
    case = [call("fine", ["null"]), call("keep", ["object"]), call("fine", ["null"])]
    (found,) = oracle.compare(addon_path("fuzz"), [case, case[:1]])
    assert (found.step, found.node, found.napi) == (
        1,
        "gives nothing",
        "gives undefined",
    )
    assert str(found).splitlines()[-2:] == [
        "Node gives nothing",
        "napi gives undefined",
    ]


def test_what_differs_from_run_to_run_is_no_difference(addon_path, pretend):
    pretend("f'gives {os.urandom(8).hex()}'")
    assert oracle.compare(addon_path("fuzz"), [[call("fine")]]) == []


def test_a_search_shrinks_what_it_finds(addon_path, pretend):
    pretend("'gives 7' if 'null' in text else 'gives undefined'")
    found = oracle.search(addon_path("fuzz"), exports=["arm"], seconds=20, most=1)
    assert [[one["args"] for one in each.case] for each in found] == [[[["null"]]]]


def test_without_node_it_says_what_to_do(addon_path, monkeypatch):
    monkeypatch.setenv("NAPI_NODE", "/nowhere")
    with pytest.raises(oracle.OracleError, match="NAPI_NODE"):
        oracle.compare(addon_path("fuzz"), [])


VALUES = [
    *(
        ["number", text]
        for text in ("0", "-0.0", "nan", "inf", "1e21", "0.1", "5e-324")
    ),
    *(["string", text] for text in ("", 'é\u2028"\\', "\0", "x" * 2000)),
    *(
        ["view", kind, "0102030405060708"]
        for kind in ("Buffer", "DataView", "Int16Array")
    ),
    *(
        ["detached", kind]
        for kind in ("ArrayBuffer", "Uint8Array", "DataView", "Buffer")
    ),
    *(["promise", act, ["number", "1"]] for act in ("resolve", "reject", "never")),
    ["undefined"],
    ["null"],
    ["bool", True],
    ["bigint", "-5"],
    ["symbol", "x"],
    ["buffer", "SharedArrayBuffer", "01"],
    ["array", ["number", "1"], ["array", ["array", ["array"]]]],
    ["object", ["b", ["null"]], ["1", ["null"]]],
    ["accessor", "x", ["number", "1"]],
    ["raising", "x"],
    ["cycle"],
    ["date", "0"],
    ["date", "nan"],
    ["error", "RangeError", "x"],
    ["function", "return", ["null"]],
    ["proxy", ["object", ["a", ["null"]]]],
    ["class"],
]


@pytest.mark.skipif(
    oracle.find_node() is None, reason="there is no Node to compare with"
)
def test_each_value_is_told_in_the_same_words_as_under_node(addon_path):
    cases = [[call("identity", value)] for value in VALUES]
    assert oracle.compare(addon_path("function"), cases) == []


@pytest.mark.skipif(
    oracle.find_node() is None, reason="there is no Node to compare with"
)
def test_a_death_on_both_sides_is_no_difference(addon_path):
    crash = [call("crash", ["number", "9999"])]
    leave = [call("leave", ["null"])]
    assert oracle.compare(addon_path("fuzz"), [crash, leave, crash]) == []
    node = oracle.Node(addon_path("fuzz"))
    assert node.run(crash) == ["dies of SIGSEGV"]
    assert node.run([call("fine")]) == ["gives 0"]
    node.close()


def test_a_program_is_found_from_where_it_is_named(tmp_path, monkeypatch):
    node = tmp_path / "node"
    node.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    node.chmod(0o755)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "program.cjs").write_text("raise SystemExit(3)")
    monkeypatch.setenv("NAPI_NODE", str(node))
    monkeypatch.chdir(tmp_path)
    assert oracle.ask("folder/program.cjs") == "exit 3"
