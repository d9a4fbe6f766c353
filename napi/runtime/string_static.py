"""The constructor String (ECMA-262, chapter 22.1.1)."""

from __future__ import annotations

import math
from typing import Any

from napi._native import shim
from napi.runtime.box import Box
from napi.runtime.builtin import sized
from napi.runtime.coerce import length_of, show
from napi.runtime.constructor import Constructor, adopt, constructor
from napi.runtime.error import RangeError
from napi.runtime.utf16 import join

__all__ = ["make_string"]


class _String:
    @sized(1)
    def fromCharCode(*codes: Any) -> str:
        if len(codes) == 1 and type(codes[0]) is int and 0 <= codes[0] < 0xD800:
            return chr(codes[0])
        numbers = [shim.to_number(code) for code in codes]
        return join(
            "".join(
                [
                    chr(math.trunc(n) & 0xFFFF if math.isfinite(n) else 0)
                    for n in numbers
                ]
            )
        )

    @sized(1)
    def fromCodePoint(*codes: Any) -> str:
        text = ""
        for code in codes:
            number = shim.to_number(code)
            if not (0 <= number <= 0x10FFFF and float(number).is_integer()):
                raise RangeError(f"Invalid code point {show(number)}")
            text += chr(int(number))
        return join(text)

    @sized(1)
    def raw(strings: Any = None, *values: Any) -> str:
        from napi.runtime.object import _to_object

        parts = _to_object(shim.get(_to_object(strings), "raw"))
        length, text = length_of(parts), []
        for index in range(length):
            text.append(shim.to_string(shim.get(parts, str(index))))
            if index + 1 < length and index < len(values):
                text.append(shim.to_string(values[index]))
        return join("".join(text))


def make_string(prototype: Any) -> Constructor:
    """Makes the constructor String."""

    def call(this: Any, *arguments: Any) -> Any:
        if not arguments:
            return ""
        value = arguments[0]
        return show(value) if shim.typeof(value) == "symbol" else shim.to_string(value)

    def construct(new_target: Any, *arguments: Any) -> Any:
        text = shim.to_string(arguments[0]) if arguments else ""
        return adopt(Box.of(text), new_target, made)

    made = constructor("String", prototype, construct, call=call, members=_String)
    return made
