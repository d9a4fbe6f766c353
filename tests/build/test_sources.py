"""Packages of npm whose sources are built as they are, loaded and called."""

import csv
import os
import shutil
from pathlib import Path

import pytest

import napi
import napi.testing

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(os.environ.get("NAPI_CACHE", ROOT / ".cache")) / "sources/node_modules"
SOURCE = b"hello world, this is a masked websocket frame"
MASKED = (
    "69676f686e22746b736e672821766b6d72226a7721632369607168616522746163716c67"
    "6a6777246770626964"
)


def farmhash(m):
    assert m.Hash32Buffer(b"hello") == 2039911270
    assert m.Fingerprint64String("hello") == 13009744463427800296


def bcrypt(m):
    hashed = "$2b$04$.OC/.OC/.OC/.OC/.OC/.Om5pOQ6/OL6f7ZcP/eZoUVfJYwMGKHQ."
    salt = m.gen_salt_sync("b", 4, napi.Buffer.alloc(16, 1))
    assert m.encrypt_sync("pw", salt) == hashed
    seen = []
    m.compare("pw", hashed, lambda *answer: seen.append(answer))
    assert napi.run(timeout=60)
    assert seen == [(None, True)]


def bufferutil(m):
    out = bytearray(len(SOURCE))
    m.mask(SOURCE, bytes([1, 2, 3, 4]), out, 0, len(SOURCE))
    assert out.hex() == MASKED
    m.unmask(out, bytes([1, 2, 3, 4]))
    assert bytes(out) == SOURCE


def validation(m):
    assert m("héllo €".encode()) is True
    assert m(b"\xc3\x28") is False


def keccak(m):
    state = m()
    state.initialize(1088, 512)
    state.absorb(b"abc")
    state.absorbLastFewBits(1)
    assert bytes(state.squeeze(32)).hex().startswith("4e03657aea45a94fc7d47ba826c8d667")


CALLS = {
    "farmhash": farmhash,
    "bcrypt": bcrypt,
    "bufferutil": bufferutil,
    "utf-8-validate": validation,
    "keccak": keccak,
}


def rows():
    with (Path(__file__).parent / "packages.tsv").open() as file:
        return {row["name"]: row for row in csv.DictReader(file, delimiter="\t")}


@pytest.mark.parametrize("name", CALLS)
def test_a_package_is_built_from_its_sources(name, tmp_path, monkeypatch, javascript):
    for needed in (name, "node-addon-api"):
        assert (SOURCES / needed).exists(), f"{needed} is missing: `make test` gets it"
        shutil.copytree(SOURCES / needed, tmp_path / "node_modules" / needed)
    empty = tmp_path / "bin"
    empty.mkdir()
    monkeypatch.setenv("PATH", f"{empty}:/usr/bin:/bin")
    (empty / "node").write_text("#!/bin/sh\nexit 9\n")  # no Node has a say in it
    (empty / "node").chmod(0o755)
    folder = tmp_path / "node_modules" / name
    path = napi.testing.build(folder)
    assert path == folder / rows()[name]["node_file"]
    CALLS[name](napi.load(path))
    left = {one.name for one in (tmp_path / "node_modules").iterdir()}
    assert left == {name, "node-addon-api"}


def test_debug_build_of_a_package(tmp_path):
    shutil.copytree(SOURCES / "bufferutil", tmp_path / "bufferutil")
    path = napi.testing.build(tmp_path / "bufferutil", debug=True)
    assert path.parent.name == "Debug"
    bufferutil(napi.load(path))


@pytest.mark.parametrize("above", ["", "a", "a/b", "a/b/c", "node_modules/@s"])
def test_nothing_is_left_outside_of_the_build_directory(above, tmp_path, javascript):
    name = "farmhash"
    shutil.copytree(
        SOURCES / "node-addon-api", tmp_path / "node_modules/node-addon-api"
    )
    folder = tmp_path / above / name
    shutil.copytree(SOURCES / name, folder)
    before = {path for path in tmp_path.rglob("*")}
    path = napi.testing.build(folder)
    assert path == folder / rows()[name]["node_file"]
    new = {one for one in tmp_path.rglob("*") if one not in before}
    assert {one for one in new if not one.is_relative_to(folder / "build")} == set()
