import json

NAME = "@oxc-parser/binding-linux-x64-gnu"
SOURCE = 'const x: number = 1; // hi\nimport y from "z"; export {x}'


def test_parses_typescript(package):
    result = package(NAME).parseSync("a.ts", SOURCE, {})
    assert type(result).__name__ == "ParseResult"
    program = result.program
    assert json.loads(program)["node"]["type"] == "Program"
    assert result.program == ""  # the addon gives it away once
    assert result.comments == [{"end": 26, "start": 21, "type": "Line", "value": " hi"}]
    assert result.errors == []
    module = result.module
    assert module["hasModuleSyntax"] is True
    assert module["staticImports"][0]["moduleRequest"] == {
        "end": 44,
        "start": 41,
        "value": "z",
    }
    assert module["staticExports"][0]["entries"][0]["exportName"]["name"] == "x"


def test_reports_a_syntax_error(package):
    (error,) = package(NAME).parseSync("a.js", "let let = ;", {}).errors
    assert error["message"] == "Unexpected token"
    assert error["severity"] == "Error"
    assert error["labels"][0]["start"] == 10
    assert error["codeframe"] == (
        "\n  x Unexpected token\n   ,-[a.js:1:11]\n 1 | let let = ;\n"
        "   :           ^\n   `----\n"
    )


def test_raw_transfer(package):
    assert package(NAME).rawTransferSupported() is True
