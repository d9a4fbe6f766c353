"""``napi test``: planted bugs of memory are found, their repaired twins are not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import napi
from napi.testing import sanitize
from napi.testing.sanitize_reports import Log, read, summary

TESTS = Path(__file__).resolve().parents[1]
HOME = str(Path(napi.__file__).parents[1])
BUGS = (
    "heap_overflow",
    "buffer_overflow",
    "use_after_free",
    "data_race",
    "uninitialised_read",
    "signed_overflow",
    "wild_cast",
    "crash",
    "lost_memory",  # what a process lost is not looked for when it crashes
)
# What each tool finds, and the word by which it names it.
FOUND = {
    "asan": {
        "heap_overflow": "heap-buffer-overflow",
        "buffer_overflow": "heap-buffer-overflow",
        "use_after_free": "heap-use-after-free",
        "crash": "SEGV",
    },
    "ubsan": {
        "signed_overflow": "signed integer overflow",
        "wild_cast": "outside the range of representable values",
        "crash": "null pointer",
    },
    "tsan": {"data_race": "data race", "crash": "SEGV"},
    "valgrind": {
        "heap_overflow": "InvalidWrite",
        "buffer_overflow": "InvalidWrite",
        "use_after_free": "InvalidRead",
        "uninitialised_read": "uninitialised",
    },
}
LEAKING = ("asan", "valgrind")
SCRIPT = """
import threading

import napi
import napi.testing
import pytest

@pytest.fixture(scope="module")
def addon():
    path = napi.testing.build([{source!r}], name="sanitize")
    assert napi.testing.sanitize.active() in str(path)
    return napi.load(path)

@pytest.mark.parametrize("bug", [True, False])
@pytest.mark.parametrize("name", {names!r})
def test_bug(addon, name, bug):
    getattr(addon, name)(bug)

def test_an_assertion_that_fails():
    assert 1 == 2
"""


def napi_test(folder, *words, **surroundings):
    environ = {**os.environ, "PYTHONPATH": HOME, "PYTHONSAFEPATH": "1"}
    environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **surroundings}
    return subprocess.run(
        [sys.executable, "-m", "napi", "test", *words],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=folder,
        env=environ,
    )


def write_tests(folder, names):
    source = str(TESTS / "addons" / "sanitize.c")
    text = SCRIPT.format(source=source, names=list(names))
    (folder / "test_it.py").write_text(text)


def need(tool):
    """The tools come with gcc, and valgrind is a package of every system."""
    if tool == "valgrind":
        if shutil.which("valgrind") is None:
            pytest.skip("valgrind is not installed")
        return
    kind = next(kind for kind in sanitize.KINDS.values() if kind.option == tool)
    try:
        sanitize.runtime(kind)
    except sanitize.MissingToolError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """session(tool): one run over all bugs, and what its tests came to."""
    made = {}

    def run(tool):
        if tool not in made:
            need(tool)
            folder = tmp_path_factory.mktemp(tool)
            names = [name for name in BUGS if tool != "valgrind" or name != "crash"]
            write_tests(folder, names)
            done = napi_test(folder, f"--{tool}", "--junitxml=results.xml")
            results = {}
            for case in ElementTree.parse(folder / "results.xml").iter("testcase"):
                failure = case.find("failure")
                text = None if failure is None else failure.text
                results[case.get("name")] = text
            made[tool] = done, results
        return made[tool]

    return run


@pytest.mark.parametrize("tool", FOUND)
def test_a_planted_bug_is_found_by_name_and_place(session, tool):
    done, results = session(tool)
    for name, word in FOUND[tool].items():
        if name == "crash":
            continue  # the results are of the process that came after
        text = results[f"test_bug[{name}-True]"]
        assert text is not None, (name, done.stdout)
        assert word in text
        assert f"{name} (" in text or "count_up (" in text
        assert "sanitize.c:" in text
    assert done.returncode == 1


@pytest.mark.parametrize("tool", FOUND)
def test_all_else_passes(session, tool):
    done, results = session(tool)
    failed = {name for name, text in results.items() if text is not None}
    expected = {f"test_bug[{name}-True]" for name in FOUND[tool] if name != "crash"}
    assert failed == {*expected, "test_an_assertion_that_fails"}, done.stdout
    assert " 0 outside of tests" in done.stdout


@pytest.mark.parametrize("tool", [tool for tool in FOUND if "crash" in FOUND[tool]])
def test_a_crash_is_a_finding_and_the_rest_is_run(session, tool):
    done, results = session(tool)
    assert "test_bug[crash-True] ended the process" in done.stdout
    assert " 1 crashed" in done.stdout
    report = done.stdout.partition("ended the process")[2]
    assert FOUND[tool]["crash"] in report
    assert "crash (" in report
    # What passed before the crash is not run again, what failed is.
    assert "test_bug[crash-False]" in results
    assert f"test_bug[{next(iter(FOUND[tool]))}-False]" not in results


def test_an_abort_tells_where(tmp_path):
    need("asan")
    write_tests(tmp_path, ["give_up"])
    done = napi_test(tmp_path, "--asan", "-k", "give_up")
    report = done.stdout.partition("ended the process")[2]
    assert "AddressSanitizer: ABRT" in report
    assert "give_up (" in report
    assert done.returncode == 1


def test_a_function_that_calls_itself_is_a_line():
    frames = "\n".join(f"    #{i} deep a.c:4 [/a.node 0x12]" for i in range(9))
    last = "    #9 top a.c:9 [/a.node 0x9]"
    (report,) = read(f"==1==ERROR: AddressSanitizer: SEGV\n{frames}\n{last}\n")
    assert str(report).splitlines()[1:] == [
        "    deep (a.c:4)",
        "    ... 8 of the same",
        "    top (a.c:9)",
    ]


@pytest.mark.parametrize("tool", LEAKING)
def test_lost_memory_is_told_at_the_end(session, tool):
    done, _ = session(tool)
    told = done.stdout.rpartition("test session starts")[2]
    assert "4,321 bytes" in told or "4321 byte" in told
    assert "lost_memory (" in told
    assert " 1 leaked" in told


HOST_WRITES = ("arguments", "number", "words", "latin1", "utf8", "utf16")
HOST_READS = ("words_read", "utf16_read", "name_read", "properties", "names")
BOUNDS = """
import napi
import napi.testing
import pytest

load = napi.Environment().load
one, two = (
    load(napi.testing.build([{source!r}], name=name)) for name in ("one", "two")
)

@pytest.mark.parametrize("addon", [one, two], ids=["one", "two"])
@pytest.mark.parametrize("bug", [False, True])
@pytest.mark.parametrize("name", {names!r})
def test_bug(addon, name, bug):
    getattr(addon, name)(bug)
"""


@pytest.fixture(scope="module")
def bounds(tmp_path_factory):
    """What each test said that lets the host use memory of the addon."""
    need("asan")
    folder = tmp_path_factory.mktemp("bounds")
    source = str(TESTS / "addons" / "bounds.c")
    names = [*HOST_WRITES, *HOST_READS]
    (folder / "test_it.py").write_text(BOUNDS.format(source=source, names=names))
    napi_test(folder, "--asan", "--junitxml=results.xml")
    cases = ElementTree.parse(folder / "results.xml").iter("testcase")
    return {case.get("name"): case.findtext("failure") for case in cases}


@pytest.mark.parametrize("addon", ["one", "two"])  # the second was loaded later
@pytest.mark.parametrize("name", HOST_WRITES + HOST_READS)
def test_what_the_host_does_for_an_addon_is_watched(bounds, name, addon):
    text = bounds[f"test_bug[{name}-True-{addon}]"]
    assert text is not None
    assert "heap-buffer-overflow" in text
    assert ("WRITE of" if name in HOST_WRITES else "READ of") in text
    assert f"{name} (" in text
    assert "bounds.c:" in text
    assert bounds[f"test_bug[{name}-False-{addon}]"] is None


def test_lost_memory_alone_is_a_failure(tmp_path):
    need("asan")
    write_tests(tmp_path, ["lost_memory"])
    words = ("--asan", "-k", "lost_memory")
    done = napi_test(tmp_path, *words)
    assert "2 passed" in done.stdout
    assert done.returncode == 1
    assert napi_test(tmp_path, *words, "--no-leaks").returncode == 0
    (tmp_path / "mine.supp").write_text("leak:lost_memory\n")
    done = napi_test(tmp_path, *words, "--suppressions", "mine.supp")
    assert done.returncode == 0, done.stdout


def test_without_a_sanitizer_it_is_pytest(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import os\n\ndef test_it():\n    assert 'NAPI_SANITIZE' not in os.environ\n"
    )
    done = napi_test(tmp_path, "-k", "it", "-v")
    assert done.returncode == 0
    assert "1 passed" in done.stdout


@pytest.mark.parametrize(
    ("words", "surroundings", "said"),
    [
        (("--asan", "--tsan"), {}, "only --asan and --ubsan work together"),
        (("--asan", "--suppressions", "none"), {}, "no such file"),
        (("--valgrind",), {"PATH": "/nowhere"}, "valgrind is not there: install it"),
    ],
)
def test_wrong_use_says_what_to_do(tmp_path, words, surroundings, said):
    done = napi_test(tmp_path, *words, **surroundings)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_tool_of_another_compiler_is_named(monkeypatch, tmp_path):
    compiler = tmp_path / "tcc"
    compiler.write_text("#!/bin/sh\necho libnothing.so\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("CC", str(compiler))
    monkeypatch.setattr(sanitize.ctypes.util, "find_library", lambda name: None)
    with pytest.raises(sanitize.MissingToolError, match=r"tcc has no libasan.*gcc"):
        sanitize.runtime(sanitize.KINDS["address"])


def test_a_linker_script_stands_for_the_library(monkeypatch, tmp_path):
    script = tmp_path / "libasan.so"
    script.write_text("/* GNU ld script */\nINPUT ( /usr/lib64/libasan.so.8.0.0 )\n")
    compiler = tmp_path / "cc"
    compiler.write_text(f"#!/bin/sh\necho {script}\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("CC", str(compiler))
    found = sanitize.runtime(sanitize.KINDS["address"])
    assert found == "/usr/lib64/libasan.so.8.0.0"


def test_the_words_of_the_user_come_last(tmp_path):
    base = {"ASAN_OPTIONS": "detect_leaks=0", "CFLAGS": "-Dx", "LD_PRELOAD": "/a.so"}
    need("asan")
    made = sanitize.environment(
        [sanitize.KINDS["address"], sanitize.KINDS["undefined"]], tmp_path, (), base
    )
    assert made["ASAN_OPTIONS"].endswith(":detect_leaks=0")
    assert made["CFLAGS"].startswith("-Dx ")
    assert "-fsanitize=address,undefined,float-cast-overflow" in made["CFLAGS"].split()
    assert made["LD_PRELOAD"].split()[-1] == "/a.so"
    assert made["NAPI_SANITIZE"] == "address+undefined"


LEAKS = """
=================================================================
==7==ERROR: LeakSanitizer: detected memory leaks

Direct leak of 8 byte(s) in 1 object(s) allocated from:
    #0 __interceptor_malloc ../asan.cpp:69 [/usr/lib/libasan.so.8]
    #1 own ../a.c:3 [/x/build/a.node]
    #2 env_call env.c:1 [/x/napi/_shim.cpython-311-x86_64-linux-gnu.so]

Direct leak of 16 byte(s) in 1 object(s) allocated from:
    #0 __interceptor_malloc ../asan.cpp:69 [/usr/lib/libasan.so.8]
    #1 _PyObject_New Objects/object.c:3 [/usr/lib/libpython3.11.so.1.0]
    #2 own ../a.c:3 [/x/build/a.node]

Direct leak of 24 byte(s) in 1 object(s) allocated from:
    #0 __interceptor_malloc ../asan.cpp:69 [/usr/lib/libasan.so.8]
    #1 <null> <null> [/x/build/stripped.node]

SUMMARY: AddressSanitizer: 24 byte(s) leaked in 2 allocation(s).
"""


def test_what_python_leaves_is_no_finding(tmp_path):
    (tmp_path / "log.7").write_text(LEAKS)
    found = Log(tmp_path).fresh()
    assert [report.title for report in read(LEAKS)] == [
        "Direct leak of 8 byte(s) in 1 object(s) allocated from",
        "Direct leak of 16 byte(s) in 1 object(s) allocated from",
        "Direct leak of 24 byte(s) in 1 object(s) allocated from",
    ]
    assert len(found) == 2
    assert "own (../a.c:3)" in summary(found)
    assert "? (stripped.node)" in summary(found)


def test_a_log_is_read_as_it_grows(tmp_path):
    file = tmp_path / "log.1"
    head = "<?xml version='1.0'?>\n<valgrindoutput>\n"
    frame = "<frame><obj>/a.node</obj><fn>f</fn><file>a.c</file><line>3</line></frame>"
    what = "<kind>InvalidRead</kind><what>Invalid read of size 4</what>"
    error = f"<error>{what}<stack>{frame}</stack></error>\n"
    log = Log(tmp_path)
    file.write_text(head + error[:60])
    assert log.fresh() == []
    file.write_text(head + error + error[:-3])
    assert [str(report) for report in log.fresh()] == [
        "valgrind: InvalidRead: Invalid read of size 4\n    f (a.c:3)"
    ]
    file.write_text(head + error + error)
    again = log.fresh()
    assert len(again) == 1
    assert summary([*again, *again]).endswith("(2 times)")
    assert log.fresh(process=2) == []
