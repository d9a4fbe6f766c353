"""``path``: paths as texts, in the two dialects (Node.js, Path)."""

# Paths are texts here, with Node's own rules for slashes and dots.
# ruff: noqa: PTH109

from __future__ import annotations

import os
from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type, need_object, need_text
from napi.js.host._kit import exports_of, get
from napi.runtime.realm import kept

__all__ = ["exports", "join", "normalize", "relative", "resolve"]


def _reduce(path: str, above_root: bool, separator: str, slashes: str) -> str:
    """The segments without ``.`` and without what ``..`` takes away."""
    kept: list[str] = []
    for slash in slashes[1:]:
        path = path.replace(slash, slashes[0])
    for segment in path.split(slashes[0]):
        if segment in ("", "."):
            continue
        if segment == ".." and kept and kept[-1] != "..":
            kept.pop()
        elif segment != ".." or above_root:
            kept.append(segment)
    return separator.join(kept)


def normalize(path: str) -> str:
    """A POSIX path without ``.``, ``..`` and double slashes."""
    if not path:
        return "."
    absolute, trailing = path.startswith("/"), path.endswith("/")
    reduced = _reduce(path, not absolute, "/", "/")
    if not reduced:
        return "/" if absolute else "./" if trailing else "."
    if trailing:
        reduced += "/"
    return "/" + reduced if absolute else reduced


def join(*parts: str) -> str:
    """POSIX paths, one after the other, normalized."""
    joined = "/".join(part for part in parts if part)
    return normalize(joined) if joined else "."


def resolve(*parts: str) -> str:
    """The absolute POSIX path that a sequence of ``cd`` would lead to."""
    found = ""
    for part in (*reversed(parts), os.getcwd()):
        if part:
            found = f"{part}/{found}" if found else part
            if part.startswith("/"):
                break
    return "/" + _reduce(found, False, "/", "/")


def relative(start: str, end: str) -> str:
    """The way from one POSIX path to another."""
    if start == end:
        return ""
    here = [part for part in resolve(start).split("/") if part]
    there = [part for part in resolve(end).split("/") if part]
    common = 0
    for left, right in zip(here, there, strict=False):
        if left != right:
            break
        common += 1
    return "/".join([".."] * (len(here) - common) + there[common:])


def _base_name(name: str, suffix: Any) -> str:
    if suffix and suffix != name and name.endswith(suffix):
        return name[: -len(suffix)]
    return name


def _extension(name: str) -> str:
    dot = name.rfind(".")
    if dot <= 0 or name == ".." or not name.strip("."):
        return "." if dot > 0 and name != ".." else ""
    return name[dot:]


def _texts(parts: tuple[Any, ...], name: str = "path") -> list[str]:
    return [need_text(part, name) for part in parts]


def _format(separator: str, given: Any) -> str:
    need_object(given, "pathObject")
    folder = get(given, "dir") or get(given, "root") or ""
    extension = get(given, "ext") or ""
    if extension and not extension.startswith("."):
        extension = "." + extension
    base = get(given, "base") or f"{get(given, 'name') or ''}{extension}"
    if not folder:
        return str(base)
    if folder == (get(given, "root") or ""):
        return f"{folder}{base}"
    return f"{folder}{separator}{base}"


def _parsed(root: str, folder: str, base: str) -> Any:
    extension = _extension(base)
    name = base[: len(base) - len(extension)] if extension else base
    made = shim.Object()
    parts = {"root": root, "dir": folder, "base": base, "ext": extension}
    for key, value in {**parts, "name": name}.items():
        shim.set(made, key, value)
    return made


class _Posix:
    @staticmethod
    def basename(path: Any, suffix: Any = None) -> str:
        if suffix is not None:
            need_text(suffix, "suffix")
        stripped = need_text(path, "path").rstrip("/")
        return _base_name(stripped.rpartition("/")[2], suffix)

    @staticmethod
    def dirname(path: Any) -> str:
        text = need_text(path, "path")
        end = text.rstrip("/").rfind("/", 1)
        if end < 0:
            return "/" if text.startswith("/") else "."
        return "//" if end == 1 and text.startswith("/") else text[:end]

    @staticmethod
    def extname(path: Any) -> str:
        return _extension(need_text(path, "path").rstrip("/").rpartition("/")[2])

    @staticmethod
    def format(pathObject: Any) -> str:
        return _format("/", pathObject)

    @staticmethod
    def isAbsolute(path: Any) -> bool:
        return need_text(path, "path").startswith("/")

    @staticmethod
    def join(*paths: Any) -> str:
        return join(*_texts(paths))

    @staticmethod
    def matchesGlob(path: Any, pattern: Any) -> bool:
        from napi.js.host._glob import matches

        return matches(need_text(path, "path"), need_text(pattern, "pattern"))

    @staticmethod
    def normalize(path: Any) -> str:
        return normalize(need_text(path, "path"))

    @staticmethod
    def parse(path: Any) -> Any:
        text = need_text(path, "path")
        root = "/" if text.startswith("/") else ""
        stripped = text.rstrip("/")
        folder, slash, base = stripped.rpartition("/")
        if slash and not folder:
            folder = "/"
        return _parsed(root, folder if slash else root if not base else "", base)

    @staticmethod
    def relative(from_: Any, to: Any) -> str:
        return relative(need_text(from_, "from"), need_text(to, "to"))

    @staticmethod
    def resolve(*paths: Any) -> str:
        return resolve(*_texts(paths, "paths[0]"))

    @staticmethod
    def toNamespacedPath(path: Any) -> Any:
        return path


def _root_of(path: str) -> tuple[str, str, bool]:
    """Device, the rest after device and root, and whether the path is absolute."""
    flat = path.replace("/", "\\")
    if flat.startswith("\\\\") and flat[2:3] not in ("", "\\"):
        host, _, rest = flat[2:].partition("\\")
        share, slash, tail = rest.lstrip("\\").partition("\\")
        if host and share:
            return f"\\\\{host}\\{share}", slash + tail, True
    if len(flat) > 1 and flat[1] == ":" and flat[0].isalpha():
        return path[:2], flat[2:], flat[2:3] == "\\"
    return "", flat, flat.startswith("\\")


class _Win32:
    @staticmethod
    def basename(path: Any, suffix: Any = None) -> str:
        if suffix is not None:
            need_text(suffix, "suffix")
        text = need_text(path, "path").replace("/", "\\")
        if text[1:2] == ":" and text[:1].isalpha():
            text = text[2:]
        return _base_name(text.rstrip("\\").rpartition("\\")[2], suffix)

    @staticmethod
    def dirname(path: Any) -> str:
        text = need_text(path, "path")
        device, rest, absolute = _root_of(text)
        stripped = rest.rstrip("\\")
        folder, slash, _ = stripped.rpartition("\\")
        if not slash and not absolute:
            return device or "."
        size = len(device) + max(len(folder), 1 if absolute else 0)
        return text[:size] or "."

    @staticmethod
    def extname(path: Any) -> str:
        return _extension(_Win32.basename(path))

    @staticmethod
    def format(pathObject: Any) -> str:
        return _format("\\", pathObject)

    @staticmethod
    def isAbsolute(path: Any) -> bool:
        text = need_text(path, "path")
        device, rest, _ = _root_of(text)
        return text[:1] in ("/", "\\") or bool(device and rest.startswith("\\"))

    @staticmethod
    def join(*paths: Any) -> str:
        parts = [part for part in _texts(paths) if part]
        if not parts:
            return "."
        joined = "\\".join(parts)
        first = parts[0]
        slashes = len(joined) - len(joined.lstrip("/\\"))
        # Only a first part that begins with two slashes is a UNC path.
        if slashes >= 2 and not (
            first[:2] in ("//", "\\\\", "/\\", "\\/") and len(first) > 2
        ):
            joined = "\\" + joined[slashes:]
        return _Win32.normalize(joined)

    @staticmethod
    def matchesGlob(path: Any, pattern: Any) -> bool:
        from napi.js.host._glob import matches

        text = need_text(path, "path").replace("\\", "/")
        return matches(text, need_text(pattern, "pattern").replace("\\", "/"))

    @staticmethod
    def normalize(path: Any) -> str:
        text = need_text(path, "path")
        if not text:
            return "."
        device, rest, absolute = _root_of(text)
        reduced = _reduce(rest, not absolute, "\\", "\\")
        if not reduced and not absolute:
            reduced = "."
        if reduced and rest.endswith("\\"):
            reduced += "\\"
        return f"{device}\\{reduced}" if absolute else f"{device}{reduced}"

    @staticmethod
    def parse(path: Any) -> Any:
        text = need_text(path, "path")
        device, rest, absolute = _root_of(text)
        size = len(device) + (1 if absolute and rest else 0)
        stripped = text[size:].rstrip("/\\")
        cut = max(stripped.rfind("/"), stripped.rfind("\\"))
        folder = text[: size + cut] if cut > 0 else text[:size]
        return _parsed(text[:size], folder, stripped[cut + 1 :])

    @staticmethod
    def relative(from_: Any, to: Any) -> str:
        here = _Win32.resolve(need_text(from_, "from"))
        there = _Win32.resolve(need_text(to, "to"))
        if here.lower() == there.lower():
            return ""
        left = [part for part in here.split("\\") if part]
        right = [part for part in there.split("\\") if part]
        common = 0
        for one, other in zip(left, right, strict=False):
            if one.lower() != other.lower():
                break
            common += 1
        if not common:
            return there
        return "\\".join([".."] * (len(left) - common) + right[common:])

    @staticmethod
    def resolve(*paths: Any) -> str:
        device, tail, absolute = "", "", False
        here = os.getcwd().replace("/", "\\")
        for part in (*reversed(_texts(paths, "paths[0]")), here):
            if not part:
                continue
            found, rest, rooted = _root_of(part)
            if found and device and found.lower() != device.lower():
                continue
            device = device or found
            if not absolute:
                tail, absolute = f"{rest}\\{tail}", rooted
            if absolute and device:
                break
        reduced = _reduce(tail, not absolute, "\\", "\\")
        return (f"{device}\\{reduced}" if absolute else f"{device}{reduced}") or "."

    @staticmethod
    def toNamespacedPath(path: Any) -> Any:
        if not isinstance(path, str) or not path:
            return path
        full = _Win32.resolve(path)
        if full.startswith("\\\\") and full[2:3] not in ("?", "."):
            return "\\\\?\\UNC\\" + full[2:]
        return f"\\\\?\\{full}" if full[1:3] == ":\\" else path


def _both() -> tuple[Any, Any]:
    found: tuple[Any, Any] = kept("path", _make)
    return found


def _make() -> tuple[Any, Any]:
    posix, win32 = exports_of(_Posix), exports_of(_Win32)
    for made, separator, delimiter in ((posix, "/", ":"), (win32, "\\", ";")):
        shim.set(made, "sep", separator)
        shim.set(made, "delimiter", delimiter)
        shim.set(made, "win32", win32)
        shim.set(made, "posix", posix)
        shim.set(made, "_makeLong", shim.get(made, "toNamespacedPath"))
    return posix, win32


def exports() -> Any:
    """The module: the dialect of this system."""
    return _both()[os.name == "nt"]


def path_text(value: Any, name: str = "path") -> str:
    """A path out of a string, a Buffer or a URL of a file.

    Raises:
        napi.TypeError: It is none of them, or has a null byte.
    """
    from napi.js.host._errors import invalid_value
    from napi.js.host.url import is_url, path_of_url

    if isinstance(value, str):
        text = str(value)
    elif isinstance(value, shim.TypedArray):
        text = os.fsdecode(bytes(value))
    elif is_url(value):
        text = path_of_url(value)
    else:
        raise invalid_type(name, ["string", "Buffer", "URL"], value)
    if "\0" in text:
        reason = "must be a string, Uint8Array, or URL without null bytes"
        raise invalid_value(name, value, reason)
    return text
