"""tools/fetch.py against a registry of our own on this machine.

How registries and tarballs are handled is tests/package's: the code is the same.
"""

import base64
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "tools" / "fetch.py"
sys.path.insert(0, os.fspath(ROOT / "tests" / "package"))
sys.path.insert(0, os.fspath(ROOT / "tools"))
import fetch  # noqa: E402
from registry import Registry, make_tarball, sri  # noqa: E402

MODULES = Path("out/node_modules")


@pytest.fixture
def registry():
    with Registry() as server:
        yield server


@pytest.fixture
def run(tmp_path, registry, monkeypatch, capsys):
    """run(*arguments): exit status and what was said, in an environment of its own."""
    monkeypatch.chdir(tmp_path)
    for name in [*os.environ]:
        if name.lower().startswith("npm_config") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    monkeypatch.setenv("npm_config_registry", registry.url + "/")
    monkeypatch.setenv("npm_config_globalconfig", os.fspath(tmp_path / "none"))
    monkeypatch.setenv("npm_config_fetch_retry_mintimeout", "1")
    monkeypatch.setenv("NAPI_CACHE", os.fspath(tmp_path / "cache"))

    def call(*arguments):
        status = fetch.main(["out", *map(str, arguments)])
        return status, capsys.readouterr().err

    return call


def test_gets_unpacks_and_keeps(run, registry):
    registry.publish("plain", "1.2.3", files={"lib/a.node": b"\x7fELF", "b": b""})
    registry.publish("@scope/name", "1.2.3", dependencies={"plain": "*"})
    status, said = run("plain@1.2.3", "@scope/name@1.2.3")
    assert status == 0, said
    assert (MODULES / "plain/lib/a.node").read_bytes() == b"\x7fELF"
    assert (MODULES / "@scope/name/package.json").exists()
    assert sorted(re.findall(r"\[\d/2\]", said)) == ["[1/2]", "[2/2]"]
    assert [path.name for path in MODULES.iterdir() if path.name[0] == "."] == []
    asked = len(registry.asked)
    assert run("plain@1.2.3")[0] == 0
    assert len(registry.asked) == asked


def test_another_version_takes_its_place(run, registry):
    registry.publish("plain", "1.2.3", files={"old": b""})
    registry.publish("plain", "2.0.0", files={"new": b""})
    assert run("plain@1.2.3")[0] == run("plain@2.0.0")[0] == 0
    names = {path.name for path in (MODULES / "plain").iterdir()}
    assert names == {"new", "package.json"}


def publish_listed(registry, listed=None):
    """A package, and a list with its digest or the one of something else."""
    path = registry.publish("plain", "1.2.3")
    Path("list.tsv").write_text(
        "name\tversion\tnode_file\tsha512\tgroup\n"
        f"plain\t1.2.3\ta.node\t{sri(listed or registry.tarballs[path])}\tsmall\n"
        "@scope/big\t1.2.3\tb.node\tsha512-AAAA\tlarge\n"
    )


def test_list_by_group_and_by_name(run, registry):
    publish_listed(registry)
    assert run("--list", "list.tsv", "--group", "small")[0] == 0
    assert run("--list", "list.tsv", "--only", "plain")[0] == 0
    assert len(registry.downloads()) == 1
    status, said = run("--list", "list.tsv", "--only", "plain,nothing")
    assert status == 2
    assert "does not list nothing" in said


def test_pinned_package_comes_from_the_cache_without_the_registry(run, registry):
    publish_listed(registry)
    assert run("--list", "list.tsv", "--only", "plain")[0] == 0
    (MODULES / "plain/package.json").unlink()
    asked = len(registry.asked)
    assert run("--list", "list.tsv", "--only", "plain")[0] == 0
    assert (MODULES / "plain/package.json").exists()
    assert len(registry.asked) == asked


def test_pinned_digest_beats_the_registry(run, registry):
    publish_listed(registry, listed=b"another one")
    status, said = run("--list", "list.tsv", "--only", "plain")
    assert status == 1
    assert "plain@1.2.3: the tarball" in said
    assert "not the one that was promised" in said
    assert not (MODULES / "plain").exists()


def test_one_that_is_bad_leaves_the_others(run, registry):
    registry.publish("plain", "1.2.3")
    registry.publish("evil", "1.0.0", data=make_tarball({}, {"version": "6.6.6"}))
    status, said = run("plain@1.2.3", "plain@9.9.9", "absent@1.0.0", "evil@1.0.0")
    assert status == 1
    assert "plain@9.9.9: there is no such version" in said
    assert "absent: there is no such package" in said
    assert "evil@1.0.0: the tarball holds version 6.6.6" in said
    assert [path.name for path in MODULES.iterdir()] == ["plain"]


@pytest.mark.parametrize(
    "spec",
    ["plain", "plain@latest", "plain@^1.0.0", "../x@1.0.0", "@/x@1.0.0", "@1.0.0"],
)
def test_only_exact_versions(run, spec):
    status, said = run(spec)
    assert status == 2
    assert said.startswith("fetch: ")


def test_usage(run):
    with pytest.raises(SystemExit) as info:
        run()
    assert info.value.code == 2


def test_interrupt_is_clean(run, registry, tmp_path):
    registry.script["*"] = ["silent"] * 9
    process = subprocess.Popen(
        [sys.executable, SCRIPT, tmp_path / "out", "plain@1.2.3"],
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background may have it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert registry.first.wait(30)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert said.splitlines()[-1] == "fetch: interrupted"
    assert "Traceback" not in said


def test_list_of_the_checkout():
    packages = fetch.read_list(ROOT / "tests/packages/packages.tsv", set(), "")
    assert len(packages) == len({package.name for package in packages})
    for package in packages:
        kind, _, digest = package.integrity.partition("-")
        assert (kind, len(base64.b64decode(digest))) == ("sha512", 64)
