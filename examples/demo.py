"""Five addons from npm, as they were built for Node, at work in Python.

    python examples/demo.py [CACHE]

`make demo` fetches them first.
"""

import hashlib
import sys
from pathlib import Path

import napi

MODULES = Path(sys.argv[1] if len(sys.argv) > 1 else ".cache") / "node_modules"


def heading(module: napi.Module) -> None:
    """Prints which addon comes."""
    print(f"\n{module!r}")


def show_crc32() -> None:
    """Checksums of strings and bytes; a wrong argument."""
    crc32 = napi.load(MODULES / "@node-rs/crc32-linux-x64-gnu/crc32.linux-x64-gnu.node")
    heading(crc32)
    print("crc32(b'hello')              ", crc32.crc32(b"hello"))
    print("crc32('lo', crc32('hel'))    ", crc32.crc32("lo", crc32.crc32("hel")))
    try:
        crc32.crc32(5)
    except napi.Error as error:
        print("crc32(5)                     ", f"{type(error).__name__}: {error}")


def show_xxhash() -> None:
    """A function, and a class with methods that chain."""
    name = "@node-rs/xxhash-linux-x64-gnu/xxhash.linux-x64-gnu.node"
    xxhash = napi.load(MODULES / name)
    heading(xxhash)
    print("xxh64('hello')               ", xxhash.xxh64("hello"))
    hasher = xxhash.Xxh64(napi.BigInt(1))
    hasher.update("hel").update(b"lo")
    print("Xxh64(1).update(...).digest()", hex(hasher.digest()), type(hasher))


def show_farmhash() -> None:
    """64-bit results."""
    farmhash = napi.load(MODULES / "farmhash/build/farmhash-linux-x64.node")
    heading(farmhash)
    print("Fingerprint64String('hello') ", farmhash.Fingerprint64String("hello"))


def show_secp256k1() -> None:
    """Signs a message and verifies it."""
    name = "secp256k1/prebuilds/linux-x64/secp256k1.glibc.node"
    secp256k1 = napi.load(MODULES / name)
    heading(secp256k1)
    curve = secp256k1.Secp256k1()
    secret = hashlib.sha256(b"a secret that everybody knows").digest()
    message = hashlib.sha256(b"hello").digest()
    # The addon writes straight into Python's memory.
    public, signature = bytearray(33), bytearray(64)
    curve.publicKeyCreate(public, secret)
    answer = {"signature": signature, "recid": None}
    curve.ecdsaSign(answer, message, secret, None, None)
    print("public key                   ", public.hex())
    print("signature                    ", signature.hex()[:48] + "...")
    valid = curve.ecdsaVerify(signature, message, public) == 0
    print("verifies                     ", valid)
    other = hashlib.sha256(b"other").digest()
    forged = curve.ecdsaVerify(signature, other, public) == 0
    print("verifies for another message ", forged)


def show_oxc() -> None:
    """Parses TypeScript."""
    oxc = napi.load(
        MODULES / "@oxc-parser/binding-linux-x64-gnu/parser.linux-x64-gnu.node"
    )
    heading(oxc)
    source = 'import y from "z";\nexport const x: number = 1; // one'
    parsed = oxc.parseSync("demo.ts", source, {})
    for item in parsed.module["staticImports"]:
        request = item["moduleRequest"]
        text = source[request["start"] : request["end"]]
        print("imports                      ", request["value"], "at", text)
    for item in parsed.module["staticExports"]:
        for entry in item["entries"]:
            print("exports                      ", entry["exportName"]["name"])
    print("comments                     ", napi.to_python(parsed.comments))
    (error,) = oxc.parseSync("bad.js", "let let = ;", {}).errors
    print("parseSync('let let = ;')     ", error["message"])


def main() -> None:
    """Shows all of them."""
    show_crc32()
    show_xxhash()
    show_farmhash()
    show_secp256k1()
    show_oxc()


if __name__ == "__main__":
    main()
