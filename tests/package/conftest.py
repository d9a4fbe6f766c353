"""Fixtures of the tests of packages: a registry, a project, nothing of this machine."""

import os
import sys
from pathlib import Path

import pytest

import napi.package

sys.path.insert(0, os.fspath(Path(__file__).parent))
from registry import Registry


@pytest.fixture
def registry():
    with Registry() as server:
        yield server


@pytest.fixture
def environment(tmp_path, registry, monkeypatch):
    """An environment with this registry, and without this machine's npm and proxies."""
    for name in [*os.environ]:
        if name.lower().startswith("npm_config") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.delenv("NODE_ENV", raising=False)
    monkeypatch.setenv("HOME", os.fspath(home))
    monkeypatch.setenv("NAPI_CACHE", os.fspath(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_registry", registry.url)
    monkeypatch.setenv("npm_config_globalconfig", os.fspath(home / "global"))
    monkeypatch.setenv("npm_config_fetch_retry_mintimeout", "1")
    monkeypatch.setenv("npm_config_fetch_timeout", "20000")
    return monkeypatch


@pytest.fixture
def project(tmp_path, environment):
    """An empty project, which is the working directory."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "package.json").write_text('{\n  "name": "project"\n}\n')
    environment.chdir(folder)
    return folder


class Notes:
    """A report that remembers."""

    def __init__(self):
        self.notes, self.titles, self.bytes, self.count = [], [], 0, None

    def note(self, text):
        self.notes.append(text)

    def start(self, count):
        self.count = count

    def received(self, count):
        self.bytes += count

    def done(self, title):
        self.titles.append(title)


@pytest.fixture
def report():
    return Notes()


@pytest.fixture
def add(project, report):
    """add(*packages, **options): napi.package.add in the project."""

    def call(*packages, **options):
        return napi.package.add(*packages, project=project, report=report, **options)

    return call


@pytest.fixture
def has(project):
    """has(): the places of all packages in the project with their versions."""
    import json

    def look():
        found = {}
        for path in project.glob("node_modules/**/package.json"):
            place = path.parent.relative_to(project).as_posix()
            found[place] = json.loads(path.read_bytes())["version"]
        return found

    return look
