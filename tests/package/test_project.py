"""package.json and the lock files: followed, kept in form, refused when broken."""

import json
import os
import shutil
from pathlib import Path

import pytest
from registry import snapshot, sri

import napi.package
from napi.package import errors
from napi.package.node import Node
from napi.package.project import (
    HIDDEN,
    Locked,
    Manifest,
    find_project,
    lock_text,
    read_manifest,
)


@pytest.fixture
def leaf(registry):
    for version in ("1.0.0", "1.1.0", "2.0.0"):
        registry.publish("leaf", version)
    registry.publish("top", dependencies={"leaf": "^1"})
    return registry


def read(path):
    return json.loads(path.read_text())


def write(path, data):
    path.write_text(json.dumps(data, indent=2) + "\n")


# === the lock file ===


def test_a_lock_file_is_followed_though_there_is_something_newer(
    leaf, add, has, project
):
    leaf.packuments["leaf"]["versions"].pop("1.1.0")
    add("top")
    leaf.publish("leaf", "1.1.0")
    shutil.rmtree(project / "node_modules")
    leaf.asked.clear()
    add()
    assert has()["node_modules/leaf"] == "1.0.0"
    assert leaf.asked == []  # the lock file knows, the cache has
    leaf.publish("other")
    add("other")
    assert has()["node_modules/leaf"] == "1.0.0"


def test_a_lock_file_of_another_machine_works_without_addresses(
    leaf, add, has, project, environment, tmp_path
):
    environment.setenv("npm_config_omit_lockfile_registry_resolved", "true")
    add("top")
    lock = read(project / "package-lock.json")
    assert not any("resolved" in entry for entry in lock["packages"].values())
    shutil.rmtree(project / "node_modules")
    environment.setenv("NAPI_CACHE", os.fspath(tmp_path / "another"))
    add()
    assert set(has()) == {"node_modules/top", "node_modules/leaf"}


def test_the_digest_of_the_lock_file_holds_against_the_registry(
    leaf, add, project, environment, tmp_path
):
    add("leaf@1.0.0")
    shutil.rmtree(project / "node_modules")
    environment.setenv("NAPI_CACHE", os.fspath(tmp_path / "another"))
    leaf.publish("leaf", "1.0.0", files={"index.js": b"evil"})
    before = snapshot(project)
    with pytest.raises(errors.IntegrityError, match="not the one that was promised"):
        add()
    assert snapshot(project) == before


def test_an_entry_without_a_digest_is_refused(leaf, add, project):
    add("leaf@1.0.0")
    path = project / "package-lock.json"
    lock = read(path)
    del lock["packages"]["node_modules/leaf"]["integrity"]
    write(path, lock)
    shutil.rmtree(project / "node_modules")
    with pytest.raises(errors.IntegrityError, match="no sha512"):
        add()


def test_the_hidden_lock_file_serves_where_there_is_no_other(leaf, add, has, project):
    add("leaf@1.0.0")
    (project / "package-lock.json").unlink()
    add("top")
    assert has()["node_modules/leaf"] == "1.0.0"
    assert (project / "package-lock.json").exists()


def test_package_lock_can_be_switched_off(leaf, add, has, project):
    (project / ".npmrc").write_text("package-lock=false\n")
    add("top")
    assert not (project / "package-lock.json").exists()
    assert has()["node_modules/leaf"] == "1.1.0"


def test_a_shrinkwrap_goes_first(leaf, add, has, project):
    add("leaf@1.0.0")
    (project / "package-lock.json").rename(project / "npm-shrinkwrap.json")
    add("top")
    assert not (project / "package-lock.json").exists()
    lock = read(project / "npm-shrinkwrap.json")
    assert "node_modules/top" in lock["packages"]


def test_the_lock_file_of_version_2_is_read_and_becomes_3(leaf, add, has, project):
    add("leaf@1.0.0")
    path = project / "package-lock.json"
    lock = read(path)
    lock.update(lockfileVersion=2, dependencies={"leaf": {"version": "1.0.0"}})
    write(path, lock)
    add("top")
    assert has()["node_modules/leaf"] == "1.0.0"
    assert (read(path)["lockfileVersion"], "dependencies" in read(path)) == (3, False)


BROKEN = {
    "package.json": [
        "", "{", "[]", '{"dependencies": []}', '{"dependencies": {"leaf": 1}}',
        '{"workspaces": ["a"]}', '{"overrides": {"leaf": {".": "1"}}}',
    ],
    "package-lock.json": [
        "{", "[]", '{"lockfileVersion": 1, "dependencies": {}}', '{"packages": []}',
        '{"packages": {"node_modules/a": 1}}',
        '{"packages": {"node_modules/../../up": {"version": "1.0.0"}}}',
        '{"packages": {"node_modules//etc": {"version": "1.0.0"}}}',
        '{"packages": {"node_modules/a/node_modules/b": {"version": "1.0.0"}}}',
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name in BROKEN for text in BROKEN[name]],
    ids=range(15),
)  # fmt: skip
def test_a_broken_file_is_named_and_left_alone(name, text, leaf, add, project):
    (project / name).write_text(text)
    before = snapshot(project)
    with pytest.raises(errors.PackageError, match=name):
        add("leaf")
    assert snapshot(project) == before


# === package.json ===


@pytest.mark.parametrize("indent", ["  ", "\t", "    "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_the_form_of_package_json_stays(indent, end, last, leaf, add, project):
    path = project / "package.json"
    text = json.dumps({"name": "é", "scripts": {"b": "1", "a": "2"}}, indent=indent)
    path.write_bytes((text + last).replace("\n", end).encode())
    path.chmod(0o640)
    add("leaf")
    found = path.read_bytes().decode()
    data = {"name": "é", "scripts": {"b": "1", "a": "2"}}
    data["dependencies"] = {"leaf": "^2.0.0"}
    if not last and end == "\r\n":
        assert found.endswith("}")
    assert json.loads(found) == data
    assert list(json.loads(found)) == list(data)
    assert f"{{{end}{indent}" in found
    assert found.count("\n") == found.count(end)
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            '{"name":"p","a":[1, 2]}',
            '{"name":"p","a":[1,2],"dependencies":{"leaf":"2"}}',
        ),
        ("{}", '{\n  "dependencies": {\n    "leaf": "2"\n  }\n}'),
        ('{\n\n "a": 1}\n', '{\n "a": 1,\n "dependencies": {\n  "leaf": "2"\n }\n}\n'),
    ],
)
def test_the_form_of_a_package_json_without_lines(text, found, tmp_path):
    (tmp_path / "package.json").write_text(text)
    manifest = read_manifest(tmp_path)
    manifest.put("dependencies", "leaf", "2")
    assert manifest.text() == found


def test_keys_of_a_lock_file_are_in_npms_order():
    plain = ["name", "version", "resolved", "integrity", "cpu", "license", "os"]
    maps = ["dependencies", "bin", "engines", "optionalDependencies"]
    entry = dict.fromkeys(reversed(plain), "x") | {key: {} for key in sorted(maps)}
    root = Node("", {})
    root.put(Node("leaf", entry))
    manifest = Manifest(Path("p/package.json"), {})
    found = json.loads(lock_text(manifest, Locked(root, {}, "")))["packages"]
    assert list(found["node_modules/leaf"]) == [*plain, *maps]


def test_a_package_json_that_is_a_link_stays_one(leaf, add, project, tmp_path):
    real = tmp_path / "real.json"
    (project / "package.json").rename(real)
    (project / "package.json").symlink_to(real)
    add("leaf")
    assert (project / "package.json").is_symlink()
    assert read(real)["dependencies"] == {"leaf": "^2.0.0"}


def test_names_are_sorted_as_npm_does():
    manifest = Manifest(None, {"dependencies": {"b": "1", "@z/a": "1", "a-b": "1"}})
    manifest.put("dependencies", "a_b", "1")
    manifest.put("dependencies", "B", "1")
    assert list(manifest.data["dependencies"]) == ["@z/a", "a_b", "a-b", "b", "B"]


@pytest.mark.parametrize("kind", ["prod", "dev", "optional"])
def test_sections(kind, leaf, add, project):
    section = {"prod": "dependencies", "dev": "devDependencies",
               "optional": "optionalDependencies"}[kind]  # fmt: skip
    add("leaf@1.0.0", "top")
    add("leaf", kind=kind)
    data = read(project / "package.json")
    assert data[section]["leaf"] == "^1.0.0"
    sections = [name for name in data if "leaf" in (data[name] or {})]
    assert sections == [section]
    add("leaf@2")  # stays where it is
    assert read(project / "package.json")[section]["leaf"] == "^2.0.0"


def test_a_kind_that_is_none(add):
    with pytest.raises(ValueError, match="prod, dev, optional"):
        add("leaf", kind="peer")


# === the disk ===


def test_what_is_damaged_is_brought_again(leaf, add, has, project):
    add("top")
    whole = snapshot(project)
    shutil.rmtree(project / "node_modules/leaf")
    (project / "node_modules/top/package.json").write_text("{")
    result = add()
    assert result.added == ["leaf@1.1.0", "top@1.0.0"]
    assert snapshot(project) == whole
    assert add().added == []


def test_what_others_put_there_stays(leaf, add, project):
    add("leaf")
    (project / "node_modules/.cache").mkdir()
    (project / "node_modules/.cache/x").write_text("x")
    (project / "node_modules/mine").mkdir()
    (project / "node_modules/mine/package.json").write_text('{"version": "1.0.0"}')
    add("top")
    napi.package.remove("leaf", "top", project=project)
    left = {path.name for path in (project / "node_modules").iterdir()}
    assert left == {".cache", ".package-lock.json", "mine"}


def test_what_npm_brought_from_elsewhere_stays(leaf, add, has, project):
    add("leaf")
    for name, resolved in [("gitty", "git+ssh://git@h/x.git#abc"), ("linked", "../x")]:
        link = name == "linked"
        (project / f"node_modules/{name}").mkdir()
        (project / f"node_modules/{name}/package.json").write_text(
            '{"version": "7.0.0"}'
        )
        for path in (project / "package-lock.json", project / HIDDEN):
            lock = read(path)
            entry = {"version": "7.0.0", "resolved": resolved, "link": link}
            lock["packages"][f"node_modules/{name}"] = entry
            write(path, lock)
        manifest = read(project / "package.json")
        manifest["dependencies"][name] = "file:../x" if link else "git+ssh://git@h/x"
        write(project / "package.json", manifest)
    add("top")
    assert {"node_modules/gitty", "node_modules/linked"} <= set(has())
    shutil.rmtree(project / "node_modules/gitty")
    with pytest.raises(errors.ProjectError, match="npm install"):
        add()


def test_a_package_moves_when_a_conflict_comes_and_goes(leaf, add, has, project):
    add("top")
    assert has() == {"node_modules/top": "1.0.0", "node_modules/leaf": "1.1.0"}
    add("leaf@2")
    nested = "node_modules/top/node_modules/leaf"
    assert has()[nested] == "1.1.0"
    assert has()["node_modules/leaf"] == "2.0.0"
    leaf.publish("top", "1.0.1", dependencies={"leaf": "^2"})
    add("top@1.0.1")
    assert set(has()) == {"node_modules/top", "node_modules/leaf"}
    assert not (project / "node_modules/top/node_modules").exists()


def test_another_machine(registry, add, has, project):
    for system in ("linux-x64", "darwin-arm64"):
        os_, cpu = system.split("-")
        registry.publish(f"n-{system}", os=[os_], cpu=[cpu])
    names = {"n-linux-x64": "*", "n-darwin-arm64": "*", "n-glibc": "*"}
    registry.publish("n-glibc", libc=["glibc"], os=["linux", "darwin"], cpu=["arm64"])
    registry.publish("native", optionalDependencies=names)
    add("native", settings={"os": "darwin", "cpu": "arm64"})
    assert set(has()) == {"node_modules/native", "node_modules/n-darwin-arm64"}
    lock = project.joinpath("package-lock.json").read_bytes()
    add(settings={"os": "linux", "cpu": "x64"})
    assert set(has()) == {"node_modules/native", "node_modules/n-linux-x64"}
    assert project.joinpath("package-lock.json").read_bytes() == lock


def test_commands_are_links_that_go_with_their_package(registry, add, project):
    registry.publish("tool", bin={"tool": "t.js"}, files={"t.js": b"#!"})
    registry.publish(
        "evil", bin={"../../up": "/etc/passwd", "x": "../../up", "..": "a", "n": "none"}
    )
    add("tool", "evil")
    folder = project / "node_modules/.bin"
    assert [path.name for path in folder.iterdir()] == ["tool"]
    assert os.access(folder / "tool", os.X_OK)
    napi.package.remove("tool", project=project)
    assert not folder.exists()


def test_the_project_is_the_nearest_folder_with_packages(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "package.json").write_text("{}")
    assert find_project(inner) == tmp_path / "a"
    (inner / "node_modules").mkdir()
    assert find_project(inner / "node_modules") == inner


def test_the_list_of_a_project(leaf, add, project):
    add("top", "leaf@1.0.0")
    found = {each.name: each for each in napi.package.list(project)}
    assert found["leaf"].version == "1.0.0"
    assert found["leaf"].wanted == "^1.0.0"
    assert found["leaf"].path == project / "node_modules/leaf"
    assert not any(each.problem for each in found.values())
    lock = read(project / "package-lock.json")["packages"]["node_modules/leaf"]
    assert lock["integrity"] == sri(leaf.tarballs["/leaf/-/leaf-1.0.0.tgz"])


def test_a_package_with_undeclared_packages_in_its_tarball(leaf, add, has):
    inner = json.dumps({"name": "leaf", "version": "6.6.6"}).encode()
    files = {"node_modules/leaf/package.json": inner, "index.js": b""}
    leaf.publish("brings", files=files, dependencies={"leaf": "1.0.0"})
    add("leaf@2", "brings")
    assert has()["node_modules/brings/node_modules/leaf"] == "1.0.0"
