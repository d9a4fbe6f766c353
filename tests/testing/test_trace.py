"""Traces: what is in a line, what they come to, and the command."""

import json
import os
import signal
import subprocess
import sys

import pytest
from places import TESTS

import napi
from napi import testing
from napi._native import is_strict
from napi.testing.trace import chrome, read, summary

strict_only = pytest.mark.skipif(not is_strict(), reason="the release build has none")


def run(*arguments, check=True, strict="", **options):
    done = subprocess.run(
        [sys.executable, "-m", "napi", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        env=dict(os.environ, NAPI_STRICT=strict),
        **options,
    )
    if check:
        assert done.returncode == 0, done.stderr
    return done


@pytest.mark.skipif(is_strict(), reason="the strict build has it")
def test_release_build_says_what_is_needed(tmp_path):
    with pytest.raises(RuntimeError, match="NAPI_STRICT=1"):
        testing.tracing(tmp_path / "t").__enter__()


def traced(tmp_path, function, *arguments):
    path = tmp_path / "calls.jsonl"
    with testing.tracing(path):
        function(*arguments)
    return read(path)


@strict_only
def test_line_tells_arguments_and_result(addon, tmp_path):
    events = traced(tmp_path, addon("watch").greet, 'a"ü\n')
    calls = {event["call"]: event for event in events}
    assert [event["call"] for event in events] == [
        "callback",
        "napi_get_cb_info",
        "napi_get_value_string_utf8",
        "napi_create_object",
        "napi_create_string_utf8",
        "napi_set_named_property",
        "napi_create_double",
        "napi_set_named_property",
    ]
    info = calls["napi_get_cb_info"]["arguments"]
    assert info["argc"] == 1
    assert info["argv"] == [[0, {"string": 4, "text": 'a"?\n'}]]
    made = calls["napi_create_double"]
    assert made["arguments"]["value"] == 5
    assert made["arguments"]["result"][1] == 5
    assert made["status"] == 0
    assert made["at"].startswith("watch-")
    assert calls["callback"]["begin"] <= made["begin"]
    assert calls["callback"]["ns"] > made["ns"]


@strict_only
def test_failure_is_in_the_line(addon, tmp_path):
    def fail():
        with pytest.raises(napi.Error):
            addon("watch").greet(5)

    calls = {event["call"]: event for event in traced(tmp_path, fail)}
    assert calls["napi_get_value_string_utf8"]["status"] == 3
    assert calls["callback"]["status"] == 10


@strict_only
def test_nested_calls_are_deeper(addon, tmp_path):
    module = addon("watch")
    events = traced(tmp_path, module.apply, module.keys, {"a": 1})
    depths = {event["call"]: event["depth"] for event in events}
    assert depths["napi_call_function"] == 0
    assert depths["napi_get_property_names"] == 1


class Strange(dict):
    def __getattribute__(self, name):
        raise AssertionError(f"a trace asked for {name}")

    def __repr__(self):
        raise AssertionError("a trace wanted a text")


@strict_only
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "undefined"),
        (napi.null, None),
        (True, True),
        (7, 7),
        (0.5, 0.5),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        (10**30, "large"),
        ("x" * 100, {"string": 100, "text": "x" * 48 + "..."}),
        (b"hello", {"bytes": 5, "digest": "4f9f2cab"}),
        ("\U0001f600", {"string": 1, "text": "?"}),
    ],
    ids=repr,
)
def test_values_are_shown(addon, tmp_path, value, shown):
    module = addon("watch")
    events = traced(tmp_path, module.apply, lambda *_: None, value)
    calls = {event["call"]: event for event in events}
    assert calls["napi_get_cb_info"]["arguments"]["argv"][1][1] == shown


@strict_only
def test_looking_at_a_value_asks_it_nothing(addon, tmp_path):
    module = addon("watch")
    events = traced(tmp_path, module.apply, lambda *_: None, Strange())
    calls = {event["call"]: event for event in events}
    shown = calls["napi_get_cb_info"]["arguments"]["argv"][1][1]
    assert list(shown) == ["Strange"]


@strict_only
def test_threads_write_whole_lines(addon, tmp_path):
    module = addon("threadsafe", fresh=True)
    path = tmp_path / "calls.jsonl"
    got = []
    with testing.tracing(path):
        module.create(got.append, 0)
        module.threads(4, 200)
        module.release()
        napi.run()
    with path.open(encoding="utf-8") as lines:
        events = [json.loads(line) for line in lines]
    pushed = [e for e in events if e["call"] == "napi_call_threadsafe_function"]
    assert len(pushed) == len(got) == 800
    assert len({event["thread"] for event in pushed}) > 1


@strict_only
def test_trace_that_cannot_be_written(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        testing.tracing(tmp_path / "nowhere" / "t").__enter__()


def event(call, begin, ns, status=0, depth=0):
    return {
        "call": call,
        "begin": begin,
        "ns": ns,
        "thread": 1,
        "env": 1,
        "depth": depth,
        "status": status,
        "at": "x.node+0x1",
        "arguments": {},
    }


EVENTS = [
    event("callback", 0, 100),
    event("napi_typeof", 10, 20),
    event("napi_call_function", 40, 30, status=10),
    event("napi_typeof", 50, 5, depth=1),
    {"report": "a handle was used after its scope was closed"},
]


def test_summary_counts():
    found = summary(EVENTS)
    assert (found["calls"], found["callbacks"], found["ns"]) == (3, 1, 50)
    assert found["functions"] == [
        {
            "function": "napi_call_function",
            "count": 1,
            "ns": 30,
            "slowest": 30,
            "errors": 1,
        },
        {"function": "napi_typeof", "count": 2, "ns": 25, "slowest": 20, "errors": 0},
    ]
    assert found["errors"] == [
        {
            "function": "napi_call_function",
            "status": "napi_pending_exception",
            "count": 1,
            "at": "x.node+0x1",
        }
    ]
    assert found["reports"] == ["a handle was used after its scope was closed"]


def test_chrome_has_complete_events():
    made = chrome(EVENTS)["traceEvents"]
    assert [one["name"] for one in made] == [
        "callback",
        "napi_typeof",
        "napi_call_function",
        "napi_typeof",
    ]
    assert made[1]["ph"] == "X"
    assert (made[1]["ts"], made[1]["dur"], made[1]["tid"]) == (0.01, 0.02, 1)


def test_line_that_a_crash_cut_off_is_left_out(tmp_path):
    path = tmp_path / "t"
    lines = [json.dumps(EVENTS[1]), json.dumps(EVENTS[0]), '{"call": "napi_ty']
    path.write_text("\n".join(lines), encoding="utf-8")
    assert read(path) == [EVENTS[0], EVENTS[1]]


# The command starts the strict build by itself.

SCRIPT = """
import sys
import napi
module = napi.load(sys.argv[1])
print(module.greet("you").text, sys.argv[2:], __name__)
"""


@pytest.fixture
def script(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    return tmp_path / "script.py"


@pytest.mark.skipif(is_strict(), reason="a child of its own: once is enough")
class TestCommand:
    def test_program_runs_and_is_summed_up(self, script, addon_path):
        done = run("trace", script, addon_path("watch"), "-x", "y")
        assert done.stdout == "hello, you ['-x', 'y'] __main__\n"
        assert "napi_create_object" in done.stderr
        assert "2 callbacks of addons" in done.stderr
        assert "\x1b" not in done.stderr

    def test_json_and_chrome_and_lines(self, script, addon_path, tmp_path):
        done = run(
            *("trace", "--json", "--chrome", tmp_path / "c", "--keep", tmp_path / "k"),
            *("-c", SCRIPT.replace("print(", "shown = ("), addon_path("watch")),
        )
        found = json.loads(done.stdout)
        made = json.loads((tmp_path / "c").read_text(encoding="utf-8"))["traceEvents"]
        assert found["calls"] + found["callbacks"] == len(made)
        assert len(made) == len(read(tmp_path / "k"))

    def test_module_is_run(self, script, addon_path):
        done = run(
            *("trace", "-m", "script", addon_path("watch"), "z"), cwd=script.parent
        )
        assert done.stdout == "hello, you ['z'] __main__\n"

    def test_javascript_is_run(self, tmp_path, addon_path):
        path = tmp_path / "program.js"
        path.write_text(
            f"console.log(require({json.dumps(str(addon_path('watch')))})"
            ".greet('js').text)",
            encoding="utf-8",
        )
        done = run("trace", path)
        assert done.stdout == "hello, js\n"
        assert "napi_create_object" in done.stderr

    def test_status_is_that_of_the_program(self, tmp_path):
        assert run("trace", "-c", "raise SystemExit(7)", check=False).returncode == 7
        done = run("trace", "-c", "raise ValueError('x')", check=False)
        assert done.returncode == 1
        assert "ValueError: x" in done.stderr

    def test_crash_names_the_last_call(self, script, addon_path):
        script.write_text(SCRIPT.replace('greet("you").text', "crash(5)"))
        done = run("trace", script, addon_path("watch"), check=False)
        assert done.returncode == 128 + signal.SIGSEGV
        assert (
            "died of SIGSEGV; the last call that came back: napi_get_buffer_info"
            in (done.stderr)
        )

    def test_missing_program_is_named(self, tmp_path):
        done = run("trace", tmp_path / "none.py", check=False)
        assert done.returncode == 2
        assert "none.py: no such file" in done.stderr


def test_a_trace_has_the_reports_of_the_end(tmp_path):
    """Environments end after the program: what they do wrong is in the trace."""
    folder = TESTS / "planted"
    path = testing.build([folder / "handle_used_by_a_hook.c"], out=tmp_path)
    script = tmp_path / "script.py"
    script.write_text(f"import napi\nnapi.load({str(path)!r}).start({{}})\n")
    done = run("trace", script)
    assert "handle-after-scope: napi_typeof" in done.stderr
    assert "no call was left" not in done.stderr
