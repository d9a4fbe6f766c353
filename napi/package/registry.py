"""What registries say of packages, and their tarballs: from the cache or the network.

After npm's registry protocol: one document for a package, short with
``application/vnd.npm.install-v1+json``; tarballs at the address it names.
"""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from .archive import LIMITS
from .cache import Cache
from .config import DEFAULT_REGISTRY, Config, without_password
from .errors import (
    ConfigError,
    IntegrityError,
    NotFoundError,
    OfflineError,
    RegistryError,
)
from .http import Transport
from .integrity import describe, digests, of_file
from .pool import Pool

__all__ = ["Registry"]

MOST_DOCUMENT = 128 << 20  # bytes; the whole document of a large package has 40 MB
WORKERS = 8
_SHORT = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*"
#: What is kept of a version.
_FIELDS = (
    "name",
    "version",
    "dist",
    "dependencies",
    "optionalDependencies",
    "peerDependencies",
    "peerDependenciesMeta",
    "bundleDependencies",
    "bundledDependencies",
    "bin",
    "directories",
    "engines",
    "os",
    "cpu",
    "libc",
    "hasInstallScript",
    "deprecated",
    "funding",
    "license",
)


class Registry:
    """All registries of one configuration, each question asked once.

    Attributes:
        notes: What the user should know, in the order it happened.
    """

    def __init__(self, config: Config, cache: Cache, offline: bool = False) -> None:
        self.config = config
        self.cache = cache
        self.offline = offline or config.flag("offline")
        self.prefers_cache = config.flag("prefer-offline")
        self.before = _before(config)
        self.notes: list[str] = []
        self.told: Callable[[int], object] = lambda count: None
        self._transport: Transport | None = None
        self._pool = Pool(WORKERS)
        self._lock = threading.Lock()
        self._documents: dict[str, Future[dict[str, Any]]] = {}
        self._tarballs: dict[bytes, Future[Path]] = {}

    def close(self) -> None:
        """Give up what is under way."""
        self._pool.close()
        if self._transport is not None:
            self._transport.close()

    def transport(self) -> Transport:
        """Made at the first use: what is cached needs no certificates."""
        with self._lock:
            if self._transport is None:
                self._transport = Transport(self.config)
            return self._transport

    # --- documents ---

    def prefetch(self, names: Iterable[str]) -> None:
        """Ask for documents that will be needed, all at once."""
        for name in names:
            self._ask(name)

    def document(self, name: str) -> dict[str, Any]:
        """The document of a package: ``versions``, ``dist-tags``.

        Raises:
            NotFoundError: the registry has no such package.
            RegistryError: it cannot be asked.
            ConfigError: its configuration cannot be used.
        """
        return self._ask(name).result()

    def _ask(self, name: str) -> Future[dict[str, Any]]:
        with self._lock:
            if name not in self._documents:
                self._documents[name] = self._pool.submit(self._document, name)
            return self._documents[name]

    def _document(self, name: str) -> dict[str, Any]:
        address = self.config.registry(name)
        form = f"{address}#full" if self.before else address
        known = self.cache.document(form, name)
        if known and (self.offline or self.prefers_cache):
            return self._recent(known["body"])
        if self.offline:
            raise OfflineError(
                f"{name} is not in the cache, and the network is not to be used"
            )
        try:
            body = self._download_document(address, form, name, known)
        except RegistryError as error:
            if not known or 400 <= error.status < 500:
                raise
            self.notes.append(f"{error}; the cache answers for {name}")
            body = known["body"]
        return self._recent(body)

    def _download_document(
        self, address: str, form: str, name: str, known: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        headers = {
            "Accept": "application/json" if self.before else _SHORT,
            "Accept-Encoding": "gzip",
            "User-Agent": "napi",
        }
        if known and known.get("etag"):
            headers["If-None-Match"] = str(known["etag"])
        url = address + quote(name, safe="@")
        into = io.BytesIO()
        try:
            answer = self.transport().read(
                url,
                into,
                most=MOST_DOCUMENT,
                headers=headers,
                registry=address,
                decode=True,
            )
        except RegistryError as error:
            if error.status == 404:
                raise NotFoundError(
                    f"{name}: there is no such package at {without_password(address)}",
                    404,
                ) from None
            raise
        if answer.status == 304 and known:
            return dict(known["body"])
        body = _slim(into.getvalue(), url)
        etag = answer.headers.get("ETag")
        self.cache.keep_document(form, name, {"etag": etag, "body": body})
        return body

    def _recent(self, body: dict[str, Any]) -> dict[str, Any]:
        """Without the versions after npm's setting ``before``."""
        if self.before is None:
            return body
        times = body.get("time") or {}
        kept = {
            version: entry
            for version, entry in body["versions"].items()
            if (moment := _moment(times.get(version))) and moment <= self.before
        }
        tags = {t: v for t, v in (body.get("dist-tags") or {}).items() if v in kept}
        return {**body, "versions": kept, "dist-tags": tags}

    # --- tarballs ---

    def fetch(self, name: str, entry: Mapping[str, Any]) -> Future[Path]:
        """Get a tarball into the cache.

        Args:
            name: the package's name at the registry.
            entry: its ``version``, ``integrity`` and perhaps ``resolved``.

        Returns:
            What will have its path, or raise IntegrityError, OfflineError or
            RegistryError.
        """
        wanted = digests(entry.get("integrity"))
        with self._lock:
            key = wanted[0] if wanted else f"{name}@{entry.get('version')}".encode()
            if key not in self._tarballs:
                self._tarballs[key] = self._pool.submit(
                    self._tarball, name, dict(entry), wanted
                )
            return self._tarballs[key]

    def cached(self, entry: Mapping[str, Any]) -> Path | None:
        """A tarball that is in the cache already."""
        return self.cache.find(digests(entry.get("integrity")))

    def _tarball(
        self, name: str, entry: Mapping[str, Any], wanted: list[bytes]
    ) -> Path:
        title = f"{name}@{entry.get('version')}"
        if not wanted:
            raise IntegrityError(
                f"{title}: there is no sha512 digest to check the tarball against"
            )
        if found := self.cache.find(wanted):
            return found
        if self.offline:
            raise OfflineError(
                f"{title} is not in the cache, and the network is not to be used"
            )
        address = self.config.registry(name)
        url = self._tarball_address(name, entry, address)
        with self.cache.incoming() as (file, path):
            try:
                self.transport().read(
                    url,
                    file,
                    most=LIMITS.packed,
                    headers={"Accept-Encoding": "identity", "User-Agent": "napi"},
                    registry=address,
                    told=self.told,
                )
            except RegistryError as error:
                raise RegistryError(f"{title}: {error}", error.status) from None
            file.flush()
            digest = of_file(path)
            if digest not in wanted:
                raise IntegrityError(
                    f"{title}: the tarball from {without_password(url)} is not the one "
                    f"that was promised: it has {describe(digest)}, not "
                    f"{describe(wanted[0])}"
                )
            return self.cache.keep(path, digest)

    def _tarball_address(
        self, name: str, entry: Mapping[str, Any], registry: str
    ) -> str:
        resolved = str(entry.get("resolved") or "")
        if not resolved:
            try:
                known = self._documents.get(name)
                # Not through the pool: all its threads may be here.
                ready = known is not None and known.done()
                body = known.result() if known and ready else self._document(name)
                version = body["versions"][entry["version"]]
                resolved = str(version["dist"]["tarball"])
            except (KeyError, TypeError):
                raise NotFoundError(
                    f"{name}@{entry.get('version')}: there is no such version at "
                    f"{without_password(registry)}"
                ) from None
        url = urljoin(registry, resolved)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RegistryError(
                f"{name}: odd address of a tarball: {without_password(url)!r}"
            )
        # A mirror may name the addresses of what it mirrors.
        rule = self.config.text("replace-registry-host", "npmjs")
        mirrored = urlsplit(DEFAULT_REGISTRY).hostname if rule == "npmjs" else rule
        if rule == "always" or parts.hostname == mirrored:
            return registry + parts.path.lstrip("/")
        return url


def _slim(data: bytes, url: str) -> dict[str, Any]:
    """What an installer needs of a document, checked for its form."""
    try:
        found = json.loads(data)
        versions = {
            str(version): {key: entry[key] for key in _FIELDS if key in entry}
            for version, entry in found["versions"].items()
        }
        tags = {str(tag): str(v) for tag, v in found.get("dist-tags", {}).items()}
        body = {"versions": versions, "dist-tags": tags}
        if isinstance(found.get("time"), dict):
            body["time"] = found["time"]
        return body
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RegistryError(
            f"{without_password(url)}: the answer is no document of a package"
        ) from None


def _moment(value: object) -> datetime | None:
    try:
        text = str(value).replace("Z", "+00:00")
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _before(config: Config) -> datetime | None:
    """The moment after which nothing published counts."""
    if text := config.text("before"):
        if moment := _moment(text):
            return moment
        raise ConfigError(f"npm's setting before is {text!r}, not a date")
    if days := config.number("min-release-age", 0):
        return datetime.now(timezone.utc) - timedelta(days=days)
    return None
