"""tools/fetch.py against a registry of our own on this machine."""

import base64
import gzip
import hashlib
import http.server
import importlib.util
import io
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import threading
import urllib.parse
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "tools" / "fetch.py"


def load_script():
    spec = importlib.util.spec_from_file_location("fetch_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["fetch_script"] = module
    spec.loader.exec_module(module)
    return module


fetch = load_script()


def make_tarball(files, version="1.2.3", top="package"):
    """A package; files maps a name to content, or to a TarInfo."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        described = {"package.json": json.dumps({"version": version}).encode()}
        for name, content in {**described, **files}.items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
                continue
            member = tarfile.TarInfo(f"{top}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def digest(data, kind="sha512"):
    return f"{kind}-" + base64.b64encode(hashlib.new(kind, data).digest()).decode()


class Registry(http.server.ThreadingHTTPServer):
    """Packuments and tarballs from memory; `failures` answers come first."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.packuments, self.tarballs, self.failures, self.asked = {}, {}, [], []
        self.first_question = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def add(self, name, data, version="1.2.3", **dist):
        path = f"/{name}/-/{name.split('/')[-1]}-{version}.tgz"
        self.tarballs[path] = data
        entry = {"tarball": self.url + path, "integrity": digest(data), **dist}
        versions = self.packuments.setdefault(f"/{name}", {})
        versions[version] = {"dist": entry}

    def downloads(self):
        return [path for path in self.asked if path.endswith(".tgz")]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = urllib.parse.unquote(self.path)
        self.server.asked.append(path)
        self.server.first_question.set()
        if self.server.failures:
            status = self.server.failures.pop(0)
            if status is None:  # half an answer
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b"half")
                return
            self.send_error(status)
        elif path in self.server.packuments:
            versions = self.server.packuments[path]
            self.answer(json.dumps({"versions": versions}).encode())
        elif path in self.server.tarballs:
            self.answer(self.server.tarballs[path])
        else:
            self.send_error(404)

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def registry():
    server = Registry()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def run(tmp_path, registry, monkeypatch, capsys):
    """run(*arguments): exit status and what was said, in an environment of its own."""
    monkeypatch.chdir(tmp_path)
    for name in [*os.environ]:
        if name.lower().startswith("npm_config") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    monkeypatch.setenv("npm_config_registry", registry.url + "/")
    monkeypatch.setenv("NAPI_CACHE", os.fspath(tmp_path / "cache"))
    monkeypatch.setattr(fetch, "wait", lambda seconds: None)

    def call(*arguments):
        status = fetch.main(["out", *map(str, arguments)])
        return status, capsys.readouterr().err

    return call


MODULES = Path("out/node_modules")


def test_gets_unpacks_and_keeps(run, registry):
    registry.add("plain", make_tarball({"lib/a.node": b"\x7fELF", "b": b""}))
    registry.add("@scope/name", make_tarball({}, top="other-top"))
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
    registry.add("plain", make_tarball({"old": b""}))
    registry.add("plain", make_tarball({"new": b""}, "2.0.0"), "2.0.0")
    assert run("plain@1.2.3")[0] == run("plain@2.0.0")[0] == 0
    names = {path.name for path in (MODULES / "plain").iterdir()}
    assert names == {"new", "package.json"}


def write_list(data, integrity=None):
    Path("list.tsv").write_text(
        "name\tversion\tnode_file\tsha512\tgroup\n"
        f"plain\t1.2.3\ta.node\t{integrity or digest(data)}\tsmall\n"
        "@scope/big\t1.2.3\tb.node\tsha512-AAAA\tlarge\n"
    )


def test_list_by_group_and_by_name(run, registry):
    data = make_tarball({})
    write_list(data)
    registry.add("plain", data)
    assert run("--list", "list.tsv", "--group", "small")[0] == 0
    assert run("--list", "list.tsv", "--only", "plain")[0] == 0
    assert len(registry.downloads()) == 1
    status, said = run("--list", "list.tsv", "--only", "plain,nothing")
    assert status == 2
    assert "does not list nothing" in said


def test_pinned_package_comes_from_the_cache_without_the_registry(run, registry):
    data = make_tarball({})
    write_list(data)
    registry.add("plain", data)
    assert run("--list", "list.tsv", "--only", "plain")[0] == 0
    (MODULES / "plain/package.json").unlink()
    asked = len(registry.asked)
    assert run("--list", "list.tsv", "--only", "plain")[0] == 0
    assert (MODULES / "plain/package.json").exists()
    assert len(registry.asked) == asked


def test_spoilt_cache_is_not_used(run, registry):
    data = make_tarball({})
    write_list(data)
    registry.add("plain", data)
    kept = Path("cache/tarballs/plain-1.2.3.tgz")
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"spoilt")
    assert run("--list", "list.tsv", "--only", "plain")[0] == 0
    assert kept.read_bytes() == data


def test_pinned_digest_beats_the_registry(run, registry):
    registry.add("plain", make_tarball({"evil": b""}))
    write_list(make_tarball({}))
    status, said = run("--list", "list.tsv", "--only", "plain")
    assert status == 1
    assert "is pinned" in said
    assert registry.downloads() == []
    assert not (MODULES / "plain").exists()


@pytest.mark.parametrize(
    "integrity", [digest(b"other"), "sha1-abc", "", "sha512-!!", "sha512-"]
)
def test_wrong_digest_is_refused(run, registry, integrity):
    registry.add("plain", make_tarball({}), integrity=integrity)
    status, said = run("plain@1.2.3")
    assert status == 1
    assert "plain@1.2.3" in said
    assert not (MODULES / "plain").exists()
    assert not Path("cache/tarballs/plain-1.2.3.tgz").exists()


def test_missing_digest_is_refused(run, registry):
    registry.add("plain", make_tarball({}))
    del registry.packuments["/plain"]["1.2.3"]["dist"]["integrity"]
    assert "gives no sha512" in run("plain@1.2.3")[1]


def link(name, kind=tarfile.SYMTYPE, target="/etc/passwd"):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


@pytest.mark.parametrize(
    "member",
    [
        tarfile.TarInfo("package/../../outside"),
        tarfile.TarInfo("/absolute"),
        tarfile.TarInfo("beside"),
        link("package/link"),
        link("package/hard", tarfile.LNKTYPE),
        link("package/pipe", tarfile.FIFOTYPE),
        link("package/device", tarfile.CHRTYPE),
    ],
    ids=lambda member: member.name.replace("/", "_"),
)
def test_hostile_tarballs_leave_nothing(run, registry, tmp_path, member):
    registry.add("plain", make_tarball({"odd": member}))
    status, said = run("plain@1.2.3")
    assert status == 1
    assert "plain@1.2.3: it has" in said
    assert list(MODULES.iterdir()) == []
    assert not (tmp_path / "out/outside").exists()


@pytest.mark.parametrize(
    "data", [b"", b"not gzip", gzip.compress(b"not tar"), make_tarball({})[:90]]
)
def test_broken_tarballs(run, registry, data):
    registry.add("plain", data)
    status, said = run("plain@1.2.3")
    assert (status, "plain@1.2.3" in said) == (1, True)
    assert list(MODULES.iterdir()) == []


def test_limits(run, registry, monkeypatch):
    registry.add("plain", make_tarball({"big": bytes(5000)}))
    monkeypatch.setattr(fetch, "MOST_UNPACKED", 4000)
    assert "unreasonably large" in run("plain@1.2.3")[1]
    monkeypatch.setattr(fetch, "MOST_TARBALL", 10)
    Path("cache/tarballs/plain-1.2.3.tgz").unlink()
    assert "larger than 10 bytes" in run("plain@1.2.3")[1]


def test_tries_again(run, registry):
    registry.add("plain", make_tarball({}))
    registry.failures[:] = [503, None, 429]
    assert run("plain@1.2.3")[0] == 0
    assert len(registry.asked) == 5


def test_gives_up(run, registry):
    registry.failures[:] = [500] * 10
    status, said = run("plain@1.2.3")
    assert status == 1
    assert f"({fetch.TRIES} tries)" in said
    assert len(registry.asked) == fetch.TRIES


def test_what_is_not_there(run, registry):
    registry.add("plain", make_tarball({}))
    status, said = run("plain@9.9.9", "absent@1.0.0")
    assert status == 1
    assert "plain@9.9.9: there is no such version" in said
    assert "absent: 404" in said
    assert len(registry.asked) == 2


@pytest.mark.parametrize(
    "spec",
    ["plain", "plain@latest", "plain@^1.0.0", "../x@1.0.0", "@/x@1.0.0", "@1.0.0"],
)
def test_only_exact_versions(run, spec):
    status, said = run(spec)
    assert status == 2
    assert "exact version" in said


def test_usage(run):
    with pytest.raises(SystemExit) as info:
        run()
    assert info.value.code == 2


def test_registry_from_npmrc(run, registry, monkeypatch, tmp_path):
    monkeypatch.delenv("npm_config_registry")
    monkeypatch.setenv("HERE", registry.url)
    (tmp_path / ".npmrc").write_text("; comment\nregistry = ${HERE}/\n")
    registry.add("plain", make_tarball({}))
    assert run("plain@1.2.3")[0] == 0
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:1/from-environment")
    assert fetch.Registry().url == "http://127.0.0.1:1/from-environment"


def test_mirror_serves_the_tarballs_it_names_elsewhere(run, registry):
    data = make_tarball({})
    registry.add("plain", data)
    place = registry.packuments["/plain"]["1.2.3"]["dist"]
    place["tarball"] = place["tarball"].replace(registry.url, fetch.DEFAULT_REGISTRY)
    assert run("plain@1.2.3")[0] == 0
    assert registry.downloads() == ["/plain/-/plain-1.2.3.tgz"]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_odd_addresses_are_refused(run, registry, url):
    registry.add("plain", make_tarball({}), tarball=url)
    assert "odd address" in run("plain@1.2.3")[1]


def test_bad_cafile_is_named(run, monkeypatch):
    monkeypatch.setenv("npm_config_cafile", "/nowhere.pem")
    assert "/nowhere.pem" in run("plain@1.2.3")[1]


def test_interrupt_is_clean(registry, tmp_path):
    registry.failures[:] = [503] * 100
    environment = {**os.environ, "npm_config_registry": registry.url, "no_proxy": "*"}
    environment["NAPI_CACHE"] = os.fspath(tmp_path)
    process = subprocess.Popen(
        [sys.executable, SCRIPT, tmp_path / "out", "plain@1.2.3"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background may have it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert registry.first_question.wait(30)
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
