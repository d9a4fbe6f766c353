import pytest

import napi

NAME = "@ast-grep/napi-linux-x64-gnu"
SOURCE = "console.log(1); foo(a, b); if (x) { console.log(2) }"


@pytest.fixture
def tree(package):
    return package(NAME).parse("JavaScript", SOURCE)


def test_root(tree):
    node = tree.root()
    assert type(tree).__name__ == "SgRoot"
    assert node.kind() == "program"
    assert node.isNamed() is True
    assert node.range() == {
        "start": {"column": 0, "index": 0, "line": 0},
        "end": {"column": 52, "index": 52, "line": 0},
    }


def test_finds_patterns(tree):
    found = tree.root().findAll("console.log($A)")
    assert [
        (n.text(), n.getMatch("A").text(), n.range()["start"]["index"]) for n in found
    ] == [("console.log(1)", "1", 0), ("console.log(2)", "2", 36)]
    assert tree.root().find("nothing($A)") is napi.null


def test_edits(tree):
    root = tree.root()
    call = root.find({"rule": {"pattern": "foo($$$ARGS)"}})
    assert [n.text() for n in call.getMultipleMatches("ARGS")] == ["a", ",", "b"]
    assert root.commitEdits([call.replace("bar()")]) == SOURCE.replace(
        "foo(a, b)", "bar()"
    )
    assert call.parent().kind() == "expression_statement"
    assert [c.kind() for c in root.children()] == [
        "expression_statement",
        "expression_statement",
        "if_statement",
    ]


def test_kind_numbers(package):
    assert package(NAME).kind("JavaScript", "call_expression") == 205
    assert list(package(NAME).js) == [
        "kind",
        "parse",
        "pattern",
        "parseAsync",
        "findInFiles",
    ]


def test_errors(package, tree):
    with pytest.raises(napi.Error, match="Nope is not supported in napi") as info:
        package(NAME).parse("Nope", "x")
    assert info.value.code == "GenericFailure"
    with pytest.raises(napi.Error, match="unknown field `nope`") as info:
        tree.root().find({"rule": {"nope": 1}})
    assert info.value.code == "InvalidArg"
