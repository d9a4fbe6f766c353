"""The checker of packages itself, over some that end in each way."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import packages

pytest.importorskip("esprima", reason="JavaScript needs napi[js]")

LIST = """=== good
assert.equal(require('good').twice(21), 42);
await null;
=== bad
assert.equal(require('bad').twice(21), 42);
=== silent
process.exit(0);
=== broken
throw 1;
=== absent
throw 1;
"""
TWICE = "exports.twice = (x) => 2 * x"
FILES = {
    "good": (TWICE, "pass", ""),
    "bad": ("exports.twice = (x) => x", "script", "AssertionError"),
    "silent": (TWICE, "script", "no output"),
    "broken": ("require('no-such-package')", "load", "Cannot find module"),
}


def test_every_end_is_told(tmp_path, capsys):
    for name, (source, _, _) in FILES.items():
        folder = tmp_path / "node_modules" / name
        folder.mkdir(parents=True)
        described = {"name": name, "version": "1.2.3"}
        (folder / "package.json").write_text(json.dumps(described))
        (folder / "index.js").write_text(source)
    listed, target = tmp_path / "list.txt", tmp_path / "table.md"
    listed.write_text(LIST)
    words = [str(tmp_path), "--list", str(listed), "--table", str(target)]
    assert packages.main(words) == 1
    lines = target.read_text().splitlines()
    assert len(lines) == 2 + len(FILES) + 2
    for name, (_, outcome, reason) in FILES.items():
        row = next(line for line in lines if line.startswith(f"| {name} "))
        assert row.startswith(f"| {name} | 1.2.3 | {outcome} |")
        assert reason in row
    assert lines[-1] == "1 of 4 packages"


def test_each_listed_script_is_of_one_package():
    text = (packages.HERE / "packages.txt").read_text("utf-8")
    heads = packages.HEAD.findall(text)
    assert len(heads) == len(set(heads)) >= 60
    assert all("assert" in script for script in packages.scripts(text).values())
