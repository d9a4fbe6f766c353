"""The native binding of an installed package: each layout, and why one is refused."""

import json
import os
import shutil

import pytest

import napi
from napi import platform
from napi.package import binding

HERE = f"{platform.system()}-{platform.machine()}"
LIBC = platform.libc()
GNU = platform.name()
OTHER = "darwin-arm64"
NOT_LIBC = {"glibc": "musl", "musl": "glibc"}[LIBC]


@pytest.fixture(scope="session")
def built(addon_path):
    return addon_path("object")


@pytest.fixture
def project(tmp_path, built, monkeypatch):
    """project(name, manifest, files): an installed package; `files` are builds."""
    monkeypatch.delenv("NODE_PATH", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def make(name, files=(), **manifest):
        folder = tmp_path / "node_modules" / name
        folder.mkdir(parents=True, exist_ok=True)
        manifest = {"name": name, "version": "1.2.3", **manifest}
        (folder / "package.json").write_text(json.dumps(manifest))
        for file in files:
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.suffix == ".node":
                shutil.copyfile(built, target)
            else:
                target.write_text("")
        return folder

    make.root = tmp_path
    return make


LAYOUTS = {
    "build/Release/x.node": "node-gyp",
    "build/Debug/x.node": "node-gyp (debug)",
    f"prebuilds/{HERE}/x.node": "prebuildify",
    f"prebuilds/{HERE}/x.{LIBC}.node": "prebuildify",
    f"prebuilds/{HERE}/node.napi.node": "prebuildify",
    f"prebuilds/{HERE}/node.napi.{LIBC}.node": "prebuildify",
    f"prebuilds/{HERE}+s390x/electron-not.node": None,
    f"prebuilds/{platform.system()}{LIBC}-{platform.machine()}/node-napi.node": (
        "prebuildify"
    ),
    f"prebuilds/{HERE}/@scope+x.{LIBC}.node": "prebuildify",
    f"prebuilds/{HERE}/node.abi115.node": None,
    f"prebuilds/{HERE}/node.abi115.{LIBC}.node": None,
    f"prebuilds/{HERE}/x.{NOT_LIBC}.node": None,
    f"prebuilds/{OTHER}/x.node": None,
    f"prebuilds/{platform.system()}-s390x/x.node": None,
    "build/x.node": "bindings",
    "build/default/x.node": "bindings",
    f"build/x-{HERE}.node": "bindings",
    f"build/x-{OTHER}.node": None,
    "out/Release/x.node": "bindings",
    "Release/x.node": "bindings",
    f"compiled/20.0.0/{HERE.replace('-', '/')}/x.node": "bindings",
    f"lib/binding/napi-v6-{HERE}/x.node": "bindings",
    f"lib/binding/napi-v6-{platform.system()}-{NOT_LIBC}-x64/x.node": None,
    f"x.{GNU}.node": "napi-rs",
    f"x.{OTHER}.node": None,
    f"native/{HERE}.node": "bundled",
    f"bin/napi-v6/{HERE.replace('-', '/')}/x.node": "bundled",
    f"bin/napi-v6/{OTHER.replace('-', '/')}/x.node": None,
    f"{platform.system()}_{platform.machine()}/x.node": "bundled",
    "x.node": "bundled",
    "build/Release/obj.target/x.node": None,
}


@pytest.mark.parametrize(("file", "layout"), LAYOUTS.items(), ids=LAYOUTS)
def test_each_layout_is_known(project, file, layout):
    folder = project("x", [file])
    if layout is None:
        with pytest.raises(napi.FindError) as caught:
            napi.find("x")
        (only,) = caught.value.candidates
        assert only.path == str(folder / file)
        assert only.refusal in str(caught.value)
        return
    found = napi.find("x")
    assert (found.path, found.layout) == (str(folder / file), layout)
    assert (found.package, found.version) == ("x", "1.2.3")
    assert found.folder == str(folder)
    assert napi.load(found).__file__ == str(folder / file)


ORDER = [
    ("build/Release/x.node", f"prebuilds/{HERE}/x.node"),
    ("build/Release/x.node", "build/Debug/x.node"),
    ("build/Debug/x.node", f"prebuilds/{HERE}/x.node"),
    (f"prebuilds/{HERE}/x.{LIBC}.node", f"prebuilds/{HERE}/x.node"),
    (f"prebuilds/{HERE}/x.node", f"prebuilds/{HERE}/other.node"),
    (f"prebuilds/{HERE}/node.napi.node", f"prebuilds/{HERE}/node.abi115.node"),
    (f"prebuilds/{HERE}/x.node", "other/x.node"),
    ("x.node", "deep/down/x.node"),
    ("lib/a.node", "lib/b.node"),
]


@pytest.mark.parametrize(("better", "worse"), ORDER)
def test_the_better_build_is_taken_in_any_order(project, better, worse):
    for files in ((better, worse), (worse, better)):
        folder = project("x", files)
        assert napi.find("x").path == str(folder / better)


def test_what_is_taken_and_what_is_not_is_told(project):
    files = ["build/Release/x.node", f"prebuilds/{HERE}/x.node"]
    project("x", [*files, f"prebuilds/{OTHER}/x.node"])
    lines = napi.find("x").explain().splitlines()
    assert lines[0].endswith("(node-gyp): taken")
    assert lines[1].endswith("(prebuildify): comes after that")
    assert lines[2].strip().startswith("1 build, by name: it is for darwin")


def test_a_build_that_cannot_be_loaded_gives_way_to_one_that_can(project):
    good = f"prebuilds/{HERE}/x.node"
    folder = project("x", ["build/Release/x.node", good])
    (folder / "build/Release/x.node").write_bytes(b"\x7fELF, but not really")
    found = napi.find("x")
    assert found.path == str(folder / good)
    assert "damaged" in found.explain()


def test_nothing_that_can_be_loaded_is_an_error_that_says_why(project):
    folder = project("x", ["build/Release/x.node", f"prebuilds/{OTHER}/x.node"])
    (folder / "build/Release/x.node").write_text("#!/bin/sh")
    with pytest.raises(napi.FindError) as caught:
        napi.find("x")
    text = str(caught.value)
    assert f"no build of 'x' can be loaded on {platform.name()}" in text
    assert "it is not a native addon: it is text that begins with" in text
    assert len(caught.value.candidates) == 2


def test_the_entry_of_the_package_comes_first(project):
    folder = project("x", ["build/Release/a.node", "index.node"], main="index.node")
    found = napi.find("x")
    assert (found.path, found.layout) == (str(folder / "index.node"), "entry")


def test_exports_name_the_entry_too(project):
    exports = {".": "./a.node", "./sub": "./b.node"}
    folder = project("x", ["a.node", "b.node", "build/Release/c.node"], exports=exports)
    assert napi.find("x").path == str(folder / "a.node")
    assert napi.find("x/sub").path == str(folder / "b.node")


@pytest.mark.parametrize("name", ["x/lib/b.node", "x/lib/b", "./node_modules/x/lib/b"])
def test_a_file_below_the_package_is_taken_alone(project, name):
    folder = project("x", ["build/Release/a.node", "lib/b.node"])
    found = napi.find(name + ("" if name.endswith(".node") else ".node"))
    assert found.path == str(folder / "lib/b.node")
    assert len(found.candidates) == 1


def test_a_folder_is_a_package(project):
    folder = project("x", ["build/Release/a.node"])
    assert napi.find("./node_modules/x").path == str(folder / "build/Release/a.node")
    assert napi.find(str(folder)).version == "1.2.3"


def test_one_of_several_bindings_is_asked_for_by_its_name(project):
    folder = project("x", ["build/Release/a.node", "build/Release/b.node"])
    assert napi.find("x").path == str(folder / "build/Release/a.node")
    assert napi.find("x", binding="b").path == str(folder / "build/Release/b.node")
    with pytest.raises(napi.FindError, match="it is not called 'c'"):
        napi.find("x", binding="c")


def test_the_name_in_the_package_beats_the_alphabet(project):
    folder = project(
        "x",
        ["build/Release/a.node", "build/Release/real.node"],
        binary={"module_name": "real"},
    )
    assert napi.find("x").path == str(folder / "build/Release/real.node")


def test_node_pre_gyp_says_where(project):
    path = "./out/{module_name}/v{version}/{platform}-{arch}-{libc}-napi-v{napi_build}"
    file = f"out/mod/v1.2.3/{HERE}-{LIBC}-napi-v6/mod.node"
    folder = project(
        "x",
        [file, "build/mod.node"],
        binary={"module_name": "mod", "module_path": path},
    )
    found = napi.find("x")
    assert (found.path, found.layout) == (str(folder / file), "node-pre-gyp")


def manifest_key(**config):
    return json.dumps(
        {"os": platform.system(), "arch": platform.machine(), "runtime": "node"}
        | {"nodeAPI": "node-addon-api", "libc": LIBC, "abi": 100}
        | config
    )


def test_the_manifest_of_cmake_ts_says_what_each_build_is_for(project):
    files = ["a/addon.node", "b/addon.node", "c/addon.node", "d/addon.node"]
    folder = project("x", [f"build/{file}" for file in files])
    entries = {
        manifest_key(abi=72): files[0],
        manifest_key(abi=127): files[1],
        manifest_key(abi=131, libc=NOT_LIBC): files[2],
        manifest_key(abi=140, runtime="electron"): files[3],
        "not json": "a/addon.node",
        json.dumps([1]): 7,
        manifest_key(abi="x"): "../../../../escape.node",
    }
    (folder / "build/manifest.json").write_text(json.dumps(entries))
    found = napi.find("x")
    assert (found.path, found.layout) == (str(folder / "build" / files[1]), "manifest")
    assert [item.path for item in found.candidates[1:2]] == [
        str(folder / "build" / files[0])
    ]
    assert {bool(item.refusal) for item in found.candidates[2:]} == {True}


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"a": 1}'])
def test_a_broken_manifest_is_no_manifest(project, text):
    folder = project("x", ["build/Release/x.node"])
    (folder / "build/manifest.json").write_text(text)
    assert napi.find("x").layout == "node-gyp"


PLATFORM = {"os": [platform.system()], "cpu": [platform.machine()]}


def test_the_platform_package_of_napi_rs_is_found(project):
    names = (f"@s/x-{GNU}", f"@s/x-{OTHER}")
    project("x", optionalDependencies=dict.fromkeys(names, "1.2.3"))
    folder = project(names[0], [f"x.{GNU}.node"], main=f"x.{GNU}.node", **PLATFORM)
    found = napi.find("x")
    assert found.path == str(folder / f"x.{GNU}.node")
    assert (found.package, found.layout) == (names[0], "platform package")


@pytest.mark.parametrize(
    "told",
    [
        {"os": ["darwin"]},
        {"os": [f"!{platform.system()}"]},
        {"cpu": ["s390x"]},
        {"libc": [NOT_LIBC]},
    ],
)
def test_a_platform_package_for_others_is_none(project, told):
    project("x", optionalDependencies={"y": "*"})
    project("y", ["y.node"], **told)
    with pytest.raises(napi.FindError, match="no native binding"):
        napi.find("x")


def test_an_optional_dependency_for_all_platforms_is_a_package_of_its_own(project):
    project("x", optionalDependencies={"y": "*"})
    project("y", ["build/Release/y.node"])
    with pytest.raises(napi.FindError, match="by name: y$"):
        napi.find("x")


@pytest.mark.parametrize("manifest", [{}, {"napi": {"packageName": "@other/y"}}])
def test_a_platform_package_may_be_known_by_its_name_only(project, manifest):
    project("@s/x", **manifest)
    name = "@other/y" if manifest else "@s/x"
    folder = project(f"{name}-{GNU}", ["a.node"], **PLATFORM)
    assert napi.find("@s/x").path == str(folder / "a.node")


def test_a_package_of_which_only_a_part_is_there_says_so(project):
    project(f"@s/x-{GNU}", ["a.node"])
    with pytest.raises(napi.FindError, match=rf"There is @s/x-{GNU}$"):
        napi.find("@s/x")


# === the seam for JavaScript ===


def test_what_can_run_javascript_is_given_the_entry(project, monkeypatch):
    from napi.package import find

    folder = project("x", ["build/Release/x.node", "main.js"], main="main.js")
    seen = []
    monkeypatch.setattr(find, "run_entry", lambda path: seen.append(path) or "exports")
    assert napi.require("x") == "exports"
    assert seen == [str(folder / "main.js")]
    # The binding itself can still be had.
    assert napi.require("x", binding="x").__file__.endswith("x.node")
    (folder / "sub.js").touch()
    assert napi.require("x/sub") == "exports"
    assert seen[-1] == str(folder / "sub.js")
    native = project("y", ["y.node"], main="y.node")
    assert napi.require("y").__file__ == str(native / "y.node")


def test_a_missing_platform_package_is_named(project):
    names = [f"@s/x-{platform.system()}-{platform.machine()}-gnu", f"@s/x-{OTHER}"]
    project("x", optionalDependencies=dict.fromkeys(names, "1.2.3"))
    with pytest.raises(napi.FindError, match=f"`napi add {names[0]}`"):
        napi.find("x")


def test_a_native_dependency_is_named(project):
    project("x", dependencies={"y": "*", "z": "*"})
    project("y", ["build/Release/y.node"])
    project("z", ["index.js"])
    with pytest.raises(napi.FindError, match="by name: y$"):
        napi.find("x")


def test_a_package_that_can_be_built_says_so(project):
    project("x", ["binding.gyp"])
    with pytest.raises(napi.FindError, match="`napi build "):
        napi.find("x")


# === where ===


def test_a_package_is_looked_for_upwards(project, monkeypatch):
    folder = project("x", ["x.node"])
    below = project.root / "a/b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert napi.find("x").path == str(folder / "x.node")


def test_start_takes_the_place_of_the_working_directory(project, monkeypatch):
    folder = project("x", ["x.node"])
    monkeypatch.chdir("/")
    with pytest.raises(napi.FindError, match="there is no package 'x'"):
        napi.find("x")
    for start in (project.root, str(project.root), project.root / "script.py"):
        assert napi.find("x", start=start).path == str(folder / "x.node")


def test_node_path_is_looked_at_last(project, monkeypatch, tmp_path_factory):
    other = tmp_path_factory.mktemp("elsewhere")
    near = project("x", ["x.node"])
    far = project("y", ["y.node"])
    shutil.move(far, other / "y")
    shutil.copytree(near, other / "x")
    monkeypatch.setenv("NODE_PATH", f"/nowhere{os.pathsep}{other}")
    assert napi.find("y").path == str(other / "y/y.node")
    assert napi.find("x").path == str(near / "x.node")


def test_the_file_that_calls_comes_before_the_working_directory(
    project, monkeypatch, child, tmp_path_factory
):
    near = project("x", ["x.node"])
    script = project.root / "lib/script.py"
    script.parent.mkdir()
    script.write_text("import napi\ndef f(): return napi.find('x').path\n")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(near, elsewhere / "node_modules/x")
    code = (
        "import sys, os; sys.path.insert(0, sys.argv[1]); os.chdir(sys.argv[2])\n"
        "import napi, script; print(script.f()); print(napi.find('x').path)"
    )
    done = child(code, script.parent, elsewhere)
    assert done.stdout.split() == [
        str(near / "x.node"),
        str(elsewhere / "node_modules/x/x.node"),
    ]


def test_a_linked_package_finds_its_own_dependencies(project):
    """As pnpm lays them: the dependencies are beside the real folder."""
    store = project.root / "node_modules/.store/node_modules"
    folder = project("x", ["package.json"], optionalDependencies={"y": "*"})
    folder_y = project("y", ["y.node"], **PLATFORM)
    project("x", optionalDependencies={"y": "*"})
    store.mkdir(parents=True)
    shutil.move(folder, store / "x")
    shutil.move(folder_y, store / "y")
    folder.symlink_to(store / "x")
    assert napi.find("x").path == str(store / "y/y.node")


@pytest.mark.parametrize("name", ["", ".hidden", "a%b", "@scope", "a\\b", "@/x", "-"])
def test_what_is_no_name_is_refused(project, name):
    with pytest.raises(napi.FindError):
        napi.find(name)


def test_a_missing_package_says_where_it_was_looked_for(project):
    project("x", ["x.node"])
    with pytest.raises(napi.FindError) as caught:
        napi.find("@scope/gone")
    assert "`napi add @scope/gone`" in str(caught.value)
    assert str(project.root / "node_modules") in str(caught.value)
    assert str(project.root / "node_modules") in caught.value.folders


def test_plug_and_play_is_explained(project):
    (project.root / ".pnp.cjs").touch()
    with pytest.raises(napi.FindError, match="Plug'n'Play"):
        napi.find("x")


def test_a_broken_package_json_is_an_error_with_its_path(project):
    folder = project("x", ["x.node"])
    (folder / "package.json").write_text("{")
    with pytest.raises(napi.FindError, match="Invalid package config"):
        napi.find("x")


def test_a_folder_without_package_json_is_a_package(project):
    folder = project("x", ["build/Release/x.node"])
    (folder / "package.json").unlink()
    found = napi.find("x")
    assert (found.path, found.package) == (str(folder / "build/Release/x.node"), "x")


# === require ===


def test_require_runs_the_entry_point(project):
    folder = project("x", ["build/Release/x.node", "index.js"])
    text = "module.exports = {own: require('./build/Release/x.node'), add: a => a + 1}"
    (folder / "index.js").write_text(text)
    exports = napi.require("x")
    assert exports.add(1) == 2
    assert exports.own is napi.load(napi.find("x")).__exports__
    assert exports is napi.require("x")


def test_require_of_what_has_no_javascript_loads_the_binding(project):
    folder = project("x", ["build/Release/x.node"])
    module = napi.require("x")
    assert module.__file__ == str(folder / "build/Release/x.node")
    assert module is napi.require("x") is napi.load(napi.find("x"))


def test_require_passes_null_on(project):
    project("x", ["build/Release/x.node"])
    assert napi.require("x", null=None) is not napi.require("x")


def test_require_of_a_missing_package_is_an_import_error(project):
    with pytest.raises(ImportError):
        napi.require("gone")


# === tags ===

TAGS = {
    "prebuilds/linux-x64/node.napi.musl.node": ("linux", "x64", "musl", 0, True),
    "prebuilds/darwin-x64+arm64/a.node": ("darwin", "arm64 x64", "", 0, False),
    "prebuilds/linux-arm/a.armv7.glibc.node": ("linux", "arm", "glibc", 0, False),
    "prebuilds/linux-arm64/a.armv8.node": ("linux", "arm64", "", 0, False),
    "prebuilds/linux-x64/node.abi127.node": ("linux", "x64", "", 127, False),
    "a.linux-arm-gnueabihf.node": ("linux", "arm", "glibc", 0, False),
    "a.win32-x64-msvc.node": ("win32", "x64", "", 0, False),
    "a.darwin-universal.node": ("darwin", "universal", "", 0, False),
    "a.android-arm-eabi.node": ("android", "arm", "", 0, False),
    "build/linux/x64/node/musl-127-Release/a.node": ("linux", "x64", "musl", 0, False),
    "lib/binding/napi-v3-linux-glibc-x86_64/a.node": (
        "linux",
        "x64",
        "glibc",
        0,
        True,
    ),
    "build/farmhash-linuxmusl-arm64.node": ("linux", "arm64", "musl", 0, False),
    "build/Release/a.node": ("", "", "", 0, False),
}


@pytest.mark.parametrize(("path", "expected"), TAGS.items(), ids=TAGS)
def test_paths_say_what_builds_are_for(path, expected):
    tags = binding.read_tags(path)
    words = [" ".join(sorted(it)) for it in (tags.systems, tags.machines, tags.libcs)]
    assert (*words, tags.abi, tags.node_api) == expected


def test_the_words_of_the_packages_own_name_are_no_tags(project):
    folder = project("win32-arm-tools", ["win32-arm-tools.node"])
    assert napi.find("win32-arm-tools").path == str(folder / "win32-arm-tools.node")


def test_finding_imports_nothing_until_it_is_asked(child):
    code = "import sys, napi; print('napi.package.find' in sys.modules)"
    assert child(code).stdout == "False\n"
