"""The texts of the values that JSON.parse found, for its reviver (ECMA-262 25.5.1)."""

from __future__ import annotations

import functools
import json
from json.decoder import scanstring  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any

from napi._native import shim

__all__ = ["Leaf", "sources"]

_LITERALS = {None: "null", True: "true", False: "false"}


class Leaf:
    """A value that is no object or array.

    Args:
        value: The value, as JavaScript has it.
        source: Its text.
    """

    __slots__ = ("source", "value")

    def __init__(self, value: Any, source: str) -> None:
        self.value = value
        self.source = source

    def is_still(self, value: Any) -> bool:
        """Whether a value is the one that was parsed."""
        same = type(value) is type(self.value) and value == self.value
        return bool(same) and str(value) == str(self.value)  # 0 is not -0


def _string(text: str, begin: int, strict: bool = True) -> tuple[Leaf, int]:
    value, end = scanstring(text, begin, strict)
    return Leaf(value, text[begin - 1 : end]), end


@functools.cache
def _decoder(parse_int: Any, parse_float: Any) -> Any:
    made: Any = json.JSONDecoder(
        object_pairs_hook=dict,
        parse_int=lambda text: Leaf(parse_int(text), text),
        parse_float=lambda text: Leaf(parse_float(text), text),
    )
    made.parse_string = _string
    made.scan_once = py_make_scanner(made)
    return made


def _literals(found: Any) -> Any:
    """true, false and null are leaves, too."""
    if type(found) is list:
        return [_literals(one) for one in found]
    if type(found) is dict:
        return {key: _literals(one) for key, one in found.items()}
    if isinstance(found, Leaf):
        return found
    return Leaf(shim.null if found is None else found, _LITERALS[found])


def sources(text: str, parse_int: Any, parse_float: Any) -> Any:
    """A dict, list or :class:`Leaf` for each value of a valid text.

    Args:
        text: The JSON text.
        parse_int: Makes the value of an integer's text.
        parse_float: Makes that of another number's.
    """
    return _literals(_decoder(parse_int, parse_float).decode(text))
