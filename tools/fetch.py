#!/usr/bin/env python3
"""Gets packages from npm without Node: download, check, unpack; runs no script.

    python tools/fetch.py DEST name@version ...
    python tools/fetch.py DEST --list tests/packages/packages.tsv [--group small]

Each package ends as DEST/node_modules/<name>/, whole or not at all; what is there in
the right version is kept. Tarballs stay in the cache: $NAPI_CACHE, or .cache in the
checkout. Registry, certificates and proxies are those of npm's configuration.

Exit status: 0 all there, 1 a package could not be got, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import csv
import hashlib
import http.client
import json
import os
import random
import re
import shutil
import ssl
import sys
import tarfile
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# The one place that says where packages come from when no configuration does.
NPM_DOMAIN = "npmjs.org"
DEFAULT_REGISTRY = f"https://registry.{NPM_DOMAIN}"
TRIES = 4
TIMEOUT = 60  # seconds without a byte
WORKERS = 4
MOST_METADATA = 32 << 20  # bytes
MOST_TARBALL = 256 << 20
MOST_UNPACKED = 1 << 30
MOST_FILES = 50_000
_NAME = re.compile(r"(?:@[a-z0-9~-][a-z0-9._~-]*/)?[a-zA-Z0-9~-][a-zA-Z0-9._~-]*")
_VERSION = re.compile(r"\d+\.\d+\.\d+[0-9A-Za-z.+-]*")


class FetchError(Exception):
    """A package could not be got; the message says which and why."""


class Package(NamedTuple):
    """What is wanted; ``integrity`` is empty where nothing is pinned."""

    name: str
    version: str
    integrity: str = ""

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


def parse_spec(text: str) -> Package:
    """``@scope/name@1.2.3`` -> Package. Ranges are refused: versions are pinned."""
    name, at, version = text.rpartition("@")
    if not at or not _NAME.fullmatch(name) or not _VERSION.fullmatch(version):
        raise FetchError(f"{text!r} is not name@version with an exact version")
    return Package(name, version)


def read_list(path: Path, only: set[str], group: str) -> list[Package]:
    """The packages of a .tsv with columns name, version, sha512, group."""
    packages = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if (not only or row["name"] in only) and group in ("", row["group"]):
                package = parse_spec(f"{row['name']}@{row['version']}")
                packages.append(package._replace(integrity=row["sha512"]))
    if missing := only - {package.name for package in packages}:
        raise FetchError(f"{path} does not list {', '.join(sorted(missing))}")
    return packages


# === configuration ===


def read_npmrc() -> dict[str, str]:
    """``registry`` and ``cafile``, the nearest .npmrc first."""
    found: dict[str, str] = {}
    homes = [Path.cwd() / ".npmrc", Path("~/.npmrc").expanduser(), Path("/etc/npmrc")]
    for path in homes:
        try:
            lines = path.read_text("utf-8").splitlines()
        except OSError:
            continue
        for line in lines:
            key, equals, value = (part.strip() for part in line.partition("="))
            if equals and key in ("registry", "cafile"):
                value = re.sub(
                    r"\$\{(\w+)\}", lambda m: os.environ.get(m[1], m[0]), value
                )
                found.setdefault(key, value.strip("\"'"))
    return found


def setting(name: str, npmrc: dict[str, str]) -> str:
    """One setting of npm: environment first, then .npmrc."""
    for key in (f"npm_config_{name}", f"NPM_CONFIG_{name.upper()}"):
        if os.environ.get(key):
            return os.environ[key]
    return npmrc.get(name, "")


class Registry:
    """Asks a registry. Proxies come from the environment, as urllib does it."""

    def __init__(self) -> None:
        npmrc = read_npmrc()
        self.url = (setting("registry", npmrc) or DEFAULT_REGISTRY).rstrip("/")
        context = ssl.create_default_context()
        if cafile := setting("cafile", npmrc):
            try:
                context.load_verify_locations(cafile)
            except OSError as error:
                raise FetchError(f"cafile {cafile!r}: {error}") from None
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context)
        )

    def read(self, url: str, most: int, accept: str = "*/*") -> bytes:
        """The body behind a URL; tries again where that may help.

        Raises:
            FetchError: It cannot be had, or is larger than ``most`` bytes.
        """
        request = urllib.request.Request(
            url, headers={"Accept": accept, "User-Agent": "napi-fetch"}
        )
        for attempt in range(TRIES):
            try:
                with self.opener.open(request, timeout=TIMEOUT) as response:
                    return read_body(response, most, url)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code not in (408, 425, 429) and error.code < 500:
                    raise FetchError(f"{url}: {error.code} {error.reason}") from None
                last: Exception = error
            except (OSError, http.client.HTTPException) as error:
                if isinstance(
                    getattr(error, "reason", None), ssl.SSLCertVerificationError
                ):
                    raise FetchError(
                        f"{url}: {error}; set cafile= in .npmrc or SSL_CERT_FILE"
                    ) from None
                last = error
            if attempt + 1 < TRIES:
                wait(2**attempt * 0.5 * random.uniform(0.7, 1.3))
        raise FetchError(f"{url}: {last} ({TRIES} tries)")

    def describe(self, package: Package) -> dict[str, str]:
        """The address and the integrity of one version, from the packument."""
        name = urllib.parse.quote(package.name, safe="@")
        # The short form: what an installer needs, a tenth of the whole.
        accept = "application/vnd.npm.install-v1+json, application/json;q=0.8"
        body = self.read(f"{self.url}/{name}", MOST_METADATA, accept)
        try:
            dist = json.loads(body)["versions"][package.version]["dist"]
            return {
                "tarball": self.rewrite(str(dist["tarball"])),
                "integrity": str(dist["integrity"]),
            }
        except KeyError as error:
            if error.args == (package.version,):
                raise FetchError(f"{package}: there is no such version") from None
            raise FetchError(f"{package}: the registry gives no sha512") from None
        except (ValueError, TypeError):
            raise FetchError(
                f"{package}: the registry's answer is not usable"
            ) from None

    def rewrite(self, url: str) -> str:
        """The tarball's address at the registry in use: mirrors keep the original."""
        url = urllib.parse.urljoin(self.url + "/", url)
        if not url.startswith(("https://", "http://")):
            raise FetchError(f"odd address of a tarball: {url!r}")
        own = f"{DEFAULT_REGISTRY}/"
        return f"{self.url}/{url[len(own) :]}" if url.startswith(own) else url


stopping = threading.Event()


def wait(seconds: float) -> None:
    """Sleeps, unless the user interrupts."""
    if stopping.wait(seconds):
        raise FetchError("interrupted")


def read_body(response: Any, most: int, url: str) -> bytes:
    """A whole body, never more than ``most`` bytes of it."""
    expected = response.headers.get("Content-Length")
    if expected is not None and int(expected) > most:
        raise FetchError(f"{url} is larger than {most} bytes")
    parts, size = [], 0
    while part := response.read(1 << 16):
        size += len(part)
        if size > most:
            raise FetchError(f"{url} is larger than {most} bytes")
        if stopping.is_set():
            raise FetchError("interrupted")
        parts.append(part)
    if expected is not None and size != int(expected):
        raise http.client.IncompleteRead(b"", int(expected) - size)
    return b"".join(parts)


# === integrity ===


def matches(data: bytes, integrity: str) -> bool:
    """Whether data has a digest of a Subresource Integrity string (sha512 only)."""
    for item in integrity.split():
        kind, _, digest = item.partition("?")[0].partition("-")
        if kind != "sha512":
            continue
        try:
            wanted = base64.b64decode(digest, validate=True)
        except binascii.Error:
            continue
        if hashlib.sha512(data).digest() == wanted:
            return True
    return False


def get_tarball(
    package: Package, registry: Callable[[], Registry], cache: Path
) -> bytes:
    """The tarball of a package, checked; from the cache where it is there."""
    kept = (
        cache / "tarballs" / f"{package.name.replace('/', '+')}-{package.version}.tgz"
    )
    # Only a pinned digest makes the cache as good as the registry.
    if package.integrity and kept.exists():
        data = kept.read_bytes()
        if matches(data, package.integrity):
            return data
    dist = registry().describe(package)
    if (
        package.integrity
        and package.integrity.split()[0] not in dist["integrity"].split()
    ):
        raise FetchError(
            f"{package}: the registry names {dist['integrity']}, but "
            f"{package.integrity} is pinned"
        )
    if kept.exists() and matches(data := kept.read_bytes(), dist["integrity"]):
        return data
    data = registry().read(dist["tarball"], MOST_TARBALL)
    if not matches(data, dist["integrity"]):
        raise FetchError(
            f"{package}: the tarball does not have the digest it should have"
        )
    write_whole(kept, data)
    return data


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file that is either whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink()
        raise


# === unpacking ===


def safe_members(
    archive: tarfile.TarFile,
) -> Iterator[tuple[PurePosixPath, tarfile.TarInfo]]:
    """Files of a package with their places; refuses what would leave its folder."""
    total = count = 0
    for member in archive:
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts or "\0" in member.name:
            raise FetchError(f"it has a file outside of its folder: {member.name!r}")
        if member.isdir():
            continue
        # npm itself packs no links and no devices.
        if not member.isreg():
            raise FetchError(f"it has something that is no file: {member.name!r}")
        inside = path.parts[1:]  # the first folder has any name, mostly `package`
        if not inside:
            raise FetchError(f"it has a file beside its folder: {member.name!r}")
        total, count = total + member.size, count + 1
        if total > MOST_UNPACKED or count > MOST_FILES:
            raise FetchError("it is unreasonably large")
        yield PurePosixPath(*inside), member


def unpack(stream: IO[bytes], target: Path) -> None:
    """Unpacks a package into a new folder."""
    try:
        with tarfile.open(fileobj=stream, mode="r:gz") as archive:
            for place, member in safe_members(archive):
                path = target / place
                path.parent.mkdir(parents=True, exist_ok=True)
                source = archive.extractfile(member)
                assert source is not None
                with source, path.open("xb") as file:
                    shutil.copyfileobj(source, file)
                path.chmod(0o755 if member.mode & 0o100 else 0o644)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise FetchError(f"the tarball cannot be unpacked: {error}") from None


def installed(folder: Path) -> str:
    """The version of a package that is there; empty where there is none."""
    try:
        return str(json.loads((folder / "package.json").read_text("utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def install(data: bytes, package: Package, modules: Path) -> None:
    """Puts a package where it belongs, whole or not at all."""
    folder = modules / package.name
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=modules, prefix=".new-") as temporary:
        fresh, old = Path(temporary, "package"), Path(temporary, "old")
        fresh.mkdir()
        with tempfile.TemporaryFile() as stream:
            stream.write(data)
            stream.seek(0)
            unpack(stream, fresh)
        if found := installed(fresh):
            if found != package.version:
                raise FetchError(f"the tarball holds version {found}")
        else:
            raise FetchError("the tarball has no package.json")
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)


# === the command ===


class Progress:
    """A line a package; on a terminal one line that changes."""

    def __init__(self, total: int) -> None:
        self.total, self.done = total, 0
        self.fancy = sys.stderr.isatty()

    def tell(self, package: Package, how: str) -> None:
        """Says that a package is there."""
        self.done += 1
        text = f"[{self.done}/{self.total}] {package} {how}"
        if self.fancy:
            end = "\n" if self.done == self.total else ""
            width = shutil.get_terminal_size().columns - 1
            print(f"\r\033[K{text[:width]}", end=end, file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)


def fetch(
    package: Package, modules: Path, registry: Callable[[], Registry], cache: Path
) -> str:
    """Makes one package be there; says how."""
    if installed(modules / package.name) == package.version:
        return "is there"
    try:
        data = get_tarball(package, registry, cache)
        install(data, package, modules)
    except FetchError as error:
        text = str(error)
        raise FetchError(
            text if str(package) in text else f"{package}: {text}"
        ) from None
    return f"{len(data) / 1e6:.1f} MB"


def fetch_all(packages: list[Package], dest: Path, cache: Path) -> list[str]:
    """Makes all be there, a few at a time; returns what went wrong."""
    modules = dest / "node_modules"
    modules.mkdir(parents=True, exist_ok=True)
    lock = threading.Lock()
    made: list[Registry] = []

    def registry() -> Registry:
        """Made at the first use: nothing to get needs no configuration."""
        with lock:
            if not made:
                made.append(Registry())
            return made[0]

    progress = Progress(len(packages))
    errors: list[str] = []
    pool = ThreadPoolExecutor(WORKERS)
    try:
        jobs = {
            pool.submit(fetch, package, modules, registry, cache): package
            for package in packages
        }
        for job in as_completed(jobs):
            try:
                progress.tell(jobs[job], job.result())
            except FetchError as error:
                errors.append(str(error))
    except BaseException:
        stopping.set()
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()
    return errors


def parse_args(argv: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Gets packages from npm without Node.")
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
    cache = Path(os.environ.get("NAPI_CACHE") or ROOT / ".cache")
    try:
        packages = [parse_spec(text) for text in args.specs]
        if args.list is not None:
            only = {name for name in args.only.split(",") if name}
            packages += read_list(args.list, only, args.group)
        errors = fetch_all(list(dict.fromkeys(packages)), args.dest, cache)
    except (FetchError, OSError, KeyError) as error:
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
