"""npm's configuration, as far as an installer without Node needs it.

The nearest wins: what the caller sets, the environment (``npm_config_*``), .npmrc in
the project, in the home folder, and the global one. After npm's ``npmrc`` and
``config`` manuals.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit
from urllib.request import getproxies_environment

from .errors import ConfigError

__all__ = ["DEFAULT_REGISTRY", "Config", "load", "without_password"]

# The one place that says where packages come from when no configuration does.
NPM_DOMAIN = "npmjs.org"
DEFAULT_REGISTRY = f"https://registry.{NPM_DOMAIN}/"

_TRUE = {"true", "1", "yes", "on", ""}
_FALSE = {"false", "0", "no", "off", "null", "undefined"}
_VARIABLE = re.compile(r"(?<!\\)(\\*)\$\{([^${}?]+)(\?)?\}")


class Config:
    """The settings that hold for one project.

    Attributes:
        values: Each setting, the nearest value of it.
        lists: Settings that are lists (``ca[]``).
    """

    def __init__(
        self, values: Mapping[str, str], lists: Mapping[str, list[str]] | None = None
    ) -> None:
        self.values = dict(values)
        self.lists = dict(lists or {})

    def text(self, name: str, default: str = "") -> str:
        """A setting; the default where it is not set or ``null``."""
        value = self.values.get(name, "")
        return default if value.lower() in ("", "null", "undefined") else value

    def flag(self, name: str, default: bool = False) -> bool:
        """A setting that is true or false.

        Raises:
            ConfigError: it is neither.
        """
        value = self.values.get(name)
        if value is None:
            return default
        if value.lower() in _TRUE | _FALSE:
            return value.lower() in _TRUE
        raise ConfigError(f"npm's setting {name} is {value!r}, not true or false")

    def number(self, name: str, default: float) -> float:
        """A setting that is a number, not negative.

        Raises:
            ConfigError: it is not.
        """
        value = self.text(name)
        try:
            number = float(value) if value else default
        except ValueError:
            number = -1
        if number >= 0:
            return number
        raise ConfigError(f"npm's setting {name} is {value!r}, not a number")

    def registry(self, package: str = "") -> str:
        """The address of the registry of a package, ending with a slash.

        Raises:
            ConfigError: the setting is no address.
        """
        scope = package.partition("/")[0] if package.startswith("@") else ""
        url = self.text(f"{scope}:registry") if scope else ""
        url = url or self.text("registry") or DEFAULT_REGISTRY
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(
                f"the registry {without_password(url)!r} is not an http(s) address"
            )
        return url.rstrip("/") + "/"

    def authorization(self, url: str, registry: str = "") -> str:
        """The Authorization header for an address; empty if it needs none.

        The nearest ``//host/path/:_authToken`` (``_auth``, ``username`` with
        ``_password``) counts. An address elsewhere on the registry's host gets what
        is set for the registry; no other host ever does.
        """
        found = self._credentials(url)
        if not found and registry and _origin(url) == _origin(registry):
            found = self._credentials(registry)
        return found or _basic_of(url)

    def _credentials(self, url: str) -> str:
        for place in _places(url):
            if token := self.text(f"{place}:_authToken"):
                return f"Bearer {token}"
            if both := self.text(f"{place}:_auth"):
                return f"Basic {both}"
            user = self.text(f"{place}:username")
            if user and (secret := self.text(f"{place}:_password")):
                try:
                    password = base64.b64decode(secret, validate=True)
                except binascii.Error:
                    raise ConfigError(f"{place}:_password is not base64") from None
                pair = user.encode() + b":" + password
                return "Basic " + base64.b64encode(pair).decode()
        return ""

    def client_certificate(self, url: str) -> tuple[str, str] | None:
        """Paths of the certificate and the key for an address."""
        for place in _places(url):
            certificate = self.text(f"{place}:certfile")
            key = self.text(f"{place}:keyfile")
            if certificate and key:
                return certificate, key
        return None

    def proxy(self, url: str) -> str:
        """The proxy for an address; empty if there is none.

        ``https-proxy``, else ``proxy``; without both the environment's usual
        variables. ``noproxy`` and ``no_proxy`` list the hosts without one.
        """
        parts = urlsplit(url)
        environment = getproxies_environment()
        without = self.text("noproxy") or self.text("no-proxy")
        without = without or environment.get("no", "")
        if _is_listed(parts, without):
            return ""
        for name in ("https-proxy", "proxy"):
            value = self.values.get(name, "")
            if value.lower() == "false":
                return ""
            if self.text(name):
                return _with_scheme(self.text(name))
        found = environment.get(parts.scheme) or environment.get("all", "")
        return _with_scheme(found) if found else ""


def _is_listed(parts: SplitResult, names: str) -> bool:
    """Whether a list has the host, its domain, ``host:port`` or ``*``."""
    host = (parts.hostname or "").lower()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    for name in names.lower().replace(",", " ").split():
        name = name.removeprefix("*.").lstrip(".")
        if name in ("*", host, f"{host}:{port}") or host.endswith(f".{name}"):
            return True
    return False


def _with_scheme(proxy: str) -> str:
    return proxy if "://" in proxy else f"http://{proxy}"


def _origin(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    default = 443 if parts.scheme == "https" else 80
    return (parts.hostname or "").lower(), parts.port or default


def _places(url: str) -> Iterator[str]:
    """``//host:port/a/b/``, ``//host:port/a/`` ... with and without the last slash."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    path = parts.path
    while True:
        path = path.rstrip("/")
        yield f"//{host}{path}/"
        yield f"//{host}{path}"
        if not path:
            return
        path = path.rpartition("/")[0]


def _basic_of(url: str) -> str:
    """The header for a user and a password that stand in the address itself."""
    parts = urlsplit(url)
    if not parts.username:
        return ""
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def without_password(url: str) -> str:
    """An address as it may be shown."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


# === reading ===


def load(project: Path, overrides: Mapping[str, str] | None = None) -> Config:
    """Read what holds for a project.

    Args:
        project: its folder.
        overrides: what wins over all the rest.

    Raises:
        ConfigError: a file is there and cannot be read.
    """
    layers: list[dict[str, str]] = [dict(overrides or {}), _environment()]
    lists: dict[str, list[str]] = {}

    def add(path: Path) -> None:
        values, found = _read(path)
        layers.append(values)
        for name, items in found.items():
            lists.setdefault(name, items)

    def known(name: str) -> str:
        return next((layer[name] for layer in layers if layer.get(name)), "")

    user = Path(known("userconfig") or "~/.npmrc").expanduser()
    own = project / ".npmrc"
    if own.resolve() != user.resolve():
        add(own)
    add(user)
    for path in _global_files(known("globalconfig"), known("prefix")):
        if path.is_file():
            add(path)
            break
    merged: dict[str, str] = {}
    for layer in reversed(layers):
        merged.update(layer)
    return Config(merged, lists)


def _environment() -> dict[str, str]:
    found = {}
    for name, value in os.environ.items():
        if not name.lower().startswith("npm_config_") or not value:
            continue
        key = name[len("npm_config_") :]
        if not key.startswith(("//", "@")):
            key = key[:1].lower() + key[1:].lower().replace("_", "-")
        found[key] = value
    return found


def _global_files(named: str, prefix: str) -> list[Path]:
    """Where the global file may be: what is set, beside node, the usual places."""
    if named:
        return [Path(named).expanduser()]
    prefixes = [Path(prefix).expanduser()] if prefix else []
    if os.environ.get("PREFIX"):
        prefixes.append(Path(os.environ["PREFIX"]))
    if node := shutil.which("node"):
        prefixes.append(Path(node).resolve().parent.parent)
    prefixes += [Path("/usr/local"), Path("/usr"), Path(sys.prefix)]
    return [*(each / "etc" / "npmrc" for each in prefixes), Path("/etc/npmrc")]


def _read(path: Path) -> tuple[dict[str, str], dict[str, list[str]]]:
    """One .npmrc: ``name = value``, ``name[] = value``, comments."""
    values: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    try:
        text = path.read_text("utf-8", errors="surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        return values, lists
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
    for line in text.lstrip("\ufeff").splitlines():
        line = line.strip()
        if not line or line[0] in ";#":
            continue
        if line[0] == "[":  # npm has no sections: what follows is not for it
            break
        name, equals, value = line.partition("=")
        name, value = _expand(name.strip()), _unquote(value.strip())
        value = _expand(value) if equals else "true"
        if name.endswith("[]"):
            lists.setdefault(name[:-2], []).append(value)
        else:
            values[name] = value
    return values, lists


def _unquote(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        try:
            return str(json.loads(value))
        except ValueError:
            return value[1:-1]
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1]
    return re.split(r"(?<!\\)[;#]", value)[0].strip() if value else value


def _expand(text: str) -> str:
    """``${NAME}`` from the environment; what is not set stays as it is written."""

    def replace(match: re.Match[str]) -> str:
        value = os.environ.get(match[2])
        if value is None:
            return "" if match[3] else match[0]
        return match[1] + value

    return _VARIABLE.sub(replace, text)
