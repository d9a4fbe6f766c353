"""What an addon says about itself: every platform, and files that lie."""

import contextlib
import json
import os
import random
import re
import shutil
import subprocess

import pytest
from places import CACHE

import napi
from napi import cli, inspect_lief, platform
from napi.inspect_report import ledger, report

NODE_MODULES = CACHE / "node_modules"

# What the makers of these packages say of them, and other readers of such files.
REAL = {
    "bcrypt/prebuilds/linux-x64/bcrypt.glibc.node": {
        "format": "elf",
        "system": "linux",
        "machines": ("x64",),
        "bits": 64,
        "libc": "glibc 2.14",
        "registration": "a constructor that calls napi_module_register",
        "api_version": None,
        "loadable": True,
        "siblings": ("bcrypt.musl.node",),
        "floors": {"GLIBCXX": "3.4.21", "CXXABI": "1.3.9", "GCC": "3.0"},
    },
    "bcrypt/prebuilds/linux-x64/bcrypt.musl.node": {"libc": "musl", "loadable": False},
    "bcrypt/prebuilds/linux-arm/bcrypt.glibc.node": {
        "machines": ("arm",),
        "bits": 32,
        "libc": "glibc 2.4",
        "loadable": False,
    },
    "bcrypt/prebuilds/win32-x64/bcrypt.node": {
        "format": "pe",
        "system": "win32",
        "machines": ("x64",),
        "libc": "",
        "loadable": False,
    },
    "bcrypt/prebuilds/win32-arm64/bcrypt.node": {
        "machines": ("arm64",),
        "registration": "napi_register_module_v1",
    },
    "bufferutil/prebuilds/win32-ia32/bufferutil.node": {
        "machines": ("ia32",),
        "bits": 32,
    },
    "bufferutil/prebuilds/darwin-x64/bufferutil.node": {
        "format": "macho",
        "system": "darwin",
    },
    "tree-sitter/prebuilds/darwin-arm64/tree-sitter.node": {
        "format": "macho",
        "machines": ("arm64",),
        "libc": "macOS 11.0.0",
        "api_version": 9,
        "registration": "napi_register_module_v1",
    },
    "simdle-native/prebuilds/linux-x64/simdle-native.node": {"api_version": 9},
    "simdle-native/prebuilds/android-arm64/simdle-native.node": {
        "libc": "bionic (Android)",
        "machines": ("arm64",),
        "loadable": False,
    },
    "@node-rs/crc32-linux-x64-gnu/crc32.linux-x64-gnu.node": {
        "registration": "napi_register_module_v1",
        "libc": "glibc 2.14",
        "loadable": True,
    },
}


@pytest.mark.parametrize(("name", "expected"), REAL.items(), ids=REAL)
def test_real_addons_of_every_platform(name, expected):
    found = report(NODE_MODULES / name).as_dict()
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("@node-rs/crc32-linux-x64-gnu/crc32.linux-x64-gnu.node", "napi-rs 3"),
        ("@node-rs/crc32-linux-x64-gnu/crc32.linux-x64-gnu.node", "rustc version 1"),
        ("bcrypt/prebuilds/linux-x64/bcrypt.glibc.node", "node-addon-api"),
        ("bcrypt/prebuilds/linux-x64/bcrypt.glibc.node", "GCC: (GNU) 11.2.1"),
        ("bcrypt/prebuilds/win32-x64/bcrypt.node", "linker 14."),
        ("simdle-native/prebuilds/linux-x64/simdle-native.node", "Linker: Ubuntu LLD"),
    ],
)
def test_who_made_it(name, made):
    assert any(it.startswith(made) for it in report(NODE_MODULES / name).made_with)


def test_the_functions_are_those_that_it_imports():
    path = NODE_MODULES / "bcrypt/prebuilds/linux-x64/bcrypt.glibc.node"
    found = report(path)
    undefined = napi.inspect(path).undefined
    expected = {it: ledger()[it] for it in undefined if it in ledger()}
    assert found.functions == expected
    assert (found.unknown, found.libuv, found.v8, found.by_name) == ((), (), (), ())


def test_functions_that_are_looked_up_by_name_are_told():
    name = "@oxc-parser/binding-linux-x64-gnu/parser.linux-x64-gnu.node"
    found = report(NODE_MODULES / name)
    assert not found.functions
    assert {"napi_create_string_utf8", "napi_throw"} <= {*found.by_name}


def test_an_addon_that_was_just_built(addon_path):
    found = report(addon_path("object"), load=True)
    assert found.loadable
    assert found.verdict == f"can be loaded on {platform.name()}"
    assert all(library.found for library in found.libraries)
    module = napi.load(addon_path("object"))
    listed = {it.name for it in found.exports}
    assert {name for name in dir(module) if not name.startswith("_")} == listed
    assert {it.kind for it in found.exports} == {"function"}


@pytest.mark.parametrize("version", [8, 9, 10])
def test_the_declared_version_is_read_from_the_code(addon_path, version):
    assert report(addon_path("object", version=version)).api_version == version


def test_the_experimental_version_is_read_too(addon_path):
    assert report(addon_path("object", experimental=True)).api_version == 2**31 - 1


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("f30f1efab809000000c3", 9),
        ("b80a000000c3", 10),
        ("554889e5b8080000005dc3", 8),
        ("20018052c0035fd6", 9),
        ("5f2403d520018052c0035fd6", 9),
        ("ffffff7fc3", None),
        ("", None),
        ("31c0c3", None),
    ],
)
def test_machine_code_that_returns_a_constant(code, expected):
    assert inspect_lief.api_version(bytes.fromhex(code).ljust(16, b"\0")) == expected


def compiled(folder, source, *flags):
    path, text = folder / "a.node", folder / "a.c"
    text.write_text(source)
    command = ["cc", "-shared", "-fPIC", "-o", path, text, *flags]
    subprocess.run(command, check=True, capture_output=True)
    return path


def test_libuv_v8_and_unknown_functions_are_listed(tmp_path):
    source = """
        extern int uv_run(void *, int), napi_from_the_future(void);
        extern int _ZN2v87Isolate10GetCurrentEv(void);
        int f(void) {
            return uv_run(0, 0) + napi_from_the_future()
                + _ZN2v87Isolate10GetCurrentEv();
        }
    """
    found = report(compiled(tmp_path, source))
    assert found.libuv == ("uv_run",)
    assert found.unknown == ("napi_from_the_future",)
    assert found.v8 == ("v8::Isolate::GetCurrent",)
    assert found.registration == "none"
    assert "V8" in found.verdict


def test_a_plain_library_is_no_addon(tmp_path):
    found = report(compiled(tmp_path, "int f(void) { return 1; }"))
    assert not found.loadable
    assert "no addon" in found.verdict


def test_a_missing_library_is_told(tmp_path):
    library = tmp_path / "libgone.so"
    source = "int napi_register_module_v1(void *e, void *x) { return 0; }"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, "-x", "c", "/dev/null"])
    path = compiled(tmp_path, source, f"-L{tmp_path}", "-Wl,--no-as-needed", "-lgone")
    library.unlink()
    found = report(path)
    assert found.verdict == "cannot be loaded: libgone.so not found here"
    (gone,) = (it for it in found.libraries if it.name == "libgone.so")
    assert not gone.found


# === files that lie ===

BAD = {
    "empty": b"",
    "text": b"#!/bin/sh\nexit\n",
    "archive": b"\x1f\x8b\x08\0\0\0",
    "elf": b"\x7fELF",
    "elf header": b"\x7fELF\2\1\1" + bytes(57),
    "dos": b"MZ" + bytes(62),
    "fat": b"\xca\xfe\xba\xbe\0\0\0\2" + bytes(40),
    "wasm": b"\0asm\1\0\0\0",
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_what_is_no_library_is_refused(tmp_path, content):
    path = tmp_path / "a.node"
    path.write_bytes(content)
    with pytest.raises(napi.BadBinaryError):
        report(path)


def mutated(data, seed):
    """A file with a few bytes changed, most of them in its tables, or cut off."""
    chance = random.Random(seed)
    data = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        end = chance.choice((64, 512, 4096, len(data)))
        at = chance.randrange(min(end, len(data)))
        data[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
    if chance.random() < 0.3:
        del data[chance.randrange(len(data)) :]
    return bytes(data)


SEEDS = range(int(os.environ.get("NAPI_MUTATIONS", "12")))
VICTIMS = [
    "keccak/prebuilds/linux-x64/node.napi.glibc.node",
    "keccak/prebuilds/win32-x64/node.napi.node",
    "keccak/prebuilds/darwin-x64/node.napi.node",
]


@pytest.mark.parametrize("name", VICTIMS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_hostile_file_is_told_or_refused(tmp_path, name, seed):
    path = tmp_path / "a.node"
    path.write_bytes(mutated((NODE_MODULES / name).read_bytes(), seed))
    with contextlib.suppress(napi.BadBinaryError):
        json.dumps(report(path).as_dict())


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os; os.abort()", "ended by signal 6"),
        ("while True: pass", "no answer for 1 seconds"),
        ("raise SystemExit(3)", "failed"),
        ("import os; os._exit(0)", "gave no answer"),
        ("", "contradicts itself"),
    ],
)
def test_a_parser_that_dies_is_an_error(tmp_path, monkeypatch, code, words):
    package = tmp_path / "lief"
    package.mkdir()
    (package / "__init__.py").write_text(code)
    (tmp_path / "a.node").write_bytes(b"\x7fELF")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("napi.inspect_report._TIMEOUT", 1)
    with pytest.raises(napi.BadBinaryError, match=words):
        report(tmp_path / "a.node")


def test_without_lief_it_says_what_to_install(tmp_path, monkeypatch, addon_path):
    package = tmp_path / "lief"
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("napi.inspect_report.os.path.abspath", lambda path: path)
    with pytest.raises(napi.LoadError, match=r"pip install 'napi\[packages\]'"):
        report(addon_path("object"))


def test_what_cannot_be_read_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        report(tmp_path / "gone.node")
    with pytest.raises(IsADirectoryError):
        report(tmp_path)
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(napi.BadBinaryError, match="regular file"):
        report(tmp_path / "fifo")


# === the command ===


def test_the_command_prints_one_line_a_row(addon_path, capsys):
    assert cli.main(["inspect", str(addon_path("object")), "--all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"verdict: can be loaded on {platform.name()}"
    rows = dict(re.split(r"  +", line, maxsplit=1) for line in lines[:-1])
    assert rows["built for"].startswith(f"linux {platform.machine()} (elf")
    assert "napi_create_object" in rows["functions"]


def test_the_command_prints_json(addon_path, capsys):
    path = str(addon_path("object"))
    assert cli.main(["inspect", path, "--json", "--load"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["path"] == path
    assert {it["kind"] for it in found["exports"]} == {"function"}


def test_several_targets_make_a_list(addon_path, tmp_path, capsys):
    bad = tmp_path / "bad.node"
    bad.write_text("no")
    assert cli.main(["inspect", str(addon_path("object")), str(bad), "--json"]) == 1
    captured = capsys.readouterr()
    first, second = json.loads(captured.out)
    assert first["loadable"]
    assert second["path"] == str(bad)
    assert second["error"] in captured.err


def test_a_package_is_looked_for_from_the_working_directory(
    addon_path, tmp_path, capsys, monkeypatch
):
    target = tmp_path / "node_modules/x/build/Release/x.node"
    target.parent.mkdir(parents=True)
    shutil.copyfile(addon_path("object"), target)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["inspect", "x"]) == 0
    assert str(target) in capsys.readouterr().out
    target.write_text("not an addon")
    assert cli.main(["inspect", "x"]) == 1
    assert "napi inspect: " in capsys.readouterr().err


def test_on_a_terminal_it_is_a_coloured_table(addon_path, in_terminal):
    _, shown = in_terminal("inspect", addon_path("object"))
    assert "\x1b[1;32mverdict: " in shown
    assert all(
        len(re.sub(r"\x1b\[[\d;]*m", "", line)) <= 80
        for line in shown.split("verdict")[0].splitlines()
    )
    assert (
        "\x1b[1;32m"
        not in in_terminal("inspect", addon_path("object"), NO_COLOR="1")[1]
    )


def test_what_a_file_says_cannot_steer_the_terminal(tmp_path, capsys):
    source = r'__asm__(".ident \"GCC \\033]0;owned\\007\"");'
    path = compiled(tmp_path, source + "int f(void) { return 0; }")
    assert b"\x1b]0;owned" in path.read_bytes()
    cli.main(["inspect", str(path)])
    assert "\x1b" not in capsys.readouterr().out
