"""Unmodified addons from npm, fetched by tools/fetch.py, pinned in packages.tsv."""

import asyncio
import csv
import os
from pathlib import Path

import pytest
import uvloop

import napi

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("NAPI_CACHE", ROOT / ".cache"))


def rows():
    with (Path(__file__).parent / "packages.tsv").open() as file:
        return {row["name"]: row for row in csv.DictReader(file, delimiter="\t")}


def find(name):
    """Where the addon of an npm package is."""
    row = rows()[name]
    path = CACHE / "node_modules" / name / row["node_file"]
    if not path.exists() and row["group"] == "large":
        pytest.skip("a large package: `make test-packages` fetches it")
    assert path.exists(), f"{path} is missing: run `make test`, it fetches it"
    return path


@pytest.fixture(scope="session")
def package():
    """load(name): the addon of an npm package, as napi.Module."""
    return lambda name: napi.load(find(name))


def _result(make):
    return make().result(timeout=60)


def _asyncio(make):
    async def main():
        return await make()

    return asyncio.run(main())


def _uvloop(make):
    async def main():
        return await make()

    loop = uvloop.new_event_loop()
    try:
        return loop.run_until_complete(main())
    finally:
        loop.close()


@pytest.fixture(params=[_result, _asyncio, _uvloop], ids=["plain", "asyncio", "uvloop"])
def wait(request):
    """wait(make): what the promise that make() gives turns out to be."""
    return request.param


@pytest.fixture
def answer(wait):
    """answer(start): what start(callback) gives to its callback, as a tuple."""

    def ask(start):
        def begin(resolve, _):
            start(lambda *given: resolve(given))

        return wait(lambda: napi.Promise(begin))

    return ask


@pytest.fixture
def ends(child, tmp_path):
    """ends(name, code): a process in which code runs with the addon as `m`, and that
    ends by itself: status 0, nothing on stderr, soon. Gives what it printed."""

    def run(name, code):
        begin = "import sys, napi; m = napi.load(sys.argv[1]); folder = sys.argv[2]"
        done = child(f"{begin}\n{code}", find(name), tmp_path, timeout=20, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return run
