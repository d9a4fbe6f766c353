"""``util.MIMEType`` and ``MIMEParams`` (MIME Sniffing, chapters 4.4 and 4.5)."""

from __future__ import annotations

import re
from typing import Any

from napi._native import shim
from napi.js.host._errors import node_error
from napi.js.host._kit import function, getter, klass
from napi.runtime.builtin import hidden
from napi.runtime.realm import kept

__all__ = ["params_class", "type_class"]

_STATE = shim.Symbol("kState")
_TOKEN = re.compile(r"[-!#$%&'*+.^_`|~A-Za-z0-9]+")
_QUOTED = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_BLANK = "\r\n\t "


def _invalid(production: str, text: str, index: int = -1) -> Any:
    at = f" at {index}" if index >= 0 else ""
    message = f'The MIME syntax for a {production} in "{text}" is invalid{at}'
    return node_error("TypeError", "ERR_INVALID_MIME_SYNTAX", message)


def _token(text: Any, production: str) -> str:
    given = str(shim.to_string(text))
    found = _TOKEN.match(given)
    if found is None or found.end() != len(given):
        raise _invalid(production, given, -1 if found is None else found.end())
    return given.lower()


def _value(text: str, at: int) -> tuple[str | None, int]:
    """A parameter's value, and where it ends."""
    if text[at : at + 1] != '"':
        end = text.find(";", at)
        end = len(text) if end < 0 else end
        return text[at:end].rstrip(_BLANK) or None, end
    made, at = "", at + 1
    while at < len(text) and text[at] != '"':
        if text[at] == "\\" and at + 1 < len(text):
            at += 1
        made += text[at]
        at += 1
    end = text.find(";", at)
    return made, len(text) if end < 0 else end


def _read_params(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        at += 1  # the semicolon
        while at < len(text) and text[at] in _BLANK:
            at += 1
        end = at
        while end < len(text) and text[end] not in ";=":
            end += 1
        name = text[at:end].lower()
        at = end
        if text[at : at + 1] != "=":
            continue
        value, at = _value(text, at + 1)
        known = _TOKEN.fullmatch(name) is not None and value is not None
        if known and name not in found and _QUOTED.fullmatch(value or ""):
            found[name] = value or ""
    return found


def _show_params(params: dict[str, str]) -> str:
    parts = []
    for name, value in params.items():
        if _TOKEN.fullmatch(value) is None:
            value = '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'
        parts.append(f"{name}={value}")
    return ";".join(parts)


def _params_of(this: Any) -> dict[str, str]:
    found = shim.get(this, _STATE)
    if not isinstance(found, _Params):
        raise node_error("TypeError", "ERR_INVALID_THIS", "Value of this is wrong")
    return found.values


class _Params:
    """The parameters of a MIMEParams."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}


def _init_params(this: Any) -> None:
    hidden(this, _STATE, _Params())


def _each(items: Any) -> Any:
    made = shim.Array(items)
    return shim.call(shim.get(made, "values"), made)


class _ParamsMembers:
    def delete(this: Any, name: Any) -> None:
        _params_of(this).pop(str(shim.to_string(name)), None)

    def get(this: Any, name: Any) -> Any:
        return _params_of(this).get(str(shim.to_string(name)), shim.null)

    def has(this: Any, name: Any) -> bool:
        return str(shim.to_string(name)) in _params_of(this)

    def set(this: Any, name: Any, value: Any) -> None:
        key = _token(name, "parameter name")
        text = str(shim.to_string(value))
        found = _QUOTED.match(text)
        if found is None or found.end() != len(text):
            raise _invalid("parameter value", text, 0 if found is None else found.end())
        _params_of(this)[key] = text

    def entries(this: Any) -> Any:
        return _each(shim.Array(pair) for pair in _params_of(this).items())

    def keys(this: Any) -> Any:
        return _each(_params_of(this))

    def values(this: Any) -> Any:
        return _each(_params_of(this).values())

    def toString(this: Any) -> str:
        return _show_params(_params_of(this))

    def toJSON(this: Any) -> str:
        return _show_params(_params_of(this))


def params_class() -> Any:
    """The class MIMEParams of this realm."""

    def build() -> Any:
        made = klass("MIMEParams", _init_params, _ParamsMembers)
        prototype = shim.get(made, "prototype")
        entries = shim.get(prototype, "entries")
        hidden(prototype, shim.Symbol.iterator, entries)
        return made

    return kept("util.MIMEParams", build)


class _Type:
    """What a MIMEType is."""

    def __init__(self, kind: str, subtype: str, params: Any) -> None:
        self.kind, self.subtype, self.params = kind, subtype, params


def _init_type(this: Any, input: Any = None) -> None:
    text = str(shim.to_string(input)).strip(_BLANK)
    kind, slash, rest = text.partition("/")
    if not slash:
        raise _invalid("type", text)
    subtype, semicolon, tail = rest.partition(";")
    kind = _part(kind, "type", text)
    subtype = _part(subtype.rstrip(_BLANK), "subtype", text)
    params = shim.construct(params_class())
    _params_of(params).update(_read_params(semicolon + tail))
    hidden(this, _STATE, _Type(kind, subtype, params))


def _part(part: str, production: str, text: str) -> str:
    found = _TOKEN.match(part)
    if found is None or found.end() != len(part):
        raise _invalid(production, text, -1 if found is None else found.end())
    return part.lower()


def _type_of(this: Any) -> _Type:
    found = shim.get(this, _STATE)
    if not isinstance(found, _Type):
        raise node_error("TypeError", "ERR_INVALID_THIS", "Value of this is wrong")
    return found


def _text(this: Any) -> str:
    state = _type_of(this)
    tail = _show_params(_params_of(state.params))
    return f"{state.kind}/{state.subtype}{';' if tail else ''}{tail}"


class _TypeMembers:
    def toString(this: Any) -> str:
        return _text(this)

    def toJSON(this: Any) -> str:
        return _text(this)


def type_class() -> Any:
    """The class MIMEType of this realm."""

    def set_type(this: Any, value: Any) -> None:
        _type_of(this).kind = _token(value, "type")

    def set_subtype(this: Any, value: Any) -> None:
        _type_of(this).subtype = _token(value, "subtype")

    def essence(this: Any) -> str:
        state = _type_of(this)
        return f"{state.kind}/{state.subtype}"

    def parse(input: Any = None) -> Any:
        try:
            return shim.construct(type_class(), input)
        except Exception:
            return shim.null

    def build() -> Any:
        made = klass("MIMEType", _init_type, _TypeMembers, length=1)
        prototype = shim.get(made, "prototype")
        getter(prototype, "type", lambda this: _type_of(this).kind, set_type)
        getter(prototype, "subtype", lambda this: _type_of(this).subtype, set_subtype)
        getter(prototype, "essence", essence)
        getter(prototype, "params", lambda this: _type_of(this).params)
        hidden(made, "parse", function(parse, "parse"))
        return made

    return kept("util.MIMEType", build)
