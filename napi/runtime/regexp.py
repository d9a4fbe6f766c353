"""RegExp: the constructor, ``exec`` and what it is made of (ECMA-262, chapter 22.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.builtin import accessor, getter, install
from napi.runtime.coerce import is_callable, is_object, is_regexp, show, to_length
from napi.runtime.constructor import allocate, publish
from napi.runtime.error import SyntaxError, TypeError
from napi.runtime.regexp_engine import Matcher, Spans, compiled
from napi.runtime.utf16 import join, split

__all__ = ["RegExp", "advance", "exec_with", "find", "is_pristine", "pieces"]

_FLAGS = {
    "d": "hasIndices",
    "g": "global",
    "i": "ignoreCase",
    "m": "multiline",
    "s": "dotAll",
    "u": "unicode",
    "v": "unicodeSets",
    "y": "sticky",
}


class RegExp(shim.Host):
    """JavaScript's ``RegExp``.

    Args:
        pattern: The source text, or another RegExp.
        flags: Letters out of ``dgimsuvy``.

    Raises:
        napi.SyntaxError: The pattern or the flags are not valid.
    """

    __module__ = "napi"
    __slots__ = ("__flags__", "__matcher__", "__source__")
    __source__: str
    __flags__: str
    __matcher__: Matcher
    prototype: Any

    def __init__(self, pattern: Any = "", flags: Any = None) -> None:
        if isinstance(pattern, RegExp):
            flags = pattern.__flags__ if flags is None else flags
            pattern = pattern.__source__
        _initialize(self, pattern, flags)

    def __repr__(self) -> str:
        return f"/{_escaped(self.__source__)}/{self.__flags__}"


def make(source: str, flags: str) -> Any:
    """A new RegExp, as a literal makes one.

    Args:
        source: The text between the slashes.
        flags: What follows them.
    """
    made = RegExp.__new__(RegExp)
    _set_up(made, source, flags)
    return made


def _set_up(made: Any, source: str, flags: str) -> None:
    for one in flags:
        if one not in _FLAGS or flags.count(one) > 1:
            raise _bad_flags(flags)
    if "u" in flags and "v" in flags:
        raise _bad_flags(flags)
    made.__matcher__ = compiled(source, flags)
    made.__source__ = source
    made.__flags__ = flags
    shim.define(
        made,
        "lastIndex",
        value=0,
        writable=True,
        enumerable=False,
        configurable=False,
    )


def _bad_flags(flags: str) -> Any:
    return SyntaxError(f"Invalid flags supplied to RegExp constructor '{flags}'")


def _initialize(made: Any, pattern: Any, flags: Any) -> None:
    """RegExpInitialize (22.2.3.3)."""
    source = "" if pattern is None else str(shim.to_string(pattern))
    letters = "" if flags is None else str(shim.to_string(flags))
    if hasattr(made, "__source__"):
        _replace(made, source, letters)
    else:
        _set_up(made, source, letters)


def _replace(made: Any, source: str, flags: str) -> None:
    """What ``compile`` does (B.2.4.1)."""
    other = make(source, flags)
    made.__matcher__ = other.__matcher__
    made.__source__, made.__flags__ = source, other.__flags__
    shim.put(made, "lastIndex", 0)


def _escaped(source: str) -> str:
    """EscapeRegExpPattern (22.2.6.13.1)."""
    if not source:
        return "(?:)"
    if not any(one in source for one in "/\n\r\u2028\u2029"):
        return source
    shown, in_class, escaped = "", False, False
    names = {"\n": "\\n", "\r": "\\r", "\u2028": "\\u2028", "\u2029": "\\u2029"}
    for one in source:
        if one in names:
            shown += names[one][1:] if escaped else names[one]
        elif one == "/" and not in_class and not escaped:
            shown += "\\/"
        else:
            shown += one
        if not escaped:
            in_class = one == "[" or (in_class and one != "]")
        escaped = one == "\\" and not escaped
    return shown


# === exec ===

last_match: list[Any] = ["", [(0, 0)]]
"""The text and the groups of the last match, for RegExp.$1 and its like."""


def advance(text: str, index: int, unicode: bool) -> int:
    """AdvanceStringIndex (22.2.7.3)."""
    if not unicode or text.isascii():
        return index + 1
    pair = split(text)[index : index + 2]
    return index + (2 if len(pair) == 2 and len(join(pair)) == 1 else 1)


def find(this: Any, text: str, length: int) -> Spans | None:
    """The matching half of RegExpBuiltinExec (22.2.7.2); sets ``lastIndex``."""
    flags = this.__flags__
    last = shim.get(this, "lastIndex")
    start = last if type(last) is int and last >= 0 else to_length(last)
    sticky = "y" in flags
    moves = sticky or "g" in flags
    if not moves:
        start = 0
    elif start > length:
        shim.put(this, "lastIndex", 0)
        return None
    spans: Spans | None = this.__matcher__.find(text, start, sticky)
    if spans is not None:
        last_match[:] = (text, spans)
    if moves:
        shim.put(this, "lastIndex", 0 if spans is None else spans[0][1])
    return spans


def pieces(text: str, spans: Spans) -> list[str | None]:
    """The texts of all groups."""
    if text.isascii():
        return [None if a < 0 else text[a:b] for a, b in spans]
    whole = split(text)
    return [None if a < 0 else join(whole[a:b]) for a, b in spans]


def length_in_units(text: str) -> int:
    """The length that JavaScript sees."""
    return len(text) if text.isascii() else len(split(text))


def builtin_exec(this: Any, text: str) -> Any:
    """RegExpBuiltinExec (22.2.7.2)."""
    spans = find(this, text, length_in_units(text))
    if spans is None:
        return shim.null
    found = pieces(text, spans)
    matcher = this.__matcher__
    groups = _groups(matcher, found)
    result = shim.js_array(*found, index=spans[0][0], input=text, groups=groups)
    if "d" in this.__flags__:
        shim.set(result, "indices", _indices(matcher, spans))
    return result


def _groups(matcher: Matcher, found: list[Any]) -> Any:
    if not matcher.names:
        return None
    groups = shim.create(shim.null)
    for name, numbers in matcher.names.items():
        values = (found[one] for one in numbers if found[one] is not None)
        shim.set(groups, name, next(values, None))
    return groups


def _indices(matcher: Matcher, spans: Spans) -> Any:
    pairs = [None if a < 0 else shim.Array((a, b)) for a, b in spans]
    return shim.js_array(*pairs, groups=_groups(matcher, pairs))


def exec_with(this: Any, text: str) -> Any:
    """RegExpExec (22.2.7.1): by the object's own ``exec``."""
    method = shim.get(this, "exec")
    if method is _intrinsic.get("exec") and isinstance(this, RegExp):
        return builtin_exec(this, text)
    if is_callable(method):
        result = shim.call(method, this, text)
        if not is_object(result) and result is not shim.null:
            raise TypeError(f"object null is not a function: {show(result)}")
        return result
    if not isinstance(this, RegExp):
        raise _refuse(this, "exec")
    return builtin_exec(this, text)


_intrinsic: dict[str, Any] = {}


def is_pristine(this: Any) -> bool:
    """Whether nobody has replaced what a method would ask the object for."""
    return (
        type(this) is RegExp
        and shim.get(this, "exec") is _intrinsic["exec"]
        and not shim.has_own(this, "flags")
        and not shim.has_own(this, "global")
        and not shim.has_own(this, "unicode")
        and shim.get_prototype(this) is RegExp.prototype
    )


def _refuse(this: Any, name: str) -> Any:
    return TypeError(
        f"Method RegExp.prototype.{name} called on incompatible receiver {show(this)}"
    )


class _RegExpPrototype:
    def exec(this: Any, text: Any) -> Any:
        if not isinstance(this, RegExp):
            raise _refuse(this, "exec")
        return builtin_exec(this, text if type(text) is str else shim.to_string(text))

    @getter
    def flags(this: Any) -> str:
        if not is_object(this):
            raise TypeError(
                "RegExp.prototype.flags getter called on non-object " + show(this)
            )
        names = _FLAGS.items()
        return "".join(
            one for one, name in names if shim.to_boolean(shim.get(this, name))
        )

    @getter
    def source(this: Any) -> str:
        if isinstance(this, RegExp):
            return _escaped(this.__source__)
        if this is RegExp.prototype:
            return "(?:)"
        raise TypeError("RegExp.prototype.source getter called on non-RegExp object")

    def compile(this: Any, pattern: Any, flags: Any) -> Any:
        if not isinstance(this, RegExp):
            raise _refuse(this, "compile")
        if isinstance(pattern, RegExp):
            if flags is not None:
                raise TypeError("Invalid flags supplied to RegExp constructor")
            _replace(this, pattern.__source__, pattern.__flags__)
        else:
            _initialize(this, pattern, flags)
        return this

    def toString(this: Any) -> str:
        if not is_object(this):
            raise TypeError(
                "Method RegExp.prototype.toString called on incompatible receiver "
                + show(this)
            )
        source = shim.to_string(shim.get(this, "source"))
        return f"/{source}/{shim.to_string(shim.get(this, 'flags'))}"

    def test(this: Any, text: Any) -> bool:
        if not is_object(this):
            raise _refuse(this, "test")
        text = shim.to_string(text)
        if type(this) is RegExp and shim.get(this, "exec") is _intrinsic["exec"]:
            return find(this, text, length_in_units(text)) is not None
        return exec_with(this, text) is not shim.null


def _flag(name: str, letter: str) -> Callable[[Any], Any]:
    def get(this: Any) -> Any:
        if isinstance(this, RegExp):
            return letter in this.__flags__
        if this is RegExp.prototype:
            return None
        raise TypeError(f"RegExp.prototype.{name} getter called on non-RegExp object")

    return get


class _RegExpStatics:
    def escape(text: Any) -> str:
        if not isinstance(text, str):
            raise TypeError("Input to RegExp.escape must be a string")
        from napi.runtime.regexp_escape import escape

        return escape(text)


def _construct(new_target: Any, pattern: Any, flags: Any) -> Any:
    given_flags = flags
    if isinstance(pattern, RegExp):
        source: Any = pattern.__source__
        flags = pattern.__flags__ if flags is None else flags
    elif is_regexp(pattern):
        source = shim.get(pattern, "source")
        flags = shim.get(pattern, "flags") if flags is None else flags
    else:
        source = pattern
    del given_flags
    made = allocate(RegExp, new_target)
    _initialize(made, source, flags)
    return made


def _call(this: Any, pattern: Any, flags: Any) -> Any:
    if is_regexp(pattern) and flags is None:
        maker = shim.get(pattern, "constructor")
        if maker is RegExp:
            return pattern
    return _construct(RegExp, pattern, flags)


def _publish() -> None:
    from napi.runtime.regexp_symbol import _RegExpSymbols

    prototype = shim.Object()
    install(prototype, _RegExpPrototype)
    for letter, name in _FLAGS.items():
        accessor(prototype, name, _flag(name, letter))
    install(prototype, _RegExpSymbols)
    _intrinsic["exec"] = shim.get(prototype, "exec")
    publish(
        RegExp,
        length=2,
        call=_call,
        construct=_construct,
        prototype=prototype,
        members=_RegExpStatics,
    )
    from napi.runtime.regexp_legacy import add_legacy

    add_legacy(RegExp)
    accessor(RegExp, shim.Symbol.species, lambda this: this, None, "[Symbol.species]")


_publish()
