import napi
from napi._native import shim


def test_parses_json_with_a_python_input_function(package):
    sitter = package("tree-sitter")
    grammar = package("tree-sitter-json")
    assert list(sitter.__exports__) == [
        "pointTransferArray",
        "nodeTransferArray",
        "NodeMethods",
        "getNodeTypeNamesById",
        "getNodeFieldNamesById",
        "LookaheadIterator",
        "Parser",
        "LANGUAGE_VERSION",
        "Query",
        "Tree",
        "TreeCursor",
    ]
    assert grammar.name == "json"
    assert isinstance(grammar.language, napi.External)
    parser = sitter.Parser()
    parser.setLanguage(
        {
            "language": grammar.language,
            "name": "json",
            "nodeTypeInfo": [],
            "nodeSubclasses": [],
        }
    )
    text = '{"a":[1,true]}'
    tree = parser.parse(lambda index, *_: text[index:], None, None, None)
    assert type(tree).__name__ == "Tree"
    assert shim.own_keys(type(tree).prototype) == [
        "edit",
        "rootNode",
        "rootNodeWithOffset",
        "printDotGraph",
        "getChangedRanges",
        "getIncludedRanges",
        "getEditedRange",
        "_cacheNode",
        "_cacheNodes",
        "constructor",
    ]
