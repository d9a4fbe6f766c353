"""RegExp.$1 and its like: the last match (the proposal RegExp legacy features)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.builtin import builtin

__all__ = ["add_legacy"]

_input: list[Any] = [None]


def _last() -> tuple[str, list[Any], Any]:
    from napi.runtime import regexp
    from napi.runtime.utf16 import split

    text, spans = regexp.last_match
    return split(text), regexp.pieces(text, spans), spans


def _group(number: int) -> Callable[[Any], str]:
    def get(this: Any) -> str:
        pieces = _last()[1]
        return pieces[number] or "" if number < len(pieces) else ""

    return get


def _input_of(this: Any) -> Any:
    from napi.runtime import regexp

    return regexp.last_match[0] if _input[0] is None else _input[0]


def _set_input(this: Any, value: Any) -> None:
    _input[0] = shim.to_string(value)


def _match(this: Any) -> str:
    return _last()[1][0] or ""


def _paren(this: Any) -> str:
    pieces = _last()[1]
    return pieces[-1] or "" if len(pieces) > 1 else ""


def _left(this: Any) -> str:
    units, _, spans = _last()
    return units[: spans[0][0]]


def _right(this: Any) -> str:
    units, _, spans = _last()
    return units[spans[0][1] :]


def _ignore(this: Any, value: Any) -> None:
    return None


def add_legacy(target: Any) -> None:
    """Adds the accessors to the constructor RegExp."""
    members: list[tuple[str, Any, Any]] = [
        ("input", _input_of, _set_input),
        ("$_", _input_of, _set_input),
        ("lastMatch", _match, _ignore),
        ("$&", _match, _ignore),
        ("lastParen", _paren, _ignore),
        ("$+", _paren, _ignore),
        ("leftContext", _left, _ignore),
        ("$`", _left, _ignore),
        ("rightContext", _right, _ignore),
        ("$'", _right, _ignore),
    ]
    members += [(f"${number}", _group(number), _ignore) for number in range(1, 10)]
    for name, get, set_ in members:
        shim.define(
            target,
            name,
            get=builtin(get, f"get {name}"),
            set=builtin(set_, f"set {name}"),
            enumerable=False,
            configurable=True,
        )
