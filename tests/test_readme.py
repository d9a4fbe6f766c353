"""The snippets of the README and of the guide run as they are printed there."""

import json
import os
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CACHE = Path(os.environ.get("NAPI_CACHE", ROOT / ".cache"))
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/guide/*.md"))]
SNIPPETS = [
    snippet
    for page in PAGES
    for snippet in re.findall(r"```python\n(.*?)```", page.read_text(), re.S)
]
sys.path.insert(0, os.fspath(ROOT / "tests" / "package"))
from registry import Registry, make_tarball  # noqa: E402

ADDED = re.findall(r"\.add\(\"([^\"]+?)(?:@[^\"/]*)?\"", "".join(SNIPPETS))


@pytest.fixture(scope="module")
def registry():
    """The packages that the snippets add, from the cache: no network, real files."""
    with Registry() as server:
        for name in set(ADDED):
            folder = CACHE / "node_modules" / name
            manifest = json.loads((folder / "package.json").read_bytes())
            files = {
                file.relative_to(folder).as_posix(): file.read_bytes()
                for file in sorted(folder.rglob("*"))
                if file.is_file()
            }
            wanted = manifest.get("dependencies") or {}
            server.publish(
                name,
                manifest["version"],
                data=make_tarball(files),
                dependencies=wanted,
            )
            for other, value in wanted.items():
                server.publish(other, value.lstrip("^~=v"))
        yield server


@pytest.mark.parametrize("snippet", SNIPPETS, ids=range(len(SNIPPETS)))
def test_snippet_runs(snippet, child, registry, tmp_path, monkeypatch):
    monkeypatch.setenv("npm_config_registry", registry.url)
    monkeypatch.setenv("NAPI_CACHE", os.fspath(tmp_path))
    done = child(snippet)
    assert done.stdout
    assert not done.stderr
