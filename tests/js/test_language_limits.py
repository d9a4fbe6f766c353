"""Deadlines, step limits and the cache of compiled code."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import napi
import napi.js
from napi.js import cache

ENDLESS = [
    "while (true);",
    "for (;;) { try { throw 1 } catch (e) {} }",
    "for (;;) { try { while (true); } finally { while (true); } }",
    "const f = () => g(), g = () => { for (;;); }; f()",
]


@pytest.mark.parametrize("source", ENDLESS)
@pytest.mark.parametrize(
    ("limit", "message"),
    [({"deadline": 0.1}, "0.1 seconds"), ({"steps": 1000}, "1000 steps")],
)
def test_limit_ends_a_script(run, source, limit, message):
    begun = time.monotonic()
    with pytest.raises(TimeoutError, match=message):
        run(source, **limit)
    assert time.monotonic() - begun < 20


def test_script_within_its_limits_has_its_value(run):
    assert run("1 + 1", deadline=5, steps=1000) == 2
    assert not [one for one in threading.enumerate() if "deadline" in one.name]


SOURCE = "// " + "x" * 300 + "\n(function () { return 6 * 7 })()"


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("NAPI_CACHE_DIR", str(tmp_path))
    return tmp_path / "js"


def test_compiled_code_is_kept(place):
    assert napi.js.compile(SOURCE, "kept.js").run() == 42
    (entry,) = place.glob("*")
    first = entry.read_bytes()
    assert napi.js.compile(SOURCE, "kept.js").run() == 42
    assert entry.read_bytes() == first
    assert cache.load(entry.stem) is not None


@pytest.mark.parametrize("damage", [b"", b"x", "cut", "flip"])
def test_damaged_entry_is_made_anew(place, damage):
    napi.js.compile(SOURCE, "kept.js")
    (entry,) = place.glob("*")
    sound = entry.read_bytes()
    if damage == "cut":
        damage = sound[: len(sound) // 2]
    elif damage == "flip":
        damage = sound[:-1] + bytes([sound[-1] ^ 1])
    entry.write_bytes(damage)
    assert napi.js.compile(SOURCE, "kept.js").run() == 42
    assert cache.load(entry.stem) is not None


def test_entry_depends_on_source_name_and_kind():
    keys = {
        cache.key_of(SOURCE, "a.js", "script", ()),
        cache.key_of(SOURCE, "b.js", "script", ()),
        cache.key_of(SOURCE, "a.js", "commonjs", ()),
        cache.key_of(SOURCE + " ", "a.js", "script", ()),
        cache.key_of(SOURCE, "a.js", "function", ("a",)),
    }
    assert len(keys) == 5
    assert cache.key_of("1", "a.js", "script", ()) is None


def test_folder_that_cannot_be_written_is_no_error(monkeypatch):
    monkeypatch.setenv("NAPI_CACHE_DIR", "/dev/null/nowhere")
    assert napi.js.compile(SOURCE, "kept.js").run() == 42


def test_cached_script_needs_no_parser(place):
    program = (
        "import sys, napi.js\n"
        f"assert napi.js.compile({SOURCE!r}, 'kept.js').run() == 42\n"
        "print('esprima' in sys.modules)\n"
    )
    root = str(Path(napi.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": root}
    shown = [
        subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout.strip()
        for _ in range(2)
    ]
    assert shown == ["True", "False"]


def test_tracebacks_and_texts_are_the_same_from_the_cache(place):
    source = SOURCE + ";\n(function named ( a ) { null.x })"
    for _ in range(2):
        function = napi.js.compile(source, "text.js").run()
        assert (
            napi.js.eval("String(f)", f=function) == "function named ( a ) { null.x }"
        )
        with pytest.raises(napi.TypeError, match="reading 'x'"):
            function()
