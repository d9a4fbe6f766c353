"""The names that a CommonJS file exports, as its text shows them.

An ECMAScript module that imports a CommonJS one needs the names before that has run.
Node finds them in the text; so does this: ``exports.a =``, ``module.exports.a =``,
``Object.defineProperty(exports, "a"``, ``module.exports = { a, b: 1 }``, and
``module.exports = require("./b")`` or ``__exportStar(require("./b"), exports)``, which
stand for the names of the other file.

Source: "CommonJS Namespaces" of Node's manual.
"""

# Paths are texts here, as Node has them.
# ruff: noqa: PTH123

from __future__ import annotations

import re

from napi import resolve as _resolve
from napi.resolve import ResolveError

__all__ = ["exported_names"]

_NAME = r"[A-Za-z_$][\w$]*"
_EXPORTS = r"(?<![\w$.'\"])(?:module\s*\.\s*)?exports"
_ASSIGNED = re.compile(rf"{_EXPORTS}\s*\.\s*({_NAME})\s*=(?!=)")
_INDEXED = re.compile(rf"{_EXPORTS}\s*\[\s*(['\"])(.*?)\1\s*\]\s*=(?!=)")
_DEFINED = re.compile(
    r"Object\s*\.\s*defineProperty\s*\(\s*"
    rf"{_EXPORTS}\s*,\s*(['\"])(.*?)\1\s*,\s*\{{([^}}]*)"
)
_OBJECT = re.compile(r"(?<![\w$.])module\s*\.\s*exports\s*=\s*\{")
_REEXPORT = re.compile(
    r"(?<![\w$.])module\s*\.\s*exports\s*=\s*require\s*\(\s*(['\"])(.*?)\1\s*\)"
)
_STAR = re.compile(
    r"(?:__exportStar|__export|tslib\w*\.__exportStar)\s*\(\s*"
    r"require\s*\(\s*(['\"])(.*?)\1\s*\)"
)
_SPREAD = re.compile(r"\.\.\.\s*require\s*\(\s*(['\"])(.*?)\1\s*\)")
_COMMENT = re.compile(
    r"//[^\n]*|/\*.*?\*/|(\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)",
    re.S,
)
_ENTRY = re.compile(rf"\s*({_NAME}|'[^'\\]*'|\"[^\"\\]*\")\s*([,:}}(]|$)")


def _without_comments(source: str) -> str:
    return _COMMENT.sub(lambda match: match[1] or " ", source)


def _skip_value(text: str, at: int) -> int:
    """The place of the comma or brace that ends a value of an object."""
    depth, quote = 0, ""
    while at < len(text):
        letter = text[at]
        if quote:
            if letter == "\\":
                at += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"`":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            if not depth:
                return at
            depth -= 1
        elif letter == "," and not depth:
            return at
        at += 1
    return at


def _object_names(text: str, at: int) -> list[str]:
    """The keys of an object literal, up to what is no plain key."""
    names: list[str] = []
    while True:
        spread = _SPREAD.match(text, at + len(text[at:]) - len(text[at:].lstrip()))
        if spread:
            at = spread.end()
        else:
            match = _ENTRY.match(text, at)
            if match is None:
                return names
            names.append(match[1].strip("'\""))
            at = match.start(2)
            if match[2] in (":", "("):
                at = _skip_value(text, at + (match[2] == ":"))
        if text[at : at + 1] != ",":
            return names
        at += 1


def _names_of(path: str, source: str, seen: set[str]) -> dict[str, None]:
    text = _without_comments(source)
    found = dict.fromkeys(match[1] for match in _ASSIGNED.finditer(text))
    found.update(dict.fromkeys(match[2] for match in _INDEXED.finditer(text)))
    for match in _DEFINED.finditer(text):
        if "enumerable" in match[3] or "value" in match[3]:
            found[match[2]] = None
    others = [match[2] for match in _REEXPORT.finditer(text)][-1:]
    others += [match[2] for match in _STAR.finditer(text)]
    for match in _OBJECT.finditer(text):
        found.update(dict.fromkeys(_object_names(text, match.end())))
        end = _skip_value(text, match.end())
        others += [one[2] for one in _SPREAD.finditer(text[match.end() : end])]
    for other in others:
        found.update(_other_names(other, path, seen))
    return found


def _other_names(specifier: str, path: str, seen: set[str]) -> dict[str, None]:
    """The names of a file that this one exports as its own."""
    try:
        target = _resolve.locate(specifier, path, kind="require")
    except ResolveError:
        return {}
    if target.builtin or target.path in seen or target.format in ("json", "addon"):
        return {}
    seen.add(target.path)
    try:
        with open(target.path, encoding="utf-8", errors="replace") as file:
            return _names_of(target.path, file.read(), seen)
    except OSError:
        return {}


def exported_names(path: str, source: str) -> list[str]:
    """The names that a CommonJS file exports.

    Args:
        path: The file; what it exports of others is looked up from there.
        source: Its text.
    """
    names = _names_of(path, source, {path})
    return [name for name in names if name != "default"]
