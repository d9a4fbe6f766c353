"""What String's methods ask of a RegExp (ECMA-262, chapter 22.2.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from napi._native import shim
from napi.runtime.builtin import symbol
from napi.runtime.coerce import (
    is_callable,
    is_object,
    show,
    species,
    to_integer,
    to_length,
)
from napi.runtime.error import TypeError
from napi.runtime.jsiterator import JSIterator
from napi.runtime.substitute import substitute
from napi.runtime.utf16 import join, split

__all__ = ["_RegExpSymbols"]


def _home() -> Any:
    from napi.runtime import regexp

    return regexp


def _need(this: Any, name: str) -> None:
    if not is_object(this):
        raise TypeError(
            f"Method RegExp.prototype.@@{name} called on incompatible receiver "
            + show(this)
        )


def _all_spans(this: Any, text: str) -> Iterator[Any]:
    """Each match of a pristine RegExp with the flag g."""
    home = _home()
    flags, matcher = this.__flags__, this.__matcher__
    length, at = home.length_in_units(text), 0
    sticky, unicode = "y" in flags, matcher.unicode
    shim.put(this, "lastIndex", 0)
    while at <= length:
        spans = matcher.find(text, at, sticky)
        if spans is None:
            return
        home.last_match[:] = (text, spans)
        yield spans
        begin, at = spans[0]
        if at == begin:
            at = home.advance(text, at, unicode)


def _scan(this: Any, text: str) -> list[re.Match[str]] | None:
    """The same where Python finds them all; ``None``: it does not."""
    if "y" in this.__flags__ or (found := this.__matcher__.scan(text)) is None:
        return None
    shim.put(this, "lastIndex", 0)
    matches: list[re.Match[str]] = list(found)
    if matches:
        _home().last_match[:] = (text, list(matches[-1].regs))
    return matches


def _results(this: Any, text: str, flags: str) -> Iterator[Any]:
    """Each result of a global search, by the object's own ``exec``."""
    home = _home()
    unicode = "u" in flags or "v" in flags
    shim.put(this, "lastIndex", 0)
    while (result := home.exec_with(this, text)) is not shim.null:
        yield result
        if not shim.to_string(shim.get(result, "0")):
            last = to_length(shim.get(this, "lastIndex"))
            shim.put(this, "lastIndex", home.advance(text, last, unicode))


def _match_iterator(matcher: Any, text: str, every: bool, unicode: bool) -> Any:
    home = _home()

    def steps() -> Iterator[Any]:
        while (result := home.exec_with(matcher, text)) is not shim.null:
            if every and not shim.to_string(shim.get(result, "0")):
                last = to_length(shim.get(matcher, "lastIndex"))
                shim.put(matcher, "lastIndex", home.advance(text, last, unicode))
            yield result
            if not every:
                return

    return JSIterator(steps(), "RegExp String Iterator")


class _RegExpSymbols:
    @symbol("match")
    def match(this: Any, text: Any) -> Any:
        _need(this, "match")
        home, text = _home(), shim.to_string(text)
        if home.is_pristine(this) and "g" in this.__flags__:
            if (scanned := _scan(this, text)) is not None:
                whole = [one[0] for one in scanned]
                return shim.Array(whole) if whole else shim.null
            units = text if text.isascii() else split(text)
            spans = [one[0] for one in _all_spans(this, text)]
            if not spans:
                return shim.null
            return shim.Array([join(units[a:b]) for a, b in spans])
        flags = shim.to_string(shim.get(this, "flags"))
        if "g" not in flags:
            return home.exec_with(this, text)
        found = [
            shim.to_string(shim.get(one, "0")) for one in _results(this, text, flags)
        ]
        return shim.Array(found) if found else shim.null

    @symbol("matchAll")
    def matchAll(this: Any, text: Any) -> Any:
        _need(this, "matchAll")
        home, text = _home(), shim.to_string(text)
        maker = species(this, home.RegExp)
        flags = shim.to_string(shim.get(this, "flags"))
        matcher = shim.construct(maker, this, flags)
        shim.put(matcher, "lastIndex", to_length(shim.get(this, "lastIndex")))
        unicode = "u" in flags or "v" in flags
        return _match_iterator(matcher, text, "g" in flags, unicode)

    @symbol("replace")
    def replace(this: Any, text: Any, replacement: Any) -> str:
        _need(this, "replace")
        text = shim.to_string(text)
        template = None
        if not is_callable(replacement):
            template = shim.to_string(replacement)
        if _home().is_pristine(this):
            return _replace_fast(this, text, template, replacement)
        return _replace_slow(this, text, template, replacement)

    @symbol("search")
    def search(this: Any, text: Any) -> Any:
        _need(this, "search")
        text = shim.to_string(text)
        from napi.runtime.coerce import same_value

        before = shim.get(this, "lastIndex")
        if not same_value(before, 0):
            shim.put(this, "lastIndex", 0)
        result = _home().exec_with(this, text)
        if not same_value(shim.get(this, "lastIndex"), before):
            shim.put(this, "lastIndex", before)
        return -1 if result is shim.null else shim.get(result, "index")

    @symbol("split")
    def split(this: Any, text: Any, limit: Any) -> Any:
        _need(this, "split")
        home, text = _home(), shim.to_string(text)
        maker = species(this, home.RegExp)
        if maker is home.RegExp and home.is_pristine(this):
            most = _limit(limit)
            return _split_fast(this, text, most)
        flags = shim.to_string(shim.get(this, "flags"))
        sticky = flags if "y" in flags else flags + "y"
        splitter = shim.construct(maker, this, sticky)
        most = _limit(limit)
        unicode = "u" in flags or "v" in flags
        return _split_slow(splitter, text, most, unicode)


def _limit(limit: Any) -> int:
    if limit is None:
        return 2**32 - 1
    number = to_integer(limit)
    return int(number) & 0xFFFFFFFF if abs(number) != float("inf") else 0


def _replace_scanned(text: str, found: list[re.Match[str]], act: Any) -> str:
    """Replaces by what a function answers; the pattern has no named groups."""
    parts: list[str] = []
    done = 0
    for one in found:
        begin, end = one.span()
        parts.append(text[done:begin])
        done = end
        value = shim.call(act, None, one[0], *one.groups(), begin, text)
        parts.append(value if type(value) is str else shim.to_string(value))
    parts.append(text[done:])
    return join("".join(parts))


def _replace_fast(this: Any, text: str, template: str | None, act: Any) -> str:
    home = _home()
    if template is None and "g" in this.__flags__ and not this.__matcher__.names:
        scanned = _scan(this, text)
        if scanned is not None:
            return _replace_scanned(text, scanned, act) if scanned else text
    length = home.length_in_units(text)
    if "g" in this.__flags__:
        found = list(_all_spans(this, text))
    else:
        spans = home.find(this, text, length)
        found = [] if spans is None else [spans]
    if not found:
        return text
    units = text if length == len(text) else split(text)
    names = this.__matcher__.names
    plain = template is not None and "$" not in template
    parts: list[Any] = []
    done = 0
    for spans in found:
        begin, end = spans[0]
        parts.append(units[done:begin])
        done = end
        if plain and template is not None:
            parts.append(template)
            continue
        pieces = [None if a < 0 else join(units[a:b]) for a, b in spans]
        groups = home._groups(this.__matcher__, pieces) if names else None
        if template is None:
            extra = (groups,) if names else ()
            value = shim.call(act, None, *pieces, begin, text, *extra)
            parts.append(value if type(value) is str else shim.to_string(value))
        else:
            parts.append(substitute(template, units, begin, end, pieces, groups))
    parts.append(units[done:])
    return join("".join(parts))


def _replace_slow(this: Any, text: str, template: str | None, act: Any) -> str:
    flags = shim.to_string(shim.get(this, "flags"))
    if "g" in flags:
        results = list(_results(this, text, flags))
    else:
        result = _home().exec_with(this, text)
        results = [] if result is shim.null else [result]
    units, parts, done = split(text), "", 0
    for result in results:
        count = max(to_length(shim.get(result, "length")) - 1, 0)
        matched = shim.to_string(shim.get(result, "0"))
        position = to_integer(shim.get(result, "index"))
        position = int(max(min(position, len(units)), 0))
        captures: list[Any] = [matched]
        for number in range(1, count + 1):
            value = shim.get(result, str(number))
            captures.append(None if value is None else shim.to_string(value))
        groups = shim.get(result, "groups")
        if template is None:
            extra = () if groups is None else (groups,)
            new = shim.to_string(
                shim.call(act, None, *captures, position, text, *extra)
            )
        else:
            if groups is not None:
                groups = shim.to_object(groups)
            end = min(position + len(split(matched)), len(units))
            new = substitute(template, units, position, end, captures, groups)
        if position >= done:
            parts += units[done:position] + new
            done = position + len(split(matched))
    return join(parts + units[done:])


def _split_fast(this: Any, text: str, most: int) -> Any:
    home, matcher = _home(), this.__matcher__
    if not most:
        return shim.Array()
    units = split(text)
    length = len(units)
    if not length:
        found = matcher.find(text, 0, True)
        return shim.Array() if found is not None else shim.Array((text,))
    parts: list[Any] = []
    done = at = 0
    while at < length:
        spans = matcher.find(text, at, False)
        if spans is None or spans[0][0] >= length:
            break
        begin, end = spans[0]
        if end == done:
            at = home.advance(text, max(at, begin), matcher.unicode)
            continue
        parts.append(join(units[done:begin]))
        if len(parts) == most:
            return shim.Array(parts)
        done = end
        for a, b in spans[1:]:
            parts.append(None if a < 0 else join(units[a:b]))
            if len(parts) == most:
                return shim.Array(parts)
        at = home.advance(text, end, matcher.unicode) if end == begin else end
    parts.append(join(units[done:]))
    return shim.Array(parts)


def _split_slow(splitter: Any, text: str, most: int, unicode: bool) -> Any:
    home, result = _home(), shim.Array()
    if not most:
        return result
    units = split(text)
    if not units:
        if home.exec_with(splitter, text) is shim.null:
            result.append(text)
        return result
    done = at = 0
    while at < len(units):
        shim.put(splitter, "lastIndex", at)
        found = home.exec_with(splitter, text)
        end = 0
        if found is not shim.null:
            end = min(to_length(shim.get(splitter, "lastIndex")), len(units))
        if found is shim.null or end == done:
            at = home.advance(text, at, unicode)
            continue
        result.append(join(units[done:at]))
        if len(result) == most:
            return result
        done = end
        count = max(to_length(shim.get(found, "length")) - 1, 0)
        for number in range(1, count + 1):
            result.append(shim.get(found, str(number)))
            if len(result) == most:
                return result
        at = done
    result.append(join(units[done:]))
    return result
