"""Each planted bug is found by its tool, which names the cause; its twin is clean."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from places import CACHE, ROOT, compile_addon

HERE = Path(__file__).resolve().parent
BUGS = sorted(path.stem for path in HERE.glob("*.c"))
KEY = re.compile(r"^ \* (tool|flags|finds|python|version): (.*)$", re.M)
FLAGS = ["-std=gnu11", "-O0", "-g", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror"]


def read(bug):
    """The keys of the comment at the top: what `tool`, `finds`, ... are."""
    comment = (HERE / f"{bug}.c").read_text().partition("*/")[0]
    found = {"tool": [], "flags": [], "finds": [], "python": [], "version": []}
    for key, value in KEY.findall(comment):
        found[key].append(value)
    return found


def build(bug, repaired):
    """The path of the addon; what is up to date is not compiled again."""
    source = HERE / f"{bug}.c"
    flags = [*FLAGS, *(f"-DNAPI_VERSION={it}" for it in read(bug)["version"])]
    flags += [flag for line in read(bug)["flags"] for flag in line.split()]
    flags += ["-DREPAIRED"] if repaired else []
    texts = [source, HERE / "planted.h", *sorted(ROOT.glob("include/*.h"))]
    return compile_addon(source, flags, texts, CACHE / "planted")


def find(bug, repaired):
    """What the tool says."""
    keys = read(bug)
    (tool,) = keys["tool"]
    done = subprocess.run(
        [
            sys.executable,
            HERE / "tools.py",
            tool,
            build(bug, repaired),
            "\n".join(keys["python"]),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        env={**os.environ, "NAPI_STRICT": "1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("bug", BUGS)
def test_the_bug_is_found(bug):
    found = find(bug, repaired=False)
    for pattern in read(bug)["finds"]:
        assert re.search(pattern, found), found


@pytest.mark.parametrize("bug", BUGS)
def test_its_twin_is_clean(bug):
    assert find(bug, repaired=True) == ""


def test_each_bug_says_who_finds_it_and_how():
    for bug in BUGS:
        keys = read(bug)
        assert keys["tool"], bug
        assert keys["finds"], bug
        text = (HERE / f"{bug}.c").read_text()
        assert re.search(r"#ifn?def REPAIRED|#if .*REPAIRED", text), bug
