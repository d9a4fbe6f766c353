"""Hashes a data set on a dask cluster, with an addon from npm."""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import napi

PACKAGE = "@node-rs/xxhash-linux-x64-gnu"
BATCH = 8  # files that one task hashes


def make_data(folder: Path, files: int, size: int) -> list[Path]:
    """Writes the data set: the same bytes each time."""
    chance = random.Random(1)
    paths = []
    for index in range(files):
        path = folder / f"part-{index:05}.bin"
        path.write_bytes(chance.randbytes(size))
        paths.append(path)
    return paths


def hash_files(xxhash: Any, paths: list[Path]) -> list[int]:
    """The hash of each file. `xxhash` is the addon; it came by reference."""
    return [xxhash.xxh3.xxh64(path.read_bytes()) for path in paths]


def combine(xxhash: Any, hashes: list[int]) -> int:
    """One hash of all of them: an instance of a class of the addon, fed in order."""
    state = xxhash.xxh3.Xxh3.withSeed(napi.BigInt(0))
    for value in hashes:
        state.update(value.to_bytes(8, "big"))
    return int(state.digest())


def hash_on_cluster(client: Any, xxhash: Any, paths: list[Path]) -> list[int]:
    """The hash of each file, by the workers of a cluster."""
    batches = [paths[at : at + BATCH] for at in range(0, len(paths), BATCH)]
    tasks = client.map(hash_files, [xxhash] * len(batches), batches)
    return [value for batch in client.gather(tasks) for value in batch]


def main() -> None:
    """Hashes the data set twice and compares."""
    from distributed import Client, LocalCluster

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", default=".", help="a folder with node_modules")
    parser.add_argument("--files", type=int, default=64)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()

    xxhash = napi.require(PACKAGE, start=options.packages)
    with tempfile.TemporaryDirectory() as folder:
        paths = make_data(Path(folder), options.files, options.size)
        with (
            LocalCluster(
                n_workers=options.workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
            ) as cluster,
            Client(cluster) as client,
        ):
            started = time.perf_counter()
            hashes = hash_on_cluster(client, xxhash, paths)
            seconds = time.perf_counter() - started
        expected = hash_files(xxhash, paths)

    megabytes = options.files * options.size / 1e6
    print(
        f"{options.workers} workers hashed {options.files} files, {megabytes:.1f} MB, "
        f"in {seconds:.2f} s ({megabytes / seconds:.0f} MB/s)"
    )
    print(f"first file: {hashes[0]:016x}")
    print(f"all: {combine(xxhash, hashes):016x}")
    print(f"the same as in one process: {'yes' if hashes == expected else 'NO'}")


if __name__ == "__main__":
    main()
