"""napi.lock: what may be loaded, and what is refused before its code runs."""

import json
import os
import shutil

import pytest

import napi
from napi import cli, policy


@pytest.fixture
def project(tmp_path, addon_path, monkeypatch):
    """A project with two packages; path(name) is the binary of one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(policy.VARIABLE, raising=False)

    def path(name="x"):
        return tmp_path / "node_modules" / name / "a.node"

    for name, source in (("x", "object"), ("@s/y", "function")):
        path(name).parent.mkdir(parents=True)
        shutil.copyfile(addon_path(source), path(name))
        manifest = {"name": name, "version": "1.2.3"}
        (path(name).parent / "package.json").write_text(json.dumps(manifest))
    path.root = tmp_path
    return path


def write(folder, **entries):
    (folder / policy.FILE).write_text(json.dumps({"napi": 1, **entries}))


def replace(path, content):
    """Puts another file there; one that is loaded must not be written to."""
    path.unlink()
    shutil.copyfile(content, path)


def loads(path):
    try:
        return bool(napi.load(path, fresh=True))
    except napi.PolicyError:
        return False


def test_without_a_policy_everything_is_loaded(project):
    assert loads(project())


def test_an_empty_policy_refuses_everything(project):
    write(project.root)
    with pytest.raises(napi.PolicyError) as caught:
        napi.load(project(), fresh=True)
    error = caught.value
    assert error.policy == str(project.root / policy.FILE)
    assert error.integrity == policy.integrity(project())
    for part in (error.integrity, "x@1.2.3/a.node", f"`napi allow {project()}`"):
        assert part in str(error)


@pytest.mark.parametrize(
    ("pattern", "name", "allowed"),
    [
        ("x", "x", True),
        ("x@1.2.3", "x", True),
        ("x@1.2.4", "x", False),
        ("x@1.*", "x", True),
        ("y", "x", False),
        ("X", "x", False),
        ("*", "x", True),
        ("@s/*", "@s/y", True),
        ("@s/y", "@s/y", True),
        ("@s/y@1.2.3", "@s/y", True),
        ("@s/y@2.0.0", "@s/y", False),
        ("@s/*", "x", False),
        ("y", "@s/y", False),
    ],
)
def test_a_pattern_allows_the_packages_that_it_matches(project, pattern, name, allowed):
    write(project.root, packages=[pattern])
    assert loads(project(name)) is allowed


def test_a_pinned_binary_is_loaded_until_it_changes(project):
    policy.allow(str(project.root / policy.FILE), [str(project())])
    assert loads(project())
    assert not loads(project("@s/y"))
    replace(project(), project("@s/y"))
    with pytest.raises(napi.PolicyError, match="not the file that .* knows"):
        napi.load(project(), fresh=True)


def test_a_pin_wins_over_a_pattern(project):
    pin = {"x@1.2.3/a.node": "sha512-" + "A" * 86 + "=="}
    write(project.root, packages=["*"], binaries=pin)
    assert not loads(project())
    assert loads(project("@s/y"))


def test_pinned_content_may_have_moved(project):
    policy.allow(str(project.root / policy.FILE), [str(project())])
    shutil.copyfile(project(), project.root / "copy.node")
    assert loads(project.root / "copy.node")


def test_a_binary_may_have_several_contents(project):
    key = "x@1.2.3/a.node"
    contents = [policy.integrity(project("@s/y")), policy.integrity(project())]
    write(project.root, binaries={key: contents})
    assert loads(project())


def test_a_file_of_no_package_is_named_by_its_path(project):
    target = project.root / "build/a.node"
    target.parent.mkdir()
    shutil.copyfile(project(), target)
    (added,) = policy.allow(str(project.root / policy.FILE), [str(target)])
    assert added.key == "./build/a.node"
    assert loads(target)


def test_the_policy_above_the_working_directory_holds(project, monkeypatch):
    write(project.root)
    below = project.root / "a/b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert not loads(project())


def test_the_policy_above_the_addon_holds_wherever_one_is(project, monkeypatch):
    write(project.root)
    monkeypatch.chdir("/")
    assert not loads(project())
    link = project.root.parent / f"{project.root.name}-link.node"
    link.symlink_to(project())
    assert not loads(link)


def test_a_package_cannot_allow_itself(project):
    write(project.root)
    policy.allow(str(project().parent / policy.FILE), [str(project())])
    assert not loads(project())


def test_the_environment_can_only_add_policies(project, monkeypatch, tmp_path):
    other = tmp_path / "elsewhere"
    other.mkdir()
    write(other)
    monkeypatch.setenv(policy.VARIABLE, str(other / policy.FILE))
    assert not loads(project())
    write(other, packages=["*"])
    assert loads(project())
    write(project.root)
    assert not loads(project())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"napi": 2}',
        '{"napi": 1, "package": []}',
        '{"napi": 1, "packages": "x"}',
        '{"napi": 1, "packages": [1]}',
        '{"napi": 1, "binaries": []}',
        '{"napi": 1, "binaries": {"x": "md5-x"}}',
        '{"napi": 1, "binaries": {"x": [1]}}',
        "\udcff",
        "[" * 100000,
    ],
    ids=range(13),
)
def test_a_policy_that_makes_no_sense_allows_nothing(project, text):
    (project.root / policy.FILE).write_text(text, errors="surrogateescape")
    with pytest.raises(napi.PolicyError, match="cannot be used"):
        napi.load(project(), fresh=True)


def test_a_policy_that_is_not_there_allows_nothing(project, monkeypatch):
    monkeypatch.setenv(policy.VARIABLE, "/nowhere/napi.lock")
    with pytest.raises(napi.PolicyError, match="No such file"):
        napi.load(project(), fresh=True)


def test_require_and_environments_ask_too(project):
    write(project.root)
    with pytest.raises(napi.PolicyError):
        napi.require("x", start=project.root)
    with napi.Environment() as env, pytest.raises(napi.PolicyError):
        env.load(project())


def test_what_is_refused_does_not_run(project, child):
    write(project.root)
    project().write_bytes(b"\x7fELF damaged")
    done = child(
        "import napi, sys\ntry: napi.load(sys.argv[1])\n"
        "except napi.LoadError as error: print(type(error).__name__)",
        project(),
    )
    assert done.stdout == "PolicyError\n"


def test_the_hash_is_npms(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"hello")
    assert policy.integrity(str(path)) == (
        "sha512-m3HSJL1i83hdltRq0+o9czGb+8KJDKra4t/3JRlnPKcjI8PZm6XBHXx6zG4UuMXaDEZjR1w"
        "uXDre9G9zvN7AQw=="
    )


def test_writing_leaves_no_half_of_a_policy(project, monkeypatch):
    file = project.root / policy.FILE
    policy.allow(str(file), [str(project())])
    before = file.read_text()
    monkeypatch.setattr(os, "replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        policy.allow(str(file), [str(project("@s/y"))])
    assert file.read_text() == before


# === napi allow ===


def test_the_command_pins_packages_and_files(project, capsys):
    assert cli.main(["allow", "x", str(project("@s/y"))]) == 0
    data = json.loads((project.root / policy.FILE).read_text())
    assert set(data["binaries"]) == {"x@1.2.3/a.node", "@s/y@1.2.3/a.node"}
    assert loads(project())
    assert loads(project("@s/y"))
    assert capsys.readouterr().out.count("sha512-") == 2


def test_the_command_adds_patterns(project, capsys):
    assert cli.main(["allow", "--package", "@s/*"]) == 0
    assert (loads(project("@s/y")), loads(project())) == (True, False)
    capsys.readouterr()


def test_the_command_finds_the_policy_above(project, monkeypatch, capsys):
    write(project.root)
    below = project.root / "a"
    below.mkdir()
    monkeypatch.chdir(below)
    assert cli.main(["allow", "x"]) == 0
    assert not (below / policy.FILE).exists()
    assert loads(project())
    capsys.readouterr()


def test_the_command_shows_what_has_changed(project, capsys):
    assert cli.main(["allow"]) == 0
    assert "everything may be loaded" in capsys.readouterr().out
    cli.main(["allow", "x", "@s/y", "--package", "z"])
    capsys.readouterr()
    replace(project(), project("@s/y"))
    project("@s/y").unlink()
    assert cli.main(["allow"]) == 1
    shown = capsys.readouterr().out
    assert "  z: every binary\n" in shown
    assert "  x@1.2.3/a.node: changed: it is sha512-" in shown
    assert "  @s/y@1.2.3/a.node: not there\n" in shown


def test_the_command_says_what_it_cannot_pin(project, capsys):
    assert cli.main(["allow", "gone"]) == 1
    assert "`napi add gone`" in capsys.readouterr().err
    assert not (project.root / policy.FILE).exists()
