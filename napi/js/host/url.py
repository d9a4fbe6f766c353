"""``url``: URL, files and URLs, and the old parser."""

from __future__ import annotations

import re
import sys
from functools import partial
from typing import Any
from urllib.parse import quote, unquote

from napi._native import shim
from napi.js.host import path as _path
from napi.js.host._errors import invalid_type, need_text, node_error
from napi.js.host._kit import exports_of, get, is_object, klass, lazy, make
from napi.runtime.realm import kept

__all__ = ["exports", "is_url", "path_of_url", "url_of_path"]


def is_url(value: Any) -> bool:
    """Whether a value is a URL: by its properties, as Node looks."""
    if not is_object(value) or callable(value):
        return False
    href, protocol = shim.get(value, "href"), shim.get(value, "protocol")
    return (
        isinstance(href, str)
        and isinstance(protocol, str)
        and bool(href and protocol)
        and shim.get(value, "auth") is None
        and shim.get(value, "path") is None
    )


def path_of_url(value: Any) -> str:
    """The path of a ``file:`` URL.

    Raises:
        napi.TypeError: It has another scheme, a host, or an escaped slash.
    """
    if isinstance(value, str):
        href = str(value)
        if not href.startswith("file:"):
            text = (
                "Invalid URL" if ":" not in href else "The URL must be of scheme file"
            )
            code = "ERR_INVALID_URL" if ":" not in href else "ERR_INVALID_URL_SCHEME"
            raise node_error("TypeError", code, text)
        rest = href[5:].partition("?")[0].partition("#")[0]
        if rest.startswith("//"):
            host, slash, tail = rest[2:].partition("/")
            rest = slash + tail
        else:
            host = ""
    elif is_url(value):
        if shim.get(value, "protocol") != "file:":
            text = "The URL must be of scheme file"
            raise node_error("TypeError", "ERR_INVALID_URL_SCHEME", text)
        host, rest = str(shim.get(value, "hostname")), str(shim.get(value, "pathname"))
    else:
        raise invalid_type("path", ["string", "URL"], value)
    if host not in ("", "localhost"):
        text = f'File URL host must be "localhost" or empty on {sys.platform}'
        raise node_error("TypeError", "ERR_INVALID_FILE_URL_HOST", text)
    if re.search("%2f", rest, re.I):
        text = "File URL path must not include encoded / characters"
        raise node_error("TypeError", "ERR_INVALID_FILE_URL_PATH", text)
    return unquote(rest, errors="surrogateescape") or "/"


def url_of_path(path: str) -> str:
    """The ``file:`` URL of a path."""
    found = _path.resolve(path)
    if path.endswith("/") and not found.endswith("/"):
        found += "/"
    return "file://" + quote(found, safe="/:@!$&'()*+,;=-._~", errors="surrogateescape")


_PATTERN = re.compile(
    r"(?P<protocol>[a-zA-Z][a-zA-Z0-9.+-]*:)?"
    r"(?P<slashes>//(?=[^/]))?"
    r"(?P<rest>[^?#]*)(?P<search>\?[^#]*)?(?P<hash>#.*)?",
    re.S,
)
_FIELDS = [
    "protocol",
    "slashes",
    "auth",
    "host",
    "port",
    "hostname",
    "hash",
    "search",
    "query",
    "pathname",
    "path",
    "href",
]


_SLASHED = ("http:", "https:", "ftp:", "gopher:", "file:", "ws:", "wss:")


def _parse(text: str, with_query: bool, slashes_host: bool, prototype: Any) -> Any:
    made = shim.create(prototype)
    for name in _FIELDS:
        shim.set(made, name, shim.null)
    text = text.strip()
    match = _PATTERN.fullmatch(text)
    if match is None:
        return made
    rest, has_host = match["rest"], bool(match["slashes"])
    protocol = match["protocol"].lower() if match["protocol"] else None
    if has_host and not protocol and not slashes_host:
        rest, has_host = f"//{rest}", False
    if not has_host and protocol == "file:" and rest.startswith("//"):
        rest, has_host = rest[2:], True
    if protocol and protocol not in _SLASHED and protocol != "javascript:":
        has_host = True
    if protocol:
        shim.set(made, "protocol", protocol)
    if has_host:
        host, slash, tail = rest.partition("/")
        auth, at, host = host.rpartition("@")
        if at:
            shim.set(made, "auth", unquote(auth))
        name, colon, port = host.rpartition(":")
        if not colon or not port.isdigit():
            name, port = host, ""
        if match["slashes"]:
            shim.set(made, "slashes", True)
        shim.set(made, "host", host.lower())
        shim.set(made, "hostname", name.strip("[]").lower())
        if port:
            shim.set(made, "port", port)
        rest = slash + tail
        if not rest and protocol in _SLASHED:
            rest = "/"
    search = match["search"]
    query = (search or "?")[1:] if search is not None else None
    if with_query:
        shim.set(made, "query", _query(query or ""))
        shim.set(made, "search", search if search is not None else "")
    elif search is not None:
        shim.set(made, "search", search)
        shim.set(made, "query", query)
    if match["hash"] is not None:
        shim.set(made, "hash", match["hash"])
    if rest:
        shim.set(made, "pathname", rest)
    if rest or search:
        shim.set(made, "path", rest + (search or ""))
    shim.set(made, "href", _format(made))
    return made


def _query(text: str) -> Any:
    from napi.js.host import load

    return shim.call(shim.get(load("querystring"), "parse"), None, text)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str) else ""


def _format(given: Any) -> str:
    auth = _text(get(given, "auth"))
    protocol = _text(get(given, "protocol"))
    if protocol and not protocol.endswith(":"):
        protocol += ":"
    host = _text(get(given, "host"))
    if not host and get(given, "hostname"):
        host = _text(get(given, "hostname"))
        host = f"[{host}]" if ":" in host else host
        port = get(given, "port")
        if port not in (None, shim.null, ""):
            host += f":{shim.to_string(port)}"
    if host and auth:
        host = quote(auth, safe=":-_.!~*'()") + "@" + host
    query, search = get(given, "query"), _text(get(given, "search"))
    if not search and is_object(query):
        from napi.js.host import load

        words = shim.call(shim.get(load("querystring"), "stringify"), None, query)
        search = f"?{words}" if words else ""
    if search and not search.startswith("?"):
        search = f"?{search}"
    pathname = _text(get(given, "pathname")).replace("?", "%3F").replace("#", "%23")
    tag = _text(get(given, "hash"))
    tag = f"#{tag}" if tag and not tag.startswith("#") else tag
    special = protocol in _SLASHED and host
    if get(given, "slashes") is True or special or protocol == "file:":
        host = f"//{host}"
        if pathname and not pathname.startswith("/"):
            pathname = f"/{pathname}"
    return f"{protocol}{host}{pathname}{search.replace('#', '%23')}{tag}"


def _init_url(this: Any, *_: Any) -> None:
    for name in _FIELDS:
        shim.set(this, name, shim.null)


class _Url:
    def parse(this: Any, url: Any, parseQuery: Any = None, slashes: Any = None) -> Any:
        prototype = shim.get_prototype(this)
        found = _parse(
            need_text(url, "url"), bool(parseQuery), bool(slashes), prototype
        )
        for name in _FIELDS:
            shim.set(this, name, shim.get(found, name))
        return this

    def format(this: Any) -> str:
        return _format(this)


def _join(base: Any, relative: Any) -> str:
    from urllib.parse import urljoin

    return urljoin(need_text(base, "url"), need_text(relative, "url"))


class _Module:
    @staticmethod
    def parse(
        url: Any, parseQueryString: Any = None, slashesDenoteHost: Any = None
    ) -> Any:
        prototype = shim.get(_class(), "prototype")
        query, slashes = (
            shim.to_boolean(parseQueryString),
            shim.to_boolean(slashesDenoteHost),
        )
        return _parse(need_text(url, "url"), bool(query), bool(slashes), prototype)

    @staticmethod
    def resolve(source: Any, relative: Any) -> str:
        return _join(source, relative)

    @staticmethod
    def resolveObject(source: Any, relative: Any) -> Any:
        return _Module.parse(_join(source, relative))

    @staticmethod
    def format(urlObject: Any, options: Any = None) -> str:
        if isinstance(urlObject, str):
            return _format(_Module.parse(urlObject))
        if not is_object(urlObject):
            raise invalid_type("urlObject", ["Object", "string"], urlObject)
        if is_url(urlObject):
            return _format_url(urlObject, options)
        return _format(urlObject)

    @staticmethod
    def fileURLToPath(path: Any, options: Any = None) -> str:
        return path_of_url(path)

    @staticmethod
    def pathToFileURL(filepath: Any, options: Any = None) -> Any:
        text = url_of_path(need_text(filepath, "path"))
        return shim.construct(shim.get(shim.get_global(), "URL"), text)

    @staticmethod
    def urlToHttpOptions(url: Any) -> Any:
        names = ("protocol", "hostname", "hash", "search", "pathname", "href")
        made = make(**{name: shim.get(url, name) for name in names})
        shim.set(made, "path", f"{shim.get(url, 'pathname')}{shim.get(url, 'search')}")
        if port := shim.get(url, "port"):
            shim.set(made, "port", shim.to_number(port))
        return made

    @staticmethod
    def domainToASCII(domain: Any) -> str:
        try:
            return str(shim.to_string(domain)).encode("idna").decode()
        except UnicodeError:
            return ""

    @staticmethod
    def domainToUnicode(domain: Any) -> str:
        try:
            return str(shim.to_string(domain)).encode().decode("idna")
        except UnicodeError:
            return ""


def _format_url(url: Any, options: Any) -> str:
    copy = shim.construct(shim.get(shim.get_global(), "URL"), shim.get(url, "href"))
    for name, parts in (("auth", ("username", "password")), ("fragment", ("hash",))):
        if get(options, name) is False:
            for part in parts:
                shim.set(copy, part, "")
    if get(options, "search") is False:
        shim.set(copy, "search", "")
    return str(shim.get(copy, "href"))


def _class() -> Any:
    return kept("url.Url", lambda: klass("Url", _init_url, _Url, call=True))


def exports() -> Any:
    """The module."""
    made = shim.Object()
    shim.set(made, "Url", _class())
    exports_of(_Module, made)
    for name in ("URL", "URLSearchParams"):
        if shim.has(shim.get_global(), name):
            lazy(made, name, partial(shim.get, shim.get_global(), name))
    return made
