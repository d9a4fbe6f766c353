"""HTTP as an installer needs it: tries again, follows, limits, explains."""

from __future__ import annotations

import random
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from typing import BinaryIO, NamedTuple
from urllib.parse import urljoin, urlsplit

import truststore
import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationValueError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from .config import Config, without_password
from .errors import ConfigError, RegistryError

__all__ = ["Answer", "Transport"]

TRIES = 4
TIMEOUT = 60.0  # seconds without a byte
CONNECT = 15.0
PAUSE = 0.5  # before the second try; doubles
SLOWEST = 1024  # bytes in one timeout: less is as good as nothing
MOST_HOPS = 6
_CHUNK = 1 << 16
_AGAIN = {408, 420, 425, 429, 500, 502, 503, 504}
_PROXY_LOGIN = "; the proxy needs a login: http://user:password@host:port"
_TUNNEL = re.compile(r"Tunnel connection failed: (\d+) ([\w ]*)")
_REDIRECTS = {301, 302, 303, 307, 308}


class Answer(NamedTuple):
    """What came back; the body went where the caller wanted it."""

    status: int
    headers: Mapping[str, str]


class _Again(Exception):
    """This try failed; the next one may not."""


class Transport:
    """Asks addresses as the configuration says. Safe for threads."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.stopping = threading.Event()
        retries = config.number("fetch-retries", TRIES - 1)
        self._tries = int(retries) + 1
        self._pause = config.number("fetch-retry-mintimeout", PAUSE * 1000) / 1000
        self._pause_most = config.number("fetch-retry-maxtimeout", 60_000) / 1000
        self._timeout = config.number("fetch-timeout", TIMEOUT * 1000) / 1000 or None
        self._lock = threading.Lock()
        self._pools: dict[tuple[str, object], urllib3.PoolManager] = {}
        self._open: set[urllib3.BaseHTTPResponse] = set()

    def close(self) -> None:
        """End what is under way: nobody waits for it any more."""
        self.stopping.set()
        with self._lock:
            for response in self._open:
                try:
                    response.shutdown()
                except (OSError, ValueError, RuntimeError):
                    response.close()
            for pool in self._pools.values():
                pool.clear()

    def read(
        self,
        url: str,
        into: BinaryIO,
        *,
        most: int,
        headers: Mapping[str, str],
        registry: str = "",
        decode: bool = False,
        told: Callable[[int], object] = lambda count: None,
    ) -> Answer:
        """Read what is behind an address.

        Args:
            url: the address.
            into: gets the body; emptied before each try.
            most: bytes that the body may have.
            headers: of the request, without the credentials.
            registry: whose credentials its own host gets.
            decode: whether to undo a Content-Encoding.
            told: called with the number of each new bytes, negative on a new try.

        Raises:
            RegistryError: no usable answer; the message names the address.
        """
        last: Exception = RegistryError("")
        for attempt in range(self._tries):
            if attempt:
                self._wait(attempt)
            into.seek(0)
            into.truncate()
            count = 0

            def write(part: bytes) -> None:
                nonlocal count
                count += len(part)
                if count > most:
                    raise RegistryError(
                        f"{without_password(url)} is larger than {most} bytes"
                    )
                into.write(part)
                told(len(part))

            try:
                return self._follow(url, headers, registry, decode, most, write)
            except _Again as error:
                told(-count)
                last = error
        tries = f" ({self._tries} tries)" if self._tries > 1 else ""
        status = last.args[1] if len(last.args) > 1 else 0
        raise RegistryError(f"{without_password(url)}: {last.args[0]}{tries}", status)

    def _wait(self, attempt: int) -> None:
        pause = min(self._pause * 2 ** (attempt - 1), self._pause_most)
        if self.stopping.wait(pause * random.uniform(0.7, 1.3)):
            raise RegistryError("interrupted")

    def _follow(
        self,
        url: str,
        headers: Mapping[str, str],
        registry: str,
        decode: bool,
        most: int,
        write: Callable[[bytes], None],
    ) -> Answer:
        """One try: through all redirects, each with the credentials of its host."""
        first = url
        for _ in range(MOST_HOPS):
            response = self._ask(url, headers, registry)
            try:
                place = response.headers.get("Location")
                if response.status in _REDIRECTS and place:
                    response.drain_conn()
                    url = urljoin(url, place)
                    if urlsplit(url).scheme not in ("http", "https"):
                        raise RegistryError(
                            f"{without_password(first)} redirects to an odd address: "
                            f"{without_password(url)!r}"
                        )
                    continue
                self._check(response, first)
                self._body(response, url, decode, most, write)
                return Answer(response.status, response.headers)
            finally:
                with self._lock:
                    self._open.discard(response)
                response.release_conn()
        raise RegistryError(f"{without_password(first)} redirects without an end")

    def _ask(
        self, url: str, headers: Mapping[str, str], registry: str
    ) -> urllib3.BaseHTTPResponse:
        sent = dict(headers)
        if header := self.config.authorization(url, registry):
            sent["Authorization"] = header
        connect = min(CONNECT, self._timeout or CONNECT)
        try:
            response = self._pool(url).request(
                "GET",
                without_password(url),
                headers=sent,
                preload_content=False,
                redirect=False,
                retries=False,
                timeout=urllib3.Timeout(connect=connect, read=self._timeout),
            )
        except (HTTPError, ValueError) as error:
            raise self._explained(url, error) from None
        with self._lock:
            self._open.add(response)
        if self.stopping.is_set():
            raise RegistryError("interrupted")
        return response

    def _body(
        self,
        response: urllib3.BaseHTTPResponse,
        url: str,
        decode: bool,
        most: int,
        write: Callable[[bytes], None],
    ) -> None:
        said = response.headers.get("Content-Length", "")
        if said.isdigit() and int(said) > most:
            raise RegistryError(f"{without_password(url)} is larger than {most} bytes")
        since, seen = time.monotonic(), 0
        try:
            # What is there, not a whole chunk: the slow are to be noticed.
            while part := response.read1(_CHUNK, decode_content=decode):
                if self.stopping.is_set():
                    raise RegistryError("interrupted")
                write(part)
                seen += len(part)
                now = time.monotonic()
                if self._timeout and now - since > self._timeout:
                    if seen < SLOWEST:
                        raise _Again(f"too slow: {seen} bytes in {now - since:.1f} s")
                    since, seen = now, 0
        except (HTTPError, ValueError) as error:
            response.close()
            raise self._explained(url, error) from None
        except BaseException:
            response.close()  # the rest of the body must not be read
            raise

    def _check(self, response: urllib3.BaseHTTPResponse, url: str) -> None:
        status = response.status
        if status in (200, 304):
            return
        said = f"{status} {response.reason or ''}".strip()
        response.close()
        if status in _AGAIN:
            raise _Again(said, status)
        hint = ""
        if status in (401, 403):
            host = urlsplit(url).netloc.rpartition("@")[2]
            hint = (
                f"; if it needs a login, set //{host}/:_authToken=... in .npmrc"
                " (or check the token that is there)"
            )
        elif status == 407:
            hint = _PROXY_LOGIN
        raise RegistryError(f"{without_password(url)}: {said}{hint}", status)

    def _explained(self, url: str, error: Exception) -> Exception:
        """What an error of the library means for the user."""
        shown, proxy = without_password(url), self.config.proxy(url)
        through = f" through the proxy {without_password(proxy)}" if proxy else ""
        if self.stopping.is_set():
            return RegistryError("interrupted")
        cause = error.original_error if isinstance(error, ProxyError) else error
        if isinstance(cause, SSLError) and "CERTIFICATE" in str(cause).upper():
            return RegistryError(
                f"{shown}: the certificate is not trusted: {cause}; set cafile=... in "
                ".npmrc, or SSL_CERT_FILE, to your organisation's certificates"
            )
        if refusal := _TUNNEL.search(str(cause)):
            status = int(refusal[1])
            hint = _PROXY_LOGIN if status == 407 else ""
            text = f"no tunnel{through}: {refusal[1]} {refusal[2]}"
            if status in _AGAIN:
                return _Again(text, status)
            return RegistryError(f"{shown}: {text}{hint}", status)
        if isinstance(error, LocationValueError):
            return RegistryError(f"{shown} is not a usable address: {error}")
        if isinstance(error, ReadTimeoutError):
            return _Again(f"no answer for {self._timeout:g} s{through}")
        if isinstance(cause, NewConnectionError):
            text = str(cause).partition("] ")[2] or str(cause).rpartition(": ")[2]
            return _Again(f"no connection{through}: {text}")
        if isinstance(error, ConnectTimeoutError):
            return _Again(f"no connection for some seconds{through}")
        return _Again(f"the connection broke{through}: {error}")

    # --- connections ---

    def _pool(self, url: str) -> urllib3.PoolManager:
        proxy = self.config.proxy(url)
        certificate = self.config.client_certificate(url)
        with self._lock:
            found = self._pools.get((proxy, certificate))
            if found is None:
                found = self._make_pool(proxy, certificate)
                self._pools[proxy, certificate] = found
            return found

    def _make_pool(
        self, proxy: str, certificate: tuple[str, str] | None
    ) -> urllib3.PoolManager:
        context = self._context(certificate)
        size = int(self.config.number("maxsockets", 15)) or 1
        if not proxy:
            return urllib3.PoolManager(maxsize=size, ssl_context=context)
        parts = urlsplit(proxy)
        if parts.scheme not in ("http", "https"):
            raise ConfigError(
                f"the proxy {without_password(proxy)!r} is not an http(s) address"
            )
        header = Config({}).authorization(proxy)
        return urllib3.ProxyManager(
            without_password(proxy),
            proxy_headers={"Proxy-Authorization": header} if header else None,
            maxsize=size,
            ssl_context=context,
            proxy_ssl_context=self._context(None),
        )

    def _context(self, certificate: tuple[str, str] | None) -> ssl.SSLContext:
        """What is trusted: ``ca`` or ``cafile`` alone, else what the system trusts."""
        file, texts = self.config.text("cafile"), self.config.lists.get("ca", [])
        if one := self.config.text("ca"):
            texts = [*texts, one]
        context: ssl.SSLContext
        if file or texts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        else:
            context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            if file:
                context.load_verify_locations(file)
            for text in texts:
                context.load_verify_locations(cadata=text.replace("\\n", "\n"))
        except (OSError, ValueError) as error:
            named = f"cafile {file!r}" if file else "ca"
            raise ConfigError(
                f"npm's setting {named} cannot be used: {error}"
            ) from None
        if certificate:
            try:
                context.load_cert_chain(*certificate)
            except OSError as error:
                raise ConfigError(
                    f"the certfile {certificate[0]!r} cannot be used: {error}"
                ) from None
        if not self.config.flag("strict-ssl", True):
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            # A note tells the user once, instead of a warning for each request.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        return context
