"""napi doctor: this machine, and why a package cannot be loaded."""

import json
import shutil

import pytest

from napi import cli, doctor, platform, policy


@pytest.fixture
def project(tmp_path, addon_path, monkeypatch):
    """project(name, *files): an installed package; `files` are builds."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("NODE_PATH", policy.VARIABLE):
        monkeypatch.delenv(variable, raising=False)

    def make(name, *files, **manifest):
        folder = tmp_path / "node_modules" / name
        folder.mkdir(parents=True)
        for file in files:
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(addon_path("object"), target)
        manifest = {"name": name, "version": "1.0.0", **manifest}
        (folder / "package.json").write_text(json.dumps(manifest))
        return folder

    make.root = tmp_path
    return make


def found(project, topic="packages"):
    listed = doctor.examine(str(project.root))
    return {it.name: (it.good, it.text) for it in listed if it.topic == topic}


def test_the_host_is_good(project):
    host = found(project, "host")
    assert {name: good for name, (good, _) in host.items()} == {
        "Python": True,
        "platform": True,
        "Node-API": True,
    }
    assert platform.name() in host["platform"][1]


def test_what_can_be_loaded_is_named_with_its_build(project):
    project("x", "build/Release/x.node")
    project("@s/y", optionalDependencies={"@s/y-here": "*"})
    here = {"os": [platform.system()], "cpu": [platform.machine()]}
    project("@s/y-here", "y.node", **here)
    project("plain")
    packages = found(project)
    assert packages["x@1.0.0"] == (True, "node-gyp: build/Release/x.node")
    assert packages["@s/y@1.0.0"] == (True, "platform package: y.node of @s/y-here")
    assert not {"plain@1.0.0", "@s/y-here@1.0.0"} & {*packages}


def test_what_cannot_be_loaded_says_why(project):
    project("damaged", "a.node")
    (project.root / "node_modules/damaged/a.node").write_bytes(b"\x7fELF, no")
    project("foreign", "prebuilds/win32-x64/a.node")
    part = f"foo-{platform.name()}"
    project("incomplete", optionalDependencies={part: "*"})
    project("source")
    (project.root / "node_modules/source/binding.gyp").touch()
    packages = found(project)
    reasons = {
        "damaged@1.0.0": "a.node: it is a damaged shared library",
        "foreign@1.0.0": "no build of 'foreign' can be loaded",
        "incomplete@1.0.0": f"its platform package {part} is not installed",
        "source@1.0.0": "`napi build ",
    }
    for name, reason in reasons.items():
        good, text = packages[name]
        assert good is False
        assert reason in text


def test_a_policy_is_looked_at(project):
    project("x", "build/Release/x.node")
    file = project.root / policy.FILE
    file.write_text('{"napi": 1, "packages": ["y"]}')
    assert found(project, "policy") == {str(file): (True, "0 binaries, 1 patterns")}
    good, text = found(project)["x@1.0.0"]
    assert (good, "may not be loaded" in text) == (False, True)
    file.write_text("nonsense")
    assert found(project, "policy")[str(file)][0] is False


def test_without_packages_it_says_how_to_get_some(project):
    (good, text) = found(project)["node_modules"]
    assert (good, "`napi add`" in text) == (None, True)


def test_a_broken_package_does_not_hide_the_others(project):
    project("x", "build/Release/x.node")
    (project("a") / "package.json").write_text("{")
    (project("b") / "package.json").write_text('{"optionalDependencies": 7}')
    (project.root / "node_modules/file").touch()
    (project.root / "node_modules/@file").touch()
    assert found(project)["x@1.0.0"][0] is True


def test_what_fails_while_it_is_looked_at_is_a_finding(project, monkeypatch):
    monkeypatch.setattr("napi.libuv.provider", lambda: 1 / 0)
    good, text = found(project, "libuv")["libuv"]
    assert (good, text) == (False, "ZeroDivisionError: division by zero")


def test_the_command(project, capsys):
    project("x", "build/Release/x.node")
    assert cli.main(["doctor"]) == 0
    shown = capsys.readouterr().out
    assert "\n  ok  x@1.0.0: node-gyp: build/Release/x.node\n" in shown
    assert shown.startswith("host:\n  ok  Python: ")
    project("bad", "prebuilds/win32-x64/a.node")
    assert cli.main(["doctor", str(project.root)]) == 1
    assert "\n  no  bad@1.0.0: " in capsys.readouterr().out


def test_the_command_prints_json(project, capsys):
    project("x", "build/Release/x.node")
    assert cli.main(["doctor", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {"topic": "packages", "name": "x@1.0.0", "good": True} in [
        {key: it[key] for key in ("topic", "name", "good")} for it in listed
    ]


def test_the_command_wants_a_folder(capsys):
    assert cli.main(["doctor", "/nowhere/at/all"]) == 1
    assert "no such folder" in capsys.readouterr().err


def test_it_runs_without_the_packages_of_the_extras(project, child):
    code = """if True:
        import sys
        for name in ("lief", "rich"):
            sys.modules[name] = None
        from napi import cli
        sys.exit(cli.main(["doctor", "/"]))
    """
    assert "host:" in child(code, check=False).stdout


@pytest.mark.parametrize(
    ("environ", "coloured"),
    [({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colours_on_a_terminal_that_wants_them(environ, coloured, project, in_terminal):
    status, shown = in_terminal("doctor", **environ)
    assert "Node-API" in shown
    assert ("\x1b[" in shown) is coloured
    assert status == 0
