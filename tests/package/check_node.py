"""Packages of all layouts, brought by `napi add`: does `napi call` say what Node says?

    NAPI_NODE=/path/to/node python tests/package/check_node.py [PACKAGE ...]

Not one of the tests: it downloads some 150 MB from the registry of npm's configuration
and wants a Node to compare with. In a folder of its own, with a PATH that has neither
node nor npm, it adds every package of CASES, or those that are named, makes the calls
with `napi call`, and has Node make the same ones on the same tree. Where npm is on
the PATH of the caller, `npm ls` has to accept the tree.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
HASH = "$2b$04$.OC/.OC/.OC/.OC/.OC/.Om5pOQ6/OL6f7ZcP/eZoUVfJYwMGKHQ."
ARGON = (
    "$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHRzb21l$"
    "4KQbUdPGvU3v0y3vTrP3E3DbnWm3GSF1FhPgnhMmGaA"
)
SVG = '<svg width="4" height="4"><rect width="4" height="4" fill="red"/></svg>'


class Case(NamedTuple):
    """A package, how its addon comes to be where it is, and calls.

    Attributes:
        package: What `napi add` is given.
        layout: For the report.
        calls: Words of `napi call`, after the package; "below!word" asks for a module
            below the package.
        build: Whether the addon has to be built, with `napi build`.
    """

    package: str
    layout: str
    calls: tuple[tuple[str, ...], ...]
    build: bool = False


CASES = (
    Case("utf-8-validate", "prebuildify", ((".", "@text"), (".", "@bad"))),
    Case(
        "bcrypt",
        "prebuildify, libc tags",
        (
            ("hashSync", "pw", HASH[:29]),
            ("compare", "pw", HASH),
            ("compareSync", "other", HASH),
            ("getRounds", HASH),
            ("hashSync",),
        ),
    ),
    Case("argon2", "node-gyp-build", (("verify", ARGON, "x"), ("needsRehash", ARGON))),
    Case(
        "keccak",
        "prebuildify, napi tag",
        ((".", "keccak256", ".update", "abc", ".digest", "hex"), (".", "none")),
    ),
    Case(
        "secp256k1",
        "prebuildify",
        (("publicKeyCreate", "@key"), ("privateKeyVerify", "@key")),
    ),
    Case(
        "@node-rs/xxhash",
        "napi-rs platform package",
        (
            ("xxh3.xxh64", "@text"),
            ("xxh32", "text", "7"),
            ("new", "Xxh64", "1n", ".update", "@text", ".digest"),
            ("xxh32", "{}"),
        ),
    ),
    Case("@node-rs/crc32", "napi-rs platform package", (("crc32", "@text", "1"),)),
    Case(
        "snappy",
        "napi-rs platform package",
        (("compressSync", "@text"), ("compress", "text"), ("uncompressSync", "@bad")),
    ),
    Case(
        "farmhash",
        "file of its own in build/",
        (("hash32", "@text"), ("fingerprint64", "text"), ("hash64", "text")),
    ),
    Case(
        "koffi",
        "own loader, platform package",
        (
            ("sizeof", "long"),
            ("load", "libc.so.6", ".func", "int abs(int)", ".call", "null", "-5"),
            ("struct", "S", '{"a": "int", "b": "double"}', ".size"),
        ),
    ),
    Case("zeromq", "cmake-ts manifest", (("version",), ("capability",))),
    Case(
        "@julusian/jpeg-turbo",
        "cmake-js, pkg-prebuilds",
        (("bufferSize", '{"width": 16, "height": 16, "subsampling": 2}'),),
    ),
    Case(
        "sharp",
        "platform package with a library",
        (
            ("versions.vips",),
            (".", "@svg", ".resize", "2", ".raw", ".toBuffer"),
            (".", "@svg", ".metadata"),
            (".", "@bad", ".toBuffer"),
        ),
    ),
    Case(
        "lightningcss",
        "napi-rs, names without scope",
        (
            ("composeVisitors", "[]"),
            ("browserslistToTargets", '["chrome 95", "safari 14"]'),
        ),
    ),
    Case(
        "@swc/core",
        "napi-rs, own loader",
        (
            ("transformSync", "const a: number = 1", '{"filename": "a.ts"}', ".code"),
            ("minify", "let abc = 1 + 2; print(abc)", "{}"),
            ("parse", "a + b", "{}"),
        ),
    ),
    Case("oxc-parser", "napi-rs", (("parseSync", "a.js", "let a = 1", ".program"),)),
    Case(
        "rollup", "napi-rs, inner file", (("parseAst!parseAst", "f(1)"), ("VERSION",))
    ),
    Case(
        "libsql",
        "neon, @neon-rs/load",
        (("new", ".", ":memory:", ".prepare", "select 1 + 2 as n", ".columns"),),
    ),
    Case(
        "msgpackr",
        "optional node-gyp-build-optional-packages",
        (("pack", '{"a": [1, "b", null]}'), ("unpack", "@packed")),
    ),
    Case(
        "lzma-native",
        "prebuildify, node-gyp-build",
        (("crc32", "@text"), ("versionString",), ("compress", "@text", "{}")),
    ),
    Case("tree-sitter-json@0.24.8", "prebuildify", (("name",), ("nodeTypeInfo.0",))),
    Case("@parcel/watcher", "platform package, named like sharp's", ((".",),)),
    Case("usb", "prebuildify", (("webusb.getDevices",),)),
    Case(
        "bcrypt@5",
        "node-pre-gyp",
        (("hashSync", "pw", HASH[:29]), ("compare", "pw", HASH)),
        build=True,
    ),
    Case("farmhash@4", "bindings", (("hash32", "text"),), build=True),
)
FILES = {
    "text": "héllo wörld €, this is a text\n".encode() * 3,
    "bad": b"\xc3\x28 no text, no picture, nothing",
    "key": bytes(range(1, 33)),
    "svg": SVG.encode(),
    "packed": bytes.fromhex("81a1619301a162c0"),
}
# The rules of `napi call`, in JavaScript: what Node says to the same words.
ORACLE = r"""
const fs = require('fs');
const [target, ...words] = process.argv.slice(2);
const STEP = /^\.[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/;
const argument = (word) => {
  if (word === 'undefined') return undefined;
  if (word.startsWith('@') && word.length > 1) return fs.readFileSync(word.slice(1));
  if (/^-?\d+n$/.test(word)) return BigInt(word.slice(0, -1));
  try { return JSON.parse(word); } catch { return word; }
};
const plain = (v) => {
  if (typeof v === 'bigint') return JSON.rawJSON(v);
  if (typeof v === 'function') {
    const made = /^class\b/.test(Function.prototype.toString.call(v)) ||
      Object.getOwnPropertyNames(v.prototype ?? {}).length > 1;
    return `[${made ? 'class' : 'function'} ${v.name}]`;
  }
  if (v === undefined) return null;
  if (v === null || typeof v !== 'object') return v;
  if (Array.isArray(v)) return v.map(plain);
  if (Buffer.isBuffer(v) || v instanceof Uint8Array)
    return { type: 'Buffer', data: [...v] };
  const proto = Object.getPrototypeOf(v);
  if (proto !== null && proto !== Object.prototype) return `[${v.constructor.name}]`;
  return Object.fromEntries(Object.entries(v).map(([k, one]) => [k, plain(one)]));
};
(async () => {
  let make = words[0] === 'new' && words.shift();
  const steps = [[words.shift(), []]];
  for (const word of words)
    if (STEP.test(word)) steps.push([word.slice(1), []]);
    else steps.at(-1)[1].push(argument(word));
  let value = require(require.resolve(target, { paths: [process.cwd()] }));
  for (const [name, given] of steps) {
    let self;
    if (name !== '.')
      for (const part of name.split('.')) [self, value] = [value, value[part]];
    if (make) value = new value(...given);
    else if (typeof value === 'function') value = value.apply(self, given);
    make = false;
    value = await value;
  }
  if (value === undefined) return;
  if (value instanceof Uint8Array || value instanceof ArrayBuffer)
    return fs.writeSync(1, Buffer.from(value));
  console.log(JSON.stringify(plain(value)));
})().catch((e) => {
  const code = e.code ? ` (code ${e.code})` : '';
  console.error(`${e.name}: ${e.message}${code}`);
  process.exitCode = 1;
});
"""


class Answer(NamedTuple):
    """What a program said: its status, the bytes of stdout, the text of stderr."""

    status: int
    out: bytes
    said: str


def run(folder: Path, *command: object, path: str) -> Answer:
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        capture_output=True,
        timeout=900,
        env={
            **os.environ,
            "PATH": path,
            "PYTHONPATH": str(ROOT),
            "PYTHONSAFEPATH": "1",
        },
    )
    return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


def without_node(folder: Path) -> str:
    """A PATH with the programs of this machine, but neither node nor npm."""
    programs = folder / "bin"
    programs.mkdir()
    hidden = {"node", "nodejs", "npm", "npx", "corepack", "yarn", "pnpm", "node-gyp"}
    for place in map(Path, os.environ["PATH"].split(os.pathsep)):
        for program in place.iterdir() if place.is_dir() else ():
            link = programs / program.name
            if program.name not in hidden and not link.exists():
                link.symlink_to(program)
    return str(programs)


def same(ours: Answer, theirs: Answer) -> bool:
    """Equal bytes, equal JSON, or the same error."""
    import json

    if ours.status != theirs.status:
        return False
    if ours.status:
        return ours.said.partition(": ")[2].strip() == theirs.said.strip()
    if ours.out == theirs.out:
        return True
    try:
        return bool(json.loads(ours.out) == json.loads(theirs.out))
    except ValueError:
        return False


class Check:
    """One run: a project, and what differs."""

    def __init__(self, folder: Path, node: str) -> None:
        self.folder, self.node = folder, node
        self.path = without_node(folder)
        self.project = folder / "project"
        self.project.mkdir()
        (self.project / "package.json").write_text('{"name": "project"}\n')
        for name, data in FILES.items():
            (self.project / name).write_bytes(data)
        (folder / "oracle.js").write_text(ORACLE)
        self.failed: list[str] = []

    def napi(self, *words: object) -> Answer:
        return run(self.project, sys.executable, "-m", "napi", *words, path=self.path)

    def fail(self, title: str, *answers: Answer) -> None:
        self.failed.append(title)
        print(f"FAILED {title}")
        for answer in answers:
            out = answer.out if len(answer.out) < 400 else answer.out[:400] + b"..."
            print(f"    {answer.status} {out!r}\n    {answer.said.strip()[:1500]}")

    def case(self, case: Case) -> None:
        added = self.napi("add", case.package)
        if added.status:
            return self.fail(f"napi add {case.package}", added)
        name = case.package[0] + case.package[1:].partition("@")[0]
        if case.build:
            built = self.napi("build", f"node_modules/{name}")
            if built.status:
                return self.fail(f"napi build {name}", built)
        before = len(self.failed)
        for words in case.calls:
            below, mark, first = words[0].partition("!")
            target = f"{name}/{below}" if mark else name
            asked = [target, first, *words[1:]] if mark else [target, *words]
            ours = self.napi("call", *asked)
            theirs = run(
                self.project,
                self.node,
                self.folder / "oracle.js",
                *asked,
                path=self.path,
            )
            if not same(ours, theirs):
                self.fail(f"napi call {' '.join(asked)}", ours, theirs)
        if len(self.failed) == before:
            print(f"ok {case.package} ({case.layout}): {len(case.calls)} calls")
        return None

    def accepted_by_npm(self) -> None:
        npm = shutil.which("npm")
        if npm is None:
            print("npm is not here: nobody asked it about the tree")
            return
        listed = run(self.project, npm, "ls", "--all", path=os.environ["PATH"])
        if listed.status:
            self.fail("npm ls", listed._replace(out=b""))
        else:
            print(f"ok npm ls: {len(listed.out.splitlines())} lines")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("packages", nargs="*", metavar="PACKAGE")
    parser.add_argument("--keep", action="store_true", help="leave the folder there")
    options = parser.parse_args()
    node = os.environ.get("NAPI_NODE") or shutil.which("node")
    if node is None:
        sys.exit("there is no Node to compare with: name it in NAPI_NODE")
    wanted = [
        case
        for case in CASES
        if not options.packages or case.package in options.packages
    ]
    folder = Path(tempfile.mkdtemp(prefix="napi-check-"))
    check = Check(folder, node)
    for case in wanted:
        check.case(case)
    check.accepted_by_npm()
    if options.keep:
        print(folder)
    else:
        shutil.rmtree(folder)
    print(f"{len(wanted)} packages, {len(check.failed)} differences")
    return 1 if check.failed or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
