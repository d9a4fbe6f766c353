"""Brotli and Zstandard in ``zlib``: the script prints what Node 26 printed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("esprima", reason="JavaScript needs napi[js]")

CASES = Path(__file__).parent / "cases" / "codec"


def run(*words, **options):
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "NO_COLOR": "1"},
        **options,
    )


def test_what_is_compressed_comes_back():
    for library in ("brotli", "zstandard"):
        pytest.importorskip(library, reason="Brotli and Zstandard need napi[js]")
    done = run("-m", "napi", "run", "zlib_codec.js", cwd=CASES)
    expected = (CASES / "zlib_codec.out").read_text()
    assert done.stdout == expected, done.stderr


MISSING = [
    ("brotli", "zlib.brotliDecompressSync(Buffer.from('a'))"),
    ("zstandard", "zlib.zstdCompressSync(Buffer.from('a'))"),
]


@pytest.mark.parametrize(("library", "source"), MISSING, ids=["brotli", "zstandard"])
def test_a_library_that_is_missing_is_named(library, source):
    text = f"try {{ {source} }} catch (error) {{ error.message }}"
    program = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from napi.js.host import load\n"
        "import napi.js\n"
        f"print(napi.js.eval({text!r}, zlib=load('zlib')))\n"
    )
    done = run("-c", program)
    assert f"needs the package {library}: pip install napi[js]" in done.stdout
