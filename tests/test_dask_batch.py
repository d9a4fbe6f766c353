"""Addons on the workers of a dask cluster, and the example that shows it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from places import CACHE, ROOT

import napi

# Where this napi is: the tests also run with copies of it.
HOME = str(Path(napi.__file__).parents[1])
PACKAGE = "@node-rs/crc32-linux-x64-gnu"
CLUSTER = """if True:
    import pickle, shutil, sys, zlib
    import napi
    from distributed import Client, LocalCluster

    def check(client, crc32):
        data = [bytes([index]) * 1000 for index in range(6)]
        expected = [zlib.crc32(item) for item in data]
        # The function of the addon itself, the module as an argument, a closure.
        assert client.gather(client.map(crc32.crc32, data)) == expected
        found = client.map(lambda module, item: module.crc32(item), [crc32] * 6, data)
        assert client.gather(found) == expected
        assert client.submit(lambda: crc32.crc32(data[1])).result() == expected[1]
        nested = client.submit(lambda tools: tools["f"][0](b"a"), {"f": [crc32.crc32]})
        assert nested.result() == zlib.crc32(b"a")
        print("checked")

    if __name__ == "__main__":
        crc32 = napi.require(%r, start=sys.argv[1])
        with LocalCluster(
            n_workers=1, threads_per_worker=int(sys.argv[2]), dashboard_address=None
        ) as cluster, Client(cluster) as client:
            %s
"""


def run(arguments, folder, timeout=120):
    environ = {**os.environ, "PYTHONPATH": HOME, "PYTHONSAFEPATH": "1"}
    environ |= {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "30s"}
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=folder,
        env=environ,
    )


def on_cluster(folder, body, packages, threads):
    script = folder / "script.py"
    script.write_text(CLUSTER % (PACKAGE, body))
    return run([script, packages, threads], folder)


@pytest.mark.parametrize("threads", [1, 3])
def test_workers_call_an_addon_in_every_way(tmp_path, threads):
    done = on_cluster(tmp_path, "check(client, crc32)", CACHE, threads)
    assert done.stdout == "checked\n", done.stderr


def test_a_worker_without_the_package_says_so(tmp_path):
    body = """
            task = pickle.dumps(crc32.crc32)
            shutil.rmtree("node_modules")
            try:
                client.submit(lambda data: pickle.loads(data)(b"a"), task).result()
            except napi.FindError as error:
                print(error)
"""
    package = tmp_path / "node_modules" / PACKAGE
    shutil.copytree(CACHE / "node_modules" / PACKAGE, package)
    done = on_cluster(tmp_path, body.strip(), tmp_path, 1)
    assert f"does not have the addon {PACKAGE}@1.10.8" in done.stdout, done.stderr
    assert f"`napi add {PACKAGE}@1.10.8`" in done.stdout


def test_the_example_hashes_a_data_set(tmp_path):
    script = ROOT / "examples/dask_batch/batch.py"
    words = [script, "--packages", CACHE, "--files", 12, "--size", 1000]
    done = run(words, tmp_path)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("2 workers hashed 12 files, 0.0 MB, in "), done.stderr
    assert re.fullmatch("first file: [0-9a-f]{16}", lines[1])
    assert lines[3] == "the same as in one process: yes"
    # The bytes are the same each time, and so is their hash.
    again = run([*words, "--workers", 1], tmp_path).stdout.splitlines()
    assert again[1:] == lines[1:]
