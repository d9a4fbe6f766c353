#!/usr/bin/env python3
"""Gets pinned packages of npm, each alone: download, check, unpack; runs no script.

    python tools/fetch.py DEST name@version ...
    python tools/fetch.py DEST --list tests/packages/packages.tsv [--group small]

Each package ends as DEST/node_modules/<name>/, whole or not at all; what is there in
the right version is kept. Its dependencies are not looked at: that is `napi add`.
Tarballs stay in the cache: $NAPI_CACHE, or .cache in the checkout.

Exit status: 0 all there, 1 a package could not be got, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NamedTuple

from napi.package.archive import unpack
from napi.package.cache import Cache
from napi.package.config import load
from napi.package.disk import version_of
from napi.package.errors import ArchiveError, NotFoundError, PackageError
from napi.package.registry import Registry
from napi.package.spec import parse

ROOT = Path(__file__).resolve().parent.parent


class Package(NamedTuple):
    """What is wanted; ``integrity`` is empty where nothing is pinned."""

    name: str
    version: str
    integrity: str = ""

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


def parse_spec(text: str) -> Package:
    """``@scope/name@1.2.3`` -> Package. Ranges are refused: versions are pinned."""
    spec = parse(text)
    if spec.kind != "version":
        raise PackageError(f"{text!r} is not name@version with an exact version")
    return Package(spec.name, spec.wanted)


def read_list(path: Path, only: set[str], group: str) -> list[Package]:
    """The packages of a .tsv with columns name, version, sha512, group."""
    packages = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if (not only or row["name"] in only) and group in ("", row["group"]):
                package = parse_spec(f"{row['name']}@{row['version']}")
                packages.append(package._replace(integrity=row["sha512"]))
    if missing := only - {package.name for package in packages}:
        raise PackageError(f"{path} does not list {', '.join(sorted(missing))}")
    return packages


def ask(package: Package, registry: Registry) -> Future[Path]:
    """Start the download of a package."""
    entry: dict[str, Any] = {"version": package.version}
    if package.integrity:
        entry["integrity"] = package.integrity
    else:
        versions = registry.document(package.name)["versions"]
        if package.version not in versions:
            raise NotFoundError(f"{package}: there is no such version")
        entry["integrity"] = versions[package.version]["dist"].get("integrity")
    return registry.fetch(package.name, entry)


def put(source: Path, package: Package, modules: Path) -> None:
    """Unpack a package to where it belongs, whole or not at all."""
    folder = modules / package.name
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=modules, prefix=".new-") as temporary:
        fresh = Path(temporary, "package")
        try:
            unpack(source, fresh)
            if (found := version_of(fresh)) != package.version:
                raise ArchiveError(f"the tarball holds version {found or 'none'}")
        except ArchiveError as error:
            raise ArchiveError(f"{package}: {error}") from None
        if folder.exists():
            folder.rename(Path(temporary, "old"))
        fresh.rename(folder)


def fetch_all(packages: list[Package], dest: Path, cache: Path) -> list[str]:
    """Make all be there; returns what went wrong."""
    modules = dest / "node_modules"
    modules.mkdir(parents=True, exist_ok=True)
    missing = [p for p in packages if version_of(modules / p.name) != p.version]
    registry = Registry(load(Path.cwd()), Cache(cache))
    registry.prefetch(p.name for p in missing if not p.integrity)
    errors: list[str] = []
    jobs: list[tuple[Package, Future[Path]]] = []
    try:
        for package in missing:
            try:
                jobs.append((package, ask(package, registry)))
            except PackageError as error:
                errors.append(str(error))
        for number, (package, job) in enumerate(jobs, 1):
            try:
                source = job.result()
                put(source, package, modules)
            except PackageError as error:
                errors.append(str(error))
                continue
            size = source.stat().st_size / 1e6
            said = f"[{number}/{len(jobs)}] {package} {size:.1f} MB"
            print(said, file=sys.stderr, flush=True)
    finally:
        registry.close()
    return errors


def parse_args(argv: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Gets pinned packages of npm.")
    parser.add_argument(
        "dest", type=Path, metavar="DEST", help="where node_modules goes"
    )
    parser.add_argument("specs", nargs="*", metavar="name@version")
    parser.add_argument("--list", type=Path, metavar="TSV", help="a list of packages")
    parser.add_argument("--only", default="", metavar="NAME,...", help="of the list")
    parser.add_argument("--group", default="", help="of the list: small or large")
    args = parser.parse_args(argv)
    if not args.specs and args.list is None:
        parser.error("nothing to fetch: give name@version or --list")
    return args


def main(argv: list[str]) -> int:
    """Runs the command; returns its exit status."""
    args = parse_args(argv)
    cache = Path(os.environ.get("NAPI_CACHE") or ROOT / ".cache").absolute()
    try:
        packages = [parse_spec(text) for text in args.specs]
        if args.list is not None:
            only = {name for name in args.only.split(",") if name}
            packages += read_list(args.list, only, args.group)
        errors = fetch_all(list(dict.fromkeys(packages)), args.dest, cache)
    except (PackageError, OSError, KeyError) as error:
        print(f"fetch: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nfetch: interrupted", file=sys.stderr)
        return 130
    for text in errors:
        print(f"fetch: {text}", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
