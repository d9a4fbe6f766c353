"""Stubs of real packages: checkers accept them, and know what the packages have."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import napi
from napi.stubs import make
from napi.stubs.live import make_live_stub
from napi.stubs.place import install, module_name

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("NAPI_CACHE", ROOT / ".cache"))
# Declarations that no other test needs; the rest is what tests/packages fetches.
PLACES = (CACHE / "types", CACHE)
OTHERS = ("nice-napi", "farmhash", "tree-sitter")
LIVE = ("bcrypt", "bufferutil", "keccak", "secp256k1", "utf-8-validate")


def listed():
    with (Path(__file__).parent / "packages.tsv").open() as file:
        return [row["name"] for row in csv.DictReader(file, delimiter="\t")] + [*OTHERS]


def start(name):
    for place in PLACES:
        if (place / "node_modules" / name).exists():
            return place
    raise AssertionError(f"{name} is missing: `make test` fetches it")


def run(*command, cwd, **environment):
    return subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=cwd,
        env={**os.environ, **environment},
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A directory with the stubs of all the packages."""
    out = tmp_path_factory.mktemp("typings")
    for name in (*listed(), *LIVE):
        install(name, make(name, start(name)), out)
    return out


def check(installed, folder, text):
    """What mypy --strict says about a text, and about the stubs that it imports."""
    (folder / "use.py").write_text(text)
    cache = f"--cache-dir={installed / 'cache'}"
    return run(
        "mypy",
        "--strict",
        cache,
        "use.py",
        cwd=folder,
        MYPYPATH=str(installed / "mypy"),
    )


def test_mypy_accepts_every_stub(installed, tmp_path):
    modules = [
        ".".join(("napi.npm", *module_name(name))) for name in (*listed(), *LIVE)
    ]
    assert len(modules) >= 20
    done = check(installed, tmp_path, "".join(f"import {one}\n" for one in modules))
    assert done.stdout.startswith("Success"), done.stdout
    # What is imported is checked, not only found: a fault in a stub is reported.
    broken = installed / "napi-stubs/npm/broken.pyi"
    broken.write_text("x: Nothing\n")
    done = check(installed, tmp_path, "import napi.npm.broken\n")
    broken.unlink()
    assert "[name-defined]" in done.stdout


@pytest.mark.skipif(
    shutil.which("node") is None, reason="pyright is a program for Node"
)
def test_pyright_accepts_every_stub(installed, tmp_path):
    (tmp_path / "typings").symlink_to(installed)
    (tmp_path / "pyrightconfig.json").write_text(
        f'{{"extraPaths": ["{ROOT}"], "stubPath": "typings"}}'
    )
    files = [
        installed.joinpath("napi-stubs/npm", *module_name(n)).with_suffix(".pyi")
        for n in listed()
    ]
    done = run("pyright", "-p", tmp_path, *files, cwd=tmp_path)
    assert "\n0 errors" in f"\n{done.stdout}", done.stdout[-3000:]


USE = """
import napi
from napi.npm import bcrypt, keccak, nice_napi, tree_sitter, utf_8_validate, without
from napi.npm.node_rs import argon2, xxhash
from napi.npm.node_rs.crc32 import crc32

reveal_type(crc32(b"a"))
reveal_type(xxhash.Xxh32(3).update("a"))
reveal_type(xxhash.xxh3.Xxh3.withSeed(napi.BigInt(1)).digest())
reveal_type(argon2.hash("a").result())
argon2.hashSync("a", {"memoryCost": 3, "algorithm": argon2.Algorithm.Argon2i})
reveal_type(tree_sitter().parse("a").rootNode.type)
reveal_type(bcrypt.gen_salt_sync("b"))
reveal_type(without)
nice_napi(3)
keccak().absorb(b"")
utf_8_validate(b"")


async def main() -> None:
    reveal_type(await argon2.hashRaw("a"))
"""
REVEALED = [
    "int | Any",
    "napi.npm.node_rs.xxhash.Xxh32",
    "napi._shim.BigInt",
    "str",
    "str",
    "Any",
    "Any",
    "napi._shim.Buffer",
]


def test_what_mypy_knows(installed, tmp_path):
    done = check(installed, tmp_path, USE)
    assert done.returncode == 0, done.stdout
    found = [
        line.partition('type is "')[2].rstrip('"')
        for line in done.stdout.splitlines()
        if "Revealed" in line
    ]
    assert [one.replace("builtins.", "") for one in found] == REVEALED


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("crc32(3)", "arg-type"),
        ("crc32()", "call-arg"),
        ("xxhash.Xxh32().upate('a')", "attr-defined"),
        ("xxhash.nothing", "attr-defined"),
        ("argon2.hashSync('a', {'memory': 3})", "arg-type"),
        ("nice_napi('a')", "arg-type"),
        ("bcrypt.gen_salt_snyc('b')", "attr-defined"),
    ],
)
def test_mistakes_that_mypy_finds(installed, tmp_path, line, said):
    done = check(installed, tmp_path, USE.partition("reveal")[0] + line)
    assert f"[{said}]" in done.stdout


def test_live_stub_has_what_the_addon_has(package):
    m = package("@node-rs/xxhash-linux-x64-gnu")
    text = make_live_stub(m.__exports__, "x")
    for line in (
        "class Xxh32:",
        "    def __init__(self, *arguments: Any) -> None: ...",
        "    def update(self, *arguments: Any) -> Any: ...",
        "def xxh32(*arguments: Any) -> Any: ...",
        "class xxh3:",
        "    class Xxh3:",
        "        def withSeed(*arguments: Any) -> Any: ...",
        "    def xxh128(*arguments: Any) -> Any: ...",
    ):
        assert f"\n{line}\n" in text
    compile(text, "x.pyi", "exec")


def test_live_stub_of_values():
    made = napi.Object()
    made["yes"] = True
    made["count"] = 3
    made["half"] = 0.5
    made["text"] = "a"
    made["big"] = napi.BigInt(1)
    made["items"] = napi.Array([1])
    made["from"] = 1
    lines = make_live_stub(made, "x").splitlines()
    assert lines[-6:] == [
        "yes: bool",
        "count: int",
        "half: float",
        "text: str",
        "big: napi.BigInt",
        "items: list[Any]",
    ]


@pytest.mark.parametrize(
    ("package_name", "module"),
    [
        ("xxhash", ("xxhash",)),
        ("@node-rs/xxhash", ("node_rs", "xxhash")),
        ("utf-8-validate", ("utf_8_validate",)),
        ("@a-b/c.d", ("a_b", "c_d")),
        ("7zip", ("_7zip",)),
    ],
)
def test_names_of_modules(package_name, module):
    assert module_name(package_name) == module


def test_command(tmp_path, child):
    code = "import sys; from napi.cli import main; sys.exit(main(sys.argv[1:]))"
    (tmp_path / "index.d.ts").write_text("export function f(): string")
    done = child(code, "stubs", tmp_path / "index.d.ts", "--print")
    assert done.stdout.endswith("def f() -> str: ...\n")
    (tmp_path / "node_modules/@s/p-q").mkdir(parents=True)
    (tmp_path / "node_modules/@s/p-q/package.json").write_text("{}")
    (tmp_path / "index.d.ts").rename(tmp_path / "node_modules/@s/p-q/index.d.ts")
    package = tmp_path / "node_modules/@s/p-q"
    done = child(code, "stubs", package, "--out", tmp_path)
    file = tmp_path / "napi-stubs/npm/s/p_q.pyi"
    assert done.stdout == f"{file}\n"
    assert file.read_text().endswith("def f() -> str: ...\n")
    assert (tmp_path / "napi-stubs/py.typed").read_text() == "partial\n"
    done = child(code, "stubs", "surely-not-there", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "napi add surely-not-there" in done.stderr
