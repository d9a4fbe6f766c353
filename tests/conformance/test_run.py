"""The runner itself, over files that end in each way."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import run

pytest.importorskip("esprima", reason="JavaScript needs napi[js]")

FILES = {
    "a/test.js": ("console.log(1)", "pass", ""),
    "a/test_fail.js": ("throw new TypeError('bad')", "fail", "TypeError: bad"),
    "a/test_exit.js": ("process.exit(3)", "fail", "no output"),
    "a/test_flag.js": (
        "// Flags: --expose-gc\nif (typeof gc !== 'function') throw 1",
        "pass",
        "",
    ),
    "a/test_skip.js": (
        "console.log('1..0 # Skipped: no such thing')",
        "skip",
        "no such thing",
    ),
    "b/test_crash.js": ("process.abort()", "crash", "SIGABRT"),
    "b/test_slow.js": ("setInterval(() => {}, 1000)", "timeout", "5 s"),
    "node_modules/test.js": ("", None, None),
    "other.js": ("", None, None),
}


def test_every_end_is_told(tmp_path, capsys):
    for name, (source, _, _) in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    target = tmp_path / "table.md"
    status = run.main([str(tmp_path), "--timeout", "5", "--table", str(target)])
    assert status == 1
    lines = target.read_text().splitlines()
    for name, (_, outcome, reason) in FILES.items():
        row = f"| {name} | {outcome} | {reason} |"
        assert (row in lines) == (outcome is not None)
    assert lines[-1] == "7 files: 2 pass, 2 fail, 1 skip, 1 timeout, 1 crash"


def test_one_file_by_its_name(tmp_path, capsys):
    (tmp_path / "test_x.js").write_text("")
    (tmp_path / "test_y.js").write_text("throw 1")
    assert run.main([str(tmp_path), "-k", "test_x"]) == 0
    assert capsys.readouterr().out.endswith("1 files: 1 pass\n")
