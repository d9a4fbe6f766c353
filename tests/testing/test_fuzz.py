"""Campaigns find planted bugs, shrink them, and leave scripts that show them."""

import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from places import TESTS, build_addon

pytest.importorskip("hypothesis", reason="cases are drawn by hypothesis")

from napi import testing
from napi.testing.fuzz.campaign import configure
from napi.testing.fuzz.child import Child

ROOT = Path(__file__).resolve().parent.parent.parent

PLANTED = {
    "crash": ("crash", "SIGSEGV"),
    "hang": ("hang", "no answer within"),
    "keep": ("leak", "references"),
    "late": ("strict", "after its scope was closed"),
    "leave": ("exit", "status 3"),
}


def fuzz(*arguments, timeout=180):
    return subprocess.run(
        [sys.executable, "-m", "napi", "fuzz", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, "NAPI_NODE": ""},  # which is not asked
    )


def findings(out):
    paths = sorted(Path(out).glob("findings/*/finding.json"))
    return [(path.parent, json.loads(path.read_text())) for path in paths]


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    """One campaign over all planted bugs: what it printed, and its folder."""
    out = tmp_path_factory.mktemp("campaign")
    options = ["--out", out, "--timeout", 1, "--cases", 230, "--minutes", 2]
    return fuzz(*options, build_addon("fuzz"), "fine", *PLANTED), out


@pytest.mark.parametrize("export", PLANTED)
def test_a_planted_bug_is_found_and_its_script_shows_it(campaign, export):
    done, out = campaign
    assert done.returncode == 1, done.stderr
    kind, text = PLANTED[export]
    ((folder, told),) = [one for one in findings(out) if one[1]["kind"] == kind]
    assert text in told["summary"]
    assert [step["path"] for step in told["case"]] == [[export]]
    assert told["script"], (folder / "reproduce.py").read_text()
    assert f"{kind}: {told['summary']}" in done.stdout


def reproduce(folder):
    """What the script says to somebody who just runs it."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("NAPI_")}
    return subprocess.run(
        [sys.executable, "reproduce.py"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=folder,
        env={**environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
    )


@pytest.mark.parametrize(
    ("export", "said"),
    [
        ("keep", r"leaked: 10 strong references(.|\n)*keep at .*fuzz\.c:\d+"),
        ("late", r"handle-after-scope(.|\n)*late at .*fuzz\.c:\d+"),
    ],
)
def test_a_script_alone_tells_the_place(campaign, export, said):
    kind = PLANTED[export][0]
    ((folder, _),) = [one for one in findings(campaign[1]) if one[1]["kind"] == kind]
    done = reproduce(folder)
    assert done.returncode != 0
    assert re.search(said, done.stderr), done.stderr


def test_a_crash_tells_its_line(campaign):
    ((_, told),) = [one for one in findings(campaign[1]) if one[1]["kind"] == "crash"]
    assert re.search(r"crash at .*fuzz\.c:\d+", told["summary"])


def test_the_folder_may_be_given_from_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = fuzz("--out", "here", "--cases", 20, build_addon("fuzz"), "leave")
    assert done.returncode == 1, done.stderr
    ((folder, told),) = findings("here")
    assert told["script"]
    assert reproduce(folder).returncode == 3


def test_a_campaign_finds_what_is_there_and_no_more(campaign):
    found = sorted(told["kind"] for _, told in findings(campaign[1]))
    assert found == sorted(kind for kind, _ in PLANTED.values())


def test_a_page_tells_exports_and_findings(campaign):
    _, out = campaign
    page = (out / "index.html").read_text()
    assert "<h2>Findings: 5</h2>" in page
    assert all(
        f"<td>{name}</td>" in page.replace(' class="none"', "") for name in PLANTED
    )
    assert "over time" in page


def test_nothing_is_found_where_nothing_is(addon_path, tmp_path):
    done = fuzz("--out", tmp_path, "--cases", 100, addon_path("fuzz"), "fine")
    assert (done.returncode, findings(tmp_path)) == (0, [])
    assert done.stderr == ""


def test_what_needs_two_calls_is_found_with_both(addon_path, tmp_path):
    done = fuzz("--out", tmp_path, "--cases", 150, addon_path("fuzz"), "arm", "fire")
    assert done.returncode == 1, done.stderr
    ((_, told),) = findings(tmp_path)
    assert [step["path"] for step in told["case"]] == [["arm"], ["fire"]]


def test_what_cannot_be_fuzzed_is_status_2(addon_path, tmp_path):
    done = fuzz("--out", tmp_path, addon_path("fuzz"), "nowhere")
    assert (done.returncode, "no such function" in done.stderr) == (2, True)
    done = fuzz("--out", tmp_path, __file__)
    assert (done.returncode, "is not a native addon" in done.stderr) == (2, True)


def test_an_addon_that_counts_its_edges_guides_the_search(tmp_path):
    """GCC's trace-pc and trace-cmp, with a number that is one of 2**32."""
    addon = tmp_path / "guided.node"
    flags = ["-std=gnu11", "-fPIC", "-shared", "-fsanitize-coverage=trace-pc,trace-cmp"]
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    places = [f"-I{ROOT / 'include'}", "-o", addon, ROOT / "tests/addons/fuzz.c"]
    subprocess.run([compiler, *flags, *places], check=True)
    child = Child(configure(str(addon)))
    reached = []
    for data in ("", "78787878", "6e787878", "6e617878", "6e617878"):
        step = {"do": "call", "on": -1, "path": ["maze"]}
        outcome = child.run([{**step, "args": [["view", "Buffer", data]]}])
        reached.append(bool(outcome.answer["edges"]))
    child.close()
    assert reached == [True, True, True, True, False]
    done = fuzz("--out", tmp_path, "--cases", 800, addon, "door", "fine")
    assert done.returncode == 1, done.stdout
    ((_, told),) = findings(tmp_path)
    assert told["case"][-1]["args"][0] == ["number", str(0x5EEDBEEF)]
    assert json.loads((tmp_path / "campaign.json").read_text())["edges"] > 10
    assert told["script"]
    assert told["node"] == ""  # which cannot load what was built for coverage
    ((folder, _),) = findings(tmp_path)
    assert reproduce(folder).returncode == -signal.SIGABRT


def test_shards_on_dask_merge_what_they_find(addon_path, tmp_path):
    distributed = pytest.importorskip("distributed", reason="machines are reached so")
    made = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**made, processes=True) as cluster:
        address = ["--scheduler", cluster.scheduler_address]
        options = ["--out", tmp_path, "--minutes", 0.05, "--timeout", 1]
        done = fuzz(*options, *address, addon_path("fuzz"), "leave", "fine")
    assert done.returncode == 1, done.stderr
    ((folder, told),) = findings(tmp_path)
    assert told["kind"] == "exit"
    assert (folder / "reproduce.py").exists()
    assert list(tmp_path.glob("corpus/*.json"))


def test_jobs_share_a_corpus(addon_path, tmp_path):
    options = ["--out", tmp_path, "--minutes", 0.05, "--jobs", 2]
    done = fuzz(*options, addon_path("fuzz"), "late", "fine")
    assert done.returncode == 1, done.stderr
    assert [told["kind"] for _, told in findings(tmp_path)] == ["strict"]


def test_jobs_share_a_number_of_cases(addon_path, tmp_path):
    options = ["--out", tmp_path, "--minutes", 5, "--jobs", 2, "--cases", 60]
    assert fuzz(*options, addon_path("fuzz"), "fine").returncode == 0
    assert 60 <= json.loads((tmp_path / "campaign.json").read_text())["cases"] < 200


def test_threads_that_stay_are_a_leak(tmp_path):
    addon = testing.build([TESTS / "planted" / "threads_left_running.c"], out=tmp_path)
    done = fuzz("--out", tmp_path / "out", "--cases", 20, addon)
    assert done.returncode == 1, done.stderr
    ((folder, told),) = findings(tmp_path / "out")
    assert told["summary"] == "each run leaves threads +1"
    assert "leaked: 10 threads" in (folder / "stderr.txt").read_text()


OVERFLOW = """
#include <node_api.h>
#include <stdlib.h>

static napi_value
copy(napi_env env, napi_callback_info info)
{
    size_t count = 1, length = 0;
    napi_value argument;
    napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
    napi_get_value_string_utf8(env, argument, NULL, 0, &length);
    char *text = malloc(16);
    for (size_t i = 0; i <= length && i < 20; i++)
        ((volatile char *)text)[i] = 0;
    free(text);
    return NULL;
}

NAPI_MODULE_INIT()
{
    napi_value function;
    napi_create_function(env, "copy", NAPI_AUTO_LENGTH, copy, NULL, &function);
    napi_set_named_property(env, exports, "copy", function);
    return exports;
}
"""


def test_a_report_of_a_sanitizer_is_a_finding(tmp_path):
    source, addon = tmp_path / "overflow.c", tmp_path / "overflow.node"
    source.write_text(OVERFLOW)
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    flags = ["-g", "-fPIC", "-shared", "-fsanitize=address", f"-I{ROOT / 'include'}"]
    done = subprocess.run([compiler, *flags, "-o", addon, source], capture_output=True)
    if done.returncode != 0:
        pytest.skip("the compiler has no AddressSanitizer")
    options = ["--asan", "--out", tmp_path / "out", "--cases", 20]
    done = fuzz(*options, addon, "copy")
    assert done.returncode == 1, done.stderr
    ((folder, told),) = findings(tmp_path / "out")
    assert told["kind"] == "sanitizer"
    assert re.search(
        r"heap-buffer-overflow in copy at overflow\.c:\d+", told["summary"]
    )
    assert "heap-buffer-overflow" in reproduce(folder).stderr
    assert "overflow.c" in told["key"]
