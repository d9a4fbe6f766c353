"""The commands as a person sees them: in a terminal, in a pipe, when it goes wrong."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from registry import snapshot

ROOT = Path(__file__).resolve().parents[2]
NAPI = [sys.executable, "-m", "napi"]
ESCAPE = "\x1b"


@pytest.fixture(autouse=True)
def terminal(environment):
    """Nothing of the terminal that the tests run in."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "COLORTERM"):
        environment.delenv(name, raising=False)
    environment.setenv("TERM", "xterm-256color")


@pytest.fixture
def napi(project):
    """napi(*arguments): the command with its output in pipes."""

    def run(*arguments):
        return subprocess.run(
            [*NAPI, *arguments], capture_output=True, text=True, timeout=60
        )

    return run


@pytest.fixture
def in_terminal(project, in_terminal):
    """As everywhere, with the terminal that the test is about."""
    return lambda *words: in_terminal(*words, TERM=os.environ["TERM"])


@pytest.fixture
def packages(registry):
    registry.publish("leaf")
    registry.publish("leaf", "1.2.0")
    registry.publish("top", dependencies={"leaf": "^1"}, hasInstallScript=True)
    registry.publish("old", deprecated="use top")
    return registry


def test_add_list_remove(packages, napi, has):
    done = napi("add", "top", "leaf@1.0.0")
    assert (done.returncode, done.stdout.splitlines()[:2]) == (
        0,
        ["+ top@1.0.0", "+ leaf@1.0.0"],
    )
    assert done.stdout.splitlines()[2].startswith("2 added in /")
    assert "install scripts never run; left alone: top@1.0.0" in done.stderr
    done = napi("list")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.findall(r"\w+@[\d.]+", done.stdout) == ["leaf@1.0.0", "top@1.0.0"]
    data = json.loads(napi("list", "--json", "--all").stdout)["dependencies"]
    assert data["top"]["dependencies"]["leaf"]["version"] == "1.0.0"
    done = napi("remove", "top", "leaf")
    assert (done.returncode, has()) == (0, {})
    assert "2 removed" in done.stdout
    assert "no dependencies" in napi("list").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "absent"], "absent: there is no such package at http://localhost:"),
        (["add", "leaf@7"], "leaf has no version 7; the latest of 2 is 1.2.0"),
        (["add", "leaf@nosuch"], "has no tag 'nosuch'; its tags: latest"),
        (["add", "./here"], "files, git repositories and addresses"),
        (["add", "a b"], "'a b' is not a package: write NAME, NAME@RANGE"),
        (["add", "leaf@"], "ends with @"),
        (["remove", "leaf"], "leaf is no dependency of"),
        (["add", "-C", "nowhere", "leaf"], "nowhere: no such folder"),
        (["add", "--registry", "ftp://x", "leaf"], "'ftp://x' is not an http(s)"),
        (["add", "--offline", "leaf"], "leaf is not in the cache"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_goes_wrong_is_one_line(words, said, packages, napi, project):
    before = snapshot(project)
    done = napi(*words)
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert line.startswith("napi: ")
    assert said in line
    assert snapshot(project) == before


def test_options_may_stand_between_packages(packages, napi, has):
    done = napi("add", "top", "--quiet", "-D", "old")
    assert (done.returncode, done.stdout) == (0, "")
    assert {"node_modules/top", "node_modules/old"} <= has().keys()


@pytest.mark.parametrize(
    "words",
    [["add", "--dev", "--optional", "a"], ["remove"], ["add", "a", "--quiet", "--no"]],
)
def test_wrong_usage(words, napi):
    assert napi(*words).returncode == 2


@pytest.mark.parametrize("command", ["add", "remove", "list"])
def test_help_has_examples(command, napi):
    done = napi(command, "--help")
    assert done.returncode == 0
    assert f"  napi {command} " in done.stdout.partition("examples:")[2]


def test_list_tells_what_is_missing_or_wrong(packages, napi, project):
    napi("add", "leaf@1.0.0")
    path = project / "package.json"
    path.write_text('{"dependencies": {"leaf": "^1.1", "gone": "*"}}')
    done = napi("list")
    assert done.returncode == 1
    assert "gone@* is missing" in done.stdout
    assert "leaf@1.0.0 but ^1.1 is asked for" in done.stdout
    problems = json.loads(napi("list", "--json").stdout)["dependencies"]
    assert problems["gone"]["problem"] == "missing"
    assert problems["leaf"]["problem"] == "invalid"


def test_without_a_package_all_that_is_asked_for(packages, napi, project, has):
    done = napi("add")
    assert (done.returncode, done.stdout.split(" in ")[0]) == (0, "nothing to do")
    (project / "package.json").write_text('{"dependencies": {"top": "*"}}')
    assert napi("add", "--quiet").stdout == ""
    assert set(has()) == {"node_modules/top", "node_modules/leaf"}
    (project / "package.json").unlink()
    done = subprocess.run(
        [*NAPI, "add", "-C", project.parent], capture_output=True, text=True
    )
    assert "no package.json: name a package to add" in done.stderr


# === terminals ===


def test_no_colour_in_a_pipe(packages, napi):
    done = napi("add", "old", "top")
    assert ESCAPE not in done.stdout + done.stderr
    assert "note: old@1.0.0 is deprecated: use top" in done.stderr
    assert ESCAPE not in napi("list").stdout


def test_colour_and_a_bar_in_a_terminal(packages, in_terminal):
    for path in packages.tarballs:
        packages.script[path] = ["wait 0.3"]
    status, said = in_terminal("add", "top", "old")
    assert status == 0
    assert f"{ESCAPE}[32m+{ESCAPE}[0m top@{ESCAPE}[36m1.0.0" in said
    assert f"{ESCAPE}[33mnote:" in said
    assert "0/3 packages" in said
    assert f"{ESCAPE}[?25h" in said  # the cursor is back
    assert "\u2501" in said  # the bar
    status, said = in_terminal("list")
    assert f"top@{ESCAPE}[36m1.0.0" in said


@pytest.mark.parametrize("how", [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_colour_where_it_is_not_wanted(how, packages, in_terminal, environment):
    environment.setenv(*how)
    status, said = in_terminal("add", "top", "old")
    assert status == 0
    assert "+ top@1.0.0" in said
    assert not re.search(ESCAPE + r"\[(3[0-7]|9[0-7])m", said)


def test_an_error_in_a_terminal_comes_after_the_bar(packages, in_terminal, project):
    path = packages.publish("evil", data=b"broken")
    packages.script[path] = ["wait 0.3"]
    before = snapshot(project)
    status, said = in_terminal("add", "top", "evil")
    assert status == 1
    assert "napi: evil@1.0.0: it cannot be unpacked" in said.splitlines()[-1]
    assert f"{ESCAPE}[?25h" in said
    assert snapshot(project) == before


# === without the extra ===


def bare(code):
    """A Python without any package but napi."""
    environment = {**os.environ, "PYTHONPATH": os.fspath(ROOT)}
    return subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
    )


@pytest.mark.parametrize("words", [["add", "x"], ["remove", "x"], ["list"]])
def test_without_the_extra_the_commands_say_how_to_get_it(words, project):
    done = bare(f"import napi.cli; raise SystemExit(napi.cli.main({words!r}))")
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "pip install 'napi[packages]'" in line


def test_without_the_extra_the_functions_say_how_to_get_it(project):
    done = bare(
        "import napi.package as p\n"
        "for call in (lambda: p.add('x'), lambda: p.remove('x'), p.list):\n"
        "    try: call()\n"
        "    except ImportError as e: assert isinstance(e, p.PackageError); print(e)"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("pip install 'napi[packages]'") == 3


def test_importing_imports_no_library():
    libraries = ["urllib3", "rich", "truststore", "nodesemver", "platformdirs"]
    done = subprocess.run(
        [sys.executable, "-c",
         "import sys, napi, napi.package, napi.cli\n"
         f"print([m for m in {libraries} if m in sys.modules])"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == "[]\n"
