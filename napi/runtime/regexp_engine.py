"""Finding matches: :mod:`re` where it agrees with JavaScript, else ``regress``."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

from napi.runtime.error import Error, SyntaxError
from napi.runtime.regexp_parse import Bad, Pattern, parse
from napi.runtime.utf16 import join, split

__all__ = ["Matcher", "Spans", "compiled"]

Spans = list[tuple[int, int]]
"""Where each group is, in UTF-16 units; (-1, -1): it took no part."""


class Matcher:
    """A compiled pattern.

    Attributes:
        groups: The number of capture groups.
        names: Each group name and the groups that have it.
    """

    def __init__(self, source: str, flags: str, pattern: Pattern) -> None:
        self.source, self.flags, self.pattern = source, flags, pattern
        self.groups = pattern.groups
        self.names = pattern.names
        self.unicode = "u" in flags or "v" in flags
        self._re: re.Pattern[str] | None = None
        self._other: _Regress | None = None

    def _prepare(self) -> None:
        bits = 0
        if "i" in self.flags:
            bits |= re.IGNORECASE
        if not self.pattern.wide:
            bits |= re.ASCII
        if self.unicode and bits & re.IGNORECASE:
            bits &= ~re.ASCII
        if self.pattern.exact:
            try:
                self._re = re.compile(self.pattern.text, bits)
                return
            except (re.error, OverflowError):
                pass  # lookbehind of several widths
        self._other = _Regress(self)

    def scan(self, text: str) -> Iterator[re.Match[str]] | None:
        """All matches of a text, one after the other.

        Args:
            text: The text.

        Returns:
            ``None`` where indices of Python's are not those of JavaScript, or where
            Python's own engine cannot serve.
        """
        if self._re is None and self._other is None:
            self._prepare()
        if self._re is None or not text.isascii():
            return None
        return self._re.finditer(text)

    def find(self, text: str, start: int, sticky: bool) -> Spans | None:
        """The first match from an index on.

        Args:
            text: The text, as JavaScript has it.
            start: Where to begin, in UTF-16 units.
            sticky: Only there.
        """
        if self._re is None and self._other is None:
            self._prepare()
        if self._re is None:
            assert self._other is not None
            return self._other.find(text, start, sticky)
        search = self._re.match if sticky else self._re.search
        if text.isascii():
            found = search(text, start)
            return None if found is None else list(found.regs)
        if self.unicode:
            return _find_points(search, text, start)
        found = search(split(text), start)
        return None if found is None else list(found.regs)


def _map(text: str) -> list[int] | None:
    """The UTF-16 index of each character; ``None``: they are the same."""
    if max(text, default="") < "\U00010000":
        return None
    offsets, at = [], 0
    for letter in text:
        offsets.append(at)
        at += 1 + (letter > "\uffff")
    return [*offsets, at]


def _find_points(
    search: Callable[..., re.Match[str] | None], text: str, start: int
) -> Spans | None:
    offsets = _map(text)
    if offsets is None:
        found = search(text, start)
        return None if found is None else list(found.regs)
    # Between the halves of a pair begins the pair.
    index = bisect_left(offsets, start)
    if index == len(offsets) or offsets[index] != start:
        index -= 1
    found = search(text, index)
    if found is None:
        return None
    return [(-1, -1) if a < 0 else (offsets[a], offsets[b]) for a, b in found.regs]


class _Regress:
    """The other engine: complete, but it only starts at the beginning of a text."""

    def __init__(self, matcher: Matcher) -> None:
        try:
            import regress
        except ImportError:
            raise Error(
                f"the pattern /{matcher.source}/ needs the package regress: "
                "pip install napi[js]"
            ) from None
        self._module = regress
        self.matcher = matcher
        self.flags = "".join(one for one in matcher.flags if one in "imsuv")
        self._context = matcher.pattern.context or "\\b" in matcher.source.lower()
        self._plain = self._compile(matcher.source)
        self._stuck: Any = None

    def _compile(self, source: str) -> Any:
        try:
            return self._module.Regex(_encodable(source), self.flags)
        except self._module.RegressError as error:
            raise SyntaxError(
                f"Invalid regular expression: /{self.matcher.source}/"
                f"{self.matcher.flags}: {error}"
            ) from None

    def find(self, text: str, start: int, sticky: bool) -> Spans | None:
        points = join(text) if self.matcher.unicode else split(text)
        whole = _encodable(points)
        # Without the flag u each half of a pair is a character of its own.
        offsets = _map(points) if self.matcher.unicode else None
        begin = start
        if offsets is not None:
            begin = bisect_left(offsets, start)
        regex, base = self._plain, 0
        if begin and not self._context:
            whole_part, base = whole[begin:], begin
        else:
            whole_part = whole
        if sticky or (begin and self._context):
            regex = self._placed(0 if base == begin else begin, sticky)
        found = regex.find(whole_part)
        if found is None:
            return None
        return self._spans(found, whole_part, base, offsets)

    def _placed(self, index: int, sticky: bool) -> Any:
        """The pattern where it must begin at, or not before, a character."""
        # (?<![^]) is the start of the text, whatever the flags.
        count = f"{{{index}}}" if sticky else f"{{{index},}}"
        source = self.matcher.source
        any_ = "[\\s\\S]"
        return _placed(
            self._module.Regex,
            f"(?<=(?<!{any_}){any_}{count})(?:{_encodable(source)})",
            self.flags,
        )

    def _spans(
        self, found: Any, text: str, base: int, offsets: list[int] | None
    ) -> Spans:
        pieces = [found.group(index) for index in range(self.matcher.groups + 1)]
        if text.isascii():
            spans = [
                (-1, -1) if one is None else (one.start + base, one.stop + base)
                for one in pieces
            ]
        else:
            places = _byte_offsets(text)
            spans = [
                (-1, -1)
                if one is None
                else (
                    bisect_left(places, one.start) + base,
                    bisect_left(places, one.stop) + base,
                )
                for one in pieces
            ]
        if offsets is None:
            return spans
        return [(a, b) if a < 0 else (offsets[a], offsets[b]) for a, b in spans]


@functools.lru_cache(64)
def _placed(make: Callable[[str, str], Any], source: str, flags: str) -> Any:
    return make(source, flags)


@functools.lru_cache(4)
def _byte_offsets(text: str) -> list[int]:
    """Where each character begins in UTF-8."""
    offsets, at = [], 0
    for letter in text:
        offsets.append(at)
        code = ord(letter)
        at += 1 + (code > 0x7F) + (code > 0x7FF) + (code > 0xFFFF)
    return [*offsets, at]


def _encodable(text: str) -> str:
    """UTF-8 has no lone halves: each becomes a character of private use."""
    if text.isascii():
        return text
    return "".join(
        chr(ord(one) - 0xD800 + 0xF0000) if "\ud800" <= one <= "\udfff" else one
        for one in text
    )


@functools.lru_cache(512)
def compiled(source: str, flags: str) -> Matcher:
    """The matcher of a pattern; the same object for the same pattern.

    Raises:
        napi.SyntaxError: The pattern is not valid.
    """
    unicode = "u" in flags or "v" in flags
    text = join(source) if unicode else split(source)
    try:
        pattern = parse(text, flags)
    except Bad as error:
        raise SyntaxError(
            f"Invalid regular expression: /{source}/{flags}: {error}"
        ) from None
    return Matcher(text, flags, pattern)
