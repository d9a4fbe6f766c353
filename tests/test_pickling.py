"""Modules, functions and classes of addons cross processes by reference."""

import asyncio
import concurrent.futures
import copy
import json
import multiprocessing
import pickle
import shutil
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import pytest
from places import CACHE

import napi
from napi.pickling import Reference

# Where this napi is: the tests also run with copies of it.
HOME = str(Path(napi.__file__).parents[1])
SPAWN = multiprocessing.get_context("spawn")


def addon(name):
    return napi.require(name, start=CACHE)


@pytest.fixture
def crc32():
    return addon("@node-rs/crc32-linux-x64-gnu")


@pytest.fixture
def xxhash():
    return addon("@node-rs/xxhash-linux-x64-gnu")


THINGS = {
    "module": lambda it: it,
    "function": lambda it: it.xxh32,
    "class": lambda it: it.Xxh64,
    "class in an object": lambda it: it.xxh3.Xxh3,
    "static method": lambda it: it.xxh3.Xxh3.withSeed,
    "method": lambda it: it.Xxh64.update,
    "function in an object": lambda it: it.xxh3.xxh64,
    "exports": lambda it: it.__exports__,
}
BY_REFERENCE = [name for name in THINGS if name != "exports"]


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("what", BY_REFERENCE)
def test_it_comes_back_as_what_it_was(xxhash, what, protocol):
    value = THINGS[what](xxhash)
    data = pickle.dumps(value, protocol)
    assert len(data) < 1000
    assert pickle.loads(data) == value


@pytest.mark.parametrize("what", ["module", "function", "class", "class in an object"])
def test_in_one_process_it_is_the_same_object(xxhash, what):
    value = THINGS[what](xxhash)
    assert pickle.loads(pickle.dumps(value)) is value
    assert copy.deepcopy({"a": [value]})["a"][0] is value


def test_the_c_and_the_python_pickler_agree(xxhash):
    for what in BY_REFERENCE:
        value = THINGS[what](xxhash)
        assert pickle.loads(pickle._dumps(value)) == value


def test_without_null_stays_without(tmp_path, addon_path):
    module = napi.load(addon_path("object"), null=None)
    assert pickle.loads(pickle.dumps(module)) is module
    name = next(name for name in dir(module) if not name.startswith("_"))
    function = getattr(module, name)
    again = pickle.loads(pickle.dumps(function))
    assert again.__wrapped__ is function.__wrapped__


def test_a_python_subclass_is_pickled_by_its_own_name(xxhash, monkeypatch):
    class Mine(xxhash.Xxh64):
        pass

    Mine.__qualname__ = "Mine"
    monkeypatch.setitem(globals(), "Mine", Mine)
    assert pickle.loads(pickle.dumps(Mine)) is Mine


def test_what_cannot_be_found_again_is_refused(xxhash):
    fresh = napi.load(xxhash.__file__, fresh=True)
    with pytest.raises(pickle.PicklingError, match="fresh=True"):
        pickle.dumps(fresh)
    with pytest.raises(pickle.PicklingError, match="no export of an addon"):
        pickle.dumps(fresh.xxh32)
    with pytest.raises(TypeError, match="cannot pickle 'Xxh64'"):
        pickle.dumps(xxhash.Xxh64(napi.BigInt(1)))


# === other threads ===


def test_on_a_thread_that_has_not_loaded_it_it_is_a_reference(crc32):
    function, seen = pickle.dumps(crc32.crc32), []

    def work():
        value = pickle.loads(function)
        seen.append((type(value), pickle.loads(pickle.dumps(value)) == value))
        seen.append((value(b"hello"), value.target(b"a")))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [(Reference, True), (zlib.crc32(b"hello"), zlib.crc32(b"a"))]


def test_in_an_event_loop_it_is_a_reference(crc32):
    """What a loop reads is often for its workers: so it is in dask."""
    data = pickle.dumps(crc32.crc32)

    async def main():
        value = pickle.loads(data)
        assert not hasattr(value, "func")  # asking does not change what comes next
        return [type(value), type(pickle.loads(data)), value(b"a")]

    assert asyncio.run(main()) == [Reference, Reference, zlib.crc32(b"a")]
    assert pickle.loads(data) is crc32.crc32


def test_a_reference_works_on_each_thread(crc32):
    made = []
    data = pickle.dumps([crc32, crc32.crc32])

    def load():
        made.extend(pickle.loads(data))

    def use():
        module, function = made[:2]
        made.append((module.crc32(b"a"), function(b"a")))

    for target in (load, use, use):
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()
    assert made[2:] == [(zlib.crc32(b"a"),) * 2] * 2
    assert made[1](b"a") == zlib.crc32(b"a")
    assert (made[0] == made[0], made[0] == made[1], made[0] == 1) == (
        True,
        False,
        False,
    )
    assert len({*made[:2], *made[:2]}) == 2
    assert "crc32" in dir(made[0])
    assert "crc32" in repr(made[1])


# === other processes ===


def test_a_pool_of_processes_calls_an_addon(crc32):
    blocks = [bytes([index]) * 1000 for index in range(8)]
    with SPAWN.Pool(2) as pool:
        assert pool.map(crc32.crc32, blocks) == [zlib.crc32(it) for it in blocks]


def test_an_executor_calls_an_addon(xxhash):
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        found = pool.submit(xxhash.xxh3.xxh64, b"hello").result(60)
        assert found == xxhash.xxh3.xxh64(b"hello")
        assert pool.submit(getattr, xxhash, "__name__").result(60) == "xxhash"


def load_elsewhere(
    data, folder, environ=(), code="print(pickle.loads(data).crc32(b'a'))"
):
    """Unpickles in a process that runs in another folder."""
    return subprocess.run(
        [sys.executable, "-c", f"import sys, pickle\ndata = {data!r}\n{code}"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONPATH": HOME, **dict(environ)},
    )


@pytest.fixture
def moved(tmp_path, crc32):
    """A pickled module whose package is somewhere else now, and that place."""
    package = "@node-rs/crc32-linux-x64-gnu"
    first, second = (tmp_path / it / "node_modules" for it in ("first", "second"))
    for folder in (first, second):
        shutil.copytree(CACHE / "node_modules" / package, folder / package)
    code = "import napi, pickle, sys; sys.stdout.buffer.write(pickle.dumps("
    code += f"napi.require({package!r}, start={str(first)!r})))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": HOME},
    )
    shutil.rmtree(first)
    return done.stdout, second / package


def test_another_process_finds_the_package_where_it_has_it(moved, tmp_path):
    data, package = moved
    expected = f"{zlib.crc32(b'a')}\n"
    done = load_elsewhere(data, tmp_path / "second")
    assert (done.stdout, done.stderr) == (expected, "")
    done = load_elsewhere(data, "/", {"NODE_PATH": str(package.parents[1])})
    assert (done.stdout, done.stderr) == (expected, "")


def test_a_process_without_the_package_says_so(moved):
    data, _ = moved
    done = load_elsewhere(data, "/")
    assert "does not have the addon @node-rs/crc32-linux-x64-gnu@1.10.8" in done.stderr
    assert "`napi add @node-rs/crc32-linux-x64-gnu@1.10.8`" in done.stderr
    assert "napi.package.find.FindError" in done.stderr


def test_a_process_with_another_version_says_so(moved, tmp_path):
    data, package = moved
    manifest = json.loads((package / "package.json").read_text())
    manifest["version"] = "9.9.9"
    (package / "package.json").write_text(json.dumps(manifest))
    with next(package.glob("*.node")).open("ab") as file:
        file.write(b"x")
    done = load_elsewhere(data, tmp_path / "second")
    assert "is another file (@node-rs/crc32-linux-x64-gnu@9.9.9)" in done.stderr


def test_a_policy_holds_for_what_is_unpickled(moved, tmp_path):
    data, _ = moved
    (tmp_path / "second/napi.lock").write_text('{"napi": 1}')
    done = load_elsewhere(data, tmp_path / "second")
    assert "PolicyError" in done.stderr


def test_loading_does_not_import_what_pickling_needs(child):
    code = "import sys, napi; napi.load(sys.argv[1])"
    code += "; print('napi.pickling' in sys.modules)"
    path = napi.find("@node-rs/crc32-linux-x64-gnu", start=CACHE).path
    assert child(code, path).stdout == "False\n"
