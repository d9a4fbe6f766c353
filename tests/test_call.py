"""napi call: words into values, calls in a row, results as JSON or bytes."""

import io
import json
import subprocess
import sys
import zlib

import pytest
from places import CACHE

import napi
from napi import cli
from napi._native import shim
from napi.cli import call

CRC32 = "@node-rs/crc32-linux-x64-gnu"
XXHASH = "@node-rs/xxhash-linux-x64-gnu"
# What Node prints for them.
XXH64, WITH_SEED = 2584346877953614258, 13405756037521392431
# Their addons: the packages whole need others.
MODULES = CACHE / "node_modules"
FARMHASH = MODULES / "farmhash/build/farmhash-linux-x64.node"
BCRYPT = MODULES / "bcrypt/prebuilds/linux-x64/bcrypt.glibc.node"
SNAPPY = "@napi-rs/snappy-linux-x64-gnu"


@pytest.fixture(autouse=True)
def in_project(monkeypatch):
    monkeypatch.chdir(CACHE)


@pytest.fixture
def run(capfdbinary):
    """run(*words): status, stdout and stderr of the command."""

    def run(*words):
        status = cli.main(["call", *map(str, words)])
        out, error = capfdbinary.readouterr()
        return status, out, error.decode()

    return run


def printed(run, *words):
    status, out, error = run(*words)
    assert (status, error) == (0, "")
    return json.loads(out)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((CRC32, "crc32", "hello"), zlib.crc32(b"hello")),
        ((CRC32, "crc32", '"hello"'), zlib.crc32(b"hello")),
        ((CRC32, "crc32", "hello", "7"), zlib.crc32(b"hello", 7)),
        ((FARMHASH, "Hash32String", "hello"), 2039911270),
        ((XXHASH, "xxh3.xxh64", "hello"), 10760762337991515389),
        ((XXHASH, "xxh64", "hello", "1n"), XXH64),
        ((XXHASH, "new", "Xxh64", "1n", ".update", "hello", ".digest"), XXH64),
        (
            (XXHASH, "new Xxh64", "1n", ".update", "hel", ".update", "lo", ".digest"),
            XXH64,
        ),
        (
            (XXHASH, "xxh3.Xxh3.withSeed", "5n", ".update", "hello", ".digest"),
            WITH_SEED,
        ),
        ((BCRYPT, "get_rounds", "$2b$10$abcdefghijklmnopqrstuuu"), 10),
    ],
)
def test_calls_and_their_results(run, words, expected):
    assert printed(run, *words) == expected


def test_a_file_is_called_as_a_package_is(run):
    path = napi.find(CRC32, start=CACHE).path
    assert printed(run, path, "crc32", "hello") == zlib.crc32(b"hello")


def test_a_file_and_stdin_are_buffers(run, tmp_path, monkeypatch):
    data = bytes(range(256))
    (tmp_path / "data.bin").write_bytes(data)
    assert printed(run, CRC32, "crc32", f"@{tmp_path}/data.bin") == zlib.crc32(data)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert printed(run, CRC32, "crc32", "@-") == zlib.crc32(data)


def test_bytes_are_printed_as_they_are(run, tmp_path):
    status, out, _ = run(SNAPPY, "compressSync", "hello")
    assert (status, out) == (0, b"\x05\x10hello")
    packed = tmp_path / "packed"
    assert run("--output", packed, SNAPPY, "compressSync", "hello") == (0, b"", "")
    assert packed.read_bytes() == out
    status, out, _ = run(SNAPPY, "uncompressSync", f"@{packed}")
    assert (status, out) == (0, b"hello")


def test_promises_are_waited_for(run):
    assert run(SNAPPY, "compress", "hello") == (0, b"\x05\x10hello", "")
    status, out, error = run(SNAPPY, "uncompress", "hello")
    assert (status, out) == (1, b"")
    assert error.startswith("napi call: Error: snappy: corrupt input")


def test_callbacks_are_waited_for(run, tmp_path):
    (tmp_path / "salt").write_bytes(bytes(16))
    words = (BCRYPT, "gen_salt", "b", "4", f"@{tmp_path}/salt")
    assert printed(run, "--callback", *words) == "$2b$04$" + "." * 22
    salt = "$2b$04$" + "." * 22
    out = printed(run, "--callback", BCRYPT, "compare", "x", salt)
    assert out is False


def test_a_text_can_be_printed_without_quotes(run, tmp_path):
    (tmp_path / "salt").write_bytes(bytes(16))
    words = (BCRYPT, "gen_salt_sync", "b", "4", f"@{tmp_path}/salt")
    assert run(*words)[1] == b'"$2b$04$' + b"." * 22 + b'"\n'
    assert run("--raw", *words)[1] == b"$2b$04$" + b"." * 22 + b"\n"


def test_what_is_no_function_is_printed(run):
    found = printed(run, XXHASH, "xxh3")
    assert found["Xxh3"] == "[class Xxh3]"
    assert found["xxh64"] == "[function xxh64]"
    assert set(printed(run, XXHASH, ".")) == {
        "xxh32",
        "xxh64",
        "xxh3",
        "Xxh32",
        "Xxh64",
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((XXHASH, "xxh65"), "there is no 'xxh65'; is it 'xxh64'?"),
        ((XXHASH, "zzzz"), "there is no 'zzzz'; there is Xxh32, Xxh64, xxh3"),
        ((XXHASH, "xxh3.gone"), "there is no 'xxh3.gone'; there is Xxh3"),
        ((XXHASH, "xxh3", "1"), "'xxh3' is no function: it is a object"),
        ((XXHASH, "Xxh64", "1n"), "'Xxh64' is a class: write new before it"),
        ((XXHASH, "xxh64", "hello", "1n", ".gone"), "there is no 'gone'"),
        ((XXHASH, "xxh64", "hello", "text"), "napi call: "),
        (("gone", "x"), "`napi add gone`"),
        (("./README.md", "x"), "napi call: "),
        ((CRC32, "crc32", "@/nowhere/at/all"), "/nowhere/at/all: No such file"),
        (("--callback", XXHASH, "xxh3"), "it is no function"),
    ],
)
def test_each_mistake_says_what_is_wrong(run, words, said):
    status, out, error = run(*words)
    assert (status, out) == (1, b"")
    assert said in error
    assert "Traceback" not in error


def test_an_error_has_its_code(run):
    assert "(code GenericFailure)" in run(SNAPPY, "uncompressSync", "hello")[2]


def test_a_promise_that_nothing_settles_is_an_error(addon_path, run):
    never = ["--callback", addon_path("promise"), "is_promise", "1"]
    status, _, error = run("--timeout", "0.05", *never)
    assert (status, "still pending" in error) == (1, True)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="JavaScript needs Python 3.11")
def test_a_promise_that_is_late_is_an_error(tmp_path):
    text = "exports.late = () => new Promise(done => setTimeout(done, 60000))"
    (tmp_path / "index.js").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "napi", "call", "--timeout", "0.05", tmp_path, "late"],
        capture_output=True,
        text=True,
        timeout=30,
    )
    said = "napi call: no result in 0.05 s\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


INTERRUPTED = """
import os, signal, sys, threading, napi
from napi.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
napi.load(sys.argv[3])
threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGINT]).start()
main()
"""


def test_ctrl_c_does_not_wait_for_what_an_addon_still_does():
    """bcrypt with 31 rounds takes days, in a thread of the pool."""
    salt = "$2b$31$.OC/.OC/.OC/.OC/.OC/.O"
    words = ["call", "--callback", str(BCRYPT), "encrypt", "pw", salt]
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, *words],
        capture_output=True,
        timeout=8,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


WORDS = {
    "1": 1,
    "-1.5": -1.5,
    "true": True,
    '"1"': "1",
    "text": "text",
    "": "",
    "undefined": None,
    "[1, 2]": [1, 2],
    '{"a": {"b": null}}': {"a": {"b": napi.null}},
    "@": "@",
    "1e400": float("inf"),
    "{broken": "{broken",
    "'x'": "'x'",
    "NaN": "NaN",
}


@pytest.mark.parametrize(("word", "expected"), WORDS.items(), ids=WORDS)
def test_words_become_values(word, expected):
    assert call._argument(word) == expected


def test_null_and_bigints_are_javascripts():
    assert call._argument("null") is napi.null
    assert type(call._argument("12n")) is napi.BigInt


class Recorder:
    def __init__(self):
        self.seen = []

    def __call__(self, *arguments):
        self.seen.append(arguments)


@pytest.mark.parametrize("words", [["f", "-5"], ["f", "--", "-x"], ["f", "--raw", "1"]])
def test_words_that_look_like_options_are_arguments(words):
    recorder = Recorder()
    exports = napi.Object({"f": recorder})
    call.perform(exports, words)
    expected = tuple(call._argument(word) for word in words[1:])
    assert recorder.seen == [expected]


def test_a_method_gets_its_object():
    made = shim.get(shim.get_global(), "Map")
    exports = napi.Object({"map": shim.construct(made)})
    assert call.perform(exports, ["map.set", "a", "1", ".get", "a"]) == 1


PLAIN = [
    (float("nan"), None),
    (napi.BigInt(2**70), 2**70),
    ([b"ab", None], [{"type": "Buffer", "data": [97, 98]}, None]),
    ({"a": napi.null}, {"a": None}),
    (ValueError("no"), {"name": "ValueError", "message": "no"}),
    (napi.Map([(1, 2)]), {"1": 2}),
    (napi.Set([2, 1]), [1, 2]),
    (napi.Date(0), "1970-01-01T00:00:00.000Z"),
    (print, "[function print]"),
    (int, "[class int]"),
]


@pytest.mark.parametrize(("value", "expected"), PLAIN, ids=range(len(PLAIN)))
def test_results_become_json(value, expected):
    plain = call.plain_json(value)
    assert plain == expected
    json.dumps(plain, allow_nan=False)


def test_a_result_that_contains_itself_is_refused():
    endless = []
    endless.append(endless)
    with pytest.raises(call.CallError, match="contains itself"):
        call.plain_json(endless)


def test_on_a_terminal_bytes_are_hexadecimal(run, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert run(SNAPPY, "compressSync", "hello")[1] == b"051068656c6c6f\n"


def test_it_is_a_command_of_the_shell():
    done = subprocess.run(
        [sys.executable, "-m", "napi", "call", CRC32, "crc32", "-5"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=CACHE,
    )
    assert done.stdout == f"{zlib.crc32(b'-5')}\n" or done.returncode == 1
    assert "Traceback" not in done.stderr
