"""A run is recorded, and played again without the program."""

import json
import os
import signal
import subprocess
import sys

import pytest

import napi
from napi import testing
from napi._native import is_strict
from napi.testing.record import Names, encode
from napi.testing.replaying import read_record

pytestmark = pytest.mark.filterwarnings("error")
once = pytest.mark.skipif(is_strict(), reason="a child of its own: once is enough")

HEAD = "import sys, napi\nmodule = napi.load(sys.argv[1], fresh=True)\n"
# What a program may do; all must be played without a difference.
PROGRAMS = {
    "calls": "for n in range(5): module.greet('x' * n)",
    "errors": """
try:
    module.greet(5)
except napi.Error:
    pass
""",
    "values": """
for value in (None, napi.null, True, 0, -0.0, 1.5, float('nan'), float('inf'), '',
              'a\\ud800', b'bytes', bytearray(b'x'), napi.BigInt(10 ** 30),
              [1, [2]], {'a': {'b': 1}}, napi.Object(a=1), napi.Array([1, 2])):
    module.apply(lambda *given: given[0] if given else None, value)
""",
    "callbacks": """
def inner(value):
    return {'doubled': value * 2, 'again': module.greet('deep').text}
module.apply(inner, 21)
""",
    "addon to addon": "module.apply(module.apply, module.keys, {'k': 1})",
    "nested": """
def f(callback, n):
    return module.apply(module.keys, {'z': callback(n)})
module.apply(f, lambda n: module.greet(str(n)).length, 7)
""",
    "a callback that raises": """
def fail():
    raise ValueError('planted')
try:
    module.apply(fail)
except ValueError:
    pass
""",
    "the same object": """
kept = napi.Object(n=1)
for n in range(3):
    kept.n = n
    module.lose(kept).value.n
""",
    "results that go back in": "module.keys(module.greet('x'))",
    "buffers": "module.apply(lambda b: bytes(b), module.buffer(4))",
    "a buffer that is written to": """
buffer = module.buffer(4)
def look(given):
    return bytes(given)[0]
module.apply(look, buffer)
buffer[0] = 9
module.apply(look, buffer)
""",
    "async work": """
out = []
for n in range(6):
    module.twice(n, lambda value, status: out.append(value))
napi.run()
""",
}


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "napi", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        env=dict(os.environ, NAPI_STRICT=""),
        check=False,
    )


def record(tmp_path, code, addon):
    path = tmp_path / "addon.record"
    done = run("record", "-o", path, "-c", HEAD + code, addon)
    assert done.returncode == 0, done.stderr
    return path


@once
@pytest.mark.parametrize("name", PROGRAMS)
def test_run_is_played_as_it_was(tmp_path, addon_path, name):
    path = record(tmp_path, PROGRAMS[name], addon_path("watch"))
    done = run("replay", path)
    assert done.stdout == ""
    assert done.returncode == 0
    calls = [one for one in read_record(path) if one["event"] == "call"]
    assert f"{len(calls)} calls, all as they were" in done.stderr


@once
def test_class_is_played(tmp_path, addon_path):
    code = """
counter = module.Counter(5)
counter.increment()
counter.increment()
"""
    source = tmp_path / "program.py"
    source.write_text(HEAD + code, encoding="utf-8")
    module = napi.load(addon_path("class"))
    if not hasattr(module, "Counter"):
        classes = [name for name in dir(module) if isinstance(module[name], type)]
        assert classes
        code = f"made = module.{classes[0]}(5)"
    path = record(tmp_path, code, addon_path("class"))
    assert '"construct"' in path.read_text(encoding="utf-8")
    assert run("replay", path).returncode == 0


@once
def test_difference_is_told(tmp_path, addon_path):
    path = record(tmp_path, "module.greet('abc')", addon_path("watch"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('["length", 3]', '["length", 4]'), encoding="utf-8")
    done = run("replay", path)
    assert done.returncode == 1
    assert done.stdout.endswith("greet.length was 4, is 3\n")


@once
def test_call_that_no_longer_comes_is_told(tmp_path, addon_path):
    path = record(tmp_path, "module.apply(lambda: 5)", addon_path("watch"))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    (host,) = (at for at, line in enumerate(lines) if '"event": "host"' in line)
    path.write_text(
        "".join(lines[:host] + lines[host : host + 2] * 2 + lines[host + 2 :])
    )
    done = run("replay", path)
    assert done.returncode == 1
    assert "did not call the program this time" in done.stdout


@once
def test_crash_is_played_and_named(tmp_path, addon_path):
    path = tmp_path / "addon.record"
    code = HEAD + "module.greet('x')\nmodule.crash(5)"
    done = run("record", "-o", path, "-c", code, addon_path("watch"))
    assert done.returncode == 128 + signal.SIGSEGV
    done = run("replay", path)
    assert done.returncode == 128 + signal.SIGSEGV
    assert "died of SIGSEGV in event" in done.stderr
    assert done.stderr.endswith(": crash(5)\n")


@once
def test_another_build_plays(tmp_path, addon_path):
    path = record(tmp_path, "module.greet('x')", addon_path("watch"))
    other = tmp_path / "other.node"
    other.write_bytes(addon_path("watch").read_bytes())
    assert run("replay", path, other).returncode == 0
    done = run("replay", path, addon_path("value"))
    assert done.returncode == 1
    assert "load has other properties than" in done.stdout


@once
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no record"),
        ("[1]\n", "is no record"),
        ('{"napi": 99}\n', "a record of version 99"),
        ('{"napi": 1}\n{"ev\n{}\n', "line 2 is damaged"),
        ('{"napi": 1}\n{"event": "load", "path": "/none.node"}\n', "none.node"),
    ],
)
def test_what_is_no_record_is_refused(tmp_path, text, said):
    (tmp_path / "r").write_text(text, encoding="utf-8")
    done = run("replay", tmp_path / "r")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_names_last_as_long_as_objects():
    dropped = []
    names = Names(dropped.append)
    made = napi.Object(a=1)
    assert encode(made, names)["id"] == 1
    assert encode(made, names)["id"] == 1
    del made
    assert dropped == [1]
    assert names.give({}) == 0


class Strange(dict):
    def __getattribute__(self, name):
        raise AssertionError(f"asked for {name}")

    def __iter__(self):
        raise AssertionError("asked for its keys")


def test_recording_a_value_runs_none_of_its_code():
    value = Strange(a=1)
    assert encode(value, Names())["object"] == [["a", 1]]


def test_deep_value_ends():
    value = []
    for _ in range(1000):
        value = [value]
    assert len(json.dumps(encode(value, Names()))) < 5000


@pytest.mark.skipif(not is_strict(), reason="the release build has none")
def test_recording_in_a_program(tmp_path, addon_path):
    path = tmp_path / "r"
    with testing.recording(path):
        napi.load(addon_path("watch"), fresh=True).greet("you")
    events = [one["event"] for one in read_record(path)]
    assert events.count("call") == events.count("return") == 1
    assert testing.replay(path) == []


@pytest.mark.skipif(is_strict(), reason="the strict build has it")
def test_release_build_says_what_is_needed(tmp_path):
    with pytest.raises(RuntimeError, match="NAPI_STRICT=1"):
        testing.recording(tmp_path / "r").__enter__()
