"""from napi.npm import name."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

import napi
from napi import npm_finder

# Where this napi is: the tests also run with copies of it.
HOME = str(Path(napi.__file__).parents[1])


@pytest.fixture
def project(tmp_path, addon_path):
    """project(*names): installed packages, and run(code): a program in it."""

    def make(*names):
        for name in names:
            folder = tmp_path / "node_modules" / name
            folder.mkdir(parents=True)
            shutil.copyfile(addon_path("object"), folder / "a.node")
            manifest = {"name": name, "version": "1.0.0"}
            (folder / "package.json").write_text(json.dumps(manifest))

    def run(code, cwd=tmp_path, script=tmp_path / "program.py"):
        script.parent.mkdir(exist_ok=True)
        script.write_text(code)
        return subprocess.run(
            [sys.executable, script],
            capture_output=True,
            text=True,
            cwd=cwd,
            timeout=60,
            env={"PYTHONPATH": HOME},
        )

    make.run, make.root = run, tmp_path
    return make


def printed(project, code, **options):
    done = project.run(code, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


IMPORTS = {
    "from napi.npm import plain as it": "plain",
    "import napi.npm.plain as it": "plain",
    "from napi.npm import with_dash as it": "with-dash",
    "from napi.npm import with_dot as it": "with.dot",
    "from napi.npm import under_score as it": "under_score",
    "from napi.npm.scope import plain as it": "@scope/plain",
    "import napi.npm.scope.with_dash as it": "@scope/with-dash",
    "from napi.npm.two_words import x as it": "@two-words/x",
    "from napi.npm import two_words; it = two_words.x": None,
    "from napi.npm import re as it": "re",
}


@pytest.mark.parametrize(("code", "name"), IMPORTS.items(), ids=IMPORTS)
def test_each_name_has_its_name_in_python(project, code, name):
    project(*{it for it in IMPORTS.values() if it})
    done = project.run(f"{code}\nprint(it.__file__)")
    if name is None:
        # As with all packages: what is below must be imported.
        assert "AttributeError" in done.stderr
        return
    assert done.stdout == f"{project.root / 'node_modules' / name / 'a.node'}\n"


def test_it_is_the_module_of_require(project):
    project("x", "@s/y")
    code = """
import sys, importlib, napi
from napi.npm import x
from napi.npm.s import y
import napi.npm
print(x is napi.require("x") is napi.npm.x is sys.modules["napi.npm.x"])
print(y is napi.require("@s/y") is sys.modules["napi.npm.s"].y)
print(importlib.reload(x) is x, dir(x) == dir(napi.require("x")))
"""
    assert printed(project, code) == ["True", "True", "True True"]


def test_the_main_script_comes_before_the_working_directory(project):
    project("x")
    elsewhere = project.root / "elsewhere"
    shutil.copytree(project.root / "node_modules", elsewhere / "node_modules")
    code = "from napi.npm import x; print(x.__file__)"
    expected = [str(project.root / "node_modules/x/a.node")]
    assert printed(project, code, cwd=elsewhere) == expected
    assert printed(project, code, cwd="/") == expected


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import napi.npm.gone", "`napi add gone`"),
        ("from napi.npm import gone", "cannot import name 'gone'"),
        ("import napi.npm.scope.gone", "`napi add @scope/gone`"),
        ("import napi.npm.plane", "is it napi.npm.plain?"),
        ("import napi.npm.plain.below", "ModuleNotFoundError"),
        (
            "import napi.npm.a_b",
            "may be a-b or a.b: load one of them with napi.require",
        ),
    ],
)
def test_what_cannot_be_imported_says_why(project, code, said):
    project("plain", "@scope/x", "a-b", "a.b")
    done = project.run(code)
    assert said in done.stderr
    assert "ImportError" in done.stderr or "ModuleNotFoundError" in done.stderr


def test_the_exact_name_wins(project):
    project("a_b", "a-b")
    (file,) = printed(project, "from napi.npm import a_b; print(a_b.__file__)")
    assert file.endswith("/a_b/a.node")


def test_a_package_that_cannot_be_loaded_is_its_own_error(project):
    project("x")
    (project.root / "node_modules/x/a.node").write_text("no addon")
    done = project.run("from napi.npm import x")
    assert "FindError: no build of 'x' can be loaded" in done.stderr


def test_what_can_be_imported_is_listed(project):
    project("x", "with-dash", "@node-rs/y")
    (project.root / "node_modules/.bin").mkdir()
    code = "import napi.npm.node_rs; print(dir(napi.npm), dir(napi.npm.node_rs))"
    assert printed(project, code) == ["['node_rs', 'with_dash', 'x'] ['y']"]


def test_only_who_imports_it_gets_the_hook(project):
    code = """
import sys, napi
napi.require
print([it for it in sys.meta_path if "npm" in repr(it)])
import napi.npm, napi.npm
print(len([it for it in sys.meta_path if "npm" in repr(it)]))
import importlib.util
print(importlib.util.find_spec("json").name, importlib.util.find_spec("napixnpm"))
"""
    assert printed(project, code) == ["[]", "1", "json None"]


def checked(folder, source):
    """What mypy says about a program that has stubs in typings/."""
    program = folder / "typed.py"
    program.write_text(source)
    options = ["--strict", "--cache-dir", folder / "cache"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, program],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=300,
        env={**os.environ, "MYPYPATH": str(folder / "typings")},
    )
    return done.stdout


def test_type_checkers_know_the_packages_that_have_stubs(tmp_path):
    stub = tmp_path / "typings/napi/npm/typed.pyi"
    stub.parent.mkdir(parents=True)
    stub.write_text("def f(data: bytes) -> int: ...\n")
    said = checked(
        tmp_path,
        "from napi.npm import other, typed\nimport napi.npm.typed as again\n"
        "other.anything(1)\n"
        "reveal_type(typed.f(b''))\nreveal_type(again.f)\ntyped.gone()\n",
    )
    assert 'note: Revealed type is "int"' in said
    assert "typed.py:6: error:" in said
    assert len(re.findall(r"typed\.py:\d+: error", said)) == 1


def test_names_are_made_for_python():
    assert npm_finder._python_name("socket.io-client") == "socket_io_client"
